//! One connection to either engine. SQL is written once with `?1` placeholders.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::error::{Error, Result};
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::StoreConfig;
use crate::joining::{joined, together};
use crate::value::{Row, Value};

/// What a failed statement means for the caller.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The database is away, full or broken: nothing was done, try again later.
    Gone(String),
    /// A uniqueness rule refused the row.
    Duplicate(String),
    /// The row that was to be changed is no longer as it was seen.
    Moved,
    /// A fault of ours: bad SQL, wrong type.
    Fault(String),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Gone(cause) => {
                Error::new(kernel::error::ErrorCode::Unavailable).because(cause)
            }
            Failure::Duplicate(cause) => Error::conflict(
                "Dữ liệu này vừa được người khác ghi. Ông/bà vui lòng tải lại trang rồi thử lại.",
            )
            .because(cause),
            Failure::Moved => Error::conflict(
                "Nội dung này vừa được người khác thay đổi. Ông/bà vui lòng tải lại trang rồi thử lại.",
            ),
            Failure::Fault(cause) => Error::internal(cause),
        }
    }
}

/// A connection to SQLite or PostgreSQL, used by one thread.
pub(crate) enum Connection {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

/// What the connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Writes, and makes an SQLite file that is not there yet.
    Migrate,
    Write,
    Read,
}

impl Connection {
    pub(crate) fn open(config: &StoreConfig, mode: Mode) -> Result<Self, Failure> {
        match config {
            StoreConfig::Sqlite { path } => Sqlite::open(path, mode).map(Self::Sqlite),
            StoreConfig::Postgres { url } => {
                Postgres::connect(url, mode).map(Box::new).map(Self::Postgres)
            }
        }
    }

    /// Runs statements without parameters, such as `BEGIN`.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        match self {
            Self::Sqlite(open) => open.connection.execute_batch(sql).map_err(sqlite_failure),
            Self::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Writes in order, then perhaps a query that sees them: how many rows the last write changed, and
    /// the rows found. On PostgreSQL all travel together and cost one round trip.
    pub(crate) fn run(
        &mut self,
        writes: &[Statement],
        query: Option<&Statement>,
    ) -> Result<(u64, Vec<Row>), Failure> {
        match self {
            Self::Sqlite(open) => {
                let mut changed = 0;
                for write in writes {
                    changed = execute_sqlite(&open.connection, write)?;
                    write.check(changed)?;
                }
                let rows = query.map(|query| query_sqlite(&open.connection, query)).transpose()?;
                Ok((changed, rows.unwrap_or_default()))
            }
            Self::Postgres(connection) => connection.run(writes, query),
        }
    }

    /// False when the server closed the connection while it was idle, or the file is no longer there.
    pub(crate) fn is_alive(&self) -> bool {
        match self {
            Self::Sqlite(open) => open.is_alive(),
            Self::Postgres(connection) => connection.is_alive(),
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// A statement with its values; a write may wait for its round trip.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Value>,
    /// What becomes of the number of rows that it changes.
    pub(crate) count: Count,
}

/// What becomes of the number of rows that a write changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// Nobody asks.
    Ignored,
    /// The caller waits for it.
    Asked,
    /// It must be one: the row is changed only if it is still as it was seen.
    One,
}

impl Statement {
    pub(crate) fn new(sql: &'static str, params: Vec<Value>) -> Self {
        Self { sql, params, count: Count::Ignored }
    }

    fn check(&self, changed: u64) -> Result<(), Failure> {
        if self.count == Count::One && changed != 1 { Err(Failure::Moved) } else { Ok(()) }
    }
}

/// An SQLite connection, and which file it opened.
pub(crate) struct Sqlite {
    connection: rusqlite::Connection,
    path: PathBuf,
    file: Option<FileIdentity>,
}

/// Device and number of a file: what stays the same while its name changes.
type FileIdentity = (u64, u64);

impl Sqlite {
    fn open(path: &Path, mode: Mode) -> Result<Self, Failure> {
        // Only a migration may make the file: an empty one in place of one that was moved away would
        // be answered with faults instead of "try again later".
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if mode == Mode::Migrate {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection =
            rusqlite::Connection::open_with_flags(path, flags).map_err(sqlite_failure)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(sqlite_failure)?;
        connection.set_prepared_statement_cache_capacity(128);
        // Plans do not depend on the values bound, so a statement is compiled once and not again at
        // each use: that was a sixth of the work of a read.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(sqlite_failure)?;
        // Durable to the last acknowledged commit: WAL with FULL flushes the log at every commit,
        // and the commit group makes one flush serve many writers.
        let pragmas = match mode {
            Mode::Migrate | Mode::Write => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -24000;
                 PRAGMA wal_autocheckpoint = 2000;"
            }
            Mode::Read => {
                "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -12000;"
            }
        };
        connection.execute_batch(pragmas).map_err(sqlite_failure)?;
        Ok(Self { connection, path: path.to_owned(), file: file_identity(path) })
    }

    /// A file that was deleted or replaced can still be written to by whoever has it open, and all of
    /// that is lost. So the name must still lead to the file that was opened.
    fn is_alive(&self) -> bool {
        file_identity(&self.path) == self.file
    }
}

#[cfg(unix)]
fn file_identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Elsewhere an open file cannot be moved or deleted.
#[cfg(not(unix))]
fn file_identity(_path: &Path) -> Option<FileIdentity> {
    None
}

fn sqlite_failure(error: rusqlite::Error) -> Failure {
    use rusqlite::ErrorCode as Code;
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(Code::ConstraintViolation) => Failure::Duplicate(text),
        Some(
            Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::DiskFull
            | Code::SystemIoFailure
            | Code::CannotOpen
            | Code::ReadOnly
            | Code::DatabaseCorrupt
            | Code::NotADatabase
            | Code::FileLockingProtocolFailed,
        ) => Failure::Gone(text),
        _ => Failure::Fault(text),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ToSqlOutput;
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn query_sqlite(connection: &rusqlite::Connection, query: &Statement) -> Result<Vec<Row>, Failure> {
    let mut statement = connection.prepare_cached(query.sql).map_err(sqlite_failure)?;
    let columns = statement.column_count();
    let params = rusqlite::params_from_iter(&query.params);
    let mut rows = statement.query(params).map_err(sqlite_failure)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(sqlite_failure)? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column).map_err(sqlite_failure)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Int(value),
                ValueRef::Real(_) => return Err(Failure::Fault("real column".to_owned())),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            });
        }
        out.push(Row(values));
    }
    Ok(out)
}

fn execute_sqlite(connection: &rusqlite::Connection, write: &Statement) -> Result<u64, Failure> {
    let mut statement = connection.prepare_cached(write.sql).map_err(sqlite_failure)?;
    let changed =
        statement.execute(rusqlite::params_from_iter(&write.params)).map_err(sqlite_failure)?;
    Ok(changed as u64)
}

/// A PostgreSQL connection driven by its own single-threaded runtime, so that the thread that owns
/// it also moves its bytes: no hand-over between threads for a round trip.
pub(crate) struct Postgres {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
    statements: HashMap<Vec<&'static str>, tokio_postgres::Statement>,
}

const POSTGRES_PATIENCE: Duration = Duration::from_secs(10);

impl Postgres {
    fn connect(url: &str, mode: Mode) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::Gone(error.to_string()))?;
        let client = runtime.block_on(async {
            let connecting = tokio_postgres::connect(url, tokio_postgres::NoTls);
            let (client, connection) = tokio::time::timeout(POSTGRES_PATIENCE, connecting)
                .await
                .map_err(|_| Failure::Gone("connecting took too long".to_owned()))?
                .map_err(|error| match postgres_failure(error) {
                    // Whatever the server has against a connection, it is no fault of the request.
                    Failure::Fault(text) | Failure::Duplicate(text) | Failure::Gone(text) => {
                        Failure::Gone(text)
                    }
                    Failure::Moved => Failure::Gone(String::new()),
                })?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(cause = %error, "database connection ended");
                }
            });
            Ok::<_, Failure>(client)
        })?;
        let mut this = Self { runtime, client, statements: HashMap::new() };
        this.batch(match mode {
            Mode::Migrate | Mode::Write => {
                "SET synchronous_commit = on; SET statement_timeout = '30s'"
            }
            Mode::Read => "SET statement_timeout = '10s'; SET default_transaction_read_only = on",
        })?;
        Ok(this)
    }

    fn is_alive(&self) -> bool {
        // Lets the connection task notice a closed socket before we send on it.
        self.runtime.block_on(tokio::task::yield_now());
        !self.client.is_closed()
    }

    fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(postgres_failure)
    }

    /// The statements prepared as one, once per connection.
    fn prepare(&mut self, parts: &[&'static str]) -> Result<tokio_postgres::Statement, Failure> {
        if let Some(statement) = self.statements.get(parts) {
            return Ok(statement.clone());
        }
        let text = together(parts);
        let statement =
            self.runtime.block_on(self.client.prepare(&text)).map_err(postgres_failure)?;
        self.statements.insert(parts.to_vec(), statement.clone());
        Ok(statement)
    }

    fn run(
        &mut self,
        writes: &[Statement],
        query: Option<&Statement>,
    ) -> Result<(u64, Vec<Row>), Failure> {
        let mut sends = Vec::with_capacity(writes.len() + 1);
        for run in joined(writes) {
            let parts: Vec<&'static str> = run.iter().map(|write| write.sql).collect();
            sends.push((self.prepare(&parts)?, parameters(run), run.last()));
        }
        let query = match query {
            Some(query) => {
                Some((self.prepare(&[query.sql])?, parameters(std::slice::from_ref(query))))
            }
            None => None,
        };
        let client = &self.client;
        self.runtime.block_on(async {
            // A request is sent when it is first polled; polling all before awaiting any puts them on
            // their way together.
            let mut running = Vec::with_capacity(sends.len());
            for (statement, params, last) in &sends {
                let mut future = Box::pin(client.execute(statement, params));
                let first = poll_once(future.as_mut()).await;
                running.push((future, first, last));
            }
            let mut asked = None;
            if let Some((statement, params)) = &query {
                let mut future = Box::pin(client.query(statement, params));
                let first = poll_once(future.as_mut()).await;
                asked = Some((future, first));
            }
            let mut changed = 0;
            let mut failure = None;
            for (future, first, last) in running {
                let outcome = finish(future, first).await.map_err(postgres_failure);
                let outcome = outcome.and_then(|count| {
                    changed = count;
                    last.map_or(Ok(()), |write| write.check(count))
                });
                if let Err(error) = outcome {
                    failure.get_or_insert(error);
                }
            }
            // The first failure is the one that counts: those after it only say that there was one.
            let rows = match asked {
                Some((future, first)) => finish(future, first).await.map_err(postgres_failure),
                None => Ok(Vec::new()),
            };
            match failure {
                Some(failure) => Err(failure),
                None => Ok((changed, rows?.iter().map(postgres_row).collect::<Result<_, _>>()?)),
            }
        })
    }
}

fn parameters(run: &[Statement]) -> Vec<&(dyn ToSql + Sync)> {
    run.iter().flat_map(|write| &write.params).map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The outcome of a future that was polled once.
async fn finish<F: Future + Unpin>(future: F, first: Option<F::Output>) -> F::Output {
    match first {
        Some(outcome) => outcome,
        None => future.await,
    }
}

async fn poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

fn postgres_failure(error: tokio_postgres::Error) -> Failure {
    let Some(state) = error.code() else {
        return Failure::Gone(error.to_string());
    };
    // The detail line may quote row values, which may be personal: the log gets code and rule only.
    let rule = error.as_db_error().and_then(|e| e.constraint()).unwrap_or_default();
    let text = format!("SQLSTATE {} {rule}", state.code());
    match state.code().get(..2) {
        Some("23") => Failure::Duplicate(text),
        Some("08" | "53" | "57" | "58" | "25" | "40" | "XX") => Failure::Gone(text),
        _ => {
            let message = error.as_db_error().map(|e| e.message().to_owned()).unwrap_or_default();
            Failure::Fault(format!("{text}: {message}"))
        }
    }
}

fn postgres_row(row: &tokio_postgres::Row) -> Result<Row, Failure> {
    let mut values = Vec::with_capacity(row.len());
    for (place, column) in row.columns().iter().enumerate() {
        let fault = |error: tokio_postgres::Error| Failure::Fault(error.to_string());
        values.push(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(place).map_err(fault)?.into(),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(place).map_err(fault)?.map(i64::from).into()
            }
            Type::TEXT | Type::VARCHAR => {
                row.try_get::<_, Option<String>>(place).map_err(fault)?.into()
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place).map_err(fault)?.into(),
            ref other => return Err(Failure::Fault(format!("column type {other}"))),
        });
    }
    Ok(Row(values))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Int(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
            Self::Blob(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

/// Where SQLite keeps its file inside a data folder.
pub(crate) fn sqlite_file(folder: &Path) -> PathBuf {
    folder.join("tuphap.sqlite")
}
