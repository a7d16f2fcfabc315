//! `calendar.toml`: working hours, holidays, swapped days.
//!
//! Packs layer: working hours, cut-off and years of a later pack replace the earlier ones, holidays
//! and swapped days are added.

use jiff::civil::Time;
use kernel::calendar::{CalendarData, Holiday, Hours, Swap, WorkCalendar};

use super::reader::Reader;
use crate::problem::{Diagnostics, Document};

/// What one file says.
pub(crate) struct CalendarPart {
    hours: Vec<Hours>,
    holidays: Vec<Holiday>,
    swaps: Vec<Swap>,
    cut_off: Option<Time>,
    years: Vec<i64>,
}

pub(crate) fn read_calendar(reader: &mut Reader) -> CalendarPart {
    CalendarPart {
        hours: reader.tables("hours", read_hours),
        holidays: reader.tables("holiday", read_holiday),
        swaps: reader.tables("swap", read_swap),
        cut_off: read_time(reader, "cut_off"),
        years: if reader.has("years") || reader.is_describing() {
            reader.integers("years")
        } else {
            Vec::new()
        },
    }
}

fn read_hours(reader: &mut Reader) -> Hours {
    let weekday = reader.integer_within("weekday", 1..8, 1);
    let start = required_time(reader, "start");
    Hours { weekday: i8::try_from(weekday).unwrap_or(1), start, end: required_time(reader, "end") }
}

fn read_holiday(reader: &mut Reader) -> Holiday {
    Holiday {
        date: reader.required_date("date"),
        name: reader.required_text("name"),
        basis: reader.text("basis"),
    }
}

fn read_swap(reader: &mut Reader) -> Swap {
    Swap {
        date: reader.required_date("date"),
        instead_of: reader.date("instead_of"),
        note: reader.text("note"),
    }
}

fn required_time(reader: &mut Reader, key: &str) -> Time {
    let written = reader.required_text(key);
    if written.is_empty() { Time::default() } else { parse_time(reader, key, &written) }
}

fn read_time(reader: &mut Reader, key: &str) -> Option<Time> {
    let written = reader.optional_text(key)?;
    Some(parse_time(reader, key, &written))
}

fn parse_time(reader: &Reader, key: &str, written: &str) -> Time {
    let time = written.parse().ok().filter(|_| written.len() == "15:00".len());
    time.unwrap_or_else(|| {
        let message = format!("“{written}” không phải giờ; viết như 07:30.");
        reader.error(key, "wrong-type", message);
        Time::default()
    })
}

/// Puts the parts of all packs together, first pack first.
pub(crate) fn build_calendar(
    parts: &[(&Document, CalendarPart)],
    diagnostics: &Diagnostics,
) -> WorkCalendar {
    let mut data = CalendarData { cut_off: Time::midnight(), ..CalendarData::default() };
    let mut origins = Origins::default();
    let mut cut_off = None;
    for (document, part) in parts {
        if !part.hours.is_empty() {
            data.hours.clone_from(&part.hours);
            origins.hours = numbered(document, "hours", part.hours.len());
        }
        if !part.years.is_empty() {
            data.years = part.years.iter().filter_map(|year| i16::try_from(*year).ok()).collect();
        }
        cut_off = part.cut_off.or(cut_off);
        data.holidays.extend(part.holidays.iter().cloned());
        origins.holidays.extend(numbered(document, "holiday", part.holidays.len()));
        data.swaps.extend(part.swaps.iter().cloned());
        origins.swaps.extend(numbered(document, "swap", part.swaps.len()));
    }
    if let Some((first, _)) = parts.first() {
        match cut_off {
            Some(time) => data.cut_off = time,
            None => diagnostics.error(first, "", "missing-key", "Thiếu khóa “cut_off”."),
        }
        origins.report(&data, first, diagnostics);
    }
    WorkCalendar::new(&data).unwrap_or_else(|_| WorkCalendar::plain_week())
}

/// Where each row of the joined calendar came from.
#[derive(Default)]
struct Origins<'a> {
    hours: Vec<(&'a Document<'a>, String)>,
    holidays: Vec<(&'a Document<'a>, String)>,
    swaps: Vec<(&'a Document<'a>, String)>,
}

fn numbered<'a>(
    document: &'a Document<'a>,
    key: &str,
    count: usize,
) -> Vec<(&'a Document<'a>, String)> {
    (0..count).map(|index| (document, format!("{key}.{index}"))).collect()
}

impl Origins<'_> {
    fn report(&self, data: &CalendarData, first: &Document, diagnostics: &Diagnostics) {
        for problem in data.check() {
            let mut way = problem.path.splitn(3, '.');
            let rows = match way.next() {
                Some("hours") => &self.hours,
                Some("holidays") => &self.holidays,
                Some("swaps") => &self.swaps,
                _ => &Vec::new(),
            };
            let index = way.next().and_then(|index| index.parse::<usize>().ok());
            let (document, at) = match index.and_then(|index| rows.get(index)) {
                Some((document, row)) => (*document, format!("{row}.{}", way.next().unwrap_or(""))),
                None => (first, String::new()),
            };
            if problem.is_error() {
                diagnostics.error(document, &at, &problem.code, problem.message);
            } else {
                diagnostics.warning(document, &at, &problem.code, problem.message);
            }
        }
    }
}
