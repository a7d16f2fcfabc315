//! Law comes in: codified, as a corpus, as single documents; whole or not at all, and a second time without
//! any change. On both engines. Everything here is of a province that does not exist.

use std::path::{Path, PathBuf};

use app::law::{Corpus, Decision, Filter, Guides, ImportReport, Question};
use kernel::moment::Moment;
use serde_json::{Value, json};
use store::Store;
use store::testing::{self, Database};

/// A database with a data folder of its own.
struct Place {
    folder: PathBuf,
    corpus: Corpus,
    _database: Database,
}

impl Place {
    fn new(name: &str, database: Database) -> Place {
        let folder = std::env::temp_dir().join(format!("tuphap-law-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(database.config().clone()).unwrap();
        let corpus = Corpus::new(store, &folder, 1, Guides::default());
        Place { folder, corpus, _database: database }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn import(&self, paths: &[&Path]) -> ImportReport {
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
        app::law::import(&self.corpus, &paths, now(), |_| {}).await.unwrap()
    }

    async fn counts(&self) -> (i64, i64, i64) {
        let counts = self.corpus.store().read(store::law::counts).await.unwrap();
        (counts.documents, counts.provisions, counts.relations)
    }

    async fn found(&self, words: &str, filter: Filter) -> Vec<String> {
        let found = app::law::search(&self.corpus, words, 10, filter).await.unwrap();
        found.into_iter().map(|hit| hit.provision.anchor).collect()
    }

    fn indexes(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("law")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A test that cannot clean up has told what it had to tell.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn now() -> Moment {
    "2026-11-22T09:00:00+07:00".parse().unwrap()
}

macro_rules! both_engines {
    ($($story:ident)*) => {
        mod on_sqlite { $(#[tokio::test(flavor = "multi_thread")] async fn $story() {
            let database = super::testing::sqlite().unwrap();
            super::$story(super::Place::new(concat!("sqlite-", stringify!($story)), database)).await;
        })* }
        mod on_postgres { $(#[tokio::test(flavor = "multi_thread")] async fn $story() {
            if let Some(database) = super::testing::postgres().unwrap() {
                let name = concat!("postgres-", stringify!($story));
                super::$story(super::Place::new(name, database)).await;
            }
        })* }
    };
}

both_engines! {
    codified_law_comes_in_whole_and_a_second_time_without_change
    bad_lines_are_told_with_their_number_and_stop_nothing
    a_broken_packed_file_brings_nothing_in
    an_article_that_changes_is_found_by_its_new_words_only
    a_corpus_comes_in_by_its_own_identifiers
    a_single_document_comes_in_with_its_articles_bases_and_doubts
    two_documents_of_one_number_stay_apart
    what_is_exported_comes_in_again_the_same
    questions_are_measured_against_the_index
    an_index_that_is_lost_or_damaged_is_made_again
    a_question_is_answered_in_the_words_of_the_law
    a_basis_that_an_imported_document_replaced_is_told_with_its_successor
}

/// An article of a codified decision on markets, or of a decree.
fn article(anchor: &str, document: &str, number: u32, title: &str, text: &str) -> Value {
    let kind = if document.contains("NĐ-CP") { "Nghị định" } else { "Luật" };
    let name = if number == 1 {
        format!(" {kind} Chợ phiên ngày 16/06/2019 của Quốc hội")
    } else {
        String::new()
    };
    json!({
        "demuc_id": "c", "demuc_no": "99.1", "demuc": "Chợ phiên", "anchor": anchor,
        "label": format!("Điều 99.1.LQ.{number}"), "title": title, "text": text,
        "chapter": "Chương I QUY ĐỊNH CHUNG", "source_doc": document,
        "source_note": format!(
            "(Điều {number} {kind} số {document}{name}, có hiệu lực thi hành kể từ ngày 01/1/2020)"
        ),
        "effective": "01/1/2020", "related": [], "amended_by": [],
    })
}

const LAW: &str = "90/2019/QH88";
const DECREE: &str = "91/2019/NĐ-CP";

fn codified() -> Vec<Value> {
    let mut second =
        article("102", LAW, 2, "Giờ họp chợ", "Chợ phiên họp từ 05 giờ sáng đến 11 giờ trưa.");
    second["related"] = json!([["201", "Điều 99.1.NĐ.1.1"], ["999", "Điều 99.9.NĐ.1.1"]]);
    second["source_note"] = json!(
        "(Điều 2 Luật số 90/2019/QH88, có hiệu lực thi hành kể từ ngày 01/01/2020, có nội dung được sửa đổi \
         bởi Điều 3 Nghị định số 95/2023/NĐ-CP có hiệu lực thi hành kể từ ngày 01/07/2023)"
    );
    let mut third = article("103", LAW, 3, "Người bán hàng", "Người bán hàng nộp phí chỗ ngồi.");
    third["effective"] = json!("01/01/2026");
    third["source_note"] =
        json!("(Điều 3 Luật số 90/2019/QH88, có hiệu lực thi hành kể từ ngày 01/01/2026)");
    vec![
        article("101", LAW, 1, "Phạm vi điều chỉnh", "Luật này quy định về chợ phiên."),
        article("201", DECREE, 1, "Phí chỗ ngồi", "Mỗi buổi chợ nộp 5.000 đồng một chỗ ngồi."),
        second,
        article(
            "202",
            DECREE,
            2,
            "Miễn phí chỗ ngồi",
            "Trẻ em, người cao tuổi không phải nộp phí chỗ ngồi.",
        ),
        third,
    ]
}

fn lines(articles: &[Value]) -> Vec<u8> {
    let mut text = String::new();
    for article in articles {
        text.push_str(&article.to_string());
        text.push('\n');
    }
    text.into_bytes()
}

async fn codified_law_comes_in_whole_and_a_second_time_without_change(place: Place) {
    let packed = ruzstd::encoding::compress_to_vec(
        lines(&codified()).as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    // Two frames one after the other are one file, too.
    let rest = ruzstd::encoding::compress_to_vec(
        lines(&[article("203", DECREE, 3, "Chợ đêm", "Chợ đêm họp đến 23 giờ.")]).as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let file = place.file("chợ.jsonl.zst", &[packed, rest].concat());
    let report = place.import(&[&file]).await;
    assert_eq!((report.added, report.replaced, report.unchanged), (2, 0, 0), "{report:?}");
    assert_eq!((report.provisions, report.relations, report.problem_count), (6, 3, 0));
    assert_eq!(report.indexed, 6);
    assert_eq!(place.counts().await, (2, 6, 3));

    let (law, decree) = place
        .corpus
        .store()
        .read(|tx| {
            let mut law = store::law::documents_by_key(tx, "90-2019-qh88")?;
            let mut decree = store::law::documents_by_key(tx, "91-2019-nd-cp")?;
            Ok((law.pop().unwrap(), decree.pop().unwrap()))
        })
        .await
        .unwrap();
    assert_eq!(law.kind.as_deref(), Some("Luật"));
    assert_eq!(law.title.as_deref(), Some("Chợ phiên"));
    assert_eq!(law.issuer, "Quốc hội");
    assert_eq!(law.issued_on.as_deref(), Some("2019-06-16"));
    assert_eq!(law.effective_on.as_deref(), Some("2020-01-01"));
    assert_eq!((law.provisions, decree.provisions), (3, 3));
    let (articles, relations) = place
        .corpus
        .store()
        .read(move |tx| {
            Ok((store::law::provisions_of(tx, law.id)?, store::law::relations_of(tx, law.id)?))
        })
        .await
        .unwrap();
    let paths: Vec<&str> = articles.iter().map(|article| article.path.as_str()).collect();
    assert_eq!(paths, ["dieu-1", "dieu-2", "dieu-3"]);
    assert_eq!(articles[2].valid_from.as_deref(), Some("2026-01-01"));
    let amended = relations.iter().find(|one| one.kind == "amended-by").unwrap();
    assert_eq!(amended.to_document.as_deref(), Some("95-2023-nd-cp"));
    assert_eq!(amended.day.as_deref(), Some("2023-07-01"));

    assert_eq!(place.found("mấy giờ họp chợ phiên", Filter::default()).await[0], "102");
    let on = |text: &str| Filter { at: Some(text.parse().unwrap()) };
    assert!(place.found("người bán hàng", on("2026-02-01")).await.contains(&"103".to_owned()));
    assert!(!place.found("người bán hàng", on("2025-12-31")).await.contains(&"103".to_owned()));
    assert!(place.found("chợ phiên", on("2019-12-31")).await.is_empty());

    let before = place.indexes();
    let again = place.import(&[&file]).await;
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 2));
    assert_eq!((again.provisions, again.relations, again.indexed), (0, 0, 6));
    assert_eq!(place.counts().await, (2, 6, 3));
    assert_eq!(place.indexes(), before);
}

async fn bad_lines_are_told_with_their_number_and_stop_nothing(place: Place) {
    let mut all = codified();
    all.push(article("101", DECREE, 7, "Mã trùng", "Nội dung trùng mã."));
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(lines(&all[..2]));
    bytes.extend(b"{\"anchor\": \"x\", \n");
    bytes.extend(b"\n");
    bytes.extend(b"{\"anchor\": \"\", \"text\": \"no id\"}\n");
    bytes.extend(b"{\"anchor\": \"y\", \"text\": \"\xFF\xFE\"}\n");
    bytes.extend(lines(&all[2..]));
    let file = place.file("bad.jsonl", &bytes);
    let report = place.import(&[&file]).await;
    let told: Vec<(u64, &str)> =
        report.problems.iter().map(|problem| (problem.line, problem.code.as_str())).collect();
    let wanted = [(3, "bad-line"), (5, "bad-line"), (6, "bad-line"), (10, "anchor-twice")];
    assert_eq!(told, wanted, "{report:#?}");
    assert_eq!((report.added, report.provisions), (2, 5));
}

async fn a_broken_packed_file_brings_nothing_in(place: Place) {
    let packed = ruzstd::encoding::compress_to_vec(
        lines(&codified()).as_slice(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let mut flipped = packed.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let cut = place.file("cut.jsonl.zst", &packed[..packed.len() - 9]);
    let flipped = place.file("flipped.jsonl.zst", &flipped);
    let absent = place.folder.join("absent.jsonl");
    let report = place.import(&[&cut, &flipped, &absent]).await;
    assert_eq!(report.added, 0, "{report:?}");
    let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["unreadable"; 3], "{report:?}");
    assert_eq!(place.counts().await, (0, 0, 0));
}

async fn an_article_that_changes_is_found_by_its_new_words_only(place: Place) {
    let file = place.file("law.jsonl", &lines(&codified()));
    place.import(&[&file]).await;
    let mut changed = codified();
    changed[1]["text"] = json!("Mỗi buổi chợ nộp 7.000 đồng một gian hàng.");
    place.file("law.jsonl", &lines(&changed));
    let report = place.import(&[&file]).await;
    assert_eq!((report.added, report.replaced, report.unchanged), (0, 1, 1), "{report:?}");
    assert_eq!(report.provisions, 2);
    assert_eq!(place.found("gian hàng", Filter::default()).await[0], "201");
    let found = app::law::search(&place.corpus, "nộp 5.000 đồng", 10, Filter::default()).await;
    assert!(found.unwrap().iter().all(|hit| !hit.provision.text.contains("5.000")));
    assert_eq!(place.indexes().len(), 1, "the old index is gone");
}

async fn a_corpus_comes_in_by_its_own_identifiers(place: Place) {
    let corpus = json!([
        {"law_id": "01/2020/tt-chợ", "articles": [
            {"article_id": "1", "title": "Điều 1. Giờ họp chợ", "text": "Chợ phiên họp từ 05 giờ."},
            {"article_id": "2", "title": "Điều 2. Phí", "text": "Phí chỗ ngồi do Ban quản lý chợ thu."},
            {"article_id": "2", "title": "Điều 2. Phí", "text": "Trùng mã."}
        ]},
        {"articles": []},
        {"law_id": "1/2020/TT-Chợ", "articles": [
            {"article_id": "1", "title": "", "text": "Cùng số, viết cách khác."}
        ]},
    ]);
    let alqac = json!([{"id": "5/2021/QH88", "articles": [
        {"id": "7", "text": "Người trông chợ\n\nNgười trông chợ giữ trật tự."}
    ]}]);
    let zalo = place.file("legal_corpus.json", corpus.to_string().as_bytes());
    let packed = ruzstd::encoding::compress_to_vec(
        alqac.to_string().as_bytes(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let alqac = place.file("law.json.zst", &packed);
    let report = place.import(&[&zalo, &alqac]).await;
    assert_eq!((report.added, report.provisions), (3, 4), "{report:?}");
    let codes: Vec<(u64, &str)> =
        report.problems.iter().map(|problem| (problem.line, problem.code.as_str())).collect();
    assert_eq!(codes, [(1, "anchor-twice"), (2, "bad-element")]);
    assert_eq!(place.found("giờ họp chợ", Filter::default()).await[0], "01/2020/tt-chợ#1");
    let guard = app::law::search(&place.corpus, "trông chợ", 1, Filter::default()).await.unwrap();
    assert_eq!(guard[0].provision.anchor, "5/2021/QH88#7");
    assert_eq!(guard[0].provision.title, "Người trông chợ");
    let again = place.import(&[&alqac, &zalo]).await;
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 3));

    let whole = corpus.to_string();
    let cut = place.file("cut.json", &whole.as_bytes()[..whole.len() - 40]);
    let report = place.import(&[&cut]).await;
    assert!(report.problems.iter().any(|problem| problem.code == "broken-file"), "{report:?}");
    assert_eq!(place.counts().await, (3, 4, 0), "what was whole before is untouched");
}

fn decision(province: &str) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\nTỈNH {}\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n\
         Số: 12/2026/QĐ-UBND\n\n{province}, ngày 05 tháng 3 năm 2026\n\nQUYẾT ĐỊNH\n\
         Ban hành quy định về chợ phiên\n\n\
         Căn cứ Luật Chợ phiên số 90/2019/QH88;\n\nỦY BAN NHÂN DÂN QUYẾT ĐỊNH:\n\n\
         Điều 1. Giờ họp chợ\n1. Chợ phiên họp từ 05 giờ.\n2. Ngày lễ, chợ họp từ 06 giờ.\n\n\
         Điều 2. Hiệu lực thi hành\nQuyết định này có hiệu lực từ ngày 20 tháng 3 năm 2026.\n\n\
         TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n\nNguyễn Văn Chợ\n",
        province.to_uppercase()
    )
}

async fn a_single_document_comes_in_with_its_articles_bases_and_doubts(place: Place) {
    let folder = place.folder.join("van-ban");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("quyet-dinh.txt"), decision("Sông Lam")).unwrap();
    std::fs::write(folder.join("hong.docx"), b"PK\x03\x04 no archive").unwrap();
    std::fs::write(folder.join("ghi-chu.bak"), b"not looked at").unwrap();
    let report = place.import(&[&folder]).await;
    assert_eq!((report.added, report.provisions), (1, 2), "{report:#?}");
    let problem = &report.problems[0];
    assert_eq!((problem.file.as_str(), problem.code.as_str()), ("hong.docx", "unreadable"));
    let (row, body, provisions, relations) = place
        .corpus
        .store()
        .read(|tx| {
            let row = store::law::documents_by_key(tx, "12-2026-qd-ubnd")?.pop().unwrap();
            let provisions = store::law::provisions_of(tx, row.id)?;
            let relations = store::law::relations_of(tx, row.id)?;
            Ok((row.clone(), store::law::body(tx, row.id)?, provisions, relations))
        })
        .await
        .unwrap();
    assert_eq!(row.kind.as_deref(), Some("Quyết định"));
    assert_eq!(row.issued_on.as_deref(), Some("2026-03-05"));
    assert_eq!(row.effective_on.as_deref(), Some("2026-03-20"));
    assert!(body.unwrap().contains("Giờ họp chợ"));
    let anchors: Vec<&str> = provisions.iter().map(|one| one.anchor.as_str()).collect();
    assert_eq!(anchors, ["12-2026-qd-ubnd/dieu-1", "12-2026-qd-ubnd/dieu-2"]);
    assert_eq!(provisions[0].text, "1. Chợ phiên họp từ 05 giờ.\n2. Ngày lễ, chợ họp từ 06 giờ.");
    let basis = relations.iter().find(|one| one.kind == "basis").unwrap();
    assert_eq!(basis.to_document.as_deref(), Some("90-2019-qh88"));
    let again = place.import(&[&folder]).await;
    assert_eq!((again.added, again.unchanged), (0, 1));
}

async fn two_documents_of_one_number_stay_apart(place: Place) {
    let one = place.file("mot.txt", decision("Sông Lam").as_bytes());
    let two = place.file("hai.txt", decision("Sông Đà Bắc").as_bytes());
    let report = place.import(&[&one, &two]).await;
    assert_eq!((report.added, report.replaced, report.provisions), (2, 0, 4), "{report:#?}");
    assert!(report.problems.iter().any(|problem| problem.code == "same-number"));
    let again = place.import(&[&two, &one]).await;
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 2), "{again:#?}");
    assert_eq!(place.counts().await.1, 4);
}

async fn what_is_exported_comes_in_again_the_same(place: Place) {
    let law = place.file("law.jsonl", &lines(&codified()));
    let single = place.file("quyet-dinh.txt", decision("Sông Lam").as_bytes());
    place.import(&[&law, &single]).await;
    let mut out = Vec::new();
    assert_eq!(app::law::export(&place.corpus, &mut out).await.unwrap(), 3);
    let exported = place.file("export.jsonl", &out);

    let other = Place::new(
        &format!("other-{}", place.folder.file_name().unwrap().to_string_lossy()),
        testing::sqlite().unwrap(),
    );
    let report = other.import(&[&exported]).await;
    assert_eq!((report.added, report.problem_count), (3, 0), "{report:#?}");
    assert_eq!(other.counts().await, place.counts().await);
    let mut second = Vec::new();
    app::law::export(&other.corpus, &mut second).await.unwrap();
    let sorted = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.sort_by_key(|line| line["document"]["key"].to_string());
        lines
    };
    assert_eq!(sorted(&second), sorted(&out));
    let again = other.import(&[&exported]).await;
    assert_eq!((again.added, again.replaced, again.unchanged), (0, 0, 3));
}

async fn questions_are_measured_against_the_index(place: Place) {
    let file = place.file("law.jsonl", &lines(&codified()));
    place.import(&[&file]).await;
    let question = |text: &str, id: &str| Question {
        question: text.to_owned(),
        relevant: vec![id.to_owned()],
    };
    let questions = vec![
        question("Chợ phiên họp từ mấy giờ sáng?", "102"),
        question("Ai được miễn phí chỗ ngồi?", "202"),
        question("Chợ phiên họp từ mấy giờ sáng?", "no such provision"),
    ];
    let found = app::law::evaluate(&place.corpus, questions).await.unwrap();
    assert_eq!(found.n, 3);
    assert!((found.recall_at_1 - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
    assert!((found.mrr_at_10 - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
    assert!(found.p50_ms <= found.p99_ms);
}

async fn an_index_that_is_lost_or_damaged_is_made_again(place: Place) {
    let file = place.file("law.jsonl", &lines(&codified()));
    place.import(&[&file]).await;
    let name = place.indexes().pop().unwrap();
    let index = place.folder.join("law").join(name);
    let whole = std::fs::read(&index).unwrap();
    for damaged in [None, Some(&whole[..whole.len() / 2]), Some(b"nothing".as_slice())] {
        match damaged {
            Some(bytes) => std::fs::write(&index, bytes).unwrap(),
            None => std::fs::remove_file(&index).unwrap(),
        }
        let store = place.corpus.store().clone();
        let fresh = Corpus::new(store, &place.folder, 2, Guides::default());
        let found = app::law::search(&fresh, "giờ họp chợ", 1, Filter::default()).await.unwrap();
        assert_eq!(found[0].provision.anchor, "102");
        assert_eq!(std::fs::read(&index).unwrap(), whole, "the same rows make the same index");
    }
}

async fn a_question_is_answered_in_the_words_of_the_law(place: Place) {
    let file = place.file("law.jsonl", &lines(&codified()));
    place.import(&[&file]).await;
    let answer = app::law::ask(&place.corpus, "Chợ phiên họp từ mấy giờ?", None).await.unwrap();
    assert_eq!(answer.decision, Decision::Answer, "{answer:?}");
    assert_eq!(answer.answer[0].id, "102");
    assert!("Chợ phiên họp từ 05 giờ sáng đến 11 giờ trưa.".contains(&answer.answer[0].text));
    let silent =
        app::law::ask(&place.corpus, "Xưởng đóng tàu ngầm hạt nhân ở đâu?", None).await.unwrap();
    assert_eq!(silent.decision, Decision::Abstain, "{silent:?}");
    assert!(silent.answer.is_empty() && silent.reason.is_some());
}

/// A decision of the province, with the articles given.
fn other_decision(number: &str, day: &str, basis: &str, articles: &str) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: {number}\nSông Lam, ngày {day}\nQUYẾT ĐỊNH\n\
         Quy định về chợ phiên\nCăn cứ {basis};\n{articles}\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn Chợ\n"
    )
}

async fn a_basis_that_an_imported_document_replaced_is_told_with_its_successor(place: Place) {
    let old = other_decision(
        "10/2020/QĐ-UBND",
        "01 tháng 02 năm 2020",
        "Luật Chợ phiên số 90/2019/QH88",
        "Điều 1. Giờ họp chợ\nChợ phiên họp từ 04 giờ.\nĐiều 2. Hiệu lực thi hành\n\
         Quyết định này có hiệu lực từ ngày 10 tháng 02 năm 2020.",
    );
    let new = other_decision(
        "12/2026/QĐ-UBND",
        "05 tháng 3 năm 2026",
        "Luật Chợ phiên số 90/2019/QH88",
        "Điều 1. Giờ họp chợ\nChợ phiên họp từ 05 giờ.\nĐiều 2. Hiệu lực thi hành\n\
         1. Quyết định này có hiệu lực từ ngày 20 tháng 3 năm 2026.\n\
         2. Quyết định này thay thế Quyết định số 10/2020/QĐ-UBND ngày 01 tháng 02 năm 2020 của Ủy ban \
         nhân dân tỉnh Sông Lam quy định về chợ phiên.",
    );
    let old = place.file("cu.txt", old.as_bytes());
    let new = place.file("moi.txt", new.as_bytes());
    let report = place.import(&[&old, &new]).await;
    assert_eq!((report.added, report.problem_count), (2, 0), "{report:#?}");

    let draft = other_decision(
        "…/2026/QĐ-UBND",
        "… tháng … năm 2026",
        "Quyết định số 10/2020/QĐ-UBND ngày 01 tháng 02 năm 2020 của Ủy ban nhân dân tỉnh Sông Lam",
        "Điều 1. Vệ sinh chợ\nNgười bán hàng quét chợ sau mỗi buổi.",
    );
    let draft = app::law::read_file(draft.as_bytes()).unwrap();
    let on = |day: &str| app::law::review(&place.corpus, draft.clone(), day.parse().unwrap());
    let replaced = |findings: &[law::review::ReviewFinding]| {
        findings.iter().any(|finding| {
            let said = format!("{} {} {:?}", finding.reason, finding.advice, finding.other);
            finding.place.address.starts_with("can-cu") && said.contains("12/2026/QĐ-UBND")
        })
    };
    let found = on("2026-11-22").await.unwrap();
    assert!(replaced(&found), "{found:#?}");
    let before = on("2026-03-01").await.unwrap();
    assert!(!replaced(&before), "it was still in force that day: {before:#?}");
}

/// The Ministry's codification, where it is at hand.
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_codification_comes_in() {
    let Some(file) = shared("law/phapdien.jsonl.zst") else { return };
    let place = Place::new("whole", testing::sqlite().unwrap());
    let report = place.import(&[&file]).await;
    assert_eq!(report.problem_count, 29, "identifiers that occur twice");
    assert!(report.problems.iter().all(|problem| problem.code == "anchor-twice"));
    assert_eq!((report.provisions, report.indexed), (62_294, 62_294));
    assert_eq!(report.replaced, 0);
    let (documents, provisions, _) = place.counts().await;
    assert_eq!(provisions, 62_294);
    assert!((4_200..4_300).contains(&documents), "{documents}");
    let again = place.import(&[&file]).await;
    assert_eq!((again.added, again.replaced), (0, 0));
    assert_eq!(again.unchanged, u64::try_from(documents).unwrap());
}

/// A file beside the repository, which may be absent.
#[expect(clippy::print_stdout, reason = "whoever runs the tests must see what was left out")]
fn shared(name: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = own.ancestors().map(|folder| folder.join("shared").join(name));
    let found = found.into_iter().find(|file| file.is_file());
    if found.is_none() {
        println!("SKIPPED: shared/{name} is not beside the repository");
    }
    found
}
