//! What we sign must satisfy readers that are not ours, and theirs must be readable by us.

// Clippy knows tests by their attribute and does not see that helpers belong to them.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::Command;

use kernel::Moment;
use signing::ca::{Authority, Subject};
use signing::pades::{Coverage, SignRequest, SignatureCheck, inspect, sign};

/// As Typst 0.15 writes it (PDF/A-2u).
const TYPST: &[u8] = include_bytes!("data/typst.pdf");
/// Signed twice by pyHanko 0.38 with RSA and SHA-512 (first the form of Adobe, then PAdES), in a
/// file with cross-reference streams.
const FOREIGN: &[u8] = include_bytes!("data/foreign-rsa.pdf");

fn signed(times: u32) -> Vec<u8> {
    let now: Moment = "2026-11-05T15:30:00+07:00".parse().unwrap();
    let name = |name: &str| Subject { common_name: name.into(), ..Subject::default() };
    let root = Authority::new_root(&name("CA gốc thử nghiệm"), now, 20).unwrap();
    let issuing = root.new_issuing(&name("CA cấp thử nghiệm"), now, 10).unwrap();
    (1..=times).fold(TYPST.to_vec(), |pdf, number| {
        let signer = issuing.issue(&name(&format!("Nguyễn Thị Mẫu {number}")), now, 365).unwrap();
        let request = SignRequest {
            reason: "Phê duyệt kết quả",
            location: "Đồng Tháp",
            name: "",
            at: now,
            timestamp: None,
        };
        sign(&pdf, &signer, &request).unwrap()
    })
}

#[test]
fn a_document_from_typst_takes_several_signatures() {
    let pdf = signed(3);
    assert!(pdf.starts_with(TYPST));
    let signatures = inspect(&pdf);
    assert_eq!(signatures.len(), 3);
    assert!(signatures.iter().all(|one| one.is_sound()));
    assert_eq!(signatures[2].coverage, Coverage::WholeDocument);
}

/// Poppler is on every machine that runs the whole suite; without it there is nothing to ask.
#[test]
fn poppler_finds_every_signature_valid() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("poppler.pdf");
    std::fs::write(&file, signed(2)).unwrap();
    let Ok(answer) = Command::new("pdfsig").arg(&file).output() else {
        eprintln!("pdfsig (poppler-utils) is not here: not checked");
        return;
    };
    let text = String::from_utf8_lossy(&answer.stdout);
    assert_eq!(text.matches("Signature is Valid.").count(), 2, "{text}");
    assert_eq!(text.matches("Signature Type: ETSI.CAdES.detached").count(), 2, "{text}");
    assert_eq!(text.matches("- Total document signed").count(), 1, "{text}");
    assert!(text.contains("Nguyễn Thị Mẫu 2"), "{text}");
}

#[test]
fn rsa_signatures_of_another_program_are_checked() {
    let signatures = inspect(FOREIGN);
    assert_eq!(signatures.len(), 2);
    for signature in &signatures {
        assert!(signature.digest_matches);
        assert_eq!(signature.check, SignatureCheck::Valid);
        assert_eq!(signature.signer, "Mau Ky RSA");
        assert_eq!(signature.reason, "Đồng ý");
    }
    assert_eq!(signatures[0].coverage, Coverage::EarlierRevision);
    assert_eq!(signatures[1].coverage, Coverage::WholeDocument);
}

#[test]
fn a_file_with_cross_reference_streams_is_refused_not_harmed() {
    let now: Moment = "2026-11-05T15:30:00+07:00".parse().unwrap();
    let name = Subject { common_name: "Mẫu".into(), ..Subject::default() };
    let root = Authority::new_root(&name, now, 20).unwrap();
    let key = root.issue(&name, now, 365).unwrap();
    let request = SignRequest { reason: "", location: "", name: "", at: now, timestamp: None };
    let error = sign(FOREIGN, &key, &request).unwrap_err();
    assert!(error.to_string().contains("cross-reference stream"), "{error}");
}
