//! Workflows: steps, actions, and what they do.

use serde::{Deserialize, Serialize};

use super::{Label, TimeLimit};
use crate::expr::Expression;

/// Steps and actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// The step after sending.
    pub start: String,
    /// Effects of sending, such as starting the clock and issuing the receipt.
    pub on_submit: Vec<Effect>,
    /// The steps.
    pub steps: Vec<Step>,
    /// The actions that lead from step to step.
    pub actions: Vec<Action>,
}

/// A step: who has the dossier now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Name.
    pub id: String,
    /// Heading for officers.
    pub name: Label,
    /// What the citizen reads while the dossier is here.
    pub citizen_text: Label,
    /// A role id, `applicant`, or `none` for a final step.
    pub owner: String,
    /// Time for this step alone, for the worklist.
    pub limit: Option<TimeLimit>,
    /// Provision it stands on.
    pub basis: String,
    /// State code when synchronising with the national portal, 1 to 10.
    pub portal_state: u8,
    /// What the step is.
    pub kind: StepKind,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// An officer works on it.
    Working,
    /// It waits for the applicant; the clock stands.
    WaitingApplicant,
    /// It waits for a leader's signature.
    WaitingSignature,
    /// Over: the result is there.
    Done,
    /// Over: refused, with reason.
    Refused,
    /// Over: withdrawn or stopped.
    Stopped,
}

/// An action that someone may take at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Name, used by the API.
    pub id: String,
    /// The button: a verb.
    pub label: Label,
    /// Steps at which it may be taken.
    pub from: Vec<String>,
    /// The step it leads to.
    pub to: String,
    /// A role id or `applicant`.
    pub by: String,
    /// Is a note asked for?
    pub note: NoteRule,
    /// Heading of the note.
    pub note_label: Label,
    /// Are single points (field and text) asked for, as for a request for more papers?
    pub points: bool,
    /// May be taken at most this often in the life of a dossier.
    pub at_most: Option<u32>,
    /// Offered only when this holds (answers, `answer.<request>`).
    pub when: Option<Expression>,
    /// Why it is not offered, when `when` does not hold.
    pub otherwise: Label,
    /// What it does, in order.
    pub effects: Vec<Effect>,
    /// Shown first and strongest.
    pub primary: bool,
    /// Cannot be undone: asks for confirmation with this sentence.
    pub confirm: Label,
    /// The message to the applicant; none if empty.
    pub tell_applicant: Label,
}

/// Is a note asked for?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteRule {
    /// No note.
    #[default]
    None,
    /// May be given.
    Optional,
    /// Must be given.
    Required,
}

/// What an action does beyond moving the dossier. In TOML a string: `start-clock`, `stop-clock`,
/// `resume-clock`, `extend-clock`, `finish-clock`, `issue:<document>`, `request:<request>`,
/// `edit-answers`, `prepare-entry`, `enter-register`, `amend-register`, `sign-results`, `deliver`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The legal clock starts.
    StartClock,
    /// The clock stands until it is resumed.
    StopClock,
    /// The clock goes on with what was left.
    ResumeClock,
    /// The due moment moves by the extension of the time rule, once, with an apology.
    ExtendClock,
    /// The clock ends; on time or late is recorded.
    FinishClock,
    /// A slip is issued: a document id of the pack (`receipt`, `supplement-request`, …).
    Issue(String),
    /// A request goes out to another system.
    Request(String),
    /// The applicant's new answers replace the old ones (they are kept in the events).
    EditAnswers,
    /// The entry is drafted from the answers; the officer may mend it before it goes on.
    PrepareEntry,
    /// The entry is written into the register under the next number.
    EnterRegister,
    /// The entry found is given a new version.
    AmendRegister,
    /// The results are printed and signed.
    SignResults,
    /// The result is handed over.
    Deliver,
}
