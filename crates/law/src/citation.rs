//! Citations: what a text names, down to the point, with the place where it stands.
//!
//! `điểm a khoản 2 Điều 5 của Luật số 57/2020/QH14`, `các khoản 2, 3 và 4 Điều này`, `Bộ luật Dân sự năm
//! 2015`, `15/2020/NĐ-CP` …. Each element of an enumeration is a citation of its own; a range is one. The scanner reads the
//! text once, from left to right, and never fails: what it does not understand is not a citation.

mod document;
mod normal;
mod phrase;
mod place;
mod resolve;
mod title;
mod token;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::UnitKind;

pub use resolve::{Address, Here, resolve};
pub use title::{KnownTitle, KnownTitles};

/// Something that a text names, with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Byte where it begins.
    pub start: usize,
    /// Byte after its end.
    pub end: usize,
    /// First byte, and byte after the end, of the whole enumeration that it is an element of.
    pub phrase: (usize, usize),
    /// What it names.
    pub target: Target,
}

/// What a citation names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Which document.
    pub document: DocumentRef,
    /// Which place of it; empty for the document as a whole.
    pub place: Place,
    /// The unit up to which the place is the one where the citation stands: "khoản 2 Điều này" has the
    /// clause 2 and `Some(Article)` here.
    pub this: Option<UnitKind>,
    /// The last place of a range; the first is `place`.
    pub to: Option<Place>,
}

/// The document that a citation names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum DocumentRef {
    /// None is named: the document where the citation stands.
    #[default]
    Here,
    /// The document where the citation stands, named as "Luật này".
    This {
        /// The word for it: "luật", "quy chế".
        kind: String,
    },
    /// By number and symbol.
    Number {
        /// The same for all spellings: [`crate::symbol::key`].
        key: String,
        /// As printed.
        text: String,
        /// The word for it, where there is one: "nghị định".
        kind: Option<String>,
        /// Its name, where the citation has both.
        name: Option<String>,
    },
    /// By name.
    Name {
        /// "luật", "bộ luật", "pháp lệnh", "hiến pháp".
        kind: String,
        /// Name without the kind, as printed; empty for the Constitution.
        name: String,
        /// Year, where one is said.
        year: Option<i16>,
        /// Day of issue, where one is said.
        issued_on: Option<Date>,
    },
}

/// A place of a document. Numbers are as printed: "III", "41a", "đ", "thứ nhất".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Phụ lục.
    pub annex: Option<String>,
    /// Phần.
    pub part: Option<String>,
    /// Chương.
    pub chapter: Option<String>,
    /// Mục.
    pub section: Option<String>,
    /// Tiểu mục.
    pub subsection: Option<String>,
    /// Điều.
    pub article: Option<String>,
    /// Khoản.
    pub clause: Option<String>,
    /// Điểm.
    pub point: Option<String>,
    /// Tiết, below the point: the tree does not have it, the reader may want it.
    pub subpoint: Option<String>,
}

impl Place {
    /// No place: the whole document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What helps to read a text that stands in a known document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Names of laws, so that they are cut at the right word.
    pub titles: Option<&'a KnownTitles>,
    /// Kind of the document where the text stands ("Nghị định"): then "Quyết định này" in a decree is the
    /// decision that the decree speaks of, and no citation.
    pub kind: Option<&'a str>,
}

/// All citations of a text, in order, without overlap. Offsets are bytes of `text`, whatever its
/// Unicode form.
#[must_use]
pub fn find(text: &str) -> Vec<Citation> {
    find_in(text, &Context::default())
}

/// All citations of a text that stands in a known document.
#[must_use]
pub fn find_in(text: &str, context: &Context<'_>) -> Vec<Citation> {
    let normal = normal::Normal::of(text);
    let tokens = token::tokens(normal.text());
    let mut found = phrase::Scanner::new(&tokens, context).scan();
    normal.give_back(&mut found);
    found
}

#[cfg(test)]
mod tests;
