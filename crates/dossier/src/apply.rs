//! From events to state. Total: an event that does not fit leaves the state as it was.

use std::collections::BTreeMap;

use crate::event::{Event, Submitted};
use crate::state::{APPLICANT, Dossier, NoteToApplicant, Rating, RequestState};

/// The dossier after one more event.
///
/// `None` stays `None` until a `Submitted` comes; a second `Submitted` changes nothing. Every event
/// that reaches a dossier raises its revision by one, so the revision is the number of events.
pub fn apply(state: Option<Dossier>, event: &Event) -> Option<Dossier> {
    let Some(mut dossier) = state else {
        return match event {
            Event::Submitted(submitted) => Some(begin(submitted)),
            _ => None,
        };
    };
    advance(&mut dossier, event);
    Some(dossier)
}

/// The same in place, for a dossier that is there.
pub(crate) fn advance(dossier: &mut Dossier, event: &Event) {
    dossier.revision = dossier.revision.saturating_add(1);
    change(dossier, event);
}

/// The dossier that a row of events adds up to.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Dossier> {
    events.into_iter().fold(None, apply)
}

fn begin(submitted: &Submitted) -> Dossier {
    Dossier {
        id: submitted.id,
        code: submitted.code.clone(),
        procedure_code: submitted.procedure_code.clone(),
        procedure_hash: submitted.procedure_hash.clone(),
        unit: submitted.unit.clone(),
        channel: submitted.channel,
        applicant: submitted.applicant,
        applicant_name: submitted.applicant_name.clone(),
        step: submitted.step.clone(),
        step_since: submitted.at,
        brought_by: None,
        answers: submitted.answers.clone(),
        applicant_record: submitted.applicant_record.clone(),
        sources: submitted.sources.clone(),
        clock: None,
        requests: BTreeMap::new(),
        draft_entry: None,
        action_counts: BTreeMap::new(),
        slip_counts: BTreeMap::new(),
        documents: Vec::new(),
        entry_awaited: false,
        entry: None,
        last_note: None,
        assigned_to: None,
        submitted_at: submitted.at,
        delivered_at: None,
        finished_at: None,
        outcome: None,
        on_time: None,
        rating: None,
        revision: 1,
    }
}

fn change(dossier: &mut Dossier, event: &Event) {
    match event {
        // A dossier begins once; a second beginning is no change.
        Event::Submitted(_) | Event::ResultsToSign { .. } => {}
        Event::ClockStarted { clock, .. }
        | Event::ClockStopped { clock, .. }
        | Event::ClockResumed { clock, .. }
        | Event::ClockExtended { clock, .. } => dossier.clock = Some(clock.clone()),
        Event::ClockFinished { clock, on_time, .. } => {
            dossier.clock = Some(clock.clone());
            dossier.on_time = Some(*on_time);
        }
        Event::SlipIssued { slip, number, .. } => {
            dossier.slip_counts.insert(slip.clone(), *number);
        }
        Event::RequestSent { request, .. } => {
            dossier.requests.insert(request.clone(), RequestState::Pending);
        }
        Event::AnswerRecorded { request, result, .. } => {
            dossier.requests.insert(request.clone(), result.clone());
        }
        Event::AnswersReplaced { answers, changed, .. } => {
            dossier.answers = answers.clone();
            // A changed answer no longer stands on the source that it was filled from.
            dossier.sources.retain(|field, _| !changed.contains(field));
            // A draft made from the old answers would put them into the register.
            dossier.draft_entry = None;
        }
        Event::EntryDrafted { draft, .. } => dossier.draft_entry = Some(draft.clone()),
        Event::EntryToRecord { .. } | Event::AmendmentToRecord { .. } => {
            dossier.entry_awaited = true;
        }
        Event::EntryRecorded { entry, .. } => {
            dossier.entry_awaited = false;
            dossier.entry = Some(entry.clone());
        }
        Event::DocumentRecorded { document } => dossier.documents.push(document.clone()),
        Event::Delivered { at, .. } => dossier.delivered_at = Some(*at),
        Event::Moved { .. } => move_to_step(dossier, event),
        Event::Finished { outcome, on_time, at } => {
            dossier.finished_at = Some(*at);
            dossier.outcome = Some(*outcome);
            dossier.on_time = *on_time;
        }
        Event::Rated { score, comment, at } => {
            dossier.rating = Some(Rating { score: *score, comment: comment.clone(), at: *at });
        }
        Event::Assigned { to, .. } => dossier.assigned_to = *to,
    }
}

fn move_to_step(dossier: &mut Dossier, event: &Event) {
    let Event::Moved { from, to, action, by, note, points, to_applicant, at } = event else {
        return;
    };
    let count = dossier.action_counts.entry(action.clone()).or_insert(0);
    *count = count.saturating_add(1);
    if from != to {
        dossier.step_since = *at;
        dossier.brought_by = (by.role != APPLICANT).then_some(by.account);
    }
    dossier.step = to.clone();
    if *to_applicant && (note.is_some() || !points.is_empty()) {
        dossier.last_note = Some(NoteToApplicant {
            text: note.clone().unwrap_or_default(),
            points: points.clone(),
            action: action.clone(),
            at: *at,
        });
    }
}
