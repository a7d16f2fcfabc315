//! The officers' worklist and dossiers.

use axum::http::StatusCode;

pub(crate) async fn worklist() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn export() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn dossier() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn action() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn action_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

