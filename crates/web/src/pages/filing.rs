//! Filling a form.

use axum::http::StatusCode;

pub(crate) async fn start() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn check() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn send() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn remove() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn autosave() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn upload() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn file() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn remove_file() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn section() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn section_sent() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

