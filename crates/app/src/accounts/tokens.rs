//! API tokens: made, recognised, listed, ended.

use access::session::{SessionFingerprint, SessionToken};
use access::{Actor, OpContext};
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use sha2::{Digest, Sha256};
use store::accounts;
use store::accounts::TokenRow;

use super::{
    Recognised, account_ref, administers, is_password_due, note, password_due_first, short_id,
    signed_in,
};
use crate::App;

/// What a token may be made for.
pub const SCOPES: [&str; 4] =
    ["dossiers:read", "dossiers:write", "registers:read", "tokens:manage"];

/// A use is written down when the last one written is older than this, in microseconds.
const TOUCH_MICROS: i64 = 3_600_000_000;

/// A token as its owner sees it: never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// First half of the hash of its secret: enough to name it, no use to open anything.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// When it was last used, to the hour; absent if never.
    pub used_at: Option<Moment>,
}

fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Whom an API token stands for; nobody, when it is unknown, ended, or its account is disabled.
///
/// # Errors
/// `Forbidden` when the password of its account must be changed first; when the database cannot be
/// read.
pub async fn recognise_token(app: &App, token: &str, now: Moment) -> Result<Option<Recognised>> {
    let hash = hash_of(token);
    let fingerprint = SessionFingerprint(hash);
    if let Some(known) = app.remembered_session(fingerprint, now) {
        return Ok(Some(known));
    }
    let found = app
        .store()
        .read(move |tx| {
            let Some(token) = accounts::token(tx, hash, now.micros())? else {
                return Ok(None);
            };
            let Some(account) = accounts::by_id(tx, token.account)? else {
                return Ok(None);
            };
            let roles = accounts::roles(tx, account.id)?;
            Ok(Some((token, account, roles)))
        })
        .await?;
    let Some((token, row, roles)) = found.filter(|(_, row, _)| row.state == "active") else {
        return Ok(None);
    };
    // A token is made after a sign-in with both factors and stands for it.
    let account = account_ref(&row, &roles, row.totp.is_some())?;
    if is_password_due(app, &row, administers(app, &account, now), now) {
        return Err(password_due_first());
    }
    if token.used_at.is_none_or(|at| now.micros() - at >= TOUCH_MICROS) {
        app.store().write(move |tx| Ok(accounts::touch_token(tx, hash, now.micros()))).await?;
    }
    let recognised = Recognised {
        actor: Actor::Account(account),
        session: None,
        code_needed: false,
        password_due: false,
        ends_at: None,
        scopes: scopes_of(&token),
    };
    app.remember_session(fingerprint, &recognised, now);
    Ok(Some(recognised))
}

fn scopes_of(row: &TokenRow) -> Vec<String> {
    row.scopes.split_whitespace().map(str::to_owned).collect()
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
    let row = TokenRow {
        hash: hash_of(&token),
        account: account.raw(),
        name: name.chars().take(80).collect(),
        scopes: scopes.to_owned(),
        created_at: now.micros(),
        expires_at: now.plus_days(days).micros(),
        used_at: None,
    };
    app.store()
        .write(move |tx| {
            accounts::insert_token(tx, &row);
            note(tx, row.account, row.created_at, "token-made");
            Ok(())
        })
        .await?;
    Ok(token)
}

/// The tokens of the account that asks, newest first.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn tokens(app: &App, ctx: &OpContext) -> Result<Vec<ApiToken>> {
    let (account, now) = (signed_in(ctx)?.id.raw(), ctx.now.micros());
    let rows = app.store().read(move |tx| accounts::tokens_of(tx, account, now)).await?;
    let shown = |row: TokenRow| ApiToken {
        id: short_id(&row.hash),
        scopes: scopes_of(&row),
        name: row.name,
        created_at: Moment::from_micros(row.created_at),
        expires_at: Moment::from_micros(row.expires_at),
        used_at: row.used_at.map(Moment::from_micros),
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Ends one of one's own tokens. Another process may still honour it for two seconds.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in, `NotFound` when there is no such token.
pub async fn end_token(app: &App, ctx: &OpContext, id: &str) -> Result<()> {
    let (account, now, id) = (signed_in(ctx)?.id.raw(), ctx.now.micros(), id.to_owned());
    let hash = app
        .store()
        .write(move |tx| {
            let found = accounts::tokens_of(tx, account, now)?
                .into_iter()
                .find(|row| short_id(&row.hash) == id)
                .ok_or_else(not_there)?;
            accounts::delete_token(tx, found.hash);
            note(tx, account, now, "token-ended");
            Ok(found.hash)
        })
        .await?;
    app.forget_session(SessionFingerprint(hash));
    Ok(())
}

fn not_there() -> Error {
    Error::new(ErrorCode::NotFound).because("no such token")
}
