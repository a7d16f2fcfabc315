//! Part of the JSON API.

use axum::http::StatusCode;

pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

