//! Bytes to text: which encoding it is, and letters as everything here expects them.

use kernel::text::clean_line;

use super::legacy::{self, Legacy};
use super::syllable::Plausibility;

/// How the bytes of a text were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with or without a mark in front.
    Utf8,
    /// UTF-16 with a mark in front, or plainly recognisable without.
    Utf16,
    /// Windows-1258.
    Windows1258,
    /// Windows-1252: no Vietnamese at all.
    Windows1252,
    /// An encoding of fonts from before Unicode.
    Legacy(Legacy),
}

/// The bytes as text, and how they were read. Never fails: what cannot be read becomes U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    if let Some(text) = marked(bytes) {
        return text;
    }
    if let Some(is_little) = looks_like_utf16(bytes) {
        return (utf16(bytes, is_little), Encoding::Utf16);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match legacy::suspected(text, 5) {
            Some(legacy) => (legacy.convert(text), Encoding::Legacy(legacy)),
            None => (text.to_owned(), Encoding::Utf8),
        },
        // A single bad byte in a long text is damage, not another encoding.
        Err(_) if is_nearly_utf8(bytes) => {
            (String::from_utf8_lossy(bytes).into_owned(), Encoding::Utf8)
        }
        Err(_) => one_byte_a_letter(bytes),
    }
}

/// The same where a label (`charset=…`) says what it should be. A label is believed unless the
/// bytes contradict it; text in old fonts is converted whatever the label.
pub(super) fn decode_labelled(bytes: &[u8], label: &str) -> (String, Encoding) {
    let text = match label.to_ascii_lowercase().as_str() {
        "windows-1258" | "cp1258" | "x-cp1258" => {
            let text = legacy::windows_1258(bytes);
            return (text, Encoding::Windows1258);
        }
        "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" | "us-ascii" | "x-user-defined"
            if std::str::from_utf8(bytes).is_err() =>
        {
            legacy::windows_1252(bytes)
        }
        _ => return decode(bytes),
    };
    match legacy::suspected(&text, 5) {
        Some(legacy) => (legacy.convert(&legacy_characters(bytes)), Encoding::Legacy(legacy)),
        None => (text, Encoding::Windows1252),
    }
}

fn marked(bytes: &[u8]) -> Option<(String, Encoding)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = String::from_utf8_lossy(rest);
        return Some(match legacy::suspected(&text, 5) {
            Some(legacy) => (legacy.convert(&text), Encoding::Legacy(legacy)),
            None => (text.into_owned(), Encoding::Utf8),
        });
    }
    let (rest, is_little) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, true),
        [0xFE, 0xFF, rest @ ..] => (rest, false),
        _ => return None,
    };
    Some((utf16(rest, is_little), Encoding::Utf16))
}

/// UTF-16 without a mark: every other byte of its ASCII is zero.
fn looks_like_utf16(bytes: &[u8]) -> Option<bool> {
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    let zeros =
        |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = start.len() / 5;
    match (even, odd) {
        _ if start.len() < 8 => None,
        (0, odd) if odd > many => Some(true),
        (even, 0) if even > many => Some(false),
        _ => None,
    }
}

fn utf16(bytes: &[u8], is_little: bool) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|pair| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect()
}

fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let bad = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    bad * 20 < high
}

/// No Unicode: the encoding in which most words are Vietnamese.
fn one_byte_a_letter(bytes: &[u8]) -> (String, Encoding) {
    let western = legacy::windows_1252(bytes);
    let candidates = [
        (Encoding::Windows1258, legacy::windows_1258(bytes)),
        (Encoding::Legacy(Legacy::Tcvn3), Legacy::Tcvn3.convert(&legacy_characters(bytes))),
        (Encoding::Legacy(Legacy::Vni), Legacy::Vni.convert(&western)),
    ];
    let mut best = (0, Encoding::Windows1252, western);
    for (encoding, text) in candidates {
        let score = Plausibility::of(&text).permille();
        if score > best.0 && score >= 500 {
            best = (score, encoding, text);
        }
    }
    (best.2, best.1)
}

/// Each byte as the character of the same number: old encodings use none of the control codes that
/// Windows filled with typography.
fn legacy_characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// A part of an office file: UTF-8 unless it says otherwise in front.
pub(super) fn xml_text(bytes: &[u8]) -> String {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, true),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, false),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// One line of text as everything here expects it: NFC, single spaces, nothing invisible, and the
/// Icelandic letter that old keyboards gave for Đ as Đ.
pub(super) fn clean(text: &str) -> String {
    let line = clean_line(text);
    if line.contains(['\u{D0}', '\u{F0}']) {
        line.replace('\u{D0}', "Đ").replace('\u{F0}', "đ")
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::legacy::tests::{to_tcvn3, to_vni};
    use super::*;

    const SENTENCE: &str = "Điều 3. Ủy ban nhân dân xã, phường có trách nhiệm tiếp nhận hồ sơ, \
                            hướng dẫn người dân và trả kết quả đúng thời hạn quy định.";

    fn latin1(text: &str) -> Vec<u8> {
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
    }

    #[test]
    fn unicode_is_read_with_and_without_a_mark() {
        let with_mark = [b"\xEF\xBB\xBF".as_slice(), SENTENCE.as_bytes()].concat();
        let little: Vec<u8> = SENTENCE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = SENTENCE.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            SENTENCE.as_bytes().to_vec(),
            with_mark,
            [b"\xFF\xFE".as_slice(), &little].concat(),
            [b"\xFE\xFF".as_slice(), &big].concat(),
            little,
            big,
        ] {
            assert_eq!(decode(&bytes).0, SENTENCE);
        }
    }

    #[test]
    fn old_encodings_are_told_apart_by_what_makes_sense() {
        let (text, encoding) = decode(&latin1(&to_tcvn3(SENTENCE)));
        assert_eq!(encoding, Encoding::Legacy(Legacy::Tcvn3));
        assert_eq!(text, SENTENCE.replace('Ủ', "ủ"), "capitals with a tone have no code");
        let (text, encoding) = decode(&latin1(&to_vni(SENTENCE)));
        assert_eq!((text.as_str(), encoding), (SENTENCE, Encoding::Legacy(Legacy::Vni)));
        let (text, encoding) =
            decode(b"\xD0i\xEA\xCCu 3. Th\xE2\xD2m quy\xEA\xCCn quy\xEA\xECt \xF0i\xF2nh");
        assert_eq!(
            (text.as_str(), encoding),
            ("Điều 3. Thẩm quyền quyết định", Encoding::Windows1258)
        );
    }

    #[test]
    fn old_encodings_pasted_into_unicode_are_converted_too() {
        let (text, encoding) = decode(to_vni(SENTENCE).as_bytes());
        assert_eq!((text.as_str(), encoding), (SENTENCE, Encoding::Legacy(Legacy::Vni)));
        let (_, encoding) = decode(to_tcvn3(SENTENCE).as_bytes());
        assert_eq!(encoding, Encoding::Legacy(Legacy::Tcvn3));
    }

    #[test]
    fn one_damaged_byte_does_not_change_the_encoding() {
        let mut bytes = SENTENCE.repeat(3).into_bytes();
        bytes[200] = 0xFF;
        let (text, encoding) = decode(&bytes);
        assert_eq!(encoding, Encoding::Utf8);
        assert!(text.contains('\u{FFFD}') && text.contains("đúng thời hạn"));
    }

    #[test]
    fn the_icelandic_letter_is_the_vietnamese_one() {
        assert_eq!(clean("\u{FEFF}Ðiều\u{200B} 1.\u{A0}\u{AD} Ði\tkèm "), "Điều 1. Đi kèm");
        assert_eq!(clean("tie\u{302}\u{301}ng"), "tiếng");
    }
}
