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
    problems
        .iter()
        .map(|problem| format!("\n{problem}"))
        .collect()
}

pub fn text(source: &Source, path: &str) -> String {
    String::from_utf8(
        source
            .bytes(path)
            .unwrap_or_else(|| panic!("no {path}"))
            .to_vec(),
    )
    .unwrap()
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
