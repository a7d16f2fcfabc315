//! Dates, times and numbers as Vietnamese offices write them (Decree 30/2020 and the forms).

use jiff::civil::{Date, Time, Weekday};

use crate::format::words;
use crate::moment::Moment;

/// `05/11/2026`.
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `15 giờ 30`.
pub fn time(time: Time) -> String {
    format!("{:02} giờ {:02}", time.hour(), time.minute())
}

/// `15 giờ 30 ngày 05/11/2026`.
pub fn moment(moment: Moment) -> String {
    let local = moment.local();
    format!("{} ngày {}", time(local.time()), date(local.date()))
}

/// `15 giờ 30 thứ Năm 05/11/2026`: with the weekday, for appointments.
pub fn moment_with_weekday(moment: Moment) -> String {
    let local = moment.local();
    format!("{} {}", time(local.time()), date_with_weekday(local.date()))
}

/// `thứ Năm 05/11/2026`.
pub fn date_with_weekday(day: Date) -> String {
    format!("{} {}", weekday(day.weekday()), date(day))
}

/// `thứ Sáu`, `Chủ nhật`.
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "thứ Hai",
        Weekday::Tuesday => "thứ Ba",
        Weekday::Wednesday => "thứ Tư",
        Weekday::Thursday => "thứ Năm",
        Weekday::Friday => "thứ Sáu",
        Weekday::Saturday => "thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// `ngày 05 tháng 11 năm 2026`. Decree 30/2020: a zero before days under 10 and months 1 and 2.
pub fn long_date(date: Date) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    if month < 3 {
        format!("ngày {day:02} tháng {month:02} năm {year}")
    } else {
        format!("ngày {day:02} tháng {month} năm {year}")
    }
}

/// `Ngày năm, tháng mười một, năm hai nghìn không trăm hai mươi sáu`, as certificates say it.
pub fn date_in_words(date: Date) -> String {
    format!(
        "Ngày {}, tháng {}, năm {}",
        words::number(date.day().into()),
        month_in_words(date.month()),
        words::number(date.year().into()),
    )
}

/// `Tháng mười một, năm hai nghìn không trăm hai mươi sáu`, when the day is not known.
pub fn month_and_year_in_words(year: i16, month: i8) -> String {
    format!("Tháng {}, năm {}", month_in_words(month), words::number(year.into()))
}

/// The fourth month is "tháng tư", never "tháng bốn".
fn month_in_words(month: i8) -> String {
    if month == 4 { "tư".to_owned() } else { words::number(month.into()) }
}

/// `hai mươi mốt`, lower case; groups behind a larger one in full (`hai nghìn không trăm linh một`).
pub fn number_in_words(number: i64) -> String {
    words::number(number)
}

/// `1.234.567`.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 2);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// `12,5`: a number with `places` decimals, given as a whole count of its last decimal (125, 1).
pub fn decimal(scaled: i64, places: u32) -> String {
    let unit = 10_u64.saturating_pow(places);
    let (whole, rest) = (scaled.unsigned_abs() / unit, scaled.unsigned_abs() % unit);
    let sign = if scaled < 0 { "-" } else { "" };
    let whole = number(i64::try_from(whole).unwrap_or(i64::MAX));
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole},{rest:0width$}", width = places as usize)
    }
}

/// A length of working time: `3 giờ 20 phút`, `45 phút`, `1 giờ`.
pub fn minutes(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    match (hours, rest) {
        (0, _) => format!("{sign}{rest} phút"),
        (_, 0) => format!("{sign}{hours} giờ"),
        _ => format!("{sign}{hours} giờ {rest} phút"),
    }
}

/// The same with a capital first letter, for the head of a sentence.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn dates_and_times_read_as_offices_write_them() {
        let moment: Moment = "2026-11-05T15:30:40+07:00".parse().unwrap();
        assert_eq!(super::moment(moment), "15 giờ 30 ngày 05/11/2026");
        assert_eq!(moment_with_weekday(moment), "15 giờ 30 thứ Năm 05/11/2026");
        assert_eq!(time(jiff::civil::time(7, 0, 0, 0)), "07 giờ 00");
        assert_eq!(weekday(day(2026, 11, 6).weekday()), "thứ Sáu");
        assert_eq!(weekday(day(2026, 11, 8).weekday()), "Chủ nhật");
    }

    #[test]
    fn a_long_date_has_zeros_where_decree_30_wants_them() {
        assert_eq!(long_date(day(2026, 11, 5)), "ngày 05 tháng 11 năm 2026");
        assert_eq!(long_date(day(2026, 2, 15)), "ngày 15 tháng 02 năm 2026");
        assert_eq!(long_date(day(2026, 3, 1)), "ngày 01 tháng 3 năm 2026");
    }

    #[test]
    fn a_birth_certificate_says_its_date_in_words() {
        let words = "Ngày năm, tháng mười một, năm hai nghìn không trăm hai mươi sáu";
        assert_eq!(date_in_words(day(2026, 11, 5)), words);
        let words = "Ngày ba mươi mốt, tháng một, năm một nghìn chín trăm chín mươi lăm";
        assert_eq!(date_in_words(day(1995, 1, 31)), words);
        let words = "Ngày mười lăm, tháng tư, năm hai nghìn không trăm linh một";
        assert_eq!(date_in_words(day(2001, 4, 15)), words);
        assert_eq!(month_and_year_in_words(2000, 12), "Tháng mười hai, năm hai nghìn");
    }

    #[test]
    fn numbers_take_points_for_thousands_and_a_comma_for_decimals() {
        for (given, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (-1_234_567, "-1.234.567")]
        {
            assert_eq!(number(given), text);
        }
        assert_eq!(number(i64::MIN), "-9.223.372.036.854.775.808");
        assert_eq!(decimal(125, 1), "12,5");
        assert_eq!(decimal(-1_234_505, 2), "-12.345,05");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(decimal(i64::MIN, 30), "-0,000000000009223372036854775808");
    }

    #[test]
    fn working_time_reads_in_hours_and_minutes() {
        for (given, text) in [(0, "0 phút"), (60, "1 giờ"), (200, "3 giờ 20 phút"), (-5, "-5 phút")]
        {
            assert_eq!(minutes(given), text);
        }
    }

    #[test]
    fn the_head_of_a_sentence_is_capital() {
        assert_eq!(capitalised("đồng"), "Đồng");
        assert_eq!(capitalised(""), "");
    }
}
