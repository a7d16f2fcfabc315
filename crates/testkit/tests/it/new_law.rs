//! The law changes: what was received before keeps the old rules, what comes after takes the new.

use pack::Source;
use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, DESK, MOTHER};
use testkit::{TestApp, both_engines, forms, work};

both_engines! {
    a_dossier_keeps_the_version_that_it_was_received_under
    a_province_changes_a_fee_from_a_day_on
}

const BIRTH: &str = "national/procedures/birth-registration/procedure.toml";
const NEXT: &str = "national/procedures/birth-registration/procedure-2026-09-01.toml";
/// A question that the new law asks.
const QUESTION: &str = r#"
[[section.field]]
id = "order_of_birth"
label = "Con thứ mấy trong gia đình"
type = "number"
min = 1
max = 20
required = true
"#;

/// From 1 September 2026 on the form asks one thing more and the procedure has another name.
fn new_law(source: Source) -> Source {
    let text = |source: &Source| String::from_utf8(source.bytes(BIRTH).unwrap().to_vec()).unwrap();
    let old = text(&source);
    let first = "valid_from = 2025-07-01";
    let closed = old.replacen(first, &format!("{first}\nvalid_to = 2026-08-31"), 1);
    let section = "[[section]]\nid = \"result-part\"";
    assert!(old.contains(section));
    let new = old
        .replacen(first, "valid_from = 2026-09-01", 1)
        .replacen("name = \"Đăng ký khai sinh\"", "name = \"Đăng ký khai sinh theo luật mới\"", 1)
        .replacen(section, &format!("{QUESTION}\n{section}"), 1);
    source.with(BIRTH, closed).with(NEXT, new)
}

async fn a_dossier_keeps_the_version_that_it_was_received_under(mut app: TestApp) {
    let answers = forms::birth("Huỳnh Gia An", "2026-08-20");
    // The last minutes of the old law, and what they leave open.
    app.set_time("2026-08-31 23:50");
    let old = work::file(&app, MOTHER, forms::BIRTH, &answers).await;
    app.restart_with_content(new_law).await;
    assert_eq!(names(&app).await, ["Đăng ký khai sinh"], "still the old law tonight");
    app.set_time("2026-09-01 00:10");
    assert_eq!(names(&app).await, ["Đăng ký khai sinh theo luật mới"]);

    // Who files now answers the new question.
    let other = forms::birth("Huỳnh Gia Bình", "2026-08-21");
    let refused = work::try_file(&app, MOTHER, forms::BIRTH, &other).await.expect(422);
    assert_eq!(refused.problems(), ["field.required"]);
    assert!(!refused.message_at("order_of_birth").is_empty());
    let mut full = other;
    full["order_of_birth"] = json!(2);
    let new = work::file(&app, MOTHER, forms::BIRTH, &full).await;

    // The old dossier is asked, answered and signed by the old rules.
    app.set_time("2026-09-03 08:00");
    let points = json!({ "points": [{ "field": "mother", "text": "Bổ sung số điện thoại." }] });
    work::act(&app, DESK, &old, "ask-supplement", &points).await;
    let mut mended = answers;
    mended["contact_phone"] = json!("0912 000 111");
    let supply = json!({ "answers": mended });
    work::act(&app, MOTHER, &old, "answer-supplement", &supply).await;
    for code in [&old, &new] {
        work::bring_birth_to_signing(&app, code).await;
        work::act(&app, CHAIR, code, "sign", &json!({})).await;
        app.run_pending_jobs().await;
    }
    let name = async |code: &str| work::dossier(&app, CLERK, code).await["procedure"].clone();
    assert_ne!(name(&old).await, Value::Null);
    let answered = async |code: &str| {
        let dossier = work::dossier(&app, MOTHER, code).await;
        dossier["answers"]["order_of_birth"].clone()
    };
    assert_eq!((answered(&old).await, answered(&new).await), (Value::Null, json!(2)));
}

/// What a search for the procedure gives.
async fn names(app: &TestApp) -> Vec<String> {
    let found = app.open_api().get("/api/v1/procedures?q=khai%20sinh").await.expect(200).json();
    let items = found["items"].as_array().cloned().unwrap_or_default();
    let births = items.iter().filter(|item| item["code"] == "1.001193");
    births.filter_map(|item| item["name"].as_str().map(str::to_owned)).collect()
}

async fn a_province_changes_a_fee_from_a_day_on(mut app: TestApp) {
    let fees = "dong-thap/fees.toml";
    app.restart_with_content(|source| {
        let text = String::from_utf8(source.bytes(fees).unwrap().to_vec()).unwrap();
        let amount = "fee = \"charge\"\namount = \"15000\"";
        assert!(text.contains(amount));
        let dear = "fee = \"charge\"\nvalid_from = 2026-09-04\namount = \"20000\"";
        source.with(fees, text.replacen(amount, dear, 1))
    })
    .await;
    let answers = |paper: &str| {
        let change = json!({ "change_field": "wife_name", "new_text": "Trần Thị Ngọc Diệm" });
        let mut answers =
            forms::birth_correction(&MOTHER.name(), MOTHER.number, "1995-09-02", &change, paper);
        answers["event"] = json!("marriage");
        answers["requester_relation"] = json!("self");
        answers
    };
    let file = async |app: &TestApp| {
        let paper = work::attach(app, MOTHER, forms::CORRECTION, "basis_file").await;
        work::file(app, MOTHER, forms::CORRECTION, &answers(&paper)).await
    };
    app.set_time("2026-09-03 16:00");
    let before = file(&app).await;
    app.set_time("2026-09-04 08:00");
    let after = file(&app).await;
    let shown = async |code: &str| {
        let mut mother = app.signed_in(MOTHER).await;
        mother.get(&format!("/ho-so/{code}")).await.expect(200).text()
    };
    assert!(shown(&before).await.contains("15.000 đồng"));
    assert!(shown(&after).await.contains("20.000 đồng"));
}
