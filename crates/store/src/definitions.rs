//! Versions of procedures and registers by the hash of their JSON: a dossier keeps the version that
//! it was received under, whatever `content/` says later.

use kernel::error::Result;

use crate::tx::Tx;

/// A stored version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRow {
    /// SHA-256 of the body, hexadecimal.
    pub hash: String,
    /// `procedure` or `register`.
    pub kind: String,
    /// Procedure code or register id.
    pub code: String,
    /// First day of the version, ISO.
    pub valid_from: String,
    /// The definition as JSON.
    pub body: String,
    /// When it was first loaded, microseconds.
    pub added_at: i64,
}

/// Keeps a version; one that is there already stays as it is. True when it was new.
///
/// # Errors
/// When the database cannot be written.
pub fn keep(tx: &mut Tx<'_>, row: &DefinitionRow) -> Result<bool> {
    let changed = tx.execute(
        "INSERT INTO definition (hash, kind, code, valid_from, body, added_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        vec![
            (&row.hash).into(),
            (&row.kind).into(),
            (&row.code).into(),
            (&row.valid_from).into(),
            (&row.body).into(),
            row.added_at.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// All versions of a kind.
///
/// # Errors
/// When the database cannot be read.
pub fn all(tx: &mut Tx<'_>, kind: &str) -> Result<Vec<DefinitionRow>> {
    let rows = tx.query(
        "SELECT hash, kind, code, valid_from, body, added_at FROM definition WHERE kind = ?1 \
         ORDER BY code, added_at",
        vec![kind.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(DefinitionRow {
                hash: row.text(0)?,
                kind: row.text(1)?,
                code: row.text(2)?,
                valid_from: row.text(3)?,
                body: row.text(4)?,
                added_at: row.int(5)?,
            })
        })
        .collect()
}
