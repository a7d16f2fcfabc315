//! A small sound pack, and tools to break it.

use std::path::Path;

use crate::{Content, PackProblem, Source, load};

pub const PROCEDURE: &str = "base/procedures/birth/procedure.toml";

/// The pack in `tests/sample`.
pub fn sample() -> Source {
    Source::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample")).unwrap()
}

pub fn sample_content() -> Content {
    content_of(&sample())
}

/// The content of a source that must be sound.
pub fn content_of(source: &Source) -> Content {
    let (content, problems) = load(source);
    assert!(problems.is_empty(), "{}", lines(&problems));
    content.unwrap()
}

pub fn lines(problems: &[PackProblem]) -> String {
    problems.iter().map(|problem| format!("\n{problem}")).collect()
}

pub fn text(source: &Source, path: &str) -> String {
    String::from_utf8(source.bytes(path).unwrap_or_else(|| panic!("no {path}")).to_vec()).unwrap()
}

/// The source with the first `from` of a file replaced by `to`.
pub fn edited(source: Source, path: &str, from: &str, to: &str) -> Source {
    let before = text(&source, path);
    assert!(before.contains(from), "{path} does not hold {from}");
    source.with(path, before.replacen(from, to, 1))
}

/// The source with text added at the end of a file.
pub fn extended(source: Source, path: &str, more: &str) -> Source {
    let before = text(&source, path);
    source.with(path, format!("{before}\n{more}"))
}

/// The places of the problems, as `file:line code`.
pub fn places(problems: &[PackProblem]) -> Vec<String> {
    let place = |p: &PackProblem| format!("{}:{} {}", p.file, p.line, p.code);
    problems.iter().map(place).collect()
}

/// Loads and expects exactly these problems: file, a piece of the line it is in, code.
pub fn check_source(source: &Source, expect: &[(&str, &str, &str)]) {
    let (content, problems) = load(source);
    let place = |(path, marker, code): &(&str, &str, &str)| {
        let text = text(source, path);
        let offset = text.find(marker).unwrap_or_else(|| panic!("no {marker} in {path}"));
        let line = text.get(..offset).unwrap().matches('\n').count() + 1;
        format!("{path}:{line} {code}")
    };
    let mut wanted: Vec<String> = expect.iter().map(place).collect();
    let mut found = places(&problems);
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted, "{}", lines(&problems));
    assert_eq!(content.is_none(), problems.iter().any(PackProblem::is_error));
}

/// Replaces `from` by `to` in the procedure and expects one problem in the line of `marker`.
pub fn check(from: &str, to: &str, marker: &str, code: &str) {
    check_source(&edited(sample(), PROCEDURE, from, to), &[(PROCEDURE, marker, code)]);
}

/// The same with a piece of the message.
pub fn check_message(from: &str, to: &str, piece: &str) {
    let (_, problems) = load(&edited(sample(), PROCEDURE, from, to));
    assert!(problems.iter().any(|p| p.message.contains(piece)), "{piece}{}", lines(&problems));
}
