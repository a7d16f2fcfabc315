//! What may be asked of a dossier, by whom and with which knowledge.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::id::{AccountId, DossierId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::Content;
use pack::model::Procedure;
use serde_json::{Map, Value};

use crate::event::By;
use crate::findings::CheckResult;
use crate::form::{FormContext, UploadInfo};
use crate::state::{
    APPLICANT, Answers, Channel, DocumentRef, Dossier, EntryRef, Point, RequestState, Source,
};

/// What may be asked of a dossier.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Send a new dossier. The answers are checked whole.
    Submit(Box<Submission>),
    /// Take an action of the workflow.
    Act {
        /// Action id.
        action: String,
        /// Note, where the action asks for one.
        note: Option<String>,
        /// Single points, where the action asks for them.
        points: Vec<Point>,
        /// New answers, where the action lets the applicant edit.
        answers: Option<Answers>,
        /// The officer's changes to the drafted entry, where the action prepares it.
        entry: Option<Map<String, Value>>,
    },
    /// The answer of another system came in.
    RecordAnswer {
        /// Request id.
        request: String,
        /// What came; never `Pending`.
        result: RequestState,
    },
    /// A paper was made.
    RecordDocument(DocumentRef),
    /// The entry was written, under its number.
    RecordEntry(EntryRef),
    /// The applicant rates the service.
    Rate {
        /// 1 to 5.
        score: u8,
        /// In their words; may be empty.
        comment: String,
    },
    /// Name the officer who works on it.
    Assign {
        /// Nobody to take it back to the common list.
        to: Option<AccountId>,
    },
}

impl Command {
    /// An action without note, points, answers or changes.
    pub fn act(action: impl Into<String>) -> Command {
        Command::Act {
            action: action.into(),
            note: None,
            points: Vec::new(),
            answers: None,
            entry: None,
        }
    }
}

/// A new dossier as sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Identity in the store.
    pub id: DossierId,
    /// Code on the receipt, minted by the app.
    pub code: String,
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
    /// The answers as typed.
    pub answers: Answers,
    /// Where prefilled answers came from.
    pub sources: BTreeMap<String, Source>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Role ids it holds in the dossier's unit today.
    pub roles: BTreeSet<String>,
    /// An officer at the desk who acts for this applicant, who stands before them or wrote by post.
    /// The app sets it where its policy allows that.
    pub acting_for: Option<AccountId>,
}

impl Actor {
    /// Does this actor speak for the applicant of the dossier?
    pub fn is_applicant_of(&self, dossier: &Dossier) -> bool {
        self.account == dossier.applicant || self.acting_for == Some(dossier.applicant)
    }

    /// Record of the actor in this role.
    pub(crate) fn in_role(&self, role: &str) -> By {
        By { account: self.account, role: role.to_owned() }
    }

    /// The role under which a command outside the workflow is recorded.
    pub(crate) fn main_role(&self, dossier: &Dossier) -> &str {
        if self.account == dossier.applicant {
            return APPLICANT;
        }
        self.roles.first().map_or("system", String::as_str)
    }
}

/// All that a decision may look at.
#[derive(Clone, Copy)]
pub struct DecideContext<'a> {
    /// Code lists, units, calendar, registers, roles.
    pub content: &'a Content,
    /// The version of the procedure that the dossier keeps.
    pub procedure: &'a Procedure,
    /// The moment of the decision.
    pub now: Moment,
    /// Who acts.
    pub actor: &'a Actor,
    /// What the app looked up for it.
    pub evidence: Evidence<'a>,
}

/// What the app looked up before the decision, by the answers that the dossier will have.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The record of the person who sends a dossier, seen by expressions as `applicant`. Of a dossier
    /// that is there, what it kept of that record counts.
    pub applicant: Option<&'a Value>,
    /// Entries found: lookup id to entry, as [`pack::facts::Facts`] describes them.
    pub found: &'a Map<String, Value>,
    /// Outcome of the procedure's checks; see [`crate::findings`].
    pub checks: &'a [CheckResult],
    /// Uploaded files by upload id.
    pub uploads: &'a dyn Fn(&str) -> Option<UploadInfo>,
}

impl<'a> DecideContext<'a> {
    /// What the form of a dossier is checked against, and what its expressions see.
    pub(crate) fn form_of<'b>(
        &'b self,
        dossier: &'b Dossier,
        extra: &'b Map<String, Value>,
    ) -> FormContext<'b> {
        self.form(dossier.submitted_at.date(), dossier.applicant_record.as_ref(), extra)
    }

    /// What a form of this procedure is checked against, and what its expressions see.
    pub(crate) fn form<'b>(
        &'b self,
        filed_on: Date,
        applicant: Option<&'b Value>,
        extra: &'b Map<String, Value>,
    ) -> FormContext<'b> {
        FormContext {
            content: self.content,
            filed_on,
            today: self.now.date(),
            applicant,
            extra,
            uploads: self.evidence.uploads,
        }
    }
}
