//! Everything that must hold of content beyond its syntax.

use crate::load::Shelf;
use crate::problem::Diagnostics;

pub(crate) fn check(_shelf: &Shelf, _diagnostics: &Diagnostics) {}
