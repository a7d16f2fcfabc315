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
    a_rating_under_one_key_is_given_once
    a_file_under_one_key_is_taken_once
    a_key_that_is_too_long_is_refused
    a_token_is_kept_under_no_key
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

async fn a_rating_under_one_key_is_given_once(app: TestApp) {
    let code = work::registered_birth(&app, "Huỳnh Gia Bảo", "2026-08-20").await;
    let path = format!("{PATH}/{code}/rating");
    let mother = app.api(MOTHER).await;
    let body = json!({ "score": 5, "comment": "Nhanh." });
    assert_eq!(mother.post_with_key(&path, "r1", &body).await.status, 204);
    assert_eq!(mother.post_with_key(&path, "r1", &body).await.status, 204, "as the first time");
    let other = json!({ "score": 1, "comment": "" });
    assert_eq!(mother.post_with_key(&path, "r1", &other).await.status, 409);
    assert!(mother.post(&path, &body).await.is_refusal(), "without the key it is a second rating");
}

async fn a_file_under_one_key_is_taken_once(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let path = |name: &str| {
        format!(
            "/api/v1/files?procedure={}&field=birth_certificate_paper&name={name}",
            forms::BIRTH
        )
    };
    let photo = testkit::files::photograph(3);
    let send = |path: String, bytes: &[u8]| {
        let (mother, bytes) = (mother.clone(), bytes.to_vec());
        async move { mother.upload_with_key(&path, "f1", bytes).await }
    };
    let (first, second) = tokio::join!(send(path("a.jpg"), &photo), send(path("a.jpg"), &photo));
    let (first, second) = (first.expect(201).json(), second.expect(201).json());
    assert_eq!(first, second, "one file, answered twice");
    let other = testkit::files::photograph(4);
    assert_eq!(send(path("a.jpg"), &other).await.status, 409);
    assert_eq!(send(path("b.jpg"), &photo).await.status, 409, "the address counts too");
}

async fn a_key_that_is_too_long_is_refused(app: TestApp) {
    let mother = app.api(MOTHER).await;
    let refused = mother.post_with_key(PATH, &"k".repeat(201), &body("Huỳnh Gia Bảo")).await;
    assert_eq!(refused.expect(422).problems(), ["idempotency-key"]);
    let fine = mother.post_with_key(PATH, &"k".repeat(200), &body("Huỳnh Gia Bảo")).await;
    assert_eq!(fine.status, 201);
}

async fn a_token_is_kept_under_no_key(app: TestApp) {
    let body = json!({ "login": MOTHER.login, "password": MOTHER.password() });
    let make = || async { app.open_api().post_with_key("/api/v1/tokens", "t1", &body).await };
    let (first, second) = (make().await.expect(201).json(), make().await.expect(201).json());
    assert_ne!(first["token"], second["token"], "a secret is answered once and kept nowhere");
    let described = app.open_api().get("/api/v1/openapi.json").await.expect(200).json();
    let parameters = &described["paths"]["/api/v1/tokens"]["post"]["parameters"];
    assert_eq!(*parameters, json!([]), "and the description does not promise otherwise");
}
