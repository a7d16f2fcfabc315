//! A dossier (hồ sơ) and what is known about it: the value that events build up.

use std::collections::BTreeMap;

use kernel::calendar::LegalClock;
use kernel::id::{AccountId, DocumentId, DossierId, EntryId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The answers of a form: field id to value, in the shapes described at `pack::model::FieldKind`.
pub type Answers = Map<String, Value>;

/// The role id under which the applicant acts in a workflow.
pub const APPLICANT: &str = "applicant";

/// One dossier, as it stands after its events so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// Identity in the store.
    pub id: DossierId,
    /// Code on the receipt, such as `H20.15-261122-0001`.
    pub code: String,
    /// National code of the procedure.
    pub procedure_code: String,
    /// Hash of the procedure's version that the dossier was received under and keeps.
    pub procedure_hash: String,
    /// The authority that decides.
    pub unit: UnitCode,
    /// How it came in.
    pub channel: Channel,
    /// The account that applies.
    pub applicant: AccountId,
    /// Name of the applicant, for lists.
    pub applicant_name: String,
    /// Id of the step where it lies now.
    pub step: String,
    /// Since when it lies there.
    pub step_since: Moment,
    /// The officer who brought it there; nobody if the applicant did.
    pub brought_by: Option<AccountId>,
    /// The answers, normalised.
    pub answers: Answers,
    /// What expressions see as `applicant`, whoever acts: the parts of the applicant's record that the
    /// procedure names, as they were when the dossier was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_record: Option<Value>,
    /// Where prefilled answers came from, by field id.
    pub sources: BTreeMap<String, Source>,
    /// The legal clock, once started.
    pub clock: Option<LegalClock>,
    /// What was asked from other systems, by request id.
    pub requests: BTreeMap<String, RequestState>,
    /// The entry as drafted for the register.
    pub draft_entry: Option<EntryDraft>,
    /// How often each action was taken.
    pub action_counts: BTreeMap<String, u32>,
    /// How often each slip was issued.
    pub slip_counts: BTreeMap<String, u32>,
    /// Papers made for this dossier.
    pub documents: Vec<DocumentRef>,
    /// An entry (or a change of one) was ordered and is not recorded yet.
    pub entry_awaited: bool,
    /// The register entry written or amended.
    pub entry: Option<EntryRef>,
    /// The last note that the applicant was sent.
    pub last_note: Option<NoteToApplicant>,
    /// The officer in charge of it (người thụ lý); stays while others have their turn.
    pub assigned_to: Option<AccountId>,
    /// When it was sent or received.
    pub submitted_at: Moment,
    /// When the result was handed over.
    pub delivered_at: Option<Moment>,
    /// When it reached a final step.
    pub finished_at: Option<Moment>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Was it finished in time? Known once finished, if it ever had a clock.
    pub on_time: Option<bool>,
    /// What the applicant thought of it.
    pub rating: Option<Rating>,
    /// Number of events so far.
    pub revision: u64,
}

impl Dossier {
    /// Is it over: done, refused or stopped?
    pub fn is_finished(&self) -> bool {
        self.finished_at.is_some()
    }

    /// Does the legal clock run at this moment: started, neither stopped nor finished?
    pub fn clock_runs(&self) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock.stopped.is_none() && clock.finished.is_none())
    }
}

/// How a dossier came in (TT 04/2025/TT-VPCP, `KenhThucHien`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// At the one-stop desk.
    Counter,
    /// On the portal.
    Online,
    /// By public post.
    Post,
}

impl Channel {
    /// The code that the national portal uses.
    pub fn portal_code(self) -> u8 {
        match self {
            Channel::Counter => 1,
            Channel::Online => 2,
            Channel::Post => 3,
        }
    }

    /// The Vietnamese words for it.
    pub fn text(self) -> &'static str {
        match self {
            Channel::Counter => "nộp trực tiếp",
            Channel::Online => "nộp trực tuyến",
            Channel::Post => "nộp qua bưu chính công ích",
        }
    }
}

/// Where a fact came from, and when: what comes from elsewhere keeps its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `population`, `register`, …
    pub from: String,
    /// When it was read there.
    pub at: Moment,
}

/// A question put to another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// Sent, no answer yet.
    Pending,
    /// Answered with this text.
    Answered(String),
    /// It could not be answered, and why.
    Failed(String),
}

/// The entry as drafted, before it is written into the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryDraft {
    /// Register field to value; for an amendment only the fields that change, as typed.
    pub fields: Map<String, Value>,
    /// Who drafted it: this account may not approve it.
    pub prepared_by: AccountId,
    /// When.
    pub at: Moment,
}

/// What kind of paper a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// A slip of the one-stop desk.
    Slip,
    /// A result of the procedure.
    Result,
}

/// A paper made for a dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Identity in the store.
    pub document: DocumentId,
    /// Slip or result.
    pub kind: DocumentKind,
    /// Id of the slip or of the result in the pack.
    pub of: String,
    /// Title for people.
    pub name: String,
    /// Who signed it, if it is signed.
    pub signed_by: Option<AccountId>,
    /// When it was made.
    pub at: Moment,
}

/// The register entry that a dossier wrote or amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRef {
    /// Identity in the store.
    pub entry: EntryId,
    /// Register id.
    pub register: String,
    /// Number as written, such as `125/2026`.
    pub number: String,
    /// Version of the entry that this dossier made, from 1.
    pub version: u32,
}

/// A single point of a note: what is missing or wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Field id of the form; empty for the dossier as a whole.
    #[serde(default)]
    pub field: String,
    /// What to mend and how.
    pub text: String,
}

/// The last thing that the applicant was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteToApplicant {
    /// The note.
    pub text: String,
    /// Single points.
    pub points: Vec<Point>,
    /// The action it came with.
    pub action: String,
    /// When.
    pub at: Moment,
}

/// How a dossier ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The result is there.
    Done,
    /// Refused, with reason.
    Refused,
    /// Withdrawn or stopped.
    Stopped,
}

/// What the applicant thought of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// 1 (bad) to 5 (good).
    pub score: u8,
    /// In the applicant's words.
    pub comment: String,
    /// When.
    pub at: Moment,
}
