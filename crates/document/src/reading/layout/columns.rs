//! Regions of a page that are no running text: the head and the foot in two columns, and tables.

use kernel::paragraph::{Cell, Table};
use kernel::text::fold;

use super::{Line, Word, starts_with_number};

/// A piece of a page, from above to below.
pub(super) enum Region {
    /// Lines of running text.
    Text(Vec<Line>),
    /// Columns to read one after the other.
    Columns(Vec<Vec<Line>>),
    /// A table.
    Table(Table),
}

/// A gap between words from which on they are taken to stand in different columns.
const WIDE: f32 = 22.0;
/// Lines of one region; no page has more.
const LONGEST_BLOCK: usize = 200;
/// The narrowest white strip between two columns.
const GUTTER: f32 = 5.0;

/// Cuts the lines of a page into regions.
pub(super) fn regions(lines: Vec<Line>, page_width: f32) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut text: Vec<Line> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(line) = rest.next() {
        if !has_wide_gap(&line) {
            text.push(line);
            continue;
        }
        let mut block = vec![line];
        while let Some(next) =
            rest.next_if(|next| block.len() < LONGEST_BLOCK && belongs(&block, next))
        {
            block.push(next);
        }
        let region = as_columns(&block, page_width).or_else(|| as_table(&block));
        match region {
            Some(region) => {
                if !text.is_empty() {
                    regions.push(Region::Text(std::mem::take(&mut text)));
                }
                regions.push(region);
            }
            None => text.extend(block),
        }
    }
    if !text.is_empty() {
        regions.push(Region::Text(text));
    }
    regions
}

fn has_wide_gap(line: &Line) -> bool {
    wide_gaps(line).next().is_some()
}

/// The wide gaps of a line; a gap behind a number in front of a line is none.
fn wide_gaps(line: &Line) -> impl Iterator<Item = (f32, f32)> {
    let is_numbered = line
        .words
        .first()
        .is_some_and(|word| starts_with_number(&format!("{} x", word.text)) && word.text.len() < 8);
    line.words
        .windows(2)
        .enumerate()
        .filter_map(move |(at, pair)| match pair {
            [left, right] if at > 0 || !is_numbered => Some((left.x1, right.x0)),
            _ => None,
        })
        .filter(|(from, to)| to - from > WIDE)
}

/// Is the next line part of the block: close below it, and in columns itself or within some of them?
fn belongs(block: &[Line], next: &Line) -> bool {
    let Some(last) = block.last() else { return false };
    // The foot of a paper may follow a table closely.
    if block.len() > 2 && fold(&next.text()).starts_with("noi nhan:") {
        return false;
    }
    let step = next.middle() - last.middle();
    if has_wide_gap(next) {
        return step < 3.2 * last.height();
    }
    let words = || block.iter().flat_map(|line| &line.words);
    let strips = white_strips(words()).len();
    step < 1.7 * last.height() && white_strips(words().chain(&next.words)).len() >= strips.max(1)
}

/// The white strips between the words, from left to right.
fn white_strips<'a>(words: impl Iterator<Item = &'a Word>) -> Vec<(f32, f32)> {
    let mut spans: Vec<(f32, f32)> = words.map(|word| (word.x0, word.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut strips = Vec::new();
    let mut end = spans.first().map_or(0.0, |span| span.1);
    for (from, to) in spans {
        if from - end > GUTTER {
            strips.push((end, from));
        }
        end = end.max(to);
    }
    strips
}

/// The head or the foot of a paper, known by the words that the law prescribes.
fn as_columns(block: &[Line], page_width: f32) -> Option<Region> {
    const MARKS: [&str; 6] = [
        "chu nghia viet nam",
        "doc lap - tu do",
        "dang cong san viet nam",
        "noi nhan",
        "ky, ghi ro ho ten",
        "ky ten, dong dau",
    ];
    let text: Vec<String> = block.iter().map(|line| fold(&line.text())).collect();
    let is_marked = text.iter().any(|line| MARKS.iter().any(|mark| line.contains(mark)));
    if !is_marked {
        return None;
    }
    let words = || block.iter().flat_map(|line| &line.words);
    let (from, to) = white_strips(words())
        .into_iter()
        .filter(|(from, to)| *to > 0.2 * page_width && *from < 0.8 * page_width)
        .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
        .or_else(|| widest_gap_of_marked(block))?;
    let middle = f32::midpoint(from, to);
    let mut columns = vec![Vec::new(), Vec::new()];
    for line in block {
        let (left, right): (Vec<Word>, Vec<Word>) =
            line.words.iter().cloned().partition(|word| f32::midpoint(word.x0, word.x1) < middle);
        for (column, words) in columns.iter_mut().zip([left, right]) {
            if !words.is_empty() {
                column.push(Line { words, page: line.page });
            }
        }
    }
    Some(Region::Columns(columns))
}

/// Where no strip is white in all lines, the widest gap of a single one.
fn widest_gap_of_marked(block: &[Line]) -> Option<(f32, f32)> {
    block.iter().flat_map(wide_gaps).max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
}

/// A table, when there are at least two rows of at least two columns.
fn as_table(block: &[Line]) -> Option<Region> {
    let in_columns = block.iter().filter(|line| has_wide_gap(line)).count();
    let strips = white_strips(block.iter().flat_map(|line| &line.words));
    if in_columns < 2 || strips.is_empty() {
        return None;
    }
    let edges: Vec<f32> = strips.iter().map(|(from, to)| f32::midpoint(*from, *to)).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in block {
        let mut cells = vec![String::new(); edges.len() + 1];
        for word in &line.words {
            let middle = f32::midpoint(word.x0, word.x1);
            let column = edges.iter().take_while(|edge| **edge < middle).count();
            if let Some(cell) = cells.get_mut(column) {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&word.text);
            }
        }
        let continues = cells.first().is_none_or(String::is_empty);
        match rows.last_mut().filter(|_| continues) {
            Some(row) => {
                for (above, cell) in row.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_empty())
                {
                    if !above.is_empty() {
                        above.push(' ');
                    }
                    above.push_str(&cell);
                }
            }
            None => rows.push(cells),
        }
    }
    if rows.len() < 2 {
        return None;
    }
    let cell = |text: String| Cell { text: super::clean(&text), columns: 1, rows: 1 };
    let rows = rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    Some(Region::Table(Table { rows }))
}
