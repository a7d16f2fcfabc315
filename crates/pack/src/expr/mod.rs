//! The expression language of packs: a typed, total subset of CEL.
//!
//! An expression is parsed once, when the pack is loaded; its names are checked against a
//! [`Scope`] and its values come from a [`Lookup`]. Evaluation cannot fail, loop or panic: what
//! cannot be computed is [`Value::Absent`]. The language is described for pack authors in
//! `docs/CONTENT.md`.

mod ast;
mod checker;
mod eval;
mod lexer;
mod parser;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod types;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use ast::Path;
use ast::{Node, NodeKind};
use eval::Undecided;
pub use types::{Choices, Scope, Type};
pub use value::Value;

/// Longest source, in characters.
const MAX_LENGTH: usize = 4_000;
/// Highest tree; keeps every walk within a small stack.
const MAX_HEIGHT: usize = 64;
/// Deepest nesting of `exists` and `all`; keeps the work within the square of the longest list.
const MAX_MACROS: usize = 2;

/// A parsed expression. It is kept, compared and serialised as its source.
#[derive(Clone)]
pub struct Expression {
    source: String,
    root: Node,
}

impl Expression {
    /// The text as the pack's author wrote it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A text constant.
    pub(crate) fn text_literal(text: &str) -> Self {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let kind = NodeKind::Literal(Value::Text(text.to_owned()));
        Expression { source: format!("\"{quoted}\""), root: Node::new(0, kind) }
    }

    /// Stands for an expression whose problem has been reported: fits every type.
    pub(crate) fn invalid(source: &str) -> Self {
        Expression { source: source.to_owned(), root: Node::new(0, NodeKind::Invalid) }
    }

    /// Every path used, in order of appearance, without copying.
    pub(crate) fn for_each_path<'a>(&'a self, visit: &mut dyn FnMut(&'a Path)) {
        self.root.for_each_path(visit);
    }

    /// The text constants that may be its value, with their offsets: the constant itself, or those
    /// in the branches of `? :`.
    pub(crate) fn literal_results(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        let mut waiting = vec![&self.root];
        while let Some(node) = waiting.pop() {
            match &node.kind {
                NodeKind::Literal(value) => {
                    found.extend(value.as_text().map(|text| (node.offset, text)))
                }
                NodeKind::Conditional(_, yes, no) => waiting.extend([no.as_ref(), yes.as_ref()]),
                _ => {}
            }
        }
        found
    }

    /// The text, if the expression is nothing but a text constant.
    pub fn as_text_literal(&self) -> Option<&str> {
        match &self.root.kind {
            NodeKind::Literal(value) => value.as_text(),
            _ => None,
        }
    }
}

/// A fault in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// Byte offset in the source.
    pub offset: usize,
    /// What is wrong, in Vietnamese.
    pub message: String,
}

impl ExprError {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Self {
        ExprError { offset, message: message.into() }
    }
}

/// Where an expression gets its values.
pub trait Lookup {
    /// The value of a path such as `mother.birth_date`; `Absent` when there is none. Blank texts
    /// are given as `Absent`.
    fn value(&self, path: &Path) -> Value;

    /// The label that people read for a code of the choice at `path` (a field, a part of a person,
    /// or `group.field` whatever the row).
    fn label(&self, path: &Path, code: &str) -> Option<String>;

    /// An address in one line, from its `province`, `commune` and `detail`.
    fn address_text(&self, address: &BTreeMap<String, Value>) -> Option<String>;
}

/// Reads an expression.
///
/// # Errors
/// What cannot be read, with offsets.
pub fn parse(source: &str) -> Result<Expression, Vec<ExprError>> {
    let root = parser::parse_tree(source)?;
    Ok(Expression { source: source.to_owned(), root })
}

/// The type of an expression over these names.
///
/// # Errors
/// Every unknown name and every type that does not fit.
pub fn check(expression: &Expression, scope: &Scope) -> Result<Type, Vec<ExprError>> {
    checker::type_of(&expression.root, scope)
}

/// The value of an expression. Comparisons with absent answers are false.
pub fn eval(expression: &Expression, lookup: &dyn Lookup) -> Value {
    eval::value_of(&expression.root, lookup, Undecided::IsFalse)
}

/// Does a condition (`visible_when`, `when`, `required_when`) hold? Absent is no.
pub fn is_true(expression: &Expression, lookup: &dyn Lookup) -> bool {
    eval(expression, lookup).as_bool() == Some(true)
}

/// Does a rule or a check hold? It is broken only when it is false whatever the absent and partial
/// answers turn out to be, so a rule over absent answers holds.
pub fn holds(expression: &Expression, lookup: &dyn Lookup) -> bool {
    let value = eval::value_of(&expression.root, lookup, Undecided::StaysOpen);
    value.as_bool() != Some(false)
}

/// The paths that an expression reads. Variables of `exists` and `all` are not among them, their
/// lists are.
pub fn references(expression: &Expression) -> BTreeSet<Path> {
    let mut paths = BTreeSet::new();
    expression.for_each_path(&mut |path| {
        paths.insert(path.clone());
    });
    paths
}

/// Every function and macro, for those who document them.
#[cfg(test)]
pub(crate) fn function_names() -> impl Iterator<Item = &'static str> {
    ast::Function::names().chain(["exists", "all"])
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Expression({:?})", self.source)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Expression {}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        parse(&source).map_err(|errors| {
            let first = errors.first().map_or("", |error| error.message.as_str());
            de::Error::custom(format!("{source}: {first}"))
        })
    }
}
