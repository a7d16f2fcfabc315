//! The officer's pages: the list of work, one dossier, one action, the audit.

use askama::Template;

use super::field::FieldView;
use super::parts::{
    DocumentView, DueView, Fault, FeeView, FileLink, Link, MessageView, OptionView, StateView,
    TimelineItem, Tone,
};
use super::shell::Shell;

/// A saved view of the list, with its count.
#[derive(Clone, Default)]
pub struct ViewLink {
    /// `/can-bo?xem=han-hom-nay` and the like.
    pub href: String,
    /// "Đến hạn hôm nay".
    pub label: String,
    /// How many; none where it is not counted.
    pub count: Option<u64>,
    /// `Late` for late ones, `Attention` for today's, when the count is not zero.
    pub tone: Tone,
    /// Is it the view shown?
    pub current: bool,
}

/// `GET /can-bo`: the list of work.
#[derive(Clone, Default, Template)]
#[template(path = "bench/worklist.html")]
pub struct WorklistPage {
    /// Around the page.
    pub ui: Shell,
    /// The views.
    pub views: Vec<ViewLink>,
    /// Name of the view shown.
    pub title: String,
    /// What the filter says now.
    pub filter: FilterView,
    /// Columns that sort, in order: link, text and whether it sorts now.
    pub sorts: Vec<SortLink>,
    /// One line a dossier.
    pub rows: Vec<WorkRow>,
    /// "60 hồ sơ", "hơn 1.000 hồ sơ".
    pub total: String,
    /// The page before (`?before=`); none on the first.
    pub previous_href: Option<String>,
    /// The next page (`?after=`); none on the last.
    pub next_href: Option<String>,
    /// The same list as CSV.
    pub export_href: String,
    /// What can be done with several at once; empty hides the boxes. The form posts `chon` (codes,
    /// repeated), `viec` (value) to `bulk_action`.
    pub bulk: Vec<OptionView>,
    /// Where the form of the bulk bar is sent.
    pub bulk_action: String,
    /// What to do when nothing is there: "Không có hồ sơ nào đến hạn hôm nay. Xem …".
    pub empty: String,
    /// Where the empty list leads on.
    pub empty_link: Option<Link>,
}

/// What the filter says. A GET form to `/can-bo` with `xem`, `q`, `thu-tuc`, `buoc`, `nguoi`,
/// `sap-xep`.
#[derive(Clone, Default)]
pub struct FilterView {
    /// Key of the view shown (`xem`).
    pub view: String,
    /// Words: code, name or personal number (`q`).
    pub q: String,
    /// Procedures (`thu-tuc`), the first being "Mọi thủ tục" with an empty value.
    pub procedures: Vec<OptionView>,
    /// Steps (`buoc`).
    pub steps: Vec<OptionView>,
    /// Assignees (`nguoi`).
    pub assignees: Vec<OptionView>,
    /// The sorting kept by the form (`sap-xep`).
    pub sort: String,
    /// Address without any filter; none when nothing is filtered.
    pub clear_href: Option<String>,
}

/// A column that sorts.
#[derive(Clone, Default)]
pub struct SortLink {
    /// Where it leads.
    pub href: String,
    /// "Thời gian còn lại", "Ngày nhận", "Người nộp".
    pub text: String,
    /// Does it sort now?
    pub current: bool,
    /// From large to small?
    pub descending: bool,
}

/// A dossier in the list.
#[derive(Clone, Default)]
pub struct WorkRow {
    /// `/can-bo/ho-so/{code}`.
    pub href: String,
    /// Code.
    pub code: String,
    /// Applicant.
    pub applicant: String,
    /// Whom it is about, such as the child; may be empty.
    pub about: String,
    /// Procedure, short.
    pub procedure: String,
    /// Step.
    pub step: StateView,
    /// Who has it; empty shows "Chưa phân công".
    pub assignee: String,
    /// What is left in words: "còn 2 giờ", "quá hạn 1 ngày", "tạm dừng".
    pub left: String,
    /// Its colour.
    pub tone: Tone,
    /// Part of the time already used, 0 to 100.
    pub used_percent: u8,
    /// "17:00 22/11".
    pub due: String,
    /// Short marks: "Bổ sung lần 1", "Nộp trực tuyến".
    pub flags: Vec<String>,
}

/// `GET /can-bo/ho-so/{code}`: one dossier in full.
#[derive(Clone, Default, Template)]
#[template(path = "bench/dossier.html")]
pub struct BenchDossierPage {
    /// Around the page.
    pub ui: Shell,
    /// The views, for the left side.
    pub views: Vec<ViewLink>,
    /// Code.
    pub code: String,
    /// Procedure.
    pub procedure: String,
    /// Applicant.
    pub applicant: String,
    /// Whom it is about; may be empty.
    pub about: String,
    /// Step.
    pub step: StateView,
    /// Who has it; empty for nobody.
    pub assignee: String,
    /// How it was filed: "Nộp trực tuyến lúc 08 giờ 12 ngày 22/11/2026".
    pub filed: String,
    /// When it is due.
    pub due: Option<DueView>,
    /// What may be done now, the commonest first.
    pub actions: Vec<ActionLink>,
    /// Comparisons with registers and population data, the worst first.
    pub checks: Vec<CheckView>,
    /// The form beside what is known.
    pub sections: Vec<CompareSection>,
    /// The papers attached, beside the form.
    pub papers: Vec<PaperFiles>,
    /// What is asked from other systems.
    pub requests: Vec<ExchangeView>,
    /// The entry as prepared; none before.
    pub entry: Option<EntryDraftView>,
    /// The entry as registered: number and link; none before.
    pub registered: Option<Link>,
    /// Papers that came out.
    pub documents: Vec<DocumentView>,
    /// Messages with the applicant, oldest first.
    pub messages: Vec<MessageView>,
    /// What it costs.
    pub fees: Vec<FeeView>,
    /// What has happened and what comes.
    pub timeline: Vec<TimelineItem>,
    /// The dossier before in the list that one came from (key `k`).
    pub previous_href: Option<String>,
    /// The dossier after (key `j`).
    pub next_href: Option<String>,
    /// The list that one came from.
    pub list_href: String,
}

/// An action that may be taken.
#[derive(Clone, Default)]
pub struct ActionLink {
    /// `/can-bo/ho-so/{code}/hanh-dong/{action}`.
    pub href: String,
    /// The verb.
    pub label: String,
    /// Shown strongest.
    pub primary: bool,
    /// Refuses or stops: red.
    pub destructive: bool,
    /// Why it cannot be taken now; none when it can.
    pub why_not: Option<String>,
}

/// A comparison.
#[derive(Clone, Default)]
pub struct CheckView {
    /// Heading: "Hôn nhân của cha mẹ".
    pub label: String,
    /// `Done` agrees, `Attention` look at it, `Late` blocks, `Plain` not known.
    pub tone: Tone,
    /// The word: "Khớp", "Khác", "Chặn ký", "Chưa có dữ liệu".
    pub verdict: String,
    /// What was found, in a sentence.
    pub text: String,
    /// An entry found; none otherwise.
    pub link: Option<Link>,
    /// Where it was asked and when: "CSDL quốc gia về dân cư, 08 giờ 12".
    pub source: String,
}

/// A group of answers beside what is known.
#[derive(Clone, Default)]
pub struct CompareSection {
    /// Heading.
    pub title: String,
    /// The rows.
    pub rows: Vec<CompareRow>,
}

impl CompareSection {
    /// Does any row have something to compare with?
    pub fn compares(&self) -> bool {
        self.rows.iter().any(|row| row.verdict != Verdict::NotHeld)
    }
}

/// An answer beside what is known.
#[derive(Clone, Default)]
pub struct CompareRow {
    /// The question, short.
    pub label: String,
    /// What the form says.
    pub answer: String,
    /// What the register or the population data say; empty when not held.
    pub known: String,
    /// Which of them: "Dân cư", "Sổ kết hôn 45/2019"; may be empty.
    pub source: String,
    /// How they compare.
    pub verdict: Verdict,
    /// Files, for a file field.
    pub files: Vec<FileLink>,
}

/// The files of one required paper.
#[derive(Clone, Default)]
pub struct PaperFiles {
    /// Name of the paper.
    pub label: String,
    /// Its files; `preview_href` shows an image in place.
    pub files: Vec<FileLink>,
}

/// How an answer compares with what is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is held about it.
    #[default]
    NotHeld,
    /// The same.
    Same,
    /// Different.
    Differs,
    /// The source did not answer.
    Unknown,
}

impl Verdict {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Verdict::NotHeld => "plain",
            Verdict::Same => "done",
            Verdict::Differs => "attention",
            Verdict::Unknown => "plain",
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::NotHeld => "",
            Verdict::Same => "Khớp",
            Verdict::Differs => "Khác",
            Verdict::Unknown => "Chưa rõ",
        }
    }
}

/// A question to another system.
#[derive(Clone, Default)]
pub struct ExchangeView {
    /// Heading: "Số định danh cá nhân của trẻ".
    pub label: String,
    /// "Đã trả lời", "Đang chờ", "Không thành công".
    pub state: StateView,
    /// The answer or what went wrong, and what to do.
    pub text: String,
}

/// The entry as prepared.
#[derive(Clone, Default)]
pub struct EntryDraftView {
    /// "Sổ đăng ký khai sinh".
    pub register: String,
    /// The columns; `known` is what the form gave (of an amendment, what the register says now),
    /// `answer` is what stands in the draft.
    pub rows: Vec<CompareRow>,
    /// Does it change an entry that stands?
    pub amends: bool,
    /// "Lê Thị Hạnh, 10 giờ 12 ngày 22/11/2026".
    pub prepared: String,
}

/// `GET|POST /can-bo/ho-so/{code}/hanh-dong/{action}`: what will happen, and the button.
///
/// Fields: `revision`, `khoa`, `note`, `points.{n}.field`, `points.{n}.text`, the entry as
/// `entry.{register field}`, `code` where a one-time code is asked. `them-dong` shows one more point.
#[derive(Clone, Default, Template)]
#[template(path = "bench/action.html")]
pub struct ActionPage {
    /// Around the page.
    pub ui: Shell,
    /// Where the form is sent: this address.
    pub action: String,
    /// Code of the dossier.
    pub code: String,
    /// Procedure.
    pub procedure: String,
    /// Applicant.
    pub applicant: String,
    /// The verb, on heading and button.
    pub label: String,
    /// Plain sentence naming the person; asked for what cannot be undone. May be empty.
    pub confirm: String,
    /// What it does, one line each: "Đồng hồ tạm dừng", "In Phiếu yêu cầu bổ sung (Mẫu 02)".
    pub effects: Vec<String>,
    /// Refuses or stops: a red button.
    pub destructive: bool,
    /// Heading of the note; none when none is asked.
    pub note_label: Option<String>,
    /// Must the note be given?
    pub note_required: bool,
    /// What was typed.
    pub note: String,
    /// Fault of the note.
    pub note_error: Option<String>,
    /// Wordings often used, to be copied into the note.
    pub phrases: Vec<String>,
    /// Single points are asked for: the rows, at least one.
    pub points: Vec<PointRow>,
    /// What is compared before signing: entry beside form; empty hides it.
    pub compare: Vec<CompareRow>,
    /// Does it change an entry that stands? It is then beside what the register says now.
    pub amends: bool,
    /// The entry to be mended, fields named `entry.{field}`; empty when not asked.
    pub entry: Vec<FieldView>,
    /// Heading over the entry: "Nội dung ghi vào Sổ đăng ký khai sinh".
    pub entry_title: String,
    /// Checks that matter here, the worst first.
    pub checks: Vec<CheckView>,
    /// A one-time code is asked before signing (field `code`).
    pub asks_code: bool,
    /// In a demonstration: the code valid now.
    pub demo_code: Option<String>,
    /// Revision of the dossier as seen.
    pub revision: u64,
    /// Key that makes a second sending harmless.
    pub submit_key: String,
    /// Faults.
    pub faults: Vec<Fault>,
    /// The dossier.
    pub back_href: String,
}

impl ActionPage {
    /// What the new entry stands beside.
    fn beside(&self) -> &'static str {
        beside(self.amends)
    }
}

impl EntryDraftView {
    /// What the draft stands beside.
    fn beside(&self) -> &'static str {
        beside(self.amends)
    }
}

fn beside(amends: bool) -> &'static str {
    if amends { "Đang ghi" } else { "Tờ khai" }
}

/// A point of a request for more papers.
#[derive(Clone, Default)]
pub struct PointRow {
    /// Its place, from 0.
    pub index: u32,
    /// Fields of the form, the first being "Chọn mục" with an empty value.
    pub fields: Vec<OptionView>,
    /// What was typed.
    pub text: String,
    /// Fault.
    pub error: Option<String>,
}

/// `GET /can-bo/nhat-ky`: the audit.
#[derive(Clone, Default, Template)]
#[template(path = "bench/audit.html")]
pub struct AuditPage {
    /// Around the page.
    pub ui: Shell,
    /// Is the chain whole? "Chuỗi nguyên vẹn: 12.345 sự kiện, kiểm tra lúc …".
    pub chain: StateView,
    /// Checks the whole chain now; none where that was just done.
    pub verify_href: Option<String>,
    /// Who (`nguoi`).
    pub who: String,
    /// What (`doi-tuong`): code of a dossier, number of an entry.
    pub object: String,
    /// Kinds of event (`loai`).
    pub kinds: Vec<OptionView>,
    /// From day (`tu`), as typed.
    pub from: String,
    /// To day (`den`), as typed.
    pub to: String,
    /// Faults of the filter.
    pub faults: Vec<Fault>,
    /// Events, newest first.
    pub rows: Vec<AuditRow>,
    /// Older ones.
    pub next_href: Option<String>,
    /// The same as CSV.
    pub export_href: String,
}

/// One event.
#[derive(Clone, Default)]
pub struct AuditRow {
    /// Number in the chain.
    pub number: String,
    /// When.
    pub at: String,
    /// Who, with role and unit.
    pub who: String,
    /// What was done.
    pub what: String,
    /// On what.
    pub object: String,
    /// Where that is; none where it has no page.
    pub object_href: Option<String>,
    /// Why: the dossier or the reason written.
    pub purpose: String,
    /// First digits of its hash.
    pub hash: String,
}
