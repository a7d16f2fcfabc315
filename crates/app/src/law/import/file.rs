//! Single documents: docx, PDF, HTML, text, Akoma Ntoso.

use std::collections::HashMap;
use std::path::Path;

use kernel::text::tokens;
use law::citation::{DocumentRef, Place};
use law::effect::{Instruction, Verb, instructions};
use law::model::{Annex, Basis, Block, LegalDocument, Metadata, Unit, UnitKind};
use law::symbol;
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::codified::distinct;
use super::draft::{Desk, Draft, FILE};
use super::source::{Meter, unreadable};
use crate::law::read_file;

/// Reads one file. `None` when nobody listens any more.
pub(super) fn read(path: &Path, meter: &Meter, desk: &mut Desk<'_>) -> Option<()> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            desk.complain(path, 0, "unreadable", unreadable(&error));
            return Some(());
        }
    };
    meter.count(bytes.len() as u64);
    let document = match read_file(&bytes) {
        Ok(document) => document,
        Err(error) => {
            desk.complain(path, 0, "unreadable", error.message.clone());
            return Some(());
        }
    };
    for doubt in &document.doubts {
        desk.doubt(path, &doubt.code, format!("{}: {}", doubt.place, doubt.message));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut draft = draft(&document, &stem);
    draft.body = serde_json::to_string(&document).ok();
    if draft.provisions.is_empty() {
        let message = "Không tìm thấy nội dung nào trong tệp; văn bản chưa được nhập.".to_owned();
        desk.complain(path, 0, "no-text", message);
        return Some(());
    }
    if draft.row.number.is_none() {
        let message = format!(
            "Không tìm thấy số, ký hiệu; văn bản tạm mang tên tệp “{}”. Ông/bà vui lòng kiểm tra.",
            draft.row.key
        );
        desk.doubt(path, "number-missing", message);
    }
    let twice = draft.provisions.iter().any(|(one, _)| !desk.is_first(&one.anchor));
    if twice {
        let message = format!(
            "Hai tệp cùng một số, ký hiệu ({}); bản sau đã thay bản trước nếu cùng cơ quan ban hành.",
            draft.row.number.as_deref().unwrap_or(&draft.row.key)
        );
        desk.complain(path, 0, "same-number", message);
    }
    desk.take(draft)
}

fn draft(document: &LegalDocument, stem: &str) -> Draft {
    let row = row(&document.metadata, stem);
    let mut shelf = Shelf { row: &row, paths: HashMap::new(), provisions: Vec::new() };
    for unit in &document.units {
        shelf.unit(unit, "", "");
    }
    for (annex, place) in document.annexes.iter().zip(1..) {
        shelf.annex(annex, place);
    }
    if shelf.provisions.is_empty() {
        let paragraphs: Vec<&str> =
            document.preamble.iter().chain(&document.closing).map(String::as_str).collect();
        shelf.put("toan-van".into(), "Toàn văn".into(), "", "", paragraphs.join("\n"));
    }
    let mut provisions = shelf.provisions;
    let mut relations = of_document(&document.metadata);
    for instruction in instructions(document) {
        let Some(relation) = done(&instruction) else { continue };
        let article = instruction.place.split('/').next().unwrap_or_default();
        match provisions.iter_mut().find(|(one, _)| !article.is_empty() && one.path == article) {
            Some((_, own)) => own.push(relation),
            None => relations.push(relation),
        }
    }
    Draft { row, body: None, provisions, relations }
}

fn row(metadata: &Metadata, stem: &str) -> DocumentRow {
    let key = metadata.number.as_deref().map(symbol::key).filter(|key| !key.is_empty());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    DocumentRow {
        key: key.unwrap_or_else(|| tokens(stem).join("-")),
        number: metadata.number.clone(),
        kind: metadata.kind.clone(),
        title: metadata.title.clone(),
        issuer: metadata.issuer.clone().unwrap_or_default(),
        issued_on: day(metadata.issued_on),
        effective_on: day(metadata.effective_on),
        expires_on: day(metadata.expires_on),
        source: FILE.to_owned(),
        ..DocumentRow::default()
    }
}

/// Where the provisions of a document are put in order.
struct Shelf<'d> {
    row: &'d DocumentRow,
    paths: HashMap<String, u32>,
    provisions: Vec<(ProvisionRow, Vec<RelationRow>)>,
}

impl Shelf<'_> {
    fn put(&mut self, path: String, label: String, title: &str, context: &str, text: String) {
        if title.trim().is_empty() && text.trim().is_empty() {
            return;
        }
        let path = distinct(path, &mut self.paths);
        let provision = ProvisionRow {
            anchor: format!("{}/{path}", self.row.key),
            path,
            label,
            title: title.to_owned(),
            context: context.to_owned(),
            valid_from: self.row.effective_on.clone(),
            valid_to: self.row.expires_on.clone(),
            text,
            ..ProvisionRow::default()
        };
        self.provisions.push((provision, Vec::new()));
    }

    /// Articles are numbered through the whole document; what stands above them is their context.
    fn unit(&mut self, unit: &Unit, annex: &str, context: &str) {
        let name = format!("{} {}", unit.kind.word(), unit.number);
        let step = unit.kind.step(&unit.number);
        let path = if annex.is_empty() { step } else { format!("{annex}/{step}") };
        let mut lines = Vec::new();
        if unit.kind >= UnitKind::Article {
            own_lines(unit, &mut lines);
            return self.put(path, name, &unit.heading, context, lines.join("\n"));
        }
        lines.extend(unit.blocks.iter().chain(&unit.tail).map(block));
        if !lines.is_empty() {
            self.put(path, name.clone(), &unit.heading, context, lines.join("\n"));
        }
        let below = format!("{context}\n{name} {}", unit.heading);
        for child in &unit.children {
            self.unit(child, annex, below.trim());
        }
    }

    fn annex(&mut self, annex: &Annex, place: usize) {
        let label = tokens(&annex.label).join("-");
        let path = if label.is_empty() { format!("phu-luc-{place}") } else { label };
        let text: Vec<String> = annex.blocks.iter().map(block).collect();
        self.put(path.clone(), annex.label.clone(), &annex.heading, "", text.join("\n"));
        let context = format!("{} {}", annex.label, annex.heading);
        for unit in &annex.units {
            self.unit(unit, &path, context.trim());
        }
    }
}

fn own_lines(unit: &Unit, lines: &mut Vec<String>) {
    lines.extend(unit.blocks.iter().map(block));
    for child in &unit.children {
        let number = match child.kind {
            UnitKind::Point => format!("{})", child.number),
            _ => format!("{}.", child.number),
        };
        let start = lines.len();
        own_lines(child, lines);
        match lines.get_mut(start) {
            Some(first) => *first = format!("{number} {first}"),
            None => lines.push(number),
        }
    }
    lines.extend(unit.tail.iter().map(block));
}

fn block(block: &Block) -> String {
    match block {
        Block::Text(text) => text.clone(),
        Block::Table(table) => {
            let row = |row: &Vec<kernel::paragraph::Cell>| {
                let cells: Vec<String> =
                    row.iter().map(|cell| cell.text.replace('\n', " ")).collect();
                cells.join(" | ")
            };
            table.rows.iter().map(row).collect::<Vec<_>>().join("\n")
        }
    }
}

fn of_document(metadata: &Metadata) -> Vec<RelationRow> {
    let named = |kind: &'static str| {
        move |basis: &Basis| RelationRow {
            kind: kind.to_owned(),
            to_document: basis.number.as_deref().map(symbol::key),
            note: Some(basis.text.clone()),
            ..RelationRow::default()
        }
    };
    let bases = metadata.bases.iter().map(named("basis"));
    bases.chain(metadata.consolidates.iter().map(named("consolidates"))).collect()
}

/// What a sentence of the document does to another one.
fn done(instruction: &Instruction) -> Option<RelationRow> {
    let (to_document, name) = match &instruction.target.document {
        DocumentRef::Number { key, .. } => (Some(key.clone()), None),
        DocumentRef::Name { kind, name, .. } => (None, Some(format!("{kind} {name}"))),
        DocumentRef::Here | DocumentRef::This { .. } => return None,
    };
    let kind = match instruction.verb {
        Verb::Add => "adds-to",
        Verb::Amend | Verb::ReplacePhrase => "amends",
        Verb::Repeal if instruction.partly => "partly-repeals",
        Verb::Repeal => "repeals",
        Verb::Replace => "replaces",
        Verb::Suspend => "suspends",
        Verb::Correct => "corrects",
        Verb::Guide => "guides",
    };
    let note = match name {
        Some(name) => format!("{name}: {}", instruction.sentence),
        None => instruction.sentence.clone(),
    };
    let path = path_of(&instruction.target.place);
    let to_anchor = to_document.as_ref().filter(|_| !path.is_empty());
    Some(RelationRow {
        kind: kind.to_owned(),
        to_anchor: to_anchor.map(|key| format!("{key}/{path}")),
        to_document,
        day: instruction.effective_on.map(|day| day.to_string()),
        note: Some(note),
        ..RelationRow::default()
    })
}

/// The address of a place, from its article down.
fn path_of(place: &Place) -> String {
    let annex = place.annex.as_ref().map(|annex| tokens(&format!("Phụ lục {annex}")).join("-"));
    let units = [
        (UnitKind::Article, &place.article),
        (UnitKind::Clause, &place.clause),
        (UnitKind::Point, &place.point),
    ];
    let units = units.into_iter().filter_map(|(kind, number)| Some(kind.step(number.as_deref()?)));
    annex.into_iter().chain(units).collect::<Vec<_>>().join("/")
}

/// The text of a unit with all that stands below it.
pub(in crate::law) fn text_of(unit: &Unit) -> String {
    let mut lines = vec![unit.heading.clone()];
    own_lines(unit, &mut lines);
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
