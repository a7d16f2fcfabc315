//! The real content of the house.

use std::path::Path;

use crate::{Source, load};

#[test]
fn content_of_the_house_is_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let source = Source::from_dir(&folder).unwrap();
    let (content, problems) = load(&source);
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(content.is_some(), "\n{}", lines.join("\n"));
}
