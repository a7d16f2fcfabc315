//! Which answers other questions of the same page depend on.

use std::collections::BTreeSet;

use pack::expr::{self, Expression, Path};
use pack::model::{Field, FieldKind, Section};

/// Paths that the conditions and computations of one page read.
///
/// Answers that steer only later pages are left out: those pages are drawn anew anyway, and without
/// script each steering answer has a button below it.
pub(crate) struct Steers {
    paths: BTreeSet<Path>,
}

impl Steers {
    /// Those of the fields of a page.
    pub(crate) fn of(section: &Section) -> Self {
        Self::among(&section.fields)
    }

    /// Those of the fields of a row.
    pub(crate) fn in_row(fields: &[Field]) -> Self {
        Self::among(fields)
    }

    fn among(fields: &[Field]) -> Self {
        let inner = fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Group { fields, .. } => Some(fields.iter()),
            _ => None,
        });
        let all = fields.iter().chain(inner.flatten());
        let paths = all.flat_map(expressions).flat_map(expr::references).collect();
        Self { paths }
    }

    /// Does something depend on this field as a whole?
    pub(crate) fn has(&self, field: &str) -> bool {
        self.paths.iter().any(|path| path.root() == field && path.rest().is_empty())
    }

    /// Does something depend on this field or on a part of it?
    pub(crate) fn has_any(&self, field: &str) -> bool {
        self.paths.iter().any(|path| path.root() == field)
    }

    /// Does something depend on this part of a person?
    pub(crate) fn has_part(&self, field: &str, part: &str) -> bool {
        let is_it = |path: &Path| path.rest().first().is_some_and(|name| name.as_ref() == part);
        self.paths.iter().any(|path| path.root() == field && is_it(path))
    }
}

fn expressions(field: &Field) -> impl Iterator<Item = &Expression> {
    field.visible_when.iter().chain(field.compute.iter())
}
