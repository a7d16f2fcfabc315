//! From answers to the register: drafts, orders to write, changes of what stands.

use dossier::{Command, Event};
use serde_json::{Map, json};

use crate::sample::{
    CHAIR, CITIZEN, CLERK, DESK, Desk, actor, answers, answers_with, birth, entry_ref, faults,
    object, pointed, procedure, submission, with_entry,
};

fn recorded(events: &[Event]) -> &Event {
    events.iter().find(|event| matches!(event, Event::EntryToRecord { .. })).unwrap()
}

#[test]
fn the_draft_is_made_of_the_answers_and_the_replies() {
    let desk = Desk::signing();
    let draft = desk.dossier().draft_entry.clone().unwrap();
    assert_eq!(draft.prepared_by, CLERK);
    assert_eq!(
        json!(draft.fields),
        json!({
            "child_name": "Nguyễn Minh An",
            "child_sex": "female",
            "child_birth_date": "2026-08-20",
            "child_number": "087326000123",
            "mother_name": "Trần Thị Mẫu",
            "mother_birth_date": "1996-03-05",
            "home": { "province": "82", "commune": "30076", "detail": "Ấp Chợ" },
        })
    );
}

#[test]
fn an_officer_mends_the_draft_and_it_is_recorded_where() {
    let mut desk = Desk::examining();
    let changes =
        json!({ "child_name": "Nguyễn  Minh Ân", "mother_birth_date": " ", "child_sex": "female" });
    let events = desk.run(CLERK, with_entry("submit", changes)).unwrap();
    let Event::EntryDrafted { draft, changed_by_officer } = &events[0] else { panic!() };
    assert_eq!(draft.fields["child_name"], "Nguyễn Minh Ân");
    assert!(!draft.fields.contains_key("mother_birth_date"));
    let mut changed = changed_by_officer.clone();
    changed.sort();
    assert_eq!(changed, ["child_name", "mother_birth_date"], "the same value is no change");
}

#[test]
fn an_officer_cannot_write_what_the_register_does_not_have() {
    let desk = Desk::examining();
    let wrong = json!({ "colour": "xanh", "child_name": "x".repeat(2_001), "home": [1] });
    let problems = desk.decide(&actor(CLERK), with_entry("submit", wrong)).unwrap_err();
    let mut found = faults(&problems);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("entry.unknown-field", "entry.colour"),
            ("text.too-long", "entry.child_name"),
            ("text.too-long", "entry.home"),
        ]
    );
}

#[test]
fn signing_orders_the_entry_and_the_papers_and_ends_the_dossier() {
    let mut desk = Desk::signing();
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::EntryToRecord { register, subjects, annotations, by, .. } = recorded(&events) else {
        panic!()
    };
    assert_eq!((register.as_str(), by.account), ("birth", CHAIR));
    assert_eq!(subjects, &["087326000123", "087196001234"], "each person once");
    assert_eq!(annotations, &[], "no marriage was found");
    let Some(Event::ResultsToSign { results, .. }) =
        events.iter().find(|event| matches!(event, Event::ResultsToSign { .. }))
    else {
        panic!()
    };
    let wanted: Vec<(&str, u32)> =
        results.iter().map(|result| (result.result.as_str(), result.copies)).collect();
    assert_eq!(wanted, [("certificate", 1), ("copy", 2)]);
    assert!(matches!(events.last(), Some(Event::Finished { on_time: Some(true), .. })));
    assert!(desk.dossier().entry_awaited);
}

#[test]
fn the_number_of_an_ordered_entry_is_recorded_though_the_dossier_is_over() {
    let mut desk = Desk::done();
    assert_eq!(desk.record_entry().unwrap().len(), 1);
    assert_eq!(desk.dossier().entry, Some(entry_ref()));
    assert!(!desk.dossier().entry_awaited);
    assert_eq!(desk.record_entry().unwrap(), [], "the same again is nothing new");
    let other = dossier::EntryRef { number: "126/2026".to_owned(), ..entry_ref() };
    assert_eq!(desk.refused(&actor(CHAIR), Command::RecordEntry(other)), ["entry.not-awaited"]);
}

#[test]
fn an_entry_found_is_annotated_at_the_same_moment() {
    let mut desk = Desk::signing();
    desk.found = object(json!({ "marriage": { "register": "marriage", "wife_name": "x" } }));
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::EntryToRecord { annotations, .. } = recorded(&events) else { panic!() };
    assert_eq!(annotations.len(), 1);
    assert_eq!(annotations[0].text, "Đã khai sinh con Nguyễn Minh An");
    assert_eq!((annotations[0].lookup.as_str(), annotations[0].ends), ("marriage", false));
    assert_eq!(annotations[0].annotation, "child");
}

#[test]
fn the_register_says_which_kind_of_annotation_ends_an_entry() {
    let mut desk = Desk::signing();
    let mut divorcing = desk.procedure.clone();
    divorcing.entry.as_mut().unwrap().annotate[0].kind = "divorce".to_owned();
    desk.procedure = Box::leak(Box::new(divorcing));
    desk.found = object(json!({ "marriage": { "register": "marriage", "wife_name": "x" } }));
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::EntryToRecord { annotations, .. } = recorded(&events) else { panic!() };
    assert!(annotations[0].ends);
}

#[test]
fn a_version_from_before_there_were_kinds_still_ends_what_it_ended() {
    let mut desk = Desk::signing();
    let mut old = serde_json::to_value(desk.procedure).unwrap();
    let note = &mut old["entry"]["annotate"][0];
    note.as_object_mut().unwrap().remove("kind");
    note["ends"] = json!(true);
    desk.procedure = Box::leak(Box::new(serde_json::from_value(old).unwrap()));
    desk.found = object(json!({ "marriage": { "register": "marriage", "wife_name": "x" } }));
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::EntryToRecord { annotations, .. } = recorded(&events) else { panic!() };
    assert!(annotations[0].ends);
}

#[test]
fn expressions_see_the_applicant_of_the_dossier_whoever_acts() {
    let mut procedure = birth().clone();
    let parse = |text: &str| pack::expr::parse(text).unwrap();
    let entry = procedure.entry.as_mut().unwrap();
    entry.fields.insert("mother_name".to_owned(), parse("applicant.name"));
    let accept = procedure.workflow.actions.iter_mut().find(|action| action.id == "accept");
    accept.unwrap().when = Some(parse("applicant.sex == 'female'"));
    let mut desk = Desk::new(Box::leak(Box::new(procedure)));
    desk.applicant = Some(json!({
        "name": "Lê Thị Nộp", "sex": "female", "number": "087196000001",
    }));
    desk.run(CITIZEN, submission(answers())).unwrap();
    // Who sent it is not at hand any more: an officer acts, and then another.
    desk.applicant = None;
    assert_eq!(
        desk.dossier().applicant_record,
        Some(json!({ "name": "Lê Thị Nộp", "sex": "female" })),
        "what no expression names is not kept"
    );
    desk.act(DESK, "accept").unwrap();
    desk.answer("087326000123").unwrap();
    desk.act(CLERK, "submit").unwrap();
    let draft = desk.dossier().draft_entry.clone().unwrap();
    assert_eq!(draft.fields["mother_name"], "Lê Thị Nộp");
}

#[test]
fn new_answers_make_an_old_draft_void() {
    let mut desk = Desk::signing();
    desk.act_with_note(CHAIR, "return", "Sửa tên.").unwrap();
    desk.act_with_note(CLERK, "back", "Hỏi lại.").unwrap();
    assert!(desk.dossier().draft_entry.is_some());
    let point =
        dossier::Point { field: "child_name".to_owned(), text: "Tên chưa rõ.".to_owned() };
    desk.run(DESK, pointed("ask", vec![point])).unwrap();
    desk.supply(answers_with(json!({ "child_name": "Nguyễn Minh Anh" }))).unwrap();
    assert_eq!(desk.dossier().draft_entry, None);
    desk.act(DESK, "accept").unwrap();
    desk.act(CLERK, "submit").unwrap();
    let fields = &desk.dossier().draft_entry.as_ref().unwrap().fields;
    assert_eq!(fields["child_name"], "Nguyễn Minh Anh");
}

#[test]
fn nothing_is_entered_without_the_draft_that_the_procedure_wants() {
    let mut desk = Desk::signing();
    desk.state.as_mut().unwrap().draft_entry = None;
    assert_eq!(desk.refused(&actor(CHAIR), Command::act("sign")), ["entry.no-draft"]);
}

#[test]
fn an_entry_is_ordered_once() {
    let mut desk = Desk::signing();
    desk.state.as_mut().unwrap().entry_awaited = true;
    assert_eq!(desk.refused(&actor(CHAIR), Command::act("sign")), ["entry.twice"]);
}

// ------------------------------------------------------------------ corrections

fn correction(changes: serde_json::Value) -> Desk {
    let mut desk = Desk::new(procedure("correction"));
    let answers =
        object(json!({ "number": 125, "year": 2026, "changes": changes, "reason": "Ghi nhầm." }));
    desk.run(CITIZEN, submission(answers)).unwrap();
    desk.act(CLERK, "submit").unwrap();
    desk.found =
        object(json!({ "original": { "register": "birth", "child_name": "Nguyễn Văn Nhầm" } }));
    desk
}

#[test]
fn a_correction_orders_the_changes_of_its_rows() {
    let mut desk = correction(json!([
        { "field": "child_name", "value": "Nguyễn Văn Đúng" },
        { "field": "mother_name", "value": "Trần Thị Mẫu" },
    ]));
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::AmendmentToRecord { lookup, changes, reason, basis_paper, .. } = &events[0] else {
        panic!("{events:#?}")
    };
    assert_eq!(lookup, "original");
    assert_eq!(
        json!(changes),
        json!({ "child_name": "Nguyễn Văn Đúng", "mother_name": "Trần Thị Mẫu" })
    );
    assert_eq!((reason.as_str(), basis_paper.as_str()), ("Ghi nhầm.", "tờ khai ngày 28/08/2026"));
    assert!(desk.dossier().entry_awaited);
}

#[test]
fn a_field_is_corrected_once_and_only_where_the_register_lets_it() {
    let desk = correction(json!([
        { "field": "child_name", "value": "Một Hai" },
        { "field": "child_name", "value": "Ba Bốn" },
        { "field": "child_sex", "value": "Nữ" },
    ]));
    let problems = desk.decide(&actor(CHAIR), Command::act("sign")).unwrap_err();
    assert_eq!(
        faults(&problems),
        [("entry.change-twice", "changes.1.field"), ("entry.not-amendable", "changes.2.field")]
    );
}

#[test]
fn a_correction_of_an_address_takes_the_address_of_its_row() {
    let home = json!({ "province": "82", "commune": "30076", "detail": "Ấp Mới" });
    let mut desk = correction(json!([{ "field": "home", "place": home }]));
    let events = desk.act(CHAIR, "sign").unwrap();
    let Event::AmendmentToRecord { changes, .. } = &events[0] else { panic!("{events:#?}") };
    assert_eq!(changes["home"], home);
}

#[test]
fn a_correction_needs_the_entry_that_it_corrects() {
    let mut desk = correction(json!([{ "field": "child_name", "value": "Nguyễn Văn Đúng" }]));
    desk.found = Map::new();
    assert_eq!(desk.refused(&actor(CHAIR), Command::act("sign")), ["entry.not-found"]);
}

#[test]
fn where_nothing_is_drafted_the_one_who_submits_does_not_sign() {
    let desk = correction(json!([{ "field": "child_name", "value": "Nguyễn Văn Đúng" }]));
    assert_eq!(desk.dossier().draft_entry, None);
    let both = dossier::Actor { roles: ["chair".to_owned()].into(), ..actor(CLERK) };
    assert_eq!(desk.refused(&both, Command::act("sign")), ["action.four-eyes"]);
}

#[test]
fn a_dossier_keeps_what_its_entry_was_made_of() {
    // The answers stay as they were sent, whatever the officer wrote into the register.
    let mut desk = Desk::examining();
    desk.run(CLERK, with_entry("submit", json!({ "child_name": "Nguyễn Minh Ân" }))).unwrap();
    desk.act(CHAIR, "sign").unwrap();
    assert_eq!(desk.dossier().answers["child_name"], answers()["child_name"]);
    assert_eq!(desk.procedure, birth());
}
