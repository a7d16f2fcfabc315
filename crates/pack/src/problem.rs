//! What is wrong in a pack, and where.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use kernel::Severity;
use serde::{Deserialize, Serialize};

/// A fault in a pack's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PackProblem {
    /// Path of the file from the content folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// An error refuses the packs, a warning does not.
    pub severity: Severity,
    /// Kind of fault, such as `unknown-key`.
    pub code: String,
    /// What is wrong and how to mend it, in Vietnamese.
    pub message: String,
}

impl PackProblem {
    /// Does it refuse the packs?
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for PackProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_error() { "lỗi" } else { "cảnh báo" };
        let PackProblem { file, line, column, code, message, .. } = self;
        write!(formatter, "{file}:{line}:{column}: {severity} [{code}]: {message}")
    }
}

/// A text file with the places of its values. Values are named by their way from the top, such as
/// `section.0.field.2.visible_when`.
#[derive(Debug, Default)]
pub(crate) struct Document<'s> {
    pub path: &'s str,
    pub text: &'s str,
    pub spans: HashMap<String, Range<usize>>,
}

impl Document<'_> {
    /// The place of a value, or of the nearest thing around it that has one.
    fn span(&self, at: &str) -> Range<usize> {
        let mut way = at;
        loop {
            if let Some(span) = self.spans.get(way) {
                return span.clone();
            }
            match way.rsplit_once('.') {
                Some((outer, _)) => way = outer,
                None => return 0..0,
            }
        }
    }

    /// The place in the file of an offset within a string value: quotes and escapes count.
    fn inside_string(&self, at: &str, offset: usize) -> usize {
        let span = self.span(at);
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let quote = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
        let body = raw.get(quote..).unwrap_or_default();
        let newline = if quote == 3 && body.starts_with('\n') { 1 } else { 0 };
        let escapes = raw.starts_with('"');
        let body = body.get(newline..).unwrap_or_default();
        span.start + quote + newline + raw_offset(body, offset, escapes)
    }

    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// How far one must go in the raw text of a TOML string to pass `wanted` bytes of its value.
fn raw_offset(body: &str, wanted: usize, escapes: bool) -> usize {
    let mut passed = 0;
    let mut raw = body.char_indices();
    while let Some((position, next)) = raw.next() {
        if passed >= wanted {
            return position;
        }
        if next != '\\' || !escapes {
            passed += next.len_utf8();
            continue;
        }
        let digits = match raw.next() {
            Some((_, 'x')) => 2,
            Some((_, 'u')) => 4,
            Some((_, 'U')) => 8,
            _ => 0,
        };
        let hexadecimal: String = raw.by_ref().take(digits).map(|(_, digit)| digit).collect();
        let escaped = u32::from_str_radix(&hexadecimal, 16).ok().and_then(char::from_u32);
        passed += escaped.map_or(1, char::len_utf8);
    }
    body.len()
}

/// Gathers the faults of all files.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    problems: RefCell<BTreeSet<PackProblem>>,
    /// Values that could not be read, so that what builds on them is not blamed too.
    faulty: RefCell<BTreeSet<(String, String)>>,
    /// Lines with a syntax error: other faults of such a line are echoes.
    broken_lines: RefCell<BTreeSet<(String, usize)>>,
}

impl Diagnostics {
    pub fn error(&self, document: &Document, at: &str, code: &str, message: impl Into<String>) {
        let offset = document.span(at).start;
        self.mark_faulty(document, at);
        self.report(document, offset, Severity::Error, code, message.into());
    }

    pub fn warning(&self, document: &Document, at: &str, code: &str, message: impl Into<String>) {
        let offset = document.span(at).start;
        self.report(document, offset, Severity::Warning, code, message.into());
    }

    /// An error at an offset within the string value at `at`.
    pub fn error_inside(
        &self,
        document: &Document,
        at: &str,
        offset: usize,
        code: &str,
        message: impl Into<String>,
    ) {
        let offset = document.inside_string(at, offset);
        self.mark_faulty(document, at);
        self.report(document, offset, Severity::Error, code, message.into());
    }

    /// An error at a byte of the file.
    pub fn error_at(&self, document: &Document, offset: usize, code: &str, message: String) {
        self.report(document, offset, Severity::Error, code, message);
    }

    /// A warning at a byte of the file.
    pub fn warning_at(&self, document: &Document, offset: usize, code: &str, message: String) {
        self.report(document, offset, Severity::Warning, code, message);
    }

    /// An error of syntax at a byte of the file: it stands for all other faults of its line.
    pub fn syntax_error(&self, document: &Document, offset: usize, message: String) {
        let (line, _) = document.line_and_column(offset);
        if self.broken_lines.borrow_mut().insert((document.path.to_owned(), line)) {
            self.report(document, offset, Severity::Error, "syntax", message);
        }
    }

    /// An error of a file as a whole, or of a file that is missing.
    pub fn error_in_file(&self, path: &str, code: &str, message: impl Into<String>) {
        let document = Document { path, ..Document::default() };
        self.report(&document, 0, Severity::Error, code, message.into());
    }

    /// A warning about a file as a whole.
    pub fn warning_in_file(&self, path: &str, code: &str, message: impl Into<String>) {
        let document = Document { path, ..Document::default() };
        self.report(&document, 0, Severity::Warning, code, message.into());
    }

    pub fn mark_faulty(&self, document: &Document, at: &str) {
        self.faulty.borrow_mut().insert((document.path.to_owned(), at.to_owned()));
    }

    /// Was the value at `at`, or something inside it, already found faulty?
    pub fn is_faulty(&self, document: &Document, at: &str) -> bool {
        let from = (document.path.to_owned(), at.to_owned());
        let faulty = self.faulty.borrow();
        let below = |found: &str| {
            found.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        // Names that begin alike (`a`, `a-b`, `a.c`) are neighbours in the set.
        faulty
            .range(from..)
            .take_while(|(path, found)| path == document.path && found.starts_with(at))
            .any(|(_, found)| below(found))
    }

    pub fn into_problems(self) -> Vec<PackProblem> {
        let broken = self.broken_lines.into_inner();
        let problems = self.problems.into_inner().into_iter();
        problems
            .filter(|problem| {
                problem.code == "syntax" || !broken.contains(&(problem.file.clone(), problem.line))
            })
            .collect()
    }

    fn report(
        &self,
        document: &Document,
        offset: usize,
        severity: Severity,
        code: &str,
        message: String,
    ) {
        let (line, column) = document.line_and_column(offset);
        let (file, code) = (document.path.to_owned(), code.to_owned());
        let problem = PackProblem { file, line, column, severity, code, message };
        self.problems.borrow_mut().insert(problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks where in the file an offset within the string value lies (1-based column).
    fn check(line: &str, offset: usize, column: usize) {
        let start = line.find(['"', '\'']).unwrap();
        let spans = HashMap::from([("key".to_owned(), start..line.len())]);
        let document = Document { path: "a.toml", text: line, spans };
        let found = document.line_and_column(document.inside_string("key", offset));
        assert_eq!(found.1, column, "{line} at {offset}");
    }

    #[test]
    fn an_offset_in_a_string_is_a_column_in_the_file() {
        check(r#"key = "abc""#, 0, 8);
        check(r#"key = "abc""#, 2, 10);
        check(r#"key = 'a"c'"#, 2, 10);
        check(r#"key = "a\"c""#, 2, 11);
        check(r#"key = "\u00e1c""#, 2, 14);
        check(r#"key = "ác""#, 2, 9);
        check(r#"key = """abc""""#, 1, 11);
    }

    #[test]
    fn a_value_is_faulty_when_something_inside_it_is() {
        let document = Document { path: "a.toml", ..Document::default() };
        let diagnostics = Diagnostics::default();
        diagnostics.mark_faulty(&document, "section.1.field.0.type");
        diagnostics.mark_faulty(&document, "section.1.field-name");
        assert!(diagnostics.is_faulty(&document, "section.1"));
        assert!(diagnostics.is_faulty(&document, "section.1.field"));
        assert!(diagnostics.is_faulty(&document, "section.1.field.0.type"));
        assert!(!diagnostics.is_faulty(&document, "section.1.field.0.type.x"));
        assert!(!diagnostics.is_faulty(&document, "section.10"));
        assert!(!diagnostics.is_faulty(&document, "section.0"));
    }
}
