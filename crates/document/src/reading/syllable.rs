//! Does a word look like a Vietnamese syllable? Wrongly decoded text does not, and so gives itself
//! away.

use kernel::text::nfc_cow;

/// Consonants that begin a syllable.
const INITIALS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x",
];
/// Vowels of a syllable, without tone.
const NUCLEI: [&str; 51] = [
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ai", "ao", "au", "ay", "âu", "ây",
    "eo", "êu", "ia", "iê", "iu", "iêu", "oa", "oă", "oe", "oi", "oai", "oay", "oao", "oeo", "oo",
    "ôi", "ơi", "ua", "uâ", "uê", "ui", "uô", "uơ", "uôi", "uy", "uya", "uyê", "uyu", "ưa", "ưi",
    "ươ", "ươi", "ươu",
];
/// Vowels that only follow `q`, begin a word, or are written with `y`.
const MORE_NUCLEI: [&str; 15] = [
    "yê", "yêu", "ưu", "uay", "uây", "uai", "uao", "uau", "ue", "ueo", "uă", "uo", "uêu", "uyêu",
    "ôô",
];
/// Consonants that end a syllable.
const FINALS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// Words with letters beyond ASCII: how many there are, and how many of them are Vietnamese.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Plausibility {
    /// Words that hold a letter beyond ASCII.
    pub(super) words: usize,
    /// Those of them that are Vietnamese syllables.
    pub(super) vietnamese: usize,
}

impl Plausibility {
    /// Of a text, whose first `MOST_WORDS` such words are looked at.
    pub(super) fn of(text: &str) -> Plausibility {
        const MOST_WORDS: usize = 4_000;
        let text = nfc_cow(text);
        let mut found = Plausibility::default();
        for word in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic()) {
            if word.is_ascii() {
                continue;
            }
            let word = word.trim_matches(|c: char| !c.is_alphabetic() && !c.is_ascii());
            let is_sign_alone = !word.chars().any(char::is_alphabetic);
            if is_sign_alone {
                continue;
            }
            found.words += 1;
            found.vietnamese += usize::from(is_syllable(word));
            if found.words == MOST_WORDS {
                break;
            }
        }
        found
    }

    /// Share of Vietnamese words in a thousand.
    pub(super) fn permille(self) -> usize {
        (self.vietnamese * 1_000).checked_div(self.words).unwrap_or(0)
    }
}

/// Is the word, in NFC, spelt like a Vietnamese syllable, all capitals, all small, or with a capital
/// in front?
pub(super) fn is_syllable(word: &str) -> bool {
    const LONGEST: usize = 7;
    if word.chars().count() > LONGEST || !is_cased_plainly(word) {
        return false;
    }
    let Some((plain, tone)) = without_tone(word) else { return false };
    let mut stops = plain.char_indices().filter(|(_, c)| is_vowel(*c)).map(|(at, _)| at);
    let Some(first) = stops.next() else { return false };
    let last = stops.next_back().unwrap_or(first);
    let end =
        last + plain.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let (Some(initial), Some(nucleus), Some(last)) =
        (plain.get(..first), plain.get(first..end), plain.get(end..))
    else {
        return false;
    };
    let has_nucleus = is_nucleus(nucleus)
        || (initial == "g" && nucleus.strip_prefix('i').is_some_and(is_nucleus));
    // A syllable that ends in a stop has the rising or the heavy tone.
    let is_stopped = matches!(last, "c" | "ch" | "p" | "t");
    has_nucleus
        && INITIALS.contains(&initial)
        && FINALS.contains(&last)
        && (!is_stopped || matches!(tone, Some('\u{301}' | '\u{323}')))
}

fn is_nucleus(letters: &str) -> bool {
    NUCLEI.contains(&letters) || MORE_NUCLEI.contains(&letters)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y')
}

fn is_cased_plainly(word: &str) -> bool {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return false };
    let rest = letters.as_str();
    !rest.chars().any(char::is_uppercase)
        || (first.is_uppercase() && !rest.chars().any(char::is_lowercase))
}

/// The word in small letters without its tone mark, and the mark; `None` with two marks.
fn without_tone(word: &str) -> Option<(String, Option<char>)> {
    use unicode_normalization::UnicodeNormalization;
    let mut tone = None;
    let mut plain = String::with_capacity(word.len());
    for part in word.nfd() {
        match part {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => {
                if tone.replace(part).is_some() {
                    return None;
                }
            }
            _ => plain.extend(part.to_lowercase()),
        }
    }
    Some((plain.nfc().collect(), tone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_known_by_their_spelling() {
        for word in [
            "Điều", "nghiêng", "QUYẾT", "định", "của", "người", "thuở", "khuỷu", "giếng", "gì",
            "quý", "quỹ", "yến", "hoạch", "xoong", "hòa", "hoà", "Ủy", "ưu", "quyền", "quặng",
            "khuya", "đuốc", "bướu", "ngoằn", "ở", "ỷ", "quốc", "giữa", "già",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["§iÒu", "ñieàu", "quyÒn", "Ñònh", "h", "ng", "càt", "cat", "đđ", "aàá", "mÀu"]
        {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn plausibility_counts_words_beyond_ascii_only() {
        let found = Plausibility::of("Nghị định của CP – số 30/2020/NĐ-CP, café §iÒu");
        assert_eq!(found, Plausibility { words: 7, vietnamese: 4 });
        assert_eq!(Plausibility::of("only ascii 12").permille(), 0);
    }
}
