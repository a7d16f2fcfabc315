//! Where a dossier stands and how much time is left, in plain words.

use jiff::civil::Date;
use kernel::calendar::{LegalClock, WorkCalendar};
use kernel::format::vi;
use kernel::moment::Moment;
use pack::Content;
use pack::model::{Procedure, Step};
use serde::Serialize;

use crate::state::{APPLICANT, Dossier, Outcome};
use crate::text::{lower_first, without_stop};

/// Longest distance counted in days; beyond it nobody counts any more.
const MOST_DAYS: usize = 1_000;

/// The due moment and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueText {
    /// "17 giờ 00 thứ Năm 03/09/2026".
    pub due: String,
    /// The derivation, a sentence a line, oldest first.
    pub lines: Vec<String>,
}

/// The due moment of a clock with its derivation, as a receipt explains it.
pub fn due_text(clock: &LegalClock) -> DueText {
    DueText {
        due: vi::moment_with_weekday(clock.due),
        lines: clock.derivation.iter().map(|step| step.text.clone()).collect(),
    }
}

/// How much time is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeLeft {
    /// What kind of answer this is.
    pub state: TimeState,
    /// "còn 3 giờ làm việc", "quá hạn 2 ngày làm việc", "tạm dừng", …; empty without a clock.
    pub text: String,
    /// Working minutes left; negative when late; absent without a clock.
    pub minutes: Option<i64>,
    /// Share of the time used, 0 to 100, for the bar.
    pub used_percent: u8,
}

/// What the clock of a dossier does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeState {
    /// No clock was started.
    NoClock,
    /// It runs and the due day is not today.
    Running,
    /// It runs and is due today.
    DueToday,
    /// It runs and is late.
    Late,
    /// It stands.
    Stopped,
    /// It ended in time.
    FinishedOnTime,
    /// It ended late.
    FinishedLate,
}

/// How much time a dossier has left at this moment, for the worklist.
pub fn time_left(calendar: &WorkCalendar, dossier: &Dossier, now: Moment) -> TimeLeft {
    let Some(clock) = &dossier.clock else {
        let state = TimeState::NoClock;
        return TimeLeft { state, text: String::new(), minutes: None, used_percent: 0 };
    };
    let minutes = clock.minutes_left(calendar, now);
    let state = time_state(clock, now);
    let text = match state {
        TimeState::NoClock => String::new(),
        TimeState::FinishedOnTime => "đúng hạn".to_owned(),
        TimeState::FinishedLate => "quá hạn".to_owned(),
        TimeState::Stopped if minutes < 0 => "tạm dừng, đã quá hạn".to_owned(),
        TimeState::Stopped => format!("tạm dừng, còn {} làm việc", vi::minutes(minutes)),
        TimeState::Late => format!("quá hạn {}", between(calendar, clock.due, now)),
        TimeState::DueToday if minutes == 0 => "đến hạn".to_owned(),
        TimeState::Running | TimeState::DueToday => {
            format!("còn {}", between(calendar, now, clock.due))
        }
    };
    TimeLeft {
        state,
        text,
        minutes: Some(minutes),
        used_percent: used_percent(calendar, clock, minutes),
    }
}

fn time_state(clock: &LegalClock, now: Moment) -> TimeState {
    let is_late = clock.is_late(now);
    match (clock.finished, &clock.stopped) {
        (Some(_), _) if is_late => TimeState::FinishedLate,
        (Some(_), _) => TimeState::FinishedOnTime,
        (None, Some(_)) => TimeState::Stopped,
        (None, None) if is_late => TimeState::Late,
        (None, None) if clock.due.date() == now.date() => TimeState::DueToday,
        (None, None) => TimeState::Running,
    }
}

/// "2 ngày làm việc" when the days differ, "3 giờ 20 phút làm việc" on one day.
fn between(calendar: &WorkCalendar, from: Moment, to: Moment) -> String {
    let days = working_days_between(calendar, from.date(), to.date());
    if days == 0 {
        let minutes = calendar.working_minutes_between(from, to).max(1);
        return format!("{} làm việc", vi::minutes(minutes));
    }
    format!("{days} ngày làm việc")
}

/// Working days after the first date, up to and with the second.
fn working_days_between(calendar: &WorkCalendar, from: Date, to: Date) -> usize {
    let days = std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok());
    let days = days.take_while(|day| *day <= to).filter(|day| calendar.works_on(*day));
    days.take(MOST_DAYS).count()
}

fn used_percent(calendar: &WorkCalendar, clock: &LegalClock, minutes_left: i64) -> u8 {
    let whole = calendar.working_minutes_between(clock.counted_from, clock.due).max(1);
    let used = whole.saturating_sub(minutes_left).clamp(0, whole);
    u8::try_from(used.saturating_mul(100) / whole).unwrap_or(100)
}

/// When the present step should be done, by its own limit; `None` where it has none or the dossier
/// is over.
pub fn step_due(
    calendar: &WorkCalendar,
    procedure: &Procedure,
    dossier: &Dossier,
) -> Option<Moment> {
    let limit = step_of(procedure, dossier)?.limit.filter(|_| !dossier.is_finished())?;
    let (counted_from, _) = calendar.receive(dossier.step_since);
    Some(calendar.add(counted_from, limit))
}

/// One sentence for the applicant: who has the dossier, what is awaited, how long.
pub fn status_line(
    content: &Content,
    procedure: &Procedure,
    dossier: &Dossier,
    now: Moment,
) -> String {
    let stands = stands(content, procedure, dossier);
    if let Some(outcome) = dossier.outcome {
        return format!("{stands}{}.", ending(dossier, outcome));
    }
    let left = time_left(&content.calendar, dossier, now);
    match left.state {
        TimeState::NoClock => format!("{stands}."),
        TimeState::Stopped => format!("{stands}; thời hạn giải quyết đang tạm dừng."),
        TimeState::Late => {
            format!("{stands}, đã {}. Cơ quan xin lỗi ông/bà vì sự chậm trễ này.", left.text)
        }
        TimeState::FinishedOnTime | TimeState::FinishedLate => format!("{stands}."),
        TimeState::Running | TimeState::DueToday => format!("{stands}, {}.", left.text),
    }
}

/// What the applicant reads of the step, without a full stop.
fn stands(content: &Content, procedure: &Procedure, dossier: &Dossier) -> String {
    let step = step_of(procedure, dossier);
    let text = step.map(|step| without_stop(&step.citizen_text.vi)).unwrap_or_default();
    if !text.is_empty() {
        return text.to_owned();
    }
    match step.map(|step| step.owner.as_str()) {
        Some(APPLICANT) => "Đang chờ ông/bà bổ sung".to_owned(),
        Some(owner) if !dossier.is_finished() => match content.roles.get(owner) {
            Some(role) => format!("Đang chờ {} xem xét", lower_first(&role.name.vi)),
            None => "Đang được xử lý".to_owned(),
        },
        _ => "Hồ sơ đã kết thúc".to_owned(),
    }
}

fn ending(dossier: &Dossier, outcome: Outcome) -> String {
    let day = dossier.finished_at.map(|at| format!(" ngày {}", vi::date(at.date())));
    let day = day.unwrap_or_default();
    match (outcome, dossier.on_time) {
        (Outcome::Done, Some(true)) => format!(", xong{day}, đúng hạn"),
        (Outcome::Done, Some(false)) => format!(", xong{day}, chậm hơn ngày hẹn"),
        (Outcome::Done, None) => format!(", xong{day}"),
        (Outcome::Refused | Outcome::Stopped, _) => format!(", kết thúc{day}"),
    }
}

pub(crate) fn step_of<'a>(procedure: &'a Procedure, dossier: &Dossier) -> Option<&'a Step> {
    procedure.workflow.step(&dossier.step)
}
