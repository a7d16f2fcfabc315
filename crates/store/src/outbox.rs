//! Messages to other systems: written with the change that causes them, sent at least once, their
//! key making the second one harmless.

use kernel::error::Result;

use crate::tx::Tx;

/// A message to another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Identifier.
    pub id: i64,
    /// Which system.
    pub destination: String,
    /// What it asks or tells.
    pub kind: String,
    /// The same key means the same message.
    pub key: String,
    /// Content as JSON.
    pub body: String,
    /// `waiting`, `answered` or `refused`.
    pub state: String,
    /// How often it was sent.
    pub attempts: i64,
    /// When it was written, microseconds.
    pub created_at: i64,
    /// The answer, as the other system gave it.
    pub answer: Option<String>,
}

/// Adds a message; one with the same key is kept as it is.
pub fn add(tx: &mut Tx<'_>, row: &MessageRow) {
    tx.write(
        "INSERT INTO outbox (id, destination, kind, key, body, state, attempts, created_at, answer) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (destination, key) DO NOTHING",
        vec![
            row.id.into(),
            (&row.destination).into(),
            (&row.kind).into(),
            (&row.key).into(),
            (&row.body).into(),
            (&row.state).into(),
            row.attempts.into(),
            row.created_at.into(),
            row.answer.clone().into(),
        ],
    );
}

/// The message with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<MessageRow>> {
    tx.query_one(
        "SELECT id, destination, kind, key, body, state, attempts, created_at, answer FROM outbox \
         WHERE id = ?1",
        vec![id.into()],
    )?
    .map(|mut row| {
        Ok(MessageRow {
            id: row.int(0)?,
            destination: row.text(1)?,
            kind: row.text(2)?,
            key: row.text(3)?,
            body: row.text(4)?,
            state: row.text(5)?,
            attempts: row.int(6)?,
            created_at: row.int(7)?,
            answer: row.optional_text(8)?,
        })
    })
    .transpose()
}

/// Keeps the answer. False when the message was answered before: the answer came twice.
///
/// # Errors
/// When the database cannot be written.
pub fn answered(tx: &mut Tx<'_>, id: i64, state: &str, answer: &str) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE outbox SET state = ?2, answer = ?3, attempts = attempts + 1 \
         WHERE id = ?1 AND state = 'waiting'",
        vec![id.into(), state.into(), answer.into()],
    )?;
    Ok(changed > 0)
}

/// How many messages wait for an answer.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64> {
    let row = tx.query_one("SELECT count(*) FROM outbox WHERE state = 'waiting'", vec![])?;
    row.map_or(Ok(0), |mut row| row.int(0))
}
