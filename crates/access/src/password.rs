//! Password hashes: Argon2id in PHC text form.
//!
//! Hashing takes tens of milliseconds of processor and megabytes of memory on purpose: callers run
//! it on a blocking thread and count attempts first (`lockout`, `rate_limit`).

use argon2::password_hash::{
    Output, PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString,
};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::error::{Error, Result};
use kernel::text::nfc;

use crate::encoding::base32;
use crate::secret;

/// How much work one hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// 19 MiB, 2 passes, 1 lane: the least that OWASP's Password Storage Cheat Sheet recommends for
    /// Argon2id. Larger machines set more.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    /// For tests only: no protection at all.
    pub const FOR_TESTS: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// Makes and checks hashes.
pub struct PasswordHasher {
    cost: Cost,
    argon2: Argon2<'static>,
    /// The hash of a password that nobody has, checked when a login is unknown.
    decoy: String,
}

/// A password to be used once, for whoever gets an account: 80 random bits in letters that are not
/// mistaken for each other, such as `K7QF-2MZA-XW5D-LE3T`.
///
/// # Errors
///
/// `Internal` if the system gives no randomness.
pub fn one_time() -> Result<String> {
    let letters = base32(&secret::random::<10>()?);
    let mut text = String::with_capacity(19);
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            text.push('-');
        }
        text.push(letter);
    }
    Ok(text)
}

/// A hash that no password has: its output is random. Nothing is computed, since only the work of
/// comparing with it matters; that is the work of the cost.
fn decoy(argon2: &Argon2<'_>) -> Result<String> {
    let failed = |error| Error::internal(format!("password hash: {error}"));
    let salt = SaltString::encode_b64(&secret::random::<16>()?).map_err(failed)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: argon2.params().try_into().map_err(failed)?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&secret::random::<32>()?).map_err(failed)?),
    };
    Ok(hash.to_string())
}

/// Outcome of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password.
    Wrong,
    /// It is.
    Right {
        /// The hash was made with another cost: store a new one now that the password is at hand.
        outdated: bool,
    },
}

impl PasswordHasher {
    /// A hasher of this cost.
    ///
    /// # Errors
    ///
    /// `Internal` if Argon2 does not accept the cost or the system gives no randomness.
    pub fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|error| Error::internal(format!("argon2 parameters: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = decoy(&argon2)?;
        Ok(Self { cost, argon2, decoy })
    }

    /// The hash to store, with its own salt and parameters.
    ///
    /// # Errors
    ///
    /// `Internal` if the system gives no randomness or no memory.
    pub fn hash(&self, password: &str) -> Result<String> {
        let failed = |error| Error::internal(format!("password hash: {error}"));
        let salt = SaltString::encode_b64(&secret::random::<16>()?).map_err(failed)?;
        let hash = self.argon2.hash_password(normal(password).as_bytes(), &salt).map_err(failed)?;
        Ok(hash.to_string())
    }

    /// Is this the password of the stored hash? The stored parameters count. A hash that cannot be
    /// read has no password.
    pub fn verify(&self, password: &str, stored: &str) -> Verdict {
        let Ok(hash) = PasswordHash::new(stored) else {
            return self.verify_nobody(password);
        };
        match self.argon2.verify_password(normal(password).as_bytes(), &hash) {
            Ok(()) => Verdict::Right { outdated: !self.is_current(&hash) },
            Err(_) => Verdict::Wrong,
        }
    }

    /// Takes as long as [`Self::verify`] and answers `Wrong`. For logins that do not exist, so that
    /// the time does not tell which ones do.
    pub fn verify_nobody(&self, password: &str) -> Verdict {
        if let Ok(decoy) = PasswordHash::new(&self.decoy) {
            let _ = self.argon2.verify_password(normal(password).as_bytes(), &decoy);
        }
        Verdict::Wrong
    }

    /// Is the password one of these earlier ones? Looks at all of them, whatever it finds.
    pub(crate) fn is_any_of(&self, password: &str, hashes: &[String]) -> bool {
        let mut found = false;
        for hash in hashes {
            found |= self.verify(password, hash) != Verdict::Wrong;
        }
        found
    }

    fn is_current(&self, hash: &PasswordHash<'_>) -> bool {
        let same_algorithm = hash.algorithm == Algorithm::Argon2id.ident();
        same_algorithm
            && Params::try_from(hash).is_ok_and(|params| {
                params.m_cost() == self.cost.memory_kib
                    && params.t_cost() == self.cost.passes
                    && params.p_cost() == self.cost.lanes
            })
    }
}

/// One spelling for what looks the same: keyboards write "ế" in one, two or three code points.
fn normal(password: &str) -> String {
    nfc(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher() -> PasswordHasher {
        PasswordHasher::new(Cost::FOR_TESTS).unwrap()
    }

    #[test]
    fn only_the_password_itself_is_right() {
        let hasher = hasher();
        let stored = hasher.hash("Mùa lúa chín 2026!").unwrap();
        assert_eq!(
            hasher.verify("Mùa lúa chín 2026!", &stored),
            Verdict::Right { outdated: false }
        );
        for wrong in ["", "mùa lúa chín 2026!", "Mùa lúa chín 2026! ", "Mua lua chin 2026!"] {
            assert_eq!(hasher.verify(wrong, &stored), Verdict::Wrong);
        }
    }

    #[test]
    fn a_one_time_password_is_readable_and_new_each_time() {
        let (one, other) = (one_time().unwrap(), one_time().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert!(one.split('-').all(|group| group.len() == 4), "{one}");
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        let hasher = hasher();
        assert_ne!(hasher.hash("giống nhau").unwrap(), hasher.hash("giống nhau").unwrap());
    }

    #[test]
    fn a_password_is_the_same_however_the_keyboard_composes_its_letters() {
        let hasher = hasher();
        let stored = hasher.hash("Vi\u{1ec7}t").unwrap();
        assert_ne!(hasher.verify("Vie\u{323}\u{302}t", &stored), Verdict::Wrong);
    }

    #[test]
    fn a_hash_of_another_cost_still_counts_and_asks_to_be_renewed() {
        let old = PasswordHasher::new(Cost { passes: 2, ..Cost::FOR_TESTS }).unwrap();
        let stored = old.hash("mật khẩu cũ").unwrap();
        assert_eq!(hasher().verify("mật khẩu cũ", &stored), Verdict::Right { outdated: true });
    }

    #[test]
    fn a_damaged_hash_opens_to_nobody() {
        for damaged in ["", "$argon2id$", "plain", "$2b$12$abcdefghijklmnopqrstuv"] {
            assert_eq!(hasher().verify("", damaged), Verdict::Wrong);
        }
    }

    #[test]
    fn an_unknown_login_does_the_same_work_as_a_wrong_password() {
        let hasher = hasher();
        // The decoy has the same parameters as every stored hash, so the work is the same.
        let decoy = PasswordHash::new(&hasher.decoy).unwrap();
        assert!(hasher.is_current(&decoy));
        assert_eq!(hasher.verify_nobody("bất kỳ"), Verdict::Wrong);
    }

    #[test]
    fn the_hash_says_argon2id_with_its_parameters() {
        let hasher = PasswordHasher::new(Cost::STANDARD).unwrap();
        assert!(hasher.decoy.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}
