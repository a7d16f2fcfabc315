//! A place of the form while it is read: its path for links, its name for sentences.

use super::path::Path;
use super::words::Name;

/// Where we are.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) path: Path<'a>,
    pub(crate) name: Name<'a>,
}

impl<'a> Spot<'a> {
    /// A field of the form.
    pub(crate) fn field(id: &'a str, label: &'a str) -> Spot<'a> {
        Spot { path: Path::Field(id), name: Name::Label(label) }
    }

    /// A part of this place.
    pub(crate) fn part(&'a self, key: &'a str, label: &'a str) -> Spot<'a> {
        Spot { path: self.path.part(key), name: Name::PartOf(label, &self.name) }
    }

    /// A row of this place, counted from 0.
    pub(crate) fn row(&'a self, index: usize, row_name: &'a str) -> Spot<'a> {
        Spot { path: self.path.row(index), name: Name::Row(row_name, index.saturating_add(1)) }
    }
}
