//! Turns a question into what Cedar evaluates: one principal, one resource, the circumstances.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use kernel::id::AccountId;
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;

use super::Slice;
use crate::context::{AccountKind, Actor, OpContext};
use crate::resource::Resource;

/// Builds the entities of the schema. The type names are parsed once.
pub(super) struct Builder {
    user: EntityTypeName,
    unit: EntityTypeName,
    dossier: EntityTypeName,
    draft: EntityTypeName,
    entry: EntityTypeName,
    document: EntityTypeName,
    account: EntityTypeName,
    system: EntityTypeName,
}

type Attributes = HashMap<String, RestrictedExpression>;

impl Builder {
    pub(super) fn new() -> Result<Self, String> {
        let name = |text: &str| {
            text.parse::<EntityTypeName>().map_err(|error| format!("type name {text}: {error}"))
        };
        Ok(Self {
            user: name("User")?,
            unit: name("Unit")?,
            dossier: name("Dossier")?,
            draft: name("Draft")?,
            entry: name("Entry")?,
            document: name("Document")?,
            account: name("Account")?,
            system: name("System")?,
        })
    }

    /// The request and the entities for one question.
    pub(super) fn question(
        &self,
        slice: &Slice,
        context: &OpContext,
        resource: &Resource<'_>,
        province: Option<&UnitCode>,
    ) -> Result<(Request, Entities), String> {
        let principal = self.principal(context)?;
        let (resource_uid, attributes) = self.resource(resource);
        let request = Request::new(
            principal.uid(),
            slice.uid.clone(),
            resource_uid.clone(),
            circumstances(context, resource.unit(), province)?,
            None,
        )
        .map_err(|_| "request does not fit".to_owned())?;
        let resource = Entity::new(resource_uid, attributes, HashSet::new())
            .map_err(|_| "resource entity does not evaluate".to_owned())?;
        let entities = slice
            .base
            .clone()
            .add_entities([principal, resource], None)
            .map_err(|_| "entities do not fit together".to_owned())?;
        Ok((request, entities))
    }

    fn principal(&self, context: &OpContext) -> Result<Entity, String> {
        let mut attributes = Attributes::with_capacity(2);
        let (uid, kind) = match &context.actor {
            Actor::Nobody => (uid(&self.user, "nobody"), "nobody"),
            Actor::System => (uid(&self.user, "system"), "system"),
            Actor::Account(account) => {
                if let Some(number) = &account.person_number {
                    attributes.insert("person".to_owned(), text(number.as_str()));
                }
                (self.user(account.id), account_kind(account.kind))
            }
        };
        attributes.insert("kind".to_owned(), text(kind));
        Entity::new(uid, attributes, HashSet::new())
            .map_err(|_| "principal entity does not evaluate".to_owned())
    }

    fn resource(&self, resource: &Resource<'_>) -> (EntityUid, Attributes) {
        let mut attributes = Attributes::with_capacity(6);
        let mut put = |name: &str, value: RestrictedExpression| {
            attributes.insert(name.to_owned(), value);
        };
        let uid = match *resource {
            Resource::Dossier {
                id,
                unit,
                procedure,
                applicant,
                subjects,
                prepared_by,
                owner_role,
            } => {
                put("unit", self.unit_value(unit));
                put("procedure", text(procedure));
                put("applicant", self.user_value(applicant));
                put("subjects", numbers(subjects));
                if let Some(officer) = prepared_by {
                    put("prepared_by", self.user_value(officer));
                }
                if let Some(role) = owner_role {
                    put("owner_role", text(role));
                }
                uid(&self.dossier, id)
            }
            Resource::Draft { id, owner } => {
                put("owner", self.user_value(owner));
                uid(&self.draft, id)
            }
            Resource::Entry { id, unit, register, subjects } => {
                put("unit", self.unit_value(unit));
                put("register", text(register));
                put("subjects", numbers(subjects));
                uid(&self.entry, id)
            }
            Resource::Document { id, unit, kind, owner, subjects } => {
                put("unit", self.unit_value(unit));
                put("kind", text(kind.name()));
                put("subjects", numbers(subjects));
                if let Some(owner) = owner {
                    put("owner", self.user_value(owner));
                }
                uid(&self.document, id)
            }
            Resource::Account(id) => {
                put("holder", self.user_value(id));
                uid(&self.account, id)
            }
            Resource::Unit(unit) => uid(&self.unit, unit),
            Resource::System => uid(&self.system, "tuphap"),
        };
        (uid, attributes)
    }

    fn user(&self, id: AccountId) -> EntityUid {
        uid(&self.user, id)
    }

    fn user_value(&self, id: AccountId) -> RestrictedExpression {
        RestrictedExpression::new_entity_uid(self.user(id))
    }

    fn unit_value(&self, unit: &UnitCode) -> RestrictedExpression {
        RestrictedExpression::new_entity_uid(uid(&self.unit, unit))
    }
}

/// The type `Circumstances` of the schema.
fn circumstances(
    context: &OpContext,
    unit: Option<&UnitCode>,
    province: Option<&UnitCode>,
) -> Result<Context, String> {
    let roles_in = |place: Option<&UnitCode>| {
        let bindings = context.bindings_in_force();
        let here = bindings.filter(|binding| Some(&binding.unit) == place);
        texts(here.map(|binding| binding.role.as_str()))
    };
    let any_roles = texts(context.bindings_in_force().map(|binding| binding.role.as_str()));
    let mfa = context.account().is_some_and(|account| account.mfa);
    let mut pairs = vec![
        ("roles".to_owned(), roles_in(unit)),
        ("province_roles".to_owned(), roles_in(province)),
        ("any_roles".to_owned(), any_roles),
        ("mfa".to_owned(), RestrictedExpression::new_bool(mfa)),
    ];
    if let Some(purpose) = &context.purpose {
        pairs.push(("purpose".to_owned(), text(purpose.kind())));
    }
    Context::from_pairs(pairs).map_err(|_| "circumstances do not evaluate".to_owned())
}

fn account_kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Citizen => "citizen",
        AccountKind::Officer => "officer",
        AccountKind::Service => "service",
    }
}

fn uid(type_name: &EntityTypeName, id: impl Display) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(id.to_string()))
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.map(text))
}

fn numbers(subjects: &[PersonNumber]) -> RestrictedExpression {
    texts(subjects.iter().map(PersonNumber::as_str))
}
