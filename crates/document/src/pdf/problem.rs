//! What may be wrong with a template, and where.

use std::fmt;

use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::syntax::{DiagSpan, DiagSpanKind, Source};

use super::world::{Job, path_of};

/// Something wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Path of the file in the pack.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// Column in characters, from 1; 0 when it is about the whole file.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// A document could not be made. Neither `Display` nor the problems quote the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    /// Why: at least one.
    pub problems: Vec<TemplateProblem>,
}

impl TemplateProblem {
    /// About a whole file.
    pub(super) fn of(file: &str, message: &str) -> TemplateProblem {
        TemplateProblem { file: file.to_owned(), line: 0, column: 0, message: message.to_owned() }
    }

    pub(super) fn with_message(self, message: String) -> TemplateProblem {
        TemplateProblem { message, ..self }
    }

    /// `file:line:column`, or the file alone.
    pub fn place(&self) -> String {
        match self.line {
            0 => self.file.clone(),
            line => format!("{}:{line}:{}", self.file, self.column),
        }
    }
}

impl RenderError {
    pub(super) fn of(file: &str, message: &str) -> RenderError {
        RenderError { problems: vec![TemplateProblem::of(file, message)] }
    }

    pub(super) fn map_messages(self, change: impl Fn(&str) -> String) -> RenderError {
        let changed = self.problems.into_iter().map(|problem| {
            let message = change(&problem.message);
            problem.with_message(message)
        });
        RenderError { problems: changed.collect() }
    }
}

impl From<Vec<TemplateProblem>> for RenderError {
    fn from(problems: Vec<TemplateProblem>) -> RenderError {
        RenderError { problems }
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RenderError {}

impl From<RenderError> for kernel::Error {
    fn from(error: RenderError) -> kernel::Error {
        kernel::Error::internal(error)
    }
}

pub(super) fn describe<'a>(
    job: &Job<'_>,
    diagnostics: impl IntoIterator<Item = &'a SourceDiagnostic>,
) -> Vec<TemplateProblem> {
    let one = |diagnostic: &SourceDiagnostic| {
        let kind = match diagnostic.severity {
            Severity::Error => "Lỗi Typst",
            Severity::Warning => "Cảnh báo Typst",
        };
        let mut message = format!("{kind}: {}", diagnostic.message);
        for hint in &diagnostic.hints {
            message.push_str(&format!(" ({})", hint.v));
        }
        place(job, diagnostic.span).with_message(message)
    };
    diagnostics.into_iter().map(one).collect()
}

/// The place of a span; the main file as a whole for one that is nowhere.
pub(super) fn place(job: &Job<'_>, span: DiagSpan) -> TemplateProblem {
    let Some(id) = span.id() else {
        return TemplateProblem::of(&path_of(job.main), "");
    };
    let found = job.shared.source(id).zip(job.range(span));
    let found = found.and_then(|(source, range)| line_and_column(source, range.start));
    let (line, column) = found.unwrap_or_default();
    TemplateProblem { line, column, ..TemplateProblem::of(&path_of(id), "") }
}

/// Line and column of a span in this source; zeros for one that is nowhere.
pub(super) fn position(source: &Source, span: DiagSpan) -> (usize, usize) {
    let range = match span.get() {
        DiagSpanKind::Detached => None,
        DiagSpanKind::Number { num, sub_range, .. } => source.range(num, sub_range),
        DiagSpanKind::Range { range, .. } => Some(range),
    };
    range.and_then(|range| line_and_column(source, range.start)).unwrap_or_default()
}

fn line_and_column(source: &Source, offset: usize) -> Option<(usize, usize)> {
    let (line, column) = source.lines().byte_to_line_column(offset)?;
    Some((line + 1, column + 1))
}
