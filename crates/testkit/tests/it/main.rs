//! The stories, the bad input and the laws of the house, through the whole program: router, use
//! cases, rules, both databases, papers, signatures.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fault here is to stop the test at once"
)]

mod access_walk;
mod all_at_once;
mod bad_input;
mod birth_by_api;
mod birth_by_pages;
mod drafts;
mod expected;
mod headers;
mod house_keeping;
mod law_import;
mod law_pages;
mod law_review;
mod new_law;
mod openapi;
mod other_procedures;
mod outages;
mod own_account;
mod pages;
mod sent_twice;
mod signing_in;
mod slips;
mod world;
