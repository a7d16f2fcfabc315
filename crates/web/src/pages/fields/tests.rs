use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use dossier::form::{self, Checked, FormContext, UploadInfo};
use dossier::{Answers, Source};
use jiff::civil::{Date, date};
use kernel::moment::Moment;
use kernel::problem::Problem;
use pack::Content;
use pack::model::{Form, Section};
use serde_json::{Map, Value, json};

use super::*;
use crate::page::field::{FieldView, Input, RADIO_LIMIT, UploadView};
use crate::page::shell::Lang;

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let source = pack::Source::from_dir(&folder).unwrap();
    let (content, problems) = pack::load(&source);
    content.unwrap_or_else(|| panic!("{problems:#?}"))
});

const TODAY: Date = date(2026, 11, 22);

fn procedure_form(slug: &str) -> &'static Form {
    &CONTENT.procedure_on(slug, TODAY).unwrap().form
}

fn section(slug: &str, id: &str) -> &'static Section {
    procedure_form(slug).sections.iter().find(|section| section.id == id).unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "reads better at the call")]
fn object(value: Value) -> Answers {
    value.as_object().unwrap().clone()
}

fn upload(id: &str) -> Option<UploadInfo> {
    (id == "7").then(|| UploadInfo {
        name: "giay-chung-sinh.jpg".into(),
        mime: "image/jpeg".into(),
        bytes: 1_200_000,
    })
}

struct Page {
    slug: &'static str,
    answers: Answers,
    sources: BTreeMap<String, Source>,
    rows: BTreeMap<String, usize>,
    complete: bool,
}

impl Page {
    fn of(slug: &'static str, answers: Value) -> Self {
        Self {
            slug,
            answers: object(answers),
            sources: BTreeMap::new(),
            rows: BTreeMap::new(),
            complete: false,
        }
    }

    fn with<T>(&self, look: impl FnOnce(&Drawing<'_>, &Checked) -> T) -> T {
        let extra = Map::new();
        let ctx = FormContext {
            content: &CONTENT,
            filed_on: TODAY,
            today: TODAY,
            applicant: None,
            extra: &extra,
            uploads: &upload,
        };
        let form = procedure_form(self.slug);
        let checked = form::check(form, &self.answers, &ctx, self.complete);
        let uploads =
            [UploadView { id: "7".into(), name: "giay.jpg".into(), ..Default::default() }];
        let drawing = Drawing {
            form,
            ctx,
            answers: &self.answers,
            settled: &checked.answers,
            visible: &checked.visible,
            sources: &self.sources,
            problems: &checked.problems,
            uploads: &uploads,
            upload_action: "/nhap/1/tep",
            rows: &self.rows,
            lang: Lang::Vi,
        };
        look(&drawing, &checked)
    }

    fn draw(&self, id: &str) -> Vec<FieldView> {
        self.with(|drawing, _| drawing.section(section(self.slug, id)))
    }

    fn field(&self, id: &str, name: &str) -> FieldView {
        self.draw(id).into_iter().find(|view| view.name == name).unwrap()
    }
}

/// What a browser sends for these fields.
fn sent(fields: &[FieldView]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for field in fields.iter().filter(|field| !field.fixed) {
        let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        match &field.input {
            Input::Text { value, .. }
            | Input::LongText { value, .. }
            | Input::Number { value, .. }
            | Input::Date { value, .. } => add(&field.name, value),
            Input::YesNo { value } => {
                if let Some(value) = value {
                    add(&field.name, &value.to_string());
                }
            }
            Input::Choice { options } => {
                let chosen = options.iter().find(|option| option.selected);
                match chosen {
                    Some(option) => add(&field.name, &option.value),
                    None if options.len() > RADIO_LIMIT => add(&field.name, ""),
                    None => {}
                }
            }
            Input::Person { parts } => pairs.extend(sent(parts)),
            Input::Address(view) => {
                let chosen = |options: &[crate::page::parts::OptionView]| {
                    let found = options.iter().find(|option| option.selected);
                    found.map(|option| option.value.clone()).unwrap_or_default()
                };
                for (key, value) in [
                    ("province", &chosen(&view.provinces)),
                    ("commune", &chosen(&view.communes)),
                    ("detail", &view.detail),
                    ("former_province", &view.former_province),
                    ("former_district", &view.former_district),
                    ("former_ward", &view.former_ward),
                ] {
                    add(&format!("{}.{key}", field.name), value);
                }
            }
            Input::Files(_) => {}
            Input::Group(group) => {
                for row in &group.rows {
                    pairs.extend(sent(&row.fields));
                }
            }
        }
    }
    pairs
}

fn read(slug: &str, id: &str, pairs: &[(&str, &str)], before: Value) -> Value {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Value::Object(patch(section(slug, id), &pairs, &object(before), &CONTENT.units))
}

const BIRTH: &str = "birth-registration";
const CORRECTION: &str = "civil-status-correction";

fn birth_answers() -> Value {
    json!({
        "registrant": {
            "number": "088195000102", "name": "Trần Thị Ngọc Diễm", "birth_date": "1995-09-02",
            "residence": { "province": "82", "commune": "29869", "detail": "Số 24" },
        },
        "registrant_relation": "mother",
        "contact_phone": "0900000102",
        "child_case": "ordinary",
        "child_name": "Huỳnh Minh An",
        "child_sex": "female",
        "child_birth_date": "2026-11-05",
        "birth_evidence": "witness",
        "born_at": "elsewhere",
        "birth_address": {
            "province": "82", "commune": "29869", "former": "Phường 1, Thành phố Cao Lãnh",
        },
        "child_hometown": { "province": "82", "commune": "29905" },
        "child_ethnicity": "01",
        "child_nationality": "VN",
        "mother": { "name": "Trần Thị Ngọc Diễm", "birth_date": "1995" },
        "parents_married": false,
        "father_declared": "left-blank",
        "witness_statement": ["7"],
        "witnesses": [
            { "witness_name": "Lê Văn Mẫu", "witness_address": "Ấp 1" },
            { "witness_name": "Phạm Thị Mẫu" },
        ],
        "copies": 0,
        "receive_way": "desk",
        "declaration": true,
    })
}

#[test]
fn what_a_page_shows_comes_back_as_it_was() {
    let page = Page::of(BIRTH, birth_answers());
    for part in &procedure_form(BIRTH).sections {
        let pairs = sent(&page.draw(&part.id));
        let back = patch(part, &pairs, &page.answers, &CONTENT.units);
        for (field, value) in &back {
            let now = page.answers.get(field).cloned().unwrap_or(Value::Null);
            let typed = page.with(|drawing, _| {
                let field = field_in(part, field).unwrap();
                // Dates come back as they are shown; the check makes them normal again.
                let ctx = drawing.ctx;
                let form = Form { sections: vec![part.clone()], rules: Vec::new() };
                let answers = Answers::from_iter([(field.id.clone(), value.clone())]);
                form::check(&form, &answers, &ctx, false).answers.get(&field.id).cloned()
            });
            // What the section's own conditions hide when it stands alone is compared as sent.
            let back = typed.unwrap_or_else(|| value.clone());
            assert_eq!(back, now, "{field} of {}", part.id);
        }
    }
}

#[test]
fn every_field_that_can_be_answered_is_sent_back() {
    let page = Page::of(BIRTH, birth_answers());
    for part in &procedure_form(BIRTH).sections {
        let pairs = sent(&page.draw(&part.id));
        let back = patch(part, &pairs, &page.answers, &CONTENT.units);
        for field in &part.fields {
            let is_file = matches!(field.kind, pack::model::FieldKind::File { .. });
            let was_answered = page.answers.contains_key(&field.id);
            if was_answered && !is_file && field.compute.is_none() {
                assert!(back.contains_key(&field.id), "{}", field.id);
            }
        }
    }
}

#[test]
fn an_answer_is_read_as_its_kind_wants_it() {
    let pairs = [
        ("copies", " 2 "),
        ("declaration", "true"),
        ("receive_way", "desk"),
        ("late_reason", "Đi làm xa\r\nnay mới về"),
    ];
    let wanted = json!({
        "copies": 2, "declaration": true, "receive_way": "desk",
        "late_reason": "Đi làm xa\r\nnay mới về",
    });
    assert_eq!(read(BIRTH, "result-part", &pairs, json!({})), wanted);
}

#[test]
fn what_cannot_be_read_stays_as_it_was_typed_and_shows_again() {
    let pairs = [("copies", "hai"), ("declaration", "có thể")];
    let patch = read(BIRTH, "result-part", &pairs, json!({}));
    assert_eq!(patch, json!({ "copies": "hai", "declaration": "có thể" }));
    let view = Page::of(BIRTH, patch).field("result-part", "copies");
    assert!(matches!(&view.input, Input::Number { value, .. } if value == "hai"));
    assert!(view.error.is_some());
}

#[test]
fn an_empty_box_takes_the_answer_away_and_an_untouched_radio_leaves_it() {
    let before = json!({ "copies": 3, "declaration": true });
    let patch = read(BIRTH, "result-part", &[("copies", " ")], before);
    assert_eq!(patch, json!({ "copies": null }));
}

#[test]
fn an_impossible_date_keeps_its_digits_and_a_right_one_reads_as_offices_write() {
    let page = Page::of(BIRTH, json!({ "child_birth_date": "31/02/2026" }));
    let view = page.field("child-part", "child_birth_date");
    assert!(matches!(&view.input, Input::Date { value, .. } if value == "31/02/2026"));
    assert!(view.error.unwrap().contains("31"));
    let page = Page::of(BIRTH, json!({ "child_birth_date": "2026-11-05" }));
    let view = page.field("child-part", "child_birth_date");
    assert!(matches!(&view.input, Input::Date { value, .. } if value == "05/11/2026"));
    let page = Page::of(BIRTH, json!({ "mother": { "birth_date": "1995" } }));
    let Input::Person { parts } = page.field("mother-part", "mother").input else { panic!() };
    let birth = parts.iter().find(|part| part.name == "mother.birth_date").unwrap();
    assert!(matches!(&birth.input, Input::Date { value, partial: true } if value == "1995"));
}

#[test]
fn the_parts_of_a_person_carry_their_own_faults() {
    let answers = json!({ "child_case": "ordinary", "mother": {
        "number": "123", "name": "An", "residence": { "province": "82", "commune": "99999" },
    } });
    let page = Page::of(BIRTH, answers);
    let view = page.field("mother-part", "mother");
    assert_eq!(view.error, None);
    let Input::Person { parts } = &view.input else { panic!() };
    let part = |name: &str| parts.iter().find(|part| part.name == name).unwrap();
    assert!(part("mother.number").error.is_some());
    assert!(!part("mother.number").required);
    assert!(part("mother.name").required);
    let Input::Address(address) = &part("mother.residence").input else { panic!() };
    assert!(address.commune_error.is_some());
    assert_eq!(part("mother.residence").error, None);
    page.with(|drawing, _| {
        let faults = drawing.faults(section(BIRTH, "mother-part"));
        let links: Vec<&str> = faults.iter().map(|fault| fault.href.as_str()).collect();
        assert!(links.contains(&"#mother-number"), "{links:?}");
        assert!(links.contains(&"#mother-residence-commune"), "{links:?}");
    });
}

#[test]
fn questions_that_are_not_asked_stay_in_the_page_hidden() {
    let page = Page::of(BIRTH, json!({ "born_at": "elsewhere", "birth_facility": "Trạm y tế" }));
    let view = page.field("child-part", "birth_facility");
    assert!(view.hidden);
    assert!(matches!(&view.input, Input::Text { value, .. } if value == "Trạm y tế"));
    let page = Page::of(BIRTH, json!({ "born_at": "facility" }));
    assert!(!page.field("child-part", "birth_facility").hidden);
}

#[test]
fn only_answers_that_change_the_same_page_steer() {
    let page = Page::of(BIRTH, json!({}));
    for (part, name, steers) in [
        ("child-part", "born_at", true),
        ("child-part", "birth_address", true),
        ("child-part", "child_sex", false),
        ("child-part", "child_birth_date", false),
        ("father-part", "parents_married", true),
        ("result-part", "receive_way", true),
        ("result-part", "copies", false),
    ] {
        assert_eq!(page.field(part, name).steers, steers, "{name}");
    }
}

#[test]
fn a_computed_value_is_text_and_is_not_sent() {
    let answers = json!({
        "born_at": "facility", "birth_facility": "Trạm y tế",
        "birth_address": { "province": "82", "commune": "29869" },
    });
    let view = Page::of(BIRTH, answers).field("child-part", "child_birth_place");
    assert!(view.fixed);
    assert_eq!(view.text, "Trạm y tế, phường Cao Lãnh, tỉnh Đồng Tháp");
    let pairs = [("child_birth_place", "Nơi khác")];
    assert_eq!(read(BIRTH, "child-part", &pairs, json!({})), json!({}));
}

#[test]
fn a_filled_value_says_where_it_was_taken_from() {
    let mut page = Page::of(BIRTH, json!({ "mother": { "name": "Trần Thị Mẫu" } }));
    let source = Source { from: "population".into(), at: Moment::from_micros(0) };
    page.sources.insert("mother".into(), source);
    let view = page.field("mother-part", "mother");
    assert_eq!(view.source.unwrap(), "Lấy từ Cơ sở dữ liệu quốc gia về dân cư");
}

#[test]
fn an_attached_file_is_listed_and_never_read_from_a_form() {
    let page = Page::of(BIRTH, json!({ "witness_statement": ["7"], "birth_evidence": "witness" }));
    let Input::Files(files) = page.field("papers-part", "witness_statement").input else {
        panic!()
    };
    assert_eq!(files.files.len(), 1);
    assert_eq!(files.accept_text, "PDF, JPEG, PNG hoặc WebP");
    let patch = read(BIRTH, "papers-part", &[("witness_statement", "8")], json!({}));
    assert_eq!(patch.get("witness_statement"), None);
}

#[test]
fn rows_are_read_in_their_order_and_gone_when_not_sent() {
    let pairs = [
        ("witnesses.1.witness_name", "Phạm Thị Mẫu"),
        ("witnesses.0.witness_name", "Lê Văn Mẫu"),
        ("witnesses.__.witness_name", "mẫu của script"),
    ];
    let patch = read(BIRTH, "papers-part", &pairs, json!({}));
    let wanted = json!([{ "witness_name": "Lê Văn Mẫu" }, { "witness_name": "Phạm Thị Mẫu" }]);
    assert_eq!(patch["witnesses"], wanted);
    let before = json!({ "witnesses": wanted });
    assert_eq!(read(BIRTH, "papers-part", &[], before)["witnesses"], Value::Null);
}

#[test]
fn a_row_can_be_taken_out_and_a_blank_one_added() {
    let pairs = vec![
        ("witnesses.0.witness_name".to_owned(), "Lê Văn Mẫu".to_owned()),
        ("witnesses.1.witness_name".to_owned(), "Phạm Thị Mẫu".to_owned()),
        ("witnesses.10.witness_name".to_owned(), "Võ Thị Mẫu".to_owned()),
    ];
    let left = without_row(&pairs, "witnesses.1");
    let patch = patch(section(BIRTH, "papers-part"), &left, &Answers::new(), &CONTENT.units);
    assert_eq!(patch["witnesses"].as_array().unwrap().len(), 2);
    let mut page = Page::of(BIRTH, json!({ "witnesses": [{ "witness_name": "Lê Văn Mẫu" }] }));
    page.rows.insert("witnesses".into(), 2);
    let Input::Group(group) = page.field("papers-part", "witnesses").input else { panic!() };
    let names: Vec<&str> = group.rows.iter().map(|row| row.fields[0].name.as_str()).collect();
    assert_eq!(names, ["witnesses.0.witness_name", "witnesses.1.witness_name"]);
    assert_eq!(group.blank[0].id, "witnesses-__-witness_name");
    page.rows.insert("witnesses".into(), 99);
    let Input::Group(group) = page.field("papers-part", "witnesses").input else { panic!() };
    assert_eq!(group.rows.len(), 3, "never more than the form allows");
}

#[test]
fn in_each_row_only_the_questions_of_that_row_are_asked() {
    let answers = json!({ "changes": [
        { "change_field": "child_sex", "new_sex": "male" },
        { "change_field": "child_name", "new_text": "Nguyễn Minh An" },
    ] });
    let page = Page::of(CORRECTION, answers.clone());
    let part = procedure_form(CORRECTION)
        .sections
        .iter()
        .find(|section| field_in(section, "changes").is_some())
        .unwrap();
    let Input::Group(group) = page.field(&part.id, "changes").input else { panic!() };
    let hidden = |row: usize, id: &str| {
        let name = format!("changes.{row}.{id}");
        group.rows[row].fields.iter().find(|field| field.name == name).unwrap().hidden
    };
    assert!(!hidden(0, "new_sex") && hidden(0, "new_text"));
    assert!(hidden(1, "new_sex") && !hidden(1, "new_text"));
    let field = field_in(part, "changes").unwrap();
    let row = answers["changes"][0].as_object().unwrap().clone();
    let asked = page.with(|drawing, _| drawing.asked_in_row(field, 4, &row));
    assert!(asked.contains(&"changes.4.new_sex".to_owned()));
    assert!(!asked.contains(&"changes.4.new_text".to_owned()));
}

#[allow(clippy::needless_pass_by_value, reason = "reads better at the call")]
fn address(pairs: &[(&str, &str)], before: Value) -> Value {
    let named: Vec<(String, &str)> =
        pairs.iter().map(|(key, value)| (format!("child_hometown.{key}"), *value)).collect();
    let named: Vec<(&str, &str)> =
        named.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let patch = read(BIRTH, "child-part", &named, json!({ "child_hometown": before }));
    patch["child_hometown"].clone()
}

#[test]
fn another_province_lets_go_of_the_commune_of_the_old_one() {
    let before = json!({ "province": "82", "commune": "29869" });
    let now = address(&[("province", "79"), ("commune", "29869"), ("detail", "")], before.clone());
    assert_eq!(now, json!({ "province": "79" }));
    let now = address(&[("province", "82"), ("commune", "29905")], before);
    assert_eq!(now, json!({ "province": "82", "commune": "29905" }));
}

#[test]
fn a_mapped_former_unit_is_kept_until_another_commune_is_chosen() {
    let before = json!({ "province": "82", "commune": "29869", "former": "Phường 1" });
    let same = [("province", "82"), ("commune", "29869"), ("former_ward", "")];
    assert_eq!(address(&same, before.clone()), before);
    let other = [("province", "82"), ("commune", "29905"), ("former_ward", "")];
    assert_eq!(address(&other, before), json!({ "province": "82", "commune": "29905" }));
}

#[test]
fn a_former_unit_just_typed_decides_the_commune_anew() {
    let before = json!({ "province": "82", "commune": "29869" });
    let typed = [("province", "82"), ("commune", "29869"), ("former_ward", "Phường 2")];
    let now = address(&typed, before);
    assert_eq!(now, json!({ "province": "82", "former_ward": "Phường 2" }));
    // Several fit: the person chooses, and the former name stays beside the choice.
    let before = json!({ "province": "82", "former_ward": "Phường 2" });
    let chosen = [("province", "82"), ("commune", "29869"), ("former_ward", "Phường 2")];
    let now = address(&chosen, before);
    assert_eq!(now, json!({ "province": "82", "commune": "29869", "former_ward": "Phường 2" }));
}

#[test]
fn an_old_address_shows_what_it_has_become() {
    let answers = json!({ "child_hometown": {
        "province": "82", "commune": "29869", "former": "Phường 1, Thành phố Cao Lãnh" } });
    let Input::Address(view) = Page::of(BIRTH, answers).field("child-part", "child_hometown").input
    else {
        panic!()
    };
    let wanted = "Phường 1, Thành phố Cao Lãnh (trước 01/7/2025) nay là Phường Cao Lãnh.";
    assert_eq!(view.former_result, wanted);
    assert!(view.communes.iter().any(|option| option.selected && option.value == "29869"));
}

#[test]
fn warnings_do_not_mark_a_box_as_wrong() {
    let page = Page::of(BIRTH, json!({}));
    page.with(|drawing, _| {
        let problems = [Problem::warning("x", "child_name", "Xem lại.")];
        let visible: BTreeSet<String> = ["child_name".to_owned()].into();
        let drawing = Drawing { problems: &problems, visible: &visible, ..copy(drawing) };
        let part = section(BIRTH, "child-part");
        let views = drawing.section(part);
        let name = views.iter().find(|view| view.name == "child_name").unwrap();
        assert_eq!(name.error, None);
        assert!(drawing.faults(part).is_empty());
    });
}

fn copy<'a>(drawing: &Drawing<'a>) -> Drawing<'a> {
    Drawing { ..*drawing }
}
