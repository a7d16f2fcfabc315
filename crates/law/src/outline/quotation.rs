//! Which lines stand inside a quotation that runs over several lines, as amending text does.

use super::line::Line;
use super::marker;
use crate::model::UnitKind;

/// How many lines a quotation that opens in the middle of a sentence may take.
const SHORT: usize = 3;

/// More quotations than this are never open at once.
const DEEP: usize = 64;

struct Opened {
    line: usize,
    is_straight: bool,
    /// It opens a line or follows a colon, as quoted provisions do.
    is_block: bool,
}

/// Marks the lines that begin inside a quotation. A quotation that is never closed quotes nothing.
pub(super) fn mark(lines: &mut [Line]) {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let spans = spans(&texts);
    let mut ends = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        let end = believable_end(&texts, start, end);
        ends.push((start, end));
    }
    for (start, end) in ends {
        for line in lines.iter_mut().take(end + 1).skip(start + 1) {
            line.is_quoted = true;
        }
    }
}

/// A quoted clause or point holds no article: where one comes before the closing sign, that sign belongs to
/// another quotation and the one that began here was never closed.
fn believable_end(texts: &[&str], start: usize, end: usize) -> usize {
    let Some(opening) = texts.get(start) else { return end };
    let quoted = opening.trim_start_matches(['“', '"', '„', '”']);
    let is_small = quoted.len() < opening.len()
        && (marker::clause(quoted).is_some() || marker::point(quoted).is_some());
    if !is_small {
        return end;
    }
    let is_article = |text: &&str| {
        marker::structure(text)
            .is_some_and(|marker| marker.kind == UnitKind::Article && marker.is_strong)
    };
    let inside = texts.get(start + 1..=end).unwrap_or(&[]);
    inside.iter().position(is_article).map_or(end, |_| start)
}

/// The first and last line of each outermost quotation over several lines.
pub(super) fn spans(texts: &[&str]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut stack: Vec<Opened> = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        if text.contains(['“', '”', '"', '„', '‟']) {
            while stack.last().is_some_and(|open| !open.is_block && open.line + SHORT < at) {
                stack.pop();
            }
            read_line(at, text, &mut stack, &mut found);
        }
    }
    outermost(found)
}

fn read_line(at: usize, text: &str, stack: &mut Vec<Opened>, found: &mut Vec<(usize, usize)>) {
    let is_odd = text.matches('"').count() % 2 == 1;
    for (place, sign) in text.char_indices() {
        let before = text.get(..place).unwrap_or("");
        let after = text.get(place + sign.len_utf8()..).unwrap_or("");
        match sign {
            // Some copies open with the closing sign, or close with the opening one.
            '”' | '‟'
                if stack.len() < DEEP
                    && before.trim().is_empty()
                    && after.starts_with(char::is_alphanumeric) =>
            {
                stack.push(Opened { line: at, is_straight: false, is_block: true });
            }
            '“' | '„' if ends_line(after) && !before.trim().is_empty() => {
                close(at, false, stack, found);
            }
            '“' | '„' if stack.len() < DEEP => {
                stack.push(Opened { line: at, is_straight: false, is_block: opens_block(before) })
            }
            '”' | '‟' => close(at, false, stack, found),
            '"' if is_odd => {
                let has_open = stack.iter().any(|open| open.is_straight);
                if has_open && ends_line(after) {
                    close(at, true, stack, found);
                } else if !has_open && opens_block(before) {
                    stack.push(Opened { line: at, is_straight: true, is_block: true });
                }
            }
            _ => {}
        }
    }
}

fn close(at: usize, is_straight: bool, stack: &mut Vec<Opened>, found: &mut Vec<(usize, usize)>) {
    let Some(place) = stack.iter().rposition(|open| open.is_straight == is_straight) else {
        return;
    };
    let Some(line) = stack.get(place).map(|open| open.line) else { return };
    stack.truncate(place);
    if line < at {
        found.push((line, at));
    }
}

fn opens_block(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty()
        || before.ends_with([':', '.', ')']) && before.len() <= 8
        || before.ends_with(':')
}

fn ends_line(after: &str) -> bool {
    after.len() <= 24
        && after.chars().all(|sign| {
            sign.is_whitespace() || matches!(sign, '.' | ';' | ',' | '/' | ')' | '”' | '"')
        })
}

fn outermost(mut found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    found.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        if kept.last().is_none_or(|(_, last)| end > *last) {
            kept.push((start, end));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_provisions_are_one_span_and_single_words_are_none() {
        let texts = [
            "1. Sửa đổi Điều 5 như sau:",
            "“Điều 5. Thời hạn",
            "1. Thời hạn gọi là “thời hạn chung” là 10 ngày.",
            "2. Thay cụm từ “a” bằng cụm từ “b”.”.",
            "2. Bãi bỏ Điều 6.",
        ];
        assert_eq!(spans(&texts), [(1, 3)]);
    }

    #[test]
    fn straight_quotation_marks_count_too() {
        let texts =
            ["\"Điều 5. Thời hạn", "1. Nội dung", "2. Nội dung khác\".", "Điều 2. Hiệu lực"];
        assert_eq!(spans(&texts), [(0, 2)]);
    }

    #[test]
    fn a_quoted_clause_that_runs_into_articles_was_never_closed() {
        let texts = ["“2. Thời hạn", "Điều 2. Hiệu lực", "Điều 3. Trách nhiệm”."];
        let mut lines: Vec<Line> =
            texts.iter().map(|text| Line { text: (*text).to_owned(), ..Line::default() }).collect();
        mark(&mut lines);
        assert!(lines.iter().all(|line| !line.is_quoted));
    }

    #[test]
    fn a_quotation_never_closed_swallows_nothing() {
        let texts = ["“Điều 5. Thời hạn", "1. Nội dung", "Điều 2. Hiệu lực", "gọi là “A”"];
        assert_eq!(spans(&texts), []);
    }
}
