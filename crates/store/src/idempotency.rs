//! Idempotency keys: the same request sent twice is carried out once and answered twice.

use kernel::error::Result;

use crate::tx::Tx;

/// The answer kept for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// SHA-256 of the request that it answers.
    pub request: Vec<u8>,
    /// HTTP status.
    pub status: i64,
    /// Body.
    pub body: String,
}

/// The answer kept for an account's key.
///
/// # Errors
/// When the database cannot be read.
pub fn find(tx: &mut Tx<'_>, account: i64, key: &str) -> Result<Option<KeptAnswer>> {
    tx.query_one(
        "SELECT request, status, body FROM idempotency WHERE account = ?1 AND key = ?2",
        vec![account.into(), key.into()],
    )?
    .map(|mut row| {
        Ok(KeptAnswer { request: row.blob(0)?, status: row.int(1)?, body: row.text(2)? })
    })
    .transpose()
}

/// Keeps an answer, in the transaction that carried the request out.
pub fn keep(tx: &mut Tx<'_>, account: i64, key: &str, answer: &KeptAnswer, at: i64) {
    tx.write(
        "INSERT INTO idempotency (account, key, request, status, body, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            account.into(),
            key.into(),
            answer.request.clone().into(),
            answer.status.into(),
            (&answer.body).into(),
            at.into(),
        ],
    );
}

/// Forgets answers kept before a moment.
pub fn forget_before(tx: &mut Tx<'_>, at: i64) {
    tx.write("DELETE FROM idempotency WHERE at < ?1", vec![at.into()]);
}
