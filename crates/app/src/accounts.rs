//! Signing in, sessions, passwords, tokens.

use access::lockout::{Attempts, LockState};
use access::password::Verdict;
use access::password_rules::{NewPassword, REMEMBERED};
use access::session::{SessionFingerprint, SessionState, SessionTimes, SessionToken};
use access::totp::TotpSecret;
use access::{AccountKind, AccountRef, Actor, OpContext, RoleBinding};
use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use kernel::problem::Problem;
use sha2::{Digest, Sha256};
use store::accounts::{AccountRow, RoleRow};
use store::events::{self, NewEvent};
use store::sessions::SessionRow;
use store::{Tx, accounts, sessions};

use crate::App;

/// What came of a password.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in; this goes into the cookie.
    Done(SessionToken),
    /// The password is right; the one-time code is still to come. This goes into the cookie, and
    /// opens nothing but the page for the code.
    CodeNeeded(SessionToken),
}

/// A session as the account page lists it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// First half of its fingerprint: enough to name it, no use to open it.
    pub id: String,
    /// Browser, as it named itself.
    pub label: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last used.
    pub seen_at: Moment,
    /// Is it the one that asks?
    pub current: bool,
}

/// Who a cookie or token stands for.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The actor of the requests that come with it.
    pub actor: Actor,
    /// The session, if it is one.
    pub session: Option<SessionFingerprint>,
    /// The password was right but the code is missing.
    pub code_needed: bool,
    /// When the session ends unless it is used.
    pub ends_at: Option<Moment>,
    /// Scopes of an API token; empty for a session, which may do all that its account may.
    pub scopes: Vec<String>,
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
    let account = app
        .store()
        .read(move |tx| accounts::by_login(tx, &key))
        .await?;
    let attempts = match &account {
        Some(row) => attempts_of(row),
        None => app.unknown_logins().attempts(&login),
    };
    if let Some(error) = attempts.judge(ctx.now).error() {
        return Err(error);
    }
    let stored = account.as_ref().map(|row| row.password.clone());
    let typed = password.to_owned();
    let hasher = app.hasher();
    let verdict = tokio::task::spawn_blocking(move || match stored {
        Some(hash) => hasher.verify(&typed, &hash),
        None => hasher.verify_nobody(&typed),
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))?;
    let good = matches!(verdict, Verdict::Right { .. });
    match account {
        Some(row) if good && row.state == "active" => {
            let mfa_needed = row.totp.is_some();
            let token = open_session(app, ctx, &row, label, !mfa_needed, mfa_needed).await?;
            Ok(if mfa_needed {
                SignIn::CodeNeeded(token)
            } else {
                SignIn::Done(token)
            })
        }
        Some(row) => {
            let after = attempts.after_failure(&app.settings().lockout, ctx.now);
            record_failure(app, ctx, &row, after).await?;
            Err(locked_now(after, ctx.now).unwrap_or_else(wrong))
        }
        None => {
            let after = attempts.after_failure(&app.settings().lockout, ctx.now);
            app.unknown_logins().set(&login, after);
            Err(locked_now(after, ctx.now).unwrap_or_else(wrong))
        }
    }
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

async fn record_failure(
    app: &App,
    ctx: &OpContext,
    row: &AccountRow,
    after: Attempts,
) -> Result<()> {
    let (id, totp_step, last) = (row.id, row.totp_step, row.last_login_at);
    let now = ctx.now.micros();
    app.store()
        .write(move |tx| {
            let locked = after.locked_until.map(Moment::micros);
            accounts::set_login_state(tx, id, i64::from(after.failures), locked, totp_step, last);
            note(
                tx,
                id,
                now,
                if locked.is_some() {
                    "locked"
                } else {
                    "sign-in-failed"
                },
            );
            Ok(())
        })
        .await
}

fn note(tx: &mut Tx<'_>, account: i64, at: i64, kind: &str) {
    let event = NewEvent {
        at,
        stream: "account",
        stream_id: account,
        kind,
        actor: Some(account),
        body: "{}",
    };
    events::append(tx, &event);
}

async fn open_session(
    app: &App,
    ctx: &OpContext,
    row: &AccountRow,
    label: &str,
    complete: bool,
    code_needed: bool,
) -> Result<SessionToken> {
    let token = SessionToken::generate()?;
    let times = app
        .settings()
        .sessions
        .begin(kind_of(&row.kind), false, ctx.now);
    let longest = if code_needed {
        5
    } else {
        i64::from(times.longest_minutes)
    };
    let session = SessionRow {
        hash: token.fingerprint().0,
        account: row.id,
        created_at: ctx.now.micros(),
        seen_at: ctx.now.micros(),
        expires_at: ctx.now.plus_minutes(longest).micros(),
        mfa: complete && row.totp.is_some(),
        label: label.chars().take(80).collect(),
    };
    let (id, step) = (row.id, row.totp_step);
    let now = ctx.now.micros();
    app.store()
        .write(move |tx| {
            sessions::delete_expired(tx, now);
            sessions::insert(tx, &session);
            if complete {
                accounts::set_login_state(tx, id, 0, None, step, Some(now));
                note(tx, id, now, "signed-in");
            }
            Ok(())
        })
        .await?;
    Ok(token)
}

fn kind_of(text: &str) -> AccountKind {
    match text {
        "officer" => AccountKind::Officer,
        "service" => AccountKind::Service,
        _ => AccountKind::Citizen,
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
    let Some((session, account)) = found else {
        return Err(Error::expired(
            "Đã quá thời gian nhập mã. Ông/bà vui lòng đăng nhập lại.",
        ));
    };
    if session.expires_at < ctx.now.micros() {
        return Err(Error::expired(
            "Đã quá thời gian nhập mã. Ông/bà vui lòng đăng nhập lại.",
        ));
    }
    let attempts = attempts_of(&account);
    if let Some(error) = attempts.judge(ctx.now).error() {
        return Err(error);
    }
    let Some(step) = check_code(app, &account, code, ctx.now)? else {
        let after = attempts.after_failure(&app.settings().lockout, ctx.now);
        record_failure(app, ctx, &account, after).await?;
        return Err(locked_now(after, ctx.now).unwrap_or_else(wrong_code));
    };
    let mut account = account;
    account.totp_step = step;
    app.store()
        .write(move |tx| Ok(sessions::delete(tx, awaiting.0)))
        .await?;
    app.forget_session(awaiting);
    open_session(app, ctx, &account, &session.label, true, false).await
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
fn check_code(app: &App, account: &AccountRow, code: &str, now: Moment) -> Result<Option<i64>> {
    let Some(sealed) = &account.totp else {
        return Ok(None);
    };
    let secret = TotpSecret::from_bytes(app.open_secret(sealed, &totp_place(account.id))?)?;
    let last = u64::try_from(account.totp_step)
        .ok()
        .filter(|step| *step > 0);
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

/// Asks again for the one-time code before something weighty, such as signing.
///
/// # Errors
/// `Unauthenticated` when the code is wrong or was used before.
pub async fn confirm_code(app: &App, ctx: &OpContext, code: &str) -> Result<()> {
    let account = ctx
        .account()
        .ok_or_else(|| Error::new(kernel::ErrorCode::Unauthenticated))?;
    let id = account.id.raw();
    let row = app
        .store()
        .read(move |tx| accounts::by_id(tx, id))
        .await?
        .ok_or_else(|| Error::new(kernel::ErrorCode::Unauthenticated))?;
    let Some(step) = check_code(app, &row, code, ctx.now)? else {
        return Err(wrong_code());
    };
    app.store()
        .write(move |tx| {
            let locked = row.locked_until;
            accounts::set_login_state(tx, id, row.failures, locked, step, row.last_login_at);
            Ok(())
        })
        .await
}

/// Whom a session token stands for. Nobody, when it is unknown or past its time.
///
/// # Errors
/// When the database cannot be read.
pub async fn recognise_session(
    app: &App,
    token: &SessionToken,
    now: Moment,
) -> Result<Option<Recognised>> {
    let fingerprint = token.fingerprint();
    if let Some(known) = app.remembered_session(fingerprint, now) {
        return Ok(Some(known));
    }
    let found = app
        .store()
        .read(move |tx| {
            let Some(session) = sessions::by_hash(tx, fingerprint.0)? else {
                return Ok(None);
            };
            let Some(account) = accounts::by_id(tx, session.account)? else {
                return Ok(None);
            };
            let roles = accounts::roles(tx, account.id)?;
            Ok(Some((session, account, roles)))
        })
        .await?;
    let Some((session, account, roles)) = found else {
        return Ok(None);
    };
    if account.state != "active" || session.expires_at <= now.micros() {
        return Ok(None);
    }
    let rules = app.settings().sessions;
    let begun = rules.begin(
        kind_of(&account.kind),
        false,
        Moment::from_micros(session.created_at),
    );
    let times = SessionTimes {
        last_seen: Moment::from_micros(session.seen_at),
        ..begun
    };
    match times.judge(now) {
        SessionState::Live { touch } => {
            if touch {
                let at = now.micros();
                app.store()
                    .write(move |tx| Ok(sessions::touch(tx, fingerprint.0, at)))
                    .await?;
            }
        }
        SessionState::Idle | SessionState::TooOld => return Ok(None),
    }
    let code_needed = account.totp.is_some() && !session.mfa;
    let account = account_ref(&account, &roles, session.mfa)?;
    let recognised = Recognised {
        actor: if code_needed {
            Actor::Nobody
        } else {
            Actor::Account(account.clone())
        },
        session: Some(fingerprint),
        code_needed,
        ends_at: Some(
            SessionTimes {
                last_seen: now,
                ..times
            }
            .ends_at(),
        ),
        scopes: Vec::new(),
    };
    app.remember_session(fingerprint, &recognised, now);
    Ok(Some(recognised))
}

/// The account that waits for its code in this session, for the demonstration's hint.
///
/// # Errors
/// When the database cannot be read.
pub async fn awaiting_account(
    app: &App,
    fingerprint: SessionFingerprint,
) -> Result<Option<AccountId>> {
    let session = app
        .store()
        .read(move |tx| sessions::by_hash(tx, fingerprint.0))
        .await?;
    Ok(session.map(|session| AccountId::from_raw(session.account)))
}

/// Whom an API token stands for.
///
/// # Errors
/// When the database cannot be read.
pub async fn recognise_token(app: &App, token: &str, now: Moment) -> Result<Option<Recognised>> {
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let fingerprint = SessionFingerprint(hash);
    if let Some(known) = app.remembered_session(fingerprint, now) {
        return Ok(Some(known));
    }
    let at = now.micros();
    let found = app
        .store()
        .read(move |tx| {
            let Some((id, scopes)) = accounts::token(tx, hash, at)? else {
                return Ok(None);
            };
            let Some(account) = accounts::by_id(tx, id)? else {
                return Ok(None);
            };
            let roles = accounts::roles(tx, id)?;
            Ok(Some((account, roles, scopes)))
        })
        .await?;
    let Some((account, roles, scopes)) = found else {
        return Ok(None);
    };
    if account.state != "active" {
        return Ok(None);
    }
    // A token is made after a sign-in with both factors and stands for it.
    let mfa = account.totp.is_some();
    let recognised = Recognised {
        actor: Actor::Account(account_ref(&account, &roles, mfa)?),
        session: None,
        code_needed: false,
        ends_at: None,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
    };
    app.remember_session(fingerprint, &recognised, now);
    Ok(Some(recognised))
}

fn account_ref(row: &AccountRow, roles: &[RoleRow], mfa: bool) -> Result<AccountRef> {
    let roles = roles
        .iter()
        .map(|role| {
            let fault = |error: String| Error::internal(format!("role binding: {error}"));
            Ok(RoleBinding {
                role: role.role.clone(),
                unit: role.unit.parse().map_err(|_| fault("unit".to_owned()))?,
                from: role
                    .from_day
                    .parse()
                    .map_err(|e: jiff::Error| fault(e.to_string()))?,
                to: match &role.to_day {
                    Some(day) => Some(day.parse().map_err(|e: jiff::Error| fault(e.to_string()))?),
                    None => None,
                },
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(AccountRef {
        id: AccountId::from_raw(row.id),
        kind: kind_of(&row.kind),
        name: row.name.clone(),
        person_number: row
            .person_number
            .as_deref()
            .and_then(|number| number.parse().ok()),
        roles,
        mfa,
    })
}

/// Ends a session.
///
/// # Errors
/// When the database cannot be written.
pub async fn sign_out(app: &App, ctx: &OpContext, session: SessionFingerprint) -> Result<()> {
    app.forget_session(session);
    let account = ctx.account().map(|account| account.id.raw());
    let now = ctx.now.micros();
    app.store()
        .write(move |tx| {
            sessions::delete(tx, session.0);
            if let Some(account) = account {
                note(tx, account, now, "signed-out");
            }
            Ok(())
        })
        .await
}

/// The open sessions of the account that asks.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn open_sessions(
    app: &App,
    ctx: &OpContext,
    current: SessionFingerprint,
) -> Result<Vec<OpenSession>> {
    let account = signed_in(ctx)?.id.raw();
    let rows = app
        .store()
        .read(move |tx| sessions::of_account(tx, account))
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.expires_at > ctx.now.micros())
        .map(|row| OpenSession {
            id: session_id(&row.hash),
            label: row.label,
            created_at: Moment::from_micros(row.created_at),
            seen_at: Moment::from_micros(row.seen_at),
            current: row.hash == current.0,
        })
        .collect())
}

fn session_id(hash: &[u8; 32]) -> String {
    access::encoding::hex(hash.get(..16).unwrap_or_default())
}

/// Ends one session of one's own by its id, or all but the current one when no id is given.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in, `NotFound` when there is no such session.
pub async fn end_sessions(
    app: &App,
    ctx: &OpContext,
    current: SessionFingerprint,
    id: Option<String>,
) -> Result<()> {
    let account = signed_in(ctx)?.id.raw();
    let ended = app
        .store()
        .write(move |tx| {
            let Some(id) = id else {
                sessions::delete_others(tx, account, current.0);
                return Ok(Vec::new());
            };
            let found = sessions::of_account(tx, account)?
                .into_iter()
                .find(|row| session_id(&row.hash) == id)
                .ok_or_else(|| Error::new(kernel::ErrorCode::NotFound))?;
            sessions::delete(tx, found.hash);
            Ok(vec![found.hash])
        })
        .await?;
    for hash in ended {
        app.forget_session(SessionFingerprint(hash));
    }
    app.forget_sessions();
    Ok(())
}

/// Changes one's own password; every other session ends.
///
/// # Errors
/// `Invalid` with everything that speaks against the new password, or when the present one is wrong.
pub async fn change_password(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
    present: &str,
    new: &str,
    again: &str,
) -> Result<()> {
    let id = signed_in(ctx)?.id.raw();
    let found = app
        .store()
        .read(move |tx| {
            let old = accounts::old_passwords(tx, id, REMEMBERED as i64)?;
            Ok(accounts::by_id(tx, id)?.map(|row| (row, old)))
        })
        .await?;
    let Some((row, old)) = found else {
        return Err(Error::new(kernel::ErrorCode::NotFound));
    };
    let hasher = app.hasher();
    let (present, new, again) = (present.to_owned(), new.to_owned(), again.to_owned());
    let stored = row.password.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let mut problems = Vec::new();
        if hasher.verify(&present, &row.password) == Verdict::Wrong {
            let message = "Mật khẩu hiện tại chưa đúng. Ông/bà vui lòng nhập lại.";
            problems.push(Problem::new("password.present", "current", message));
        }
        let mut previous = vec![row.password.clone()];
        previous.extend(old);
        let candidate = NewPassword {
            text: &new,
            login: &row.login,
            name: &row.name,
            has_mfa: row.totp.is_some(),
            previous: &previous,
        };
        problems.extend(candidate.faults(&hasher).into_iter().map(|mut problem| {
            "new".clone_into(&mut problem.path);
            problem
        }));
        if new != again {
            let message = "Hai lần nhập mật khẩu mới chưa giống nhau. Ông/bà vui lòng nhập lại.";
            problems.push(Problem::new("password.again", "again", message));
        }
        if problems.is_empty() {
            Ok(hasher.hash(&new)?)
        } else {
            Err(Error::from(problems))
        }
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))??;
    let now = ctx.now.micros();
    app.store()
        .write(move |tx| {
            accounts::set_password(tx, id, &stored, &checked, now);
            sessions::delete_others(tx, id, session.0);
            note(tx, id, now, "password-changed");
            Ok(())
        })
        .await?;
    app.forget_sessions();
    Ok(())
}

/// The account that asks.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub fn signed_in(ctx: &OpContext) -> Result<&AccountRef> {
    ctx.account()
        .ok_or_else(|| Error::unauthenticated("Ông/bà cần đăng nhập để tiếp tục."))
}

/// The name with which the account that asks signs in, for its own page.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn own_login(app: &App, ctx: &OpContext) -> Result<String> {
    let id = signed_in(ctx)?.id.raw();
    let row = app.store().read(move |tx| accounts::by_id(tx, id)).await?;
    Ok(row.map(|row| row.login).unwrap_or_default())
}

/// Makes an API token for an account; shown once, kept as its hash.
///
/// # Errors
/// When the database cannot be written.
pub async fn make_token(
    app: &App,
    account: AccountId,
    name: &str,
    scopes: &str,
    now: Moment,
    days: i64,
) -> Result<String> {
    let token = SessionToken::generate()?.expose();
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let (name, scopes) = (name.to_owned(), scopes.to_owned());
    let (created, expires) = (now.micros(), now.plus_days(days).micros());
    app.store()
        .write(move |tx| {
            accounts::insert_token(tx, hash, account.raw(), &name, &scopes, created, expires);
            Ok(())
        })
        .await?;
    Ok(token)
}
