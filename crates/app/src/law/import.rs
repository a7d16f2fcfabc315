//! Bringing law in: codified law, corpora, exports, single documents.
//!
//! One thread reads and takes apart, the writer takes whole documents, a few at a time. A document is there
//! whole or not at all, whatever happens meanwhile; what is there word for word is left alone. The search
//! index is made anew at the end and takes the place of the old one in one step.

mod codified;
mod corpus;
mod draft;
mod exported;
mod file;
mod source;

use std::path::{Path, PathBuf};

use kernel::error::Result;
use kernel::moment::Moment;
use kernel::text::tokens;
use serde::Serialize;
use store::Tx;
use store::law::{NewDocument, Outcome};
use tokio::sync::mpsc;

use super::{Corpus, index};
use draft::Desk;
pub(super) use exported::{Exported, ExportedProvision};
pub(super) use file::text_of;
use source::{Layout, Meter};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// Bytes or provisions done.
    pub done: u64,
    /// Bytes or provisions in all.
    pub total: u64,
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Files are read and documents written; counted in bytes.
    Reading,
    /// The search index is made; counted in provisions.
    Indexing,
}

/// What could not be taken over, or should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Line or element of the file, from 1; 0 means the whole file.
    pub line: u64,
    /// Stable name of the kind of problem.
    pub code: String,
    /// A Vietnamese sentence: what is wrong, and how to go on.
    pub message: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Documents that are new.
    pub added: u64,
    /// Documents that took the place of an earlier state of themselves.
    pub replaced: u64,
    /// Documents that were there already, word for word.
    pub unchanged: u64,
    /// Provisions of the documents that are new or replaced.
    pub provisions: u64,
    /// Relations of those documents.
    pub relations: u64,
    /// How many problems there were.
    pub problem_count: u64,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// What the reader of a document is unsure of, for a person to confirm.
    pub doubts: Vec<Problem>,
    /// Provisions in the search index.
    pub indexed: u64,
}

/// Problems that are told one by one.
const MOST_TOLD: usize = 1_000;
/// Chunks that wait for the writer: reading is quicker than writing, and memory is not endless.
const WAITING: usize = 4;

/// What the reading thread tells.
enum Told {
    Documents(Vec<NewDocument>),
    Problem(Problem),
    Doubt(Problem),
}

/// Imports files and folders; `progress` is told now and then how far it is.
///
/// # Errors
/// When the database cannot be written or the index cannot be kept. What is wrong with the files is in the
/// report.
pub async fn import(
    corpus: &Corpus,
    paths: &[PathBuf],
    now: Moment,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let meter = Meter::default();
    let reading = tokio::task::spawn_blocking({
        let (corpus, paths, meter) = (corpus.clone(), paths.to_vec(), meter.clone());
        move || read_all(&corpus, &paths, now, &meter, &sender)
    });
    let mut outcome = Ok(());
    while let Some(told) = receiver.recv().await {
        match told {
            Told::Problem(problem) => report.complain(problem),
            Told::Doubt(doubt) if report.doubts.len() < MOST_TOLD => report.doubts.push(doubt),
            Told::Doubt(_) => {}
            Told::Documents(documents) => {
                if let Err(error) = write(corpus, documents, &mut report).await {
                    outcome = Err(error);
                    break;
                }
            }
        }
        progress(Progress { step: Step::Reading, done: meter.done(), total: meter.total() });
    }
    // A closed channel ends the reader, too.
    drop(receiver);
    reading.await.map_err(kernel::error::Error::internal)?;
    outcome?;
    report.indexed = index::refresh(corpus, &mut |done, total| {
        progress(Progress { step: Step::Indexing, done, total });
    })
    .await?;
    Ok(report)
}

impl ImportReport {
    fn complain(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < MOST_TOLD {
            self.problems.push(problem);
        }
    }
}

/// Reads everything; ends early when nobody listens any more.
fn read_all(
    corpus: &Corpus,
    paths: &[PathBuf],
    now: Moment,
    meter: &Meter,
    sender: &mpsc::Sender<Told>,
) {
    let mut desk = Desk::new(corpus.clone(), now, sender);
    let mut codified = Vec::new();
    let mut others = Vec::new();
    for path in source::all_files(paths, &mut desk) {
        match source::layout(&path) {
            Ok(layout) => {
                // Codified law is read twice.
                let turns = if layout == Layout::Codified { 2 } else { 1 };
                meter.expect(source::length(&path) * turns);
                if layout == Layout::Codified {
                    codified.push(path);
                } else {
                    others.push((path, layout));
                }
            }
            Err(message) => desk.complain(&path, 0, "unreadable", message),
        }
    }
    if codified::read(&codified, meter, &mut desk).is_none() {
        return;
    }
    for (path, layout) in others {
        let goes_on = match layout {
            Layout::Exported => exported::read(&path, meter, &mut desk),
            Layout::Corpus => corpus::read(&path, meter, &mut desk),
            Layout::Codified | Layout::Single => file::read(&path, meter, &mut desk),
        };
        if goes_on.is_none() {
            return;
        }
    }
    desk.hand_over();
}

async fn write(
    corpus: &Corpus,
    documents: Vec<NewDocument>,
    report: &mut ImportReport,
) -> Result<()> {
    // Files are written first, as below.
    let is_file = |one: &&NewDocument| one.row.source == draft::FILE;
    let files = documents.iter().filter(is_file);
    let others = documents.iter().filter(|one| !is_file(one));
    let numbers: Vec<(u64, u64, String)> = files
        .chain(others)
        .map(|one| {
            let name = one.row.number.clone().unwrap_or_else(|| one.row.key.clone());
            (one.provisions.len() as u64, one.relations.len() as u64, name)
        })
        .collect();
    let written = corpus.store().write(move |tx| {
        let mut outcomes = Vec::with_capacity(documents.len());
        let (files, others): (Vec<_>, Vec<_>) =
            documents.into_iter().partition(|one| one.row.source == draft::FILE);
        for mut file in files {
            give_way(tx, &mut file)?;
            outcomes.extend(store::law::put(tx, vec![file])?);
        }
        outcomes.extend(store::law::put(tx, others)?);
        Ok(outcomes)
    });
    for (put, (provisions, relations, name)) in written.await?.into_iter().zip(numbers) {
        match put.outcome {
            Outcome::Added => report.added += 1,
            Outcome::Replaced => report.replaced += 1,
            Outcome::Unchanged => report.unchanged += 1,
        }
        if put.outcome != Outcome::Unchanged {
            report.provisions += provisions - put.taken.len() as u64;
            report.relations += relations;
        }
        for anchor in put.taken {
            let message = format!(
                "Mã {anchor} của {name} đã thuộc một văn bản khác; điều này chưa được nhập."
            );
            report.complain(Problem {
                file: name.clone(),
                line: 0,
                code: "anchor-taken".into(),
                message,
            });
        }
    }
    Ok(())
}

/// Two documents of one number are told apart by their issuers: where the plain address of a file is another
/// document's, its own bears the issuer.
fn give_way(tx: &mut Tx<'_>, document: &mut NewDocument) -> Result<()> {
    if document.row.source != draft::FILE || document.row.issuer.is_empty() {
        return Ok(());
    }
    let Some(first) = document.provisions.first() else { return Ok(()) };
    let Some(holder) = store::law::provision_by_anchor(tx, &first.anchor)? else { return Ok(()) };
    let Some(holder) = store::law::document(tx, holder.document)? else { return Ok(()) };
    if holder.issuer == document.row.issuer || holder.issuer.is_empty() {
        return Ok(());
    }
    let plain = format!("{}/", document.row.key);
    let own = format!("{}--{}/", document.row.key, tokens(&document.row.issuer).join("-"));
    for provision in &mut document.provisions {
        if let Some(path) = provision.anchor.strip_prefix(&plain) {
            provision.anchor = format!("{own}{path}");
        }
    }
    Ok(())
}

/// The last part of a path, for people.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
