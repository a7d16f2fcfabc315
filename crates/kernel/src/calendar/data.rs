//! The plain data that a work calendar is made of, and what may be wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::{Interval, Special, minutes_since_midnight, weekday_index};
use crate::format::vi;
use crate::problem::{Problem, Problems};

/// Plain data of a calendar, as a pack declares them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarData {
    /// Weekly working hours; a weekday without any is off.
    pub hours: Vec<Hours>,
    /// Days off.
    #[serde(default, alias = "holiday")]
    pub holidays: Vec<Holiday>,
    /// Days that work although the weekly table says off.
    #[serde(default, alias = "swap")]
    pub swaps: Vec<Swap>,
    /// Received after this time of day counts from the next working day.
    pub cut_off: Time,
    /// Years whose holidays are all listed.
    pub years: Vec<i16>,
}

/// Working hours on a weekday; a break makes two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// 1 Monday to 7 Sunday.
    pub weekday: i8,
    /// When work begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
}

/// A day off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// Its name, such as `Quốc khánh`.
    pub name: String,
    /// What it stands on.
    #[serde(default)]
    pub basis: String,
}

/// A day that works although the weekly table says off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The day that works.
    pub date: Date,
    /// The day that is off instead; it lends its weekday's hours (Monday's when not given).
    #[serde(default)]
    pub instead_of: Option<Date>,
    /// A note for people, such as `làm bù cho thứ Hai 31/08/2026`.
    #[serde(default)]
    pub note: String,
}

impl CalendarData {
    /// Everything that is wrong or odd, with the place: `hours.0.end`, `swaps.2.date`.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::new();
        self.check_hours(&mut problems);
        self.check_holidays(&mut problems);
        self.check_swaps(&mut problems);
        if self.years.is_empty() {
            let message = "Chưa khai báo năm nào có đủ ngày nghỉ (years).";
            problems.push(Problem::warning("calendar.no-years", "years", message));
        }
        problems
    }

    fn check_hours(&self, problems: &mut Problems) {
        for (index, hours) in self.hours.iter().enumerate() {
            let mut fault = |part: &str, code: &str, message: &str| {
                problems.push(Problem::new(code, format!("hours.{index}.{part}"), message));
            };
            if hours.day().is_none() {
                fault(
                    "weekday",
                    "calendar.weekday",
                    "Thứ trong tuần là số từ 1 (thứ Hai) đến 7 (Chủ nhật).",
                );
            }
            if !is_whole_minute(hours.start) || !is_whole_minute(hours.end) {
                fault("start", "calendar.seconds", "Giờ làm việc ghi đến phút, không ghi giây.");
            }
            if hours.start >= hours.end {
                fault("end", "calendar.hours-order", "Giờ kết thúc phải sau giờ bắt đầu.");
            }
            let overlaps = |other: &Hours| {
                other.weekday == hours.weekday && other.start < hours.end && hours.start < other.end
            };
            if self.hours.iter().take(index).any(overlaps) {
                fault(
                    "start",
                    "calendar.hours-overlap",
                    "Giờ làm việc chồng lên dòng khác cùng thứ.",
                );
            }
        }
        if self.hours.is_empty() {
            let message = "Tuần làm việc chưa có giờ nào (hours).";
            problems.push(Problem::new("calendar.no-hours", "hours", message));
        }
    }

    fn check_holidays(&self, problems: &mut Problems) {
        let mut seen = BTreeSet::new();
        for (index, holiday) in self.holidays.iter().enumerate() {
            let path = format!("holidays.{index}.date");
            if !seen.insert(holiday.date) {
                let message = format!("Ngày nghỉ {} được ghi hai lần.", vi::date(holiday.date));
                problems.push(Problem::new("calendar.holiday-twice", &*path, message));
            }
            self.check_year(holiday.date, &path, problems);
        }
    }

    fn check_swaps(&self, problems: &mut Problems) {
        let mut seen = BTreeSet::new();
        for (index, swap) in self.swaps.iter().enumerate() {
            let path = format!("swaps.{index}.date");
            let day = vi::date_with_weekday(swap.date);
            let mut fault = |code: &str, message: String| {
                problems.push(Problem::new(code, &*path, message));
            };
            if !seen.insert(swap.date) {
                fault("calendar.swap-twice", format!("Ngày làm bù {day} được ghi hai lần."));
            }
            if self.holidays.iter().any(|holiday| holiday.date == swap.date) {
                fault("calendar.swap-holiday", format!("Ngày làm bù {day} cũng là ngày nghỉ."));
            }
            if self.works_weekly(swap.date.weekday()) {
                fault(
                    "calendar.swap-working",
                    format!("{day} vốn là ngày làm việc, không cần làm bù."),
                );
            }
            if !self.works_weekly(swap.hours_of()) {
                let message =
                    format!("Ngày làm bù {day} lấy giờ của một ngày không làm việc (instead_of).");
                fault("calendar.swap-hours", message);
            }
            self.check_year(swap.date, &path, problems);
        }
    }

    fn check_year(&self, date: Date, path: &str, problems: &mut Problems) {
        if !self.years.contains(&date.year()) {
            let message = format!("Ngày {} nằm ngoài các năm đã khai báo (years).", vi::date(date));
            problems.push(Problem::warning("calendar.year", path, message));
        }
    }

    fn works_weekly(&self, weekday: Weekday) -> bool {
        self.hours.iter().any(|hours| hours.day() == Some(weekday))
    }

    /// Hours by weekday, Monday first, in order. For checked data.
    pub(super) fn week(&self) -> [Vec<Interval>; 7] {
        let mut week: [Vec<Interval>; 7] = std::array::from_fn(|_| Vec::new());
        for hours in &self.hours {
            let Some(weekday) = hours.day() else { continue };
            if let Some(day) = week.get_mut(weekday_index(weekday)) {
                day.push(hours.interval());
            }
        }
        week.iter_mut().for_each(|day| day.sort_by_key(|interval| interval.start));
        week
    }

    /// Days that the weekly table does not decide. A day given up for a made-up day is off even if
    /// nobody listed it as a holiday.
    pub(super) fn special_days(&self) -> BTreeMap<Date, Special> {
        let mut special = BTreeMap::new();
        for swap in &self.swaps {
            if let Some(given_up) = swap.instead_of {
                let name = format!("hoán đổi với {}", vi::date_with_weekday(swap.date));
                special.insert(given_up, Special::Holiday(name));
            }
        }
        for holiday in &self.holidays {
            special.insert(holiday.date, Special::Holiday(holiday.name.clone()));
        }
        for swap in &self.swaps {
            let (note, hours_of) = (swap.note.clone(), swap.hours_of());
            special.insert(swap.date, Special::Swap { note, hours_of });
        }
        special
    }
}

impl Hours {
    fn day(self) -> Option<Weekday> {
        Weekday::from_monday_one_offset(self.weekday).ok()
    }

    fn interval(self) -> Interval {
        Interval {
            start: minutes_since_midnight(self.start),
            end: minutes_since_midnight(self.end),
        }
    }
}

impl Swap {
    fn hours_of(&self) -> Weekday {
        self.instead_of.map_or(Weekday::Monday, Date::weekday)
    }
}

fn is_whole_minute(time: Time) -> bool {
    time.second() == 0 && time.subsec_nanosecond() == 0
}
