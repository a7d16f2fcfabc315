//! Registers for officers.

use axum::http::StatusCode;

pub(crate) async fn search() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn entry() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

