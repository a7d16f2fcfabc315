#![doc = include_str!("../README.md")]

mod check;
pub mod content;
pub mod demo;
pub mod expr;
pub mod facts;
mod hash;
mod load;
pub mod model;
mod nearest;
mod order;
mod problem;
mod schema;
mod scope;
mod search;
pub mod settings;
pub mod source;
#[cfg(test)]
mod tests;
mod walk;

pub use content::Content;
pub use facts::{Facts, Row};
pub use hash::hash;
pub use load::load;
pub use order::row_evaluation_order;
pub use problem::PackProblem;
pub use schema::json_schema;
pub use settings::Settings;
pub use source::Source;
