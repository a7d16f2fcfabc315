//! The portal's open pages.

use axum::http::StatusCode;

pub(crate) async fn home() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn search() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn procedure() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn track() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn help() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn accessibility() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn communes() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn language() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn text_size() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

pub(crate) async fn nothing_here() -> StatusCode {
    StatusCode::NOT_FOUND
}
