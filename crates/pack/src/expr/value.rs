//! Values that expressions work on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::partial_date::PartialDate;

/// What an expression gives. `Absent` stands for "not answered" and for "cannot be computed".
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No answer.
    #[default]
    Absent,
    /// Yes or no.
    Bool(bool),
    /// A whole number; money is in đồng.
    Int(i64),
    /// A text, also the code of a choice.
    Text(String),
    /// A whole day.
    Date(Date),
    /// A day, a month or a year.
    PartialDate(PartialDate),
    /// Rows of a group, upload ids of a file field, or a list written in the expression.
    List(Vec<Value>),
    /// A person, an address, one row of a group, an entry found.
    Record(BTreeMap<String, Value>),
}

impl Value {
    /// Is there nothing? True for `Absent` only; see [`Value::is_given`] for what `has` means.
    pub fn is_absent(&self) -> bool {
        matches!(self, Value::Absent)
    }

    /// What `has(x)` means: not absent, not blank, not an empty list, not a record of nothing.
    pub fn is_given(&self) -> bool {
        match self {
            Value::Absent => false,
            Value::Text(text) => !text.trim().is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Record(parts) => parts.values().any(Value::is_given),
            Value::Bool(_) | Value::Int(_) | Value::Date(_) | Value::PartialDate(_) => true,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as it is kept in answers and register entries: dates in ISO form, `Absent` as
    /// null. Parts of a record that are absent are left out.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Absent => serde_json::Value::Null,
            Value::Bool(truth) => (*truth).into(),
            Value::Int(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::Date(date) => date.to_string().into(),
            Value::PartialDate(date) => date.to_string().into(),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Record(parts) => serde_json::Value::Object(
                parts
                    .iter()
                    .filter(|(_, value)| !value.is_absent())
                    .map(|(name, value)| (name.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }

    /// The part of a record; `Absent` for anything else.
    pub(crate) fn part(&self, name: &str) -> &Value {
        const NOTHING: &Value = &Value::Absent;
        match self {
            Value::Record(parts) => parts.get(name).unwrap_or(NOTHING),
            _ => NOTHING,
        }
    }

    /// The value as a date that may be partial. A text in ISO form counts, because entries that
    /// come from elsewhere do not always say what kind their texts are.
    pub(crate) fn to_partial_date(&self) -> Option<PartialDate> {
        match self {
            Value::Date(date) => Some(PartialDate::Day(*date)),
            Value::PartialDate(date) => Some(*date),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}
