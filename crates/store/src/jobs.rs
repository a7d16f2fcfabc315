//! The job queue: work that follows a transaction, added inside it.
//!
//! A job is claimed for a while; a process that dies leaves it to be claimed again. So a job may run
//! twice and must be harmless the second time.

use kernel::error::Result;

use crate::tx::Tx;

/// A job that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Identifier.
    pub id: i64,
    /// Which job type.
    pub kind: String,
    /// Its parameters as JSON.
    pub body: String,
    /// How often it was begun before.
    pub attempts: i64,
}

/// Adds a job, to run at a moment or later.
pub fn add(tx: &mut Tx<'_>, id: i64, kind: &str, body: &str, run_at: i64) {
    tx.jobs_added = true;
    tx.write(
        "INSERT INTO job (id, kind, body, state, run_at, attempts) \
         VALUES (?1, ?2, ?3, 'ready', ?4, 0)",
        vec![id.into(), kind.into(), body.into(), run_at.into()],
    );
}

/// Claims up to `limit` jobs that are due, until `until`.
///
/// # Errors
/// When the database cannot be written.
pub fn claim(tx: &mut Tx<'_>, now: i64, until: i64, limit: i64) -> Result<Vec<JobRow>> {
    const SQLITE: &str = "UPDATE job SET claimed_until = ?2, attempts = attempts + 1, run_at = ?2 \
         WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= ?1 \
         ORDER BY run_at LIMIT ?3) RETURNING id, kind, body, attempts - 1";
    const POSTGRES: &str = "UPDATE job SET claimed_until = ?2, attempts = attempts + 1, run_at = ?2 \
         WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= ?1 \
         ORDER BY run_at LIMIT ?3 FOR UPDATE SKIP LOCKED) RETURNING id, kind, body, attempts - 1";
    let sql = if tx.is_postgres() { POSTGRES } else { SQLITE };
    let rows = tx.query(sql, vec![now.into(), until.into(), limit.into()])?;
    rows.into_iter()
        .map(|mut row| {
            Ok(JobRow {
                id: row.int(0)?,
                kind: row.text(1)?,
                body: row.text(2)?,
                attempts: row.int(3)?,
            })
        })
        .collect()
}

/// Removes a job that is done.
pub fn done(tx: &mut Tx<'_>, id: i64) {
    tx.write("DELETE FROM job WHERE id = ?1", vec![id.into()]);
}

/// Puts a failed job back for later, or lays it aside for an operator.
pub fn failed(tx: &mut Tx<'_>, id: i64, error: &str, retry_at: Option<i64>) {
    let state = if retry_at.is_some() { "ready" } else { "dead" };
    tx.write(
        "UPDATE job SET state = ?2, error = ?3, run_at = ?4 WHERE id = ?1",
        vec![id.into(), state.into(), error.into(), retry_at.unwrap_or(0).into()],
    );
}

/// How many jobs wait, and how many were laid aside.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(tx: &mut Tx<'_>) -> Result<(i64, i64)> {
    let row = tx.query_one(
        "SELECT (SELECT count(*) FROM job WHERE state = 'ready'), \
         (SELECT count(*) FROM job WHERE state = 'dead')",
        vec![],
    )?;
    row.map_or(Ok((0, 0)), |mut row| Ok((row.int(0)?, row.int(1)?)))
}

/// When the next waiting job is due, microseconds.
///
/// # Errors
/// When the database cannot be read.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    tx.query_one("SELECT run_at FROM job WHERE state = 'ready' ORDER BY run_at LIMIT 1", vec![])?
        .map(|mut row| row.int(0))
        .transpose()
}
