//! Numbers of units: "41a", "IV", "thứ nhất", "đ", and which follows which.

use kernel::text::fold;

/// A number that can be compared: 41a is (41, 100), đ is its place in the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rank {
    pub major: u32,
    /// 0, or what was put in between: "a" 100, "b" 200, "a1" 101.
    pub minor: u32,
}

impl Rank {
    pub(super) const fn new(major: u32) -> Self {
        Self { major, minor: 0 }
    }
}

/// How units of one kind are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Numbers,
    Letters,
}

impl Count {
    /// May the unit `next` come right after `previous`, or first where there is none?
    pub(super) fn follows(self, previous: Option<Rank>, next: Rank) -> bool {
        let Some(previous) = previous else { return next == Rank::new(1) };
        if next.major == previous.major {
            return next.minor > previous.minor;
        }
        next.minor == 0 && next.major > previous.major && {
            match self {
                Self::Numbers => next.major == previous.major + 1,
                Self::Letters => self.are_skippable(previous.major + 1, next.major),
            }
        }
    }

    /// The whole number that must come next, letters that some leave out aside.
    pub(super) fn expected(self, previous: Option<Rank>) -> Vec<Rank> {
        let Some(previous) = previous else { return vec![Rank::new(1)] };
        let mut all = vec![Rank::new(previous.major + 1)];
        if self == Self::Letters {
            let mut next = previous.major + 1;
            while is_optional(next) {
                next += 1;
                all.push(Rank::new(next));
            }
        }
        all
    }

    fn are_skippable(self, from: u32, to: u32) -> bool {
        if to >= DOUBLE {
            return to == from || (to == DOUBLE && from >= LAST_LETTERS);
        }
        (from..to).all(is_optional)
    }
}

/// The letters in the order in which points are counted. `f j w z` are no letters of Vietnamese, but are
/// used; `đ` is left out by some.
const LETTERS: &str = "abcdđefghijklmnopqrstuvwxyz";
const LAST_LETTERS: u32 = 24;
/// "aa" comes after the last single letter.
const DOUBLE: u32 = 30;

fn is_optional(place: u32) -> bool {
    matches!(letter_at(place), Some('đ' | 'f' | 'j' | 'w' | 'z'))
}

fn letter_at(place: u32) -> Option<char> {
    LETTERS.chars().nth(place.checked_sub(1)? as usize)
}

fn place_of(letter: char) -> Option<u32> {
    LETTERS.chars().position(|one| one == letter).and_then(|at| u32::try_from(at + 1).ok())
}

type Taken<'a> = (&'a str, Rank, &'a str);

fn cut(text: &str, end: usize, rank: Rank) -> Option<Taken<'_>> {
    Some((text.get(..end)?, rank, text.get(end..)?))
}

/// "5", "41a", "12b1".
pub(super) fn arabic(text: &str) -> Option<Taken<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return None;
    }
    let major = text.get(..digits)?.parse().ok()?;
    let rank = Rank::new(major);
    let after = text.get(digits..)?;
    let Some(letter) = after.chars().next().filter(|letter| letter.is_alphabetic()) else {
        return cut(text, digits, rank);
    };
    let behind = after.get(letter.len_utf8()..)?;
    let place = place_of(letter.to_ascii_lowercase());
    match place {
        Some(place) if !behind.starts_with(char::is_alphabetic) => {
            let more = behind.bytes().take_while(u8::is_ascii_digit).count();
            let fine: u32 = behind.get(..more.min(2))?.parse().unwrap_or(0);
            let end = digits + letter.len_utf8() + more.min(2);
            cut(text, end, Rank { major, minor: place * 100 + fine })
        }
        _ => cut(text, digits, rank),
    }
}

/// "IV", in capitals.
pub(super) fn roman(text: &str) -> Option<Taken<'_>> {
    let end = text.bytes().take_while(|byte| b"IVXLC".contains(byte)).count();
    let word = text.get(..end)?;
    if end == 0 || end > 8 || text.get(end..)?.starts_with(char::is_alphanumeric) {
        return None;
    }
    let value = |byte: u8| match byte {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        b'L' => 50,
        _ => 100_u32,
    };
    let (mut sum, mut before) = (0_u32, 0_u32);
    for byte in word.bytes().rev() {
        let one = value(byte);
        if one < before {
            sum = sum.checked_sub(one)?;
        } else {
            sum += one;
            before = one;
        }
    }
    cut(text, end, Rank::new(sum))
}

/// "A", of parts and sections.
pub(super) fn capital(text: &str) -> Option<Taken<'_>> {
    let first = text.chars().next().filter(char::is_ascii_uppercase)?;
    let place = place_of(first.to_ascii_lowercase())?;
    cut(text, 1, Rank::new(place))
}

/// "thứ nhất", "THỨ MƯỜI HAI".
pub(super) fn ordinal(text: &str) -> Option<Taken<'_>> {
    let mut words = Words { text, at: 0 };
    if fold(words.next()?.1) != "thu" {
        return None;
    }
    let (end, first) = words.next()?;
    let unit = |word: &str| match fold(word).as_str() {
        "nhat" | "mot" => Some(1),
        "hai" | "nhi" => Some(2),
        "ba" => Some(3),
        "tu" | "bon" => Some(4),
        "nam" | "lam" => Some(5),
        "sau" => Some(6),
        "bay" => Some(7),
        "tam" => Some(8),
        "chin" => Some(9),
        _ => None,
    };
    if fold(first) == "muoi" {
        return match words.next().and_then(|(end, word)| Some((end, unit(word)?))) {
            Some((end, more)) => cut(text, end, Rank::new(10 + more)),
            None => cut(text, end, Rank::new(10)),
        };
    }
    cut(text, end, Rank::new(unit(first)?))
}

/// Words with the place where each ends.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.len() - rest.trim_start_matches(' ').len();
        let word = self.text.get(start..)?;
        let length = word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len());
        if length == 0 {
            return None;
        }
        self.at = start + length;
        Some((self.at, word.get(..length)?))
    }
}

/// "a", "đ", "aa", "a1".
pub(super) fn letter(text: &str) -> Option<Taken<'_>> {
    let mut letters = text.chars();
    let first = letters.next()?;
    if !first.is_ascii_lowercase() && first != 'đ' {
        return None;
    }
    let place = place_of(first)?;
    let end = first.len_utf8();
    match letters.next() {
        Some(second) if second.is_ascii_lowercase() || second == 'đ' => {
            let second_place = place_of(second)?;
            let rank = Rank::new(DOUBLE * place + second_place - 1);
            let end = end + second.len_utf8();
            (!letters.next().is_some_and(char::is_alphanumeric)).then_some(())?;
            cut(text, end, rank)
        }
        Some(digit) if digit.is_ascii_digit() => {
            let digits = text.get(end..)?.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 2 {
                return None;
            }
            let minor = text.get(end..end + digits)?.parse().ok()?;
            cut(text, end + digits, Rank { major: place, minor })
        }
        Some(other) if other.is_alphanumeric() => None,
        _ => cut(text, end, Rank::new(place)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(taken: Option<Taken<'_>>) -> Rank {
        taken.unwrap().1
    }

    #[test]
    fn numbers_of_every_kind_are_read() {
        assert_eq!(rank(roman("XIV")), Rank::new(14));
        assert_eq!(roman("IVa"), None);
        assert_eq!(rank(ordinal("thứ mười hai")), Rank::new(12));
        assert_eq!(ordinal("thứ mười"), Some(("thứ mười", Rank::new(10), "")));
        assert_eq!(arabic("41a."), Some(("41a", Rank { major: 41, minor: 100 }, ".")));
        assert_eq!(arabic("5Quyền").map(|taken| taken.0), Some("5"));
    }

    #[test]
    fn points_are_counted_in_the_vietnamese_order() {
        let places: Vec<Rank> =
            ["a", "b", "c", "d", "đ", "e", "g", "h"].map(|text| rank(letter(text))).to_vec();
        for pair in places.windows(2) {
            assert!(Count::Letters.follows(Some(pair[0]), pair[1]), "{pair:?}");
        }
        let rank_of = |text| rank(letter(text));
        assert!(Count::Letters.follows(Some(rank_of("d")), rank_of("e")));
        assert!(Count::Letters.follows(Some(rank_of("a")), rank_of("a1")));
        assert!(Count::Letters.follows(Some(rank_of("y")), rank_of("aa")));
        assert!(!Count::Letters.follows(Some(rank_of("a")), rank_of("c")));
        assert!(!Count::Letters.follows(None, rank_of("b")));
    }

    #[test]
    fn an_inserted_number_follows_the_one_it_was_put_behind() {
        let rank_of = |text| rank(arabic(text));
        assert!(Count::Numbers.follows(Some(rank_of("41")), rank_of("41a")));
        assert!(Count::Numbers.follows(Some(rank_of("41b")), rank_of("42")));
        assert!(!Count::Numbers.follows(Some(rank_of("41")), rank_of("43")));
    }
}
