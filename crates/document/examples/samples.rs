//! Every paper of the national pack with invented data:
//! `cargo run -p document --example samples -- FOLDER`.

mod shared;

use std::path::PathBuf;

use document::pdf::Renderer;
use jiff::civil::date;

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    let renderer = Renderer::new(shared::templates()?, shared::fonts()?)?;
    let mut failed = 0;
    let ordinary = shared::papers().into_iter().map(|(template, data)| (template, data, ""));
    let long = shared::papers().into_iter();
    let long = long.map(|(template, data)| (template, shared::lengthened(&data), "-long"));
    for (number, (template, data, suffix)) in (1..).zip(ordinary.chain(long)) {
        let qr = document::qr::svg(&shared::link(number))?.into_bytes();
        match renderer.render(template, &data, &[("qr.svg", qr)], date(2026, 11, 5)) {
            Ok(pdf) => {
                let name = template.rsplit('/').next().unwrap_or_default();
                let name = format!("{}{suffix}.pdf", name.trim_end_matches(".typ"));
                std::fs::write(folder.join(name), pdf)?;
                println!("{template}");
            }
            Err(error) => {
                failed += 1;
                println!("{error}");
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} papers failed").into()) }
}
