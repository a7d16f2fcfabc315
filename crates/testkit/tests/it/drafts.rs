//! Forms being filled: who decides, what is kept when several save at once, answering a request.

use app::drafts;
use app::setup::NewAccount;
use kernel::id::{DraftId, UploadId};
use kernel::unit::UnitCode;
use serde_json::{Map, Value, json};
use testkit::people::{COMMUNE, DESK, MOTHER, OTHER_COMMUNE};
use testkit::{TestApp, both_engines, files, forms, work};

both_engines! {
    whoever_lives_nowhere_known_is_asked_who_decides
    who_decides_can_be_changed_until_the_form_is_sent
    without_an_office_nothing_is_sent
    pages_saved_at_the_same_time_lose_nothing
    a_file_attached_while_answers_are_saved_stays
    a_file_taken_off_an_answer_stays_with_the_dossier
    the_day_of_filing_stays_when_a_request_is_answered_late
}

type Answers = Map<String, Value>;

const NEWCOMER: &str = "nguoi-moi";
const PASSWORD: &str = "Chin-con-rong-uon-khuc-9!";

/// Somebody of whom the population database knows nothing.
async fn newcomer(app: &TestApp) {
    let account = NewAccount {
        login: NEWCOMER.to_owned(),
        password: PASSWORD.to_owned(),
        name: "Người Mới Đến".to_owned(),
        kind: access::AccountKind::Citizen,
        person_number: None,
        roles: Vec::new(),
        until: None,
        password_due: false,
    };
    app::setup::add_account(app.app(), account, app.now()).await.unwrap();
}

async fn whoever_lives_nowhere_known_is_asked_who_decides(app: TestApp) {
    newcomer(&app).await;
    let mut person = app.browser();
    let _ = person.try_sign_in(NEWCOMER, PASSWORD).await.expect(200);
    let page = person.get("/thu-tuc/birth-registration").await.expect(200);
    let asked = person.send(&page, &page.form("/bat-dau")).await.expect(200);
    assert!(asked.path.ends_with("/noi-giai-quyet"), "{}", asked.path);
    assert_eq!(asked.form_with("unit").value("unit"), Some(""), "none is chosen for the person");
    let refused = person.send(&asked, &asked.form_with("unit")).await.expect(422);
    let refused = refused.says("chưa chọn nơi giải quyết");
    let form = refused.form_with("unit").with("unit", OTHER_COMMUNE);
    let first = person.send(&refused, &form).await.expect(200);
    assert!(!first.path.ends_with("/noi-giai-quyet"), "{}", first.path);
    let _ = first.says("phường Sa Đéc");
}

async fn who_decides_can_be_changed_until_the_form_is_sent(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    let first = mother.send(&page, &page.form("/bat-dau")).await.expect(200);
    assert!(first.text().contains("phường Cao Lãnh"), "where she lives: {}", first.text());
    let page = mother.get(&first.link("Đổi nơi giải quyết")).await.expect(200);
    assert_eq!(page.form_with("unit").value("unit"), Some(COMMUNE));
    let form = page.form_with("unit").with("unit", OTHER_COMMUNE);
    let next = mother.send(&page, &form).await.expect(200);
    assert!(next.text().contains("phường Sa Đéc"), "{}", next.text());
    let draft = next.path.split('/').nth(2).unwrap();
    let check = mother.get(&format!("/nhap/{draft}/kiem-tra")).await.expect(200);
    let _ = check.says("phường Sa Đéc").says("Đổi nơi giải quyết");
    let form = page.form_with("unit");
    let unknown = [("csrf", form.value("csrf").unwrap()), ("unit", "99999")];
    let refused = mother.post(&format!("/nhap/{draft}/noi-giai-quyet"), &unknown).await;
    assert_eq!(refused.status, 422);
}

async fn without_an_office_nothing_is_sent(app: TestApp) {
    newcomer(&app).await;
    let ctx = app.context(testkit::Person { login: NEWCOMER, number: "" }).await;
    let id = drafts::start(app.app(), &ctx, forms::BIRTH, None).await.unwrap();
    let (draft, _) = drafts::save(app.app(), &ctx, id, answers_of(&birth()), None).await.unwrap();
    assert_eq!(draft.unit, None);
    let refused = app::dossiers::submit_draft(app.app(), &ctx, id).await.unwrap_err();
    let paths: Vec<&str> = refused.problems.iter().map(|one| one.path.as_str()).collect();
    assert!(paths.contains(&"unit"), "{paths:?}");
    let commune: UnitCode = COMMUNE.parse().unwrap();
    let saved = drafts::save(app.app(), &ctx, id, Answers::new(), Some(commune)).await.unwrap();
    assert_eq!(saved.0.unit.unwrap().as_str(), COMMUNE);

    let body = json!({ "procedure": forms::BIRTH, "answers": birth() });
    let refused = app.api(MOTHER).await.post("/api/v1/dossiers", &body).await.expect(422);
    assert!(refused.message_at("unit").contains("nơi giải quyết"), "{}", refused.text());
}

fn birth() -> Value {
    forms::birth("Huỳnh Gia Bảo", "2026-08-20")
}

fn answers_of(value: &Value) -> Answers {
    value.as_object().unwrap().clone()
}

fn one(field: &str, value: &str) -> Answers {
    Answers::from_iter([(field.to_owned(), json!(value))])
}

async fn started(app: &TestApp) -> (access::OpContext, DraftId) {
    let ctx = app.context(MOTHER).await;
    let id = drafts::start(app.app(), &ctx, forms::BIRTH, None).await.unwrap();
    (ctx, id)
}

async fn pages_saved_at_the_same_time_lose_nothing(app: TestApp) {
    let (ctx, id) = started(&app).await;
    for round in 0..10 {
        let save = |field: &str, value: String| {
            let patch = one(field, &value);
            let (app, ctx) = (app.app().clone(), ctx.clone());
            async move { drafts::save(&app, &ctx, id, patch, None).await.unwrap() }
        };
        let (name, phone) =
            (format!("Huỳnh Gia {}", char::from(b'A' + round)), format!("091234567{round}"));
        let facility = format!("Trạm y tế {round}");
        let _ = tokio::join!(
            save("child_name", name.clone()),
            save("contact_phone", phone.clone()),
            save("birth_facility", facility.clone()),
        );
        let draft = drafts::load(app.app(), &ctx, id).await.unwrap();
        let kept =
            |field: &str| draft.answers.get(field).and_then(Value::as_str).unwrap_or_default();
        assert_eq!(kept("child_name"), name);
        assert_eq!(kept("birth_facility"), facility);
        assert_eq!(kept("contact_phone").replace(' ', ""), phone);
    }
}

async fn a_file_attached_while_answers_are_saved_stays(app: TestApp) {
    let (ctx, id) = started(&app).await;
    for round in 0..4 {
        let photo = files::photograph(round);
        let attach =
            drafts::attach(app.app(), &ctx, id, "birth_certificate_paper", "anh.jpg", photo);
        let save = async {
            for step in 0..5 {
                let patch = one("child_name", &format!("Huỳnh Gia {}", char::from(b'A' + step)));
                drafts::save(app.app(), &ctx, id, patch, None).await.unwrap();
            }
        };
        let (attached, ()) = tokio::join!(attach, save);
        let attached = attached.unwrap();
        let draft = drafts::load(app.app(), &ctx, id).await.unwrap();
        assert_eq!(draft.answers["child_name"], "Huỳnh Gia E");
        assert_eq!(draft.answers["birth_certificate_paper"], json!([attached.id]));
        let detach = drafts::detach(app.app(), &ctx, id, attached.id);
        let patch = one("child_name", "Huỳnh Gia Z");
        let save = drafts::save(app.app(), &ctx, id, patch, None);
        let (gone, saved) = tokio::join!(detach, save);
        gone.unwrap();
        saved.unwrap();
        let draft = drafts::load(app.app(), &ctx, id).await.unwrap();
        assert_eq!(draft.answers["child_name"], "Huỳnh Gia Z");
        assert!(!draft.answers.contains_key("birth_certificate_paper"), "{round}");
    }
}

/// A dossier that waits for its applicant, with a photograph; its code and the photograph.
async fn waiting(app: &TestApp, born_on: &str) -> (String, String) {
    let photo = work::attach(app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
    let mut answers = forms::birth("Huỳnh Gia Bảo", born_on);
    answers.as_object_mut().unwrap().remove("birth_certificate_number");
    answers["birth_certificate_paper"] = json!([photo]);
    let code = work::file(app, MOTHER, forms::BIRTH, &answers).await;
    let point = json!({ "field": "birth_certificate_paper", "text": "Chụp lại, đủ bốn góc." });
    work::act(app, DESK, &code, "ask-supplement", &json!({ "points": [point] })).await;
    (code, photo)
}

async fn a_file_taken_off_an_answer_stays_with_the_dossier(app: TestApp) {
    let (code, photo) = waiting(&app, "2026-08-20").await;
    let ctx = app.context(MOTHER).await;
    let id = app::dossiers::start_supplement(app.app(), &ctx, &code).await.unwrap();
    let upload: UploadId = photo.parse().unwrap();
    drafts::detach(app.app(), &ctx, id, upload).await.unwrap();
    let draft = drafts::load(app.app(), &ctx, id).await.unwrap();
    assert!(!draft.answers.contains_key("birth_certificate_paper"));
    drafts::remove(app.app(), &ctx, id).await.unwrap();
    app.age_files();
    app.pass_minutes(16);
    app.run_pending_jobs().await;

    let mut mother = app.signed_in(MOTHER).await;
    let kept = mother.get_only(&format!("/ho-so/{code}/tep/{photo}")).await;
    assert_eq!(kept.status, 200, "until the answer is sent, the office has what it was given");
    assert_eq!(
        work::dossier(&app, DESK, &code).await["answers"]["birth_certificate_paper"],
        json!([photo])
    );
}

async fn the_day_of_filing_stays_when_a_request_is_answered_late(app: TestApp) {
    // Filed on the 54th day; answered on the 67th.
    let (code, _) = waiting(&app, "2026-07-05").await;
    app.set_time("2026-09-10 09:00");
    let ctx = app.context(MOTHER).await;
    let id = app::dossiers::start_supplement(app.app(), &ctx, &code).await.unwrap();
    let draft = drafts::load(app.app(), &ctx, id).await.unwrap();
    let checked = draft.check(app.app(), ctx.now.date(), true);
    assert!(!checked.visible.contains("late_reason"), "the birth was filed in time");
    assert_eq!(checked.problems, []);
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get(&format!("/nhap/{id}/kiem-tra")).await.expect(200);
    assert!(!page.text().contains("Lý do đăng ký sau 60 ngày"), "{}", page.text());
    let sent = app::dossiers::submit_draft(app.app(), &ctx, id).await.unwrap();
    assert_eq!(sent.code, code);
}
