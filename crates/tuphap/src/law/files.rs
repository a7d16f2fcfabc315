//! Files in, JSON out.

use std::path::Path;

use app::law::FoundProvision;
use document::reading::{Format, ReadOptions};
use kernel::error::{Error, Result};
use law::comparison::Comparison;
use law::difference::{Change, DocumentDifference};
use law::model::{Block, LegalDocument, Unit};
use serde_json::{Value, json};

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path)
        .map_err(|error| Error::not_found(format!("Không đọc được {}: {error}.", path.display())))
}

pub(super) fn document(path: &Path) -> Result<LegalDocument> {
    app::law::read_file(&bytes(path)?).map_err(|error| in_file(path, error))
}

fn in_file(path: &Path, mut error: Error) -> Error {
    error.message = format!("{}: {}", path.display(), error.message);
    error
}

/// The text of a file, or the words themselves where there is no such file.
pub(super) fn text(given: &str) -> Result<String> {
    let path = Path::new(given);
    // A whole text is longer than any name may be.
    if given.contains('\n') || given.len() > 1_000 || !path.is_file() {
        return Ok(given.to_owned());
    }
    let reading = document::reading::read(&bytes(path)?, &ReadOptions::default())
        .map_err(|error| in_file(path, error))?;
    if let Format::AkomaNtoso { .. } = reading.format {
        return Ok(law::outline::plain_text(&document(path)?));
    }
    let lines = reading.paragraphs.iter().map(|paragraph| match &paragraph.list_number {
        Some(number) => format!("{number} {}", paragraph.text),
        None => paragraph.text.clone(),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

pub(super) fn hits(found: &[FoundProvision]) -> Value {
    let hits: Vec<Value> = found
        .iter()
        .map(|hit| {
            json!({
                "id": hit.provision.anchor,
                "document": hit.document_name(),
                "label": hit.provision.label,
                "title": hit.provision.title,
                "snippet": hit.snippet,
                "score": hit.score,
            })
        })
        .collect();
    json!({ "hits": hits })
}

pub(super) fn outline(document: &LegalDocument) -> Value {
    let annexes: Vec<Value> = document
        .annexes
        .iter()
        .map(|annex| {
            json!({
                "label": annex.label,
                "heading": annex.heading,
                "text": own_text(&annex.blocks),
                "units": units(&annex.units),
            })
        })
        .collect();
    json!({
        "metadata": document.metadata,
        "preamble": document.preamble,
        "units": units(&document.units),
        "closing": document.closing,
        "annexes": annexes,
        "notes": document.notes,
        "doubts": document.doubts,
    })
}

fn units(list: &[Unit]) -> Vec<Value> {
    list.iter()
        .map(|unit| {
            let mut value = json!({
                "kind": unit.kind,
                "number": unit.number,
                "heading": unit.heading,
                "text": own_text(&unit.blocks),
                "children": units(&unit.children),
            });
            if let Some(fields) = value.as_object_mut().filter(|_| !unit.tail.is_empty()) {
                fields.insert("tail".to_owned(), own_text(&unit.tail).into());
            }
            value
        })
        .collect()
}

/// Paragraphs one a line; the cells of a row stand between bars.
pub(super) fn own_text(blocks: &[Block]) -> String {
    let lines = blocks.iter().map(|block| match block {
        Block::Text(text) => text.clone(),
        Block::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                let cells = row.iter().map(|cell| cell.text.replace('\n', " "));
                cells.collect::<Vec<_>>().join(" | ")
            });
            rows.collect::<Vec<_>>().join("\n")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn comparison(comparison: &Comparison) -> Value {
    let findings: Vec<Value> = comparison
        .findings
        .iter()
        .map(|finding| {
            json!({
                "type": finding.kind,
                "a": finding.a.text,
                "b": finding.b.text,
                "reason": finding.reason,
                "confidence": finding.confidence,
            })
        })
        .collect();
    json!({
        "conflict": comparison.conflict,
        "overlap": comparison.overlap,
        "score": comparison.score,
        "findings": findings,
    })
}

/// Articles that changed; the others are only counted.
pub(super) fn difference(difference: &DocumentDifference) -> Value {
    let changed: Vec<_> =
        difference.articles.iter().filter(|article| article.change != Change::Unchanged).collect();
    json!({
        "added": difference.added,
        "removed": difference.removed,
        "changed": difference.changed,
        "unchanged": difference.unchanged,
        "articles": changed,
    })
}
