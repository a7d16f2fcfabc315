//! Something is away: a sentence, nothing lost, and it goes on by itself.

use serde_json::json;
use simulator::Faults;
use testkit::people::{CHAIR, CLERK, DESK, GROOM, MOTHER};
use testkit::{Engine, TestApp, both_engines, forms, work};

both_engines! {
    without_the_population_database_a_dossier_can_still_be_sent
    a_question_that_found_nobody_is_asked_again_later
    an_answer_lost_on_its_way_gives_the_same_number
    a_refused_question_shows_the_reason_and_can_be_asked_again
    what_must_be_known_is_asked_again_before_the_signature
}

fn down() -> Faults {
    Faults { down: true, ..Faults::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_that_is_gone_is_told_and_found_again() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    the_database_goes_and_comes_back(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_server_that_is_gone_is_told_and_found_again() {
    if let Some(app) = TestApp::start(Engine::OwnPostgres).await {
        the_database_goes_and_comes_back(app).await;
    }
}

async fn the_database_goes_and_comes_back(app: TestApp) {
    let code =
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    let open = app.open_api();
    assert_eq!(open.get("/readyz").await.status, 200);
    app.database().go_away().unwrap();

    assert_eq!(open.get("/readyz").await.status, 503);
    assert_eq!(open.get("/healthz").await.status, 200, "the process itself is well");
    let path = format!("/api/v1/dossiers/{code}");
    let read = app.api(MOTHER).await.get(&path).await.expect(503);
    assert_eq!(read.json()["title"], "Hệ thống tạm gián đoạn");
    assert!(read.json()["detail"].as_str().unwrap().contains("thử lại"), "{}", read.text());
    assert!(!read.header("retry-after").is_empty());
    let answers = forms::birth("Huỳnh Gia Phúc", "2026-08-20");
    let write = work::try_file(&app, MOTHER, forms::BIRTH, &answers).await;
    assert_eq!(write.status, 503);
    let page = app.browser().get_only(&format!("/ho-so/{code}")).await;
    let page =
        if page.status == 303 { app.browser().get_only("/theo-doi?ma=x").await } else { page };
    assert!(page.status == 503 || page.status == 404 || page.status == 200, "{}", page.status);

    app.database().come_back().unwrap();
    // Writes that queued up while it was away are turned away together.
    let mut code_after = None;
    for _ in 0..100 {
        let sent = work::try_file(&app, MOTHER, forms::BIRTH, &answers).await;
        if sent.status == 201 {
            code_after = sent.json()["code"].as_str().map(str::to_owned);
            break;
        }
        assert_eq!(sent.status, 503);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(code_after.as_deref(), Some("H20.158-260828-0002"), "no number was lost");
    assert_eq!(open.get("/readyz").await.status, 200);
    assert_eq!(work::dossier(&app, MOTHER, &code).await["step"], "received");
    assert!(app.audit().await.ok);
}

async fn without_the_population_database_a_dossier_can_still_be_sent(app: TestApp) {
    app.set_faults(down());
    let code =
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    assert!(work::paper(&app, MOTHER, &code, "receipt").await.starts_with(b"%PDF-"));
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    assert_eq!(work::dossier(&app, CLERK, &code).await["step"], "examining");
}

async fn a_question_that_found_nobody_is_asked_again_later(app: TestApp) {
    let code = examined_birth(&app).await;
    app.set_faults(down());
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    assert_eq!(work::dossier(&app, CLERK, &code).await["requests"]["personal_number"], "pending");
    app.set_faults(Faults::default());
    app.run_pending_jobs().await;
    let early = work::dossier(&app, CLERK, &code).await;
    assert_eq!(early["requests"]["personal_number"], "pending", "a moment later is too early");
    app.pass_minutes(1);
    app.run_pending_jobs().await;
    assert!(number(&app, &code).await.is_some());
}

async fn examined_birth(app: &TestApp) -> String {
    let code =
        work::file(app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    work::act(app, DESK, &code, "accept", &json!({})).await;
    code
}

async fn number(app: &TestApp, code: &str) -> Option<String> {
    let dossier = work::dossier(app, CLERK, code).await;
    dossier["requests"]["personal_number"]["answered"].as_str().map(str::to_owned)
}

async fn an_answer_lost_on_its_way_gives_the_same_number(app: TestApp) {
    let before = app.population().numbers().len();
    let code = examined_birth(&app).await;
    let lossy = Faults { lose_answers: true, deliver_twice: true, ..Faults::default() };
    app.set_faults(lossy);
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    assert_eq!(number(&app, &code).await, None);
    app.set_faults(Faults::default());
    app.pass_minutes(1);
    app.run_pending_jobs().await;
    assert!(number(&app, &code).await.is_some());
    assert_eq!(app.population().numbers().len(), before + 1, "one child, one number");
}

async fn a_refused_question_shows_the_reason_and_can_be_asked_again(app: TestApp) {
    let code = examined_birth(&app).await;
    let reason = "Ngày sinh của mẹ sau ngày sinh của trẻ.";
    app.set_faults(Faults { refuse: Some(reason.to_owned()), ..Faults::default() });
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    let dossier = work::dossier(&app, CLERK, &code).await;
    assert_eq!(dossier["requests"]["personal_number"]["failed"], reason);
    app.set_faults(Faults::default());
    app.pass_minutes(1);
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    assert!(number(&app, &code).await.is_some());
}

async fn what_must_be_known_is_asked_again_before_the_signature(app: TestApp) {
    app.set_faults(down());
    let code = work::file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    work::act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    let refused = work::try_act(&app, CHAIR, &code, "sign", &json!({})).await.expect(422);
    assert!(refused.text().contains("dân cư"), "{}", refused.text());
    app.set_faults(Faults::default());
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    // What was reported while the other side was away arrives later, once.
    app.set_faults(down());
    app.run_pending_jobs().await;
    app.set_faults(Faults::default());
    app.pass_minutes(2);
    app.run_pending_jobs().await;
    let counts = app::jobs::counts(app.app()).await.unwrap();
    assert_eq!((counts.ready, counts.dead, counts.outbox_waiting), (0, 0, 0));
}
