//! What sending begins, and what keeps it from beginning.

use dossier::findings::CheckOutcome;
use dossier::{APPLICANT, Command, Event};
use serde_json::json;

use crate::sample::{
    CITIZEN, DESK, Desk, actor, answers, answers_with, at, birth, faults, kinds, submission,
};

#[test]
fn sending_begins_the_dossier_starts_the_clock_and_issues_the_receipt() {
    let desk = Desk::submitted();
    assert_eq!(kinds(&desk.events), ["submitted", "clock-started", "slip-issued"]);
    let dossier = desk.dossier();
    assert_eq!((dossier.step.as_str(), dossier.revision), ("received", 3));
    assert_eq!(dossier.answers["late"], false, "computed answers are kept");
    assert_eq!(dossier.submitted_at, at("2026-08-28 09:00"));
    let clock = dossier.clock.as_ref().unwrap();
    // Three working days: Monday is a holiday, Wednesday too.
    assert_eq!(clock.due, at("2026-09-04 17:00"));
    assert!(clock.derivation.len() >= 3, "{:#?}", clock.derivation);
    assert_eq!(dossier.slip_counts["receipt"], 1);
}

#[test]
fn a_form_that_is_wrong_begins_nothing_and_says_everything() {
    let desk = Desk::new(birth());
    let wrong = answers_with(json!({ "child_name": "", "copies": 99, "x": 1 }));
    let problems = desk.decide(&actor(CITIZEN), submission(wrong)).unwrap_err();
    assert_eq!(
        faults(&problems),
        [("field.required", "child_name"), ("number.too-large", "copies"), ("field.unknown", "x"),]
    );
}

#[test]
fn a_procedure_takes_no_dossier_before_its_first_day() {
    let mut desk = Desk::new(birth());
    desk.now = at("2025-06-30 09:00");
    let early = answers_with(json!({ "child_birth_date": "2025-06-20" }));
    let refused = desk.refused(&actor(CITIZEN), submission(early));
    assert_eq!(refused, ["procedure.not-in-force"]);
}

#[test]
fn a_failing_block_refuses_the_filing_at_its_field_but_silence_does_not() {
    let mut desk = Desk::new(birth());
    desk.check("already", CheckOutcome::Fails);
    let problems = desk.decide(&actor(CITIZEN), submission(answers())).unwrap_err();
    assert_eq!(faults(&problems), [("check.failed", "child_name")]);
    assert_eq!(problems[0].message, "Trẻ này đã có trong sổ.");
    desk.check("already", CheckOutcome::Unknown);
    desk.check("mother-alive", CheckOutcome::Fails);
    assert!(desk.decide(&actor(CITIZEN), submission(answers())).is_ok());
}

#[test]
fn a_dossier_is_sent_once_and_nothing_is_done_to_one_that_is_not_there() {
    let desk = Desk::submitted();
    assert_eq!(desk.refused(&actor(CITIZEN), submission(answers())), ["dossier.exists"]);
    let nobody = Desk::new(birth());
    assert_eq!(nobody.refused(&actor(DESK), Command::act("accept")), ["dossier.none"]);
}

#[test]
fn the_one_who_sends_is_recorded_in_their_role() {
    let by = |account| {
        let mut desk = Desk::new(birth());
        let events = desk.run(account, submission(answers())).unwrap();
        let Event::Submitted(submitted) = &events[0] else { panic!() };
        submitted.by.role.clone()
    };
    assert_eq!(by(CITIZEN), APPLICANT);
    assert_eq!(by(DESK), "desk");
}
