//! Timestamps (RFC 3161): a third party's word that a signature was there at a time.

mod authority;
mod http;

use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::{Encode, Sequence};
use kernel::{Error, Moment, Result};
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::spki::AlgorithmIdentifierOwned;

pub use self::authority::{LocalTimestamps, answer};
pub use self::http::HttpTimestamps;
use crate::asn1::{Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE};
use crate::certificate::Certificate;
use crate::cms::{self, Signed, oid, sequence};
use crate::verify::{Hash, SHA_256, SignatureCheck};

/// id-ct-TSTInfo: the content of a timestamp token.
const TIMESTAMP_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Where timestamps come from.
pub trait TimestampSource: Send + Sync {
    /// A timestamp token (a DER ContentInfo) over a SHA-256 hash.
    fn timestamp(&self, sha256: &[u8; 32]) -> Result<Vec<u8>>;
}

/// What a token says, once it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Moment,
    /// Who says so.
    pub authority: Certificate,
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
}

impl Stamp {
    /// Reads and checks a token over `data`: its signature, that its key may stamp time, and that
    /// it is about this data. Whether its authority is trusted is for the caller to say.
    /// The error is a cause for the log.
    pub fn read(token: &[u8], data: &[u8]) -> Result<Stamp, &'static str> {
        let signed = Signed::read(token).ok_or("unreadable timestamp token")?;
        let content = signed.inside.ok_or("a timestamp token without content")?;
        if signed.content_type != TIMESTAMP_INFO {
            return Err("not a timestamp token");
        }
        let info = Info::read(content).ok_or("unreadable timestamp")?;
        let hash = info.hash.ok_or("a timestamp with an unknown hash")?;
        if info.digest != hash.of(&[data]) {
            return Err("the timestamp is about something else");
        }
        let checked = signed.check(|hash| hash.of(&[content]));
        if !checked.digest_matches || checked.signature != SignatureCheck::Valid {
            return Err("the signature of the timestamp does not hold");
        }
        let authority = signed.signer.ok_or("a timestamp without certificate")?;
        if !may_stamp_time(&authority) || !authority.is_valid_at(info.at) {
            return Err("the key of the timestamp may not stamp time");
        }
        Ok(Stamp { at: info.at, authority, certificates: signed.certificates })
    }
}

fn may_stamp_time(certificate: &Certificate) -> bool {
    let usage = certificate.parsed().tbs_certificate.get::<ExtendedKeyUsage>();
    matches!(usage, Ok(Some((_, usage))) if usage.0.contains(&TIME_STAMPING))
}

/// The parts of TSTInfo that we use.
struct Info<'a> {
    hash: Option<Hash>,
    digest: &'a [u8],
    at: Moment,
    nonce: Option<&'a [u8]>,
}

impl<'a> Info<'a> {
    fn read(bytes: &'a [u8]) -> Option<Info<'a>> {
        let mut info = sequence(Element::first(bytes)?)?;
        info.next_if(INTEGER)?;
        info.next_if(OID)?;
        let mut imprint = sequence(info.next_if(SEQUENCE)?)?;
        let hash = Hash::from_oid(oid(sequence(imprint.next_if(SEQUENCE)?)?.next_if(OID)?)?);
        let digest = imprint.next_if(OCTET_STRING)?.content;
        info.next_if(INTEGER)?;
        let at = generalized_time(info.next_if(GENERALIZED_TIME)?.content)?;
        let nonce = info.find(|element| element.tag == INTEGER).map(|element| element.content);
        Some(Info { hash, digest, at, nonce })
    }
}

/// `YYYYMMDDhhmmss[.fraction]Z`; the fraction is dropped.
fn generalized_time(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let digits = text.split('.').next()?;
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        digits.get(0..4)?,
        digits.get(4..6)?,
        digits.get(6..8)?,
        digits.get(8..10)?,
        digits.get(10..12)?,
        digits.get(12..14)?
    );
    iso.parse().ok()
}

#[derive(Sequence)]
struct Request {
    version: u8,
    imprint: Imprint,
    nonce: Option<Int>,
    certificates: bool,
}

#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

impl Imprint {
    fn new(sha256: &[u8; 32]) -> Result<Imprint> {
        Ok(Imprint { algorithm: cms::algorithm(SHA_256), digest: cms::octets(sha256)? })
    }
}

/// A TimeStampReq that asks for the certificates of the authority.
fn request(sha256: &[u8; 32], nonce: [u8; 8]) -> Result<Vec<u8>> {
    // A nonce between 2^62 and 2^63: positive, and of one length, as DER.
    let mut nonce = nonce;
    nonce[0] = nonce[0] & 0x7F | 0x40;
    let nonce = Int::new(&nonce).map_err(Error::internal)?;
    Request { version: 1, imprint: Imprint::new(sha256)?, nonce: Some(nonce), certificates: true }
        .to_der()
        .map_err(Error::internal)
}

/// The token in a TimeStampResp, if the authority granted it and it answers this request.
fn token_in(response: &[u8], request: &[u8]) -> Option<Vec<u8>> {
    let mut response = sequence(Element::first(response)?)?;
    let status = sequence(response.next_if(SEQUENCE)?)?.next_if(INTEGER)?;
    // 0 granted, 1 granted with modifications (RFC 3161, 2.4.2).
    if !matches!(status.content, [0 | 1]) {
        return None;
    }
    let token = response.next_if(SEQUENCE)?.whole;
    let signed = Signed::read(token)?;
    let info = Info::read(signed.inside?)?;
    let (digest, nonce) = asked(request)?;
    (info.hash == Some(Hash::Sha256) && info.digest == digest && info.nonce == nonce)
        .then(|| token.to_vec())
}

/// Digest and nonce of a request.
fn asked(request: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut request = sequence(Element::first(request)?)?;
    request.next_if(INTEGER)?;
    let mut imprint = sequence(request.next_if(SEQUENCE)?)?;
    let algorithm = oid(sequence(imprint.next_if(SEQUENCE)?)?.next_if(OID)?)?;
    let digest = imprint.next_if(OCTET_STRING)?.content;
    request.next_if(OID);
    let nonce = request.next_if(INTEGER).map(|nonce| nonce.content);
    (algorithm == SHA_256 && digest.len() == 32).then_some((digest, nonce))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::testing;

    fn stamped(data: &[u8]) -> Vec<u8> {
        let request = request(&Sha256::digest(data).into(), [7; 8]).unwrap();
        let response = answer(&request, &testing::timestamper(), testing::now(), 1).unwrap();
        token_in(&response, &request).unwrap()
    }

    #[test]
    fn a_token_tells_when_its_data_was_there() {
        let token = stamped(b"data");
        let stamp = Stamp::read(&token, b"data").unwrap();
        assert_eq!(stamp.at, testing::now());
        assert_eq!(stamp.authority.common_name(), "Dấu thời gian thử nghiệm");
        assert!(Stamp::read(&token, b"date").is_err());
    }

    #[test]
    fn a_token_from_a_key_that_may_not_stamp_time_is_refused() {
        let request = request(&Sha256::digest(b"data").into(), [7; 8]).unwrap();
        let response = answer(&request, &testing::officer(), testing::now(), 1).unwrap();
        let token = token_in(&response, &request).unwrap();
        assert!(Stamp::read(&token, b"data").is_err());
    }

    #[test]
    fn an_answer_to_another_request_is_refused() {
        let (tsa, data) = (testing::timestamper(), Sha256::digest(b"data").into());
        let asked = request(&data, [7; 8]).unwrap();
        let response = answer(&asked, &tsa, testing::now(), 1).unwrap();
        assert!(token_in(&response, &asked).is_some());
        assert!(token_in(&response, &request(&data, [8; 8]).unwrap()).is_none(), "nonce");
        let other = request(&Sha256::digest(b"date").into(), [7; 8]).unwrap();
        assert!(token_in(&response, &other).is_none(), "digest");
    }

    #[test]
    fn times_with_and_without_fractions_are_read() {
        let moment = generalized_time(b"20261105083000Z").unwrap();
        assert_eq!(moment, testing::now());
        assert_eq!(generalized_time(b"20261105083000.25Z").unwrap(), moment);
        for wrong in [&b"20261105083000"[..], b"20261305083000Z", b"2611050830Z", b"", b"\xFF"] {
            assert!(generalized_time(wrong).is_none());
        }
    }
}
