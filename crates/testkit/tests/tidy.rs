//! Rules of the house that no compiler keeps: shape of the crates, who may use whom, law stays in
//! `content/`, SQL in `store`, HTML in `web`, documents that tell the truth about the code.
//!
//! Why each rule is one: `docs/STYLE.md`. Every test lists all violations at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "helpers of tests fail a test by panicking and take what reads well"
)]

#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use source::{File, files, is_test_module, parts, root, without_tests};

/// Which rooms each room may use (docs/ARCHITECTURE.md). A new room gets a line here, there and in
/// the decision that opens it. `testkit` and `xtask` may use all, and nobody may use them but tests.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("pack", &["kernel"]),
    ("dossier", &["kernel", "pack"]),
    ("register", &["kernel", "pack"]),
    ("law", &["kernel"]),
    ("search", &["kernel"]),
    ("store", &["kernel"]),
    ("access", &["kernel"]),
    ("document", &["kernel"]),
    ("signing", &["kernel"]),
    ("exchange", &["kernel"]),
    ("simulator", &["kernel", "exchange"]),
    (
        "app",
        &[
            "kernel", "pack", "dossier", "register", "law", "search", "store", "access",
            "document", "signing", "exchange",
        ],
    ),
    // The types of the pure rooms travel through `app` to the pages; `store` does not.
    ("web", &["kernel", "pack", "dossier", "register", "law", "access", "app"]),
    (
        "tuphap",
        &[
            "kernel",
            "pack",
            "dossier",
            "register",
            "law",
            "search",
            "store",
            "access",
            "document",
            "signing",
            "exchange",
            "simulator",
            "app",
            "web",
        ],
    ),
];
/// Rooms for developers only.
const DEV_ROOMS: &[&str] = &["testkit", "xtask"];

/// Crates from outside that only some rooms may use, tests included.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("tokio-postgres", &["store"]),
    ("sqlx", &[]),
    ("axum", &["web", "tuphap"]),
    ("askama", &["web"]),
    ("cedar-policy", &["access"]),
    ("typst", &["document"]),
    ("typst-layout", &["document"]),
    ("typst-pdf", &["document"]),
    ("clap", &["tuphap"]),
];

/// The pure rooms: values and a clock in, values out.
const PURE: &[&str] = &["kernel", "pack", "dossier", "register"];
/// What no pure room may depend on.
const IMPURE: &[&str] = &["tokio", "tracing", "getrandom", "rand"];

/// Longest Rust file, in lines.
const LONGEST: usize = 700;
/// Files that were longer when the rule came, with the length that they may not exceed. They may
/// only shrink; once short enough, they leave this list.
const STILL_TOO_LONG: &[(&str, usize)] = &[];

/// Where a word that is also a name in the content means something else, and why.
const NOT_A_NAME: &[(&str, &str, &str)] = &[
    ("crates/access/src/password_rules.rs", "role", "words that people choose as passwords"),
    ("crates/simulator/src/", "register", "plays another system, which knows births and deaths"),
];

pub(crate) fn report(rule: &str, violations: Vec<String>) {
    assert!(
        violations.is_empty(),
        "{rule}\n{} violation(s):\n  {}\n",
        violations.len(),
        violations.join("\n  ")
    );
}

pub(crate) fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn rooms() -> Vec<String> {
    let mut rooms: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    rooms.sort();
    rooms
}

/// The dependencies of a manifest: name, and whether only tests have them.
fn dependencies(manifest: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let (mut inside, mut for_tests) = (false, false);
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            let (table, name) = match header.rsplit_once("dependencies.") {
                Some((before, name)) => (format!("{before}dependencies"), Some(name)),
                None => (header.to_owned(), None),
            };
            inside = table.ends_with("dependencies");
            for_tests = table.ends_with("dev-dependencies");
            if let Some(name) = name {
                found.push((name.to_owned(), for_tests));
                inside = false;
            }
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
            found.push((name, for_tests));
        }
    }
    found
}

/// The value of a plain `key = "value"` line.
fn value_of(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
        Some(rest.strip_prefix('"')?.split('"').next()?.to_owned())
    })
}

fn sources_without_tests(all: &[File]) -> Vec<(&File, String)> {
    all.iter()
        .filter(|file| file.is_source() && !is_test_module(file, all))
        .map(|file| (file, without_tests(&file.text)))
        .collect()
}

#[test]
fn every_crate_says_what_it_is_and_keeps_the_workspace_rules() {
    let mut violations = Vec::new();
    for room in rooms() {
        let manifest = text_of(&format!("crates/{room}/Cargo.toml"));
        let readme = text_of(&format!("crates/{room}/README.md"));
        if readme.lines().filter(|line| !line.trim().is_empty()).count() < 2 {
            violations.push(format!("crates/{room}/README.md says nothing"));
        }
        if !readme.starts_with(&format!("# {room}\n")) {
            violations.push(format!("crates/{room}/README.md does not begin with `# {room}`"));
        }
        if !manifest.contains("[lints]\nworkspace = true") {
            violations.push(format!("crates/{room}/Cargo.toml lacks `[lints] workspace = true`"));
        }
        for key in ["version", "edition", "license", "publish"] {
            if !manifest.contains(&format!("{key}.workspace = true")) {
                violations.push(format!("crates/{room}/Cargo.toml lacks `{key}.workspace = true`"));
            }
        }
        let heads = ["lib.rs", "main.rs"].map(|name| text_of(&format!("crates/{room}/src/{name}")));
        if !heads.iter().any(|text| text.contains("include_str!(\"../README.md\")")) {
            violations
                .push(format!("crates/{room}/src does not show README.md as its documentation"));
        }
    }
    report("Every crate has a README and the lints of the workspace.", violations);
}

#[test]
fn no_room_uses_one_that_it_may_not() {
    let rooms = rooms();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut violations = Vec::new();
    for room in &rooms {
        if DEV_ROOMS.contains(&room.as_str()) {
            continue;
        }
        let Some(may_use) = allowed.get(room.as_str()) else {
            violations.push(format!("{room} is new: say in MAY_USE what it may use"));
            continue;
        };
        for (used, for_tests) in dependencies(&text_of(&format!("crates/{room}/Cargo.toml"))) {
            let is_room = rooms.contains(&used);
            let fine = may_use.contains(&used.as_str())
                || (for_tests && (used == "testkit" || used == "simulator"));
            if is_room && !fine {
                violations.push(format!("{room} uses {used}"));
            }
        }
    }
    report("An arrow of the house means \"may use\"; never against it.", violations);
}

#[test]
fn heavy_crates_stay_in_the_room_that_wraps_them() {
    let mut violations = Vec::new();
    for room in rooms().iter().filter(|room| !DEV_ROOMS.contains(&room.as_str())) {
        for (used, _) in dependencies(&text_of(&format!("crates/{room}/Cargo.toml"))) {
            let kept_to = KEPT_TO.iter().find(|(name, _)| *name == used);
            if kept_to.is_some_and(|(_, may)| !may.contains(&room.as_str())) {
                violations.push(format!("{room} uses {used}"));
            }
            if PURE.contains(&room.as_str()) && IMPURE.contains(&used.as_str()) {
                violations.push(format!("{room} is pure but uses {used}"));
            }
        }
    }
    report("Only `store` knows SQL, only `web` and `tuphap` know HTTP.", violations);
}

#[test]
fn no_file_is_too_long_to_read() {
    let all = files();
    let mut violations = Vec::new();
    for file in all.iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().count();
        let still = STILL_TOO_LONG.iter().find(|(path, _)| *path == file.path);
        let most = still.map_or(LONGEST, |(_, most)| *most);
        if lines > most {
            violations.push(format!("{} has {lines} lines, at most {most}", file.path));
        }
        if still.is_some() && lines <= LONGEST {
            violations.push(format!("{} is short enough: strike it off STILL_TOO_LONG", file.path));
        }
    }
    report("A file has at most 700 lines.", violations);
}

/// Everything of `content/` that Rust may not name: what it is, and the text.
fn names_in_content(all: &[File]) -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    for file in all.iter().filter(|file| file.path.starts_with("content/")) {
        if file.path.contains("/procedures/") && file.path.ends_with(".toml") {
            for key in ["code", "slug"] {
                let value = value_of(&file.text, key);
                names.push(("procedure", value.unwrap_or_else(|| panic!("{}: {key}", file.path))));
            }
        }
        let listed = [("registers/", "register"), ("roles.toml", "role"), ("slips.toml", "slip")];
        for (place, what) in listed {
            if file.path.contains(&format!("/{place}")) && file.path.ends_with(".toml") {
                let ids = file.text.split("\n[[").filter_map(|table| {
                    let is_head = what == "register" && !table.starts_with("field]]");
                    (is_head || table.starts_with(what)).then(|| value_of(table, "id")).flatten()
                });
                names.extend(ids.map(|id| (what, id)));
            }
        }
    }
    let units = text_of("content/national/units.csv");
    let provinces: BTreeSet<&str> =
        units.lines().skip(1).filter_map(|l| l.split(',').nth(1)).collect();
    assert_eq!(provinces.len(), 34, "provinces in units.csv");
    for province in provinces {
        let bare = province.trim_start_matches("Tỉnh ").trim_start_matches("Thành phố ");
        names.push(("province", bare.to_owned()));
    }
    names
}

#[test]
fn law_is_content_and_no_rust_names_it() {
    let all = files();
    let names = names_in_content(&all);
    assert!(names.iter().any(|(what, _)| *what == "register"), "no register was found");
    assert!(names.iter().any(|(what, _)| *what == "slip"), "no slip was found");
    let mut violations = Vec::new();
    for (file, text) in sources_without_tests(&all) {
        if file.room().is_some_and(|room| DEV_ROOMS.contains(&room)) {
            continue;
        }
        for (line, literal) in parts(&text).literals {
            let named = names.iter().find(|(what, name)| match *what {
                "procedure" | "province" => literal.contains(name.as_str()),
                _ => literal == *name,
            });
            let means_another = |what: &str| {
                NOT_A_NAME.iter().any(|(place, of, _)| file.path.starts_with(place) && *of == what)
            };
            if let Some((what, name)) = named.filter(|(what, _)| !means_another(what)) {
                violations.push(format!("{}:{line} names the {what} \"{name}\"", file.path));
            }
        }
    }
    report(
        "No procedure, register, role, slip or province is named in Rust (law 1 of the house).",
        violations,
    );
}

#[test]
fn sql_stands_only_in_the_store() {
    const MARKS: &[&str] = &[
        "SELECT ",
        "INSERT INTO ",
        "DELETE FROM ",
        " WHERE ",
        "CREATE TABLE ",
        "CREATE INDEX ",
        "ALTER TABLE ",
        "DROP TABLE ",
        "PRAGMA ",
        "ON CONFLICT",
        " ORDER BY ",
    ];
    let all = files();
    let mut violations = Vec::new();
    for file in all.iter().filter(|file| file.path.ends_with(".rs")) {
        // `xtask` measures the bare engine too, and that speaks nothing else.
        if matches!(file.room(), Some("store" | "xtask")) || file.path.ends_with("tidy.rs") {
            continue;
        }
        for (line, literal) in parts(&file.text).literals {
            if let Some(mark) = MARKS.iter().find(|mark| literal.contains(**mark)) {
                violations.push(format!("{}:{line} holds SQL ({})", file.path, mark.trim()));
            }
        }
    }
    for file in all.iter().filter(|file| file.path.ends_with(".sql")) {
        if !file.path.starts_with("crates/store/") && !file.path.starts_with("bench/") {
            violations.push(format!("{} lies outside crates/store", file.path));
        }
    }
    report("Only `store` knows SQL.", violations);
}

#[test]
fn html_stands_only_in_the_web_room() {
    const TAGS: &[&str] = &[
        "<!doctype",
        "<html",
        "<div",
        "<span",
        "<p>",
        "<p ",
        "<a ",
        "<form",
        "<input",
        "<table",
        "<ul",
        "<li",
    ];
    let all = files();
    let mut violations = Vec::new();
    for (file, text) in sources_without_tests(&all) {
        if matches!(file.room(), Some("web" | "tuphap" | "testkit" | "xtask")) {
            continue;
        }
        for (line, literal) in parts(&text).literals {
            let literal = literal.to_lowercase();
            if let Some(tag) = TAGS.iter().find(|tag| literal.contains(**tag)) {
                violations.push(format!("{}:{line} holds HTML ({tag})", file.path));
            }
        }
    }
    report("Only `web` knows HTML.", violations);
}

#[test]
fn only_the_binary_reads_the_clock_and_only_a_few_rooms_read_files() {
    let mut violations = Vec::new();
    let all = files();
    for (file, text) in sources_without_tests(&all) {
        let Some(room) = file.room() else { continue };
        let code = parts(&text).code;
        let asks_time = ["Timestamp::now(", "SystemTime::now(", "Zoned::now("]
            .iter()
            .any(|call| code.contains(call));
        if asks_time && !matches!(room, "tuphap" | "testkit" | "xtask") {
            violations.push(format!("{} reads the machine's clock", file.path));
        }
        // `pack` reads a folder in one file; everything else works on the texts.
        let touches_files = code.contains("std::fs") || code.contains("fs::read");
        if touches_files && PURE.contains(&room) && file.path != "crates/pack/src/source.rs" {
            violations.push(format!("{} touches files", file.path));
        }
    }
    report("The middle is pure: no clock, no files (law 2 of the house).", violations);
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("NOTE (", "working)")];
    let mut violations = Vec::new();
    for file in files() {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| has_word(line, mark)) {
                violations.push(format!("{}:{} says {mark}", file.path, number + 1));
            }
        }
    }
    report("What is missing is told in a document or an issue, not in a comment.", violations);
}

/// Does the line hold the word, not as a part of a longer one?
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_letter(before) && !is_letter(after)
    })
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let places = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/Us", "ers/"),
        concat!("C:", "\\"),
    ];
    let mut violations = Vec::new();
    for file in files() {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(place) = places.iter().find(|place| line.contains(**place)) {
                violations.push(format!("{}:{} names {place}", file.path, number + 1));
            }
        }
    }
    report("No path of a machine stands in the repository.", violations);
}

#[test]
fn every_file_ends_with_a_newline_and_no_line_with_a_blank() {
    const KINDS: &[&str] = &[".rs", ".toml", ".sql", ".md"];
    let mut violations = Vec::new();
    for file in files() {
        if !KINDS.iter().any(|kind| file.path.ends_with(kind)) || file.text.is_empty() {
            continue;
        }
        if !file.text.ends_with('\n') {
            violations.push(format!("{} does not end with a newline", file.path));
        }
        for (number, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                violations.push(format!("{}:{} ends with a blank", file.path, number + 1));
            }
        }
    }
    report("Files end with a newline, lines without blanks.", violations);
}

#[test]
fn both_engines_have_the_same_migrations_of_one_statement_each() {
    let names = |engine: &str| -> Vec<String> {
        let folder = root().join("crates/store/migrations").join(engine);
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres, "the two folders differ");
    let listed = text_of("crates/store/src/migrations.rs");
    let mut violations = Vec::new();
    let mut last = 0;
    for (index, name) in sqlite.iter().enumerate() {
        if !name.starts_with(&format!("{:04}_", index + 1)) {
            violations.push(format!("{name} is not number {}", index + 1));
        }
        let entry = format!("\"{}\"", name.trim_end_matches(".sql"));
        match listed.find(&entry) {
            Some(at) if at > last => last = at,
            Some(_) => violations.push(format!("{name} is listed out of order in migrations.rs")),
            None => violations.push(format!("{name} is not listed in migrations.rs")),
        }
        for engine in ["sqlite", "postgres"] {
            let text = text_of(&format!("crates/store/migrations/{engine}/{name}"));
            if text.trim_end().matches(';').count() != 1 || !text.trim_end().ends_with(';') {
                violations.push(format!("{engine}/{name} is not one statement"));
            }
        }
    }
    report("Migrations match, one statement each.", violations);
}

#[test]
fn a_manifest_is_read_with_all_its_forms() {
    let text = "[dependencies]\nkernel.workspace = true\n# no\npack = { path = \"x\" }\n\
                [dependencies.store]\nfeatures = []\n[dev-dependencies]\nproptest = \"1\"\n\
                [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n[lints]\nworkspace = true\n";
    let found = dependencies(text);
    let wanted =
        [("kernel", false), ("pack", false), ("store", false), ("proptest", true), ("libc", false)];
    let wanted: Vec<(String, bool)> = wanted.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
    assert_eq!(found, wanted);
}
