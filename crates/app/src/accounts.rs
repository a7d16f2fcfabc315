//! Signing in, sessions, passwords, tokens.

mod signing_in;

use access::password::Verdict;
use access::password_rules::{NewPassword, REMEMBERED};
use access::session::{SessionFingerprint, SessionState, SessionTimes, SessionToken};
use access::{AccountKind, AccountRef, Action, Actor, OpContext, Resource, RoleBinding};
use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use kernel::problem::Problem;
use sha2::{Digest, Sha256};
use store::accounts::{AccountRow, RoleRow};
use store::events::{self, NewEvent};
use store::{Tx, accounts, sessions};

pub(crate) use signing_in::totp_place;
pub use signing_in::{SignIn, awaiting_account, confirm_code, demo_code, give_code, sign_in};

use crate::App;

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

fn kind_of(text: &str) -> AccountKind {
    match text {
        "officer" => AccountKind::Officer,
        "service" => AccountKind::Service,
        _ => AccountKind::Citizen,
    }
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
    let code_needed = account.totp.is_some() && !session.mfa;
    let account = account_ref(&account, &roles, session.mfa)?;
    let begun = app.settings().sessions.begin(
        account.kind,
        administers(app, &account, now),
        Moment::from_micros(session.created_at),
    );
    let times = SessionTimes { last_seen: Moment::from_micros(session.seen_at), ..begun };
    match times.judge(now) {
        SessionState::Live { touch } => {
            if touch {
                let at = now.micros();
                app.store().write(move |tx| Ok(sessions::touch(tx, fingerprint.0, at))).await?;
            }
        }
        SessionState::Idle | SessionState::TooOld => return Ok(None),
    }
    let recognised = Recognised {
        actor: if code_needed { Actor::Nobody } else { Actor::Account(account.clone()) },
        session: Some(fingerprint),
        code_needed,
        ends_at: Some(SessionTimes { last_seen: now, ..times }.ends_at()),
        scopes: Vec::new(),
    };
    app.remember_session(fingerprint, &recognised, now);
    Ok(Some(recognised))
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

/// May the account manage accounts anywhere? Its sessions end sooner.
fn administers(app: &App, account: &AccountRef, now: Moment) -> bool {
    let ctx =
        OpContext { actor: Actor::Account(account.clone()), ..OpContext::system("session", now) };
    let manages = |binding: &RoleBinding| {
        let resource = Resource::Unit(&binding.unit);
        app.authorizer().allow(&ctx, Action::AccountManage, &resource).allowed
    };
    account.kind == AccountKind::Officer && ctx.bindings_in_force().any(manages)
}

fn account_ref(row: &AccountRow, roles: &[RoleRow], mfa: bool) -> Result<AccountRef> {
    let roles = roles
        .iter()
        .map(|role| {
            let fault = |error: String| Error::internal(format!("role binding: {error}"));
            Ok(RoleBinding {
                role: role.role.clone(),
                unit: role.unit.parse().map_err(|_| fault("unit".to_owned()))?,
                from: role.from_day.parse().map_err(|e: jiff::Error| fault(e.to_string()))?,
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
        person_number: row.person_number.as_deref().and_then(|number| number.parse().ok()),
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
    let rows = app.store().read(move |tx| sessions::of_account(tx, account)).await?;
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
        if problems.is_empty() { Ok(hasher.hash(&new)?) } else { Err(Error::from(problems)) }
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
    ctx.account().ok_or_else(|| Error::unauthenticated("Ông/bà cần đăng nhập để tiếp tục."))
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
