//! Signatures in PDF documents: PAdES baseline B-B and, with a source of time, B-T
//! (ETSI EN 319 142-1).

mod inspect;
mod sign;

pub use inspect::{Coverage, Signature, Standing, Trust, inspect, standings};
pub use crate::verify::SignatureCheck;
pub use sign::{SignRequest, sign};
