//! `tuphap pack check`: every problem of the content, with file and line.

use std::path::Path;

use access::Authorizer;
use access::policy::PolicyText;
use kernel::Severity;
use pack::{PackProblem, Source};

/// Everything that is wrong with the packs of a folder: files, rules, policies, templates.
pub(crate) fn problems(folder: &Path) -> Vec<PackProblem> {
    // A single pack may be named: its siblings are needed to understand it.
    let root =
        if folder.join("pack.toml").is_file() { folder.parent().unwrap_or(folder) } else { folder };
    let source = match Source::from_dir(root) {
        Ok(source) => source,
        Err(error) => {
            let message = format!("Không đọc được thư mục: {error}");
            return vec![problem(&root.display().to_string(), 1, 1, "folder", message)];
        }
    };
    let (_, mut problems) = pack::load(&source);
    problems.extend(policy_problems(&source));
    problems.extend(template_problems(&source));
    problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    problems.dedup();
    problems
}

fn problem(file: &str, line: usize, column: usize, code: &str, message: String) -> PackProblem {
    PackProblem {
        file: file.to_owned(),
        line,
        column,
        severity: Severity::Error,
        code: code.to_owned(),
        message,
    }
}

fn policy_problems(source: &Source) -> Vec<PackProblem> {
    let texts: Vec<(&str, &str)> = source
        .files()
        .filter(|(path, _)| path.contains("/policies/"))
        .filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
        .collect();
    let policies: Vec<PolicyText<'_>> = texts
        .iter()
        .filter(|(path, _)| path.ends_with(".cedar"))
        .map(|(path, text)| PolicyText { path, text })
        .collect();
    let schema = texts.iter().find(|(path, _)| path.ends_with(".cedarschema"));
    let Some((path, text)) = schema else {
        return Vec::new();
    };
    match Authorizer::new(&policies, PolicyText { path, text }) {
        Ok(_) => Vec::new(),
        Err(found) => found
            .into_iter()
            .map(|fault| {
                let (line, column) = (to_usize(fault.line), to_usize(fault.column));
                problem(&fault.file, line, column, fault.code, fault.message)
            })
            .collect(),
    }
}

fn template_problems(source: &Source) -> Vec<PackProblem> {
    let templates = source
        .files()
        .filter(|(path, _)| path.ends_with(".typ"))
        .filter_map(|(path, bytes)| {
            Some((path.to_owned(), std::str::from_utf8(bytes).ok()?.to_owned()))
        })
        .collect();
    document::pdf::check_syntax(&templates)
        .into_iter()
        .map(|fault| {
            let (line, column) = (to_usize(fault.line), to_usize(fault.column));
            problem(&fault.file, line.max(1), column.max(1), "template", fault.message)
        })
        .collect()
}

fn to_usize(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(1)
}
