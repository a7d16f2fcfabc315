//! Word files since 2007 (Office Open XML, ECMA-376): paragraphs, tables, lists, notes.

use std::collections::HashMap;

use kernel::Result;
use kernel::paragraph::Paragraph;

use super::archive::{Archive, damaged};
use super::encoding::clean;
use super::grid::{self, RawCell, Row};
use super::legacy::{self, Legacy};
use super::piece::Piece;
use super::xml::{self, Element};
use super::{Footnote, Format, Notice, ReadOptions, Reading};

mod content;
pub(super) mod numbering;
mod styles;

use self::content::{Content, Fields, gather};
use self::numbering::Numbering;
use self::styles::{ListPlace, Resolved, Styles};

/// Text boxes and tables within each other.
const DEEPEST: usize = 12;

/// What is known while a document is read.
#[derive(Default)]
pub(super) struct Document {
    styles: Styles,
    numbering: Numbering,
    fields: Fields,
    footnotes: HashMap<String, String>,
    endnotes: HashMap<String, String>,
    notes: Vec<Footnote>,
    converted: Vec<Legacy>,
    /// Encoding of text in fonts that say nothing.
    assumed: Option<Legacy>,
    /// The start of the text in such fonts.
    sample: String,
    has_changes: bool,
    has_pictures: bool,
    has_foreign_parts: bool,
    /// Text of a paragraph whose end was deleted: it goes on in the next.
    carried: Option<String>,
    depth: usize,
}

pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let (document, paragraphs) = read_as(bytes, options, None)?;
    let Some(legacy) = legacy::suspected(&document.sample, 5) else {
        return Ok(document.finish(paragraphs));
    };
    let (document, paragraphs) = read_as(bytes, options, Some(legacy))?;
    Ok(document.finish(paragraphs))
}

/// Reads the document; text in fonts that say nothing is in the encoding assumed.
fn read_as(
    bytes: &[u8],
    options: &ReadOptions,
    assumed: Option<Legacy>,
) -> Result<(Document, Vec<Paragraph>)> {
    let mut archive = Archive::open(bytes, options.most_unpacked)?;
    let main = main_part(&mut archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name =
        |file: &str| if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
    let mut document = Document { assumed, ..Document::default() };
    if let Some(text) = archive.text(&name("styles.xml"))? {
        document.styles = Styles::read(&xml::parse(&text)?);
    }
    if let Some(text) = archive.text(&name("numbering.xml"))? {
        document.numbering = Numbering::read(&xml::parse(&text)?);
    }
    let footnotes = archive.text(&name("footnotes.xml"))?;
    let endnotes = archive.text(&name("endnotes.xml"))?;
    if let Some(text) = footnotes {
        document.footnotes = document.notes_of(&xml::parse(&text)?);
    }
    if let Some(text) = endnotes {
        document.endnotes = document.notes_of(&xml::parse(&text)?);
    }
    let text = archive.text(&main)?.ok_or_else(|| damaged(&"docx: no main part"))?;
    let mut paragraphs = Vec::new();
    xml::walk(&text, 2, |parent, element| {
        if parent == "body" {
            document.block(&element, &mut paragraphs);
        }
        Ok(())
    })?;
    if let Some(rest) = document.carried.take().map(|text| clean(&text)).filter(|t| !t.is_empty()) {
        paragraphs.push(Paragraph::plain(rest));
    }
    Ok((document, paragraphs))
}

/// The part that the container names as its document.
fn main_part(archive: &mut Archive<'_>) -> Result<String> {
    const USUAL: &str = "word/document.xml";
    let Some(text) = archive.text("_rels/.rels")? else { return Ok(USUAL.to_owned()) };
    let relations = xml::parse(&text)?;
    let target = relations.children().find_map(|relation| {
        let kind = relation.attribute("Type")?;
        kind.ends_with("/officeDocument").then(|| relation.attribute("Target")).flatten()
    });
    let target = target.unwrap_or(USUAL).trim_start_matches('/').to_owned();
    Ok(if archive.has(&target) { target } else { USUAL.to_owned() })
}

impl Document {
    /// The text of each footnote by its id. Those that only draw the line are no notes.
    fn notes_of(&mut self, root: &Element) -> HashMap<String, String> {
        let mut notes = HashMap::new();
        for note in
            root.children().filter(|note| note.attribute("type").is_none_or(|t| t == "normal"))
        {
            let Some(id) = note.attribute("id") else { continue };
            let mut paragraphs = Vec::new();
            self.blocks(note, &mut paragraphs);
            let text: Vec<String> = paragraphs.into_iter().map(|p| p.text).collect();
            notes.insert(id.to_owned(), text.join(" "));
        }
        notes
    }

    /// The mark of a note in the text; the note gets the next number.
    fn note(&mut self, id: Option<&str>, is_endnote: bool) -> String {
        let notes = if is_endnote { &mut self.endnotes } else { &mut self.footnotes };
        let Some(text) = id.and_then(|id| notes.remove(id)) else { return String::new() };
        let number = (self.notes.len() + 1).to_string();
        let mark = format!("[{number}]");
        self.notes.push(Footnote { number, text });
        mark
    }

    fn blocks(&mut self, parent: &Element, paragraphs: &mut Vec<Paragraph>) {
        for element in parent.children() {
            self.block(element, paragraphs);
        }
    }

    fn block(&mut self, element: &Element, paragraphs: &mut Vec<Paragraph>) {
        match &*element.name {
            "p" => self.paragraph(element, paragraphs),
            "tbl" => self.table(element, paragraphs),
            "sdt" => {
                if !is_contents_list(element)
                    && let Some(content) = element.child("sdtContent")
                {
                    self.blocks(content, paragraphs);
                }
            }
            "altChunk" => self.has_foreign_parts = true,
            "AlternateContent" => {
                if let Some(chosen) = element.child("Choice").or_else(|| element.child("Fallback"))
                {
                    self.blocks(chosen, paragraphs);
                }
            }
            "del" | "moveFrom" => self.has_changes = true,
            "ins" | "moveTo" | "customXml" | "smartTag" => self.blocks(element, paragraphs),
            _ => {}
        }
    }

    fn paragraph(&mut self, element: &Element, paragraphs: &mut Vec<Paragraph>) {
        let properties = element.child("pPr");
        let mut style = self.styles.paragraph(properties.and_then(|p| p.value_of("pStyle")));
        if style.is_contents {
            return;
        }
        let level = properties.and_then(|p| p.value_of("outlineLvl")?.parse::<u8>().ok());
        style.is_heading = level.map_or(style.is_heading, |level| level < 9);
        let mut content = Content::default();
        gather(self, element, &style, &mut content);
        self.fields.end_paragraph();
        let mut pieces = content.pieces;
        if style.is_heading || self.is_end_deleted(properties) {
            pieces = Piece::joined(pieces);
        }
        if let Some(carried) = self.carried.take() {
            match pieces.first_mut() {
                Some(first) => first.text.insert_str(0, &carried),
                None => pieces.push(Piece::plain(carried)),
            }
        }
        if self.is_end_deleted(properties) {
            self.has_changes = true;
            self.carried = Some(pieces.into_iter().map(|piece| piece.text).collect());
            return;
        }
        let alignment = properties.and_then(|p| p.value_of("jc")).or(style.alignment.as_deref());
        let mut number = self.list_number(properties, &style);
        for piece in pieces {
            let text = clean(&piece.text);
            if !text.is_empty() {
                paragraphs.push(Paragraph {
                    bold: piece.bold(),
                    italic: piece.italic(),
                    centred: alignment == Some("center"),
                    list_number: number.take(),
                    ..Paragraph::plain(text)
                });
            }
        }
        for content in content.boxes {
            self.within(|document| document.blocks(content, paragraphs));
        }
    }

    fn is_end_deleted(&self, properties: Option<&Element>) -> bool {
        properties.and_then(|p| p.child("rPr")).is_some_and(|mark| mark.child("del").is_some())
    }

    /// The number that Word prints in front. An empty paragraph is counted too.
    fn list_number(&mut self, properties: Option<&Element>, style: &Resolved) -> Option<String> {
        let own = properties.map(ListPlace::read).unwrap_or_default();
        let is_own = own.list.is_some();
        let list = own.list.or_else(|| style.place.list.clone()).filter(|list| list != "0")?;
        let of_style = style.place_style.as_deref().filter(|_| !is_own);
        let tied = of_style.and_then(|style| self.numbering.level_of_style(&list, style));
        let level = own.level.or(style.place.level).or(tied).unwrap_or(0);
        self.numbering.next(&list, level)
    }

    /// Does something one level deeper, unless it is too deep already.
    fn within(&mut self, work: impl FnOnce(&mut Document)) {
        if self.depth < DEEPEST {
            self.depth += 1;
            work(self);
            self.depth -= 1;
        }
    }

    fn table(&mut self, element: &Element, paragraphs: &mut Vec<Paragraph>) {
        let mut rows: Vec<Row> = Vec::new();
        self.within(|document| document.rows(element, &mut rows));
        paragraphs.extend(grid::paragraphs(rows));
    }

    fn rows(&mut self, parent: &Element, rows: &mut Vec<Row>) {
        for element in parent.children() {
            match &*element.name {
                "tr" => {
                    let properties = element.child("trPr");
                    if properties.is_some_and(|p| p.child("del").is_some()) {
                        self.has_changes = true;
                        continue;
                    }
                    let before = properties.and_then(|p| p.value_of("gridBefore")?.parse().ok());
                    let before = before.unwrap_or(0_usize).min(grid::MOST_COLUMNS);
                    let mut row = Row { cells: Vec::new(), next: before };
                    self.cells(element, &mut row);
                    rows.push(row);
                }
                "sdt" => {
                    if let Some(content) = element.child("sdtContent") {
                        self.rows(content, rows);
                    }
                }
                "ins" | "moveTo" | "customXml" => self.rows(element, rows),
                _ => {}
            }
        }
    }

    fn cells(&mut self, parent: &Element, row: &mut Row) {
        for element in parent.children() {
            match &*element.name {
                "tc" => {
                    let properties = element.child("tcPr");
                    let span = properties.and_then(|p| p.value_of("gridSpan")?.parse().ok());
                    let merge = properties.and_then(|p| p.child("vMerge"));
                    let continues = merge.is_some_and(|m| m.attribute("val") != Some("restart"));
                    let mut paragraphs = Vec::new();
                    self.blocks(element, &mut paragraphs);
                    let columns = span.unwrap_or(1_usize);
                    row.push(RawCell { columns, continues, paragraphs, ..RawCell::default() });
                }
                "sdt" => {
                    if let Some(content) = element.child("sdtContent") {
                        self.cells(content, row);
                    }
                }
                "ins" | "customXml" => self.cells(element, row),
                _ => {}
            }
        }
    }

    fn finish(self, paragraphs: Vec<Paragraph>) -> Reading {
        let mut notices = Vec::new();
        notices.extend(self.converted.iter().map(|legacy| Notice::converted_encoding(*legacy)));
        if self.has_changes {
            notices.push(Notice::tracked_changes());
        }
        if self.has_foreign_parts {
            notices.push(Notice::content_left_out());
        }
        if paragraphs.is_empty() {
            notices.push(Notice::no_text());
        }
        if self.has_pictures {
            notices.push(Notice::pictures_not_read());
        }
        Reading { paragraphs, format: Format::Docx, notices, footnotes: self.notes }
    }
}

/// A table of contents that Word keeps.
fn is_contents_list(element: &Element) -> bool {
    let part = element.child("sdtPr").and_then(|p| p.child("docPartObj"));
    let gallery = part.and_then(|part| part.value_of("docPartGallery"));
    gallery == Some("Table of Contents")
}

#[cfg(test)]
mod tests;
