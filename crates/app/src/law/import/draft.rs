//! What the readers of all layouts make: a document with its provisions, made ready for the database.

use std::collections::HashSet;
use std::path::Path;

use kernel::moment::Moment;
use sha2::{Digest, Sha256};
use store::law::{DocumentRow, NewDocument, ProvisionRow, RelationRow};
use tokio::sync::mpsc;

use super::{Problem, Told, name_of};
use crate::law::Corpus;

/// Source of codified law.
pub(super) const CODIFIED: &str = "codified";
/// Source of corpora.
pub(super) const CORPUS: &str = "corpus";
/// Source of single documents.
pub(super) const FILE: &str = "file";

/// Provisions that are written together, at least; a document is never cut.
const CHUNK: usize = 300;
/// Bytes that are written together, at least.
const CHUNK_BYTES: usize = 1 << 20;
/// Longest identifier: both engines can keep it in an index.
pub(super) const LONGEST_ANCHOR: usize = 400;

/// A document as it was read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) row: DocumentRow,
    pub(super) body: Option<String>,
    /// Each with its relations.
    pub(super) provisions: Vec<(ProvisionRow, Vec<RelationRow>)>,
    /// Those of the document as a whole.
    pub(super) relations: Vec<RelationRow>,
}

/// Where drafts are made ready and handed over in chunks. `None` from it means: nobody listens any more.
pub(super) struct Desk<'s> {
    corpus: Corpus,
    now: Moment,
    sender: &'s mpsc::Sender<Told>,
    chunk: Vec<NewDocument>,
    provisions: usize,
    bytes: usize,
    anchors: HashSet<Box<str>>,
}

impl<'s> Desk<'s> {
    pub(super) fn new(corpus: Corpus, now: Moment, sender: &'s mpsc::Sender<Told>) -> Self {
        Self {
            corpus,
            now,
            sender,
            chunk: Vec::new(),
            provisions: 0,
            bytes: 0,
            anchors: HashSet::new(),
        }
    }

    /// False when this import had the identifier before.
    pub(super) fn is_first(&mut self, anchor: &str) -> bool {
        !self.anchors.contains(anchor) && self.anchors.insert(anchor.into())
    }

    pub(super) fn complain(&mut self, path: &Path, line: u64, code: &str, message: String) {
        let _ = self.sender.blocking_send(Told::Problem(problem(path, line, code, message)));
    }

    pub(super) fn doubt(&mut self, path: &Path, code: &str, message: String) {
        let _ = self.sender.blocking_send(Told::Doubt(problem(path, 0, code, message)));
    }

    /// Takes a draft; hands a chunk over when there is enough.
    pub(super) fn take(&mut self, draft: Draft) -> Option<()> {
        let document = self.finish(draft);
        self.provisions += document.provisions.len();
        self.bytes += document.body.as_ref().map_or(0, String::len);
        self.bytes += document.provisions.iter().map(|one| one.text.len()).sum::<usize>();
        self.chunk.push(document);
        if self.provisions < CHUNK && self.bytes < CHUNK_BYTES {
            return Some(());
        }
        self.hand_over()
    }

    /// Hands over what is left.
    pub(super) fn hand_over(&mut self) -> Option<()> {
        (self.provisions, self.bytes) = (0, 0);
        let chunk = std::mem::take(&mut self.chunk);
        if chunk.is_empty() {
            return Some(());
        }
        self.sender.blocking_send(Told::Documents(chunk)).ok()
    }

    fn finish(&self, draft: Draft) -> NewDocument {
        let Draft { mut row, mut body, provisions: drafts, relations: mut all } = draft;
        clean_document(&mut row);
        clean_option(&mut body);
        all.iter_mut().for_each(clean_relation);
        let mut hash = Sha256::new();
        let _ = serde_json::to_writer(&mut hash, &(&row, &body, &all));
        let mut provisions = Vec::with_capacity(drafts.len());
        for ((mut provision, mut relations), position) in drafts.into_iter().zip(0_i64..) {
            clean_provision(&mut provision);
            relations.iter_mut().for_each(clean_relation);
            let _ = serde_json::to_writer(&mut hash, &(&provision, &relations));
            provision.id = self.corpus.ids().next(self.now);
            provision.position = position;
            for relation in &mut relations {
                relation.provision = Some(provision.id);
            }
            all.append(&mut relations);
            provisions.push(provision);
        }
        row.id = self.corpus.ids().next(self.now);
        row.hash = hex(&hash.finalize());
        row.imported_at = self.now.micros();
        NewDocument { row, body, provisions, relations: all }
    }
}

fn problem(path: &Path, line: u64, code: &str, message: String) -> Problem {
    Problem { file: name_of(path), line, code: code.to_owned(), message }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// PostgreSQL keeps no zero character.
fn clean(text: &mut String) {
    if text.contains('\0') {
        *text = text.replace('\0', "");
    }
}

/// What stands in an index is cut to what both engines can keep there.
fn clean_short(text: &mut String) {
    clean(text);
    let end = text.floor_char_boundary(LONGEST_ANCHOR);
    text.truncate(end);
}

fn clean_option(text: &mut Option<String>) {
    text.iter_mut().for_each(clean);
}

fn clean_document(row: &mut DocumentRow) {
    clean_short(&mut row.key);
    clean_short(&mut row.issuer);
    clean_short(&mut row.source);
    for text in [&mut row.number, &mut row.kind, &mut row.title, &mut row.field] {
        clean_option(text);
    }
    for text in [&mut row.issued_on, &mut row.effective_on, &mut row.expires_on] {
        clean_option(text);
    }
}

fn clean_provision(row: &mut ProvisionRow) {
    clean_short(&mut row.path);
    clean_short(&mut row.anchor);
    for text in [&mut row.label, &mut row.title, &mut row.context, &mut row.subject, &mut row.text]
    {
        clean(text);
    }
    for text in [&mut row.valid_from, &mut row.valid_to, &mut row.note] {
        clean_option(text);
    }
}

fn clean_relation(row: &mut RelationRow) {
    clean_short(&mut row.kind);
    row.to_anchor.iter_mut().for_each(clean_short);
    row.to_document.iter_mut().for_each(clean_short);
    clean_option(&mut row.day);
    clean_option(&mut row.note);
}
