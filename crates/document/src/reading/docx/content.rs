//! The content of one docx paragraph: runs, fields, breaks, notes, symbols, changes, boxes.

use super::Document;
use super::styles::{Looks, Resolved};
use crate::reading::legacy::{Legacy, has_vietnamese_letters};
use crate::reading::piece::Piece;
use crate::reading::xml::{Element, Node};

/// What was gathered from a paragraph.
#[derive(Debug, Default)]
pub(super) struct Content<'a> {
    /// At least one; a line break begins the next.
    pub(super) pieces: Vec<Piece>,
    /// Text boxes anchored here: their `w:txbxContent`.
    pub(super) boxes: Vec<&'a Element>,
}

impl Content<'_> {
    fn piece(&mut self) -> Option<&mut Piece> {
        if self.pieces.is_empty() {
            self.pieces.push(Piece::default());
        }
        self.pieces.last_mut()
    }

    fn push(&mut self, text: &str, looks: &Looks) {
        if let Some(piece) = self.piece() {
            piece.push(text, looks.bold == Some(true), looks.italic == Some(true));
        }
    }
}

/// Gathers the content of a `w:p`.
pub(super) fn gather<'a>(
    document: &mut Document,
    element: &'a Element,
    style: &Resolved,
    content: &mut Content<'a>,
) {
    for node in &element.nodes {
        let Node::Element(child) = node else { continue };
        match &*child.name {
            "r" => run(document, child, style, content),
            "del" | "moveFrom" => document.has_changes = true,
            "AlternateContent" => {
                if let Some(chosen) = child.child("Choice").or_else(|| child.child("Fallback")) {
                    gather(document, chosen, style, content);
                }
            }
            "ruby" => {
                if let Some(base) = child.child("rubyBase") {
                    gather(document, base, style, content);
                }
            }
            "pPr" | "sdtPr" | "sdtEndPr" | "smartTagPr" | "instrText" => {}
            "ins" | "moveTo" => {
                document.has_changes = true;
                gather(document, child, style, content);
            }
            _ => gather(document, child, style, content),
        }
    }
}

fn run<'a>(document: &mut Document, run: &'a Element, style: &Resolved, content: &mut Content<'a>) {
    let properties = run.child("rPr");
    let own = properties.map(Looks::read).unwrap_or_default();
    let letters = document.styles.letters(properties.and_then(|p| p.value_of("rStyle")));
    let looks = own.or(&letters).or(&style.looks);
    let is_hidden =
        looks.hidden == Some(true) || properties.is_some_and(|p| p.child("del").is_some());
    run_content(document, run, &looks, is_hidden, content);
}

fn run_content<'a>(
    document: &mut Document,
    run: &'a Element,
    looks: &Looks,
    is_hidden: bool,
    content: &mut Content<'a>,
) {
    for child in run.children() {
        match &*child.name {
            "fldChar" => document.fields.mark(child.attribute("fldCharType").unwrap_or_default()),
            "instrText" | "delText" | "delInstrText" | "rPr" => {}
            "AlternateContent" => {
                if let Some(chosen) = child.child("Choice").or_else(|| child.child("Fallback")) {
                    run_content(document, chosen, looks, is_hidden, content);
                }
            }
            "drawing" | "pict" | "object" => {
                let before = content.boxes.len();
                find_boxes(child, &mut content.boxes);
                document.has_pictures |= content.boxes.len() == before;
            }
            _ if is_hidden || document.fields.is_in_instruction() => {}
            "t" => {
                let text = document.in_unicode(&child.text(), looks);
                content.push(&text, looks);
            }
            "tab" | "ptab" => content.push(" ", looks),
            "br" | "cr" => {
                content.piece();
                content.pieces.push(Piece::default());
            }
            "noBreakHyphen" => content.push("-", looks),
            // In the old fonts this place of the code is a letter.
            "softHyphen" => {
                let text = document.in_unicode("\u{AD}", looks);
                content.push(&text, looks);
            }
            "sym" => content.push(symbol(child), looks),
            "footnoteReference" => {
                let mark = document.note(child.attribute("id"), false);
                content.push(&mark, looks);
            }
            "endnoteReference" => {
                let mark = document.note(child.attribute("id"), true);
                content.push(&mark, looks);
            }
            "ruby" => {
                if let Some(base) = child.child("rubyBase") {
                    for inner in base.children() {
                        run_content(document, inner, looks, is_hidden, content);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Text boxes within a drawing, each once.
fn find_boxes<'a>(element: &'a Element, found: &mut Vec<&'a Element>) {
    for child in element.children() {
        match &*child.name {
            "txbxContent" => found.push(child),
            "AlternateContent" => {
                if let Some(chosen) = child.child("Choice").or_else(|| child.child("Fallback")) {
                    find_boxes(chosen, found);
                }
            }
            _ => find_boxes(child, found),
        }
    }
}

/// Signs of symbol fonts that stand in papers: boxes to tick, ticks, arrows, dashes.
fn symbol(element: &Element) -> &'static str {
    let code = element.attribute("char").and_then(|code| u32::from_str_radix(code, 16).ok());
    let font = element.attribute("font").unwrap_or_default().to_ascii_lowercase();
    let code = code.unwrap_or(0) & 0xFF;
    match (font.as_str(), code) {
        ("symbol", 0xB7) => "•",
        ("symbol", 0xB3) => "≥",
        ("symbol", 0xA3) => "≤",
        ("symbol", 0xB1) => "±",
        ("symbol", 0xB4) => "×",
        ("symbol", 0xB0) => "°",
        ("symbol", 0xAE) => "→",
        ("wingdings", 0xA8 | 0x6F | 0x70 | 0x71 | 0x72) => "☐",
        ("wingdings", 0xFE | 0x78 | 0xFD) => "☑",
        ("wingdings", 0xFC) => "✓",
        ("wingdings", 0xE0 | 0xF0) => "→",
        ("wingdings 2", 0xA3 | 0x2A | 0x30) => "☐",
        ("wingdings 2", 0x52..=0x54) => "☑",
        ("wingdings 2", 0x50) => "✓",
        _ => "•",
    }
}

/// Fields within each other, and whether we stand in their instructions.
#[derive(Debug, Default)]
pub(super) struct Fields {
    in_instruction: Vec<bool>,
}

impl Fields {
    fn mark(&mut self, kind: &str) {
        const MOST: usize = 64;
        match kind {
            "begin" if self.in_instruction.len() < MOST => self.in_instruction.push(true),
            "separate" => {
                if let Some(last) = self.in_instruction.last_mut() {
                    *last = false;
                }
            }
            "end" => {
                self.in_instruction.pop();
            }
            _ => {}
        }
    }

    fn is_in_instruction(&self) -> bool {
        self.in_instruction.contains(&true)
    }

    /// An instruction never goes beyond its paragraph; one without end must not swallow the rest.
    pub(super) fn end_paragraph(&mut self) {
        self.in_instruction.retain(|in_instruction| !in_instruction);
    }
}

impl Document {
    /// The text as Unicode, by the font that it is set in, else by what the whole document is
    /// assumed to be in.
    fn in_unicode(&mut self, text: &str, looks: &Looks) -> String {
        const SAMPLE: usize = 40_000;
        let by_font = looks.font.as_deref().and_then(Legacy::of_font);
        if by_font.is_none() && self.sample.len() < SAMPLE {
            self.sample.push_str(text);
            self.sample.push(' ');
        }
        let encoding = by_font.or(self.assumed.map(|legacy| (legacy, false)));
        let mut text = match encoding {
            Some((legacy, is_capitals)) if !has_vietnamese_letters(text) => {
                let converted = legacy.convert(text);
                if converted != text && !self.converted.contains(&legacy) {
                    self.converted.push(legacy);
                }
                if is_capitals { converted.to_uppercase() } else { converted }
            }
            _ => text.to_owned(),
        };
        if looks.capitals == Some(true) {
            text = text.to_uppercase();
        }
        text
    }
}
