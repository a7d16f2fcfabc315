//! Stylesheet, scripts and icon, inside the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Name, kind and text of each, as it goes over the line.
static FILES: LazyLock<[(&str, &str, String); 5]> = LazyLock::new(|| {
    let script = "text/javascript; charset=utf-8";
    [
        ("app.css", "text/css; charset=utf-8", lean(include_str!("../assets/app.css"), "")),
        ("law.css", "text/css; charset=utf-8", lean(include_str!("../assets/law.css"), "")),
        ("app.js", script, lean(include_str!("../assets/app.js"), "\n")),
        ("verify.js", script, lean(include_str!("../assets/verify.js"), "\n")),
        ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg").to_owned()),
    ]
});

/// The text without what only its writers need: indentation, blank lines, lines that are comments.
/// The lines of a script stay lines, since some of them end a statement.
fn lean(text: &str, between: &str) -> String {
    let is_comment =
        |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
    let lines = text.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !is_comment(line));
    kept.collect::<Vec<_>>().join(between)
}

/// First digits of the hash of all assets: put into their addresses, so that browsers may keep them
/// for a year.
pub(crate) fn version() -> String {
    let mut hasher = Sha256::new();
    for (_, _, text) in FILES.iter() {
        hasher.update(text);
    }
    access::encoding::hex(&hasher.finalize()).chars().take(10).collect()
}

/// An asset as it goes over the line.
pub(crate) fn text(name: &str) -> Option<(&'static str, &'static str)> {
    let found = FILES.iter().find(|(file, _, _)| *file == name);
    found.map(|(_, kind, text)| (*kind, text.as_str()))
}

/// `GET /assets/{file}`.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let Some((kind, text)) = text(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_writers_need_does_not_go_over_the_line() {
        assert_eq!(lean("/* Ground */\na{b:c;\n  d:e}\n\n", ""), "a{b:c;d:e}");
        assert_eq!(lean("  a();\n  // why\n  b(\"//x\");\n", "\n"), "a();\nb(\"//x\");");
    }

    #[test]
    fn no_line_of_the_stylesheet_needs_the_blank_after_it() {
        for sheet in [include_str!("../assets/app.css"), include_str!("../assets/law.css")] {
            for line in sheet.lines().map(str::trim) {
                let ends = line.ends_with(['{', '}', ';', ',']) || line.ends_with("*/");
                assert!(line.is_empty() || ends, "{line}");
            }
        }
    }

    #[test]
    fn no_script_has_text_over_several_lines_which_lean_would_change() {
        for script in [include_str!("../assets/app.js"), include_str!("../assets/verify.js")] {
            for line in script.lines() {
                assert_eq!(line.matches('`').count() % 2, 0, "{line}");
            }
        }
    }
}
