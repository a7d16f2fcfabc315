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

/// Is it the same secret? Takes the same time wherever the two differ. An empty one is nobody's.
pub fn is_same_secret(given: &str, secret: &str) -> bool {
    !secret.is_empty() && equal(given.as_bytes(), secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_the_same_as_none() {
        assert!(is_same_secret("abc", "abc"));
        for (given, secret) in [("", ""), ("abc", ""), ("", "abc"), ("abd", "abc"), ("ab", "abc")] {
            assert!(!is_same_secret(given, secret));
        }
    }
}
