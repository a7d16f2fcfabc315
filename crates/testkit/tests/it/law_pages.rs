//! Everybody reads the law: searching, reading, asking, by page and by API. The law is the demonstration's,
//! of a province that does not exist.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use testkit::{Page, TestApp, both_engines};

both_engines! {
    provisions_are_found_with_and_without_tones
    a_number_in_any_spelling_opens_its_document
    a_document_is_read_with_its_state_on_a_day
    a_clause_has_an_address_and_is_pointed_out
    every_citation_that_is_a_link_leads_to_a_page
    a_question_is_answered_in_the_words_of_the_law_or_not_at_all
    what_is_not_there_is_not_found_and_can_be_searched_for
    hostile_questions_are_shown_as_text
    searching_and_reading_stand_on_one_page
    the_api_searches_asks_reads_and_compares
    a_procedure_leads_to_its_legal_bases_that_are_here
    an_article_of_great_length_is_cut_and_can_be_had_whole
    documents_of_one_number_are_told_apart
}

/// The law of the demonstration pack.
fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/demo/law")
}

async fn import(app: &TestApp, path: PathBuf) {
    let report = app::law::import(app.app().law(), &[path], app.now(), |_| {}).await.unwrap();
    assert_eq!(report.problems, Vec::new());
}

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// Writes documents and imports them.
async fn import_texts(app: &TestApp, texts: &[(&str, String)]) {
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder =
        std::env::temp_dir().join(format!("tuphap-law-pages-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in texts {
        std::fs::write(folder.join(name), text).unwrap();
    }
    import(app, folder.clone()).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn page(app: &TestApp, path: &str) -> Page {
    let page = app.browser().get(path).await.expect(200);
    assert_eq!(page.html.inline_code(), Vec::<String>::new(), "{path}");
    page
}

fn html(page: &Page) -> String {
    String::from_utf8_lossy(&page.body).into_owned()
}

async fn provisions_are_found_with_and_without_tones(app: TestApp) {
    let empty = page(&app, "/law?q=thù+lao").await.says("chưa có văn bản nào");
    let _ = empty.says("tuphap law import");
    let _ = page(&app, "/law/ask?q=thù+lao").await.says("tuphap law import");
    import(&app, demo()).await;
    let _ = page(&app, "/law").await.says("Thử tìm").says("Quyết định số 31/2026/QĐ-UBND");
    for query in ["thù+lao+hòa+giải+viên", "thu+lao+hoa+giai+vien", "THÙ LAO HOÀ GIẢI VIÊN"]
    {
        let found = page(&app, &format!("/law?q={}", query.replace(' ', "%20"))).await;
        let found = found.says("Mức chi cho hòa giải viên").says("Đang có hiệu lực");
        assert!(html(&found).contains("<mark>"), "{query}: {}", html(&found));
    }
    // Nothing was in force before there was anything.
    let _ = page(&app, "/law?q=thu+lao&at=2020-01-01").await.says("Chưa tìm thấy");
    let none = page(&app, "/law?q=zzzz+qqqq").await.says("Chưa tìm thấy");
    let _ = none.says("trợ giúp pháp lý").says("Hỏi bằng lời thường");
    let _ =
        page(&app, "/law?q=thu+lao&kind=Ngh%E1%BB%8B+quy%E1%BA%BFt").await.says("Nghị quyết số");
    let _ = page(&app, "/law?q=thu+lao&at=31/02/2026").await.says("không có ngày 31");
}

async fn a_number_in_any_spelling_opens_its_document(app: TestApp) {
    import(&app, demo()).await;
    for number in ["12/2026/QĐ-UBND", "12-2026-qd-ubnd", "12/2026/qđ-ubnd", "số 12/2026/QĐ-UBND"]
    {
        let query: String = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let opened = page(&app, &format!("/law?q={query}")).await;
        assert_eq!(opened.path, "/law/12-2026-qd-ubnd", "{number}");
    }
    let words = "khoản 2 Điều 4 Quyết định số 12/2026/QĐ-UBND";
    let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let opened = page(&app, &format!("/law?q={query}")).await;
    assert_eq!(opened.path, "/law/12-2026-qd-ubnd/dieu-4/khoan-2");
    let _ = page(&app, "/law?q=99/2026/QD-UBND").await.says("99/2026/QD-UBND");
}

async fn a_document_is_read_with_its_state_on_a_day(app: TestApp) {
    import(&app, demo()).await;
    let before = page(&app, "/law/12-2026-qd-ubnd?at=2026-03-31").await;
    let _ = before.says("Chưa có hiệu lực, từ 01/04/2026");
    let amended = page(&app, "/law/12-2026-qd-ubnd/dieu-4?at=2026-07-31").await;
    assert!(!amended.text().contains("đã sửa đổi"), "{}", amended.text());
    let amended = page(&app, "/law/12-2026-qd-ubnd/dieu-4?at=2026-08-01").await;
    let amended = amended.says("Đang có hiệu lực, đã sửa đổi").says("từ ngày 01/08/2026");
    let amended = amended.says("chưa hợp nhất");
    assert_eq!(amended.link("Quyết định số 31/2026/QĐ-UBND"), "/law/31-2026-qd-ubnd");
    let repealed = page(&app, "/law/12-2026-qd-ubnd/dieu-6?at=2026-08-01").await;
    let _ = repealed.says("Hết hiệu lực từ 01/08/2026");
    let others = page(&app, "/law/12-2026-qd-ubnd/dieu-5?at=2026-08-01").await;
    assert!(!others.text().contains("đã sửa đổi"), "{}", others.text());
    let whole = page(&app, "/law/8-2025-nq-hdnd").await.says("Mục lục").says("Được dẫn chiếu bởi");
    assert_eq!(whole.link("Quyết định số 12/2026/QĐ-UBND"), "/law/12-2026-qd-ubnd");
}

async fn a_clause_has_an_address_and_is_pointed_out(app: TestApp) {
    import(&app, demo()).await;
    let clause = page(&app, "/law/8-2025-nq-hdnd/dieu-5/khoan-2/diem-b").await;
    let clause = clause.says("điểm b khoản 2 Điều 5 Nghị quyết số 08/2025/NQ-HĐND");
    let text = html(&clause);
    assert_eq!(text.matches(" asked\"").count(), 1, "{text}");
    let at = text.find(" asked\"").unwrap();
    assert!(text[at..].contains("200.000 đồng"), "{text}");
    let missing = page(&app, "/law/8-2025-nq-hdnd/dieu-5/khoan-9").await;
    let _ = missing.says("Không thấy khoản 9 Điều 5");
}

async fn every_citation_that_is_a_link_leads_to_a_page(app: TestApp) {
    import(&app, demo()).await;
    let mut count = 0;
    for key in ["8-2025-nq-hdnd", "5-2026-qd-ubnd", "12-2026-qd-ubnd", "31-2026-qd-ubnd"] {
        let whole = page(&app, &format!("/law/{key}")).await;
        for (href, text) in whole.html.links().iter().filter(|(href, _)| href.starts_with("/law/"))
        {
            let led = app.browser().get(href).await;
            assert_eq!(led.status, 200, "{text} ({href}) of {key}");
            assert!(!led.text().contains("Không thấy"), "{text} ({href}) of {key}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
    let article = page(&app, "/law/12-2026-qd-ubnd/dieu-1").await;
    let place = article.link("khoản 2 Điều 5 Nghị quyết số 08/2025/NQ-HĐND");
    assert_eq!(place, "/law/8-2025-nq-hdnd/dieu-5/khoan-2");
    // What no document here has is no link: precision before recall.
    let article = page(&app, "/law/5-2026-qd-ubnd/dieu-5").await;
    assert_eq!(article.link("Điều 4 Quyết định này"), "/law/5-2026-qd-ubnd/dieu-4");
}

async fn a_question_is_answered_in_the_words_of_the_law_or_not_at_all(app: TestApp) {
    import(&app, demo()).await;
    let question = "Thù+lao+của+hòa+giải+viên+vụ+hòa+giải+thành+là+bao+nhiêu%3F";
    let answered = page(&app, &format!("/law/ask?q={question}")).await;
    let answered = answered.says("Pháp luật quy định").says("400.000 đồng");
    assert!(html(&answered).contains("/law/8-2025-nq-hdnd/dieu-3"), "{}", html(&answered));
    let silent = page(&app, "/law/ask?q=Con+mèo+của+tôi+bay+cao+mấy+mét%3F").await;
    let _ = silent.says("Chưa trả lời được").says("trợ giúp pháp lý");
    let _ = page(&app, "/law/ask").await.says("Ví dụ");
}

async fn what_is_not_there_is_not_found_and_can_be_searched_for(app: TestApp) {
    import(&app, demo()).await;
    for path in
        ["/law/1-1999-khong-co", "/law/12-2026-qd-ubnd/dieu-99", "/law/%20/%00", "/law/a/b/c"]
    {
        let missing = app.browser().get(path).await.expect(404);
        assert_eq!(missing.form("/law").value("q"), Some(""), "{path}");
    }
}

async fn hostile_questions_are_shown_as_text(app: TestApp) {
    import(&app, demo()).await;
    let long = "a".repeat(5_000);
    let all = [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "'%20OR%201%3D1%3B%20DROP%20TABLE%20law_document%3B--",
        "%00%01%1b%5b31m%e2%80%ae",
        "%ff%fe",
        long.as_str(),
        "%22%27)%20AND%20(SELECT%201",
    ];
    for query in all {
        for place in ["/law?q=", "/law/ask?q="] {
            let shown = page(&app, &format!("{place}{query}")).await;
            let text = html(&shown);
            assert!(!text.contains("<script>alert"), "{text}");
            assert!(!text.contains('\u{1b}') && !text.contains('\u{0}'), "{query}");
            assert!(text.len() < 60_000, "{}", text.len());
        }
    }
    for query in
        ["at=%3Cb%3E", "page=99999999999999999999", "page=-1", "open=%27%22%00", "kind=%3Cb%3E"]
    {
        let shown = page(&app, &format!("/law?q=thu+lao&{query}")).await;
        assert!(!html(&shown).contains("<b>\">"), "{query}");
    }
    let shown = page(&app, "/law?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(html(&shown).contains("&#60;script&#62;"), "{}", html(&shown));
    let _ = page(&app, "/law/12-2026-qd-ubnd").await;
}

async fn searching_and_reading_stand_on_one_page(app: TestApp) {
    import(&app, demo()).await;
    let list = page(&app, "/law?q=thu+lao+hoa+giai+vien").await;
    let open = list.link("Trình tự chi trả thù lao");
    let both = page(&app, &open).await.says("Về danh sách kết quả");
    let both = both.says("Trong thời hạn 10 ngày làm việc").says("Mức chi cho hòa giải viên");
    assert!(both.html.links().iter().any(|(href, _)| href == "/law/12-2026-qd-ubnd/dieu-4"));
}

async fn the_api_searches_asks_reads_and_compares(app: TestApp) {
    import(&app, demo()).await;
    let api = app.open_api();
    let found = api.get("/api/v1/law/search?q=muc%20chi%20cho%20hoa%20giai%20vien&limit=2").await;
    let found = found.expect(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    assert_eq!(found["items"][0]["id"], "8-2025-nq-hdnd/dieu-3");
    let answer = api.get("/api/v1/law/ask?q=muc%20ho%20tro%20tien%20di%20lai").await.expect(200);
    assert!(["answer", "abstain"].contains(&answer.json()["decision"].as_str().unwrap()));
    let clause = "/api/v1/law/documents/12-2026-qd-ubnd/provisions/dieu-4/khoan-2?at=2026-11-22";
    let clause = api.get(clause).await.expect(200).json();
    assert_eq!(clause["citation"], "khoản 2 Điều 4 Quyết định số 12/2026/QĐ-UBND");
    assert_eq!(clause["articles"][0]["state"]["state"], "amended-by");
    let document = api.get("/api/v1/law/documents/12-2026-qd-ubnd").await.expect(200).json();
    assert_eq!(document["contents"].as_array().unwrap().len(), 7);
    let xml = api.get("/api/v1/law/documents/12-2026-qd-ubnd/akoma-ntoso").await.expect(200);
    assert!(xml.header("content-type").starts_with("application/xml"));
    let read = law::akoma_ntoso::read(&xml.text()).unwrap();
    assert_eq!(read.units.len(), 7);
    let pair = json!({
        "a": "Thời hạn giải quyết là 10 ngày làm việc kể từ ngày nhận đủ hồ sơ.",
        "b": "Thời hạn giải quyết là 05 ngày làm việc kể từ ngày nhận đủ hồ sơ.",
    });
    let compared = api.post("/api/v1/law/compare", &pair).await.expect(200).json();
    assert_eq!(compared["findings"][0]["type"], "deadline");
    for wrong in ["search", "ask", "search?q=a&at=31/02/2026", "ask?q=%00"] {
        let refused = api.get(&format!("/api/v1/law/{wrong}")).await.expect(422);
        assert!(refused.header("content-type").starts_with("application/problem+json"), "{wrong}");
    }
    for missing in ["khong-co", "12-2026-qd-ubnd/provisions/dieu-4/khoan-9", "x/akoma-ntoso"] {
        let _ = api.get(&format!("/api/v1/law/documents/{missing}")).await.expect(404);
    }
}

async fn a_procedure_leads_to_its_legal_bases_that_are_here(app: TestApp) {
    let without = page(&app, "/thu-tuc/birth-registration").await;
    assert!(!html(&without).contains("href=\"/law/"), "nothing is here to be read");
    let content = app.app().content().clone();
    let birth = content.procedures.iter().find(|one| one.slug == "birth-registration").unwrap();
    let basis = birth.legal_bases.iter().find(|one| one.document.contains("60/2014/QH13")).unwrap();
    assert!(!basis.document.is_empty());
    let text = "QUỐC HỘI\nLuật số: 60/2014/QH13\nLUẬT\nHỘ TỊCH\nĐiều 1. Phạm vi điều chỉnh\nBản làm thử \
                để kiểm tra đường dẫn.\n";
    import_texts(&app, &[("luat.txt", text.to_owned())]).await;
    let with = page(&app, "/thu-tuc/birth-registration").await;
    let links = with.html.links();
    let (href, _) = links.iter().find(|(href, _)| href.starts_with("/law/60-2014")).unwrap();
    let _ = page(&app, href).await;
}

fn decision(number: &str, issuer: &str, body: &str) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\n{issuer}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: \
         {number}\nSông Lam, ngày 05 tháng 01 năm 2026\nQUYẾT ĐỊNH\nVề việc quản lý chợ\nĐiều 1. Quản lý \
         chợ\n{body}\nĐiều 2. Hiệu lực\nQuyết định này có hiệu lực từ ngày 01 tháng 02 năm 2026.\n"
    )
}

async fn an_article_of_great_length_is_cut_and_can_be_had_whole(app: TestApp) {
    let line =
        "Người bán hàng ở chợ giữ gìn vệ sinh, xếp hàng gọn và trả phí đúng hạn cho ban quản lý.\n";
    let text = decision("77/2026/QĐ-UBND", "TỈNH SÔNG LAM", &line.repeat(3_000));
    import_texts(&app, &[("dai.txt", text)]).await;
    let cut = page(&app, "/law/77-2026-qd-ubnd/dieu-1").await.says("Xem toàn văn");
    assert!(cut.body.len() < 200_000, "{}", cut.body.len());
    let whole = page(&app, &cut.link("Xem toàn văn")).await;
    assert!(whole.body.len() > 300_000, "{}", whole.body.len());
    assert!(!whole.text().contains("Xem toàn văn"));
    let document = page(&app, "/law/77-2026-qd-ubnd").await;
    assert!(document.body.len() < 200_000, "{}", document.body.len());
    let on = page(&app, &document.link("Đọc tiếp từ")).await;
    let _ = on.says("có hiệu lực từ ngày 01 tháng 02 năm 2026");
}

async fn documents_of_one_number_are_told_apart(app: TestApp) {
    let here = decision("78/2026/QĐ-UBND", "TỈNH SÔNG LAM", "Chợ họp buổi sáng.");
    let there = decision("78/2026/QĐ-UBND", "TỈNH SÔNG HIẾU", "Chợ họp buổi chiều.");
    import_texts(&app, &[("a.txt", here)]).await;
    import_texts(&app, &[("b.txt", there)]).await;
    let choice = page(&app, "/law/78-2026-qd-ubnd/dieu-1").await.says("Có nhiều văn bản mang số");
    let links = choice.html.links();
    let hrefs: Vec<&String> =
        links.iter().map(|(href, _)| href).filter(|href| href.contains("--")).collect();
    assert_eq!(hrefs.len(), 2, "{links:?}");
    let mut texts = Vec::new();
    for href in hrefs {
        texts.push(page(&app, href).await.text());
    }
    assert!(texts.iter().any(|text| text.contains("buổi sáng")));
    assert!(texts.iter().any(|text| text.contains("buổi chiều")));
}
