//! Signing in: passwords, one-time codes, locks, tokens, sessions that end, forms that outlive them.

use std::net::IpAddr;

use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, DESK, MOTHER};
use testkit::{Answer, Api, Form, Page, TestApp, both_engines, forms, work};

both_engines! {
    five_wrong_passwords_lock_a_login_known_or_not
    wrong_passwords_sent_at_once_are_all_counted
    an_officer_needs_a_code_that_nobody_used_before
    one_code_sent_twice_at_once_opens_one_session
    a_token_does_only_what_it_was_made_for
    a_session_ends_when_it_is_not_used_and_when_it_is_left
    a_form_outlives_its_session
    a_form_without_its_token_is_refused
    too_many_sign_ins_from_one_address_must_wait
    a_new_password_must_be_good_and_ends_other_sessions
    a_signature_asks_for_the_code_again_where_that_is_set
}

async fn try_token(app: &TestApp, login: &str, password: &str, code: &str) -> Answer {
    let body = json!({ "login": login, "password": password, "code": code });
    app.open_api().post("/api/v1/tokens", &body).await
}

async fn five_wrong_passwords_lock_a_login_known_or_not(app: TestApp) {
    let mut answers = Vec::new();
    for login in [MOTHER.login, "khong-co-ai"] {
        let mut told: Vec<(u16, Value)> = Vec::new();
        for _ in 0..6 {
            let answer = try_token(&app, login, "sai", "").await;
            told.push((answer.status, answer.json()["detail"].clone()));
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1], "nothing tells which logins are real");
    let statuses: Vec<u16> = answers[0].iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    let sentence = answers[0][5].1.as_str().unwrap();
    assert!(sentence.contains("tạm khóa đến 15 giờ 55"), "{sentence}");
    let right = MOTHER.password();
    assert_eq!(try_token(&app, MOTHER.login, &right, "").await.status, 429, "locked is locked");
    let page = try_page(&app, MOTHER.login, &right).await.expect(429);
    assert!(page.text().contains("tạm khóa"), "{}", page.text());
    app.pass_minutes(15);
    assert_eq!(try_token(&app, MOTHER.login, &right, "").await.status, 201);
    assert_eq!(
        try_token(&app, "khong-co-ai", &right, "").await.status,
        429,
        "doubled, as for anybody"
    );
}

async fn try_page(app: &TestApp, login: &str, password: &str) -> Page {
    let mut browser = app.browser();
    let page = browser.get("/dang-nhap").await.expect(200);
    let form = page.form_with("password").with("username", login).with("password", password);
    browser.send(&page, &form).await
}

async fn wrong_passwords_sent_at_once_are_all_counted(app: TestApp) {
    let wrong = || try_token(&app, MOTHER.login, "sai", "");
    let answers = tokio::join!(wrong(), wrong(), wrong(), wrong(), wrong());
    assert!([answers.0, answers.1, answers.2, answers.3, answers.4].iter().all(Answer::is_refusal));
    let right = try_token(&app, MOTHER.login, &MOTHER.password(), "").await;
    assert_eq!(right.status, 429, "{}", right.text());
}

async fn an_officer_needs_a_code_that_nobody_used_before(app: TestApp) {
    let password = CLERK.password();
    assert_eq!(try_token(&app, CLERK.login, &password, "").await.status, 401);
    assert_eq!(try_token(&app, CLERK.login, &password, "12345").await.status, 401);
    let code = app.code(CLERK).await;
    assert_eq!(try_token(&app, CLERK.login, &password, &code).await.status, 201);
    let again = try_token(&app, CLERK.login, &password, &code).await.expect(401);
    assert!(again.text().contains("đã dùng"), "{}", again.text());

    // In the browser too; and until the code has come, the session opens nothing.
    let mut browser = app.browser();
    let page = browser.get("/dang-nhap").await;
    let form = page.form_with("password").with("username", CLERK.login).with("password", &password);
    let asked = browser.send(&page, &form).await.expect(200);
    assert!(asked.path.starts_with("/dang-nhap/ma"));
    assert_eq!(browser.get_only("/can-bo").await.status, 303);
    let form = asked.form_with("code");
    let used = browser.send(&asked, &form.clone().with("code", &code)).await.expect(401);
    let _ = used.says("đã dùng");
    let fresh = app.fresh_code(CLERK).await;
    let signed_in = browser.send(&asked, &form.with("code", &fresh)).await.expect(200);
    assert_eq!(signed_in.path, "/can-bo");
}

async fn one_code_sent_twice_at_once_opens_one_session(app: TestApp) {
    let code = app.fresh_code(CLERK).await;
    let password = CLERK.password();
    let send = || try_token(&app, CLERK.login, &password, &code);
    let (first, second, third) = tokio::join!(send(), send(), send());
    let opened = [first, second, third].iter().filter(|answer| answer.status == 201).count();
    assert_eq!(opened, 1);
}

async fn a_token_does_only_what_it_was_made_for(app: TestApp) {
    let body = json!({ "login": MOTHER.login, "password": MOTHER.password(), "scopes": ["dossiers:read"], "days": 1 });
    let made = app.open_api().post("/api/v1/tokens", &body).await.expect(201).json();
    assert_eq!(made["scopes"], json!(["dossiers:read"]));
    let token = made["token"].as_str().unwrap().to_owned();
    let reader = Api::with_token(&app, &token);
    assert_eq!(reader.get("/api/v1/dossiers").await.status, 200);
    let path = "/api/v1/dossiers/H20.158-260828-0001/actions/withdraw";
    let write = reader.post(path, &json!({})).await.expect(403);
    assert!(write.text().contains("dossiers:write"), "{}", write.text());
    app.pass_minutes(24 * 60 + 1);
    let late = reader.get("/api/v1/dossiers").await.expect(401);
    assert_eq!(late.header("www-authenticate"), "Bearer");
    for wrong in ["", "x", &"A".repeat(43)] {
        assert_eq!(Api::with_token(&app, wrong).get("/api/v1/dossiers").await.status, 401);
    }
}

async fn a_session_ends_when_it_is_not_used_and_when_it_is_left(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    app.pass_minutes(29);
    assert_eq!(mother.get_only("/ho-so").await.status, 200);
    app.pass_minutes(29);
    assert_eq!(mother.get_only("/ho-so").await.status, 200, "each use lengthens it");
    app.pass_minutes(31);
    let over = mother.get_only("/ho-so").await;
    assert_eq!((over.status, over.header("location").as_str()), (303, "/dang-nhap?next=/ho-so"));
    let asked = mother.get("/ho-so").await;
    let _ = asked.says("Phiên làm việc đã kết thúc");

    let mut desk = app.signed_in(DESK).await;
    app.pass_minutes(16);
    assert_eq!(desk.get_only("/can-bo").await.status, 303, "an officer's session ends sooner");

    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/ho-so").await.expect(200);
    let before = mother.clone();
    let _ = mother.send(&page, &page.form("/dang-xuat")).await;
    let mut stolen = before;
    assert_eq!(stolen.get_only("/ho-so").await.status, 303, "a cookie of before is worth nothing");
}

async fn a_form_outlives_its_session(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    let first = mother.send(&page, &page.form("/bat-dau")).await.expect(200);
    let next =
        mother.answer(&first, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await.expect(200);
    assert!(next.path.ends_with("/child-part"), "{}", next.path);
    let typed = next.form_with("luu-sau").with("child_name", "Huỳnh Gia \"Bảo\" & <An>");
    app.pass_minutes(31);

    let asked = mother.send(&next, &typed).await.expect(401);
    let asked = asked.says("nội dung vừa nhập được giữ nguyên");
    let wrong = asked.form_with("password").with("username", MOTHER.login).with("password", "sai");
    let asked = mother.send(&asked, &wrong).await.expect(401);
    let form = asked.form_with("password");
    let form = form.with("username", MOTHER.login).with("password", &MOTHER.password());
    let resumed = mother.send(&asked, &form).await.expect(200);
    let form: Form = resumed.form("/child-part");
    assert_eq!(form.value("child_name"), Some("Huỳnh Gia \"Bảo\" & <An>"));
    let back = mother.send(&resumed, &form).await.expect(422);
    let kept = back.form_with("luu-sau");
    assert_eq!(kept.value("child_name"), Some("Huỳnh Gia \"Bảo\" & <An>"));
}

async fn a_form_without_its_token_is_refused(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/ho-so").await.expect(200);
    let right = page.form("/dang-xuat").value("csrf").unwrap().to_owned();
    let mut father = app.signed_in(testkit::people::FATHER).await;
    let other = father.get("/ho-so").await.form("/dang-xuat").value("csrf").unwrap().to_owned();
    assert_ne!(right, other);
    let path = "/thu-tuc/birth-registration/bat-dau";
    for token in ["", "x", other.as_str(), &right[1..]] {
        let refused = mother.post(path, &[("csrf", token)]).await;
        assert!((400..500).contains(&refused.status), "{}", refused.status);
        assert!(refused.text().contains("mở lại trang"), "{}", refused.text());
    }
    let list = mother.get("/ho-so").await;
    assert!(!list.text().contains("Bản nháp"), "nothing was begun");
    assert_eq!(mother.post(path, &[("csrf", &right)]).await.status, 303);
}

async fn too_many_sign_ins_from_one_address_must_wait(app: TestApp) {
    let address: IpAddr = "203.0.113.7".parse().unwrap();
    let mut browser = app.browser().at(address);
    let page = browser.get("/dang-nhap").await.expect(200);
    let mut last = 0;
    for attempt in 0..40 {
        let form = page.form_with("password");
        let form = form.with("username", &format!("ai-do-{attempt}")).with("password", "sai");
        let refused = browser.send(&page, &form).await;
        last = refused.status;
        if last == 429 {
            assert!(attempt >= 10, "after {attempt}");
            assert!(!refused.header("retry-after").is_empty());
            break;
        }
    }
    assert_eq!(last, 429);
    let mut other = app.browser().at("203.0.113.8".parse().unwrap());
    other.sign_in(MOTHER).await;
}

async fn a_new_password_must_be_good_and_ends_other_sessions(app: TestApp) {
    let mut elsewhere = app.signed_in(MOTHER).await;
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/tai-khoan").await.expect(200);
    let form = page.form_with("current");
    let weak = form.clone().with("current", "sai").with("new", "12345678").with("again", "1234");
    let refused = mother.send(&page, &weak).await.expect(422);
    let refused = refused.says("Mật khẩu hiện tại chưa đúng").says("chưa giống nhau");
    let good = "Chin-con-rong-uon-khuc-9!";
    let form = refused.form_with("current");
    let form = form.with("current", &MOTHER.password()).with("new", good).with("again", good);
    let _ = mother.send(&refused, &form).await.expect(200);
    assert_eq!(mother.get_only("/ho-so").await.status, 200);
    assert_eq!(elsewhere.get_only("/ho-so").await.status, 303);
    assert_eq!(try_token(&app, MOTHER.login, &MOTHER.password(), "").await.status, 401);
    assert_eq!(try_token(&app, MOTHER.login, good, "").await.status, 201);
}

async fn a_signature_asks_for_the_code_again_where_that_is_set(app: TestApp) {
    // The same database, with the setting switched on.
    let mut app = app;
    app.restart_with(|settings| settings.code_at_signing = true).await;
    let code =
        work::file(&app, MOTHER, forms::BIRTH, &forms::birth("Huỳnh Gia Bảo", "2026-08-20")).await;
    work::bring_birth_to_signing(&app, &code).await;
    for wrong in [json!({}), json!({ "code": "000000" })] {
        let refused = work::try_act(&app, CHAIR, &code, "sign", &wrong).await;
        assert_eq!(refused.status, 401, "{}", refused.text());
    }
    let fresh = app.fresh_code(CHAIR).await;
    work::act(&app, CHAIR, &code, "sign", &json!({ "code": fresh })).await;
    assert_eq!(work::dossier(&app, MOTHER, &code).await["state"], "done");
}
