//! Keys that sign: P-256, each with the certificates that say whose it is.

use kernel::{Error, Result};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::asn1::{Elements, SEQUENCE};
use crate::certificate::{Certificate, hexadecimal};
use crate::keystore::{MasterKey, random};
use crate::verify;

/// A private key with its certificate and the certificates above it, up to the root.
///
/// The key itself is wiped from memory when this is dropped.
#[derive(Clone)]
pub struct SigningKey {
    secret: p256::ecdsa::SigningKey,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

impl SigningKey {
    /// From a key in PKCS #8 DER and its chain, own certificate first.
    pub fn from_pkcs8(der: &[u8], chain: Vec<Certificate>) -> Result<SigningKey> {
        let secret = p256::ecdsa::SigningKey::from_pkcs8_der(der)
            .map_err(|cause| Error::internal(format!("not a P-256 key in PKCS #8: {cause}")))?;
        SigningKey::new(secret, chain)
    }

    pub(crate) fn new(
        secret: p256::ecdsa::SigningKey,
        chain: Vec<Certificate>,
    ) -> Result<SigningKey> {
        let certificate =
            chain.first().cloned().ok_or_else(|| Error::internal("a key without certificate"))?;
        if verify::p256_key(&certificate).as_ref() != Some(secret.verifying_key()) {
            return Err(Error::internal("the certificate is not that of this key"));
        }
        Ok(SigningKey { secret, certificate, chain })
    }

    /// The certificate of this key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Own certificate first, then upwards.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(*self.secret.verifying_key())
    }

    /// ECDSA with SHA-256 as `r || s`, 32 bytes each (the form of WebCrypto and JOSE).
    /// Deterministic (RFC 6979): the same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64]> {
        let signature: p256::ecdsa::Signature =
            self.secret.try_sign(message).map_err(Error::internal)?;
        Ok(signature.to_bytes().into())
    }

    /// The same as a DER sequence (the form of X.509 and CMS).
    pub(crate) fn sign_der(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature: p256::ecdsa::DerSignature =
            self.secret.try_sign(message).map_err(Error::internal)?;
        Ok(signature.as_bytes().to_vec())
    }

    pub(crate) fn secret(&self) -> &p256::ecdsa::SigningKey {
        &self.secret
    }

    /// Key and chain sealed for one place: the only form in which a key is stored.
    pub fn seal(&self, master: &MasterKey, place: &str) -> Result<Vec<u8>> {
        let pkcs8 = self.secret.to_pkcs8_der().map_err(Error::internal)?;
        // DER elements tell their own length, so they can simply stand one after the other.
        let mut all = Vec::with_capacity(4_096);
        all.extend(pkcs8.as_bytes());
        self.chain.iter().for_each(|certificate| all.extend(certificate.der()));
        let sealed = master.seal(place, &all);
        all.fill(0);
        sealed
    }

    /// Opens what [`SigningKey::seal`] sealed.
    pub fn open(master: &MasterKey, place: &str, sealed: &[u8]) -> Result<SigningKey> {
        let mut all = master.open(place, sealed)?;
        let key = SigningKey::from_elements(&all);
        all.fill(0);
        key
    }

    fn from_elements(all: &[u8]) -> Result<SigningKey> {
        let mut elements = Elements::of(all);
        let pkcs8 =
            elements.next_if(SEQUENCE).ok_or_else(|| Error::internal("no key under the seal"))?;
        let chain = elements.map(|element| Certificate::from_der(element.whole));
        SigningKey::from_pkcs8(pkcs8.whole, chain.collect::<Result<_>>()?)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey(of {:?})", self.certificate)
    }
}

/// A new random P-256 key.
pub(crate) fn generate() -> Result<p256::ecdsa::SigningKey> {
    // Almost every 32 random bytes are a valid key; the loop is for the one in 2^32 that is not.
    for _ in 0..8 {
        let bytes: [u8; 32] = random()?;
        if let Ok(key) = p256::ecdsa::SigningKey::from_bytes(&bytes.into()) {
            return Ok(key);
        }
    }
    Err(Error::internal("the random source of the machine does not work"))
}

/// A public key on P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(p256::ecdsa::VerifyingKey);

/// Which key signed: the first 4 bytes of the SHA-256 of the uncompressed point. It helps to find
/// the key and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

/// A public key as JSON Web Key (RFC 7517): `{"kty":"EC","crv":"P-256","x":…,"y":…}`.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Jwk {
    pub kty: String,
    pub crv: String,
    pub x: String,
    pub y: String,
}

impl PublicKey {
    /// The key of a certificate.
    pub fn of(certificate: &Certificate) -> Result<PublicKey> {
        verify::p256_key(certificate)
            .map(PublicKey)
            .ok_or_else(|| Error::internal("the certificate holds no P-256 key"))
    }

    /// Its short name.
    pub fn id(&self) -> KeyId {
        let digest = Sha256::digest(self.0.to_encoded_point(false).as_bytes());
        let mut id = [0; 4];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        KeyId(id)
    }

    /// Is this `r || s` a signature of this key over the message?
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        p256::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }

    /// For WebCrypto's `importKey("jwk", …)`.
    pub fn to_jwk(&self) -> Jwk {
        let point = self.0.to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| {
            bytes.map(|bytes| crate::qr::base64url::encode(bytes)).unwrap_or_default()
        };
        Jwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x: coordinate(point.x()),
            y: coordinate(point.y()),
        }
    }

    /// The reverse; fails on another kind of key or a point that is not on the curve.
    pub fn from_jwk(jwk: &Jwk) -> Result<PublicKey> {
        let wrong = || Error::internal("not a P-256 key as JSON Web Key");
        if jwk.kty != "EC" || jwk.crv != "P-256" {
            return Err(wrong());
        }
        let coordinate = |text: &str| {
            crate::qr::base64url::decode(text).filter(|bytes| bytes.len() == 32).ok_or_else(wrong)
        };
        let point = [vec![4], coordinate(&jwk.x)?, coordinate(&jwk.y)?].concat();
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map(PublicKey).map_err(|_| wrong())
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_sealed_key_opens_as_the_same_key_with_its_chain() {
        let master = MasterKey::from_bytes(&[3; 32]).unwrap();
        let key = testing::officer();
        let sealed = key.seal(&master, "key.secret.1").unwrap();
        let opened = SigningKey::open(&master, "key.secret.1", &sealed).unwrap();
        assert_eq!(opened.chain(), key.chain());
        assert_eq!(opened.sign(b"x").unwrap(), key.sign(b"x").unwrap());
        assert!(SigningKey::open(&master, "key.secret.2", &sealed).is_err());
    }

    #[test]
    fn nothing_of_the_key_or_the_name_is_readable_in_the_sealed_form() {
        let master = MasterKey::from_bytes(&[3; 32]).unwrap();
        let sealed = testing::officer().seal(&master, "key.secret.1").unwrap();
        let name = "Nguyễn".as_bytes();
        assert!(!sealed.windows(name.len()).any(|window| window == name));
    }

    #[test]
    fn a_key_with_the_certificate_of_another_is_refused() {
        let chain = testing::officer().chain().to_vec();
        assert!(SigningKey::new(generate().unwrap(), chain).is_err());
    }

    #[test]
    fn a_signature_holds_for_its_message_and_key_only() {
        let (key, other) = (testing::officer(), testing::officer());
        let signature = key.sign(b"message").unwrap();
        assert!(key.public_key().verifies(b"message", &signature));
        assert!(!key.public_key().verifies(b"massage", &signature));
        assert!(!other.public_key().verifies(b"message", &signature));
        assert_ne!(key.public_key().id(), other.public_key().id());
    }

    #[test]
    fn a_json_web_key_and_back_is_the_same_key() {
        let public = testing::officer().public_key();
        let jwk = public.to_jwk();
        assert_eq!(jwk.x.len(), 43);
        assert_eq!(PublicKey::from_jwk(&jwk).unwrap(), public);
        let swapped = Jwk { x: jwk.y.clone(), y: jwk.x.clone(), ..jwk.clone() };
        assert!(PublicKey::from_jwk(&swapped).is_err(), "not on the curve");
        assert!(PublicKey::from_jwk(&Jwk { kty: "RSA".into(), ..jwk }).is_err());
    }
}
