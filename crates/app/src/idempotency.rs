//! Answers kept under the keys of clients, so that a request sent twice is carried out once.
//!
//! What is kept is never a secret and never personal: codes and identifiers from which the answer is
//! made again.

use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use serde_json::Value;
use store::Tx;
use store::idempotency::{self, KeptAnswer};

use crate::dossiers::IdempotencyKey;

/// The answer that was kept under a key of this account.
///
/// # Errors
/// `Conflict` when the key was used for another request.
pub(crate) fn kept(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &IdempotencyKey,
) -> Result<Option<Value>> {
    let Some(kept) = idempotency::find(tx, account.raw(), &key.key)? else {
        return Ok(None);
    };
    if kept.request != key.request {
        return Err(Error::conflict(
            "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
        ));
    }
    serde_json::from_str(&kept.body).map(Some).map_err(Error::internal)
}

/// Keeps an answer in the transaction that carries the request out.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &IdempotencyKey,
    answer: &Value,
    now: Moment,
) {
    let answer =
        KeptAnswer { request: key.request.to_vec(), status: 200, body: answer.to_string() };
    idempotency::keep(tx, account.raw(), &key.key, &answer, now.micros());
}
