//! Sessions of signed-in people, kept by the hash of their token.

use kernel::error::Result;

use crate::tx::Tx;

/// A session as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token in the cookie.
    pub hash: [u8; 32],
    /// Whose session.
    pub account: i64,
    /// Start, microseconds.
    pub created_at: i64,
    /// Last use, microseconds; written at most once a minute.
    pub seen_at: i64,
    /// Absolute end, microseconds.
    pub expires_at: i64,
    /// Was the second factor given?
    pub mfa: bool,
    /// What the person sees in the list of sessions, such as the kind of browser.
    pub label: String,
}

/// Opens a session.
pub fn insert(tx: &mut Tx<'_>, session: &SessionRow) {
    tx.write(
        "INSERT INTO session (hash, account, created_at, seen_at, expires_at, mfa, label) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            session.hash.into(),
            session.account.into(),
            session.created_at.into(),
            session.seen_at.into(),
            session.expires_at.into(),
            session.mfa.into(),
            (&session.label).into(),
        ],
    );
}

/// The session with this hash.
///
/// # Errors
/// When the database cannot be read.
pub fn by_hash(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<SessionRow>> {
    tx.query_one(
        "SELECT account, created_at, seen_at, expires_at, mfa, label FROM session WHERE hash = ?1",
        vec![hash.into()],
    )?
    .map(|mut row| {
        Ok(SessionRow {
            hash,
            account: row.int(0)?,
            created_at: row.int(1)?,
            seen_at: row.int(2)?,
            expires_at: row.int(3)?,
            mfa: row.boolean(4)?,
            label: row.text(5)?,
        })
    })
    .transpose()
}

/// The open sessions of an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_account(tx: &mut Tx<'_>, account: i64) -> Result<Vec<SessionRow>> {
    let rows = tx.query(
        "SELECT hash, created_at, seen_at, expires_at, mfa, label FROM session \
         WHERE account = ?1 ORDER BY created_at DESC",
        vec![account.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(SessionRow {
                hash: row.blob(0)?.try_into().unwrap_or([0; 32]),
                account,
                created_at: row.int(1)?,
                seen_at: row.int(2)?,
                expires_at: row.int(3)?,
                mfa: row.boolean(4)?,
                label: row.text(5)?,
            })
        })
        .collect()
}

/// Notes that the session was used.
pub fn touch(tx: &mut Tx<'_>, hash: [u8; 32], seen_at: i64) {
    tx.write("UPDATE session SET seen_at = ?2 WHERE hash = ?1", vec![hash.into(), seen_at.into()]);
}

/// Gives a session a new token, as after a change of password or of the second factor: who held the
/// old one holds nothing. False when the session is gone.
///
/// # Errors
/// When the database cannot be written.
pub fn renew(tx: &mut Tx<'_>, hash: [u8; 32], new: [u8; 32], mfa: bool) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE session SET hash = ?2, mfa = ?3 WHERE hash = ?1",
        vec![hash.into(), new.into(), mfa.into()],
    )?;
    Ok(changed > 0)
}

/// Ends a session.
pub fn delete(tx: &mut Tx<'_>, hash: [u8; 32]) {
    tx.write("DELETE FROM session WHERE hash = ?1", vec![hash.into()]);
}

/// Ends all sessions of an account but one, as after a change of password.
pub fn delete_others(tx: &mut Tx<'_>, account: i64, keep: [u8; 32]) {
    tx.write(
        "DELETE FROM session WHERE account = ?1 AND hash <> ?2",
        vec![account.into(), keep.into()],
    );
}

/// Ends all sessions of an account.
pub fn delete_all(tx: &mut Tx<'_>, account: i64) {
    tx.write("DELETE FROM session WHERE account = ?1", vec![account.into()]);
}

/// Removes sessions past their absolute end.
pub fn delete_expired(tx: &mut Tx<'_>, now: i64) {
    tx.write("DELETE FROM session WHERE expires_at < ?1", vec![now.into()]);
}
