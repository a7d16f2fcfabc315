//! An error as a page or as problem+json (RFC 9457): two faces, and always the way on.

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::error::{Error, ErrorCode};
use serde_json::json;

use crate::page::error::ErrorPage;
use crate::page::parts::{Fault, Link};
use crate::page::shell::Shell;

/// What a page handler answers.
pub(crate) type PageResult = Result<Response, Failure>;

/// An error on its way to a page. The shell, if there is one, keeps header and language.
pub(crate) struct Failure {
    error: Error,
    ui: Option<Box<Shell>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, ui: None }
    }
}

impl Failure {
    /// The same error with the page's surroundings.
    pub(crate) fn within(mut self, ui: &Shell) -> Self {
        self.ui = Some(Box::new(ui.clone()));
        self
    }

    /// The error.
    pub(crate) fn error(&self) -> &Error {
        &self.error
    }
}

/// A page, rendered.
pub(crate) fn show(page: &impl Template) -> Response {
    show_with(StatusCode::OK, page)
}

/// A page with a status.
pub(crate) fn show_with(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => Failure::from(Error::internal(error)).into_response(),
    }
}

/// Sends the browser on after a form (303).
pub(crate) fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}

pub(crate) fn status_of(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        log(&self.error);
        let status = status_of(self.error.code);
        let ui = self.ui.map(|ui| *ui).unwrap_or_default();
        if self.error.code == ErrorCode::Unauthenticated && !ui.path.is_empty() {
            return go(&format!("/dang-nhap?next={}", encode(&ui.path)));
        }
        let page = ErrorPage {
            status: status.as_u16(),
            heading: heading(self.error.code).to_owned(),
            text: self.error.message.clone(),
            faults: faults(&self.error),
            ways: ways(self.error.code, &ui),
            request_id: String::new(),
            ui,
        };
        let mut response = match page.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(_) => (status, self.error.message).into_response(),
        };
        if self.error.code == ErrorCode::Unavailable {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}

/// The problems of an error as lines of a summary that link to their fields.
pub(crate) fn faults(error: &Error) -> Vec<Fault> {
    error
        .problems
        .iter()
        .map(|problem| Fault {
            href: if problem.path.is_empty() {
                String::new()
            } else {
                format!("#{}", problem.path.replace('.', "-"))
            },
            message: problem.message.clone(),
        })
        .collect()
}

fn log(error: &Error) {
    match error.code {
        ErrorCode::Internal => tracing::error!(cause = %error, "request failed"),
        ErrorCode::Unavailable => tracing::warn!(cause = %error, "request could not be served"),
        _ => tracing::debug!(cause = %error, "request refused"),
    }
}

fn heading(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Invalid => "Thông tin chưa đúng",
        ErrorCode::Unauthenticated => "Cần đăng nhập",
        ErrorCode::Forbidden => "Chưa được phép",
        ErrorCode::NotFound => "Không tìm thấy",
        ErrorCode::Conflict => "Nội dung vừa thay đổi",
        ErrorCode::TooLarge => "Tệp quá lớn",
        ErrorCode::TooMany => "Quá nhiều lần",
        ErrorCode::Expired => "Đã hết hạn",
        ErrorCode::Unavailable => "Hệ thống tạm gián đoạn",
        ErrorCode::Internal => "Hệ thống gặp lỗi",
    }
}

fn ways(code: ErrorCode, ui: &Shell) -> Vec<Link> {
    let link = |href: &str, text: &str| Link { href: href.to_owned(), text: text.to_owned() };
    let mut ways = Vec::new();
    if matches!(code, ErrorCode::Conflict | ErrorCode::Unavailable | ErrorCode::Internal)
        && !ui.path.is_empty()
    {
        ways.push(link(&ui.path, "Tải lại trang này"));
    }
    match &ui.viewer {
        Some(viewer) if viewer.is_officer => ways.push(link("/can-bo", "Về danh sách công việc")),
        Some(_) => ways.push(link("/ho-so", "Xem hồ sơ của tôi")),
        None => {}
    }
    ways.push(link("/", "Về trang đầu"));
    ways.push(link("/tro-giup", "Cần trợ giúp"));
    ways
}

/// Percent-encodes a path for a query.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// An error on its way to a client of the API.
pub(crate) struct ApiFailure(pub(crate) Error);

impl From<Error> for ApiFailure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        log(&self.0);
        let status = status_of(self.0.code);
        let body = json!({
            "type": format!("/api/docs#error-{}", self.0.code.name()),
            "title": heading(self.0.code),
            "status": status.as_u16(),
            "code": self.0.code.name(),
            "detail": self.0.message,
            "problems": self.0.problems,
        });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.0.code == ErrorCode::Unavailable {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}
