//! Broken workflows: each broken rule is refused, at the right file and line, and nothing else is
//! blamed.

use super::common::{PROCEDURE, check, check_source, edited, extended, places, sample};
use crate::load;

#[test]
fn every_step_has_an_owner_a_deadline_and_a_legal_basis() {
    let received = |line: &str| {
        let step = "owner = \"desk\"\nlimit = \"2 working-hours\"\nbasis = \"law\"\n";
        edited(sample(), PROCEDURE, step, &step.replace(&format!("{line}\n"), ""))
    };
    let step = "[[step]]\nid = \"received\"";
    check_source(&received("owner = \"desk\""), &[(PROCEDURE, step, "step-without-owner")]);
    check_source(
        &received("limit = \"2 working-hours\""),
        &[(PROCEDURE, step, "step-without-limit")],
    );
    check_source(&received("basis = \"law\""), &[(PROCEDURE, step, "step-without-basis")]);
    check(
        "owner = \"none\"\nportal_state = 9",
        "owner = \"chair\"\nportal_state = 9",
        "owner = \"chair\"\nportal_state = 9",
        "final-with-owner",
    );
    check(
        "owner = \"applicant\"",
        "owner = \"desk\"",
        "owner = \"desk\"\nlimit = \"7",
        "wrong-owner",
    );
}

#[test]
fn the_owner_of_a_step_can_do_something() {
    check(
        "to = \"signing\"\nby = \"clerk\"",
        "to = \"signing\"\nby = \"desk\"",
        "owner = \"clerk\"",
        "owner-cannot-act",
    );
}

#[test]
fn nobody_signs_what_they_prepared() {
    let source = edited(
        sample(),
        PROCEDURE,
        "to = \"done\"\nby = \"chair\"",
        "to = \"done\"\nby = \"clerk\"",
    );
    check_source(&source, &[(PROCEDURE, "by = \"clerk\"\neffects = [\"enter", "same-role-signs")]);
}

#[test]
fn every_step_can_be_reached_and_left() {
    let idle = r#"
[[step]]
id = "idle"
name = "Không ai đến"
citizen_text = "…"
owner = "desk"
limit = "1 working-days"
basis = "law"
portal_state = 4
kind = "working"

[[action]]
id = "leave"
label = "Đi tiếp"
from = ["idle"]
to = "examining"
by = "desk"
"#;
    let dead = extended(sample(), PROCEDURE, idle);
    check_source(&dead, &[(PROCEDURE, r#"id = "idle""#, "unreachable-step")]);
    let trap = idle.replace("to = \"examining\"", "to = \"idle\"");
    let trap = extended(sample(), PROCEDURE, &trap);
    let trap = edited(trap, PROCEDURE, r#"to = "examining""#, r#"to = "idle""#);
    let (_, problems) = load(&trap);
    let found = places(&problems);
    assert!(found.iter().any(|place| place.ends_with("endless-step")), "{found:?}");
    assert!(found.iter().any(|place| place.ends_with("no-result-step")), "{found:?}");
}

#[test]
fn an_end_stays_an_end() {
    check(
        "from = [\"signing\"]\nto = \"examining\"",
        "from = [\"signing\", \"refused\"]\nto = \"examining\"",
        "to = \"examining\"\nby = \"chair\"",
        "final-step-left",
    );
}

#[test]
fn the_clock_is_stopped_resumed_and_finished() {
    let answer = "\"edit-answers\", \"resume-clock\"]";
    let answered = "\"answer\"\nlabel";
    check(", \"resume-clock\"]", "]", answered, "clock");
    check("\"resume-clock\"", "\"stop-clock\"", "\"edit-answers\", \"stop", "clock");
    check(
        answer,
        "\"edit-answers\", \"resume-clock\", \"start-clock\"]",
        "\"start-clock\"]\n\n",
        "clock",
    );
    check("effects = [\"stop-clock\"]\n", "", "id = \"ask\"", "clock");
    check("effects = [\"finish-clock\"]\n", "", "id = \"refuse\"", "clock");
    check("\"sign-results\", \"finish-clock\"", "\"sign-results\"", "id = \"sign\"", "clock");
}

#[test]
fn the_entry_is_prepared_entered_and_signed_in_order() {
    let effects = r#"["enter-register", "sign-results", "finish-clock"]"#;
    check(
        effects,
        r#"["sign-results", "enter-register", "finish-clock"]"#,
        "sign-results",
        "signed-before-entered",
    );
    check(effects, r#"["sign-results", "finish-clock"]"#, "sign-results", "signed-before-entered");
}

#[test]
fn a_result_is_not_ready_before_all_that_was_promised_is_done() {
    let effects = r#"["enter-register", "sign-results", "finish-clock"]"#;
    let sign = "id = \"sign\"";
    check(effects, r#"["enter-register", "finish-clock"]"#, sign, "done-without-outcome");
    check(effects, r#"["finish-clock"]"#, sign, "done-without-outcome");
    check("effects = [\"prepare-entry\"]\n", "", "\"enter-register\"", "enter-unprepared");
    let twice = r#"["enter-register", "enter-register", "sign-results", "finish-clock"]"#;
    check(effects, twice, "\"enter-register\"", "entered-twice");
}

#[test]
fn an_effect_needs_its_object() {
    let extension = "extension = \"3 working-days\"\n";
    let source = edited(sample(), PROCEDURE, extension, "");
    let effects = "effects = [\"request:personal_number\"";
    let source = edited(source, PROCEDURE, effects, &format!("{effects}, \"extend-clock\""));
    check_source(&source, &[(PROCEDURE, "extend-clock", "effect-without-object")]);
    check(
        "effects = [\"finish-clock\"]",
        "effects = [\"finish-clock\", \"amend-register\"]",
        "amend-register",
        "effect-without-object",
    );
}

#[test]
fn only_the_applicant_changes_the_answers() {
    let effects = "effects = [\"prepare-entry\"]";
    check(
        effects,
        "effects = [\"prepare-entry\", \"edit-answers\"]",
        "\"prepare-entry\", \"edit",
        "edit-by-officer",
    );
}
