//! What is said about wrong answers: all of it at once, each at its place, with the way to mend it.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::sample::{answers, answers_with, birth, check, faults, message, object};

fn problems(changes: Value) -> Vec<kernel::Problem> {
    check(&answers_with(changes), true).problems
}

fn mother(changes: Value) -> Value {
    let mut mother = answers()["mother"].clone();
    for (part, value) in object(changes) {
        mother[part] = value;
    }
    json!({ "mother": mother })
}

#[test]
fn every_gap_of_an_empty_form_is_said_at_once() {
    let checked = check(&Map::new(), true);
    assert_eq!(
        faults(&checked.problems),
        [
            ("field.required", "child_name"),
            ("field.required", "child_sex"),
            ("field.required", "child_birth_date"),
            ("field.required", "born_at"),
            ("field.required", "mother.name"),
            ("field.required", "mother.birth_date"),
            ("field.required", "mother.ethnicity"),
            ("field.required", "mother.nationality"),
            ("field.required", "declared"),
        ]
    );
    let message = |path| message(&checked.problems, path);
    assert_eq!(message("child_name"), "Hãy nhập họ, chữ đệm, tên của trẻ.");
    assert_eq!(message("child_sex"), "Hãy chọn giới tính.");
    assert_eq!(message("born_at"), "Hãy trả lời câu hỏi “Trẻ sinh ở đâu?”");
    assert_eq!(message("mother.birth_date"), "Hãy nhập ngày, tháng, năm sinh của người mẹ.");
    assert!(!checked.is_acceptable());
}

#[test]
fn a_day_that_does_not_exist_is_named() {
    let found = problems(json!({ "child_birth_date": "31/02/2026" }));
    assert_eq!(faults(&found), [("date.no-such-day", "child_birth_date")]);
    assert_eq!(
        found[0].message,
        "Ngày sinh chưa đúng: tháng 2 năm 2026 không có ngày 31. Hãy nhập lại theo giấy tờ."
    );
}

#[test]
fn what_has_happened_has_not_happened_tomorrow() {
    let found = problems(json!({ "child_birth_date": "29/8/2026" }));
    assert_eq!(faults(&found), [("date.future", "child_birth_date")]);
    assert_eq!(
        found[0].message,
        "Ngày sinh chưa đúng: 29/08/2026 là sau ngày hôm nay (28/08/2026). \
         Hãy kiểm tra lại ngày, tháng, năm."
    );
    assert_eq!(faults(&problems(json!({ "child_birth_date": "28/8/2026" }))), []);
    // The year is not over, but it has begun.
    assert_eq!(faults(&problems(json!({ "mother_moved_in": "2026" }))), []);
    let found = problems(json!({ "mother_moved_in": "9/2026" }));
    assert_eq!(faults(&found), [("date.future", "mother_moved_in")]);
}

#[test]
fn a_part_of_a_person_is_named_with_the_person() {
    let found =
        problems(mother(json!({ "number": "08719600123", "name": "Mẫu", "birth_date": "" })));
    assert_eq!(
        faults(&found),
        [
            ("person-number.length", "mother.number"),
            ("name.format", "mother.name"),
            ("field.required", "mother.birth_date"),
        ]
    );
    assert_eq!(
        message(&found, "mother.number"),
        "Số định danh cá nhân của người mẹ chưa đúng. Số định danh cá nhân có đúng 12 chữ số, \
         số vừa nhập có 11 chữ số. Hãy đối chiếu với thẻ căn cước rồi nhập lại."
    );
    assert_eq!(
        message(&found, "mother.name"),
        "Họ, chữ đệm, tên của người mẹ chưa đúng: hãy nhập đủ họ và tên, ví dụ Nguyễn Văn An."
    );
}

#[test]
fn a_number_that_hints_at_another_year_or_sex_is_only_pointed_out() {
    let checked = check(&answers_with(mother(json!({ "number": "087095001234" }))), true);
    assert_eq!(
        faults(&checked.problems),
        [("person.birth-year-differs", "mother.birth_date"), ("person.sex-differs", "mother.sex")]
    );
    assert!(checked.is_acceptable());
}

#[test]
fn half_a_person_is_asked_for_the_rest_even_where_nobody_had_to_be_named() {
    let found = problems(json!({ "father": { "number": "087095001234" } }));
    assert_eq!(faults(&found), [("field.required", "father.name")]);
}

#[test]
fn rows_are_counted_and_named() {
    let rows = json!([
        { "full_name": "Lê Văn 5", "relation": "kin" },
        { "relation": "other" },
    ]);
    let found = problems(json!({
        "born_at": "elsewhere", "birth_place": { "commune": "28261", "detail": "Số 5" },
        "has_witnesses": true, "witnesses": rows,
    }));
    assert_eq!(
        faults(&found),
        [
            ("name.format", "witnesses.0.full_name"),
            ("field.required", "witnesses.1.full_name"),
            ("field.required", "witnesses.1.relation_text"),
        ]
    );
    assert_eq!(
        message(&found, "witnesses.0.full_name"),
        "Họ tên của người làm chứng thứ 1 chưa đúng: họ và tên không có chữ số. \
         Hãy nhập lại theo giấy tờ."
    );
    assert_eq!(
        message(&found, "witnesses.1.full_name"),
        "Hãy nhập họ tên của người làm chứng thứ 2."
    );
}

#[test]
fn too_few_and_too_many_rows_are_refused() {
    let with_rows = |count: usize| {
        let row = json!({ "full_name": "Lê Văn Mẫu", "relation": "kin" });
        problems(json!({
            "born_at": "elsewhere", "birth_place": { "commune": "28261", "detail": "Số 5" },
            "has_witnesses": true, "witnesses": vec![row; count],
        }))
    };
    let found = with_rows(0);
    assert_eq!(faults(&found), [("group.too-few", "witnesses")]);
    assert_eq!(found[0].message, "Người làm chứng: hãy nhập ít nhất 2 người làm chứng.");
    assert_eq!(faults(&with_rows(1)), [("group.too-few", "witnesses")]);
    assert_eq!(faults(&with_rows(3)), []);
    assert_eq!(faults(&with_rows(4)), [("group.too-many", "witnesses")]);
    assert_eq!(faults(&with_rows(5_000)), [("group.too-many", "witnesses")]);
}

#[test]
fn a_rule_over_rows_is_broken_by_one_row() {
    let rows = json!([
        { "full_name": "Lê Văn Mẫu", "relation": "kin" },
        { "full_name": "Trần Thị Mẫu", "relation": "kin" },
    ]);
    let found = problems(json!({
        "born_at": "elsewhere", "birth_place": { "commune": "28261", "detail": "Số 5" },
        "has_witnesses": true, "witnesses": rows,
    }));
    assert_eq!(faults(&found), [("witnesses-differ", "witnesses")]);
}

#[test]
fn a_rule_stands_at_each_field_that_it_is_about() {
    let found = problems(mother(json!({ "birth_date": "2026-08-21", "number": null })));
    assert_eq!(
        faults(&found),
        [("mother-older", "child_birth_date"), ("mother-older", "mother.birth_date")]
    );
    let found = problems(json!({ "declared": false }));
    assert_eq!(faults(&found), [("declaration-given", "declared")]);
    assert_eq!(found[0].message, "Hãy xác nhận cam đoan trước khi nộp hồ sơ.");
}

#[test]
fn files_are_counted_weighed_and_known_by_type() {
    let fault = |notice: Value| problems(json!({ "notice": notice }));
    assert_eq!(faults(&fault(json!(["u1", "u2"]))), []);
    assert_eq!(faults(&fault(json!(["u1", "u2", "u3"]))), [("file.too-many", "notice")]);
    assert_eq!(faults(&fault(json!(["gone"]))), [("file.unknown", "notice")]);
    assert_eq!(
        faults(&fault(json!([7]))),
        [("field.type", "notice"), ("field.required", "notice")].get(..1).unwrap()
    );
    let big = fault(json!(["big"]));
    assert_eq!(faults(&big), [("file.too-large", "notice")]);
    assert!(big[0].message.contains("“anh-lon.jpg” lớn hơn 1 MB"), "{}", big[0].message);
    let png = fault(json!(["png"]));
    assert_eq!(faults(&png), [("file.type", "notice")]);
    assert!(png[0].message.contains("PDF, ảnh JPEG"), "{}", png[0].message);
    assert_eq!(faults(&fault(json!([]))), [("field.required", "notice")]);
}

#[test]
fn what_is_needed_in_one_case_is_asked_in_that_case_only() {
    assert_eq!(faults(&problems(json!({ "notice": null }))), [("field.required", "notice")]);
    let elsewhere = json!({ "born_at": "elsewhere", "notice": null });
    let found = problems(elsewhere);
    let wanted =
        [("field.required", "birth_place.commune"), ("field.required", "birth_place.detail")];
    assert_eq!(faults(&found), wanted);
    assert_eq!(found[0].message, "Hãy chọn tỉnh và xã, phường, đặc khu của nơi sinh.");
}

#[test]
fn an_address_lies_in_a_commune_that_exists_in_its_province() {
    let fault = |home: Value| problems(json!({ "applicant_home": home }));
    let found = fault(json!({ "commune": "99999" }));
    assert_eq!(faults(&found), [("address.unknown-commune", "applicant_home.commune")]);
    let found = fault(json!({ "province": "01", "commune": "28261" }));
    assert_eq!(faults(&found), [("address.other-province", "applicant_home.commune")]);
    assert!(found[0].message.contains("Phường Mỹ Tho không thuộc"), "{}", found[0].message);
    let found = fault(json!({ "province": "82" }));
    assert_eq!(faults(&found), [("field.required", "applicant_home.commune")]);
    let found = fault(json!({ "province": "83" }));
    assert_eq!(faults(&found), [("address.unknown-province", "applicant_home.province")]);
    let found = fault(json!("xã Mỹ Hiệp"));
    assert_eq!(faults(&found), [("field.type", "applicant_home")]);
    let found = fault(json!({ "commune": "28261", "street": "x" }));
    assert_eq!(faults(&found), [("field.unknown", "applicant_home.street")]);
}

#[test]
fn a_former_unit_that_was_split_lists_the_choices() {
    let home = json!({ "former_province": "Tiền Giang", "former_ward": "Phường 5" });
    let found = problems(json!({ "applicant_home": home }));
    assert_eq!(faults(&found), [("address.several", "applicant_home.commune")]);
    assert_eq!(
        found[0].message,
        "Phường 5, Tiền Giang trước đây nay thuộc nhiều nơi: Phường Đạo Thạnh hoặc Phường Mỹ Tho. \
         Hãy chọn xã, phường hiện nay của nơi cư trú của người nộp."
    );
    let home = json!({
        "former_province": "Tiền Giang", "former_ward": "Phường 5", "commune": "00004",
    });
    let found = problems(json!({ "applicant_home": home }));
    assert_eq!(faults(&found), [("address.not-among-former", "applicant_home.commune")]);
    let home = json!({ "former_province": "Tiền Giang", "former_ward": "Xã Không Có" });
    let found = problems(json!({ "applicant_home": home }));
    assert_eq!(faults(&found), [("address.unknown-former", "applicant_home.former_ward")]);
}

#[test]
fn a_former_unit_of_which_only_a_part_is_known_is_mapped_with_a_warning() {
    let home = json!({ "former_province": "Đồng Tháp", "former_ward": "Bình Hàng Trung" });
    let checked = check(&answers_with(json!({ "applicant_home": home })), true);
    assert_eq!(faults(&checked.problems), [("address.part-of-former", "applicant_home.commune")]);
    assert!(checked.is_acceptable());
    assert_eq!(checked.answers["applicant_home"]["commune"], "30076");
}

#[test]
fn limits_of_texts_and_numbers_are_kept() {
    let cases = [
        (json!({ "facility": "x".repeat(51) }), "text.too-long", "facility"),
        (json!({ "facility": "x".repeat(200_000) }), "text.too-long", "facility"),
        (json!({ "copies": 21 }), "number.too-large", "copies"),
        (json!({ "copies": -1 }), "number.too-small", "copies"),
        (json!({ "copies": "1,5" }), "field.type", "copies"),
        (json!({ "copies": 1.5 }), "field.type", "copies"),
        (json!({ "phone": "12345" }), "phone.format", "phone"),
        (json!({ "email": "lan" }), "email.format", "email"),
        (json!({ "child_sex": "nữ" }), "choice.unknown", "child_sex"),
        (json!({ "born_at": 1 }), "choice.unknown", "born_at"),
        (json!({ "declared": "maybe" }), "field.type", "declared"),
        (json!({ "child_name": ["An"] }), "field.type", "child_name"),
        (json!({ "mother": "Mẫu" }), "field.type", "mother"),
    ];
    for (changes, code, path) in cases {
        let found = problems(changes.clone());
        assert_eq!(faults(&found).first(), Some(&(code, path)), "{changes}");
    }
    let found = problems(json!({ "facility": "á".repeat(51) }));
    assert_eq!(
        found[0].message,
        "Tên cơ sở y tế dài 51 ký tự, nhiều nhất là 50. Hãy viết gọn lại."
    );
    assert_eq!(faults(&problems(json!({ "facility": "á".repeat(50) }))), []);
}

#[test]
fn a_text_with_what_nobody_sees_is_cleaned_before_it_is_measured() {
    let long = format!("{}{}", "\u{200b}".repeat(100), "y".repeat(50));
    let checked = check(&answers_with(json!({ "facility": long })), true);
    assert_eq!(faults(&checked.problems), []);
    assert_eq!(checked.answers["facility"], "y".repeat(50));
}

#[test]
fn letters_that_nobody_sees_are_no_answer() {
    let unseen = "\u{200b}\u{feff} ";
    let found = problems(json!({ "child_name": unseen, "email": unseen }));
    assert_eq!(faults(&found), [("field.required", "child_name")]);
    let found = problems(mother(json!({ "name": unseen, "ethnicity": unseen })));
    let wanted = [("field.required", "mother.name"), ("field.required", "mother.ethnicity")];
    assert_eq!(faults(&found), wanted);
    let found = problems(json!({ "applicant_home": { "commune": unseen } }));
    assert_eq!(faults(&found), []);
}

#[test]
fn unknown_fields_are_refused_by_name_and_not_by_the_thousand() {
    let found = problems(json!({ "nationality": "VN" }));
    assert_eq!(faults(&found), [("field.unknown", "nationality")]);
    assert!(found[0].message.contains("không có mục “nationality”"), "{}", found[0].message);
    let many: Map<String, Value> = (0..10_000).map(|n| (format!("x{n}"), json!(n))).collect();
    assert_eq!(problems(Value::Object(many)).len(), 5);
    let found = problems(mother(json!({ "address": "x" })));
    assert_eq!(faults(&found), [("field.unknown", "mother.address")]);
    let long = problems(json!({ "k".repeat(1_000): 1 }));
    assert!(long[0].path.len() <= 40 && long[0].message.len() < 200);
}

#[test]
fn warnings_do_not_keep_a_form_back() {
    let checked = check(&answers_with(mother(json!({ "birth_date": "1995" }))), true);
    assert_eq!(faults(&checked.problems), [("person.birth-year-differs", "mother.birth_date")]);
    assert!(checked.is_acceptable());
}

/// Anything that a client may send for a field.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9/-]{0,12}".prop_map(Value::from),
        Just(json!("facility")),
        Just(json!("elsewhere")),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let key = prop_oneof![
            "[a-z_.]{0,12}",
            Just("number".to_owned()),
            Just("name".to_owned()),
            Just("residence".to_owned()),
            Just("full_name".to_owned()),
            Just("former_ward".to_owned()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|parts| Value::Object(parts.into_iter().collect())),
        ]
    })
}

fn any_answers() -> impl Strategy<Value = Map<String, Value>> {
    let ids: Vec<String> = birth().form.fields().map(|field| field.id.clone()).collect();
    let whole: Vec<Value> =
        ids.iter().map(|id| answers().get(id).cloned().unwrap_or_default()).collect();
    let picks = prop::collection::vec((0..ids.len(), any_json()), 0..12);
    (picks, any::<bool>()).prop_map(move |(picks, on_whole)| {
        let mut answers = Map::new();
        if on_whole {
            answers.extend(ids.iter().cloned().zip(whole.iter().cloned()));
        }
        for (place, value) in picks {
            answers.insert(ids[place].clone(), value);
        }
        answers
    })
}

proptest! {
    #[test]
    fn any_answers_get_an_answer_and_what_is_accepted_is_normal(answers in any_answers()) {
        let draft = check(&answers, false);
        let whole = check(&answers, true);
        // A draft finds no fault that the whole form would let pass.
        prop_assert!(draft.problems.len() <= whole.problems.len());
        for id in whole.answers.keys() {
            prop_assert!(whole.visible.contains(id), "{id} is hidden and answered");
        }
        for problem in &whole.problems {
            prop_assert!(!problem.message.trim().is_empty());
        }
        if whole.is_acceptable() {
            let again = check(&whole.answers, true);
            prop_assert_eq!(&again.answers, &whole.answers);
            prop_assert!(again.is_acceptable());
        }
    }
}
