//! A certificate authority for demonstration and for offices without one.
//!
//! It makes what a real authority would: a root, an issuing authority under it, and certificates of
//! people and agencies. Real deployments bring certificates of the government's authority instead.

use std::time::Duration;

use der::Encode;
use der::asn1::{Any, ObjectIdentifier, PrintableStringRef, SetOfVec, Utf8StringRef};
use der::oid::AssociatedOid;
use kernel::{Error, Moment, Result};
use p256::pkcs8::EncodePublicKey;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

use crate::certificate::{
    COMMON_NAME, COUNTRY, Certificate, LOCALITY, ORGANISATION, SERIAL_NUMBER, TITLE, UNIT,
    date_time_of,
};
use crate::key::{self, SigningKey};
use crate::keystore::random;

/// id-kp-documentSigning (RFC 9336): what these keys are for.
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// id-kp-emailProtection: readers older than RFC 9336 ask for it on keys that sign documents.
const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
/// id-kp-timeStamping (RFC 3161, 2.3).
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// The name in a certificate. Empty parts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Full name of the person, or name of the agency (CN).
    pub common_name: String,
    /// Position of the person (T).
    pub title: String,
    /// Division (OU).
    pub unit: String,
    /// Agency (O).
    pub organisation: String,
    /// Province (L).
    pub locality: String,
    /// A number that tells people of one name apart: a staff number, never the personal number.
    pub number: String,
}

/// A key that may issue certificates.
pub struct Authority {
    key: SigningKey,
}

impl Authority {
    /// A new root: a key that vouches for itself.
    pub fn new_root(name: &Subject, now: Moment, years: u16) -> Result<Authority> {
        Authority::self_signed(key::generate()?, name, now, years)
    }

    pub(crate) fn self_signed(
        secret: p256::ecdsa::SigningKey,
        name: &Subject,
        now: Moment,
        years: u16,
    ) -> Result<Authority> {
        let validity = validity(now, days_of(years))?;
        let certificate = build(Profile::Root, name, &secret, &secret, &validity, None)?;
        Ok(Authority { key: SigningKey::new(secret, vec![certificate])? })
    }

    /// A new issuing authority under this one; it may not make further authorities.
    pub fn new_issuing(&self, name: &Subject, now: Moment, years: u16) -> Result<Authority> {
        let issuer = self.name();
        let profile = Profile::SubCA { issuer, path_len_constraint: Some(0) };
        Ok(Authority { key: self.certify(profile, name, now, days_of(years), None)? })
    }

    /// An authority from its key, as it was stored.
    pub fn from_key(key: SigningKey) -> Authority {
        Authority { key }
    }

    /// The key, to be stored sealed.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Its own certificate.
    pub fn certificate(&self) -> &Certificate {
        self.key.certificate()
    }

    /// A new key for a person or an agency, with a certificate for signing documents.
    pub fn issue(&self, subject: &Subject, now: Moment, days: u16) -> Result<SigningKey> {
        let usage = Usage { purposes: vec![DOCUMENT_SIGNING, EMAIL_PROTECTION], critical: false };
        self.certify(self.leaf(), subject, now, days.into(), Some(&usage))
    }

    /// A new key for a timestamp authority.
    pub fn issue_timestamping(
        &self,
        subject: &Subject,
        now: Moment,
        days: u16,
    ) -> Result<SigningKey> {
        let usage = Usage { purposes: vec![TIME_STAMPING], critical: true };
        self.certify(self.leaf(), subject, now, days.into(), Some(&usage))
    }

    fn certify(
        &self,
        profile: Profile,
        subject: &Subject,
        now: Moment,
        days: u64,
        usage: Option<&Usage>,
    ) -> Result<SigningKey> {
        let secret = key::generate()?;
        let certificate =
            build(profile, subject, &secret, self.key.secret(), &validity(now, days)?, usage)?;
        if !certificate.is_issued_by(self.certificate()) {
            return Err(Error::internal("this key may not issue certificates"));
        }
        let mut chain = vec![certificate];
        chain.extend(self.key.chain().iter().cloned());
        SigningKey::new(secret, chain)
    }

    fn leaf(&self) -> Profile {
        Profile::Leaf {
            issuer: self.name(),
            enable_key_agreement: false,
            enable_key_encipherment: false,
        }
    }

    fn name(&self) -> Name {
        self.certificate().parsed().tbs_certificate.subject.clone()
    }
}

/// Key usage (digitalSignature and nonRepudiation for people, keyCertSign for authorities), key
/// identifiers and basic constraints come with the profile.
fn build(
    profile: Profile,
    subject: &Subject,
    secret: &p256::ecdsa::SigningKey,
    issuer: &p256::ecdsa::SigningKey,
    validity: &Validity,
    usage: Option<&Usage>,
) -> Result<Certificate> {
    let public = secret.verifying_key().to_public_key_der().map_err(Error::internal)?;
    let public = SubjectPublicKeyInfoOwned::try_from(public.as_bytes()).map_err(Error::internal)?;
    let name = subject.to_name()?;
    let mut builder =
        CertificateBuilder::new(profile, serial_number()?, *validity, name, public, issuer)
            .map_err(Error::internal)?;
    if let Some(usage) = usage {
        builder.add_extension(usage).map_err(Error::internal)?;
    }
    let certificate = builder.build::<p256::ecdsa::DerSignature>().map_err(Error::internal)?;
    Certificate::from_parsed(certificate)
}

impl Subject {
    /// The most general part first, as X.500 wants it.
    fn to_name(&self) -> Result<Name> {
        if self.common_name.is_empty() {
            return Err(Error::internal("a certificate without a name"));
        }
        let country = PrintableStringRef::new("VN").map_err(Error::internal)?;
        let mut parts = vec![relative(COUNTRY, Any::from(country))?];
        for (part, text) in [
            (LOCALITY, &self.locality),
            (ORGANISATION, &self.organisation),
            (UNIT, &self.unit),
            (TITLE, &self.title),
            (SERIAL_NUMBER, &self.number),
            (COMMON_NAME, &self.common_name),
        ] {
            if text.is_empty() {
                continue;
            }
            let value = if part == SERIAL_NUMBER {
                Any::from(PrintableStringRef::new(text).map_err(Error::internal)?)
            } else {
                Any::from(Utf8StringRef::new(text).map_err(Error::internal)?)
            };
            parts.push(relative(part, value)?);
        }
        Ok(RdnSequence(parts))
    }
}

fn relative(oid: ObjectIdentifier, value: Any) -> Result<RelativeDistinguishedName> {
    let attribute = AttributeTypeAndValue { oid, value };
    SetOfVec::try_from(vec![attribute]).map(RelativeDistinguishedName).map_err(Error::internal)
}

/// 159 random bits: never repeats, always positive, never longer than RFC 5280 allows.
fn serial_number() -> Result<SerialNumber> {
    let mut bytes: [u8; 20] = random()?;
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x7F | 0x40;
    }
    SerialNumber::new(&bytes).map_err(Error::internal)
}

fn days_of(years: u16) -> u64 {
    u64::from(years) * 36_525 / 100
}

fn validity(from: Moment, days: u64) -> Result<Validity> {
    let from = date_time_of(from)?;
    let until = from.unix_duration() + Duration::from_secs(days * 86_400);
    let until = der::DateTime::from_unix_duration(until).map_err(Error::internal)?;
    Ok(Validity { not_before: time(from)?, not_after: time(until)? })
}

/// UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
fn time(at: der::DateTime) -> Result<x509_cert::time::Time> {
    if at.year() < 2050 {
        der::asn1::UtcTime::from_date_time(at).map(Into::into).map_err(Error::internal)
    } else {
        Ok(der::asn1::GeneralizedTime::from_date_time(at).into())
    }
}

/// Extended key usage with its own word on being critical: critical where RFC 3161 demands it, not
/// critical for people, since older readers know none of the purposes.
struct Usage {
    purposes: Vec<ObjectIdentifier>,
    critical: bool,
}

impl AssociatedOid for Usage {
    const OID: ObjectIdentifier = ExtendedKeyUsage::OID;
}

impl Encode for Usage {
    fn encoded_len(&self) -> der::Result<der::Length> {
        self.purposes.encoded_len()
    }

    fn encode(&self, encoder: &mut impl der::Writer) -> der::Result<()> {
        self.purposes.encode(encoder)
    }
}

impl AsExtension for Usage {
    fn critical(&self, _: &Name, _: &[Extension]) -> bool {
        self.critical
    }
}

#[cfg(test)]
mod tests {
    use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

    use super::*;
    use crate::testing;

    #[test]
    fn a_person_gets_a_key_for_signing_and_for_nothing_else() {
        let key = testing::officer();
        let certificate = &key.certificate().parsed().tbs_certificate;
        let (critical, usage) = certificate.get::<KeyUsage>().unwrap().unwrap();
        assert!(critical && usage.digital_signature() && usage.non_repudiation());
        assert!(!usage.key_cert_sign() && !usage.key_encipherment() && !usage.key_agreement());
        let (_, constraints) = certificate.get::<BasicConstraints>().unwrap().unwrap();
        assert!(!constraints.ca);
        let (critical, usage) = certificate.get::<ExtendedKeyUsage>().unwrap().unwrap();
        assert!(!critical && usage.0.contains(&DOCUMENT_SIGNING));
    }

    #[test]
    fn a_timestamp_key_may_stamp_time_only() {
        let key = testing::timestamper();
        let certificate = &key.certificate().parsed().tbs_certificate;
        let (critical, usage) = certificate.get::<ExtendedKeyUsage>().unwrap().unwrap();
        assert!(critical);
        assert_eq!(usage.0, [TIME_STAMPING]);
    }

    #[test]
    fn an_issuing_authority_may_not_make_further_authorities() {
        let issuing = testing::issuing();
        let certificate = &issuing.certificate().parsed().tbs_certificate;
        let (critical, constraints) = certificate.get::<BasicConstraints>().unwrap().unwrap();
        assert!(critical && constraints.ca);
        assert_eq!(constraints.path_len_constraint, Some(0));
    }

    #[test]
    fn no_two_certificates_have_one_serial_number() {
        let issuing = testing::issuing();
        let issue = || issuing.issue(&testing::officer_subject(), testing::now(), 30).unwrap();
        assert_ne!(issue().certificate().serial(), issue().certificate().serial());
    }

    #[test]
    fn a_certificate_past_2050_is_still_readable() {
        let root = Authority::new_root(&testing::root_name(), testing::now(), 30).unwrap();
        let read = Certificate::from_der(root.certificate().der()).unwrap();
        assert_eq!(read.valid_until().local().year(), 2056);
        assert!(Authority::new_root(&Subject::default(), testing::now(), 30).is_err());
    }
}
