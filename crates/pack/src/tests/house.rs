//! The real content of the house, and its reference.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use serde_json::Value as Json;

use super::common::lines;
use crate::{Content, Source, load};

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn source() -> Source {
    Source::from_dir(&house().join("content")).unwrap()
}

fn content() -> Content {
    load(&source()).0.unwrap()
}

#[test]
fn content_of_the_house_is_sound() {
    let (content, problems) = load(&source());
    // The law that all of them stand on changes on 1 March 2027; the forms of the new one are not out.
    let (law_ends, others): (Vec<_>, Vec<_>) =
        problems.into_iter().partition(|problem| problem.code == "basis-ends");
    assert!(content.is_some() && others.is_empty(), "{}", lines(&others));
    assert_eq!(law_ends.len(), 5, "{}", lines(&law_ends));
    assert!(law_ends.iter().all(|problem| problem.message.contains("procedure-2027-03-01.toml")));
}

#[test]
fn birth_registration_is_found_by_what_people_type() {
    let content = content();
    let queries = [
        "khai sinh",
        "khai sanh",
        "dang ky khai sinh",
        "giay khai sinh",
        "Đăng ký khai sinh",
        "làm giấy khai sinh",
        "khai sin",
    ];
    for query in queries {
        let found = content.search_procedures(query, 3);
        let first = found.first().map(|procedure| procedure.name.vi.as_str());
        assert_eq!(first, Some("Đăng ký khai sinh"), "{query}");
    }
}

#[test]
fn every_procedure_is_found_by_its_own_name_and_code() {
    let content = content();
    for procedure in &content.procedures {
        for query in [&procedure.name.vi, &procedure.code, &kernel::text::fold(&procedure.name.vi)]
        {
            let found = content.search_procedures(query, 1);
            let first = found.first().map(|found| found.slug.as_str());
            assert_eq!(first, Some(procedure.slug.as_str()), "{query}");
        }
    }
}

#[test]
fn a_version_of_each_procedure_is_in_force() {
    let content = content();
    for procedure in &content.procedures {
        let today = content.procedure_on(&procedure.code, date(2026, 11, 22));
        assert!(today.is_some(), "{}", procedure.slug);
    }
}

/// The reference must name every key and every function; what it forgets is found here.
#[test]
fn the_reference_names_every_key_and_function() {
    let text = std::fs::read_to_string(house().join("docs/CONTENT.md")).unwrap();
    let mut missing = Vec::new();
    for (file, schema) in crate::json_schema() {
        for key in keys(&schema) {
            let named = [format!("`{key}`"), format!("`[{key}]`"), format!("[{key}]]`")];
            if !key.ends_with("_en") && !named.iter().any(|name| text.contains(name)) {
                missing.push(format!("{file}: {key}"));
            }
        }
    }
    for function in crate::expr::function_names() {
        if !text.contains(&format!("`{function}(")) && !text.contains(&format!(".{function}(")) {
            missing.push(format!("function {function}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

fn keys(schema: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        found.push(key.clone());
        found.extend(keys(inner));
        found.extend(keys(&inner["items"]));
    }
    found
}
