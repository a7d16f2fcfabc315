//! Who calls the API: a token, its scopes, the language; and JSON read within limits.

use access::{Language, OpContext};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use kernel::error::{Error, ErrorCode, Result};
use kernel::problem::Problem;
use serde::de::DeserializeOwned;

use crate::failure::ApiFailure;
use crate::guard::{Client, RequestId};
use crate::state::WebState;

/// Longest body of a JSON request, in bytes.
const MOST_BYTES: usize = 2_000_000;

/// A caller with a token.
pub(crate) struct Caller {
    /// The program.
    pub(crate) state: WebState,
    /// Who, why, when.
    pub(crate) ctx: OpContext,
    scopes: Vec<String>,
}

impl Caller {
    /// The application.
    pub(crate) fn app(&self) -> &app::App {
        self.state.app()
    }

    /// Goes on if the token was made for this.
    pub(crate) fn need(&self, scope: &str) -> Result<()> {
        if self.scopes.iter().any(|held| held == scope) {
            return Ok(());
        }
        Err(Error::forbidden(format!(
            "Mã truy cập này không có phạm vi {scope}. Hãy tạo mã mới với phạm vi đó."
        )))
    }
}

impl FromRequestParts<WebState> for Caller {
    type Rejection = ApiFailure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &WebState,
    ) -> Result<Self, Self::Rejection> {
        let mut ctx = open_context(parts, state);
        let missing = || {
            Error::unauthenticated(
                "Yêu cầu này cần mã truy cập trong tiêu đề Authorization: Bearer …",
            )
        };
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(missing)?;
        let known = app::accounts::recognise_token(state.app(), token.trim(), ctx.now).await?;
        let known = known.ok_or_else(|| {
            Error::unauthenticated("Mã truy cập không đúng hoặc đã hết hạn. Hãy tạo mã mới.")
        })?;
        ctx.actor = known.actor;
        Ok(Self { state: state.clone(), ctx, scopes: known.scopes })
    }
}

/// The context of somebody without a token.
pub(crate) fn open_context(parts: &Parts, state: &WebState) -> OpContext {
    let request_id =
        parts.extensions.get::<RequestId>().map_or_else(String::new, |RequestId(id)| id.clone());
    let english = parts
        .headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("en"));
    let mut ctx = OpContext::system(request_id, state.app().now());
    ctx.actor = access::Actor::Nobody;
    ctx.address = parts.extensions.get::<Client>().map(|client| client.0).unwrap_or_default();
    ctx.language = if english { Language::En } else { Language::Vi };
    ctx
}

/// Anybody, with or without a token.
pub(crate) struct Anyone {
    /// The program.
    pub(crate) state: WebState,
    /// Why, when; nobody asks.
    pub(crate) ctx: OpContext,
}

impl FromRequestParts<WebState> for Anyone {
    type Rejection = ApiFailure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &WebState,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self { state: state.clone(), ctx: open_context(parts, state) })
    }
}

/// Longest `Idempotency-Key`, in characters.
const LONGEST_KEY: usize = 200;

/// The `Idempotency-Key` header; none when it is not sent or empty.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok("") => Ok(None),
        Ok(key) if key.len() <= LONGEST_KEY => Ok(Some(key.to_owned())),
        _ => {
            let message =
                "Idempotency-Key dài nhất 200 ký tự, chỉ gồm chữ không dấu, chữ số và dấu.";
            let problem = Problem::new("idempotency-key", "", message);
            Err(Error::invalid(message).with_problems(vec![problem]))
        }
    }
}

/// A JSON body, with its bytes for idempotency.
pub(crate) struct Body<T> {
    /// What was sent.
    pub(crate) value: T,
    /// The same as bytes.
    pub(crate) bytes: Vec<u8>,
    /// The `Idempotency-Key` header, if sent.
    pub(crate) key: Option<String>,
    /// Path of the request.
    pub(crate) path: String,
}

impl<T: DeserializeOwned> FromRequest<WebState> for Body<T> {
    type Rejection = ApiFailure;

    async fn from_request(request: Request, _state: &WebState) -> Result<Self, Self::Rejection> {
        let key = idempotency_key(request.headers())?;
        let path = request.uri().path().to_owned();
        let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES)
            .await
            .map_err(|_| Error::new(ErrorCode::TooLarge))?;
        // An empty body is an empty object: an action often needs nothing more.
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value = serde_json::from_slice(text).map_err(|error| {
            let message = format!("Nội dung JSON chưa đúng: {error}");
            Error::invalid(message.clone()).with_problems(vec![Problem::new("json", "", message)])
        })?;
        Ok(Self { value, bytes: bytes.to_vec(), key, path })
    }
}

impl<T> Body<T> {
    /// The idempotency key of the request, if it has one.
    pub(crate) fn idempotency(&self) -> Option<app::dossiers::IdempotencyKey> {
        let key = self.key.as_deref()?;
        Some(app::dossiers::IdempotencyKey::new(key, &self.path, &self.bytes))
    }
}
