//! Lists kept in files for review: what they hold may change, but never unseen.

use std::path::Path;

/// Compares with `tests/it/NAME`; with `UPDATE_EXPECTED=1` in the environment, writes it.
pub(crate) fn compare(name: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name);
    let text = lines.join("\n") + "\n";
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let difference: Vec<String> = kept
        .lines()
        .filter(|line| !lines.iter().any(|new| new == line))
        .map(|line| format!("- {line}"))
        .chain(
            lines
                .iter()
                .filter(|line| !kept.lines().any(|old| old == *line))
                .map(|l| format!("+ {l}")),
        )
        .collect();
    assert!(
        kept == text,
        "{name} differs; look at it, then run again with UPDATE_EXPECTED=1:\n{}",
        difference.join("\n")
    );
}
