//! Types of expressions, and the names that an expression may use.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::ast::Path;
use crate::nearest::did_you_mean;

/// The type of an expression or of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Not known because of a problem already reported; fits everywhere.
    Unknown,
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// A text out of a closed list of codes.
    Choice(Arc<Choices>),
    /// A whole day.
    Date,
    /// A day, a month or a year.
    PartialDate,
    /// A list.
    List(Arc<Type>),
    /// Named parts.
    Record(Arc<BTreeMap<String, Type>>),
}

/// The codes that a choice may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Shared code list, or empty when the options are the field's own.
    pub list: String,
    /// The codes.
    pub codes: Vec<String>,
}

impl Type {
    /// A list of this.
    pub fn list(item: Type) -> Type {
        Type::List(Arc::new(item))
    }

    /// A record of these parts.
    pub fn record<'a>(parts: impl IntoIterator<Item = (&'a str, Type)>) -> Type {
        let owned = parts.into_iter().map(|(name, kind)| (name.to_owned(), kind));
        Type::Record(Arc::new(owned.collect()))
    }

    /// An address: `province`, `commune`, `detail`.
    pub fn address() -> Type {
        Type::record([("province", Type::Text), ("commune", Type::Text), ("detail", Type::Text)])
    }

    /// Is it a text or a choice?
    pub fn is_text(&self) -> bool {
        matches!(self, Type::Text | Type::Choice(_) | Type::Unknown)
    }

    /// Is it a whole or a partial date?
    pub fn is_date(&self) -> bool {
        matches!(self, Type::Date | Type::PartialDate | Type::Unknown)
    }

    /// Can a value of this type stand where `wanted` is asked for? A choice is a text, a whole date
    /// is a partial date.
    pub fn fits(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Type::Unknown, _) | (_, Type::Unknown) => true,
            (Type::Choice(_), Type::Text) | (Type::Date, Type::PartialDate) => true,
            (Type::List(item), Type::List(wanted)) => item.fits(wanted),
            (Type::Record(parts), Type::Record(wanted)) => wanted
                .iter()
                .all(|(name, kind)| parts.get(name).is_some_and(|found| found.fits(kind))),
            (Type::Choice(found), Type::Choice(wanted)) => {
                found == wanted || found.codes.iter().all(|code| wanted.codes.contains(code))
            }
            (found, wanted) => found == wanted,
        }
    }

    /// The type that holds values of both, if there is one.
    pub(crate) fn common(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Unknown, kind) | (kind, Type::Unknown) => Some(kind.clone()),
            (Type::List(left), Type::List(right)) => left.common(right).map(Type::list),
            (Type::Record(left), Type::Record(right)) => {
                let shared = left.iter().filter_map(|(name, kind)| {
                    Some((name.as_str(), kind.common(right.get(name)?)?))
                });
                Some(Type::record(shared))
            }
            (left, right) if left.fits(right) => Some(right.clone()),
            (left, right) if right.fits(left) => Some(left.clone()),
            (left, right) if left.is_text() && right.is_text() => Some(Type::Text),
            _ => None,
        }
    }

    /// The type of a part, or a message naming what is wrong.
    pub(crate) fn part(&self, name: &str) -> Result<Type, String> {
        match self {
            Type::Unknown => Ok(Type::Unknown),
            Type::Record(parts) => parts.get(name).cloned().ok_or_else(|| {
                let hint = did_you_mean(name, parts.keys().map(String::as_str));
                format!("Không có phần “{name}” ở đây.{hint}")
            }),
            other => Err(format!("“{name}”: {other} không có phần nào bên trong.")),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown => formatter.write_str("chưa rõ"),
            Type::Bool => formatter.write_str("đúng/sai"),
            Type::Int => formatter.write_str("số nguyên"),
            Type::Text => formatter.write_str("chữ"),
            Type::Choice(_) => formatter.write_str("lựa chọn"),
            Type::Date => formatter.write_str("ngày"),
            Type::PartialDate => formatter.write_str("ngày, tháng hoặc năm"),
            Type::List(item) => write!(formatter, "danh sách ({item})"),
            Type::Record(_) => formatter.write_str("nhóm thông tin"),
        }
    }
}

/// The names that an expression may use, with their types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    names: BTreeMap<String, Type>,
}

impl Scope {
    /// No names.
    pub fn new() -> Self {
        Scope::default()
    }

    /// The same scope with one more name.
    #[must_use]
    pub fn with(mut self, name: &str, kind: Type) -> Self {
        self.insert(name, kind);
        self
    }

    /// Adds a name; a later one hides an earlier one.
    pub fn insert(&mut self, name: &str, kind: Type) {
        self.names.insert(name.to_owned(), kind);
    }

    /// The type of a name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.names.get(name)
    }

    /// The type of a path, or a message naming what is wrong.
    pub(crate) fn resolve(&self, path: &Path) -> Result<Type, String> {
        let Some(root) = self.names.get(path.root()) else {
            let hint = did_you_mean(path.root(), self.names.keys().map(String::as_str));
            return Err(format!("Không có tên “{}” ở đây.{hint}", path.root()));
        };
        path.rest().iter().try_fold(root.clone(), |kind, name| kind.part(name))
    }
}
