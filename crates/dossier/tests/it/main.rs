//! The rules of dossiers, tried on a small invented content pack in `tests/sample`. Nobody named in
//! these tests is real.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "helpers of tests fail a test by panicking and take what reads well"
)]

mod checks_and_fees;
mod consequences;
mod explaining;
mod form_answers;
mod form_faults;
mod form_views;
mod invariants;
mod register_entries;
mod sample;
mod sending;
mod workflow;
