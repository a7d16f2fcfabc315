//! The fields and files of a form, read within limits, its token checked.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};

use crate::failure::{ApiFailure, show_with, status_of};
use crate::page::account::{CarriedForm, LoginPage, ResumePage};
use crate::page::shell::Area;
use crate::state::WebState;
use crate::visit::Visit;

/// Longest form without files, in bytes.
const MOST_FORM_BYTES: usize = 1_000_000;
/// Most fields in a form.
const MOST_FIELDS: usize = 2_000;
/// A file is read to this many bytes beyond its limit and then only counted.
const FILE_SLACK: usize = 1_000_000;

/// A form that was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
}

/// A file that was sent.
pub(crate) struct PostedFile {
    /// The field.
    pub(crate) field: String,
    /// The person's name for it.
    pub(crate) name: String,
    /// Its bytes; cut off when too large.
    pub(crate) bytes: Vec<u8>,
}

/// A form with what comes with every request. Its token was checked.
pub(crate) struct Posted {
    /// Who asks.
    pub(crate) visit: Visit,
    /// The fields, without the token.
    pub(crate) fields: Fields,
    /// The files.
    pub(crate) files: Vec<PostedFile>,
}

impl Fields {
    /// A form of these pairs.
    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// The first value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field, trimmed; empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// Was a button or field of this name sent?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All pairs, in the order in which they were sent.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

impl FromRequest<WebState> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        use axum::extract::FromRequestParts;
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let request = Request::from_parts(parts, body);
        let is_multipart = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let is_from_here = is_from_here(request.headers());
        let by_script = wants_json(request.headers()) || request.uri().path().ends_with("/tu-luu");
        let (mut fields, files) = if is_multipart {
            read_multipart(request, state).await
        } else {
            read_urlencoded(request).await.map(|fields| (fields, Vec::new()))
        }
        .map_err(|error| refuse(&visit, by_script, error))?;
        let token = fields.text("csrf").to_owned();
        fields.pairs.retain(|(name, _)| name != "csrf");
        if let Err(error) = visit.check_token(&token) {
            // Where passwords are typed nothing is carried: they have no place in a page.
            let path = visit.ui(Area::Other).path;
            let is_signing_in = path.starts_with("/dang-nhap") || path.starts_with("/tai-khoan");
            return Err(match (by_script, visit.session_over || is_from_here) {
                (true, _) => ApiFailure(session_over(&visit)).into_response(),
                (false, true) if !is_signing_in => carry_on(&visit, &fields),
                (false, _) => visit.fail(error).into_response(),
            });
        }
        Ok(Self { visit, fields, files })
    }
}

/// Is it our script that asks, and not a form? It reads JSON and shows the sentence in the page.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
}

fn refuse(visit: &Visit, by_script: bool, error: Error) -> Response {
    if by_script { ApiFailure(error).into_response() } else { visit.fail(error).into_response() }
}

/// What the script tells whoever goes on typing after the session that the page belongs to is over:
/// all of it still stands in the page, and the next form that is sent carries it along.
fn session_over(visit: &Visit) -> Error {
    let lang = visit.lang();
    if visit.session.is_some() && !visit.code_needed && !visit.password_due {
        return Error::forbidden(lang.t(
            "Ông/bà vừa đăng nhập lại ở một trang khác. Những gì đã nhập vẫn còn nguyên trên trang \
             này; ông/bà bấm Lưu lại để làm tiếp.",
            "You have signed in again on another page. All that you typed still stands on this \
             page; press Save again to go on.",
        ));
    }
    let sentence = lang.t(
        "Phiên làm việc đã hết. Những gì ông/bà đã nhập vẫn còn nguyên trên trang này. Ông/bà đăng \
         nhập lại rồi làm tiếp.",
        "Your session has ended. All that you typed still stands on this page. Please sign in again \
         and go on.",
    );
    Error { message: sentence.to_owned(), ..Error::new(ErrorCode::Unauthenticated) }
}

/// Did a page of ours send this? Browsers say so with every form, and no other site can say it.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    // Without HTTPS browsers leave that header out.
    let origin = text("origin").and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| text("host") == Some(host))
}

/// The token of a form belonged to a session that is over. Nothing is lost: the form is carried
/// through the sign-in, or, where somebody has signed in again meanwhile, waits for one button.
fn carry_on(visit: &Visit, fields: &Fields) -> Response {
    let ui = visit.ui(Area::Other);
    let path = ui.path.clone();
    if visit.session.is_some() && !visit.code_needed && !visit.password_due {
        let carried = CarriedForm { action: path, fields: fields.pairs.clone() };
        return show_with(status_of(ErrorCode::Unauthenticated), &ResumePage { ui, carried });
    }
    let page = LoginPage {
        next: path.clone(),
        reason: Some(
            "Phiên làm việc đã kết thúc vì lâu không thao tác. Ông/bà đăng nhập lại; nội dung vừa \
             nhập được giữ nguyên."
                .to_owned(),
        ),
        carried: Some(CarriedForm { action: path, fields: fields.pairs.clone() }),
        ui,
        ..LoginPage::default()
    };
    let mut response = show_with(status_of(ErrorCode::Unauthenticated), &page);
    crate::pages::account::set_seed(visit, &mut response);
    response
}

async fn read_urlencoded(request: Request) -> Result<Fields, Error> {
    let bytes = axum::body::to_bytes(request.into_body(), MOST_FORM_BYTES)
        .await
        .map_err(|_| Error::new(ErrorCode::TooLarge))?;
    let pairs: Vec<(String, String)> = parse_urlencoded(&bytes);
    if pairs.len() > MOST_FIELDS {
        return Err(Error::new(ErrorCode::TooLarge));
    }
    Ok(Fields { pairs })
}

/// `application/x-www-form-urlencoded` by the WHATWG URL standard, §5.1.
pub(crate) fn parse_urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let value = halves.next().unwrap_or_default();
            (unescape(name), unescape(value))
        })
        .collect()
}

fn unescape(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    Some(byte) => {
                        out.push(byte);
                        rest = after.get(2..).unwrap_or_default();
                    }
                    None => out.push(b'%'),
                }
            }
            other => out.push(*other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

async fn read_multipart(
    request: Request,
    state: &WebState,
) -> Result<(Fields, Vec<PostedFile>), Error> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Error::invalid("Tệp chưa tải lên được trọn vẹn. Ông/bà kiểm tra đường truyền rồi thử lại.")
            .because(error)
    };
    let mut multipart = Multipart::from_request(request, state)
        .await
        .map_err(|error| Error::invalid("Biểu mẫu gửi lên không đúng định dạng.").because(error))?;
    let limit = usize::try_from(state.app().settings().upload_megabytes).unwrap_or(0) * 1_000_000;
    let (mut fields, mut files) = (Fields::default(), Vec::new());
    let mut form_bytes = 0;
    while let Some(mut part) = multipart.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let most = if file_name.is_some() { limit + FILE_SLACK } else { MOST_FORM_BYTES };
        let mut bytes = Vec::new();
        // What lies beyond the limit is read and dropped, so that the browser gets to the answer.
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            let room = most.saturating_sub(bytes.len());
            bytes.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
        }
        match file_name {
            Some(file_name) => {
                if !file_name.is_empty() && !bytes.is_empty() {
                    files.push(PostedFile { field: name, name: file_name, bytes });
                }
            }
            None => {
                form_bytes += bytes.len();
                let value = String::from_utf8_lossy(&bytes).into_owned();
                fields.pairs.push((name, value));
            }
        }
        if form_bytes > MOST_FORM_BYTES || fields.pairs.len() > MOST_FIELDS || files.len() > 20 {
            return Err(Error::new(ErrorCode::TooLarge));
        }
    }
    Ok((fields, files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_ours_when_the_browser_says_so() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, axum::http::HeaderValue::from_static(value));
            }
            headers
        };
        let host = ("host", "sotuphap.example.vn:8080");
        let ours = ("origin", "http://sotuphap.example.vn:8080");
        assert!(is_from_here(&headers(&[host, ours])));
        assert!(is_from_here(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_from_here(&headers(&[host, ours, ("sec-fetch-site", "cross-site")])));
        assert!(!is_from_here(&headers(&[host, ("origin", "https://khac.example.vn")])));
        assert!(!is_from_here(&headers(&[host, ("origin", "null")])));
        assert!(!is_from_here(&headers(&[host])));
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let pairs = parse_urlencoded("ten=Nguy%E1%BB%85n+An&rong=&la&x=%zz&a=1%2B1".as_bytes());
        let wanted = [("ten", "Nguyễn An"), ("rong", ""), ("la", ""), ("x", "%zz"), ("a", "1+1")];
        let wanted: Vec<(String, String)> =
            wanted.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(pairs, wanted);
    }
}
