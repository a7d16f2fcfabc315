//! Filling a form: one page a question group, files, the check of all answers, sending.

mod answering;
mod files;
mod frame;
mod office;
mod sending;
mod starting;

pub(crate) use answering::{autosave, section, section_sent};
pub(crate) use files::{file, remove_file, upload};
pub(crate) use office::{office, office_sent};
pub(crate) use sending::{check, send};
pub(crate) use starting::{begin, remove, start, start_of};
