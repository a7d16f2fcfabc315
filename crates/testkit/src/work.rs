//! What people do to dossiers, through the API: the common ways of the stories.

use serde_json::{Value, json};

use crate::api::Answer;
use crate::app::TestApp;
use crate::files;
use crate::forms;
use crate::people::{CHAIR, CLERK, COMMUNE, DESK, MOTHER, Person};
use crate::printed_code;

/// Sends a dossier to phường Cao Lãnh.
pub async fn try_file(app: &TestApp, by: Person, procedure: &str, answers: &Value) -> Answer {
    let body = json!({ "procedure": procedure, "unit": COMMUNE, "answers": answers });
    app.api(by).await.post("/api/v1/dossiers", &body).await
}

/// Sends a dossier that is taken; gives its code.
pub async fn file(app: &TestApp, by: Person, procedure: &str, answers: &Value) -> String {
    let answer = try_file(app, by, procedure, answers).await.expect(201);
    answer.json()["code"].as_str().expect("a code").to_owned()
}

/// Uploads a photograph for a field; gives its identifier.
pub async fn attach(app: &TestApp, by: Person, procedure: &str, field: &str) -> String {
    let api = app.api(by).await;
    let answer = api.upload(procedure, field, "anh.jpg", files::photograph(1)).await.expect(201);
    answer.json()["id"].as_str().expect("an identifier").to_owned()
}

/// Takes an action.
pub async fn try_act(app: &TestApp, by: Person, code: &str, action: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/dossiers/{code}/actions/{action}");
    app.api(by).await.post(&path, body).await
}

/// Takes an action that is taken.
pub async fn act(app: &TestApp, by: Person, code: &str, action: &str, body: &Value) {
    let answer = try_act(app, by, code, action, body).await;
    assert_eq!(answer.status, 200, "{action}: {}", answer.text());
}

/// A dossier as somebody sees it.
pub async fn dossier(app: &TestApp, by: Person, code: &str) -> Value {
    let path = format!("/api/v1/dossiers/{code}");
    app.api(by).await.get(&path).await.expect(200).json()
}

/// From the desk to the chair: accepted, the child's number asked for and come, entry prepared.
pub async fn bring_birth_to_signing(app: &TestApp, code: &str) {
    act(app, DESK, code, "accept", &json!({})).await;
    act(app, CLERK, code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    act(app, CLERK, code, "submit-for-signature", &json!({})).await;
}

/// A birth filed by the mother, examined and signed.
pub async fn registered_birth(app: &TestApp, child: &str, born_on: &str) -> String {
    let code = file(app, MOTHER, forms::BIRTH, &forms::birth(child, born_on)).await;
    bring_birth_to_signing(app, &code).await;
    act(app, CHAIR, &code, "sign", &json!({})).await;
    app.run_pending_jobs().await;
    code
}

/// From the desk to the signature, where nothing is to be asked of other systems.
pub async fn accept_and_sign(app: &TestApp, code: &str) {
    act(app, DESK, code, "accept", &json!({})).await;
    act(app, CLERK, code, "submit-for-signature", &json!({ "note": "Đủ căn cứ." })).await;
    act(app, CHAIR, code, "sign", &json!({})).await;
    app.run_pending_jobs().await;
}

/// The entry that a dossier wrote, as the civil-status officer reads it.
pub async fn entry_of(app: &TestApp, code: &str) -> Value {
    let dossier = dossier(app, CLERK, code).await;
    let (register, id) = (&dossier["entry"]["register"], &dossier["entry"]["entry"]);
    let register = register.as_str().expect("the dossier wrote an entry");
    let id = id.as_str().expect("entries have identifiers");
    entry(app, CLERK, register, id).await.expect(200).json()["entry"].clone()
}

/// An entry, read for the reason of a test.
pub async fn entry(app: &TestApp, by: Person, register: &str, id: &str) -> Answer {
    let path = format!("/api/v1/registers/{register}/entries/{id}?reason=ki%E1%BB%83m%20tra");
    app.api(by).await.get(&path).await
}

/// A document of a dossier by what it is (`receipt`, `birth-certificate`); the last one if several.
pub async fn paper(app: &TestApp, by: Person, code: &str, of: &str) -> Vec<u8> {
    let dossier = dossier(app, by, code).await;
    let papers = dossier["documents"].as_array().cloned().unwrap_or_default();
    let paper = papers.iter().rfind(|paper| paper["of"] == of);
    let paper = paper.unwrap_or_else(|| panic!("no {of} among {papers:#?}"));
    let href = paper["href"].as_str().expect("papers can be fetched");
    app.api(by).await.get(href).await.expect(200).body.to_vec()
}

/// The text of the code printed on a result, read from its PDF.
pub async fn code_on(app: &TestApp, code: &str, of: &str) -> String {
    let pdf = paper(app, CLERK, code, of).await;
    let link = printed_code::read(&pdf).unwrap_or_else(|| panic!("no code on {of}"));
    let (address, text) = link.split_once('#').expect("a link with the code behind #");
    assert!(address.ends_with("/verify"), "{address}");
    text.to_owned()
}
