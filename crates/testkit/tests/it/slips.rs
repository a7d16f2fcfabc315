//! What the slips of the one-stop desk print, read back from their PDF.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use testkit::people::{CHAIR, CLERK, DESK, GROOM, MOTHER};
use testkit::{TestApp, both_engines, forms, work};

both_engines! {
    a_slip_names_the_officer_who_issued_it
    an_apology_prints_the_old_and_the_new_due_moment
    the_control_slip_prints_from_whom_to_whom_the_dossier_went
    a_withdrawal_gives_no_reason_of_an_earlier_request
    a_receipt_prints_each_fee_with_its_basis
    a_certificate_names_the_place_of_registration_with_its_province
}

/// The text of a slip with single spaces; none where there is nothing to read PDF with.
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was not checked")]
async fn printed(app: &TestApp, code: &str, slip: &str) -> Option<String> {
    let pdf = work::paper(app, DESK, code, slip).await;
    assert!(pdf.starts_with(b"%PDF-"), "{slip}");
    let program = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut reader) = program else {
        eprintln!("pdftotext (poppler-utils) is not here: not checked");
        return None;
    };
    reader.stdin.take().unwrap().write_all(&pdf).unwrap();
    let text = reader.wait_with_output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    Some(text.split_whitespace().collect::<Vec<&str>>().join(" "))
}

fn holds(text: &str, piece: &str) {
    assert!(text.contains(piece), "no “{piece}” in: {text}");
}

async fn birth(app: &TestApp, child: &str) -> String {
    work::file(app, MOTHER, forms::BIRTH, &forms::birth(child, "2026-08-20")).await
}

async fn a_slip_names_the_officer_who_issued_it(app: TestApp) {
    let code = birth(&app, "Huỳnh Gia An").await;
    let refusal = json!({ "note": "Không đúng nơi cư trú." });
    work::act(&app, DESK, &code, "refuse", &refusal).await;
    let Some(text) = printed(&app, &code, "refusal").await else { return };
    for piece in ["NGƯỜI TIẾP NHẬN HỒ SƠ", &DESK.name(), "Không đúng nơi cư trú.", &code]
    {
        holds(&text, piece);
    }
    // What was sent online was received by nobody in person.
    let receipt = printed(&app, &code, "receipt").await.unwrap();
    holds(&receipt, "(Tiếp nhận tự động, không phải ký)");
    assert!(!receipt.contains(&DESK.name()), "{receipt}");
}

async fn an_apology_prints_the_old_and_the_new_due_moment(app: TestApp) {
    let code = work::file(&app, GROOM, forms::MARRIAGE, &forms::marriage()).await;
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    let why = json!({ "note": "Cần xác minh nơi cư trú của bên nữ." });
    work::act(&app, CLERK, &code, "extend", &why).await;
    let Some(text) = printed(&app, &code, "apology-extension").await else { return };
    holds(&text, "hẹn trả kết quả 17 giờ 00 thứ Năm 03/09/2026");
    holds(&text, "Kết quả được hẹn trả lại: 17 giờ 00 thứ Năm 10/09/2026");
    holds(&text, "vì: Cần xác minh nơi cư trú của bên nữ.");
    holds(&text, "CÔNG CHỨC TƯ PHÁP – HỘ TỊCH");
    holds(&text, &CLERK.name());
}

async fn the_control_slip_prints_from_whom_to_whom_the_dossier_went(app: TestApp) {
    let code = birth(&app, "Huỳnh Gia Bình").await;
    app.set_time("2026-09-03 09:00");
    work::act(&app, DESK, &code, "accept", &json!({})).await;
    work::act(&app, CLERK, &code, "request-number", &json!({})).await;
    app.run_pending_jobs().await;
    app.set_time("2026-09-04 16:00");
    work::act(&app, CLERK, &code, "submit-for-signature", &json!({})).await;
    work::act(&app, CHAIR, &code, "sign", &json!({})).await;
    work::act(&app, DESK, &code, "deliver", &json!({})).await;
    let Some(text) = printed(&app, &code, "control-slip").await else { return };
    for person in [&DESK.name(), &CLERK.name(), &CHAIR.name(), &MOTHER.name()] {
        holds(&text, person);
    }
    for piece in [
        "Cơ quan quản lý Cơ sở dữ liệu quốc gia về dân cư",
        "15 giờ 40 ngày",
        "09 giờ 00 ngày",
        "16 giờ 00 ngày",
        "Trước hạn",
        "Quá hạn",
        "Kết thúc: Đã có kết quả",
        "Kết thúc: Đã trả kết quả",
    ] {
        holds(&text, piece);
    }
}

async fn a_withdrawal_gives_no_reason_of_an_earlier_request(app: TestApp) {
    let code = birth(&app, "Huỳnh Gia Châu").await;
    let points = json!({ "points": [{ "field": "mother", "text": "Bổ sung ngày sinh." }] });
    work::act(&app, DESK, &code, "ask-supplement", &points).await;
    work::act(&app, MOTHER, &code, "withdraw", &json!({})).await;
    let Some(text) = printed(&app, &code, "stop").await else { return };
    holds(&text, "Lý do: theo đề nghị của người nộp hồ sơ.");
    assert!(!text.contains("Bổ sung ngày sinh"), "{text}");
    let request = printed(&app, &code, "supplement-request").await.unwrap();
    holds(&request, "Bổ sung ngày sinh.");
}

async fn a_certificate_names_the_place_of_registration_with_its_province(app: TestApp) {
    let code = work::registered_birth(&app, "Huỳnh Gia Giang", "2026-08-20").await;
    let Some(text) = printed(&app, &code, "birth-certificate").await else { return };
    holds(&text, "Nơi đăng ký khai sinh: Ủy ban nhân dân phường Cao Lãnh, tỉnh Đồng Tháp");
    holds(&text, "Nơi sinh: Trung tâm Y tế khu vực Cao Lãnh, phường Cao Lãnh, tỉnh Đồng Tháp");
}

async fn a_receipt_prints_each_fee_with_its_basis(app: TestApp) {
    let mut answers = forms::birth("Huỳnh Gia Duy", "2026-08-20");
    answers["copies"] = json!(2);
    let code = work::file(&app, MOTHER, forms::BIRTH, &answers).await;
    let Some(text) = printed(&app, &code, "receipt").await else { return };
    holds(&text, "16.000 đồng (Điều 4, 281/2016/TT-BTC)");
    // Born in August, filed in time: the registration itself is free.
    holds(&text, "miễn");
    assert!(!text.contains(" 0 đồng"), "{text}");
    // The number given in the form, not the one that the account was opened with.
    holds(&text, "0912345678");
}
