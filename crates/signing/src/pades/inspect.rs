//! Looking at the signatures of a PDF that somebody brings.

use kernel::Moment;
use x509_cert::ext::pkix::BasicConstraints;

use crate::certificate::{Certificate, chain_upwards};
use crate::cms::Signed;
use crate::pdf::{Dictionary, Object, Parser};
use crate::timestamp::Stamp;
use crate::verify::{Hash, SignatureCheck};

/// More signatures than this are not looked at.
const MOST_SIGNATURES: usize = 50;
/// A signature dictionary is never longer than this.
const LONGEST_DICTIONARY: usize = 1 << 20;

/// A signature found in a document, and what came of checking it.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Name in the certificate of the signer.
    pub signer: String,
    /// Organisation in it.
    pub organisation: String,
    /// Who issued it.
    pub issuer: String,
    /// The time that the signer claims (`/M`).
    pub signed_at: Option<Moment>,
    /// The time that a timestamp authority vouches for, checked.
    pub stamp: Option<Stamp>,
    /// Why it was signed, as written.
    pub reason: String,
    /// Where, as written.
    pub location: String,
    /// The bytes under the signature are those that were signed.
    pub digest_matches: bool,
    /// The signature is that of the certificate.
    pub check: SignatureCheck,
    /// How much of the file lies under it.
    pub coverage: Coverage,
    /// The certificate of the signer.
    pub certificate: Option<Certificate>,
    /// All certificates that came along.
    pub certificates: Vec<Certificate>,
}

/// How much of the file lies under a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it, but for the signature itself.
    WholeDocument,
    /// An earlier revision: something was added afterwards.
    EarlierRevision,
    /// The range of the signature makes no sense; nothing can be said.
    Unclear,
}

/// Does the certificate lead to somebody whom we trust?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Yes, and all certificates held at the time.
    Trusted,
    /// It leads to nobody whom we know.
    UnknownIssuer,
    /// It leads there, but some certificate did not hold at the time.
    NotValidThen,
}

impl Signature {
    /// Unchanged since it was signed, and by the holder of the certificate. Says nothing of whether
    /// the holder is to be trusted, nor of what was added later.
    pub fn is_sound(&self) -> bool {
        self.digest_matches && self.check == SignatureCheck::Valid
    }

    /// Follows the certificates up to one of `roots`. The time at which they must hold is that of a
    /// timestamp which itself leads to a root; without one it is `now`, since anybody may claim any
    /// time.
    pub fn trust(&self, roots: &[Certificate], now: Moment) -> Trust {
        let Some(certificate) = &self.certificate else {
            return Trust::UnknownIssuer;
        };
        let stamped_at = self.stamp.as_ref().and_then(|stamp| {
            let trust = trust_of(&stamp.authority, &stamp.certificates, roots, stamp.at);
            (trust == Trust::Trusted).then_some(stamp.at)
        });
        trust_of(certificate, &self.certificates, roots, stamped_at.unwrap_or(now))
    }
}

fn trust_of(
    leaf: &Certificate,
    others: &[Certificate],
    roots: &[Certificate],
    at: Moment,
) -> Trust {
    // Roots first: a certificate of the same name that came along must not stand before them.
    let others: Vec<_> = roots.iter().chain(others).cloned().collect();
    let chain = chain_upwards(leaf, &others);
    let Some(root) = chain.iter().position(|one| roots.contains(one)) else {
        return Trust::UnknownIssuer;
    };
    let mut up_to_root = chain.iter().take(root + 1);
    if !chain.iter().take(root + 1).enumerate().all(|(index, one)| may_stand_at(one, index)) {
        return Trust::UnknownIssuer;
    }
    if up_to_root.all(|one| one.is_valid_at(at)) { Trust::Trusted } else { Trust::NotValidThen }
}

/// RFC 5280, 4.2.1.9: an issuer may limit how many issuers stand below it.
fn may_stand_at(certificate: &Certificate, index: usize) -> bool {
    let constraints = certificate.parsed().tbs_certificate.get::<BasicConstraints>();
    match constraints {
        Ok(Some((_, BasicConstraints { path_len_constraint: Some(most), .. }))) => {
            index <= usize::from(most) + 1
        }
        _ => true,
    }
}

/// All signatures of a document, oldest first; none if there are none or it is not a PDF.
///
/// Signature dictionaries are found by their `/ByteRange`, wherever they stand: a dictionary whose
/// contents fill exactly the gap in its own range cannot lie within a compressed stream, so this
/// works on files of every kind without believing their cross-reference tables.
pub fn inspect(pdf: &[u8]) -> Vec<Signature> {
    let mut found: Vec<(usize, Signature)> = Vec::new();
    for dictionary in signature_dictionaries(pdf) {
        let range = Gap::of(&dictionary, pdf);
        let end = range.as_ref().map_or(0, |gap| gap.end_of_range);
        found.push((end, examine(&dictionary, range.as_ref())));
    }
    found.sort_by_key(|(end, _)| *end);
    found.into_iter().map(|(_, signature)| signature).collect()
}

fn signature_dictionaries(pdf: &[u8]) -> Vec<Dictionary> {
    const KEY: &[u8] = b"/ByteRange";
    let mut dictionaries = Vec::new();
    let mut searched = 0;
    while let Some(at) = find(pdf, KEY, searched) {
        searched = at + KEY.len();
        if let Some((dictionary, end)) = dictionary_around(pdf, at) {
            dictionaries.push(dictionary);
            searched = searched.max(end);
        }
        if dictionaries.len() == MOST_SIGNATURES {
            break;
        }
    }
    dictionaries
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

/// The dictionary of the object that this place lies in.
fn dictionary_around(pdf: &[u8], at: usize) -> Option<(Dictionary, usize)> {
    const WORD: &[u8] = b" obj";
    let from = at.saturating_sub(LONGEST_DICTIONARY);
    let before = pdf.get(from..at)?;
    let start = from + before.windows(WORD.len()).rposition(|window| window == WORD)?;
    let mut parser = Parser::at(pdf, start + WORD.len());
    let Ok(Object::Dictionary(dictionary)) = parser.object() else {
        return None;
    };
    let is_around = parser.position() > at && dictionary.get("Contents").is_some();
    is_around.then_some((dictionary, parser.position()))
}

/// The two ranges under a signature and the gap between them.
struct Gap<'a> {
    before: &'a [u8],
    after: &'a [u8],
    end_of_range: usize,
    reaches_end: bool,
}

impl<'a> Gap<'a> {
    /// `None` unless the gap is exactly the hexadecimal contents of this very dictionary: otherwise
    /// something unsigned could hide in it.
    fn of(dictionary: &Dictionary, pdf: &'a [u8]) -> Option<Gap<'a>> {
        let range = dictionary.get("ByteRange")?.as_array()?;
        let numbers: Vec<usize> = range
            .iter()
            .map(|number| number.as_integer().and_then(|number| usize::try_from(number).ok()))
            .collect::<Option<_>>()?;
        let [0, gap_start, gap_end, length] = numbers[..] else {
            return None;
        };
        let end_of_range = gap_end.checked_add(length)?;
        let gap = pdf.get(gap_start..gap_end)?;
        if !gap.starts_with(b"<") || !gap.ends_with(b">") {
            return None;
        }
        let mut parser = Parser::at(gap, 0);
        let contents = parser.object().ok()?;
        if parser.position() != gap.len() || dictionary.get("Contents") != Some(&contents) {
            return None;
        }
        Some(Gap {
            before: pdf.get(..gap_start)?,
            after: pdf.get(gap_end..end_of_range)?,
            end_of_range,
            reaches_end: pdf.get(end_of_range..)?.trim_ascii().is_empty(),
        })
    }

    fn hash(&self, hash: Hash) -> Vec<u8> {
        hash.of(&[self.before, self.after])
    }
}

fn examine(dictionary: &Dictionary, gap: Option<&Gap<'_>>) -> Signature {
    let text = |key| dictionary.get(key).and_then(Object::to_text).unwrap_or_default();
    let mut signature = Signature {
        signer: text("Name"),
        organisation: String::new(),
        issuer: String::new(),
        signed_at: parse_pdf_date(&text("M")),
        stamp: None,
        reason: text("Reason"),
        location: text("Location"),
        digest_matches: false,
        check: SignatureCheck::Unsupported("unreadable".to_owned()),
        coverage: match gap {
            None => Coverage::Unclear,
            Some(gap) if gap.reaches_end => Coverage::WholeDocument,
            Some(_) => Coverage::EarlierRevision,
        },
        certificate: None,
        certificates: Vec::new(),
    };
    let (Some(gap), Some(Object::String(contents))) = (gap, dictionary.get("Contents")) else {
        return signature;
    };
    let format = match dictionary.get("SubFilter") {
        Some(Object::Name(name)) => String::from_utf8_lossy(name).into_owned(),
        _ => String::new(),
    };
    match format.as_str() {
        "ETSI.CAdES.detached" | "adbe.pkcs7.detached" => {
            if let Some(signed) = Signed::read(contents) {
                take_over(&mut signature, signed, gap);
            }
        }
        "ETSI.RFC3161" => take_over_document_timestamp(&mut signature, contents, gap),
        other => signature.check = SignatureCheck::Unsupported(other.to_owned()),
    }
    signature
}

fn take_over(signature: &mut Signature, signed: Signed<'_>, gap: &Gap<'_>) {
    let checked = signed.check(|hash| gap.hash(hash));
    signature.digest_matches = checked.digest_matches;
    signature.check = checked.signature;
    signature.stamp = signed.timestamp.and_then(|token| Stamp::read(token, signed.signature).ok());
    set_certificate(signature, signed.signer);
    signature.certificates = signed.certificates;
}

/// A timestamp over the whole document (PAdES B-LTA): its authority is the signer.
fn take_over_document_timestamp(signature: &mut Signature, token: &[u8], gap: &Gap<'_>) {
    let data = [gap.before, gap.after].concat();
    match Stamp::read(token, &data) {
        Ok(stamp) => {
            signature.digest_matches = true;
            signature.check = SignatureCheck::Valid;
            signature.signed_at = Some(stamp.at);
            set_certificate(signature, Some(stamp.authority.clone()));
            signature.certificates = stamp.certificates.clone();
            signature.stamp = Some(stamp);
        }
        Err(cause) => signature.check = SignatureCheck::Unsupported(cause.to_owned()),
    }
}

/// What the certificate says stands above what the dictionary says: nobody checked the latter.
fn set_certificate(signature: &mut Signature, certificate: Option<Certificate>) {
    if let Some(certificate) = &certificate {
        signature.signer = certificate.common_name();
        signature.organisation = certificate.organisation();
        signature.issuer = certificate.issuer_name();
    }
    signature.certificate = certificate;
}

/// `D:YYYYMMDDHHmmSSOHH'mm'`; a date that leaves out its offset is taken as Vietnamese time.
fn parse_pdf_date(text: &str) -> Option<Moment> {
    let digits = text.strip_prefix("D:").unwrap_or(text);
    let (time, offset) = digits.split_at_checked(14)?;
    if !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let offset = offset.replace('\'', "");
    let offset = match (offset.get(..1), offset.get(1..3), offset.get(3..5)) {
        (Some("Z"), ..) => "Z".to_owned(),
        (Some(sign @ ("+" | "-")), Some(hours), minutes) => {
            format!("{sign}{hours}:{}", minutes.unwrap_or("00"))
        }
        _ => "+07:00".to_owned(),
    };
    let part = |from, to| time.get(from..to);
    format!(
        "{}-{}-{}T{}:{}:{}{offset}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    )
    .parse()
    .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SigningKey;
    use crate::pades::{SignRequest, sign};
    use crate::testing;

    fn signed_by(pdf: &[u8], key: &SigningKey) -> Vec<u8> {
        let request = SignRequest {
            reason: "Phê duyệt",
            location: "",
            name: "",
            at: testing::now(),
            timestamp: None,
        };
        sign(pdf, key, &request).unwrap()
    }

    #[test]
    fn a_name_in_the_dictionary_does_not_replace_the_one_in_the_certificate() {
        let request = SignRequest {
            reason: "",
            location: "",
            name: "Chủ tịch giả",
            at: testing::now(),
            timestamp: None,
        };
        let pdf = sign(&testing::pdf(), &testing::officer(), &request).unwrap();
        assert_eq!(inspect(&pdf)[0].signer, "Nguyễn Thị Mẫu");
    }

    #[test]
    fn dates_are_read_in_every_usual_form() {
        let now = Some(testing::now());
        for text in [
            "D:20261105153000+07'00'",
            "D:20261105153000+07'00",
            "D:20261105083000Z",
            "D:20261105083000Z00'00'",
            "D:20261105153000",
            "20261105033000-05'00'",
        ] {
            assert_eq!(parse_pdf_date(text), now, "{text}");
        }
        for wrong in ["", "D:", "D:2026", "D:20261305153000Z", "hôm nay rồi nhé"] {
            assert_eq!(parse_pdf_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_without_signatures_has_none() {
        assert!(inspect(&testing::pdf()).is_empty());
        assert!(inspect(b"").is_empty());
        assert!(inspect(&b"/ByteRange".repeat(1_000)).is_empty());
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_inspected_without_a_panic(at in any::<usize>(), byte in any::<u8>()) {
            static PDF: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
            let mut pdf =
                PDF.get_or_init(|| signed_by(&testing::pdf(), &testing::officer())).clone();
            let at = at % pdf.len();
            let same = pdf[at] == byte;
            pdf[at] = byte;
            let sound = inspect(&pdf).iter().any(Signature::is_sound);
            prop_assert!(!same || sound);
        }
    }
}
