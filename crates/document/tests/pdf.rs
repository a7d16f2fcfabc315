//! Rendering, through the public door and with the fonts of the national pack.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/shared/mod.rs"]
mod shared;

use std::collections::BTreeMap;

use document::pdf::{RenderError, Renderer, check_syntax};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 5);

const STYLE: &str = "#set text(font: \"Liberation Serif\", lang: \"vi\", fallback: false)\n";

fn map(templates: &[(&str, &str)]) -> BTreeMap<String, String> {
    templates.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn renderer(templates: &[(&str, &str)]) -> Renderer {
    Renderer::new(map(templates), shared::fonts().unwrap()).unwrap()
}

/// Renders one template with the usual style in front, so its own first line is line 2.
fn render(template: &str, data: &Value) -> Result<Vec<u8>, RenderError> {
    let renderer = renderer(&[("a/main.typ", &format!("{STYLE}{template}"))]);
    renderer.render("a/main.typ", data, &[], TODAY)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_template_reads_its_data_and_the_result_is_pdf_a() {
    let pdf =
        render("#let d = json(\"data.json\")\nXin chào #d.name", &json!({"name": "Đỗ Thị Mẫu"}))
            .unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(contains(&pdf, "pdfaid:part>2<") && contains(&pdf, "pdfaid:conformance>U<"));
}

#[test]
fn the_file_has_the_plain_structure_that_signing_by_incremental_update_needs() {
    let pdf = render("Mẫu", &json!({})).unwrap();
    assert!(contains(&pdf, "\nxref\n0 ") && contains(&pdf, "\ntrailer\n"));
    assert!(!contains(&pdf, "/ObjStm") && !contains(&pdf, "/AcroForm"));
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
    let renderer = renderer(&[
        ("templates/lib.typ", "#let stamp = image(\"/templates/star.svg\", width: 9pt)"),
        (
            "templates/star.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>",
        ),
        (
            "procedures/birth/paper.typ",
            &format!(
                "#import \"/templates/lib.typ\": stamp\n{STYLE}#json(\"data.json\").a #json(\"/data.json\").a #stamp #image(\"qr.svg\")"
            ),
        ),
    ]);
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
    assert!(error.to_string().contains("U+5C71") && !error.to_string().contains('山'), "{error}");
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
fn syntax_errors_are_all_told_with_their_places() {
    let templates = map(&[
        ("a.typ", "good\n#let = 1\n"),
        ("b.typ", "#if true {"),
        ("c.typ", "fine"),
        ("../d.typ", "outside"),
    ]);
    let problems = check_syntax(&templates);
    let has = |file, line| problems.iter().any(|one| one.file == file && one.line == line);
    assert!(has("a.typ", 2) && has("b.typ", 1) && has("../d.typ", 0), "{problems:?}");
    assert!(!problems.iter().any(|one| one.file == "c.typ"));
    let error = Renderer::new(templates, shared::fonts().unwrap()).err().unwrap();
    assert_eq!(error.problems.len(), problems.len());
    assert!(error.problems.iter().any(|problem| problem.path == "a.typ:2:5"), "{error}");
}

#[test]
fn a_file_that_is_no_font_is_told() {
    let error = Renderer::new(BTreeMap::new(), vec![b"not a font".to_vec()]).err().unwrap();
    assert_eq!(error.problems[0].code, "font.unreadable");
    assert!(Renderer::new(BTreeMap::new(), vec![]).is_err());
}

#[test]
fn checking_a_template_needs_no_pictures_and_tells_where_it_fails() {
    let renderer = renderer(&[
        ("good.typ", &format!("{STYLE}#image(\"qr.svg\", width: 9pt) #json(\"data.json\").a")),
        ("lib.typ", "#let name(d) = [\n  #d.name\n]"),
        ("bad.typ", &format!("#import \"lib.typ\": name\n{STYLE}#name(json(\"data.json\"))")),
        ("wavering.typ", &format!("{STYLE}#set text(weight: \"nothing\")")),
    ]);
    let check = |main| renderer.check(main, &json!({"a": "b"}));
    assert_eq!(check("good.typ"), []);
    let bad = check("bad.typ");
    assert_eq!((bad[0].file.as_str(), bad[0].line), ("lib.typ", 2), "{bad:?}");
    assert!(bad[0].message.contains("name"));
    assert_eq!(check("wavering.typ")[0].line, 2);
    assert_eq!(check("missing.typ")[0].file, "missing.typ");
}

#[test]
fn the_log_reads_what_failed_and_where_but_never_the_data() {
    let data = json!({"name": "Đỗ Thị Bưởi", "number": "087198000002"});
    let failing = [
        ("#let d = json(\"data.json\")\n#d.nom", "nom"),
        ("#let d = json(\"data.json\")\n#panic(\"no: \" + upper(d.name))", "panicked"),
        ("#let d = json(\"data.json\")\n#assert(false, message: d.name + d.number)", "assertion"),
        ("#let d = json(\"data.json\")\n#image(d.number + \".png\")", "not found"),
        ("#let d = json(\"data.json\")\n#link(label(d.name))[x]", "label"),
        ("#let d = json(\"data.json\")\n#(:).at(d.name)", "key"),
    ];
    for (template, told) in failing {
        let error = render(template, &data).unwrap_err().to_string();
        assert!(error.starts_with("a/main.typ:3:") && error.contains(told), "{error}");
        for secret in ["Đỗ", "ĐỖ", "Thị", "THỊ", "Bưởi", "BƯỞI", "0871"] {
            assert!(!error.contains(secret), "{error}");
        }
    }
}

#[test]
fn a_template_that_never_ends_is_an_error_not_a_crash() {
    for template in [
        "#let f(n) = f(n + 1)\n#f(1)",
        "#let f(n) = [#f(n + 1)]\n#f(1)",
        "#let f(n) = box[#context f(n + 1)]\n#f(1)",
        "#while true {}",
        "#include \"main.typ\"",
        "#show heading: it => heading(it.body)\n= a",
    ] {
        // As small a stack as the threads of the program have.
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let done = thread.spawn(move || render(template, &json!({}))).unwrap().join().unwrap();
        assert!(done.is_err(), "{template}");
    }
}

#[test]
fn every_paper_of_the_national_pack_can_be_made() {
    let renderer = Renderer::new(shared::templates().unwrap(), shared::fonts().unwrap()).unwrap();
    for (template, data) in shared::papers() {
        let qr = document::qr::svg(&shared::link(1)).unwrap().into_bytes();
        let made = renderer.render(template, &data, &[("qr.svg", qr)], TODAY);
        assert!(made.is_ok(), "{}", made.unwrap_err());
        assert_eq!(renderer.check(template, &data), [], "{template}");
    }
}

#[test]
fn a_failed_document_does_not_spoil_the_next() {
    let renderer = renderer(&[("a.typ", &format!("{STYLE}#json(\"data.json\").name"))]);
    let good = renderer.render("a.typ", &json!({"name": "Mẫu"}), &[], TODAY).unwrap();
    for _ in 0..20 {
        assert!(renderer.render("a.typ", &json!({}), &[], TODAY).is_err());
    }
    assert_eq!(renderer.render("a.typ", &json!({"name": "Mẫu"}), &[], TODAY).unwrap(), good);
}

#[test]
fn several_documents_are_made_side_by_side() {
    let renderer = renderer(&[("a.typ", &format!("{STYLE}#json(\"data.json\").name"))]);
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
