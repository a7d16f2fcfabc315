//! The journal for the auditor.

use axum::http::StatusCode;

pub(crate) async fn audit() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

