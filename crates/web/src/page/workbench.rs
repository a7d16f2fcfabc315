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
    /// What to do when nothing is there: "Không có hồ sơ nào đến hạn hôm nay. Xem …".
    pub empty: String,
    /// Where the empty list leads on.
    pub empty_link: Option<Link>,
}

/// What the filter says. A GET form to `/can-bo` with `xem`, `q`, `thu-tuc`, `buoc`,
/// `nguoi`.
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
    /// Address without any filter; none when nothing is filtered.
    pub clear_href: Option<String>,
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
    /// "17 giờ 00 22/11/2026".
    pub due: String,
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
    /// Who has it now; empty for nobody.
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

impl BenchDossierPage {
    /// What the comparisons come to: "1 điểm chặn ký, 2 điểm cần xem, 5 điểm khớp".
    fn findings(&self) -> String {
        let count = |tones: &[Tone]| self.checks.iter().filter(|c| tones.contains(&c.tone)).count();
        let kinds = [
            (count(&[Tone::Late]), "chặn ký"),
            (count(&[Tone::Attention]), "cần xem"),
            (count(&[Tone::Plain, Tone::Busy]), "chưa có dữ liệu"),
            (count(&[Tone::Done]), "khớp"),
        ];
        let met: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} điểm {word}"))
            .collect();
        met.join(", ")
    }
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

impl CheckView {
    /// Does it agree? Then a tick and a quiet word are enough.
    fn agrees(&self) -> bool {
        self.tone == Tone::Done
    }

    /// The quiet line below: where it was asked, and that it agrees.
    fn about(&self) -> String {
        match (self.agrees(), self.source.is_empty()) {
            (true, true) => self.verdict.clone(),
            (true, false) => format!("{} · {}", self.verdict, self.source),
            (false, _) => self.source.clone(),
        }
    }
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
}

impl CompareRow {
    /// Who says what stands beside the answer: the row's own source, or what the whole table is
    /// compared with.
    fn held_by<'a>(&'a self, right: &'a str) -> &'a str {
        if self.source.is_empty() { right } else { &self.source }
    }

    /// "Khớp dân cư", "Khớp tờ khai".
    fn agreement(&self, right: &str) -> String {
        let mut letters = self.held_by(right).chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        format!("Khớp {first}{}", letters.as_str())
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
    /// Whom it is about; may be empty.
    pub about: String,
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
    /// Fault of the code.
    pub code_error: Option<String>,
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
    /// Is there anything to read or fill before the button?
    fn asks(&self) -> bool {
        let shows = !(self.checks.is_empty() && self.compare.is_empty());
        shows || !(self.entry.is_empty() && self.points.is_empty()) || self.note_label.is_some()
    }

    /// What the new entry stands beside.
    fn beside(&self) -> &'static str {
        beside(self.amends)
    }

    /// How much of the entry is not as the form says; a change of an entry is meant to differ.
    fn differences(&self) -> String {
        let differing = self.compare.iter().filter(|row| row.verdict == Verdict::Differs).count();
        match (self.amends, differing) {
            (true, count) => format!("{count} mục thay đổi so với nội dung đang ghi."),
            (false, 0) => "Tất cả các mục khớp với tờ khai.".to_owned(),
            (false, count) => format!("{count} mục khác với tờ khai."),
        }
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

impl AuditPage {
    /// The fault of a field, by its id.
    fn fault(&self, id: &str) -> Option<&str> {
        Fault::of(&self.faults, id)
    }
}

/// One event.
#[derive(Clone, Default)]
pub struct AuditRow {
    /// Number in the chain.
    pub number: String,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// With which role, in which unit; may be empty.
    pub office: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tone: Tone, verdict: &str, source: &str) -> CheckView {
        CheckView { tone, verdict: verdict.into(), source: source.into(), ..CheckView::default() }
    }

    fn row(answer: &str, known: &str, source: &str, verdict: Verdict) -> CompareRow {
        CompareRow {
            answer: answer.into(),
            known: known.into(),
            source: source.into(),
            verdict,
            ..CompareRow::default()
        }
    }

    #[test]
    fn what_the_registers_say_is_summed_up_the_worst_first() {
        let checks = [Tone::Done, Tone::Late, Tone::Done, Tone::Attention];
        let checks = checks.map(|tone| check(tone, "", "")).into();
        let page = BenchDossierPage { checks, ..BenchDossierPage::default() };
        assert_eq!(page.findings(), "1 điểm chặn ký, 1 điểm cần xem, 2 điểm khớp");
    }

    #[test]
    fn what_agrees_is_quiet_and_what_differs_stands_out_with_both_values() {
        let rows = vec![
            row("Trần Thị Lan", "Trần Thị Lan", "Dân cư", Verdict::Same),
            row("02/09/1995", "03/09/1995", "Dân cư", Verdict::Differs),
        ];
        let sections = vec![CompareSection { title: "Người mẹ".into(), rows }];
        let checks = vec![check(Tone::Done, "Khớp", "Sổ đăng ký kết hôn")];
        let page = BenchDossierPage { sections, checks, ..BenchDossierPage::default() };
        let shown = page.render().unwrap();
        assert!(shown.contains("<span class=\"same\">Khớp dân cư</span>"), "{shown}");
        assert!(shown.contains("Khớp · Sổ đăng ký kết hôn"), "{shown}");
        assert!(!shown.contains("<span class=\"tag done\">Khớp"), "{shown}");
        let differing = shown.split("Khác</span>").nth(1).unwrap();
        assert!(differing.contains("Dân cư: <b class=\"pre\">03/09/1995</b>"), "{differing}");
    }

    #[test]
    fn the_signer_reads_how_much_of_the_entry_differs_from_the_form() {
        let page = |amends, verdicts: &[Verdict]| ActionPage {
            amends,
            compare: verdicts.iter().map(|verdict| row("a", "b", "", *verdict)).collect(),
            ..ActionPage::default()
        };
        let same = page(false, &[Verdict::Same, Verdict::NotHeld]);
        assert_eq!(same.differences(), "Tất cả các mục khớp với tờ khai.");
        let one = page(false, &[Verdict::Same, Verdict::Differs]);
        assert_eq!(one.differences(), "1 mục khác với tờ khai.");
        let change = page(true, &[Verdict::Differs]);
        assert_eq!(change.differences(), "1 mục thay đổi so với nội dung đang ghi.");
    }
}
