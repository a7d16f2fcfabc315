//! Requests to the JSON API, and what comes back.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use crate::app::TestApp;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body in memory");
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    /// A header; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// Goes on if the status is this one.
    ///
    /// # Panics
    /// When it is another, showing the body.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The codes of the problems told, in their order.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let json = self.json();
        let problems = json["problems"].as_array().cloned().unwrap_or_default();
        problems.iter().filter_map(|p| p["code"].as_str().map(str::to_owned)).collect()
    }

    /// The sentence for the problem at a path.
    ///
    /// # Panics
    /// When no problem stands there.
    #[must_use]
    #[track_caller]
    pub fn message_at(&self, path: &str) -> String {
        let json = self.json();
        let problems = json["problems"].as_array().cloned().unwrap_or_default();
        let found = problems.iter().find(|problem| problem["path"] == path);
        let found = found.unwrap_or_else(|| panic!("no problem at {path}: {json:#}"));
        found["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// The API as one person sees it.
#[derive(Clone)]
pub struct Api<'a> {
    app: &'a TestApp,
    token: Option<String>,
}

impl<'a> Api<'a> {
    pub(crate) fn new(app: &'a TestApp, token: Option<String>) -> Self {
        Self { app, token }
    }

    /// The API with a token that a test got itself.
    #[must_use]
    pub fn with_token(app: &'a TestApp, token: &str) -> Self {
        Self::new(app, Some(token.to_owned()))
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], Body::from(body.to_string())).await
    }

    /// Sends JSON under an idempotency key.
    pub async fn post_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("idempotency-key", key)];
        self.send(Method::POST, path, &headers, Body::from(body.to_string())).await
    }

    /// Removes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    /// Reads with a header.
    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.send(Method::GET, path, &[(name, value)], Body::empty()).await
    }

    /// Sends a file under an idempotency key.
    pub async fn upload_with_key(&self, path: &str, key: &str, bytes: Vec<u8>) -> Answer {
        let headers = [("idempotency-key", key)];
        self.send(Method::POST, path, &headers, Body::from(bytes)).await
    }

    /// Sends a file for a field of a procedure.
    pub async fn upload(&self, procedure: &str, field: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/api/v1/files?procedure={procedure}&field={field}&name={name}");
        self.send(Method::POST, &path, &[], Body::from(bytes)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.app.call(request.body(body).expect("a sound request")).await
    }
}

impl Answer {
    /// Is it one of the refusals?
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|status| status.is_client_error())
    }
}
