//! The little of PDF (ISO 32000-1) that signing needs: objects, cross-reference tables, and adding a
//! revision at the end of a file without touching a byte of it.
//!
//! Our own documents come from Typst, which writes classic cross-reference tables and no object
//! streams. Whatever else there is (cross-reference streams, hybrid files, encryption) is refused
//! with an error: a document is signed rightly or not at all.

mod file;
mod object;
mod update;

pub(crate) use file::PdfFile;
pub(crate) use object::{Dictionary, Object, Parser};
pub(crate) use update::Update;

/// Why a file cannot be worked on: a cause for the log.
pub(crate) type Refusal = &'static str;
