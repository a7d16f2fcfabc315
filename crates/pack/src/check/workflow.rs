//! The workflow: every step has an owner, a deadline and a legal basis, every path ends, nobody
//! approves their own work. What the clock does is in [`super::workflow_clock`].

use std::collections::BTreeSet;

use super::subject::Subject;
use super::workflow_clock::check_course;
use crate::expr::Scope;
use crate::model::{Action, Effect, NoteRule, Procedure, Step, StepKind, Workflow};

impl StepKind {
    /// Is the dossier over?
    pub fn is_final(self) -> bool {
        matches!(self, StepKind::Done | StepKind::Refused | StepKind::Stopped)
    }
}

impl Workflow {
    /// The step of this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The action of this id.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// The actions that may be taken at a step.
    pub fn actions_at<'w>(&'w self, step: &'w str) -> impl Iterator<Item = &'w Action> {
        self.actions.iter().filter(move |action| action.from.iter().any(|from| from == step))
    }
}

pub(super) fn check_workflow(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    let workflow = &procedure.workflow;
    let steps = workflow.steps.iter().enumerate();
    subject
        .unique("Bước", steps.map(|(index, step)| (step.id.as_str(), format!("step.{index}.id"))));
    let actions = workflow.actions.iter().enumerate();
    let ids = actions.map(|(index, action)| (action.id.as_str(), format!("action.{index}.id")));
    subject.unique("Thao tác", ids);
    let step_ids = || workflow.steps.iter().map(|step| step.id.as_str());
    let mut sound = subject.reference("workflow.start", "bước", &workflow.start, step_ids());
    for (index, effect) in workflow.on_submit.iter().enumerate() {
        check_effect(subject, procedure, &format!("workflow.on_submit.{index}"), effect);
    }
    for (index, step) in workflow.steps.iter().enumerate() {
        check_step(subject, workflow, index, step);
    }
    for (index, action) in workflow.actions.iter().enumerate() {
        sound &= check_action(subject, procedure, index, action, scope);
    }
    check_four_eyes(subject, workflow);
    // Ways cannot be judged while steps are missing.
    if sound && check_ways(subject, workflow) {
        check_course(subject, procedure);
    }
}

fn check_step(subject: &Subject, workflow: &Workflow, index: usize, step: &Step) {
    let at = |key: &str| format!("step.{index}.{key}");
    subject.slug(&at("id"), &step.id);
    if step.kind.is_final() {
        if !matches!(step.owner.as_str(), "none" | "") {
            let message = "Bước kết thúc không có người phụ trách: owner = \"none\".";
            subject.error(&at("owner"), "final-with-owner", message);
        }
        return;
    }
    check_owner(subject, &at("owner"), step);
    if step.limit.is_none() && !subject.is_faulty(&at("limit")) {
        let message = format!("Bước “{}” chưa có thời hạn (“limit”).", step.id);
        subject.error(&at("limit"), "step-without-limit", message);
    }
    if step.basis.is_empty() {
        let message = format!("Bước “{}” chưa có căn cứ (“basis”).", step.id);
        subject.error(&at("basis"), "step-without-basis", message);
    }
    // An action by an unknown role has been reported; it may be the one.
    let known = |role: &str| role == "applicant" || subject.shelf.roles.values.contains_key(role);
    let acts = |action: &Action| action.by == step.owner || !known(&action.by);
    let owned = !step.owner.is_empty() && !subject.is_faulty(&at("owner"));
    if owned && !workflow.actions_at(&step.id).any(acts) {
        let message = format!("Người phụ trách bước “{}” không có thao tác nào để làm.", step.id);
        subject.error(&at("owner"), "owner-cannot-act", message);
    }
}

fn check_owner(subject: &Subject, at: &str, step: &Step) {
    let waits = step.kind == StepKind::WaitingApplicant;
    if step.owner.is_empty() {
        let message = format!("Bước “{}” chưa có người phụ trách (“owner”).", step.id);
        subject.error(at, "step-without-owner", message);
    } else if waits && step.owner != "applicant" {
        let message = "Bước chờ người nộp do người nộp phụ trách: owner = \"applicant\".";
        subject.error(at, "wrong-owner", message);
    } else if !waits {
        subject.reference(at, "vai trò", &step.owner, roles(subject));
    }
}

fn roles<'c>(subject: &Subject<'c>) -> impl Iterator<Item = &'c str> {
    subject.shelf.roles.values.keys().map(String::as_str)
}

/// Are the action's steps known?
fn check_action(
    subject: &Subject,
    procedure: &Procedure,
    index: usize,
    action: &Action,
    scope: &Scope,
) -> bool {
    let at = |key: &str| format!("action.{index}.{key}");
    let steps = || procedure.workflow.steps.iter().map(|step| step.id.as_str());
    subject.slug(&at("id"), &action.id);
    let mut sound = subject.reference(&at("to"), "bước", &action.to, steps());
    for (number, from) in action.from.iter().enumerate() {
        sound &= subject.reference(&at(&format!("from.{number}")), "bước", from, steps());
    }
    if action.from.is_empty() {
        subject.error(
            &at("from"),
            "missing-key",
            "Thao tác phải có ít nhất một bước trong “from”.",
        );
    }
    subject.reference(&at("by"), "vai trò", &action.by, roles(subject).chain(["applicant"]));
    subject.condition(&at("when"), action.when.as_ref(), scope);
    if action.when.is_some() && action.otherwise.vi.is_empty() {
        let message = "Nên có “otherwise”: vì sao thao tác chưa làm được.";
        subject.warning(&at("when"), "no-otherwise", message);
    }
    if action.note != NoteRule::None && action.note_label.vi.is_empty() {
        let message = "Nên có “note_label”: tên ô ghi chú.";
        subject.warning(&at("note"), "no-note-label", message);
    }
    for (number, effect) in action.effects.iter().enumerate() {
        let at = at(&format!("effects.{number}"));
        check_effect(subject, procedure, &at, effect);
        if *effect == Effect::EditAnswers && action.by != "applicant" {
            let message = "Chỉ người nộp được thay câu trả lời của mình (edit-answers).";
            subject.error(&at, "edit-by-officer", message);
        }
    }
    sound
}

fn check_effect(subject: &Subject, procedure: &Procedure, at: &str, effect: &Effect) {
    let needs = |there: bool, what: &str| {
        if !there {
            subject.error(at, "effect-without-object", format!("Thủ tục này không có {what}."));
        }
    };
    match effect {
        Effect::Issue(slip) => {
            let slips = subject.shelf.slips.values.keys().map(String::as_str);
            subject.reference(at, "phiếu", slip, slips);
        }
        Effect::Request(request) => {
            let requests = procedure.requests.iter().map(|request| request.id.as_str());
            subject.reference(at, "yêu cầu", request, requests);
        }
        Effect::ExtendClock => {
            needs(procedure.time.extension.is_some(), "“extension” trong [time]")
        }
        Effect::PrepareEntry | Effect::EnterRegister => needs(procedure.entry.is_some(), "[entry]"),
        Effect::AmendRegister => needs(procedure.amend.is_some(), "[amend]"),
        Effect::SignResults => needs(!procedure.results.is_empty(), "[[result]]"),
        Effect::StartClock
        | Effect::StopClock
        | Effect::ResumeClock
        | Effect::FinishClock
        | Effect::EditAnswers
        | Effect::Deliver => {}
    }
}

/// Nobody signs what they prepared: the roles that draft an entry, or hand something over for
/// signature, are none of those that sign.
fn check_four_eyes(subject: &Subject, workflow: &Workflow) {
    let hands_over = |action: &Action| {
        let to = workflow.step(&action.to);
        to.is_some_and(|step| step.kind == StepKind::WaitingSignature)
    };
    let prepares =
        |action: &&Action| action.effects.contains(&Effect::PrepareEntry) || hands_over(action);
    let preparing: BTreeSet<&str> =
        workflow.actions.iter().filter(prepares).map(|action| action.by.as_str()).collect();
    for (index, action) in workflow.actions.iter().enumerate() {
        let signs = action.effects.contains(&Effect::SignResults);
        if signs && preparing.contains(action.by.as_str()) {
            let message = format!("Vai trò “{}” vừa soạn vừa ký; phải là hai người.", action.by);
            subject.error(&format!("action.{index}.by"), "same-role-signs", message);
        }
    }
}

/// Every step can be reached, from every step an end can be reached, and ends stay ends. Do they?
fn check_ways(subject: &Subject, workflow: &Workflow) -> bool {
    let reached = spread(workflow, BTreeSet::from([workflow.start.as_str()]), false);
    let finals = workflow.steps.iter().filter(|step| step.kind.is_final());
    let ending = spread(workflow, finals.map(|step| step.id.as_str()).collect(), true);
    for (index, step) in workflow.steps.iter().enumerate() {
        let at = format!("step.{index}.id");
        if !reached.contains(step.id.as_str()) {
            let message = format!("Không có đường nào dẫn đến bước “{}”.", step.id);
            subject.error(&at, "unreachable-step", message);
        } else if !ending.contains(step.id.as_str()) {
            let message = format!("Từ bước “{}” không có đường nào đến kết thúc.", step.id);
            subject.error(&at, "endless-step", message);
        }
    }
    let done = |step: &Step| step.kind == StepKind::Done && reached.contains(step.id.as_str());
    if !workflow.steps.iter().any(done) {
        let message = "Quy trình không có đường nào đến bước có kết quả (kind = \"done\").";
        subject.error("workflow.start", "no-result-step", message);
    }
    let mut ends_stay = true;
    for (index, action) in workflow.actions.iter().enumerate() {
        let kind = |id: &str| workflow.step(id).map(|step| step.kind);
        let to = kind(&action.to);
        let mut left = action.from.iter().filter_map(|from| kind(from));
        if left.any(|from| from.is_final() && Some(from) != to) {
            let message = "Từ bước kết thúc chỉ đi tiếp đến bước kết thúc cùng loại.";
            subject.error(&format!("action.{index}.to"), "final-step-left", message);
            ends_stay = false;
        }
    }
    ends_stay
}

/// The steps that can be reached from these, along the actions or against them.
fn spread<'w>(
    workflow: &'w Workflow,
    start: BTreeSet<&'w str>,
    against: bool,
) -> BTreeSet<&'w str> {
    let mut reached = start;
    loop {
        let before = reached.len();
        for action in &workflow.actions {
            for from in &action.from {
                let (source, target) =
                    if against { (&action.to, from) } else { (from, &action.to) };
                if reached.contains(source.as_str()) {
                    reached.insert(target);
                }
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
