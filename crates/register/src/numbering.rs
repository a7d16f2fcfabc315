//! Numbers of entries: số / quyển / năm.
//!
//! Numbers begin at 1 each year and run on through all books of the year; a full book is followed
//! by the next (Luật Hộ tịch 60/2014/QH13 Điều 58; NĐ 23/2015/NĐ-CP Điều 13 says the same for
//! certification books). Number and year alone therefore name an entry of a unit's register.

use pack::model::Register;
use serde::{Deserialize, Serialize};

/// The place of a new entry in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// Running number within the year, from 1.
    pub number: u32,
    /// Book within the year, from 1.
    pub book: u32,
    /// Year of the book.
    pub year: i16,
    /// Number as written, such as `125/2026`.
    pub number_text: String,
    /// Book as written, such as `01/2026`.
    pub book_text: String,
}

/// The place after the last one (book, number) of this unit's register in this year; the first place
/// of the year after none.
///
/// Without gaps and doubles when the caller reads the last place and writes the new entry in one
/// transaction.
pub fn next(register: &Register, last: Option<(u32, u32)>, year: i16) -> Numbered {
    let (book, number) = match last {
        None => (1, 1),
        // The very last u32 would be given twice: the store's unique rule then refuses the entry.
        Some((book, number)) => (book_after(register, book, number), number.saturating_add(1)),
    };
    at(register, book, number, year)
}

/// A place that is known already, such as that of an entry of an old paper book.
pub fn at(register: &Register, book: u32, number: u32, year: i16) -> Numbered {
    Numbered {
        number,
        book,
        year,
        number_text: written(&register.number_format, book, number, year),
        book_text: written(&register.book_format, book, number, year),
    }
}

/// The book for the entry after this one. Never an earlier book, even if a newer version of the
/// register makes the books larger.
fn book_after(register: &Register, book: u32, number: u32) -> u32 {
    let is_full = register.book_size.is_some_and(|size| number >= book.saturating_mul(size));
    if is_full { book.saturating_add(1) } else { book }
}

fn written(format: &str, book: u32, number: u32, year: i16) -> String {
    format
        .replace("{number}", &number.to_string())
        .replace("{book}", &format!("{book:02}"))
        .replace("{year}", &year.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::testing;

    fn register(book_size: Option<u32>) -> Register {
        Register { book_size, ..testing::register().clone() }
    }

    #[test]
    fn the_first_number_of_a_year_is_one_in_book_one() {
        let first = next(&register(None), None, 2026);
        assert_eq!((first.number, first.book, first.year), (1, 1, 2026));
        assert_eq!((first.number_text.as_str(), first.book_text.as_str()), ("1/2026", "01/2026"));
    }

    #[test]
    fn a_register_without_a_book_size_keeps_one_book_a_year() {
        let after = next(&register(None), Some((1, 99_999)), 2026);
        assert_eq!((after.book, after.number), (1, 100_000));
    }

    #[test]
    fn a_full_book_is_followed_by_the_next_and_the_numbers_run_on() {
        let register = register(Some(200));
        let place = |last| {
            let after = next(&register, Some(last), 2026);
            (after.book, after.number)
        };
        assert_eq!(place((1, 198)), (1, 199));
        assert_eq!(place((1, 199)), (1, 200));
        assert_eq!(place((1, 200)), (2, 201));
        assert_eq!(place((2, 400)), (3, 401));
    }

    #[test]
    fn a_book_is_never_reopened_when_the_size_of_books_changes() {
        let larger = next(&register(Some(1_000)), Some((3, 250)), 2026);
        assert_eq!((larger.book, larger.number), (3, 251));
        let smaller = next(&register(Some(100)), Some((1, 250)), 2026);
        assert_eq!((smaller.book, smaller.number), (2, 251));
    }

    #[test]
    fn the_formats_are_those_of_the_register() {
        let register = Register {
            number_format: "{number}/{year}/TP-{book}".to_owned(),
            book_format: "Quyển số {book} năm {year}".to_owned(),
            ..register(None)
        };
        let numbered = at(&register, 3, 1_250, 2026);
        assert_eq!(numbered.number_text, "1250/2026/TP-03");
        assert_eq!(numbered.book_text, "Quyển số 03 năm 2026");
    }

    #[test]
    fn the_end_of_counting_is_no_panic() {
        let end = next(&register(Some(u32::MAX)), Some((u32::MAX, u32::MAX)), i16::MAX);
        assert_eq!((end.book, end.number), (u32::MAX, u32::MAX));
    }

    proptest! {
        /// Units take turns at random, years pass, some approvals come to nothing after the number
        /// was worked out, and are tried again.
        #[test]
        fn numbers_have_no_gaps_and_no_doubles(
            book_size in proptest::option::of(1_u32..7),
            turns in proptest::collection::vec((0_u8..4, 2024_i16..2028, any::<bool>()), 0..200),
        ) {
            let register = register(book_size);
            let mut written: BTreeMap<(u8, i16), Vec<Numbered>> = BTreeMap::new();
            for (unit, year, commits) in turns {
                let book = written.entry((unit, year)).or_default();
                let last = book.last().map(|last| (last.book, last.number));
                let numbered = next(&register, last, year);
                if commits {
                    book.push(numbered);
                }
            }
            for ((_, year), entries) in &written {
                let count = u32::try_from(entries.len()).unwrap();
                let numbers: Vec<u32> = entries.iter().map(|entry| entry.number).collect();
                prop_assert_eq!(numbers, (1..=count).collect::<Vec<u32>>());
                let texts: BTreeSet<&str> = entries.iter().map(|entry| entry.number_text.as_str()).collect();
                prop_assert_eq!(texts.len(), entries.len());
                for entry in entries {
                    prop_assert_eq!(entry.year, *year);
                    let book = book_size.map_or(1, |size| (entry.number - 1) / size + 1);
                    prop_assert_eq!(entry.book, book);
                }
            }
        }
    }
}
