//! The description of the API, for programs and for people.

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::openapi;
use crate::failure::{PageResult, show};
use crate::page::api_docs::ApiDocsPage;
use crate::page::shell::Area;
use crate::state::WebState;
use crate::visit::Visit;

/// `GET /api/v1/openapi.json`.
pub(crate) async fn openapi(State(state): State<WebState>) -> Json<Value> {
    Json(openapi::document(state.app()))
}

/// `GET /api/docs`.
pub(crate) async fn docs(visit: Visit) -> PageResult {
    let document = openapi::document(visit.app());
    let page = ApiDocsPage {
        ui: visit.ui(Area::Help),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        intro: openapi::INTRODUCTION.iter().map(|text| (*text).to_owned()).collect(),
        openapi_href: "/api/v1/openapi.json".to_owned(),
        groups: openapi::groups(&document),
    };
    Ok(show(&page))
}
