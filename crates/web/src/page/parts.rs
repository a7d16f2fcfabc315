//! Pieces that several pages share.

use askama::Template;
use askama::filters::HtmlSafe;

/// How a state is coloured. A word always goes with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Under way.
    Busy,
    /// Done, right.
    Done,
    /// Wants attention.
    Attention,
    /// Late, wrong, destructive.
    Late,
}

impl Tone {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Busy => "busy",
            Tone::Done => "done",
            Tone::Attention => "attention",
            Tone::Late => "late",
        }
    }
}

/// A link.
#[derive(Clone, Default)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub text: String,
}

/// One option of a list.
#[derive(Clone, Default)]
pub struct OptionView {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Is it chosen?
    pub selected: bool,
}

/// A line of the error summary.
#[derive(Clone, Default)]
pub struct Fault {
    /// `#` and the id of the field, or the address of the page that holds it; empty for none.
    pub href: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Fault {
    /// The fault of a field of this page, by its id.
    pub fn of<'a>(faults: &'a [Self], id: &str) -> Option<&'a str> {
        let fault = faults.iter().find(|fault| fault.href.strip_prefix('#') == Some(id))?;
        Some(&fault.message)
    }
}

/// Where something stands, in a word and a colour.
#[derive(Clone, Default)]
pub struct StateView {
    /// The word, such as "Đang xử lý".
    pub text: String,
    /// Its colour.
    pub tone: Tone,
}

/// A due moment and how it was counted.
#[derive(Clone, Default)]
pub struct DueView {
    /// "17 giờ 00 thứ Năm 03/09/2026".
    pub moment: String,
    /// "còn 1 ngày 3 giờ làm việc", "quá hạn 2 giờ làm việc", "đang tạm dừng, còn 6 giờ làm việc".
    pub left: String,
    /// Colour of what is left.
    pub tone: Tone,
    /// Part of the time already used, 0 to 100.
    pub used_percent: u8,
    /// How it was counted, one sentence a line, in order.
    pub derivation: Vec<String>,
}

/// Where a step stands in a time line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It has happened.
    #[default]
    Past,
    /// It is happening.
    Now,
    /// It comes.
    Next,
}

/// A step of a time line.
#[derive(Clone, Default)]
pub struct TimelineItem {
    /// "09 giờ 12 ngày 22/11/2026"; empty for what comes.
    pub at: String,
    /// What, in a few words.
    pub title: String,
    /// More, in a sentence; may be empty.
    pub text: String,
    /// Who has it, or who did it; may be empty. Public pages give offices, never persons.
    pub who: String,
    /// Has it happened?
    pub phase: Phase,
    /// Colour of the mark; `Attention` where the applicant must act.
    pub tone: Tone,
}

impl TimelineItem {
    /// The class of the mark.
    pub fn class(&self) -> &'static str {
        match (self.phase, self.tone) {
            (_, Tone::Late) => "late",
            (_, Tone::Attention) => "attention",
            (Phase::Past, _) => "past",
            (Phase::Now, _) => "now",
            (Phase::Next, _) => "next",
        }
    }

    /// Is it happening now?
    pub fn is_now(&self) -> bool {
        self.phase == Phase::Now
    }
}

/// A file that someone attached.
#[derive(Clone, Default)]
pub struct FileLink {
    /// Where it can be read; empty where it cannot.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Kind and size: "PDF, 312 KB".
    pub detail: String,
    /// Address of an image to show in place; none for a PDF.
    pub preview_href: Option<String>,
}

/// A paper that came out: receipt, slip, certificate.
#[derive(Clone, Default)]
pub struct DocumentView {
    /// Where it can be read.
    pub href: String,
    /// Its title.
    pub name: String,
    /// "Mẫu 01 · PDF · 84 KB".
    pub detail: String,
    /// "Cấp lúc 09 giờ 12 ngày 22/11/2026".
    pub issued: String,
    /// "Ký số: Trần Văn Lộc, Chủ tịch UBND xã Mỹ Hiệp"; none where it is not signed.
    pub signed_by: Option<String>,
    /// A result (certificate, extract) rather than a slip: shown first and larger.
    pub is_result: bool,
    /// Why it should no longer be used: "Đã có bản mới sau khi cải chính ngày 01/12/2026".
    pub outdated: Option<String>,
    /// Where its signature can be checked.
    pub verify_href: Option<String>,
}

/// A message between the agency and the applicant.
#[derive(Clone, Default)]
pub struct MessageView {
    /// When.
    pub at: String,
    /// Who speaks: the agency's name, or "Ông/bà".
    pub from: String,
    /// What is said.
    pub text: String,
    /// Does the reader speak?
    pub mine: bool,
}

/// A group of answers, as one page of the form.
#[derive(Clone, Default)]
pub struct AnswerSection {
    /// Heading.
    pub title: String,
    /// The page that changes them; none where nothing may be changed.
    pub change_href: Option<String>,
    /// The answers that are asked for.
    pub items: Vec<AnswerItem>,
}

/// One answer.
#[derive(Clone, Default)]
pub struct AnswerItem {
    /// The question, short.
    pub label: String,
    /// The answer as people read it; empty shows "Chưa trả lời".
    pub text: String,
    /// Where it was taken from: "Lấy từ Cơ sở dữ liệu quốc gia về dân cư".
    pub source: Option<String>,
    /// Files, for a file field.
    pub files: Vec<FileLink>,
    /// What is wrong with it and how to mend it.
    pub problem: Option<String>,
    /// The page and field that changes this one: `/nhap/{draft}/{section}#{id}`.
    pub change_href: Option<String>,
}

/// A line of fees.
#[derive(Clone, Default)]
pub struct FeeView {
    /// Name: "Lệ phí đăng ký khai sinh".
    pub name: String,
    /// "8.000 đồng", "Miễn", or empty where it depends.
    pub amount: String,
    /// When it is due, in words.
    pub text: String,
    /// Provision it stands on; may be empty.
    pub basis: String,
}

/// A pair of label and value.
#[derive(Clone, Default)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value as people read it; empty shows a dash.
    pub value: String,
}

/// The error summary at the top of a page; shows nothing when there is no fault.
#[derive(Template)]
#[template(path = "parts/faults.html")]
pub struct FaultsHtml<'a> {
    /// Language of the page.
    pub lang: super::shell::Lang,
    /// The faults.
    pub faults: &'a [Fault],
}
impl HtmlSafe for FaultsHtml<'_> {}

/// A vertical time line.
#[derive(Template)]
#[template(path = "parts/timeline.html")]
pub struct TimelineHtml<'a> {
    /// Language of the page.
    pub lang: super::shell::Lang,
    /// Its steps.
    pub items: &'a [TimelineItem],
}
impl HtmlSafe for TimelineHtml<'_> {}

/// Answers as lists of question and answer.
#[derive(Template)]
#[template(path = "parts/answers.html")]
pub struct AnswersHtml<'a> {
    /// Language of the page.
    pub lang: super::shell::Lang,
    /// The groups.
    pub sections: &'a [AnswerSection],
}
impl HtmlSafe for AnswersHtml<'_> {}

/// Papers to read, results first.
#[derive(Template)]
#[template(path = "parts/documents.html")]
pub struct DocumentsHtml<'a> {
    /// Language of the page.
    pub lang: super::shell::Lang,
    /// The papers.
    pub documents: &'a [DocumentView],
}
impl HtmlSafe for DocumentsHtml<'_> {}

/// A due moment with how it was counted.
#[derive(Template)]
#[template(path = "parts/due.html")]
pub struct DueHtml<'a> {
    /// Language of the page.
    pub lang: super::shell::Lang,
    /// The due moment.
    pub due: &'a DueView,
    /// Show the counting unfolded?
    pub open: bool,
}
impl HtmlSafe for DueHtml<'_> {}

impl super::shell::Shell {
    /// The error summary.
    pub fn faults<'a>(&self, faults: &'a [Fault]) -> FaultsHtml<'a> {
        FaultsHtml { lang: self.lang, faults }
    }

    /// A time line.
    pub fn timeline<'a>(&self, items: &'a [TimelineItem]) -> TimelineHtml<'a> {
        TimelineHtml { lang: self.lang, items }
    }

    /// Answers as lists.
    pub fn answers<'a>(&self, sections: &'a [AnswerSection]) -> AnswersHtml<'a> {
        AnswersHtml { lang: self.lang, sections }
    }

    /// Papers to read.
    pub fn documents<'a>(&self, documents: &'a [DocumentView]) -> DocumentsHtml<'a> {
        DocumentsHtml { lang: self.lang, documents }
    }

    /// A due moment; the counting folded unless `open`.
    pub fn due<'a>(&self, due: &'a DueView, open: bool) -> DueHtml<'a> {
        DueHtml { lang: self.lang, due, open }
    }
}
