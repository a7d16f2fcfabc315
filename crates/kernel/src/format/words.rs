//! Numbers in Vietnamese words.

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// A billion; beyond it Vietnamese counts billions ("một nghìn tỷ").
const BILLION: u64 = 1_000_000_000;

/// The number in words, lower case: `hai mươi mốt`, `một trăm linh năm`, `âm ba`.
///
/// Groups of three digits behind a larger one are read in full ("hai nghìn không trăm hai mươi
/// sáu"); groups of zeros are left out.
pub fn number(number: i64) -> String {
    let mut words = Vec::new();
    if number < 0 {
        words.push("âm");
    }
    if number == 0 {
        words.push("không");
    }
    push_number(number.unsigned_abs(), false, &mut words);
    words.join(" ")
}

/// Reads a number above the billions as so many billions and the rest.
fn push_number(number: u64, in_full: bool, words: &mut Vec<&'static str>) {
    let (billions, rest) = (number / BILLION, number % BILLION);
    if billions > 0 {
        push_number(billions, in_full, words);
        words.push("tỷ");
    }
    push_below_billion(rest, in_full || billions > 0, words);
}

fn push_below_billion(number: u64, in_full: bool, words: &mut Vec<&'static str>) {
    let mut in_full = in_full;
    let groups =
        [(number / 1_000_000, "triệu"), (number / 1_000 % 1_000, "nghìn"), (number % 1_000, "")];
    for (group, name) in groups {
        if group == 0 {
            continue;
        }
        push_group(group, in_full, words);
        if !name.is_empty() {
            words.push(name);
        }
        in_full = true;
    }
}

/// Reads 1 to 999; `in_full` says the hundreds even when there are none.
fn push_group(group: u64, in_full: bool, words: &mut Vec<&'static str>) {
    let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
    let says_hundreds = hundreds > 0 || in_full;
    if says_hundreds {
        words.push(digit(hundreds));
        words.push("trăm");
    }
    match (tens, ones) {
        (0, 0) => {}
        (0, _) if says_hundreds => words.extend(["linh", digit(ones)]),
        (0, _) => words.push(digit(ones)),
        (1, _) => words.push("mười"),
        _ => words.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (0, _) | (_, 0) => {}
        (_, 5) => words.push("lăm"),
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        _ => words.push(digit(ones)),
    }
}

fn digit(digit: u64) -> &'static str {
    usize::try_from(digit).ok().and_then(|index| DIGITS.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_numbers_follow_the_rules_of_one_four_and_five() {
        for (given, expected) in [
            (0, "không"),
            (1, "một"),
            (5, "năm"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (20, "hai mươi"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (25, "hai mươi lăm"),
            (91, "chín mươi mốt"),
            (99, "chín mươi chín"),
        ] {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn a_missing_ten_is_linh() {
        for (given, expected) in [
            (100, "một trăm"),
            (101, "một trăm linh một"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (115, "một trăm mười lăm"),
            (121, "một trăm hai mươi mốt"),
            (1_001, "một nghìn không trăm linh một"),
            (2_026, "hai nghìn không trăm hai mươi sáu"),
            (10_010, "mười nghìn không trăm mười"),
        ] {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn large_numbers_count_thousands_millions_and_billions() {
        for (given, expected) in [
            (8_000, "tám nghìn"),
            (200_000, "hai trăm nghìn"),
            (1_000_005, "một triệu không trăm linh năm"),
            (1_005_000, "một triệu không trăm linh năm nghìn"),
            (
                1_234_567_891,
                "một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi mốt",
            ),
            (3_000_000_000_000, "ba nghìn tỷ"),
            (-21, "âm hai mươi mốt"),
        ] {
            assert_eq!(number(given), expected);
        }
    }

    proptest! {
        #[test]
        fn any_number_has_words_without_holes(given: i64) {
            let words = number(given);
            prop_assert!(!words.contains("  ") && !words.starts_with(' ') && !words.ends_with(' '));
            prop_assert_eq!(words.starts_with("âm "), given < 0);
        }

        #[test]
        fn different_numbers_have_different_words(one in 0_i64..2_000_000_000, two in 0_i64..2_000_000_000) {
            prop_assert_eq!(number(one) == number(two), one == two);
        }
    }
}
