//! Forms shown, filled in advance, locked and described.

use std::collections::BTreeMap;

use dossier::Source;
use dossier::form::{self, Known, display, json_schema, locked_changes, prefill};
use serde_json::{Value, json};

use crate::sample::{answers_with, at, birth, content, faults, with_form};

fn shown(changes: Value) -> Vec<form::DisplaySection> {
    let source = Source { from: "population".to_owned(), at: at("2026-08-28 08:00") };
    let sources = BTreeMap::from([("mother".to_owned(), source)]);
    with_form(|ctx| display(&birth().form, &answers_with(changes), &sources, ctx))
}

fn text<'a>(sections: &'a [form::DisplaySection], field: &str) -> &'a str {
    let items = sections.iter().flat_map(|section| &section.items);
    &items.into_iter().find(|item| item.field == field).unwrap().text
}

#[test]
fn answers_read_as_people_write_them() {
    let sections = shown(json!({ "child_birth_date": "2026-01-05", "late_reason": "Đi làm xa." }));
    assert_eq!(text(&sections, "child_sex"), "Nữ");
    assert_eq!(text(&sections, "child_birth_date"), "05/01/2026");
    assert_eq!(text(&sections, "late"), "Có");
    assert_eq!(text(&sections, "born_at"), "Tại cơ sở y tế");
    assert_eq!(text(&sections, "copies"), "2 bản");
    assert_eq!(text(&sections, "notice"), "giay-chung-sinh.jpg");
    assert_eq!(text(&sections, "email"), "");
    assert_eq!(
        text(&sections, "mother"),
        "087196001234, Trần Thị Mẫu, 05/03/1996, Nữ, Kinh, Việt Nam, \
         Ấp Chợ, xã Mỹ Hiệp, tỉnh Đồng Tháp"
    );
}

#[test]
fn a_person_and_rows_are_also_given_in_parts() {
    let sections = shown(json!({
        "born_at": "elsewhere", "has_witnesses": true,
        "witnesses": [{ "full_name": "Lê Văn Mẫu", "relation": "kin" }],
    }));
    let item = |field: &str| {
        let items = sections.iter().flat_map(|section| &section.items);
        items.into_iter().find(|item| item.field == field).unwrap()
    };
    let labels: Vec<&str> = item("mother").parts.iter().map(|part| part.label.as_str()).collect();
    assert_eq!(labels[..3], ["Số định danh cá nhân", "Họ, chữ đệm, tên", "Ngày, tháng, năm sinh"]);
    assert_eq!(item("witnesses").parts[0].label, "Người làm chứng thứ 1");
    assert_eq!(
        item("witnesses").parts[0].text,
        "Họ tên: Lê Văn Mẫu, Quan hệ với trẻ: Họ hàng, Cách ghi: Lê Văn Mẫu (Họ hàng)"
    );
}

#[test]
fn what_is_not_asked_is_not_shown_and_what_is_filled_names_its_source() {
    let sections = shown(json!({}));
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    assert_eq!(ids, ["child", "parents"]);
    let fields: Vec<&str> = sections[0].items.iter().map(|item| item.field.as_str()).collect();
    assert!(!fields.contains(&"late_reason") && fields.contains(&"email"));
    let mother = sections[1].items.iter().find(|item| item.field == "mother").unwrap();
    assert_eq!(mother.source.as_ref().unwrap().from, "population");
}

#[test]
fn a_mapped_address_shows_what_was_typed() {
    let home = json!({ "former_province": "Tiền Giang", "former_ward": "Xã Đạo Thạnh" });
    let sections = shown(json!({ "applicant_home": home }));
    assert_eq!(
        text(&sections, "applicant_home"),
        "phường Đạo Thạnh, tỉnh Đồng Tháp (trước 01/7/2025: Xã Đạo Thạnh, Tiền Giang)"
    );
    let unmapped = json!({ "former_province": "Tiền Giang", "former_ward": "Xã Lạ" });
    let sections = shown(json!({ "applicant_home": unmapped }));
    assert_eq!(text(&sections, "applicant_home"), "Xã Lạ, Tiền Giang");
}

fn known() -> Known {
    let person = |number: &str, name: &str, sex: &str| {
        json!({
            "number": number, "name": name, "sex": sex, "birth_date": "1996-03-05",
            "ethnicity": "kinh", "nationality": "VN", "phone": "0912345678",
            "residence": { "province": "82", "commune": "30076" }, "unasked": "x",
        })
    };
    Known {
        applicant: Some(person("087096000001", "Nguyễn Văn Mẫu", "male")),
        spouse: Some(person("087196001234", "Trần Thị Mẫu", "female")),
        mother: None,
        father: None,
        from: "population".to_owned(),
        at: Some(at("2026-08-28 08:00")),
    }
}

#[test]
fn a_form_is_filled_with_what_is_known_of_each_of_the_couple() {
    let (answers, sources) = prefill(&birth().form, &known());
    assert_eq!(answers["mother"]["name"], "Trần Thị Mẫu");
    assert_eq!(answers["father"]["name"], "Nguyễn Văn Mẫu");
    assert_eq!(answers["applicant_home"], json!({ "province": "82", "commune": "30076" }));
    let sourced: Vec<&str> = sources.keys().map(String::as_str).collect();
    assert_eq!(sourced, ["applicant_home", "father", "mother"]);
    assert_eq!(sources["mother"].at, at("2026-08-28 08:00"));
}

#[test]
fn only_the_parts_asked_for_are_filled() {
    let (answers, _) = prefill(&birth().form, &known());
    let father = answers["father"].as_object().unwrap();
    let mut parts: Vec<&str> = father.keys().map(String::as_str).collect();
    parts.sort_unstable();
    assert_eq!(parts, ["birth_date", "name", "number", "phone"]);
}

#[test]
fn nothing_is_guessed_about_a_spouse_whose_sex_is_not_known() {
    let mut known = known();
    known.spouse.as_mut().unwrap()["sex"] = Value::Null;
    let (answers, _) = prefill(&birth().form, &known);
    assert!(!answers.contains_key("mother") && answers.contains_key("father"));
    let (answers, sources) = prefill(&birth().form, &Known::default());
    assert!(answers.is_empty() && sources.is_empty());
}

#[test]
fn what_is_filled_passes_the_check() {
    let (filled, _) = prefill(&birth().form, &known());
    let checked = crate::sample::check(&filled, false);
    assert_eq!(faults(&checked.problems), []);
    assert_eq!(checked.answers["mother"], filled["mother"]);
}

#[test]
fn a_locked_value_is_mended_at_its_source_only() {
    let (filled, _) = prefill(&birth().form, &known());
    let mut changed = filled.clone();
    changed["mother"]["name"] = json!("Trần Thị Khác");
    changed["father"]["name"] = json!("Nguyễn Văn Khác");
    let problems = locked_changes(&birth().form, &filled, &changed);
    assert_eq!(faults(&problems), [("field.locked", "mother.name")]);
    assert!(problems[0].message.contains("cơ quan quản lý dữ liệu"), "{}", problems[0].message);
    assert_eq!(locked_changes(&birth().form, &filled, &filled), []);
    // What the source did not know may be typed.
    let mut known = filled.clone();
    known["mother"].as_object_mut().unwrap().remove("residence");
    assert_eq!(locked_changes(&birth().form, &known, &filled), []);
}

#[test]
fn the_schema_says_what_a_client_may_send() {
    let schema = json_schema(&birth().form, content());
    assert_eq!(schema["additionalProperties"], false);
    let required: Vec<&str> =
        schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(
        required,
        ["child_name", "child_sex", "child_birth_date", "born_at", "mother", "declared"]
    );
    let property = |path: &str| schema.pointer(&format!("/properties/{path}")).unwrap();
    assert_eq!(property("child_birth_date/format"), "date");
    assert_eq!(property("child_sex/oneOf/1"), &json!({ "const": "female", "title": "Nữ" }));
    assert_eq!(property("copies/maximum"), 20);
    assert_eq!(property("late/readOnly"), true);
    assert_eq!(property("phone/pattern"), "^0[0-9]{9,10}$");
    assert_eq!(property("birth_place/required"), &json!(["detail"]));
    assert_eq!(property("witnesses/maxItems"), 3);
    assert_eq!(property("witnesses/items/required"), &json!(["full_name", "relation"]));
    assert_eq!(
        property("mother/required"),
        &json!(["name", "birth_date", "ethnicity", "nationality"])
    );
    assert_eq!(property("mother/properties/number/pattern"), "^[0-9]{12}$");
    assert_eq!(property("child_name/title"), "Họ, chữ đệm, tên của trẻ");
}
