//! Text into terms: syllables in one spelling, and pairs of neighbours.
//!
//! Pairs of adjacent syllables find more than words cut by a dictionary do, since most Vietnamese words
//! have two syllables and the others cost little (measured in `bench/RESULTS.md`).

use std::collections::HashMap;

use kernel::text::{nfc_cow, normalise_tone_placement};

/// A syllable as it is compared: lower case, NFC, the tone mark in its one place, numbers without leading
/// zeros.
#[must_use]
pub fn normal(word: &str) -> String {
    let lower: String = word.chars().flat_map(char::to_lowercase).map(plain_letter).collect();
    let placed = normalise_tone_placement(&lower);
    if placed.bytes().all(|byte| byte.is_ascii_digit()) {
        let trimmed = placed.trim_start_matches('0');
        return if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() };
    }
    placed
}

/// Icelandic eth, which old fonts print as the Vietnamese letter.
fn plain_letter(letter: char) -> char {
    if letter == 'ð' { 'đ' } else { letter }
}

/// The words of a text as they stand in it, with their places in bytes of the text in NFC.
///
/// Everything but letters and digits separates, so a document's number `57/2020/QH14` is three words whose
/// pairs find it again in any spelling.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(char::is_alphanumeric)?;
        let word = text.get(start..)?;
        let length = word.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(word.len());
        rest = start + length;
        Some((start, word.get(..length)?))
    })
}

/// The normal forms of the words of a text.
#[must_use]
pub fn syllables(text: &str) -> Vec<String> {
    words(&nfc_cow(text)).map(|(_, word)| normal(word)).collect()
}

/// Numbers for syllables, given out in the order in which they are met. Spellings met before are looked up
/// without being normalised again.
#[derive(Debug, Default)]
pub struct Vocabulary {
    spellings: HashMap<Box<str>, u32>,
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    are_numbers: Vec<bool>,
}

/// Stands between paragraphs in a list of syllables.
pub const BREAK: u32 = 0;

impl Vocabulary {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        let mut new = Self::default();
        new.names.push("".into());
        new.are_numbers.push(false);
        new
    }

    /// How many numbers are given out, [`BREAK`] included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Is nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.len() <= 1
    }

    /// The syllable of a number.
    #[must_use]
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", AsRef::as_ref)
    }

    /// Does the syllable of a number begin with a digit?
    #[must_use]
    pub fn is_number(&self, number: u32) -> bool {
        self.are_numbers.get(number as usize).copied().unwrap_or(false)
    }

    /// All syllables in the order of their numbers, beginning with the empty one of [`BREAK`].
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// The number of a normal form, if it is known.
    #[must_use]
    pub fn get(&self, normal: &str) -> Option<u32> {
        self.numbers.get(normal).copied()
    }

    /// The number of a normal form, known or new.
    pub fn add(&mut self, normal: &str) -> u32 {
        if let Some(number) = self.numbers.get(normal) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(normal.into());
        self.are_numbers.push(normal.as_bytes().first().is_some_and(u8::is_ascii_digit));
        self.numbers.insert(normal.into(), number);
        number
    }

    /// Appends the numbers of a text's words, with a [`BREAK`] between paragraphs.
    pub fn append(&mut self, text: &str, numbers: &mut Vec<u32>) {
        for paragraph in nfc_cow(text).split('\n') {
            if numbers.last().is_some_and(|last| *last != BREAK) {
                numbers.push(BREAK);
            }
            for (_, word) in words(paragraph) {
                let number = match self.spellings.get(word) {
                    Some(number) => *number,
                    None => {
                        let number = self.add(&normal(word));
                        self.spellings.insert(word.into(), number);
                        number
                    }
                };
                numbers.push(number);
            }
        }
        if numbers.last() == Some(&BREAK) {
            numbers.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_syllable_are_one() {
        assert_eq!(syllables("HOÀ hòa Hoà"), ["hòa", "hòa", "hòa"]);
        assert_eq!(syllables("Ðiều 05"), ["điều", "5"]);
        assert_eq!(syllables("57/2020/QH14"), syllables("57-2020-qh14"));
    }

    #[test]
    fn paragraphs_are_kept_apart() {
        let mut vocabulary = Vocabulary::new();
        let mut numbers = Vec::new();
        vocabulary.append("một hai\n\n  ba", &mut numbers);
        assert_eq!(numbers, [1, 2, BREAK, 3]);
        assert_eq!(vocabulary.name(3), "ba");
    }
}
