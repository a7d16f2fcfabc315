//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn upload() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn document() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

