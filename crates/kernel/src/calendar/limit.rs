//! A length of legal time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of legal time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Within the day of receipt; the next working day when received after the cut-off.
    SameDay,
    /// Working hours of the calendar.
    WorkingHours(u32),
    /// Working days of the calendar.
    WorkingDays(u32),
    /// Calendar days; a last day that is no working day moves to the next one.
    Days(u32),
}

impl Limit {
    /// The length in Vietnamese: `trong ngày`, `3 ngày làm việc`.
    pub fn text(self) -> String {
        match self {
            Limit::SameDay => "trong ngày".to_owned(),
            Limit::WorkingHours(hours) => format!("{hours} giờ làm việc"),
            Limit::WorkingDays(days) => format!("{days} ngày làm việc"),
            Limit::Days(days) => format!("{days} ngày"),
        }
    }
}

/// As packs write it: `same-day`, `3 working-days`, `8 working-hours`, `30 days`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::SameDay => f.write_str("same-day"),
            Limit::WorkingHours(hours) => write!(f, "{hours} working-hours"),
            Limit::WorkingDays(days) => write!(f, "{days} working-days"),
            Limit::Days(days) => write!(f, "{days} days"),
        }
    }
}

/// The text is not a limit as packs write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseLimitError;

impl fmt::Display for ParseLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a limit: expected same-day, 3 working-days, 8 working-hours or 30 days")
    }
}

impl std::error::Error for ParseLimitError {}

impl FromStr for Limit {
    type Err = ParseLimitError;

    /// Reads what `Display` writes; the singular is accepted.
    fn from_str(text: &str) -> Result<Limit, ParseLimitError> {
        if text == "same-day" {
            return Ok(Limit::SameDay);
        }
        let (number, unit) = text.split_once(' ').ok_or(ParseLimitError)?;
        let number = number.parse().map_err(|_| ParseLimitError)?;
        match unit {
            "working-hours" | "working-hour" => Ok(Limit::WorkingHours(number)),
            "working-days" | "working-day" => Ok(Limit::WorkingDays(number)),
            "days" | "day" => Ok(Limit::Days(number)),
            _ => Err(ParseLimitError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_back_what_it_writes() {
        for (limit, text, vietnamese) in [
            (Limit::SameDay, "same-day", "trong ngày"),
            (Limit::WorkingHours(8), "8 working-hours", "8 giờ làm việc"),
            (Limit::WorkingDays(3), "3 working-days", "3 ngày làm việc"),
            (Limit::Days(30), "30 days", "30 ngày"),
        ] {
            assert_eq!(limit.to_string(), text);
            assert_eq!(text.parse(), Ok(limit));
            assert_eq!(limit.text(), vietnamese);
        }
        assert_eq!("1 working-day".parse(), Ok(Limit::WorkingDays(1)));
    }

    #[test]
    fn other_texts_are_no_limit() {
        for wrong in ["", "3", "days", "-1 days", "3 weeks", "3  days", "99999999999 days"] {
            assert_eq!(wrong.parse::<Limit>(), Err(ParseLimitError), "{wrong}");
        }
    }

    #[test]
    fn a_limit_is_kebab_case_in_json() {
        assert_eq!(serde_json::to_string(&Limit::SameDay).unwrap(), r#""same-day""#);
        let json = r#"{"working-days":3}"#;
        assert_eq!(serde_json::to_string(&Limit::WorkingDays(3)).unwrap(), json);
    }
}
