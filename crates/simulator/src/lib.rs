#![doc = include_str!("../README.md")]

mod demo;
mod faults;
mod generate;
mod journal;
mod population;
mod random;
mod residents;
mod state;

pub use demo::{DemoResidents, FixedResident, NameParts, Place, Weighted};
pub use faults::Faults;
pub use population::{Population, Question};
