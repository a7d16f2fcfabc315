//! The actions that somebody sees as buttons.

use pack::model::Action;

use crate::command::DecideContext;
use crate::obstacles;
use crate::state::Dossier;

/// An action of the present step that is this actor's.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedAction<'a> {
    /// The action.
    pub action: &'a Action,
    /// May it be taken now?
    pub allowed: bool,
    /// Why not, for people.
    pub why_not: Option<String>,
}

/// The actions of the present step that are this actor's, the primary ones first. What cannot be
/// done now is shown with its reason rather than hidden.
pub fn offered_actions<'a>(ctx: &DecideContext<'a>, dossier: &Dossier) -> Vec<OfferedAction<'a>> {
    let is_open =
        |action: &&Action| !dossier.is_finished() || obstacles::is_after_work(ctx, dossier, action);
    let actions = ctx.procedure.workflow.actions.iter().filter(is_open);
    let mine = actions.filter(|action| {
        obstacles::is_at_its_step(dossier, action) && obstacles::may_take(ctx, dossier, action)
    });
    let mut offered: Vec<OfferedAction<'a>> = mine
        .map(|action| {
            let why_not = obstacles::to_offering(ctx, dossier, action);
            OfferedAction { action, allowed: why_not.is_none(), why_not }
        })
        .collect();
    offered.sort_by_key(|offer| !offer.action.primary);
    offered
}
