//! Marriage, death, copies, and the ways in which a dossier ends without a result.

use serde_json::{Value, json};
use signing::pades::{Coverage, inspect};
use testkit::people::{CHAIR, CLERK, DAUGHTER, DESK, FATHER, GROOM, MOTHER};
use testkit::{Person, TestApp, both_engines, forms, work};

both_engines! {
    a_marriage_is_entered_and_both_get_a_signed_certificate
    a_death_ends_the_marriage_and_is_written_beside_it
    a_copy_shows_the_entry_that_was_found
    an_entry_that_is_not_in_the_register_cannot_be_copied
    every_way_out_has_its_slip
    time_may_be_asked_for_once_with_an_apology
}

async fn a_marriage_is_entered_and_both_get_a_signed_certificate(app: TestApp) {
    let code = work::file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    let invitation = json!({ "note": "8 giờ 00 ngày 10/9/2026, phòng họp tầng 1." });
    work::act(&app, CLERK, &code, "invite", &invitation).await;
    assert_eq!(work::dossier(&app, GROOM, &code).await["stopped"], true);
    app.set_time("2026-09-10 08:00");
    work::act(&app, CLERK, &code, "both-signed", &json!({})).await;
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    app.run_pending_jobs().await;

    let entry = work::entry_of(&app, &code).await;
    assert_eq!((&entry["register"], &entry["number_text"]), (&json!("marriage"), &json!("1/2026")));
    assert_eq!(entry["subjects"], json!([GROOM.number, forms::BRIDE]));
    let pdf = work::paper(&app, GROOM, &code, "marriage-certificate").await;
    let signatures = inspect(&pdf);
    assert!(signatures.len() == 1 && signatures[0].is_sound());
    assert_eq!(signatures[0].coverage, Coverage::WholeDocument);
    let code_on_paper = work::code_on(&app, &code, "marriage-certificate").await;
    let verdict = verdict(&app, &code_on_paper).await;
    assert_eq!(verdict["current"], true);
    assert_eq!(verdict["payload"]["fields"][0], json!(["husband_name", GROOM.name()]));

    // The population database was told, so neither can marry again as never married.
    let again = work::try_file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await.expect(422);
    for (path, told) in [("husband_status", "đang có vợ"), ("wife_status", "đang có chồng")]
    {
        let message = again.message_at(path);
        assert!(message.contains(told), "{message}");
    }
}

async fn a_death_ends_the_marriage_and_is_written_beside_it(app: TestApp) {
    let copy = copied_marriage(&app).await;
    assert_eq!(verdict(&app, &copy).await["current"], true);
    register_death(&app, FATHER, "1993-04-18").await;

    let marriage = marriage_of(&app, FATHER).await;
    assert_eq!(marriage["status"], "ended");
    assert_eq!(
        marriage["annotations"][0]["text"],
        "Người chồng chết ngày 25/08/2026, đã đăng ký khai tử."
    );
    assert_eq!(marriage["versions"].as_array().unwrap().len(), 1, "an annotation is no version");
    let outdated = verdict(&app, &copy).await;
    assert_eq!((&outdated["genuine"], &outdated["current"]), (&json!(true), &json!(false)));

    let paper = work::attach(&app, DAUGHTER, forms::DEATH, "death_notice").await;
    let answers = forms::death(FATHER.number, &FATHER.name(), "1993-04-18", "male", &paper);
    let again = work::try_file(&app, DAUGHTER, forms::DEATH, &answers).await.expect(422);
    assert!(again.text().contains("đã có trong sổ"), "{}", again.text());
    assert!(app.audit().await.ok);
}

pub(crate) async fn register_death(app: &TestApp, of: Person, born_on: &str) -> String {
    let paper = work::attach(app, DAUGHTER, forms::DEATH, "death_notice").await;
    let answers = forms::death(of.number, &of.name(), born_on, "male", &paper);
    let code = work::file(app, DAUGHTER, forms::DEATH, &answers).await;
    work::accept_and_sign(app, &code).await;
    code
}

async fn marriage_of(app: &TestApp, person: Person) -> Value {
    let path = format!("/api/v1/registers/marriage/entries?q={}&reason=kiem%20tra", person.number);
    let found = app.api(CLERK).await.get(&path).await.expect(200).json();
    let id = found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no entry: {found:#}"));
    work::entry(app, CLERK, "marriage", id).await.expect(200).json()["entry"].clone()
}

async fn copied_marriage(app: &TestApp) -> String {
    let code = work::file(app, MOTHER, forms::EXTRACT, &forms::extract("marriage")).await;
    work::accept_and_sign(app, &code).await;
    work::code_on(app, &code, "marriage-extract-copy").await
}

async fn verdict(app: &TestApp, code: &str) -> Value {
    let body = json!({ "code": code });
    app.open_api().post("/api/v1/verifications", &body).await.expect(200).json()
}

async fn a_copy_shows_the_entry_that_was_found(app: TestApp) {
    let before = marriage_of(&app, MOTHER).await;
    let copy = copied_marriage(&app).await;
    let verdict = verdict(&app, &copy).await;
    let payload = &verdict["payload"];
    assert_eq!((&payload["register"], &payload["number"]), (&json!("marriage"), &json!(1)));
    assert_eq!(payload["year"], 2020);
    assert_eq!(payload["fields"][2], json!(["wife_name", MOTHER.name()]));
    assert_eq!(marriage_of(&app, MOTHER).await, before, "copying changes nothing");
}

async fn an_entry_that_is_not_in_the_register_cannot_be_copied(app: TestApp) {
    let code = work::file(&app, MOTHER, forms::EXTRACT, &forms::extract("birth")).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    let refused = work::try_act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    assert_eq!(refused.expect(422).problems(), ["action.not-now"]);
    // One entry is nobody else's: a stranger does not even learn whether it is there.
    let mut answers = forms::extract("marriage");
    answers["subject_number"] = json!(GROOM.number);
    let other = work::try_file(&app, MOTHER, forms::EXTRACT, &answers).await.expect(422);
    assert!(other.text().contains("hai số định danh khác nhau"), "{}", other.text());
}

async fn every_way_out_has_its_slip(app: TestApp) {
    let file = async |name: &str| {
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth(name, "2026-08-20")).await
    };
    let refused = file("Huỳnh Gia An").await;
    let no_reason = work::try_act(&app, DESK, &refused, "refuse", &json!({})).await;
    assert_eq!(no_reason.expect(422).problems(), ["note.required"]);
    work::act(&app, DESK, &refused, "refuse", &json!({ "note": "Không đúng nơi cư trú." })).await;
    let withdrawn = file("Huỳnh Gia Bình").await;
    work::act(&app, MOTHER, &withdrawn, "withdraw", &json!({})).await;
    let stopped = file("Huỳnh Gia Châu").await;
    let points = json!({ "points": [{ "field": "mother", "text": "Bổ sung ngày sinh." }] });
    work::act(&app, DESK, &stopped, "ask-supplement", &points).await;
    work::act(&app, DESK, &stopped, "stop-overdue", &json!({ "note": "Quá hạn bổ sung." })).await;

    for (code, state, slip) in [
        (&refused, "refused", "refusal"),
        (&withdrawn, "stopped", "stop"),
        (&stopped, "stopped", "stop"),
    ] {
        let dossier = work::dossier(&app, MOTHER, code).await;
        assert_eq!(dossier["state"], state);
        assert!(dossier["finished_at"].is_string());
        assert!(work::paper(&app, MOTHER, code, slip).await.starts_with(b"%PDF-"), "{slip}");
        let late = work::try_act(&app, DESK, code, "accept", &json!({})).await;
        assert_eq!(late.expect(422).problems(), ["dossier.finished"]);
    }
}

async fn time_may_be_asked_for_once_with_an_apology(app: TestApp) {
    let code = work::file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    let why = json!({ "note": "Cần xác minh nơi cư trú của bên nữ." });
    work::act(&app, CLERK, &code, "extend", &why).await;
    let dossier = work::dossier(&app, GROOM, &code).await;
    // Five working days from Thursday 3 September.
    assert_eq!(dossier["due_at"], "2026-09-10T17:00:00+07:00");
    assert!(work::paper(&app, GROOM, &code, "apology-extension").await.starts_with(b"%PDF-"));
    let again = work::try_act(&app, CLERK, &code, "extend", &why).await.expect(422);
    assert!(again.problems().contains(&"action.too-often".to_owned()), "{}", again.text());
}
