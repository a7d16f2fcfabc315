//! A legal document: what is known about it, and the tree of its provisions.
//!
//! Structure after Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15 and Nghị định 78/2025/NĐ-CP:
//! Phần, Chương, Mục, Tiểu mục, Điều, Khoản, Điểm.

use jiff::civil::Date;
use kernel::paragraph::Table;
use serde::{Deserialize, Serialize};

/// A document as it was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalDocument {
    /// What the head, the closing article and the signature say about it.
    pub metadata: Metadata,
    /// What stands between the title and the first unit: bases and enacting words, one paragraph each.
    pub preamble: Vec<String>,
    /// The tree.
    pub units: Vec<Unit>,
    /// What stands after the last unit: recipients, signature.
    pub closing: Vec<String>,
    /// Annexes, and documents issued along with this one (a regulation, a list, a form).
    pub annexes: Vec<Annex>,
    /// Endnotes of consolidated documents, by their number in the text.
    pub notes: Vec<Note>,
    /// What the reader is unsure of: for a person to confirm.
    pub doubts: Vec<Doubt>,
}

/// What is known about a document. Each absent value was not found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Kind as printed: "Luật", "Nghị định", "Quyết định", "Văn bản hợp nhất" ….
    pub kind: Option<String>,
    /// Number and symbol as printed, in NFC: "57/2020/QH14".
    pub number: Option<String>,
    /// Name without the kind: "Thanh niên", "Quy định về …".
    pub title: Option<String>,
    /// Who issued it: "Quốc hội", "Ủy ban nhân dân tỉnh Đồng Tháp".
    pub issuer: Option<String>,
    /// Place of issue: "Hà Nội".
    pub place: Option<String>,
    /// Day of issue or adoption.
    pub issued_on: Option<Date>,
    /// First day of effect.
    pub effective_on: Option<Date>,
    /// First day on which it is no longer in force, where the text itself says so.
    pub expires_on: Option<Date>,
    /// Who signed.
    pub signer: Option<String>,
    /// The signer's office: "Chủ tịch Quốc hội".
    pub signer_title: Option<String>,
    /// Legal bases ("Căn cứ …"), in order.
    pub bases: Vec<Basis>,
    /// Of a consolidated document: the document consolidated and those that amended it.
    pub consolidates: Vec<Basis>,
}

/// A document named as a basis, or as consolidated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Basis {
    /// The sentence as printed, without its final mark.
    pub text: String,
    /// Number and symbol, where it names one.
    pub number: Option<String>,
    /// Day of issue, where it names one.
    pub issued_on: Option<Date>,
}

/// Rank of a unit, from the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// Phần.
    Part,
    /// Chương.
    Chapter,
    /// Mục.
    Section,
    /// Tiểu mục.
    Subsection,
    /// Điều.
    Article,
    /// Khoản.
    Clause,
    /// Điểm.
    Point,
}

impl UnitKind {
    /// The Vietnamese word: "Điều".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Part => "Phần",
            Self::Chapter => "Chương",
            Self::Section => "Mục",
            Self::Subsection => "Tiểu mục",
            Self::Article => "Điều",
            Self::Clause => "Khoản",
            Self::Point => "Điểm",
        }
    }

    /// One step of an address: `dieu-4`, `khoan-2`, `diem-a`, `chuong-iii`, `phan-thu-nhat`. The letter đ is
    /// written `dd`, because the points d and đ stand side by side.
    #[must_use]
    pub fn step(self, number: &str) -> String {
        let letters: String = number
            .chars()
            .map(|letter| {
                if matches!(letter, 'đ' | 'Đ' | 'Ð') {
                    "dd".to_owned()
                } else {
                    letter.to_string()
                }
            })
            .collect();
        let number = kernel::text::tokens(&letters).join("-");
        format!("{}-{number}", self.slug())
    }

    /// Its part of an address: `dieu` of `dieu-4/khoan-2`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Part => "phan",
            Self::Chapter => "chuong",
            Self::Section => "muc",
            Self::Subsection => "tieu-muc",
            Self::Article => "dieu",
            Self::Clause => "khoan",
            Self::Point => "diem",
        }
    }
}

/// A unit of the tree with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Rank.
    pub kind: UnitKind,
    /// Number as printed without its word and mark: "I", "4", "41a", "đ", "thứ nhất".
    pub number: String,
    /// Heading, in one line; empty where there is none. A clause or point has none.
    #[serde(default)]
    pub heading: String,
    /// Own text: what stands before the first unit below it.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// Units below, in order.
    #[serde(default)]
    pub children: Vec<Unit>,
    /// Text of this unit that stands after its children ("… thì bị phạt tù …").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tail: Vec<Block>,
}

/// A piece of text or a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// One paragraph.
    Text(String),
    /// A table.
    Table(Table),
}

/// What hangs on a document: "Phụ lục I", or "Quy chế … ban hành kèm theo Quyết định này".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Annex {
    /// "Phụ lục I", "Quy chế".
    pub label: String,
    /// Its title in one line.
    pub heading: String,
    /// Text outside its own tree.
    pub blocks: Vec<Block>,
    /// Its own tree, where it has one.
    pub units: Vec<Unit>,
}

/// An endnote: "[3] Khoản này được sửa đổi theo …".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// "3".
    pub number: String,
    /// Text.
    pub text: String,
}

/// Something for a person to look at before the document is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Stable name of the kind of doubt: `number-jumps`, `issuer-guessed`.
    pub code: String,
    /// Where: an address of the tree (`dieu-4/khoan-2`) or a field of the metadata (`issued_on`).
    pub place: String,
    /// A Vietnamese sentence: what is doubtful, and what to check.
    pub message: String,
}
