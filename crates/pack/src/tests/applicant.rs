//! Of the applicant a dossier keeps what expressions name, and no expression is overlooked.

use super::common::sample_content;
use crate::expr;

#[test]
fn of_the_applicant_only_what_expressions_name_is_kept() {
    let content = sample_content();
    let mut procedure = content.procedures[0].as_ref().clone();
    assert!(procedure.applicant_parts().is_empty());
    let entry = procedure.entry.as_mut().unwrap();
    let text = "has(applicant.residence.commune) ? applicant.name : ''";
    entry.fields.insert("child_name".to_owned(), expr::parse(text).unwrap());
    procedure.workflow.actions[0].when = Some(expr::parse("applicant.sex == 'male'").unwrap());
    let parts: Vec<String> = procedure.applicant_parts().into_iter().collect();
    assert_eq!(parts, ["name", "residence", "sex"]);
}

/// An expression that the walk forgets would see no applicant when an officer acts.
#[test]
fn no_expression_is_forgotten() {
    for procedure in &sample_content().procedures {
        let mut walked = 0;
        procedure.for_each_expression(&mut |_| walked += 1);
        let json = serde_json::to_value(procedure.as_ref()).unwrap();
        assert_eq!(walked, written(&json), "{}", procedure.slug);
    }
}

/// How many expressions a procedure's JSON holds, by the keys that hold one.
fn written(json: &serde_json::Value) -> usize {
    const SINGLE: [&str; 10] = [
        "amount",
        "when",
        "visible_when",
        "required_when",
        "compute",
        "holds",
        "copies",
        "reason",
        "basis_paper",
        "heading",
    ];
    match json {
        serde_json::Value::Array(items) => items.iter().map(written).sum(),
        serde_json::Value::Object(parts) => parts
            .iter()
            .map(|(key, value)| match (key.as_str(), value) {
                (key, serde_json::Value::String(_)) if SINGLE.contains(&key) => 1,
                ("register", serde_json::Value::String(text)) => usize::from(
                    parts.contains_key("matches")
                        && !text.is_empty()
                        && parts.contains_key("when")
                        && !parts.contains_key("in"),
                ),
                ("text", serde_json::Value::String(_)) => usize::from(parts.contains_key("lookup")),
                ("matches" | "parameters", value) => {
                    value.as_object().map_or(0, serde_json::Map::len)
                }
                ("fields", serde_json::Value::Object(columns)) => columns.len(),
                ("subjects", serde_json::Value::Array(items)) => items.len(),
                (_, value) => written(value),
            })
            .sum(),
        _ => 0,
    }
}
