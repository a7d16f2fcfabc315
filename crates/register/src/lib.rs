#![doc = include_str!("../README.md")]

mod amend;
mod create;
mod display;
mod entry;
mod index;
mod matching;
pub mod numbering;
pub mod query;
mod read;
#[cfg(test)]
mod testing;

pub use amend::{Amendment, amend, annotate};
pub use create::{NewEntry, create, validate_fields};
pub use display::{Shown, display, display_value};
pub use entry::{Annotation, EmptyHistory, Entry, Status, Version, Versions};
pub use index::{SUBJECT_KEY, index_keys, lookup_keys, name_fields};
pub use matching::matches;
