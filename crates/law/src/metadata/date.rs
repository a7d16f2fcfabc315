//! Days in Vietnamese sentences: "ngày 01 tháng 7 năm 2026", "ngày 01/7/2026".

use jiff::civil::Date;

/// A day found in a text, and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    pub date: Date,
    /// Where the word "ngày" begins.
    pub start: usize,
    pub after: &'a str,
}

/// The first day in the text.
pub(crate) fn first(text: &str) -> Option<Found<'_>> {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("ngày")) {
        let start = from + at;
        from = start + "ngày".len();
        if let Some((date, after)) = text.get(from..).and_then(numbers) {
            return Some(Found { date, start, after });
        }
    }
    None
}

/// The day at the very start of a text, "ngày" included.
pub(crate) fn at_start(text: &str) -> Option<Found<'_>> {
    let rest = text.trim_start().strip_prefix("ngày")?;
    let (date, after) = numbers(rest)?;
    Some(Found { date, start: 0, after })
}

/// "01 tháng 7 năm 2026", "01/7/2026", "01-7-2026".
fn numbers(text: &str) -> Option<(Date, &str)> {
    let (day, rest) = number(text.trim_start())?;
    let (month, rest) = number(separated(rest, "tháng")?)?;
    let (year, rest) = number(separated(rest, "năm")?)?;
    let year = i16::try_from(year).ok().filter(|year| (1900..2200).contains(year))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

fn separated<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let text = text.trim_start_matches(',').trim_start();
    let rest = text.strip_prefix(word).or_else(|| text.strip_prefix(['/', '-', '.']))?;
    Some(rest.trim_start())
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    if end == 0 || end > 4 {
        return None;
    }
    Some((text.get(..end)?.parse().ok()?, text.get(end..)?))
}

/// Is a day printed with a blank to fill in: "ngày … tháng … năm 2026"?
pub(crate) fn is_blank(text: &str) -> bool {
    text.contains("ngày") && text.contains("tháng") && text.contains("năm") && first(text).is_none()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_read_in_words_and_in_figures() {
        for text in [
            "Sông Lam, ngày 05 tháng 6 năm 2026",
            "từ ngày 05/6/2026.",
            "ngày đó, ngày 5-6-2026",
            "ngày 05 tháng 06, năm 2026",
        ] {
            assert_eq!(first(text).map(|found| found.date), Some(date(2026, 6, 5)), "{text}");
        }
        assert_eq!(first("ngày 31 tháng 02 năm 2026"), None);
        assert!(is_blank("Sông Lam, ngày     tháng 6 năm 2026"));
    }
}
