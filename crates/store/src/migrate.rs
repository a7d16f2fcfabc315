//! Brings the schema up to date: each migration once, in order, in a transaction of its own.

use kernel::error::{Error, Result};

use crate::StoreConfig;
use crate::connection::{Connection, Mode, Statement};
use crate::migrations::MIGRATIONS;
use crate::value::Value;

/// Applies what has not been applied yet. Two processes that start together take turns.
pub(crate) fn run(config: &StoreConfig) -> Result<()> {
    let mut connection = Connection::open(config, Mode::Migrate)?;
    let postgres = connection.is_postgres();
    connection.batch(if postgres {
        "BEGIN; SELECT pg_advisory_xact_lock(7401865);
         CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)"
    } else {
        "BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID"
    })?;
    let outcome = apply_missing(&mut connection, postgres);
    connection.batch(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    outcome
}

fn apply_missing(connection: &mut Connection, postgres: bool) -> Result<()> {
    let mut applied = Vec::new();
    let query = Statement::new("SELECT name FROM migration", vec![]);
    for mut row in connection.run(&[], Some(&query)).map_err(Error::from)?.1 {
        applied.push(row.text(0)?);
    }
    for migration in MIGRATIONS {
        if applied.iter().any(|name| name == migration.name) {
            continue;
        }
        connection.batch(if postgres { migration.postgres } else { migration.sqlite })?;
        let note = Statement::new(
            "INSERT INTO migration (name) VALUES (?1)",
            vec![Value::from(migration.name)],
        );
        connection.run(&[note], None).map_err(Error::from)?;
    }
    Ok(())
}
