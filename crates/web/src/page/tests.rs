//! Rules that hold for every page.

use askama::Template;

use super::field::{FieldView, GroupRow, GroupView, Input, RADIO_LIMIT, TextShape};
use super::filing::{AutosaveReply, DraftView, SectionPage, StepLink, StepState};
use super::parts::{Fault, OptionView};
use super::portal::{HomePage, JobView, SearchPage};
use super::shell::{Lang, Shell};

/// An asset as it goes over the line.
fn asset(name: &str) -> &'static str {
    crate::assets::text(name).unwrap().1
}

fn text_field(name: &str, value: &str) -> FieldView {
    FieldView {
        id: FieldView::id_of(name),
        name: name.into(),
        label: "Họ và tên".into(),
        required: true,
        input: Input::Text { value: value.into(), shape: TextShape::PersonName, max_length: 80 },
        ..FieldView::default()
    }
}

fn html(field: &FieldView) -> String {
    field.html(&Lang::Vi).render().unwrap()
}

#[test]
fn what_a_person_typed_is_never_markup() {
    let nasty = "\"><script>alert(1)</script>";
    let shown = html(&text_field("name", nasty));
    assert!(!shown.contains("<script"), "{shown}");
    let ui = Shell { query: nasty.into(), ..Shell::default() };
    let page = SearchPage { ui, ..SearchPage::default() }.render().unwrap();
    assert!(!page.contains("<script>alert"), "{page}");
}

#[test]
fn the_parts_of_a_person_are_drawn_as_fields_not_as_text() {
    let mother = FieldView {
        input: Input::Person { parts: vec![text_field("mother.name", "<Lan>")] },
        ..text_field("mother", "")
    };
    let shown = html(&mother);
    assert!(shown.contains("<label for=\"mother-name\">"), "{shown}");
    assert!(shown.contains("name=\"mother.name\""), "{shown}");
    assert!(shown.contains("&#60;Lan&#62;"), "{shown}");
}

#[test]
fn a_fault_stands_beside_its_field_and_is_announced_with_it() {
    let field = FieldView { error: Some("Hãy ghi cả họ.".into()), ..text_field("name", "An") };
    let shown = html(&field);
    assert!(shown.contains("id=\"name-error\">Hãy ghi cả họ."), "{shown}");
    assert!(shown.contains("aria-invalid=\"true\" aria-describedby=\"name-error\""), "{shown}");
}

#[test]
fn a_question_that_may_stay_empty_says_so() {
    let field = FieldView { required: false, ..text_field("name", "") };
    assert!(html(&field).contains("(không bắt buộc)"));
    assert!(!html(&text_field("name", "")).contains("(không bắt buộc)"));
}

#[test]
fn a_question_that_is_not_asked_stays_in_the_page_hidden() {
    let field = FieldView { hidden: true, ..text_field("late_reason", "") };
    assert!(html(&field).contains("data-field=\"late_reason\" hidden>"));
}

#[test]
fn a_fixed_answer_is_shown_and_not_sent() {
    let field =
        FieldView { fixed: true, text: "087195001234".into(), ..text_field("number", "other") };
    let shown = html(&field);
    assert!(shown.contains(">087195001234<"), "{shown}");
    assert!(!shown.contains("<input"), "{shown}");
}

#[test]
fn few_options_are_radio_buttons_and_many_a_list() {
    let choice = |count: usize| FieldView {
        input: Input::Choice {
            options: (0..count)
                .map(|n| OptionView {
                    value: n.to_string(),
                    label: n.to_string(),
                    selected: n == 1,
                })
                .collect(),
        },
        ..text_field("sex", "")
    };
    assert!(html(&choice(RADIO_LIMIT)).contains("value=\"1\" checked"));
    assert!(html(&choice(RADIO_LIMIT + 1)).contains("<option value=\"1\" selected>"));
}

#[test]
fn a_full_group_offers_no_further_row() {
    let group = |rows: u32| FieldView {
        input: Input::Group(GroupView {
            rows: (0..rows).map(|index| GroupRow { index, fields: vec![] }).collect(),
            max: 2,
            row_name: "người làm chứng".into(),
            ..GroupView::default()
        }),
        ..text_field("witnesses", "")
    };
    assert!(html(&group(1)).contains("data-row-add=\"witnesses\">"));
    assert!(html(&group(2)).contains("data-row-add=\"witnesses\" hidden>"));
}

#[test]
fn a_page_with_faults_says_so_first_in_its_title_and_summary() {
    let page = SectionPage {
        title: "Người mẹ".into(),
        faults: vec![Fault { href: "#mother-name".into(), message: "Hãy ghi họ tên.".into() }],
        ..SectionPage::default()
    };
    let shown = page.render().unwrap();
    assert!(shown.contains("<title>Lỗi: Người mẹ"), "{shown}");
    assert!(shown.contains("role=\"alert\""), "{shown}");
    assert!(shown.contains("<a href=\"#mother-name\">Hãy ghi họ tên.</a>"), "{shown}");
    let fine = SectionPage { title: "Người mẹ".into(), ..SectionPage::default() };
    assert!(!fine.render().unwrap().contains("role=\"alert\""));
}

#[test]
fn enter_in_a_box_means_save_and_go_on() {
    let steering = FieldView { steers: true, ..text_field("name", "") };
    let page = SectionPage { fields: vec![steering], ..SectionPage::default() };
    let shown = page.render().unwrap();
    let form = shown.split("data-autosave").nth(1).unwrap();
    let first = form.split("<button").nth(1).unwrap();
    assert!(!first.split('>').next().unwrap().contains("name="), "{first}");
}

#[test]
fn the_place_among_the_steps_is_counted_from_one() {
    let step = |state| StepLink { state, ..StepLink::default() };
    let steps = vec![step(StepState::Done), step(StepState::Current), step(StepState::Todo)];
    assert_eq!(DraftView { steps, ..DraftView::default() }.position(), 2);
    assert_eq!(DraftView::default().position(), 1);
}

#[test]
fn every_page_in_english_says_its_language() {
    let ui = Shell { lang: Lang::En, ..Shell::default() };
    let shown = HomePage { ui, ..HomePage::default() }.render().unwrap();
    assert!(shown.contains("<html lang=\"en\">"));
    assert!(shown.contains("What do you need to do?"));
}

#[test]
fn the_script_is_told_what_it_reads() {
    fn is_serializable(_: &impl serde::Serialize) {}
    is_serializable(&AutosaveReply::default());
    for name in ["saved_at_text", "visible", "problems", "computed"] {
        assert!(asset("app.js").contains(&format!("reply.{name}")), "{name}");
    }
}

#[test]
fn the_first_page_weighs_at_most_sixty_kilobytes() {
    let (css, script) = (asset("app.css"), asset("app.js"));
    assert!(css.len() <= 20_000, "stylesheet: {}", css.len());
    let scripts = script.len() + asset("verify.js").len();
    assert!(scripts <= 30_000, "scripts: {scripts}");
    let job = JobView {
        href: "/thu-tuc/birth-registration".into(),
        name: "Cấp giấy xác nhận tình trạng hôn nhân".into(),
        summary: "Cho trẻ mới sinh, trong vòng 60 ngày kể từ ngày sinh ra.".repeat(3),
        facts: "Trong ngày · Miễn lệ phí nếu đúng hạn".into(),
        field: "Hộ tịch".into(),
    };
    let page = HomePage { jobs: vec![job; 6], ..HomePage::default() }.render().unwrap();
    let whole = page.len() + css.len() + script.len();
    assert!(whole <= 60_000, "first page: {whole}");
}

#[test]
fn no_template_holds_inline_script_or_style_or_trusts_a_value() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for banned in
                ["<script>", "<style", " style=", " onclick=", " onload=", "|safe", "| safe"]
            {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
            }
            if let Some(at) = text.find("method=\"post\"") {
                assert!(text[at..].contains("name=\"csrf\""), "{}: no token", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} templates");
}
