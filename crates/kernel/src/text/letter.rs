//! The letters of Vietnamese, taken apart and put together by table.

/// The tone of a syllable, in dictionary order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tone {
    /// ngang: no mark
    Level,
    /// huyền: à
    Falling,
    /// hỏi: ả
    Dipping,
    /// ngã: ã
    Creaky,
    /// sắc: á
    Rising,
    /// nặng: ạ
    Heavy,
}

const TONES: [Tone; 6] =
    [Tone::Level, Tone::Falling, Tone::Dipping, Tone::Creaky, Tone::Rising, Tone::Heavy];

/// A vowel with its six tones, in dictionary order of both.
struct Vowel {
    /// The letter without tone and mark, as search sees it.
    base: char,
    lower: [char; 6],
    upper: [char; 6],
}

const fn vowel(base: char, lower: [char; 6], upper: [char; 6]) -> Vowel {
    Vowel { base, lower, upper }
}

const VOWELS: [Vowel; 12] = [
    vowel('a', ['a', 'à', 'ả', 'ã', 'á', 'ạ'], ['A', 'À', 'Ả', 'Ã', 'Á', 'Ạ']),
    vowel('a', ['ă', 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ'], ['Ă', 'Ằ', 'Ẳ', 'Ẵ', 'Ắ', 'Ặ']),
    vowel('a', ['â', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ'], ['Â', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ậ']),
    vowel('e', ['e', 'è', 'ẻ', 'ẽ', 'é', 'ẹ'], ['E', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ']),
    vowel('e', ['ê', 'ề', 'ể', 'ễ', 'ế', 'ệ'], ['Ê', 'Ề', 'Ể', 'Ễ', 'Ế', 'Ệ']),
    vowel('i', ['i', 'ì', 'ỉ', 'ĩ', 'í', 'ị'], ['I', 'Ì', 'Ỉ', 'Ĩ', 'Í', 'Ị']),
    vowel('o', ['o', 'ò', 'ỏ', 'õ', 'ó', 'ọ'], ['O', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ']),
    vowel('o', ['ô', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ'], ['Ô', 'Ồ', 'Ổ', 'Ỗ', 'Ố', 'Ộ']),
    vowel('o', ['ơ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ'], ['Ơ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ']),
    vowel('u', ['u', 'ù', 'ủ', 'ũ', 'ú', 'ụ'], ['U', 'Ù', 'Ủ', 'Ũ', 'Ú', 'Ụ']),
    vowel('u', ['ư', 'ừ', 'ử', 'ữ', 'ứ', 'ự'], ['Ư', 'Ừ', 'Ử', 'Ữ', 'Ứ', 'Ự']),
    vowel('y', ['y', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ'], ['Y', 'Ỳ', 'Ỷ', 'Ỹ', 'Ý', 'Ỵ']),
];

/// A Vietnamese vowel taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Place in the table of vowels.
    vowel: u8,
    /// Its tone.
    pub tone: Tone,
    /// Is it a capital?
    pub is_upper: bool,
}

impl Parts {
    /// The letter without tone and mark, lower case: `a` of `Ặ`.
    pub fn base(self) -> char {
        self.row().map_or('a', |row| row.base)
    }

    /// The letter without tone, lower case: `ă` of `Ặ`.
    pub fn plain(self) -> char {
        self.row().and_then(|row| row.lower.first()).copied().unwrap_or('a')
    }

    /// Does it carry a mark (ă â ê ô ơ ư), tone aside?
    pub fn is_marked(self) -> bool {
        self.base() != self.plain()
    }

    /// The same letter with another tone.
    pub fn with_tone(self, tone: Tone) -> char {
        let letters = |row: &'static Vowel| {
            if self.is_upper { &row.upper } else { &row.lower }
        };
        self.row().map(letters).and_then(|row| row.get(tone as usize)).copied().unwrap_or('a')
    }

    fn row(self) -> Option<&'static Vowel> {
        VOWELS.get(usize::from(self.vowel))
    }
}

/// Takes a Vietnamese vowel apart, ASCII ones too; anything else is `None`.
pub fn parts(letter: char) -> Option<Parts> {
    let code = if letter.is_ascii() { ascii_code(letter) } else { code(letter)? };
    unpack(code)
}

/// The ASCII letter, lower case, that search takes a Vietnamese letter beyond ASCII for.
pub fn folded(letter: char) -> Option<char> {
    match code(letter)? {
        NONE => None,
        D_BAR => Some('d'),
        code => unpack(code).map(Parts::base),
    }
}

// The tables: one byte a character over the two blocks that hold every Vietnamese letter beyond
// ASCII, filled from VOWELS at compile time.

const NONE: u8 = 0xFF;
const D_BAR: u8 = 0xFE;

const LATIN_START: u32 = 0xC0;
const LATIN_END: u32 = 0x1B1;
const EXTENDED_START: u32 = 0x1EA0;
const EXTENDED_END: u32 = 0x1EFA;

static LATIN: [u8; (LATIN_END - LATIN_START) as usize] = table(LATIN_START);
static EXTENDED: [u8; (EXTENDED_END - EXTENDED_START) as usize] = table(EXTENDED_START);

fn code(letter: char) -> Option<u8> {
    let point = u32::from(letter);
    let (block, start): (&[u8], u32) = match point {
        LATIN_START..LATIN_END => (&LATIN, LATIN_START),
        EXTENDED_START..EXTENDED_END => (&EXTENDED, EXTENDED_START),
        _ => return None,
    };
    block.get((point - start) as usize).copied()
}

fn ascii_code(letter: char) -> u8 {
    let vowel = match letter.to_ascii_lowercase() {
        'a' => 0,
        'e' => 3,
        'i' => 5,
        'o' => 6,
        'u' => 9,
        'y' => 11,
        _ => return NONE,
    };
    pack(vowel, 0, letter.is_ascii_uppercase())
}

const fn pack(vowel: u8, tone: u8, is_upper: bool) -> u8 {
    vowel << 4 | tone << 1 | is_upper as u8
}

fn unpack(code: u8) -> Option<Parts> {
    let vowel = code >> 4;
    let tone = *TONES.get(usize::from(code >> 1 & 7))?;
    (usize::from(vowel) < VOWELS.len()).then_some(Parts { vowel, tone, is_upper: code & 1 == 1 })
}

#[allow(clippy::indexing_slicing, reason = "runs at compile time: a bad index fails the build")]
const fn table<const N: usize>(start: u32) -> [u8; N] {
    let mut table = [NONE; N];
    let mut vowel = 0;
    while vowel < VOWELS.len() {
        let mut tone = 0;
        while tone < 6 {
            let row = &VOWELS[vowel];
            set(&mut table, start, row.lower[tone], pack(vowel as u8, tone as u8, false));
            set(&mut table, start, row.upper[tone], pack(vowel as u8, tone as u8, true));
            tone += 1;
        }
        vowel += 1;
    }
    set(&mut table, start, 'đ', D_BAR);
    set(&mut table, start, 'Đ', D_BAR);
    table
}

#[allow(clippy::indexing_slicing, reason = "runs at compile time: a bad index fails the build")]
const fn set(table: &mut [u8], start: u32, letter: char, code: u8) {
    let point = letter as u32;
    if point >= start && point < start + table.len() as u32 {
        table[(point - start) as usize] = code;
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_vowel_comes_apart_and_together_again() {
        for row in &VOWELS {
            for (letters, is_upper) in [(row.lower, false), (row.upper, true)] {
                for (letter, tone) in letters.into_iter().zip(TONES) {
                    let parts = parts(letter).unwrap();
                    assert_eq!((parts.tone, parts.is_upper), (tone, is_upper), "{letter}");
                    assert_eq!((parts.base(), parts.plain()), (row.base, row.lower[0]), "{letter}");
                    assert_eq!(parts.with_tone(tone), letter);
                }
            }
        }
    }

    #[test]
    fn the_table_agrees_with_unicode() {
        for letter in '\u{80}'..='\u{2fff}' {
            let Some(base) = folded(letter) else { continue };
            let expected: String = letter.to_lowercase().nfd().take(1).collect();
            assert!(expected == base.to_string() || expected == "đ", "{letter}");
        }
        assert_eq!(folded('Đ'), Some('d'));
        assert_eq!(folded('ð'), None);
        assert_eq!(parts('đ'), None);
        assert_eq!(parts('b'), None);
    }
}
