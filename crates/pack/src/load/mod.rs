//! Files to content: reads everything, checks everything, reports everything.

mod calendar;
mod demo;
mod fees;
mod files;
mod form;
mod procedure;
mod reader;
mod register;
mod settings;
mod shared;
mod shelf;
mod toml_file;
mod units;
mod workflow;

pub(crate) use calendar::read_calendar;
pub(crate) use demo::{read_accounts, resident_numbers};
pub(crate) use fees::{ProvinceFee, ProvinceFees, read_fees};
pub(crate) use procedure::read_procedure;
pub(crate) use reader::Reader;
pub(crate) use register::read_register;
pub(crate) use settings::read_settings;
pub use shared::Manifest;
pub(crate) use shared::{
    read_code_list, read_manifest, read_offices, read_roles, read_slips, read_synonyms,
};
pub(crate) use shelf::{Layer, Place, Placed, Shelf};

use crate::check::check;
use crate::content::Content;
use crate::problem::{Diagnostics, PackProblem};
use crate::source::Source;
use files::Files;

/// Reads and checks all packs of a source.
///
/// Packs layer in the order of their `requires`: what a later pack says of the same id, path or
/// code replaces what an earlier one said. Every problem of every file is reported, sorted by
/// place. There is content only when no problem is an error.
pub fn load(source: &Source) -> (Option<Content>, Vec<PackProblem>) {
    let diagnostics = Diagnostics::default();
    let files = Files::sort(source, &diagnostics);
    let shelf = Shelf::read(&files, &diagnostics);
    check(&shelf, &diagnostics);
    let content = shelf.into_content(&files, &diagnostics);
    let problems = diagnostics.into_problems();
    let sound = !problems.iter().any(PackProblem::is_error);
    (sound.then_some(content), problems)
}
