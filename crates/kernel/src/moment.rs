//! A point in time, and how it reads on a Vietnamese clock.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Viet Nam keeps UTC+7 and has had no summer time since 1975, so no time zone data are needed.
const VIET_NAM: Offset = Offset::constant(7);

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;

/// Microseconds since 1970-01-01 00:00 UTC; in JSON and in the database an integer.
///
/// Always within the years −9999 to 9999: every constructor clamps, so nothing else need care.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Moment(i64);

impl Moment {
    /// The latest moment that has a calendar day.
    pub const MAX: Moment = Moment(253_402_207_200_999_999);
    /// The earliest moment that has a calendar day.
    pub const MIN: Moment = Moment(-377_705_023_201_000_000);

    /// From microseconds since 1970 UTC, clamped to the range of the calendar.
    pub fn from_micros(micros: i64) -> Moment {
        Moment(micros).clamp(Moment::MIN, Moment::MAX)
    }

    /// Microseconds since 1970 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// What a clock and a calendar in Viet Nam show.
    pub fn local(self) -> DateTime {
        VIET_NAM.to_datetime(self.timestamp())
    }

    /// The moment when clock and calendar in Viet Nam show this; finer than a microsecond is lost.
    pub fn from_local(local: DateTime) -> Moment {
        match VIET_NAM.to_timestamp(local) {
            Ok(timestamp) => Moment::from_micros(timestamp.as_microsecond()),
            Err(_) if local.year() < 0 => Moment::MIN,
            Err(_) => Moment::MAX,
        }
    }

    /// The moment of a day and a time of day in Viet Nam.
    pub fn at(date: Date, time: Time) -> Moment {
        Moment::from_local(date.to_datetime(time))
    }

    /// The first moment of a day in Viet Nam.
    pub fn start_of(date: Date) -> Moment {
        Moment::at(date, Time::midnight())
    }

    /// The day in Viet Nam.
    pub fn date(self) -> Date {
        self.local().date()
    }

    /// The time of day in Viet Nam.
    pub fn time(self) -> Time {
        self.local().time()
    }

    /// Later by so many seconds; earlier when negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Moment {
        self.plus_micros(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Later by so many minutes; earlier when negative.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Moment {
        self.plus_micros(minutes.saturating_mul(MICROS_PER_MINUTE))
    }

    /// Later by so many hours; earlier when negative.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Moment {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Later by so many days of 24 hours; earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Moment {
        self.plus_hours(days.saturating_mul(24))
    }

    /// Later by so many microseconds; earlier when negative.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Moment {
        Moment::from_micros(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to here; negative when it is later.
    pub fn micros_since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same without its seconds: legal time is told in whole minutes.
    #[must_use]
    pub fn whole_minute(self) -> Moment {
        Moment::from_micros(self.0 - self.0.rem_euclid(MICROS_PER_MINUTE))
    }

    fn timestamp(self) -> Timestamp {
        // From seconds and the rest: the library takes whole microseconds only up to the last second
        // of its range, and our last moment lies within that second.
        let seconds = self.0 / MICROS_PER_SECOND;
        let nanos = i32::try_from(self.0 % MICROS_PER_SECOND * 1_000).unwrap_or(0);
        // Never out of range: the constructors clamp.
        Timestamp::new(seconds, nanos).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl From<i64> for Moment {
    fn from(micros: i64) -> Moment {
        Moment::from_micros(micros)
    }
}

impl From<Moment> for i64 {
    fn from(moment: Moment) -> i64 {
        moment.micros()
    }
}

/// RFC 3339 in Vietnamese time, such as `2026-11-05T15:30:00+07:00`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp().display_with_offset(VIET_NAM))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a moment in RFC 3339 with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseMomentError;

impl fmt::Display for ParseMomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a moment: expected RFC 3339 such as 2026-11-05T15:30:00+07:00")
    }
}

impl std::error::Error for ParseMomentError {}

impl FromStr for Moment {
    type Err = ParseMomentError;

    /// Reads RFC 3339 with any offset.
    fn from_str(text: &str) -> Result<Moment, ParseMomentError> {
        let timestamp: Timestamp = text.parse().map_err(|_| ParseMomentError)?;
        Ok(Moment::from_micros(timestamp.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_shows_vietnamese_time() {
        let moment: Moment = "2026-11-05T08:30:00Z".parse().unwrap();
        assert_eq!(moment.local(), datetime(2026, 11, 5, 15, 30, 0, 0));
        assert_eq!(moment.to_string(), "2026-11-05T15:30:00+07:00");
        assert_eq!(moment.plus_micros(5).to_string(), "2026-11-05T15:30:00.000005+07:00");
        assert_eq!(serde_json::to_string(&moment).unwrap(), moment.micros().to_string());
    }

    #[test]
    fn the_range_is_that_of_the_calendar() {
        assert_eq!(Moment::MAX.micros(), Timestamp::MAX.as_microsecond());
        assert_eq!(Moment::MIN.micros(), Timestamp::MIN.as_microsecond());
    }

    #[test]
    fn the_day_turns_at_midnight_in_viet_nam() {
        let evening: Moment = "2026-11-05T16:59:59Z".parse().unwrap();
        assert_eq!(evening.date(), date(2026, 11, 5));
        assert_eq!(evening.plus_seconds(1).date(), date(2026, 11, 6));
        assert_eq!(Moment::start_of(date(2026, 11, 6)), evening.plus_seconds(1));
    }

    #[test]
    fn a_moment_without_offset_is_refused() {
        for wrong in ["", "2026-11-05", "2026-11-05T15:30:00", "15:30", "2026-11-05 15:30"] {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn legal_time_drops_the_seconds_before_and_after_1970() {
        for (text, whole) in [
            ("2026-11-05T15:30:59.9+07:00", "2026-11-05T15:30:00+07:00"),
            ("1955-11-05T15:30:01+07:00", "1955-11-05T15:30:00+07:00"),
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().whole_minute().to_string(), whole);
        }
    }

    #[test]
    fn the_ends_of_the_calendar_show_as_what_they_are() {
        assert_eq!(Moment::MAX.to_string(), "9999-12-31T05:00:00.999999+07:00");
        assert_eq!(Moment::MAX.date(), date(9999, 12, 31));
        assert_eq!(Moment::from_micros(i64::MAX), Moment::MAX);
        assert_eq!(Moment::MIN.local().year(), -9999);
        assert_eq!(Moment::from_micros(i64::MIN), Moment::MIN);
        for moment in [Moment::MAX, Moment::MIN] {
            assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
            assert_eq!(Moment::from_local(moment.local()), moment);
        }
    }

    /// Micros of the whole calendar, the ends and the turn of 1970 among them far more often than
    /// chance would have it.
    fn any_micros() -> impl Strategy<Value = i64> {
        let (first, last) = (Moment::MIN.micros(), Moment::MAX.micros());
        let second = MICROS_PER_SECOND;
        prop_oneof![
            first..=last,
            first..=first + second,
            last - 2 * second..=last,
            -second..=second,
        ]
    }

    proptest! {
        #[test]
        fn every_moment_of_the_calendar_is_written_and_read_back(micros in any_micros()) {
            let moment = Moment::from_micros(micros);
            prop_assert_eq!(moment.micros(), micros);
            prop_assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
            prop_assert_eq!(Moment::from_local(moment.local()), moment);
        }

        #[test]
        fn any_number_is_a_moment_that_reads_back(micros: i64, minutes: i64) {
            let moment = Moment::from_micros(micros).plus_minutes(minutes).whole_minute();
            prop_assert_eq!(Moment::from_local(moment.local()), moment);
            prop_assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
            prop_assert!(Moment::MIN <= moment && moment <= Moment::MAX);
        }
    }
}
