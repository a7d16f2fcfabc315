//! Days and marks inside sentences of law.

use jiff::civil::Date;

/// The day at the beginning of a text: "16/06/2020", "16 tháng 6 năm 2020", "01/5/2014"; and what follows.
pub(super) fn date(text: &str) -> Option<(Date, &str)> {
    let (day, rest) = number(text.trim_start())?;
    let (month, rest) = number(after_mark(rest, "tháng")?)?;
    let (year, rest) = number(after_mark(rest, "năm")?)?;
    let date =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some((date.ok()?, rest))
}

/// The first day after the words, within a few words of them.
pub(super) fn date_after(text: &str, words: &str) -> Option<Date> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(words) {
        let near: String = after.chars().take(40).collect();
        if let Some((_, day)) = near.split_once("ngày")
            && let Some((found, _)) = date(day)
        {
            return Some(found);
        }
        if let Some((found, _)) = date(after) {
            return Some(found);
        }
        rest = after;
    }
    None
}

fn after_mark<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_start();
    let rest = text.strip_prefix(['/', '-', '.']).or_else(|| text.strip_prefix(word))?;
    Some(rest.trim_start())
}

fn number(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let digits = text.get(..end).filter(|digits| (1..=4).contains(&digits.len()))?;
    Some((digits.parse().ok()?, text.get(end..)?))
}

/// Words in quotation marks, and the text with each quotation reduced to its two marks. An opening mark
/// that is never closed reaches to the end.
pub(super) fn without_quotations(text: &str) -> (String, Vec<String>) {
    let mut outside = String::with_capacity(text.len());
    let mut quotations = Vec::new();
    let mut inside = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        let straight = letter == '"';
        if letter == '“' || letter == '«' || (straight && depth == 0) {
            depth += 1;
            if depth == 1 {
                outside.push('“');
                continue;
            }
        } else if depth > 0 && (letter == '”' || letter == '»' || straight) {
            depth -= 1;
            if depth == 0 {
                outside.push('”');
                quotations.push(std::mem::take(&mut inside));
                continue;
            }
        }
        if depth == 0 { outside.push(letter) } else { inside.push(letter) }
    }
    if depth > 0 {
        outside.push('”');
        quotations.push(inside);
    }
    (outside, quotations)
}

/// A line cut at semicolons and at full stops before capital letters.
pub(super) fn sentences(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut depth = 0_i32;
    let mut before_is_digit = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        let ends = match letter {
            ';' => depth <= 0,
            '.' => {
                let mut rest = line.get(at + 1..).unwrap_or_default().chars();
                !before_is_digit
                    && rest.next() == Some(' ')
                    && rest.next().is_some_and(char::is_uppercase)
            }
            _ => false,
        };
        before_is_digit = letter.is_ascii_digit();
        if ends {
            pieces.push(line.get(begin..at).unwrap_or_default());
            begin = at + 1;
        }
    }
    pieces.push(line.get(begin..).unwrap_or_default());
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The first of the words, with a small or a capital letter at its beginning.
pub(super) fn position(sentence: &str, words: &str) -> Option<usize> {
    let mut capital = String::with_capacity(words.len());
    let mut letters = words.chars();
    capital.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    capital.push_str(letters.as_str());
    match (sentence.find(words), sentence.find(&capital)) {
        (Some(small), Some(large)) => Some(small.min(large)),
        (small, large) => small.or(large),
    }
}
