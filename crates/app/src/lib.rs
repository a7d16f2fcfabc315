#![doc = include_str!("../README.md")]

pub mod accounts;
mod approval;
pub mod audit;
mod context;
pub mod documents;
pub mod dossiers;
pub mod drafts;
mod facts;
mod idempotency;
pub mod jobs;
mod keys;
pub mod law;
mod paper_data;
mod population;
pub mod privacy;
pub mod procedures;
pub mod registers;
mod remembered;
mod sample_papers;
pub mod settings;
pub mod setup;
pub mod verification;
pub mod witness;

pub use context::{App, AppParts};
pub use sample_papers::{SamplePaper, sample_papers};
pub use settings::Settings;
