//! Handlers of pages: extract, ask a use case, fill a page.

pub(crate) mod account;
pub(crate) mod asked;
pub(crate) mod audit;
pub(crate) mod describe;
pub(crate) mod dossier;
pub(crate) mod fields;
pub(crate) mod filing;
pub(crate) mod law;
pub(crate) mod portal;
pub(crate) mod register;
pub(crate) mod verify;
pub(crate) mod views;
pub(crate) mod workbench;
