//! The values that the expressions of a procedure see, read from JSON as the form and the
//! registers say. [`crate::scope`] gives the types to match.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::content::Content;
use crate::expr::{Lookup, Path, Value};
use crate::model::{Field, FieldKind, Form, Register, ValueKind};

/// What is known while a form is filled or a dossier is worked on.
///
/// Answers are as [`FieldKind`] describes them. `extra` holds what is not an answer:
/// - `answer`: an object, request id → text;
/// - `found`: an object, lookup id → entry. An entry is an object of its register's fields; its
///   `register` names the register, so that dates and codes are read as what they are. A lookup
///   that found nothing is absent or null;
/// - for a check in a register: `count` and `first` (an entry); for one in the population data:
///   `known`, `alive`, `married`, `name_matches`, `birth_date_matches`, `person`.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Code lists, registers and units.
    pub content: &'a Content,
    /// The form that the answers belong to.
    pub form: &'a Form,
    /// The answers.
    pub answers: &'a Map<String, Json>,
    /// The row of a group whose own expressions are evaluated.
    pub row: Option<Row<'a>>,
    /// The day of filing.
    pub filed_on: Date,
    /// The person signed in, as a person record.
    pub applicant: Option<&'a Json>,
    /// What is not an answer.
    pub extra: &'a Map<String, Json>,
}

/// One row of a group: its fields hide those of the form.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The group's fields.
    pub fields: &'a [Field],
    /// The answers of the row.
    pub answers: &'a Map<String, Json>,
}

impl<'a> Facts<'a> {
    fn field(&self, id: &str) -> Option<(&'a FieldKind, Option<&'a Json>)> {
        if let Some(row) = self.row
            && let Some(field) = row.fields.iter().find(|field| field.id == id)
        {
            return Some((&field.kind, row.answers.get(id)));
        }
        let field = self.form.field(id)?;
        Some((&field.kind, self.answers.get(id)))
    }

    /// The entry that `found.<lookup>` or `first` speaks of, and the rest of the path.
    fn entry<'p>(&self, path: &'p Path) -> Option<(&'a Json, &'p [Box<str>])> {
        match (path.root(), path.rest()) {
            ("first", rest) => Some((self.extra.get("first")?, rest)),
            ("found", [lookup, rest @ ..]) => {
                Some((self.extra.get("found")?.get(lookup.as_ref())?, rest))
            }
            _ => None,
        }
    }

    fn register_of(&self, entry: &Json) -> Option<&'a Register> {
        let id = entry.get("register")?.as_str()?;
        self.content.registers.get(id).map(AsRef::as_ref)
    }

    fn entry_value(&self, path: &Path) -> Value {
        let entry = self.entry(path).filter(|(entry, _)| entry.is_object());
        let rest = path.rest().last().map(AsRef::as_ref);
        let Some((entry, parts)) = entry else {
            // `first.exists` and `found.x.exists` are answers even when nothing was found.
            let asked = rest == Some("exists");
            return if asked { Value::Bool(false) } else { Value::Absent };
        };
        let register = self.register_of(entry);
        match parts {
            [] => {
                let fields = entry.as_object().into_iter().flatten();
                let value = |(name, json): (&String, &Json)| {
                    (name.clone(), entry_field(register, name, json, &[]))
                };
                Value::Record(fields.map(value).collect())
            }
            [name, ..] if name.as_ref() == "exists" => Value::Bool(true),
            [name, inner @ ..] => entry
                .get(name.as_ref())
                .map_or(Value::Absent, |json| entry_field(register, name, json, inner)),
        }
    }

    fn list_label(&self, list: &str, code: &str) -> Option<String> {
        Some(self.content.code_label(list, code)?.vi.clone())
    }

    fn kind_label(&self, kind: &FieldKind, rest: &[Box<str>], code: &str) -> Option<String> {
        match (kind, rest) {
            (FieldKind::Choice { list: Some(list), .. }, []) => self.list_label(list, code),
            (FieldKind::Choice { options, .. }, []) => {
                let option = options.iter().find(|option| option.code == code)?;
                Some(option.label.vi.clone())
            }
            // Of a coded part of a person, the part's name is the list's name.
            (FieldKind::Person { .. }, [part]) => self.list_label(part, code),
            (FieldKind::Group { fields, .. }, [id, inner @ ..]) => {
                let field = fields.iter().find(|field| field.id == id.as_ref())?;
                self.kind_label(&field.kind, inner, code)
            }
            _ => None,
        }
    }
}

impl Lookup for Facts<'_> {
    fn value(&self, path: &Path) -> Value {
        if let Some((kind, json)) = self.field(path.root()) {
            return json.map_or(Value::Absent, |json| field_value(kind, json, path.rest()));
        }
        match (path.root(), path.rest()) {
            ("filed_on", _) => Value::Date(self.filed_on),
            ("applicant", rest) => {
                self.applicant.map_or(Value::Absent, |person| person_value(person, rest))
            }
            ("found" | "first", _) => self.entry_value(path),
            ("person", rest) => {
                let person = self.extra.get("person");
                person.map_or(Value::Absent, |person| person_value(person, rest))
            }
            (root, rest) => {
                let start = self.extra.get(root);
                let found = rest.iter().fold(start, |json, name| json?.get(name.as_ref()));
                found.map_or(Value::Absent, plain_value)
            }
        }
    }

    fn label(&self, path: &Path, code: &str) -> Option<String> {
        if let Some((kind, _)) = self.field(path.root()) {
            return self.kind_label(kind, path.rest(), code);
        }
        if let Some((entry, [name])) = self.entry(path) {
            let field = self.register_of(entry)?.field(name)?;
            return match &field.kind {
                ValueKind::Code(list) => self.list_label(list, code),
                _ => None,
            };
        }
        match (path.root(), path.rest()) {
            ("applicant" | "person", [part]) => self.list_label(part, code),
            _ => None,
        }
    }

    fn address_text(&self, address: &BTreeMap<String, Value>) -> Option<String> {
        let part = |name: &str| address.get(name).and_then(Value::as_text).unwrap_or_default();
        let text = self.content.address_text(part("province"), part("commune"), part("detail"));
        Some(text).filter(|text| !text.is_empty())
    }
}

/// The value of an answer, or of a part of it.
fn field_value(kind: &FieldKind, json: &Json, rest: &[Box<str>]) -> Value {
    match (kind, rest) {
        (FieldKind::Person { .. }, rest) => person_value(json, rest),
        (FieldKind::Address { .. }, rest) => address_value(json, rest),
        (_, [_, ..]) => Value::Absent,
        (FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Choice { .. }, []) => {
            text_value(json)
        }
        (FieldKind::Number { .. }, []) => json.as_i64().map_or(Value::Absent, Value::Int),
        (FieldKind::Date { .. }, []) => date_value(json),
        (FieldKind::PartialDate { .. }, []) => partial_date_value(json),
        (FieldKind::YesNo, []) => json.as_bool().map_or(Value::Absent, Value::Bool),
        (FieldKind::File { .. }, []) => list_value(json, text_value),
        (FieldKind::Group { fields, .. }, []) => list_value(json, |row| {
            let part = |field: &Field| {
                let value = row.get(&field.id);
                let value = value.map_or(Value::Absent, |json| field_value(&field.kind, json, &[]));
                (field.id.clone(), value)
            };
            Value::Record(fields.iter().map(part).collect())
        }),
    }
}

/// The value of a field of an entry, or of a part of it.
fn entry_field(register: Option<&Register>, name: &str, json: &Json, rest: &[Box<str>]) -> Value {
    let kind = register.and_then(|register| register.field(name)).map(|field| &field.kind);
    match (kind, rest) {
        (Some(ValueKind::Address), rest) => address_value(json, rest),
        (_, [_, ..]) => Value::Absent,
        (Some(ValueKind::Text | ValueKind::PersonNumber | ValueKind::Code(_)), []) => {
            text_value(json)
        }
        (Some(ValueKind::Number), []) => json.as_i64().map_or(Value::Absent, Value::Int),
        (Some(ValueKind::Date), []) => date_value(json),
        (Some(ValueKind::PartialDate), []) => partial_date_value(json),
        (Some(ValueKind::YesNo), []) => json.as_bool().map_or(Value::Absent, Value::Bool),
        (None, []) if name == "registered_on" => date_value(json),
        (None, []) => plain_value(json),
    }
}

fn person_value(json: &Json, rest: &[Box<str>]) -> Value {
    match rest {
        [] => {
            let parts = json.as_object().into_iter().flatten();
            let value =
                |(name, json): (&String, &Json)| (name.clone(), person_part(name, json, &[]));
            Value::Record(parts.map(value).collect())
        }
        [name, inner @ ..] => {
            json.get(name.as_ref()).map_or(Value::Absent, |json| person_part(name, json, inner))
        }
    }
}

fn person_part(name: &str, json: &Json, rest: &[Box<str>]) -> Value {
    match (name, rest) {
        ("residence", rest) => address_value(json, rest),
        (_, [_, ..]) => Value::Absent,
        ("birth_date", []) => partial_date_value(json),
        (_, []) => text_value(json),
    }
}

fn address_value(json: &Json, rest: &[Box<str>]) -> Value {
    match rest {
        [] if json.is_object() => {
            let part =
                |name: &str| (name.to_owned(), json.get(name).map_or(Value::Absent, text_value));
            Value::Record(["province", "commune", "detail"].map(part).into())
        }
        [name] => json.get(name.as_ref()).map_or(Value::Absent, text_value),
        _ => Value::Absent,
    }
}

fn list_value(json: &Json, item: impl Fn(&Json) -> Value) -> Value {
    json.as_array().map_or(Value::Absent, |items| Value::List(items.iter().map(item).collect()))
}

/// A text; a blank one is absent.
fn text_value(json: &Json) -> Value {
    let given = json.as_str().filter(|text| !text.trim().is_empty());
    given.map_or(Value::Absent, Value::from)
}

fn date_value(json: &Json) -> Value {
    let date = json.as_str().and_then(|text| text.parse().ok());
    date.map_or(Value::Absent, Value::Date)
}

fn partial_date_value(json: &Json) -> Value {
    let date = json.as_str().and_then(|text| text.parse().ok());
    date.map_or(Value::Absent, Value::PartialDate)
}

/// JSON of which nothing is known but its shape.
fn plain_value(json: &Json) -> Value {
    match json {
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => number.as_i64().map_or(Value::Absent, Value::Int),
        Json::String(_) => text_value(json),
        Json::Array(_) => list_value(json, plain_value),
        Json::Object(parts) => Value::Record(
            parts.iter().map(|(name, json)| (name.clone(), plain_value(json))).collect(),
        ),
        Json::Null => Value::Absent,
    }
}
