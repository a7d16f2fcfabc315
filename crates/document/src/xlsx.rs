//! Spreadsheets: writing lists in the official layout, and reading what offices send.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::{Span, ToSpan};

mod height;
mod read;
mod write;

pub(crate) use self::read::read_within;
pub use self::read::{SheetRows, read};
pub use self::write::write;

/// A workbook to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// Title in the properties of the file.
    pub title: String,
    /// Its sheets; at least one is written.
    pub sheets: Vec<Sheet>,
}

/// A sheet to write. It is set up for A4, as wide as the page, with page numbers below.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name on the tab; what Excel does not allow in it is replaced, doubles get a number.
    pub name: String,
    /// Widths of the columns in characters of the normal font.
    pub columns: Vec<f64>,
    /// Rows from above.
    pub rows: Vec<Row>,
    /// Cells that are one.
    pub merged: Vec<Area>,
    /// Rows that stay in sight above.
    pub frozen_rows: u32,
    /// Columns that stay in sight on the left.
    pub frozen_columns: u32,
    /// Rows (first and last, from 0) that are printed on every page.
    pub repeated_rows: Option<(u32, u32)>,
    /// Cells with arrows to filter by.
    pub filter: Option<Area>,
    /// A4 upright instead of lying.
    pub is_portrait: bool,
}

/// A rectangle of cells, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First row.
    pub row: u32,
    /// First column.
    pub column: u32,
    /// Rows, at least 1.
    pub rows: u32,
    /// Columns, at least 1.
    pub columns: u32,
}

/// A row of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// From the left.
    pub cells: Vec<Cell>,
    /// Height in points; without it the text is measured.
    pub height: Option<f64>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it looks.
    pub look: Look,
}

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, at most 32,767 characters; the rest is cut.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
    /// A day and a time.
    DateTime(DateTime),
    /// Yes or no.
    Boolean(bool),
}

/// Place of text in its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// Text left, numbers right.
    #[default]
    General,
    /// Left.
    Left,
    /// In the middle.
    Centre,
    /// Right.
    Right,
}

/// How a number is shown. The separators are those of the reader's computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NumberFormat {
    /// As it is.
    #[default]
    General,
    /// In thousands, without decimals.
    Whole,
    /// In thousands, with two decimals.
    Decimal,
    /// As a percentage with two decimals.
    Percent,
}

/// How a cell looks. Times New Roman everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Size in points.
    pub size: u8,
    /// Place of the text.
    pub alignment: Alignment,
    /// Long text goes on in the next line of the cell.
    pub wrap: bool,
    /// A thin line around.
    pub border: bool,
    /// Colour behind: red, green, blue.
    pub fill: Option<[u8; 3]>,
    /// How a number is shown.
    pub format: NumberFormat,
}

impl Default for Look {
    /// 12 points, nothing else.
    fn default() -> Look {
        Look {
            bold: false,
            italic: false,
            size: 12,
            alignment: Alignment::General,
            wrap: false,
            border: false,
            fill: None,
            format: NumberFormat::General,
        }
    }
}

impl Look {
    /// Of a cell in a table: a line around, long text wrapped.
    #[must_use]
    pub fn table() -> Look {
        Look { border: true, wrap: true, ..Look::default() }
    }

    /// Of the head of a table: bold, in the middle, on light grey.
    #[must_use]
    pub fn head() -> Look {
        Look {
            bold: true,
            alignment: Alignment::Centre,
            fill: Some([0xE7, 0xEC, 0xF2]),
            ..Look::table()
        }
    }
}

impl Cell {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>, look: Look) -> Cell {
        Cell { value: Value::Text(text.into()), look }
    }

    /// A number.
    #[must_use]
    pub fn number(number: f64, look: Look) -> Cell {
        Cell { value: Value::Number(number), look }
    }

    /// A day.
    #[must_use]
    pub fn date(day: Date, look: Look) -> Cell {
        Cell { value: Value::Date(day), look }
    }
}

impl Row {
    /// A row of these cells.
    #[must_use]
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, height: None }
    }
}

impl Value {
    /// As a Vietnamese reader writes it: `05/11/2026`, `12,5`.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string().replace('.', ","),
            Value::Date(day) => day_text(*day),
            Value::DateTime(at) => {
                format!("{} {:02}:{:02}", day_text(at.date()), at.hour(), at.minute())
            }
            Value::Boolean(true) => "có".to_owned(),
            Value::Boolean(false) => "không".to_owned(),
        }
    }
}

fn day_text(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// Day 0 of Excel; it takes 1900 for a leap year, so this holds from 1 March 1900 on.
const DAY_ZERO: Date = date(1899, 12, 30);
/// The first day whose number is the same for everybody.
const FIRST_SURE_DAY: Date = date(1900, 3, 1);
/// Days between day 0 and that of files from old Macintosh computers.
const LATER_START: f64 = 1_462.0;

/// The number of a day; `None` for those that Excel counts wrongly or not at all.
fn number_of_day(day: Date) -> Option<i32> {
    (day >= FIRST_SURE_DAY).then(|| DAY_ZERO.until(day).ok()).flatten().map(|span| span.get_days())
}

/// The day, or day and time, of a number.
fn day_of_number(number: f64, starts_later: bool) -> Option<Value> {
    const LAST: f64 = 2_958_466.0;
    let number = if starts_later { number + LATER_START } else { number };
    if !(61.0..LAST).contains(&number) {
        return None;
    }
    let day = DAY_ZERO.checked_add(Span::new().try_days(number.floor() as i64).ok()?).ok()?;
    let seconds = (number.fract() * 86_400.0).round() as i64;
    if seconds == 0 {
        return Some(Value::Date(day));
    }
    let at = DateTime::from_parts(day, Time::midnight()).checked_add(seconds.seconds()).ok()?;
    Some(Value::DateTime(at))
}

/// The name of a column: A, …, Z, AA ….
fn column_name(column: u32) -> String {
    let mut rest = column;
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    name.iter().rev().collect()
}

/// The column and row of a reference such as `B12`, from 0.
fn place_of(reference: &str) -> Option<(u32, u32)> {
    let end = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = (reference.get(..end)?, reference.get(end..)?);
    let mut column = 0_u32;
    for letter in letters.bytes().filter(|byte| *byte != b'$') {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    Some((column.checked_sub(1)?, digits.parse::<u32>().ok()?.checked_sub(1)?))
}

#[cfg(test)]
mod tests;
