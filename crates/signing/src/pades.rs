//! Signatures in PDF documents: PAdES baseline B-B and, with a source of time, B-T
//! (ETSI EN 319 142-1).

mod inspect;
mod sign;
mod standing;

pub use crate::verify::SignatureCheck;
pub use inspect::{Coverage, Signature, Trust, inspect};
pub use sign::{SignRequest, sign};
pub use standing::{Standing, standings};
