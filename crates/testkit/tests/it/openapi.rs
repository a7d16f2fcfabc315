//! The description of the API: sound references, and every path on record for review.

use serde_json::Value;
use testkit::{Engine, TestApp};

use crate::expected;

async fn document() -> Value {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    app.open_api().get("/api/v1/openapi.json").await.expect(200).json()
}

fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get("$ref") {
                found.push(target);
            }
            for field in fields.values() {
                references(field, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                references(item, found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 30);
    for target in found {
        let pointer =
            target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads elsewhere"));
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
}

#[tokio::test]
async fn operations_are_named_once_and_describe_their_path() {
    let document = document().await;
    let mut names = std::collections::BTreeSet::new();
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} is named twice");
            let parameters = operation["parameters"].as_array().unwrap();
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let part = part.trim_end_matches('}');
                let described = parameters.iter().any(|p| p["name"] == part && p["in"] == "path");
                assert!(described, "{path}: {part} is not described");
            }
            let answers: Vec<&str> =
                operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            let open =
                if operation["security"].as_array().unwrap().is_empty() { "open" } else { "token" };
            lines.push(format!(
                "{} {path} {name} {open} {}",
                method.to_uppercase(),
                answers.join(",")
            ));
        }
    }
    lines.sort_by_key(|line| line.split(' ').nth(1).map(str::to_owned));
    expected::compare("openapi.expected", &lines);
}

#[tokio::test]
async fn the_readable_page_names_every_operation() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let document = app.open_api().get("/api/v1/openapi.json").await.expect(200).json();
    let page = app.browser().get("/api/docs").await.expect(200).text();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(path), "{path} is not on the page");
    }
}
