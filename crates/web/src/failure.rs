//! An error as a page or as problem+json (RFC 9457): two faces, and always the way on.

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::error::{Error, ErrorCode};
use serde_json::json;

use crate::page::error::ErrorPage;
use crate::page::parts::{Fault, Link};
use crate::page::shell::{Lang, Shell};

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
        let is_ours = matches!(self.error.code, ErrorCode::Internal | ErrorCode::Unavailable);
        let page = ErrorPage {
            status: status.as_u16(),
            heading: heading(ui.lang, self.error.code).to_owned(),
            summary: if ui.lang.is_en() { in_english(self.error.code) } else { "" }.to_owned(),
            text: self.error.message.clone(),
            faults: faults(&self.error),
            is_law: self.error.code == ErrorCode::NotFound && ui.path.starts_with("/law/"),
            ways: ways(self.error.code, &ui),
            request_id: if is_ours { ui.request_id.clone() } else { String::new() },
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

fn heading(lang: Lang, code: ErrorCode) -> &'static str {
    let (vi, en) = match code {
        ErrorCode::Invalid => ("Thông tin chưa đúng", "Something is not right"),
        ErrorCode::Unauthenticated => ("Cần đăng nhập", "Please sign in"),
        ErrorCode::Forbidden => ("Chưa được phép", "Not allowed"),
        ErrorCode::NotFound => ("Không tìm thấy", "Not found"),
        ErrorCode::Conflict => ("Nội dung vừa thay đổi", "It has just changed"),
        ErrorCode::TooLarge => ("Tệp quá lớn", "Too large"),
        ErrorCode::TooMany => ("Quá nhiều lần", "Too many times"),
        ErrorCode::Expired => ("Đã hết hạn", "No longer valid"),
        ErrorCode::Unavailable => ("Hệ thống tạm gián đoạn", "Out of service for a moment"),
        ErrorCode::Internal => ("Hệ thống gặp lỗi", "Something went wrong on our side"),
    };
    lang.t(vi, en)
}

/// What an error means, for a page in English; the exact sentence below it is Vietnamese.
fn in_english(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Invalid => "What was sent is wrong or not complete. Please look at it again.",
        ErrorCode::Unauthenticated => "Please sign in to go on.",
        ErrorCode::Forbidden => "Your account may not do this.",
        ErrorCode::NotFound => "There is nothing here for you. Please check the address or code.",
        ErrorCode::Conflict => "Somebody was quicker. Please load the page again.",
        ErrorCode::TooLarge => "What was sent is larger than allowed. Please make it smaller.",
        ErrorCode::TooMany => "This was done too often in a short time. Please wait a few minutes.",
        ErrorCode::Expired => "The time for this is over. Please begin again.",
        ErrorCode::Unavailable => "Please try again in a minute.",
        ErrorCode::Internal => "Please try again. If it happens again, tell us the number below.",
    }
}

fn ways(code: ErrorCode, ui: &Shell) -> Vec<Link> {
    let link = |href: &str, vi: &str, en: &str| Link {
        href: href.to_owned(),
        text: ui.t(vi, en).to_owned(),
    };
    let mut ways = Vec::new();
    match (code, ui.path.split_once("/hanh-dong/")) {
        // The dossier has moved on: its own page says what may be done now.
        (ErrorCode::Conflict, Some((dossier, _))) => {
            ways.push(link(dossier, "Mở lại hồ sơ", "Open the dossier again"));
        }
        (ErrorCode::Conflict | ErrorCode::Unavailable | ErrorCode::Internal, _)
            if !ui.path.is_empty() =>
        {
            ways.push(link(&ui.path, "Tải lại trang này", "Load this page again"));
        }
        _ => {}
    }
    match &ui.viewer {
        Some(viewer) if viewer.can_list => {
            ways.push(link("/can-bo", "Về danh sách công việc", "To my work"));
        }
        Some(viewer) if viewer.is_officer => {
            ways.push(link("/tai-khoan", "Xem việc tôi làm được", "See what I may do"));
        }
        Some(_) => ways.push(link("/ho-so", "Xem hồ sơ của tôi", "My dossiers")),
        None => {}
    }
    ways.push(link("/", "Về trang đầu", "To the first page"));
    ways.push(link("/tro-giup", "Cần trợ giúp", "Help"));
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
            "title": heading(Lang::Vi, self.0.code),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn first_way(code: ErrorCode, path: &str) -> String {
        let ui = Shell { path: path.to_owned(), ..Shell::default() };
        ways(code, &ui).swap_remove(0).href
    }

    #[test]
    fn an_action_that_came_too_late_leads_back_to_the_dossier_and_not_to_itself() {
        let path = "/can-bo/ho-so/H20.15-261122-0001/hanh-dong/accept?xem=cua-toi";
        let way = first_way(ErrorCode::Conflict, path);
        assert_eq!(way, "/can-bo/ho-so/H20.15-261122-0001");
        assert_eq!(first_way(ErrorCode::Unavailable, "/ho-so"), "/ho-so");
        assert_eq!(first_way(ErrorCode::NotFound, "/khong-co"), "/");
    }
}
