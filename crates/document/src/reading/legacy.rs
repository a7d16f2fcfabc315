//! Encodings from before Unicode: TCVN 5712 (ABC, the fonts `.Vn…`), VNI for Windows (the fonts
//! `VNI-…`), Windows-1258.
//!
//! Text in the first two often survives as the Latin letters of the same bytes, inside files that
//! are otherwise Unicode; so the tables are over characters, and bytes are made characters first.
//! Sources: TCVN 5712:1993 (table VN3), the VNI double-byte table, Microsoft's code page 1258.

use super::syllable::Plausibility;

/// An encoding from before Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Legacy {
    /// TCVN 5712 VN3, "ABC": one character a letter.
    Tcvn3,
    /// VNI for Windows: a letter and a mark behind it.
    Vni,
}

impl Legacy {
    /// What a font says about the encoding of its text, and whether it shows small letters as
    /// capitals.
    pub(super) fn of_font(font: &str) -> Option<(Legacy, bool)> {
        if let Some(name) = font.strip_prefix(".Vn").or_else(|| font.strip_prefix(".VN")) {
            return Some((Legacy::Tcvn3, name.ends_with('H')));
        }
        font.get(..4)
            .filter(|start| start.eq_ignore_ascii_case("VNI-"))
            .map(|_| (Legacy::Vni, false))
    }

    /// The text in Unicode. Characters that the encoding does not have stay.
    pub(super) fn convert(self, text: &str) -> String {
        match self {
            Legacy::Tcvn3 => text.chars().map(|c| tcvn3(c).unwrap_or(c)).collect(),
            Legacy::Vni => vni(text),
        }
    }
}

/// The encoding in which a text of Latin letters makes far more sense than as it stands.
///
/// Asked only for texts in which at least `fewest` words hold a letter beyond ASCII.
pub(super) fn suspected(text: &str, fewest: usize) -> Option<Legacy> {
    if has_vietnamese_letters(text) {
        return None;
    }
    let as_it_is = Plausibility::of(text);
    if as_it_is.words < fewest || as_it_is.permille() > 400 {
        return None;
    }
    let (score, legacy) = [Legacy::Tcvn3, Legacy::Vni]
        .map(|legacy| (Plausibility::of(&legacy.convert(text)).permille(), legacy))
        .into_iter()
        .max_by_key(|(score, _)| *score)?;
    (score >= 800 && score >= as_it_is.permille() + 300).then_some(legacy)
}

/// Does it hold letters that only Unicode text has?
pub(super) fn has_vietnamese_letters(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ơ' | 'ư' | 'Ơ' | 'Ư' | 'đ'))
}

/// Table VN3, from A1 on; capitals with a tone come from a font of capitals.
const TCVN3: [(char, char); 74] = [
    ('\u{A1}', 'Ă'),
    ('\u{A2}', 'Â'),
    ('\u{A3}', 'Ê'),
    ('\u{A4}', 'Ô'),
    ('\u{A5}', 'Ơ'),
    ('\u{A6}', 'Ư'),
    ('\u{A7}', 'Đ'),
    ('\u{A8}', 'ă'),
    ('\u{A9}', 'â'),
    ('\u{AA}', 'ê'),
    ('\u{AB}', 'ô'),
    ('\u{AC}', 'ơ'),
    ('\u{AD}', 'ư'),
    ('\u{AE}', 'đ'),
    ('\u{B5}', 'à'),
    ('\u{B6}', 'ả'),
    ('\u{B7}', 'ã'),
    ('\u{B8}', 'á'),
    ('\u{B9}', 'ạ'),
    ('\u{BB}', 'ằ'),
    ('\u{BC}', 'ẳ'),
    ('\u{BD}', 'ẵ'),
    ('\u{BE}', 'ắ'),
    ('\u{C6}', 'ặ'),
    ('\u{C7}', 'ầ'),
    ('\u{C8}', 'ẩ'),
    ('\u{C9}', 'ẫ'),
    ('\u{CA}', 'ấ'),
    ('\u{CB}', 'ậ'),
    ('\u{CC}', 'è'),
    ('\u{CE}', 'ẻ'),
    ('\u{CF}', 'ẽ'),
    ('\u{D0}', 'é'),
    ('\u{D1}', 'ẹ'),
    ('\u{D2}', 'ề'),
    ('\u{D3}', 'ể'),
    ('\u{D4}', 'ễ'),
    ('\u{D5}', 'ế'),
    ('\u{D6}', 'ệ'),
    ('\u{D7}', 'ì'),
    ('\u{D8}', 'ỉ'),
    ('\u{DC}', 'ĩ'),
    ('\u{DD}', 'í'),
    ('\u{DE}', 'ị'),
    ('\u{DF}', 'ò'),
    ('\u{E1}', 'ỏ'),
    ('\u{E2}', 'õ'),
    ('\u{E3}', 'ó'),
    ('\u{E4}', 'ọ'),
    ('\u{E5}', 'ồ'),
    ('\u{E6}', 'ổ'),
    ('\u{E7}', 'ỗ'),
    ('\u{E8}', 'ố'),
    ('\u{E9}', 'ộ'),
    ('\u{EA}', 'ờ'),
    ('\u{EB}', 'ở'),
    ('\u{EC}', 'ỡ'),
    ('\u{ED}', 'ớ'),
    ('\u{EE}', 'ợ'),
    ('\u{EF}', 'ù'),
    ('\u{F1}', 'ủ'),
    ('\u{F2}', 'ũ'),
    ('\u{F3}', 'ú'),
    ('\u{F4}', 'ụ'),
    ('\u{F5}', 'ừ'),
    ('\u{F6}', 'ử'),
    ('\u{F7}', 'ữ'),
    ('\u{F8}', 'ứ'),
    ('\u{F9}', 'ự'),
    ('\u{FA}', 'ỳ'),
    ('\u{FB}', 'ỷ'),
    ('\u{FC}', 'ỹ'),
    ('\u{FD}', 'ý'),
    ('\u{FE}', 'ỵ'),
];

fn tcvn3(character: char) -> Option<char> {
    let at = TCVN3.binary_search_by_key(&character, |(code, _)| *code).ok()?;
    TCVN3.get(at).map(|(_, letter)| *letter)
}

/// Letters that VNI writes with one character.
const VNI_SINGLE: [(char, char); 20] = [
    ('ñ', 'đ'),
    ('Ñ', 'Đ'),
    ('ô', 'ơ'),
    ('Ô', 'Ơ'),
    ('ö', 'ư'),
    ('Ö', 'Ư'),
    ('í', 'í'),
    ('ì', 'ì'),
    ('æ', 'ỉ'),
    ('ó', 'ĩ'),
    ('ò', 'ị'),
    ('î', 'ỵ'),
    ('Í', 'Í'),
    ('Ì', 'Ì'),
    ('Æ', 'Ỉ'),
    ('Ó', 'Ĩ'),
    ('Ò', 'Ị'),
    ('Î', 'Ỵ'),
    ('ð', 'đ'),
    ('Ð', 'Đ'),
];
/// Marks of VNI behind a letter: as combining marks, the shape first, then the tone.
const VNI_MARKS: [(char, &str); 17] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

fn vni(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut may_take_mark = None;
    for character in text.chars() {
        let mark = may_take_mark.and_then(|base| vni_mark(base, character));
        if let Some(mark) = mark {
            result.push_str(mark);
            may_take_mark = None;
            continue;
        }
        let single = VNI_SINGLE.iter().find(|(code, _)| *code == character);
        let letter = single.map_or(character, |(_, letter)| *letter);
        result.push(letter);
        may_take_mark = Some(letter);
    }
    kernel::text::nfc(&result)
}

/// The mark that a character is behind this letter, if the two belong together.
fn vni_mark(base: char, character: char) -> Option<&'static str> {
    let small = character.to_lowercase().next()?;
    let (_, mark) = VNI_MARKS.iter().find(|(code, _)| *code == small)?;
    let shape = mark.chars().next().filter(|_| !is_tone(mark));
    let fits = match base.to_lowercase().next()? {
        'a' => true,
        'e' | 'o' => shape != Some('\u{306}'),
        'u' | 'y' | 'ơ' | 'ư' => shape.is_none(),
        _ => false,
    };
    fits.then_some(*mark)
}

fn is_tone(mark: &str) -> bool {
    !mark.starts_with(['\u{302}', '\u{306}'])
}

/// Characters of code page 1252 between 80 and 9F; 0 where it has none.
const CP1252_HIGH: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// Bytes of code page 1252 as characters.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| cp1252(*byte)).collect()
}

fn cp1252(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|at| CP1252_HIGH.get(usize::from(at)));
    match high {
        Some(0) => '\u{FFFD}',
        Some(code) => char::from_u32(u32::from(*code)).unwrap_or('\u{FFFD}'),
        None => char::from(byte),
    }
}

/// Bytes of code page 1258 as characters, in NFC: its tones are combining marks.
pub(super) fn windows_1258(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| cp1258(*byte)).collect();
    kernel::text::nfc(&text)
}

fn cp1258(byte: u8) -> char {
    match byte {
        0x8A | 0x8E | 0x9A | 0x9E => '\u{FFFD}',
        0xC3 => 'Ă',
        0xCC => '\u{300}',
        0xD0 => 'Đ',
        0xD2 => '\u{309}',
        0xD5 => 'Ơ',
        0xDD => 'Ư',
        0xDE => '\u{303}',
        0xE3 => 'ă',
        0xEC => '\u{301}',
        0xF0 => 'đ',
        0xF2 => '\u{323}',
        0xF5 => 'ơ',
        0xFD => 'ư',
        0xFE => '₫',
        _ => cp1252(byte),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Every letter with every tone, in small letters and then in capitals.
    pub(in crate::reading) fn all_letters() -> Vec<char> {
        let small = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
        small.chars().chain(small.chars().flat_map(char::to_uppercase)).collect()
    }

    /// A letter as VNI writes it, built from the rule of the encoding and not from the table.
    fn in_vni(letter: char) -> String {
        use unicode_normalization::UnicodeNormalization;
        let pairs = [
            ("đ", "ñ"),
            ("Đ", "Ñ"),
            ("í", "í"),
            ("ì", "ì"),
            ("ỉ", "æ"),
            ("ĩ", "ó"),
            ("ị", "ò"),
            ("ỵ", "î"),
            ("Í", "Í"),
            ("Ì", "Ì"),
            ("Ỉ", "Æ"),
            ("Ĩ", "Ó"),
            ("Ị", "Ò"),
            ("Ỵ", "Î"),
        ];
        if let Some((_, vni)) = pairs.iter().find(|(unicode, _)| unicode.starts_with(letter)) {
            return (*vni).to_owned();
        }
        let parts: Vec<char> = letter.nfd().collect();
        let has = |mark: char| parts.contains(&mark);
        let tone =
            ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}'].iter().position(|t| has(*t));
        let row = match (has('\u{302}'), has('\u{306}')) {
            (true, _) => "áàåãäâ",
            (_, true) => "éèúüëê",
            _ => "ùøûõï\0",
        };
        let mark = row.chars().nth(tone.unwrap_or(5)).unwrap();
        let base = match (parts[0], has('\u{31b}')) {
            ('o', true) => 'ô',
            ('O', true) => 'Ô',
            ('u', true) => 'ö',
            ('U', true) => 'Ö',
            (base, _) => base,
        };
        let mark = if letter.is_uppercase() { mark.to_uppercase().next().unwrap() } else { mark };
        let mut vni = base.to_string();
        vni.extend((mark != '\0').then_some(mark));
        vni
    }

    pub(in crate::reading) fn to_vni(text: &str) -> String {
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { in_vni(c) }).collect()
    }

    /// Small letters as TCVN 3 writes them; a capital with a tone has no code of its own.
    pub(in crate::reading) fn to_tcvn3(text: &str) -> String {
        let code = |c: char| TCVN3.iter().find(|(_, letter)| *letter == c).map(|(code, _)| *code);
        text.chars()
            .map(|c| code(c).or_else(|| code(c.to_lowercase().next().unwrap())).unwrap_or(c))
            .collect()
    }

    #[test]
    fn every_letter_comes_back_from_vni() {
        for letter in all_letters() {
            let vni = to_vni(&letter.to_string());
            assert_eq!(Legacy::Vni.convert(&vni), letter.to_string(), "{vni}");
        }
    }

    #[test]
    fn vni_is_what_people_know_it_as() {
        let known = "Ñieàu 1. Phaïm vi ñieàu chænh: thò tröôøng, quyù, coâng chöùng, kyõ thuaät, xöû lyù, AÁn ñònh";
        let unicode =
            "Điều 1. Phạm vi điều chỉnh: thị trường, quý, công chứng, kỹ thuật, xử lý, Ấn định";
        assert_eq!(Legacy::Vni.convert(known), unicode);
    }

    #[test]
    fn every_small_letter_comes_back_from_tcvn3() {
        for letter in all_letters().into_iter().filter(|c| c.is_lowercase()) {
            let tcvn3 = to_tcvn3(&letter.to_string());
            assert_eq!(Legacy::Tcvn3.convert(&tcvn3), letter.to_string(), "{tcvn3}");
        }
        assert!(TCVN3.is_sorted());
    }

    #[test]
    fn tcvn3_is_what_people_know_it_as() {
        let known = "§iÒu 1. Ph¹m vi ®iÒu chØnh: c«ng chøng, quyÕt ®Þnh, thÈm quyÒn, l\u{AD}u tr÷";
        let unicode = "Điều 1. Phạm vi điều chỉnh: công chứng, quyết định, thẩm quyền, lưu trữ";
        assert_eq!(Legacy::Tcvn3.convert(known), unicode);
    }

    #[test]
    fn windows_1258_composes_its_tones() {
        let bytes =
            b"\xD0i\xEA\xCCu, th\xE2\xD2m quy\xEA\xCCn, \xF5\xD2, \xFD\xF2, \xE3\xDE, \xEA\xEC";
        assert_eq!(windows_1258(bytes), "Điều, thẩm quyền, ở, ự, ẵ, ế");
    }

    #[test]
    fn fonts_tell_the_encoding() {
        assert_eq!(Legacy::of_font(".VnTime"), Some((Legacy::Tcvn3, false)));
        assert_eq!(Legacy::of_font(".VnTimeH"), Some((Legacy::Tcvn3, true)));
        assert_eq!(Legacy::of_font("VNI-Times"), Some((Legacy::Vni, false)));
        assert_eq!(Legacy::of_font("Times New Roman"), None);
        assert_eq!(Legacy::of_font("VNồ"), None);
    }

    #[test]
    fn text_that_makes_sense_as_it_is_is_never_suspected() {
        let sentence = "Ủy ban nhân dân cấp xã có trách nhiệm tổ chức thực hiện quyết định này";
        assert_eq!(suspected(sentence, 3), None);
        assert_eq!(suspected("Le père Noël a été généreux, déjà, très fêté, là-bas", 3), None);
        assert_eq!(suspected(&to_tcvn3(sentence), 3), Some(Legacy::Tcvn3));
        assert_eq!(suspected(&to_vni(sentence), 3), Some(Legacy::Vni));
    }
}
