//! Bytes to rows of values: shared and inline text, numbers, days known by their format.

use std::collections::HashMap;

use kernel::{Error, Result};

use super::{Value, day_of_number, place_of};
use crate::reading::xml::{self, Element};
use crate::reading::{Archive, damaged};

/// Bytes of a file, unpacked.
const MOST_UNPACKED: u64 = 200 << 20;
/// Cells of a file, empty ones between others included.
const MOST_CELLS: usize = 3_000_000;
/// Columns and rows that Excel has.
const MOST_COLUMNS: u32 = 16_384;
const MOST_ROWS: u32 = 1_048_576;

/// A sheet that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRows {
    /// Name on the tab.
    pub name: String,
    /// Rows from the first, each from column A to its last filled cell.
    pub rows: Vec<Vec<Value>>,
}

/// Reads all sheets in their order.
///
/// # Errors
/// `Invalid` when the file is damaged, locked or no workbook; `TooLarge` beyond the limits.
pub fn read(bytes: &[u8]) -> Result<Vec<SheetRows>> {
    read_within(bytes, MOST_UNPACKED)
}

/// The same, unpacking no more than so many bytes.
pub(crate) fn read_within(bytes: &[u8], most_unpacked: u64) -> Result<Vec<SheetRows>> {
    let mut archive = Archive::open(bytes, most_unpacked)?;
    let workbook = archive.text("xl/workbook.xml")?.ok_or_else(|| damaged(&"xlsx: no workbook"))?;
    let workbook = xml::parse(&workbook)?;
    let targets = targets(&mut archive)?;
    let mut context = Context::default();
    if let Some(text) = archive.text("xl/sharedStrings.xml")? {
        xml::walk(&text, 1, |_, element| {
            context.shared.push(rich_text(&element));
            Ok(())
        })?;
    }
    if let Some(text) = archive.text("xl/styles.xml")? {
        context.is_day = day_styles(&xml::parse(&text)?);
    }
    let properties = workbook.child("workbookPr");
    context.starts_later =
        properties.and_then(|p| p.attribute("date1904")).is_some_and(|v| v == "1" || v == "true");
    let mut sheets = Vec::new();
    for sheet in workbook.child("sheets").iter().flat_map(|sheets| sheets.children()) {
        let Some(path) = sheet.attribute("id").and_then(|id| targets.get(id)) else { continue };
        let Some(text) = archive.text(path)? else { continue };
        let mut rows = Vec::new();
        xml::walk(&text, 2, |parent, element| {
            if parent == "sheetData" { context.row(&element, &mut rows) } else { Ok(()) }
        })?;
        sheets
            .push(SheetRows { name: sheet.attribute("name").unwrap_or_default().to_owned(), rows });
    }
    Ok(sheets)
}

/// The parts of the workbook by the ids under which it knows them.
fn targets(archive: &mut Archive<'_>) -> Result<HashMap<String, String>> {
    let Some(text) = archive.text("xl/_rels/workbook.xml.rels")? else { return Ok(HashMap::new()) };
    let relations = xml::parse(&text)?;
    let target = |relation: &Element| {
        let target = relation.attribute("Target")?;
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        };
        Some((relation.attribute("Id")?.to_owned(), path))
    };
    Ok(relations.children().filter_map(target).collect())
}

/// Text with its runs put together; phonetic readings are no text.
fn rich_text(element: &Element) -> String {
    let mut text = String::new();
    for child in element.children() {
        match &*child.name {
            "t" => text.push_str(&child.text()),
            "r" => text.push_str(&child.child("t").map(Element::text).unwrap_or_default()),
            _ => {}
        }
    }
    text
}

/// Which styles of cells show days.
fn day_styles(styles: &Element) -> Vec<bool> {
    let own: HashMap<&str, bool> = styles
        .child("numFmts")
        .iter()
        .flat_map(|formats| formats.children())
        .filter_map(|format| {
            Some((format.attribute("numFmtId")?, shows_day(format.attribute("formatCode")?)))
        })
        .collect();
    let formats = styles.child("cellXfs");
    formats
        .iter()
        .flat_map(|formats| formats.children())
        .map(|format| {
            let id = format.attribute("numFmtId").unwrap_or("0");
            own.get(id).copied().unwrap_or_else(|| {
                let id = id.parse::<u32>().unwrap_or(0);
                matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
            })
        })
        .collect()
}

/// Does a format hold day, month or year outside of quoted text and brackets?
fn shows_day(format: &str) -> bool {
    let (mut quoted, mut bracketed, mut skipped) = (false, false, false);
    for character in format.chars() {
        if std::mem::take(&mut skipped) {
            continue;
        }
        match character {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' => skipped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

#[derive(Default)]
struct Context {
    shared: Vec<String>,
    is_day: Vec<bool>,
    starts_later: bool,
    cells: usize,
}

impl Context {
    fn row(&mut self, element: &Element, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        let number = element.attribute("r").and_then(|number| number.parse::<u32>().ok());
        let number = number.filter(|number| (1..=MOST_ROWS).contains(number));
        let at = number.map_or(rows.len(), |number| number as usize - 1);
        let mut values: Vec<Value> = Vec::new();
        for cell in element.children().filter(|child| &*child.name == "c") {
            let value = self.value(cell);
            let place = cell.attribute("r").and_then(place_of).map(|(column, _)| column);
            let column = place.filter(|column| *column < MOST_COLUMNS);
            let column = column.map_or(values.len(), |column| column as usize);
            if value == Value::Empty {
                continue;
            }
            if column >= values.len() {
                self.count(column + 1 - values.len())?;
                values.resize(column, Value::Empty);
                values.push(value);
            } else if let Some(known) = values.get_mut(column) {
                *known = value;
            }
        }
        // Formatted but empty rows, a million of them in some files, are no content.
        if values.is_empty() {
            return Ok(());
        }
        if at >= rows.len() {
            self.count(at + 1 - rows.len())?;
            rows.resize(at, Vec::new());
            rows.push(values);
        } else if let Some(known) = rows.get_mut(at) {
            *known = values;
        }
        Ok(())
    }

    fn count(&mut self, cells: usize) -> Result<()> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells > MOST_CELLS {
            return Err(Error::too_large(
                "Bảng tính có quá nhiều ô. Ông/bà vui lòng tách thành nhiều tệp rồi gửi lại.",
            )
            .because("xlsx: too many cells"));
        }
        Ok(())
    }

    fn value(&self, cell: &Element) -> Value {
        let raw = cell.child("v").map(Element::text).unwrap_or_default();
        let text = |text: String| if text.is_empty() { Value::Empty } else { Value::Text(text) };
        match cell.attribute("t").unwrap_or("n") {
            "s" => {
                let at = raw.trim().parse::<usize>().ok();
                text(at.and_then(|at| self.shared.get(at)).cloned().unwrap_or_default())
            }
            "inlineStr" => text(cell.child("is").map(rich_text).unwrap_or_default()),
            "b" => Value::Boolean(raw.trim() == "1"),
            "str" | "e" => text(raw),
            "d" => text(raw),
            _ => self.number(cell, &raw),
        }
    }

    fn number(&self, cell: &Element, raw: &str) -> Value {
        let Ok(number) = raw.trim().parse::<f64>() else { return Value::Empty };
        if !number.is_finite() {
            return Value::Empty;
        }
        let style = cell.attribute("s").and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
        let is_day = self.is_day.get(style).copied().unwrap_or(false);
        let day = is_day.then(|| day_of_number(number, self.starts_later)).flatten();
        day.unwrap_or(Value::Number(number))
    }
}
