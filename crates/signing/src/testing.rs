//! Invented people, keys and documents for the tests of this crate.

use kernel::Moment;

use crate::SigningKey;
use crate::ca::{Authority, Subject};

/// When the tests play.
pub(crate) const NOW: &str = "2026-11-05T15:30:00+07:00";

pub(crate) fn now() -> Moment {
    NOW.parse().unwrap()
}

pub(crate) fn root_name() -> Subject {
    Subject {
        common_name: "CA gốc thử nghiệm".into(),
        organisation: "Tư pháp số (thử nghiệm)".into(),
        ..Subject::default()
    }
}

pub(crate) fn officer_subject() -> Subject {
    Subject {
        common_name: "Nguyễn Thị Mẫu".into(),
        title: "Phó Chủ tịch".into(),
        organisation: "Ủy ban nhân dân xã Mẫu".into(),
        locality: "Đồng Tháp".into(),
        number: "CB-0007".into(),
        ..Subject::default()
    }
}

pub(crate) fn issuing() -> Authority {
    let root = Authority::new_root(&root_name(), now(), 20).unwrap();
    let name =
        Subject { common_name: "CA cấp chứng thư thử nghiệm".into(), ..root_name() };
    root.new_issuing(&name, now(), 10).unwrap()
}

/// An officer with a new key, under a new authority.
pub(crate) fn officer() -> SigningKey {
    issuing().issue(&officer_subject(), now(), 365).unwrap()
}

/// A timestamp authority with a new key.
pub(crate) fn timestamper() -> SigningKey {
    let name = Subject { common_name: "Dấu thời gian thử nghiệm".into(), ..root_name() };
    issuing().issue_timestamping(&name, now(), 365).unwrap()
}

/// The smallest PDF that has a page, in the form that Typst writes.
pub(crate) fn pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
        "<</Length 0>>\nstream\n\nendstream",
    ];
    let mut out = "%PDF-1.7\n".to_owned();
    let mut table = "xref\n0 5\n0000000000 65535 f\r\n".to_owned();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n\r\n", out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n\n", index + 1);
    }
    let start = out.len();
    out += &format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF");
    out.into_bytes()
}
