//! Papers that came out: slips, certificates, extracts.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::Row;

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Identifier.
    pub id: i64,
    /// Slip id or result id of the content.
    pub kind: String,
    /// Title for people.
    pub name: String,
    /// The dossier that it belongs to.
    pub dossier: Option<i64>,
    /// The register entry that it shows.
    pub entry: Option<i64>,
    /// Which version of the entry; 0 when it shows none.
    pub entry_version: i64,
    /// `pending` until its PDF is made, then `ready`.
    pub state: String,
    /// Hash of the PDF.
    pub blob: Option<String>,
    /// Size of the PDF in bytes.
    pub bytes: i64,
    /// Does it carry a digital signature?
    pub signed: bool,
    /// When it was issued, microseconds.
    pub issued_at: i64,
    /// What it is made from, as JSON.
    pub body: String,
}

fn document_row(mut row: Row) -> Result<DocumentRow> {
    Ok(DocumentRow {
        id: row.int(0)?,
        kind: row.text(1)?,
        name: row.text(2)?,
        dossier: row.optional_int(3)?,
        entry: row.optional_int(4)?,
        entry_version: row.int(5)?,
        state: row.text(6)?,
        blob: row.optional_text(7)?,
        bytes: row.int(8)?,
        signed: row.boolean(9)?,
        issued_at: row.int(10)?,
        body: row.text(11)?,
    })
}

/// Adds a paper.
pub fn insert(tx: &mut Tx<'_>, row: &DocumentRow) {
    tx.write(
        "INSERT INTO document (id, kind, name, dossier, entry, entry_version, state, blob, bytes, \
         signed, issued_at, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        vec![
            row.id.into(),
            (&row.kind).into(),
            (&row.name).into(),
            row.dossier.into(),
            row.entry.into(),
            row.entry_version.into(),
            (&row.state).into(),
            row.blob.clone().into(),
            row.bytes.into(),
            row.signed.into(),
            row.issued_at.into(),
            (&row.body).into(),
        ],
    );
}

/// Notes that the PDF of a pending paper is there. False when another process was first.
///
/// # Errors
/// When the database cannot be written.
pub fn set_ready(tx: &mut Tx<'_>, id: i64, blob: &str, bytes: i64) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE document SET state = 'ready', blob = ?2, bytes = ?3 \
         WHERE id = ?1 AND state = 'pending'",
        vec![id.into(), blob.into(), bytes.into()],
    )?;
    Ok(changed > 0)
}

/// The paper with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<DocumentRow>> {
    tx.query_one(
        "SELECT id, kind, name, dossier, entry, entry_version, state, blob, bytes, signed, \
         issued_at, body FROM document WHERE id = ?1",
        vec![id.into()],
    )?
    .map(document_row)
    .transpose()
}

/// The papers of a dossier, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_dossier(tx: &mut Tx<'_>, dossier: i64) -> Result<Vec<DocumentRow>> {
    let rows = tx.query(
        "SELECT id, kind, name, dossier, entry, entry_version, state, blob, bytes, signed, \
         issued_at, body FROM document WHERE dossier = ?1 ORDER BY id",
        vec![dossier.into()],
    )?;
    rows.into_iter().map(document_row).collect()
}

/// The papers that show an entry, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_entry(tx: &mut Tx<'_>, entry: i64) -> Result<Vec<DocumentRow>> {
    let rows = tx.query(
        "SELECT id, kind, name, dossier, entry, entry_version, state, blob, bytes, signed, \
         issued_at, body FROM document WHERE entry = ?1 ORDER BY id",
        vec![entry.into()],
    )?;
    rows.into_iter().map(document_row).collect()
}
