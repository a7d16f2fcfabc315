//! Tests of whole packs: sound, broken, and the house's own.

mod applicant;
mod broken_files;
mod broken_procedures;
mod broken_workflows;
mod common;
mod content;
mod house;
mod properties;
mod province_fees;
