//! A document as plain text, one paragraph a line, as it is printed.

use crate::model::{Annex, Block, LegalDocument, Metadata, Unit, UnitKind};

/// The whole document as text that [`super::of_text`] reads again.
#[must_use]
pub fn plain_text(document: &LegalDocument) -> String {
    let mut text = String::new();
    head(&document.metadata, &mut text);
    for paragraph in &document.preamble {
        line(paragraph, &mut text);
    }
    for unit in &document.units {
        print_unit(unit, &mut text);
    }
    for paragraph in &document.closing {
        line(paragraph, &mut text);
    }
    for annex in &document.annexes {
        print_annex(annex, &mut text);
    }
    for note in &document.notes {
        line(&format!("[{}] {}", note.number, note.text), &mut text);
    }
    text
}

fn head(metadata: &Metadata, text: &mut String) {
    if let Some(issuer) = &metadata.issuer {
        line(&issuer.to_uppercase(), text);
    }
    if let Some(number) = &metadata.number {
        line(&format!("Số: {number}"), text);
    }
    if let (Some(place), Some(day)) = (&metadata.place, metadata.issued_on) {
        let (day, month, year) = (day.day(), day.month(), day.year());
        line(&format!("{place}, ngày {day:02} tháng {month:02} năm {year}"), text);
    }
    if let Some(kind) = &metadata.kind {
        line(&kind.to_uppercase(), text);
    }
    if let Some(title) = &metadata.title {
        line(title, text);
    }
}

fn print_annex(annex: &Annex, text: &mut String) {
    line(&annex.label.to_uppercase(), text);
    if !annex.heading.is_empty() {
        line(&annex.heading, text);
    }
    blocks(&annex.blocks, text);
    for unit in &annex.units {
        print_unit(unit, text);
    }
}

fn print_unit(unit: &Unit, text: &mut String) {
    let mut own = unit.blocks.as_slice();
    let start = match unit.kind {
        UnitKind::Clause => format!("{}.", unit.number),
        UnitKind::Point => format!("{})", unit.number),
        UnitKind::Article => format!("Điều {}.", unit.number),
        kind => format!("{} {}", kind.word(), unit.number),
    };
    if !unit.heading.is_empty() {
        let mark = if unit.kind < UnitKind::Article { "." } else { "" };
        line(&format!("{start}{mark} {}", unit.heading), text);
    } else if unit.kind >= UnitKind::Article
        && let Some((Block::Text(first), rest)) = own.split_first()
    {
        line(&format!("{start} {first}"), text);
        own = rest;
    } else {
        line(&start, text);
    }
    blocks(own, text);
    for child in &unit.children {
        print_unit(child, text);
    }
    blocks(&unit.tail, text);
}

fn blocks(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Text(paragraph) => line(paragraph, text),
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> =
                        row.iter().map(|cell| cell.text.replace('\n', " ")).collect();
                    line(&cells.join(" | "), text);
                }
            }
        }
    }
}

fn line(paragraph: &str, text: &mut String) {
    text.push_str(paragraph);
    text.push('\n');
}
