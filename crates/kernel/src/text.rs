//! Vietnamese text: one normal form, search without tones, one way to place tones, names in order.

mod letter;
mod name;
mod tone;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, is_nfc_quick};

pub use name::{is_person_name, name_sort_key, sort_key, title_case_name};
pub use tone::normalise_tone_placement;

/// The text in Unicode normal form C, in which everything is stored.
pub fn nfc(text: &str) -> String {
    nfc_cow(text).into_owned()
}

/// The same, borrowing when the text already is in that form, as nearly all text is.
pub fn nfc_cow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The text for search and comparison: lower case, without tones and marks, `đ` as `d`, white space
/// single and trimmed, apostrophes and hyphens plain, invisible characters gone.
///
/// `fold("  Nguyễn  Thị Hoà ") == "nguyen thi hoa"`. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let mut folded = SingleSpaced { text: String::with_capacity(text.len()), space_due: false };
    for character in text.chars() {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else if let Some(base) = letter::folded(character) {
            folded.push(base);
        } else {
            fold_other(character, &mut folded);
        }
    }
    folded.text
}

/// The words of the folded text: letters and digits, split at everything else.
pub fn tokens(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text as a person may have meant it: NFC, white space single and trimmed, invisible and
/// control characters gone, line breaks as spaces. For one-line answers before they are stored.
pub fn clean_line(text: &str) -> String {
    let mut clean = SingleSpaced { text: String::with_capacity(text.len()), space_due: false };
    for character in nfc_cow(text).chars() {
        if !is_invisible(character) {
            clean.push(character);
        }
    }
    clean.text
}

/// Text on its way, white space single and trimmed: white space is written only when something follows it.
struct SingleSpaced {
    text: String,
    space_due: bool,
}

impl SingleSpaced {
    fn push(&mut self, character: char) {
        if character.is_whitespace() || character.is_control() {
            self.space_due = !self.text.is_empty();
            return;
        }
        if self.space_due {
            self.text.push(' ');
            self.space_due = false;
        }
        self.text.push(character);
    }
}

/// Everything that is neither ASCII nor a Vietnamese letter: typography, foreign letters, marks
/// that stand alone in decomposed text.
#[cold]
fn fold_other(character: char, folded: &mut SingleSpaced) {
    if let Some(plain) = plain_sign(character) {
        return folded.push(plain);
    }
    decompose_compatible(character, |part| {
        for lower in part.to_lowercase() {
            if !is_combining_mark(lower) && !is_invisible(lower) {
                let plain = letter::folded(lower).or_else(|| plain_sign(lower));
                folded.push(plain.unwrap_or(lower));
            }
        }
    });
}

/// The apostrophe or hyphen that is meant by one of typography.
fn plain_sign(character: char) -> Option<char> {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{00B4}' => Some('\''),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        _ => None,
    }
}

/// Characters that take no room: soft hyphen, zero-width spaces and joiners, direction marks.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_forgets_case_tones_and_marks() {
        for (given, folded) in [
            ("  Nguyễn\u{a0} Thị\tHoà \n", "nguyen thi hoa"),
            ("ĐẮK LẮK", "dak lak"),
            ("Thừa Thiên – Huế", "thua thien - hue"),
            ("Ea H’leo", "ea h'leo"),
            ("a\u{200b}b\u{feff}", "ab"),
            ("ﬁ Ⅳ １２", "fi iv 12"),
            ("José Ñuñez İ", "jose nunez i"),
            ("", ""),
            (" \u{0} ", ""),
        ] {
            assert_eq!(fold(given), folded, "{given:?}");
        }
    }

    #[test]
    fn folding_does_not_depend_on_how_the_text_was_typed() {
        let composed = "Đường Trần Hưng Đạo, phường Mỹ Thọ, tiếng Việt, ưỡng ẫ ặ";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(fold(&decomposed), fold(composed));
        assert_eq!(nfc(&decomposed), composed);
        assert!(matches!(nfc_cow(composed), Cow::Borrowed(_)));
    }

    #[test]
    fn every_character_folds_once_and_for_all() {
        for character in char::MIN..=char::MAX {
            let once = fold(character.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "{character:?}");
        }
    }

    #[test]
    fn tokens_are_letters_and_digits() {
        assert_eq!(
            tokens("Luật số 60/2014/QH13, Điều 14."),
            ["luat", "so", "60", "2014", "qh13", "dieu", "14"]
        );
        assert_eq!(tokens(" -- ").len(), 0);
    }

    #[test]
    fn a_cleaned_line_keeps_its_letters() {
        assert_eq!(clean_line(" Trần\u{a0}\u{200b} Thị\r\n Bé "), "Trần Thị Bé");
        assert_eq!(clean_line("Le\u{302}\u{301}"), "Lế");
    }

    proptest! {
        #[test]
        fn folding_and_cleaning_twice_change_nothing(text: String) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.as_str());
            prop_assert!(!folded.contains("  ") && folded.trim() == folded);
            let clean = clean_line(&text);
            prop_assert_eq!(clean_line(&clean), clean.as_str());
            prop_assert_eq!(nfc(&clean), clean.as_str());
        }

        #[test]
        fn a_token_is_its_own_token(text: String) {
            for token in tokens(&text) {
                prop_assert_eq!(tokens(&token), vec![token.clone()]);
            }
        }
    }
}
