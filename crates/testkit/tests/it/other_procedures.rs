//! Marriage, death, copies, and the ways in which a dossier ends without a result.

use serde_json::{Value, json};
use signing::pades::{Coverage, inspect};
use simulator::Faults;
use testkit::people::{CHAIR, CLERK, DAUGHTER, DESK, FATHER, GROOM, MOTHER};
use testkit::{Person, TestApp, both_engines, forms, work};

both_engines! {
    a_marriage_is_entered_and_both_get_a_signed_certificate
    a_death_ends_the_marriage_and_is_written_beside_it
    nobody_marries_while_a_marriage_of_theirs_is_in_force
    a_widow_whose_marriage_ended_with_the_death_may_marry_again
    after_a_divorce_or_an_annulment_the_marriage_counts_no_more
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

/// What the clerk is told while the register has no note of the end of her earlier marriage.
const STILL_MARRIED: &str = "chưa có ghi chú hôn nhân trước của bên nữ đã chấm dứt";

/// The mother and the groom want to marry.
fn marries_again(wife_status: &str, which: u32) -> Value {
    let mut answers = forms::marriage();
    answers["wife"] = json!({
        "number": MOTHER.number, "name": MOTHER.name(), "birth_date": "1995-09-02",
        "ethnicity": "01", "nationality": "VN", "residence": forms::home(),
    });
    answers["wife_status"] = json!(wife_status);
    answers["wife_marriage_count"] = json!(which);
    answers
}

async fn nobody_marries_while_a_marriage_of_theirs_is_in_force(app: TestApp) {
    // The population database is behind: the register alone knows.
    app.set_faults(Faults { down: true, ..Faults::default() });
    let answers = marries_again("never-married", 1);
    let refused = work::try_file(&app, GROOM, forms::MARRIAGE, &answers).await.expect(422);
    let message = refused.message_at("wife_status");
    assert!(message.contains("Sổ đăng ký kết hôn ghi bên nữ đang có chồng"), "{message}");
}

async fn a_widow_whose_marriage_ended_with_the_death_may_marry_again(app: TestApp) {
    register_death(&app, FATHER, "1993-04-18").await;
    let answers = marries_again("widowed", 2);
    let code = work::file(&app, GROOM, forms::MARRIAGE, &answers).await;
    assert!(!read_by_clerk(&app, &code).await.contains(STILL_MARRIED));
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    work::act(&app, CLERK, &code, "invite", &json!({ "note": "8 giờ 00 ngày 10/9/2026" })).await;
    app.set_time("2026-09-10 08:00");
    work::act(&app, CLERK, &code, "both-signed", &json!({})).await;
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    let entry = work::entry_of(&app, &code).await;
    assert_eq!((&entry["status"], &entry["number_text"]), (&json!("current"), &json!("1/2026")));
}

async fn after_a_divorce_or_an_annulment_the_marriage_counts_no_more(app: TestApp) {
    for kind in ["divorce", "annulment"] {
        let register = &app.app().content().registers["marriage"];
        assert!(register.annotation(kind).is_some_and(|kind| kind.ends), "{kind}");
    }
    let answers = marries_again("divorced", 2);
    let before = work::file(&app, GROOM, forms::MARRIAGE, &answers).await;
    assert!(read_by_clerk(&app, &before).await.contains(STILL_MARRIED));
    annotate_marriage(&app, MOTHER, "divorce").await;
    assert_eq!(marriage_of(&app, MOTHER).await["status"], "ended");
    assert!(!read_by_clerk(&app, &before).await.contains(STILL_MARRIED));
}

/// What the clerk reads beside a dossier.
async fn read_by_clerk(app: &TestApp, code: &str) -> String {
    let mut clerk = app.signed_in(CLERK).await;
    clerk.get(&format!("/can-bo/ho-so/{code}")).await.expect(200).text()
}

/// Writes a note beside the marriage of somebody, as after a decision of a court.
async fn annotate_marriage(app: &TestApp, of: Person, kind: &'static str) {
    let id = marriage_of(app, of).await["id"].as_str().unwrap().parse::<i64>().unwrap();
    let ends = app.app().content().registers["marriage"].annotation(kind).unwrap().ends;
    let written = app.app().store().write(move |tx| {
        let mut row = store::registers::by_id(tx, id)?.expect("the entry is there");
        let mut entry: Value = serde_json::from_str(&row.body).expect("an entry");
        let note = json!({
            "at": entry["versions"][0]["known_at"], "by": entry["versions"][0]["by"],
            "text": "Đã ly hôn theo quyết định của Tòa án.", "basis": "", "kind": kind,
        });
        entry["annotations"].as_array_mut().expect("notes").push(note);
        if ends {
            entry["status"] = json!("ended");
            row.status = "ended".to_owned();
        }
        row.body = entry.to_string();
        let version = row.version;
        store::registers::update(tx, &row, version)
    });
    assert!(written.await.expect("the database can be written"));
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
