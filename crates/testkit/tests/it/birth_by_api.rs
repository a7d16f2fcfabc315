//! A birth, from the search to the correction years later, through the JSON API.

use app::setup::NewAccount;
use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, DESK, FATHER, MOTHER, STRANGER};
use testkit::{Api, Person, TestApp, both_engines, files, forms, people, work};

both_engines! {
    a_birth_filed_becomes_a_signed_certificate
    a_request_for_more_stops_the_clock_and_comes_only_once
    whoever_prepared_an_entry_may_not_sign_it
    a_correction_makes_the_copy_issued_before_out_of_date
    a_residence_written_wrongly_can_be_corrected
    the_code_on_a_certificate_verifies_without_a_server
    a_restart_changes_nothing
}

const CHILD: &str = "Huỳnh Gia Bảo";
const BORN: &str = "2026-08-20";

async fn a_birth_filed_becomes_a_signed_certificate(app: TestApp) {
    finds_the_procedure(&app).await;
    let mother = Api::with_token(&app, &token(&app, MOTHER, None).await);
    let code = sends_with_a_photograph(&app, &mother).await;
    assert_eq!(code, "H20.158-260828-0001");

    due_moment_is_counted_over_the_holiday(&mother, &code).await;
    let receipt = work::paper(&app, MOTHER, &code, "receipt").await;
    assert!(receipt.starts_with(b"%PDF-"));
    desk_sees_it_first(&app, &code).await;

    app.set_time("2026-09-03 08:00");
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    number_is_asked_for_and_comes(&app, &code).await;
    work::act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    let why = json!({ "note": "Nơi sinh ghi thiếu tên trung tâm y tế." });
    work::act(&app, CHAIR, &code, "return-to-officer", &why).await;
    let history = app.api(CLERK).await.get(&format!("/api/v1/dossiers/{code}/timeline")).await;
    assert!(history.expect(200).text().contains(why["note"].as_str().unwrap()));
    work::act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    app.run_pending_jobs().await;

    entry_stands_in_the_register(&app, &code).await;
    certificate_is_signed(&app, &code).await;
    dossier_is_done_and_the_mother_is_told(&app, &mother, &code).await;
    mother_rates_once(&mother, &code).await;
    mother_sees_who_looked(&mother, &code).await;
    let verdict = app.audit().await;
    assert!(verdict.ok && verdict.events > 10, "{verdict:?}");
}

async fn finds_the_procedure(app: &TestApp) {
    for words in ["khai%20sinh", "khai%20sanh", "dang%20ky%20khai%20sinh"] {
        let path = format!("/api/v1/procedures?q={words}");
        let found = app.open_api().get(&path).await.expect(200).json();
        assert_eq!(found["items"][0]["code"], "1.001193", "{words}");
        assert_eq!(found["items"][0]["name"], "Đăng ký khai sinh");
    }
    let detail = app.open_api().get("/api/v1/procedures/1.001193").await.expect(200).json();
    assert_eq!(detail["time_limit"], "trong ngày");
    assert!(detail["papers"][0]["basis"].is_string() && detail["fees"][0]["text"].is_string());
    assert!(detail["answers_schema"]["properties"]["child_name"].is_object());
}

async fn token(app: &TestApp, person: Person, code: Option<&str>) -> String {
    let mut body = json!({ "login": person.login, "password": person.password() });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    let answer = app.open_api().post("/api/v1/tokens", &body).await.expect(201);
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn sends_with_a_photograph(app: &TestApp, mother: &Api<'_>) -> String {
    let photo = mother
        .upload("1.001193", "birth_certificate_paper", "chung-sinh.jpg", files::photograph(1))
        .await
        .expect(201)
        .json();
    assert_eq!(photo["mime"], "image/jpeg");
    let mut answers = forms::birth(CHILD, BORN);
    answers.as_object_mut().unwrap().remove("birth_certificate_number");
    let body = |answers: &Value| json!({ "procedure": forms::BIRTH, "unit": people::COMMUNE, "answers": answers });
    let missing = mother.post("/api/v1/dossiers/check", &body(&answers)).await.expect(200).json();
    assert_eq!(missing["acceptable"], false);
    assert_eq!(missing["problems"][0]["path"], "birth_certificate_paper");
    answers["birth_certificate_paper"] = json!([photo["id"]]);
    let checked = mother.post("/api/v1/dossiers/check", &body(&answers)).await.expect(200).json();
    assert_eq!(checked["acceptable"], true, "{checked:#}");
    let none = app.open_api().post("/api/v1/dossiers", &body(&answers)).await;
    assert_eq!(none.status, 401);
    let sent = mother.post("/api/v1/dossiers", &body(&answers)).await.expect(201);
    let code = sent.json()["code"].as_str().unwrap().to_owned();
    assert_eq!(sent.header("location"), format!("/api/v1/dossiers/{code}"));
    code
}

async fn due_moment_is_counted_over_the_holiday(mother: &Api<'_>, code: &str) {
    let dossier = mother.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
    assert_eq!(dossier["due_at"], "2026-09-03T17:00:00+07:00");
    let lines: Vec<&str> =
        dossier["derivation"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(
        lines,
        [
            "Nhận lúc 15 giờ 40 thứ Sáu 28/08/2026, sau 15 giờ 00 nên tính từ ngày làm việc tiếp theo",
            "Thứ Bảy 29/08/2026 và Chủ nhật 30/08/2026: nghỉ cuối tuần",
            "Thứ Hai 31/08/2026: nghỉ hoán đổi dịp Quốc khánh 2026",
            "Thứ Ba 01/09/2026: nghỉ Quốc khánh",
            "Thứ Tư 02/09/2026: nghỉ Quốc khánh",
            "Bắt đầu tính từ 07 giờ 30 thứ Năm 03/09/2026",
            "Thời hạn giải quyết: trong ngày",
            "Hẹn trả: 17 giờ 00 thứ Năm 03/09/2026",
        ]
    );
}

async fn desk_sees_it_first(app: &TestApp, code: &str) {
    let mine = app.api(DESK).await.get("/api/v1/dossiers?view=mine").await.expect(200).json();
    assert_eq!(mine["items"][0]["code"], code);
    assert_eq!(
        mine["items"][0]["about"],
        "Huỳnh Gia Bảo · 2026-08-20 · Trần Thị Ngọc Diễm · Huỳnh Minh Khoa"
    );
    let tracked = app.open_api().get(&format!("/api/v1/tracking/{code}")).await.expect(200);
    assert!(!tracked.text().contains("Huỳnh"), "tracking names nobody: {}", tracked.text());
}

async fn number_is_asked_for_and_comes(app: &TestApp, code: &str) {
    let early = work::try_act(app, CLERK, code, "submit-for-signature", &json!({})).await;
    assert_eq!(early.expect(422).problems(), ["action.not-now"]);
    work::act(app, CLERK, code, "request-number", &json!({})).await;
    let waiting = work::dossier(app, CLERK, code).await;
    assert_eq!(waiting["requests"]["personal_number"], "pending");
    app.run_pending_jobs().await;
    let number = number_of(app, code).await;
    assert!(number.len() == 12 && number.starts_with("088"), "{number}");
    let again = work::try_act(app, CLERK, code, "request-number", &json!({})).await;
    assert_eq!(again.expect(422).problems(), ["action.not-now"]);
}

async fn number_of(app: &TestApp, code: &str) -> String {
    let dossier = work::dossier(app, CLERK, code).await;
    let number = dossier["requests"]["personal_number"]["answered"].as_str();
    number.unwrap_or_else(|| panic!("no number: {dossier:#}")).to_owned()
}

async fn entry_stands_in_the_register(app: &TestApp, code: &str) {
    let entry = work::entry_of(app, code).await;
    assert_eq!(
        (&entry["number"], &entry["book"], &entry["year"]),
        (&json!(1), &json!(1), &json!(2026))
    );
    assert_eq!(entry["number_text"], "1/2026");
    let fields = &entry["versions"][0]["fields"];
    assert_eq!(fields["child_name"], CHILD);
    assert_eq!(fields["child_number"], number_of(app, code).await);
    assert_eq!(fields["registration_kind"], "on-time");
    for words in ["1/2026", "gia%20bao%20huynh", "Hu%E1%BB%B3nh%20Gia%20B%E1%BA%A3o"] {
        let path = format!("/api/v1/registers/birth/entries?q={words}&reason=tra%20cuu");
        let found = app.api(CLERK).await.get(&path).await.expect(200).json();
        assert_eq!(found["items"][0]["title"], CHILD, "{words}");
    }
}

async fn certificate_is_signed(app: &TestApp, code: &str) {
    use signing::pades::{Coverage, inspect};
    let pdf = work::paper(app, MOTHER, code, "birth-certificate").await;
    let signatures = inspect(&pdf);
    let [signature] = signatures.as_slice() else { panic!("{} signatures", signatures.len()) };
    assert_eq!(signature.coverage, Coverage::WholeDocument);
    assert!(signature.digest_matches && signature.is_sound());
    assert_eq!(signature.signer, CHAIR.name());
    let verdicts = app::verification::pdf(app.app(), pdf.clone(), app.now()).await.unwrap();
    assert_eq!(verdicts[0].standing, app::verification::Standing::Good);
    let mut changed = pdf;
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let verdicts = app::verification::pdf(app.app(), changed, app.now()).await.unwrap();
    assert_ne!(verdicts[0].standing, app::verification::Standing::Good);

    let father = work::paper(app, CLERK, code, "birth-certificate").await;
    assert!(father.starts_with(b"%PDF-"), "officers of the unit fetch it too");
    let dossier = work::dossier(app, MOTHER, code).await;
    let papers = dossier["documents"].as_array().unwrap();
    let paper = papers.iter().find(|paper| paper["of"] == "birth-certificate").unwrap();
    let href = paper["href"].as_str().unwrap();
    assert_eq!(app.api(FATHER).await.get(href).await.status, 200, "it is about him");
    assert_eq!(app.api(STRANGER).await.get(href).await.status, 404);
}

async fn dossier_is_done_and_the_mother_is_told(app: &TestApp, mother: &Api<'_>, code: &str) {
    let dossier = mother.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
    assert_eq!(dossier["state"], "done");
    assert_eq!(dossier["outcome"], "done");
    assert_eq!(dossier["finished_at"], "2026-09-03T08:00:00+07:00");
    let done = app.api(CHAIR).await.get("/api/v1/dossiers?state=done").await.expect(200).json();
    assert_eq!(done["items"][0]["code"], code);
    let told = messages_to(app, MOTHER).await;
    assert!(told[0].starts_with("Giấy khai sinh đã ký."), "{told:?}");
}

async fn messages_to(app: &TestApp, person: Person) -> Vec<String> {
    let login = person.login;
    app.app()
        .store()
        .read(move |tx| {
            let account = store::accounts::by_login(tx, login)?.unwrap();
            store::messages::of_account(tx, account.id, 50)
        })
        .await
        .unwrap()
        .into_iter()
        .map(|message| message.text)
        .collect()
}

async fn mother_rates_once(mother: &Api<'_>, code: &str) {
    let path = format!("/api/v1/dossiers/{code}/rating");
    let body = json!({ "score": 5, "comment": "Nhanh, dễ hiểu." });
    assert_eq!(
        mother.post(&path, &json!({ "score": 6 })).await.expect(422).problems(),
        ["rating.score"]
    );
    assert_eq!(mother.post(&path, &body).await.status, 204);
    assert_eq!(mother.post(&path, &body).await.expect(422).problems(), ["rating.twice"]);
}

async fn mother_sees_who_looked(mother: &Api<'_>, code: &str) {
    let reads = mother.get("/api/v1/me/accesses").await.expect(200).json();
    let reads = reads["items"].as_array().unwrap();
    let of = |person: Person| {
        reads.iter().any(|read| read["who"] == person.name() && read["dossier"] == code)
    };
    assert!(of(CLERK) && !of(MOTHER) && !of(STRANGER), "{reads:#?}");
}

async fn a_request_for_more_stops_the_clock_and_comes_only_once(app: TestApp) {
    let mut answers = forms::birth(CHILD, BORN);
    let code = work::file(&app, MOTHER, forms::BIRTH, &answers).await;
    app.set_time("2026-09-03 09:00");
    let points = json!({
        "points": [{ "field": "birth_certificate_paper", "text": "Chụp lại giấy chứng sinh, đủ bốn góc." }],
    });
    let empty = work::try_act(&app, DESK, &code, "ask-supplement", &json!({})).await;
    assert_eq!(empty.expect(422).problems(), ["points.required"]);
    work::act(&app, DESK, &code, "ask-supplement", &points).await;

    let waiting = work::dossier(&app, MOTHER, &code).await;
    assert_eq!(waiting["state"], "waiting-applicant");
    assert_eq!((&waiting["stopped"], &waiting["due_at"]), (&json!(true), &Value::Null));
    assert_eq!(waiting["note"]["points"], points["points"]);
    assert!(work::paper(&app, MOTHER, &code, "supplement-request").await.starts_with(b"%PDF-"));
    let waits = app.api(DESK).await.get("/api/v1/dossiers?state=waiting-applicant").await;
    assert_eq!(waits.expect(200).json()["items"][0]["code"], code);

    app.set_time("2026-09-03 14:00");
    let photo = work::attach(&app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
    answers["birth_certificate_paper"] = json!([photo]);
    let answer = json!({ "answers": answers, "note": "Tôi đã chụp lại." });
    work::act(&app, MOTHER, &code, "answer-supplement", &answer).await;
    let running = work::dossier(&app, DESK, &code).await;
    assert_eq!(running["step"], "received");
    // Six working hours were left at nine; three of them fit into the afternoon.
    assert_eq!(running["due_at"], "2026-09-04T10:30:00+07:00");
    assert_eq!(running["answers"]["birth_certificate_paper"], json!([photo]));

    let again = work::try_act(&app, DESK, &code, "ask-supplement", &points).await;
    let again = again.expect(422);
    assert_eq!(again.problems(), ["action.too-often"]);
    work::act(&app, DESK, &code, "accept", &json!({})).await;
}

async fn whoever_prepared_an_entry_may_not_sign_it(app: TestApp) {
    const BOTH: Person = Person { login: "kiem-nhiem", number: "" };
    let account = NewAccount {
        login: BOTH.login.to_owned(),
        password: String::new(),
        name: "Châu Kiêm Nhiệm".to_owned(),
        kind: access::AccountKind::Officer,
        person_number: None,
        roles: ["civil-status-officer", "commune-chair"]
            .map(|role| (role.to_owned(), people::COMMUNE.to_owned()))
            .to_vec(),
        until: None,
        password_due: false,
    };
    app::setup::add_account(app.app(), account, app.now()).await.unwrap();
    let code = work::file(&app, MOTHER, forms::BIRTH, &forms::birth(CHILD, BORN)).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    work::act(&app, BOTH, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    work::act(&app, BOTH, &code, "submit-for-signature", &json!({})).await;

    let own = work::try_act(&app, BOTH, &code, "sign", &json!({})).await.expect(403);
    assert!(
        own.json()["detail"].as_str().unwrap().contains("không được tự phê duyệt"),
        "{}",
        own.text()
    );
    for other in [CLERK, DESK, MOTHER] {
        let refused = work::try_act(&app, other, &code, "sign", &json!({})).await;
        assert_eq!(refused.status, 403, "{}", other.login);
    }
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
}

async fn a_correction_makes_the_copy_issued_before_out_of_date(app: TestApp) {
    let code = work::registered_birth(&app, CHILD, BORN).await;
    let number = number_of(&app, &code).await;
    let qr = work::code_on(&app, &code, "birth-certificate").await;
    assert_eq!(verdict(&app, &qr).await["current"], true);

    app.set_time("2026-09-21 09:00");
    let paper = work::attach(&app, MOTHER, forms::CORRECTION, "basis_file").await;
    let change = json!({ "change_field": "child_birth_date", "new_date": "21/8/2026" });
    let answers = forms::birth_correction(CHILD, &number, BORN, &change, &paper);
    let correction = work::file(&app, MOTHER, forms::CORRECTION, &answers).await;
    work::accept_and_sign(&app, &correction).await;

    let entry = work::entry_of(&app, &correction).await;
    let versions = entry["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0]["fields"]["child_birth_date"], "2026-08-20", "nothing is overwritten");
    assert_eq!(versions[1]["fields"]["child_birth_date"], "2026-08-21");
    assert_eq!(entry["number_text"], "1/2026");
    let old = verdict(&app, &qr).await;
    assert_eq!((&old["genuine"], &old["current"]), (&json!(true), &json!(false)));
    assert_eq!(old["current_version"], 2);
    assert_eq!(old["payload"]["entry_version"], 1);
    let new = work::code_on(&app, &correction, "correction-extract").await;
    assert_eq!(verdict(&app, &new).await["current"], true);
    assert!(app.audit().await.ok);
}

async fn a_residence_written_wrongly_can_be_corrected(app: TestApp) {
    let code = work::registered_birth(&app, CHILD, BORN).await;
    let number = number_of(&app, &code).await;
    let paper = work::attach(&app, MOTHER, forms::CORRECTION, "basis_file").await;
    let home = json!({
        "province": "82", "commune": people::OTHER_COMMUNE, "detail": "Số 112, đường Nguyễn Huệ",
    });
    let change = json!({ "change_field": "mother_residence", "new_address": home });
    let answers = forms::birth_correction(CHILD, &number, BORN, &change, &paper);
    let correction = work::file(&app, MOTHER, forms::CORRECTION, &answers).await;
    work::accept_and_sign(&app, &correction).await;
    let entry = work::entry_of(&app, &correction).await;
    assert_eq!(entry["versions"][1]["fields"]["mother_residence"], home);
    assert_eq!(entry["versions"][1]["fields"]["father_residence"], forms::home());
    let note = entry["annotations"][0]["text"].as_str().unwrap();
    assert!(
        note.starts_with(
            "Cải chính: Nơi cư trú của người mẹ từ “Số 24, đường Lý Thường Kiệt, phường Cao Lãnh, \
             tỉnh Đồng Tháp” thành “Số 112, đường Nguyễn Huệ, phường Sa Đéc, tỉnh Đồng Tháp”. \
             Lý do: Cán bộ ghi nhầm so với giấy chứng sinh."
        ),
        "{note}"
    );
}

async fn verdict(app: &TestApp, code: &str) -> Value {
    let body = json!({ "code": code });
    app.open_api().post("/api/v1/verifications", &body).await.expect(200).json()
}

async fn the_code_on_a_certificate_verifies_without_a_server(app: TestApp) {
    let code = work::registered_birth(&app, CHILD, BORN).await;
    let qr = work::code_on(&app, &code, "birth-certificate").await;
    let keys = app::verification::trusted_paper_keys(app.app()).await.unwrap();
    let payload = signing::qr::decode_verify(&qr, &keys).unwrap();
    assert_eq!((payload.number, payload.book, payload.year), (1, 1, 2026));
    assert_eq!((payload.unit.as_str(), payload.entry_version), (people::COMMUNE, 1));
    let shown: Vec<&str> = payload.fields.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(shown, [CHILD, "20/08/2026", "Nam", &number_of(&app, &code).await]);

    let link = verdict(&app, &format!("http://127.0.0.1:8080/verify#{qr}")).await;
    assert_eq!((&link["genuine"], &link["current"]), (&json!(true), &json!(true)));
    assert_eq!(link["register_name"], "Sổ đăng ký khai sinh");
    let mut forged = qr.clone().into_bytes();
    let place = forged.len() / 3;
    forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for wrong in [forged.as_str(), "", "https://example.vn/x", &"A".repeat(9_000)] {
        let body = json!({ "code": wrong });
        let refused = app.open_api().post("/api/v1/verifications", &body).await;
        assert_eq!(refused.status, 422, "{wrong:.20}");
    }
}

async fn a_restart_changes_nothing(mut app: TestApp) {
    let code = work::file(&app, MOTHER, forms::BIRTH, &forms::birth(CHILD, BORN)).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    // The request to the population database is still to be sent.
    app.restart().await;
    app.run_pending_jobs().await;
    work::act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    app.restart().await;
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    let before = work::paper(&app, MOTHER, &code, "birth-certificate").await;
    app.restart().await;
    assert_eq!(work::paper(&app, MOTHER, &code, "birth-certificate").await, before);
    assert_eq!(work::entry_of(&app, &code).await["number_text"], "1/2026");
    assert!(app.audit().await.ok);
}
