//! What stands against an action before anything was given with it: place, role, times, conditions,
//! four eyes, checks.

use kernel::problem::{Problem, Problems};
use pack::expr;
use pack::model::{Action, Effect};

use crate::command::DecideContext;
use crate::findings;
use crate::state::{APPLICANT, Dossier};

/// Everything that stands against this action now. What is not this actor's business is said alone:
/// a stranger learns nothing more about the dossier.
pub(crate) fn to_action(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> Problems {
    if !may_take(ctx, dossier, action) {
        let message = "Việc này thuộc thẩm quyền của người khác. Hãy chuyển hồ sơ cho đúng người.";
        return vec![Problem::new("action.not-yours", "", message)];
    }
    if !is_at_its_step(dossier, action) {
        let message = "Hồ sơ đã chuyển sang bước khác. Hãy tải lại trang để xem việc cần làm.";
        return vec![Problem::new("action.not-here", "", message)];
    }
    let mut problems: Problems = standing(ctx, dossier, action).into_iter().collect();
    if approves(action) {
        let extra = findings::extra(&dossier.requests, ctx.evidence.found);
        let form = ctx.form_of(dossier, &extra);
        let facts = form.facts(&ctx.procedure.form, &dossier.answers);
        let checks = ctx.evidence.checks;
        problems.extend(findings::refuse_approval(ctx.procedure, &facts, checks));
    }
    problems
}

/// The first thing that stands against offering this action, apart from place and role.
pub(crate) fn to_offering(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    action: &Action,
) -> Option<String> {
    if let Some(problem) = standing(ctx, dossier, action).into_iter().next() {
        return Some(problem.message);
    }
    let refused = findings::known_to_refuse(ctx.evidence.checks).filter(|_| approves(action));
    refused.map(|result| result.message.clone())
}

/// Is the dossier where this action may be taken?
pub(crate) fn is_at_its_step(dossier: &Dossier, action: &Action) -> bool {
    action.from.contains(&dossier.step)
}

/// Is it this actor's action?
pub(crate) fn may_take(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> bool {
    if action.by == APPLICANT {
        ctx.actor.is_applicant_of(dossier)
    } else {
        ctx.actor.roles.contains(&action.by)
    }
}

/// Does this action decide the matter: enter or amend the register, or sign?
pub(crate) fn approves(action: &Action) -> bool {
    action.effects.iter().any(|effect| {
        matches!(effect, Effect::EnterRegister | Effect::AmendRegister | Effect::SignResults)
    })
}

/// Why this actor may not name the officer in charge, if so.
pub(crate) fn cannot_assign(ctx: &DecideContext<'_>) -> Option<Problem> {
    let workflow = &ctx.procedure.workflow;
    let owners = workflow.steps.iter().map(|step| &step.owner);
    let mut roles = owners.chain(workflow.actions.iter().map(|action| &action.by));
    let works_here = roles.any(|role| ctx.actor.roles.contains(role));
    let message = "Chỉ cán bộ xử lý thủ tục này được phân công hồ sơ.";
    (!works_here).then(|| Problem::new("assign.not-yours", "", message))
}

fn standing(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(most) = taken_too_often(dossier, action) {
        let times = if most == 1 { "một lần".to_owned() } else { format!("{most} lần") };
        let message =
            format!("Việc “{}” chỉ được thực hiện {times} cho mỗi hồ sơ.", action.label.vi);
        problems.push(Problem::new("action.too-often", "", message));
    }
    if !condition_holds(ctx, dossier, action) {
        let message = match action.otherwise.vi.trim() {
            "" => "Chưa đủ điều kiện để thực hiện việc này.",
            otherwise => otherwise,
        };
        problems.push(Problem::new("action.not-now", "", message));
    }
    problems.extend(extension_refused(ctx, dossier, action));
    problems.extend(four_eyes(ctx, dossier, action));
    problems
}

fn taken_too_often(dossier: &Dossier, action: &Action) -> Option<u32> {
    let taken = dossier.action_counts.get(&action.id).copied().unwrap_or(0);
    action.at_most.filter(|most| taken >= *most)
}

fn condition_holds(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> bool {
    let Some(when) = &action.when else {
        return true;
    };
    let extra = findings::extra(&dossier.requests, ctx.evidence.found);
    let form = ctx.form_of(dossier, &extra);
    expr::is_true(when, &form.facts(&ctx.procedure.form, &dossier.answers))
}

/// The due moment may be moved once, and only where the procedure allows it.
fn extension_refused(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    action: &Action,
) -> Option<Problem> {
    if !action.effects.contains(&Effect::ExtendClock) {
        return None;
    }
    let message = match &dossier.clock {
        _ if ctx.procedure.time.extension.is_none() => "Thủ tục này không được gia hạn.",
        None => "Hồ sơ chưa bắt đầu tính thời hạn nên chưa gia hạn được.",
        Some(clock) if clock.finished.is_some() => "Hồ sơ đã hết tính thời hạn nên không gia hạn.",
        Some(clock) if clock.extended.is_some() => {
            "Hồ sơ đã được gia hạn một lần nên không gia hạn thêm được."
        }
        Some(_) => return None,
    };
    Some(Problem::new("clock.no-extension", "", message))
}

/// Nobody approves their own work: what they drafted (or, where nothing is drafted, brought to this
/// step) or what they applied for.
fn four_eyes(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> Option<Problem> {
    if !approves(action) {
        return None;
    }
    let drafter = dossier.draft_entry.as_ref().map(|draft| draft.prepared_by);
    let message = if drafter.or(dossier.brought_by) == Some(ctx.actor.account) {
        "Ông/bà đã soạn, trình hồ sơ này nên cần người khác duyệt, ký."
    } else if ctx.actor.account == dossier.applicant {
        "Ông/bà là người nộp hồ sơ này nên cần người khác duyệt, ký."
    } else {
        return None;
    };
    Some(Problem::new("action.four-eyes", "", message))
}

/// May this action still be taken once the dossier is over? Only what hands the result over, from
/// a final step to one of the same kind: the outcome stays what it is.
pub(crate) fn is_after_work(ctx: &DecideContext<'_>, dossier: &Dossier, action: &Action) -> bool {
    let kind = |id: &str| ctx.procedure.workflow.step(id).map(|step| step.kind);
    let stays = kind(&action.to).is_some_and(|to| to.is_final() && kind(&dossier.step) == Some(to));
    let hands_over = |effect: &Effect| matches!(effect, Effect::Deliver | Effect::Issue(_));
    stays && action.effects.iter().all(hands_over)
}
