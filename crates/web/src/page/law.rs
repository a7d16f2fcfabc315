//! The law for everybody: searching, reading, asking.

use app::law::browsing::{Piece, Span};
use askama::Template;

use super::parts::{Link, OptionView, Tone};
use super::shell::Shell;

/// `GET /law`: searching, with the chosen provision beside what was found.
#[derive(Clone, Default, Template)]
#[template(path = "law/search.html")]
pub struct LawSearchPage {
    /// Around the page.
    pub ui: Shell,
    /// There is no law yet.
    pub is_empty: bool,
    /// What was searched for.
    pub query: String,
    /// The day chosen: "22/11/2026"; empty for none.
    pub at: String,
    /// What is wrong with the day.
    pub fault: Option<String>,
    /// Kinds of documents to choose from.
    pub kinds: Vec<OptionView>,
    /// What was found, by document.
    pub groups: Vec<HitGroup>,
    /// How much was found and is shown: "Kết quả 1–10".
    pub count: String,
    /// A number that was asked for and is not here; empty for none.
    pub missing_number: String,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The same words as a question.
    pub ask_href: String,
    /// The provision to read beside the list.
    pub open: Option<OpenView>,
    /// Queries to begin with.
    pub examples: Vec<Link>,
    /// How much law there is: "62.323 điều của 4.253 văn bản".
    pub totals: String,
    /// The documents issued last.
    pub latest: Vec<DocumentLine>,
}

/// Provisions found in one document.
#[derive(Clone, Default)]
pub struct HitGroup {
    /// Its address.
    pub href: String,
    /// "Luật Thanh niên số 57/2020/QH14".
    pub name: String,
    /// What it is about, where the name does not say so.
    pub about: String,
    /// Its provisions.
    pub hits: Vec<HitView>,
}

/// A provision found.
#[derive(Clone, Default)]
pub struct HitView {
    /// The same list with this provision open.
    pub open_href: String,
    /// Its own page.
    pub href: String,
    /// "Điều 4".
    pub label: String,
    /// Heading.
    pub title: String,
    /// The sentence that fits best.
    pub pieces: Vec<Piece>,
    /// State on the day.
    pub badge: Badge,
    /// It is the one that is open.
    pub is_open: bool,
}

/// The provision beside the list.
#[derive(Clone, Default)]
pub struct OpenView {
    /// Its own page.
    pub href: String,
    /// Its document.
    pub document: String,
    /// The provision.
    pub article: ArticleView,
}

/// A document in a list.
#[derive(Clone, Default)]
pub struct DocumentLine {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub about: String,
    /// Issuer and day; may be empty.
    pub detail: String,
}

/// State of effect.
#[derive(Clone, Default)]
pub struct Badge {
    /// Its colour.
    pub tone: Tone,
    /// Its words.
    pub text: String,
}

/// A provision as it is read.
#[derive(Clone, Default)]
pub struct ArticleView {
    /// Identifier within the page: `dieu-4`.
    pub id: String,
    /// Its own page.
    pub href: String,
    /// "Điều 4".
    pub label: String,
    /// Its label in the codification; may be empty.
    pub code: String,
    /// Heading; may be empty.
    pub title: String,
    /// Headings above it.
    pub context: Vec<String>,
    /// Subject in the codification; may be empty.
    pub subject: String,
    /// State on the day.
    pub badge: Badge,
    /// Its text.
    pub lines: Vec<LineView>,
    /// Where the whole text is, when it was cut.
    pub whole_href: Option<String>,
    /// What an editor notes; may be empty.
    pub note: String,
    /// What other documents did to it.
    pub changes: Vec<ChangeView>,
    /// Its text is the one first issued, and another one holds now.
    pub is_first_text: bool,
    /// Related provisions.
    pub related: Vec<ReferenceView>,
    /// Provisions that lead here.
    pub cited_by: Vec<ReferenceView>,
}

/// A paragraph, clause or point.
#[derive(Clone, Default)]
pub struct LineView {
    /// Identifier within the page; empty for none.
    pub id: String,
    /// Its own address, where it has one.
    pub href: String,
    /// "2."; may be empty.
    pub number: String,
    /// 0 the article's own text, 1 a clause, 2 a point.
    pub depth: u8,
    /// It is what was asked for.
    pub is_asked: bool,
    /// Its words.
    pub spans: Vec<Span>,
}

/// Something to go on to.
#[derive(Clone, Default)]
pub struct ReferenceView {
    /// Its address; none where it is not here.
    pub href: Option<String>,
    /// Its name.
    pub text: String,
    /// More; may be empty.
    pub detail: String,
}

/// What another document did.
#[derive(Clone, Default)]
pub struct ChangeView {
    /// "Sửa đổi, bổ sung".
    pub verb: String,
    /// "Điều 4"; empty for the whole.
    pub place: String,
    /// Who did it.
    pub by: ReferenceView,
    /// "từ ngày 01/01/2027"; may be empty.
    pub day: String,
}

/// `GET /law/{document}` and its places.
#[derive(Clone, Default, Template)]
#[template(path = "law/document.html")]
pub struct LawDocumentPage {
    /// Around the page.
    pub ui: Shell,
    /// Title of the page: the place and the document.
    pub heading: String,
    /// Name with number.
    pub name: String,
    /// Address of the document.
    pub document_href: String,
    /// One place is shown, not the whole.
    pub is_place: bool,
    /// A clause or point was asked for that does not exist.
    pub missing_place: String,
    /// State of the document.
    pub badge: Badge,
    /// Facts: issuer, days, subject.
    pub facts: Vec<(String, String)>,
    /// The day, as it is typed.
    pub day: String,
    /// The day in words: "22/11/2026".
    pub day_words: String,
    /// Where the form of the day is sent: this page.
    pub day_action: String,
    /// What is wrong with the day.
    pub fault: Option<String>,
    /// How the place is cited.
    pub citation: String,
    /// Its stable address, with the server's name.
    pub permalink: String,
    /// Contents.
    pub contents: Vec<ContentsLine>,
    /// Provisions.
    pub articles: Vec<ArticleView>,
    /// Where the text goes on.
    pub next: Option<Link>,
    /// Provision before and after, where one is shown.
    pub before: Option<Link>,
    /// See `before`.
    pub after: Option<Link>,
    /// Other sources of the same document.
    pub others: Vec<DocumentLine>,
    /// Legal bases.
    pub bases: Vec<ReferenceView>,
    /// What other documents did to it.
    pub changes: Vec<ChangeView>,
    /// Documents that stand on it.
    pub used_by: Vec<ReferenceView>,
    /// The document as Akoma Ntoso and as JSON.
    pub downloads: Vec<Link>,
}

/// A line of the contents.
#[derive(Clone, Default)]
pub struct ContentsLine {
    /// The chapter that begins here; may be empty.
    pub group: String,
    /// Where it leads.
    pub href: String,
    /// "Điều 4".
    pub label: String,
    /// Heading; may be empty.
    pub title: String,
    /// It is what is shown.
    pub is_current: bool,
}

/// Several documents have one number.
#[derive(Clone, Default, Template)]
#[template(path = "law/choice.html")]
pub struct LawChoicePage {
    /// Around the page.
    pub ui: Shell,
    /// The number.
    pub number: String,
    /// The documents.
    pub choices: Vec<DocumentLine>,
}

/// `GET /law/ask?q=`.
#[derive(Clone, Default, Template)]
#[template(path = "law/ask.html")]
pub struct LawAskPage {
    /// Around the page.
    pub ui: Shell,
    /// There is no law yet.
    pub is_empty: bool,
    /// The question.
    pub question: String,
    /// Sentences of the law, the most telling first.
    pub answer: Vec<AnswerView>,
    /// Why there is no answer.
    pub reason: Option<String>,
    /// Provisions that may help all the same.
    pub near: Vec<HitView>,
    /// The same words as a search.
    pub search_href: String,
    /// The day whose law was asked: "22/11/2026".
    pub day: String,
    /// Questions to begin with.
    pub examples: Vec<Link>,
}

/// A sentence of the law.
#[derive(Clone, Default)]
pub struct AnswerView {
    /// Word for word.
    pub text: String,
    /// Where it stands.
    pub href: String,
    /// "Điều 4 Luật Thanh niên số 57/2020/QH14".
    pub source: String,
    /// Its words are those first issued, and the article was changed since.
    pub is_first_text: bool,
    /// State on the day.
    pub badge: Badge,
}
