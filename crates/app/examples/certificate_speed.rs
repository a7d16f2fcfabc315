//! Signed certificates a second: `cargo run --release -p app --example certificate_speed -- [count]`.
//!
//! What happens when a birth is approved, less the database: the verifiable QR is signed, the page
//! rendered, the PDF signed with PAdES B-B. Each has other data; all on one thread.

#[path = "../../document/examples/shared/mod.rs"]
mod shared;

use std::time::{Duration, Instant};

use document::pdf::Renderer;
use jiff::civil::date;
use kernel::moment::Moment;
use signing::SigningKey;
use signing::ca::{Authority, Subject};
use signing::pades::{SignRequest, sign};
use signing::qr::{Payload, encode_signed};

const TEMPLATE: &str = "procedures/birth-registration/birth-certificate.typ";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Times of the three parts.
#[derive(Default)]
struct Parts {
    code: Duration,
    page: Duration,
    signature: Duration,
}

#[allow(clippy::print_stdout)]
fn main() -> Outcome<()> {
    let count: u32 = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let at = Moment::at(date(2026, 11, 5), jiff::civil::time(15, 30, 0, 0));
    let key = officer(at.plus_days(-30))?;
    let renderer = Renderer::new(shared::templates()?, shared::fonts()?)?;
    let mut parts = Parts::default();
    // The first one compiles templates and is not counted.
    make(&renderer, &key, 0, at, &mut Parts::default())?;
    let started = Instant::now();
    let mut bytes = 0;
    for number in 1..=count {
        bytes += make(&renderer, &key, number, at, &mut parts)?.len();
    }
    let elapsed = started.elapsed();
    let each = |part: Duration| part.as_secs_f64() * 1_000.0 / f64::from(count);
    println!("signed_certificates_per_second {:.1}", f64::from(count) / elapsed.as_secs_f64());
    println!(
        "ms each: code {:.2}, page {:.2}, signature {:.2}; {} bytes",
        each(parts.code),
        each(parts.page),
        each(parts.signature),
        bytes / count as usize,
    );
    Ok(())
}

fn officer(from: Moment) -> Outcome<SigningKey> {
    let name = |common_name: &str| Subject {
        common_name: common_name.to_owned(),
        organisation: "Ủy ban nhân dân xã Mẫu".to_owned(),
        locality: "Đồng Tháp".to_owned(),
        ..Subject::default()
    };
    let root = Authority::new_root(&name("CA gốc thử nghiệm"), from, 20)?;
    let issuing = root.new_issuing(&name("CA cấp chứng thư thử nghiệm"), from, 10)?;
    Ok(issuing.issue(&name("Trần Thị Mẫu Đơn"), from, 365)?)
}

fn make(
    renderer: &Renderer,
    key: &SigningKey,
    number: u32,
    at: Moment,
    parts: &mut Parts,
) -> Outcome<Vec<u8>> {
    let data = shared::birth(number);
    let started = Instant::now();
    let code = encode_signed(key, &payload(number, at))?;
    let qr = document::qr::svg(&format!("https://mau.example.vn/verify#{code}"))?;
    parts.code += started.elapsed();
    let started = Instant::now();
    let pdf = renderer.render(TEMPLATE, &data, &[("qr.svg", qr.into_bytes())], at.date())?;
    parts.page += started.elapsed();
    let started = Instant::now();
    let request = SignRequest {
        reason: "Giấy khai sinh",
        location: "Đồng Tháp",
        name: "",
        at,
        timestamp: None,
    };
    let signed = sign(&pdf, key, &request)?;
    parts.signature += started.elapsed();
    Ok(signed)
}

fn payload(number: u32, at: Moment) -> Payload {
    let fields = [
        ("child_name", "NGUYỄN MINH KHUÊ"),
        ("child_birth_date", "05/11/2026"),
        ("child_sex", "Nữ"),
        ("child_number", "087326000017"),
    ];
    Payload {
        document: 922_337_203_685_477 + i64::from(number),
        register: "birth".to_owned(),
        number,
        book: 1,
        year: 2026,
        unit: "30553".to_owned(),
        entry_version: 1,
        issued_on: at.date(),
        fields: fields.map(|(id, text)| (id.to_owned(), text.to_owned())).into(),
    }
}
