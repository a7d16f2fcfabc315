//! Documents tell the truth: links lead somewhere, paths exist, functions that are named are there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::source::{files, root};
use crate::{report, text_of};

/// The targets of the inline links of a Markdown text, without code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let mut rest = line.as_str();
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            found.extend(rest.split(')').next().map(str::to_owned));
        }
    }
    found
}

/// The lines of a Markdown text outside fenced blocks.
fn prose(text: &str) -> Vec<String> {
    let mut fenced = false;
    text.lines()
        .filter(|line| {
            let is_fence = line.trim_start().starts_with("```");
            fenced ^= is_fence;
            !fenced && !is_fence
        })
        .map(str::to_owned)
        .collect()
}

/// What stands between backticks.
fn code_words(text: &str) -> Vec<String> {
    let odd = |line: &String| -> Vec<String> {
        line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    prose(text).iter().flat_map(odd).collect()
}

fn is_there(path: &Path) -> bool {
    path.try_exists().is_ok_and(|is_there| is_there)
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for link in links(&file.text) {
            let outside =
                ["http://", "https://", "mailto:", "#"].iter().any(|s| link.starts_with(s));
            let target = link.split('#').next().unwrap_or_default();
            if !outside && !is_there(&folder.join(target)) {
                violations.push(format!("{}: {link} leads nowhere", file.path));
            }
        }
    }
    report("Links in documents lead somewhere.", violations);
}

/// Folders whose paths in documents must be real.
const ROOTS: &[&str] = &["crates/", "docs/", "content/", "scripts/", "deploy/"];

#[test]
fn paths_and_names_in_documents_are_real() {
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| file.path.ends_with(".md")) {
        for word in code_words(&file.text) {
            let (path, name) = match word.split_once("::") {
                Some((path, name)) if path.ends_with(".rs") => (path, Some(name)),
                _ => (word.as_str(), None),
            };
            let is_path = ROOTS.iter().any(|start| path.starts_with(start));
            let is_pattern = path.contains(['<', '*', '{', '…', ' ', '(']);
            if !is_path || is_pattern {
                continue;
            }
            if !is_there(&root().join(path)) {
                violations.push(format!("{}: {path} does not exist", file.path));
            } else if let Some(name) = name.filter(|name| !defines(&text_of(path), name)) {
                violations.push(format!("{}: {path} has no {name}", file.path));
            }
        }
    }
    report("Paths and names in documents are real.", violations);
}

/// Does Rust source define this name? Of `Type::method`, both.
fn defines(text: &str, name: &str) -> bool {
    const KINDS: &[&str] =
        &["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "macro_rules!"];
    name.trim_end_matches("()").split("::").all(|name| {
        let is_defined = KINDS.iter().any(|kind| {
            text.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
                let after = text[at + found.len()..].chars().next();
                !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        });
        is_defined
            || text.contains(&format!("    {name},\n"))
            || text.contains(&format!("    {name}("))
    })
}

#[test]
fn every_heading_of_the_house_documents_stands_once() {
    let mut violations = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("docs/")) {
        let mut seen = BTreeSet::new();
        for line in prose(&file.text).into_iter().filter(|line| line.starts_with("## ")) {
            if !seen.insert(line.clone()) {
                violations.push(format!("{}: {line} twice", file.path));
            }
        }
    }
    report("A heading stands once in its document.", violations);
}
