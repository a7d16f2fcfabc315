//! Which names an expression sees, and their types. [`crate::facts`] gives the values to match.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expr::{Choices, Scope, Type};
use crate::model::{
    ChoiceOption, CodeList, Field, FieldKind, Form, PersonPart, Register, ValueKind,
};

/// Names that the program gives to every expression of a procedure; no field may take them.
pub(crate) const RESERVED_NAMES: [&str; 15] = [
    "filed_on",
    "applicant",
    "answer",
    "found",
    "count",
    "first",
    "known",
    "alive",
    "married",
    "name_matches",
    "birth_date_matches",
    "person",
    "true",
    "false",
    "in",
];

/// What the types of names depend on besides the form.
#[derive(Clone, Copy)]
pub(crate) struct Vocabulary<'a> {
    pub code_lists: &'a BTreeMap<String, CodeList>,
}

impl Vocabulary<'_> {
    /// The fields of a form, `filed_on` and `applicant`. `faulty` says of which fields the kind is
    /// not known because it could not be read.
    pub fn form_scope(&self, form: &Form, faulty: &dyn Fn(&Field) -> bool) -> Scope {
        let mut scope = Scope::new()
            .with("filed_on", Type::Date)
            .with("applicant", self.person(&PersonPart::ALL));
        for field in form.fields() {
            let kind = if faulty(field) { Type::Unknown } else { self.field(&field.kind) };
            // Of two fields of one name (which is refused) the first counts.
            if scope.get(&field.id).is_none() {
                scope.insert(&field.id, kind);
            }
        }
        scope
    }

    pub fn field(&self, kind: &FieldKind) -> Type {
        match kind {
            FieldKind::Text { .. } | FieldKind::LongText { .. } => Type::Text,
            FieldKind::Number { .. } => Type::Int,
            FieldKind::Date { .. } => Type::Date,
            FieldKind::PartialDate { .. } => Type::PartialDate,
            FieldKind::YesNo => Type::Bool,
            FieldKind::Choice { list: Some(list), .. } => self.code(list),
            FieldKind::Choice { options, list: None } => choice("", options),
            FieldKind::Person { parts, .. } => self.person(parts),
            FieldKind::Address { .. } => Type::address(),
            FieldKind::File { .. } => Type::list(Type::Text),
            FieldKind::Group { fields, .. } => {
                let parts = fields.iter().map(|field| (field.id.as_str(), self.field(&field.kind)));
                Type::list(Type::record(parts))
            }
        }
    }

    pub fn register_value(&self, kind: &ValueKind) -> Type {
        match kind {
            ValueKind::Text | ValueKind::PersonNumber => Type::Text,
            ValueKind::Number => Type::Int,
            ValueKind::Date => Type::Date,
            ValueKind::PartialDate => Type::PartialDate,
            ValueKind::YesNo => Type::Bool,
            ValueKind::Code(list) => self.code(list),
            ValueKind::Address => Type::address(),
        }
    }

    /// An entry found in one of these registers: the fields that all of them have, and `exists`.
    pub fn entry(&self, registers: &[&Register]) -> Type {
        let fields = |register: &Register| {
            let typed = register.fields.iter();
            Type::record(typed.map(|field| (field.id.as_str(), self.register_value(&field.kind))))
        };
        let kinds = registers.iter().map(|register| fields(register));
        let shared = kinds.reduce(|one, other| one.common(&other).unwrap_or(Type::Unknown));
        let Some(Type::Record(parts)) = shared else {
            return Type::Unknown;
        };
        let named = parts.iter().map(|(name, kind)| (name.as_str(), kind.clone()));
        let own = ENTRY_NAMES.iter().map(|(name, kind)| (*name, kind.clone()));
        Type::record(named.chain(own))
    }

    pub fn person(&self, parts: &[PersonPart]) -> Type {
        Type::record(parts.iter().map(|part| (part.key(), self.person_part(*part))))
    }

    fn person_part(&self, part: PersonPart) -> Type {
        match part {
            PersonPart::BirthDate => Type::PartialDate,
            PersonPart::Residence => Type::address(),
            PersonPart::Number
            | PersonPart::Name
            | PersonPart::IdentityPaper
            | PersonPart::Phone => Type::Text,
            PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
                self.code(part.key())
            }
        }
    }

    /// The codes of a shared list; plain text when the list is not there (reported elsewhere).
    fn code(&self, list: &str) -> Type {
        self.code_lists.get(list).map_or(Type::Text, |found| choice(list, &found.items))
    }

    /// The names that a comparison with the population data adds.
    pub fn with_population(&self, mut scope: Scope) -> Scope {
        for name in ["known", "alive", "married", "name_matches", "birth_date_matches"] {
            scope.insert(name, Type::Bool);
        }
        scope.with("person", self.person(&PersonPart::ALL))
    }

    /// The names that a comparison with a register adds.
    pub fn with_register(&self, scope: Scope, register: Option<&Register>) -> Scope {
        let first = register.map_or(Type::Unknown, |register| self.entry(&[register]));
        scope.with("count", Type::Int).with("first", first)
    }
}

/// What every entry found has besides the fields of its register.
pub(crate) const ENTRY_NAMES: [(&str, Type); 8] = [
    ("exists", Type::Bool),
    ("in_force", Type::Bool),
    ("number", Type::Int),
    ("book", Type::Int),
    ("year", Type::Int),
    ("unit", Type::Text),
    ("number_text", Type::Text),
    ("registered_on", Type::Date),
];

/// What a lookup may match besides register fields. A book may be given as a number or as it is
/// written on old papers.
pub(crate) const MATCH_NAMES: [(&str, Type); 5] = [
    ("number", Type::Int),
    ("book", Type::Unknown),
    ("year", Type::Int),
    ("unit", Type::Text),
    ("subject", Type::Text),
];

impl PersonPart {
    /// Every part of a person, in the usual order.
    pub const ALL: [PersonPart; 9] = [
        PersonPart::Number,
        PersonPart::Name,
        PersonPart::BirthDate,
        PersonPart::Sex,
        PersonPart::Ethnicity,
        PersonPart::Nationality,
        PersonPart::Residence,
        PersonPart::IdentityPaper,
        PersonPart::Phone,
    ];

    /// The key of a part in answers and in expressions. Of a coded part it is its code list too.
    pub fn key(self) -> &'static str {
        match self {
            PersonPart::Number => "number",
            PersonPart::Name => "name",
            PersonPart::BirthDate => "birth_date",
            PersonPart::Sex => "sex",
            PersonPart::Ethnicity => "ethnicity",
            PersonPart::Nationality => "nationality",
            PersonPart::Residence => "residence",
            PersonPart::IdentityPaper => "identity_paper",
            PersonPart::Phone => "phone",
        }
    }

    /// The shared list of its codes, for a coded part.
    pub fn code_list(self) -> Option<&'static str> {
        match self {
            PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => Some(self.key()),
            _ => None,
        }
    }
}

fn choice(list: &str, options: &[ChoiceOption]) -> Type {
    let codes = options.iter().map(|option| option.code.clone()).collect();
    Type::Choice(Arc::new(Choices { list: list.to_owned(), codes }))
}
