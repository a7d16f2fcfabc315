//! Tests of whole packs: sound, broken, and the house's own.

mod broken;
mod common;
mod content;
mod house;
