//! API tokens: made with password and code, listed, ended.

use app::accounts::{ApiToken, SCOPES};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::error::{Error, ErrorCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Anyone, Body, Caller};
use crate::failure::ApiFailure;

/// What a token is asked with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    login: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    days: Option<i64>,
}

/// The scope that opens the list of one's own tokens and ends them.
const MANAGE: &str = "tokens:manage";

/// The tokens of the account, newest first; never their secrets.
pub(crate) async fn list(caller: Caller) -> Result<Json<Value>, ApiFailure> {
    caller.need(MANAGE)?;
    let tokens = app::accounts::tokens(caller.app(), &caller.ctx).await?;
    let items: Vec<Value> = tokens.iter().map(shown).collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

fn shown(token: &ApiToken) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.to_string(),
        "used_at": token.used_at.map(|at| at.to_string()),
    })
}

/// Ends a token of the account, also the one that asks.
pub(crate) async fn end(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiFailure> {
    caller.need(MANAGE)?;
    app::accounts::end_token(caller.app(), &caller.ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a token for whoever signs in with it; officers give their one-time code too. The answer is a
/// secret and is kept nowhere, so there is no idempotency key: a token whose answer was lost is ended.
pub(crate) async fn create(
    caller: Anyone,
    body: Body<NewToken>,
) -> Result<(StatusCode, Json<Value>), ApiFailure> {
    let (app, ctx) = (caller.state.app(), caller.ctx);
    if let Some(key) = ctx.address.rate_key()
        && caller.state.sign_ins().take(&key, ctx.now).is_err()
    {
        return Err(Error::new(ErrorCode::TooMany).into());
    }
    let new = body.value;
    let token = match app::accounts::sign_in(app, &ctx, &new.login, &new.password, "API").await? {
        app::accounts::SignIn::Done(token) => token,
        app::accounts::SignIn::CodeNeeded(token) => {
            app::accounts::give_code(app, &ctx, token.fingerprint(), &new.code).await?
        }
    };
    let known = app::accounts::recognise_session(app, &token, ctx.now).await?;
    if known.as_ref().is_some_and(|known| known.password_due) {
        app::accounts::sign_out(app, &ctx, token.fingerprint()).await?;
        return Err(app::accounts::password_due_first().into());
    }
    let account = known.and_then(|known| match known.actor {
        access::Actor::Account(account) => Some(account.id),
        access::Actor::Nobody | access::Actor::System => None,
    });
    let account = account.ok_or_else(|| Error::new(ErrorCode::Unauthenticated))?;
    app::accounts::sign_out(app, &ctx, token.fingerprint()).await?;
    let scopes: Vec<&str> = if new.scopes.is_empty() {
        SCOPES.to_vec()
    } else {
        SCOPES.into_iter().filter(|scope| new.scopes.iter().any(|s| s == scope)).collect()
    };
    let days = new.days.unwrap_or(30).clamp(1, 365);
    let name = if new.name.is_empty() { "API" } else { &new.name };
    let secret =
        app::accounts::make_token(app, account, name, &scopes.join(" "), ctx.now, days).await?;
    let expires = ctx.now.plus_days(days);
    let answer = json!({ "token": secret, "scopes": scopes, "expires_at": expires.to_string() });
    Ok((StatusCode::CREATED, Json(answer)))
}
