//! The fields and files of a form, read within limits, its token checked.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};

use crate::failure::{Failure, show_with, status_of};
use crate::page::account::{CarriedForm, LoginPage};
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
        let (mut fields, files) = if is_multipart {
            read_multipart(request, state).await
        } else {
            read_urlencoded(request).await.map(|fields| (fields, Vec::new()))
        }
        .map_err(|error| visit.fail(error).into_response())?;
        let token = fields.text("csrf").to_owned();
        fields.pairs.retain(|(name, _)| name != "csrf");
        if visit.session.is_none() && visit.session_over {
            return Err(sign_in_again(&visit, &fields));
        }
        if let Err(error) = visit.check_token(&token) {
            return Err(visit.fail(error).into_response());
        }
        Ok(Self { visit, fields, files })
    }
}

/// The session ended while a form was being filled: the form is carried through the sign-in, so that
/// nothing is lost.
fn sign_in_again(visit: &Visit, fields: &Fields) -> Response {
    let ui = visit.ui(Area::Other);
    let path = ui.path.clone();
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
    let mut multipart = Multipart::from_request(request, state).await.map_err(|error| {
        Error::invalid("Biểu mẫu gửi lên không đúng định dạng.").because(error)
    })?;
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

impl Posted {
    /// An error within this page's surroundings.
    pub(crate) fn fail(&self, error: Error) -> Failure {
        self.visit.fail(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let pairs = parse_urlencoded("ten=Nguy%E1%BB%85n+An&rong=&la&x=%zz&a=1%2B1".as_bytes());
        let wanted = [("ten", "Nguyễn An"), ("rong", ""), ("la", ""), ("x", "%zz"), ("a", "1+1")];
        let wanted: Vec<(String, String)> =
            wanted.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(pairs, wanted);
    }
}
