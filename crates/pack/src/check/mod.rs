//! Everything that must hold of content beyond the shape of its files.

mod fees;
mod form;
mod outcome;
mod procedure;
mod shared;
mod subject;
mod versions;
mod workflow;
mod workflow_clock;

use crate::load::Shelf;
use crate::problem::Diagnostics;

pub(crate) fn check(shelf: &Shelf, diagnostics: &Diagnostics) {
    shared::check_shared(shelf, diagnostics);
    versions::check_versions(shelf, diagnostics);
    fees::check_fees(shelf, diagnostics);
    for placed in &shelf.procedures {
        procedure::check_procedure(shelf, diagnostics, placed);
    }
}
