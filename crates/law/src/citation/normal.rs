//! Text in form C for the scanner, and the way back to the offsets of the text that was given.

use kernel::text::nfc_cow;
use std::borrow::Cow;

use super::Citation;

/// The text in form C. Text that already is, as nearly all is, costs nothing.
pub(super) struct Normal<'t> {
    given: &'t str,
    text: Cow<'t, str>,
    /// Beginning of each segment: in the normal text, and in the given one. Empty when both are one.
    segments: Vec<(usize, usize)>,
}

impl<'t> Normal<'t> {
    pub(super) fn of(given: &'t str) -> Self {
        if let Cow::Borrowed(text) = nfc_cow(given) {
            return Self { given, text: Cow::Borrowed(text), segments: Vec::new() };
        }
        let mut text = String::with_capacity(given.len());
        let mut segments = Vec::new();
        // Nothing combines across the border before an ASCII character.
        let mut begin = 0;
        let borders = given.char_indices().filter(|(at, letter)| *at > 0 && letter.is_ascii());
        for border in borders.map(|(at, _)| at).chain([given.len()]) {
            segments.push((text.len(), begin));
            text.push_str(&nfc_cow(given.get(begin..border).unwrap_or_default()));
            begin = border;
        }
        Self { given, text: Cow::Owned(text), segments }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Turns offsets in the normal text into offsets in the given one.
    pub(super) fn give_back(&self, citations: &mut [Citation]) {
        if self.segments.is_empty() {
            return;
        }
        for citation in citations {
            citation.start = self.back(citation.start);
            citation.end = self.back(citation.end);
            citation.phrase = (self.back(citation.phrase.0), self.back(citation.phrase.1));
        }
    }

    fn back(&self, offset: usize) -> usize {
        let index = self.segments.partition_point(|(normal, _)| *normal <= offset);
        let Some((normal, given)) = index.checked_sub(1).and_then(|i| self.segments.get(i)) else {
            return 0;
        };
        let end = self.segments.get(index).map_or(self.given.len(), |(_, given)| *given);
        let wanted = offset - normal;
        let segment = self.given.get(*given..end).unwrap_or_default();
        if wanted == 0 {
            return *given;
        }
        // Segments are a few letters: a border inside one is found by trying.
        for at in segment.char_indices().map(|(at, letter)| at + letter.len_utf8()) {
            let head = segment.get(..at).unwrap_or_default();
            let next_combines = segment
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|letter| matches!(letter, '\u{300}'..='\u{36F}'));
            if !next_combines && nfc_cow(head).len() >= wanted {
                return given + at;
            }
            if at > 4096 {
                break;
            }
        }
        end
    }
}
