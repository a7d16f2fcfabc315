//! Sentences of a provision, each with what it hangs on: its heading and the line that opens its list.

use super::words::{Word, WordKind, words};

/// A text cut into sentences.
pub(super) struct Cut<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// All words of the text.
    pub(super) words: Vec<Word>,
    /// Its sentences in order.
    pub(super) sentences: Vec<Sentence>,
}

/// A sentence: a run of words without its label ("2.", "a)").
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// First word.
    pub(super) from: usize,
    /// First word after it.
    pub(super) to: usize,
    /// How deep its label is: 0 heading, 1 none, 2 clause, 3 point, 4 dash.
    pub(super) depth: u8,
    /// It ends with a colon and opens a list.
    pub(super) opens: bool,
    /// It goes on in the line of the sentence before it.
    pub(super) goes_on: bool,
    /// The sentence that it hangs on.
    pub(super) lead: Option<usize>,
}

impl Cut<'_> {
    /// The words of a sentence.
    pub(super) fn of(&self, sentence: &Sentence) -> &[Word] {
        self.words.get(sentence.from..sentence.to).unwrap_or(&[])
    }

    /// The bytes that a run of words covers.
    pub(super) fn span(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.words.get(from).map_or(0, |word| word.start);
        let end = to.checked_sub(1).and_then(|last| self.words.get(last)).map_or(start, |w| w.end);
        (start, end.max(start))
    }
}

/// Longest sentence in words; a longer one is cut, so that a text without any mark stays cheap.
const LONGEST: usize = 400;

/// Cuts a text into sentences.
pub(super) fn cut(text: &str) -> Cut<'_> {
    let words = words(text);
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut from = 0;
    let mut at_line_start = true;
    let mut depth = 1;
    let mut quiet = 0_usize;
    let mut place = 0;
    while let Some(word) = words.get(place) {
        if at_line_start && place == from {
            let (after, found) = label(&words, place);
            if after > place {
                (from, place, depth) = (after, after, found);
                at_line_start = false;
                continue;
            }
        }
        if word.is("(") {
            quiet += 1;
        } else if word.is(")") {
            quiet = quiet.saturating_sub(1);
        }
        let is_break = word.kind == WordKind::Break;
        let ends =
            is_break || (quiet == 0 && ends_sentence(&words, place)) || place - from >= LONGEST;
        if ends {
            let to = if is_break { place } else { place + 1 };
            push(&words, &mut sentences, from, to, depth);
            from = place + 1;
            quiet = 0;
            if is_break || at_line_start {
                depth = 1;
            }
        }
        at_line_start = is_break || (ends && word.is(";")) || (ends && opens_label(&words, place));
        if is_break {
            depth = 1;
        }
        place += 1;
    }
    push(&words, &mut sentences, from, words.len(), depth);
    hang(&mut sentences);
    Cut { text, words, sentences }
}

fn push(words: &[Word], sentences: &mut Vec<Sentence>, from: usize, to: usize, depth: u8) {
    let run = words.get(from..to).unwrap_or(&[]);
    if !run.iter().any(Word::is_word) {
        return;
    }
    let opens = run.last().is_some_and(|word| word.is(":"));
    let before = from.checked_sub(1).and_then(|before| words.get(before));
    let goes_on = before.is_some_and(|word| word.is(";") || word.is("."))
        && sentences.last().is_some_and(|last| last.to == from);
    sentences.push(Sentence { from, to, depth, opens, goes_on, lead: None });
}

/// A full stop, semicolon or a colon at which a list begins.
fn ends_sentence(words: &[Word], place: usize) -> bool {
    let Some(word) = words.get(place) else { return false };
    let next = words.get(place + 1);
    match word.norm.as_str() {
        ";" | "?" | "!" => true,
        ":" => next.is_none_or(|next| next.kind == WordKind::Break) || opens_label(words, place),
        "." | "…" => {
            let before = place.checked_sub(1).and_then(|before| words.get(before));
            let is_short = before.is_some_and(|before| {
                before.capital && before.end - before.start <= 2 && before.end == word.start
            });
            let touches = next.is_some_and(|next| next.start == word.end && next.is_word());
            !is_short && !touches
        }
        _ => false,
    }
}

/// A label stands right after this word: "… như sau: a) …".
fn opens_label(words: &[Word], place: usize) -> bool {
    let (after, depth) = label(words, place + 1);
    after > place + 1
        && depth >= 2
        && words.get(place + 2).is_some_and(|mark| mark.is(")") || mark.is("."))
}

/// The label at this place: first word after it, and how deep it is.
fn label(words: &[Word], place: usize) -> (usize, u8) {
    let Some(first) = words.get(place) else { return (place, 1) };
    let mark = words.get(place + 1);
    if first.is("-") || first.is("–") || first.is("+") || first.is("•") || first.is("*") {
        return (place + 1, 4);
    }
    if (first.is("điều") || first.is("khoản"))
        && mark.is_some_and(|mark| mark.kind == WordKind::Number)
    {
        let closed = words.get(place + 2).is_some_and(|mark| mark.is(".") || mark.is(":"));
        let depth = if first.is("điều") { 0 } else { 2 };
        return if closed { (place + 3, depth) } else { (place, 1) };
    }
    let Some(mark) = mark.filter(|mark| mark.start == first.end) else { return (place, 1) };
    let short = first.end - first.start <= 3;
    if first.kind == WordKind::Number && short && (mark.is(".") || mark.is(")") || mark.is("/")) {
        let next_touches = words
            .get(place + 2)
            .is_some_and(|next| next.start == mark.end && next.kind == WordKind::Number);
        return if next_touches { (place, 1) } else { (place + 2, 2) };
    }
    if first.kind == WordKind::Letters && first.end - first.start <= 2 && mark.is(")") {
        return (place + 2, 3);
    }
    (place, 1)
}

/// Each sentence hangs on the nearest one before it that opens its list, else on the heading.
fn hang(sentences: &mut [Sentence]) {
    let mut heading = None;
    let mut openers: Vec<(usize, u8)> = Vec::new();
    for (index, sentence) in sentences.iter_mut().enumerate() {
        if sentence.goes_on && index > 0 {
            sentence.lead = Some(index - 1);
            continue;
        }
        if sentence.depth == 0 {
            heading = Some(index);
            openers.clear();
            continue;
        }
        if sentence.depth > 1 {
            openers.retain(|(_, depth)| *depth < sentence.depth);
        }
        sentence.lead = openers.last().map(|(opener, _)| *opener).or(heading);
        if sentence.opens {
            openers.retain(|(_, depth)| *depth < sentence.depth);
            openers.push((index, sentence.depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<(String, u8, Option<usize>)> {
        let cut = cut(text);
        cut.sentences
            .iter()
            .map(|sentence| {
                let (start, end) = cut.span(sentence.from, sentence.to);
                (cut.text[start..end].to_owned(), sentence.depth, sentence.lead)
            })
            .collect()
    }

    #[test]
    fn points_hang_on_the_line_that_opens_their_list_and_sentences_on_the_one_before() {
        let found = sentences(
            "Điều 5. Thời hạn\n1. Thời hạn giải quyết như sau:\na) Khai sinh: 03 ngày;\nb) Kết hôn: 05 ngày.\n2. Lệ phí là 8.000 đồng. Miễn cho hộ nghèo.",
        );
        let texts: Vec<&str> = found.iter().map(|(text, ..)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Thời hạn",
                "Thời hạn giải quyết như sau:",
                "Khai sinh: 03 ngày;",
                "Kết hôn: 05 ngày.",
                "Lệ phí là 8.000 đồng.",
                "Miễn cho hộ nghèo.",
            ]
        );
        let leads: Vec<Option<usize>> = found.iter().map(|(.., lead)| *lead).collect();
        assert_eq!(leads, [None, Some(0), Some(1), Some(1), Some(0), Some(4)]);
    }

    #[test]
    fn a_list_on_one_line_is_cut_at_its_labels() {
        let found = sentences("Hồ sơ gồm: a) Tờ khai; b) Giấy chứng sinh.");
        assert_eq!(found.len(), 3);
        assert_eq!(found[1].0, "Tờ khai;");
        assert_eq!(found[2].2, Some(0));
    }
}
