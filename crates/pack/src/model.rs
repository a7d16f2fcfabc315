//! What a content pack may say: procedures, forms, registers, papers, fees, steps.
//!
//! These types are the compiled, checked form of the TOML in `content/`. They are plain values:
//! they serialise to JSON, because a dossier keeps the version of the procedure that it was
//! received under, and the store keeps that version by the hash of its JSON.

mod form;
mod register;
mod shared;
mod workflow;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::expr::Expression;

pub use form::{
    ChoiceOption, Field, FieldKind, FileType, Form, PersonPart, Prefill, Rule, Section, TextFormat,
};
pub use kernel::calendar::Limit as TimeLimit;
pub use register::{AnnotationKind, IndexKind, Register, RegisterField, SlipDocument, ValueKind};
pub use shared::{CodeList, Office, Role};
pub use workflow::{Action, Effect, NoteRule, Step, StepKind, Workflow};

/// A text for people: Vietnamese always, English where the pack gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Official Vietnamese text.
    pub vi: String,
    /// English text; the Vietnamese stands in when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

/// A provision that something stands on: a procedure, a paper, a deadline, a field, a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// Name used by `basis = "…"` elsewhere in the same file.
    pub id: String,
    /// Number and symbol of the document, such as `60/2014/QH13`.
    pub document: String,
    /// Place in it, such as `Điều 14` or `khoản 2 Điều 9`.
    pub provision: String,
    /// Title of the document for people.
    pub title: String,
    /// How sure we are: `verified`, `secondary`, `unverified`. Shown to administrators.
    pub certainty: Certainty,
    /// Last day on which the provision is in effect, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

/// How far a legal fact in a pack has been checked against its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Read on an official site.
    Verified,
    /// Read in a text reproduced by a third party.
    Secondary,
    /// Believed, not checked: an administrator confirms it before publishing.
    #[default]
    Unverified,
}

/// The level of government that decides a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Xã, phường, đặc khu.
    Commune,
    /// Tỉnh, thành phố.
    Province,
}

/// An administrative procedure (thủ tục hành chính), one dated version of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Procedure {
    /// National code, such as `1.001193`.
    pub code: String,
    /// Name in addresses, such as `birth-registration`; equals the folder's name.
    pub slug: String,
    /// First day on which a dossier is received under this version.
    pub valid_from: Date,
    /// Last such day, if known.
    pub valid_to: Option<Date>,
    /// The provision that abolishes the procedure after that day; empty when a next version follows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub abolished_by: String,
    /// Name of the procedure.
    pub name: Label,
    /// Other words people type when they look for it.
    pub aliases: Vec<String>,
    /// Field (lĩnh vực): code in the list `procedure-field`.
    pub field: String,
    /// Who decides.
    pub level: Level,
    /// One or two sentences: who may use it, when it must be done.
    pub summary: Label,
    /// Who may file, as sentences.
    pub audience: Vec<Label>,
    /// Rank among the commonest jobs on the first page; lower first, absent means not shown there.
    pub common_rank: Option<u32>,
    /// Provisions that the rest refers to by id.
    pub legal_bases: Vec<LegalBasis>,
    /// Papers to attach.
    pub papers: Vec<Paper>,
    /// Papers that need not be brought, since the data already hold them.
    pub not_needed: Vec<Label>,
    /// Time allowed, in legal working time.
    pub time: TimeRule,
    /// What it costs; the first whose condition holds counts for each name.
    pub fees: Vec<Fee>,
    /// The application form.
    pub form: Form,
    /// Entries to be found in registers, by what the form says.
    pub lookups: Vec<Lookup>,
    /// Comparisons with registers and population data, shown to the officer, some blocking.
    pub checks: Vec<Check>,
    /// What is asked from other systems while the dossier is open.
    pub requests: Vec<ExchangeRequest>,
    /// The register entry written on approval.
    pub entry: Option<EntryRule>,
    /// The change of an existing entry made on approval.
    pub amend: Option<AmendRule>,
    /// Papers that come out.
    pub results: Vec<ResultDocument>,
    /// Steps and actions.
    pub workflow: Workflow,
}

/// A paper to attach (thành phần hồ sơ). Its `field` is a file field of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// Id of the file field in the form that takes it.
    pub field: String,
    /// Name for people.
    pub name: Label,
    /// Which kind: the original, a copy, an electronic copy.
    pub note: Label,
    /// When it is asked for; always if absent. Shown as the sentence `when_text`.
    pub when_text: Label,
    /// Provision it stands on.
    pub basis: String,
}

/// The time allowed for the whole procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeRule {
    /// The limit.
    pub limit: TimeLimit,
    /// Cases with a limit of their own; the first whose condition holds counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<TimeCase>,
    /// Longest extension with apology (Mẫu 04), once.
    pub extension: Option<TimeLimit>,
    /// Provision it stands on.
    pub basis: String,
}

/// A case of a procedure that has another time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeCase {
    /// When it is this case: an expression over the form.
    pub when: Expression,
    /// The limit then.
    pub limit: TimeLimit,
    /// Provision it stands on.
    pub basis: String,
}

/// A fee or charge (lệ phí, phí).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fee {
    /// What `fees.toml` of a province calls it; empty for a fee that no province sets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Name for people; one fee line per name.
    pub name: Label,
    /// Amount in đồng: an integer expression over the form.
    pub amount: Expression,
    /// When it is due; always if absent.
    pub when: Option<Expression>,
    /// The same for people, such as "Đăng ký đúng hạn: miễn lệ phí".
    pub text: Label,
    /// Provision it stands on.
    pub basis: String,
}

/// An entry to be found in a register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lookup {
    /// Name under which expressions and templates see the first entry found.
    pub id: String,
    /// Which register; or an expression giving its id, when the form lets the person choose.
    pub register: Expression,
    /// Register field (or `number`, `book`, `year`, `unit`, `subject`) = expression over the form.
    pub matches: BTreeMap<String, Expression>,
    /// Only entries in force: those that no annotation has ended.
    #[serde(default, skip_serializing_if = "is_no")]
    pub in_force: bool,
    /// Sought only when this holds.
    pub when: Option<Expression>,
    /// Name for people.
    pub label: Label,
}

/// Is it what stands when nothing is written? Then it is not written, so that versions kept before
/// there was such a key keep their hash.
fn is_no(flag: &bool) -> bool {
    !flag
}

/// A comparison with what registers or the population data say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Name.
    pub id: String,
    /// Heading for the officer.
    pub label: Label,
    /// What is asked.
    pub source: CheckSource,
    /// What must hold over the answers and `found`; see `docs/CONTENT.md`.
    pub holds: Expression,
    /// Asked only when this holds.
    pub when: Option<Expression>,
    /// What to say when it fails.
    pub message: Label,
    /// Fields at which the message is shown on the form.
    pub fields: Vec<String>,
    /// When it is made and what failing means.
    pub at: CheckTime,
}

/// Where a check looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "in")]
pub enum CheckSource {
    /// A register: expressions see `count: int` and `first.<field>` of the entries that match.
    Register {
        /// Register id.
        register: String,
        /// Register field = expression over the form.
        matches: BTreeMap<String, Expression>,
        /// Only entries in force: those that no annotation has ended.
        #[serde(default, skip_serializing_if = "is_no")]
        in_force: bool,
    },
    /// The population data of the person in this form field. Expressions see `known: bool`,
    /// `alive: bool`, `married: bool`, `name_matches: bool`, `birth_date_matches: bool`,
    /// `person.<part>`.
    Population {
        /// A person field of the form.
        field: String,
    },
}

/// When a check is made and what failing means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckTime {
    /// Shown to the officer only.
    Advise,
    /// Refuses the filing, and the approval too.
    Block,
    /// Refuses the approval only.
    BlockApproval,
}

/// Something asked from another system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExchangeRequest {
    /// Name; the answer is seen by expressions as `answer.<id>` (a text).
    pub id: String,
    /// Which service; known services: `population.personal-number`.
    pub service: String,
    /// Heading for the officer.
    pub label: Label,
    /// What is sent: parameter = expression over the form.
    pub parameters: BTreeMap<String, Expression>,
    /// Provision it stands on.
    pub basis: String,
}

/// How the answers become an entry of a register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryRule {
    /// Register id.
    pub register: String,
    /// Register field = expression over the form, `answer.<request>`, `found.<lookup>.<field>`.
    pub fields: BTreeMap<String, Expression>,
    /// The persons whom the entry is about: expressions giving a personal number.
    pub subjects: Vec<Expression>,
    /// Annotations written on other entries at the same moment (such as a death on the marriage).
    pub annotate: Vec<AnnotateRule>,
}

/// An annotation (ghi chú) on another entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnotateRule {
    /// The lookup that finds it.
    pub lookup: String,
    /// Which kind of annotation: an id of [`Register::annotations`], which says whether the entry is
    /// over afterwards. Empty in versions kept from before there were kinds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Text: an expression over the form.
    pub text: Expression,
    /// Is the entry over afterwards, whatever the kind says? Only in versions kept from before there
    /// were kinds.
    #[serde(default, skip_serializing_if = "is_no")]
    pub ends: bool,
}

/// How the answers change an existing entry: a new version, never an overwriting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AmendRule {
    /// The lookup that finds the entry.
    pub lookup: String,
    /// A group field of the form, one row a change.
    pub changes: String,
    /// The choice or text field in a row that names the register field.
    pub field: String,
    /// The text field in a row that gives the new value.
    pub value: String,
    /// The address field in a row that gives the new value of a column of addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the note in the margin calls a change, such as `Thay đổi`: an expression over the form;
    /// `Cải chính` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Expression>,
    /// Reason: an expression over the form.
    pub reason: Expression,
    /// The paper it stands on: an expression over the form.
    pub basis_paper: Expression,
}

impl AmendRule {
    /// What a row of the form gives as the new value of a column.
    pub fn new_value<'r>(&self, row: &'r Value, column: &RegisterField) -> Option<&'r Value> {
        match (&column.kind, &self.address) {
            (ValueKind::Address, Some(address)) => row.get(address),
            _ => row.get(&self.value),
        }
    }
}

/// A paper that comes out: certificate, extract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultDocument {
    /// Name.
    pub id: String,
    /// Title for people.
    pub name: Label,
    /// Typst file beside the procedure, or in `templates/` of the pack.
    pub template: String,
    /// The entry it shows: the one written on approval (`entry`), the one amended (`amended`), or a
    /// lookup's id.
    pub shows: String,
    /// Register fields carried, readable by anyone, inside the signed QR.
    pub qr_fields: Vec<String>,
    /// How many copies: an integer expression; one if absent.
    pub copies: Option<Expression>,
    /// Written only when this holds.
    pub when: Option<Expression>,
}
