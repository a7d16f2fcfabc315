//! Small helpers for texts of people.

use kernel::text::clean_line;

/// Several lines, each made normal, without blank ends.
pub(crate) fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(clean_line).collect();
    lines.join("\n").trim().to_owned()
}

/// The first letter small, unless the first word is an abbreviation ("CCCD").
pub(crate) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), letters.next()) else {
        return String::new();
    };
    if second.is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    let mut lowered: String = first.to_lowercase().collect();
    lowered.push_str(text.get(first.len_utf8()..).unwrap_or_default());
    lowered
}

/// A sentence without its full stop, to be gone on with.
pub(crate) fn without_stop(text: &str) -> &str {
    text.trim().trim_end_matches(['.', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_keeps_its_capitals_inside_a_sentence() {
        assert_eq!(lower_first("CCCD của mẹ"), "CCCD của mẹ");
        assert_eq!(lower_first("Đường phố"), "đường phố");
        assert_eq!(lower_first(""), "");
        assert_eq!(lower_first("Ấ"), "ấ");
    }

    #[test]
    fn lines_are_cleaned_one_by_one() {
        assert_eq!(clean_lines("  a  b \r\n\n c\u{200b}d \n\n"), "a b\n\ncd");
    }
}
