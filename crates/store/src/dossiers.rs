//! Dossiers: a narrow row that lists are made from, and the whole as JSON beside it.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::{Row, Value};

/// What lists, filters and orders need of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierRow {
    /// Identifier.
    pub id: i64,
    /// Code printed on the receipt.
    pub code: String,
    /// The unit that decides.
    pub unit: String,
    /// Procedure code.
    pub procedure_code: String,
    /// Hash of the procedure version that it was received under.
    pub definition: String,
    /// Step id.
    pub step: String,
    /// Kind of the step: `working`, `waiting-applicant`, `waiting-signature`, `done`, …
    pub state: String,
    /// Role that has it now, `applicant` or `none`.
    pub owner: String,
    /// Account that filed it.
    pub applicant: i64,
    /// Name of the applicant.
    pub title: String,
    /// Whom or what it is about, such as the child's name; may be empty.
    pub about: String,
    /// Officer that took it.
    pub assignee: Option<i64>,
    /// When it was sent, microseconds.
    pub submitted_at: i64,
    /// Due moment, microseconds; `i64::MAX` when no clock runs.
    pub due_at: i64,
    /// Does the clock stand?
    pub stopped: bool,
    /// When it ended, microseconds.
    pub finished_at: Option<i64>,
    /// Grows by one at each change.
    pub revision: i64,
}

fn dossier_row(row: &mut Row) -> Result<DossierRow> {
    Ok(DossierRow {
        id: row.int(0)?,
        code: row.text(1)?,
        unit: row.text(2)?,
        procedure_code: row.text(3)?,
        definition: row.text(4)?,
        step: row.text(5)?,
        state: row.text(6)?,
        owner: row.text(7)?,
        applicant: row.int(8)?,
        title: row.text(9)?,
        about: row.text(10)?,
        assignee: row.optional_int(11)?,
        submitted_at: row.int(12)?,
        due_at: row.int(13)?,
        stopped: row.boolean(14)?,
        finished_at: row.optional_int(15)?,
        revision: row.int(16)?,
    })
}

fn rows(found: Vec<Row>) -> Result<Vec<DossierRow>> {
    found.into_iter().map(|mut row| dossier_row(&mut row)).collect()
}

/// Adds a dossier with its whole state as JSON.
pub fn insert(tx: &mut Tx<'_>, row: &DossierRow, body: &str) {
    tx.write(
        "INSERT INTO dossier (id, code, unit, procedure_code, definition, step, state, owner, \
         applicant, title, about, assignee, submitted_at, due_at, stopped, finished_at, revision) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        vec![
            row.id.into(),
            (&row.code).into(),
            (&row.unit).into(),
            (&row.procedure_code).into(),
            (&row.definition).into(),
            (&row.step).into(),
            (&row.state).into(),
            (&row.owner).into(),
            row.applicant.into(),
            (&row.title).into(),
            (&row.about).into(),
            row.assignee.into(),
            row.submitted_at.into(),
            row.due_at.into(),
            row.stopped.into(),
            row.finished_at.into(),
            row.revision.into(),
        ],
    );
    tx.write(
        "INSERT INTO dossier_body (id, body) VALUES (?1, ?2)",
        vec![row.id.into(), body.into()],
    );
}

/// Replaces the state of a dossier that still has the revision `was`; if it has moved on, the transaction
/// ends with `Conflict`.
pub fn update(tx: &mut Tx<'_>, row: &DossierRow, body: &str, was: i64) {
    tx.write("UPDATE dossier_body SET body = ?2 WHERE id = ?1", vec![row.id.into(), body.into()]);
    tx.change_one(
        "UPDATE dossier SET step = ?2, state = ?3, owner = ?4, about = ?5, assignee = ?6, \
         due_at = ?7, stopped = ?8, finished_at = ?9, revision = ?10 \
         WHERE id = ?1 AND revision = ?11",
        vec![
            row.id.into(),
            (&row.step).into(),
            (&row.state).into(),
            (&row.owner).into(),
            (&row.about).into(),
            row.assignee.into(),
            row.due_at.into(),
            row.stopped.into(),
            row.finished_at.into(),
            row.revision.into(),
            was.into(),
        ],
    );
}

/// Row and body of the dossier with this code.
///
/// # Errors
/// When the database cannot be read.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<(DossierRow, String)>> {
    tx.query_one(
        "SELECT d.id, d.code, d.unit, d.procedure_code, d.definition, d.step, d.state, d.owner, \
         d.applicant, d.title, d.about, d.assignee, d.submitted_at, d.due_at, d.stopped, d.finished_at, \
         d.revision, b.body FROM dossier d JOIN dossier_body b ON b.id = d.id WHERE d.code = ?1",
        vec![code.into()],
    )?
    .map(|mut row| Ok((dossier_row(&mut row)?, row.text(17)?)))
    .transpose()
}

/// Row and body of the dossier with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<(DossierRow, String)>> {
    tx.query_one(
        "SELECT d.id, d.code, d.unit, d.procedure_code, d.definition, d.step, d.state, d.owner, \
         d.applicant, d.title, d.about, d.assignee, d.submitted_at, d.due_at, d.stopped, d.finished_at, \
         d.revision, b.body FROM dossier d JOIN dossier_body b ON b.id = d.id WHERE d.id = ?1",
        vec![id.into()],
    )?
    .map(|mut row| Ok((dossier_row(&mut row)?, row.text(17)?)))
    .transpose()
}

/// A place in a list ordered by due moment: the next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Due moment of the last row shown, microseconds.
    pub due_at: i64,
    /// Its identifier.
    pub id: i64,
}

impl Place {
    /// Before every row.
    pub const START: Self = Self { due_at: i64::MIN, id: i64::MIN };
}

/// Dossiers of a unit in a state, the soonest due first.
///
/// # Errors
/// When the database cannot be read.
pub fn by_state(
    tx: &mut Tx<'_>,
    unit: &str,
    state: &str,
    after: Place,
    limit: i64,
) -> Result<Vec<DossierRow>> {
    let found = tx.query(
        "SELECT id, code, unit, procedure_code, definition, step, state, owner, applicant, title, \
         about, assignee, submitted_at, due_at, stopped, finished_at, revision FROM dossier \
         WHERE unit = ?1 AND state = ?2 AND (due_at, id) > (?3, ?4) ORDER BY due_at, id LIMIT ?5",
        vec![unit.into(), state.into(), after.due_at.into(), after.id.into(), limit.into()],
    )?;
    rows(found)
}

/// Dossiers of a unit that a role has now, the soonest due first.
///
/// # Errors
/// When the database cannot be read.
pub fn by_owner(
    tx: &mut Tx<'_>,
    unit: &str,
    owner: &str,
    after: Place,
    limit: i64,
) -> Result<Vec<DossierRow>> {
    let found = tx.query(
        "SELECT id, code, unit, procedure_code, definition, step, state, owner, applicant, title, \
         about, assignee, submitted_at, due_at, stopped, finished_at, revision FROM dossier \
         WHERE unit = ?1 AND owner = ?2 AND (due_at, id) > (?3, ?4) ORDER BY due_at, id LIMIT ?5",
        vec![unit.into(), owner.into(), after.due_at.into(), after.id.into(), limit.into()],
    )?;
    rows(found)
}

/// Dossiers of a unit that a role has now and that are due before a moment.
///
/// # Errors
/// When the database cannot be read.
pub fn count_by_owner(tx: &mut Tx<'_>, unit: &str, owner: &str, due_before: i64) -> Result<i64> {
    let row = tx.query_one(
        "SELECT count(*) FROM dossier WHERE unit = ?1 AND owner = ?2 AND due_at < ?3",
        vec![unit.into(), owner.into(), due_before.into()],
    )?;
    row.map_or(Ok(0), |mut row| row.int(0))
}

/// How many dossiers a unit has in a state.
///
/// # Errors
/// When the database cannot be read.
pub fn count_by_state(tx: &mut Tx<'_>, unit: &str, state: &str) -> Result<i64> {
    let params: Vec<Value> = vec![unit.into(), state.into()];
    let row =
        tx.query_one("SELECT count(*) FROM dossier WHERE unit = ?1 AND state = ?2", params)?;
    row.map_or(Ok(0), |mut row| row.int(0))
}

/// Dossiers filed by an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_applicant(
    tx: &mut Tx<'_>,
    applicant: i64,
    before_id: i64,
    limit: i64,
) -> Result<Vec<DossierRow>> {
    let found = tx.query(
        "SELECT id, code, unit, procedure_code, definition, step, state, owner, applicant, title, \
         about, assignee, submitted_at, due_at, stopped, finished_at, revision FROM dossier \
         WHERE applicant = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        vec![applicant.into(), before_id.into(), limit.into()],
    )?;
    rows(found)
}

/// The next value of a counter, from 1. Gapless: a rolled-back closure gives its value back.
///
/// # Errors
/// When the database cannot be written.
pub fn next_number(tx: &mut Tx<'_>, scope: &str) -> Result<i64> {
    let row = tx.query_one(
        "INSERT INTO counter (scope, value) VALUES (?1, 1) \
         ON CONFLICT (scope) DO UPDATE SET value = counter.value + 1 RETURNING value",
        vec![scope.into()],
    )?;
    row.map_or_else(
        || Err(kernel::error::Error::internal("counter returned no row".to_owned())),
        |mut row| row.int(0),
    )
}

/// Keeps the applicant's judgement; the last one counts.
pub fn rate(tx: &mut Tx<'_>, dossier: i64, score: i64, comment: &str, at: i64) {
    tx.write(
        "INSERT INTO rating (dossier, score, comment, at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (dossier) DO UPDATE SET score = ?2, comment = ?3, at = ?4",
        vec![dossier.into(), score.into(), comment.into(), at.into()],
    );
}
