#![doc = include_str!("../README.md")]

pub mod analyser;
pub mod asking;
pub mod candidates;
pub mod features;
pub mod index;
pub mod learning;
pub mod lexicon;
pub mod postings;
pub mod query;
pub mod ranker;
pub mod searcher;
pub mod spelling;
mod stored;
pub mod training;

pub use index::{Field, Index, IndexBuilder, Kept, Passage, Rank};
pub use lexicon::Lexicon;
pub use ranker::Ranker;
pub use searcher::{Hit, Searcher};
