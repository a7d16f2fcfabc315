//! The readable page of the JSON API, drawn from the same description as `openapi.json`.

use askama::Template;

use super::shell::Shell;

/// `GET /api/docs`.
#[derive(Clone, Default, Template)]
#[template(path = "api_docs.html")]
pub struct ApiDocsPage {
    /// Around the page.
    pub ui: Shell,
    /// Version of the API.
    pub version: String,
    /// What it is, in a few sentences, one paragraph each.
    pub intro: Vec<String>,
    /// `/api/v1/openapi.json`.
    pub openapi_href: String,
    /// Operations in groups.
    pub groups: Vec<ApiGroup>,
}

/// Operations on one kind of thing.
#[derive(Clone, Default)]
pub struct ApiGroup {
    /// Id in the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The operations.
    pub operations: Vec<ApiOperation>,
}

/// One operation.
#[derive(Clone, Default)]
pub struct ApiOperation {
    /// Id in the page: the operation id.
    pub id: String,
    /// "GET", "POST".
    pub method: String,
    /// "/api/v1/dossiers/{code}".
    pub path: String,
    /// One line.
    pub summary: String,
    /// More; may be empty.
    pub description: String,
    /// What a token must be allowed: "dossiers:read"; empty for open ones.
    pub scope: String,
    /// Parameters of path, query and header.
    pub parameters: Vec<ApiParameter>,
    /// A sample of what is sent; empty for none.
    pub request_sample: String,
    /// Answers.
    pub responses: Vec<ApiResponse>,
}

impl ApiOperation {
    /// The method in lower case, for its colour.
    pub fn class(&self) -> String {
        self.method.to_lowercase()
    }
}

/// A parameter.
#[derive(Clone, Default)]
pub struct ApiParameter {
    /// Name.
    pub name: String,
    /// "path", "query", "header".
    pub place: String,
    /// "string", "integer".
    pub kind: String,
    /// Must be given?
    pub required: bool,
    /// What it means.
    pub text: String,
}

/// An answer.
#[derive(Clone, Default)]
pub struct ApiResponse {
    /// "200".
    pub status: String,
    /// When.
    pub text: String,
    /// A sample; empty for none.
    pub sample: String,
}
