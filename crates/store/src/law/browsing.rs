//! Reading for people who leaf through the law.

use kernel::error::Result;

use super::{DocumentRow, ProvisionRow, RelationRow, reading};
use crate::tx::Tx;

/// Is there any law at all?
///
/// # Errors
/// When the database cannot be read.
pub fn is_empty(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.query_one("SELECT id FROM law_document LIMIT 1", vec![])?.is_none())
}

/// All documents.
///
/// # Errors
/// When the database cannot be read.
pub fn all_documents(tx: &mut Tx<'_>) -> Result<Vec<DocumentRow>> {
    reading::documents_after(tx, 0, i64::MAX)
}

/// The provisions of a document in order, without their texts and notes.
///
/// # Errors
/// When the database cannot be read.
pub fn headings_of(tx: &mut Tx<'_>, document: i64) -> Result<Vec<ProvisionRow>> {
    let rows = tx.query(
        "SELECT id, document, position, path, anchor, label, title, context, subject, \
         valid_from, valid_to, NULL, '' FROM law_provision WHERE document = ?1 ORDER BY position",
        vec![document.into()],
    )?;
    rows.into_iter().map(reading::provision_row).collect()
}

/// Some provisions of a document in order, from the one at a place.
///
/// # Errors
/// When the database cannot be read.
pub fn provisions_from(
    tx: &mut Tx<'_>,
    document: i64,
    position: i64,
    limit: i64,
) -> Result<Vec<ProvisionRow>> {
    let rows = tx.query(
        "SELECT id, document, position, path, anchor, label, title, context, subject, \
         valid_from, valid_to, note, text FROM law_provision \
         WHERE document = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
        vec![document.into(), position.into(), limit.into()],
    )?;
    rows.into_iter().map(reading::provision_row).collect()
}

/// Relations of one provision.
///
/// # Errors
/// When the database cannot be read.
pub fn relations_of_provision(
    tx: &mut Tx<'_>,
    document: i64,
    provision: i64,
) -> Result<Vec<RelationRow>> {
    let rows = tx.query(
        "SELECT document, provision, kind, to_anchor, to_document, day, note FROM law_relation \
         WHERE document = ?1 AND provision = ?2",
        vec![document.into(), provision.into()],
    )?;
    rows.into_iter().map(reading::relation_row).collect()
}

/// The provision with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn provision_by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<ProvisionRow>> {
    tx.query_one(
        "SELECT id, document, position, path, anchor, label, title, context, subject, \
         valid_from, valid_to, note, text FROM law_provision WHERE id = ?1",
        vec![id.into()],
    )?
    .map(reading::provision_row)
    .transpose()
}
