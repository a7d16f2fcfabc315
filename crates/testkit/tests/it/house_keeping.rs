//! What the program does by itself: accounts that nobody uses, drafts past their time; and who may read
//! its measurements.

use app::jobs;
use serde_json::json;
use testkit::people::{CLERK, DESK, MOTHER};
use testkit::{Api, TestApp, both_engines, files, forms, work};

both_engines! {
    an_officers_account_unused_for_45_days_is_disabled_and_says_so
    an_account_used_by_its_token_is_in_use
    an_unused_account_is_refused_at_the_sign_in_even_before_house_keeping
    a_citizens_account_stays_however_long_it_is_not_used
    a_draft_past_its_time_goes_with_its_files
    the_bytes_of_a_file_that_somebody_needs_stay
    a_draft_thrown_away_leaves_no_file
    a_file_that_no_dossier_named_goes_after_a_time
    measurements_are_not_for_strangers
}

const DAY: i64 = 24 * 60;

async fn tidy(app: &TestApp) {
    jobs::tidy(app.app()).await.unwrap();
}

async fn state(app: &TestApp, login: &'static str) -> String {
    let found = app.app().store().read(move |tx| store::accounts::by_login(tx, login)).await;
    found.unwrap().unwrap().state
}

async fn an_officers_account_unused_for_45_days_is_disabled_and_says_so(app: TestApp) {
    let _ = app.signed_in(CLERK).await;
    app.pass_minutes(20 * DAY);
    let _ = app.signed_in(DESK).await;
    app.pass_minutes(25 * DAY - 1);
    tidy(&app).await;
    assert_eq!(state(&app, CLERK.login).await, "active", "a minute is left");
    app.pass_minutes(DAY);
    tidy(&app).await;
    assert_eq!(state(&app, CLERK.login).await, "unused");
    assert_eq!(state(&app, DESK.login).await, "active", "used since");
    let told = app.browser().try_sign_in(CLERK.login, &CLERK.password()).await.expect(403);
    let _ = told.says("hơn 45 ngày không được sử dụng").says("mở lại");
    assert!(app.audit().await.ok);

    let made = app::accounts::enable(app.app(), CLERK.login, false).await.unwrap();
    tidy(&app).await;
    assert_eq!(state(&app, CLERK.login).await, "active", "opening it again counts as a use");
    assert!(made.totp_secret.is_none(), "the telephone keeps its secret");
}

async fn an_account_used_by_its_token_is_in_use(app: TestApp) {
    let clerk = app.api(CLERK).await;
    app.pass_minutes(30 * DAY);
    let _ = clerk.get("/api/v1/dossiers").await.expect(200);
    app.pass_minutes(30 * DAY);
    tidy(&app).await;
    assert_eq!(state(&app, CLERK.login).await, "active");
    assert_eq!(state(&app, DESK.login).await, "unused");
    let _ = clerk.get("/api/v1/dossiers").await.expect(200);
}

async fn an_unused_account_is_refused_at_the_sign_in_even_before_house_keeping(app: TestApp) {
    app.pass_minutes(46 * DAY);
    let told = app.browser().try_sign_in(CLERK.login, &CLERK.password()).await.expect(403);
    let _ = told.says("45 ngày");
    assert_eq!(state(&app, CLERK.login).await, "unused");
}

async fn a_citizens_account_stays_however_long_it_is_not_used(app: TestApp) {
    app.pass_minutes(400 * DAY);
    tidy(&app).await;
    assert_eq!(state(&app, MOTHER.login).await, "active");
    let _ = app.signed_in(MOTHER).await;
}

/// A draft of the mother's with a photograph attached; its address.
async fn begun(app: &TestApp, photograph: Vec<u8>) -> String {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    let first = mother.send(&page, &page.form("/bat-dau")).await.expect(200);
    let draft = first.path.split('/').nth(2).unwrap().to_owned();
    let child = mother.get(&format!("/nhap/{draft}/child-part")).await.expect(200);
    let mut answers = forms::birth("Huỳnh Gia Bảo", "2026-08-20");
    answers.as_object_mut().unwrap().remove("birth_certificate_number");
    let _ = mother.answer(&child, &answers).await.expect(200);
    let papers = mother.get(&format!("/nhap/{draft}/papers-part")).await.expect(200);
    let form = papers.form_with("luu-sau");
    let form = form.with_file("tep.birth_certificate_paper", "anh.jpg", photograph);
    let _ = mother.send(&papers, &form).await.expect(200);
    format!("/nhap/{draft}/child-part")
}

async fn swept(app: &TestApp) {
    app.age_files();
    app.pass_minutes(16);
    app.run_pending_jobs().await;
}

async fn a_draft_past_its_time_goes_with_its_files(app: TestApp) {
    let path = begun(&app, files::photograph(1)).await;
    assert_eq!(app.stored_files().len(), 1);
    app.pass_minutes(89 * DAY);
    tidy(&app).await;
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get(&path).await.expect(200);
    let _ = page.says("Bản nháp được giữ đến 26/11/2026");
    app.pass_minutes(2 * DAY);
    tidy(&app).await;
    let mut mother = app.signed_in(MOTHER).await;
    assert_eq!(mother.get(&path).await.status, 404);
    swept(&app).await;
    assert!(app.stored_files().is_empty(), "the photograph is gone too");
}

async fn the_bytes_of_a_file_that_somebody_needs_stay(app: TestApp) {
    let photo = work::attach(&app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
    let mut answers = forms::birth("Huỳnh Gia Bảo", "2026-08-20");
    answers["birth_certificate_paper"] = json!([photo]);
    let code = work::file(&app, MOTHER, forms::BIRTH, &answers).await;
    let row = photo.parse().unwrap();
    let row = app.app().store().read(move |tx| store::drafts::upload_by_id(tx, row)).await;
    let bytes = app.app().blobs().get(&row.unwrap().unwrap().blob).await.unwrap();
    let _ = begun(&app, bytes).await;
    app.pass_minutes(91 * DAY);
    tidy(&app).await;
    swept(&app).await;
    let mut mother = app.signed_in(MOTHER).await;
    let kept = mother.get_only(&format!("/ho-so/{code}/tep/{photo}")).await;
    assert_eq!(kept.status, 200, "the same picture belongs to a dossier");
}

async fn a_draft_thrown_away_leaves_no_file(app: TestApp) {
    let path = begun(&app, files::photograph(1)).await;
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get(&path).await.expect(200);
    let _ = mother.send(&page, &page.form("/xoa")).await.expect(200);
    swept(&app).await;
    assert!(app.stored_files().is_empty());
}

async fn a_file_that_no_dossier_named_goes_after_a_time(app: TestApp) {
    let _ = work::attach(&app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
    tidy(&app).await;
    app.pass_minutes(91 * DAY);
    tidy(&app).await;
    swept(&app).await;
    assert!(app.stored_files().is_empty());
}

async fn measurements_are_not_for_strangers(app: TestApp) {
    let mut app = app;
    let mut here = app.browser().at("127.0.0.1".parse().unwrap());
    let mut outside = app.browser().at("203.0.113.7".parse().unwrap());
    let read = here.get_only("/metrics").await;
    assert_eq!(read.status, 200);
    assert!(String::from_utf8_lossy(&read.body).contains("tuphap_jobs_ready"));
    assert_eq!(outside.get_only("/metrics").await.status, 404);
    let open = app.open_api();
    assert_eq!(open.get_with("/metrics", "authorization", "Bearer ").await.status, 404);

    app.restart_with(|settings| settings.metrics_token = "do-dac-9f3c".to_owned()).await;
    let right = Api::with_token(&app, "do-dac-9f3c").get("/metrics").await;
    assert_eq!(right.status, 200);
    assert_eq!(Api::with_token(&app, "do-dac-9f3d").get("/metrics").await.status, 404);
}
