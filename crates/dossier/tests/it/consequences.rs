//! What actions do: the clock, other systems, approvals, the end.

use dossier::findings::CheckOutcome;
use dossier::{Actor, Command, Event, Outcome, RequestState};
use kernel::id::AccountId;
use serde_json::json;

use crate::sample::{
    CHAIR, CITIZEN, CLERK, DESK, Desk, STRANGER, actor, answers, answers_with, at, birth, document,
    entry_ref, faults, kinds, noted, submission,
};

#[test]
fn the_clock_stands_while_the_applicant_is_waited_for() {
    let mut desk = Desk::submitted();
    let due = desk.dossier().clock.as_ref().unwrap().due;
    let events = desk.ask().unwrap();
    assert_eq!(kinds(&events), ["clock-stopped", "slip-issued", "moved"]);
    assert!(!desk.dossier().clock_runs());
    desk.now = at("2026-09-07 09:00");
    desk.supply(answers()).unwrap();
    let clock = desk.dossier().clock.clone().unwrap();
    assert!(desk.dossier().clock_runs());
    assert!(clock.due > due, "{:?}", clock.due);
}

#[test]
fn an_extension_is_given_once() {
    let mut desk = Desk::examining();
    let due = desk.dossier().clock.as_ref().unwrap().due;
    let events = desk.act_with_note(CLERK, "extend", "Cần xác minh nơi sinh.").unwrap();
    assert_eq!(kinds(&events), ["clock-extended", "slip-issued", "moved"]);
    assert!(desk.dossier().clock.as_ref().unwrap().due > due);
    let problems = desk.decide(&actor(CLERK), noted("extend", "Lần nữa.")).unwrap_err();
    assert_eq!(faults(&problems), [("clock.no-extension", "")]);
    assert!(problems[0].message.contains("gia hạn một lần"), "{}", problems[0].message);
}

#[test]
fn being_late_is_recorded_and_so_is_being_in_time() {
    let finish = |now: &str| {
        let mut desk = Desk::signing();
        desk.now = at(now);
        desk.act(CHAIR, "sign").unwrap();
        desk.dossier().on_time
    };
    assert_eq!(finish("2026-09-04 17:00"), Some(true));
    assert_eq!(finish("2026-09-04 17:01"), Some(false));
}

#[test]
fn a_final_step_has_no_running_clock_whatever_the_content_forgets() {
    let mut procedure = birth().clone();
    for action in &mut procedure.workflow.actions {
        action.effects.retain(|effect| *effect != pack::model::Effect::FinishClock);
    }
    let mut desk = Desk::submitted();
    desk.procedure = Box::leak(Box::new(procedure));
    let events = desk.act(CITIZEN, "withdraw").unwrap();
    assert_eq!(kinds(&events), ["moved", "clock-finished", "finished"]);
    assert!(!desk.dossier().clock_runs());
}

#[test]
fn another_system_is_asked_once_unless_it_failed() {
    let mut desk = Desk::submitted();
    let events = desk.act(DESK, "accept").unwrap();
    let Event::RequestSent { service, parameters, .. } = &events[0] else { panic!() };
    assert_eq!(service, "population.personal-number");
    let sent = json!({ "name": "Nguyễn Minh An", "birth_date": "2026-08-20" });
    assert_eq!(json!(parameters), sent, "what is absent is not sent");
    assert_eq!(kinds(&desk.act(CLERK, "ask-number").unwrap()), ["moved"], "still waiting");
    let failed = RequestState::Failed("hết thời gian chờ".to_owned());
    let request = "personal_number".to_owned();
    desk.run(STRANGER, Command::RecordAnswer { request, result: failed }).unwrap();
    assert_eq!(kinds(&desk.act(CLERK, "ask-number").unwrap()), ["request-sent", "moved"]);
    desk.answer("087326000123").unwrap();
    assert_eq!(kinds(&desk.act(CLERK, "ask-number").unwrap()), ["moved"], "answered");
}

#[test]
fn an_answer_is_recorded_once_and_never_replaced() {
    let mut desk = Desk::examining();
    assert_eq!(desk.answer("087326000123").unwrap(), []);
    let record =
        |request: &str, result| Command::RecordAnswer { request: request.to_owned(), result };
    let other = record("personal_number", RequestState::Answered("087326000999".to_owned()));
    assert_eq!(desk.refused(&actor(STRANGER), other), ["request.answered"]);
    let failed = record("personal_number", RequestState::Failed("x".to_owned()));
    assert_eq!(desk.refused(&actor(STRANGER), failed), ["request.answered"]);
    let unknown = record("weather", RequestState::Answered("x".to_owned()));
    assert_eq!(desk.refused(&actor(STRANGER), unknown), ["request.unknown"]);
    let mut early = Desk::submitted();
    assert!(early.answer("087326000123").is_err(), "not asked yet");
    early.act(DESK, "accept").unwrap();
    let blank = record("personal_number", RequestState::Answered("  ".to_owned()));
    assert_eq!(early.refused(&actor(STRANGER), blank), ["request.no-answer"]);
    let pending = record("personal_number", RequestState::Pending);
    assert_eq!(early.decide(&actor(STRANGER), pending).unwrap(), [], "nothing new");
}

#[test]
fn nobody_signs_what_they_drafted() {
    let desk = Desk::signing();
    let both = Actor { roles: ["chair".to_owned(), "clerk".to_owned()].into(), ..actor(CLERK) };
    let problems = desk.decide(&both, Command::act("sign")).unwrap_err();
    assert_eq!(faults(&problems), [("action.four-eyes", "")]);
    assert!(desk.decide(&actor(CHAIR), Command::act("sign")).is_ok());
}

#[test]
fn nobody_signs_what_they_applied_for() {
    let desk = Desk::signing();
    let own = Actor { roles: ["chair".to_owned()].into(), ..actor(CITIZEN) };
    assert_eq!(desk.refused(&own, Command::act("sign")), ["action.four-eyes"]);
}

#[test]
fn a_draft_made_anew_by_another_counts_for_the_other() {
    let mut desk = Desk::signing();
    desk.act_with_note(CHAIR, "return", "Sửa tên.").unwrap();
    let second = AccountId::from_raw(33);
    let clerk = Actor { roles: ["clerk".to_owned()].into(), ..actor(second) };
    desk.run_as(&clerk, Command::act("submit")).unwrap();
    assert_eq!(desk.dossier().draft_entry.as_ref().unwrap().prepared_by, second);
    let first = Actor { roles: ["chair".to_owned()].into(), ..actor(CLERK) };
    assert!(desk.decide(&first, Command::act("sign")).is_ok());
    let second = Actor { roles: ["chair".to_owned()].into(), ..clerk };
    assert_eq!(desk.refused(&second, Command::act("sign")), ["action.four-eyes"]);
}

#[test]
fn an_approval_needs_its_checks_made_and_held() {
    let mut desk = Desk::signing();
    desk.check("mother-alive", CheckOutcome::Fails);
    let problems = desk.decide(&actor(CHAIR), Command::act("sign")).unwrap_err();
    assert_eq!(faults(&problems), [("check.failed", "mother.number")]);
    desk.check("mother-alive", CheckOutcome::Unknown);
    assert_eq!(desk.refused(&actor(CHAIR), Command::act("sign")), ["check.not-made"]);
    desk.checks.clear();
    let both = ["check.not-made", "check.not-made"];
    assert_eq!(desk.refused(&actor(CHAIR), Command::act("sign")), both);
}

#[test]
fn a_check_that_only_advises_or_is_not_due_stops_nothing() {
    let mut desk = Desk::signing();
    desk.check("mother-known", CheckOutcome::Fails);
    assert!(desk.decide(&actor(CHAIR), Command::act("sign")).is_ok());
    let mut mother = answers()["mother"].clone();
    mother.as_object_mut().unwrap().remove("number");
    let mut desk = Desk::new(birth());
    desk.checks.retain(|result| result.check == "already");
    desk.run(CITIZEN, submission(answers_with(json!({ "mother": mother })))).unwrap();
    desk.act(DESK, "accept").unwrap();
    desk.answer("087326000123").unwrap();
    desk.act(CLERK, "submit").unwrap();
    assert!(desk.act(CHAIR, "sign").is_ok(), "without a number nobody can be asked");
}

#[test]
fn what_is_over_stays_over() {
    for (slip, end) in [("withdraw", Outcome::Stopped), ("refuse", Outcome::Refused)] {
        let mut desk = Desk::submitted();
        let (who, command) = match end {
            Outcome::Refused => (DESK, noted(slip, "Không thuộc thẩm quyền.")),
            _ => (CITIZEN, Command::act(slip)),
        };
        desk.run(who, command).unwrap();
        assert_eq!(desk.dossier().outcome, Some(end));
        for action in birth().workflow.actions.iter() {
            for who in [CITIZEN, DESK, CLERK, CHAIR] {
                assert!(desk.decide(&actor(who), noted(&action.id, "x")).is_err(), "{}", action.id);
            }
        }
        let assign = Command::Assign { to: Some(CLERK) };
        assert_eq!(desk.refused(&actor(DESK), assign), ["dossier.finished"]);
        let late = RequestState::Answered("087326000123".to_owned());
        let late = Command::RecordAnswer { request: "personal_number".to_owned(), result: late };
        assert_eq!(desk.refused(&actor(STRANGER), late), ["dossier.finished"]);
        assert_eq!(
            desk.refused(&actor(CHAIR), Command::RecordEntry(entry_ref())),
            ["entry.not-awaited"]
        );
        let paper = Command::RecordDocument(document(80));
        assert_eq!(kinds(&desk.run(CHAIR, paper).unwrap()), ["document-recorded"]);
    }
}

#[test]
fn a_result_is_handed_over_after_the_end_and_changes_no_outcome() {
    let mut desk = Desk::done();
    let (finished_at, on_time) = (desk.dossier().finished_at, desk.dossier().on_time);
    desk.now = at("2026-09-08 09:00");
    let events = desk.act(DESK, "deliver").unwrap();
    assert_eq!(kinds(&events), ["delivered", "moved"]);
    let dossier = desk.dossier();
    assert_eq!((dossier.finished_at, dossier.on_time), (finished_at, on_time));
    assert_eq!(dossier.delivered_at, Some(at("2026-09-08 09:00")));
    assert_eq!(dossier.step, "delivered");
}

#[test]
fn a_paper_is_recorded_once() {
    let mut desk = Desk::done();
    assert_eq!(desk.run(CHAIR, Command::RecordDocument(document(80))).unwrap().len(), 1);
    assert_eq!(desk.run(CHAIR, Command::RecordDocument(document(80))).unwrap(), []);
    assert_eq!(desk.dossier().documents.len(), 1);
}

#[test]
fn the_applicant_rates_once_after_the_end() {
    let mut desk = Desk::submitted();
    let rate = |score| Command::Rate { score, comment: " Tốt \n".to_owned() };
    assert_eq!(desk.refused(&actor(CITIZEN), rate(5)), ["rating.too-early"]);
    desk = Desk::done();
    assert_eq!(desk.refused(&actor(CLERK), rate(9)), ["rating.not-yours", "rating.score"]);
    assert_eq!(desk.refused(&actor(CITIZEN), rate(0)), ["rating.score"]);
    desk.run(CITIZEN, rate(5)).unwrap();
    let rating = desk.dossier().rating.clone().unwrap();
    assert_eq!((rating.score, rating.comment.as_str()), (5, "Tốt"));
    assert_eq!(desk.refused(&actor(CITIZEN), rate(1)), ["rating.twice"]);
}

#[test]
fn the_officer_in_charge_is_named_by_those_who_work_on_it() {
    let mut desk = Desk::submitted();
    let assign = |to| Command::Assign { to };
    assert_eq!(desk.refused(&actor(CITIZEN), assign(Some(CITIZEN))), ["assign.not-yours"]);
    desk.run(DESK, assign(Some(CLERK))).unwrap();
    assert_eq!(desk.dossier().assigned_to, Some(CLERK));
    assert_eq!(desk.run(DESK, assign(Some(CLERK))).unwrap(), []);
    desk.act(DESK, "accept").unwrap();
    assert_eq!(desk.dossier().assigned_to, Some(CLERK), "stays in charge");
    desk.run(CHAIR, assign(None)).unwrap();
    assert_eq!(desk.dossier().assigned_to, None);
}
