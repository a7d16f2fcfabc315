//! The decision: may this actor do this to that?

mod entities;
mod load;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy as cedar;
use kernel::error::{Error, Result};
use kernel::unit::{UnitCode, UnitLevel};

use crate::action::Action;
use crate::context::{Actor, OpContext};
use crate::resource::Resource;
use entities::Builder;
pub use load::{PolicyProblem, PolicyText};

/// Decides by the policies of the content. Made once at the start; cheap to ask, from any thread.
pub struct Authorizer {
    /// What each action needs, in the order of `Action::ALL`.
    slices: Vec<Slice>,
    engine: cedar::Authorizer,
    builder: Builder,
    /// Commune to province.
    provinces: BTreeMap<UnitCode, UnitCode>,
}

/// The part of the policies that can apply to one action. Evaluating only these makes a decision
/// several times quicker.
pub(crate) struct Slice {
    action: Action,
    uid: cedar::EntityUid,
    policies: cedar::PolicySet,
    /// The action itself, with the groups that it is in.
    base: cedar::Entities,
    /// Identifier of a policy, to be handed out without copying, and its message.
    notes: BTreeMap<String, PolicyNote>,
}

/// What is told about a policy that decided.
#[derive(Clone)]
pub(crate) struct PolicyNote {
    id: Arc<str>,
    message: Option<Arc<str>>,
}

/// The outcome, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub struct Decision {
    /// May it be done?
    pub allowed: bool,
    /// The policy that decided: the one that permits, or the one that forbids. Absent when nothing
    /// permits. Written into the journal.
    pub policy: Option<Arc<str>>,
    /// What the forbidding policy tells the person.
    pub message: Option<Arc<str>>,
    /// What went wrong while deciding, for the log; never personal data. The answer is then no.
    pub fault: Option<String>,
    /// Nobody had signed in.
    anonymous: bool,
}

impl Authorizer {
    /// Reads and checks the policies.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, by file and line: syntax, names and types that the
    /// schema does not know, policies that can never apply, a missing or repeated `@id`, a
    /// `forbid` without `@message`, and actions known to only one of schema and program.
    pub fn new(
        policies: &[PolicyText<'_>],
        schema: PolicyText<'_>,
    ) -> std::result::Result<Self, Vec<PolicyProblem>> {
        let slices = load::load(policies, schema)?;
        let builder = Builder::new().map_err(|cause| vec![load::problem_of_names(&cause)])?;
        Ok(Self { slices, engine: cedar::Authorizer::new(), builder, provinces: BTreeMap::new() })
    }

    /// Tells which province each commune is in, so that offices held in the province count.
    #[must_use]
    pub fn with_provinces(mut self, pairs: impl IntoIterator<Item = (UnitCode, UnitCode)>) -> Self {
        self.provinces = pairs.into_iter().collect();
        self
    }

    /// May the actor do this to that? Refuses when anything goes wrong.
    pub fn allow(&self, context: &OpContext, action: Action, resource: &Resource<'_>) -> Decision {
        let anonymous = context.actor == Actor::Nobody;
        let Some(slice) = self.slices.iter().find(|slice| slice.action == action) else {
            return Decision::refused_by_fault(anonymous, format!("no policies for {action}"));
        };
        let province = resource.unit().and_then(|unit| self.province_of(unit));
        let (request, entities) = match self.builder.question(slice, context, resource, province) {
            Ok(question) => question,
            Err(fault) => return Decision::refused_by_fault(anonymous, fault),
        };
        let response = self.engine.is_authorized(&request, &slice.policies, &entities);
        slice.decision(&response, anonymous)
    }

    /// The units in which the actor may do `action` to the unit itself (such as
    /// [`Action::DossierList`]), in order: the scope for a list. Offices held in a province reach
    /// its communes as far as the policies say.
    #[must_use]
    pub fn units_where(&self, context: &OpContext, action: Action) -> Vec<UnitCode> {
        let mut candidates: Vec<UnitCode> = match context.actor {
            Actor::Nobody => Vec::new(),
            Actor::System => {
                self.provinces.keys().chain(self.provinces.values()).cloned().collect()
            }
            Actor::Account(_) => self.units_within_reach(context),
        };
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|unit| self.allow(context, action, &Resource::Unit(unit)).allowed);
        candidates
    }

    fn units_within_reach(&self, context: &OpContext) -> Vec<UnitCode> {
        let mut units = Vec::new();
        for binding in context.bindings_in_force() {
            units.push(binding.unit.clone());
            let communes = self.provinces.iter().filter(|(_, province)| **province == binding.unit);
            units.extend(communes.map(|(commune, _)| commune.clone()));
        }
        units
    }

    /// The province of a commune; a province is its own.
    fn province_of<'a>(&'a self, unit: &'a UnitCode) -> Option<&'a UnitCode> {
        if unit.level() == UnitLevel::Province { Some(unit) } else { self.provinces.get(unit) }
    }
}

impl Slice {
    fn decision(&self, response: &cedar::Response, anonymous: bool) -> Decision {
        if let Some(error) = response.diagnostics().errors().next() {
            let cedar::AuthorizationError::PolicyEvaluationError(error) = error;
            // The text of the error may quote values; the name of the policy does not.
            let fault = format!("policy {} failed to evaluate", error.policy_id());
            return Decision::refused_by_fault(anonymous, fault);
        }
        let deciding = response
            .diagnostics()
            .reason()
            .filter_map(|id| self.notes.get::<str>(id.as_ref()))
            .min_by(|left, right| left.id.cmp(&right.id));
        Decision {
            allowed: response.decision() == cedar::Decision::Allow,
            policy: deciding.map(|note| Arc::clone(&note.id)),
            message: deciding.and_then(|note| note.message.clone()),
            fault: None,
            anonymous,
        }
    }
}

impl Decision {
    fn refused_by_fault(anonymous: bool, fault: String) -> Self {
        Self { allowed: false, policy: None, message: None, fault: Some(fault), anonymous }
    }

    /// Goes on if allowed.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if nobody has signed in, else `Forbidden`, with a sentence saying what
    /// the person can do about it.
    pub fn require(&self) -> Result<()> {
        if self.allowed {
            return Ok(());
        }
        if self.anonymous {
            return Err(Error::unauthenticated("Ông/bà cần đăng nhập để tiếp tục."));
        }
        let message = self.message.as_deref().unwrap_or(
            "Ông/bà chưa được giao quyền làm việc này. Nếu công việc cần đến, đề nghị quản trị \
             viên của đơn vị cấp quyền.",
        );
        let cause = match (&self.fault, &self.policy) {
            (Some(fault), _) => fault.clone(),
            (None, Some(policy)) => format!("forbidden by policy {policy}"),
            (None, None) => "no policy permits it".to_owned(),
        };
        Err(Error::forbidden(message).because(cause))
    }
}
