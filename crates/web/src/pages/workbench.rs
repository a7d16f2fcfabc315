//! The officers' worklist and dossiers.

mod action;
mod compare;
mod csv;
mod dossier;
mod entry;
mod export;
mod listing;
mod worklist;

pub(crate) use action::{action, action_sent};
pub(crate) use csv::{csv_file, csv_line};
pub(crate) use dossier::dossier;
pub(crate) use export::export;
pub(crate) use worklist::worklist;
