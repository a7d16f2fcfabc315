//! Signs a PDF with a fresh demonstration authority, for checks with other programs:
//! `cargo run -p signing --example sign_pdf -- in.pdf out.pdf root.pem [signatures] [TIME]`,
//! where TIME is `local` for a timestamp authority in this process or the address of one.

use std::sync::Arc;
use std::time::Duration;

use kernel::Moment;
use kernel::clock::FixedClock;
use signing::ca::{Authority, Subject};
use signing::pades::{SignRequest, inspect, sign, standings};
use signing::timestamp::{HttpTimestamps, LocalTimestamps, TimestampSource};

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, root_file, more @ ..] = &arguments[..] else {
        return Err("sign_pdf in.pdf out.pdf root.pem [signatures] [local|http://…]".into());
    };
    let signatures: u32 = more.first().map_or(Ok(1), |text| text.parse())?;
    #[allow(clippy::disallowed_methods)]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let now = Moment::from_micros(i64::try_from(now.as_micros())?).plus_minutes(-10);

    let name = |common_name: &str| Subject {
        common_name: common_name.to_owned(),
        organisation: "Ủy ban nhân dân xã Mẫu".to_owned(),
        locality: "Đồng Tháp".to_owned(),
        ..Subject::default()
    };
    let root = Authority::new_root(&name("CA gốc thử nghiệm"), now, 20)?;
    let issuing = root.new_issuing(&name("CA cấp chứng thư thử nghiệm"), now, 10)?;
    let stamper = issuing.issue_timestamping(&name("Dấu thời gian thử nghiệm"), now, 3650)?;
    let local = LocalTimestamps::new(stamper, Arc::new(FixedClock::new(now.plus_minutes(5))));
    let timestamps: Option<Box<dyn TimestampSource>> = match more.get(1).map(String::as_str) {
        None => None,
        Some("local") => Some(Box::new(local)),
        Some(address) => Some(Box::new(HttpTimestamps::new(address, Duration::from_secs(5))?)),
    };

    let mut pdf = std::fs::read(input)?;
    for number in 1..=signatures {
        let signer = issuing.issue(&name(&format!("Nguyễn Thị Mẫu {number}")), now, 365)?;
        let request = SignRequest {
            reason: "Phê duyệt kết quả",
            location: "Đồng Tháp",
            name: "",
            at: now.plus_minutes(4),
            timestamp: timestamps.as_deref(),
        };
        pdf = sign(&pdf, &signer, &request)?;
    }
    std::fs::write(output, &pdf)?;
    std::fs::write(root_file, root.certificate().to_pem()?)?;
    let found = inspect(&pdf);
    let thought = standings(&found, &[root.certificate().clone()], now.plus_minutes(10));
    for (signature, standing) in found.iter().zip(thought) {
        println!("{}: {standing:?}, {:?}", signature.signer, signature.coverage);
    }
    Ok(())
}
