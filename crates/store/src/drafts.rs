//! Drafts of forms, and the files attached to them.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::Row;

/// A form being filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Identifier.
    pub id: i64,
    /// Whose draft.
    pub account: i64,
    /// Procedure code.
    pub procedure_code: String,
    /// Hash of the procedure version.
    pub definition: String,
    /// The unit that is to decide; empty until one is chosen.
    pub unit: String,
    /// The dossier that this draft answers a request of, if any.
    pub dossier: Option<i64>,
    /// Answers as JSON.
    pub answers: String,
    /// Where filled values came from, as JSON.
    pub sources: String,
    /// Grows by one at each save.
    pub revision: i64,
    /// Start, microseconds.
    pub created_at: i64,
    /// Last save, microseconds.
    pub updated_at: i64,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Identifier, the value in the answers.
    pub id: i64,
    /// Who uploaded it.
    pub account: i64,
    /// The draft that it belongs to.
    pub draft: Option<i64>,
    /// The dossier that it belongs to, once sent.
    pub dossier: Option<i64>,
    /// The form field.
    pub field: String,
    /// File name given by the person, cleaned.
    pub name: String,
    /// Media type found by content.
    pub mime: String,
    /// Size in bytes as stored.
    pub bytes: i64,
    /// Hash of the stored bytes.
    pub blob: String,
    /// When, microseconds.
    pub created_at: i64,
}

fn draft_row(mut row: Row) -> Result<DraftRow> {
    Ok(DraftRow {
        id: row.int(0)?,
        account: row.int(1)?,
        procedure_code: row.text(2)?,
        definition: row.text(3)?,
        unit: row.text(4)?,
        dossier: row.optional_int(5)?,
        answers: row.text(6)?,
        sources: row.text(7)?,
        revision: row.int(8)?,
        created_at: row.int(9)?,
        updated_at: row.int(10)?,
    })
}

/// Adds a draft.
pub fn insert(tx: &mut Tx<'_>, draft: &DraftRow) {
    tx.write(
        "INSERT INTO draft (id, account, procedure_code, definition, unit, dossier, answers, \
         sources, revision, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        vec![
            draft.id.into(),
            draft.account.into(),
            (&draft.procedure_code).into(),
            (&draft.definition).into(),
            (&draft.unit).into(),
            draft.dossier.into(),
            (&draft.answers).into(),
            (&draft.sources).into(),
            draft.revision.into(),
            draft.created_at.into(),
            draft.updated_at.into(),
        ],
    );
}

/// The draft with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<DraftRow>> {
    tx.query_one(
        "SELECT id, account, procedure_code, definition, unit, dossier, answers, sources, \
         revision, created_at, updated_at FROM draft WHERE id = ?1",
        vec![id.into()],
    )?
    .map(draft_row)
    .transpose()
}

/// The drafts of an account, last used first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_account(tx: &mut Tx<'_>, account: i64, limit: i64) -> Result<Vec<DraftRow>> {
    let rows = tx.query(
        "SELECT id, account, procedure_code, definition, unit, dossier, answers, sources, \
         revision, created_at, updated_at FROM draft WHERE account = ?1 \
         ORDER BY updated_at DESC LIMIT ?2",
        vec![account.into(), limit.into()],
    )?;
    rows.into_iter().map(draft_row).collect()
}

/// Saves a draft, whatever was there: the page that saved last is the one the person looks at.
pub fn save(tx: &mut Tx<'_>, id: i64, unit: &str, answers: &str, sources: &str, at: i64) {
    tx.write(
        "UPDATE draft SET unit = ?2, answers = ?3, sources = ?4, updated_at = ?5, \
         revision = revision + 1 WHERE id = ?1",
        vec![id.into(), unit.into(), answers.into(), sources.into(), at.into()],
    );
}

/// Removes a draft. True when it was there: of two sends at once only one finds it.
///
/// # Errors
/// When the database cannot be written.
pub fn delete(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    Ok(tx.execute("DELETE FROM draft WHERE id = ?1", vec![id.into()])? > 0)
}

fn upload_row(mut row: Row) -> Result<UploadRow> {
    Ok(UploadRow {
        id: row.int(0)?,
        account: row.int(1)?,
        draft: row.optional_int(2)?,
        dossier: row.optional_int(3)?,
        field: row.text(4)?,
        name: row.text(5)?,
        mime: row.text(6)?,
        bytes: row.int(7)?,
        blob: row.text(8)?,
        created_at: row.int(9)?,
    })
}

/// Adds an uploaded file.
pub fn insert_upload(tx: &mut Tx<'_>, upload: &UploadRow) {
    tx.write(
        "INSERT INTO upload (id, account, draft, dossier, field, name, mime, bytes, blob, \
         created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        vec![
            upload.id.into(),
            upload.account.into(),
            upload.draft.into(),
            upload.dossier.into(),
            (&upload.field).into(),
            (&upload.name).into(),
            (&upload.mime).into(),
            upload.bytes.into(),
            (&upload.blob).into(),
            upload.created_at.into(),
        ],
    );
}

/// The uploaded file with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn upload_by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<UploadRow>> {
    tx.query_one(
        "SELECT id, account, draft, dossier, field, name, mime, bytes, blob, created_at \
         FROM upload WHERE id = ?1",
        vec![id.into()],
    )?
    .map(upload_row)
    .transpose()
}

/// The files of a draft, in the order in which they came.
///
/// # Errors
/// When the database cannot be read.
pub fn uploads_of_draft(tx: &mut Tx<'_>, draft: i64) -> Result<Vec<UploadRow>> {
    let rows = tx.query(
        "SELECT id, account, draft, dossier, field, name, mime, bytes, blob, created_at \
         FROM upload WHERE draft = ?1 ORDER BY id",
        vec![draft.into()],
    )?;
    rows.into_iter().map(upload_row).collect()
}

/// The files of a dossier, in the order in which they came.
///
/// # Errors
/// When the database cannot be read.
pub fn uploads_of_dossier(tx: &mut Tx<'_>, dossier: i64) -> Result<Vec<UploadRow>> {
    let rows = tx.query(
        "SELECT id, account, draft, dossier, field, name, mime, bytes, blob, created_at \
         FROM upload WHERE dossier = ?1 ORDER BY id",
        vec![dossier.into()],
    )?;
    rows.into_iter().map(upload_row).collect()
}

/// Hands the files of a draft over to the dossier that it became.
pub fn move_uploads(tx: &mut Tx<'_>, draft: i64, dossier: i64) {
    tx.write("UPDATE upload SET dossier = ?2 WHERE draft = ?1", vec![draft.into(), dossier.into()]);
}

/// Hands a file that belongs to no draft over to the dossier whose answers name it.
pub fn claim_upload(tx: &mut Tx<'_>, id: i64, dossier: i64) {
    tx.write(
        "UPDATE upload SET dossier = ?2 WHERE id = ?1 AND dossier IS NULL",
        vec![id.into(), dossier.into()],
    );
}

/// The drafts that were last saved before a moment, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn saved_before(tx: &mut Tx<'_>, at: i64, limit: i64) -> Result<Vec<i64>> {
    let rows = tx.query(
        "SELECT id FROM draft WHERE updated_at < ?1 ORDER BY updated_at LIMIT ?2",
        vec![at.into(), limit.into()],
    )?;
    rows.into_iter().map(|mut row| row.int(0)).collect()
}

/// Removes the files of a draft that no dossier holds; answers the hashes of their bytes.
///
/// # Errors
/// When the database cannot be written.
pub fn delete_uploads_of_draft(tx: &mut Tx<'_>, draft: i64) -> Result<Vec<String>> {
    let rows = tx.query(
        "DELETE FROM upload WHERE draft = ?1 AND dossier IS NULL RETURNING blob",
        vec![draft.into()],
    )?;
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

/// Removes files that came before a moment and belong to no draft and no dossier; answers the hashes
/// of their bytes.
///
/// # Errors
/// When the database cannot be written.
pub fn delete_loose_uploads(tx: &mut Tx<'_>, before: i64) -> Result<Vec<String>> {
    let rows = tx.query(
        "DELETE FROM upload WHERE created_at < ?1 AND dossier IS NULL \
         AND (draft IS NULL OR NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = upload.draft)) \
         RETURNING blob",
        vec![before.into()],
    )?;
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

/// Which of these hashes a file or a paper still needs. Looks through all of them, so it is for
/// house-keeping, on a reader connection, with many hashes at once.
///
/// # Errors
/// When the database cannot be read.
pub fn blobs_in_use(tx: &mut Tx<'_>, hashes: &[String]) -> Result<Vec<String>> {
    const SQLITE: &str = "SELECT blob FROM upload WHERE blob IN (SELECT value FROM json_each(?1)) \
         UNION SELECT blob FROM document WHERE blob IN (SELECT value FROM json_each(?1))";
    const POSTGRES: &str = "SELECT blob FROM upload WHERE blob = ANY (string_to_array(?1, ',')) \
         UNION SELECT blob FROM document WHERE blob = ANY (string_to_array(?1, ','))";
    let (sql, list) = if tx.is_postgres() {
        (POSTGRES, hashes.join(","))
    } else {
        (SQLITE, serde_json::to_string(hashes).unwrap_or_default())
    };
    let rows = tx.query(sql, vec![list.into()])?;
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

/// Removes a file from a draft; the stored bytes are swept later.
pub fn delete_upload(tx: &mut Tx<'_>, id: i64) {
    tx.write("DELETE FROM upload WHERE id = ?1 AND dossier IS NULL", vec![id.into()]);
}
