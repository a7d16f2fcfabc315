//! Words of a text, with their place in it and one spelling for each.

use kernel::text::normalise_tone_placement;

/// A word, a number or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// First byte in the text.
    pub(super) start: usize,
    /// First byte after it.
    pub(super) end: usize,
    /// Lower case, NFC, one tone placement. A number keeps its inner dots and commas.
    pub(super) norm: String,
    /// What it is.
    pub(super) kind: WordKind,
    /// Begins with a capital letter.
    pub(super) capital: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Letters, perhaps with digits.
    Letters,
    /// Begins with a digit and holds digits, dots and commas only.
    Number,
    /// Anything else, one character.
    Sign,
    /// End of a line.
    Break,
}

impl Word {
    /// It is this sign.
    pub(super) fn is(&self, sign: &str) -> bool {
        self.norm == sign
    }

    /// Letters or a number.
    pub(super) fn is_word(&self) -> bool {
        matches!(self.kind, WordKind::Letters | WordKind::Number)
    }
}

/// The words of a text in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let mut end = start + letter.len_utf8();
        if letter == '\n' || letter == '\r' {
            found.push(sign(start, end, "\n", WordKind::Break));
        } else if letter.is_whitespace() || is_nothing(letter) {
        } else if letter.is_ascii_digit() {
            end = number_end(text, start);
            while letters.next_if(|(at, _)| *at < end).is_some() {}
            found.push(read(text, start, end));
        } else if is_letter(letter) {
            while let Some((at, next)) =
                letters.next_if(|(_, next)| is_letter(*next) || next.is_ascii_digit())
            {
                end = at + next.len_utf8();
            }
            found.push(read(text, start, end));
        } else {
            found.push(sign(start, end, text.get(start..end).unwrap_or(""), WordKind::Sign));
        }
    }
    found
}

fn read(text: &str, start: usize, end: usize) -> Word {
    let slice = text.get(start..end).unwrap_or("");
    let capital = slice.chars().next().is_some_and(char::is_uppercase);
    let is_number = slice.starts_with(|first: char| first.is_ascii_digit())
        && slice.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',');
    let kind = if is_number { WordKind::Number } else { WordKind::Letters };
    let norm = if slice.is_ascii() {
        slice.to_ascii_lowercase()
    } else {
        normalise_tone_placement(&slice.to_lowercase().replace('\u{f0}', "đ"))
    };
    Word { start, end, norm, kind, capital }
}

fn sign(start: usize, end: usize, norm: &str, kind: WordKind) -> Word {
    Word { start, end, norm: norm.to_owned(), kind, capital: false }
}

/// End of a number with inner separators, and of what letters hang on it: `1.500.000`, `0,5`, `5a`, `m2`.
fn number_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let mut end = start;
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next_is_digit = letters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let inside = letter.is_ascii_digit() || ((letter == '.' || letter == ',') && next_is_digit);
        if !inside {
            break;
        }
        end = start + at + letter.len_utf8();
    }
    end
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter)
}

fn is_nothing(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Words that say nothing about the subject.
const STOP: &[&str] = &[
    "và", "hoặc", "của", "các", "những", "là", "thì", "mà", "cho", "với", "về", "theo", "tại",
    "từ", "đến", "trong", "ngoài", "trên", "dưới", "này", "đó", "khi", "nếu", "do", "bởi", "để",
    "được", "bị", "phải", "có", "không", "đã", "đang", "sẽ", "cũng", "như", "sau", "trước", "một",
    "mỗi", "kể", "ngày", "tháng", "năm", "giờ", "tuần", "việc", "đối", "hay", "vào", "ra", "lên",
    "số", "nêu", "gồm", "bao", "khoản", "điều", "điểm", "nghị", "đồng", "triệu", "tỷ", "nghìn",
    "ngàn", "thể", "cần", "quá", "tối", "đa", "thiểu", "ít", "nhất", "nhiều", "chậm", "vòng",
    "hạn", "thời", "tính", "kèm", "chỉ", "mới", "đủ", "chưa", "hơn", "rằng", "nơi", "mình", "họ",
    "nó", "ở", "bằng", "qua", "lại", "đây", "ấy", "bất", "kỳ", "mọi", "từng", "cùng", "còn", "nữa",
    "vẫn", "luật", "định", "quyết", "thông", "tư", "hai", "ba", "bốn", "sáu", "bảy", "tám", "chín",
    "mười", "mươi", "lăm", "trăm", "phần", "lần", "nhiệm", "trách", "nghĩa", "vụ", "quyền",
    "nghiêm", "cấm", "phép", "buộc", "bắt", "nên", "vì", "thuộc", "giữa", "hết", "tới", "ngay",
];

/// Words that stand in nearly every provision and say little.
const COMMON: &[&str] = &[
    "quy",
    "tổ",
    "chức",
    "cá",
    "nhân",
    "cơ",
    "quan",
    "thực",
    "hiện",
    "nhà",
    "nước",
    "pháp",
    "trường",
    "hợp",
    "người",
    "thẩm",
    "hồ",
    "sơ",
    "cấp",
    "dân",
    "ủy",
    "ban",
    "tỉnh",
    "xã",
    "huyện",
    "phường",
    "thành",
    "phố",
    "ubnd",
    "hđnd",
    "hội",
    "đảm",
    "bảo",
    "nội",
    "dung",
    "hoạt",
    "động",
    "quản",
    "lý",
    "sở",
    "bộ",
    "chính",
    "phủ",
    "văn",
    "bản",
    "liên",
    "đơn",
    "vị",
    "công",
    "yêu",
    "cầu",
    "thủ",
    "tục",
    "hình",
    "thức",
    "căn",
    "cứ",
    "điều",
    "kiện",
    "giải",
    "tiến",
    "hành",
    "ban",
    "khác",
    "địa",
    "phương",
    "bàn",
];

/// How much a word tells of the subject, from 0 to 1.
pub(super) fn weight(norm: &str) -> f64 {
    if STOP.contains(&norm) {
        0.0
    } else if COMMON.contains(&norm) {
        0.35
    } else {
        1.0
    }
}

/// A number for a word or a pair of words.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut value: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            value = (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    value
}

/// The words at `at` are these, in this order. `phrase` is split at spaces.
pub(super) fn stands(words: &[Word], at: usize, phrase: &str) -> Option<usize> {
    let mut place = at;
    for part in phrase.split(' ') {
        if words.get(place)?.norm != part {
            return None;
        }
        place += 1;
    }
    Some(place)
}

/// The words that end just before `before` are these.
pub(super) fn stands_before(words: &[Word], before: usize, phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    before.checked_sub(length).is_some_and(|at| stands(words, at, phrase) == Some(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.norm).collect()
    }

    #[test]
    fn numbers_keep_their_separators_and_words_have_one_spelling() {
        assert_eq!(
            norms("Hoà giải: 1.500.000 đồng, 0,5%.\nKhoản 2."),
            [
                "hòa",
                "giải",
                ":",
                "1.500.000",
                "đồng",
                ",",
                "0,5",
                "%",
                ".",
                "\n",
                "khoản",
                "2",
                "."
            ]
        );
    }

    #[test]
    fn places_are_those_of_the_text_given() {
        let text = "Ủy ban\u{200b} nhân dân";
        for word in words(text) {
            assert!(text.get(word.start..word.end).is_some());
        }
        assert_eq!(words(text).last().map(|word| &text[word.start..word.end]), Some("dân"));
    }
}
