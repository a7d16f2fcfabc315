//! Sent twice, done once.

use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, COMMUNE, DESK, FATHER, MOTHER};
use testkit::{TestApp, both_engines, forms, work};

both_engines! {
    a_request_under_one_key_is_carried_out_once
    a_key_used_for_another_request_is_refused
    requests_under_one_key_at_the_same_time_make_one_dossier
    an_action_under_one_key_is_taken_once
    a_signature_under_one_key_is_given_once
}

const PATH: &str = "/api/v1/dossiers";

fn body(child: &str) -> Value {
    let answers = forms::birth(child, "2026-08-20");
    json!({ "procedure": forms::BIRTH, "unit": COMMUNE, "answers": answers })
}

async fn a_request_under_one_key_is_carried_out_once(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let first = mother.post_with_key(PATH, "k1", &body("Huỳnh Gia Bảo")).await.expect(201).json();
    let second = mother.post_with_key(PATH, "k1", &body("Huỳnh Gia Bảo")).await.expect(200).json();
    assert_eq!((&second["code"], &second["repeated"]), (&first["code"], &json!(true)));
    // Also when it could not be sent any more: the answer is the one of then.
    let code = first["code"].as_str().unwrap();
    work::bring_birth_to_signing(&app, code).await;
    work::act(&app, CHAIR, code, "sign", &json!({})).await;
    let third = mother.post_with_key(PATH, "k1", &body("Huỳnh Gia Bảo")).await.expect(200).json();
    assert_eq!(third["code"], first["code"]);
    let mine = mother.get(PATH).await.expect(200).json();
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
}

async fn a_key_used_for_another_request_is_refused(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let _ = mother.post_with_key(PATH, "k1", &body("Huỳnh Gia Bảo")).await.expect(201);
    let other = mother.post_with_key(PATH, "k1", &body("Huỳnh Gia Phúc")).await.expect(409);
    assert!(other.text().contains("Idempotency-Key"), "{}", other.text());
    // Keys are each account's own.
    let father = app.api(FATHER).await;
    let _ = father.post_with_key(PATH, "k1", &body("Huỳnh Gia Phúc")).await.expect(201);
}

async fn requests_under_one_key_at_the_same_time_make_one_dossier(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let body = body("Huỳnh Gia Bảo");
    let send = || mother.post_with_key(PATH, "k1", &body);
    let answers = tokio::join!(send(), send(), send(), send());
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 201));
    let codes: Vec<Value> = answers.iter().map(|answer| answer.json()["code"].clone()).collect();
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
}

async fn an_action_under_one_key_is_taken_once(app: TestApp) {
    let code =
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    let path = format!("{PATH}/{code}/actions/accept");
    let desk = app.api(DESK).await;
    let first = desk.post_with_key(&path, "a1", &json!({})).await.expect(200).json();
    let second = desk.post_with_key(&path, "a1", &json!({})).await.expect(200).json();
    assert_eq!(second["revision"], first["revision"]);
    assert_eq!(second["repeated"], true);
    let without = desk.post(&path, &json!({})).await;
    assert_eq!(without.status, 422, "without the key it is another request");
}

async fn a_signature_under_one_key_is_given_once(app: TestApp) {
    let code =
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    work::bring_birth_to_signing(&app, &code).await;
    let path = format!("{PATH}/{code}/actions/sign");
    let chair = app.api(CHAIR).await;
    let first = chair.post_with_key(&path, "s1", &json!({})).await.expect(200).json();
    let second = chair.post_with_key(&path, "s1", &json!({})).await.expect(200).json();
    assert_eq!((&second["revision"], &second["repeated"]), (&first["revision"], &json!(true)));
    let dossier = work::dossier(&app, CLERK, &code).await;
    let papers = dossier["documents"].as_array().unwrap();
    assert_eq!(papers.iter().filter(|paper| paper["of"] == "birth-certificate").count(), 1);
}
