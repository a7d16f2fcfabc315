//! Accounts: who a session or a token stands for, one's own sessions; signing in, passwords, one-time
//! codes and tokens lie in the files beside this one.

mod managing;
mod passwords;
mod second_factor;
mod signing_in;
mod tokens;

use access::lockout::are_days_over;
use access::session::{SessionFingerprint, SessionState, SessionTimes, SessionToken};
use access::{AccountKind, AccountRef, Action, Actor, OpContext, Resource, RoleBinding};
use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use store::accounts::{AccountRow, RoleRow};
use store::events::{self, NewEvent};
use store::{Tx, accounts, sessions};

pub(crate) use managing::disable_unused;
pub use managing::{Listed, Made, NewPerson, add, disable, enable, list};
pub use passwords::{change_due_password, change_password};
pub use second_factor::{Offer, offer, switch_off, switch_on};
pub(crate) use signing_in::totp_place;
pub use signing_in::{SignIn, awaiting_account, confirm_code, demo_code, give_code, sign_in};
pub use tokens::{ApiToken, SCOPES, end_token, make_token, recognise_token, tokens};

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
    /// The password must be changed before anything else: the actor is nobody until then.
    pub password_due: bool,
    /// When the session ends unless it is used.
    pub ends_at: Option<Moment>,
    /// Scopes of an API token; empty for a session, which may do all that its account may.
    pub scopes: Vec<String>,
}

/// What somebody did to their own account.
fn note(tx: &mut Tx<'_>, account: i64, at: i64, kind: &str) {
    note_by(tx, account, Some(account), at, kind);
}

/// What somebody, or the program itself, did to an account.
fn note_by(tx: &mut Tx<'_>, account: i64, actor: Option<i64>, at: i64, kind: &str) {
    let event = NewEvent { at, stream: "account", stream_id: account, kind, actor, body: "{}" };
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
    let row = account;
    let account = account_ref(&row, &roles, session.mfa)?;
    let is_administrator = administers(app, &account, now);
    let created = Moment::from_micros(session.created_at);
    // A password grows old at the next sign-in, not in the middle of a form.
    let password_due = !code_needed && is_password_due(app, &row, is_administrator, created);
    let begun = app.settings().sessions.begin(account.kind, is_administrator, created);
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
        actor: if code_needed || password_due { Actor::Nobody } else { Actor::Account(account) },
        session: Some(fingerprint),
        code_needed,
        password_due,
        ends_at: Some(SessionTimes { last_seen: now, ..times }.ends_at()),
        scopes: Vec::new(),
    };
    app.remember_session(fingerprint, &recognised, now);
    Ok(Some(recognised))
}

/// Must the password be changed before anything else? Somebody else has seen it, or it is older than
/// the content lets the password of whoever manages accounts be. In a demonstration passwords are
/// public anyway.
fn is_password_due(app: &App, row: &AccountRow, administers: bool, now: Moment) -> bool {
    let days = app.content().settings.administrator_password_days;
    let set_at = Moment::from_micros(row.password_at);
    let is_old = administers && !app.settings().demo && are_days_over(days, set_at, now);
    row.password_due || is_old
}

/// What whoever must change the password first is told.
#[must_use]
pub fn password_due_first() -> Error {
    Error::forbidden(
        "Ông/bà cần đổi mật khẩu trước khi làm việc tiếp: mật khẩu hiện tại do người khác cấp hoặc \
         đã quá thời hạn. Ông/bà đăng nhập trên trang web để đổi.",
    )
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
            id: short_id(&row.hash),
            label: row.label,
            created_at: Moment::from_micros(row.created_at),
            seen_at: Moment::from_micros(row.seen_at),
            current: row.hash == current.0,
        })
        .collect())
}

/// First half of a hash: enough to name a session or a token, no use to open anything.
fn short_id(hash: &[u8; 32]) -> String {
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
                .find(|row| short_id(&row.hash) == id)
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
