//! Reading documents, provisions and relations.

use kernel::error::Result;

use super::{DocumentRow, ProvisionRow, RelationRow};
use crate::tx::Tx;
use crate::value::Row;

/// How much law there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: i64,
    /// Provisions.
    pub provisions: i64,
    /// Relations.
    pub relations: i64,
}

macro_rules! document_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, key, number, kind, title, issuer, issued_on, effective_on, expires_on, \
             field, source, hash, provisions, imported_at FROM law_document ",
            $rest
        )
    };
}

fn document_row(mut row: Row) -> Result<DocumentRow> {
    Ok(DocumentRow {
        id: row.int(0)?,
        key: row.text(1)?,
        number: row.optional_text(2)?,
        kind: row.optional_text(3)?,
        title: row.optional_text(4)?,
        issuer: row.text(5)?,
        issued_on: row.optional_text(6)?,
        effective_on: row.optional_text(7)?,
        expires_on: row.optional_text(8)?,
        field: row.optional_text(9)?,
        source: row.text(10)?,
        hash: row.text(11)?,
        provisions: row.int(12)?,
        imported_at: row.int(13)?,
    })
}

macro_rules! provision_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, document, position, path, anchor, label, title, context, subject, \
             valid_from, valid_to, note, text FROM law_provision ",
            $rest
        )
    };
}

pub(super) fn provision_row(mut row: Row) -> Result<ProvisionRow> {
    Ok(ProvisionRow {
        id: row.int(0)?,
        document: row.int(1)?,
        position: row.int(2)?,
        path: row.text(3)?,
        anchor: row.text(4)?,
        label: row.text(5)?,
        title: row.text(6)?,
        context: row.text(7)?,
        subject: row.text(8)?,
        valid_from: row.optional_text(9)?,
        valid_to: row.optional_text(10)?,
        note: row.optional_text(11)?,
        text: row.text(12)?,
    })
}

macro_rules! relation_columns {
    ($rest:literal) => {
        concat!(
            "SELECT document, provision, kind, to_anchor, to_document, day, note \
             FROM law_relation ",
            $rest
        )
    };
}

pub(super) fn relation_row(mut row: Row) -> Result<RelationRow> {
    Ok(RelationRow {
        document: row.int(0)?,
        provision: row.optional_int(1)?,
        kind: row.text(2)?,
        to_anchor: row.optional_text(3)?,
        to_document: row.optional_text(4)?,
        day: row.optional_text(5)?,
        note: row.optional_text(6)?,
    })
}

/// The document with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn document(tx: &mut Tx<'_>, id: i64) -> Result<Option<DocumentRow>> {
    tx.query_one(document_columns!("WHERE id = ?1"), vec![id.into()])?.map(document_row).transpose()
}

/// The documents with this key, which are of different issuers or sources.
///
/// # Errors
/// When the database cannot be read.
pub fn documents_by_key(tx: &mut Tx<'_>, key: &str) -> Result<Vec<DocumentRow>> {
    let rows =
        tx.query(document_columns!("WHERE key = ?1 ORDER BY issuer, source"), vec![key.into()])?;
    rows.into_iter().map(document_row).collect()
}

/// Documents in the order of their identifiers, from the one after `after`.
///
/// # Errors
/// When the database cannot be read.
pub fn documents_after(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<DocumentRow>> {
    let rows = tx.query(
        document_columns!("WHERE id > ?1 ORDER BY id LIMIT ?2"),
        vec![after.into(), limit.into()],
    )?;
    rows.into_iter().map(document_row).collect()
}

/// The whole document as JSON, where it was read from a file.
///
/// # Errors
/// When the database cannot be read.
pub fn body(tx: &mut Tx<'_>, document: i64) -> Result<Option<String>> {
    tx.query_one("SELECT body FROM law_document WHERE id = ?1", vec![document.into()])?
        .map_or(Ok(None), |mut row| row.optional_text(0))
}

/// The provisions of a document, in order.
///
/// # Errors
/// When the database cannot be read.
pub fn provisions_of(tx: &mut Tx<'_>, document: i64) -> Result<Vec<ProvisionRow>> {
    let rows = tx.query(
        provision_columns!("WHERE document = ?1 ORDER BY position"),
        vec![document.into()],
    )?;
    rows.into_iter().map(provision_row).collect()
}

/// The provision that others know by this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn provision_by_anchor(tx: &mut Tx<'_>, anchor: &str) -> Result<Option<ProvisionRow>> {
    tx.query_one(provision_columns!("WHERE anchor = ?1"), vec![anchor.into()])?
        .map(provision_row)
        .transpose()
}

/// The first provision of a document with this address: `dieu-4`.
///
/// # Errors
/// When the database cannot be read.
pub fn provision_at(tx: &mut Tx<'_>, document: i64, path: &str) -> Result<Option<ProvisionRow>> {
    tx.query_one(
        provision_columns!("WHERE document = ?1 AND path = ?2 ORDER BY position LIMIT 1"),
        vec![document.into(), path.into()],
    )?
    .map(provision_row)
    .transpose()
}

/// Relations of a document and of its provisions.
///
/// # Errors
/// When the database cannot be read.
pub fn relations_of(tx: &mut Tx<'_>, document: i64) -> Result<Vec<RelationRow>> {
    let rows = tx.query(relation_columns!("WHERE document = ?1"), vec![document.into()])?;
    rows.into_iter().map(relation_row).collect()
}

/// Relations that lead to a provision.
///
/// # Errors
/// When the database cannot be read.
pub fn relations_to_anchor(tx: &mut Tx<'_>, anchor: &str) -> Result<Vec<RelationRow>> {
    let rows = tx.query(relation_columns!("WHERE to_anchor = ?1"), vec![anchor.into()])?;
    rows.into_iter().map(relation_row).collect()
}

/// Relations that lead to a document, by its key.
///
/// # Errors
/// When the database cannot be read.
pub fn relations_to_document(tx: &mut Tx<'_>, key: &str) -> Result<Vec<RelationRow>> {
    let rows = tx.query(relation_columns!("WHERE to_document = ?1"), vec![key.into()])?;
    rows.into_iter().map(relation_row).collect()
}

/// How much law there is.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(tx: &mut Tx<'_>) -> Result<Counts> {
    let row = tx.query_one(
        "SELECT (SELECT COUNT(*) FROM law_document), (SELECT COUNT(*) FROM law_provision), \
         (SELECT COUNT(*) FROM law_relation)",
        vec![],
    )?;
    let Some(mut row) = row else { return Ok(Counts::default()) };
    Ok(Counts { documents: row.int(0)?, provisions: row.int(1)?, relations: row.int(2)? })
}

pub(super) fn count_provisions(tx: &mut Tx<'_>, document: i64) -> Result<i64> {
    tx.query_one("SELECT COUNT(*) FROM law_provision WHERE document = ?1", vec![document.into()])?
        .map_or(Ok(0), |mut row| row.int(0))
}

pub(super) fn anchors_of(tx: &mut Tx<'_>, document: i64) -> Result<Vec<String>> {
    tx.query("SELECT anchor FROM law_provision WHERE document = ?1", vec![document.into()])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}
