//! One's own account: tokens, one-time codes, passwords that must be changed.

use access::password::{Cost, PasswordHasher};
use access::totp::TotpSecret;
use app::accounts::NewPerson;
use serde_json::{Value, json};
use testkit::people::{ADMINISTRATOR, CLERK, COMMUNE, DESK, FATHER, MOTHER};
use testkit::{Answer, Api, Page, TestApp, both_engines};

both_engines! {
    tokens_are_listed_without_their_secrets_and_ended_by_their_owner
    tokens_are_ended_on_the_account_page
    a_token_manages_tokens_only_if_it_was_made_for_that
    a_changed_password_ends_every_token_and_renews_the_cookie
    a_wrong_present_password_counts_like_a_failed_sign_in
    a_citizen_switches_codes_on_and_off
    switching_codes_on_ends_other_sessions_and_tokens
    a_short_password_does_not_stand_without_codes
    an_officer_cannot_switch_codes_off
    a_hash_of_an_older_cost_is_renewed_at_the_sign_in
    guesses_at_an_unknown_login_sent_at_once_are_all_counted
    a_one_time_password_opens_nothing_until_it_is_changed
    an_administrators_old_password_must_be_changed
    a_disabled_account_says_so_and_everything_of_it_ends
    an_administrators_session_ends_after_five_minutes_without_a_request
    a_session_ends_at_last_however_much_it_is_used
    the_cookie_of_a_session_is_for_browsers_and_for_this_site_alone
    a_password_that_met_an_ended_session_stands_in_no_page
}

const TOKENS: &str = "/api/v1/tokens";
const GOOD: &str = "Chin-con-rong-uon-khuc-9!";

async fn make_token(app: &TestApp, body: &Value) -> Answer {
    app.open_api().post(TOKENS, body).await
}

async fn tokens_are_listed_without_their_secrets_and_ended_by_their_owner(app: TestApp) {
    let body =
        json!({ "login": MOTHER.login, "password": MOTHER.password(), "name": "Máy tính nhà" });
    let made = make_token(&app, &body).await.expect(201).json();
    let secret = made["token"].as_str().unwrap();
    let mother = Api::with_token(&app, secret);
    let listed = mother.get(TOKENS).await.expect(200);
    assert!(!listed.text().contains(secret));
    let listed = listed.json();
    let found = &listed["items"][0];
    assert_eq!(
        (&found["name"], &listed["items"].as_array().unwrap().len()),
        (&json!("Máy tính nhà"), &1)
    );
    assert_eq!(found["scopes"], made["scopes"]);
    assert_eq!(found["expires_at"], made["expires_at"]);
    let path = format!("{TOKENS}/{}", found["id"].as_str().unwrap());

    let father = app.api(FATHER).await;
    assert_eq!(father.delete(&path).await.status, 404, "somebody else's is not there");
    assert_eq!(mother.get(TOKENS).await.status, 200);
    let ended = mother.delete(&path).await;
    assert_eq!((ended.status, ended.text().as_str()), (204, ""));
    assert_eq!(mother.get("/api/v1/dossiers").await.status, 401, "it ends at once");
    assert_eq!(app.api(MOTHER).await.delete(&path).await.status, 404);
    assert!(app.audit().await.ok);
}

async fn tokens_are_ended_on_the_account_page(app: TestApp) {
    let body =
        json!({ "login": MOTHER.login, "password": MOTHER.password(), "name": "Máy tính nhà" });
    let made = make_token(&app, &body).await.expect(201).json();
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/tai-khoan").await.expect(200).says("Máy tính nhà");
    let page = mother.send(&page, &page.form_with("token")).await.expect(200);
    let page = page.says("Đã kết thúc mã truy cập đó");
    assert!(!page.text().contains("Máy tính nhà"));
    let token = made["token"].as_str().unwrap();
    assert_eq!(Api::with_token(&app, token).get("/api/v1/dossiers").await.status, 401);
}

async fn a_token_manages_tokens_only_if_it_was_made_for_that(app: TestApp) {
    let body = json!({
        "login": MOTHER.login, "password": MOTHER.password(), "scopes": ["dossiers:read"],
    });
    let made = make_token(&app, &body).await.expect(201).json();
    let reader = Api::with_token(&app, made["token"].as_str().unwrap());
    let refused = reader.get(TOKENS).await.expect(403);
    assert!(refused.text().contains("tokens:manage"), "{}", refused.text());
    assert_eq!(reader.delete(&format!("{TOKENS}/{}", "0".repeat(32))).await.status, 403);
}

async fn a_changed_password_ends_every_token_and_renews_the_cookie(app: TestApp) {
    let token = app.api(MOTHER).await;
    assert_eq!(token.get("/api/v1/dossiers").await.status, 200);
    let mut mother = app.signed_in(MOTHER).await;
    let mut stolen = mother.clone();
    let page = mother.get("/tai-khoan").await.expect(200);
    let form = page.form_with("current").with("current", &MOTHER.password());
    let changed = mother.send(&page, &form.with("new", GOOD).with("again", GOOD)).await.expect(200);
    let _ = changed.says("Đã đổi mật khẩu");
    assert_eq!(token.get("/api/v1/dossiers").await.status, 401);
    assert_eq!(
        stolen.get_only("/ho-so").await.status,
        303,
        "the cookie of before is worth nothing"
    );
    assert_eq!(mother.get_only("/ho-so").await.status, 200);
}

async fn a_wrong_present_password_counts_like_a_failed_sign_in(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let mut last = 0;
    for _ in 0..5 {
        let page = mother.get("/tai-khoan").await.expect(200);
        let form = page.form_with("current").with("current", "sai");
        last = mother.send(&page, &form.with("new", GOOD).with("again", GOOD)).await.status;
    }
    assert_eq!(last, 429, "whoever finds an open session cannot guess on");
    let body = json!({ "login": MOTHER.login, "password": MOTHER.password() });
    assert_eq!(make_token(&app, &body).await.status, 429);
}

/// The secret that the account page offers.
fn secret_on(page: &Page) -> TotpSecret {
    let text = page.text();
    let (_, after) = text.split_once("gõ khóa:").expect("a secret is offered");
    let letters: String = after.split_whitespace().take(8).collect();
    TotpSecret::from_base32(&letters).unwrap_or_else(|| panic!("no secret: {letters}"))
}

async fn switch_on(app: &TestApp, browser: &mut testkit::Browser<'_>) -> Page {
    let page = browser.get("/tai-khoan").await.expect(200);
    let code = secret_on(&page).code_at(app.now());
    let form = page.form_with("code-password").with("code-password", &MOTHER.password());
    browser.send(&page, &form.with("code", &code)).await
}

async fn a_citizen_switches_codes_on_and_off(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/tai-khoan").await.expect(200);
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert!(html.contains("data:image/svg+xml,%3Csvg"), "the QR code is shown");
    assert!(html.contains("otpauth://totp/"), "and its address");
    let again = mother.get("/tai-khoan").await.expect(200);
    assert_eq!(secret_on(&page), secret_on(&again), "the code just scanned still counts");

    let form = page.form_with("code-password").with("code-password", "sai").with("code", "000000");
    let refused = mother.send(&page, &form).await.expect(422);
    let _ = refused.says("Mật khẩu chưa đúng").says("Mã chưa đúng");
    let right = secret_on(&page).code_at(app.now());
    let form = page.form_with("code-password").with("code-password", "sai").with("code", &right);
    assert_eq!(mother.send(&page, &form).await.status, 422, "the password is asked too");
    let on = switch_on(&app, &mut mother).await.expect(200).says("Đã bật mã xác thực");
    assert!(on.text().contains("Đang bật"));

    let body = json!({ "login": MOTHER.login, "password": MOTHER.password() });
    assert_eq!(make_token(&app, &body).await.status, 401, "a password alone does not do any more");
    let used = json!({ "login": MOTHER.login, "password": MOTHER.password(), "code": right });
    assert_eq!(
        make_token(&app, &used).await.status,
        401,
        "the code that switched it on is used up"
    );

    let page = mother.get("/tai-khoan").await.expect(200);
    let code = app.fresh_code(MOTHER).await;
    let form = page.form_with("code-password").with("code-password", &MOTHER.password());
    let off = mother.send(&page, &form.with("code", &code)).await.expect(200);
    let _ = off.says("Đã tắt mã xác thực");
    assert_eq!(make_token(&app, &body).await.status, 201);
    assert!(app.audit().await.ok);
}

async fn switching_codes_on_ends_other_sessions_and_tokens(app: TestApp) {
    let token = app.api(MOTHER).await;
    let mut elsewhere = app.signed_in(MOTHER).await;
    let mut mother = app.signed_in(MOTHER).await;
    let mut stolen = mother.clone();
    let _ = switch_on(&app, &mut mother).await.expect(200).says("Đã bật");
    assert_eq!(elsewhere.get_only("/ho-so").await.status, 303);
    assert_eq!(stolen.get_only("/ho-so").await.status, 303);
    assert_eq!(token.get("/api/v1/dossiers").await.status, 401);
    assert_eq!(mother.get_only("/ho-so").await.status, 200);
}

async fn a_short_password_does_not_stand_without_codes(app: TestApp) {
    const SHORT: &str = "muoi-hai-ky";
    let mut mother = app.signed_in(MOTHER).await;
    let page = switch_on(&app, &mut mother).await.expect(200);
    let form = page.form_with("current").with("current", &MOTHER.password());
    let page = mother.send(&page, &form.with("new", SHORT).with("again", SHORT)).await.expect(200);
    let code = app.fresh_code(MOTHER).await;
    let form = page.form_with("code-password").with("code-password", SHORT).with("code", &code);
    let refused = mother.send(&page, &form).await.expect(422);
    let _ = refused.says("đổi mật khẩu dài hơn trước").says("Đang bật");
}

async fn an_officer_cannot_switch_codes_off(app: TestApp) {
    let mut clerk = app.signed_in(CLERK).await;
    let page = clerk.get("/tai-khoan").await.expect(200).says("bắt buộc dùng mã");
    let csrf = page.form_with("current").value("csrf").unwrap().to_owned();
    let (password, code) = (CLERK.password(), app.fresh_code(CLERK).await);
    let fields = [
        ("csrf", csrf.as_str()),
        ("viec", "tat-ma"),
        ("code-password", &password),
        ("code", &code),
    ];
    assert_eq!(clerk.post("/tai-khoan", &fields).await.status, 403);
    let page = clerk.get("/tai-khoan").await.expect(200);
    assert!(page.text().contains("Đang bật"));
}

async fn stored_password(app: &TestApp) -> String {
    let found = app.app().store().read(|tx| store::accounts::by_login(tx, MOTHER.login)).await;
    found.unwrap().unwrap().password
}

async fn a_hash_of_an_older_cost_is_renewed_at_the_sign_in(app: TestApp) {
    let older = PasswordHasher::new(Cost { passes: 3, ..Cost::FOR_TESTS }).unwrap();
    let old = older.hash(&MOTHER.password()).unwrap();
    let (put, today) = (old.clone(), stored_password(&app).await);
    let store = app.app().store();
    let id = store
        .write(move |tx| {
            let row = store::accounts::by_login(tx, MOTHER.login)?.unwrap();
            store::accounts::renew_password_hash(tx, row.id, &today, &put)?;
            Ok(row.id)
        })
        .await
        .unwrap();
    let _ = app.signed_in(MOTHER).await;
    let renewed = stored_password(&app).await;
    assert_ne!(renewed, old);
    assert!(renewed.contains("t=1,"), "{renewed}");
    let row = store.read(move |tx| store::accounts::by_id(tx, id)).await.unwrap().unwrap();
    assert!(row.password_at < app.now().micros() || row.password_at == row.created_at);
    let _ = app.signed_in(MOTHER).await;
    assert_eq!(stored_password(&app).await, renewed, "once");
}

async fn guesses_at_an_unknown_login_sent_at_once_are_all_counted(app: TestApp) {
    let body = json!({ "login": "khong-co-ai", "password": "sai" });
    let guess = || make_token(&app, &body);
    let _ = tokio::join!(guess(), guess(), guess(), guess(), guess());
    assert_eq!(make_token(&app, &body).await.status, 429, "as a login that exists would answer");
    assert!(app.audit().await.ok);
}

fn officer(login: &str, role: &str, unit: &str) -> NewPerson {
    NewPerson {
        login: login.to_owned(),
        name: "Trịnh Thị Mới".to_owned(),
        role: Some((role.to_owned(), unit.to_owned())),
        ..NewPerson::default()
    }
}

async fn a_one_time_password_opens_nothing_until_it_is_changed(app: TestApp) {
    let made = app::accounts::add(app.app(), officer("moi", "civil-status-officer", COMMUNE));
    let made = made.await.unwrap();
    let secret = TotpSecret::from_base32(made.totp_secret.as_deref().unwrap()).unwrap();
    assert!(made.totp_uri.unwrap().starts_with("otpauth://totp/"));
    let mut browser = app.browser();
    let asked = browser.try_sign_in("moi", &made.password).await.expect(200);
    let form = asked.form_with("code").with("code", &secret.code_at(app.now()));
    let asked = browser.send(&asked, &form).await.expect(200).says("Đặt mật khẩu mới");
    assert!(asked.path.starts_with("/dang-nhap/mat-khau"), "{}", asked.path);
    for path in ["/can-bo", "/tai-khoan", "/ho-so"] {
        let away = browser.get(path).await;
        assert!(away.path.starts_with("/dang-nhap/mat-khau"), "{path} led to {}", away.path);
    }
    app.pass_minutes(1);
    let code = secret.code_at(app.now());
    let token = json!({ "login": "moi", "password": made.password, "code": code });
    let refused = make_token(&app, &token).await.expect(403);
    assert!(refused.text().contains("đổi mật khẩu"), "{}", refused.text());

    let form = asked.form_with("new");
    let weak = form.clone().with("new", &made.password).with("again", "khac");
    let refused = browser.send(&asked, &weak).await.expect(422);
    let refused = refused.says("chưa giống nhau").says("đã dùng trong 10 lần");
    let form = refused.form_with("new").with("new", GOOD).with("again", GOOD);
    let home = browser.send(&refused, &form).await.expect(200);
    assert_eq!(home.path, "/can-bo");
    assert_eq!(browser.get_only("/can-bo").await.status, 200);
}

async fn an_administrators_old_password_must_be_changed(app: TestApp) {
    app.pass_minutes(40 * 24 * 60);
    let mut admin = app.signed_in(ADMINISTRATOR).await;
    assert_eq!(admin.get_only("/tai-khoan").await.status, 200);
    app.pass_minutes(20 * 24 * 60);
    let mut admin = app.browser();
    let asked = admin.try_sign_in(ADMINISTRATOR.login, &ADMINISTRATOR.password()).await;
    let form = asked.form_with("code").with("code", &app.fresh_code(ADMINISTRATOR).await);
    let asked = admin.send(&asked, &form).await.expect(200).says("đã quá thời hạn");
    let form = asked.form_with("new").with("new", GOOD).with("again", GOOD);
    let _ = admin.send(&asked, &form).await.expect(200);
    assert_eq!(admin.get_only("/tai-khoan").await.status, 200);
}

async fn a_disabled_account_says_so_and_everything_of_it_ends(app: TestApp) {
    let token = app.api(FATHER).await;
    let mut father = app.signed_in(FATHER).await;
    app::accounts::disable(app.app(), FATHER.login).await.unwrap();
    assert_eq!(father.get_only("/ho-so").await.status, 303);
    assert_eq!(token.get("/api/v1/dossiers").await.status, 401);
    let mut again = app.browser();
    let told = again.try_sign_in(FATHER.login, &FATHER.password()).await.expect(403);
    let _ = told.says("Tài khoản này đã ngừng sử dụng");
    let wrong = app.browser().try_sign_in(FATHER.login, "sai").await.expect(401);
    assert!(!wrong.text().contains("ngừng sử dụng"), "only to whoever knows the password");

    let made = app::accounts::enable(app.app(), FATHER.login, false).await.unwrap();
    assert_ne!(made.password, FATHER.password());
    let asked = app.browser().try_sign_in(FATHER.login, &made.password).await.expect(200);
    let _ = asked.says("Đặt mật khẩu mới");
}

async fn an_administrators_session_ends_after_five_minutes_without_a_request(app: TestApp) {
    let mut admin = app.signed_in(ADMINISTRATOR).await;
    app.pass_minutes(4);
    assert_eq!(admin.get_only("/tai-khoan").await.status, 200);
    app.pass_minutes(4);
    assert_eq!(admin.get_only("/tai-khoan").await.status, 200, "each use lengthens it");
    app.pass_minutes(5);
    assert_eq!(admin.get_only("/tai-khoan").await.status, 303);
}

async fn a_session_ends_at_last_however_much_it_is_used(app: TestApp) {
    for (person, step, hours) in [(DESK, 14, 10), (MOTHER, 29, 8)] {
        let mut browser = app.signed_in(person).await;
        let mut passed = 0;
        while passed + step < hours * 60 {
            app.pass_minutes(step);
            passed += step;
            assert_eq!(browser.get_only("/tai-khoan").await.status, 200, "{passed}");
        }
        app.pass_minutes(hours * 60 - passed);
        assert_eq!(browser.get_only("/tai-khoan").await.status, 303, "{}", person.login);
    }
}

async fn the_cookie_of_a_session_is_for_browsers_and_for_this_site_alone(app: TestApp) {
    async fn cookie(app: &TestApp) -> String {
        let mut browser = app.browser();
        let page = browser.get("/dang-nhap").await;
        let form = page.form_with("password").with("username", MOTHER.login);
        let form = form.with("password", &MOTHER.password());
        browser.send_only(&page, &form, None).await.header("set-cookie")
    }
    let plain = cookie(&app).await;
    assert!(plain.starts_with("phien="), "{plain}");
    assert!(plain.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{plain}");
    let mut app = app;
    let https = |settings: &mut app::Settings| {
        settings.public_address = "https://dichvu.example.vn".to_owned();
    };
    app.restart_with(https).await;
    let secure = cookie(&app).await;
    assert!(secure.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{secure}");
}

async fn a_password_that_met_an_ended_session_stands_in_no_page(app: TestApp) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/tai-khoan").await.expect(200);
    let form = page.form_with("current").with("current", &MOTHER.password());
    app.pass_minutes(31);
    let asked = mother.send(&page, &form.with("new", GOOD).with("again", GOOD)).await;
    let html = String::from_utf8_lossy(&asked.body).into_owned();
    assert!(!html.contains(GOOD) && !html.contains(&MOTHER.password()), "{html}");
}
