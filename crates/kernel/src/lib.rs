#![doc = include_str!("../README.md")]

pub mod calendar;
pub mod clock;
pub mod error;
pub mod format;
pub mod id;
pub mod moment;
pub mod money;
pub mod paragraph;
pub mod partial_date;
pub mod person_number;
pub mod problem;
pub mod text;
pub mod unit;

pub use error::{Error, ErrorCode, Result};
pub use moment::Moment;
pub use problem::{Problem, Problems, Severity};
