//! What a person should think of the signatures of a document, all things taken together.

use kernel::Moment;

use super::inspect::{Coverage, Signature, Trust};
use crate::certificate::Certificate;
use crate::verify::SignatureCheck;

/// What a person should think of a signature, all things taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Unchanged, by a trusted signer, over the whole document.
    Good,
    /// Unchanged when signed; what was added later is signed by another trusted signer.
    GoodWithLaterSignature,
    /// Good for an earlier revision; what was added later nobody trusted has signed.
    AddedToSince,
    /// The document or the signature was changed.
    Broken,
    /// Unchanged, but the signer is unknown to us.
    UnknownSigner,
    /// Unchanged, but a certificate did not hold at the time.
    CertificateNotValid,
    /// Made in a way that this program cannot check.
    CannotTell,
}

impl Standing {
    /// The sentence for the person who asked.
    pub const fn sentence(self) -> &'static str {
        match self {
            Standing::Good => {
                "Chữ ký số hợp lệ: văn bản không bị thay đổi kể từ khi ký và người ký được tin cậy."
            }
            Standing::GoodWithLaterSignature => {
                "Chữ ký số hợp lệ. Sau chữ ký này văn bản có thêm chữ ký hợp lệ khác."
            }
            Standing::AddedToSince => {
                "Chữ ký số đúng cho phiên bản trước, nhưng sau đó văn bản đã được bổ sung nội dung \
                 chưa có chữ ký tin cậy. Vui lòng đối chiếu với bản gốc tại cơ quan đã cấp."
            }
            Standing::Broken => {
                "Chữ ký số không hợp lệ: văn bản hoặc chữ ký đã bị thay đổi sau khi ký. \
                 Không sử dụng văn bản này; vui lòng liên hệ cơ quan đã cấp."
            }
            Standing::UnknownSigner => {
                "Văn bản không bị thay đổi kể từ khi ký, nhưng hệ thống không nhận ra đơn vị cấp \
                 chứng thư số của người ký. Vui lòng liên hệ cơ quan đã cấp để xác nhận."
            }
            Standing::CertificateNotValid => {
                "Văn bản không bị thay đổi kể từ khi ký, nhưng chứng thư số của người ký chưa có \
                 hiệu lực hoặc đã hết hạn. Vui lòng liên hệ cơ quan đã cấp để xác nhận."
            }
            Standing::CannotTell => {
                "Hệ thống chưa kiểm tra được loại chữ ký số này. Vui lòng kiểm tra bằng phần mềm \
                 của đơn vị cấp chứng thư số hoặc liên hệ cơ quan đã cấp."
            }
        }
    }
}

/// What to think of each signature of one document, in the order of [`super::inspect`].
///
/// A signature over an earlier revision is good only if somebody *trusted* signed the whole:
/// anybody can add a page and a signature of their own behind it.
pub fn standings(signatures: &[Signature], roots: &[Certificate], now: Moment) -> Vec<Standing> {
    let each: Vec<_> = signatures.iter().map(|one| alone(one, roots, now)).collect();
    let whole_is_vouched_for = each.contains(&Standing::Good);
    let with_others = |standing| match standing {
        Standing::AddedToSince if whole_is_vouched_for => Standing::GoodWithLaterSignature,
        other => other,
    };
    each.into_iter().map(with_others).collect()
}

/// What it is worth by itself, whatever the other signatures are.
fn alone(signature: &Signature, roots: &[Certificate], now: Moment) -> Standing {
    match &signature.check {
        SignatureCheck::Unsupported(_) => return Standing::CannotTell,
        _ if !signature.is_sound() || signature.coverage == Coverage::Unclear => {
            return Standing::Broken;
        }
        _ => {}
    }
    match signature.trust(roots, now) {
        Trust::UnknownIssuer => Standing::UnknownSigner,
        Trust::NotValidThen => Standing::CertificateNotValid,
        Trust::Trusted if signature.coverage == Coverage::WholeDocument => Standing::Good,
        Trust::Trusted => Standing::AddedToSince,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningKey;
    use crate::pades::{SignRequest, inspect, sign};
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

    fn root_of(key: &SigningKey) -> Vec<Certificate> {
        key.chain().last().cloned().into_iter().collect()
    }

    fn standing(pdf: &[u8], roots: &[Certificate]) -> Vec<Standing> {
        standings(&inspect(pdf), roots, testing::now())
    }
    #[test]
    fn a_good_signature_is_good_under_its_own_root_only() {
        let key = testing::officer();
        let pdf = signed_by(&testing::pdf(), &key);
        assert_eq!(standing(&pdf, &root_of(&key)), [Standing::Good]);
        assert_eq!(standing(&pdf, &root_of(&testing::officer())), [Standing::UnknownSigner]);
        assert_eq!(standing(&pdf, &[]), [Standing::UnknownSigner]);
    }

    #[test]
    fn a_changed_byte_of_the_document_breaks_the_signature() {
        let key = testing::officer();
        let pdf = signed_by(&testing::pdf(), &key);
        let at = pdf.windows(3).position(|three| three == b"595").unwrap();
        let mut changed = pdf.clone();
        changed[at] = b'6';
        assert_eq!(standing(&changed, &root_of(&key)), [Standing::Broken]);
    }

    #[test]
    fn what_a_stranger_adds_does_not_pass_as_signed() {
        let (key, stranger) = (testing::officer(), testing::officer());
        let pdf = signed_by(&testing::pdf(), &key);
        let added = [&pdf[..], b"\n9 0 obj\n(more)\nendobj\n%%EOF\n"].concat();
        assert_eq!(standing(&added, &root_of(&key)), [Standing::AddedToSince]);
        let by_stranger = signed_by(&pdf, &stranger);
        assert_eq!(
            standing(&by_stranger, &root_of(&key)),
            [Standing::AddedToSince, Standing::UnknownSigner]
        );
        let both: Vec<_> = root_of(&key).into_iter().chain(root_of(&stranger)).collect();
        assert_eq!(
            standing(&by_stranger, &both),
            [Standing::GoodWithLaterSignature, Standing::Good]
        );
    }

    #[test]
    fn nothing_can_hide_in_the_gap_of_a_signature() {
        let key = testing::officer();
        let pdf = signed_by(&testing::pdf(), &key);
        let text = String::from_utf8_lossy(&pdf).into_owned();
        let start = text.find("/Contents <").unwrap() + "/Contents ".len();
        let mut wrong = pdf.clone();
        // The end of the padding becomes a comment that a reader would skip: the gap is no longer
        // one string.
        let end = start + pdf[start..].iter().position(|byte| *byte == b'>').unwrap();
        wrong[end - 4..end].copy_from_slice(b"> %x");
        assert_eq!(standing(&wrong, &root_of(&key)), [Standing::CannotTell]);
        assert_eq!(inspect(&wrong)[0].coverage, Coverage::Unclear);
    }

    #[test]
    fn without_a_timestamp_the_certificate_must_hold_now() {
        let key = testing::officer();
        let pdf = signed_by(&testing::pdf(), &key);
        let later = testing::now().plus_days(400);
        assert_eq!(
            standings(&inspect(&pdf), &root_of(&key), later),
            [Standing::CertificateNotValid]
        );
    }

    #[test]
    fn with_a_trusted_timestamp_the_certificate_must_have_held_then() {
        let root =
            crate::ca::Authority::new_root(&testing::root_name(), testing::now(), 20).unwrap();
        let name = crate::ca::Subject { common_name: "TSA".into(), ..testing::root_name() };
        let stamper = root.issue_timestamping(&name, testing::now(), 3_000).unwrap();
        let key = root.issue(&testing::officer_subject(), testing::now(), 365).unwrap();
        let clock = std::sync::Arc::new(kernel::clock::FixedClock::new(testing::now()));
        let source = crate::timestamp::LocalTimestamps::new(stamper, clock);
        let request = SignRequest {
            reason: "",
            location: "",
            name: "",
            at: testing::now(),
            timestamp: Some(&source),
        };
        let pdf = sign(&testing::pdf(), &key, &request).unwrap();
        let later = testing::now().plus_days(1_000);
        let roots = [root.certificate().clone()];
        assert_eq!(standings(&inspect(&pdf), &roots, later), [Standing::Good]);
        // A timestamp of nobody whom we know counts for nothing.
        let other = crate::timestamp::LocalTimestamps::new(
            testing::timestamper(),
            std::sync::Arc::new(kernel::clock::FixedClock::new(testing::now())),
        );
        let pdf = sign(&testing::pdf(), &key, &SignRequest { timestamp: Some(&other), ..request });
        assert_eq!(
            standings(&inspect(&pdf.unwrap()), &roots, later),
            [Standing::CertificateNotValid]
        );
    }
}
