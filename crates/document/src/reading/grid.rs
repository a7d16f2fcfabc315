//! Tables as files hold them, and what becomes of them: tables, or, where a table only sets a paper
//! in columns, its paragraphs.

use std::collections::HashMap;

use kernel::paragraph::{Cell, Paragraph, Table};
use kernel::text::fold;

use super::table_paragraph;

/// Columns of a table; Word has 63.
pub(super) const MOST_COLUMNS: usize = 1_000;
/// Paragraphs of one cell from which on the table frames a whole text.
const WHOLE_TEXT: usize = 30;

/// A row before cells are merged.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Its cells from left to right.
    pub(super) cells: Vec<RawCell>,
    /// The next free column of the grid.
    pub(super) next: usize,
}

/// A cell before it is merged.
#[derive(Debug, Default)]
pub(super) struct RawCell {
    /// Its first column of the grid.
    pub(super) column: usize,
    /// Columns that it covers.
    pub(super) columns: usize,
    /// Rows that it covers, as far as it knows itself.
    pub(super) rows: u32,
    /// It only continues the cell above.
    pub(super) continues: bool,
    /// What it holds.
    pub(super) paragraphs: Vec<Paragraph>,
}

impl Row {
    /// Adds a cell, unless there are too many.
    pub(super) fn push(&mut self, mut cell: RawCell) {
        cell.columns = cell.columns.clamp(1, MOST_COLUMNS);
        cell.rows = cell.rows.clamp(1, 65_000);
        if self.next + cell.columns <= MOST_COLUMNS {
            cell.column = self.next;
            self.next += cell.columns;
            self.cells.push(cell);
        }
    }
}

/// The paragraphs that a table becomes: one with the table, or those of its cells.
pub(super) fn paragraphs(rows: Vec<Row>) -> Vec<Paragraph> {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    if is_layout(&rows) {
        let mut cells: Vec<RawCell> = rows.into_iter().flat_map(|row| row.cells).collect();
        cells.sort_by_key(|cell| cell.column);
        return cells.into_iter().flat_map(|cell| cell.paragraphs).collect();
    }
    let is_frame = cells().count() == 1 || cells().any(|cell| cell.paragraphs.len() > WHOLE_TEXT);
    if is_frame {
        let cells = rows.into_iter().flat_map(|row| row.cells);
        return cells.flat_map(|cell| cell.paragraphs).collect();
    }
    let table = merged(rows);
    let has_text = table.rows.iter().flatten().any(|cell| !cell.text.is_empty());
    if has_text { vec![table_paragraph(table, None)] } else { Vec::new() }
}

/// Does the table only set the head or the foot of a paper in two columns? Known by the words that
/// the law prescribes there (Decree 30/2020, annex I).
fn is_layout(rows: &[Row]) -> bool {
    const MARKS: [&str; 4] = [
        "cong hoa xa hoi chu nghia viet nam",
        "doc lap - tu do",
        "dang cong san viet nam",
        "noi nhan:",
    ];
    const MOST_ROWS: usize = 12;
    let is_narrow = rows.len() <= MOST_ROWS && rows.iter().all(|row| row.cells.len() <= 3);
    is_narrow
        && rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.paragraphs).any(|p| {
            let text = fold(&p.text);
            MARKS.iter().any(|mark| text.contains(mark))
        })
}

/// The table with cells that continue others taken into them.
fn merged(rows: Vec<Row>) -> Table {
    let mut table = Table::default();
    // For each column of the grid, the cell that covers it: row and place in the row.
    let mut above: HashMap<usize, (usize, usize)> = HashMap::new();
    for row in rows {
        let mut cells: Vec<Cell> = Vec::new();
        let at = table.rows.len();
        let mut covered: HashMap<usize, (usize, usize)> = HashMap::new();
        for raw in row.cells {
            let text = cell_text(raw.paragraphs);
            let owner = above.get(&raw.column).copied().filter(|_| raw.continues);
            let place = match owner {
                Some((row, place)) => {
                    if let Some(cell) = table.rows.get_mut(row).and_then(|row| row.get_mut(place)) {
                        cell.rows = cell.rows.saturating_add(1);
                        if !text.is_empty() {
                            cell.text = format!("{}\n{text}", cell.text).trim().to_owned();
                        }
                    }
                    (row, place)
                }
                None => {
                    let columns = u32::try_from(raw.columns).unwrap_or(1);
                    cells.push(Cell { text, columns, rows: raw.rows });
                    (at, cells.len() - 1)
                }
            };
            covered.insert(raw.column, place);
        }
        above = covered;
        table.rows.push(cells);
    }
    table
}

/// One paragraph a line, with its number in front.
fn cell_text(paragraphs: Vec<Paragraph>) -> String {
    let lines: Vec<String> = paragraphs
        .into_iter()
        .map(|paragraph| match paragraph.list_number {
            Some(number) => format!("{number} {}", paragraph.text),
            None => paragraph.text,
        })
        .collect();
    lines.join("\n")
}
