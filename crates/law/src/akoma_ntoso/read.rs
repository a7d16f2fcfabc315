//! A file of Akoma Ntoso as a document.

use jiff::civil::Date;
use kernel::paragraph::{Cell, Table};
use kernel::problem::{Problem, Problems};
use kernel::text::clean_line;

use super::xml::{self, Element, Fault};
use crate::model::{Annex, Basis, Block, LegalDocument, Metadata, Note, Unit, UnitKind};

/// Larger files are refused: no document has as much text.
const LARGEST: usize = 200 * 1024 * 1024;

/// Reads a file.
///
/// # Errors
///
/// One problem when it is no XML, declares a document type, is too large, or holds no document of
/// Akoma Ntoso.
pub fn read(text: &str) -> Result<LegalDocument, Problems> {
    if text.len() > LARGEST {
        return Err(vec![problem("akn.too-large", "Tệp quá lớn; đề nghị tách thành nhiều tệp.")]);
    }
    let root = xml::parse(text).map_err(|fault| vec![refusal(fault)])?;
    let document = Some(&root)
        .filter(|root| root.name == "akomaNtoso")
        .and_then(|root| root.elements().find(|element| KINDS.contains(&element.name.as_str())));
    let Some(act) = document else {
        return Err(vec![problem(
            "akn.no-document",
            "Tệp XML này không phải văn bản Akoma Ntoso; đề nghị kiểm tra lại tệp.",
        )]);
    };
    Ok(document_of(act))
}

/// Elements that hold a document.
const KINDS: &[&str] =
    &["act", "bill", "doc", "statement", "documentCollection", "officialGazette"];

fn refusal(fault: Fault) -> Problem {
    match fault {
        Fault::Malformed => {
            problem("akn.malformed", "Tệp XML bị lỗi cấu trúc; đề nghị xuất lại từ phần mềm nguồn.")
        }
        Fault::Declares => problem(
            "akn.declares",
            "Tệp XML có khai báo kiểu tài liệu hoặc thực thể riêng, không được chấp nhận; đề nghị bỏ phần khai báo.",
        ),
        Fault::TooLarge => problem(
            "akn.too-large",
            "Tệp XML có quá nhiều lớp hoặc quá nhiều phần tử nên không đọc được.",
        ),
    }
}

fn problem(code: &str, message: &str) -> Problem {
    Problem::new(code, "", message)
}

fn document_of(act: &Element) -> LegalDocument {
    let mut document = LegalDocument::default();
    let meta = act.child("meta");
    document.metadata = meta.map(|meta| metadata(meta, act)).unwrap_or_default();
    document.notes = meta.and_then(|meta| meta.child("notes")).map(notes).unwrap_or_default();
    document.preamble = act.child("preamble").map(lines).unwrap_or_default();
    document.closing = act.child("conclusions").map(lines).unwrap_or_default();
    if let Some(body) = act.child("body").or_else(|| act.child("mainBody")) {
        let mut blocks = Vec::new();
        content(body, None, &mut blocks, &mut document.units, &mut Vec::new());
        let texts = blocks.into_iter().filter_map(|block| match block {
            Block::Text(text) => Some(text),
            Block::Table(_) => None,
        });
        document.preamble.extend(texts);
    }
    if let Some(attachments) = act.child("attachments") {
        document.annexes = attachments.elements().map(annex).collect();
    }
    document
}

fn metadata(meta: &Element, act: &Element) -> Metadata {
    if let Some(own) = meta.child("proprietary").filter(|own| own.elements().next().is_some()) {
        return own_metadata(own);
    }
    let work = meta.descendant("FRBRWork");
    let value = |name: &str| {
        work.and_then(|work| work.child(name))
            .and_then(|element| element.attribute("value"))
            .map(clean_line)
    };
    let preface = act.child("preface");
    let printed = |name: &str| {
        let element = preface.and_then(|preface| preface.descendant(name))?;
        Some(clean_line(&element.text())).filter(|text| !text.is_empty())
    };
    let date =
        work.and_then(|work| work.child("FRBRdate")).and_then(|element| element.attribute("date"));
    let issuer = meta.descendant("TLCOrganization").and_then(|element| element.attribute("showAs"));
    Metadata {
        kind: printed("docType"),
        number: printed("docNumber").or_else(|| value("FRBRnumber")),
        title: printed("docTitle").or_else(|| value("FRBRname")),
        issuer: issuer.map(clean_line).filter(|issuer| !issuer.is_empty()),
        issued_on: date.and_then(|date| date.parse().ok()),
        ..Metadata::default()
    }
}

fn own_metadata(own: &Element) -> Metadata {
    let text = |name: &str| own.child(name).map(|element| clean_line(&element.text()));
    let day = |name: &str| -> Option<Date> { text(name)?.parse().ok() };
    let bases = |name: &str| -> Vec<Basis> {
        let elements = own.elements().filter(|element| element.name == name);
        elements
            .map(|element| Basis {
                text: clean_line(&element.text()),
                number: element.attribute("number").map(str::to_owned),
                issued_on: element.attribute("issuedOn").and_then(|day| day.parse().ok()),
            })
            .collect()
    };
    Metadata {
        kind: text("kind"),
        number: text("number"),
        title: text("title"),
        issuer: text("issuer"),
        place: text("place"),
        issued_on: day("issuedOn"),
        effective_on: day("effectiveOn"),
        expires_on: day("expiresOn"),
        signer: text("signer"),
        signer_title: text("signerTitle"),
        bases: bases("basis"),
        consolidates: bases("consolidates"),
    }
}

fn notes(notes: &Element) -> Vec<Note> {
    let all = notes.elements().filter(|element| element.name == "note");
    all.map(|note| Note {
        number: note.attribute("marker").unwrap_or("").to_owned(),
        text: lines(note).join("\n"),
    })
    .collect()
}

/// The paragraphs of an element, however deep; text outside any is one of its own.
fn lines(element: &Element) -> Vec<String> {
    let has_inner = element.elements().any(|inner| !is_inline(&inner.name));
    if !has_inner {
        return vec![clean_line(&element.text())];
    }
    element
        .elements()
        .flat_map(
            |inner| {
                if inner.name == "p" { vec![clean_line(&inner.text())] } else { lines(inner) }
            },
        )
        .collect()
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "b" | "i"
            | "u"
            | "a"
            | "ref"
            | "span"
            | "sup"
            | "sub"
            | "noteRef"
            | "authorialNote"
            | "eol"
            | "br"
            | "docTitle"
            | "docNumber"
            | "docType"
            | "docDate"
            | "date"
            | "person"
            | "organization"
            | "role"
            | "term"
            | "def"
            | "ins"
            | "del"
            | "remark"
            | "placeholder"
            | "img"
            | "signature"
            | "location"
            | "mref"
            | "rref"
            | "mod"
            | "quotedText"
    )
}

const fn rank(name: &str) -> Option<UnitKind> {
    Some(match name.as_bytes() {
        b"part" | b"book" | b"title" | b"tome" => UnitKind::Part,
        b"chapter" => UnitKind::Chapter,
        b"section" => UnitKind::Section,
        b"subsection" | b"subchapter" | b"division" => UnitKind::Subsection,
        b"article" | b"rule" => UnitKind::Article,
        b"paragraph" | b"clause" => UnitKind::Clause,
        b"point" | b"item" | b"subparagraph" | b"subclause" => UnitKind::Point,
        _ => return None,
    })
}

/// Reads what stands in a unit or a body. What is in no unit becomes blocks, before or behind the units.
fn content(
    element: &Element,
    above: Option<UnitKind>,
    blocks: &mut Vec<Block>,
    units: &mut Vec<Unit>,
    tail: &mut Vec<Block>,
) {
    for inner in element.elements() {
        let kind = rank(&inner.name).filter(|kind| above.is_none_or(|above| *kind > above));
        if let Some(kind) = kind {
            units.push(unit(inner, kind));
            continue;
        }
        let into = if units.is_empty() { &mut *blocks } else { &mut *tail };
        match inner.name.as_str() {
            "num" | "heading" | "subheading" | "meta" => {}
            "p" | "block" => push_text(inner, into),
            "table" => into.push(Block::Table(table(inner))),
            _ if inner.elements().next().is_none() => push_text(inner, into),
            _ => content(inner, above, blocks, units, tail),
        }
    }
}

fn push_text(element: &Element, blocks: &mut Vec<Block>) {
    let text = clean_line(&element.text());
    if !text.is_empty() {
        blocks.push(Block::Text(text));
    }
}

fn unit(element: &Element, kind: UnitKind) -> Unit {
    let text =
        |name: &str| element.child(name).map(|inner| clean_line(&inner.text())).unwrap_or_default();
    let mut unit = Unit {
        kind,
        number: number(&text("num"), kind),
        heading: text("heading"),
        blocks: Vec::new(),
        children: Vec::new(),
        tail: Vec::new(),
    };
    content(element, Some(kind), &mut unit.blocks, &mut unit.children, &mut unit.tail);
    unit
}

/// "5" of "Điều 5.", "a" of "a)", "2" of "(2)".
fn number(printed: &str, kind: UnitKind) -> String {
    let foreign = ["Article", "Art.", "Section", "Chapter", "Part", "Paragraph"];
    let word = foreign.iter().copied().chain([kind.word()]).find(|word| {
        printed.get(..word.len()).is_some_and(|start| start.to_lowercase() == word.to_lowercase())
    });
    let printed = word.and_then(|word| printed.get(word.len()..)).unwrap_or(printed);
    let marks = ['.', ')', '(', ':', '-', '–', ' '];
    printed.trim_start_matches(marks).trim_end_matches(marks).to_owned()
}

fn table(element: &Element) -> Table {
    let mut table = Table::default();
    rows(element, &mut table);
    table
}

fn rows(element: &Element, table: &mut Table) {
    for inner in element.elements() {
        if inner.name != "tr" {
            rows(inner, table);
            continue;
        }
        let cells = inner.elements().filter(|cell| cell.name == "td" || cell.name == "th");
        let span = |cell: &Element, name: &str| {
            cell.attribute(name)
                .and_then(|value| value.parse().ok())
                .filter(|span| *span > 0)
                .unwrap_or(1)
        };
        table.rows.push(
            cells
                .map(|cell| Cell {
                    text: lines(cell).join("\n"),
                    columns: span(cell, "colspan"),
                    rows: span(cell, "rowspan"),
                })
                .collect(),
        );
    }
}

fn annex(attachment: &Element) -> Annex {
    let text = |name: &str| {
        attachment.child(name).map(|inner| clean_line(&inner.text())).unwrap_or_default()
    };
    let mut annex =
        Annex { label: text("heading"), heading: text("subheading"), ..Annex::default() };
    let mut tail = Vec::new();
    let body = attachment.descendant("mainBody").or_else(|| attachment.descendant("body"));
    if let Some(body) = body {
        content(body, None, &mut annex.blocks, &mut annex.units, &mut tail);
    }
    annex.blocks.append(&mut tail);
    annex
}
