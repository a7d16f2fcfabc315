//! Signing in, the one-time code, the account.

use axum::http::StatusCode;

pub(crate) async fn sign_in() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn sign_in_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn code() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn code_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn sign_out() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn account() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn account_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

/// Sets the cookie with the seed of form tokens, if it is new.
pub(crate) fn set_seed(visit: &crate::visit::Visit, response: &mut axum::response::Response) {
    if visit.seed_is_new
        && let Ok(value) = visit.cookie(crate::visit::SEED_COOKIE, &visit.seed, None).parse()
    {
        response.headers_mut().append(axum::http::header::SET_COOKIE, value);
    }
}
