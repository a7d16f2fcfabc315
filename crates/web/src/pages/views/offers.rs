//! What the reader may do with a dossier now.

use app::dossiers::DossierView;
use dossier::{Actor, DecideContext, Evidence, offered_actions};
use pack::model::Action;

use crate::visit::Visit;

/// An action of the present step that is the reader's.
pub(crate) struct Offer {
    /// The action.
    pub(crate) action: Action,
    /// Why it cannot be taken now.
    pub(crate) why_not: Option<String>,
}

/// The actions of the present step that are the reader's, the commonest first.
pub(crate) fn offers(visit: &Visit, view: &DossierView) -> Vec<Offer> {
    let Some(account) = visit.ctx.account() else {
        return Vec::new();
    };
    let actor = Actor { account: account.id, roles: view.roles.clone(), acting_for: None };
    let ctx = DecideContext {
        content: visit.app().content(),
        procedure: &view.procedure,
        now: visit.ctx.now,
        actor: &actor,
        evidence: Evidence {
            applicant: view.applicant.as_ref(),
            found: &view.found,
            checks: &view.checks,
            uploads: &|_| None,
        },
    };
    offered_actions(&ctx, &view.dossier)
        .into_iter()
        .map(|offered| Offer { action: offered.action.clone(), why_not: offered.why_not })
        .collect()
}
