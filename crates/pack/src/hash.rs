//! The name of a version of a procedure: the hash of what it says.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::Procedure;

/// SHA-256 of a procedure's JSON, in 64 hexadecimal digits. The JSON is canonical: fields in the
/// order of the types, maps in the order of their keys, expressions as written.
pub fn hash(procedure: &Procedure) -> String {
    // A procedure is plain data with text keys: writing it cannot fail.
    let json = serde_json::to_vec(procedure).unwrap_or_default();
    let mut hexadecimal = String::with_capacity(64);
    for byte in Sha256::digest(&json) {
        // Writing to a string cannot fail.
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}
