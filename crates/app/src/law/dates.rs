//! Days as they stand in imported files.

use jiff::civil::Date;

/// "01/5/2014", "2014-05-01" → the day.
pub(super) fn day(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, ['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) =
        if first.len() == 4 { (first, second, third) } else { (third, second, first) };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_and_without_leading_zeros() {
        let first_of_may = jiff::civil::date(2014, 5, 1);
        for text in ["01/5/2014", "1/05/2014", "2014-05-01", " 01-05-2014 "] {
            assert_eq!(day(text), Some(first_of_may), "{text}");
        }
        for text in ["31/02/2014", "", "2014", "a/b/c"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
