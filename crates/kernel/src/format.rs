//! How things are written for people. Vietnamese first; other languages would be sister modules.

pub mod vi;
mod words;
