//! How high a row must be for its wrapped text: LibreOffice and older Excel take the height that
//! the file says, and cut what does not fit.

use super::{Cell, Row, Sheet, Value};

/// Width of a column that nothing is said about, in characters.
const USUAL_WIDTH: f64 = 8.43;
/// Width of the digit by which columns are counted, in points: that of 12 points Times New Roman.
const DIGIT: f64 = 6.0;
/// Height of a line, as a part of the size.
const LINE: f64 = 1.3;
/// The highest row that Excel has.
const HIGHEST: f64 = 409.0;

/// Height in points of the row at this place.
pub(super) fn of(sheet: &Sheet, at: usize, row: &Row) -> f64 {
    let cell = |(column, cell): (usize, &Cell)| {
        let size = f64::from(cell.look.size.max(1));
        let lines = match &cell.value {
            Value::Text(text) if cell.look.wrap => {
                lines(text, width(sheet, at, column), size, cell.look.bold)
            }
            _ => 1.0,
        };
        lines * size * LINE + 2.0
    };
    let highest = row.cells.iter().enumerate().map(cell).fold(16.0, f64::max);
    highest.min(HIGHEST)
}

/// Width in points of a cell, with those that are merged to it.
fn width(sheet: &Sheet, row: usize, column: usize) -> f64 {
    let is_here = |start: u32, place: usize| usize::try_from(start) == Ok(place);
    let merged = sheet.merged.iter().find(|a| is_here(a.row, row) && is_here(a.column, column));
    let columns = merged.map_or(1, |area| usize::try_from(area.columns.max(1)).unwrap_or(1));
    let width = |at| sheet.columns.get(at).copied().unwrap_or(USUAL_WIDTH);
    (column..column.saturating_add(columns.min(1_000))).map(width).sum::<f64>() * DIGIT - 4.0
}

/// Lines that the text takes in this width.
fn lines(text: &str, width: f64, size: f64, is_bold: bool) -> f64 {
    let factor = if is_bold { 1.08 } else { 1.0 } * size;
    let measure = |word: &str| word.chars().map(letter).sum::<f64>() * factor;
    let blank = 0.25 * factor;
    let mut count = 0.0;
    for line in text.split('\n') {
        count += 1.0;
        let mut used = 0.0;
        for word in line.split_whitespace() {
            let length = measure(word);
            if used > 0.0 && used + blank + length > width {
                count += 1.0;
                used = 0.0;
            }
            let over = (length / width.max(1.0)).floor();
            if used == 0.0 && over >= 1.0 {
                count += over;
                used = length - over * width;
            } else {
                used += length + if used > 0.0 { blank } else { 0.0 };
            }
        }
    }
    count
}

/// Width of a letter of Times New Roman, as a part of its size, rather too wide than too narrow.
fn letter(letter: char) -> f64 {
    match letter {
        'i' | 'l' | 'j' | 't' | 'f' | 'I' | '.' | ',' | ';' | ':' | '\'' | '/' | '-' => 0.34,
        'm' | 'w' | 'M' | 'W' => 0.85,
        _ if letter.is_uppercase() => 0.72,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Look;
    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_longest_wrapped_text() {
        let sheet = Sheet { columns: vec![10.0, 40.0], ..Sheet::default() };
        let row =
            |text: &str, wrap| Row::of(vec![Cell::text(text, Look { wrap, ..Look::default() })]);
        let one = of(&sheet, 0, &row("ngắn", true));
        assert!((15.0..20.0).contains(&one));
        let long = "ba mươi từ ".repeat(10);
        assert!(of(&sheet, 0, &row(&long, true)) > 8.0 * one);
        assert!(of(&sheet, 0, &row(&long, false)) < 1.1 * one);
        assert!(of(&sheet, 0, &row("a\nb", true)) > 1.7 * one);
        assert!(of(&sheet, 0, &row(&long.repeat(100), true)) <= HIGHEST);
    }
}
