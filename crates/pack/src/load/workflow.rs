//! The workflow part of a procedure file: steps, actions, effects.

use super::reader::Reader;
use crate::model::{Action, Effect, NoteRule, Step, StepKind, Workflow};
use crate::nearest::did_you_mean;

pub(crate) fn read_workflow(reader: &mut Reader) -> Workflow {
    let head = reader.required_table("workflow", |inner| {
        (inner.required_text("start"), read_effects(inner, "on_submit"))
    });
    let (start, on_submit) = head.unwrap_or_default();
    Workflow {
        start,
        on_submit,
        steps: reader.required_tables("step", read_step),
        actions: reader.required_tables("action", read_action),
    }
}

fn read_step(reader: &mut Reader) -> Step {
    const KINDS: [(&str, StepKind); 6] = [
        ("working", StepKind::Working),
        ("waiting-applicant", StepKind::WaitingApplicant),
        ("waiting-signature", StepKind::WaitingSignature),
        ("done", StepKind::Done),
        ("refused", StepKind::Refused),
        ("stopped", StepKind::Stopped),
    ];
    let portal_state = reader.optional_integer_within("portal_state", 1..11);
    if portal_state.is_none() && !reader.has("portal_state") {
        reader.error("portal_state", "missing-key", "Thiếu khóa “portal_state” (1 đến 10).");
    }
    Step {
        id: reader.required_text("id"),
        name: reader.required_label("name"),
        citizen_text: reader.required_label("citizen_text"),
        owner: reader.text("owner"),
        limit: reader.limit("limit"),
        basis: reader.text("basis"),
        portal_state: portal_state.and_then(|state| u8::try_from(state).ok()).unwrap_or(1),
        kind: reader.required_one_of("kind", &KINDS).unwrap_or(StepKind::Working),
    }
}

fn read_action(reader: &mut Reader) -> Action {
    const NOTES: [(&str, NoteRule); 3] = [
        ("none", NoteRule::None),
        ("optional", NoteRule::Optional),
        ("required", NoteRule::Required),
    ];
    Action {
        id: reader.required_text("id"),
        label: reader.required_label("label"),
        from: reader.texts("from"),
        to: reader.required_text("to"),
        by: reader.required_text("by"),
        note: reader.one_of("note", &NOTES).unwrap_or_default(),
        note_label: reader.label("note_label"),
        points: reader.flag("points"),
        at_most: reader.optional_integer_within("at_most", 1..1000),
        when: reader.expression("when"),
        otherwise: reader.label("otherwise"),
        effects: read_effects(reader, "effects"),
        primary: reader.flag("primary"),
        confirm: reader.label("confirm"),
        tell_applicant: reader.label("tell_applicant"),
    }
}

const PLAIN_EFFECTS: [(&str, Effect); 11] = [
    ("start-clock", Effect::StartClock),
    ("stop-clock", Effect::StopClock),
    ("resume-clock", Effect::ResumeClock),
    ("extend-clock", Effect::ExtendClock),
    ("finish-clock", Effect::FinishClock),
    ("edit-answers", Effect::EditAnswers),
    ("prepare-entry", Effect::PrepareEntry),
    ("enter-register", Effect::EnterRegister),
    ("amend-register", Effect::AmendRegister),
    ("sign-results", Effect::SignResults),
    ("deliver", Effect::Deliver),
];

fn read_effects(reader: &mut Reader, key: &str) -> Vec<Effect> {
    let words = reader.texts(key);
    let mut effects = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match parse_effect(word) {
            Some(effect) => effects.push(effect),
            None => {
                let plain = PLAIN_EFFECTS.iter().map(|(known, _)| *known);
                let hint = did_you_mean(word, plain.chain(["issue:", "request:"]));
                let message = format!("Không có tác dụng “{word}”.{hint}");
                reader.error(&format!("{key}.{index}"), "unknown-word", message);
            }
        }
    }
    effects
}

fn parse_effect(word: &str) -> Option<Effect> {
    if let Some((verb, object)) = word.split_once(':') {
        let object = object.trim();
        return match verb {
            _ if object.is_empty() => None,
            "issue" => Some(Effect::Issue(object.to_owned())),
            "request" => Some(Effect::Request(object.to_owned())),
            _ => None,
        };
    }
    PLAIN_EFFECTS.iter().find(|(known, _)| *known == word).map(|(_, effect)| effect.clone())
}
