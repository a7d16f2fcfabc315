//! Numbers in figures and in words.

use super::words::{Word, WordKind, stands};

/// A number in digits or words, with the words in brackets that repeat it; and the first word after it.
pub(super) fn number(words: &[Word], place: usize) -> Option<(f64, usize)> {
    let word = words.get(place)?;
    let (value, mut after) =
        if word.kind == WordKind::Number { digits(words, place)? } else { spoken(words, place)? };
    // "05 (năm)", "15 (mười lăm)"
    let opened = stands(words, after, "(").and_then(|inside| spoken(words, inside));
    let closed = opened.and_then(|(said, end)| Some((said, stands(words, end, ")")?)));
    if let Some((said, end)) = closed
        && (word.kind == WordKind::Number || (said - value).abs() < 0.001)
    {
        after = end;
    }
    Some((value, after))
}

/// "1.500.000", "0,5", "2/3", "1,5 triệu" (the unit is read elsewhere).
fn digits(words: &[Word], place: usize) -> Option<(f64, usize)> {
    let word = words.get(place)?;
    let value = plain(&word.norm)?;
    let slash = words.get(place + 1).filter(|slash| slash.is("/") && slash.start == word.end);
    let below =
        slash.and_then(|_| words.get(place + 2)).filter(|next| next.kind == WordKind::Number);
    if let Some(below) = below.and_then(|below| plain(&below.norm)) {
        return (below > 0.0 && value < below && below <= 10.0)
            .then_some((value / below, place + 3));
    }
    Some((value, place + 1))
}

fn plain(digits: &str) -> Option<f64> {
    let dots = digits.matches('.').count();
    let groups = digits
        .split('.')
        .skip(1)
        .all(|group| group.split(',').next().is_some_and(|g| g.len() == 3));
    let text = if dots > 0 && groups {
        digits.replace('.', "").replace(',', ".")
    } else if dots == 0 && digits.matches(',').count() > 1 {
        digits.replace(',', "")
    } else {
        digits.replace(',', ".")
    };
    text.parse().ok()
}

/// A number in words: "mười lăm", "hai mươi mốt", "một trăm", "ba".
fn spoken(words: &[Word], place: usize) -> Option<(f64, usize)> {
    let digit = |norm: &str| -> Option<f64> {
        Some(match norm {
            "một" | "mốt" => 1.0,
            "hai" => 2.0,
            "ba" => 3.0,
            "bốn" | "tư" => 4.0,
            "năm" | "lăm" | "nhăm" => 5.0,
            "sáu" => 6.0,
            "bảy" => 7.0,
            "tám" => 8.0,
            "chín" => 9.0,
            _ => return None,
        })
    };
    let first = words.get(place)?;
    if first.is("mốt") || first.is("tư") || first.is("lăm") || first.is("nhăm") {
        return None;
    }
    let mut total = 0.0;
    let mut after = place;
    let mut last = None;
    while let Some(word) = words.get(after) {
        match word.norm.as_str() {
            "mười" if last.is_none() => total += 10.0,
            "mươi" => total += last.take().map_or(0.0, |tens: f64| tens * 10.0),
            "trăm" => total += last.take().map_or(0.0, |hundreds: f64| hundreds * 100.0),
            "linh" | "lẻ" if total > 0.0 => {}
            norm => match digit(norm) {
                // "năm năm": the second is the unit.
                Some(value)
                    if last.is_none() && !(norm == "năm" && total > 0.0 && total < 10.0) =>
                {
                    last = Some(value);
                }
                _ => break,
            },
        }
        after += 1;
    }
    // "mười năm" (ten years) and "mười lăm" (fifteen): a final "năm" after tens is the unit.
    if last == Some(5.0)
        && after > place + 1
        && words.get(after - 1).is_some_and(|word| word.is("năm"))
    {
        return Some((total, after - 1));
    }
    total += last.unwrap_or(0.0);
    (after > place && total > 0.0).then_some((total, after))
}
