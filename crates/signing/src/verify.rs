//! Checking signatures that others made: ECDSA on P-256 and RSA PKCS #1 v1.5, with SHA-2.
//!
//! We sign with P-256 only. RSA is read because nearly all Vietnamese certificates of today are
//! RSA, and people bring documents signed with them. Only public numbers pass through here, so
//! nothing need take constant time and no `rsa` crate (RUSTSEC-2023-0071) is needed.

use der::Decode;
use der::asn1::ObjectIdentifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::elliptic_curve::bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use p256::elliptic_curve::bigint::{Encoding, U4096};
use sha2::{Sha256, Sha384, Sha512};

use crate::asn1::{Element, INTEGER, SEQUENCE};
use crate::certificate::Certificate;

pub(crate) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(crate) const ECDSA_SHA_256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");

/// What came of checking a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// Made by the key of the certificate, over exactly these bytes.
    Valid,
    /// Not made by that key, or over other bytes.
    Invalid,
    /// Made in a way that this program does not know; the text names it.
    Unsupported(String),
}

/// A hash function of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Hash> {
        match oid {
            SHA_256 => Some(Hash::Sha256),
            SHA_384 => Some(Hash::Sha384),
            SHA_512 => Some(Hash::Sha512),
            _ => None,
        }
    }

    /// The hash of all parts, one after the other.
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn run<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            parts.iter().for_each(|part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Hash::Sha256 => run::<Sha256>(parts),
            Hash::Sha384 => run::<Sha384>(parts),
            Hash::Sha512 => run::<Sha512>(parts),
        }
    }

    /// The DER that stands before the hash in a PKCS #1 v1.5 signature (RFC 8017, 9.2, note 1).
    fn pkcs1_prefix(self) -> [u8; 19] {
        let (last, length) = match self {
            Hash::Sha256 => (1, 32),
            Hash::Sha384 => (2, 48),
            Hash::Sha512 => (3, 64),
        };
        let outer = 17 + length;
        [
            0x30, outer, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            last, 0x05, 0x00, 0x04, length,
        ]
    }
}

/// Checks `signature` over `message` with the public key of `signer`. Some signature algorithms do
/// not name the hash; then `hash` (from beside them) does.
pub(crate) fn signature(
    signer: &Certificate,
    algorithm: ObjectIdentifier,
    hash: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> SignatureCheck {
    let (is_rsa, hash) = match algorithm {
        ECDSA_SHA_256 => (false, Some(Hash::Sha256)),
        ECDSA_SHA_384 => (false, Some(Hash::Sha384)),
        ECDSA_SHA_512 => (false, Some(Hash::Sha512)),
        EC_PUBLIC_KEY => (false, hash),
        RSA_SHA_256 => (true, Some(Hash::Sha256)),
        RSA_SHA_384 => (true, Some(Hash::Sha384)),
        RSA_SHA_512 => (true, Some(Hash::Sha512)),
        RSA => (true, hash),
        _ => (false, None),
    };
    let unsupported = || SignatureCheck::Unsupported(algorithm.to_string());
    let Some(hash) = hash else {
        return unsupported();
    };
    let digest = hash.of(&[message]);
    let valid = if is_rsa {
        rsa(signer, hash, &digest, signature)
    } else {
        ecdsa(signer, &digest, signature)
    };
    match valid {
        Some(true) => SignatureCheck::Valid,
        Some(false) => SignatureCheck::Invalid,
        None => unsupported(),
    }
}

/// The P-256 key of a certificate, if that is what it holds.
pub(crate) fn p256_key(certificate: &Certificate) -> Option<p256::ecdsa::VerifyingKey> {
    let key = &certificate.parsed().tbs_certificate.subject_public_key_info;
    if key.algorithm.oid != EC_PUBLIC_KEY {
        return None;
    }
    let curve: ObjectIdentifier = key.algorithm.parameters.as_ref()?.decode_as().ok()?;
    if curve != P_256 {
        return None;
    }
    p256::ecdsa::VerifyingKey::from_sec1_bytes(key.subject_public_key.raw_bytes()).ok()
}

/// `None`: the key is of another kind.
fn ecdsa(signer: &Certificate, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let key = p256_key(signer)?;
    let Ok(signature) = p256::ecdsa::Signature::from_der(signature) else {
        return Some(false);
    };
    Some(key.verify_prehash(digest, &signature).is_ok())
}

/// RSASSA-PKCS1-v1_5 verification (RFC 8017, 8.2.2): the whole expected encoding is built and
/// compared, so nothing is ever parsed out of the signature.
fn rsa(signer: &Certificate, hash: Hash, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let (modulus, exponent) = rsa_key(signer)?;
    if signature.len() != modulus.len() {
        return Some(false);
    }
    let length = modulus.len();
    let number = U4096::from_be_slice(&padded(signature)?);
    let modulus = U4096::from_be_slice(&padded(modulus)?);
    if number >= modulus {
        return Some(false);
    }
    let power = DynResidue::new(&number, DynResidueParams::new(&modulus))
        .pow_bounded_exp(&U4096::from_u64(exponent), u64::BITS as usize)
        .retrieve()
        .to_be_bytes();

    let tail = [&hash.pkcs1_prefix()[..], digest].concat();
    let filling = length.checked_sub(tail.len() + 3)?;
    let mut expected = vec![0, 1];
    expected.resize(2 + filling, 0xFF);
    expected.push(0);
    expected.extend(tail);
    Some(power[..] == padded(&expected)?)
}

/// Modulus (without leading zeros; 2,048 to 4,096 bits) and public exponent.
fn rsa_key(certificate: &Certificate) -> Option<(&[u8], u64)> {
    let key = &certificate.parsed().tbs_certificate.subject_public_key_info;
    if key.algorithm.oid != RSA {
        return None;
    }
    let numbers = Element::first(key.subject_public_key.raw_bytes())?;
    let mut numbers = (numbers.tag == SEQUENCE).then(|| numbers.children())?;
    let mut modulus = numbers.next_if(INTEGER)?.content;
    while let Some((0, rest)) = modulus.split_first() {
        modulus = rest;
    }
    let exponent = u64::from_der(numbers.next_if(INTEGER)?.whole).ok()?;
    // An even modulus is no product of two primes, and the arithmetic above cannot take one.
    let is_odd = modulus.last().is_some_and(|byte| byte % 2 == 1);
    ((256..=512).contains(&modulus.len()) && is_odd).then_some((modulus, exponent))
}

/// Filled up with leading zeros to 4,096 bits.
fn padded(bytes: &[u8]) -> Option<[u8; 512]> {
    let mut all = [0; 512];
    let start = all.len().checked_sub(bytes.len())?;
    all.get_mut(start..)?.copy_from_slice(bytes);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A 2,048-bit key and signatures over "xin chào" made with OpenSSL:
    //   openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=Mau RSA" -days 36500
    //   openssl dgst -sha256 -sign key.pem
    const RSA_CERTIFICATE: &str = include_str!("../tests/data/rsa.pem");
    const RSA_SIGNATURE_256: &[u8] = include_bytes!("../tests/data/rsa-sha256.sig");
    const RSA_SIGNATURE_512: &[u8] = include_bytes!("../tests/data/rsa-sha512.sig");

    #[test]
    fn an_rsa_signature_of_openssl_is_valid() {
        let signer = Certificate::from_pem(RSA_CERTIFICATE).unwrap();
        let message = "xin chào".as_bytes();
        let check = |algorithm, hash, signed| signature(&signer, algorithm, hash, message, signed);
        assert_eq!(check(RSA_SHA_256, None, RSA_SIGNATURE_256), SignatureCheck::Valid);
        assert_eq!(check(RSA, Some(Hash::Sha256), RSA_SIGNATURE_256), SignatureCheck::Valid);
        assert_eq!(check(RSA_SHA_512, None, RSA_SIGNATURE_512), SignatureCheck::Valid);
        assert_eq!(check(RSA_SHA_256, None, RSA_SIGNATURE_512), SignatureCheck::Invalid);
        assert_eq!(
            signature(&signer, RSA_SHA_256, None, b"another text", RSA_SIGNATURE_256),
            SignatureCheck::Invalid
        );
        assert!(signer.is_issued_by(&signer), "self-signed with RSA");
    }

    #[test]
    fn a_changed_rsa_signature_is_invalid() {
        let signer = Certificate::from_pem(RSA_CERTIFICATE).unwrap();
        for index in [0, 1, 100, 255] {
            let mut changed = RSA_SIGNATURE_256.to_vec();
            changed[index] ^= 1;
            let check = signature(&signer, RSA_SHA_256, None, "xin chào".as_bytes(), &changed);
            assert_eq!(check, SignatureCheck::Invalid, "byte {index}");
        }
        for wrong in [&[][..], &[0; 256], &[0xFF; 256], &RSA_SIGNATURE_256[1..]] {
            let check = signature(&signer, RSA_SHA_256, None, "xin chào".as_bytes(), wrong);
            assert_eq!(check, SignatureCheck::Invalid);
        }
    }

    #[test]
    fn an_unknown_algorithm_is_named_not_guessed() {
        let signer = Certificate::from_pem(RSA_CERTIFICATE).unwrap();
        let pss = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
        assert_eq!(
            signature(&signer, pss, None, b"", b""),
            SignatureCheck::Unsupported("1.2.840.113549.1.1.10".to_owned())
        );
        assert!(matches!(
            signature(&signer, ECDSA_SHA_256, None, b"", b""),
            SignatureCheck::Unsupported(_)
        ));
    }
}
