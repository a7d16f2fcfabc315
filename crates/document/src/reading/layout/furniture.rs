//! What stands on every page and belongs to none: page numbers, running heads and feet.

use std::collections::HashMap;

use super::{Line, Page};

/// The part of a page, from above and from below, in which running lines stand.
const EDGE: f32 = 0.12;
/// Lines at each edge that are looked at.
const DEEP: usize = 2;

/// Drops page numbers, and lines that return in the same place on most pages.
pub(super) fn drop_repeated(pages: &mut [(Page, Vec<Line>)]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (page, lines) in pages.iter() {
        let mut texts: Vec<String> = edges(page, lines).map(|at| shape(lines, at)).collect();
        texts.sort();
        texts.dedup();
        for text in texts {
            *seen.entry(text).or_default() += 1;
        }
    }
    let often = 3.max(pages.len().div_ceil(2));
    for (page, lines) in pages.iter_mut() {
        let mut dropped: Vec<usize> = edges(page, lines)
            .filter(|at| seen.get(&shape(lines, *at)).is_some_and(|count| *count >= often))
            .collect();
        dropped.extend(page_number(page, lines));
        let mut at = 0;
        lines.retain(|_| {
            at += 1;
            !dropped.contains(&(at - 1))
        });
    }
}

/// The lines at the edges of a page, by index.
fn edges(page: &Page, lines: &[Line]) -> impl Iterator<Item = usize> {
    let (top, bottom) = (page.height * EDGE, page.height * (1.0 - EDGE));
    let count = lines.len();
    let found: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| {
            (*at < DEEP && line.y1() < top) || (at + DEEP >= count && line.y0() > bottom)
        })
        .map(|(at, _)| at)
        .collect();
    found.into_iter()
}

/// The text with each number as one sign, so that "Trang 2" and "Trang 13" are the same.
fn shape(lines: &[Line], at: usize) -> String {
    let text = lines.get(at).map(Line::text).unwrap_or_default();
    let mut shape = String::new();
    for character in text.chars() {
        if !character.is_ascii_digit() {
            shape.push(character);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}

/// The one line at an edge that is a page number and nothing else.
fn page_number(page: &Page, lines: &[Line]) -> Option<usize> {
    edges(page, lines).filter(|at| at == &0 || at + 1 == lines.len()).find(|at| {
        let text = lines.get(*at).map(Line::text).unwrap_or_default().to_lowercase();
        let rest = text.strip_prefix("trang").unwrap_or(&text);
        let rest = rest.trim_matches(['-', '–', '—', ' ']);
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        digits > 0
            && digits <= 8
            && rest.bytes().all(|b| b.is_ascii_digit() || b == b'/' || b == b' ')
    })
}
