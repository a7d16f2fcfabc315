//! `tuphap pack check`: every problem of the content, with file and line.

use std::path::Path;

use access::Authorizer;
use access::policy::PolicyText;
use document::pdf::Renderer;
use kernel::Severity;
use pack::{Content, PackProblem, Source};

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
    let (content, mut problems) = pack::load(&source);
    problems.extend(policy_problems(&source));
    let syntax = template_problems(&source);
    if let Some(content) = content.filter(|_| syntax.is_empty()) {
        problems.extend(printing_problems(&source, content));
    }
    problems.extend(syntax);
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

/// Prints every paper of sound content on invented data, with all that it may show and with nothing:
/// a template that only fails when it is used fails here.
fn printing_problems(source: &Source, mut content: Content) -> Vec<PackProblem> {
    let whole = |error: &kernel::Error| {
        problem("", 1, 1, "template", error.cause.clone().unwrap_or_default())
    };
    let fonts = std::mem::take(&mut content.fonts);
    let renderer = match Renderer::new(content.templates.clone(), fonts) {
        Ok(renderer) => renderer,
        Err(error) => return vec![whole(&error)],
    };
    let papers = match app::sample_papers(&content) {
        Ok(papers) => papers,
        Err(error) => return vec![whole(&error)],
    };
    let mut problems = Vec::new();
    for paper in papers {
        for fault in renderer.check(&paper.template, &paper.data) {
            let file = file_of(source, &content, &fault.file);
            let (line, column) = (to_usize(fault.line), to_usize(fault.column));
            let message = format!("Mẫu không in được: {}", fault.message);
            problems.push(problem(&file, line.max(1), column.max(1), "template", message));
        }
    }
    problems
}

/// The file that a template comes from: of several packs that have it the last counts.
fn file_of(source: &Source, content: &Content, template: &str) -> String {
    let in_pack = |pack: &pack::content::Manifest| format!("{}/{template}", pack.id);
    let mut files = content.packs.iter().rev().map(in_pack);
    files.find(|path| source.bytes(path).is_some()).unwrap_or_else(|| template.to_owned())
}

fn to_usize(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A copy of the house's content in which pieces of files are replaced, taken away afterwards.
    struct Broken(PathBuf);

    impl Broken {
        fn new(name: &str, changes: &[(&str, &str, &str)]) -> Broken {
            let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
            let folder = std::env::temp_dir().join(format!("tuphap-{name}-{}", std::process::id()));
            let source = Source::from_dir(&house).unwrap();
            for (path, bytes) in source.files() {
                let mut bytes = bytes.to_vec();
                for (_, from, to) in changes.iter().filter(|(changed, _, _)| *changed == path) {
                    let text = String::from_utf8(bytes).unwrap();
                    assert!(text.contains(from), "{path} does not hold {from}");
                    bytes = text.replacen(from, to, 1).into_bytes();
                }
                let file = folder.join(path);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, bytes).unwrap();
            }
            Broken(folder)
        }

        /// File, line and code of every error.
        fn errors(&self) -> Vec<(String, usize, String)> {
            let found = problems(&self.0).into_iter().filter(PackProblem::is_error);
            found.map(|problem| (problem.file, problem.line, problem.code)).collect()
        }

        /// The line of a file that holds a piece of text.
        fn line(&self, path: &str, piece: &str) -> usize {
            let text = std::fs::read_to_string(self.0.join(path)).unwrap();
            text.lines().position(|line| line.contains(piece)).unwrap() + 1
        }
    }

    impl Drop for Broken {
        fn drop(&mut self) {
            // A test that cannot clean up has told what it had to tell.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// One change makes one error, in the line where the new text stands.
    fn refused(name: &str, path: &str, from: &str, to: &str, code: &str) {
        let broken = Broken::new(name, &[(path, from, to)]);
        let piece = to.lines().last().unwrap();
        let expected = (path.to_owned(), broken.line(path, piece), code.to_owned());
        assert_eq!(broken.errors(), [expected]);
    }

    #[test]
    fn the_papers_of_the_house_can_be_printed() {
        let sound = Broken::new("sound", &[]);
        assert_eq!(sound.errors(), []);
    }

    #[test]
    fn a_template_that_only_fails_when_printed_is_refused_with_file_and_line() {
        let receipt = "national/templates/receipt.typ";
        refused(
            "unknown-word",
            receipt,
            "#item(\"Cách nộp\", get(dossier, \"channel_text\"))",
            "#itme(\"Cách nộp\", get(dossier, \"channel_text\"))",
            "template",
        );
        // It fails only where there is no note: the barest paper finds that.
        refused(
            "bare",
            "national/templates/refusal.typ",
            "#let points = list-of(data, \"note\", \"points\")",
            "#let points = data.note.points",
            "template",
        );
    }

    #[test]
    fn a_template_of_a_procedure_and_one_that_a_province_replaces_are_named_by_their_files() {
        refused(
            "of-a-procedure",
            "national/procedures/birth-registration/birth-certificate.typ",
            "#birth(data, code)",
            "#birth(data, code, cpoy: true)",
            "template",
        );
        let broken = Broken::new("replaced", &[]);
        let path = broken.0.join("dong-thap/templates/stop.typ");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "Dừng\n#khong-co\n").unwrap();
        let place = ("dong-thap/templates/stop.typ".to_owned(), 2, "template".to_owned());
        assert_eq!(broken.errors(), [place]);
    }
}
