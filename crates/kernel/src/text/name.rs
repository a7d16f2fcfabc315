//! Names of persons: their order in lists, their capitals, what may be one.

use crate::text::letter::{self, Tone};
use crate::text::{clean_line, nfc_cow, normalise_tone_placement};

/// A key that sorts full names as Vietnamese lists do: by given name, then family name, then what
/// stands between; letters first (a ă â … d đ …), then tones (ngang, huyền, hỏi, ngã, sắc, nặng).
///
/// The key holds only `0-9` and `a-z`, so that both database engines, and any collation, sort it
/// alike byte by byte. Case, tone placement and spacing make no difference.
pub fn name_sort_key(full_name: &str) -> String {
    let name = normalise_tone_placement(full_name);
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut key = String::with_capacity(name.len() * 3 + 6 * PART_END.len());
    match words.as_slice() {
        [] => {}
        [given] => push_part(&[given], &mut key),
        [family, middle @ .., given] => {
            push_part(&[given], &mut key);
            push_part(&[family], &mut key);
            push_part(middle, &mut key);
        }
    }
    key
}

/// A key that sorts texts in Vietnamese dictionary order, word by word: letters first, then tones,
/// numbers by their value ("Phường 2" before "Phường 10"). Only `0-9` and `a-z`, like
/// [`name_sort_key`].
pub fn sort_key(text: &str) -> String {
    let text = normalise_tone_placement(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut key = String::with_capacity(text.len() * 3 + 2 * PART_END.len());
    push_part(&words, &mut key);
    key
}

/// Sorts before every letter and digit, so that the shorter of two names comes first.
const PART_END: &str = "00";

/// Between words; after the end, before every letter.
const WORD_END: &str = "01";

/// Writes the letters of a part of the name, then its tones.
fn push_part(words: &[&str], key: &mut String) {
    let mut tones = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            key.push_str(WORD_END);
        }
        push_word(word, key, &mut tones);
    }
    key.push_str(PART_END);
    key.push_str(&tones);
    key.push_str(PART_END);
}

fn push_word(word: &str, key: &mut String, tones: &mut String) {
    let mut rest = word;
    while let Some(character) = rest.chars().next() {
        if character.is_ascii_digit() {
            let end = rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            push_number(number, key);
            rest = after;
        } else {
            push_character(character, key, tones);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
}

/// A number is `0`, its length as a letter, its digits as letters: more digits sort later.
fn push_number(number: &str, key: &mut String) {
    let digits = number.trim_start_matches('0');
    let length = u8::try_from(digits.len()).unwrap_or(u8::MAX).min(b'z' - b'a');
    key.extend(['0', char::from(b'a' + length)]);
    key.extend(digits.bytes().map(|digit| char::from(b'a' + digit.saturating_sub(b'0'))));
}

/// A letter is two characters, its ASCII base and its place among the letters of that base
/// (`a1` a, `a2` ă, `a3` â); tones are one digit per vowel.
fn push_character(character: char, key: &mut String, tones: &mut String) {
    if let Some(vowel) = letter::parts(character) {
        key.push(vowel.base());
        key.push(mark_order(vowel.plain()));
        tones.push(tone_order(vowel.tone));
        return;
    }
    match character {
        'đ' | 'Đ' => key.push_str("d2"),
        'a'..='z' | 'A'..='Z' => key.extend([character.to_ascii_lowercase(), '1']),
        _ if character.is_ascii() => {}
        _ => push_foreign(character, key),
    }
}

fn mark_order(plain: char) -> char {
    match plain {
        'ă' | 'ê' | 'ô' | 'ư' => '2',
        'â' | 'ơ' => '3',
        _ => '1',
    }
}

fn tone_order(tone: Tone) -> char {
    char::from(b'1' + tone as u8)
}

/// Foreign letters sort with the Latin letter they come from (ñ as n), other scripts after z.
#[cold]
fn push_foreign(character: char, key: &mut String) {
    for folded in super::fold(character.encode_utf8(&mut [0; 4])).chars() {
        match folded {
            'a'..='z' => key.extend([folded, '9']),
            '0'..='9' => push_number(folded.encode_utf8(&mut [0; 4]), key),
            _ if folded.is_ascii() => {}
            _ => key.push_str(&format!("zz{:06x}", u32::from(folded))),
        }
    }
}

/// The name with capitals where they belong: `NGUYỄN VĂN AN`, `nguyễn văn an` → `Nguyễn Văn An`.
/// Space is made single, NFC. A word of mixed case that begins properly ("McDonald") stays.
pub fn title_case_name(name: &str) -> String {
    let name = clean_line(name);
    let mut result = String::with_capacity(name.len());
    for piece in name.split_inclusive([' ', '\'', '’', '-']) {
        push_capitalised(piece, &mut result);
    }
    nfc_cow(&result).into_owned()
}

fn push_capitalised(piece: &str, result: &mut String) {
    let mut letters = piece.chars();
    let Some(first) = letters.next() else { return };
    let rest = letters.as_str();
    if first.is_uppercase() && rest.starts_with(char::is_lowercase) {
        result.push_str(piece);
        return;
    }
    result.push(capital(first));
    result.extend(rest.chars().flat_map(char::to_lowercase));
}

/// The capital letter; a foreign letter whose capital is two letters stays.
fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
    }
}

/// May this be the full name of a person: at least two words of letters, with apostrophe, hyphen
/// or full stop inside at most (H'Hen Niê, Nguyen-Smith)? No digits, no other signs.
pub fn is_person_name(name: &str) -> bool {
    let name = nfc_cow(name);
    name.split_whitespace().count() >= 2 && name.split_whitespace().all(is_name_word)
}

fn is_name_word(word: &str) -> bool {
    let is_inner_sign = |letter: char| matches!(letter, '\'' | '’' | '-' | '.');
    word.starts_with(char::is_alphabetic)
        && word.chars().all(|letter| letter.is_alphabetic() || is_inner_sign(letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_order(names: &[&str]) {
        for pair in names.windows(2) {
            let keys = (name_sort_key(pair[0]), name_sort_key(pair[1]));
            assert!(keys.0 < keys.1, "{:?} should come before {:?}: {keys:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn the_given_name_comes_first_then_family_then_middle() {
        check_order(&[
            "Trần Văn An",
            "Lê Thị Bình",
            "Nguyễn An Bình",
            "Nguyễn Văn Bình",
            "Nguyễn Văn Đức Bình",
            "Trần Bình",
            "Trần An Bình",
        ]);
    }

    #[test]
    fn letters_follow_the_vietnamese_alphabet() {
        check_order(&["A", "Ă", "Â", "B", "C", "D", "Đ", "E", "Ê", "G", "H", "I", "K", "L", "M"]);
        check_order(&["N", "O", "Ô", "Ơ", "P", "Q", "R", "S", "T", "U", "Ư", "V", "X", "Y", "Z"]);
        check_order(&["Lê Duy", "Lê Dương", "Lê Đan"]);
    }

    #[test]
    fn tones_follow_the_dictionary() {
        check_order(&["Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Băng", "Bằng", "Bân"]);
        // A tone only tells apart what the letters do not.
        check_order(&["Hòa", "Hoan", "Hoàn"]);
    }

    #[test]
    fn all_of_one_given_name_stand_together() {
        check_order(&["Vũ Bình", "Lê Bính", "Vũ Bính"]);
    }

    #[test]
    fn the_shorter_name_comes_first() {
        check_order(&["An", "Lê An", "Lê Văn An", "Lê Văn Bảo An", "Anh"]);
    }

    #[test]
    fn places_sort_as_in_a_dictionary_with_numbers_by_value() {
        let places = ["Phường 1", "Phường 2", "Phường 10", "Phường An Bình", "Phường Ăn", "Xã An"];
        let keys = places.map(sort_key);
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn spelling_that_means_the_same_sorts_the_same() {
        let key = name_sort_key("Nguyễn Thị Hòa");
        for same in ["NGUYỄN THỊ HOÀ", " nguyễn  thị hoà ", "Nguyễn Thị Hoa\u{300}"] {
            assert_eq!(name_sort_key(same), key, "{same}");
        }
    }

    #[test]
    fn foreign_names_sort_among_the_others() {
        check_order(&["Juan Nunez", "Juan Nuñez", "Juan Oz", "王"]);
    }

    #[test]
    fn names_take_their_capitals() {
        for (given, expected) in [
            ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
            (" nguyễn  văn an ", "Nguyễn Văn An"),
            ("đặng thị ánh", "Đặng Thị Ánh"),
            ("nGUYỄN NGuyễn", "Nguyễn Nguyễn"),
            ("h'hen niê", "H'Hen Niê"),
            ("John McDonald", "John McDonald"),
            ("anna nguyen-smith", "Anna Nguyen-Smith"),
            ("", ""),
        ] {
            assert_eq!(title_case_name(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_full_name_is_two_words_of_letters() {
        for right in
            ["Nguyễn An", "H'Hen Niê", "Ksor H’Nhan", "Y Blim", "Anna Nguyen-Smith", "Lê Văn A."]
        {
            assert!(is_person_name(right), "{right}");
        }
        for wrong in
            ["", "An", "Nguyễn An 2", "Nguyễn <b>", "Nguyễn - An", "Nguyễn\u{0}An Bình", "A; B"]
        {
            assert!(!is_person_name(wrong), "{wrong}");
        }
        assert!(is_person_name("Nguye\u{302}\u{303}n An"));
    }

    proptest! {
        #[test]
        fn a_key_is_plain_letters_and_digits(name: String) {
            let key = name_sort_key(&name);
            let key = key + &sort_key(&name);
            prop_assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        }

        #[test]
        fn capitals_twice_change_nothing(name: String) {
            let once = title_case_name(&name);
            prop_assert_eq!(title_case_name(&once), once.as_str());
        }

        #[test]
        fn capitals_never_change_the_order(name in "[a-zàảãáạăắâấđêếệôốơớưứýỵ ]{0,30}") {
            prop_assert_eq!(name_sort_key(&title_case_name(&name)), name_sort_key(&name));
            prop_assert_eq!(name_sort_key(&name.to_uppercase()), name_sort_key(&name));
        }

        #[test]
        fn any_text_is_answered(name: String) {
            let _ = is_person_name(&name);
        }
    }
}
