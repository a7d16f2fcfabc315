//! Randomness and comparison for secrets.

use kernel::error::{Error, Result};
use subtle::ConstantTimeEq as _;

/// Bytes that nobody can guess, from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::getrandom(&mut bytes)
        .map_err(|error| Error::internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// Are they equal? Takes the same time wherever they differ.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
