//! What may have happened when a step is reached: the clock, the entry, the signature.
//!
//! Every course that a dossier can take is walked, with what its effects have done so far. There
//! are few steps and few states, so the walk is short.

use std::collections::BTreeSet;

use super::subject::Subject;
use crate::model::{Effect, Procedure, StepKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    NotStarted,
    Running,
    Stopped,
    Finished,
}

/// What has been done to a dossier on its way to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Course<'w> {
    step: &'w str,
    clock: Clock,
    prepared: bool,
    entered: bool,
    amended: bool,
    signed: bool,
}

pub(super) fn check_course(subject: &Subject, procedure: &Procedure) {
    let workflow = &procedure.workflow;
    let walk = Walk { subject, procedure };
    let mut start = Course {
        step: &workflow.start,
        clock: Clock::NotStarted,
        prepared: false,
        entered: false,
        amended: false,
        signed: false,
    };
    let sound = walk.apply(&mut start, &workflow.on_submit, "workflow.on_submit")
        && walk.arrive(start, "workflow.on_submit");
    let mut seen = BTreeSet::from([start]);
    let mut waiting = if sound { vec![start] } else { Vec::new() };
    while let Some(course) = waiting.pop() {
        for (index, action) in workflow.actions.iter().enumerate() {
            if !action.from.iter().any(|from| from == course.step) {
                continue;
            }
            let mut next = Course { step: &action.to, ..course };
            let sound = walk.apply(&mut next, &action.effects, &format!("action.{index}.effects"))
                && walk.arrive(next, &format!("action.{index}.id"));
            // What follows a fault would only repeat it.
            if sound && seen.insert(next) {
                waiting.push(next);
            }
        }
    }
}

struct Walk<'c> {
    subject: &'c Subject<'c>,
    procedure: &'c Procedure,
}

impl Walk<'_> {
    /// Applies effects in order; is each in its place?
    fn apply(&self, course: &mut Course, effects: &[Effect], at: &str) -> bool {
        effects.iter().enumerate().all(|(index, effect)| {
            let fault = self.fault(course, effect);
            match effect {
                Effect::StartClock | Effect::ResumeClock => course.clock = Clock::Running,
                Effect::StopClock => course.clock = Clock::Stopped,
                Effect::FinishClock => course.clock = Clock::Finished,
                Effect::PrepareEntry => course.prepared = true,
                Effect::EnterRegister => course.entered = true,
                Effect::AmendRegister => course.amended = true,
                Effect::SignResults => course.signed = true,
                _ => {}
            }
            self.report(&format!("{at}.{index}"), fault)
        })
    }

    /// What is wrong with an effect at this point of the course.
    fn fault(&self, course: &Course, effect: &Effect) -> Option<(&'static str, String)> {
        let clock = course.clock;
        let fits = match effect {
            Effect::StartClock => clock == Clock::NotStarted,
            Effect::StopClock | Effect::ExtendClock => clock == Clock::Running,
            Effect::ResumeClock => clock == Clock::Stopped,
            Effect::FinishClock => matches!(clock, Clock::Running | Clock::Stopped),
            _ => true,
        };
        if !fits {
            return Some(("clock", misused(effect, clock)));
        }
        let (code, message) = match effect {
            Effect::EnterRegister if course.entered => {
                ("entered-twice", "Có đường đi ghi sổ hai lần (enter-register).")
            }
            Effect::EnterRegister if !course.prepared => (
                "enter-unprepared",
                "Có đường đi tới đây mà chưa soạn việc để ghi sổ (prepare-entry).",
            ),
            Effect::AmendRegister if course.amended => {
                ("amended-twice", "Có đường đi sửa sổ hai lần (amend-register).")
            }
            Effect::SignResults if self.shows_what_is_not_yet(course) => (
                "signed-before-entered",
                "Ký kết quả trước khi ghi sổ: đặt enter-register hoặc amend-register trước sign-results.",
            ),
            _ => return None,
        };
        Some((code, message.to_owned()))
    }

    fn shows_what_is_not_yet(&self, course: &Course) -> bool {
        let Procedure { entry, amend, results, .. } = self.procedure;
        results.iter().any(|result| match result.shows.as_str() {
            "entry" => entry.is_some() && !course.entered,
            "amended" => amend.is_some() && !course.amended,
            _ => false,
        })
    }

    /// Is what has been done right for the step reached?
    fn arrive(&self, course: Course, at: &str) -> bool {
        let Some(step) = self.procedure.workflow.step(course.step) else {
            return false;
        };
        let clock = match (step.kind, course.clock) {
            (StepKind::WaitingApplicant, Clock::Running) => {
                Some("chờ người nộp mà đồng hồ vẫn chạy: thiếu stop-clock")
            }
            (StepKind::Working | StepKind::WaitingSignature, Clock::Stopped) => {
                Some("đồng hồ đã dừng mà chưa chạy lại: thiếu resume-clock")
            }
            (StepKind::Done, Clock::NotStarted) => Some("đồng hồ chưa hề chạy: thiếu start-clock"),
            (kind, Clock::Running | Clock::Stopped) if kind.is_final() => {
                Some("đã kết thúc mà đồng hồ chưa kết thúc: thiếu finish-clock")
            }
            _ => None,
        };
        let clock = clock.map(|what| ("clock", format!("Đến bước “{}”, {what}.", step.id)));
        let outcome = self.missing_outcome(course).filter(|_| step.kind == StepKind::Done);
        let outcome = outcome
            .map(|what| ("done-without-outcome", format!("Đến bước “{}” mà {what}.", step.id)));
        self.report(at, clock) & self.report(at, outcome)
    }

    fn missing_outcome(&self, course: Course) -> Option<&'static str> {
        let Procedure { entry, amend, results, .. } = self.procedure;
        if entry.is_some() && !course.entered {
            Some("chưa ghi sổ (enter-register)")
        } else if amend.is_some() && !course.amended {
            Some("chưa sửa sổ (amend-register)")
        } else if !results.is_empty() && !course.signed {
            Some("chưa ký kết quả (sign-results)")
        } else {
            None
        }
    }

    fn report(&self, at: &str, fault: Option<(&str, String)>) -> bool {
        let sound = fault.is_none();
        if let Some((code, message)) = fault {
            self.subject.error(at, code, message);
        }
        sound
    }
}

fn misused(effect: &Effect, clock: Clock) -> String {
    let word = match effect {
        Effect::StartClock => "start-clock",
        Effect::StopClock => "stop-clock",
        Effect::ResumeClock => "resume-clock",
        Effect::ExtendClock => "extend-clock",
        _ => "finish-clock",
    };
    let state = match clock {
        Clock::NotStarted => "chưa chạy",
        Clock::Running => "đang chạy",
        Clock::Stopped => "đang dừng",
        Clock::Finished => "đã kết thúc",
    };
    format!("Có đường đi tới {word} khi đồng hồ {state}.")
}
