//! What holds of every expression, found by gluing pieces together at random.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{Sample, partial, scope};
use super::*;

/// Pieces of which random expressions are glued: many are well formed, many nearly so.
fn piece() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "mother",
        ".name",
        "kind",
        "copies",
        "nothing",
        "born",
        "born_in_year",
        "filed_on",
        "papers",
        "witnesses",
        ".exists(",
        ".all(",
        "w,",
        "w.age",
        "(",
        ")",
        "[",
        "]",
        ",",
        "!",
        "-",
        "*",
        "/",
        "%",
        "+",
        "<",
        "<=",
        "==",
        "!=",
        " in ",
        "&&",
        "||",
        "?",
        ":",
        "has(",
        "size(",
        "min(",
        "label(",
        "date('2026-02-28')",
        "1",
        "9223372036854775807",
        "'a'",
        "\"đ\"",
        "true",
        "text(",
        "join(",
        "years_between(",
        "\\",
        "“",
        "\u{0301}",
    ])
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Absent),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        ".{0,8}".prop_map(Value::Text),
        (-9999_i16..=9999, 1_i8..=12, 1_i8..=28)
            .prop_map(|(year, month, day)| Value::Date(jiff::civil::date(year, month, day))),
        (1800_i16..2200).prop_map(|year| partial(&year.to_string())),
    ];
    plain.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map("name|age|birth_date", inner, 0..3).prop_map(Value::Record),
        ]
    })
}

/// Gives the same value for every name.
struct Anything(Value);

impl Lookup for Anything {
    fn value(&self, path: &Path) -> Value {
        path.rest().iter().fold(&self.0, |value, name| value.part(name)).clone()
    }

    fn label(&self, _: &Path, code: &str) -> Option<String> {
        Some(code.to_owned())
    }

    fn address_text(&self, _: &BTreeMap<String, Value>) -> Option<String> {
        None
    }
}

/// Does a value belong to a type? Absent belongs to all.
fn belongs(value: &Value, kind: &Type) -> bool {
    match (value, kind) {
        (Value::Absent, _) | (_, Type::Unknown) => true,
        (Value::Bool(_), Type::Bool)
        | (Value::Int(_), Type::Int)
        | (Value::Text(_), Type::Text | Type::Choice(_))
        | (Value::Date(_), Type::Date | Type::PartialDate)
        | (Value::PartialDate(_), Type::PartialDate) => true,
        (Value::List(items), Type::List(kind)) => items.iter().all(|item| belongs(item, kind)),
        (Value::Record(_), Type::Record(_)) => true,
        _ => false,
    }
}

proptest! {
    #[test]
    fn the_parser_never_panics(source in ".{0,200}") {
        let _ = parse(&source);
    }

    #[test]
    fn glued_expressions_never_panic_and_evaluation_is_total(
        pieces in prop::collection::vec(piece(), 1..30),
        answer in value(),
    ) {
        if let Ok(expression) = parse(&pieces.concat()) {
            let _ = check(&expression, &scope());
            let _ = eval(&expression, &Anything(answer.clone()));
            let _ = holds(&expression, &Anything(answer));
        }
    }

    #[test]
    fn a_checked_expression_gives_a_value_of_its_type(
        pieces in prop::collection::vec(piece(), 1..9),
    ) {
        if let Ok(expression) = parse(&pieces.concat())
            && let Ok(kind) = check(&expression, &scope())
        {
            let found = eval(&expression, &Sample);
            prop_assert!(belongs(&found, &kind), "{expression}: {found:?} is no {kind}");
        }
    }

    #[test]
    fn what_parses_parses_again_from_its_source(pieces in prop::collection::vec(piece(), 1..9)) {
        if let Ok(expression) = parse(&pieces.concat()) {
            let json = serde_json::to_string(&expression).unwrap();
            prop_assert_eq!(serde_json::from_str::<Expression>(&json).unwrap(), expression);
        }
    }
}
