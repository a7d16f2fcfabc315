//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn verify() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

