//! `tuphap pack check` as the person who writes content runs it: every kind of fault is told with file,
//! line and column, in words and as JSON, and the exit status says whether the content may be used.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const BIRTH: &str = "national/procedures/birth-registration/procedure.toml";
const DEATH: &str = "national/procedures/death-registration/procedure.toml";

/// A copy of the house's content, taken away afterwards.
struct Packs(PathBuf);

impl Packs {
    fn copied(name: &str) -> Packs {
        let folder =
            std::env::temp_dir().join(format!("tuphap-check-{name}-{}", std::process::id()));
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content"), &folder);
        Packs(folder)
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join(path)).unwrap()
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} does not hold {from}");
        std::fs::write(self.0.join(path), text.replacen(from, to, 1)).unwrap();
    }

    fn check(&self, options: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tuphap"));
        command.args(["pack", "check"]).arg(&self.0).args(options).output().unwrap()
    }

    /// Exit status and problems.
    fn problems(&self) -> (Option<i32>, Vec<Value>) {
        let output = self.check(&["--json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["ok"] == true, output.status.success());
        (output.status.code(), answer["problems"].as_array().unwrap().clone())
    }
}

impl Drop for Packs {
    fn drop(&mut self) {
        // A test that cannot clean up has told what it had to tell.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Replaces a piece of a file; the check fails with this code at the place of `marker`, and the message
/// says `says`.
#[track_caller]
fn refused(name: &str, path: &str, (from, to): (&str, &str), marker: &str, code: &str, says: &str) {
    let packs = Packs::copied(name);
    packs.replace(path, from, to);
    let text = packs.text(path);
    let offset = text.find(marker).unwrap();
    let line = text.get(..offset).unwrap().matches('\n').count() + 1;
    let (status, problems) = packs.problems();
    assert_eq!(status, Some(1), "content with an error is refused");
    let found = problems.iter().find(|problem| {
        problem["file"] == path && problem["line"] == line && problem["code"] == code
    });
    let found = found.unwrap_or_else(|| panic!("no {code} at {path}:{line}: {problems:#?}"));
    assert_eq!(found["severity"], "error");
    assert!(found["column"].as_u64().is_some_and(|column| column >= 1), "{found}");
    assert!(found["message"].as_str().is_some_and(|told| told.contains(says)), "{found}");
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
}

#[test]
fn sound_content_may_be_used_and_its_warnings_are_told() {
    let packs = Packs::copied("sound");
    let (status, problems) = packs.problems();
    assert_eq!(status, Some(0));
    assert!(problems.iter().all(|problem| problem["severity"] == "warning"), "{problems:#?}");
}

#[test]
fn people_read_the_same_with_the_place_in_front() {
    let packs = Packs::copied("words");
    packs.replace(BIRTH, "common_rank = 1", "comon_rank = 1");
    let output = packs.check(&[]);
    let words = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains(&format!("{BIRTH}:11:1: lỗi [unknown-key]: ")), "{words}");
}

#[test]
fn an_unknown_key_is_refused_with_a_guess() {
    let change = ("common_rank = 1", "comon_rank = 1");
    refused("key", BIRTH, change, "comon_rank", "unknown-key", "Có phải ý là “common_rank”");
}

#[test]
fn a_condition_that_hangs_on_itself_is_refused() {
    let from = "visible_when = \"days_between(child_birth_date, filed_on) > 60\"";
    let to = "visible_when = \"has(late_reason)\"";
    refused("condition", BIRTH, (from, to), to, "cycle", "late_reason");
}

#[test]
fn a_computation_that_hangs_on_itself_is_refused() {
    let change = ("compute = \"born_at ==", "compute = \"has(child_birth_place) && born_at ==");
    refused("computation", BIRTH, change, "compute = \"has", "cycle", "child_birth_place");
}

#[test]
fn a_workflow_that_cannot_end_is_refused() {
    let trap = "[[step]]\nid = \"trap\"\nname = \"Bẫy\"\ncitizen_text = \"Bẫy.\"\nowner = \"one-stop-officer\"\n\
                limit = \"1 working-days\"\nbasis = \"transfer\"\nportal_state = 4\nkind = \"working\"\n\n\
                [[action]]\nid = \"fall\"\nlabel = \"Rơi\"\nfrom = [\"received\"]\nto = \"trap\"\n\
                by = \"one-stop-officer\"\n\n\
                [[action]]\nid = \"stay\"\nlabel = \"Ở lại\"\nfrom = [\"trap\"]\nto = \"trap\"\n\
                by = \"one-stop-officer\"\n\n[[action]]\nid = \"accept\"";
    let change = ("[[action]]\nid = \"accept\"", trap);
    refused(
        "endless",
        BIRTH,
        change,
        "id = \"trap\"",
        "endless-step",
        "không có đường nào đến kết thúc",
    );
}

#[test]
fn a_step_without_an_owner_is_refused() {
    let change = (
        "owner = \"one-stop-officer\"\nlimit = \"2 working-hours\"",
        "limit = \"2 working-hours\"",
    );
    let step = "[[step]]\nid = \"received\"";
    refused("owner", BIRTH, change, step, "step-without-owner", "chưa có người phụ trách");
}

#[test]
fn a_template_that_cannot_be_printed_is_refused() {
    let receipt = "national/templates/receipt.typ";
    let change = ("*Giấy tờ đã nhận*", "#giay-to-da-nhan");
    refused("template", receipt, change, "#giay-to", "template", "giay-to-da-nhan");
    let change = ("*Giấy tờ đã nhận*", "#text(size: 12pt [Giấy tờ]");
    refused("syntax", receipt, change, "#text(size: 12pt [", "template", "Lỗi cú pháp Typst");
}

#[test]
fn an_expression_of_another_type_is_refused() {
    let change = ("amount = \"8000 * copies\"", "amount = \"8000 * receive_way\"");
    refused("type", BIRTH, change, "8000 * receive_way", "expression", "số");
    let change = ("amount = \"8000 * copies\"", "amount = \"receive_way\"");
    let says = "Ở đây cần";
    refused("kind", BIRTH, change, "\"receive_way\"\nwhen", "wrong-expression-type", says);
}

#[test]
fn a_register_that_is_not_there_is_refused() {
    let lookup = (
        "id = \"marriage_entry\"\nregister = \"marriage\"",
        "id = \"marriage_entry\"\nregister = \"mariage\"",
    );
    refused(
        "lookup",
        DEATH,
        lookup,
        "register = \"mariage\"",
        "unknown-reference",
        "Có phải ý là “marriage”",
    );
    let check = ("register = \"death\"\nin_force", "register = \"deaht\"\nin_force");
    refused(
        "check",
        DEATH,
        check,
        "register = \"deaht\"",
        "unknown-reference",
        "Có phải ý là “death”",
    );
}

#[test]
fn a_code_that_names_an_unknown_column_is_refused() {
    let change = ("qr_fields = [\"child_name\"", "qr_fields = [\"childname\"");
    refused(
        "qr",
        BIRTH,
        change,
        "[\"childname\"",
        "unknown-reference",
        "Có phải ý là “child_name”",
    );
}

#[test]
fn an_id_that_comes_twice_is_refused() {
    let change = ("id = \"return-to-officer\"", "id = \"submit-for-signature\"");
    let second = "id = \"submit-for-signature\"\nlabel = \"Trả lại\"";
    refused("twice", BIRTH, change, second, "duplicate-id", "đã có ở trên");
}

#[test]
fn the_schemas_for_editors_are_written_as_json_files() {
    let packs = Packs::copied("schema");
    let folder = packs.0.join("schema");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuphap"));
    assert!(command.args(["pack", "schema"]).arg(&folder).status().unwrap().success());
    for kind in ["procedure", "register", "fees", "settings"] {
        let text = std::fs::read_to_string(folder.join(format!("{kind}.json"))).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema["title"], format!("{kind}.toml"));
    }
}
