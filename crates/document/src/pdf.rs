//! Typst templates to PDF.

mod problem;
mod redact;
mod world;

use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;

use jiff::civil::Date;
use kernel::problem::Problem;
use kernel::{Error, Result};
use serde_json::Value;
use typst::comemo;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{DiagSpan, Source};
use typst::text::Font;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use self::problem::{RenderError, TemplateProblem};
use self::problem::{describe, place, position};
use self::redact::Redactor;
use self::world::{Job, Shared, file_id};

/// Jobs for which Typst keeps what it remembered and did not use. Long enough that the parts of a
/// template that do not depend on the data stay between two jobs, short enough that memory is flat.
const REMEMBERED_JOBS: usize = 8;
/// Offset of Viet Nam from UTC, in minutes.
const VIET_NAM: i32 = 7 * 60;
/// The day that `check` gives to templates.
const SAMPLE_DAY: Date = jiff::civil::date(2026, 7, 1);

/// Turns templates and data into PDF/A-2u.
///
/// Made once for a version of the content, kept, and used from many threads: fonts are read once,
/// templates parsed once, and what Typst remembers of one document makes the next one faster.
pub struct Renderer {
    shared: Shared,
    standards: PdfStandards,
}

impl Renderer {
    /// With templates (path in the pack to source) and fonts (the bytes of their files).
    ///
    /// # Errors
    /// `Invalid` with every fault at once: syntax errors, bad paths, files that are no fonts. The
    /// path of a problem is `file:line:column`.
    pub fn new(templates: BTreeMap<String, String>, fonts: Vec<Vec<u8>>) -> Result<Renderer> {
        let mut problems: Vec<Problem> = check_syntax(&templates)
            .into_iter()
            .map(|found| Problem::new("template.syntax", found.place(), found.message))
            .collect();
        let mut loaded = Vec::new();
        for (index, bytes) in fonts.into_iter().enumerate() {
            let before = loaded.len();
            loaded.extend(Font::iter(Bytes::new(bytes)));
            if loaded.len() == before {
                let message = format!("Tệp phông chữ thứ {} không đọc được.", index + 1);
                problems.push(Problem::new("font.unreadable", "fonts", message));
            }
        }
        if loaded.is_empty() {
            problems.push(Problem::new("font.none", "fonts", "Không có phông chữ nào."));
        }
        if !problems.is_empty() {
            return Err(Error::from(problems).because("templates or fonts"));
        }
        let standards = PdfStandards::new(&[PdfStandard::A_2u])
            .map_err(|cause| Error::internal(cause.message()))?;
        Ok(Renderer { shared: Shared::new(templates, loaded), standards })
    }

    /// Makes a document. The template reads its data with `json("data.json")` and `files` (a QR
    /// code, a picture) by their bare names, from whatever folder it lies in. The names of files
    /// must come from a small fixed set: Typst never forgets a name.
    ///
    /// The same input gives the same bytes. `today` is the day that the template and the metadata
    /// see.
    ///
    /// # Errors
    /// Whatever is wrong with the template or the data, and a character or a font family that the
    /// fonts do not have: never a box or another font on an official paper.
    pub fn render(
        &self,
        main: &str,
        data: &Value,
        files: &[(&str, Vec<u8>)],
        today: Date,
    ) -> Result<Vec<u8>, RenderError> {
        let made = self.job(main, data, files, today).and_then(|job| {
            let identity = identity(main, data, files, today);
            guarded(main, || self.export(&job, &self.compile(&job)?.0, identity))
        });
        made.map_err(|error| {
            let redactor = Redactor::new(data, |text| self.shared.is_said(text));
            error.map_messages(|message| redactor.redact(message))
        })
    }

    /// Tries a template on sample data: every error and warning with its place; empty when sound.
    /// Pictures need not be given: a blank one stands in for each. Messages may quote the sample.
    pub fn check(&self, main: &str, sample: &Value) -> Vec<TemplateProblem> {
        let checked = self.job(main, sample, &[], SAMPLE_DAY).and_then(|mut job| {
            job.sample_pictures = true;
            guarded(main, || {
                let (document, warnings) = self.compile(&job)?;
                self.export(&job, &document, String::new())?;
                Ok(warnings)
            })
        });
        checked.unwrap_or_else(|error| error.problems)
    }

    fn job(
        &self,
        main: &str,
        data: &Value,
        files: &[(&str, Vec<u8>)],
        today: Date,
    ) -> Result<Job<'_>, RenderError> {
        let main = self
            .shared
            .find(main)
            .ok_or_else(|| RenderError::of(main, "Không có mẫu này trong gói nội dung."))?;
        let mut by_name: HashMap<_, _> = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Bytes::new(bytes.clone())))
            .collect();
        by_name.insert("data.json".to_owned(), Bytes::from_string(data.to_string()));
        Ok(Job { shared: &self.shared, main, files: by_name, sample_pictures: false, today })
    }

    /// Lays the document out; with it, warnings that do not spoil it.
    fn compile(&self, job: &Job<'_>) -> Result<(PagedDocument, Vec<TemplateProblem>), RenderError> {
        let compiled = typst::compile::<PagedDocument>(job);
        let document = compiled.output.map_err(|errors| describe(job, &errors))?;
        let (fatal, warnings): (Vec<_>, Vec<_>) =
            compiled.warnings.into_iter().partition(|warning| warning.message.contains("font"));
        if !fatal.is_empty() {
            return Err(describe(job, &fatal).into());
        }
        let mut missing = Vec::new();
        for page in document.pages() {
            find_missing_glyphs(job, &page.frame, &mut missing);
        }
        if !missing.is_empty() {
            missing.dedup();
            return Err(missing.into());
        }
        Ok((document, describe(job, &warnings)))
    }

    fn export(
        &self,
        job: &Job<'_>,
        document: &PagedDocument,
        identity: String,
    ) -> Result<Vec<u8>, RenderError> {
        let options = PdfOptions {
            ident: Smart::Custom(identity),
            creator: Smart::Custom(Some("Tư pháp số".to_owned())),
            timestamp: midnight(job.today).and_then(|at| Timestamp::new_local(at, VIET_NAM)),
            page_ranges: None,
            standards: self.standards.clone(),
            // Reading order and headings for screen readers.
            tagged: true,
            pretty: false,
        };
        let written = typst_pdf::pdf(document, &options);
        written.map_err(|errors| describe(job, &errors).into())
    }
}

/// The syntax errors of all templates (path in the pack to source), and paths that are none.
pub fn check_syntax(templates: &BTreeMap<String, String>) -> Vec<TemplateProblem> {
    let mut problems = Vec::new();
    for (path, text) in templates {
        let Some(id) = file_id(path) else {
            problems.push(TemplateProblem::of(path, "Đường dẫn của mẫu không hợp lệ."));
            continue;
        };
        if !path.ends_with(".typ") {
            continue;
        }
        let source = Source::new(id, text.clone());
        let (errors, _) = source.root().errors_and_warnings();
        for error in errors {
            let (line, column) = position(&source, error.span);
            let message = format!("Lỗi cú pháp Typst: {}", error.message);
            problems.push(TemplateProblem { file: path.clone(), line, column, message });
        }
    }
    problems
}

/// Forgets what Typst remembered of old jobs whatever happens, and turns a panic within Typst into
/// an error: one bad document must not stop the worker.
fn guarded<T>(main: &str, work: impl FnOnce() -> Result<T, RenderError>) -> Result<T, RenderError> {
    let result = std::panic::catch_unwind(AssertUnwindSafe(work));
    comemo::evict(REMEMBERED_JOBS);
    result.unwrap_or_else(|_| Err(RenderError::of(main, "Typst dừng đột ngột khi tạo văn bản.")))
}

/// Tells documents apart in their metadata, where only its hash goes.
fn identity(main: &str, data: &Value, files: &[(&str, Vec<u8>)], today: Date) -> String {
    let mut identity = format!("{main}\n{today}\n{data}");
    for (name, bytes) in files {
        identity.push_str(&format!("\n{name} {:x}", typst::utils::hash128(bytes)));
    }
    identity
}

fn midnight(day: Date) -> Option<Datetime> {
    let unsigned = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(day.year().into(), unsigned(day.month())?, unsigned(day.day())?, 0, 0, 0)
}

/// Glyph 0 of every font stands for "not in this font".
fn find_missing_glyphs(job: &Job<'_>, frame: &Frame, problems: &mut Vec<TemplateProblem>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => find_missing_glyphs(job, &group.frame, problems),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let shown = text.text.get(glyph.range()).unwrap_or_default();
                    let codes: Vec<_> = shown
                        .chars()
                        .map(|letter| format!("U+{:04X}", u32::from(letter)))
                        .collect();
                    let message = format!("Phông chữ không có ký tự {}.", codes.join(" "));
                    let span = DiagSpan::from_span(glyph.span.0, None);
                    problems.push(place(job, span).with_message(message));
                }
            }
            _ => {}
        }
    }
}
