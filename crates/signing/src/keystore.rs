//! Secrets at rest: sealed under a master key that lies outside the database.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};

/// First byte of everything sealed; another number will mean another layout.
const LAYOUT: u8 = 1;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;
const KEY_BYTES: usize = 32;

/// The key that all secrets of the program are sealed under, and the older ones that it replaced.
///
/// Sealing is AES-256-GCM-SIV (RFC 8452), which stays safe should a nonce ever repeat. What is
/// sealed reads `layout (1) | key id (4) | nonce (12) | ciphertext and tag`: the key id tells which
/// key opens it, so that a master key can be changed while old rows wait to be sealed anew.
pub struct MasterKey {
    current: Key,
    older: Vec<Key>,
}

struct Key {
    id: [u8; KEY_ID_BYTES],
    cipher: Aes256GcmSiv,
    derivation: Hmac<Sha256>,
}

impl MasterKey {
    /// From 32 secret bytes.
    pub fn from_bytes(secret: &[u8; KEY_BYTES]) -> Result<MasterKey> {
        let derivation = <Hmac<Sha256> as Mac>::new_from_slice(secret).map_err(Error::internal)?;
        let digest = Sha256::new().chain_update(b"tuphap master key id\0").chain_update(secret);
        let mut id = [0; KEY_ID_BYTES];
        id.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
        let cipher = Aes256GcmSiv::new(secret.into());
        Ok(MasterKey { current: Key { id, cipher, derivation }, older: Vec::new() })
    }

    /// From 64 hexadecimal digits, as in an environment variable.
    pub fn from_hex(text: &str) -> Result<MasterKey> {
        let digits: Option<Vec<u8>> = text
            .trim()
            .chars()
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect();
        let digits = digits
            .filter(|digits| digits.len() == 2 * KEY_BYTES)
            .ok_or_else(|| Error::internal("the master key must be 64 hexadecimal digits"))?;
        let mut secret = [0; KEY_BYTES];
        for (byte, pair) in secret.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |sum, digit| sum << 4 | digit);
        }
        let key = MasterKey::from_bytes(&secret);
        secret.fill(0);
        key
    }

    /// From a file of exactly 32 bytes that only its owner may read (mode 0600 or 0400).
    pub fn from_file(path: &Path) -> Result<MasterKey> {
        let failed = |cause: std::io::Error| {
            Error::internal(format!("master key file {}: {cause}", path.display()))
        };
        let mut file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::internal(format!(
                "master key file {} may be read by others (mode {:03o}): chmod 600",
                path.display(),
                mode & 0o777
            )));
        }
        let mut secret = [0; KEY_BYTES];
        file.read_exact(&mut secret).map_err(failed)?;
        let more = file.read(&mut [0]).map_err(failed)?;
        if more != 0 {
            return Err(Error::internal(format!(
                "master key file {} must hold exactly {KEY_BYTES} bytes",
                path.display()
            )));
        }
        let key = MasterKey::from_bytes(&secret);
        secret.fill(0);
        key
    }

    /// Makes a new random key and writes it to a file that must not be there yet.
    pub fn create_file(path: &Path) -> Result<MasterKey> {
        let failed = |cause: std::io::Error| {
            Error::internal(format!("master key file {}: {cause}", path.display()))
        };
        let mut secret: [u8; KEY_BYTES] = random()?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file.write_all(&secret).and_then(|()| file.sync_all()).map_err(failed)?;
        let key = MasterKey::from_bytes(&secret);
        secret.fill(0);
        key
    }

    /// A key that also opens what an older key sealed; new secrets are sealed under `self`.
    #[must_use]
    pub fn with_older(mut self, older: MasterKey) -> MasterKey {
        self.older.push(older.current);
        self.older.extend(older.older);
        self
    }

    /// Seals a secret for one place, named by `place` (`table.column.record`): moved to another
    /// place it does not open.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let payload = Payload { msg: secret, aad: &associated_data(&self.current.id, place) };
        let sealed = self
            .current
            .cipher
            .encrypt(Nonce::from_slice(&nonce), payload)
            .map_err(|_| Error::internal("sealing failed: the secret is too long"))?;
        let mut bytes = Vec::with_capacity(1 + KEY_ID_BYTES + NONCE_BYTES + sealed.len());
        bytes.push(LAYOUT);
        bytes.extend(self.current.id);
        bytes.extend(nonce);
        bytes.extend(sealed);
        Ok(bytes)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let malformed = || Error::internal(format!("{place} is not a sealed secret"));
        let (&layout, rest) = sealed.split_first().ok_or_else(malformed)?;
        if layout != LAYOUT {
            return Err(malformed());
        }
        let (id, rest) = rest.split_first_chunk::<KEY_ID_BYTES>().ok_or_else(malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(malformed)?;
        let key = std::iter::once(&self.current).chain(&self.older).find(|key| key.id == *id);
        let key = key.ok_or_else(|| {
            Error::internal(format!("{place} is sealed under a master key that is not here"))
        })?;
        let payload = Payload { msg: ciphertext, aad: &associated_data(id, place) };
        key.cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| {
            Error::internal(format!("{place} does not open: changed, or moved from another place"))
        })
    }

    /// Is this sealed under the current key? If not, it waits to be sealed anew.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.get(1..1 + KEY_ID_BYTES) == Some(&self.current.id[..])
    }

    /// A key of its own for one purpose (cookies, blind indexes), by HMAC-SHA-256 from the current
    /// master key. It changes with the master key.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut derivation = self.current.derivation.clone();
        derivation.update(purpose.as_bytes());
        derivation.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The layout and key id are bound in, so that neither can be swapped.
fn associated_data(id: &[u8; KEY_ID_BYTES], place: &str) -> Vec<u8> {
    let mut data = Vec::with_capacity(1 + KEY_ID_BYTES + place.len());
    data.push(LAYOUT);
    data.extend(id);
    data.extend(place.as_bytes());
    data
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::getrandom(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> MasterKey {
        MasterKey::from_bytes(&[byte; 32]).unwrap()
    }

    fn temporary(name: &str) -> std::path::PathBuf {
        let unique = u64::from_le_bytes(random().unwrap());
        std::env::temp_dir().join(format!("{name}-{unique:x}"))
    }

    #[test]
    fn what_is_sealed_opens_only_at_its_place() {
        let master = key(1);
        let sealed = master.seal("account.totp.7", b"secret").unwrap();
        assert_eq!(master.open("account.totp.7", &sealed).unwrap(), b"secret");
        assert!(master.open("account.totp.8", &sealed).is_err());
    }

    #[test]
    fn one_changed_bit_anywhere_keeps_it_shut() {
        let master = key(1);
        let sealed = master.seal("a.b.1", b"secret").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(master.open("a.b.1", &changed).is_err(), "byte {index}");
        }
        for length in 0..sealed.len() {
            assert!(master.open("a.b.1", &sealed[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn the_same_secret_sealed_twice_looks_different() {
        let master = key(1);
        assert_ne!(master.seal("a", b"x").unwrap(), master.seal("a", b"x").unwrap());
    }

    #[test]
    fn after_a_change_of_key_old_secrets_open_and_new_ones_use_the_new_key() {
        let old = key(1).seal("a", b"old").unwrap();
        let master = key(2).with_older(key(1));
        assert_eq!(master.open("a", &old).unwrap(), b"old");
        assert!(!master.is_current(&old));
        let new = master.seal("a", b"new").unwrap();
        assert!(master.is_current(&new));
        assert!(key(1).open("a", &new).is_err());
        assert_eq!(key(2).open("a", &new).unwrap(), b"new");
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let path = temporary("open");
        std::fs::write(&path, [7; 32]).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = MasterKey::from_file(&path).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_new_key_file_is_for_the_owner_alone_and_never_overwrites() {
        let path = temporary("new");
        let made = MasterKey::create_file(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = MasterKey::from_file(&path).unwrap();
        assert_eq!(read.open("a", &made.seal("a", b"x").unwrap()).unwrap(), b"x");
        assert!(MasterKey::create_file(&path).is_err());
        std::fs::write(&path, [7; 33]).unwrap();
        assert!(MasterKey::from_file(&path).is_err(), "33 bytes");
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn hexadecimal_and_bytes_give_the_same_key() {
        let master = MasterKey::from_hex(&format!(" {}\n", "0a".repeat(32))).unwrap();
        assert_eq!(key(10).open("a", &master.seal("a", b"x").unwrap()).unwrap(), b"x");
        for wrong in ["", "0a", &"0g".repeat(32), &"0a".repeat(33)] {
            assert!(MasterKey::from_hex(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        assert_ne!(key(1).derive("cookie"), key(1).derive("index"));
        assert_ne!(key(1).derive("cookie"), key(2).derive("cookie"));
        assert_eq!(key(1).derive("cookie"), key(1).derive("cookie"));
    }

    #[test]
    fn the_key_is_not_shown_in_a_log() {
        assert_eq!(format!("{:?}", key(9)), "MasterKey(…)");
    }
}
