//! Filling a form, checking the answers, and what the script is told while it saves.

use std::collections::BTreeMap;

use askama::Template;
use serde::Serialize;

use super::field::FieldView;
use super::parts::{AnswerSection, DueView, Fault, FeeView, OptionView};
use super::shell::{Lang, Shell};

/// What stands around the pages of one draft.
#[derive(Clone, Default)]
pub struct DraftView {
    /// Id of the draft, as in its addresses.
    pub id: String,
    /// Name of the procedure.
    pub procedure: String,
    /// Office that it goes to; empty until one is chosen.
    pub unit: String,
    /// Where the office is chosen; empty where there is no choice.
    pub office_href: String,
    /// The named steps, the last being the check of the answers; hidden sections left out.
    pub steps: Vec<StepLink>,
    /// "Đã lưu lúc 15 giờ 30"; empty before the first save.
    pub saved: String,
    /// The draft answers this request; none for a new dossier.
    pub supplement: Option<SupplementView>,
    /// Is it removed after a time? "Bản nháp được giữ đến 22/12/2026."; may be empty.
    pub kept_until: String,
}

impl DraftView {
    /// Place of the current step, from 1.
    pub fn position(&self) -> usize {
        self.steps
            .iter()
            .position(|step| step.state == StepState::Current)
            .map_or(1, |index| index.saturating_add(1))
    }

    /// Title of the current step.
    pub fn current_title(&self) -> &str {
        self.steps
            .iter()
            .find(|step| step.state == StepState::Current)
            .map_or("", |step| step.title.as_str())
    }
}

/// A step of filling.
#[derive(Clone, Default)]
pub struct StepLink {
    /// `/nhap/{draft}/{section}` or `/nhap/{draft}/kiem-tra`.
    pub href: String,
    /// Name of the step.
    pub title: String,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step of filling stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Not yet filled.
    #[default]
    Todo,
    /// Filled, no fault known.
    Done,
    /// Filled, with faults.
    Fault,
    /// Shown now.
    Current,
}

impl StepLink {
    /// The class in the stylesheet.
    pub fn class(&self) -> &'static str {
        match self.state {
            StepState::Todo => "todo",
            StepState::Done => "done",
            StepState::Fault => "fault",
            StepState::Current => "current",
        }
    }

    /// Its state for those who do not see colours; empty for a step to come.
    pub fn word(&self, lang: &Lang) -> StepWord {
        StepWord(match self.state {
            StepState::Todo => "",
            StepState::Done => lang.t("đã xong", "done"),
            StepState::Fault => lang.t("cần sửa", "to be corrected"),
            StepState::Current => lang.t("đang làm", "current"),
        })
    }

    /// Is it the step shown now?
    pub fn is_current(&self) -> bool {
        self.state == StepState::Current
    }
}

/// The word for the state of a step: fixed text.
pub struct StepWord(&'static str);

impl std::fmt::Display for StepWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, r#" <span class="step-word">{}</span>"#, self.0)
        }
    }
}
impl askama::filters::HtmlSafe for StepWord {}

/// `GET|POST /nhap/{draft}/noi-giai-quyet`. Fields: `unit`; `luu-sau` saves and leaves.
#[derive(Clone, Default, Template)]
#[template(path = "filing/office.html")]
pub struct OfficePage {
    /// Around the page.
    pub ui: Shell,
    /// Around the draft.
    pub draft: DraftView,
    /// The communes to choose from.
    pub units: Vec<OptionView>,
    /// What is wrong with the choice.
    pub faults: Vec<Fault>,
    /// The page before.
    pub back_href: String,
}

/// The request that a draft answers.
#[derive(Clone, Default)]
pub struct SupplementView {
    /// Code of the dossier.
    pub code: String,
    /// The officer's note.
    pub text: String,
    /// The single points: heading of the field and what is wanted.
    pub points: Vec<PointView>,
}

/// One point of a request for more papers.
#[derive(Clone, Default)]
pub struct PointView {
    /// Heading of the field; may be empty.
    pub label: String,
    /// What is wanted.
    pub text: String,
    /// The page and field where it is answered; none outside the filing pages.
    pub href: Option<String>,
}

/// `GET|POST /nhap/{draft}/{section}`: one group of questions.
///
/// The form is sent to the same address as multipart when `has_files`, else urlencoded. Buttons:
/// none named = save and go on; `cap-nhat` = save and show the same page; `luu-sau` = save and go
/// to `/ho-so`; `them-dong={group}` and `xoa-dong={group}.{index}` = save and change the rows;
/// files come as `tep.{field}`.
#[derive(Clone, Default, Template)]
#[template(path = "filing/section.html")]
pub struct SectionPage {
    /// Around the page.
    pub ui: Shell,
    /// The draft.
    pub draft: DraftView,
    /// Id of the section, as in its address.
    pub section: String,
    /// Heading.
    pub title: String,
    /// A sentence below it; may be empty.
    pub help: String,
    /// All its fields, hidden ones too.
    pub fields: Vec<FieldView>,
    /// Faults, in the order of the page.
    pub faults: Vec<Fault>,
    /// The page before: the procedure, or the section before.
    pub back_href: String,
    /// Holds a file field, and so is sent as multipart.
    pub has_files: bool,
}

/// `GET /nhap/{draft}/kiem-tra`: all answers on one page, and the button that sends them.
#[derive(Clone, Default, Template)]
#[template(path = "filing/check.html")]
pub struct CheckPage {
    /// Around the page.
    pub ui: Shell,
    /// The draft.
    pub draft: DraftView,
    /// The answers.
    pub sections: Vec<AnswerSection>,
    /// What keeps it from being sent; links lead to the pages (`/nhap/{draft}/{section}#{id}`).
    pub faults: Vec<Fault>,
    /// What is worth a look but does not keep it from being sent.
    pub warnings: Vec<Fault>,
    /// What it costs.
    pub fees: Vec<FeeView>,
    /// If sent now: the due moment and how it is counted.
    pub due_if_now: Option<DueView>,
    /// Key that makes a second sending of the same page harmless; hidden field `khoa`.
    pub submit_key: String,
    /// The last section, to go back to.
    pub back_href: String,
}

/// What autosave answers (JSON), also after the first save without faults.
#[derive(Clone, Default, Serialize)]
pub struct AutosaveReply {
    /// "Đã lưu lúc 15 giờ 30".
    pub saved_at_text: String,
    /// Names of the fields now asked for (`child_name`, `mother`), and only these; where a group's
    /// fields depend on answers, theirs too (`changes.0.value`).
    pub visible: Vec<String>,
    /// Faults of this section; only those of fields with an answer are shown while typing.
    pub problems: Vec<FieldProblem>,
    /// Computed values of this section as people read them, by name.
    pub computed: BTreeMap<String, String>,
}

/// A fault for the script.
#[derive(Clone, Default, Serialize)]
pub struct FieldProblem {
    /// Name of the field: `mother.number`.
    pub path: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// What an upload answers (JSON) when the script sent it (`Accept: application/json`).
#[derive(Clone, Default, Serialize)]
pub struct UploadReply {
    /// The list of files of the field as HTML: [`super::field::FileListHtml`] rendered; empty when refused.
    pub html: String,
    /// Can another file be added?
    pub has_room: bool,
    /// Why the file was refused and what to do; empty when it was taken.
    pub problem: String,
}

/// One commune in `GET /don-vi/{province}.json`, a JSON list of these.
#[derive(Clone, Default, Serialize)]
pub struct CommuneOption {
    /// Five digits.
    pub code: String,
    /// "Xã Mỹ Hiệp".
    pub name: String,
}
