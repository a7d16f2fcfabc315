//! The JSON API: the same use cases, tokens with scopes, problem+json, cursors, idempotency keys.

pub(crate) mod caller;
pub(crate) mod docs;
pub(crate) mod dossiers;
pub(crate) mod files;
pub(crate) mod law;
pub(crate) mod openapi;
pub(crate) mod procedures;
pub(crate) mod registers;
pub(crate) mod tokens;
pub(crate) mod verifications;
