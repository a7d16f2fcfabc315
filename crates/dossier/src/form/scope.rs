//! What expressions see: the answers as typed values, and what the app looked up.

use std::collections::{BTreeMap, HashMap};

use kernel::partial_date::PartialDate;
use pack::expr::{Lookup, Path, Value};
use pack::model::{ChoiceOption, Field, FieldKind, Form, PersonPart, ValueKind};
use serde_json::{Map, Value as Json};

use super::FormContext;
use super::words::part_key;
use crate::address;

/// The fields of a form by their id, in the order of the form.
pub(crate) struct FieldIndex<'a> {
    by_id: HashMap<&'a str, &'a Field>,
}

impl<'a> FieldIndex<'a> {
    pub(crate) fn of(form: &'a Form) -> FieldIndex<'a> {
        let fields = form.sections.iter().flat_map(|section| &section.fields);
        FieldIndex { by_id: fields.map(|field| (field.id.as_str(), field)).collect() }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&'a Field> {
        self.by_id.get(id).copied()
    }
}

/// The names of one evaluation. A row's fields hide the form's fields of the same name.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) index: &'a FieldIndex<'a>,
    pub(crate) answers: &'a Map<String, Json>,
    pub(crate) row: Option<(&'a [Field], &'a Map<String, Json>)>,
    pub(crate) ctx: &'a FormContext<'a>,
}

impl Scope<'_> {
    fn field(&self, id: &str) -> Option<(&Field, Option<&Json>)> {
        if let Some((fields, answers)) = self.row
            && let Some(field) = fields.iter().find(|field| field.id == id)
        {
            return Some((field, answers.get(id)));
        }
        self.index.get(id).map(|field| (field, self.answers.get(id)))
    }

    /// The options of the choice at a path.
    fn options(&self, path: &Path) -> Option<&[ChoiceOption]> {
        if let Some((field, _)) = self.field(path.root()) {
            return self.options_of(&field.kind, path.rest());
        }
        match (path.root(), path.rest()) {
            ("applicant", [part]) => self.ctx.list(person_list(part)?),
            // The register is not known here, but a column has one list wherever it stands.
            (_, [.., column]) => {
                let registers = self.ctx.content.registers.values();
                let mut columns = registers.flat_map(|register| &register.fields);
                let list = columns.find_map(|field| match &field.kind {
                    ValueKind::Code(list) if *field.id == **column => Some(list),
                    _ => None,
                })?;
                self.ctx.list(list)
            }
            _ => None,
        }
    }

    fn options_of(&self, kind: &FieldKind, rest: &[Box<str>]) -> Option<&[ChoiceOption]> {
        match (kind, rest) {
            (FieldKind::Choice { list: Some(list), options }, []) if options.is_empty() => {
                self.ctx.list(list)
            }
            (FieldKind::Choice { options, .. }, []) => Some(options),
            (FieldKind::Person { .. }, [part]) => self.ctx.list(person_list(part)?),
            (FieldKind::Group { fields, .. }, [id, rest @ ..]) => {
                let field = fields.iter().find(|field| *field.id == **id)?;
                self.options_of(&field.kind, rest)
            }
            _ => None,
        }
    }
}

impl Lookup for Scope<'_> {
    fn value(&self, path: &Path) -> Value {
        if let Some((field, answer)) = self.field(path.root()) {
            return answer.map_or(Value::Absent, |answer| of_kind(&field.kind, answer, path.rest()));
        }
        match path.root() {
            "filed_on" if path.rest().is_empty() => Value::Date(self.ctx.filed_on),
            "applicant" => self.ctx.applicant.map_or(Value::Absent, |person| below(person, path)),
            known => self.ctx.extra.get(known).map_or(Value::Absent, |value| below(value, path)),
        }
    }

    fn label(&self, path: &Path, code: &str) -> Option<String> {
        if path.rest().last().is_some_and(|part| **part == *"sex") {
            return sex_text(code).map(str::to_owned);
        }
        let option = self.options(path)?.iter().find(|option| option.code == code)?;
        Some(option.label.vi.clone())
    }

    fn address_text(&self, parts: &BTreeMap<String, Value>) -> Option<String> {
        let text = |key: &str| parts.get(key).and_then(Value::as_text).unwrap_or_default();
        address::text(&self.ctx.content.units, text("commune"), text("detail"))
    }
}

/// `Nam` or `Nữ`.
pub(crate) fn sex_text(code: &str) -> Option<&'static str> {
    match code {
        "male" => Some("Nam"),
        "female" => Some("Nữ"),
        _ => None,
    }
}

fn person_list(part: &str) -> Option<&'static str> {
    match part {
        "ethnicity" => Some("ethnicity"),
        "nationality" => Some("nationality"),
        _ => None,
    }
}

/// An answer as a value of its kind, or the part of it that `rest` names.
fn of_kind(kind: &FieldKind, answer: &Json, rest: &[Box<str>]) -> Value {
    match kind {
        FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Choice { .. } => {
            text(answer)
        }
        FieldKind::Number { .. } => answer.as_i64().map_or(Value::Absent, Value::Int),
        FieldKind::YesNo => answer.as_bool().map_or(Value::Absent, Value::Bool),
        FieldKind::Date { .. } => match partial_date(answer) {
            Some(PartialDate::Day(date)) => Value::Date(date),
            _ => Value::Absent,
        },
        FieldKind::PartialDate { .. } => partial_date(answer).map_or(Value::Absent, Value::PartialDate),
        FieldKind::Person { parts, .. } => person(parts, answer, rest),
        FieldKind::Address { .. } => addressed(answer, rest),
        FieldKind::File { .. } => {
            let ids = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            Value::List(ids.iter().map(text).collect())
        }
        FieldKind::Group { fields, .. } => {
            let rows = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            Value::List(rows.iter().map(|row| record(fields, row)).collect())
        }
    }
}

fn record(fields: &[Field], row: &Json) -> Value {
    let part = |field: &Field| {
        let value = of_kind(&field.kind, row.get(&field.id)?, &[]);
        Some((field.id.clone(), value))
    };
    Value::Record(fields.iter().filter_map(part).collect())
}

fn person(parts: &[PersonPart], answer: &Json, rest: &[Box<str>]) -> Value {
    let value = |part: PersonPart, rest: &[Box<str>]| {
        let given = answer.get(part_key(part)).unwrap_or(&Json::Null);
        match part {
            PersonPart::BirthDate => partial_date(given).map_or(Value::Absent, Value::PartialDate),
            PersonPart::Residence => addressed(given, rest),
            _ => text(given),
        }
    };
    match rest {
        [] => {
            let pairs = parts.iter().map(|part| (part_key(*part).to_owned(), value(*part, &[])));
            Value::Record(pairs.collect())
        }
        [name, rest @ ..] => {
            let part = parts.iter().find(|part| *part_key(**part) == **name);
            part.map_or(Value::Absent, |part| value(*part, rest))
        }
    }
}

fn addressed(answer: &Json, rest: &[Box<str>]) -> Value {
    let part = |name: &str| answer.get(name).map_or(Value::Absent, text);
    match rest {
        [] if answer.is_object() => {
            let pairs = ["province", "commune", "detail"].map(|name| (name.to_owned(), part(name)));
            Value::Record(pairs.into_iter().collect())
        }
        [name] => part(name),
        _ => Value::Absent,
    }
}

fn text(answer: &Json) -> Value {
    match answer.as_str() {
        Some(text) if !text.trim().is_empty() => Value::Text(text.to_owned()),
        _ => Value::Absent,
    }
}

fn partial_date(answer: &Json) -> Option<PartialDate> {
    answer.as_str()?.parse().ok()
}

/// The part of a value from outside the form that the path names after its root.
fn below(value: &Json, path: &Path) -> Value {
    let found = path.rest().iter().try_fold(value, |value, name| value.get(&**name));
    found.map_or(Value::Absent, untyped)
}

/// A value whose kind nobody declared. A text that is a whole day or a month in ISO form counts as
/// a date, so that it reads as one in sentences.
fn untyped(value: &Json) -> Value {
    match value {
        Json::Null => Value::Absent,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => number.as_i64().map_or(Value::Absent, Value::Int),
        Json::String(given) => match given.parse() {
            Ok(PartialDate::Day(date)) => Value::Date(date),
            Ok(month @ PartialDate::Month(..)) => Value::PartialDate(month),
            _ => text(value),
        },
        Json::Array(items) => Value::List(items.iter().map(untyped).collect()),
        Json::Object(parts) => {
            let pairs = parts.iter().map(|(name, part)| (name.clone(), untyped(part)));
            Value::Record(pairs.collect())
        }
    }
}
