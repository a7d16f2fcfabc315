//! Is this paper genuine?

use axum::http::StatusCode;

pub(crate) async fn verify() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn verify_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn keys() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn root() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

