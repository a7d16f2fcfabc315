//! From hand to hand: who gave a dossier to whom, when, and whether in time. What the control slip
//! (Mẫu số 06 of TT 03/2025/TT-VPCP) prints.

use kernel::id::AccountId;
use kernel::moment::Moment;
use pack::Content;
use pack::model::{Procedure, Step, StepKind};
use serde::Serialize;

use crate::apply::apply;
use crate::event::{By, Event};
use crate::explain::step_due;
use crate::state::{APPLICANT, Dossier};

/// One passing on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// When.
    pub at: Moment,
    /// Who gave it.
    pub from: Party,
    /// Who received it; the end of the work has no receiver.
    pub to: Option<Party>,
    /// The step that it came to.
    pub step: String,
    /// What was done.
    pub what: String,
    /// Against the time that the giver's step allows; none where no officer's time ran.
    pub result: Option<HopResult>,
}

/// One side of a passing on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Role in words, such as "Công chức tư pháp – hộ tịch" or "Người nộp hồ sơ".
    pub role: String,
    /// Which account it was; not known of a receiver who has not acted yet.
    pub account: Option<AccountId>,
}

/// Was a step done in its time?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopResult {
    /// Before the last minute of its time.
    Early,
    /// At the last minute.
    OnTime,
    /// Afterwards.
    Late,
}

impl HopResult {
    /// As the form has it.
    pub fn text(self) -> &'static str {
        match self {
            HopResult::Early => "Trước hạn",
            HopResult::OnTime => "Đúng hạn",
            HopResult::Late => "Quá hạn",
        }
    }
}

/// How a dossier went from hand to hand, oldest first. Steps that an action does not leave are no
/// passing on.
pub fn hops<'a>(
    content: &Content,
    procedure: &Procedure,
    events: impl IntoIterator<Item = &'a Event>,
) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    let mut state: Option<Dossier> = None;
    for event in events {
        let hop = match (event, &state) {
            (Event::Submitted(submitted), None) => Some(Hop {
                at: submitted.at,
                from: party(content, &submitted.by),
                to: receiver(content, procedure, &submitted.step),
                step: step_name(procedure, &submitted.step),
                what: format!("Nộp hồ sơ ({})", submitted.channel.text()),
                result: None,
            }),
            (Event::Moved { from, to, action, by, at, .. }, Some(dossier)) if from != to => {
                let action = procedure.workflow.action(action);
                Some(Hop {
                    at: *at,
                    from: party(content, by),
                    to: receiver(content, procedure, to),
                    step: step_name(procedure, to),
                    what: action.map(|action| action.label.vi.clone()).unwrap_or_default(),
                    result: result(content, procedure, dossier, *at),
                })
            }
            _ => None,
        };
        if let Some(hop) = hop {
            name_receiver(hops.last_mut(), &hop.from);
            hops.push(hop);
        }
        state = apply(state, event);
    }
    hops
}

fn party(content: &Content, by: &By) -> Party {
    Party { role: role(content, &by.role), account: Some(by.account) }
}

fn role(content: &Content, id: &str) -> String {
    match content.roles.get(id) {
        Some(role) => role.name.vi.clone(),
        None if id == APPLICANT => "Người nộp hồ sơ".to_owned(),
        None => "Hệ thống".to_owned(),
    }
}

fn step_name(procedure: &Procedure, step: &str) -> String {
    procedure.workflow.step(step).map(|step| step.name.vi.clone()).unwrap_or_default()
}

fn receiver(content: &Content, procedure: &Procedure, step: &str) -> Option<Party> {
    let step = procedure.workflow.step(step).filter(|step| !step.kind.is_final())?;
    Some(Party { role: role(content, &step.owner), account: None })
}

/// Who passes a dossier on is who had received it.
fn name_receiver(before: Option<&mut Hop>, giver: &Party) {
    if let Some(to) = before.and_then(|hop| hop.to.as_mut())
        && to.role == giver.role
    {
        to.account = giver.account;
    }
}

/// The applicant's time is not the office's, and what is over has none.
fn result(
    content: &Content,
    procedure: &Procedure,
    dossier: &Dossier,
    at: Moment,
) -> Option<HopResult> {
    let is_counted = |step: &&Step| step.kind != StepKind::WaitingApplicant;
    procedure.workflow.step(&dossier.step).filter(is_counted)?;
    let due = step_due(&content.calendar, procedure, dossier)?;
    Some(match at.whole_minute().cmp(&due.whole_minute()) {
        std::cmp::Ordering::Less => HopResult::Early,
        std::cmp::Ordering::Equal => HopResult::OnTime,
        std::cmp::Ordering::Greater => HopResult::Late,
    })
}
