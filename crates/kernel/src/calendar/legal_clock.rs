//! The legal clock of one dossier: received, stopped, resumed, extended, finished.

use serde::{Deserialize, Serialize};

use super::derivation::{Derivation, StepKind, Writer};
use super::{Limit, WorkCalendar};
use crate::format::vi;
use crate::moment::Moment;

/// The legal clock of a dossier. A plain value: every function returns the clock as it is after.
///
/// What makes no sense (stopping twice, resuming a running clock, extending a second time, anything
/// after the end) changes nothing; whether it is allowed is for the dossier to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    /// The time allowed.
    pub limit: Limit,
    /// When the complete dossier was received.
    pub received: Moment,
    /// Where counting began.
    pub counted_from: Moment,
    /// When the result is due; while stopped, when it was due.
    pub due: Moment,
    /// Set while the clock stands still.
    pub stopped: Option<Stop>,
    /// Set once more time was given.
    pub extended: Option<Extension>,
    /// When the work was done.
    pub finished: Option<Moment>,
    /// How `due` came about.
    pub derivation: Derivation,
}

/// A stop of the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    pub at: Moment,
    /// Working minutes that were left; negative when it was late already.
    pub remaining_minutes: i64,
    /// Why, for people.
    pub reason: String,
}

/// The one extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// When it was given.
    pub at: Moment,
    /// How much.
    pub limit: Limit,
    /// What was due before.
    pub old_due: Moment,
}

impl LegalClock {
    /// The clock of something received at this moment.
    #[must_use]
    pub fn start(calendar: &WorkCalendar, limit: Limit, received: Moment) -> LegalClock {
        let received = received.whole_minute();
        let (counted_from, notes) = calendar.receive(received);
        let due = calendar.add(counted_from, limit);
        let mut writer = Writer { calendar, steps: Derivation::new() };
        writer.received(received, counted_from, &notes);
        writer.limit(counted_from, limit);
        writer.counting(counted_from, limit, due);
        LegalClock {
            limit,
            received,
            counted_from,
            due,
            stopped: None,
            extended: None,
            finished: None,
            derivation: writer.steps,
        }
    }

    /// Stops it, keeping the working minutes that are left.
    #[must_use]
    pub fn stop(
        &self,
        calendar: &WorkCalendar,
        at: Moment,
        reason: impl Into<String>,
    ) -> LegalClock {
        let mut clock = self.clone();
        if !self.is_running() {
            return clock;
        }
        let (at, reason) = (at.whole_minute(), reason.into());
        let remaining_minutes = calendar.working_minutes_between(at, self.due);
        let mut writer = self.writer(calendar);
        let left = remaining_text(remaining_minutes, self.due < at);
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let text = format!("Tạm dừng từ {}{why}; {left}", vi::moment_with_weekday(at));
        writer.push(at, StepKind::Stopped, text);
        clock.derivation = writer.steps;
        clock.stopped = Some(Stop { at, remaining_minutes, reason });
        clock
    }

    /// Lets it run again: what was left is counted from here, as if received here. Resumed in the
    /// minute of its stop, or late already when it stopped, it keeps its due moment.
    #[must_use]
    pub fn resume(&self, calendar: &WorkCalendar, at: Moment) -> LegalClock {
        let mut clock = self.clone();
        let Some(stop) = clock.stopped.take() else {
            return clock;
        };
        if self.finished.is_some() {
            return self.clone();
        }
        let at = at.whole_minute().max(stop.at);
        let mut writer = self.writer(calendar);
        if at == stop.at || self.due < stop.at {
            let text = format!("Tính tiếp từ {}, thời hạn không đổi", vi::moment_with_weekday(at));
            writer.push(at, StepKind::Resumed, text);
            writer.due(at, self.due);
        } else {
            let (counted_from, _) = calendar.receive(at);
            clock.due = calendar.add_working_minutes(counted_from, stop.remaining_minutes);
            let left = remaining_text(stop.remaining_minutes, false);
            let text = format!("Tính tiếp từ {}, {left}", vi::moment_with_weekday(counted_from));
            writer.push(counted_from, StepKind::Resumed, text);
            writer.days_off(counted_from.date(), clock.due.date());
            writer.due(counted_from, clock.due);
        }
        clock.derivation = writer.steps;
        clock
    }

    /// Gives more time, once: counted from the due moment, or from now if that is later. A stopped
    /// clock stays stopped, with more left.
    #[must_use]
    pub fn extend(&self, calendar: &WorkCalendar, limit: Limit, at: Moment) -> LegalClock {
        let mut clock = self.clone();
        if self.extended.is_some() || self.finished.is_some() {
            return clock;
        }
        let at = at.whole_minute();
        // For a clock that stands still, now is the moment at which it was stopped.
        let now = self.stopped.as_ref().map_or(at, |stop| stop.at);
        let base = self.due.max(now);
        clock.due = calendar.add(base, limit);
        clock.extended = Some(Extension { at, limit, old_due: self.due });
        let mut writer = self.writer(calendar);
        let text = format!("Gia hạn {}, tính từ {}", limit.text(), vi::moment_with_weekday(base));
        writer.push(base, StepKind::Extended, text);
        match &mut clock.stopped {
            Some(stop) => {
                stop.remaining_minutes = calendar.working_minutes_between(stop.at, clock.due);
            }
            None => writer.counting(base, limit, clock.due),
        }
        clock.derivation = writer.steps;
        clock
    }

    /// Ends it: the first end counts.
    #[must_use]
    pub fn finish(&self, at: Moment) -> LegalClock {
        let finished = self.finished.or(Some(at));
        LegalClock { finished, ..self.clone() }
    }

    /// Working minutes left at this moment; negative when late. A stopped or finished clock shows
    /// what it showed when it stood still.
    pub fn minutes_left(&self, calendar: &WorkCalendar, now: Moment) -> i64 {
        match &self.stopped {
            Some(stop) => stop.remaining_minutes,
            None => calendar.working_minutes_between(self.still_at(now), self.due),
        }
    }

    /// Is (or was) the result late at this moment?
    pub fn is_late(&self, now: Moment) -> bool {
        match &self.stopped {
            Some(stop) => stop.at > self.due,
            None => self.still_at(now) > self.due,
        }
    }

    /// Does time pass for it?
    pub fn is_running(&self) -> bool {
        self.stopped.is_none() && self.finished.is_none()
    }

    fn still_at(&self, now: Moment) -> Moment {
        self.finished.unwrap_or(now).whole_minute()
    }

    fn writer<'a>(&self, calendar: &'a WorkCalendar) -> Writer<'a> {
        Writer { calendar, steps: self.derivation.clone() }
    }
}

fn remaining_text(minutes: i64, is_late: bool) -> String {
    if is_late {
        "đã quá hạn trước đó".to_owned()
    } else {
        format!("còn lại {} làm việc", vi::minutes(minutes))
    }
}
