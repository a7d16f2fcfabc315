//! CMS signatures (RFC 5652) as CAdES and PAdES want them: made with typed structures, read as they
//! came.

use ::cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{
    EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{
    CONTEXT_0, CONTEXT_1, Element, Elements, INTEGER, OCTET_STRING, OID, SEQUENCE, SET,
};
use crate::certificate::Certificate;
use crate::key::SigningKey;
use crate::timestamp::TimestampSource;
use crate::verify::{self, ECDSA_SHA_256, Hash, SHA_256, SignatureCheck};

pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIMESTAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// What is signed: content of a type, inside the signature or lying elsewhere, by its SHA-256.
pub(crate) struct ToSign<'a> {
    pub content_type: ObjectIdentifier,
    pub inside: Option<&'a [u8]>,
    pub sha256: [u8; 32],
}

/// Signs with SHA-256 and ECDSA. The signed attributes are those of a CAdES baseline signature that
/// lies in a PDF: content type, message digest, signing certificate. The time of signing is *not*
/// among them: ETSI EN 319 142-1 table 1 forbids `signing-time` there and puts it in `/M`.
/// With a source of time, a timestamp over the signature value is added.
pub(crate) fn sign(
    key: &SigningKey,
    what: &ToSign<'_>,
    timestamps: Option<&dyn TimestampSource>,
) -> Result<Vec<u8>> {
    let attributes = SignedAttributes::try_from(vec![
        attribute(CONTENT_TYPE, &what.content_type)?,
        attribute(MESSAGE_DIGEST, &octets(&what.sha256)?)?,
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate(key.certificate())?)?,
    ])
    .map_err(Error::internal)?;
    let signature = key.sign_der(&attributes.to_der().map_err(Error::internal)?)?;

    let unsigned = match timestamps {
        None => None,
        Some(source) => {
            let token = source.timestamp(&Sha256::digest(&signature).into())?;
            let token = Any::from_der(&token).map_err(Error::internal)?;
            let attribute = attribute(TIMESTAMP_TOKEN, &token)?;
            Some(SetOfVec::try_from(vec![attribute]).map_err(Error::internal)?)
        }
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(issuer_and_serial(key.certificate())),
        digest_alg: algorithm(SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_SHA_256),
        signature: octets(&signature)?,
        unsigned_attrs: unsigned,
    };
    envelope(what, signer, key.chain()).map_err(Error::internal)
}

fn envelope(what: &ToSign<'_>, signer: SignerInfo, chain: &[Certificate]) -> der::Result<Vec<u8>> {
    let certificates: Vec<_> = chain
        .iter()
        .map(|certificate| CertificateChoices::Certificate(certificate.parsed().clone()))
        .collect();
    let inside = match what.inside {
        None => None,
        Some(content) => Some(Any::encode_from(&OctetString::new(content)?)?),
    };
    let signed = SignedData {
        // RFC 5652, 5.1: version 3 where the content is anything but plain data.
        version: if what.content_type == DATA { CmsVersion::V1 } else { CmsVersion::V3 },
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: what.content_type,
            econtent: inside,
        },
        certificates: Some(SetOfVec::try_from(certificates)?.into()),
        crls: None,
        signer_infos: SetOfVec::try_from(vec![signer])?.into(),
    };
    ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn attribute(
    oid: ObjectIdentifier,
    value: &(impl der::EncodeValue + der::Tagged),
) -> Result<Attribute> {
    let values = Any::encode_from(value).and_then(|value| SetOfVec::try_from(vec![value]));
    Ok(Attribute { oid, values: values.map_err(Error::internal)? })
}

pub(crate) fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

pub(crate) fn octets(bytes: &[u8]) -> Result<OctetString> {
    OctetString::new(bytes).map_err(Error::internal)
}

fn issuer_and_serial(certificate: &Certificate) -> IssuerAndSerialNumber {
    let certificate = &certificate.parsed().tbs_certificate;
    IssuerAndSerialNumber {
        issuer: certificate.issuer.clone(),
        serial_number: certificate.serial_number.clone(),
    }
}

/// RFC 5035: binds the signature to this very certificate. SHA-256 is the default and, by DER, not
/// written.
fn signing_certificate(certificate: &Certificate) -> Result<SigningCertificateV2> {
    let named = issuer_and_serial(certificate);
    Ok(SigningCertificateV2 {
        certificates: vec![EssCertificateId {
            hash: octets(&Sha256::digest(certificate.der()))?,
            issuer_serial: IssuerSerial {
                issuer: vec![GeneralName::DirectoryName(named.issuer)],
                serial_number: named.serial_number,
            },
        }],
    })
}

#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertificateId>,
}

#[derive(Sequence)]
struct EssCertificateId {
    hash: OctetString,
    issuer_serial: IssuerSerial,
}

#[derive(Sequence)]
struct IssuerSerial {
    issuer: Vec<GeneralName>,
    serial_number: SerialNumber,
}

/// A signature as somebody made it, over the original bytes.
pub(crate) struct Signed<'a> {
    pub content_type: ObjectIdentifier,
    pub inside: Option<&'a [u8]>,
    /// Every certificate that came along.
    pub certificates: Vec<Certificate>,
    /// The certificate that the signature names, if it came along.
    pub signer: Option<Certificate>,
    pub hash: Option<Hash>,
    pub hash_oid: ObjectIdentifier,
    algorithm: ObjectIdentifier,
    attributes: Option<Element<'a>>,
    pub signature: &'a [u8],
    /// An RFC 3161 token over the signature value.
    pub timestamp: Option<&'a [u8]>,
}

/// What came of checking it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The hash in the signature is that of the content.
    pub digest_matches: bool,
    /// The signature value over the attributes, and whether they bind the signing certificate.
    pub signature: SignatureCheck,
}

impl<'a> Signed<'a> {
    /// Reads a ContentInfo with one signer; padding behind it is left alone. `None`: malformed, or
    /// a form that we do not read (BER with indefinite lengths, several signers).
    pub fn read(bytes: &'a [u8]) -> Option<Signed<'a>> {
        let mut content_info = sequence(Element::first(bytes)?)?;
        if oid(content_info.next_if(OID)?)? != SIGNED_DATA {
            return None;
        }
        let mut signed = sequence(content_info.next_if(CONTEXT_0)?.children().next()?)?;
        signed.next_if(INTEGER)?;
        signed.next_if(SET)?;
        let mut content = sequence(signed.next_if(SEQUENCE)?)?;
        let content_type = oid(content.next_if(OID)?)?;
        let inside = content
            .next_if(CONTEXT_0)
            .and_then(|wrapper| wrapper.children().next_if(OCTET_STRING))
            .map(|octets| octets.content);
        let certificates: Vec<Certificate> = signed
            .next_if(CONTEXT_0)
            .map(|set| set.children().collect::<Vec<_>>())
            .unwrap_or_default()
            .iter()
            // A certificate that we cannot read is not ours to use; the signer's may be another.
            .filter_map(|element| Certificate::from_der(element.whole).ok())
            .collect();
        signed.next_if(CONTEXT_1);
        let mut signers = signed.next_if(SET)?.children();
        let mut signer = sequence(signers.next_if(SEQUENCE)?)?;
        if signers.next().is_some() {
            return None;
        }
        signer.next_if(INTEGER)?;
        let identifier = signer.next()?;
        let hash_oid = oid(sequence(signer.next_if(SEQUENCE)?)?.next_if(OID)?)?;
        let attributes = signer.next_if(CONTEXT_0);
        let algorithm = oid(sequence(signer.next_if(SEQUENCE)?)?.next_if(OID)?)?;
        let signature = signer.next_if(OCTET_STRING)?.content;
        let timestamp = signer
            .next_if(CONTEXT_1)
            .and_then(|unsigned| attribute_value(unsigned, TIMESTAMP_TOKEN))
            .map(|token| token.whole);
        Some(Signed {
            content_type,
            inside,
            signer: certificates.iter().find(|one| is_named(one, identifier)).cloned(),
            certificates,
            hash: Hash::from_oid(hash_oid),
            hash_oid,
            algorithm,
            attributes,
            signature,
            timestamp,
        })
    }

    /// Checks it against the hash of the content.
    pub fn check(&self, content_hash: impl FnOnce(Hash) -> Vec<u8>) -> Checked {
        let unsupported = |what: String| Checked {
            digest_matches: false,
            signature: SignatureCheck::Unsupported(what),
        };
        let Some(hash) = self.hash else {
            return unsupported(self.hash_oid.to_string());
        };
        let Some(attributes) = self.attributes else {
            return unsupported("no signed attributes".to_owned());
        };
        let digest = attribute_value(attributes, MESSAGE_DIGEST);
        let digest_matches = digest.is_some_and(|digest| digest.content == content_hash(hash));
        Checked { digest_matches, signature: self.check_value(attributes, hash) }
    }

    fn check_value(&self, attributes: Element<'a>, hash: Hash) -> SignatureCheck {
        let Some(signer) = &self.signer else {
            return SignatureCheck::Unsupported("signer certificate is not included".to_owned());
        };
        let content_type = attribute_value(attributes, CONTENT_TYPE).and_then(oid);
        if content_type != Some(self.content_type) || !binds_certificate(attributes, signer) {
            return SignatureCheck::Invalid;
        }
        // RFC 5652, 5.4: what is signed is the SET OF, not the [0] that it is sent as.
        let mut message = attributes.whole.to_vec();
        if let Some(tag) = message.first_mut() {
            *tag = SET;
        }
        verify::signature(signer, self.algorithm, Some(hash), &message, self.signature)
    }
}

/// A signature without `signing-certificate-v2` (older than CAdES) binds no certificate and passes;
/// one with it must name this certificate first.
fn binds_certificate(attributes: Element<'_>, signer: &Certificate) -> bool {
    let Some(value) = attribute_value(attributes, SIGNING_CERTIFICATE_V2) else {
        return true;
    };
    let first = || {
        let certificates = value.children().next_if(SEQUENCE)?;
        let mut first = certificates.children().next_if(SEQUENCE)?.children();
        let hash = match first.next_if(SEQUENCE) {
            None => Hash::Sha256,
            Some(algorithm) => Hash::from_oid(oid(algorithm.children().next_if(OID)?)?)?,
        };
        Some(first.next_if(OCTET_STRING)?.content == hash.of(&[signer.der()]))
    };
    first().unwrap_or(false)
}

fn is_named(certificate: &Certificate, identifier: Element<'_>) -> bool {
    if identifier.tag == SEQUENCE {
        return issuer_and_serial(certificate).to_der().is_ok_and(|name| name == identifier.whole);
    }
    let key_identifier = certificate.parsed().tbs_certificate.get::<SubjectKeyIdentifier>();
    matches!(key_identifier, Ok(Some((_, own))) if own.0.as_bytes() == identifier.content)
}

/// The only value of an attribute in a set of attributes; `None` when it is there twice.
fn attribute_value(attributes: Element<'_>, wanted: ObjectIdentifier) -> Option<Element<'_>> {
    let mut found = attributes.children().filter_map(|attribute| {
        let mut parts = sequence(attribute)?;
        (oid(parts.next_if(OID)?)? == wanted).then(|| parts.next_if(SET))?
    });
    let set = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let mut values = set.children();
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

pub(crate) fn sequence(element: Element<'_>) -> Option<Elements<'_>> {
    (element.tag == SEQUENCE).then(|| element.children())
}

pub(crate) fn oid(element: Element<'_>) -> Option<ObjectIdentifier> {
    (element.tag == OID).then(|| ObjectIdentifier::from_bytes(element.content).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing;

    fn hash_of(content: &'static [u8]) -> impl FnOnce(Hash) -> Vec<u8> {
        move |hash| hash.of(&[content])
    }

    fn signed(content: &[u8]) -> Vec<u8> {
        let what =
            ToSign { content_type: DATA, inside: None, sha256: Sha256::digest(content).into() };
        sign(&testing::officer(), &what, None).unwrap()
    }

    #[test]
    fn a_signature_holds_for_its_content_only() {
        let bytes = signed(b"content");
        let signed = Signed::read(&bytes).unwrap();
        let checked = signed.check(hash_of(b"content"));
        assert_eq!(checked, Checked { digest_matches: true, signature: SignatureCheck::Valid });
        assert!(!signed.check(hash_of(b"kontent")).digest_matches);
        assert_eq!(signed.certificates.len(), 3);
        assert_eq!(signed.signer.unwrap().common_name(), "Nguyễn Thị Mẫu");
    }

    #[test]
    fn a_signature_carries_no_time_of_its_own() {
        let bytes = signed(b"content");
        let signed = Signed::read(&bytes).unwrap();
        let signing_time = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
        let attributes = signed.attributes.unwrap();
        assert!(attribute_value(attributes, signing_time).is_none());
        assert_eq!(attributes.children().count(), 3);
    }

    #[test]
    fn padding_behind_a_signature_is_left_alone() {
        let mut bytes = signed(b"content");
        bytes.extend([0; 100]);
        let checked = Signed::read(&bytes).unwrap().check(hash_of(b"content"));
        assert_eq!(checked.signature, SignatureCheck::Valid);
    }

    #[test]
    fn any_changed_byte_of_what_matters_is_noticed() {
        let bytes = signed(b"content");
        let read = Signed::read(&bytes).unwrap();
        let place_of = |part: &[u8]| {
            let start = bytes.windows(part.len()).position(|window| window == part).unwrap();
            start..start + part.len()
        };
        let signer = place_of(read.signer.as_ref().unwrap().der());
        let attributes = place_of(read.attributes.unwrap().whole);
        let signature = place_of(read.signature);
        let good = Checked { digest_matches: true, signature: SignatureCheck::Valid };
        for index in signer.chain(attributes).chain(signature) {
            let mut changed = bytes.clone();
            changed[index] ^= 0x10;
            let checked = Signed::read(&changed).map(|read| read.check(hash_of(b"content")));
            assert_ne!(checked, Some(good.clone()), "byte {index}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Signed::read(&bytes).is_none());
        }
    }
}
