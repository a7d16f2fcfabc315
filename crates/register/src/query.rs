//! What a person typed into the search box of a register.

use kernel::person_number::PersonNumber;
use kernel::text::tokens;

/// Words of a name that are looked for; more would not narrow the search down.
const MAX_WORDS: usize = 10;
/// Years that may stand after a number.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2199;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Nothing was typed.
    Nothing,
    /// The entry of this number, in this year if one was given.
    Number {
        /// Running number within the year.
        number: u32,
        /// Year of the book.
        year: Option<i16>,
    },
    /// Entries about the person of this number.
    Person(PersonNumber),
    /// Entries with a name that has all these words, folded, each once, in any order.
    Name(Vec<String>),
}

/// Reads the search box: `125/2026`, `số 125 năm 2026`, `Số: 125/2026, quyển số: 01/2026`, twelve
/// digits, or a name with or without tones.
///
/// The book may be given but is not needed, since numbers run on through the books of a year.
pub fn parse(text: &str) -> Query {
    let mut words = tokens(text);
    let person = |text: &str| PersonNumber::parse(text).ok();
    let whole = person(text).or_else(|| words.iter().find_map(|word| person(word)));
    if let Some(number) = whole {
        return Query::Person(number);
    }
    if let Some((number, year)) = number_and_year(&words) {
        return Query::Number { number, year };
    }
    let mut seen = std::collections::BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.truncate(MAX_WORDS);
    if words.is_empty() { Query::Nothing } else { Query::Name(words) }
}

/// The number, and the year if there is one, when there are only numbers and the words around them.
fn number_and_year(words: &[String]) -> Option<(u32, Option<i16>)> {
    let mut numbers: Vec<&str> = Vec::new();
    let mut book_follows = false;
    for word in words {
        match word.as_str() {
            "quyen" => book_follows = true,
            "so" | "nam" => {}
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                if !std::mem::take(&mut book_follows) {
                    numbers.push(digits);
                }
            }
            _ => return None,
        }
    }
    let year = |text: &str| text.parse().ok().filter(|year| YEARS.contains(year));
    match numbers.as_slice() {
        [number] => Some((number.parse().ok()?, None)),
        [number, after] => Some((number.parse().ok()?, Some(year(after)?))),
        // The year of the number and that of the book.
        [number, after, again] if after == again => {
            Some((number.parse().ok()?, Some(year(after)?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(number: u32, year: Option<i16>) -> Query {
        Query::Number { number, year }
    }

    fn name(words: &[&str]) -> Query {
        Query::Name(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_number_with_its_year_is_read_however_it_is_written() {
        for typed in [
            "125/2026",
            " 125 / 2026 ",
            "0125-2026",
            "số 125 năm 2026",
            "SO 125 NAM 2026",
            "Số: 125/2026",
            "Số: 125/2026, Quyển số: 01/2026",
            "số 125 quyển 01/2026",
        ] {
            assert_eq!(parse(typed), number(125, Some(2026)), "{typed}");
        }
    }

    #[test]
    fn a_number_alone_has_no_year() {
        assert_eq!(parse("125"), number(125, None));
        assert_eq!(parse("số 125"), number(125, None));
        assert_eq!(parse("số 125, quyển số 1"), number(125, None));
    }

    #[test]
    fn what_is_no_year_does_not_become_one() {
        for typed in ["125/26", "125/99999", "1/2/2026", "99999999999/2026"] {
            assert!(matches!(parse(typed), Query::Name(_)), "{typed}");
        }
    }

    #[test]
    fn twelve_digits_are_a_person_also_beside_a_name() {
        let person = Query::Person(PersonNumber::parse("087326000123").unwrap());
        for typed in ["087326000123", " 087 326 000 123", "087.326.000.123", "CCCD 087326000123"] {
            assert_eq!(parse(typed), person, "{typed}");
        }
        assert_eq!(parse("Nguyễn An 087326000123"), person);
    }

    #[test]
    fn anything_else_is_a_name_without_tones_each_word_once() {
        assert_eq!(parse("  Nguyễn thị HOÀ"), name(&["nguyen", "thi", "hoa"]));
        assert_eq!(parse("Lê Lê"), name(&["le"]));
        assert_eq!(parse("Trần Văn Năm"), name(&["tran", "van", "nam"]));
        assert_eq!(parse("Năm"), name(&["nam"]));
        assert_eq!(parse(""), Query::Nothing);
        assert_eq!(parse(" -/ "), Query::Nothing);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text: String) {
            match parse(&text) {
                Query::Name(words) => prop_assert!(!words.is_empty() && words.len() <= MAX_WORDS),
                Query::Nothing => prop_assert!(tokens(&text).is_empty()),
                Query::Number { .. } | Query::Person(_) => {}
            }
        }

        #[test]
        fn a_number_as_written_in_the_book_finds_itself(place in 1_u32.., book in 1_u32..99, year in 1900_i16..2100) {
            let numbered = crate::numbering::at(crate::testing::register(), book, place, year);
            prop_assert_eq!(parse(&numbered.number_text), number(place, Some(year)));
            let both = format!("Số {}, quyển số {}", numbered.number_text, numbered.book_text);
            prop_assert_eq!(parse(&both), number(place, Some(year)));
        }
    }
}
