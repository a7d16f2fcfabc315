//! Legal time: working hours, holidays, made-up days, and the clock of a dossier.
//!
//! Legal time is told in whole minutes, as receipts tell it: seconds are dropped. A day off is
//! either a weekend of the weekly table or a listed holiday; a made-up day works with the hours of
//! the day that it stands in for.

mod data;
mod derivation;
mod legal_clock;
mod limit;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::problem::{Problems, has_errors};

pub use data::{CalendarData, Holiday, Hours, Swap};
pub use derivation::{Derivation, DerivationStep, StepKind};
pub use legal_clock::{Extension, LegalClock, Stop};
pub use limit::{Limit, ParseLimitError};

/// How far ahead days are searched, a hundred years: no lawful limit is longer, and no slip in a
/// pack can keep the program busy.
const HORIZON_DAYS: usize = 36_525;

/// What a day is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// Has working hours in the weekly table.
    Working,
    /// Has none.
    Weekend,
    /// Off, by this name.
    Holiday(String),
    /// Works instead of another day; the note says why.
    SwapDay(String),
}

impl DayKind {
    /// Is it a day on which time counts?
    pub fn works(&self) -> bool {
        matches!(self, DayKind::Working | DayKind::SwapDay(_))
    }
}

/// Why counting does not begin at the very moment of receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockNote {
    /// Received after this time of day: counts from the next working day.
    AfterCutOff(Time),
    /// Received after the office closed: counts from the next working day.
    AfterClosing(Time),
    /// Received on a day off: counts from the next working day.
    DayOff(DayKind),
    /// Received before the office opened at this time: counts from the opening.
    BeforeOpening(Time),
    /// Received in a break that ends at this time: counts from its end.
    DuringBreak(Time),
    /// The holidays of this year are not known yet; the weekly table alone was used.
    Uncovered(i16),
}

/// Working hours of a day, in minutes since midnight; the end is later than the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval {
    start: i64,
    end: i64,
}

impl Interval {
    fn minutes(self) -> i64 {
        self.end - self.start
    }
}

/// A day that the weekly table does not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Special {
    Holiday(String),
    Swap { note: String, hours_of: Weekday },
}

/// When offices work. Made from plain [`CalendarData`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Monday first.
    week: [Vec<Interval>; 7],
    special: BTreeMap<Date, Special>,
    cut_off: Time,
    years: BTreeSet<i16>,
}

impl WorkCalendar {
    /// Builds the calendar, or says everything that is wrong with the data. Warnings do not stop
    /// it; [`CalendarData::check`] gives them.
    pub fn new(data: &CalendarData) -> Result<WorkCalendar, Problems> {
        let problems = data.check();
        if has_errors(&problems) {
            return Err(problems);
        }
        Ok(WorkCalendar {
            week: data.week(),
            special: data.special_days(),
            cut_off: data.cut_off,
            years: data.years.iter().copied().collect(),
        })
    }

    /// Offices that work Monday to Friday, 7:30–11:30 and 13:30–17:00, with a cut-off at 15:00 and
    /// no holidays: for tests and for a first start without content.
    pub fn plain_week() -> WorkCalendar {
        let interval = |start: i64, end: i64| Interval { start, end };
        let day = vec![interval(7 * 60 + 30, 11 * 60 + 30), interval(13 * 60 + 30, 17 * 60)];
        let mut week = std::array::from_fn(|_| Vec::new());
        week.iter_mut().take(5).for_each(|hours| hours.clone_from(&day));
        WorkCalendar {
            week,
            special: BTreeMap::new(),
            cut_off: jiff::civil::time(15, 0, 0, 0),
            years: BTreeSet::new(),
        }
    }

    /// What the day is.
    pub fn is_working_day(&self, date: Date) -> DayKind {
        match self.special.get(&date) {
            Some(Special::Holiday(name)) => DayKind::Holiday(name.clone()),
            Some(Special::Swap { note, .. }) => DayKind::SwapDay(note.clone()),
            None if self.hours(date).is_empty() => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// Does the office work on this day? The same as `is_working_day(date).works()`, cheaper.
    pub fn works_on(&self, date: Date) -> bool {
        !self.hours(date).is_empty()
    }

    /// Are the holidays of this year known?
    pub fn covers(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// Received after this time of day counts from the next working day.
    pub fn cut_off(&self) -> Time {
        self.cut_off
    }

    /// When the office opens on this day, if it does.
    pub fn opening(&self, date: Date) -> Option<Moment> {
        self.hours(date).first().map(|hours| minute_of(date, hours.start))
    }

    /// When the office closes on this day, if it works.
    pub fn closing(&self, date: Date) -> Option<Moment> {
        self.hours(date).last().map(|hours| minute_of(date, hours.end))
    }

    /// Is this moment inside working hours, their two ends included?
    pub fn is_working_time(&self, moment: Moment) -> bool {
        self.next_working_moment(moment) == moment
    }

    /// The next working day after this one.
    pub fn next_working_day(&self, date: Date) -> Date {
        self.working_days_after(date).next().unwrap_or(date)
    }

    /// Where counting begins for something received at this moment, and why not at once.
    ///
    /// After the cut-off, after closing or on a day off: the opening of the next working day.
    /// Before opening or in a break: its end. The moment itself otherwise, without its seconds.
    pub fn receive(&self, moment: Moment) -> (Moment, Vec<ClockNote>) {
        let received = moment.whole_minute();
        let reason = self.reason_to_wait(received);
        let counted_from = match &reason {
            None => received,
            Some(ClockNote::BeforeOpening(_) | ClockNote::DuringBreak(_)) => {
                self.next_working_moment(received)
            }
            Some(_) => self.opening_after(received.date()),
        };
        let year = counted_from.date().year();
        let uncovered = (!self.covers(year)).then_some(ClockNote::Uncovered(year));
        (counted_from, reason.into_iter().chain(uncovered).collect())
    }

    fn reason_to_wait(&self, received: Moment) -> Option<ClockNote> {
        let (date, time) = (received.date(), received.time());
        let minute = minutes_since_midnight(time);
        let hours = self.hours(date);
        let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
            return Some(ClockNote::DayOff(self.is_working_day(date)));
        };
        if time > self.cut_off {
            return Some(ClockNote::AfterCutOff(self.cut_off));
        }
        if minute > last.end {
            return Some(ClockNote::AfterClosing(time_of(last.end)));
        }
        if minute < first.start {
            return Some(ClockNote::BeforeOpening(time_of(first.start)));
        }
        let next = hours.iter().find(|interval| minute <= interval.end)?;
        (minute < next.start).then(|| ClockNote::DuringBreak(time_of(next.start)))
    }

    /// The end of a limit counted from this moment, always inside working time and never before it.
    ///
    /// Civil Code 2015, Articles 147 and 148: the first day is not counted, and a limit in days
    /// ends with the working hours of its last day, moved to the next working day if that is off.
    pub fn add(&self, start: Moment, limit: Limit) -> Moment {
        match limit {
            Limit::WorkingHours(hours) => self.add_working_minutes(start, i64::from(hours) * 60),
            Limit::SameDay | Limit::WorkingDays(0) | Limit::Days(0) => self.end_of_day(start),
            Limit::WorkingDays(days) => {
                let counted = self.working_days_after(start.date()).take(count(days));
                self.closing_or(counted.last().unwrap_or(start.date()), start)
            }
            Limit::Days(days) => self.end_of_day(Moment::start_of(days_later(start.date(), days))),
        }
    }

    /// The close of this working day, or of the next one when it is off or over.
    fn end_of_day(&self, moment: Moment) -> Moment {
        match self.closing(moment.date()) {
            Some(closing) if moment <= closing => closing,
            _ => self.closing_or(self.next_working_day(moment.date()), moment),
        }
    }

    /// The moment after so many working minutes; inside working time, at the end of an interval
    /// rather than at the start of the next. None or fewer: the next working moment.
    pub fn add_working_minutes(&self, start: Moment, minutes: i64) -> Moment {
        let start = self.next_working_moment(start);
        let mut left = minutes.saturating_mul(MICROS_PER_MINUTE);
        let mut reached = start;
        if left <= 0 {
            return start;
        }
        for date in days_from(start.date()) {
            for interval in self.hours(date) {
                let begin = minute_of(date, interval.start).max(start);
                let room = minute_of(date, interval.end).micros_since(begin);
                if room <= 0 {
                    continue;
                }
                reached = begin.plus_micros(left.min(room));
                left -= room;
                if left <= 0 {
                    return reached;
                }
            }
        }
        reached
    }

    /// Whole working minutes from one moment to another; negative when the second is the earlier.
    pub fn working_minutes_between(&self, from: Moment, to: Moment) -> i64 {
        if to < from {
            return -self.working_minutes_between(to, from);
        }
        let (first, last) = (from.date(), to.date());
        let micros = if first == last {
            self.micros_of_day(first, from, to)
        } else {
            self.micros_of_day(first, from, Moment::MAX)
                + self.minutes_of_days_between(first, last) * MICROS_PER_MINUTE
                + self.micros_of_day(last, Moment::MIN, to)
        };
        micros / MICROS_PER_MINUTE
    }

    /// Working time of one day between two moments, in microseconds.
    fn micros_of_day(&self, date: Date, from: Moment, to: Moment) -> i64 {
        let overlap = |interval: &Interval| {
            let begin = minute_of(date, interval.start).max(from);
            let end = minute_of(date, interval.end).min(to);
            end.micros_since(begin).max(0)
        };
        self.hours(date).iter().map(overlap).sum()
    }

    /// Working minutes of all whole days strictly between two days: by the weekly table, corrected
    /// for each special day, so that the cost does not grow with the distance.
    fn minutes_of_days_between(&self, first: Date, last: Date) -> i64 {
        let Ok(start) = first.tomorrow() else {
            return 0;
        };
        let days = days_between(start, last).max(0);
        let by_week: i64 = start_weekdays(start)
            .zip(0_i64..)
            .map(|(weekday, offset)| {
                let times = (days - offset + 6).div_euclid(7).max(0);
                times * total(self.weekly_hours(weekday))
            })
            .sum();
        let corrections = match start < last {
            true => self.special.range(start..last),
            false => return by_week,
        };
        by_week
            + corrections
                .map(|(date, special)| {
                    total(self.special_hours(special)) - total(self.weekly_hours(date.weekday()))
                })
                .sum::<i64>()
    }

    /// This moment if it is working time, else the next that is.
    fn next_working_moment(&self, moment: Moment) -> Moment {
        for date in days_from(moment.date()) {
            for interval in self.hours(date) {
                if moment <= minute_of(date, interval.end) {
                    return minute_of(date, interval.start).max(moment);
                }
            }
        }
        moment
    }

    fn opening_after(&self, date: Date) -> Moment {
        let next = self.next_working_day(date);
        self.opening(next).unwrap_or(Moment::start_of(next))
    }

    fn closing_or(&self, date: Date, otherwise: Moment) -> Moment {
        self.closing(date).unwrap_or(otherwise)
    }

    fn working_days_after(&self, date: Date) -> impl Iterator<Item = Date> + '_ {
        days_from(date).skip(1).filter(|day| self.works_on(*day))
    }

    fn hours(&self, date: Date) -> &[Interval] {
        match self.special.get(&date) {
            Some(special) => self.special_hours(special),
            None => self.weekly_hours(date.weekday()),
        }
    }

    fn special_hours(&self, special: &Special) -> &[Interval] {
        match special {
            Special::Holiday(_) => &[],
            Special::Swap { hours_of, .. } => self.weekly_hours(*hours_of),
        }
    }

    fn weekly_hours(&self, weekday: Weekday) -> &[Interval] {
        self.week.get(weekday_index(weekday)).map_or(&[], Vec::as_slice)
    }
}

const MICROS_PER_MINUTE: i64 = 60_000_000;

fn total(hours: &[Interval]) -> i64 {
    hours.iter().map(|interval| interval.minutes()).sum()
}

fn count(days: u32) -> usize {
    usize::try_from(days).unwrap_or(usize::MAX)
}

fn days_from(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(date), |day| day.tomorrow().ok()).take(HORIZON_DAYS)
}

fn days_later(date: Date, days: u32) -> Date {
    days_from(date).nth(count(days)).unwrap_or_else(|| days_from(date).last().unwrap_or(date))
}

fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_secs() / 86_400
}

/// The seven weekdays, beginning with that of the date.
fn start_weekdays(date: Date) -> impl Iterator<Item = Weekday> {
    date.weekday().cycle_forward().take(7)
}

fn weekday_index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default()
}

fn minute_of(date: Date, minute: i64) -> Moment {
    Moment::start_of(date).plus_minutes(minute)
}

fn minutes_since_midnight(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

fn time_of(minute: i64) -> Time {
    let part = |value: i64| i8::try_from(value).unwrap_or_default();
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
