//! What becomes of right answers.

use serde_json::{Value, json};

use crate::sample::{answers, answers_with, check, faults};

fn sent(changes: Value) -> serde_json::Map<String, Value> {
    let checked = check(&answers_with(changes), true);
    assert_eq!(faults(&checked.problems), [], "{:#?}", checked.problems);
    checked.answers
}

#[test]
fn a_whole_form_is_accepted_and_stays_as_it_is_when_checked_again() {
    let checked = check(&answers(), true);
    assert_eq!(faults(&checked.problems), []);
    assert!(checked.is_acceptable());
    let again = check(&checked.answers, true);
    assert_eq!(again.answers, checked.answers);
}

#[test]
fn dates_are_kept_in_iso_form_however_they_are_typed() {
    for typed in ["5/8/2026", "05-08-2026", "05082026", " 2026-08-05 "] {
        assert_eq!(sent(json!({ "child_birth_date": typed }))["child_birth_date"], "2026-08-05");
    }
    assert_eq!(sent(json!({ "mother_moved_in": "3/2020" }))["mother_moved_in"], "2020-03");
    assert_eq!(sent(json!({ "mother_moved_in": "1998" }))["mother_moved_in"], "1998");
}

#[test]
fn names_are_composed_and_their_spaces_single() {
    // "Nguyễn" with combining marks, as some keyboards send it.
    let typed = "  Nguye\u{302}\u{303}n   Minh\u{a0}An ";
    assert_eq!(sent(json!({ "child_name": typed }))["child_name"], "Nguyễn Minh An");
}

#[test]
fn a_personal_number_loses_its_spaces() {
    let mut mother = answers()["mother"].clone();
    mother["number"] = json!("087 196 001 234");
    assert_eq!(sent(json!({ "mother": mother }))["mother"]["number"], "087196001234");
}

#[test]
fn numbers_and_yes_or_no_may_come_as_text() {
    let kept = sent(json!({ "copies": " 12 ", "declared": "có", "phone": "+84 912 345 678" }));
    assert_eq!((&kept["copies"], &kept["declared"]), (&json!(12), &json!(true)));
    assert_eq!(kept["phone"], "0912345678");
}

#[test]
fn a_single_upload_is_a_list_of_one_and_none_is_kept_twice() {
    assert_eq!(sent(json!({ "notice": "u1" }))["notice"], json!(["u1"]));
    assert_eq!(sent(json!({ "notice": ["u1", "u1"] }))["notice"], json!(["u1"]));
}

#[test]
fn blank_answers_are_no_answers() {
    let blank = json!({
        "email": " \u{a0} ", "copies": "", "meeting": null, "mother_moved_in": "",
        "father": { "name": " ", "number": "" }, "applicant_home": {},
    });
    let kept = sent(blank);
    for field in ["email", "copies", "meeting", "mother_moved_in", "father", "applicant_home"] {
        assert!(!kept.contains_key(field), "{field}");
    }
}

#[test]
fn a_hidden_field_has_no_answer_whatever_was_typed() {
    let typed = json!({
        "born_at": "elsewhere",
        "birth_place": { "commune": "28261", "detail": "Số 5 đường Hùng Vương" },
    });
    let checked = check(&answers_with(typed), true);
    assert_eq!(faults(&checked.problems), []);
    assert!(!checked.answers.contains_key("facility"), "hidden, though it was typed");
    assert!(!checked.visible.contains("facility"));
    assert!(checked.visible.contains("has_witnesses"));
}

#[test]
fn what_is_wrong_in_a_hidden_field_is_no_problem() {
    let checked = check(&answers_with(json!({ "late_reason": "x".repeat(300) })), true);
    assert_eq!(faults(&checked.problems), []);
}

#[test]
fn a_hidden_section_hides_its_fields() {
    let row = json!({ "full_name": "Lê Văn Mẫu", "relation": "kin" });
    let checked = check(&answers_with(json!({ "witnesses": [row] })), true);
    assert_eq!(faults(&checked.problems), []);
    assert!(!checked.visible.contains("witness-part") && !checked.visible.contains("witnesses"));
    assert!(!checked.answers.contains_key("witnesses"));
}

#[test]
fn computed_answers_are_filled_and_never_taken_from_outside() {
    let kept = sent(json!({ "late": true, "birth_place_text": "Chỗ khác" }));
    assert_eq!(kept["late"], false);
    assert_eq!(kept["birth_place_text"], "Trung tâm Y tế Cao Lãnh");
    let typed = json!({
        "born_at": "elsewhere",
        "birth_place": { "commune": "28261", "detail": "Số 5" },
    });
    assert_eq!(sent(typed)["birth_place_text"], "Số 5, phường Mỹ Tho, tỉnh Đồng Tháp");
}

#[test]
fn a_field_that_hangs_on_a_computed_one_appears_with_it() {
    let late = json!({ "child_birth_date": "2026-01-05", "late_reason": "Đi làm xa." });
    let kept = sent(late);
    assert_eq!((&kept["late"], &kept["late_reason"]), (&json!(true), &json!("Đi làm xa.")));
}

#[test]
fn rows_have_their_own_hidden_and_computed_fields() {
    let rows = json!([
        { "full_name": "Lê Văn  Mẫu", "relation": "kin", "relation_text": "bỏ đi" },
        {},
        { "full_name": "Phạm Thị Mẫu", "relation": "other", "relation_text": "hàng xóm" },
    ]);
    let kept = sent(json!({
        "born_at": "elsewhere",
        "birth_place": { "commune": "28261", "detail": "Số 5" },
        "has_witnesses": true,
        "witnesses": rows,
    }));
    assert_eq!(
        kept["witnesses"],
        json!([
            { "full_name": "Lê Văn Mẫu", "relation": "kin", "shown_as": "Lê Văn Mẫu (Họ hàng)" },
            {
                "full_name": "Phạm Thị Mẫu", "relation": "other", "relation_text": "hàng xóm",
                "shown_as": "Phạm Thị Mẫu (Khác)",
            },
        ])
    );
}

#[test]
fn the_province_of_a_commune_need_not_be_typed() {
    let home = json!({ "commune": "00004", "detail": " 12  Đội Cấn " });
    let kept = sent(json!({ "applicant_home": home }));
    let whole = json!({ "province": "01", "commune": "00004", "detail": "12 Đội Cấn" });
    assert_eq!(kept["applicant_home"], whole);
}

#[test]
fn a_unit_of_before_july_2025_becomes_the_commune_of_today_and_is_noted() {
    let typed = json!({
        "former_province": "Tiền Giang", "former_district": "TP Mỹ Tho",
        "former_ward": "xã Đạo Thạnh", "detail": "Ấp 4",
    });
    let kept = sent(json!({ "applicant_home": typed }));
    let mapped = json!({
        "province": "82", "commune": "28249", "detail": "Ấp 4",
        "former": "xã Đạo Thạnh, TP Mỹ Tho, Tiền Giang",
    });
    assert_eq!(kept["applicant_home"], mapped);
    assert_eq!(sent(json!({ "applicant_home": mapped }))["applicant_home"], mapped);
}

#[test]
fn the_choice_among_the_parts_of_a_former_unit_settles_it() {
    let typed = json!({
        "former_province": "Tiền Giang", "former_ward": "Phường 5", "commune": "28261",
    });
    let kept = sent(json!({ "applicant_home": typed }));
    let mapped = json!({ "province": "82", "commune": "28261", "former": "Phường 5, Tiền Giang" });
    assert_eq!(kept["applicant_home"], mapped);
}

#[test]
fn an_appointment_may_lie_ahead() {
    assert_eq!(sent(json!({ "meeting": "2/9/2026" }))["meeting"], "2026-09-02");
}

#[test]
fn a_draft_may_have_gaps_but_keeps_everything_typed() {
    let draft = crate::sample::object(json!({
        "child_name": "An", "child_birth_date": "31/2/2026", "copies": "nhiều",
        "mother": { "birth_date": "5/1996x" }, "applicant_home": { "province": "82" },
    }));
    let checked = check(&draft, false);
    assert_eq!(
        faults(&checked.problems),
        [
            ("name.format", "child_name"),
            ("date.no-such-day", "child_birth_date"),
            ("field.type", "copies"),
            ("date.format", "mother.birth_date"),
        ]
    );
    for (field, value) in &draft {
        assert_eq!(checked.answers.get(field), Some(value), "{field}");
    }
    assert_eq!(faults(&check(&serde_json::Map::new(), false).problems), []);
}

#[test]
fn in_a_draft_a_rule_speaks_once_its_fields_are_answered() {
    let draft = |birth_date| {
        let mother = json!({ "birth_date": birth_date });
        crate::sample::object(json!({ "child_birth_date": "2026-08-20", "mother": mother }))
    };
    assert_eq!(faults(&check(&draft("1996"), false).problems), []);
    let broken = check(&draft("2026-08-21"), false);
    assert_eq!(
        faults(&broken.problems),
        [("mother-older", "child_birth_date"), ("mother-older", "mother.birth_date")]
    );
    let alone = crate::sample::object(json!({ "mother": { "birth_date": "2026" } }));
    assert_eq!(faults(&check(&alone, false).problems), []);
}
