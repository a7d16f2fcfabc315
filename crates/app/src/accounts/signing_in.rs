//! Signing in: a password, and for officers a one-time code.

use access::lockout::{Attempts, LockState};
use access::password::Verdict;
use access::session::{SessionFingerprint, SessionToken};
use access::totp::TotpSecret;
use access::{AccountKind, OpContext};
use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use kernel::problem::Problem;
use store::accounts::AccountRow;
use store::sessions::SessionRow;
use store::{Tx, accounts, sessions};

use super::managing::{close_unused, unused_days};
use super::{account_ref, administers, kind_of, note, note_by};
use crate::App;

/// How long a session may await its code, in minutes.
const AWAITING_MINUTES: i64 = 5;

/// What came of a password.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in; this goes into the cookie.
    Done(SessionToken),
    /// The password is right; the one-time code is still to come. This goes into the cookie, and
    /// opens nothing but the page for the code.
    CodeNeeded(SessionToken),
}

fn wrong() -> Error {
    Error::unauthenticated(
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Ông/bà vui lòng kiểm tra rồi nhập lại.",
    )
    .with_problems(vec![Problem::new(
        "sign-in.wrong",
        "password",
        "Tên đăng nhập hoặc mật khẩu chưa đúng.",
    )])
}

/// Checks login and password, and opens a session.
///
/// # Errors
/// `Unauthenticated` when they do not match, `TooMany` when the login is locked. Neither the answer
/// nor its time tells whether the login exists.
pub async fn sign_in(
    app: &App,
    ctx: &OpContext,
    login: &str,
    password: &str,
    label: &str,
) -> Result<SignIn> {
    let login = login.trim().to_lowercase();
    let key = login.clone();
    let account = app.store().read(move |tx| accounts::by_login(tx, &key)).await?;
    let attempts = match &account {
        Some(row) => attempts_of(row),
        None => app.unknown_logins().attempts(&login),
    };
    if let Some(error) = attempts.judge(ctx.now).error() {
        return Err(error);
    }
    let verdict = verify(app, account.as_ref(), password).await?;
    match (account, verdict) {
        (Some(row), Verdict::Right { outdated }) => {
            refuse_closed(app, ctx, &row).await?;
            if outdated {
                renew_hash(app, &row, password).await?;
            }
            if row.totp.is_some() {
                let token = await_code(app, ctx, &row, label).await?;
                return Ok(SignIn::CodeNeeded(token));
            }
            let opened = open(app, ctx, &row, label, None).await?;
            opened.map(SignIn::Done).ok_or_else(wrong)
        }
        (Some(row), Verdict::Wrong) => Err(failed(app, ctx, row.id, wrong).await?),
        (None, _) => Err(failed_unknown(app, ctx, &login).await?),
    }
}

/// An account that nobody may sign in to says so, kindly, to whoever knows its password. One unused for
/// too long is disabled here too, should house-keeping not have come round.
async fn refuse_closed(app: &App, ctx: &OpContext, row: &AccountRow) -> Result<()> {
    match row.state.as_str() {
        "active" => {}
        "unused" => return Err(unused(app, row)),
        _ => {
            return Err(Error::forbidden(
                "Tài khoản này đã ngừng sử dụng. Ông/bà liên hệ quản trị viên của đơn vị nếu cần mở \
                 lại.",
            )
            .because("account disabled"));
        }
    }
    let days = unused_days(app, &row.kind);
    if days == 0 || app.settings().demo {
        return Ok(());
    }
    let (id, now) = (row.id, ctx.now);
    let since = now.plus_days(-i64::from(days)).micros();
    let is_citizen = kind_of(&row.kind) == AccountKind::Citizen;
    let last = [row.created_at, row.password_at, row.last_login_at.unwrap_or(0)];
    if last.into_iter().any(|at| at > since) {
        return Ok(());
    }
    let closed = app
        .store()
        .write(move |tx| {
            let is_unused = accounts::unused(tx, is_citizen, since)?.contains(&id);
            if is_unused {
                close_unused(tx, id, now.micros());
            }
            Ok(is_unused)
        })
        .await?;
    if closed { Err(unused(app, row)) } else { Ok(()) }
}

fn unused(app: &App, row: &AccountRow) -> Error {
    let days = unused_days(app, &row.kind);
    Error::forbidden(format!(
        "Tài khoản của ông/bà đã tạm ngừng vì hơn {days} ngày không được sử dụng, theo quy định về an \
         toàn. Mọi dữ liệu vẫn còn nguyên; ông/bà đề nghị quản trị viên của đơn vị mở lại."
    ))
    .because("account unused")
}

async fn verify(app: &App, account: Option<&AccountRow>, password: &str) -> Result<Verdict> {
    let stored = account.map(|row| row.password.clone());
    let typed = password.to_owned();
    app.with_hasher(move |hasher| match stored {
        Some(hash) => hasher.verify(&typed, &hash),
        None => hasher.verify_nobody(&typed),
    })
    .await
}

/// Counts a failure of a login that does not exist, as that of one that does: at once, so that of
/// guesses sent together each counts, and with a commit, so that the time tells nothing.
async fn failed_unknown(app: &App, ctx: &OpContext, login: &str) -> Result<Error> {
    let (before, after) = app.unknown_logins().fail(login, &app.settings().lockout, ctx.now);
    let now = ctx.now.micros();
    let kind = failure_kind(after);
    if before != after {
        app.store().write(move |tx| Ok(note_by(tx, NOBODY, None, now, kind))).await?;
    }
    Ok(locked_now(after, ctx.now).unwrap_or_else(wrong))
}

/// In the journal: an account that does not exist.
const NOBODY: i64 = 0;

fn failure_kind(after: Attempts) -> &'static str {
    if after.locked_until.is_some() { "locked" } else { "sign-in-failed" }
}

/// Stores a hash of today's cost in place of an older one, now that the password is at hand.
async fn renew_hash(app: &App, row: &AccountRow, password: &str) -> Result<()> {
    let (id, old, typed) = (row.id, row.password.clone(), password.to_owned());
    let new = app.with_hasher(move |hasher| hasher.hash(&typed)).await??;
    app.store().write(move |tx| accounts::renew_password_hash(tx, id, &old, &new)).await
}

fn locked_now(after: Attempts, now: Moment) -> Option<Error> {
    match after.judge(now) {
        LockState::Open => None,
        locked @ LockState::LockedUntil(_) => locked.error(),
    }
}

fn attempts_of(row: &AccountRow) -> Attempts {
    Attempts {
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
        locked_until: row.locked_until.map(Moment::from_micros),
    }
}

/// Goes on unless the account is locked.
pub(super) fn refuse_locked(row: &AccountRow, now: Moment) -> Result<()> {
    attempts_of(row).judge(now).error().map_or(Ok(()), Err)
}

/// Counts a failure and says what the person reads.
async fn failed(app: &App, ctx: &OpContext, id: i64, wrong: fn() -> Error) -> Result<Error> {
    Ok(count_failure(app, ctx, id).await?.unwrap_or_else(wrong))
}

/// Counts a failure; the error, if the account is locked now. It is counted within the transaction, so
/// that of guesses sent at once each counts.
pub(super) async fn count_failure(app: &App, ctx: &OpContext, id: i64) -> Result<Option<Error>> {
    let (rules, now) = (app.settings().lockout, ctx.now);
    let after = app
        .store()
        .write(move |tx| {
            let Some(row) = accounts::by_id(tx, id)? else {
                return Ok(Attempts::default());
            };
            let before = attempts_of(&row);
            let after = before.after_failure(&rules, now);
            if before == after {
                return Ok(after);
            }
            let locked = after.locked_until.map(Moment::micros);
            let (step, last) = (row.totp_step, row.last_login_at);
            accounts::set_login_state(tx, id, i64::from(after.failures), locked, step, last);
            note(tx, id, now.micros(), failure_kind(after));
            Ok(after)
        })
        .await?;
    Ok(locked_now(after, now))
}

/// A session that opens nothing but the page for the code.
async fn await_code(
    app: &App,
    ctx: &OpContext,
    row: &AccountRow,
    label: &str,
) -> Result<SessionToken> {
    let token = SessionToken::generate()?;
    let session = session_row(&token, row, label, ctx.now, AWAITING_MINUTES, false);
    let now = ctx.now;
    app.store()
        .write(move |tx| {
            still_open(tx, session.account, now)?;
            sessions::delete_expired(tx, now.micros());
            sessions::insert(tx, &session);
            Ok(())
        })
        .await?;
    Ok(token)
}

/// The account as it is within the transaction: neither locked by guesses that were sent at the same
/// time, nor disabled since its password was looked at.
fn still_open(tx: &mut Tx<'_>, id: i64, now: Moment) -> Result<AccountRow> {
    let row = accounts::by_id(tx, id)?.filter(|row| row.state == "active").ok_or_else(wrong)?;
    refuse_locked(&row, now)?;
    Ok(row)
}

/// A code that was found right, and the session that awaited it.
struct Code {
    step: i64,
    awaiting: SessionFingerprint,
}

/// Opens a session. With a code, the code is used up and the waiting session ended in the same
/// transaction: none when another request was first.
async fn open(
    app: &App,
    ctx: &OpContext,
    row: &AccountRow,
    label: &str,
    code: Option<Code>,
) -> Result<Option<SessionToken>> {
    let token = SessionToken::generate()?;
    let (id, now) = (row.id, ctx.now);
    let roles = app.store().read(move |tx| accounts::roles(tx, id)).await?;
    let account = account_ref(row, &roles, code.is_some())?;
    let administers = administers(app, &account, now);
    let times = app.settings().sessions.begin(account.kind, administers, now);
    let longest = i64::from(times.longest_minutes);
    let session = session_row(&token, row, label, now, longest, code.is_some());
    let opened = app
        .store()
        .write(move |tx| {
            let row = still_open(tx, id, now)?;
            if let Some(code) = &code
                && !use_code(tx, id, code)?
            {
                return Ok(false);
            }
            let step = code.map_or(row.totp_step, |code| code.step);
            sessions::delete_expired(tx, now.micros());
            sessions::insert(tx, &session);
            accounts::set_login_state(tx, id, 0, None, step, Some(now.micros()));
            note(tx, id, now.micros(), "signed-in");
            Ok(true)
        })
        .await?;
    Ok(opened.then_some(token))
}

/// Uses a code up, once; false when it or the waiting session is gone.
fn use_code(tx: &mut Tx<'_>, account: i64, code: &Code) -> Result<bool> {
    let waits = sessions::by_hash(tx, code.awaiting.0)?.is_some();
    if !waits || !accounts::use_totp_step(tx, account, code.step)? {
        return Ok(false);
    }
    sessions::delete(tx, code.awaiting.0);
    Ok(true)
}

fn session_row(
    token: &SessionToken,
    row: &AccountRow,
    label: &str,
    now: Moment,
    longest_minutes: i64,
    mfa: bool,
) -> SessionRow {
    SessionRow {
        hash: token.fingerprint().0,
        account: row.id,
        created_at: now.micros(),
        seen_at: now.micros(),
        expires_at: now.plus_minutes(longest_minutes).micros(),
        mfa,
        label: label.chars().take(80).collect(),
    }
}

/// Checks the one-time code of a session that awaits it and opens the real one: a new token, so
/// that one planted earlier is worth nothing.
///
/// # Errors
/// `Unauthenticated` when the code is wrong, was used before, or the session is gone.
pub async fn give_code(
    app: &App,
    ctx: &OpContext,
    awaiting: SessionFingerprint,
    code: &str,
) -> Result<SessionToken> {
    let found = app
        .store()
        .read(move |tx| {
            let Some(session) = sessions::by_hash(tx, awaiting.0)? else {
                return Ok(None);
            };
            Ok(accounts::by_id(tx, session.account)?.map(|account| (session, account)))
        })
        .await?;
    let found = found.filter(|(session, _)| session.expires_at > ctx.now.micros());
    let (session, account) = found.ok_or_else(|| {
        Error::expired("Đã quá thời gian nhập mã. Ông/bà vui lòng đăng nhập lại.")
    })?;
    refuse_locked(&account, ctx.now)?;
    let opened = match check_code(app, &account, code, ctx.now)? {
        Some(step) => {
            let code = Code { step, awaiting };
            open(app, ctx, &account, &session.label, Some(code)).await?
        }
        None => None,
    };
    match opened {
        Some(token) => {
            app.forget_session(awaiting);
            Ok(token)
        }
        None => Err(failed(app, ctx, account.id, wrong_code).await?),
    }
}

fn wrong_code() -> Error {
    let message =
        "Mã xác thực chưa đúng hoặc đã dùng. Ông/bà chờ mã mới trên ứng dụng rồi nhập lại.";
    Error::unauthenticated(message).with_problems(vec![Problem::new(
        "sign-in.code",
        "code",
        message,
    )])
}

/// The step of a right and unused code.
pub(super) fn check_code(
    app: &App,
    account: &AccountRow,
    code: &str,
    now: Moment,
) -> Result<Option<i64>> {
    let Some(sealed) = &account.totp else {
        return Ok(None);
    };
    let secret = TotpSecret::from_bytes(app.open_secret(sealed, &totp_place(account.id))?)?;
    let last = u64::try_from(account.totp_step).ok().filter(|step| *step > 0);
    let step = secret.verify(code.trim(), now, last);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Where a sealed secret belongs: it cannot be moved to another account.
pub(crate) fn totp_place(account: i64) -> String {
    format!("account.totp.{account}")
}

/// In a demonstration only: the code of an account that is valid now.
///
/// # Errors
/// When the database cannot be read.
pub async fn demo_code(app: &App, ctx: &OpContext, account: AccountId) -> Result<Option<String>> {
    if !app.settings().demo {
        return Ok(None);
    }
    let id = account.raw();
    let Some(row) = app.store().read(move |tx| accounts::by_id(tx, id)).await? else {
        return Ok(None);
    };
    let Some(sealed) = &row.totp else {
        return Ok(None);
    };
    let secret = TotpSecret::from_bytes(app.open_secret(sealed, &totp_place(row.id))?)?;
    Ok(Some(secret.code_at(ctx.now)))
}

/// Asks again for the one-time code before something weighty, such as signing. A wrong one counts as
/// a failed sign-in.
///
/// # Errors
/// `Unauthenticated` when the code is wrong or was used before, `TooMany` after too many wrong ones.
pub async fn confirm_code(app: &App, ctx: &OpContext, code: &str) -> Result<()> {
    let id = super::signed_in(ctx)?.id.raw();
    let row = app
        .store()
        .read(move |tx| accounts::by_id(tx, id))
        .await?
        .ok_or_else(|| Error::new(kernel::ErrorCode::Unauthenticated))?;
    refuse_locked(&row, ctx.now)?;
    let now = ctx.now.micros();
    let is_used = match check_code(app, &row, code, ctx.now)? {
        Some(step) => {
            app.store()
                .write(move |tx| {
                    let is_first = accounts::use_totp_step(tx, id, step)?;
                    if is_first {
                        note(tx, id, now, "code-confirmed");
                    }
                    Ok(is_first)
                })
                .await?
        }
        None => false,
    };
    if is_used { Ok(()) } else { Err(failed(app, ctx, id, wrong_code).await?) }
}

/// The account that waits for its code in this session, for the demonstration's hint.
///
/// # Errors
/// When the database cannot be read.
pub async fn awaiting_account(
    app: &App,
    fingerprint: SessionFingerprint,
) -> Result<Option<AccountId>> {
    let session = app.store().read(move |tx| sessions::by_hash(tx, fingerprint.0)).await?;
    Ok(session.map(|session| AccountId::from_raw(session.account)))
}
