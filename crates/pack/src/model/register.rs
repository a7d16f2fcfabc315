//! Registers and the slips of the one-stop desk.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Label;

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
    /// The kinds of notes that may be written beside an entry.
    #[serde(default)]
    pub annotations: Vec<AnnotationKind>,
}

/// A kind of note in the margin (ghi chú), such as a divorce beside a marriage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnotationKind {
    /// Name.
    pub id: String,
    /// What it is called.
    pub label: Label,
    /// Is what was registered over afterwards? The entry stays in the book but is no longer in force.
    pub ends: bool,
    /// Provision it stands on.
    pub basis: String,
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
