//! Reading Rust and text files just closely enough to keep the rules of the house.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub(crate) struct File {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl File {
    /// The crate that it belongs to, if it lies in one.
    pub(crate) fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Is it a source of a crate, not one of its tests or examples?
    pub(crate) fn is_source(&self) -> bool {
        self.path.ends_with(".rs") && self.path.split('/').nth(2) == Some("src")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Folders, wherever they lie, that hold what is built or fetched.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "__pycache__", ".venv"];
/// Folders that hold what the program, the browser tests and the measurements leave behind.
const LEFT_BEHIND: &[&str] = &["data", "e2e/out", "bench/out"];
/// Endings of the files that are text and ours.
const TEXT: &[&str] = &[
    "rs",
    "toml",
    "md",
    "sql",
    "html",
    "css",
    "js",
    "mjs",
    "ts",
    "py",
    "sh",
    "typ",
    "cedar",
    "cedarschema",
    "yml",
    "yaml",
    "service",
];
/// Scripts without an ending.
const SCRIPTS: &[&str] = &["test", ".ci/run", "scripts/postgres", "e2e/run", "bench/run"];

/// Every text file of the repository, in order of path. Test data are somebody else's words and stay
/// out.
pub(crate) fn files() -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 100, "the walk found only {} files", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let inside = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_ours = !NOT_OURS.contains(&name.as_str())
                && !LEFT_BEHIND.contains(&inside.as_str())
                && !inside.ends_with("/tests/data");
            if is_ours {
                collect(root, &path, found);
            }
        } else if has_ending(&name, TEXT) || SCRIPTS.contains(&inside.as_str()) {
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{inside} is not UTF-8 text: {error}"));
            found.push(File { path: inside, text });
        }
    }
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// The files that exist only for tests: named by `#[cfg(test)] mod …;` somewhere, or under a folder
/// of such a module.
pub(crate) fn is_test_module(file: &File, all: &[File]) -> bool {
    let mut module = file.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
    while let Some((folder, name)) = module.rsplit_once('/') {
        if folder.ends_with("/src") || folder.contains("/src/") {
            let parents = [
                format!("{folder}.rs"),
                format!("{folder}/mod.rs"),
                format!("{folder}/lib.rs"),
                format!("{folder}/main.rs"),
            ];
            let declared = all
                .iter()
                .filter(|other| parents.contains(&other.path))
                .any(|parent| declares_for_tests(&parent.text, name));
            if declared {
                return true;
            }
        }
        module = folder.to_owned();
    }
    false
}

fn declares_for_tests(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| {
        let [attribute, item] = pair else {
            return false;
        };
        *attribute == "#[cfg(test)]" && item.ends_with(&format!("mod {name};"))
    })
}

/// The text without the items under `#[cfg(test)]`; lines keep their numbers.
pub(crate) fn without_tests(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        kept.push('\n');
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        for skipped in lines.by_ref() {
            kept.push('\n');
            let attribute = skipped.trim_start().starts_with('#');
            let ends_at_once = skipped.ends_with(';') || skipped.ends_with(',');
            let is_item = skipped.len() - skipped.trim_start().len() == indent;
            if skipped == end || (is_item && ends_at_once && !attribute) {
                break;
            }
        }
    }
    kept
}

/// Rust source taken apart: what is code and what stands in its text literals. Comments are in
/// neither.
#[derive(Default)]
pub(crate) struct Parts {
    /// Code with every literal emptied.
    pub(crate) code: String,
    /// Text literals with the line that each begins on.
    pub(crate) literals: Vec<(usize, String)>,
}

/// Takes Rust source apart.
pub(crate) fn parts(text: &str) -> Parts {
    let letters: Vec<char> = text.chars().collect();
    let mut parts = Parts::default();
    let (mut at, mut line) = (0, 1);
    let peek = |at: usize| letters.get(at).copied().unwrap_or('\0');
    while at < letters.len() {
        let letter = peek(at);
        if letter == '/' && peek(at + 1) == '/' {
            while at < letters.len() && peek(at) != '\n' {
                at += 1;
            }
        } else if letter == '/' && peek(at + 1) == '*' {
            let mut depth = 0;
            while at < letters.len() {
                match (peek(at), peek(at + 1)) {
                    ('/', '*') => (depth, at) = (depth + 1, at + 2),
                    ('*', '/') => (depth, at) = (depth - 1, at + 2),
                    (other, _) => {
                        line += usize::from(other == '\n');
                        at += 1;
                    }
                }
                if depth == 0 {
                    break;
                }
            }
        } else if let Some((hashes, open)) = raw_start(&letters, at) {
            let end: String =
                std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let start = open;
            at = open;
            while at < letters.len() && !letters[at..].starts_with(&end.chars().collect::<Vec<_>>())
            {
                at += 1;
            }
            let literal: String = letters[start..at.min(letters.len())].iter().collect();
            parts.literals.push((line, literal.clone()));
            line += literal.matches('\n').count();
            parts.code.push_str("\"\"");
            at += end.len();
        } else if letter == '"' {
            let (begun, mut literal) = (line, String::new());
            at += 1;
            while at < letters.len() && peek(at) != '"' {
                if peek(at) == '\\' && peek(at + 1) == '\n' {
                    // A continued line: what follows the indent belongs to the same text.
                    line += 1;
                    at += 2;
                    while peek(at).is_whitespace() {
                        line += usize::from(peek(at) == '\n');
                        at += 1;
                    }
                    continue;
                }
                if peek(at) == '\\' {
                    at += 1;
                }
                line += usize::from(peek(at) == '\n');
                literal.push(peek(at));
                at += 1;
            }
            parts.literals.push((begun, literal));
            parts.code.push_str("\"\"");
            at += 1;
        } else if letter == '\'' && (peek(at + 1) == '\\' || peek(at + 2) == '\'') {
            // A letter literal, not a lifetime.
            at += if peek(at + 1) == '\\' { 3 } else { 2 };
            while at < letters.len() && peek(at) != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            line += usize::from(letter == '\n');
            parts.code.push(letter);
            at += 1;
        }
    }
    parts
}

/// How many `#` open a raw literal here, and where its text begins.
fn raw_start(letters: &[char], at: usize) -> Option<(usize, usize)> {
    let peek = |at: usize| letters.get(at).copied().unwrap_or('\0');
    let before = at.checked_sub(1).map_or(' ', peek);
    if peek(at) != 'r' || ((before.is_alphanumeric() || before == '_') && before != 'b') {
        return None;
    }
    let hashes = letters.get(at + 1..)?.iter().take_while(|letter| **letter == '#').count();
    (peek(at + 1 + hashes) == '"').then_some((hashes, at + 2 + hashes))
}

#[test]
fn literals_comments_and_code_are_told_apart() {
    let text = "let a = \"x // y\"; // \"no\"\nlet b = r#\"q\"q\"#; /* \"no\" /* */ */ let c = '\"';\n\
                fn f<'a>(d: &'a str) { g(\"t\\\"u\") }";
    let found = parts(text);
    let literals: Vec<(usize, &str)> =
        found.literals.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(literals, [(1, "x // y"), (2, "q\"q"), (3, "t\"u")]);
    assert!(found.code.contains("fn f<'a>(d: &'a str)"), "{}", found.code);
}

#[test]
fn items_for_tests_are_left_out_and_lines_keep_their_numbers() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nuse d;\nfn e() {}\n";
    let kept = without_tests(text);
    assert!(!kept.contains("fn b") && !kept.contains("use d"), "{kept}");
    assert_eq!(kept.lines().position(|line| line == "fn c() {}"), Some(5));
    assert_eq!(kept.lines().position(|line| line == "fn e() {}"), Some(8));
}
