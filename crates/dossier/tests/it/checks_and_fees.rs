//! Questions to registers and to the population data, what the replies say, and what it costs.

use dossier::fees;
use dossier::findings::{CheckOutcome, Question, judge, lookups, questions};
use kernel::money::Dong;
use serde_json::{Value, json};

use crate::sample::{answers, answers_with, birth, object, procedure, with_facts, with_form};

fn outcome(check: &str, reply: Value) -> CheckOutcome {
    let check = birth().checks.iter().find(|known| known.id == check).unwrap();
    with_facts(birth(), &answers(), reply, |facts| judge(check, facts).outcome)
}

#[test]
fn an_entry_is_looked_for_by_what_the_answers_give() {
    let found = with_facts(birth(), &answers(), json!({}), |facts| lookups(birth(), facts));
    assert_eq!((found[0].id.as_str(), found[0].register.as_str()), ("marriage", "marriage"));
    let wanted = json!({ "wife_number": "087196001234", "wife_name": "Trần Thị Mẫu" });
    assert_eq!(json!(found[0].matches), wanted);
    let nobody = answers_with(json!({ "mother": { "name": "Trần Thị Mẫu" } }));
    let found = with_facts(birth(), &nobody, json!({}), |facts| lookups(birth(), facts));
    assert_eq!(found, [], "its condition does not hold");
}

#[test]
fn an_entry_may_be_looked_for_in_one_of_several_ways() {
    let correction = procedure("correction");
    let look = |answers: Value| {
        let answers = object(answers);
        with_facts(correction, &answers, json!({}), |facts| lookups(correction, facts))
    };
    let by_number = look(json!({ "number": 125, "year": 2026 }));
    assert_eq!(json!(by_number[0].matches), json!({ "number": 125, "year": 2026 }));
    let by_person = look(json!({ "subject": "087326000123" }));
    assert_eq!(json!(by_person[0].matches), json!({ "subject": "087326000123" }));
    assert_eq!(look(json!({})), [], "nothing to look for finds nothing");
}

#[test]
fn a_comparison_is_due_only_when_all_of_it_is_known() {
    let asked = |answers: &dossier::Answers| {
        with_facts(birth(), answers, json!({}), |facts| {
            let questions = questions(birth(), facts);
            questions.iter().map(|question| question.check().to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(asked(&answers()), ["already", "mother-alive", "mother-known"]);
    let gap = answers_with(json!({ "child_birth_date": null, "mother": { "name": "Mẫu" } }));
    assert_eq!(asked(&gap), ["mother-known"], "a gap must not match somebody else");
    assert_eq!(asked(&answers_with(json!({ "mother": null }))), ["already"]);
}

#[test]
fn the_population_data_are_asked_about_the_person_as_typed() {
    let questions = with_facts(birth(), &answers(), json!({}), |facts| questions(birth(), facts));
    let Some(Question::Population { person, .. }) = questions.last() else { panic!() };
    assert_eq!(person, &answers()["mother"]);
}

#[test]
fn a_check_fails_only_when_the_reply_contradicts_it() {
    assert_eq!(outcome("already", json!({ "count": 0 })), CheckOutcome::Holds);
    assert_eq!(outcome("already", json!({ "count": 1 })), CheckOutcome::Fails);
    assert_eq!(
        outcome("mother-alive", json!({ "known": true, "alive": false })),
        CheckOutcome::Fails
    );
    assert_eq!(outcome("mother-alive", json!({ "known": false })), CheckOutcome::Holds);
    assert_eq!(outcome("mother-alive", json!({})), CheckOutcome::Holds, "nothing is known");
    let check = birth().checks.iter().find(|check| check.id == "already").unwrap();
    let result =
        with_facts(birth(), &answers(), json!({ "count": 1 }), |facts| judge(check, facts));
    assert_eq!(
        (result.message.as_str(), &result.fields),
        ("Trẻ này đã có trong sổ.", &vec!["child_name".to_owned()])
    );
}

fn bill(changes: Value) -> Vec<(String, Dong)> {
    let lines = with_form(|ctx| {
        let checked = dossier::form::check(&birth().form, &answers_with(changes), ctx, false);
        fees(birth(), &checked.answers, ctx)
    });
    lines.into_iter().map(|line| (line.text, line.amount)).collect()
}

#[test]
fn of_each_fee_the_first_that_applies_counts() {
    let on_time = ("Đăng ký đúng hạn: miễn lệ phí".to_owned(), Dong::ZERO);
    let copies = ("8.000 đồng một bản".to_owned(), Dong::new(16_000));
    assert_eq!(bill(json!({})), [on_time.clone(), copies.clone()]);
    let late = ("Đăng ký quá hạn".to_owned(), Dong::new(8_000));
    assert_eq!(bill(json!({ "child_birth_date": "2026-01-05" })), [late, copies]);
    assert_eq!(bill(json!({ "copies": null })), [on_time]);
}
