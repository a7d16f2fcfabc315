//! A citizen's own dossiers.

use axum::http::StatusCode;

pub(crate) async fn mine() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn detail() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn supplement() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn act() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn document() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn attachment() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn rate() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn accesses() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

