//! What the program tells people: shown in the portal, later also sent by SMS or e-mail.

use kernel::error::Result;

use crate::tx::Tx;

/// A message to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Identifier.
    pub id: i64,
    /// To whom.
    pub account: i64,
    /// About which dossier.
    pub dossier: i64,
    /// When, microseconds.
    pub at: i64,
    /// Text for people.
    pub text: String,
    /// When it was read, microseconds.
    pub read_at: Option<i64>,
}

/// Adds a message.
pub fn add(tx: &mut Tx<'_>, id: i64, account: i64, dossier: i64, at: i64, text: &str) {
    tx.write(
        "INSERT INTO message (id, account, dossier, at, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        vec![id.into(), account.into(), dossier.into(), at.into(), text.into()],
    );
}

/// The messages of an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_account(tx: &mut Tx<'_>, account: i64, limit: i64) -> Result<Vec<NoticeRow>> {
    let rows = tx.query(
        "SELECT id, account, dossier, at, text, read_at FROM message WHERE account = ?1 \
         ORDER BY id DESC LIMIT ?2",
        vec![account.into(), limit.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(NoticeRow {
                id: row.int(0)?,
                account: row.int(1)?,
                dossier: row.int(2)?,
                at: row.int(3)?,
                text: row.text(4)?,
                read_at: row.optional_int(5)?,
            })
        })
        .collect()
}

/// Notes that the messages about a dossier were seen.
pub fn mark_read(tx: &mut Tx<'_>, account: i64, dossier: i64, at: i64) {
    tx.write(
        "UPDATE message SET read_at = ?3 \
         WHERE account = ?1 AND dossier = ?2 AND read_at IS NULL",
        vec![account.into(), dossier.into(), at.into()],
    );
}
