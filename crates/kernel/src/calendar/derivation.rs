//! How a due moment came about, as data and in words that a citizen can read.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ClockNote, DayKind, Limit, WorkCalendar, days_from, days_later};
use crate::format::vi;
use crate::moment::Moment;

/// The whole way from receipt to due moment; its last step is the due moment, unless the clock is
/// stopped.
pub type Derivation = Vec<DerivationStep>;

/// One step on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationStep {
    /// The moment, or the beginning of the day, that the step is about.
    pub at: Moment,
    /// What happens.
    pub kind: StepKind,
    /// The same in Vietnamese, without a full stop.
    pub text: String,
}

/// What happens in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Received, with the reason when counting begins later.
    Received,
    /// Counting begins.
    CountedFrom,
    /// How much time there is.
    Limit,
    /// A day, or a weekend, that does not count.
    DayOff,
    /// A made-up day, which counts.
    MadeUpDay,
    /// The holidays of a year are not known yet.
    Uncovered,
    /// The clock stops.
    Stopped,
    /// The clock runs again.
    Resumed,
    /// More time is given.
    Extended,
    /// The result is promised for this moment.
    Due,
}

/// After so many lines of days off, a summary says the rest.
const MOST_DAY_LINES: usize = 60;

/// Writes the steps of one counting.
pub(super) struct Writer<'a> {
    pub calendar: &'a WorkCalendar,
    pub steps: Derivation,
}

impl Writer<'_> {
    pub fn push(&mut self, at: Moment, kind: StepKind, text: String) {
        self.steps.push(DerivationStep { at, kind, text });
    }

    /// Receipt, and where counting begins.
    pub fn received(&mut self, received: Moment, counted_from: Moment, notes: &[ClockNote]) {
        let when = vi::moment_with_weekday(received);
        let reason = notes.iter().find_map(reason_to_wait).unwrap_or_default();
        self.push(received, StepKind::Received, format!("Nhận lúc {when}{reason}"));
        self.waiting(received, counted_from);
    }

    /// The days off between an event and the beginning of counting, and that beginning if it is on
    /// another day.
    pub fn waiting(&mut self, event: Moment, counted_from: Moment) {
        if event.date() == counted_from.date() {
            return;
        }
        self.days_off(event.date(), counted_from.date());
        let when = vi::moment_with_weekday(counted_from);
        self.push(counted_from, StepKind::CountedFrom, format!("Bắt đầu tính từ {when}"));
    }

    /// The length of time, and why the first day is left out.
    pub fn limit(&mut self, counted_from: Moment, limit: Limit) {
        let first_day = match limit {
            Limit::WorkingDays(1..) | Limit::Days(1..) => ", không tính ngày đầu tiên",
            _ => "",
        };
        let text = format!("Thời hạn giải quyết: {}{first_day}", limit.text());
        self.push(counted_from, StepKind::Limit, text);
    }

    /// The special days that a limit met on its way, and the due moment.
    pub fn counting(&mut self, from: Moment, limit: Limit, due: Moment) {
        // Calendar days run through days off; only a last day that is off matters.
        let first_skipped = match limit {
            Limit::Days(days) => days_later(from.date(), days).yesterday().unwrap_or(from.date()),
            _ => from.date(),
        };
        self.days_off(first_skipped, due.date());
        self.due(from, due);
    }

    /// The due moment, with a warning when it lies in a year without known holidays.
    pub fn due(&mut self, from: Moment, due: Moment) {
        for year in from.date().year()..=due.date().year() {
            if !self.calendar.covers(year) {
                self.uncovered(from.max(Moment::start_of(first_day(year, due))), year);
                break;
            }
        }
        self.push(due, StepKind::Due, format!("Hẹn trả: {}", vi::moment_with_weekday(due)));
    }

    fn uncovered(&mut self, at: Moment, year: i16) {
        let text = format!(
            "Lịch nghỉ năm {year} chưa được cập nhật, tạm tính theo tuần làm việc bình thường"
        );
        self.push(at, StepKind::Uncovered, text);
    }

    /// Days off and made-up days after one day, up to and with another.
    pub fn days_off(&mut self, after: Date, until: Date) {
        let most = self.steps.len() + MOST_DAY_LINES;
        let mut days = days_from(after).skip(1).take_while(|day| *day <= until).peekable();
        while let Some(day) = days.next() {
            let at = Moment::start_of(day);
            if self.steps.len() >= most {
                let text = "Các ngày nghỉ tiếp theo cũng không tính vào thời hạn".to_owned();
                return self.push(at, StepKind::DayOff, text);
            }
            match self.calendar.is_working_day(day) {
                DayKind::Working => {}
                DayKind::SwapDay(note) => self.push(at, StepKind::MadeUpDay, made_up(day, &note)),
                DayKind::Holiday(name) => self.push(at, StepKind::DayOff, holiday(day, &name)),
                DayKind::Weekend => {
                    let is_weekend =
                        |next: &Date| self.calendar.is_working_day(*next) == DayKind::Weekend;
                    let second = days.next_if(is_weekend);
                    self.push(at, StepKind::DayOff, weekend(day, second));
                }
            }
        }
    }
}

fn first_day(year: i16, due: Moment) -> Date {
    Date::new(year, 1, 1).unwrap_or(due.date())
}

fn reason_to_wait(note: &ClockNote) -> Option<String> {
    const NEXT_DAY: &str = "nên tính từ ngày làm việc tiếp theo";
    match note {
        ClockNote::AfterCutOff(time) => Some(format!(", sau {} {NEXT_DAY}", vi::time(*time))),
        ClockNote::AfterClosing(time) => {
            Some(format!(", sau giờ làm việc (đến {}) {NEXT_DAY}", vi::time(*time)))
        }
        ClockNote::DayOff(DayKind::Holiday(name)) => {
            Some(format!(", là ngày {} {NEXT_DAY}", day_off(name)))
        }
        ClockNote::DayOff(_) => Some(format!(", là ngày nghỉ cuối tuần {NEXT_DAY}")),
        ClockNote::BeforeOpening(time) => {
            Some(format!(", trước giờ làm việc nên tính từ {}", vi::time(*time)))
        }
        ClockNote::DuringBreak(time) => {
            Some(format!(", trong giờ nghỉ trưa nên tính từ {}", vi::time(*time)))
        }
        ClockNote::Uncovered(_) => None,
    }
}

fn holiday(day: Date, name: &str) -> String {
    format!("{}: {}", head(day), day_off(name))
}

/// `nghỉ Quốc khánh`, also when the name already says `Nghỉ`.
fn day_off(name: &str) -> String {
    if crate::text::fold(name).starts_with("nghi ") {
        name.replacen("Nghỉ", "nghỉ", 1)
    } else {
        format!("nghỉ {name}")
    }
}

fn made_up(day: Date, note: &str) -> String {
    match note {
        "" => format!("{}: ngày làm bù", head(day)),
        _ => format!("{}: ngày làm bù ({note})", head(day)),
    }
}

fn weekend(day: Date, second: Option<Date>) -> String {
    match second {
        None => format!("{}: nghỉ cuối tuần", head(day)),
        Some(second) => {
            format!("{} và {}: nghỉ cuối tuần", head(day), vi::date_with_weekday(second))
        }
    }
}

fn head(day: Date) -> String {
    vi::capitalised(&vi::date_with_weekday(day))
}
