//! Faults found in what somebody gave: all at once, each with its place and how to mend it.

use serde::{Deserialize, Serialize};

/// All faults found together; empty means sound.
pub type Problems = Vec<Problem>;

/// One fault: what, where, and a Vietnamese sentence that says how to mend it.
///
/// The message is for the person who can mend it. It may touch what that person typed, so it never
/// goes into a log line; `code` and `path` may.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable English name of the kind of fault, such as `date.no-such-day`.
    pub code: String,
    /// Place of the fault: `field`, `field.part`, `group.0.field`; empty for the whole.
    pub path: String,
    /// Sentence for people.
    pub message: String,
    /// Does it stop the work?
    #[serde(default)]
    pub severity: Severity,
}

/// How grave a fault is.
#[derive(
    Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The work cannot go on.
    #[default]
    Error,
    /// The work may go on; a person should look.
    Warning,
}

impl Problem {
    /// A fault that stops the work.
    pub fn new(
        code: impl Into<String>,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Problem {
        Problem {
            code: code.into(),
            path: path.into(),
            message: message.into(),
            severity: Severity::Error,
        }
    }

    /// A fault that a person should look at, but that does not stop the work.
    pub fn warning(
        code: impl Into<String>,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::new(code, path, message) }
    }

    /// The same fault at another place: parsers do not know which field they read for.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Problem {
        self.path = path.into();
        self
    }

    /// The same fault one level further in: `under("mother")` turns `number` into `mother.number`.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Problem {
        self.path = match (parent.is_empty(), self.path.is_empty()) {
            (true, _) => self.path,
            (false, true) => parent.to_owned(),
            (false, false) => format!("{parent}.{}", self.path),
        };
        self
    }

    /// Does it stop the work?
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Is any of them one that stops the work?
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(Problem::is_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_moves_under_its_parent() {
        let problem = Problem::new("date.format", "birth_date", "…");
        assert_eq!(problem.clone().under("child").path, "child.birth_date");
        assert_eq!(problem.clone().under("").path, "birth_date");
        assert_eq!(problem.at("").under("child").path, "child");
    }

    #[test]
    fn a_problem_without_severity_stops_the_work() {
        let read: Problem =
            serde_json::from_str(r#"{"code":"a","path":"b","message":"c"}"#).unwrap();
        assert!(read.is_error());
        let warning = Problem::warning("a", "b", "c");
        assert!(!has_errors(std::slice::from_ref(&warning)));
        assert!(has_errors(&[warning, read]));
    }
}
