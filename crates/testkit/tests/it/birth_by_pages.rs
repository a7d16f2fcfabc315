//! The same birth through the pages, in a browser without JavaScript.

use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, DESK, MOTHER};
use testkit::{Browser, Page, Person, TestApp, both_engines, files, forms, work};

both_engines! {
    a_mother_registers_her_child_in_the_browser
    a_request_for_more_is_answered_on_the_form_itself
    an_officer_refuses_on_a_page_that_keeps_what_was_typed
}

const CHILD: &str = "Huỳnh Gia Bảo";

async fn a_mother_registers_her_child_in_the_browser(app: TestApp) {
    let mut mother = app.browser();
    let page = finds_the_procedure(&mut mother).await;
    let page = begins_and_signs_in(&mut mother, &page).await;
    let page = answers_everything(&mut mother, page).await;
    let sent = checks_and_sends(&mut mother, &page).await;
    assert!(sent.text().contains("H20.158-260828-0001"), "{}", sent.text());
    let receipt = mother.get(&sent.link("tai-lieu")).await.expect(200);
    assert!(receipt.body.starts_with(b"%PDF-"));
    assert_eq!(receipt.header("content-type"), "application/pdf");

    app.set_time("2026-09-03 08:00");
    let code = "H20.158-260828-0001";
    accept(&app, code).await;
    ask_for_the_number(&app, code).await;
    act(&app, CLERK, code, "submit-for-signature", &[]).await;
    compare_and_return(&app, code).await;
    act(&app, CLERK, code, "submit-for-signature", &[]).await;
    act(&app, CHAIR, code, "sign", &[]).await;
    app.run_pending_jobs().await;

    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get(&format!("/ho-so/{code}")).await.expect(200);
    let page = page.says("Đã có kết quả").says("Giấy khai sinh");
    let certificate = work::paper(&app, MOTHER, code, "birth-certificate").await;
    let href = page.link("Tải về");
    assert_eq!(mother.get(&href).await.expect(200).body, certificate);
    rates(&mut mother, &page).await;
    sees_who_looked(&mut mother, code).await;
    checks_the_paper(&app, code, &certificate).await;
}

async fn finds_the_procedure(mother: &mut Browser<'_>) -> Page {
    let home = mother.get("/").await.expect(200);
    let form = home.form_with("q");
    for words in ["khai sinh", "khai sanh", "dang ky khai sinh"] {
        let found = mother.send(&home, &form.clone().with("q", words)).await.expect(200);
        assert_eq!(
            found.html.links().iter().find(|(href, _)| href.starts_with("/thu-tuc/")).unwrap().0,
            "/thu-tuc/birth-registration",
            "{words}"
        );
    }
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    page.says("Giấy chứng sinh")
        .says("Luật Hộ tịch")
        .says("miễn lệ phí")
        .says("Thứ Tư 02/09/2026: nghỉ Quốc khánh")
}

async fn begins_and_signs_in(mother: &mut Browser<'_>, page: &Page) -> Page {
    let form = page.form("/bat-dau");
    let asked = mother.send(page, &form).await.expect(401).says("đăng nhập để bắt đầu");
    let form = asked.form_with("password");
    let form = form.with("username", MOTHER.login).with("password", &MOTHER.password());
    let first = mother.send(&asked, &form).await.expect(200);
    assert!(
        first.path.starts_with("/nhap/") && first.path.ends_with("/registrant-part"),
        "{}",
        first.path
    );
    assert_eq!(first.form_with("luu-sau").value("registrant.number"), Some(MOTHER.number));
    first.says("Cơ sở dữ liệu quốc gia về dân cư")
}

async fn answers_everything(mother: &mut Browser<'_>, mut page: Page) -> Page {
    let mut answers = forms::birth(CHILD, "20/8/2026");
    answers.as_object_mut().unwrap().remove("birth_certificate_number");
    let mut seen = Vec::new();
    while !page.path.ends_with("/kiem-tra") {
        seen.push(page.path.rsplit('/').next().unwrap_or_default().to_owned());
        assert!(seen.len() < 12, "{seen:?} {}", page.text());
        if page.path.ends_with("/papers-part") {
            page = attaches_the_notice(mother, &page).await;
        } else {
            page = mother.answer(&page, &answers).await.expect(200);
        }
    }
    assert_eq!(
        seen,
        [
            "registrant-part",
            "child-part",
            "mother-part",
            "father-part",
            "papers-part",
            "result-part"
        ]
    );
    page
}

async fn attaches_the_notice(mother: &mut Browser<'_>, page: &Page) -> Page {
    let form = page.form_with("luu-sau");
    let missing = mother.send(page, &form).await.expect(422).says("Hãy đính kèm giấy chứng sinh");
    let form = missing.form_with("luu-sau");
    let field = "tep.birth_certificate_paper";
    let program = form.clone().with_file(field, "giay.pdf", files::program());
    let refused =
        mother.send(&missing, &program).await.expect(422).says("chỉ nhận tệp PDF hoặc ảnh");
    let large = form.clone().with_file(field, "giay.pdf", files::huge_pdf(30));
    let _ = mother.send(&refused, &large).await.expect(422).says("lớn hơn 10 MB");
    let photo = form.with_file(field, "chung-sinh.jpg", files::photograph(1));
    mother.send(page, &photo).await.expect(200)
}

async fn checks_and_sends(mother: &mut Browser<'_>, page: &Page) -> Page {
    let page = page.clone().says(CHILD).says("20/08/2026").says("chung-sinh.jpg");
    let page = page.says("17 giờ 00 thứ Năm 03/09/2026");
    let form = page.form("/nop");
    let sent = mother.send(&page, &form).await.expect(200).says("Đã nộp hồ sơ");
    // The button pressed twice, or "back" and again: the same dossier.
    let again = mother.send(&page, &form).await.expect(200).says("Đã nộp hồ sơ");
    assert_eq!(again.path, sent.path);
    let list = mother.get("/ho-so").await.expect(200);
    let count = list.html.links().iter().filter(|(href, _)| href.contains("H20.158")).count();
    assert_eq!(count, 1);
    sent.says("17 giờ 00 thứ Năm 03/09/2026").says("nghỉ Quốc khánh")
}

/// Opens an action's page from the dossier's, fills it and confirms.
async fn act(app: &TestApp, by: Person, code: &str, action: &str, fields: &[(&str, &str)]) -> Page {
    let mut officer = app.signed_in(by).await;
    let dossier = officer.get(&format!("/can-bo/ho-so/{code}")).await.expect(200);
    let page = officer.get(&dossier.link(&format!("/hanh-dong/{action}"))).await.expect(200);
    let mut form = page.form(&format!("/hanh-dong/{action}"));
    for (name, value) in fields {
        form = form.with(name, value);
    }
    officer.send(&page, &form).await
}

async fn accept(app: &TestApp, code: &str) {
    let mut desk = app.signed_in(DESK).await;
    let list = desk.get("/can-bo").await.expect(200).says(CHILD);
    let _ = desk.get(&list.link(code)).await.expect(200).says("Trần Thị Ngọc Diễm");
    let csv = desk.get("/can-bo/xuat.csv").await.expect(200);
    assert!(String::from_utf8_lossy(&csv.body).contains(code));
    let done = act(app, DESK, code, "accept", &[]).await.expect(200);
    assert!(done.path.starts_with("/can-bo/ho-so/"), "{}", done.path);
}

async fn ask_for_the_number(app: &TestApp, code: &str) {
    let _ = act(app, CLERK, code, "request-number", &[]).await.expect(200);
    app.run_pending_jobs().await;
    let mut clerk = app.signed_in(CLERK).await;
    let page = clerk.get(&format!("/can-bo/ho-so/{code}")).await.expect(200);
    let number =
        work::dossier(app, CLERK, code).await["requests"]["personal_number"]["answered"].clone();
    assert!(page.text().contains(number.as_str().unwrap()), "{}", page.text());
}

async fn compare_and_return(app: &TestApp, code: &str) {
    let mut chair = app.signed_in(CHAIR).await;
    let page = chair.get(&format!("/can-bo/ho-so/{code}/hanh-dong/sign")).await.expect(200);
    let _ = page.says("sổ đăng ký khai sinh").says(CHILD);
    let empty = act(app, CHAIR, code, "return-to-officer", &[]).await.expect(422);
    let _ = empty.says("Hãy nhập lý do trả lại");
    let _ = act(app, CHAIR, code, "return-to-officer", &[("note", "Xem lại nơi sinh.")])
        .await
        .expect(200);
    let mut clerk = app.signed_in(CLERK).await;
    let _ = clerk.get(&format!("/can-bo/ho-so/{code}")).await.expect(200).says("Xem lại nơi sinh.");
}

async fn rates(mother: &mut Browser<'_>, page: &Page) {
    let form = page.form("/danh-gia");
    let empty = mother.send(page, &form).await;
    assert_eq!(empty.status, 422, "{}", empty.text());
    let form = form.with("score", "5").with("comment", "Nhanh.");
    let _ = mother.send(page, &form).await.expect(200).says("5/5");
}

async fn sees_who_looked(mother: &mut Browser<'_>, code: &str) {
    let page = mother.get("/du-lieu-cua-toi").await.expect(200);
    let _ = page.says(&CLERK.name()).says(&DESK.name()).says(&CHAIR.name()).says(code);
}

async fn checks_the_paper(app: &TestApp, code: &str, certificate: &[u8]) {
    let mut anybody = app.browser();
    let page = anybody.get("/verify").await.expect(200);
    let text = work::code_on(app, code, "birth-certificate").await;
    let link = format!("http://127.0.0.1:8080/verify#{text}");
    let form = page.form("/verify");
    let found = anybody.send(&page, &form.clone().with("payload", &link)).await.expect(200);
    let found = found.says(CHILD).says("1/2026");
    assert!(!found.text().contains("không hợp lệ"), "{}", found.text());
    let pdf = form.clone().with_file("file", "a.pdf", certificate.to_vec());
    let _ = anybody.send(&page, &pdf).await.expect(200).says(&CHAIR.name());
    let mut changed = certificate.to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let pdf = form.clone().with_file("file", "a.pdf", changed);
    let refused = anybody.send(&page, &pdf).await;
    assert!(!refused.text().contains("Chữ ký số hợp lệ"), "{}", refused.text());
    let nothing = anybody.send(&page, &form).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    let keys: Value =
        serde_json::from_slice(&anybody.get("/verify/keys.json").await.expect(200).body).unwrap();
    assert_ne!(keys, json!([]));
    let root = anybody.get("/verify/root.pem").await.expect(200);
    assert!(root.body.starts_with(b"-----BEGIN CERTIFICATE-----"));
}

async fn a_request_for_more_is_answered_on_the_form_itself(app: TestApp) {
    let code = work::file(&app, MOTHER, forms::BIRTH, &forms::birth(CHILD, "2026-08-20")).await;
    let fields =
        [("points.0.field", "birth_facility"), ("points.0.text", "Ghi tên đầy đủ của trung tâm.")];
    let _ = act(&app, DESK, &code, "ask-supplement", &fields).await.expect(200);

    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get(&format!("/ho-so/{code}")).await.expect(200);
    let page = page.says("Cần bổ sung").says("Ghi tên đầy đủ của trung tâm.");
    let slip = mother.get(&page.link("Mẫu 02")).await.expect(200);
    assert!(slip.body.starts_with(b"%PDF-"));
    let form = mother.get(&page.link("/bo-sung")).await.expect(200);
    assert!(form.path.starts_with("/nhap/"), "{}", form.path);
    let child = form.path.rsplit_once('/').unwrap().0.to_owned() + "/child-part";
    let page = mother.get(&child).await.expect(200).says("Ghi tên đầy đủ của trung tâm.");
    let better = json!({ "birth_facility": "Trung tâm Y tế khu vực Cao Lãnh, cơ sở 2" });
    let _ = mother.answer(&page, &better).await.expect(200);
    let check = child.replace("child-part", "kiem-tra");
    let page = mother.get(&check).await.expect(200).says("cơ sở 2");
    let sent = mother.send(&page, &page.form("/nop")).await.expect(200).says("Đã nộp bổ sung");
    assert!(sent.path.contains(&code));
    let seen = work::dossier(&app, DESK, &code).await;
    assert_eq!(seen["step"], "received");
    assert_eq!(seen["answers"]["birth_facility"], better["birth_facility"]);
    let list = mother.get("/ho-so").await.expect(200);
    assert!(!list.text().contains("Bản nháp"), "the form is gone: {}", list.text());
}

async fn an_officer_refuses_on_a_page_that_keeps_what_was_typed(app: TestApp) {
    let code = work::file(&app, MOTHER, forms::BIRTH, &forms::birth(CHILD, "2026-08-20")).await;
    let mut desk = app.signed_in(DESK).await;
    let path = format!("/can-bo/ho-so/{code}/hanh-dong/ask-supplement");
    let page = desk.get(&path).await.expect(200);
    let form =
        page.form("/hanh-dong/").with("points.0.text", "Chụp lại").with("note", "Gọi khi cần");
    let more = desk.press(&page, &form, "them-dong", "").await.expect(200);
    let form = more.form("/hanh-dong/");
    assert_eq!(form.value("points.0.text"), Some("Chụp lại"));
    let wrong =
        desk.send(&more, &form.with("points.0.text", " ").with("points.1.field", "mother")).await;
    let wrong = wrong.expect(422);
    assert_eq!(wrong.form("/hanh-dong/").value("note"), Some("Gọi khi cần"));

    let refused = act(&app, DESK, &code, "refuse", &[("note", "Không đúng nơi cư trú.")]).await;
    let _ = refused.expect(200);
    let mut mother = app.signed_in(MOTHER).await;
    let _ = mother.get(&format!("/ho-so/{code}")).await.expect(200).says("Không đúng nơi cư trú.");
}
