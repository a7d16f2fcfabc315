// NOTE (working): the lead gave crates/document to another colleague (see README). Author of signing: please stop writing here; your drafts were kept as the base. Thank you.
//! Rendering, through the public door and with the fonts of the national pack.

use std::collections::BTreeMap;

use document::pdf::{RenderError, Renderer, TemplateProblem};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 5);

fn fonts() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/national/fonts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut fonts: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "ttf")).collect();
    fonts.sort();
    fonts.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

const STYLE: &str = "#set text(font: \"Liberation Serif\", lang: \"vi\", fallback: false)\n";

fn try_renderer(templates: &[(&str, &str)]) -> Result<Renderer, Vec<TemplateProblem>> {
    let templates: BTreeMap<_, _> =
        templates.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Renderer::new(templates, fonts())
}

/// Renders one template with the usual style in front, so its own first line is line 2.
fn render(template: &str, data: &Value) -> Result<Vec<u8>, RenderError> {
    let renderer = try_renderer(&[("a/main.typ", &format!("{STYLE}{template}"))]).unwrap();
    renderer.render("a/main.typ", data, &[], TODAY)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_template_reads_its_data_and_the_result_is_pdf_a() {
    let pdf = render("#let d = json(\"data.json\")\nXin chào #d.name", &json!({"name": "Đỗ Thị Mẫu"}))
        .unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(contains(&pdf, "pdfaid:part>2<") && contains(&pdf, "pdfaid:conformance>U<"));
}

#[test]
fn the_same_input_gives_the_same_bytes_and_other_input_others() {
    let template = "#json(\"data.json\").name #datetime.today().display()";
    let one = render(template, &json!({"name": "Mẫu"})).unwrap();
    assert_eq!(one, render(template, &json!({"name": "Mẫu"})).unwrap());
    assert_ne!(one, render(template, &json!({"name": "Mậu"})).unwrap());
}

#[test]
fn templates_import_each_other_and_find_the_files_of_the_job_from_every_folder() {
    let renderer = try_renderer(&[
        ("templates/lib.typ", "#let stamp = image(\"/templates/star.svg\", width: 9pt)"),
        ("templates/star.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>"),
        (
            "procedures/birth/paper.typ",
            &format!("#import \"/templates/lib.typ\": stamp\n{STYLE}#json(\"data.json\").a #stamp #image(\"qr.svg\")"),
        ),
    ])
    .unwrap();
    let qr = document::qr::svg("mẫu").unwrap().into_bytes();
    let main = "procedures/birth/paper.typ";
    assert!(renderer.render(main, &json!({"a": "b"}), &[("qr.svg", qr)], TODAY).is_ok());
    assert!(renderer.render(main, &json!({"a": "b"}), &[], TODAY).is_err(), "no qr");
    assert!(renderer.render("procedures/birth/other.typ", &json!({}), &[], TODAY).is_err());
}

#[test]
fn a_character_that_no_font_has_is_an_error_with_its_place() {
    let error = render("Tốt\n#json(\"data.json\").name", &json!({"name": "山"})).unwrap_err();
    let [problem] = &error.problems[..] else { panic!("{:?}", error.problems) };
    assert_eq!((problem.file.as_str(), problem.line), ("a/main.typ", 3));
    assert!(problem.message.contains("U+5C71"), "{}", problem.message);
    assert!(!error.to_string().contains("山"), "the data stay out of the log: {error}");
}

#[test]
fn every_vietnamese_letter_is_in_the_fonts() {
    let letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";
    let template = "#let t = json(\"data.json\").t\n#t #upper(t) *#t* _#t _ *_#upper(t)_*";
    render(template, &json!({"t": letters})).unwrap();
}

#[test]
fn an_unknown_font_is_an_error_not_another_font() {
    let error = render("#set text(font: \"Times New Roman\", fallback: true)\nMẫu", &json!({}));
    let problems = error.unwrap_err().problems;
    assert!(problems[0].message.contains("font"), "{problems:?}");
    assert_eq!(problems[0].line, 2);
}

#[test]
fn packages_other_files_and_plugins_are_out_of_reach() {
    for template in [
        "#import \"@preview/cetz:0.3.0\"",
        "#read(\"/etc/passwd\")",
        "#read(\"../../../../etc/passwd\")",
        "#plugin(\"a.wasm\")",
        "#image(\"https://example.vn/a.png\")",
    ] {
        assert!(render(template, &json!({})).is_err(), "{template}");
    }
}

#[test]
fn syntax_errors_are_all_told_with_file_and_line() {
    let problems = try_renderer(&[
        ("a.typ", "good\n#let = 1\n"),
        ("b.typ", "#if true {"),
        ("c.typ", "fine"),
    ])
    .err()
    .unwrap();
    let places: Vec<_> = problems.iter().map(|one| (one.file.as_str(), one.line)).collect();
    assert!(places.contains(&("a.typ", 2)) && places.contains(&("b.typ", 1)), "{problems:?}");
    assert!(!places.iter().any(|(file, _)| *file == "c.typ"));
}

#[test]
fn a_file_that_is_no_font_is_told() {
    let problems = Renderer::new(BTreeMap::new(), vec![b"not a font".to_vec()]).err().unwrap();
    assert!(problems[0].message.contains("không phải phông chữ"));
    assert!(Renderer::new(BTreeMap::new(), vec![]).is_err());
}

#[test]
fn checking_a_template_needs_no_pictures_and_tells_where_it_fails() {
    let renderer = try_renderer(&[
        ("good.typ", &format!("{STYLE}#image(\"qr.svg\", width: 9pt) #json(\"data.json\").a")),
        ("lib.typ", "#let name(d) = [\n  #d.name\n]"),
        ("bad.typ", &format!("#import \"lib.typ\": name\n{STYLE}#name(json(\"data.json\"))")),
        ("wavering.typ", &format!("{STYLE}#set text(weight: \"nothing\")")),
    ])
    .unwrap();
    let check = |main| renderer.check_template(main, &json!({"a": "b"}), TODAY);
    assert_eq!(check("good.typ"), []);
    let bad = check("bad.typ");
    assert_eq!((bad[0].file.as_str(), bad[0].line), ("lib.typ", 2), "{bad:?}");
    assert!(bad[0].message.contains("name"));
    assert_eq!(check("wavering.typ")[0].line, 2);
    assert_eq!(check("missing.typ")[0].file, "missing.typ");
}

#[test]
fn a_failed_document_does_not_spoil_the_next() {
    let renderer =
        try_renderer(&[("a.typ", &format!("{STYLE}#json(\"data.json\").name"))]).unwrap();
    let good = renderer.render("a.typ", &json!({"name": "Mẫu"}), &[], TODAY).unwrap();
    for _ in 0..20 {
        assert!(renderer.render("a.typ", &json!({}), &[], TODAY).is_err());
    }
    assert_eq!(renderer.render("a.typ", &json!({"name": "Mẫu"}), &[], TODAY).unwrap(), good);
}

#[test]
fn several_documents_are_made_side_by_side() {
    let renderer =
        try_renderer(&[("a.typ", &format!("{STYLE}#json(\"data.json\").name"))]).unwrap();
    let alone: Vec<_> = (0..8)
        .map(|n| renderer.render("a.typ", &json!({"name": n.to_string()}), &[], TODAY).unwrap())
        .collect();
    std::thread::scope(|scope| {
        for (number, expected) in alone.iter().enumerate() {
            let renderer = &renderer;
            scope.spawn(move || {
                let data = json!({"name": number.to_string()});
                assert_eq!(&renderer.render("a.typ", &data, &[], TODAY).unwrap(), expected);
            });
        }
    });
}
