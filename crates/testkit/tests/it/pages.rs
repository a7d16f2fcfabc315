//! What stands on pages whoever opens them: the way on, the language, who to ask.

use testkit::people::{ADMINISTRATOR, AUDITOR, MOTHER};
use testkit::{Browser, Engine, Page, TestApp, both_engines, forms};

both_engines! {
    what_is_typed_after_the_session_ended_is_answered_in_words_and_stays
    what_is_typed_after_signing_in_elsewhere_is_answered_in_words_and_stays
    every_officer_lands_where_there_is_something_to_do
    no_page_of_a_procedure_names_a_provision_that_is_not_known
    on_an_english_page_what_stays_vietnamese_says_so
    every_page_says_whom_to_call
}

/// A page of questions that the mother has open.
async fn open_form(mother: &mut Browser<'_>) -> Page {
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    let first = mother.send(&page, &page.form("/bat-dau")).await.expect(200);
    mother.answer(&first, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await.expect(200)
}

/// What the script sends while she types.
async fn autosave(mother: &mut Browser<'_>, page: &Page) -> Page {
    let csrf = page.form_with("luu-sau").value("csrf").unwrap().to_owned();
    let path = page.path.replace("/child-part", "/tu-luu");
    let typed = [("csrf", csrf.as_str()), ("section", "child-part"), ("child_name", "Huỳnh An")];
    mother.post(&path, &typed).await
}

fn detail(answer: &Page) -> String {
    assert!(answer.header("content-type").contains("json"), "{}", answer.text());
    let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    json["detail"].as_str().unwrap().to_owned()
}

async fn what_is_typed_after_the_session_ended_is_answered_in_words_and_stays(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = open_form(&mut mother).await;
    assert_eq!(autosave(&mut mother, &page).await.status, 200);
    app.pass_minutes(31);
    let refused = autosave(&mut mother, &page).await.expect(401);
    let sentence = detail(&refused);
    assert!(sentence.contains("vẫn còn nguyên") && sentence.contains("đăng nhập"), "{sentence}");
}

async fn what_is_typed_after_signing_in_elsewhere_is_answered_in_words_and_stays(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = open_form(&mut mother).await;
    app.pass_minutes(31);
    mother.sign_in(MOTHER).await;
    let refused = autosave(&mut mother, &page).await.expect(403);
    let sentence = detail(&refused);
    assert!(sentence.contains("vẫn còn nguyên") && sentence.contains("làm tiếp"), "{sentence}");
    // The form itself is carried on to the new session.
    let typed = page.form_with("luu-sau").with("child_name", "Huỳnh Gia Hân");
    let resumed = mother.send(&page, &typed).await;
    assert!(resumed.status == 401 || resumed.status == 403, "{}", resumed.text());
}

async fn every_officer_lands_where_there_is_something_to_do(app: TestApp) {
    let auditor = app.signed_in(AUDITOR).await.get("/can-bo").await.expect(200);
    assert_eq!(auditor.path, "/can-bo/nhat-ky");
    let mut administrator = app.signed_in(ADMINISTRATOR).await;
    let page = administrator.get("/can-bo").await.expect(200);
    assert_eq!(page.path, "/tai-khoan");
    let page = page.says("Việc ông/bà làm được ở đây").says("tuphap audit verify");
    let offered = page.html.links();
    for (href, text) in offered.iter().filter(|(href, _)| href.starts_with("/can-bo")) {
        let opened = administrator.get(href).await;
        assert_eq!(opened.status, 200, "{text} ({href}) is offered and refused");
    }
}

async fn no_page_of_a_procedure_names_a_provision_that_is_not_known(app: TestApp) {
    let mut anybody = app.browser();
    let slugs: Vec<String> =
        app.app().content().procedures.iter().map(|procedure| procedure.slug.clone()).collect();
    assert!(slugs.len() >= 5);
    for slug in slugs {
        let page = anybody.get(&format!("/thu-tuc/{slug}")).await.expect(200);
        let text = page.text();
        for never in ["chưa rõ", "CHƯA XÁC MINH", "mức tạm"] {
            assert!(!text.contains(never), "{slug}: {never}");
        }
    }
    let page = anybody.get("/thu-tuc/civil-status-correction").await;
    let _ = page.says("Nghị quyết của Hội đồng nhân dân cấp tỉnh");
}

async fn on_an_english_page_what_stays_vietnamese_says_so(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    mother.cookies.insert("ngon_ngu".to_owned(), "en".to_owned());
    let page = open_form(&mut mother).await;
    let wrong = page.form_with("luu-sau").with("child_birth_date", "31/02/2026");
    let again = mother.send(&page, &wrong).await.expect(422);
    let html = String::from_utf8_lossy(&again.body).into_owned();
    assert!(html.contains("<html lang=\"en\""), "{html}");
    let fault = html.find("không có ngày 31").unwrap();
    let element = html[..fault].rfind("<li").unwrap();
    assert!(html[element..fault].starts_with("<li lang=\"vi\">"), "{}", &html[element..fault]);

    let missing = mother.get("/khong-co-trang-nay").await.expect(404);
    let missing = missing.says("Not found").says("To the first page");
    let html = String::from_utf8_lossy(&missing.body).into_owned();
    assert!(html.contains("<p lang=\"vi\">Không có trang nào"), "{html}");
    // In Vietnamese nothing needs to be marked.
    let missing = app.browser().get("/khong-co-trang-nay").await.expect(404);
    assert!(!String::from_utf8_lossy(&missing.body).contains("<p lang="));
}

async fn every_page_says_whom_to_call(app: TestApp) {
    let office = app.app().content().offices["82"].clone();
    for path in ["/", "/tro-giup", "/khong-co-trang-nay"] {
        let page = app.browser().get(path).await.says(&office.phone);
        let _ = page.says("các ngày làm việc");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_about_an_outage_looks_like_ours_and_has_a_number_to_tell() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let mut mother = app.signed_in(MOTHER).await;
    app.pass_minutes(1);
    app.database().go_away().unwrap();
    let mut page = mother.get_only("/ho-so").await;
    for _ in 0..100 {
        if page.status == 503 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        page = mother.get_only("/ho-so").await;
    }
    let page = page.expect(503).says("Tải lại trang này").says("xin cho biết mã");
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert!(html.contains("/assets/app.css?v="), "{html}");
    app.database().come_back().unwrap();
}
