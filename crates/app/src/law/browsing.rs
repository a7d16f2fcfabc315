//! Leafing through the law: a document with its contents, its provisions with their state on a day, every
//! citation with where it leads, and what hangs together with what.

mod body;
mod effects;
mod finding;
mod names;
mod reading;
mod whole;

use std::sync::Arc;

use jiff::civil::Date;
use kernel::error::Result;
use law::effect::State;
use serde::Serialize;
use store::law::DocumentRow;

use super::{Corpus, dates};
pub use finding::{Found, Looked, Piece, basis_addresses, direct, look_up, marked};
pub use names::Names;
pub use reading::{Asked, Opened, open, open_anchor};
pub use whole::akoma_ntoso;

/// A document as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentView {
    /// Number and symbol as compared: `57-2020-qh14`.
    pub key: String,
    /// Its part of an address: the key, and who issued it where several documents have this key.
    pub address: String,
    /// Number and symbol as printed.
    pub number: Option<String>,
    /// "Luật", "Nghị định".
    pub kind: Option<String>,
    /// Name without the kind.
    pub title: Option<String>,
    /// Who issued it; empty where not known.
    pub issuer: String,
    /// Day of issue.
    pub issued_on: Option<Date>,
    /// First day of effect.
    pub effective_on: Option<Date>,
    /// First day on which it is no longer in force.
    pub expires_on: Option<Date>,
    /// Field or subject.
    pub field: Option<String>,
    /// Where it came from: `codified`, `corpus` or `file`.
    pub source: String,
    /// How many provisions it has.
    pub provisions: i64,
}

impl DocumentView {
    pub(super) fn of(row: &DocumentRow, address: String) -> Self {
        let day = |text: &Option<String>| text.as_deref().and_then(dates::day);
        Self {
            key: row.key.clone(),
            address,
            number: row.number.clone().filter(|number| !number.is_empty()),
            kind: row.kind.clone(),
            title: row.title.clone(),
            issuer: row.issuer.clone(),
            issued_on: day(&row.issued_on),
            effective_on: day(&row.effective_on),
            expires_on: day(&row.expires_on),
            field: row.field.clone().filter(|field| !field.is_empty()),
            source: row.source.clone(),
            provisions: row.provisions,
        }
    }

    /// As it is cited: "Luật Thanh niên số 57/2020/QH14", "Quyết định số 12/2025/QĐ-UBND".
    #[must_use]
    pub fn name(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("Văn bản");
        let is_act = ["Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"].contains(&kind);
        let title = self.title.as_deref().unwrap_or_default();
        match &self.number {
            Some(number) if is_act && !title.is_empty() => format!("{kind} {title} số {number}"),
            Some(number) => format!("{kind} số {number}"),
            None if title.is_empty() => format!("{kind} {}", self.key),
            None => format!("{kind} {title}"),
        }
    }

    /// Kind and name: "Luật Thanh niên", "Quyết định Ban hành Quy định về …".
    #[must_use]
    pub fn full_title(&self) -> String {
        let parts = [self.kind.as_deref(), self.title.as_deref()];
        let words: Vec<&str> =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if self.title.as_deref().is_none_or(str::is_empty) { self.name() } else { words.join(" ") }
    }

    /// Its own address: `/law/57-2020-qh14`.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/law/{}", self.address)
    }
}

/// A document read for a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The document.
    pub document: DocumentView,
    /// What other sources have under the same number.
    pub others: Vec<DocumentView>,
    /// The day.
    #[serde(skip)]
    pub day: Date,
    /// State of the whole that day.
    pub state: State,
    /// All its provisions.
    pub contents: Vec<Heading>,
    /// Those that are shown.
    pub articles: Vec<Article>,
    /// The first one that found no room.
    pub next: Option<Heading>,
    /// The place that was asked for: `dieu-4/khoan-2`; empty for the whole.
    pub place: String,
    /// The place asked for does not exist within its article.
    pub place_is_missing: bool,
    /// How the place is cited: "khoản 2 Điều 4 Luật Thanh niên số 57/2020/QH14".
    pub citation: String,
    /// Legal bases, and documents consolidated.
    pub bases: Vec<Reference>,
    /// What other documents did to it.
    pub changes: Vec<Change>,
    /// Documents that name it as their basis, guide it or hang on it otherwise.
    pub used_by: Vec<Reference>,
}

/// A line of the contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// `dieu-4`.
    pub path: String,
    /// "Điều 4".
    pub label: String,
    /// Its heading.
    pub title: String,
    /// The chapter that begins with it, where one does.
    pub group: Option<String>,
}

/// A provision as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Article {
    /// The identifier by which others know it.
    pub anchor: String,
    /// `dieu-4`.
    pub path: String,
    /// "Điều 4".
    pub label: String,
    /// Its label in the codification, where it differs.
    pub code: Option<String>,
    /// Heading.
    pub title: String,
    /// Headings above it, the largest first.
    pub context: Vec<String>,
    /// What it is about in the codification.
    pub subject: String,
    /// State on the day.
    pub state: State,
    /// Its text.
    pub lines: Vec<Line>,
    /// Its text goes on: it is too long for one page.
    pub is_cut: bool,
    /// What an editor notes about it.
    pub note: Option<String>,
    /// Provisions that the codification relates to it.
    pub related: Vec<Reference>,
    /// Provisions that lead here.
    pub cited_by: Vec<Reference>,
    /// What other documents did to it.
    pub changes: Vec<Change>,
}

/// A paragraph, clause or point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `dieu-4/khoan-2`, at the first line of a clause or point; else empty.
    pub path: String,
    /// "2." or "a)".
    pub number: String,
    /// 0 the article's own text, 1 a clause, 2 a point.
    pub depth: u8,
    /// It belongs to the place that was asked for.
    pub is_asked: bool,
    /// Its words, with where they lead.
    pub spans: Vec<Span>,
}

/// Some words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The words.
    pub text: String,
    /// The address that they name.
    pub href: Option<String>,
}

/// Something that hangs together with what is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its address, where it is here.
    pub href: Option<String>,
    /// Its name.
    pub text: String,
    /// More words.
    pub detail: String,
}

/// What another document did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it did, in a word: "Sửa đổi, bổ sung".
    pub verb: String,
    /// To which place: "Điều 4"; empty for the whole.
    pub place: String,
    /// Who did it.
    pub by: Reference,
    /// First day on which it counts.
    pub day: Option<Date>,
}

/// All documents by number and name, kept until the law changes.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(corpus: &Corpus) -> Result<Arc<Names>> {
    names::current(corpus).await
}

/// Is there any law at all?
///
/// # Errors
/// When the database cannot be read.
pub async fn is_empty(corpus: &Corpus) -> Result<bool> {
    corpus.store().read(store::law::is_empty).await
}

/// "khoản 2 Điều 4" of `dieu-4/khoan-2`; empty for the whole document.
#[must_use]
pub fn place_words(path: &str) -> String {
    let mut words: Vec<String> = path
        .split('/')
        .filter(|step| !step.is_empty())
        .map(|step| {
            let step = step.split('~').next().unwrap_or_default();
            let (kind, number) = kind_and_number(step);
            let number = number.replace("dd", "đ");
            match kind {
                "dieu" => format!("Điều {number}"),
                "khoan" => format!("khoản {number}"),
                "diem" => format!("điểm {number}"),
                "phu-luc" => format!("Phụ lục {}", number.to_uppercase()),
                "phan" => format!("Phần {}", number.to_uppercase()),
                "chuong" => format!("Chương {}", number.to_uppercase()),
                "muc" => format!("Mục {}", number.to_uppercase()),
                "tieu-muc" => format!("Tiểu mục {}", number.to_uppercase()),
                _ => annex_words(step),
            }
        })
        .collect();
    words.reverse();
    words.join(" ")
}

/// Documents that are issued along with a decision.
fn annex_words(step: &str) -> String {
    let known = [
        ("quy-dinh", "Quy định"),
        ("quy-che", "Quy chế"),
        ("toan-van", ""),
        ("de-an", "Đề án"),
        ("ke-hoach", "Kế hoạch"),
        ("danh-muc", "Danh mục"),
    ];
    let found = known.iter().find(|(slug, _)| *slug == step);
    found.map_or_else(|| step.to_owned(), |(_, words)| (*words).to_owned())
}

fn kind_and_number(step: &str) -> (&str, &str) {
    ["tieu-muc", "phu-luc", "dieu", "khoan", "diem", "phan", "chuong", "muc"]
        .into_iter()
        .find_map(|kind| step.strip_prefix(kind)?.strip_prefix('-').map(|number| (kind, number)))
        .unwrap_or((step, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_cited_from_the_smallest_to_the_largest() {
        assert_eq!(place_words("dieu-4/khoan-2/diem-dd"), "điểm đ khoản 2 Điều 4");
        assert_eq!(place_words("quy-dinh/dieu-4a"), "Điều 4a Quy định");
        assert_eq!(place_words("phu-luc-ii"), "Phụ lục II");
        assert_eq!(place_words("dieu-7~2"), "Điều 7");
        assert_eq!(place_words(""), "");
    }
}
