//! What a closure works with inside a commit group or on a reader connection.

use kernel::error::{Error, Result};

use crate::chain::Chains;
use crate::connection::{Connection, Count, Failure, Statement};
use crate::value::{Row, Value};

/// A transaction in progress. Only the functions of this crate see its SQL; other rooms pass it on
/// to `store::dossiers`, `store::accounts` and the rest.
pub struct Tx<'c> {
    connection: &'c mut Connection,
    pending: Vec<Statement>,
    pub(crate) chains: Chains,
    /// The database failed under us: the whole group must be given up.
    pub(crate) gone: Option<String>,
    /// A job was added: its runners are woken after the commit.
    pub(crate) jobs_added: bool,
    /// Has the savepoint of the running closure reached the database?
    savepoint_sent: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c mut Connection, chains: Chains) -> Self {
        Self {
            connection,
            pending: Vec::new(),
            chains,
            gone: None,
            jobs_added: false,
            savepoint_sent: false,
        }
    }

    /// Rows of a query; earlier queued writes are sent with it, so that it sees them.
    pub(crate) fn query(&mut self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>> {
        self.send(Some(&Statement::new(sql, params))).map(|(_, rows)| rows)
    }

    /// The first row of a query, if any.
    pub(crate) fn query_one(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// Queues a write. Its failure shows at the next query, at `execute`, or at the end.
    pub(crate) fn write(&mut self, sql: &'static str, params: Vec<Value>) {
        self.pending.push(Statement::new(sql, params));
    }

    /// Queues a change of one row that must still be as it was seen; otherwise the transaction ends with
    /// `Conflict`, at the latest when the closure is done.
    pub(crate) fn change_one(&mut self, sql: &'static str, params: Vec<Value>) {
        self.pending.push(Statement { count: Count::One, ..Statement::new(sql, params) });
    }

    /// Runs a write now and tells how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64> {
        self.pending.push(Statement { count: Count::Asked, ..Statement::new(sql, params) });
        self.send(None).map(|(changed, _)| changed)
    }

    /// Sends what is queued.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.send(None).map(|_| ())
    }

    fn send(&mut self, query: Option<&Statement>) -> Result<(u64, Vec<Row>)> {
        let writes = std::mem::take(&mut self.pending);
        let Some(first) = writes.first().or(query).map(|statement| statement.sql) else {
            return Ok((0, Vec::new()));
        };
        self.savepoint_sent |= !writes.is_empty();
        let outcome = self.connection.run(&writes, query);
        outcome.map_err(|failure| self.note(failure, first))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        let outcome = self.connection.batch(sql);
        outcome.map_err(|failure| self.note(failure, "batch"))
    }

    pub(crate) fn discard_pending(&mut self) {
        self.pending.clear();
    }

    /// Marks where the running closure began. Sent with its first statement, so that a closure
    /// which refuses before touching anything costs nothing.
    pub(crate) fn open_savepoint(&mut self) {
        self.savepoint_sent = false;
        self.write("SAVEPOINT work", vec![]);
    }

    pub(crate) fn release_savepoint(&mut self) {
        if self.savepoint_sent {
            self.write("RELEASE SAVEPOINT work", vec![]);
        } else {
            self.pending.clear();
        }
    }

    /// Takes back what the running closure did.
    pub(crate) fn roll_back_savepoint(&mut self) -> Result<()> {
        self.pending.clear();
        if self.savepoint_sent { self.batch("ROLLBACK TO SAVEPOINT work") } else { Ok(()) }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.connection.is_postgres()
    }

    fn note(&mut self, failure: Failure, sql: &str) -> Error {
        if let Failure::Gone(cause) = &failure {
            self.gone = Some(cause.clone());
        }
        let failure = match failure {
            Failure::Fault(cause) => {
                Failure::Fault(format!("{cause} in {}", sql.get(..60).unwrap_or(sql)))
            }
            other => other,
        };
        failure.into()
    }
}
