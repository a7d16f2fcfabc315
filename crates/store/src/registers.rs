//! Register entries, and the keys by which they are found.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::Row;

/// An entry: what lists need, and the whole with all versions as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Identifier.
    pub id: i64,
    /// Register id.
    pub register: String,
    /// The unit that keeps the book.
    pub unit: String,
    /// Year of the book.
    pub year: i64,
    /// Book within the year, from 1.
    pub book: i64,
    /// Number within the book.
    pub number: i64,
    /// Number as written, such as `125/2026`.
    pub number_text: String,
    /// `current` or `ended`.
    pub status: String,
    /// What lists call it, such as the child's name.
    pub title: String,
    /// Day of registration, ISO.
    pub registered_on: String,
    /// Last version, from 1.
    pub version: i64,
    /// The entry as JSON.
    pub body: String,
}

fn entry_row(mut row: Row) -> Result<EntryRow> {
    Ok(EntryRow {
        id: row.int(0)?,
        register: row.text(1)?,
        unit: row.text(2)?,
        year: row.int(3)?,
        book: row.int(4)?,
        number: row.int(5)?,
        number_text: row.text(6)?,
        status: row.text(7)?,
        title: row.text(8)?,
        registered_on: row.text(9)?,
        version: row.int(10)?,
        body: row.text(11)?,
    })
}

/// Adds an entry. The unique number rule of the table refuses a number used twice.
pub fn insert(tx: &mut Tx<'_>, row: &EntryRow) {
    tx.write(
        "INSERT INTO entry (id, register, unit, year, book, number, number_text, status, title, \
         registered_on, version, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        vec![
            row.id.into(),
            (&row.register).into(),
            (&row.unit).into(),
            row.year.into(),
            row.book.into(),
            row.number.into(),
            (&row.number_text).into(),
            (&row.status).into(),
            (&row.title).into(),
            (&row.registered_on).into(),
            row.version.into(),
            (&row.body).into(),
        ],
    );
}

/// Writes a new version or annotation of an entry that still has the version `was`.
///
/// # Errors
/// When the database cannot be written.
pub fn update(tx: &mut Tx<'_>, row: &EntryRow, was: i64) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE entry SET status = ?2, title = ?3, version = ?4, body = ?5 \
         WHERE id = ?1 AND version = ?6",
        vec![
            row.id.into(),
            (&row.status).into(),
            (&row.title).into(),
            row.version.into(),
            (&row.body).into(),
            was.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The entry with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<EntryRow>> {
    tx.query_one(
        "SELECT id, register, unit, year, book, number, number_text, status, title, \
         registered_on, version, body FROM entry WHERE id = ?1",
        vec![id.into()],
    )?
    .map(entry_row)
    .transpose()
}

/// Book and number of the last entry of a year, to count on from.
///
/// # Errors
/// When the database cannot be read.
pub fn last_number(
    tx: &mut Tx<'_>,
    register: &str,
    unit: &str,
    year: i64,
) -> Result<Option<(i64, i64)>> {
    tx.query_one(
        "SELECT book, number FROM entry WHERE register = ?1 AND unit = ?2 AND year = ?3 \
         ORDER BY book DESC, number DESC LIMIT 1",
        vec![register.into(), unit.into(), year.into()],
    )?
    .map(|mut row| Ok((row.int(0)?, row.int(1)?)))
    .transpose()
}

/// Makes an entry findable under a key of a field.
pub fn add_key(tx: &mut Tx<'_>, register: &str, field: &str, key: &str, entry: i64) {
    tx.write(
        "INSERT INTO entry_key (register, field, key, entry) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO NOTHING",
        vec![register.into(), field.into(), key.into(), entry.into()],
    );
}

/// Entries of a register found under one key, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn by_key(
    tx: &mut Tx<'_>,
    register: &str,
    field: &str,
    key: &str,
    limit: i64,
) -> Result<Vec<i64>> {
    let rows = tx.query(
        "SELECT entry FROM entry_key WHERE register = ?1 AND field = ?2 AND key = ?3 \
         ORDER BY entry DESC LIMIT ?4",
        vec![register.into(), field.into(), key.into(), limit.into()],
    )?;
    rows.into_iter().map(|mut row| row.int(0)).collect()
}

/// How many entries are found under a key, counted up to a limit: the rarest key is looked up first.
///
/// # Errors
/// When the database cannot be read.
pub fn count_by_key(
    tx: &mut Tx<'_>,
    register: &str,
    field: &str,
    key: &str,
    limit: i64,
) -> Result<i64> {
    let row = tx.query_one(
        "SELECT count(*) FROM (SELECT 1 FROM entry_key \
         WHERE register = ?1 AND field = ?2 AND key = ?3 LIMIT ?4) AS found",
        vec![register.into(), field.into(), key.into(), limit.into()],
    )?;
    row.map_or(Ok(0), |mut row| row.int(0))
}

/// Is an entry found under a key too?
///
/// # Errors
/// When the database cannot be read.
pub fn has_key(
    tx: &mut Tx<'_>,
    register: &str,
    field: &str,
    key: &str,
    entry: i64,
) -> Result<bool> {
    let row = tx.query_one(
        "SELECT 1 FROM entry_key WHERE register = ?1 AND field = ?2 AND key = ?3 AND entry = ?4",
        vec![register.into(), field.into(), key.into(), entry.into()],
    )?;
    Ok(row.is_some())
}

/// The last entries of a unit's register, newest first, before an identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn recent(
    tx: &mut Tx<'_>,
    register: &str,
    unit: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<EntryRow>> {
    let rows = tx.query(
        "SELECT id, register, unit, year, book, number, number_text, status, title, \
         registered_on, version, body FROM entry \
         WHERE register = ?1 AND unit = ?2 AND id < ?3 ORDER BY year DESC, book DESC, number DESC \
         LIMIT ?4",
        vec![register.into(), unit.into(), before.into(), limit.into()],
    )?;
    rows.into_iter().map(entry_row).collect()
}

/// The entry with this number.
///
/// # Errors
/// When the database cannot be read.
pub fn by_number(
    tx: &mut Tx<'_>,
    register: &str,
    unit: &str,
    year: i64,
    number: i64,
) -> Result<Vec<EntryRow>> {
    let rows = tx.query(
        "SELECT id, register, unit, year, book, number, number_text, status, title, \
         registered_on, version, body FROM entry \
         WHERE register = ?1 AND unit = ?2 AND year = ?3 AND number = ?4 ORDER BY book",
        vec![register.into(), unit.into(), year.into(), number.into()],
    )?;
    rows.into_iter().map(entry_row).collect()
}
