//! Tones put back where a question has none, and spellings mended.
//!
//! People type quickly and without tones: "dang ky khai sinh". The corpus itself tells which toned syllables
//! follow each other (a bigram model, decoded after Viterbi), so that the search may go on with tones, where
//! syllables mean far more.

use std::collections::HashMap;

use kernel::text::fold;

use crate::analyser::{BREAK, syllables};
use crate::index::{Field, Index};
use crate::postings::Term;

/// Toned spellings of each syllable without tones, most frequent first.
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    toned: HashMap<Box<str>, Vec<u32>>,
}

/// Spellings of a syllable that are weighed.
const MOST: usize = 14;

impl Spellings {
    /// Those of an index.
    #[must_use]
    pub fn new(index: &Index) -> Self {
        let mut counted: HashMap<Box<str>, Vec<(u32, u32)>> = HashMap::new();
        for (name, number) in index.vocabulary().names().zip(0_u32..).skip(1) {
            let passages = index.field(Field::Body).passages(Term::one(number));
            counted.entry(fold(name).into()).or_default().push((passages, number));
        }
        let toned = counted.into_iter().map(|(plain, mut all)| {
            all.sort_unstable_by(|one, two| two.cmp(one));
            (plain, all.into_iter().take(MOST).map(|(_, number)| number).collect())
        });
        Self { toned: toned.collect() }
    }

    /// The question with tones, if it was typed without any; else `None`.
    #[must_use]
    pub fn with_tones(&self, index: &Index, text: &str) -> Option<String> {
        let words = syllables(text);
        let letters = || words.iter().flat_map(|word| word.chars());
        if !letters().all(|letter| letter.is_ascii()) || !letters().any(char::is_alphabetic) {
            return None;
        }
        let choices: Vec<Vec<u32>> = words
            .iter()
            .map(|word| self.toned.get(word.as_str()).cloned().unwrap_or_default())
            .collect();
        let best = likeliest(index, &choices);
        let name = |(word, number): (&String, &u32)| match *number {
            BREAK => word.clone(),
            number => index.vocabulary().name(number).to_owned(),
        };
        let restored = words.iter().zip(&best).map(name).collect::<Vec<_>>().join(" ");
        (restored != words.join(" ")).then_some(restored)
    }

    /// The question with unknown words mended to the nearest known ones, if there are any.
    #[must_use]
    pub fn mended(&self, index: &Index, text: &str) -> Option<String> {
        let words = syllables(text);
        let is_known = |word: &str| {
            let number = index.vocabulary().get(word).unwrap_or(BREAK);
            number != BREAK && index.field(Field::Body).passages(Term::one(number)) > 1
        };
        let mend = |word: &String| {
            let is_word = word.chars().all(char::is_alphabetic) && word.chars().count() > 1;
            if is_known(word) || !is_word {
                return word.clone();
            }
            self.nearest(index, word).unwrap_or_else(|| word.clone())
        };
        let mended = words.iter().map(mend).collect::<Vec<_>>().join(" ");
        (mended != words.join(" ")).then_some(mended)
    }

    /// The most frequent syllable one letter away, tones left aside.
    fn nearest(&self, index: &Index, word: &str) -> Option<String> {
        let plain: Vec<char> = fold(word).chars().collect();
        let mut best: Option<(u32, u32)> = None;
        for variant in variants(&plain) {
            let Some(number) = self.toned.get(variant.as_str()).and_then(|all| all.first()) else {
                continue;
            };
            let passages = index.field(Field::Body).passages(Term::one(*number));
            best = best.max(Some((passages, *number)));
        }
        best.filter(|(passages, _)| *passages > 1)
            .map(|(_, number)| index.vocabulary().name(number).to_owned())
    }
}

/// All words one letter away: one left out, changed, put in, or two swapped.
fn variants(plain: &[char]) -> Vec<String> {
    let mut variants = vec![plain.iter().collect::<String>()];
    let letters = 'a'..='z';
    for at in 0..=plain.len() {
        let (head, tail) = plain.split_at(at);
        let word = |middle: Option<char>, tail: &[char]| {
            head.iter().copied().chain(middle).chain(tail.iter().copied()).collect::<String>()
        };
        variants.extend(letters.clone().map(|letter| word(Some(letter), tail)));
        if let Some((first, rest)) = tail.split_first() {
            variants.push(word(None, rest));
            variants.extend(letters.clone().map(|letter| word(Some(letter), rest)));
            if let Some((second, rest)) = rest.split_first() {
                variants.push(word(Some(*second), &[&[*first], rest].concat()));
            }
        }
    }
    variants
}

/// The likeliest syllable of each place, by how often they stand alone and side by side.
fn likeliest(index: &Index, choices: &[Vec<u32>]) -> Vec<u32> {
    let body = index.field(Field::Body);
    let all = index.len().max(1) as f32;
    let count = |term: Term| body.passages(term) as f32;
    let alone = |number: u32| ((count(Term::one(number)) + 0.1) / all).ln();
    let after = |first: u32, number: u32| {
        let held = count(Term::pair(first, number)) / (count(Term::one(first)) + 1.0);
        (0.9 * held + 0.1 * (count(Term::one(number)) + 0.1) / all * 0.1).ln()
    };
    // For each place: of each choice the best way there, and how good it is.
    let mut ways: Vec<Vec<(f32, usize)>> = Vec::new();
    let mut before: &[u32] = &[];
    for here in choices {
        let step = |number: &u32| match ways.last().filter(|_| !before.is_empty()) {
            None => (alone(*number), 0),
            Some(last) => {
                let reach = |(from, first): (usize, &u32)| {
                    let so_far = last.get(from).map_or(f32::MIN, |(score, _)| *score);
                    (so_far + after(*first, *number), from)
                };
                let all_ways = before.iter().enumerate().map(reach);
                all_ways.max_by(|one, two| one.0.total_cmp(&two.0)).unwrap_or((f32::MIN, 0))
            }
        };
        let next: Vec<(f32, usize)> = here.iter().map(step).collect();
        ways.push(next);
        before = here;
    }
    let mut chosen = vec![BREAK; choices.len()];
    let mut at: Option<usize> = None;
    for (place, (way, choice)) in ways.iter().zip(choices).enumerate().rev() {
        let best = || {
            let scored = way.iter().enumerate();
            scored.max_by(|one, two| one.1.0.total_cmp(&two.1.0)).map(|(best, _)| best)
        };
        let here = at.or_else(best);
        let Some(here) = here.filter(|here| *here < choice.len()) else {
            at = None;
            continue;
        };
        if let (Some(place), Some(number)) = (chosen.get_mut(place), choice.get(here)) {
            *place = *number;
        }
        let goes_on = place > 0 && choices.get(place - 1).is_some_and(|before| !before.is_empty());
        at = way.get(here).map(|(_, from)| *from).filter(|_| goes_on);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{IndexBuilder, Passage};

    fn index() -> Index {
        let mut builder = IndexBuilder::new();
        for (id, text) in [
            ("a", "Đăng ký khai sinh cho trẻ em tại ủy ban nhân dân cấp xã"),
            ("b", "Đăng ký kết hôn; đăng ký khai tử; khai thác đá"),
            ("c", "Dáng đi của người kỳ lạ; sinh viên; khai sinh"),
            ("d", "Cấp giấy khai sinh, đăng ký tạm trú"),
        ] {
            builder.add(&Passage { id, text, ..Passage::default() }, []);
        }
        builder.finish()
    }

    #[test]
    fn tones_come_back_as_the_corpus_has_them() {
        let index = index();
        let spellings = Spellings::new(&index);
        let restored = spellings.with_tones(&index, "dang ky khai sinh cho tre em");
        assert_eq!(restored.as_deref(), Some("đăng ký khai sinh cho trẻ em"));
        assert_eq!(spellings.with_tones(&index, "đăng ky khai sinh"), None, "typed with tones");
        assert_eq!(spellings.with_tones(&index, "57/2020"), None);
        assert_eq!(
            spellings.with_tones(&index, "dang ky xyzq khai sinh").as_deref(),
            Some("đăng ký xyzq khai sinh")
        );
    }

    #[test]
    fn an_unknown_word_is_mended_to_the_nearest_known_one() {
        let index = index();
        let spellings = Spellings::new(&index);
        assert_eq!(
            spellings.mended(&index, "đăng ký khaii sinh").as_deref(),
            Some("đăng ký khai sinh")
        );
        assert_eq!(spellings.mended(&index, "đăng ký khai sinh"), None);
    }
}
