//! Who may do what at which step, what must come with it, and what they are offered.

use dossier::findings::CheckOutcome;
use dossier::{APPLICANT, Actor, Answers, Command, Event, offered_actions};
use serde_json::json;

use crate::sample::{
    CHAIR, CITIZEN, CLERK, DESK, Desk, STRANGER, actor, answers, answers_with, at, birth, faults,
    kinds, noted, point, pointed, submission, with_answers, with_entry,
};

#[test]
fn a_case_with_a_limit_of_its_own_is_counted_by_it() {
    let due = |when: &str| {
        let mut procedure = birth().clone();
        procedure.time.cases = vec![pack::model::TimeCase {
            when: pack::expr::parse(when).unwrap(),
            limit: kernel::calendar::Limit::WorkingDays(9),
            basis: String::new(),
        }];
        let mut desk = Desk::new(Box::leak(Box::new(procedure)));
        desk.run(CITIZEN, submission(answers())).unwrap();
        desk.dossier().clock.clone().unwrap().limit
    };
    assert_eq!(due("child_sex == 'female'"), kernel::calendar::Limit::WorkingDays(9));
    assert_eq!(due("child_sex == 'male'"), birth().time.limit);
}

#[test]
fn an_action_belongs_to_its_role_and_its_step() {
    let desk = Desk::submitted();
    assert_eq!(desk.refused(&actor(CLERK), Command::act("accept")), ["action.not-yours"]);
    assert_eq!(desk.refused(&actor(CITIZEN), Command::act("accept")), ["action.not-yours"]);
    assert_eq!(desk.refused(&actor(CLERK), Command::act("submit")), ["action.not-here"]);
    assert_eq!(desk.refused(&actor(DESK), Command::act("burn")), ["action.unknown"]);
}

#[test]
fn the_applicants_actions_are_the_applicants_alone() {
    let desk = Desk::submitted();
    assert_eq!(desk.refused(&actor(STRANGER), Command::act("withdraw")), ["action.not-yours"]);
    let pretender = Actor { roles: [APPLICANT.to_owned()].into(), ..actor(STRANGER) };
    assert_eq!(desk.refused(&pretender, Command::act("withdraw")), ["action.not-yours"]);
    assert!(desk.decide(&actor(CITIZEN), Command::act("withdraw")).is_ok());
}

#[test]
fn an_officer_at_the_desk_may_act_for_the_applicant_who_stands_there() {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    let officer = Actor { acting_for: Some(CITIZEN), ..actor(DESK) };
    let events = desk.run_as(&officer, with_answers("supply", answers())).unwrap();
    let Some(Event::Moved { by, .. }) = events.last() else { panic!() };
    assert_eq!((by.account, by.role.as_str()), (DESK, APPLICANT));
    let for_another = Actor { acting_for: Some(STRANGER), ..actor(DESK) };
    let refused = desk.refused(&for_another, Command::act("withdraw"));
    assert_eq!(refused, ["action.not-yours"]);
}

#[test]
fn a_condition_that_does_not_hold_gives_its_reason() {
    let mut desk = Desk::submitted();
    desk.act(DESK, "accept").unwrap();
    let problems = desk.decide(&actor(CLERK), Command::act("submit")).unwrap_err();
    assert_eq!(faults(&problems), [("action.not-now", "")]);
    assert_eq!(problems[0].message, "Chưa có số định danh cá nhân của trẻ.");
    desk.answer("087326000123").unwrap();
    assert!(desk.act(CLERK, "submit").is_ok());
}

#[test]
fn papers_are_asked_for_once() {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    desk.supply(answers()).unwrap();
    let again = pointed("ask", vec![point("", "Thiếu nữa.")]);
    let problems = desk.decide(&actor(DESK), again).unwrap_err();
    assert_eq!(faults(&problems), [("action.too-often", "")]);
    assert_eq!(
        problems[0].message,
        "Việc “Yêu cầu bổ sung” chỉ được thực hiện một lần cho mỗi hồ sơ."
    );
}

#[test]
fn a_note_that_must_be_given_is_asked_for_by_its_name() {
    let desk = Desk::submitted();
    for empty in [Command::act("refuse"), noted("refuse", " \n\t ")] {
        let problems = desk.decide(&actor(DESK), empty).unwrap_err();
        assert_eq!(faults(&problems), [("note.required", "note")]);
        assert_eq!(problems[0].message, "Hãy nhập lý do từ chối.");
    }
    let long = noted("refuse", &"x".repeat(4_001));
    assert_eq!(desk.refused(&actor(DESK), long), ["text.too-long"]);
    assert_eq!(desk.refused(&actor(DESK), noted("accept", "Xin chào")), ["note.not-asked"]);
}

#[test]
fn points_name_fields_of_the_form_and_say_what_to_do() {
    let desk = Desk::submitted();
    let ask = |points| desk.decide(&actor(DESK), pointed("ask", points));
    assert_eq!(faults(&ask(Vec::new()).unwrap_err()), [("points.required", "points")]);
    let wrong = vec![point("notice", " "), point("colour", "Xanh"), point("", &"x".repeat(1_001))];
    assert_eq!(
        faults(&ask(wrong).unwrap_err()),
        [
            ("points.no-text", "points.0.text"),
            ("points.unknown-field", "points.1.field"),
            ("text.too-long", "points.2.text"),
        ]
    );
    let right =
        vec![point("mother.birth_date", "a"), point("child", "b"), point("", "c"), point("", "")];
    let events = ask(right).unwrap();
    let Some(Event::Moved { points, .. }) = events.last() else { panic!() };
    assert_eq!(points.len(), 3, "a blank point is none");
    let many = vec![point("", "x"); 51];
    assert_eq!(faults(&ask(many).unwrap_err()), [("points.too-many", "points")]);
    let unasked = pointed("accept", vec![point("", "x")]);
    assert_eq!(desk.refused(&actor(DESK), unasked), ["points.not-asked"]);
}

#[test]
fn answers_and_entry_are_only_taken_where_they_belong() {
    let desk = Desk::submitted();
    let accept = with_answers("accept", answers());
    assert_eq!(desk.refused(&actor(DESK), accept), ["answers.not-asked"]);
    let accept = with_entry("accept", json!({ "child_name": "Khác Đi" }));
    assert_eq!(desk.refused(&actor(DESK), accept), ["entry.not-asked"]);
}

#[test]
fn new_answers_are_checked_whole_and_replace_the_old_ones() {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    assert_eq!(desk.refused(&actor(CITIZEN), Command::act("supply")), ["answers.required"]);
    let wrong = with_answers("supply", Answers::new());
    assert!(desk.refused(&actor(CITIZEN), wrong).len() > 5);
    let before = desk.dossier().answers.clone();
    let events = desk.supply(answers_with(json!({ "copies": 3, "phone": null }))).unwrap();
    let Event::AnswersReplaced { changed, .. } = &events[0] else { panic!("{events:#?}") };
    assert_eq!(changed, &["copies", "phone"]);
    assert_ne!(desk.dossier().answers, before);
    assert_eq!(desk.dossier().answers["copies"], 3);
}

#[test]
fn the_same_answers_again_replace_nothing() {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    assert_eq!(kinds(&desk.supply(answers()).unwrap()), ["clock-resumed", "moved"]);
}

#[test]
fn a_paper_of_today_may_be_supplied_to_a_dossier_of_last_week() {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    desk.now = at("2026-09-03 09:00");
    let moved_in = answers_with(json!({ "mother_moved_in": "1/9/2026" }));
    assert!(desk.supply(moved_in).is_ok());
}

#[test]
fn a_note_inside_the_office_is_not_for_the_applicant() {
    let mut desk = Desk::examining();
    desk.act_with_note(CLERK, "back", "Bản chụp mờ, hỏi lại.").unwrap();
    assert_eq!(desk.dossier().last_note, None);
    desk.run(DESK, pointed("ask", vec![point("notice", "Chụp lại cho rõ.")])).unwrap();
    let note = desk.dossier().last_note.clone().unwrap();
    assert_eq!((note.action.as_str(), note.points.len()), ("ask", 1));
}

#[test]
fn everyone_sees_their_own_buttons_with_the_reason_where_one_is_shut() {
    let buttons = |desk: &Desk, account| {
        desk.with(&actor(account), |ctx| {
            let offered = offered_actions(ctx, desk.dossier());
            let button =
                |offer: &dossier::OfferedAction<'_>| (offer.action.id.clone(), offer.allowed);
            offered.iter().map(button).collect::<Vec<_>>()
        })
    };
    let named = |list: &[(&str, bool)]| {
        list.iter().map(|(id, open)| ((*id).to_owned(), *open)).collect::<Vec<_>>()
    };
    let mut desk = Desk::submitted();
    assert_eq!(buttons(&desk, DESK), named(&[("accept", true), ("ask", true), ("refuse", true)]));
    assert_eq!(buttons(&desk, CITIZEN), named(&[("withdraw", true)]));
    assert_eq!(buttons(&desk, STRANGER), []);
    desk.act(DESK, "accept").unwrap();
    let clerks = [("submit", false), ("extend", true), ("ask-number", true), ("back", true)];
    assert_eq!(buttons(&desk, CLERK), named(&clerks));
    let done = Desk::done();
    assert_eq!(buttons(&done, DESK), named(&[("deliver", true)]));
    assert_eq!(buttons(&done, CITIZEN), []);
    let why = desk.with(&actor(CLERK), |ctx| {
        offered_actions(ctx, desk.dossier()).swap_remove(0).why_not.unwrap()
    });
    assert_eq!(why, "Chưa có số định danh cá nhân của trẻ.");
}

#[test]
fn a_shut_approval_says_which_check_shuts_it() {
    let mut desk = Desk::signing();
    desk.check("mother-alive", CheckOutcome::Fails);
    let why = desk.with(&actor(CHAIR), |ctx| {
        let offered = offered_actions(ctx, desk.dossier());
        offered.into_iter().find(|offer| offer.action.id == "sign").unwrap().why_not
    });
    assert_eq!(why.as_deref(), Some("Dữ liệu dân cư ghi người mẹ đã chết."));
}
