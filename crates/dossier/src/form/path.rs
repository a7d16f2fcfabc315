//! Where in the answers we are: `mother.birth_date`, `witnesses.0.name`.

use std::fmt;

/// A place in the answers, kept as a chain of borrowed segments so that a form without problems
/// allocates nothing for it.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// A field of the form.
    Field(&'a str),
    /// A named part below a place.
    Part(&'a Path<'a>, &'a str),
    /// A row below a place, counted from 0.
    Row(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The part `name` of this place.
    pub(crate) fn part(&'a self, name: &'a str) -> Path<'a> {
        Path::Part(self, name)
    }

    /// The row `index` of this place.
    pub(crate) fn row(&'a self, index: usize) -> Path<'a> {
        Path::Row(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Field(name) => out.write_str(name),
            Path::Part(parent, name) => write!(out, "{parent}.{name}"),
            Path::Row(parent, index) => write!(out, "{parent}.{index}"),
        }
    }
}
