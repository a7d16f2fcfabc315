//! Dates as papers give them: a day, or only a month or a year; and reading what people type.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::format::vi;
use crate::problem::Problem;

/// Years that a person may type; anything else is a slip of the finger.
const TYPED_YEARS: std::ops::RangeInclusive<i16> = 1800..=2199;

/// A day, a month or a year. Old books and foreign papers often know no more than the year.
///
/// Made by parsing or by the checked constructors it is always a real one. Ordered by the first
/// day that it may mean, the vaguer first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartialDate {
    /// Some day of the year.
    Year(i16),
    /// Some day of the month.
    Month(i16, i8),
    /// The day itself.
    Day(Date),
}

impl PartialDate {
    /// A year from 1 to 9999.
    pub fn year_only(year: i16) -> Option<PartialDate> {
        (1..=9999).contains(&year).then_some(PartialDate::Year(year))
    }

    /// A month of such a year.
    pub fn month_only(year: i16, month: i8) -> Option<PartialDate> {
        PartialDate::year_only(year)?;
        (1..=12).contains(&month).then_some(PartialDate::Month(year, month))
    }

    /// The year, always known.
    pub fn year(self) -> i16 {
        match self {
            PartialDate::Year(year) | PartialDate::Month(year, _) => year,
            PartialDate::Day(date) => date.year(),
        }
    }

    /// The month, if known.
    pub fn month(self) -> Option<i8> {
        match self {
            PartialDate::Year(_) => None,
            PartialDate::Month(_, month) => Some(month),
            PartialDate::Day(date) => Some(date.month()),
        }
    }

    /// The whole date, if known.
    pub fn day(self) -> Option<Date> {
        match self {
            PartialDate::Day(date) => Some(date),
            PartialDate::Year(_) | PartialDate::Month(..) => None,
        }
    }

    /// The first day that it may mean.
    pub fn earliest(self) -> Date {
        match self {
            PartialDate::Year(year) => first_of_month(year, 1),
            PartialDate::Month(year, month) => first_of_month(year, month),
            PartialDate::Day(date) => date,
        }
    }

    /// The last day that it may mean.
    pub fn latest(self) -> Date {
        match self {
            PartialDate::Year(year) => first_of_month(year, 12).last_of_month(),
            PartialDate::Month(year, month) => first_of_month(year, month).last_of_month(),
            PartialDate::Day(date) => date,
        }
    }

    /// `05/11/2026`, `11/2026` or `2026`.
    pub fn text(self) -> String {
        match self {
            PartialDate::Year(year) => format!("{year:04}"),
            PartialDate::Month(year, month) => format!("{month:02}/{year:04}"),
            PartialDate::Day(date) => vi::date(date),
        }
    }

    /// In words, as certificates say it: `Năm một nghìn chín trăm năm mươi` when only that is known.
    pub fn in_words(self) -> String {
        match self {
            PartialDate::Year(year) => format!("Năm {}", vi::number_in_words(year.into())),
            PartialDate::Month(year, month) => vi::month_and_year_in_words(year, month),
            PartialDate::Day(date) => vi::date_in_words(date),
        }
    }

    /// Reads what a person typed: `5/11/2026`, `11/2026`, `2026`, `05112026`, or as ISO.
    pub fn parse_input(text: &str) -> Result<PartialDate, Problem> {
        let parts = Parts::read(text)?;
        match parts.numbers.as_slice() {
            [year] => typed_year(year).map(PartialDate::Year),
            [month, year] if !parts.year_first => typed_month(month, year),
            [year, month] => typed_month(month, year),
            _ => parts.day().map(PartialDate::Day),
        }
    }

    fn sort_key(self) -> (i16, i8, i8) {
        (self.year(), self.month().unwrap_or(0), self.day().map_or(0, Date::day))
    }
}

/// Reads a whole date that a person typed: `5/11/2026`, `05-11-2026`, `2026-11-05`, `05112026`.
pub fn parse_date_input(text: &str) -> Result<Date, Problem> {
    let parts = Parts::read(text)?;
    match parts.numbers.len() {
        3 => parts.day(),
        _ => Err(problem(
            "date.incomplete",
            "Hãy nhập đủ ngày, tháng và năm, ví dụ 05/11/2026.".to_owned(),
        )),
    }
}

/// The numbers of a typed date, in the order typed.
struct Parts<'a> {
    numbers: Vec<&'a str>,
    year_first: bool,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Parts<'a>, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(problem("date.empty", "Hãy nhập ngày, ví dụ 05/11/2026.".to_owned()));
        }
        let numbers = match text.len() {
            8 if is_digits(text) => split_at_2_and_4(text),
            _ => text.split(is_separator).map(str::trim).collect(),
        };
        let well_formed = numbers.len() <= 3
            && numbers.iter().all(|number| is_digits(number) && number.len() <= 4);
        if !well_formed {
            return Err(unreadable());
        }
        let year_first = numbers.len() > 1 && numbers.first().is_some_and(|first| first.len() > 2);
        Ok(Parts { numbers, year_first })
    }

    /// The whole date of three numbers.
    fn day(&self) -> Result<Date, Problem> {
        let [first, month, last] = self.numbers.as_slice() else {
            return Err(unreadable());
        };
        let (day, year) = if self.year_first { (last, first) } else { (first, last) };
        let year = typed_year(year)?;
        let (Ok(day), Ok(month)) = (day.parse::<i8>(), month.parse::<i8>()) else {
            return Err(unreadable());
        };
        whole_date(year, month, day)
    }
}

fn split_at_2_and_4(text: &str) -> Vec<&str> {
    [text.get(..2), text.get(2..4), text.get(4..)].into_iter().flatten().collect()
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '/' | '-' | '.' | '–') || letter.is_whitespace()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn typed_year(text: &str) -> Result<i16, Problem> {
    let year = text.parse::<i16>().map_err(|_| unreadable())?;
    if text.len() != 4 {
        let message = "Năm cần ghi đủ bốn chữ số, ví dụ 2026. Hãy nhập lại.".to_owned();
        return Err(problem("date.year-digits", message));
    }
    if !TYPED_YEARS.contains(&year) {
        let message = format!("Năm {year} chưa hợp lý. Hãy nhập lại theo giấy tờ.");
        return Err(problem("date.year-range", message));
    }
    Ok(year)
}

fn typed_month(month: &str, year: &str) -> Result<PartialDate, Problem> {
    let year = typed_year(year)?;
    let month = month.parse::<i8>().map_err(|_| unreadable())?;
    PartialDate::month_only(year, month).ok_or_else(|| no_such_month(month))
}

fn whole_date(year: i16, month: i8, day: i8) -> Result<Date, Problem> {
    if !(1..=12).contains(&month) {
        return Err(no_such_month(month));
    }
    Date::new(year, month, day).map_err(|_| {
        let message = format!(
            "Ngày chưa đúng: tháng {month} năm {year} không có ngày {day}. Hãy nhập lại theo giấy tờ."
        );
        problem("date.no-such-day", message)
    })
}

fn no_such_month(month: i8) -> Problem {
    let message = format!(
        "Tháng chưa đúng: một năm không có tháng {month}. Hãy nhập theo thứ tự ngày/tháng/năm, ví dụ 05/11/2026."
    );
    problem("date.no-such-month", message)
}

fn unreadable() -> Problem {
    let message = "Ngày chưa đúng cách ghi. Hãy nhập ngày/tháng/năm, ví dụ 05/11/2026.".to_owned();
    problem("date.format", message)
}

fn problem(code: &str, message: String) -> Problem {
    Problem::new(code, "", message)
}

/// Total also for numbers that no constructor lets pass, since the variants are public.
fn first_of_month(year: i16, month: i8) -> Date {
    Date::new(year.clamp(-9999, 9999), month.clamp(1, 12), 1).unwrap_or(Date::ZERO)
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &PartialDate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PartialDate {
    fn cmp(&self, other: &PartialDate) -> Ordering {
        self.sort_key().cmp(&other.sort_key())
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> PartialDate {
        PartialDate::Day(date)
    }
}

/// ISO 8601: `2026`, `2026-11`, `2026-11-05`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartialDate::Year(year) => write!(f, "{year:04}"),
            PartialDate::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            PartialDate::Day(date) => write!(f, "{date}"),
        }
    }
}

/// The text is not `2026`, `2026-11` or `2026-11-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsePartialDateError;

impl fmt::Display for ParsePartialDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date: expected 2026, 2026-11 or 2026-11-05")
    }
}

impl std::error::Error for ParsePartialDateError {}

impl FromStr for PartialDate {
    type Err = ParsePartialDateError;

    /// Reads exactly what `Display` writes. For what people type see [`PartialDate::parse_input`].
    fn from_str(text: &str) -> Result<PartialDate, ParsePartialDateError> {
        read_iso(text).ok_or(ParsePartialDateError)
    }
}

fn read_iso(text: &str) -> Option<PartialDate> {
    let number = |range: std::ops::Range<usize>| -> Option<i16> {
        text.get(range).filter(|part| is_digits(part))?.parse().ok()
    };
    let hyphen = |index: usize| text.as_bytes().get(index) == Some(&b'-');
    let year = number(0..4)?;
    match text.len() {
        4 => PartialDate::year_only(year),
        7 if hyphen(4) => PartialDate::month_only(year, i8::try_from(number(5..7)?).ok()?),
        10 if hyphen(4) && hyphen(7) => {
            let month = i8::try_from(number(5..7)?).ok()?;
            let day = i8::try_from(number(8..10)?).ok()?;
            PartialDate::year_only(year)?;
            Date::new(year, month, day).ok().map(PartialDate::Day)
        }
        _ => None,
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PartialDate, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_type_dates_in_many_ways() {
        for typed in [
            "5/11/2026",
            "05/11/2026",
            "05-11-2026",
            "5.11.2026",
            "5 11 2026",
            "05112026",
            "2026-11-05",
            " 2026/11/5 ",
        ] {
            assert_eq!(parse_date_input(typed), Ok(date(2026, 11, 5)), "{typed}");
            assert_eq!(PartialDate::parse_input(typed), Ok(date(2026, 11, 5).into()), "{typed}");
        }
    }

    #[test]
    fn old_papers_may_know_only_the_month_or_the_year() {
        assert_eq!(PartialDate::parse_input("11/1950"), Ok(PartialDate::Month(1950, 11)));
        assert_eq!(PartialDate::parse_input("1950-11"), Ok(PartialDate::Month(1950, 11)));
        assert_eq!(PartialDate::parse_input("1950"), Ok(PartialDate::Year(1950)));
        assert_eq!(parse_date_input("11/1950").unwrap_err().code, "date.incomplete");
    }

    #[test]
    fn the_message_names_the_fault() {
        for (typed, code, part) in [
            ("31/02/2026", "date.no-such-day", "tháng 2 năm 2026 không có ngày 31"),
            ("29/2/2025", "date.no-such-day", "tháng 2 năm 2025 không có ngày 29"),
            ("0/5/2026", "date.no-such-day", "không có ngày 0"),
            ("5/13/2026", "date.no-such-month", "không có tháng 13"),
            ("5/11/26", "date.year-digits", "bốn chữ số"),
            ("5/11/0026", "date.year-range", "Năm 26"),
            ("5/11/9999", "date.year-range", "Năm 9999"),
            ("", "date.empty", "Hãy nhập ngày"),
            ("hôm qua", "date.format", "ngày/tháng/năm"),
            ("1/2/3/2026", "date.format", "ngày/tháng/năm"),
            ("5//2026", "date.format", "ngày/tháng/năm"),
            ("-5/11/2026", "date.format", "ngày/tháng/năm"),
            ("٥/١١/٢٠٢٦", "date.format", "ngày/tháng/năm"),
        ] {
            let problem = parse_date_input(typed).unwrap_err();
            assert_eq!(problem.code, code, "{typed}");
            assert!(problem.message.contains(part), "{typed}: {}", problem.message);
        }
    }

    #[test]
    fn a_vague_date_may_mean_many_days() {
        let year = PartialDate::Year(2024);
        assert_eq!((year.earliest(), year.latest()), (date(2024, 1, 1), date(2024, 12, 31)));
        let month = PartialDate::Month(2024, 2);
        assert_eq!((month.earliest(), month.latest()), (date(2024, 2, 1), date(2024, 2, 29)));
        // No constructor makes these, but the variants are public: still no panic.
        assert_eq!(PartialDate::Month(2024, 99).latest(), date(2024, 12, 31));
        assert_eq!(PartialDate::Year(i16::MIN).earliest(), date(-9999, 1, 1));
    }

    #[test]
    fn the_vaguer_of_two_dates_comes_first() {
        let mut dates = [
            PartialDate::Day(date(2024, 2, 1)),
            PartialDate::Month(2024, 2),
            PartialDate::Day(date(2024, 1, 31)),
            PartialDate::Year(2024),
            PartialDate::Year(2023),
        ];
        dates.sort();
        let texts = dates.map(PartialDate::text);
        assert_eq!(texts, ["2023", "2024", "31/01/2024", "02/2024", "01/02/2024"]);
    }

    #[test]
    fn only_iso_is_stored() {
        for iso in ["2026", "2026-11", "2026-11-05"] {
            let read: PartialDate = serde_json::from_value(iso.into()).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), iso);
        }
        for wrong in
            ["26", "0000", "2026-13", "2026-11-31", "2026-1-5", "20261105", "+026", "2026é"]
        {
            assert!(wrong.parse::<PartialDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_vague_date_has_words_too() {
        assert_eq!(PartialDate::Year(1950).in_words(), "Năm một nghìn chín trăm năm mươi");
        assert_eq!(
            PartialDate::Month(1950, 4).in_words(),
            "Tháng tư, năm một nghìn chín trăm năm mươi"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text: String) {
            let _ = PartialDate::parse_input(&text);
            let _ = parse_date_input(&text);
            let _ = text.parse::<PartialDate>();
        }

        #[test]
        fn every_day_reads_back(year in 1800_i16..2200, month in 1_i8..13, day in 1_i8..29) {
            let given = PartialDate::Day(date(year, month, day));
            prop_assert_eq!(PartialDate::parse_input(&given.text()), Ok(given));
            prop_assert_eq!(given.to_string().parse(), Ok(given));
            prop_assert_eq!(PartialDate::parse_input(&given.to_string()), Ok(given));
        }
    }
}
