//! Whatever a file holds or a person answers, nothing panics.

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::common::{PROCEDURE, sample, sample_content, text};
use crate::expr::{self, Expression};
use crate::model::Procedure;
use crate::{Content, Facts, load};

fn any_json() -> impl Strategy<Value = Json> {
    let plain = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "(19|20)[0-9]{2}(-[01][0-9](-[0-3][0-9])?)?".prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
    ];
    plain.prop_recursive(3, 24, 5, |inner| {
        let key = "name|birth_date|residence|number|province|full_name|relation|register|child_sex";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(key, inner, 0..5)
                .prop_map(|parts| Json::Object(parts.into_iter().collect())),
        ]
    })
}

fn answers(names: &'static str) -> impl Strategy<Value = Map<String, Json>> {
    prop::collection::btree_map(names, any_json(), 0..10)
        .prop_map(|parts| parts.into_iter().collect())
}

/// Every expression of a procedure, by way of its JSON: an expression is what parses there.
fn expressions(procedure: &Procedure) -> Vec<Expression> {
    let mut waiting = vec![serde_json::to_value(procedure).unwrap()];
    let mut found = Vec::new();
    while let Some(json) = waiting.pop() {
        match json {
            Json::Object(parts) => waiting.extend(parts.into_iter().map(|(_, inner)| inner)),
            Json::Array(items) => waiting.extend(items),
            Json::String(text) => found.extend(expr::parse(&text).ok()),
            _ => {}
        }
    }
    found
}

fn content() -> &'static (Content, Vec<Expression>) {
    static CONTENT: std::sync::OnceLock<(Content, Vec<Expression>)> = std::sync::OnceLock::new();
    CONTENT.get_or_init(|| {
        let content = sample_content();
        let found = content.procedures.iter().flat_map(|procedure| expressions(procedure));
        let found = found.collect();
        (content, found)
    })
}

proptest! {
    #[test]
    fn evaluation_is_total_on_arbitrary_answers(
        answers in answers("child_name|child_sex|child_birth_date|late|copies|notice|mother|witnesses"),
        extra in answers("answer|found|count|first|known|person|name_matches"),
        applicant in any_json(),
    ) {
        let (content, expressions) = content();
        let procedure = content.procedures.first().unwrap();
        let facts = Facts {
            content,
            form: &procedure.form,
            answers: &answers,
            row: None,
            filed_on: date(2026, 11, 22),
            applicant: Some(&applicant),
            extra: &extra,
        };
        for expression in expressions {
            let value = expr::eval(expression, &facts);
            // A value is JSON again, and a rule is decided one way or the other.
            let _ = (value.to_json(), expr::holds(expression, &facts));
        }
    }

    #[test]
    fn loading_never_panics_on_a_damaged_file(
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        put in "[\\[\\]{}\"'=.#a-z0-9\n(,>ơ-]{0,6}",
    ) {
        let before = text(&sample(), PROCEDURE);
        let letters: Vec<char> = before.chars().collect();
        let start = at.index(letters.len());
        let end = (start + length).min(letters.len());
        let damaged: String =
            letters[..start].iter().copied().chain(put.chars()).chain(letters[end..].iter().copied()).collect();
        let (content, problems) = load(&sample().with(PROCEDURE, damaged));
        prop_assert_eq!(content.is_none(), problems.iter().any(|problem| problem.is_error()));
        for problem in problems {
            prop_assert!(problem.line > 0 && problem.column > 0 && !problem.message.is_empty());
        }
    }
}
