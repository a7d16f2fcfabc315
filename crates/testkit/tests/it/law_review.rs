//! Officers review drafts: what is found, what they decide, the report, and the lists of documents. On both
//! engines. The law and the drafts are of a province that does not exist.

use app::law::reviewing;
use document::docx::{self, DocxDocument, PageSetup, Section, official};
use document::reading::{ReadOptions, read};
use testkit::people::{AUDITOR, CLERK, LEGAL_OFFICER, MOTHER, OTHER_CLERK};
use testkit::{Browser, Page, TestApp};

testkit::both_engines! {
    a_draft_is_laid_against_the_law_of_a_day
    the_law_of_an_earlier_day_finds_nothing_that_came_later
    findings_are_accepted_rejected_and_postponed
    a_rejection_without_a_reason_is_refused_and_what_was_typed_stays
    kinds_that_officers_accept_come_first
    the_report_can_be_read_back_with_what_was_accepted
    a_file_that_cannot_be_read_is_told_beside_its_box
    nobody_else_sees_or_decides_a_review
    documents_are_listed_by_their_state_and_can_be_taken_away
    what_the_change_of_a_document_touches_is_listed
}

fn decision(number: &str, day: &str, basis: &str, articles: &str) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: {number}\nSông Lam, ngày {day}\nQUYẾT ĐỊNH\nQuy định về chợ phiên\n\
         Căn cứ {basis};\n{articles}\nNơi nhận:\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn Chợ\n"
    )
}

const PAYMENT: &str = "Trong thời hạn 10 ngày làm việc kể từ ngày nhận đủ hồ sơ, Ủy ban nhân dân cấp xã xem xét, \
                       chi trả thù lao cho hòa giải viên.";
const LATER_PAYMENT: &str = "Trong thời hạn 20 ngày làm việc kể từ ngày nhận đủ hồ sơ, Ủy ban nhân dân cấp xã xem \
                             xét, chi trả thù lao cho hòa giải viên.";

/// An old decision, the one that replaced it in June 2026, and one that stands on the old.
async fn lay_out_law(app: &TestApp) {
    let folder = std::env::temp_dir().join(format!(
        "tuphap-review-{}-{:p}",
        std::process::id(),
        std::ptr::from_ref(app)
    ));
    std::fs::create_dir_all(&folder).unwrap();
    let old = decision(
        "10/2020/QĐ-UBND",
        "01 tháng 02 năm 2020",
        "Luật Hộ tịch số 60/2014/QH13",
        "Điều 1. Giờ họp chợ\nChợ phiên họp từ 04 giờ.\nĐiều 2. Hiệu lực thi hành\n\
         Quyết định này có hiệu lực từ ngày 10 tháng 02 năm 2020.",
    );
    let new = decision(
        "25/2026/QĐ-UBND",
        "20 tháng 5 năm 2026",
        "Luật Hộ tịch số 60/2014/QH13",
        &format!(
            "Điều 1. Chi trả thù lao\n{PAYMENT}\nĐiều 2. Hiệu lực thi hành\n\
             Quyết định này có hiệu lực từ ngày 01 tháng 6 năm 2026 và thay thế Quyết định số 10/2020/QĐ-UBND \
             ngày 01 tháng 02 năm 2020 của Ủy ban nhân dân tỉnh Sông Lam quy định về chợ phiên."
        ),
    );
    std::fs::write(folder.join("cu.txt"), old).unwrap();
    std::fs::write(folder.join("moi.txt"), new).unwrap();
    let paths = [folder.clone()];
    let report = app::law::import(app.app().law(), &paths, app.now(), |_| {}).await.unwrap();
    assert_eq!((report.added, report.problem_count), (2, 0), "{report:#?}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// Stands on a decision that was replaced, says another deadline, cites an article that is not there.
fn draft() -> String {
    decision(
        "…/2026/QĐ-UBND",
        "… tháng … năm 2026",
        "Quyết định số 10/2020/QĐ-UBND ngày 01 tháng 02 năm 2020 của Ủy ban nhân dân tỉnh Sông Lam",
        &format!(
            "Điều 1. Chi trả thù lao\n{LATER_PAYMENT}\nĐiều 2. Hồ sơ\n\
             Hồ sơ thực hiện theo Điều 99 Quyết định số 25/2026/QĐ-UBND.\nĐiều 3. Hiệu lực thi hành\n\
             Quyết định này có hiệu lực từ ngày 01 tháng 12 năm 2026."
        ),
    )
}

/// Hands a draft in on the page; gives the page of the review.
async fn review(browser: &mut Browser<'_>, name: &str, bytes: Vec<u8>, day: &str) -> Page {
    let page = browser.get("/can-bo/law-reviews").await.expect(200);
    let form = page.form_with("ten").with_file("tep", name, bytes).with("ngay", day);
    browser.send(&page, &form).await
}

/// The finding whose heading says this: its form.
fn form_of(page: &Page, words: &str) -> testkit::Form {
    let text = String::from_utf8(page.body.clone()).unwrap();
    let found = text.split("<article ").find(|part| part.contains(words));
    let found = found.unwrap_or_else(|| panic!("no finding {words:?}: {}", page.text()));
    let action = found.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
    page.form(action)
}

async fn decide(browser: &mut Browser<'_>, page: &Page, of: &str, choice: &str, why: &str) -> Page {
    let form = form_of(page, of).with("ly-do", why);
    browser.press(page, &form, "quyet-dinh", choice).await
}

const REPLACED: &str = "Căn cứ đã được thay thế";
const MISSING: &str = "Điều, khoản, điểm viện dẫn không có";
const AGAINST: &str = "Có thể trái với văn bản khác";

async fn a_draft_is_laid_against_the_law_of_a_day(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(LEGAL_OFFICER).await;
    let page = review(&mut officer, "du-thao.txt", draft().into(), "28/08/2026").await.expect(200);
    let page = page.says(REPLACED).says(MISSING).says(AGAINST).says("25/2026/QĐ-UBND");
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert!(html.contains("20 ngày làm việc</mark>"), "{html}");
    assert!(html.contains("10 ngày làm việc</mark>"), "the other side is marked too: {html}");
    assert_eq!(html.matches(AGAINST).count(), 1, "days of effect differ by nature: {html}");
    let _ = page.says("Độ tin cậy cao").says("Việc nên làm:");
    let page = officer.get("/can-bo/law-reviews?q=cho%20phien&state=open").await.expect(200);
    assert!(page.link("chợ phiên").starts_with("/can-bo/law-reviews/"));
    let page = officer.get("/can-bo/law-reviews?state=done").await.expect(200);
    let _ = page.says("Không có lần rà soát nào khớp");
}

async fn the_law_of_an_earlier_day_finds_nothing_that_came_later(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(CLERK).await;
    let early = draft().replace("12 năm 2026", "3 năm 2026");
    let page = review(&mut officer, "du-thao.txt", early.into(), "01/03/2026").await.expect(200);
    assert!(!page.text().contains(AGAINST), "{}", page.text());
    assert!(!page.text().contains(REPLACED), "{}", page.text());
    let _ = page.says("ngày 01/03/2026");
    let wrong = review(&mut officer, "du-thao.txt", draft().into(), "31/02/2026").await;
    let _ = wrong.expect(422).says("Hãy");
}

async fn findings_are_accepted_rejected_and_postponed(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(LEGAL_OFFICER).await;
    let page = review(&mut officer, "du-thao.txt", draft().into(), "28/08/2026").await.expect(200);
    let page = decide(&mut officer, &page, REPLACED, "accepted", "").await.expect(200);
    let page = decide(&mut officer, &page, MISSING, "rejected", "Sẽ bổ sung Điều 99.").await;
    let page = decide(&mut officer, &page.expect(200), AGAINST, "postponed", "").await.expect(200);
    let name = LEGAL_OFFICER.name();
    let page = page.says("Không chấp nhận: Sẽ bổ sung Điều 99.").says(&name);
    // A second thought: the earlier decision stays readable.
    let page = decide(&mut officer, &page, REPLACED, "rejected", "Căn cứ chuyển tiếp.").await;
    let page = page.expect(200).says("Các quyết định trước").says("Căn cứ chuyển tiếp.");
    let text = String::from_utf8(page.body.clone()).unwrap();
    let open = text.split("id=\"tiep\"").nth(1).unwrap_or_default();
    let open = open.split("</section>").next().unwrap_or_default();
    for decided in [REPLACED, MISSING, AGAINST] {
        assert!(!open.contains(decided), "{decided} is still open");
    }
    assert!(app.audit().await.ok);
    let mut auditor = app.signed_in(AUDITOR).await;
    let journal = auditor.get("/can-bo/nhat-ky?loai=law-finding-decided").await.expect(200);
    let told = String::from_utf8(journal.body).unwrap();
    assert_eq!(told.matches(">Quyết định về nội dung rà soát</th>").count(), 4);
}

async fn a_rejection_without_a_reason_is_refused_and_what_was_typed_stays(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(CLERK).await;
    let page = review(&mut officer, "du-thao.txt", draft().into(), "28/08/2026").await.expect(200);
    let refused = decide(&mut officer, &page, REPLACED, "rejected", "   ").await.expect(422);
    let refused = refused.says("Hãy ghi lý do không chấp nhận").says("Chờ quyết định");
    // No button says this: it is sent as if one did.
    let action = form_of(&refused, REPLACED).action;
    let csrf = form_of(&refused, REPLACED).value("csrf").unwrap().to_owned();
    let pairs = [("csrf", csrf.as_str()), ("quyet-dinh", "sideways"), ("ly-do", "Có lý do.")];
    let odd = officer.post(&action, &pairs).await.expect(422);
    let _ = odd.says(REPLACED);
    let page = officer.get("/can-bo/law-reviews?state=done").await.expect(200);
    let _ = page.says("Không có lần rà soát nào khớp");
}

async fn kinds_that_officers_accept_come_first(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(CLERK).await;
    let order = |page: &Page| {
        let text = page.text();
        (text.find(REPLACED).unwrap(), text.find(MISSING).unwrap())
    };
    let first = review(&mut officer, "a.txt", draft().into(), "28/08/2026").await.expect(200);
    let (replaced, missing) = order(&first);
    assert!(replaced < missing, "the surer one comes first");
    for _ in 0..2 {
        let page = review(&mut officer, "b.txt", draft().into(), "28/08/2026").await.expect(200);
        let page = decide(&mut officer, &page, REPLACED, "rejected", "Không đúng.").await;
        let _ = decide(&mut officer, &page.expect(200), MISSING, "accepted", "").await.expect(200);
    }
    let after = officer.get(&first.path).await.expect(200);
    let (replaced, missing) = order(&after);
    assert!(missing < replaced, "what officers accept comes before what they reject");
}

fn words_of(bytes: &[u8]) -> String {
    let reading = read(bytes, &ReadOptions::default()).unwrap();
    reading.paragraphs.iter().map(|one| one.text.clone() + "\n").collect()
}

async fn the_report_can_be_read_back_with_what_was_accepted(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(LEGAL_OFFICER).await;
    let page = PageSetup::default();
    // The draft comes as a Word file this time.
    let blocks = draft().lines().map(|line| official::body(vec![docx::Run::plain(line)])).collect();
    let word = DocxDocument {
        title: "Dự thảo".to_owned(),
        size: 14.0,
        sections: vec![Section { page, blocks }],
    };
    let bytes = docx::write(&word).unwrap();
    let page = review(&mut officer, "du-thao.docx", bytes, "28/08/2026").await.expect(200);
    let page = decide(&mut officer, &page, AGAINST, "accepted", "Sửa còn 10 ngày.").await;
    let page = decide(&mut officer, &page.expect(200), MISSING, "rejected", "Điều 99 sẽ có.").await;
    let page = page.expect(200);
    let report = officer.get(&page.link("report.docx")).await.expect(200);
    assert!(report.header("content-type").contains("wordprocessingml"));
    let text = words_of(&report.body);
    for wanted in [
        "BÁO CÁO",
        "Kết quả rà soát, kiểm tra văn bản",
        "SỞ TƯ PHÁP",
        "Nội dung dự thảo",
        LATER_PAYMENT,
        "10 ngày làm việc",
        "Sửa còn 10 ngày.",
        "Điều 99 sẽ có.",
        "Tổng cộng",
        "Nơi nhận:",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in {text}");
    }
    let rejected = text.split("III. NỘI DUNG KHÔNG CHẤP NHẬN").nth(1).unwrap();
    assert!(rejected.contains("viện dẫn không có"), "{rejected}");
    let pdf = officer.get(&page.link("report.pdf")).await.expect(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-"));
}

async fn a_file_that_cannot_be_read_is_told_beside_its_box(app: TestApp) {
    let mut officer = app.signed_in(CLERK).await;
    for bytes in [&b""[..], b"PK\x03\x04 no archive", b"\x00\x01\x02\x03\x00\x00\x00\x05\x06"] {
        let page = review(&mut officer, "du-thao.docx", bytes.to_vec(), "28/08/2026").await;
        let page = page.expect(422);
        assert!(String::from_utf8(page.body.clone()).unwrap().contains("id=\"tep-error\""));
    }
    let page = officer.get("/can-bo/law-reviews").await.expect(200);
    let _ = page.says("Chưa có lần rà soát nào");
}

async fn nobody_else_sees_or_decides_a_review(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(CLERK).await;
    let page = review(&mut officer, "du-thao.txt", draft().into(), "28/08/2026").await.expect(200);
    let form = form_of(&page, REPLACED);
    for (stranger, status) in
        [(OTHER_CLERK, 404), (LEGAL_OFFICER, 404), (AUDITOR, 404), (MOTHER, 403)]
    {
        let mut browser = app.signed_in(stranger).await;
        for path in [page.path.clone(), page.link("report.docx"), page.link("report.pdf")] {
            let seen = browser.get_only(&path).await;
            assert_eq!(seen.status, status, "{} at {path}", stranger.login);
        }
        let verify = browser.get("/verify").await.expect(200);
        let csrf = verify.form("/verify").value("csrf").unwrap().to_owned();
        let pairs = [("csrf", csrf.as_str()), ("quyet-dinh", "accepted")];
        let answer = browser.post(&form.action, &pairs).await;
        assert_eq!(answer.status, status, "{}", stranger.login);
    }
    for (person, list) in [(OTHER_CLERK, 200), (AUDITOR, 403), (MOTHER, 403)] {
        let mut browser = app.signed_in(person).await;
        let seen = browser.get_only("/can-bo/law-reviews").await;
        assert_eq!(seen.status, list, "{}", person.login);
        assert!(!seen.text().contains("du-thao.txt"), "{}", person.login);
        let lists = browser.get_only("/can-bo/law-lists").await;
        assert_eq!(lists.status, list, "{}", person.login);
    }
    let id = page.path.rsplit('/').next().unwrap().parse().unwrap();
    let ctx = app.context(CLERK).await;
    let kept = reviewing::open(app.app(), &ctx, id).await.unwrap();
    assert!(kept.findings.iter().all(|finding| finding.decisions.is_empty()));
    assert_eq!(app.browser().get_only(&page.path).await.status, 303);
}

async fn documents_are_listed_by_their_state_and_can_be_taken_away(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(LEGAL_OFFICER).await;
    let spring = officer.get("/can-bo/law-lists?day=2026-03-01").await.expect(200);
    let _ = spring.says("10/2020/QĐ-UBND ngày 01/02/2020");
    let path = "/can-bo/law-lists?day=2026-08-28&issuer=song%20lam&state=het-hieu-luc";
    let page = officer.get(path).await.expect(200);
    let page = page.says("10/2020/QĐ-UBND").says("Được thay thế bởi Quyết định số 25/2026/QĐ-UBND");
    let page = page.says("01/06/2026");
    let workbook = officer.get(&page.link("list.xlsx")).await.expect(200);
    let sheets = document::xlsx::read(&workbook.body).unwrap();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(
        names,
        ["Còn hiệu lực", "Hết hiệu lực một phần", "Hết hiệu lực toàn bộ", "Chưa có hiệu lực"]
    );
    let text = words_of(&workbook.body);
    assert!(text.contains("DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ"), "{text}");
    assert!(text.contains("Được thay thế bởi Quyết định số 25/2026/QĐ-UBND"), "{text}");
    let word = officer.get(&page.link("list.docx")).await.expect(200);
    let text = words_of(&word.body);
    assert!(text.contains("25/2026/QĐ-UBND ngày 20/05/2026"), "{text}");
    assert!(text.contains("Không có văn bản nào."), "{text}");
    let none = officer.get("/can-bo/law-lists?issuer=song%20hong").await.expect(200);
    let _ = none.says("Không có văn bản nào trong danh mục này");
    let wrong = officer.get("/can-bo/law-lists?day=31%2F02%2F2026").await;
    let _ = wrong.expect(422).says("Hãy");
}

async fn what_the_change_of_a_document_touches_is_listed(app: TestApp) {
    lay_out_law(&app).await;
    let mut officer = app.signed_in(CLERK).await;
    let page = officer.get("/can-bo/law-lists?changed=60-2014-qh13").await.expect(200);
    let page = page.says("25/2026/QĐ-UBND").says("Văn bản địa phương").says("Căn cứ ban hành");
    assert!(page.link("Đăng ký khai sinh").starts_with("/thu-tuc/birth-registration"));
    let list = page.text();
    let documents = list.split("Văn bản (").nth(1).unwrap();
    assert!(!documents.contains("10/2020"), "what is no longer in force needs no change");
    let page = officer.get("/can-bo/law-lists?changed=%3Cb%3E1%2F2000%2FX").await.expect(200);
    assert!(!String::from_utf8(page.body).unwrap().contains("<b>1/2000"));
}
