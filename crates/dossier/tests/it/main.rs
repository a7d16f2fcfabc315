//! The rules of dossiers, tried on a small invented content pack in `tests/sample`. Nobody named in
//! these tests is real.

mod checks_and_fees;
mod explaining;
mod form_answers;
mod form_faults;
mod form_views;
mod invariants;
mod register_entries;
mod sample;
mod workflow;
