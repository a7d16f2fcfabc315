//! Drafts that were laid against the law, what was found, and what officers decided of it.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::Row;

/// A draft that was reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRow {
    /// Identifier.
    pub id: i64,
    /// How the draft is called.
    pub title: String,
    /// Name of the file.
    pub file_name: String,
    /// Hash of the file's bytes.
    pub blob: String,
    /// The draft as it was read, JSON.
    pub outline: String,
    /// Unit of the officer who asked for the review.
    pub unit: String,
    /// The account that asked.
    pub created_by: i64,
    /// When, microseconds.
    pub created_at: i64,
    /// The day of the law, ISO.
    pub day: String,
    /// `open` while something is undecided, then `done`.
    pub state: String,
}

/// A review in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewLine {
    /// The review, its outline left empty.
    pub review: ReviewRow,
    /// Findings.
    pub findings: i64,
    /// Findings nobody has decided, or that were put off.
    pub open: i64,
    /// Findings accepted.
    pub accepted: i64,
}

/// Something found in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingRow {
    /// Identifier.
    pub id: i64,
    /// The review.
    pub review: i64,
    /// Place in the order of the draft, from 1.
    pub ordinal: i64,
    /// What it is about: `basis-expired`, `contradiction` ….
    pub kind: String,
    /// All of it as JSON.
    pub body: String,
    /// How sure, in thousandths.
    pub confidence: i64,
    /// `none`, `accepted`, `rejected` or `postponed`.
    pub decision: String,
    /// Why it was decided so; empty where nothing was said.
    pub reason: String,
    /// Who decided last.
    pub decided_by: Option<i64>,
    /// When, microseconds.
    pub decided_at: Option<i64>,
}

/// How often findings of a kind were accepted and rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Kind.
    pub kind: String,
    /// Accepted.
    pub accepted: i64,
    /// Rejected.
    pub rejected: i64,
}

/// Adds a review with its findings.
pub fn insert(tx: &mut Tx<'_>, review: &ReviewRow, findings: &[FindingRow]) {
    tx.write(
        "INSERT INTO law_review (id, title, file_name, blob, outline, unit, created_by, created_at, \
         day, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        vec![
            review.id.into(),
            (&review.title).into(),
            (&review.file_name).into(),
            (&review.blob).into(),
            (&review.outline).into(),
            (&review.unit).into(),
            review.created_by.into(),
            review.created_at.into(),
            (&review.day).into(),
            (&review.state).into(),
        ],
    );
    for finding in findings {
        tx.write(
            "INSERT INTO law_review_finding (id, review, ordinal, kind, body, confidence, decision, \
             reason, decided_by, decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            vec![
                finding.id.into(),
                review.id.into(),
                finding.ordinal.into(),
                (&finding.kind).into(),
                (&finding.body).into(),
                finding.confidence.into(),
                (&finding.decision).into(),
                (&finding.reason).into(),
                finding.decided_by.into(),
                finding.decided_at.into(),
            ],
        );
    }
}

fn review_row(row: &mut Row, has_outline: bool) -> Result<ReviewRow> {
    Ok(ReviewRow {
        id: row.int(0)?,
        title: row.text(1)?,
        file_name: row.text(2)?,
        blob: row.text(3)?,
        unit: row.text(4)?,
        created_by: row.int(5)?,
        created_at: row.int(6)?,
        day: row.text(7)?,
        state: row.text(8)?,
        outline: if has_outline { row.text(9)? } else { String::new() },
    })
}

/// The review with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<ReviewRow>> {
    tx.query_one(
        "SELECT id, title, file_name, blob, unit, created_by, created_at, day, state, outline \
         FROM law_review WHERE id = ?1",
        vec![id.into()],
    )?
    .map(|mut row| review_row(&mut row, true))
    .transpose()
}

/// Reviews of a unit before an identifier, newest first, with what was found and decided.
///
/// # Errors
/// When the database cannot be read.
pub fn of_unit(tx: &mut Tx<'_>, unit: &str, before: i64, limit: i64) -> Result<Vec<ReviewLine>> {
    let rows = tx.query(
        "SELECT id, title, file_name, blob, unit, created_by, created_at, day, state, \
         (SELECT COUNT(*) FROM law_review_finding f WHERE f.review = r.id), \
         (SELECT COUNT(*) FROM law_review_finding f WHERE f.review = r.id \
          AND f.decision IN ('none', 'postponed')), \
         (SELECT COUNT(*) FROM law_review_finding f WHERE f.review = r.id \
          AND f.decision = 'accepted') \
         FROM law_review r WHERE unit = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        vec![unit.into(), before.into(), limit.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(ReviewLine {
                review: review_row(&mut row, false)?,
                findings: row.int(9)?,
                open: row.int(10)?,
                accepted: row.int(11)?,
            })
        })
        .collect()
}

/// The findings of a review, in the order of the draft.
///
/// # Errors
/// When the database cannot be read.
pub fn findings(tx: &mut Tx<'_>, review: i64) -> Result<Vec<FindingRow>> {
    let rows = tx.query(
        "SELECT id, review, ordinal, kind, body, confidence, decision, reason, decided_by, \
         decided_at FROM law_review_finding WHERE review = ?1 ORDER BY ordinal",
        vec![review.into()],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(FindingRow {
                id: row.int(0)?,
                review: row.int(1)?,
                ordinal: row.int(2)?,
                kind: row.text(3)?,
                body: row.text(4)?,
                confidence: row.int(5)?,
                decision: row.text(6)?,
                reason: row.text(7)?,
                decided_by: row.optional_int(8)?,
                decided_at: row.optional_int(9)?,
            })
        })
        .collect()
}

/// A decision on a finding.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// The review.
    pub review: i64,
    /// The finding.
    pub finding: i64,
    /// `accepted`, `rejected` or `postponed`.
    pub decision: &'a str,
    /// Why; may be empty.
    pub reason: &'a str,
    /// Who.
    pub by: i64,
    /// When, microseconds.
    pub at: i64,
}

/// Writes a decision, and whether the review is done by it. False when the review has no such finding.
///
/// # Errors
/// When the database cannot be written.
pub fn decide(tx: &mut Tx<'_>, decided: &Decided<'_>) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE law_review_finding SET decision = ?3, reason = ?4, decided_by = ?5, decided_at = ?6 \
         WHERE id = ?1 AND review = ?2",
        vec![
            decided.finding.into(),
            decided.review.into(),
            decided.decision.into(),
            decided.reason.into(),
            decided.by.into(),
            decided.at.into(),
        ],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    tx.write(
        "UPDATE law_review SET state = CASE WHEN EXISTS (SELECT 1 FROM law_review_finding \
         WHERE review = ?1 AND decision IN ('none', 'postponed')) THEN 'open' ELSE 'done' END \
         WHERE id = ?1",
        vec![decided.review.into()],
    );
    Ok(true)
}

/// How often findings of each kind were accepted and rejected, in all reviews.
///
/// # Errors
/// When the database cannot be read.
pub fn tallies(tx: &mut Tx<'_>) -> Result<Vec<Tally>> {
    let rows = tx.query(
        "SELECT kind, COUNT(CASE WHEN decision = 'accepted' THEN 1 END), \
         COUNT(CASE WHEN decision = 'rejected' THEN 1 END) FROM law_review_finding \
         WHERE decision IN ('accepted', 'rejected') GROUP BY kind ORDER BY kind",
        vec![],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Tally { kind: row.text(0)?, accepted: row.int(1)?, rejected: row.int(2)? })
        })
        .collect()
}
