//! An installation begins on an empty data folder, without invented people: keys, an authority, a first
//! account, all by the commands of the README.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fault here is to stop the test at once"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// A folder of this test's own, with the content but for the invented people.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tuphap-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let content = folder.join("content");
        std::fs::create_dir_all(&content).unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
        let ours = ours.canonicalize().unwrap();
        for pack in ["national", "dong-thap"] {
            std::os::unix::fs::symlink(ours.join(pack), content.join(pack)).unwrap();
        }
        Self { folder }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tuphap"));
        command.args(words).arg("--data").arg(self.folder.join("data"));
        command.arg("--content").arg(self.folder.join("content"));
        command.env_remove("TUPHAP_DATABASE").env_remove("TUPHAP_MASTER_KEY");
        command.env("RUST_LOG", "debug");
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn serve(&self) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        let address = loop {
            let line = lines.next().expect("the server ended").unwrap();
            let line: Value = serde_json::from_str(&line).unwrap_or_default();
            said.push(line["message"].as_str().unwrap_or_default().to_owned());
            if let Some(address) = line["address"].as_str() {
                break address.to_owned();
            }
        };
        // What it says later is read on, so that it never waits for us.
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push_str(&line);
            }
        });
        Server { child, address, said, log }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A test that cannot clean up has told what it had to tell.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

struct Server {
    child: Child,
    address: String,
    said: Vec<String>,
    /// What it has said since it began to serve.
    log: Arc<Mutex<String>>,
}

impl Server {
    fn ask(&self, request: &str, body: &str) -> String {
        let mut line = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            line,
            "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    }

    fn has_said(&self, words: &str) -> bool {
        self.said.iter().any(|line| line.contains(words))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_empty_folder_is_served_with_keys_of_its_own_and_says_so() {
    let place = Place::new("serve");
    let first = place.serve();
    assert!(first.has_said("made a certificate authority"), "{:?}", first.said);
    assert!(first.has_said("no population database is connected"), "{:?}", first.said);
    assert!(first.has_said("nobody can sign in yet"), "{:?}", first.said);
    assert!(first.ask("GET /readyz", "").starts_with("HTTP/1.1 200"));
    let root = first.ask("GET /verify/root.pem", "");
    assert!(root.contains("BEGIN CERTIFICATE"), "{root}");
    assert!(first.ask("GET /verify/keys.json", "").starts_with("HTTP/1.1 200"));
    drop(first);
    let again = place.serve();
    assert!(!again.has_said("made a certificate authority"), "keys are made once");
    let body = |answer: &str| answer.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned();
    assert_eq!(body(&again.ask("GET /verify/root.pem", "")), body(&root), "and kept");
}

#[test]
fn a_first_account_is_made_by_command_and_must_change_its_password() {
    let place = Place::new("account");
    let add = ["account", "add", "--login", "quan.tri", "--name", "Nguyễn Thị Quản Trị"];
    let office = ["--role", "administrator", "--unit", "82", "--until", "31/12/2099"];
    let made = place.run(&[&add[..], &office[..], &["--json"]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert!(made["totp_uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    assert_eq!(made["password"].as_str().unwrap().len(), 19);

    let twice = place.run(&[&add[..], &office[..]].concat());
    assert_eq!(twice.status.code(), Some(1));
    let told = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert!(told.contains("đã có người dùng"), "{told}");
    let wrong =
        ["account", "add", "--login", "a b", "--name", "An", "--role", "vua", "--unit", "1"];
    let wrong = place.run(&wrong);
    assert_eq!(wrong.status.code(), Some(1));
    let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
    for words in ["Tên đăng nhập gồm", "Họ và tên", "Không có vai trò vua", "mã đơn vị 1"]
    {
        assert!(told.contains(words), "all faults at once, {words}: {told}");
    }

    let listed = place.run(&["account", "list", "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed["items"][0]["login"], "quan.tri");
    assert_eq!(listed["items"][0]["roles"][0]["to"], "2099-12-31");

    let server = place.serve();
    assert!(!server.has_said("nobody can sign in yet"));
    let code =
        access::totp::TotpSecret::from_base32(made["totp_secret"].as_str().unwrap()).unwrap();
    let now = kernel::moment::Moment::from_micros(jiff::Timestamp::now().as_microsecond());
    let body = serde_json::json!({
        "login": "quan.tri", "password": made["password"], "code": code.code_at(now),
    });
    let refused = server.ask("POST /api/v1/tokens", &body.to_string());
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert!(refused.contains("đổi mật khẩu"), "{refused}");

    let wrong = serde_json::json!({ "login": "quan.tri", "password": "Mat-khau-go-sai-9!" });
    assert!(server.ask("POST /api/v1/tokens", &wrong.to_string()).starts_with("HTTP/1.1 401"));
    let typed_wrongly = serde_json::json!({ "login": "Mat-khau-go-nham-o-9!", "password": "x" });
    assert!(server.ask("POST /api/v1/tokens", &typed_wrongly.to_string()).contains("401"));

    // While the server runs, too.
    let disabled = place.run(&["account", "disable", "--login", "quan.tri"]);
    assert!(disabled.status.success());
    let refused = server.ask("POST /api/v1/tokens", &body.to_string());
    assert!(refused.contains("ngừng sử dụng"), "{refused}");
    says_nothing_personal(&server, made["password"].as_str().unwrap());
}

/// Logs are copied and kept by people who must not know who did what: even at `debug` no login, name,
/// password, and no sentence of a refusal stands in them.
fn says_nothing_personal(server: &Server, password: &str) {
    let answered = || server.log.lock().unwrap().matches("\"answered\"").count();
    for _ in 0..100 {
        if answered() >= 4 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = server.log.lock().unwrap().clone();
    assert!(log.contains("request refused"), "refusals are logged: {log}");
    let secrets = ["quan.tri", "Quản Trị", password, "Mat-khau", "chưa đúng", "ngừng sử dụng"];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} stands in the log: {log}");
    }
}
