//! `tuphap law …` as whoever runs it sees it: what goes in, what comes out, exit codes, and that a kill
//! during an import harms nothing. Everything is of a province that does not exist.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fault here is to stop the test at once"
)]

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::{Store, StoreConfig};

/// A folder of this test's own.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tuphap-law-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tuphap"));
        command.arg("law").args(words).arg("--data").arg(self.data());
        command.env_remove("TUPHAP_DATABASE").stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    #[track_caller]
    fn json(&self, words: &[&str]) -> Value {
        let output = self.run(&[words, &["--json"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A test that cannot clean up has told what it had to tell.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn article(document: u32, number: u32, text: &str) -> String {
    let line = json!({
        "demuc": "Chợ phiên", "demuc_no": "99.1", "anchor": format!("{document:06}{number:06}"),
        "label": format!("Điều 99.1.TT.{document}.{number}"),
        "title": format!("Việc thứ {number} của chợ"), "text": text, "chapter": null,
        "source_doc": format!("{document}/2020/TT-BCP"),
        "source_note": format!("(Điều {number} Thông tư số {document}/2020/TT-BCP, có hiệu lực thi hành kể từ ngày 01/02/2020)"),
        "effective": "01/02/2020", "related": [], "amended_by": [],
    });
    line.to_string() + "\n"
}

const SMALL: &str = "Người bán cá ướp muối treo biển màu xanh trước gian hàng.";

fn small(place: &Place) -> String {
    let lines = [
        article(900_001, 1, SMALL),
        article(900_001, 2, "Người bán hoa nộp phí chỗ ngồi 5.000 đồng một buổi."),
        article(900_002, 1, "Ban quản lý chợ mở cửa từ 05 giờ sáng."),
    ];
    place.file("small.jsonl", &lines.concat())
}

#[test]
fn law_is_imported_searched_asked_and_measured_by_command() {
    let place = Place::new("commands");
    let file = small(&place);
    let report = place.json(&["import", &file]);
    assert_eq!((&report["added"], &report["provisions"]), (&json!(2), &json!(3)));
    let again = place.json(&["import", &file]);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(2)));

    let found = place.json(&["search", "người", "bán", "cá", "--limit", "2", "--at", "22/11/2026"]);
    let hit = &found["hits"][0];
    assert_eq!(hit["id"], "900001000001");
    assert_eq!(hit["document"], "900001/2020/TT-BCP");
    assert_eq!(hit["label"], "Điều 99.1.TT.900001.1");
    assert_eq!(hit["title"], "Việc thứ 1 của chợ");
    assert_eq!(hit["snippet"], SMALL);
    assert!(hit["score"].is_number());
    assert!(found["hits"].as_array().unwrap().len() <= 2);
    let before = place.json(&["search", "người bán cá", "--at", "2020-01-31"]);
    assert_eq!(before["hits"], json!([]), "not yet in force that day");
    let words = place.run(&["search", "người bán cá"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("900001000001"));

    let answer = place.json(&["ask", "Người bán cá ướp muối treo biển màu gì?"]);
    assert!(matches!(answer["decision"].as_str(), Some("answer" | "abstain")));
    assert!(answer["answer"].is_array() && answer.get("reason").is_some());

    let questions = place.file(
        "questions.jsonl",
        "{\"id\": \"1\", \"question\": \"biển màu xanh của người bán cá\", \"relevant\": [\"900001000001\"]}\n\
         {\"question\": \"Ban quản lý mở cửa lúc nào\", \"relevant\": [\"absent\"]}\n",
    );
    let figures = place.json(&["evaluate", &questions]);
    assert_eq!((&figures["n"], &figures["recall_at_1"]), (&json!(2), &json!(0.5)));
    for name in ["mrr_at_10", "recall_at_10", "recall_at_100", "p50_ms", "p99_ms"] {
        assert!(figures[name].is_number(), "{name}");
    }

    let out = place.folder.join("export.jsonl");
    let exported = place.json(&["export", out.to_str().unwrap()]);
    assert_eq!(exported["documents"], 2);
    assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 2);
}

const DECISION: &str = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 12/2026/QĐ-UBND\n\
    Sông Lam, ngày 05 tháng 3 năm 2026\nQUYẾT ĐỊNH\nQuy định về chợ phiên\n\
    Căn cứ Luật Chợ phiên số 90/2019/QH88;\n\
    Điều 1. Giờ họp chợ\n1. Chợ phiên họp từ 05 giờ.\n2. Người bán hàng:\na) Phải treo biển;\n\
    b) Không được bán hàng cấm.\nĐiều 2. Hiệu lực thi hành\n\
    Quyết định này có hiệu lực từ ngày 20 tháng 3 năm 2026.\n";

#[test]
fn documents_are_outlined_compared_and_reviewed_by_command() {
    let place = Place::new("documents");
    let file = place.file("quyet-dinh.txt", DECISION);
    let outline = place.json(&["outline", &file]);
    assert_eq!(outline["metadata"]["number"], "12/2026/QĐ-UBND");
    let first = &outline["units"][0];
    assert_eq!((&first["kind"], &first["number"]), (&json!("article"), &json!("1")));
    assert_eq!(first["heading"], "Giờ họp chợ");
    let second = &first["children"][1];
    assert_eq!((&second["kind"], &second["text"]), (&json!("clause"), &json!("Người bán hàng:")));
    assert_eq!(second["children"][0]["kind"], "point");
    assert!(outline["annexes"].is_array() && outline["doubts"].is_array());

    let newer = DECISION.replace("05 giờ", "06 giờ").replace(
        "Điều 2. Hiệu lực",
        "Điều 2. Vệ sinh chợ\nNgười bán hàng quét chợ.\nĐiều 3. Hiệu lực",
    );
    let newer = place.file("sua.txt", &newer);
    let difference = place.json(&["diff", &file, &newer]);
    assert_eq!(
        (&difference["changed"], &difference["added"]),
        (&json!(1), &json!(1)),
        "{difference}"
    );
    assert_eq!(difference["articles"][0]["change"], "changed");
    assert!(difference["articles"][0]["pieces"].as_array().unwrap().len() > 1);

    let texts = ["Người bán hàng nộp phí trong 05 ngày.", "Người bán hàng nộp phí trong 10 ngày."];
    let compared = place.json(&["compare", texts[0], texts[1]]);
    assert_eq!(compared["conflict"], true, "{compared}");
    assert_eq!(compared["findings"][0]["a"], texts[0]);
    assert!(
        compared["findings"][0]["reason"].is_string()
            && compared["findings"][0]["type"].is_string()
    );
    assert!(compared["overlap"].is_number() && compared["score"].is_number());

    place.json(&["import", &small(&place)]);
    let review = place.json(&["review", &file, "--at", "2026-11-22"]);
    let findings = review["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["reason"].is_string()));
    for words in [&["outline", &file][..], &["diff", &file, &newer], &["review", &file]] {
        let output = place.run(words);
        assert!(output.status.success() && !output.stdout.is_empty(), "{words:?}");
    }
}

#[test]
fn the_exit_code_tells_what_could_not_be_done() {
    let place = Place::new("codes");
    let absent = place.folder.join("absent.docx");
    let absent = absent.to_str().unwrap();
    let import = place.run(&["import", absent, "--json"]);
    assert_eq!(import.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&import.stdout).unwrap();
    assert_eq!(report["problems"][0]["code"], "unreadable");
    for words in [
        &["outline", absent][..],
        &["review", absent],
        &["diff", absent, absent],
        &["evaluate", absent],
    ] {
        let output = place.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("absent.docx"), "{words:?}");
    }
    assert_eq!(place.run(&["search", "chợ", "--at", "31/02/2026"]).status.code(), Some(2));
    let bad = place.file("bad.jsonl", "{\"question\": \"?\"}\n");
    let bad = place.run(&["evaluate", &bad]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("dòng 1"));
    for command in
        ["import", "search", "ask", "evaluate", "outline", "compare", "diff", "review", "export"]
    {
        let help =
            Command::new(env!("CARGO_BIN_EXE_tuphap")).args(["law", command, "--help"]).output();
        assert!(String::from_utf8_lossy(&help.unwrap().stdout).contains("Example: "), "{command}");
    }
}

const DOCUMENTS: u32 = 300;
const ARTICLES: u32 = 10;

/// Documents lie mixed through each other, as in the codification.
fn many(place: &Place) -> String {
    let mut text = String::new();
    for block in 0..DOCUMENTS / 10 {
        for number in 1..=ARTICLES {
            for document in block * 10 + 1..=block * 10 + 10 {
                let words =
                    format!("Người trông chợ số {document} làm việc thứ {number}. ").repeat(12);
                text.push_str(&article(document, number, &words));
            }
        }
    }
    place.file("many.jsonl", &text)
}

/// How many documents there are; each must be whole.
fn whole_documents(store: &Store, runtime: &tokio::runtime::Runtime) -> u32 {
    let read = store.read(|tx| {
        let documents = store::law::documents_after(tx, 0, 10_000)?;
        let mut whole = 0;
        for document in documents.iter().filter(|one| !one.key.starts_with("9000")) {
            let provisions = store::law::provisions_of(tx, document.id)?;
            assert_eq!(provisions.len(), ARTICLES as usize, "{} is half there", document.key);
            whole += 1;
        }
        Ok(whole)
    });
    runtime.block_on(read).unwrap()
}

#[test]
fn a_kill_during_an_import_leaves_whole_documents_and_the_next_import_completes() {
    let place = Place::new("kill");
    place.json(&["import", &small(&place)]);
    let file = many(&place);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Store::open_migrated(StoreConfig::in_folder(&place.data())).unwrap();
    let mut stopped_at = Vec::new();
    // Early, in the middle, late, and while the index is made.
    for wanted in [1, DOCUMENTS / 3, DOCUMENTS * 2 / 3, DOCUMENTS] {
        let mut child = place.start(&["import", &file]);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            let is_there = whole_documents(&store, &runtime) >= wanted;
            if is_there || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        stopped_at.push(whole_documents(&store, &runtime));
        // What was imported before is found as ever.
        let found = place.json(&["search", "cá ướp muối treo biển", "--limit", "1"]);
        assert_eq!(found["hits"][0]["id"], "900001000001");
    }
    let middle = stopped_at.iter().filter(|count| (1..DOCUMENTS).contains(*count)).count();
    assert!(middle >= 1, "no kill came in the middle: {stopped_at:?}");

    let report = place.json(&["import", &file]);
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("added") + count("unchanged"), u64::from(DOCUMENTS));
    assert_eq!((count("replaced"), count("problem_count")), (0, 0));
    assert_eq!(count("indexed"), u64::from(DOCUMENTS * ARTICLES + 3));
    assert_eq!(whole_documents(&store, &runtime), DOCUMENTS);
    let left: Vec<String> = std::fs::read_dir(place.data().join("law"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left.len(), 1, "half indexes are cleared away: {left:?}");
    let last = place.json(&["search", "người trông chợ số 300 việc thứ 7", "--limit", "3"]);
    assert!(!last["hits"].as_array().unwrap().is_empty());
}
