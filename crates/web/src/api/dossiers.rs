//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn check() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn detail() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn timeline() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn act() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn rate() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn track() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

