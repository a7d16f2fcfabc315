//! What actions do: effects turned into events, one after the other, each seeing what the earlier
//! ones made.

use kernel::calendar::{LegalClock, Limit};
use kernel::problem::{Problem, Problems};
use pack::expr;
use pack::model::{Action, Effect, Procedure, ResultDocument, Step, StepKind};
use serde_json::{Map, Value as Json};

use crate::apply::advance;
use crate::command::DecideContext;
use crate::entry::{self, Draft};
use crate::event::{By, Event, ResultToSign};
use crate::findings;
use crate::form;
use crate::state::{APPLICANT, Answers, Dossier, EntryDraft, Outcome, Point, RequestState};
use crate::text::lower_first;

/// Most copies of one result.
const MOST_COPIES: i64 = 100;

/// The events of one command so far, and the dossier that they make.
pub(crate) struct Effects<'a> {
    ctx: &'a DecideContext<'a>,
    dossier: Dossier,
    by: By,
    events: Vec<Event>,
    problems: Problems,
}

impl<'a> Effects<'a> {
    pub(crate) fn begin(ctx: &'a DecideContext<'a>, dossier: Dossier, role: &str) -> Effects<'a> {
        let by = ctx.actor.in_role(role);
        Effects { ctx, dossier, by, events: Vec::new(), problems: Problems::new() }
    }

    /// An event that the dossier already shows.
    pub(crate) fn note(&mut self, event: Event) {
        self.events.push(event);
    }

    /// All events, or everything that stands against them.
    pub(crate) fn done(self) -> Result<Vec<Event>, Problems> {
        if self.problems.is_empty() { Ok(self.events) } else { Err(self.problems) }
    }

    /// Does one effect. `answers` and `entry` are what came with the action; `label` names it.
    pub(crate) fn run(
        &mut self,
        effect: &Effect,
        label: &str,
        answers: Option<&Answers>,
        entry: Option<&Map<String, Json>>,
    ) {
        match effect {
            Effect::StartClock => self.start_clock(),
            Effect::StopClock => self.stop_clock(label),
            Effect::ResumeClock => self.resume_clock(),
            Effect::ExtendClock => self.extend_clock(),
            Effect::FinishClock => self.finish_clock(),
            Effect::Issue(slip) => self.issue(slip),
            Effect::Request(request) => self.request(request),
            Effect::EditAnswers => self.edit_answers(answers),
            Effect::PrepareEntry => self.prepare_entry(entry),
            Effect::EnterRegister => self.enter_register(),
            Effect::AmendRegister => self.amend_register(),
            Effect::SignResults => self.sign_results(),
            Effect::Deliver => {
                self.push(Event::Delivered { by: self.by.clone(), at: self.ctx.now })
            }
        }
    }

    /// Moves the dossier to the step that the action leads to, and ends it there if that is final.
    pub(crate) fn move_along(&mut self, action: &Action, note: Option<String>, points: Vec<Point>) {
        let Some(step) = self.ctx.procedure.workflow.step(&action.to) else {
            return self.refuse("content.no-step", "Thủ tục dẫn tới bước không có.");
        };
        let to_applicant = action.by != APPLICANT && concerns_applicant(action, step);
        self.push(Event::Moved {
            from: self.dossier.step.clone(),
            to: step.id.clone(),
            action: action.id.clone(),
            by: self.by.clone(),
            note,
            points,
            to_applicant,
            at: self.ctx.now,
        });
        if let Some(outcome) = outcome(step.kind).filter(|_| !self.dossier.is_finished()) {
            // A dossier that is over has no running clock, whatever the content says.
            self.finish_clock();
            let on_time = self.dossier.on_time;
            self.push(Event::Finished { outcome, on_time, at: self.ctx.now });
        }
    }

    fn push(&mut self, event: Event) {
        advance(&mut self.dossier, &event);
        self.events.push(event);
    }

    fn refuse(&mut self, code: &str, message: &str) {
        self.problems.push(Problem::new(code, "", message));
    }

    /// There is one clock in the life of a dossier.
    fn start_clock(&mut self) {
        if self.dossier.clock.is_none() {
            let limit = self.limit();
            let clock = LegalClock::start(&self.ctx.content.calendar, limit, self.ctx.now);
            self.push(Event::ClockStarted { clock, at: self.ctx.now });
        }
    }

    /// The limit of the first case that the answers are, else that of the procedure.
    fn limit(&self) -> Limit {
        let time = &self.ctx.procedure.time;
        if time.cases.is_empty() {
            return time.limit;
        }
        let extra = findings::extra(&self.dossier.requests, self.ctx.evidence.found);
        let form = self.ctx.form_of(&self.dossier, &extra);
        let facts = form.facts(&self.ctx.procedure.form, &self.dossier.answers);
        let case = time.cases.iter().find(|case| expr::is_true(&case.when, &facts));
        case.map_or(time.limit, |case| case.limit)
    }

    fn stop_clock(&mut self, label: &str) {
        let Some(clock) = self.dossier.clock.as_ref().filter(|clock| clock.is_running()) else {
            return;
        };
        let reason = lower_first(label);
        let clock = clock.stop(&self.ctx.content.calendar, self.ctx.now, reason.clone());
        self.push(Event::ClockStopped { clock, reason, at: self.ctx.now });
    }

    fn resume_clock(&mut self) {
        let stopped = |clock: &&LegalClock| clock.stopped.is_some() && clock.finished.is_none();
        let Some(clock) = self.dossier.clock.as_ref().filter(stopped) else {
            return;
        };
        let clock = clock.resume(&self.ctx.content.calendar, self.ctx.now);
        self.push(Event::ClockResumed { clock, at: self.ctx.now });
    }

    /// Whether it is allowed was decided before: an extension is refused, not skipped.
    fn extend_clock(&mut self) {
        let (Some(clock), Some(limit)) = (&self.dossier.clock, self.ctx.procedure.time.extension)
        else {
            return;
        };
        if clock.extended.is_some() || clock.finished.is_some() {
            return;
        }
        let clock = clock.extend(&self.ctx.content.calendar, limit, self.ctx.now);
        self.push(Event::ClockExtended { clock, at: self.ctx.now });
    }

    fn finish_clock(&mut self) {
        let Some(clock) = self.dossier.clock.as_ref().filter(|clock| clock.finished.is_none())
        else {
            return;
        };
        let clock = clock.finish(self.ctx.now);
        let on_time = !clock.is_late(self.ctx.now);
        self.push(Event::ClockFinished { clock, on_time, at: self.ctx.now });
    }

    fn issue(&mut self, slip: &str) {
        let issued = self.dossier.slip_counts.get(slip).copied().unwrap_or(0);
        let number = issued.saturating_add(1);
        self.push(Event::SlipIssued { slip: slip.to_owned(), number, at: self.ctx.now });
    }

    /// Asks another system, unless the question is open or answered: nothing is asked twice.
    fn request(&mut self, id: &str) {
        let asked = self.dossier.requests.get(id);
        if matches!(asked, Some(RequestState::Pending | RequestState::Answered(_))) {
            return;
        }
        let Some(request) = self.ctx.procedure.requests.iter().find(|known| known.id == id) else {
            return self.refuse("content.no-request", "Thủ tục gửi một yêu cầu không có.");
        };
        let extra = findings::extra(&self.dossier.requests, self.ctx.evidence.found);
        let form = self.ctx.form_of(&self.dossier, &extra);
        let facts = form.facts(&self.ctx.procedure.form, &self.dossier.answers);
        let values = request
            .parameters
            .iter()
            .map(|(name, expression)| (name.clone(), expr::eval(expression, &facts).to_json()));
        let parameters = values.filter(|(_, value)| !value.is_null()).collect();
        self.push(Event::RequestSent {
            request: id.to_owned(),
            service: request.service.clone(),
            parameters,
            at: self.ctx.now,
        });
    }

    fn edit_answers(&mut self, answers: Option<&Answers>) {
        if self.by.role != APPLICANT {
            return self.refuse("answers.not-yours", "Chỉ người nộp hồ sơ được sửa tờ khai.");
        }
        let Some(answers) = answers else {
            return self.refuse("answers.required", "Hãy gửi kèm tờ khai đã sửa, bổ sung.");
        };
        let extra = findings::extra(&self.dossier.requests, self.ctx.evidence.found);
        let form = self.ctx.form_of(&self.dossier, &extra);
        let checked = form::check(&self.ctx.procedure.form, answers, &form, true);
        if !checked.is_acceptable() {
            return self.problems.extend(checked.problems);
        }
        let changed = changed_fields(&self.dossier.answers, &checked.answers);
        if !changed.is_empty() {
            self.push(Event::AnswersReplaced {
                answers: checked.answers,
                changed,
                at: self.ctx.now,
            });
        }
    }

    fn prepare_entry(&mut self, changes: Option<&Map<String, Json>>) {
        match entry::draft(self.ctx, &self.dossier, changes) {
            Ok(Draft { fields, changed }) => self.push(Event::EntryDrafted {
                draft: EntryDraft { fields, prepared_by: self.by.account, at: self.ctx.now },
                changed_by_officer: changed,
            }),
            Err(problems) => self.problems.extend(problems),
        }
    }

    fn enter_register(&mut self) {
        let made = self
            .may_order_entry()
            .and_then(|fields| entry::to_record(self.ctx, &self.dossier, fields, self.by.clone()));
        self.push_or_refuse(made);
    }

    fn amend_register(&mut self) {
        let made = self.may_order_entry().and_then(|fields| {
            entry::amendment_to_record(self.ctx, &self.dossier, fields, self.by.clone())
        });
        self.push_or_refuse(made);
    }

    fn push_or_refuse(&mut self, made: Result<Event, Problems>) {
        match made {
            Ok(event) => self.push(event),
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// The fields to write, if an entry may be ordered now: once, and from another's draft where the
    /// procedure has one drafted.
    fn may_order_entry(&self) -> Result<Map<String, Json>, Problems> {
        let refuse = |code: &str, message: &str| Err(vec![Problem::new(code, "", message)]);
        if self.dossier.entry_awaited || self.dossier.entry.is_some() {
            return refuse("entry.twice", "Hồ sơ này đã được ghi sổ.");
        }
        let mut actions = self.ctx.procedure.workflow.actions.iter();
        let is_drafted = actions.any(|action| action.effects.contains(&Effect::PrepareEntry));
        match &self.dossier.draft_entry {
            Some(draft) if draft.prepared_by == self.by.account => refuse(
                "action.four-eyes",
                "Ông/bà đã dự thảo nội dung này nên cần người khác duyệt, ký.",
            ),
            Some(draft) => Ok(draft.fields.clone()),
            None if is_drafted => refuse(
                "entry.no-draft",
                "Chưa có dự thảo nội dung ghi sổ. Hãy chuyển lại để công chức dự thảo.",
            ),
            None => entry::draft(self.ctx, &self.dossier, None).map(|draft| draft.fields),
        }
    }

    fn sign_results(&mut self) {
        let extra = findings::extra(&self.dossier.requests, self.ctx.evidence.found);
        let form = self.ctx.form_of(&self.dossier, &extra);
        let facts = form.facts(&self.ctx.procedure.form, &self.dossier.answers);
        let results = results_to_sign(self.ctx.procedure, &facts);
        self.push(Event::ResultsToSign { results, by: self.by.clone(), at: self.ctx.now });
    }
}

/// The results that this dossier asks for, each with its copies.
pub fn results_to_sign(procedure: &Procedure, facts: &pack::Facts<'_>) -> Vec<ResultToSign> {
    let is_wanted = |result: &&ResultDocument| {
        result.when.as_ref().is_none_or(|when| expr::is_true(when, facts))
    };
    let wanted = procedure.results.iter().filter(is_wanted);
    let results = wanted.map(|result| {
        let asked = result.copies.as_ref().and_then(|copies| expr::eval(copies, facts).as_int());
        let copies = u32::try_from(asked.unwrap_or(1).clamp(1, MOST_COPIES)).unwrap_or(1);
        ResultToSign { result: result.id.clone(), copies }
    });
    results.collect()
}

/// Are note and points of this action written for the applicant? When the applicant is told of it,
/// or has to act or accept upon it.
fn concerns_applicant(action: &Action, step: &Step) -> bool {
    let told = !action.tell_applicant.vi.trim().is_empty();
    told || step.kind == StepKind::WaitingApplicant || step.kind.is_final()
}

fn outcome(kind: StepKind) -> Option<Outcome> {
    match kind {
        StepKind::Done => Some(Outcome::Done),
        StepKind::Refused => Some(Outcome::Refused),
        StepKind::Stopped => Some(Outcome::Stopped),
        StepKind::Working | StepKind::WaitingApplicant | StepKind::WaitingSignature => None,
    }
}

/// Fields that differ, new and gone ones included.
fn changed_fields(before: &Answers, after: &Answers) -> Vec<String> {
    let differing = after.iter().filter(|(field, value)| before.get(*field) != Some(value));
    let gone = before.keys().filter(|field| !after.contains_key(*field));
    differing.map(|(field, _)| field).chain(gone).cloned().collect()
}
