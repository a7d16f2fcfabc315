//! A browser without JavaScript: cookies, redirects, forms.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method, header};

use crate::api::Answer;
use crate::app::TestApp;
use crate::html::{Button, Form, Html, Value};
use crate::people::Person;

/// Redirects followed at most.
const MOST_REDIRECTS: u32 = 5;
const BOUNDARY: &str = "----tuphap-testkit-7d1e";

/// A browser of one person.
#[derive(Clone)]
pub struct Browser<'a> {
    app: &'a TestApp,
    /// Cookies by name.
    pub cookies: BTreeMap<String, String>,
    address: Option<IpAddr>,
}

/// A page as it was shown.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address, after redirects.
    pub path: String,
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Vec<u8>,
    /// The page taken apart.
    pub html: Html,
}

impl Page {
    fn of(path: &str, answer: Answer) -> Self {
        let html = Html::of(&answer.text());
        let Answer { status, headers, body } = answer;
        Self { path: path.to_owned(), status, headers, body: body.to_vec(), html }
    }

    /// Goes on if the status is this one.
    ///
    /// # Panics
    /// When it is another, showing the text of the page.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// The text that people read.
    #[must_use]
    pub fn text(&self) -> String {
        self.html.text()
    }

    /// Goes on if the page says this.
    ///
    /// # Panics
    /// When it does not, showing its text.
    #[must_use]
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        let text = self.text();
        assert!(text.contains(words), "{} does not say {words:?}: {text}", self.path);
        self
    }

    /// A header; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// The first form that is sent to an address with this in it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let forms = self.html.forms();
        let found = forms.iter().find(|form| form.action.contains(action)).cloned();
        found.unwrap_or_else(|| {
            let actions: Vec<&str> = forms.iter().map(|form| form.action.as_str()).collect();
            panic!("{} has no form to {action}, only {actions:?}: {}", self.path, self.text())
        })
    }

    /// The form that has a field or button of this name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn form_with(&self, name: &str) -> Form {
        let forms = self.html.forms();
        let has = |form: &&Form| {
            form.names.iter().any(|known| known == name)
                || form.buttons.iter().any(|button| button.name == name)
        };
        let found = forms.iter().find(has).cloned();
        found.unwrap_or_else(|| panic!("{} has no form with {name}: {}", self.path, self.text()))
    }

    /// The address of the first link whose text or address has this in it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let links = self.html.links();
        let found = links.iter().find(|(href, text)| text.contains(words) || href.contains(words));
        let found = found.map(|(href, _)| href.clone());
        found.unwrap_or_else(|| panic!("{} has no link {words:?}: {links:#?}", self.path))
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: BTreeMap::new(), address: None }
    }

    /// The same browser at a network address, so that limits by address count.
    #[must_use]
    pub fn at(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Opens a page and follows redirects.
    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.ask(Method::GET, path, None).await;
        self.follow(page).await
    }

    /// Opens a page and stays there.
    pub async fn get_only(&mut self, path: &str) -> Page {
        self.ask(Method::GET, path, None).await
    }

    /// Sends a form with its first button, and follows redirects.
    pub async fn send(&mut self, page: &Page, form: &Form) -> Page {
        let first = form.buttons.first().cloned();
        let answer = self.send_only(page, form, first.as_ref()).await;
        self.follow(answer).await
    }

    /// Sends a form with the button of this name (and value, unless it is empty).
    ///
    /// # Panics
    /// When the form has no such button.
    pub async fn press(&mut self, page: &Page, form: &Form, name: &str, value: &str) -> Page {
        let wanted =
            |button: &&Button| button.name == name && (value.is_empty() || button.value == value);
        let button = form.buttons.iter().find(wanted).cloned();
        let button = button.unwrap_or_else(|| panic!("no button {name} in {:?}", form.buttons));
        let answer = self.send_only(page, form, Some(&button)).await;
        self.follow(answer).await
    }

    /// Sends a form and stays at what comes back.
    pub async fn send_only(&mut self, page: &Page, form: &Form, button: Option<&Button>) -> Page {
        let mut entries = form.entries.clone();
        let mut action = form.action.clone();
        if let Some(button) = button {
            if !button.name.is_empty() {
                entries.push((button.name.clone(), Value::Text(button.value.clone())));
            }
            if !button.action.is_empty() {
                action.clone_from(&button.action);
            }
        }
        let here = page.path.split(['?', '#']).next().unwrap_or_default();
        let target = match action.as_str() {
            "" => page.path.clone(),
            query if query.starts_with('?') => format!("{here}{query}"),
            other => other.split('#').next().unwrap_or_default().to_owned(),
        };
        if form.method == "get" {
            let path = target.split('?').next().unwrap_or_default();
            let path = format!("{path}?{}", urlencoded(&entries));
            return self.ask(Method::GET, &path, None).await;
        }
        let (kind, body) = if form.has_files {
            (format!("multipart/form-data; boundary={BOUNDARY}"), multipart(&entries))
        } else {
            let kind = "application/x-www-form-urlencoded".to_owned();
            (kind, urlencoded(&entries).into_bytes())
        };
        self.ask(Method::POST, &target, Some((kind, body))).await
    }

    /// Fills a page of questions with those of `answers` (as the API takes them) that it asks, and
    /// goes on. Where a list of communes first needs its province, it presses the button for that.
    ///
    /// # Panics
    /// When a question does not take its answer.
    pub async fn answer(&mut self, page: &Page, answers: &serde_json::Value) -> Page {
        let mut wanted = Vec::new();
        flatten("", answers, &mut wanted);
        let mut page = page.clone();
        for _ in 0..MOST_REDIRECTS {
            let mut form = page.form_with("luu-sau");
            let mut awaited = None;
            for (name, value) in &wanted {
                if form.takes(name, value) {
                    form = form.with(name, value);
                } else if let Some(address) = name.strip_suffix(".commune")
                    && form.names.contains(name)
                {
                    awaited = Some(address.to_owned());
                } else {
                    assert!(!form.names.contains(name), "{}: {name}={value}", page.path);
                }
            }
            match awaited {
                Some(address) => page = self.press(&page, &form, "cap-nhat", &address).await,
                None => return self.send(&page, &form).await,
            }
        }
        panic!("{} never offered the commune", page.path);
    }

    /// Sends pairs as a form would, without a page before.
    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let entries: Vec<(String, Value)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::Text((*value).to_owned())))
            .collect();
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.ask(Method::POST, path, Some((kind, urlencoded(&entries).into_bytes()))).await
    }

    /// Signs in through the pages, officers with a code that was not used before.
    ///
    /// # Panics
    /// When signing in fails.
    pub async fn sign_in(&mut self, person: Person) {
        let mut next = self.try_sign_in(person.login, &person.password()).await;
        if next.path.starts_with("/dang-nhap/ma") {
            let code = self.app.fresh_code(person).await;
            let form = next.form_with("code").with("code", &code);
            next = self.send(&next.clone(), &form).await;
        }
        assert!(
            self.cookies.contains_key("phien") && !next.path.starts_with("/dang-nhap"),
            "{} could not sign in: {} {}",
            person.login,
            next.path,
            next.text()
        );
    }

    /// Types a login and a password on the sign-in page; what comes back, after redirects.
    pub async fn try_sign_in(&mut self, login: &str, password: &str) -> Page {
        let page = self.get("/dang-nhap").await;
        let form = page.form_with("password").with("username", login).with("password", password);
        self.send(&page, &form).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..MOST_REDIRECTS {
            if !(300..400).contains(&page.status) {
                return page;
            }
            let to = page.header("location");
            let to = to.split('#').next().unwrap_or_default().to_owned();
            page = self.ask(Method::GET, &to, None).await;
        }
        panic!("redirected too often, last to {}", page.path);
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<(String, Vec<u8>)>) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let mut request = request.body(body).expect("a sound request");
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 40_000)));
        }
        let answer = self.app.call(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap_or_default());
        }
        Page::of(path, answer)
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        if value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// `{"mother": {"name": "A"}}` to `mother.name=A`, as fields of pages are named.
fn flatten(path: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    use serde_json::Value as Json;
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Json::Object(parts) => {
            parts.iter().for_each(|(name, part)| flatten(&below(name), part, out))
        }
        Json::Array(rows) => {
            let rows = rows.iter().enumerate().filter(|(_, row)| row.is_object());
            rows.for_each(|(place, row)| flatten(&below(&place.to_string()), row, out));
        }
        Json::String(text) => out.push((path.to_owned(), text.clone())),
        Json::Null => {}
        other => out.push((path.to_owned(), other.to_string())),
    }
}

fn urlencoded(entries: &[(String, Value)]) -> String {
    let pairs: Vec<String> = entries
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Text(text) => text,
                Value::File { name, .. } => name,
            };
            format!("{}={}", escaped(name), escaped(&with_crlf(value)))
        })
        .collect();
    pairs.join("&")
}

/// Browsers send line breaks as CR LF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b' ' => out.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => write!(out, "%{byte:02X}").expect("a string takes any text"),
        }
        out
    })
}

fn multipart(entries: &[(String, Value)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in entries {
        body.extend(format!("--{BOUNDARY}\r\n").bytes());
        match value {
            Value::Text(text) => {
                let text = with_crlf(text);
                let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}");
                body.extend(head.bytes());
            }
            Value::File { name: file, bytes } => {
                let head = format!(
                    "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                     Content-Type: application/octet-stream\r\n\r\n"
                );
                body.extend(head.bytes());
                body.extend(bytes);
            }
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}
