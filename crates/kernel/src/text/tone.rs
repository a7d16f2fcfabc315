//! Where the tone mark stands: `hoà` and `hòa` are one word, and must be one spelling.

use crate::text::letter::{self, Parts, Tone};
use crate::text::nfc_cow;

/// Consonants that may end a syllable.
const FINALS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// Consonants that may begin one. `gi` and `qu` are handled by themselves: their vowel letter
/// belongs to the consonant when another vowel follows.
const INITIALS: [&str; 27] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p",
    "ph", "q", "r", "s", "t", "th", "tr", "v", "x",
];

/// The text with every tone mark where official documents put it: `hoà` → `hòa`, `thuỷ` → `thủy`,
/// `qúy` → `quý`, `hòan` → `hoàn`. Result in NFC.
///
/// Words that are no Vietnamese syllable with exactly one tone mark stay as they are.
pub fn normalise_tone_placement(text: &str) -> String {
    let text = nfc_cow(text);
    if text.is_ascii() {
        return text.into_owned();
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while !rest.is_empty() {
        let word_end = rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        push_word(word, &mut result);
        let gap_end = after.find(char::is_alphabetic).unwrap_or(after.len());
        let (gap, next) = after.split_at(gap_end);
        result.push_str(gap);
        rest = next;
    }
    result
}

fn push_word(word: &str, result: &mut String) {
    match replaced(word) {
        Some(letters) => result.extend(letters.letters()),
        None => result.push_str(word),
    }
}

/// The word with its tone mark moved; `None` when there is nothing to move.
fn replaced(word: &str) -> Option<Syllable> {
    if word.is_ascii() {
        return None;
    }
    let syllable = Syllable::read(word)?;
    let toned = syllable.only_toned()?;
    let (first, last) = syllable.nucleus()?;
    let target = syllable.tone_place(first, last)?;
    if target == toned { None } else { syllable.move_tone(toned, target) }
}

/// Longest syllable: `nghiêng`.
const LONGEST: usize = 7;

/// The letters of one word, on the stack: this runs for every name of every form.
struct Syllable {
    letters: [Letter; LONGEST],
    length: usize,
}

#[derive(Clone, Copy)]
struct Letter {
    written: char,
    vowel: Option<Parts>,
}

impl Syllable {
    fn read(word: &str) -> Option<Syllable> {
        let blank = Letter { written: ' ', vowel: None };
        let mut syllable = Syllable { letters: [blank; LONGEST], length: 0 };
        for written in word.chars() {
            let vowel = letter::parts(written);
            *syllable.letters.get_mut(syllable.length)? = Letter { written, vowel };
            syllable.length += 1;
        }
        Some(syllable)
    }

    fn all(&self) -> &[Letter] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    fn letters(&self) -> impl Iterator<Item = char> + '_ {
        self.all().iter().map(|letter| letter.written)
    }

    fn vowel(&self, index: usize) -> Option<Parts> {
        self.all().get(index)?.vowel
    }

    /// The place of the tone mark, if there is exactly one.
    fn only_toned(&self) -> Option<usize> {
        let is_toned =
            |letter: &Letter| letter.vowel.is_some_and(|vowel| vowel.tone != Tone::Level);
        let mut toned = self.all().iter().enumerate().filter(|(_, letter)| is_toned(letter));
        let (index, _) = toned.next()?;
        toned.next().is_none().then_some(index)
    }

    /// First and last vowel of the nucleus, if the word is built like a Vietnamese syllable.
    fn nucleus(&self) -> Option<(usize, usize)> {
        let is_vowel = |letter: &Letter| letter.vowel.is_some();
        let mut first = self.all().iter().position(is_vowel)?;
        let last = self.all().iter().rposition(is_vowel)?;
        if !self.spells(0, first, &INITIALS) || !self.spells(last + 1, self.length, &FINALS) {
            return None;
        }
        if first < last && self.glides_into_vowel(first) {
            first += 1;
        }
        let unbroken = (first..=last).all(|index| self.vowel(index).is_some());
        (unbroken && last - first < 3).then_some((first, last))
    }

    /// Is the vowel letter at `index` part of `qu` or `gi`?
    fn glides_into_vowel(&self, index: usize) -> bool {
        let before = match index {
            1 => self.all().first().map(|letter| letter.written.to_ascii_lowercase()),
            _ => None,
        };
        let plain = self.vowel(index).map(Parts::plain);
        matches!((before, plain), (Some('q'), Some('u')) | (Some('g'), Some('i')))
    }

    fn spells(&self, start: usize, end: usize, allowed: &[&str]) -> bool {
        let part = self.all().get(start..end).unwrap_or_default();
        let lower = |letter: &Letter| letter.written.to_lowercase().next();
        allowed.iter().any(|spelling| {
            part.len() == spelling.chars().count()
                && part.iter().zip(spelling.chars()).all(|(got, want)| lower(got) == Some(want))
        })
    }

    /// Where the tone belongs: on a marked vowel (the last of `ươ`), else before a final consonant
    /// on the last vowel, else on the first of two and the middle of three.
    fn tone_place(&self, first: usize, last: usize) -> Option<usize> {
        let marked =
            (first..=last).rev().find(|index| self.vowel(*index).is_some_and(Parts::is_marked));
        if marked.is_some() {
            return marked;
        }
        let has_final = last + 1 < self.length;
        match last - first {
            _ if has_final => Some(last),
            0 | 1 => Some(first),
            2 => Some(first + 1),
            _ => None,
        }
    }

    fn move_tone(mut self, from: usize, to: usize) -> Option<Syllable> {
        let (old, new) = (self.vowel(from)?, self.vowel(to)?);
        self.letters.get_mut(from)?.written = old.with_tone(Tone::Level);
        self.letters.get_mut(to)?.written = new.with_tone(old.tone);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        assert_eq!(normalise_tone_placement(given), expected);
    }

    #[test]
    fn an_open_syllable_takes_the_tone_on_its_first_vowel() {
        check("hoà", "hòa");
        check("Hoà Bình, HOÀ BÌNH", "Hòa Bình, HÒA BÌNH");
        check("khoẻ thuỷ tuý loè xoà Đoá ngoã", "khỏe thủy túy lòe xòa Đóa ngõa");
        check("mía múa cáo đậu hủy", "mía múa cáo đậu hủy");
    }

    #[test]
    fn a_closed_syllable_takes_it_on_its_last_vowel() {
        check("hòan tóan húynh", "hoàn toán huýnh");
        check("hoàn toán huỳnh xoong", "hoàn toán huỳnh xoong");
    }

    #[test]
    fn a_marked_vowel_draws_the_tone() {
        check("đừơng thúê tíêng nguỳên", "đường thuế tiếng nguyền");
        check("thuở cửa Huế Nguyễn người khuỷu", "thuở cửa Huế Nguyễn người khuỷu");
    }

    #[test]
    fn qu_and_gi_keep_their_vowel_letter() {
        check("qúy qủa gìa gíao", "quý quả già giáo");
        check("Quý quỳnh giá gìn gì giếng giữ Gia Quốc", "Quý quỳnh giá gìn gì giếng giữ Gia Quốc");
    }

    #[test]
    fn three_vowels_take_it_in_the_middle() {
        check("ngòai khúya ngoằn ngoèo", "ngoài khuýa ngoằn ngoèo");
        check("hoài xoáy ngoái", "hoài xoáy ngoái");
    }

    #[test]
    fn what_is_not_a_vietnamese_syllable_stays() {
        check("José Café Niê Kđăm Êñuôl H'Hoà àá", "José Café Niê Kđăm Êñuôl H'Hòa àá");
    }

    #[test]
    fn decomposed_text_is_composed_on_the_way() {
        check("hoa\u{300}", "hòa");
    }

    proptest! {
        #[test]
        fn placing_twice_changes_nothing(text: String) {
            let once = normalise_tone_placement(&text);
            prop_assert_eq!(normalise_tone_placement(&once), once.as_str());
        }

        #[test]
        fn placing_never_changes_what_search_sees(text in "[a-zàảãáạăắâấđêếệôốơớưứýỵ ']{0,30}") {
            prop_assert_eq!(crate::text::fold(&normalise_tone_placement(&text)), crate::text::fold(&text));
        }
    }
}
