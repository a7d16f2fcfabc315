//! Writing Word files: official papers after Decree 30/2020/NĐ-CP and reports with tables.
//!
//! `official` puts together the parts that the decree prescribes (head, title, signature,
//! recipients); the types here are the little of Word that they need. Numbers of articles and
//! clauses are text and no lists of Word, so that a copied clause keeps its number.

use kernel::Result;

use crate::package::pack;

mod body;
pub mod official;
mod parts;

/// A document to write.
#[derive(Clone, Debug, PartialEq)]
pub struct DocxDocument {
    /// Title in the properties of the file.
    pub title: String,
    /// Size of the text in points, where a run says nothing: 13 or 14.
    pub size: f32,
    /// Its sections, each with its own paper.
    pub sections: Vec<Section>,
}

/// Pages of one setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Paper and margins.
    pub page: PageSetup,
    /// What stands on it.
    pub blocks: Vec<Block>,
}

/// A4 and its margins, in millimetres. Pages are numbered at the top in the middle, from the second
/// page of the document on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSetup {
    /// Lying instead of upright.
    pub landscape: bool,
    /// Above.
    pub top: f32,
    /// Below.
    pub bottom: f32,
    /// Left.
    pub left: f32,
    /// Right.
    pub right: f32,
}

impl Default for PageSetup {
    /// Decree 30/2020, annex I: 20–25 above and below, 30–35 left, 15–20 right.
    fn default() -> PageSetup {
        PageSetup { landscape: false, top: 20.0, bottom: 20.0, left: 30.0, right: 20.0 }
    }
}

impl PageSetup {
    /// For wide tables.
    #[must_use]
    pub fn landscape() -> PageSetup {
        PageSetup { landscape: true, top: 25.0, bottom: 20.0, left: 20.0, right: 20.0 }
    }

    /// Width of the text, in millimetres.
    #[must_use]
    pub fn text_width(&self) -> f32 {
        let paper = if self.landscape { A4.1 } else { A4.0 };
        paper - self.left - self.right
    }
}

/// Width and height of A4 upright, in millimetres.
const A4: (f32, f32) = (210.0, 297.0);

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
    /// What follows begins on a new page.
    PageBreak,
}

/// Place of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// Right.
    Right,
    /// Both edges.
    Justified,
}

/// A paragraph. Lengths are in millimetres, spaces in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Its text.
    pub runs: Vec<Run>,
    /// Place of its lines.
    pub alignment: Alignment,
    /// How far the first line stands in; negative hangs out.
    pub first_line: f32,
    /// How far all lines stand in from the left.
    pub left: f32,
    /// How far all lines stand in from the right.
    pub right: f32,
    /// Space above.
    pub before: f32,
    /// Space below.
    pub after: f32,
    /// Distance of lines, 1 is single.
    pub spacing: f32,
    /// Stays on the page of the next paragraph.
    pub keep_with_next: bool,
    /// Rank in the contents pane of Word, from 1; the look does not follow from it.
    pub heading: Option<u8>,
    /// A thin line below, as wide as the paragraph.
    pub rule: bool,
}

impl Default for Paragraph {
    /// Left, single, no spaces.
    fn default() -> Paragraph {
        Paragraph {
            runs: Vec::new(),
            alignment: Alignment::Left,
            first_line: 0.0,
            left: 0.0,
            right: 0.0,
            before: 0.0,
            after: 0.0,
            spacing: 1.0,
            keep_with_next: false,
            heading: None,
            rule: false,
        }
    }
}

impl Paragraph {
    /// A paragraph of these runs.
    #[must_use]
    pub fn of(runs: Vec<Run>) -> Paragraph {
        Paragraph { runs, ..Paragraph::default() }
    }

    /// The same with its lines placed so.
    #[must_use]
    pub fn aligned(self, alignment: Alignment) -> Paragraph {
        Paragraph { alignment, ..self }
    }
}

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// Text of one look. A line break in it (`\n`) is a line break in Word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Its text.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// A line below.
    pub underline: bool,
    /// A line through.
    pub strike: bool,
    /// Colour of the letters.
    pub colour: Option<Colour>,
    /// Colour behind the letters.
    pub highlight: Option<Colour>,
    /// Size in points, where it is not that of the document.
    pub size: Option<f32>,
}

impl Run {
    /// Plain text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Run {
        Run { text: text.into(), ..Run::default() }
    }

    /// Bold text.
    #[must_use]
    pub fn bold(text: impl Into<String>) -> Run {
        Run { bold: true, ..Run::plain(text) }
    }

    /// Italic text.
    #[must_use]
    pub fn italic(text: impl Into<String>) -> Run {
        Run { italic: true, ..Run::plain(text) }
    }

    /// The same in another size, in points.
    #[must_use]
    pub fn sized(self, size: f32) -> Run {
        Run { size: Some(size), ..self }
    }
}

/// A table as wide as its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Widths of the columns in millimetres.
    pub columns: Vec<f32>,
    /// Rows that are repeated on every page.
    pub header_rows: usize,
    /// Thin lines around all cells.
    pub borders: bool,
    /// Rows from above. A place that a cell above covers is left out.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub paragraphs: Vec<Paragraph>,
    /// Columns that it covers, at least 1.
    pub columns: usize,
    /// Rows that it covers, at least 1.
    pub rows: usize,
    /// Colour behind.
    pub fill: Option<Colour>,
    /// Its text stands in the middle of its height.
    pub is_middle: bool,
}

impl Cell {
    /// A cell with these paragraphs.
    #[must_use]
    pub fn of(paragraphs: Vec<Paragraph>) -> Cell {
        Cell { paragraphs, columns: 1, rows: 1, fill: None, is_middle: false }
    }
}

/// Writes a document. The same document gives the same bytes.
///
/// # Errors
/// `Internal` only when the memory is not enough.
pub fn write(document: &DocxDocument) -> Result<Vec<u8>> {
    pack(&[
        ("[Content_Types].xml", parts::content_types()),
        ("_rels/.rels", parts::root_relations()),
        ("docProps/core.xml", parts::core_properties(&document.title)),
        ("word/document.xml", body::document(document)),
        ("word/_rels/document.xml.rels", parts::relations()),
        ("word/styles.xml", parts::styles(document.size)),
        ("word/settings.xml", parts::settings()),
        ("word/header1.xml", parts::page_number(document.size)),
        ("word/header2.xml", parts::no_page_number()),
    ])
}

#[cfg(test)]
mod tests;
