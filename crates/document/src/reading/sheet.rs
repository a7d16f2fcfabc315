//! Spreadsheets as text: each sheet is its name and one table.

use kernel::Result;
use kernel::paragraph::{Cell, Paragraph, Table};

use super::{Format, Notice, ReadOptions, Reading, table_paragraph};
use crate::xlsx;

pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let sheets = xlsx::read_within(bytes, options.most_unpacked)?;
    let mut paragraphs = Vec::new();
    let several = sheets.len() > 1;
    for sheet in sheets {
        let rows: Vec<Vec<Cell>> = sheet
            .rows
            .iter()
            .map(|row| row.iter().map(|value| cell(value.display())).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.text.is_empty()))
            .collect();
        if rows.is_empty() {
            continue;
        }
        if several {
            paragraphs.push(Paragraph {
                bold: true,
                ..Paragraph::plain(super::encoding::clean(&sheet.name))
            });
        }
        paragraphs.push(table_paragraph(Table { rows }, None));
    }
    let notices = if paragraphs.is_empty() { vec![Notice::no_text()] } else { Vec::new() };
    Ok(Reading::of(Format::Xlsx, paragraphs, notices))
}

fn cell(text: String) -> Cell {
    let lines: Vec<String> =
        text.lines().map(super::encoding::clean).filter(|line| !line.is_empty()).collect();
    Cell { text: lines.join("\n"), columns: 1, rows: 1 }
}
