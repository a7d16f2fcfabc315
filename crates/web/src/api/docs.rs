//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn docs() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn openapi() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

