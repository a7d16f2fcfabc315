//! What happened to a dossier. Events are append-only; the state is what they add up to.

use std::collections::BTreeMap;

use kernel::calendar::LegalClock;
use kernel::id::{AccountId, DossierId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::state::{
    Answers, Channel, DocumentRef, EntryDraft, EntryRef, Outcome, Point, RequestState, Source,
};

/// Who did it, and in which role (a role id of the pack, `applicant` or `system`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The account.
    pub account: AccountId,
    /// The role it acted in.
    pub role: String,
}

/// One thing that happened. Every event carries all that `apply` needs: no content, no clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// The dossier was sent or received.
    Submitted(Box<Submitted>),
    /// The legal clock started; the derivation of the due moment is inside.
    ClockStarted {
        /// The clock as it stands.
        clock: LegalClock,
        /// When.
        at: Moment,
    },
    /// The clock stands, and why.
    ClockStopped {
        /// The clock as it stands.
        clock: LegalClock,
        /// Why it stands.
        reason: String,
        /// When.
        at: Moment,
    },
    /// The clock goes on with what was left.
    ClockResumed {
        /// The clock as it stands.
        clock: LegalClock,
        /// When.
        at: Moment,
    },
    /// The due moment moved, once.
    ClockExtended {
        /// The clock as it stands.
        clock: LegalClock,
        /// When.
        at: Moment,
    },
    /// The clock ended.
    ClockFinished {
        /// The clock as it stands.
        clock: LegalClock,
        /// Before or at the due moment?
        on_time: bool,
        /// When.
        at: Moment,
    },
    /// A slip of the one-stop desk is to be printed.
    SlipIssued {
        /// Slip id of the pack.
        slip: String,
        /// Running number of this slip in this dossier, from 1.
        number: u32,
        /// When.
        at: Moment,
    },
    /// A question goes out to another system.
    RequestSent {
        /// Request id of the procedure.
        request: String,
        /// The service asked.
        service: String,
        /// What is sent.
        parameters: Map<String, Value>,
        /// When.
        at: Moment,
    },
    /// The answer came, or the failure.
    AnswerRecorded {
        /// Request id of the procedure.
        request: String,
        /// What came.
        result: RequestState,
        /// When.
        at: Moment,
    },
    /// The applicant's new answers replace the old ones; the old ones stay in the earlier events.
    AnswersReplaced {
        /// The whole new answers, normalised.
        answers: Answers,
        /// Ids of the fields that differ from before.
        changed: Vec<String>,
        /// When.
        at: Moment,
    },
    /// The entry was drafted for the register.
    EntryDrafted {
        /// The draft, with its author.
        draft: EntryDraft,
        /// Register fields in which the officer departed from what the answers give.
        changed_by_officer: Vec<String>,
    },
    /// A new entry is to be written under the next number; `Command::RecordEntry` follows.
    EntryToRecord {
        /// Register id.
        register: String,
        /// Register field to value.
        fields: Map<String, Value>,
        /// Personal numbers of those whom the entry is about.
        subjects: Vec<String>,
        /// Annotations on other entries, at the same moment.
        annotations: Vec<AnnotationToWrite>,
        /// Who approved it.
        by: By,
        /// When.
        at: Moment,
    },
    /// The entry found is to be given a new version; `Command::RecordEntry` follows.
    AmendmentToRecord {
        /// The lookup of the procedure that finds the entry.
        lookup: String,
        /// Register field to new value, as typed.
        changes: Map<String, Value>,
        /// What the annotation calls the changes; as usual when empty.
        #[serde(default)]
        heading: String,
        /// Reason, for the annotation.
        reason: String,
        /// The paper it stands on.
        basis_paper: String,
        /// Who approved it.
        by: By,
        /// When.
        at: Moment,
    },
    /// The entry stands in the register.
    EntryRecorded {
        /// Where.
        entry: EntryRef,
        /// When.
        at: Moment,
    },
    /// The results are to be printed and signed.
    ResultsToSign {
        /// Which, and how many copies of each.
        results: Vec<ResultToSign>,
        /// Who signs.
        by: By,
        /// When.
        at: Moment,
    },
    /// A paper was made.
    DocumentRecorded {
        /// The paper.
        document: DocumentRef,
    },
    /// The result was handed over.
    Delivered {
        /// By whom.
        by: By,
        /// When.
        at: Moment,
    },
    /// An action was taken; the dossier lies at another step (or at the same one again).
    Moved {
        /// Step before.
        from: String,
        /// Step after.
        to: String,
        /// Action id.
        action: String,
        /// By whom.
        by: By,
        /// Note given with it.
        note: Option<String>,
        /// Single points given with it.
        points: Vec<Point>,
        /// Are note and points meant for the applicant? If not they stay inside the office.
        to_applicant: bool,
        /// When.
        at: Moment,
    },
    /// A final step was reached.
    Finished {
        /// How.
        outcome: Outcome,
        /// In time? Absent when no clock ever ran.
        on_time: Option<bool>,
        /// When.
        at: Moment,
    },
    /// The applicant rated the service.
    Rated {
        /// 1 to 5.
        score: u8,
        /// In their words.
        comment: String,
        /// When.
        at: Moment,
    },
    /// An officer was named to work on it.
    Assigned {
        /// To whom; nobody to take it back to the common list.
        to: Option<AccountId>,
        /// By whom.
        by: By,
        /// When.
        at: Moment,
    },
}

impl Event {
    /// When it happened.
    pub fn at(&self) -> Moment {
        match self {
            Event::Submitted(submitted) => submitted.at,
            Event::EntryDrafted { draft, .. } => draft.at,
            Event::DocumentRecorded { document } => document.at,
            Event::ClockStarted { at, .. }
            | Event::ClockStopped { at, .. }
            | Event::ClockResumed { at, .. }
            | Event::ClockExtended { at, .. }
            | Event::ClockFinished { at, .. }
            | Event::SlipIssued { at, .. }
            | Event::RequestSent { at, .. }
            | Event::AnswerRecorded { at, .. }
            | Event::AnswersReplaced { at, .. }
            | Event::EntryToRecord { at, .. }
            | Event::AmendmentToRecord { at, .. }
            | Event::EntryRecorded { at, .. }
            | Event::ResultsToSign { at, .. }
            | Event::Delivered { at, .. }
            | Event::Moved { at, .. }
            | Event::Finished { at, .. }
            | Event::Rated { at, .. }
            | Event::Assigned { at, .. } => *at,
        }
    }
}

/// What a new dossier starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// Identity in the store.
    pub id: DossierId,
    /// Code on the receipt.
    pub code: String,
    /// National code of the procedure.
    pub procedure_code: String,
    /// Hash of the procedure's version.
    pub procedure_hash: String,
    /// The authority that decides.
    pub unit: UnitCode,
    /// How it came in.
    pub channel: Channel,
    /// The account that applies.
    pub applicant: AccountId,
    /// Its name, for lists.
    pub applicant_name: String,
    /// The first step.
    pub step: String,
    /// The answers, normalised.
    pub answers: Answers,
    /// What expressions of the procedure see as `applicant`: the parts that they name, as the
    /// population data had them when the dossier was sent. Nothing when they name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_record: Option<Value>,
    /// Where prefilled answers came from.
    pub sources: BTreeMap<String, Source>,
    /// Who sent it: the applicant, or an officer at the desk.
    pub by: By,
    /// When.
    pub at: Moment,
}

/// An annotation to be written on another entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationToWrite {
    /// The lookup of the procedure that finds the entry.
    pub lookup: String,
    /// Which kind of annotation, by the register; empty in events from before there were kinds.
    #[serde(default)]
    pub annotation: String,
    /// What is written.
    pub text: String,
    /// Does the entry end with it?
    pub ends: bool,
}

/// A result to be printed and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultToSign {
    /// Result id of the procedure.
    pub result: String,
    /// How many copies, from 1.
    pub copies: u32,
}
