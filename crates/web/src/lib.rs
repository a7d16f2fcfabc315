#![doc = include_str!("../README.md")]

mod api;
mod assets;
mod failure;
mod guard;
mod health;
mod law_review;
mod metrics;
pub mod page;
mod pages;
mod posted;
pub mod routes;
mod state;
mod visit;

pub use routes::router;
pub use state::WebState;
