//! What stands in an article: its own text, its clauses and points.

use kernel::paragraph::Table;

use super::line::Line;
use super::marker::{self, Mark, Marker};
use super::number::{Count, Rank};
use super::sequence::{Candidate, Habit, Verdict, judge};
use crate::model::{Block, Doubt, Unit, UnitKind};

const CLAUSES: Habit = Habit { count: Count::Numbers, gap: 5, may_repeat: true };
const POINTS: Habit = Habit { count: Count::Letters, gap: 4, may_repeat: true };

/// A line of a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub text: &'a str,
    pub is_quoted: bool,
    pub table: Option<&'a Table>,
}

impl<'a> Row<'a> {
    pub(super) fn plain(text: &'a str) -> Self {
        Self { text, is_quoted: false, table: None }
    }

    fn block(&self) -> Block {
        self.table
            .map_or_else(|| Block::Text(self.text.to_owned()), |table| Block::Table(table.clone()))
    }
}

impl<'a> From<&'a Line> for Row<'a> {
    fn from(line: &'a Line) -> Self {
        Self { text: &line.text, is_quoted: line.is_quoted, table: line.table.as_ref() }
    }
}

/// A body taken apart.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub blocks: Vec<Block>,
    pub units: Vec<Unit>,
    pub tail: Vec<Block>,
}

/// A line that opens a unit of the body.
struct Start<'a> {
    row: usize,
    marker: Marker<'a>,
    verdict: Verdict,
}

/// Reads the lines of one article. `place` is its address, for the doubts.
pub(super) fn read(rows: &[Row<'_>], place: &str, doubts: &mut Vec<Doubt>) -> Body {
    let starts = starts(rows, marker::clause, CLAUSES);
    let Some(first) = starts.first() else { return points(rows, place, doubts) };
    let mut body = points(rows.get(..first.row).unwrap_or(&[]), place, doubts);
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(rows.len(), |next| next.row);
        let address = address(place, UnitKind::Clause, start.marker.number);
        doubts.extend(doubt(start.verdict, &address, UnitKind::Clause, start.marker.number));
        let mut own = rows_of(start, rows.get(start.row + 1..end).unwrap_or(&[]));
        if end == rows.len()
            && let Some(tail) = tail_start(&own)
            && starts_of_points(&own).is_empty()
        {
            body.tail = own.drain(tail..).map(|row| row.block()).collect();
        }
        let inner = points(&own, &address, doubts);
        body.units.push(unit(UnitKind::Clause, start.marker.number, inner));
    }
    body
}

/// Reads lines that hold no clauses: text and points.
fn points(rows: &[Row<'_>], place: &str, doubts: &mut Vec<Doubt>) -> Body {
    let starts = starts_of_points(rows);
    let own_end = starts.first().map_or(rows.len(), |start| start.row);
    let blocks = rows.iter().take(own_end).map(Row::block).collect();
    let mut body = Body { blocks, ..Body::default() };
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(rows.len(), |next| next.row);
        if start.verdict != Verdict::Unit {
            let address = address(place, UnitKind::Point, start.marker.number);
            doubts.extend(doubt(start.verdict, &address, UnitKind::Point, start.marker.number));
        }
        let mut own = rows_of(start, rows.get(start.row + 1..end).unwrap_or(&[]));
        if end == rows.len()
            && let Some(tail) = tail_start(&own)
        {
            body.tail = own.drain(tail..).map(|row| row.block()).collect();
        }
        let blocks = own.iter().map(Row::block).collect();
        body.units.push(unit(
            UnitKind::Point,
            start.marker.number,
            Body { blocks, ..Body::default() },
        ));
    }
    body
}

fn starts_of_points<'a>(rows: &[Row<'a>]) -> Vec<Start<'a>> {
    starts(rows, marker::point, POINTS)
}

/// "thì bị phạt …" after the last clause or point goes with all of them.
fn tail_start(rows: &[Row<'_>]) -> Option<usize> {
    let at = rows.iter().skip(1).position(|row| !row.is_quoted && row.text.starts_with("thì "))?;
    Some(at + 1)
}

fn rows_of<'a>(start: &Start<'a>, following: &[Row<'a>]) -> Vec<Row<'a>> {
    let mut own = Vec::with_capacity(following.len() + 1);
    if !start.marker.rest.is_empty() {
        own.push(Row::plain(start.marker.rest));
    }
    own.extend_from_slice(following);
    own
}

fn unit(kind: UnitKind, number: &str, body: Body) -> Unit {
    Unit {
        kind,
        number: number.to_owned(),
        heading: String::new(),
        blocks: body.blocks,
        children: body.units,
        tail: body.tail,
    }
}

/// The lines that open a unit of one kind, out of those that look so.
fn starts<'a>(
    rows: &[Row<'a>],
    scan: fn(&str) -> Option<Marker<'_>>,
    habit: Habit,
) -> Vec<Start<'a>> {
    let mut found: Vec<(usize, Marker<'a>)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if row.is_quoted || row.table.is_some() {
            continue;
        }
        if let Some(marker) = scan(row.text) {
            found.push((at, marker));
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let main = main_mark(&found, habit.count);
    let romans: Vec<bool> = (0..found.len()).map(|at| is_roman(&found, at)).collect();
    let mut at = 0;
    found.retain(|(_, marker)| {
        at += 1;
        !romans.get(at - 1).is_some_and(|is_roman| *is_roman)
            && (marker.mark == main || is_slip(main, marker, habit.count))
    });
    let candidates: Vec<Candidate> = found
        .iter()
        .map(|(at, marker)| Candidate {
            rank: marker.rank,
            is_strong: marker.is_strong && marker.mark == main,
            is_announced: before(rows, *at).is_some_and(|row| announces(row.text)),
            is_second_list: habit.count == Count::Letters
                && marker.rank == Rank::new(1)
                && before(rows, *at).is_some_and(may_open_list),
        })
        .collect();
    let verdicts = judge(&candidates, habit);
    let units = found.into_iter().zip(verdicts).filter(|(_, verdict)| verdict.is_unit());
    units.map(|((row, marker), verdict)| Start { row, marker, verdict }).collect()
}

/// "Sửa đổi khoản 2 như sau:": what follows is text of another document, quoted or not.
pub(super) fn announces(text: &str) -> bool {
    text.ends_with("như sau:")
        && ["ửa đổi", "ổ sung", "hay thế"].iter().any(|word| text.contains(word))
}

fn before<'a, 'b>(rows: &'b [Row<'a>], at: usize) -> Option<&'b Row<'a>> {
    rows.get(at.checked_sub(1)?)
}

/// "i)" before "ii)" is a small roman number, and "ii)" is no letter of the alphabet.
fn is_roman(found: &[(usize, Marker<'_>)], at: usize) -> bool {
    let number = |at: usize| found.get(at).map(|(_, marker)| marker.number);
    number(at) == Some("ii") || number(at) == Some("i") && number(at + 1) == Some("ii")
}

/// May "a)" after this line open a second list? Not right after a point that announces one of its own.
fn may_open_list(row: &Row<'_>) -> bool {
    marker::point(row.text).is_none() || !row.text.ends_with(':')
}

/// The mark after the numbers of this scope: that of the first unit, "1." before "1)".
fn main_mark(found: &[(usize, Marker<'_>)], count: Count) -> Mark {
    let order: &[Mark] = match count {
        Count::Numbers => &[Mark::Dot, Mark::Parenthesis, Mark::Dash, Mark::Slash, Mark::Comma],
        Count::Letters => &[Mark::Parenthesis, Mark::Dot, Mark::Slash, Mark::Dash],
    };
    let is_first = |mark: Mark| {
        found.iter().any(|(_, marker)| marker.mark == mark && marker.rank == Rank::new(1))
    };
    let first = order.first().copied().unwrap_or(Mark::Dot);
    let usual = found.iter().filter(|(_, marker)| marker.mark == first).count();
    if usual * 2 >= found.len() {
        return first;
    }
    order.iter().copied().find(|mark| is_first(*mark)).unwrap_or(first)
}

/// Marks typed by mistake for the usual one.
fn is_slip(main: Mark, marker: &Marker<'_>, count: Count) -> bool {
    match count {
        Count::Numbers => {
            main == Mark::Dot
                && (matches!(marker.mark, Mark::Comma | Mark::Dash | Mark::Slash)
                    || marker.mark == Mark::Parenthesis && marker.rank == Rank::new(1))
        }
        Count::Letters => matches!(
            (main, marker.mark),
            (Mark::Parenthesis, Mark::Dot) | (Mark::Dot, Mark::Parenthesis)
        ),
    }
}

/// The address of a unit below `place`: "dieu-4/khoan-2".
pub(super) fn address(place: &str, kind: UnitKind, number: &str) -> String {
    let own = format!("{}-{}", kind.slug(), number.to_lowercase().replace(' ', "-"));
    if place.is_empty() { own } else { format!("{place}/{own}") }
}

/// The doubt about a number that does not follow the one before.
pub(super) fn doubt(verdict: Verdict, place: &str, kind: UnitKind, number: &str) -> Option<Doubt> {
    let (code, what) = match verdict {
        Verdict::Jump => ("number-jumps", "không nối tiếp số liền trước"),
        Verdict::Repeat => ("number-repeats", "trùng số với đơn vị đứng trước"),
        Verdict::Unit | Verdict::Text => return None,
    };
    Some(Doubt {
        code: code.to_owned(),
        place: place.to_owned(),
        message: format!("{} {number} {what}; đề nghị đối chiếu với bản gốc.", kind.word()),
    })
}
