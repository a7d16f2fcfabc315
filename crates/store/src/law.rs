//! Legal documents, their provisions, and how they hang together.
//!
//! A document is written whole or not at all ([`put`]); what is read stands in `law/reading.rs`.

mod browsing;
mod endings;
mod reading;
pub mod reviewing;

use kernel::error::Result;
use serde::{Deserialize, Serialize};

use crate::settings;
use crate::tx::Tx;
use crate::value::Value;

pub use browsing::{
    all_documents, headings_of, is_empty, provision_by_id, provisions_from, relations_of_provision,
};
pub use endings::{Ending, endings};
pub use reading::{
    Counts, body, counts, document, documents_after, documents_by_key, provision_at,
    provision_by_anchor, provisions_of, relations_of, relations_to_anchor, relations_to_document,
};

/// What is known about a document. Days are ISO, the issuer is empty where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentRow {
    /// Identifier.
    #[serde(skip)]
    pub id: i64,
    /// Number and symbol in the spelling in which they are compared: `57-2020-qh14`. Two documents may
    /// have one, but not of one issuer and one source.
    pub key: String,
    /// Number and symbol as printed.
    pub number: Option<String>,
    /// "Luật", "Nghị định".
    pub kind: Option<String>,
    /// Name without the kind.
    pub title: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// Day of issue.
    pub issued_on: Option<String>,
    /// First day of effect.
    pub effective_on: Option<String>,
    /// First day on which it is no longer in force.
    pub expires_on: Option<String>,
    /// Field or subject.
    pub field: Option<String>,
    /// Where it came from: `codified`, `corpus` or `file`.
    pub source: String,
    /// Hash of all that was imported, by which a second import is recognised.
    #[serde(skip)]
    pub hash: String,
    /// How many provisions it has.
    #[serde(skip)]
    pub provisions: i64,
    /// When it was imported, in microseconds.
    #[serde(skip)]
    pub imported_at: i64,
}

/// A provision: an article, or what stands for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProvisionRow {
    /// Identifier.
    #[serde(skip)]
    pub id: i64,
    /// Its document.
    #[serde(skip)]
    pub document: i64,
    /// Place within the document, from 0.
    #[serde(skip)]
    pub position: i64,
    /// Address within the document: `dieu-4`.
    pub path: String,
    /// The identifier by which others know it, unique.
    pub anchor: String,
    /// "Điều 4".
    pub label: String,
    /// Heading.
    pub title: String,
    /// Headings above it.
    pub context: String,
    /// What it is about in a codification.
    pub subject: String,
    /// First day of effect, ISO.
    pub valid_from: Option<String>,
    /// First day on which it is no longer in force, ISO.
    pub valid_to: Option<String>,
    /// What an editor notes about it.
    pub note: Option<String>,
    /// Its text, a paragraph a line.
    pub text: String,
}

/// How a document or a provision of it hangs together with another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelationRow {
    /// The document.
    #[serde(skip)]
    pub document: i64,
    /// The provision; the document as a whole when absent.
    #[serde(skip)]
    pub provision: Option<i64>,
    /// `related`, `basis`, `amended-by`, `repealed-by`, `amends` ….
    pub kind: String,
    /// Anchor of the other provision.
    pub to_anchor: Option<String>,
    /// Key of the other document.
    pub to_document: Option<String>,
    /// First day on which it counts, ISO.
    pub day: Option<String>,
    /// Words that belong to it.
    pub note: Option<String>,
}

/// A document with everything that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewDocument {
    /// What is known about it.
    pub row: DocumentRow,
    /// The whole document as JSON, where it was read from a file.
    pub body: Option<String>,
    /// Its provisions, in order.
    pub provisions: Vec<ProvisionRow>,
    /// Its relations; those of a provision bear its identifier.
    pub relations: Vec<RelationRow>,
}

/// What became of a document that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// It took the place of an earlier state of itself.
    Replaced,
    /// It was there already, word for word.
    Unchanged,
}

/// What became of a document, and which of its provisions could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// What became of it.
    pub outcome: Outcome,
    /// Its identifier.
    pub id: i64,
    /// Anchors that another document has already: those provisions were left out.
    pub taken: Vec<String>,
}

/// Name of the setting that counts the changes of the law.
const REVISION: &str = "law.revision";
/// Name of the setting that says of which revision the search index is.
const INDEXED: &str = "law.indexed";

/// How often the law was changed.
///
/// # Errors
/// When the database cannot be read.
pub fn revision(tx: &mut Tx<'_>) -> Result<u64> {
    Ok(number(settings::get(tx, REVISION)?).unwrap_or(0))
}

/// The revision of which there is a search index.
///
/// # Errors
/// When the database cannot be read.
pub fn indexed(tx: &mut Tx<'_>) -> Result<Option<u64>> {
    Ok(number(settings::get(tx, INDEXED)?))
}

/// Notes that there is a search index of a revision.
pub fn set_indexed(tx: &mut Tx<'_>, revision: u64) {
    settings::set(tx, INDEXED, &revision.to_string());
}

fn number(text: Option<String>) -> Option<u64> {
    text.and_then(|text| text.parse().ok())
}

/// Writes documents whole, each in the place of an earlier state of itself, and counts the revision up if
/// anything changed. A document is the same when key, issuer and source are; one whose issuer is not known
/// is the same as the only one with its key from its source. What another source says stays beside it.
///
/// # Errors
/// When the database cannot be written.
pub fn put(tx: &mut Tx<'_>, documents: Vec<NewDocument>) -> Result<Vec<Put>> {
    let mut outcomes = Vec::with_capacity(documents.len());
    for document in documents {
        outcomes.push(put_one(tx, document)?);
    }
    if outcomes.iter().any(|put| put.outcome != Outcome::Unchanged) {
        let next = revision(tx)?.saturating_add(1);
        settings::set(tx, REVISION, &next.to_string());
    }
    Ok(outcomes)
}

fn put_one(tx: &mut Tx<'_>, document: NewDocument) -> Result<Put> {
    let NewDocument { mut row, body, provisions, relations } = document;
    let earlier = earlier(reading::documents_by_key(tx, &row.key)?, &row);
    let outcome = match &earlier {
        Some(earlier) if earlier.hash == row.hash => {
            let put = Put { outcome: Outcome::Unchanged, id: earlier.id, taken: Vec::new() };
            return Ok(put);
        }
        Some(earlier) => {
            row.id = earlier.id;
            delete_content(tx, earlier.id);
            tx.write("DELETE FROM law_document WHERE id = ?1", vec![earlier.id.into()]);
            Outcome::Replaced
        }
        None => Outcome::Added,
    };
    let wanted = provisions.len();
    let anchors: Vec<String> = provisions.iter().map(|one| one.anchor.clone()).collect();
    for provision in provisions {
        insert_provision(tx, row.id, provision);
    }
    for relation in relations {
        insert_relation(tx, row.id, relation);
    }
    let kept = reading::count_provisions(tx, row.id)?;
    let taken = match usize::try_from(kept) {
        Ok(kept) if kept == wanted => Vec::new(),
        _ => drop_strays(tx, row.id, anchors)?,
    };
    row.provisions = kept;
    insert_document(tx, &row, body);
    Ok(Put { outcome, id: row.id, taken })
}

/// The state of a document that is there already.
fn earlier(mut known: Vec<DocumentRow>, row: &DocumentRow) -> Option<DocumentRow> {
    known.retain(|other| other.source == row.source);
    if let Some(same) = known.iter().position(|other| other.issuer == row.issuer) {
        return Some(known.swap_remove(same));
    }
    let is_only = known.len() == 1;
    known.pop().filter(|only| is_only && (row.issuer.is_empty() || only.issuer.is_empty()))
}

/// The anchors that stayed with another document; relations of provisions left out go too.
fn drop_strays(tx: &mut Tx<'_>, document: i64, anchors: Vec<String>) -> Result<Vec<String>> {
    tx.write(
        "DELETE FROM law_relation WHERE document = ?1 AND provision IS NOT NULL \
         AND provision NOT IN (SELECT id FROM law_provision WHERE document = ?1)",
        vec![document.into()],
    );
    let mut kept = reading::anchors_of(tx, document)?;
    kept.sort_unstable();
    Ok(anchors.into_iter().filter(|anchor| kept.binary_search(anchor).is_err()).collect())
}

/// Takes a document out.
///
/// # Errors
/// When the database cannot be written.
pub fn remove(tx: &mut Tx<'_>, document: i64) -> Result<()> {
    delete_content(tx, document);
    tx.write("DELETE FROM law_document WHERE id = ?1", vec![document.into()]);
    let next = revision(tx)?.saturating_add(1);
    settings::set(tx, REVISION, &next.to_string());
    Ok(())
}

fn delete_content(tx: &mut Tx<'_>, document: i64) {
    tx.write("DELETE FROM law_provision WHERE document = ?1", vec![document.into()]);
    tx.write("DELETE FROM law_relation WHERE document = ?1", vec![document.into()]);
}

fn insert_document(tx: &mut Tx<'_>, row: &DocumentRow, body: Option<String>) {
    tx.write(
        "INSERT INTO law_document (id, key, number, kind, title, issuer, issued_on, effective_on, \
         expires_on, field, source, hash, provisions, imported_at, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        vec![
            row.id.into(),
            (&row.key).into(),
            row.number.as_ref().into(),
            row.kind.as_ref().into(),
            row.title.as_ref().into(),
            (&row.issuer).into(),
            row.issued_on.as_ref().into(),
            row.effective_on.as_ref().into(),
            row.expires_on.as_ref().into(),
            row.field.as_ref().into(),
            (&row.source).into(),
            (&row.hash).into(),
            row.provisions.into(),
            row.imported_at.into(),
            body.into(),
        ],
    );
}

fn insert_provision(tx: &mut Tx<'_>, document: i64, row: ProvisionRow) {
    tx.write(
        "INSERT INTO law_provision (id, document, position, path, anchor, label, title, context, \
         subject, valid_from, valid_to, note, text) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
         ON CONFLICT (anchor) DO NOTHING",
        vec![
            row.id.into(),
            document.into(),
            row.position.into(),
            row.path.into(),
            row.anchor.into(),
            row.label.into(),
            row.title.into(),
            row.context.into(),
            row.subject.into(),
            row.valid_from.into(),
            row.valid_to.into(),
            row.note.into(),
            row.text.into(),
        ],
    );
}

fn insert_relation(tx: &mut Tx<'_>, document: i64, row: RelationRow) {
    let provision: Value = row.provision.into();
    tx.write(
        "INSERT INTO law_relation (document, provision, kind, to_anchor, to_document, day, note) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            document.into(),
            provision,
            row.kind.into(),
            row.to_anchor.into(),
            row.to_document.into(),
            row.day.into(),
            row.note.into(),
        ],
    );
}
