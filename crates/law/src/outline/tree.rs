//! Phần, Chương, Mục, Tiểu mục, Điều out of the lines of one document or annex.

use super::body::{self, Row, address, doubt};
use super::line::Line;
use super::marker::{self, Mark, Marker, is_capitals};
use super::number::{Count, Rank};
use super::sequence::{Candidate, Habit, Verdict, judge};
use crate::model::{Block, Doubt, Unit, UnitKind};

const ARTICLES: Habit = Habit { count: Count::Numbers, gap: 400, may_repeat: false };
const SECTIONS: Habit = Habit { count: Count::Numbers, gap: 1, may_repeat: false };
/// A heading is not longer than this, in bytes.
const HEADING: usize = 600;

/// A line that opens a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'a> {
    pub line: usize,
    pub marker: Marker<'a>,
    verdict: Verdict,
}

/// The lines that open a unit larger than a clause, in order.
pub(super) fn starts(lines: &[Line]) -> Vec<Start<'_>> {
    let mut found: Vec<(usize, Marker<'_>)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.is_quoted
            && line.table.is_none()
            && let Some(marker) = marker::structure(&line.text)
        {
            found.push((at, marker));
        }
    }
    let contents_end = contents_end(lines, &found);
    found.retain(|(at, _)| *at >= contents_end);
    let articles: Vec<(usize, Marker<'_>)> =
        found.iter().copied().filter(|(_, marker)| marker.kind == UnitKind::Article).collect();
    let bare = articles.iter().filter(|(_, marker)| marker.mark == Mark::None).count();
    let is_bare_usual = bare * 3 > articles.len() * 2;
    let candidates: Vec<Candidate> = articles
        .iter()
        .map(|(at, marker)| Candidate {
            rank: marker.rank,
            is_strong: marker.is_strong || is_bare_usual || stands_out(lines, *at, marker),
            is_announced: is_announced(lines, *at),
            is_second_list: false,
        })
        .collect();
    let verdicts = judge(&candidates, ARTICLES);
    let mut starts: Vec<Start<'_>> = Vec::new();
    for ((line, marker), verdict) in articles.into_iter().zip(verdicts) {
        if verdict.is_unit() {
            starts.push(Start { line, marker, verdict });
        }
    }
    let has_articles = !starts.is_empty();
    let divisions = found.into_iter().filter(|(_, marker)| marker.kind != UnitKind::Article);
    starts.extend(divisions.map(|(line, marker)| Start { line, marker, verdict: Verdict::Unit }));
    if !has_articles {
        starts.extend(sections(lines));
    }
    starts.sort_by_key(|start| start.line);
    if has_articles {
        drop_inner(lines, &mut starts);
    }
    starts
}

/// How many lines the heading of a division may take before its first unit.
const HEADING_LINES: usize = 8;

/// A division is followed at once by what it holds; "Phần I: …" in a list inside an article is not.
fn drop_inner(lines: &[Line], starts: &mut Vec<Start<'_>>) {
    let holds: Vec<bool> = starts
        .iter()
        .enumerate()
        .map(|(at, start)| {
            if start.marker.kind == UnitKind::Article {
                return true;
            }
            let heading = if start.marker.rest.is_empty() {
                lines.get(start.line + 1).map_or("", |line| line.text.as_str())
            } else {
                start.marker.rest
            };
            let next = starts.get(at + 1).filter(|next| next.line - start.line <= HEADING_LINES);
            let is_last = at + 1 == starts.len();
            match next {
                Some(next) => next.marker.kind > start.marker.kind || is_capitals(heading),
                None => is_last && is_capitals(heading),
            }
        })
        .collect();
    let mut at = 0;
    starts.retain(|_| {
        at += 1;
        holds.get(at - 1).copied().unwrap_or(true)
    });
}

/// The first line that looks like the start of a division or an article.
pub(super) fn first_mark(lines: &[Line]) -> Option<usize> {
    let is_mark = |line: &Line| {
        !line.is_quoted && line.table.is_none() && marker::structure(&line.text).is_some()
    };
    lines.iter().position(is_mark)
}

/// "I. MỤC ĐÍCH": the sections of plans, directives and old circulars, which have no articles.
fn sections(lines: &[Line]) -> Vec<Start<'_>> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.is_quoted
            && line.table.is_none()
            && let Some(marker) = marker::roman_section(&line.text)
        {
            found.push((at, marker));
        }
    }
    let candidates: Vec<Candidate> = found
        .iter()
        .map(|(_, marker)| Candidate {
            rank: marker.rank,
            is_strong: true,
            is_announced: false,
            is_second_list: false,
        })
        .collect();
    let verdicts = judge(&candidates, SECTIONS);
    let units = found.into_iter().zip(verdicts).filter(|(_, verdict)| verdict.is_unit());
    units.map(|((line, marker), verdict)| Start { line, marker, verdict }).collect()
}

/// Where a table of contents before the text ends: the first article stands twice, and the first time
/// nothing but other headings follows.
fn contents_end(lines: &[Line], found: &[(usize, Marker<'_>)]) -> usize {
    let mut firsts = found.iter().filter(|(_, marker)| {
        marker.kind == UnitKind::Article && marker.rank == Rank::new(1) && !marker.rest.is_empty()
    });
    let (Some((first, one)), Some((second, two))) = (firsts.next(), firsts.next()) else {
        return 0;
    };
    let bare = |text: &str| {
        text.trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ' ' | '…'))
            .to_lowercase()
    };
    let between = found.iter().filter(|(at, _)| at > first && at < second).count();
    let is_contents = bare(one.rest) == bare(two.rest) && between * 2 >= second - first - 1;
    if !is_contents {
        return 0;
    }
    // The chapter above the first article goes with it.
    let mut start = *second;
    for (at, marker) in found.iter().rev().filter(|(at, _)| at < second) {
        if marker.kind == UnitKind::Article || start - at > 4 {
            break;
        }
        start = *at;
    }
    let _ = lines;
    start
}

fn stands_out(lines: &[Line], at: usize, marker: &Marker<'_>) -> bool {
    lines.get(at).is_some_and(|line| line.is_bold || line.is_centred)
        && marker.mark == Mark::None
        && marker.rest.is_empty()
}

fn is_announced(lines: &[Line], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    before.is_some_and(|line| body::announces(&line.text))
}

/// Builds the tree out of its starts; the last unit ends at line `end`.
pub(super) fn build(
    lines: &[Line],
    starts: &[Start<'_>],
    end: usize,
    prefix: &str,
    doubts: &mut Vec<Doubt>,
) -> Vec<Unit> {
    let has_headings = has_headings(starts);
    let mut units: Vec<Unit> = Vec::new();
    let mut chapter: Option<Rank> = None;
    for (at, start) in starts.iter().enumerate().filter(|(_, start)| start.line < end) {
        let own_end = starts.get(at + 1).map_or(end, |next| next.line.min(end));
        let own = lines.get(start.line + 1..own_end).unwrap_or(&[]);
        let kind = start.marker.kind;
        let place = address(prefix, kind, start.marker.number);
        let verdict = match kind {
            UnitKind::Part => {
                chapter = None;
                Verdict::Unit
            }
            UnitKind::Chapter => {
                let before = chapter.replace(start.marker.rank);
                let is_jump = before.is_some_and(|before| {
                    start.marker.rank.major > 1
                        && !Count::Numbers.follows(Some(before), start.marker.rank)
                });
                if is_jump { Verdict::Jump } else { Verdict::Unit }
            }
            _ => start.verdict,
        };
        doubts.extend(doubt(verdict, &place, kind, start.marker.number));
        let (heading, text, rows) = if kind == UnitKind::Article {
            article_heading(&start.marker, own, has_headings)
        } else {
            division_heading(&start.marker, own)
        };
        let mut all: Vec<Row<'_>> = Vec::with_capacity(rows.len() + 1);
        all.extend(text.map(Row::plain));
        all.extend(rows.iter().map(Row::from));
        let below = body::read(&all, &place, doubts);
        let unit = Unit {
            kind,
            number: start.marker.number.to_owned(),
            heading,
            blocks: below.blocks,
            children: below.units,
            tail: below.tail,
        };
        put(&mut units, unit);
    }
    units
}

/// Puts a unit under the last one that may hold it.
fn put(units: &mut Vec<Unit>, unit: Unit) {
    let holds =
        units.last().is_some_and(|last| last.kind < unit.kind && last.kind < UnitKind::Article);
    match units.last_mut().filter(|_| holds) {
        Some(last) => put(&mut last.children, unit),
        None => units.push(unit),
    }
}

/// Do the articles of this document have headings?
fn has_headings(starts: &[Start<'_>]) -> bool {
    let articles = starts.iter().filter(|start| start.marker.kind == UnitKind::Article);
    let (mut all, mut headed) = (0_usize, 0_usize);
    for start in articles {
        all += 1;
        let rest = start.marker.rest;
        headed += usize::from(!rest.is_empty() && !rest.ends_with(['.', ';', ':']));
    }
    headed * 2 >= all
}

type Split<'a, 'b> = (String, Option<&'a str>, &'b [Line]);

/// The heading of an article, its text on the same line, and the lines of its body.
fn article_heading<'a, 'b>(
    marker: &Marker<'a>,
    own: &'b [Line],
    has_headings: bool,
) -> Split<'a, 'b> {
    let rest = marker.rest;
    if rest.is_empty() {
        let (taken, heading) = heading_below(own);
        return (heading, None, own.get(taken..).unwrap_or(&[]));
    }
    let is_remark = rest.starts_with('(') || rest.starts_with('[') && rest.ends_with(')');
    if !is_heading(rest, own, has_headings) || is_remark {
        return (String::new(), Some(rest), own);
    }
    let (taken, heading) = continued(rest, own, |line, heading| {
        !heading.ends_with(['.', ':', ';'])
            && marker::clause(&line.text).is_none()
            && marker::point(&line.text).is_none()
            && (line.text.starts_with(|first: char| first.is_lowercase())
                && !line.text.starts_with("thì ")
                || heading.ends_with(',')
                || heading.ends_with(" và")
                || heading.ends_with(" của"))
    });
    let own = own.get(taken..).unwrap_or(&[]);
    // A note number alone on its line belongs to the heading that it is printed on.
    match own.first().filter(|line| is_note_mark(&line.text)) {
        Some(line) => (heading + &line.text, None, own.get(1..).unwrap_or(&[])),
        None => (heading, None, own),
    }
}

fn is_heading(rest: &str, own: &[Line], has_headings: bool) -> bool {
    if own.is_empty() || rest.len() > HEADING || rest.ends_with("./.") {
        return false;
    }
    match rest.chars().next_back() {
        Some(';' | ':') => false,
        Some('.') => has_headings && rest.len() <= 260 && !rest.contains(';'),
        _ => true,
    }
}

/// "[3]"
fn is_note_mark(text: &str) -> bool {
    text.len() <= 5
        && text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// A heading on the line after "Điều 5".
fn heading_below(own: &[Line]) -> (usize, String) {
    let (Some(first), Some(second)) = (own.first(), own.get(1)) else { return (0, String::new()) };
    let text = first.text.as_str();
    let is_heading = first.table.is_none()
        && text.len() <= 400
        && text.starts_with(char::is_uppercase)
        && !text.ends_with(['.', ';', ':', ','])
        && marker::clause(text).is_none()
        && (first.is_bold
            || first.is_centred
            || marker::clause(&second.text).is_some()
            || second.text.starts_with(char::is_uppercase));
    if is_heading { (1, text.to_owned()) } else { (0, String::new()) }
}

/// The heading of a part, chapter or section, on its line or below it.
fn division_heading<'a, 'b>(marker: &Marker<'a>, own: &'b [Line]) -> Split<'a, 'b> {
    let is_free = |line: &Line| {
        line.table.is_none() && !line.is_quoted && marker::clause(&line.text).is_none()
    };
    if marker.rest.is_empty() {
        let Some(first) = own.first().filter(|line| is_free(line) && line.text.len() <= HEADING)
        else {
            return (String::new(), None, own);
        };
        let is_high = is_capitals(&first.text);
        let (taken, heading) = continued(&first.text, own.get(1..).unwrap_or(&[]), |line, _| {
            is_free(line) && (is_high && is_capitals(&line.text) || is_continuation(line, is_high))
        });
        return (heading, None, own.get(taken + 1..).unwrap_or(&[]));
    }
    if marker.rest.len() > HEADING {
        return (String::new(), Some(marker.rest), own);
    }
    let is_high = is_capitals(marker.rest);
    let (taken, heading) = continued(marker.rest, own, |line, _| {
        is_free(line) && (is_high && is_capitals(&line.text) || is_continuation(line, is_high))
    });
    (heading, None, own.get(taken..).unwrap_or(&[]))
}

/// The second line of a heading that is not in capitals, bold or centred as the first.
fn is_continuation(line: &Line, is_high: bool) -> bool {
    !is_high
        && (line.text.starts_with(char::is_lowercase) || line.is_centred && line.is_bold)
        && !line.text.ends_with(['.', ';', ':'])
        && marker::point(&line.text).is_none()
}

/// Joins the lines that go on with a heading, at most four.
fn continued(
    first: &str,
    lines: &[Line],
    goes_on: impl Fn(&Line, &str) -> bool,
) -> (usize, String) {
    let mut heading = first.to_owned();
    let mut taken = 0;
    for line in lines.iter().take(4) {
        if line.table.is_some() || !goes_on(line, &heading) || heading.len() > HEADING {
            break;
        }
        heading.push(' ');
        heading.push_str(&line.text);
        taken += 1;
    }
    (taken, heading)
}

/// Lines as blocks.
pub(super) fn blocks(lines: &[Line]) -> Vec<Block> {
    lines
        .iter()
        .map(|line| match &line.table {
            Some(table) => Block::Table(table.clone()),
            None => Block::Text(line.text.clone()),
        })
        .collect()
}
