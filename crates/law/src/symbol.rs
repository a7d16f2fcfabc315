//! Number and symbol of a document (số, ký hiệu), in any spelling.

use kernel::text::{fold, nfc};

/// A key that is equal for all spellings of one number and symbol: `57/2020/QH14`, `57-2020-qh14`,
/// `57/2020/qh14` → `57-2020-qh14`; `15/2020/NĐ-CP` → `15-2020-nd-cp`. It is also the document's part of
/// an address. Leading zeros of the number go: `01/2021` and `1/2021` are one.
#[must_use]
pub fn key(symbol: &str) -> String {
    // Old converters wrote the Icelandic eth for the letter đ.
    let folded = fold(&nfc(symbol).replace(['Ð', 'ð'], "đ"));
    let mut parts: Vec<&str> = folded
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    if let Some(first) = parts.first_mut() {
        let trimmed = first.trim_start_matches('0');
        if !trimmed.is_empty() {
            *first = trimmed;
        }
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_number_have_one_key() {
        for spelling in ["57/2020/QH14", "57-2020-QH14", "57/2020/qh14", " 57 / 2020 / QH14 "] {
            assert_eq!(key(spelling), "57-2020-qh14");
        }
        assert_eq!(key("15/2020/NĐ-CP"), key("15/2020/nd-cp"));
        assert_eq!(key("15/2020/NÐ-CP"), "15-2020-nd-cp", "eth for đ");
        assert_eq!(key("01/2021/TT-BTP"), "1-2021-tt-btp");
    }
}
