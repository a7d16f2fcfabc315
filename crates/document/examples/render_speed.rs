//! Certificates a second on one core: `cargo run -p document --example render_speed -- [count]`.
//!
//! Renders the birth certificate of the national pack, each with other data and another QR code, and
//! prints the median and the rate.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use document::pdf::Renderer;
use jiff::civil::date;
use serde_json::{Value, json};

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u32 = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/national");
    let mut templates = BTreeMap::new();
    collect(&pack, &pack, &mut templates)?;
    let mut fonts = Vec::new();
    for entry in std::fs::read_dir(pack.join("fonts"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "ttf") {
            fonts.push(std::fs::read(path)?);
        }
    }
    let renderer = Renderer::new(templates, fonts).map_err(|problems| format!("{problems:?}"))?;

    let mut times = Vec::new();
    let mut bytes = 0;
    for number in 0..count {
        // A fifth of the alphabet changes from paper to paper, as names do.
        let code = format!("https://mau.example.vn/q#{}", format!("{number:08}").repeat(46));
        let start = Instant::now();
        let qr = document::qr::svg(&code)?.into_bytes();
        let pdf = renderer.render(
            "procedures/birth-registration/birth-certificate.typ",
            &birth(number),
            &[("qr.svg", qr)],
            date(2026, 11, 5),
        );
        let pdf = pdf.map_err(|error| format!("{:?}", error.problems))?;
        times.push(start.elapsed());
        bytes = pdf.len();
    }
    let total: Duration = times.iter().sum();
    let first = times.first().copied().unwrap_or_default();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("{count} certificates of {bytes} bytes: {:.1}/s", f64::from(count) / total.as_secs_f64());
    println!("first {first:.1?}, median {median:.1?}, slowest {:.1?}", times.last());
    Ok(())
}

fn collect(
    root: &Path,
    folder: &Path,
    templates: &mut BTreeMap<String, String>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, templates)?;
        } else if path.extension().is_some_and(|end| end == "typ") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            templates.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Invented people only.
fn birth(number: u32) -> Value {
    let names = ["Minh Khuê", "Gia Bảo", "Thảo Nguyên", "Đức Thịnh", "Ngọc Ánh", "Quốc Việt"];
    let given = names[number as usize % names.len()];
    let field = |text: &str| json!({"text": text});
    let dated = |text: &str, iso: &str| json!({"text": text, "iso": iso});
    json!({
        "qr": true,
        "office": {"name": "Ủy ban nhân dân xã Mẫu", "parent_name": "Ủy ban nhân dân tỉnh Đồng Tháp"},
        "document": {"issued_place": "Mẫu", "issued_on_text": "Ngày 12 tháng 11 năm 2026", "number": ""},
        "signer": {"title": "Phó Chủ tịch", "name": "Nguyễn Thị Mẫu"},
        "entry": {
            "number_text": format!("{number}/2026"),
            "book_text": "01/2026",
            "registered_on_text": "12/11/2026",
            "fields": {
                "child_name": field(&format!("Nguyễn {given}")),
                "child_birth_date": dated("05/11/2026", "2026-11-05"),
                "child_sex": field(if number % 2 == 0 { "Nữ" } else { "Nam" }),
                "child_birth_place": field("Bệnh viện Đa khoa Mẫu, tỉnh Đồng Tháp"),
                "child_ethnicity": field("Kinh"),
                "child_nationality": field("Việt Nam"),
                "child_hometown": field("Xã Mẫu, tỉnh Đồng Tháp"),
                "child_number": field(&format!("0873260{number:05}")),
                "mother_name": field("Trần Thị Mẫu Đơn"),
                "mother_birth_date": dated("12/03/1998", "1998-03-12"),
                "mother_ethnicity": field("Kinh"),
                "mother_nationality": field("Việt Nam"),
                "mother_residence": field("Số 12, Ấp 3, Xã Mẫu, tỉnh Đồng Tháp"),
                "father_name": field("Nguyễn Văn Mẫu"),
                "father_birth_date": dated("1996", "1996"),
                "father_ethnicity": field("Kinh"),
                "father_nationality": field("Việt Nam"),
                "father_residence": field("Số 12, Ấp 3, Xã Mẫu, tỉnh Đồng Tháp"),
                "registrant_name": field("Nguyễn Văn Mẫu"),
                "registrant_paper": field("Căn cước số 087096000000, cấp ngày 01/02/2024"),
            },
        },
    })
}
