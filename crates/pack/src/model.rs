//! What a content pack may say: procedures, forms, registers, papers, fees, steps.
//!
//! These types are the compiled, checked form of the TOML in `content/`. They are plain values:
//! they serialise to JSON, because a dossier keeps the version of the procedure that it was
//! received under, and the store keeps that version by the hash of its JSON.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::expr::Expression;

pub use kernel::calendar::Limit as TimeLimit;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeRule {
    /// The limit.
    pub limit: TimeLimit,
    /// Longest extension with apology (Mẫu 04), once.
    pub extension: Option<TimeLimit>,
    /// Provision it stands on.
    pub basis: String,
}

/// A fee or charge (lệ phí, phí).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fee {
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

/// A form: pages of fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// One question group each; one page each on the portal.
    pub sections: Vec<Section>,
    /// Rules over more than one field.
    pub rules: Vec<Rule>,
}

/// A question group, one page on the portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Name in addresses.
    pub id: String,
    /// Heading.
    pub title: Label,
    /// A sentence below it.
    pub help: Label,
    /// Shown only when this holds.
    pub visible_when: Option<Expression>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Unique in the form; the key in the answers: letters, digits and `_`.
    pub id: String,
    /// The question.
    pub label: Label,
    /// How to answer, beside the field.
    pub help: Label,
    /// An example, under the label.
    pub example: String,
    /// What kind of answer.
    pub kind: FieldKind,
    /// Must be answered whenever visible.
    pub required: bool,
    /// Must be answered when this holds.
    pub required_when: Option<Expression>,
    /// Asked only when this holds. A hidden field has no answer.
    pub visible_when: Option<Expression>,
    /// The answer is computed, never typed.
    pub compute: Option<Expression>,
    /// Filled from what is known; the person may change it unless `locked`.
    pub prefill: Option<Prefill>,
    /// A filled value may not be changed by hand: the source must be corrected.
    pub locked: bool,
    /// Provision it stands on; empty if it is plain working data.
    pub basis: String,
    /// Shown in lists and found by search.
    pub searchable: bool,
}

/// The kinds of answer. In the answers (JSON): text, choice and the dates are strings, number is an
/// integer, yes-no is a boolean, person and address are objects, file is a list of upload ids,
/// group is a list of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum FieldKind {
    /// One line of text.
    Text {
        /// Longest accepted, in characters.
        max_length: u32,
        /// A stricter shape.
        format: TextFormat,
    },
    /// Several lines.
    LongText {
        /// Longest accepted, in characters.
        max_length: u32,
    },
    /// A whole number.
    Number {
        /// Smallest accepted.
        min: Option<i64>,
        /// Largest accepted.
        max: Option<i64>,
        /// Unit shown after the box.
        unit: String,
    },
    /// A whole day, `2026-11-22`.
    Date {
        /// May it lie after the filing day?
        allow_future: bool,
    },
    /// A day, a month or a year: `2026-11-22`, `2026-11`, `2026`.
    PartialDate {
        /// May it lie after the filing day?
        allow_future: bool,
    },
    /// Yes or no.
    YesNo,
    /// One of a list.
    Choice {
        /// The options, or empty when `list` names a shared code list.
        options: Vec<ChoiceOption>,
        /// Shared code list, such as `ethnicity`.
        list: Option<String>,
    },
    /// A person. Which parts are asked, in order; `number`, `name` and `birth_date` are usual.
    Person {
        /// Parts asked and kept.
        parts: Vec<PersonPart>,
        /// Parts among them that may stay empty even when the field is required.
        optional: Vec<PersonPart>,
    },
    /// An address: province, commune, detail; a unit of before July 2025 is accepted and mapped.
    Address {
        /// Is the detail (house number, street, hamlet) required?
        detail_required: bool,
    },
    /// Uploaded files.
    File {
        /// Most files.
        max_files: u32,
        /// Most megabytes (10^6 bytes) each.
        max_megabytes: u32,
        /// Accepted types.
        accept: Vec<FileType>,
    },
    /// A repeated group of plain fields (no group inside a group).
    Group {
        /// The fields of one row.
        fields: Vec<Field>,
        /// Fewest rows when required.
        min: u32,
        /// Most rows.
        max: u32,
        /// What one row is called, such as "người làm chứng".
        row_name: Label,
    },
}

/// A stricter shape of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Anything printable.
    #[default]
    Plain,
    /// A person's full name: letters and spaces, at least two words.
    PersonName,
    /// Twelve digits of a personal number.
    PersonNumber,
    /// Vietnamese telephone number.
    Phone,
    /// E-mail address.
    Email,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub label: Label,
}

/// The parts of a person that a form may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonPart {
    /// Số định danh cá nhân, 12 digits.
    Number,
    /// Full name.
    Name,
    /// Day, month or year of birth (a partial date).
    BirthDate,
    /// `male` or `female`.
    Sex,
    /// Code in the list `ethnicity`.
    Ethnicity,
    /// Code in the list `nationality`.
    Nationality,
    /// Place of residence (an address).
    Residence,
    /// Other identity paper when there is no personal number, as text.
    IdentityPaper,
    /// Telephone number.
    Phone,
}

/// File types that may be uploaded; recognised by content, not by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileType {
    /// PDF.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// WebP image.
    Webp,
}

/// Where a field is filled from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefill {
    /// The person signed in, from the population data.
    Applicant,
    /// The spouse of the person signed in, from the population data.
    ApplicantSpouse,
    /// The mother of the person signed in.
    ApplicantMother,
    /// The father of the person signed in.
    ApplicantFather,
    /// The person signed in if of this sex, else the spouse. For "mother" and "wife" fields.
    FemaleOfCouple,
    /// The same for "father" and "husband" fields.
    MaleOfCouple,
    /// Residence of the person signed in (address fields).
    ApplicantResidence,
}

/// A rule over several fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Name of the rule, used as the problem's code.
    pub id: String,
    /// What must hold. A rule over absent answers holds.
    pub holds: Expression,
    /// The rule counts only when this holds.
    pub when: Option<Expression>,
    /// Fields at which the message is shown; the first gets the link.
    pub fields: Vec<String>,
    /// What is wrong and how to mend it.
    pub message: Label,
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
    /// Sought only when this holds.
    pub when: Option<Expression>,
    /// Name for people.
    pub label: Label,
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
    /// Text: an expression over the form.
    pub text: Expression,
    /// The entry's state afterwards: `current`, `ended`.
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
    /// Reason: an expression over the form.
    pub reason: Expression,
    /// The paper it stands on: an expression over the form.
    pub basis_paper: Expression,
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

/// A slip of the one-stop desk (Mẫu 01–07 of Circular 03/2025/TT-VPCP), the same for all procedures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlipDocument {
    /// Name used in `issue:<id>`.
    pub id: String,
    /// Title.
    pub name: Label,
    /// Form number, such as `Mẫu 01`.
    pub form_number: String,
    /// Typst file in `templates/` of the pack.
    pub template: String,
    /// Document that prescribes it.
    pub basis: String,
}

/// A register (sổ) as content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// Name, such as `birth`.
    pub id: String,
    /// First day of this version.
    pub valid_from: Date,
    /// Name of the book.
    pub name: Label,
    /// Name of one entry, such as "Việc khai sinh".
    pub entry_name: Label,
    /// How the number is written: `{number}`, `{book}`, `{year}` are replaced.
    pub number_format: String,
    /// How the book is written.
    pub book_format: String,
    /// Entries in one book before the next is opened; one book a year if absent.
    pub book_size: Option<u32>,
    /// Who is master of these facts: `this-system` or a national database's name.
    pub master: String,
    /// Provision it stands on.
    pub basis: String,
    /// Columns, in the order of the form.
    pub fields: Vec<RegisterField>,
    /// Field that names the entry in lists, such as `child_name`.
    pub title_field: String,
    /// How long entries are kept, for people.
    pub retention: Label,
}

/// One column of a register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegisterField {
    /// Name.
    pub id: String,
    /// Heading.
    pub label: Label,
    /// Kind of value.
    pub kind: ValueKind,
    /// Must be filled.
    pub required: bool,
    /// How it is found.
    pub index: IndexKind,
    /// May it be changed by a correction?
    pub amendable: bool,
}

/// Kinds of value in a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// Text.
    Text,
    /// Whole number.
    Number,
    /// Whole day.
    Date,
    /// Day, month or year.
    PartialDate,
    /// Yes or no.
    YesNo,
    /// Code of a shared list.
    Code(String),
    /// Personal number.
    PersonNumber,
    /// Address.
    Address,
}

/// How a register field is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndexKind {
    /// Not searched.
    #[default]
    None,
    /// As a person's name: with or without tones, tokens in any order.
    Name,
    /// By the exact value.
    Exact,
}

/// A role that an officer may hold in a unit for a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Name, such as `civil-status-officer`.
    pub id: String,
    /// Title for people.
    pub name: Label,
    /// Signs results, and with which words before the name, such as "CHỦ TỊCH".
    pub signature_title: String,
}

/// A shared code list (ethnicities, nationalities, …).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeList {
    /// Name.
    pub id: String,
    /// Source and certainty, for administrators.
    pub source: String,
    /// The codes, in the order shown.
    pub items: Vec<ChoiceOption>,
}

/// An authority (cơ quan) that a province pack describes: which commune, its names and hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Commune code (five digits) or province code (two digits).
    pub unit: String,
    /// Electronic identifier used in dossier codes, such as `H20.15`.
    pub identifier: String,
    /// Full name, such as "Ủy ban nhân dân xã Mỹ Hiệp".
    pub name: String,
    /// Address for people.
    pub address: String,
    /// Telephone for people.
    pub phone: String,
}
