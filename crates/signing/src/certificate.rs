//! X.509 certificates: who holds a key, who says so, and until when.

use der::asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Decode, DecodePem, Encode, EncodePem, Tag, Tagged};
use jiff::Timestamp;
use kernel::{Error, Moment, Result};
use sha2::{Digest, Sha256};
use x509_cert::der::asn1::{Any, ObjectIdentifier};
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::asn1::Element;
use crate::verify::{self, SignatureCheck};

pub(crate) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
pub(crate) const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
pub(crate) const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
pub(crate) const LOCALITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
pub(crate) const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
pub(crate) const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
pub(crate) const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");

/// A certificate, kept with the bytes that it came as.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// From DER.
    pub fn from_der(der: &[u8]) -> Result<Certificate> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(not_a_certificate)?;
        Ok(Certificate { der: der.to_vec(), parsed })
    }

    /// From PEM (`-----BEGIN CERTIFICATE-----`), the first one if there are several.
    pub fn from_pem(pem: &str) -> Result<Certificate> {
        let parsed = x509_cert::Certificate::from_pem(pem).map_err(not_a_certificate)?;
        let der = parsed.to_der().map_err(not_a_certificate)?;
        Ok(Certificate { der, parsed })
    }

    pub(crate) fn from_parsed(parsed: x509_cert::Certificate) -> Result<Certificate> {
        let der = parsed.to_der().map_err(Error::internal)?;
        Ok(Certificate { der, parsed })
    }

    /// The bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The text form that other programs read.
    pub fn to_pem(&self) -> Result<String> {
        self.parsed.to_pem(der::pem::LineEnding::LF).map_err(Error::internal)
    }

    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// Whom it is for (CN), or the empty text.
    pub fn common_name(&self) -> String {
        part_of_name(&self.parsed.tbs_certificate.subject, COMMON_NAME)
    }

    /// The organisation of the holder (O), or the empty text.
    pub fn organisation(&self) -> String {
        part_of_name(&self.parsed.tbs_certificate.subject, ORGANISATION)
    }

    /// The office or title of the holder (T), or the empty text.
    pub fn title(&self) -> String {
        part_of_name(&self.parsed.tbs_certificate.subject, TITLE)
    }

    /// Who says so (CN of the issuer), or the empty text.
    pub fn issuer_name(&self) -> String {
        part_of_name(&self.parsed.tbs_certificate.issuer, COMMON_NAME)
    }

    /// First moment at which it holds.
    pub fn valid_from(&self) -> Moment {
        moment_of(&self.parsed.tbs_certificate.validity.not_before)
    }

    /// Last moment at which it holds.
    pub fn valid_until(&self) -> Moment {
        moment_of(&self.parsed.tbs_certificate.validity.not_after)
    }

    /// Does it hold at this moment?
    pub fn is_valid_at(&self, moment: Moment) -> bool {
        (self.valid_from()..=self.valid_until()).contains(&moment)
    }

    /// Serial number in hexadecimal.
    pub fn serial(&self) -> String {
        hexadecimal(self.parsed.tbs_certificate.serial_number.as_bytes())
    }

    /// SHA-256 of the certificate in hexadecimal: tells two certificates apart.
    pub fn fingerprint(&self) -> String {
        hexadecimal(&Sha256::digest(&self.der))
    }

    /// Was it signed by the key of `issuer`, which names itself as its issuer and may issue?
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        let (own, other) = (&self.parsed.tbs_certificate, &issuer.parsed.tbs_certificate);
        own.issuer == other.subject
            && issuer.may_issue()
            && self.signed_part().is_some_and(|signed| {
                let algorithm = self.parsed.signature_algorithm.oid;
                let signature = self.parsed.signature.raw_bytes();
                verify::signature(issuer, algorithm, None, signed, signature)
                    == SignatureCheck::Valid
            })
    }

    /// The issuer of this one among others, if it is there.
    pub fn issuer_among<'a>(&self, others: &'a [Certificate]) -> Option<&'a Certificate> {
        others.iter().find(|other| self.is_issued_by(other))
    }

    /// Does its issuer say that it may itself issue certificates (basicConstraints CA)?
    fn may_issue(&self) -> bool {
        matches!(
            self.parsed.tbs_certificate.get::<BasicConstraints>(),
            Ok(Some((_, constraints))) if constraints.ca
        )
    }

    /// The signed bytes as they came, not encoded anew.
    fn signed_part(&self) -> Option<&[u8]> {
        Element::first(&self.der)?.children().next().map(|element| element.whole)
    }
}

impl std::fmt::Debug for Certificate {
    /// Names of people stay out of logs: the fingerprint tells which it is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}

/// The chain from a certificate upwards, as far as it can be built from `others`, itself first.
pub(crate) fn chain_upwards(leaf: &Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![leaf.clone()];
    // Longer chains do not occur; the limit ends rings of certificates that issue each other.
    while chain.len() < 8 {
        let next = chain.last().and_then(|last| last.issuer_among(others)).cloned();
        match next {
            Some(next) if !chain.contains(&next) => chain.push(next),
            _ => break,
        }
    }
    chain
}

fn not_a_certificate(cause: der::Error) -> Error {
    Error::invalid("Tệp này không phải là chứng thư số (X.509). Vui lòng chọn tệp khác.")
        .because(cause)
}

fn part_of_name(name: &Name, part: ObjectIdentifier) -> String {
    let mut attributes = name.0.iter().flat_map(|relative| relative.0.iter());
    attributes
        .find(|attribute| attribute.oid == part)
        .and_then(|attribute| text_of(&attribute.value))
        .unwrap_or_default()
}

fn text_of(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => Utf8StringRef::try_from(value).ok().map(|text| text.to_string()),
        Tag::PrintableString => PrintableStringRef::try_from(value).ok().map(|t| t.to_string()),
        Tag::Ia5String => Ia5StringRef::try_from(value).ok().map(|text| text.to_string()),
        Tag::TeletexString => TeletexStringRef::try_from(value).ok().map(|t| t.to_string()),
        Tag::BmpString => {
            let units = value.value().chunks_exact(2);
            let units: Vec<u16> =
                units.filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes)).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

fn moment_of(time: &Time) -> Moment {
    moment_of_date_time(time.to_date_time())
}

pub(crate) fn moment_of_date_time(time: der::DateTime) -> Moment {
    let seconds = i64::try_from(time.unix_duration().as_secs()).unwrap_or(i64::MAX);
    Moment::from_micros(seconds.saturating_mul(1_000_000))
}

pub(crate) fn date_time_of(moment: Moment) -> Result<der::DateTime> {
    let timestamp = Timestamp::from_microsecond(moment.micros()).map_err(Error::internal)?;
    let seconds = u64::try_from(timestamp.as_second()).map_err(Error::internal)?;
    der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))
        .map_err(Error::internal)
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, NOW};

    #[test]
    fn a_certificate_tells_who_holds_it_and_who_says_so() {
        let signer = testing::officer();
        let certificate = signer.certificate();
        assert_eq!(certificate.common_name(), "Nguyễn Thị Mẫu");
        assert_eq!(certificate.organisation(), "Ủy ban nhân dân xã Mẫu");
        assert_eq!(certificate.title(), "Phó Chủ tịch");
        assert_eq!(certificate.issuer_name(), "CA cấp chứng thư thử nghiệm");
        assert!(certificate.is_valid_at(testing::now()));
        assert!(!certificate.is_valid_at(testing::now().plus_days(400)));
        assert_eq!(certificate.valid_from().to_string(), NOW);
    }

    #[test]
    fn pem_and_back_is_the_same_certificate() {
        let certificate = testing::officer().certificate().clone();
        let pem = certificate.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
        assert_eq!(Certificate::from_pem(&pem).unwrap(), certificate);
        assert!(Certificate::from_der(&certificate.der()[1..]).is_err());
    }

    #[test]
    fn the_chain_leads_to_the_root_and_only_by_true_signatures() {
        let signer = testing::officer();
        let [leaf, issuing, root] = signer.chain() else { panic!("three certificates") };
        assert!(
            leaf.is_issued_by(issuing) && issuing.is_issued_by(root) && root.is_issued_by(root)
        );
        assert!(!leaf.is_issued_by(root));
        let other_root =
            crate::ca::Authority::new_root(&testing::root_name(), testing::now(), 10).unwrap();
        assert!(!issuing.is_issued_by(other_root.certificate()), "same name, another key");
    }

    #[test]
    fn a_person_may_not_issue_certificates() {
        let signer = testing::officer();
        let forged = crate::ca::Authority::from_key(signer.clone()).issue(
            &testing::officer_subject(),
            testing::now(),
            30,
        );
        assert!(forged.is_err());
    }
}
