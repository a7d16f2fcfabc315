//! Brings the schema up to date: each migration once, in order, in a transaction of its own.

use kernel::error::{Error, Result};

use crate::StoreConfig;
use crate::connection::{Connection, Mode};
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
    for mut row in connection.query("SELECT name FROM migration", vec![]).map_err(Error::from)? {
        applied.push(row.text(0)?);
    }
    for migration in MIGRATIONS {
        if applied.iter().any(|name| name == migration.name) {
            continue;
        }
        connection.batch(if postgres { migration.postgres } else { migration.sqlite })?;
        connection
            .execute_all(vec![crate::connection::Statement {
                sql: "INSERT INTO migration (name) VALUES (?1)",
                params: vec![Value::from(migration.name)],
            }])
            .map_err(Error::from)?;
    }
    Ok(())
}
