//! Form fields as pages draw them, and what comes back from them.

mod draw;
mod read;
mod steers;
#[cfg(test)]
mod tests;

pub(crate) use draw::{Drawing, say, source_text};
pub(crate) use read::{patch, without_row};

use pack::model::{Field, Form, Section};
use serde_json::Value as Json;

/// The section in which the field at the head of a path stands: of `mother.number` that of `mother`.
pub(crate) fn section_of<'a>(form: &'a Form, path: &str) -> Option<&'a Section> {
    let root = root_of(path);
    form.sections.iter().find(|section| field_in(section, root).is_some())
}

/// The field of this id in a section.
pub(crate) fn field_in<'a>(section: &'a Section, id: &str) -> Option<&'a Field> {
    section.fields.iter().find(|field| field.id == id)
}

/// The field at the head of a path.
pub(crate) fn root_of(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

/// Nothing was answered: blank, or a list or object of nothing.
pub(crate) fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.iter().all(is_blank),
        Json::Object(parts) => parts.values().all(is_blank),
        Json::Bool(_) | Json::Number(_) => false,
    }
}
