//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn detail() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

