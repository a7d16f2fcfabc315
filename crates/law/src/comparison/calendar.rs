//! Days of the calendar, and figures that only name a document or a provision.

use super::quantity::{Bound, Measure, Quantity, unit};
use super::words::{Word, WordKind, stands};

/// What names a document or a provision is jumped over: "57/2020/QH14", "Điều 5", "khoản 1 và 2".
pub(super) fn skip_reference(words: &[Word], place: usize) -> Option<usize> {
    let word = words.get(place)?;
    if word.kind == WordKind::Number
        && words.get(place + 1).is_some_and(|slash| slash.is("/") && slash.start == word.end)
    {
        let third = words.get(place + 3);
        let second_slash = third.is_some_and(|slash| slash.is("/"));
        let letters = words.get(place + 2).is_some_and(|next| next.kind == WordKind::Letters);
        let is_date = second_slash
            && words
                .get(place + 4)
                .is_some_and(|year| year.kind == WordKind::Number && year.norm.len() == 4);
        if !is_date && (second_slash || letters) {
            let mut after = place + 2;
            while words.get(after).is_some_and(|next| {
                next.is("/")
                    || next.is("-")
                    || next.is("–")
                    || words
                        .get(after - 1)
                        .is_some_and(|last| last.end == next.start && next.is_word())
            }) {
                after += 1;
            }
            return Some(after);
        }
    }
    let names =
        matches!(word.norm.as_str(), "điều" | "khoản" | "điểm" | "chương" | "mục" | "mẫu" | "phụ");
    if !names || !words.get(place + 1).is_some_and(|next| next.kind == WordKind::Number) {
        return None;
    }
    let mut after = place + 2;
    loop {
        let joined = words
            .get(after)
            .is_some_and(|sign| sign.is(",") || sign.is("và") || sign.is("hoặc") || sign.is("đến"));
        let number = words.get(after + 1).is_some_and(|next| next.kind == WordKind::Number);
        if !(joined && number) || unit(words, after + 2).is_some() {
            return Some(after);
        }
        after += 2;
    }
}

/// "ngày 01 tháng 7 năm 2026", "01/7/2026", "tháng 7 năm 2026", "năm 2026".
pub(super) fn calendar_day(words: &[Word], place: usize) -> Option<Quantity> {
    let number = |at: usize| -> Option<f64> {
        let word = words.get(at).filter(|word| word.kind == WordKind::Number)?;
        word.norm.parse().ok()
    };
    let (value, to) = if stands(words, place, "ngày").is_some() && number(place + 1).is_some() {
        if stands(words, place + 2, "tháng").is_some() && number(place + 3).is_some() {
            let (day, month) = (number(place + 1)?, number(place + 3)?);
            match (stands(words, place + 4, "năm"), number(place + 5)) {
                (Some(_), Some(year)) => (year * 10_000.0 + month * 100.0 + day, place + 6),
                _ => (month * 100.0 + day, place + 4),
            }
        } else {
            short_date(words, place + 1)?
        }
    } else if stands(words, place, "năm").is_some()
        && number(place + 1).is_some_and(|year| (1900.0..2200.0).contains(&year))
    {
        (number(place + 1)? * 10_000.0, place + 2)
    } else if stands(words, place, "tháng").is_some()
        && number(place + 1).is_some_and(|month| month <= 12.0)
    {
        match (stands(words, place + 2, "năm"), number(place + 3)) {
            (Some(_), Some(year)) => (year * 10_000.0 + number(place + 1)? * 100.0, place + 4),
            _ => (number(place + 1)? * 100.0, place + 2),
        }
    } else {
        short_date(words, place)?
    };
    Some(Quantity {
        from: place,
        to,
        low: value,
        high: value,
        measure: Measure::Day,
        unit: "",
        bound: Bound::Exact,
    })
}

/// "01/7/2026", "01/7".
fn short_date(words: &[Word], place: usize) -> Option<(f64, usize)> {
    let part = |at: usize| -> Option<f64> {
        words.get(at).filter(|word| word.kind == WordKind::Number)?.norm.parse().ok()
    };
    let (day, month) = (part(place)?, part(place + 2)?);
    stands(words, place + 1, "/")?;
    if !(1.0..=31.0).contains(&day) || !(1.0..=12.0).contains(&month) {
        return None;
    }
    match (stands(words, place + 3, "/"), part(place + 4)) {
        (Some(_), Some(year)) if year > 1900.0 => {
            Some((year * 10_000.0 + month * 100.0 + day, place + 5))
        }
        _ => {
            let named = place.checked_sub(1).and_then(|before| words.get(before));
            named.filter(|word| word.is("ngày")).map(|_| (month * 100.0 + day, place + 3))
        }
    }
}
