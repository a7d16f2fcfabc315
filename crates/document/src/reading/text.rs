//! Plain text: one paragraph a line.

use kernel::paragraph::Paragraph;

use super::encoding::{self, Encoding, clean};
use super::{Format, Notice, Reading};

pub(super) fn read(bytes: &[u8]) -> Reading {
    let (text, encoding) = encoding::decode(bytes);
    let paragraphs: Vec<Paragraph> = text
        .split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(clean)
        .filter(|line| !line.is_empty())
        .map(Paragraph::plain)
        .collect();
    let mut notices = of_encoding(encoding, &text);
    if paragraphs.is_empty() {
        notices.push(Notice::no_text());
    }
    Reading::of(Format::Text, paragraphs, notices)
}

/// What a person should know about how the bytes were read.
pub(super) fn of_encoding(encoding: Encoding, text: &str) -> Vec<Notice> {
    let mut notices = Vec::new();
    match encoding {
        Encoding::Legacy(legacy) => notices.push(Notice::converted_encoding(legacy)),
        Encoding::Windows1258 => notices.push(Notice::windows_1258()),
        Encoding::Windows1252 if !text.is_ascii() => notices.push(Notice::unknown_encoding()),
        Encoding::Windows1252 | Encoding::Utf8 | Encoding::Utf16 => {}
    }
    if text.contains('\u{FFFD}') {
        notices.push(Notice::damaged_characters());
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_paragraph_and_blank_lines_are_none() {
        let reading = read(
            "\u{FEFF}Điều 1.\r\n\r\n  Phạm vi\u{A0} \nđiê\u{300}u chỉnh\u{2028}Hết".as_bytes(),
        );
        let text: Vec<&str> = reading.paragraphs.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(text, ["Điều 1.", "Phạm vi", "điều chỉnh", "Hết"]);
        assert!(reading.notices.is_empty());
    }

    #[test]
    fn old_encodings_are_told_to_the_person() {
        let reading =
            read(b"\xA7i\xD2u 1. Ph\xB9m vi \xAEi\xD2u ch\xD8nh c\xF1a quy\xD5t \xAE\xDEnh");
        assert_eq!(reading.paragraphs[0].text, "Điều 1. Phạm vi điều chỉnh của quyết định");
        assert_eq!(reading.notices[0].code, "converted-encoding");
    }
}
