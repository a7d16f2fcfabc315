//! The stories, the bad input and the laws of the house, through the whole program: router, use
//! cases, rules, both databases, papers, signatures.

mod birth_by_api;
mod birth_by_pages;

use testkit as _;
