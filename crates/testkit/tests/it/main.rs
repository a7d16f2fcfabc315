//! The stories, the bad input and the laws of the house, through the whole program: router, use
//! cases, rules, both databases, papers, signatures.
#![allow(clippy::indexing_slicing, reason = "an answer without the field fails the test")]

mod all_at_once;
mod bad_input;
mod birth_by_api;
mod birth_by_pages;
mod expected;
mod openapi;
mod other_procedures;
mod outages;
mod sent_twice;
mod signing_in;
