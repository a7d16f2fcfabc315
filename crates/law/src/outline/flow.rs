//! Lines that are not paragraphs: a paragraph broken at the edge of the page, or a whole document on one
//! line.

use kernel::text::fold;

use super::line::Line;
use super::marker::{self, Mark, is_capitals, split_word};
use super::number::{Count, Rank};
use crate::model::UnitKind;

/// Fewer lines than this tell nothing about how the text was broken.
const FEWEST: usize = 20;
/// Lines of a page are not longer than this, in characters.
const WIDEST: usize = 140;
/// Shorter lines than this are no whole document, in bytes.
const SHORTEST: usize = 1_200;
/// How far one looks ahead for a marker, in bytes.
const NEAR: usize = 200;

/// Joins the lines of paragraphs that were broken at the edge of the page. Lines that are paragraphs stay.
pub(super) fn unwrapped(lines: Vec<Line>) -> Vec<Line> {
    let lengths: Vec<usize> = lines.iter().map(|line| line.text.chars().count()).collect();
    let Some(full) = full_length(&lines, &lengths) else { return lines };
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    let mut last_length = 0;
    for (line, length) in lines.into_iter().zip(lengths) {
        match joined.last_mut() {
            Some(before) if last_length >= full && goes_on(before, &line) => {
                before.text.push(' ');
                before.text.push_str(&line.text);
            }
            _ => joined.push(line),
        }
        last_length = length;
    }
    joined
}

/// The length from which a line counts as full, if the text was broken at the edge.
fn full_length(lines: &[Line], lengths: &[usize]) -> Option<usize> {
    if lines.len() < FEWEST
        || lines.iter().any(|line| line.table.is_none() && line.text.len() > 3 * WIDEST)
    {
        return None;
    }
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let wide = *sorted.get(sorted.len() * 19 / 20)?;
    if !(40..=WIDEST).contains(&wide) {
        return None;
    }
    let full = wide * 7 / 10;
    let all: Vec<&Line> = lines
        .iter()
        .zip(lengths)
        .filter(|(line, length)| **length >= full && line.table.is_none())
        .map(|(line, _)| line)
        .collect();
    let open = all.iter().filter(|line| !is_finished(&line.text)).count();
    (all.len() * 10 >= lines.len() * 3 && open * 2 >= all.len()).then_some(full)
}

fn is_finished(text: &str) -> bool {
    text.ends_with(['.', ';', ':', '”', '"', '!', '?'])
}

fn goes_on(before: &Line, line: &Line) -> bool {
    let text = line.text.as_str();
    if before.table.is_some() || line.table.is_some() || text.starts_with(['-', '+', '“', '[']) {
        return false;
    }
    let starts_unit = marker::structure(text).is_some_and(|marker| marker.is_strong)
        || marker::clause(text).is_some_and(|marker| marker.is_strong)
        || marker::point(text).is_some_and(|marker| marker.mark == Mark::Parenthesis);
    if starts_unit || is_capitals(text) || is_capitals(&before.text) {
        return false;
    }
    if text.starts_with(char::is_lowercase) {
        return true;
    }
    let is_heading = marker::structure(&before.text).is_some_and(|marker| marker.is_strong);
    !is_finished(&before.text) && !is_heading
}

/// The units of a document, or of several articles, that stand on one line; one piece where they do not.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    if text.len() < SHORTEST || text.matches("Điều ").take(3).count() < 3 {
        return vec![text];
    }
    let mut flow = Flow::default();
    let mut cuts = Vec::new();
    if let Some(marker) = marker::structure(near(text, 0)) {
        flow.enter(marker.kind, marker.rank);
    }
    for (at, _) in text.match_indices(' ') {
        let before = text.get(..at).unwrap_or("");
        if flow.opens(before, near(text, at + 1)) {
            cuts.push(at);
        }
    }
    if flow.articles < 2 {
        return vec![text];
    }
    let mut all = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for cut in cuts {
        all.push(text.get(start..cut).unwrap_or(""));
        start = cut + 1;
    }
    all.push(text.get(start..).unwrap_or(""));
    all
}

fn near(text: &str, from: usize) -> &str {
    text.get(from..text.floor_char_boundary(from + NEAR)).unwrap_or("")
}

/// Where one is in the numbering.
#[derive(Default)]
struct Flow {
    article: Option<Rank>,
    clause: Option<Rank>,
    point: Option<Rank>,
    articles: usize,
}

impl Flow {
    fn opens(&mut self, before: &str, rest: &str) -> bool {
        let last = before.rsplit(' ').next().unwrap_or("");
        let is_end = before.ends_with(['.', ';', ':', '”', ')', '/']);
        match rest.chars().next() {
            Some('Đ' | 'C' | 'M' | 'P' | 'T') => {
                let Some(marker) = marker::structure(rest).filter(|marker| marker.is_strong) else {
                    return false;
                };
                let goes_on = Count::Numbers.follows(self.article, marker.rank)
                    && !is_citing(last)
                    && !last.ends_with(',');
                let is_next = marker.kind == UnitKind::Article
                    && (goes_on || is_end && self.skips(marker.rank));
                if is_next {
                    self.enter(marker.kind, marker.rank);
                }
                is_next
            }
            Some('0'..='9') if self.article.is_some() => {
                let Some(marker) = marker::clause(rest).filter(|marker| marker.is_strong) else {
                    return false;
                };
                let is_next = marker.mark == Mark::Dot
                    && Count::Numbers.follows(self.clause, marker.rank)
                    && (is_end || self.clause.is_none() && !is_citing(last));
                if is_next {
                    self.enter(UnitKind::Clause, marker.rank);
                }
                is_next
            }
            Some('a'..='y' | 'đ') if self.article.is_some() && is_end => {
                let Some(marker) = marker::point(rest) else { return false };
                let is_next = marker.mark == Mark::Parenthesis
                    && Count::Letters.follows(self.point, marker.rank);
                if is_next {
                    self.enter(UnitKind::Point, marker.rank);
                }
                is_next
            }
            _ => false,
        }
    }

    /// A few articles may be missing.
    fn skips(&self, rank: Rank) -> bool {
        self.article.is_some_and(|last| rank.major > last.major && rank.major - last.major <= 5)
    }

    fn enter(&mut self, kind: UnitKind, rank: Rank) {
        match kind {
            UnitKind::Article => {
                self.article = Some(rank);
                self.articles += 1;
                self.clause = None;
                self.point = None;
            }
            UnitKind::Clause => {
                self.clause = Some(rank);
                self.point = None;
            }
            UnitKind::Point => self.point = Some(rank),
            _ => {}
        }
    }
}

/// "khoản 1. …" ends a citation.
fn is_citing(word: &str) -> bool {
    let (word, _) = split_word(word);
    matches!(
        fold(word).as_str(),
        "khoan"
            | "diem"
            | "dieu"
            | "muc"
            | "so"
            | "bang"
            | "mau"
            | "luc"
            | "va"
            | "tai"
            | "theo"
            | "cua"
            | "den"
            | "hoac"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_on_one_line_is_taken_apart_by_its_numbering() {
        let filler = "nội dung ".repeat(60);
        let text = format!(
            "Chương I QUY ĐỊNH CHUNG Điều 1. Phạm vi 1. Một {filler}theo khoản 2 Điều 3. 2. Hai gồm: a) Đơn; b) Bản \
             kê. Điều 2. Đối tượng áp dụng {filler}. Điều 3. Hiệu lực {filler}"
        );
        let starts: Vec<&str> =
            pieces(&text).iter().map(|piece| piece.get(..5).unwrap_or(piece)).collect();
        assert_eq!(starts.len(), 8, "{starts:?}");
    }

    #[test]
    fn lines_broken_at_the_edge_of_the_page_are_joined() {
        let mut lines: Vec<Line> = Vec::new();
        let add = |text: &str, lines: &mut Vec<Line>| {
            lines.push(Line { text: text.to_owned(), ..Line::default() });
        };
        for number in 1..=8 {
            add(&format!("Điều {number}. Trách nhiệm của cơ quan, tổ chức trong việc"), &mut lines);
            add("tiếp công dân", &mut lines);
            add("1. Cơ quan, tổ chức có trách nhiệm bố trí nơi tiếp công dân", &mut lines);
            add("theo quy định tại khoản 2 Điều này và các văn bản có liên", &mut lines);
            add("quan; bảo đảm trật tự.", &mut lines);
        }
        let joined = unwrapped(lines);
        assert_eq!(joined.len(), 16);
        assert!(joined[1].text.ends_with("có liên quan; bảo đảm trật tự."));
    }

    #[test]
    fn lines_that_are_paragraphs_stay() {
        let lines: Vec<Line> = (0..40)
            .map(|number| Line {
                text: format!("{number}. Một đoạn văn đầy đủ, có dấu chấm."),
                ..Line::default()
            })
            .collect();
        assert_eq!(unwrapped(lines.clone()), lines);
    }
}
