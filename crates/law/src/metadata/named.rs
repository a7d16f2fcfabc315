//! Documents named in a sentence by number and day.

use super::date;
use crate::model::Basis;

/// The first number and symbol in a text: "57/2020/QH14", "57-NQ/TW".
pub(crate) fn symbol(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('/')) {
        let slash = from + at;
        from = slash + 1;
        let start = text.get(..slash)?.rfind(is_break).map_or(0, |before| {
            before
                + text.get(before..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let end = text.get(slash..)?.find(is_break).map_or(text.len(), |length| slash + length);
        let token = text.get(start..end)?.trim_end_matches(['.', ',', ';', ':', '-', '/']);
        if is_symbol(token) {
            return Some(token);
        }
        from = from.max(end);
    }
    None
}

fn is_break(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, ',' | ';' | '(' | ')' | '[' | ']' | '“' | '”' | '"' | ':')
}

fn is_symbol(token: &str) -> bool {
    let starts_with_number = token.starts_with(|first: char| first.is_ascii_digit());
    let last = token.rsplit('/').next().unwrap_or("");
    starts_with_number
        && token.len() <= 60
        && last.chars().filter(|letter| letter.is_uppercase()).count() >= 2
        && token
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '/' | '-' | '.' | '&' | '–'))
        || starts_with_number
            && last.starts_with(char::is_uppercase)
            && last.contains('-')
            && token.len() <= 60
}

/// A sentence that names a document.
pub(crate) fn basis(text: &str) -> Basis {
    let text = text.trim().trim_end_matches([';', '.', ',', ' ']);
    Basis {
        text: text.to_owned(),
        number: symbol(text).map(str::to_owned),
        issued_on: issued_on(text),
    }
}

/// The day after the number, not that of effect: "… ngày 16 tháng 6 năm 2020, có hiệu lực …".
fn issued_on(text: &str) -> Option<jiff::civil::Date> {
    let end = text.find("có hiệu lực").or_else(|| text.find("được sửa đổi")).unwrap_or(text.len());
    date::first(text.get(..end)?).map(|found| found.date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_number_is_found_in_the_sentence() {
        for (text, number) in [
            ("Căn cứ Luật Thanh niên số 57/2020/QH14;", "57/2020/QH14"),
            ("Nghị định số 15/2020/NĐ-CP[1] ngày", "15/2020/NĐ-CP"),
            ("Quyết định số 1205/QĐ-TTg.", "1205/QĐ-TTg"),
            ("Nghị quyết số 57-NQ/TW ngày", "57-NQ/TW"),
            ("ngày 01/7/2026, số 16/VBHN-VPQH", "16/VBHN-VPQH"),
        ] {
            assert_eq!(symbol(text), Some(number), "{text}");
        }
        assert_eq!(symbol("ngày 01/7/2026 và/hoặc"), None);
    }

    #[test]
    fn a_basis_has_its_day_of_issue_and_not_of_effect() {
        let basis =
            basis("Luật A số 8/2017/QH14 ngày 19 tháng 6 năm 2017, có hiệu lực từ ngày 01/7/2018;");
        assert_eq!(basis.issued_on, Some(date(2017, 6, 19)));
        assert!(basis.text.ends_with("2018"));
    }
}
