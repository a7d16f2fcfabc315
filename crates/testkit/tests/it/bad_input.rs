//! What people type wrongly: a clear message at its place, nothing kept, nothing lost.

use serde_json::{Value, json};
use testkit::people::{CLERK, DESK, FATHER, GROOM, MOTHER};
use testkit::{Answer, TestApp, both_engines, files, forms, people, work};

use crate::other_procedures::register_death;

both_engines! {
    a_day_that_no_month_has_is_named
    a_personal_number_of_eleven_digits_is_counted
    a_child_born_after_the_filing_is_refused
    the_dead_and_the_married_and_the_young_do_not_marry
    everything_that_is_missing_is_told_at_once
    a_child_is_registered_once
    a_file_too_large_or_of_another_kind_is_refused_with_a_sentence
    a_file_of_somebody_else_cannot_be_attached
    what_is_no_request_of_ours_is_answered_with_a_sentence
    an_officer_who_saw_an_older_state_changes_nothing
}

/// A refused birth: nothing of it is there afterwards.
async fn refused(app: &TestApp, answers: &Value) -> Answer {
    let answer = work::try_file(app, MOTHER, forms::BIRTH, answers).await.expect(422);
    assert_eq!(answer.header("content-type"), "application/problem+json; charset=utf-8");
    let mine = app.api(MOTHER).await.get("/api/v1/dossiers").await.expect(200).json();
    assert_eq!(mine["items"], json!([]));
    answer
}

fn birth() -> Value {
    forms::birth("Huỳnh Gia Bảo", "2026-08-20")
}

async fn a_day_that_no_month_has_is_named(app: TestApp) {
    let mut answers = birth();
    for (typed, message) in [
        ("31/02/2026", "tháng 2 năm 2026 không có ngày 31"),
        ("2026-02-31", "tháng 2 năm 2026 không có ngày 31"),
        ("20/13/2026", "13"),
        ("hôm qua", "ngày"),
    ] {
        answers["child_birth_date"] = typed.into();
        let told = refused(&app, &answers).await.message_at("child_birth_date");
        assert!(told.contains(message), "{typed}: {told}");
    }
    answers["child_birth_date"] = "20/8/2026".into();
    work::file(&app, MOTHER, forms::BIRTH, &answers).await;
}

async fn a_personal_number_of_eleven_digits_is_counted(app: TestApp) {
    let mut answers = birth();
    answers["mother"]["number"] = "08819500010".into();
    let told = refused(&app, &answers).await.message_at("mother.number");
    assert!(told.contains("12") && told.contains("11"), "{told}");
    answers["mother"]["number"] = "08819500010x".into();
    let told = refused(&app, &answers).await.message_at("mother.number");
    assert!(told.contains("chữ số"), "{told}");
}

async fn a_child_born_after_the_filing_is_refused(app: TestApp) {
    let mut answers = birth();
    answers["child_birth_date"] = "2026-08-29".into();
    let told = refused(&app, &answers).await.message_at("child_birth_date");
    assert!(told.contains("sau ngày"), "{told}");
    answers["child_birth_date"] = "1990-01-01".into();
    let told = refused(&app, &answers).await;
    assert!(told.problems().contains(&"mother-older".to_owned()), "{}", told.text());
}

async fn the_dead_and_the_married_and_the_young_do_not_marry(app: TestApp) {
    let mut married = forms::marriage();
    married["husband"] = json!({
        "number": FATHER.number, "name": FATHER.name(), "birth_date": "1993-04-18",
        "ethnicity": "01", "nationality": "VN", "residence": forms::home(),
    });
    let told = work::try_file(&app, MOTHER, forms::MARRIAGE, &married).await.expect(422);
    let message = told.message_at("husband_status");
    assert!(message.contains("đang có vợ"), "{message}");

    let mut young = forms::marriage();
    young["wife"]["birth_date"] = "2008-08-29".into();
    young["husband"]["birth_date"] = "2006-08-29".into();
    let told = work::try_file(&app, GROOM, forms::MARRIAGE, &young).await.expect(422);
    assert!(told.message_at("wife").contains("chưa đủ 18 tuổi"));
    assert!(told.message_at("husband").contains("chưa đủ 20 tuổi"));

    register_death(&app, GROOM, "1998-12-25").await;
    let told = work::try_file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await.expect(422);
    let message = told.message_at("husband");
    assert!(message.contains("đã chết"), "{message}");
}

async fn everything_that_is_missing_is_told_at_once(app: TestApp) {
    let answer = refused(&app, &json!({})).await;
    let problems = answer.json()["problems"].as_array().unwrap().len();
    assert!(problems >= 15, "{problems} problems");
    for path in ["child_name", "registrant.name", "birth_address.commune", "declaration"] {
        assert!(answer.message_at(path).starts_with("Hãy "), "{path}");
    }
    let mut spoiled = birth();
    spoiled["child_name"] = "Bảo 2".into();
    spoiled["contact_phone"] = "12".into();
    spoiled["child_nationality"] = "US".into();
    spoiled["copies"] = json!(21);
    spoiled["la"] = "x".into();
    let answer = refused(&app, &spoiled).await;
    for path in ["child_name", "contact_phone", "child_nationality", "copies", "la"] {
        assert!(!answer.message_at(path).is_empty(), "{path}");
    }
}

async fn a_child_is_registered_once(app: TestApp) {
    // The same child in two dossiers that are both still being worked on: the second is not signed.
    let first = work::file(&app, MOTHER, forms::BIRTH, &birth()).await;
    let mut by_father = birth();
    by_father["child_name"] = "HUỲNH GIA BẢO".into();
    by_father["registrant_relation"] = "father".into();
    let second = work::file(&app, FATHER, forms::BIRTH, &by_father).await;
    work::bring_birth_to_signing(&app, &first).await;
    work::bring_birth_to_signing(&app, &second).await;
    work::act(&app, people::CHAIR, &first, "sign", &json!({})).await;
    let refusal = work::try_act(&app, people::CHAIR, &second, "sign", &json!({})).await.expect(422);
    assert!(refusal.text().contains("Trẻ này đã có trong sổ"), "{}", refusal.text());
    let path = "/api/v1/registers/birth/entries?q=huynh%20gia%20bao&reason=kiem%20tra";
    let found = app.api(CLERK).await.get(path).await.expect(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    // Once it is registered, nobody files it again; a twin is another child.
    let third = work::try_file(&app, MOTHER, forms::BIRTH, &birth()).await.expect(422);
    assert!(third.message_at("child_name").contains("2.000635"), "{}", third.text());
    work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Phúc", "2026-08-20")).await;
}

async fn a_file_too_large_or_of_another_kind_is_refused_with_a_sentence(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let field = "birth_certificate_paper";
    let send =
        async |name: &str, bytes: Vec<u8>| mother.upload(forms::BIRTH, field, name, bytes).await;
    let large = send("giay.pdf", files::huge_pdf(30)).await.expect(413);
    assert!(large.message_at(field).contains("lớn hơn 10 MB"), "{}", large.text());
    let program = send("giay.pdf", files::program()).await.expect(422);
    assert!(program.message_at(field).contains("chỉ nhận tệp PDF hoặc ảnh"), "{}", program.text());
    let mut broken = files::photograph(1);
    broken.truncate(300);
    assert_eq!(send("anh.jpg", broken).await.status, 422);
    assert_eq!(send("rong.pdf", Vec::new()).await.status, 422);
    let no_field = mother.upload(forms::BIRTH, "child_name", "a.jpg", files::photograph(1)).await;
    assert_eq!(no_field.status, 422);
    let odd = send("..%2F..%2Fetc%2Fpasswd%00.exe", files::photograph(1)).await.expect(201).json();
    assert_eq!(odd["name"], "passwd.jpg");
}

async fn a_file_of_somebody_else_cannot_be_attached(app: TestApp) {
    let file = work::attach(&app, FATHER, forms::BIRTH, "birth_certificate_paper").await;
    let mut answers = birth();
    answers["birth_certificate_paper"] = json!([file]);
    let told = refused(&app, &answers).await;
    assert_eq!(told.problems(), ["file.unknown"]);
    // Nor one that already belongs to another dossier.
    let own = work::attach(&app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
    answers["birth_certificate_paper"] = json!([own]);
    work::file(&app, MOTHER, forms::BIRTH, &answers).await;
    answers["child_name"] = "Huỳnh Gia Phúc".into();
    let told = work::try_file(&app, MOTHER, forms::BIRTH, &answers).await.expect(422);
    assert_eq!(told.problems(), ["file.unknown"]);
}

async fn what_is_no_request_of_ours_is_answered_with_a_sentence(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let body = json!({ "procedure": forms::BIRTH, "unit": people::COMMUNE, "answers": birth() });
    for (part, value, status) in [
        ("procedure", json!("khong-co"), 404),
        ("unit", json!("298"), 422),
        ("unit", json!("00004"), 422),
        ("answers", json!([]), 422),
        ("la", json!(1), 422),
    ] {
        let mut body = body.clone();
        body[part] = value.clone();
        let answer = mother.post("/api/v1/dossiers", &body).await;
        assert_eq!(answer.status, status, "{part} {value}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().len() > 10);
    }
    for path in ["/api/v1/dossiers/H20.158-260828-9999", "/api/v1/documents/1", "/api/v1/la"] {
        let answer = mother.get(path).await.expect(404);
        assert_eq!(answer.json()["code"], "not-found", "{path}: {}", answer.text());
    }
    assert_eq!(mother.get("/api/v1/documents/x").await.status, 404);
}

async fn an_officer_who_saw_an_older_state_changes_nothing(app: TestApp) {
    let code = work::file(&app, MOTHER, forms::BIRTH, &birth()).await;
    let seen = work::dossier(&app, DESK, &code).await["revision"].clone();
    work::act(&app, DESK, &code, "accept", &json!({ "revision": seen })).await;
    let late = work::try_act(
        &app,
        CLERK,
        &code,
        "return-to-desk",
        &json!({ "revision": seen, "note": "x" }),
    )
    .await;
    let late = late.expect(409);
    assert!(late.text().contains("tải lại trang"), "{}", late.text());
    assert_eq!(work::dossier(&app, CLERK, &code).await["step"], "examining");
}
