//! Draws every page with invented data into a folder, to be looked at in a browser:
//! `cargo run -p web --example preview -- /tmp/pages`.

mod bench;
mod citizen;
mod dossiers;
mod open;
mod registers;

use std::fs;
use std::path::Path;

use askama::Template;
use web::page::parts::{Fact, Fault, Link, OptionView, StateView, Tone};
use web::page::shell::{Area, Lang, Shell, Viewer};

type Pages = Vec<(String, String)>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("give the folder to write into")?;
    let folder = Path::new(&folder);
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    fs::create_dir_all(folder.join("assets"))?;
    for file in fs::read_dir(assets)? {
        let file = file?;
        fs::copy(file.path(), folder.join("assets").join(file.file_name()))?;
    }
    let mut pages = Pages::new();
    open::draw(&mut pages)?;
    citizen::draw(&mut pages)?;
    dossiers::draw(&mut pages)?;
    bench::draw(&mut pages)?;
    registers::draw(&mut pages)?;
    for (name, html) in pages {
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(())
}

/// Draws one page.
fn add(pages: &mut Pages, name: &str, page: &impl Template) -> askama::Result<()> {
    pages.push((name.to_owned(), page.render()?));
    Ok(())
}

/// Around a page of the portal.
fn shell(area: Area) -> Shell {
    Shell {
        assets: "assets".into(),
        asset_version: "1".into(),
        place: "Tỉnh Đồng Tháp".into(),
        department: "Sở Tư pháp".into(),
        csrf: "c5rf".into(),
        path: "/".into(),
        lang_href: "?lang=en".into(),
        text_size_href: "?co-chu=lon".into(),
        demo: true,
        area,
        help_phone: "0277 1022".into(),
        help_hours: "7 giờ 30–11 giờ 30, 13 giờ 30–17 giờ 00, thứ Hai đến thứ Sáu".into(),
        ..Shell::default()
    }
}

/// The same for a citizen signed in.
fn citizen_shell(area: Area) -> Shell {
    Shell {
        viewer: Some(Viewer { name: "Nguyễn Thị Lan".into(), ..Viewer::default() }),
        session_seconds: Some(900),
        ..shell(area)
    }
}

/// The same in English.
fn english(ui: Shell) -> Shell {
    Shell { lang: Lang::En, ..ui }
}

/// The same for an officer.
fn officer_shell(area: Area) -> Shell {
    Shell {
        viewer: Some(Viewer {
            name: "Lê Thị Hạnh".into(),
            role: "Công chức tư pháp – hộ tịch".into(),
            unit: "UBND xã Mỹ Hiệp".into(),
            is_officer: true,
            registers: vec![link("/can-bo/so/birth", "Sổ đăng ký khai sinh")],
            can_list: true,
            can_audit: true,
            can_review: true,
        }),
        session_seconds: Some(900),
        ..shell(area)
    }
}

fn link(href: &str, text: &str) -> Link {
    Link { href: href.into(), text: text.into() }
}

fn state(tone: Tone, text: &str) -> StateView {
    StateView { text: text.into(), tone }
}

fn fact(label: &str, value: &str) -> Fact {
    Fact { label: label.into(), value: value.into() }
}

fn fault(href: &str, message: &str) -> Fault {
    Fault { href: href.into(), message: message.into() }
}

fn option(value: &str, label: &str, selected: bool) -> OptionView {
    OptionView { value: value.into(), label: label.into(), selected }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}
