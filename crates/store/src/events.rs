//! Events and logged reads: append-only, hash-chained.

use kernel::error::Result;

use crate::chain::{event_parts, read_parts};
use crate::tx::Tx;
use crate::value::{Row, Value};

/// Something that happened, as it is written.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// What kind of thing it happened to: `dossier`, `entry`, `account`, `content`.
    pub stream: &'a str,
    /// Which one.
    pub stream_id: i64,
    /// What happened, such as `submit` or the action's id.
    pub kind: &'a str,
    /// Which account did it; none when the program itself did.
    pub actor: Option<i64>,
    /// The details as JSON.
    pub body: &'a str,
}

/// Something that happened, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Place in the chain.
    pub seq: i64,
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// What kind of thing it happened to.
    pub stream: String,
    /// Which one.
    pub stream_id: i64,
    /// What happened.
    pub kind: String,
    /// Which account did it.
    pub actor: Option<i64>,
    /// The details as JSON.
    pub body: String,
}

/// Appends an event; returns its place in the chain.
pub fn append(tx: &mut Tx<'_>, event: &NewEvent<'_>) -> i64 {
    let parts =
        event_parts(event.at, event.stream, event.stream_id, event.kind, event.actor, event.body);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let (seq, hash) = tx.chains.events.extend(&parts);
    tx.write(
        "INSERT INTO event (seq, at, stream, stream_id, kind, actor, body, hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        vec![
            seq.into(),
            event.at.into(),
            event.stream.into(),
            event.stream_id.into(),
            event.kind.into(),
            event.actor.into(),
            event.body.into(),
            hash.into(),
        ],
    );
    seq
}

fn event_row(mut row: Row) -> Result<EventRow> {
    Ok(EventRow {
        seq: row.int(0)?,
        at: row.int(1)?,
        stream: row.text(2)?,
        stream_id: row.int(3)?,
        kind: row.text(4)?,
        actor: row.optional_int(5)?,
        body: row.text(6)?,
    })
}

/// The events of one thing, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_stream(tx: &mut Tx<'_>, stream: &str, stream_id: i64) -> Result<Vec<EventRow>> {
    let rows = tx.query(
        "SELECT seq, at, stream, stream_id, kind, actor, body FROM event \
         WHERE stream = ?1 AND stream_id = ?2 ORDER BY seq",
        vec![stream.into(), stream_id.into()],
    )?;
    rows.into_iter().map(event_row).collect()
}

/// Events before a place, newest first, for the auditor's page.
///
/// # Errors
/// When the database cannot be read.
pub fn before(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<EventRow>> {
    let rows = tx.query(
        "SELECT seq, at, stream, stream_id, kind, actor, body FROM event \
         WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
        vec![seq.into(), limit.into()],
    )?;
    rows.into_iter().map(event_row).collect()
}

/// A read of personal data, as it is written.
#[derive(Clone, Debug)]
pub struct NewRead<'a> {
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// Which account read.
    pub actor: i64,
    /// What kind of record: `dossier`, `entry`, `document`.
    pub record: &'a str,
    /// Which one.
    pub record_id: i64,
    /// Why: a dossier's code or a written reason.
    pub purpose: &'a str,
}

/// A read of personal data, as the person concerned sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// Place in the chain.
    pub seq: i64,
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// Which account read.
    pub actor: i64,
    /// Name of that account's holder.
    pub actor_name: String,
    /// What kind of record.
    pub record: String,
    /// Which one.
    pub record_id: i64,
    /// Why.
    pub purpose: String,
}

/// Logs a read of personal data. It must be durable before the data are shown.
pub fn log_read(tx: &mut Tx<'_>, read: &NewRead<'_>) {
    let parts = read_parts(read.at, read.actor, read.record, read.record_id, read.purpose);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let (seq, hash) = tx.chains.reads.extend(&parts);
    tx.write(
        "INSERT INTO access_log (seq, at, actor, record, record_id, purpose, hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            seq.into(),
            read.at.into(),
            read.actor.into(),
            read.record.into(),
            read.record_id.into(),
            read.purpose.into(),
            hash.into(),
        ],
    );
}

/// Notes that a record is about a person, so that its reads show in that person's list.
pub fn concern(tx: &mut Tx<'_>, person: &str, record: &str, record_id: i64) {
    tx.write(
        "INSERT INTO subject (person, record, record_id) VALUES (?1, ?2, ?3) \
         ON CONFLICT DO NOTHING",
        vec![person.into(), record.into(), record_id.into()],
    );
}

/// Who read the records about a person, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn reads_about(tx: &mut Tx<'_>, person: &str, limit: i64) -> Result<Vec<ReadRow>> {
    let rows = tx.query(
        "SELECT l.seq, l.at, l.actor, a.name, l.record, l.record_id, l.purpose \
         FROM subject s \
         JOIN access_log l ON l.record = s.record AND l.record_id = s.record_id \
         JOIN account a ON a.id = l.actor \
         WHERE s.person = ?1 ORDER BY l.seq DESC LIMIT ?2",
        vec![person.into(), limit.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(ReadRow {
                seq: row.int(0)?,
                at: row.int(1)?,
                actor: row.int(2)?,
                actor_name: row.text(3)?,
                record: row.text(4)?,
                record_id: row.int(5)?,
                purpose: row.text(6)?,
            })
        })
        .collect()
}

/// The records of a kind that concern a person.
///
/// # Errors
/// When the database cannot be read.
pub fn records_about(tx: &mut Tx<'_>, person: &str, record: &str) -> Result<Vec<i64>> {
    let params: Vec<Value> = vec![person.into(), record.into()];
    let rows = tx.query(
        "SELECT record_id FROM subject WHERE person = ?1 AND record = ?2 ORDER BY record_id",
        params,
    )?;
    rows.into_iter().map(|mut row| row.int(0)).collect()
}

/// The hashes of the events between two places, both included, for the auditor's page.
///
/// # Errors
/// When the database cannot be read.
pub fn hashes(tx: &mut Tx<'_>, from: i64, to: i64) -> Result<Vec<(i64, Vec<u8>)>> {
    let params: Vec<Value> = vec![from.into(), to.into()];
    let rows =
        tx.query("SELECT seq, hash FROM event WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq", params)?;
    rows.into_iter().map(|mut row| Ok((row.int(0)?, row.blob(1)?))).collect()
}
