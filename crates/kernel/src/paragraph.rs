//! What a reader takes out of a file, whatever its format: paragraphs in reading order, with the little
//! of their looks that tells headings from text, and tables kept as tables.
//!
//! The room `document` makes them; the rooms `law` and `plan` read them. Text is in NFC.

use serde::{Deserialize, Serialize};

/// One paragraph, or one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// The text on one line; tabs and line breaks inside are single spaces. Of a table: its cells, read
    /// line by line, so that a reader who ignores tables misses nothing.
    pub text: String,
    /// All letters are bold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bold: bool,
    /// All letters are italic.
    #[serde(default, skip_serializing_if = "is_false")]
    pub italic: bool,
    /// Set in the middle of the line.
    #[serde(default, skip_serializing_if = "is_false")]
    pub centred: bool,
    /// Number that the word processor prints before the text but does not store in it ("1.", "a)").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_number: Option<String>,
    /// Page, counted from 1, where the source has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The table, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// A table: rows of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Rows from top to bottom.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Paragraphs of the cell, one a line.
    pub text: String,
    /// Columns that it covers, at least 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub columns: u32,
    /// Rows that it covers, at least 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rows: u32,
}

impl Paragraph {
    /// A paragraph of plain text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "asked for so by serde")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "asked for so by serde")]
fn is_one(value: &u32) -> bool {
    *value == 1
}

fn one() -> u32 {
    1
}
