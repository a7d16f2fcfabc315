//! Due moments: of one dossier with its derivation, of a row in a list.

use app::dossiers::DossierView;
use dossier::{Outcome, TimeLeft, TimeState};
use jiff::civil::Date;
use kernel::calendar::WorkCalendar;
use kernel::format::vi;
use kernel::moment::Moment;
use pack::Content;

use super::short_moment;
use crate::page::parts::{DueView, Tone};

/// Beyond this share of the time used a running clock wants attention.
const ATTENTION_PERCENT: u8 = 80;
/// Longest distance counted in days.
const MOST_DAYS: usize = 1_000;

/// When a dossier is due and how that was counted; none while it has no clock, or when it was stopped
/// before its time.
pub(crate) fn due_view(content: &Content, view: &DossierView, now: Moment) -> Option<DueView> {
    let is_stopped = view.dossier.outcome == Some(Outcome::Stopped);
    let clock = view.dossier.clock.as_ref().filter(|_| !is_stopped)?;
    let text = dossier::due_text(clock);
    let left = dossier::time_left(&content.calendar, &view.dossier, now);
    Some(DueView {
        moment: text.due,
        tone: tone(&left),
        left: left.text,
        used_percent: left.used_percent,
        derivation: text.lines,
    })
}

fn tone(left: &TimeLeft) -> Tone {
    match left.state {
        TimeState::NoClock | TimeState::Stopped => Tone::Plain,
        TimeState::Running if left.used_percent < ATTENTION_PERCENT => Tone::Busy,
        TimeState::Running | TimeState::DueToday => Tone::Attention,
        TimeState::Late | TimeState::FinishedLate => Tone::Late,
        TimeState::FinishedOnTime => Tone::Done,
    }
}

/// What is left of the time of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowLeft {
    /// "còn 3 giờ làm việc", "quá hạn 1 ngày làm việc", "tạm dừng", "đã xong".
    pub(crate) text: String,
    /// Its colour.
    pub(crate) tone: Tone,
    /// Share of the time used, 0 to 100.
    pub(crate) used_percent: u8,
    /// "17:00 22/11"; empty while no clock runs.
    pub(crate) due: String,
}

/// What is left of the time of a row in a list. A row knows its due moment but not its clock, so the
/// share used is counted from the filing: exact unless the clock once stood.
pub(crate) fn row_left(
    calendar: &WorkCalendar,
    row: &app::dossiers::DossierRow,
    now: Moment,
) -> RowLeft {
    let said = |text: &str, tone| RowLeft { text: text.to_owned(), tone, ..RowLeft::default() };
    if row.finished_at.is_some() {
        return said("đã xong", Tone::Done);
    }
    if row.stopped {
        return said("tạm dừng", Tone::Plain);
    }
    if row.due_at == i64::MAX {
        return RowLeft::default();
    }
    let due = Moment::from_micros(row.due_at);
    let submitted = Moment::from_micros(row.submitted_at);
    let is_late = due < now;
    let used_percent = used(calendar, submitted, due, now);
    let text = match is_late {
        true => format!("quá hạn {}", between(calendar, due, now)),
        false => format!("còn {}", between(calendar, now, due)),
    };
    let tone = match is_late {
        true => Tone::Late,
        false if due.date() == now.date() || used_percent >= ATTENTION_PERCENT => Tone::Attention,
        false => Tone::Busy,
    };
    RowLeft { text, tone, used_percent, due: short_moment(due) }
}

fn used(calendar: &WorkCalendar, from: Moment, due: Moment, now: Moment) -> u8 {
    let whole = calendar.working_minutes_between(from, due).max(1);
    let gone = calendar.working_minutes_between(from, now.min(due)).clamp(0, whole);
    u8::try_from(gone.saturating_mul(100) / whole).unwrap_or(100)
}

/// "2 ngày làm việc" when the days differ, "3 giờ 20 phút làm việc" on one day: as
/// [`dossier::time_left`] says it.
fn between(calendar: &WorkCalendar, from: Moment, to: Moment) -> String {
    match working_days(calendar, from.date(), to.date()) {
        0 => {
            let minutes = calendar.working_minutes_between(from, to).max(1);
            format!("{} làm việc", vi::minutes(minutes))
        }
        days => format!("{days} ngày làm việc"),
    }
}

/// Working days after the first date, up to and with the second.
fn working_days(calendar: &WorkCalendar, from: Date, to: Date) -> usize {
    std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok())
        .take_while(|day| *day <= to)
        .filter(|day| calendar.works_on(*day))
        .take(MOST_DAYS)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::dossiers::DossierRow;

    fn at(text: &str) -> Moment {
        format!("{text}:00+07:00").parse().unwrap()
    }

    fn row(due: Option<&str>) -> DossierRow {
        DossierRow {
            id: 1,
            code: "H20.15-261120-0001".to_owned(),
            unit: "29869".to_owned(),
            procedure_code: "1.001193".to_owned(),
            definition: String::new(),
            step: "received".to_owned(),
            state: "working".to_owned(),
            owner: "one-stop-officer".to_owned(),
            applicant: 2,
            title: String::new(),
            about: String::new(),
            assignee: None,
            submitted_at: at("2026-11-20T08:00").micros(),
            due_at: due.map_or(i64::MAX, |due| at(due).micros()),
            stopped: false,
            finished_at: None,
            revision: 1,
        }
    }

    #[test]
    fn a_row_due_today_says_the_working_time_left_and_wants_attention() {
        let week = WorkCalendar::plain_week();
        let left = row_left(&week, &row(Some("2026-11-20T17:00")), at("2026-11-20T16:00"));
        assert_eq!(left.text, "còn 1 giờ làm việc");
        assert_eq!(left.tone, Tone::Attention);
        assert_eq!(left.due, "17\u{a0}giờ\u{a0}00 20/11/2026");
        assert!(left.used_percent > 80, "{}", left.used_percent);
    }

    #[test]
    fn a_late_row_says_by_how_much_and_is_full() {
        let week = WorkCalendar::plain_week();
        // Friday evening to Monday morning: one working day has begun.
        let left = row_left(&week, &row(Some("2026-11-20T17:00")), at("2026-11-23T09:00"));
        assert_eq!(left.text, "quá hạn 1 ngày làm việc");
        assert_eq!((left.tone, left.used_percent), (Tone::Late, 100));
    }

    #[test]
    fn a_row_whose_clock_stands_or_has_ended_has_no_due_moment() {
        let week = WorkCalendar::plain_week();
        let now = at("2026-11-20T09:00");
        let stopped = DossierRow { stopped: true, ..row(None) };
        assert_eq!(row_left(&week, &stopped, now).text, "tạm dừng");
        let done = DossierRow { finished_at: Some(now.micros()), ..row(None) };
        assert_eq!(row_left(&week, &done, now).tone, Tone::Done);
        assert_eq!(row_left(&week, &row(None), now), RowLeft::default());
    }
}
