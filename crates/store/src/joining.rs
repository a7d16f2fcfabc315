//! Writes joined into one statement for PostgreSQL.

use crate::connection::{Count, Statement};

/// Rows inserted by one statement at most.
const MOST_JOINED: usize = 16;

/// The writes in runs that may travel as one statement: a statement costs the server some 40 µs,
/// whatever it writes. Inserts are joined as long as nobody could tell: the parts of a statement do
/// not see each other's rows and follow in no order, but the rows of one insert do follow in order.
/// A change of rows is joined as long as nothing else in the statement touches its table; one whose
/// rows are counted comes last, since the count of a statement is that of its last part.
pub(crate) fn joined(writes: &[Statement]) -> Vec<&[Statement]> {
    let mut runs = Vec::new();
    let mut rest = writes;
    while !rest.is_empty() {
        let mut length = 1;
        while length < MOST_JOINED
            && rest.get(length).is_some_and(|next| may_join(rest, length, next))
        {
            length += 1;
        }
        let (run, after) = rest.split_at(length);
        runs.push(run);
        rest = after;
    }
    runs
}

fn may_join(rest: &[Statement], length: usize, next: &Statement) -> bool {
    let run = rest.get(..length).unwrap_or_default();
    if run.iter().any(|write| !is_plain(write) || write.count != Count::Ignored)
        || !is_plain(next)
        || next.count == Count::Asked
    {
        return false;
    }
    let same_table = run.iter().any(|write| table_of(write.sql) == table_of(next.sql));
    let follows_itself = run.last().is_some_and(|last| last.sql == next.sql);
    match run.iter().chain([next]).all(|write| is_insert(write.sql)) {
        true => follows_itself || !run.iter().any(|write| write.sql == next.sql),
        false => !same_table || (follows_itself && is_insert(next.sql)),
    }
}

fn is_insert(sql: &str) -> bool {
    sql.starts_with("INSERT INTO ")
}

/// An insert or a change that neither reads nor answers anything.
fn is_plain(write: &Statement) -> bool {
    const READS: [&str; 4] = ["SELECT ", " DO UPDATE ", " RETURNING ", " FROM "];
    table_of(write.sql).is_some() && !READS.iter().any(|word| write.sql.contains(word))
}

fn table_of(sql: &str) -> Option<&str> {
    let rest = sql.strip_prefix("INSERT INTO ").or_else(|| sql.strip_prefix("UPDATE "))?;
    rest.split([' ', '(']).next()
}

/// The statements as one, with the placeholders of PostgreSQL: `?1` of the second part becomes `$4`
/// where the first has three.
pub(crate) fn together(parts: &[&'static str]) -> String {
    let mut text = String::new();
    let mut offset = 0;
    let mut inserts = parts.chunk_by(|one, next| one == next).peekable();
    let mut place = 0;
    while let Some(insert) = inserts.next() {
        let is_last = inserts.peek().is_none();
        if !is_last {
            text.push_str(if place == 0 { "WITH part_" } else { ", part_" });
            text.push_str(&format!("{place} AS ("));
        }
        push_insert(&mut text, insert, &mut offset);
        text.push_str(if is_last { "" } else { ") " });
        place += 1;
    }
    text
}

/// One statement, or one insert of as many rows as there are copies of it.
fn push_insert(text: &mut String, copies: &[&'static str], offset: &mut usize) {
    let Some(sql) = copies.first() else { return };
    let row = row_of(sql).filter(|_| copies.len() > 1);
    let Some(row) = row else {
        *offset += push_numbered(text, sql, *offset);
        return;
    };
    text.push_str(sql.get(..row.start).unwrap_or_default());
    for (place, copy) in copies.iter().enumerate() {
        text.push_str(if place == 0 { "" } else { ", " });
        *offset += push_numbered(text, copy.get(row.clone()).unwrap_or_default(), *offset);
    }
    text.push_str(sql.get(row.end..).unwrap_or_default());
}

/// Where the row of an insert stands: `(?1, ?2)`.
fn row_of(sql: &str) -> Option<std::ops::Range<usize>> {
    let start = sql.find(" VALUES ")? + " VALUES ".len();
    let end = sql.find(" ON CONFLICT").unwrap_or(sql.len());
    sql.get(start..end).filter(|row| row.starts_with('(') && row.ends_with(')'))?;
    Some(start..end)
}

/// Appends a statement with its placeholders counted on from `offset`; how many values it takes.
fn push_numbered(text: &mut String, sql: &str, offset: usize) -> usize {
    let mut most = 0;
    let mut pieces = sql.split('?');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let number: usize = number.parse().unwrap_or(0);
        most = most.max(number);
        text.push_str(&format!("${}{rest}", offset + number));
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "INSERT INTO event (x, y) VALUES (?1, ?2)";
    const JOB: &str = "INSERT INTO job (x, y, z) VALUES (?2, 'ready', ?1)";
    const SUBJECT: &str = "INSERT INTO subject (x, y) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

    fn lengths(writes: &[&'static str]) -> Vec<usize> {
        let writes: Vec<Statement> = writes.iter().map(|sql| Statement::new(sql, vec![])).collect();
        joined(&writes).iter().map(|run| run.len()).collect()
    }

    #[test]
    fn placeholders_of_joined_inserts_count_on() {
        assert_eq!(
            together(&[EVENT, JOB, EVENT]),
            "WITH part_0 AS (INSERT INTO event (x, y) VALUES ($1, $2)) , \
             part_1 AS (INSERT INTO job (x, y, z) VALUES ($4, 'ready', $3)) \
             INSERT INTO event (x, y) VALUES ($5, $6)"
        );
        assert_eq!(together(&["SELECT x FROM a WHERE y = ?1"]), "SELECT x FROM a WHERE y = $1");
    }

    #[test]
    fn inserts_of_one_kind_become_rows_in_their_order() {
        assert_eq!(
            together(&[JOB, SUBJECT, SUBJECT]),
            "WITH part_0 AS (INSERT INTO job (x, y, z) VALUES ($2, 'ready', $1)) \
             INSERT INTO subject (x, y) VALUES ($3, $4), ($5, $6) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn inserts_travel_together() {
        assert_eq!(lengths(&["SAVEPOINT work", EVENT, JOB, SUBJECT, SUBJECT]), [1, 4]);
        assert_eq!(lengths(&[EVENT; 40]), [16, 16, 8]);
    }

    #[test]
    fn what_must_follow_in_order_or_be_seen_travels_alone() {
        assert_eq!(lengths(&[SUBJECT, EVENT, SUBJECT]), [2, 1]);
        assert_eq!(lengths(&[EVENT, "UPDATE event SET x = ?1", JOB]), [1, 2]);
        assert_eq!(lengths(&[JOB, "UPDATE event SET x = ?1", EVENT]), [2, 1]);
        let change = "UPDATE event SET x = ?1";
        assert_eq!(lengths(&[change, change]), [1, 1]);
        assert_eq!(lengths(&[EVENT, "DELETE FROM job", JOB]), [1, 1, 1]);
        assert_eq!(lengths(&[EVENT, "INSERT INTO job (x) SELECT x FROM event"]), [1, 1]);
        assert_eq!(lengths(&[EVENT, "INSERT INTO job (x) VALUES (?1) RETURNING x"]), [1, 1]);
        let upsert = "INSERT INTO job (x) VALUES (?1) ON CONFLICT (x) DO UPDATE SET y = 1";
        assert_eq!(lengths(&[EVENT, upsert]), [1, 1]);
    }

    #[test]
    fn a_write_whose_rows_are_asked_for_travels_alone() {
        let counted = Statement { count: Count::Asked, ..Statement::new(JOB, vec![]) };
        assert_eq!(joined(&[Statement::new(EVENT, vec![]), counted]).len(), 2);
    }

    #[test]
    fn a_change_that_must_find_its_row_ends_the_statement() {
        let change = || Statement {
            count: Count::One,
            ..Statement::new("UPDATE dossier SET step = ?2 WHERE id = ?1 AND revision = ?3", vec![])
        };
        let plain = |sql| Statement::new(sql, vec![]);
        let body = plain("UPDATE dossier_body SET body = ?2 WHERE id = ?1");
        let runs = [plain(EVENT), body, change(), plain(JOB)];
        let lengths: Vec<usize> = joined(&runs).iter().map(|run| run.len()).collect();
        assert_eq!(lengths, [3, 1]);
        assert_eq!(
            together(&[EVENT, "UPDATE dossier SET step = ?2 WHERE id = ?1"]),
            "WITH part_0 AS (INSERT INTO event (x, y) VALUES ($1, $2)) \
             UPDATE dossier SET step = $4 WHERE id = $3"
        );
    }
}
