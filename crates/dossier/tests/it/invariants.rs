//! What holds after any row of commands, sensible or not.

use dossier::{Actor, Command, Dossier, EntryRef, Event, RequestState, apply, replay};
use kernel::id::AccountId;
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::sample::{
    CHAIR, CITIZEN, CLERK, DESK, Desk, STRANGER, actor, answers_with, birth, document, entry_ref,
    noted, object, submission,
};

/// Someone who may hold several roles at once.
fn any_actor() -> impl Strategy<Value = Actor> {
    let account = prop::sample::select(vec![CITIZEN, DESK, CLERK, CHAIR, STRANGER]);
    let roles = prop::sample::subsequence(vec!["chair", "clerk", "desk"], 0..=3);
    (account, roles, any::<bool>()).prop_map(|(account, roles, own_role)| {
        if own_role {
            return actor(account);
        }
        Actor { account, roles: roles.into_iter().map(str::to_owned).collect(), acting_for: None }
    })
}

fn any_command() -> impl Strategy<Value = Command> {
    let actions: Vec<String> =
        birth().workflow.actions.iter().map(|action| action.id.clone()).collect();
    let action = prop::sample::select(actions);
    let act = (action, any::<bool>(), 0_u8..4, any::<bool>(), any::<bool>()).prop_map(
        |(action, note, points, with_answers, with_entry)| {
            let point =
                dossier::Point { field: "notice".to_owned(), text: "Chụp lại.".to_owned() };
            let copies = json!({ "copies": points });
            Command::Act {
                action,
                note: note.then(|| "Ghi chú.".to_owned()),
                points: vec![point; usize::from(points / 2)],
                answers: with_answers.then(|| answers_with(copies)),
                entry: with_entry.then(|| object(json!({ "child_name": "Nguyễn Minh Ân" }))),
            }
        },
    );
    let answer = prop_oneof![
        Just(RequestState::Answered("087326000123".to_owned())),
        Just(RequestState::Answered("087326000999".to_owned())),
        Just(RequestState::Failed("không trả lời".to_owned())),
        Just(RequestState::Pending),
    ];
    let answer = answer
        .prop_map(|result| Command::RecordAnswer { request: "personal_number".to_owned(), result });
    let other = prop_oneof![
        Just(submission(answers_with(json!({})))),
        Just(Command::RecordEntry(entry_ref())),
        Just(Command::RecordEntry(EntryRef { number: "1/2026".to_owned(), ..entry_ref() })),
        (0_u8..7).prop_map(|score| Command::Rate { score, comment: String::new() }),
        Just(Command::Assign { to: Some(AccountId::from_raw(3)) }),
        (1_i64..4).prop_map(|id| Command::RecordDocument(document(id))),
    ];
    prop_oneof![6 => act, 1 => answer, 1 => other]
}

/// A way through the workflow that gets somewhere, so that the ends are reached too.
fn likely_actor(desk: &Desk) -> AccountId {
    let step = desk.state.as_ref().map_or("", |dossier| dossier.step.as_str());
    match step {
        "received" | "done" => DESK,
        "examining" => CLERK,
        "signing" => CHAIR,
        _ => CITIZEN,
    }
}

fn likely_command(desk: &Desk, choice: u8) -> Command {
    let step = desk.state.as_ref().map_or("", |dossier| dossier.step.as_str());
    let answered = desk.state.as_ref().is_some_and(|dossier| {
        matches!(dossier.requests.get("personal_number"), Some(RequestState::Answered(_)))
    });
    match (step, choice % 4) {
        ("", _) => submission(answers_with(json!({}))),
        ("received", _) => Command::act("accept"),
        ("supplement", _) => {
            crate::sample::with_answers("supply", answers_with(json!({ "copies": choice % 5 })))
        }
        ("examining", 0) => noted("extend", "Cần xác minh."),
        ("examining", 1) => noted("back", "Hỏi lại."),
        ("examining", _) if !answered => Command::RecordAnswer {
            request: "personal_number".to_owned(),
            result: RequestState::Answered("087326000123".to_owned()),
        },
        ("examining", _) => Command::act("submit"),
        ("signing", 0) => noted("return", "Sửa lại."),
        ("signing", _) => Command::act("sign"),
        _ => Command::act("deliver"),
    }
}

/// What an end fixes.
fn fixed(dossier: &Dossier) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        dossier.outcome,
        dossier.finished_at,
        dossier.on_time,
        dossier.answers.clone(),
        dossier.draft_entry.clone(),
        dossier.requests.clone(),
        dossier.clock.clone(),
    )
}

fn step_kind(dossier: &Dossier) -> pack::model::StepKind {
    birth().workflow.step(&dossier.step).unwrap().kind
}

fn assert_sound(desk: &Desk, before: Option<&Dossier>, events: &[Event], who: &Actor) {
    let Some(after) = desk.state.as_ref() else {
        return;
    };
    // The state is what the events add up to, also after a way through JSON.
    assert_eq!(replay(&desk.events).as_ref(), Some(after));
    assert_eq!(after.revision, u64::try_from(desk.events.len()).unwrap());
    // One clock, and none that runs after the end.
    let starts = desk.events.iter().filter(|event| matches!(event, Event::ClockStarted { .. }));
    assert!(starts.count() <= 1);
    let extensions =
        desk.events.iter().filter(|event| matches!(event, Event::ClockExtended { .. }));
    assert!(extensions.count() <= 1);
    assert_eq!(after.is_finished(), step_kind(after).is_final());
    assert_eq!(after.is_finished(), after.outcome.is_some());
    if after.is_finished() {
        assert!(!after.clock_runs());
    }
    // Stopped exactly while the applicant is waited for.
    let stands = after.clock.as_ref().is_some_and(|clock| clock.stopped.is_some());
    if !after.is_finished() {
        assert_eq!(stands, step_kind(after) == pack::model::StepKind::WaitingApplicant);
    }
    // An end is an end.
    if let Some(before) = before.filter(|before| before.is_finished()) {
        assert_eq!(fixed(before), fixed(after));
        assert_eq!(step_kind(before), step_kind(after));
    }
    // Ordered once, by somebody else than the one who drafted it and the one who asks for it.
    let orders = desk.events.iter().filter(|event| matches!(event, Event::EntryToRecord { .. }));
    assert!(orders.count() <= 1);
    let recorded = desk.events.iter().filter(|event| matches!(event, Event::EntryRecorded { .. }));
    assert!(recorded.count() <= 1);
    for event in events {
        let (Event::EntryToRecord { by, .. } | Event::ResultsToSign { by, .. }) = event else {
            continue;
        };
        assert_eq!(by.account, who.account);
        let drafter = before.and_then(|before| before.draft_entry.as_ref()).unwrap().prepared_by;
        assert_ne!(by.account, drafter, "four eyes");
        assert_ne!(by.account, after.applicant, "four eyes");
        assert!(who.roles.contains("chair"));
    }
    // At most one request for papers in a dossier's life.
    assert!(after.action_counts.get("ask").copied().unwrap_or(0) <= 1);
    // No officer's action without the role, nothing of the applicant's by another.
    for event in events {
        if let Event::Moved { by, action, .. } = event {
            let action = birth().workflow.action(action).unwrap();
            assert_eq!(action.by, by.role);
            assert!(action.by != "applicant" || by.account == after.applicant);
        }
    }
}

#[derive(Clone, Debug)]
enum Move {
    Likely(u8),
    Any(Actor, Box<Command>),
}

fn any_move() -> impl Strategy<Value = (Move, i64)> {
    let likely = any::<u8>().prop_map(Move::Likely);
    let odd = (any_actor(), any_command())
        .prop_map(|(actor, command)| Move::Any(actor, Box::new(command)));
    (prop_oneof![2 => likely, 3 => odd], 0_i64..2_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_row_of_commands_keeps_the_rules(moves in prop::collection::vec(any_move(), 1..40)) {
        let mut desk = Desk::new(birth());
        for (chosen, minutes) in moves {
            desk.now = desk.now.plus_minutes(minutes);
            let (who, command) = match chosen {
                Move::Likely(choice) => (actor(likely_actor(&desk)), likely_command(&desk, choice)),
                Move::Any(who, command) => (who, *command),
            };
            let before = desk.state.clone();
            match desk.run_as(&who, command) {
                Ok(events) => assert_sound(&desk, before.as_ref(), &events, &who),
                Err(problems) => {
                    prop_assert!(!problems.is_empty());
                    prop_assert!(problems.iter().all(|problem| !problem.message.is_empty()));
                    prop_assert_eq!(&desk.state, &before, "a refusal changes nothing");
                }
            }
        }
    }

    #[test]
    fn events_in_any_order_never_break_the_state(order in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let told = whole().events;
        let mut state = None;
        for index in order {
            let event = &told[index.index(told.len())];
            let before: Option<Dossier> = state.clone();
            state = apply(state, event);
            // Nothing begins without a beginning, and nothing begins twice.
            let begins = matches!(event, Event::Submitted(_));
            prop_assert_eq!(state.is_some(), before.is_some() || begins);
            if let (Some(before), Some(after)) = (&before, &state) {
                prop_assert_eq!(after.revision, before.revision + 1);
                prop_assert_eq!(&after.code, &before.code);
            }
        }
    }
}

fn whole() -> Desk {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    desk.supply(answers_with(json!({ "copies": 4 }))).unwrap();
    desk.act(DESK, "accept").unwrap();
    desk.answer("087326000123").unwrap();
    desk.run(CLERK, noted("extend", "Cần xác minh.")).unwrap();
    desk.act(CLERK, "submit").unwrap();
    desk.act(CHAIR, "sign").unwrap();
    desk.record_entry().unwrap();
    desk.run(CHAIR, Command::RecordDocument(document(1))).unwrap();
    desk.act(DESK, "deliver").unwrap();
    desk.run(CITIZEN, Command::Rate { score: 4, comment: "Tốt".to_owned() }).unwrap();
    desk
}

#[test]
fn a_dossier_and_its_events_read_back_from_json() {
    let desk = whole();
    for event in &desk.events {
        let json = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
    }
    let json = serde_json::to_string(desk.dossier()).unwrap();
    assert_eq!(&serde_json::from_str::<Dossier>(&json).unwrap(), desk.dossier());
    let value: Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(value["id"], "50", "ids are strings in JSON");
}

#[test]
fn the_whole_way_can_be_walked() {
    let desk = whole();
    assert_eq!(desk.dossier().step, "delivered");
    assert_eq!(replay(&desk.events), desk.state);
}
