#![doc = include_str!("../README.md")]

mod child;
mod error;
mod event;
mod not_connected;
mod person;
mod population;

pub use child::ChildIdentity;
pub use error::ExchangeError;
pub use event::{PopulationEvent, PopulationEventKind, Registration};
pub use not_connected::NotConnected;
pub use person::{Address, MaritalStatus, PersonRecord, Relative};
pub use population::{ExchangePurpose, PopulationDatabase};
