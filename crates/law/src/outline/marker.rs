//! What a line starts with: "Chương II", "Điều 5.", "1.", "a)".

use kernel::text::fold;

use super::number::{self, Rank};
use crate::model::UnitKind;

/// The start of a line that may open a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker<'a> {
    pub kind: UnitKind,
    /// Number as printed.
    pub number: &'a str,
    pub rank: Rank,
    /// What follows on the line.
    pub rest: &'a str,
    /// The mark after the number.
    pub mark: Mark,
    /// Does the line look like nothing but the start of a unit? A weak one counts only where it
    /// continues the numbering.
    pub is_strong: bool,
}

/// What stands between the number and the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    Dot,
    Parenthesis,
    Dash,
    Slash,
    Comma,
    Colon,
}

/// Phần, Chương, Mục, Tiểu mục or Điều at the start of a line.
pub(super) fn structure(line: &str) -> Option<Marker<'_>> {
    let first = line.chars().next()?;
    if !matches!(first, 'Đ' | 'Ð' | 'D' | 'C' | 'M' | 'P' | 'T') {
        return None;
    }
    let (word, after) = split_word(line);
    if word.len() > 12 {
        return None;
    }
    match fold(word).as_str() {
        "dieu" => article(after),
        "chuong" => division(UnitKind::Chapter, after),
        "muc" if first == 'M' => division(UnitKind::Section, after),
        "phan" => division(UnitKind::Part, after),
        "tieu" => {
            let (second, after) = split_word(after.trim_start());
            (fold(second) == "muc").then(|| division(UnitKind::Subsection, after)).flatten()
        }
        _ => None,
    }
}

fn article(after: &str) -> Option<Marker<'_>> {
    let text = after.trim_start();
    let (number, rank, text) = number::arabic(text)?;
    if rank.major == 0 || rank.major > 2_000 {
        return None;
    }
    let noted = skip_note(text.trim_start());
    let (mark, rest) = take_mark(noted);
    if mark == Mark::Dot && rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        // "Điều 5.12 Phạm vi": 12 is a raised note number. "Điều 15.3.LQ.1" is a label of the codified law.
        let digits = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if !digits.starts_with(' ') || digits.trim_start().starts_with(char::is_lowercase) {
            return None;
        }
    }
    let rest = rest.trim_start();
    let starts_low = rest.starts_with(char::is_lowercase);
    let is_strong = match mark {
        Mark::None => false,
        Mark::Dot | Mark::Colon | Mark::Dash | Mark::Parenthesis => !starts_low,
        Mark::Comma | Mark::Slash => return None,
    };
    if mark == Mark::None && !rest.is_empty() && (starts_low || !may_be_heading(rest)) {
        return None;
    }
    Some(Marker { kind: UnitKind::Article, number, rank, rest, mark, is_strong })
}

/// After "Điều 5" without a mark: a heading, or the rest of a sentence ("Điều 5 Luật này …").
fn may_be_heading(rest: &str) -> bool {
    let first = rest.chars().next().unwrap_or(' ');
    if !first.is_uppercase() && first != '[' {
        return false;
    }
    let start: String = rest.chars().take(24).collect();
    let start = fold(&start);
    !CITED.iter().any(|cited| start.starts_with(cited))
}

/// How the rest of a citation starts, folded.
const CITED: &[&str] = &[
    "luat ",
    "bo luat ",
    "nghi dinh",
    "nghi quyet",
    "thong tu ",
    "phap lenh",
    "hien phap",
    "quyet dinh nay",
    "quyet dinh so",
    "quy che nay",
    "quy dinh nay",
    "dieu le nay",
    "chuong i",
    "chuong v",
    "chuong x",
    "cua ",
];

fn division(kind: UnitKind, after: &str) -> Option<Marker<'_>> {
    let text = after.trim_start();
    let (number, rank, text) = number::roman(text)
        .or_else(|| number::arabic(text))
        .or_else(|| number::ordinal(text))
        .or_else(|| number::capital(text))?;
    if !text.is_empty() && text.starts_with(char::is_alphanumeric) {
        return None;
    }
    let (mark, rest) = take_mark(skip_note(text.trim_start()));
    if mark == Mark::Dot && rest.starts_with(|first: char| first.is_ascii_digit()) {
        // "Mục 3.2 TCVN …": a place in a technical standard.
        return None;
    }
    let rest = rest.trim_start();
    let is_heading = match mark {
        Mark::None => rest.is_empty() || is_capitals(rest) || rest.starts_with('['),
        Mark::Dot | Mark::Colon | Mark::Dash => !rest.starts_with(char::is_lowercase),
        Mark::Parenthesis | Mark::Slash | Mark::Comma => false,
    };
    is_heading.then_some(Marker { kind, number, rank, rest, mark, is_strong: true })
}

/// A roman number as a section of documents that have no articles: "I. MỤC ĐÍCH".
pub(super) fn roman_section(line: &str) -> Option<Marker<'_>> {
    let (number, rank, text) = number::roman(line)?;
    let (mark, rest) = take_mark(text);
    if !matches!(mark, Mark::Dot | Mark::Dash | Mark::Slash | Mark::Parenthesis) {
        return None;
    }
    let rest = rest.trim_start();
    let is_strong = rest.starts_with(char::is_uppercase);
    is_strong.then_some(Marker { kind: UnitKind::Section, number, rank, rest, mark, is_strong })
}

/// A clause: "1.", "2a.", "3)", "1-", and "1.Trong" without its space.
pub(super) fn clause(line: &str) -> Option<Marker<'_>> {
    if !line.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let (number, rank, text) = number::arabic(line)?;
    if rank.major == 0 || rank.major > 500 {
        return None;
    }
    let (mark, rest) = take_mark(text.trim_start());
    let next = rest.chars().next();
    let is_tight = text.starts_with(|letter: char| !letter.is_whitespace());
    let is_strong = match (mark, next) {
        (Mark::None | Mark::Colon, _) => return None,
        (Mark::Dot, None) => is_tight,
        (Mark::Dot, Some(letter)) if letter.is_ascii_digit() => {
            // "2.13 Tổ chức": a raised note number; "2.1. Tổ chức", "1.000 đồng": no clause.
            let digits = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let is_note = digits.starts_with(' ')
                && digits.trim_start().starts_with(char::is_uppercase)
                && rest.len() - digits.len() <= 3
                && !rest.starts_with('0')
                && !rest.starts_with("1 ");
            if !is_note {
                return None;
            }
            false
        }
        (Mark::Dot, Some(letter)) => {
            is_tight && (!letter.is_whitespace() || !rest.trim_start().starts_with(is_small))
        }
        (Mark::Parenthesis, _) => true,
        (Mark::Dash | Mark::Slash, Some(letter)) => {
            if !letter.is_whitespace() && !letter.is_uppercase() {
                return None;
            }
            rest.trim_start().starts_with(char::is_uppercase)
        }
        (Mark::Comma, Some(' ')) => rest.trim_start().starts_with(char::is_uppercase),
        (Mark::Dash | Mark::Slash | Mark::Comma, _) => return None,
    };
    if mark == Mark::Dot && next.is_some_and(char::is_lowercase) {
        return None;
    }
    if mark == Mark::Comma && !is_strong {
        return None;
    }
    let rest = rest.trim_start();
    Some(Marker { kind: UnitKind::Clause, number, rank, rest, mark, is_strong })
}

/// A point: "a)", "đ)", "aa)", "a1)", "a.", "a/".
pub(super) fn point(line: &str) -> Option<Marker<'_>> {
    let (number, rank, text) = number::letter(line)?;
    let (mark, rest) = take_mark(text.strip_prefix(' ').unwrap_or(text));
    let next = rest.chars().next();
    let is_tight = !text.starts_with(' ');
    let is_strong = match mark {
        Mark::Parenthesis => {
            is_tight || next.is_none_or(|letter| letter.is_whitespace() || letter.is_uppercase())
        }
        Mark::Dot | Mark::Slash | Mark::Dash => {
            let starts_high = rest.trim_start().starts_with(char::is_uppercase);
            if !starts_high || !is_tight {
                return None;
            }
            true
        }
        Mark::None | Mark::Comma | Mark::Colon => return None,
    };
    let rest = rest.trim_start();
    Some(Marker { kind: UnitKind::Point, number, rank, rest, mark, is_strong })
}

fn take_mark(text: &str) -> (Mark, &str) {
    let Some(first) = text.chars().next() else { return (Mark::None, text) };
    let mark = match first {
        '.' | '．' => Mark::Dot,
        ')' => Mark::Parenthesis,
        '-' | '–' | '—' => Mark::Dash,
        '/' => Mark::Slash,
        ',' => Mark::Comma,
        ':' => Mark::Colon,
        _ => return (Mark::None, text),
    };
    (mark, text.get(first.len_utf8()..).unwrap_or(""))
}

/// Passes over a note number in brackets between a number and its mark: "Điều 5[3].".
fn skip_note(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('[') else { return text };
    let Some(close) = inner.find(']').filter(|close| *close <= 4) else { return text };
    let after = inner.get(close + 1..).unwrap_or("").trim_start();
    if matches!(take_mark(after).0, Mark::Dot | Mark::Colon) { after } else { text }
}

/// The letters at the start, and what follows them.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len());
    (text.get(..end).unwrap_or(""), text.get(end..).unwrap_or(""))
}

fn is_small(letter: char) -> bool {
    letter.is_lowercase()
}

/// Are its letters capitals, note numbers and single slips aside?
pub(super) fn is_capitals(text: &str) -> bool {
    let (mut high, mut low) = (0_usize, 0_usize);
    for letter in text.chars() {
        if letter.is_uppercase() {
            high += 1;
        } else if letter.is_lowercase() {
            low += 1;
        }
    }
    high >= 2 && low * 12 <= high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(scan: impl Fn(&str) -> Option<Marker<'_>>, lines: &[&str]) -> Vec<Option<String>> {
        lines.iter().map(|line| scan(line).map(|marker| marker.number.to_owned())).collect()
    }

    fn all(values: &[&str]) -> Vec<Option<String>> {
        values.iter().map(|value| Some((*value).to_owned())).collect()
    }

    #[test]
    fn an_article_is_known_in_every_official_spelling() {
        let lines = [
            "Điều 5. Giải thích từ ngữ",
            "ĐIỀU 5.",
            "Điều 5: Giải thích",
            "Điều 5 .Giải thích",
            "Điều 41a. Quyền",
            "Điều 5[3]. Quyền",
            "Điều 5",
            "Điều 5 Giải thích từ ngữ",
            "Điều5. Giải thích",
        ];
        let expected = all(&["5", "5", "5", "5", "41a", "5", "5", "5", "5"]);
        assert_eq!(numbers(structure, &lines), expected);
    }

    #[test]
    fn a_sentence_that_starts_with_a_citation_is_no_article() {
        for line in [
            "Điều 5 của Luật này",
            "Điều 5 Luật Thanh niên",
            "Điều 5, Điều 6 của Nghị định này",
            "Điều này có hiệu lực",
            "Điều kiện cấp phép",
            "Điều 15.3.LQ.1. Phạm vi",
            "điều 5. Phạm vi",
            "Chương II của Luật này",
            "Chương trình mục tiêu",
            "Mục tiêu",
            "Phần vốn góp",
            "Mục 1.3.6 QCVN 86",
        ] {
            assert_eq!(structure(line), None, "{line}");
        }
    }

    #[test]
    fn divisions_are_known_with_and_without_a_heading() {
        for (line, kind, number, rest) in [
            ("Chương II", UnitKind::Chapter, "II", ""),
            ("CHƯƠNG 3: QUY ĐỊNH CHUNG", UnitKind::Chapter, "3", "QUY ĐỊNH CHUNG"),
            ("Chương IV NHỮNG QUY ĐỊNH", UnitKind::Chapter, "IV", "NHỮNG QUY ĐỊNH"),
            ("Phần thứ nhất", UnitKind::Part, "thứ nhất", ""),
            ("PHẦN THỨ HAI. TỘI PHẠM", UnitKind::Part, "THỨ HAI", "TỘI PHẠM"),
            ("Mục 1. TỔ CHỨC", UnitKind::Section, "1", "TỔ CHỨC"),
            ("Tiểu mục 2. TỔ CHỨC", UnitKind::Subsection, "2", "TỔ CHỨC"),
        ] {
            let marker = structure(line).unwrap();
            assert_eq!((marker.kind, marker.number, marker.rest), (kind, number, rest), "{line}");
        }
    }

    #[test]
    fn clauses_and_points_are_known_by_number_and_mark() {
        let clauses = ["1. Tổ chức", "2a. Tổ chức", "3) Tổ chức", "1.Tổ chức", "2.[9] Tổ chức"];
        assert_eq!(numbers(clause, &clauses), all(&["1", "2a", "3", "1", "2"]));
        for line in ["1.000 đồng", "2.1. Tổ chức", "12 tháng", "1,5 lần", "18-27", "1/2", "(1) Tổ"]
        {
            assert_eq!(clause(line), None, "{line}");
        }
        let points = ["a) Tổ chức", "đ) Tổ chức", "aa) Tổ", "a1) Tổ", "a. Tổ chức", "b)[2] Tổ"];
        assert_eq!(numbers(point, &points), all(&["a", "đ", "aa", "a1", "a", "b"]));
        for line in ["a.1) Tổ chức", "- Tổ chức", "ab", "m là số", "a, b"] {
            assert_eq!(point(line), None, "{line}");
        }
    }
}
