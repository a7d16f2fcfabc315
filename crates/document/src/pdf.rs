//! Typst templates to PDF.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;

use jiff::civil::Date;
use serde_json::Value;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Bytes, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{DiagSpan, FileId};
use typst::text::Font;
use typst::{World, WorldExt, comemo};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{Job, Shared, file_id, path_of};

/// Jobs for which Typst keeps what it remembered and did not use. Long enough that the parts of a
/// template that do not depend on the data stay between two jobs, short enough that memory is flat.
const REMEMBERED_JOBS: usize = 8;
/// Offset of Viet Nam from UTC, in minutes.
const VIET_NAM: i32 = 7 * 60;

/// Turns templates and data into PDF/A-2u. Made once for a set of templates and kept: what Typst
/// remembers of one document makes the next one faster.
pub struct Renderer {
    shared: Shared,
    standards: PdfStandards,
}

/// Something wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Path of the file in the pack.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// What. May quote the data; not for a log.
    pub message: String,
}

/// A document could not be made.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderError {
    /// Why: at least one.
    pub problems: Vec<TemplateProblem>,
}

impl Renderer {
    /// With templates (path in the pack to text) and fonts (the bytes of their files). All problems
    /// at once: syntax errors, bad paths, files that are no fonts.
    pub fn new(
        templates: BTreeMap<String, String>,
        fonts: Vec<Vec<u8>>,
    ) -> Result<Renderer, Vec<TemplateProblem>> {
        let mut problems = Vec::new();
        let mut loaded = Vec::new();
        for (index, bytes) in fonts.into_iter().enumerate() {
            let found: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
            if found.is_empty() {
                problems.push(problem(&format!("fonts[{index}]"), 0, "Tệp này không phải phông chữ."));
            }
            loaded.extend(found);
        }
        if loaded.is_empty() {
            problems.push(problem("fonts", 0, "Không có phông chữ nào."));
        }
        let mut shared = Shared::new(loaded);
        for (path, text) in templates {
            let Some(id) = file_id(&path) else {
                problems.push(problem(&path, 0, "Đường dẫn của mẫu không hợp lệ."));
                continue;
            };
            if let Some(source) = shared.add(id, text) {
                let (errors, _) = source.root().errors_and_warnings();
                problems.extend(errors.iter().map(|error| {
                    let line = line_in_source(source, error.span);
                    problem(&path, line, &format!("Lỗi cú pháp Typst: {}", error.message))
                }));
            }
        }
        let standards = PdfStandards::new(&[PdfStandard::A_2u]).map_err(|cause| {
            vec![problem("", 0, &format!("PDF/A-2u: {}", cause.message()))]
        })?;
        if problems.is_empty() { Ok(Renderer { shared, standards }) } else { Err(problems) }
    }

    /// Makes a document. The template reads its data with `json("data.json")` and `files` (a QR
    /// code, a picture) by their bare names, from whatever folder it lies in. The names of files
    /// must come from a small fixed set: Typst never forgets a name.
    ///
    /// The same input gives the same bytes. A character that no font has is an error, never a box.
    pub fn render(
        &self,
        main: &str,
        data: &Value,
        files: &[(&str, Vec<u8>)],
        today: Date,
    ) -> Result<Vec<u8>, RenderError> {
        let job = self.job(main, data, files, today)?;
        let identity = identity(main, data, files, today);
        guarded(main, || {
            let t0 = std::time::Instant::now();
            let (document, _) = self.compile(&job)?;
            let t1 = t0.elapsed();
            let options = PdfOptions {
                ident: Smart::Custom(identity),
                creator: Smart::Custom(Some("Tư pháp số".to_owned())),
                timestamp: job
                    .today(None)
                    .and_then(|day| midnight(day))
                    .and_then(|at| Timestamp::new_local(at, VIET_NAM)),
                page_ranges: None,
                standards: self.standards.clone(),
                // Reading order and headings for screen readers.
                tagged: std::env::var("NOTAG").is_err(),
                pretty: false,
            };
            let t2 = std::time::Instant::now();
            let r = typst_pdf::pdf(&document, &options)
                .map_err(|errors| RenderError { problems: describe(&job, &errors) });
            eprintln!("compile {t1:?} pdf {:?}", t2.elapsed());
            r
        })
    }

    /// Tries a template on sample data: every error and warning, with file and line. Empty: sound.
    pub fn check_template(&self, main: &str, sample: &Value, today: Date) -> Vec<TemplateProblem> {
        let job = self.job(main, sample, &[], today);
        let checked = job.and_then(|mut job| {
            job.sample_pictures = true;
            guarded(main, || self.compile(&job))
        });
        match checked {
            Ok((_, warnings)) => warnings,
            Err(error) => error.problems,
        }
    }

    fn job(
        &self,
        main: &str,
        data: &Value,
        files: &[(&str, Vec<u8>)],
        today: Date,
    ) -> Result<Job<'_>, RenderError> {
        let main = file_id(main)
            .filter(|id| self.shared.has(*id))
            .ok_or_else(|| RenderError::of(main, "Không có mẫu này trong gói nội dung."))?;
        let mut by_name: std::collections::HashMap<_, _> = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Bytes::new(bytes.clone())))
            .collect();
        by_name.insert("data.json".to_owned(), Bytes::from_string(data.to_string()));
        Ok(Job { shared: &self.shared, main, files: by_name, sample_pictures: false, today })
    }

    /// Lays the document out; with it, warnings that do not spoil it.
    fn compile(
        &self,
        job: &Job<'_>,
    ) -> Result<(PagedDocument, Vec<TemplateProblem>), RenderError> {
        let compiled = typst::compile::<PagedDocument>(job);
        let document = compiled
            .output
            .map_err(|errors| RenderError { problems: describe(job, &errors) })?;
        let (fatal, warnings): (Vec<_>, Vec<_>) =
            compiled.warnings.into_iter().partition(|warning| warning.message.contains("font"));
        if !fatal.is_empty() {
            return Err(RenderError { problems: describe(job, &fatal) });
        }
        let mut missing = Vec::new();
        for page in document.pages() {
            find_missing_glyphs(job, &page.frame, &mut missing);
        }
        if missing.is_empty() {
            Ok((document, describe(job, &warnings)))
        } else {
            missing.dedup();
            Err(RenderError { problems: missing })
        }
    }
}

/// Forgets what Typst remembered of old jobs whatever happens, and turns a panic within Typst into
/// an error: one bad document must not stop the worker.
fn guarded<T>(
    main: &str,
    work: impl FnOnce() -> Result<T, RenderError>,
) -> Result<T, RenderError> {
    let result = std::panic::catch_unwind(AssertUnwindSafe(work));
    let t=std::time::Instant::now();comemo::evict(std::env::var("EV").ok().and_then(|v|v.parse().ok()).unwrap_or(REMEMBERED_JOBS));eprintln!("evict {:?}", t.elapsed());
    result.unwrap_or_else(|_| Err(RenderError::of(main, "Typst dừng đột ngột khi tạo văn bản.")))
}

/// Tells documents apart in their metadata; the text itself is hashed, not kept.
fn identity(main: &str, data: &Value, files: &[(&str, Vec<u8>)], today: Date) -> String {
    let mut identity = format!("{main}\n{today}\n{data}");
    for (name, bytes) in files {
        identity.push_str(&format!("\n{name} {:x}", typst::utils::hash128(bytes)));
    }
    identity
}

fn midnight(day: typst::foundations::Datetime) -> Option<typst::foundations::Datetime> {
    let (year, month, day) = (day.year()?, day.month()?, day.day()?);
    typst::foundations::Datetime::from_ymd_hms(year, month, day, 0, 0, 0)
}

/// Glyph 0 of every font stands for "not in this font".
fn find_missing_glyphs(job: &Job<'_>, frame: &Frame, problems: &mut Vec<TemplateProblem>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => find_missing_glyphs(job, &group.frame, problems),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let shown = text.text.get(glyph.range()).unwrap_or_default();
                    let codes: Vec<_> =
                        shown.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
                    let message =
                        format!("Phông chữ không có ký tự “{shown}” ({}).", codes.join(" "));
                    let (file, line) = place(job, DiagSpan::from_span(glyph.span.0, None));
                    problems.push(TemplateProblem { file, line, message });
                }
            }
            _ => {}
        }
    }
}

fn describe<'a>(
    job: &Job<'_>,
    diagnostics: impl IntoIterator<Item = &'a SourceDiagnostic>,
) -> Vec<TemplateProblem> {
    let one = |diagnostic: &SourceDiagnostic| {
        let (file, line) = place(job, diagnostic.span);
        let kind = match diagnostic.severity {
            Severity::Error => "Lỗi Typst",
            Severity::Warning => "Cảnh báo Typst",
        };
        let mut message = format!("{kind}: {}", diagnostic.message);
        for hint in &diagnostic.hints {
            message.push_str(&format!(" ({})", hint.v));
        }
        TemplateProblem { file, line, message }
    };
    diagnostics.into_iter().map(one).collect()
}

/// File and line of a place; the main file as a whole for one that is nowhere.
fn place(job: &Job<'_>, span: DiagSpan) -> (String, usize) {
    let Some(id) = span.id() else { return (path_of(job.main), 0) };
    let line = job.range(span).and_then(|range| line_at(job, id, range.start));
    (path_of(id), line.unwrap_or(0))
}

fn line_at(job: &Job<'_>, id: FileId, offset: usize) -> Option<usize> {
    job.shared.source(id)?.lines().byte_to_line(offset).map(|line| line + 1)
}

fn line_in_source(source: &typst::syntax::Source, span: impl Into<DiagSpan>) -> usize {
    use typst::syntax::DiagSpanKind;
    let range = match span.into().get() {
        DiagSpanKind::Detached => None,
        DiagSpanKind::Number { num, sub_range, .. } => source.range(num, sub_range),
        DiagSpanKind::Range { range, .. } => Some(range),
    };
    range.and_then(|range| source.lines().byte_to_line(range.start)).map_or(0, |line| line + 1)
}

fn problem(file: &str, line: usize, message: &str) -> TemplateProblem {
    TemplateProblem { file: file.to_owned(), line, message: message.to_owned() }
}

impl RenderError {
    fn of(file: &str, message: &str) -> RenderError {
        RenderError { problems: vec![problem(file, 0, message)] }
    }

    fn write_for_log(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document could not be made:")?;
        for problem in &self.problems {
            write!(f, " {}:{}", problem.file, problem.line)?;
        }
        Ok(())
    }
}

/// For the log: places only, since messages may quote the data.
impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_for_log(f)
    }
}

impl fmt::Debug for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_for_log(f)
    }
}

impl std::error::Error for RenderError {}

impl From<RenderError> for kernel::Error {
    fn from(error: RenderError) -> kernel::Error {
        kernel::Error::internal(error)
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}
