//! Dossiers: sent, listed, read, acted on, rated.

mod acting;
mod change;
mod filing;
mod reading;
mod supplement;
mod worklist;

use crate::App;
use access::Action;
use access::OpContext;
use access::Resource;
use dossier::APPLICANT;
use dossier::Dossier;
use kernel::error::Error;
use kernel::error::Result;
use kernel::id::AccountId;
use kernel::person_number::PersonNumber;
use pack::model::Procedure;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

pub(crate) use acting::Acting;
pub use acting::{Act, act};
pub(crate) use change::Change;
pub use change::state_name;
pub(crate) use filing::person_numbers;
pub use filing::{NewDossier, check, submit, submit_draft};
pub use reading::{DossierView, Recorded, Tracked, messages, own, rate, read, track, view};
pub use store::dossiers::{DossierRow, Place};
pub use supplement::start_supplement;
pub use worklist::{WorkCounts, WorkView, mine, work_counts, worklist};

/// A key by which a request sent twice is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key that the client chose.
    pub key: String,
    /// SHA-256 of the request.
    pub request: [u8; 32],
}

impl IdempotencyKey {
    /// A key for a request with this body.
    #[must_use]
    pub fn new(key: &str, path: &str, body: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        Self { key: key.chars().take(200).collect(), request: hasher.finalize().into() }
    }
}

/// What came of sending or acting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Code of the dossier.
    pub code: String,
    /// Its revision now.
    pub revision: u64,
    /// The request was carried out before, under the same key.
    pub repeated: bool,
}

pub(crate) fn not_here() -> Error {
    Error::not_found(
        "Không tìm thấy hồ sơ này, hoặc ông/bà không phải là người nộp. Vui lòng kiểm tra lại mã hồ \
         sơ trên giấy tiếp nhận.",
    )
}

/// Who the reader is to a dossier: the roles held in its unit, and `applicant`.
pub(crate) fn actor_in(
    ctx: &OpContext,
    unit: &str,
    applicant: AccountId,
) -> Option<dossier::Actor> {
    let account = ctx.account()?;
    let mut roles: BTreeSet<String> = ctx
        .bindings_in_force()
        .filter(|binding| binding.unit.as_str() == unit)
        .map(|binding| binding.role.clone())
        .collect();
    if account.id == applicant {
        roles.insert(APPLICANT.to_owned());
    }
    Some(dossier::Actor { account: account.id, roles, acting_for: None })
}

/// Asks whether `action` may be done to a dossier. To a stranger it does not exist.
pub(crate) fn require(
    app: &App,
    ctx: &OpContext,
    action: Action,
    dossier: &Dossier,
    procedure: &Procedure,
) -> Result<()> {
    let subjects: Vec<PersonNumber> = person_numbers(procedure, &dossier.answers)
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    let step = procedure.workflow.steps.iter().find(|step| step.id == dossier.step);
    let resource = Resource::Dossier {
        id: dossier.id,
        unit: &dossier.unit,
        procedure: &dossier.procedure_code,
        applicant: dossier.applicant,
        subjects: &subjects,
        prepared_by: dossier.draft_entry.as_ref().map(|draft| draft.prepared_by),
        owner_role: step.map(|step| step.owner.as_str()),
    };
    let decision = app.authorizer().allow(ctx, action, &resource);
    let hidden = action == Action::DossierView && ctx.account().is_some();
    decision.require().map_err(|error| if hidden { not_here().because(error) } else { error })
}
