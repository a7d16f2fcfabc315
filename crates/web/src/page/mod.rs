//! The pages: one struct a page, filled by a handler, shown by an askama template.
//!
//! A page struct holds plain owned data: texts as people read them, addresses, flags. It knows
//! nothing of HTTP, the database or the domain; a handler turns what a use case answers into it.
//! HTML stands only in `templates/`, and every value is escaped there.

pub mod account;
pub mod api_docs;
pub mod dossier;
pub mod error;
pub mod field;
pub mod filing;
pub mod law;
pub mod parts;
pub mod portal;
pub mod register;
pub mod shell;
pub mod verify;
pub mod workbench;

#[cfg(test)]
mod tests;
