#![doc = include_str!("../README.md")]

use std::path::PathBuf;
use std::sync::Arc;

use kernel::error::Result;

pub mod accounts;
pub mod blobs;
pub mod chain;
mod connection;
pub mod definitions;
pub mod documents;
pub mod dossiers;
pub mod drafts;
pub mod events;
mod group;
pub mod idempotency;
pub mod jobs;
mod joining;
pub mod law;
pub mod messages;
mod migrate;
mod migrations;
pub mod outbox;
mod reader;
pub mod registers;
pub mod sessions;
pub mod settings;
#[cfg(test)]
mod suite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tx;
mod value;

pub use tx::Tx;

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreConfig {
    /// One file, zero set-up.
    Sqlite {
        /// Path of the database file.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host:port/database`, or key-value form.
        url: String,
    },
}

impl StoreConfig {
    /// SQLite inside a data folder.
    #[must_use]
    pub fn in_folder(folder: &std::path::Path) -> Self {
        Self::Sqlite { path: connection::sqlite_file(folder) }
    }
}

/// The database: cheap to clone, shared by all requests.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    config: StoreConfig,
    group: group::CommitGroup,
    readers: reader::Readers,
    jobs_added: Arc<tokio::sync::Notify>,
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub fn open(config: StoreConfig) -> Result<Self> {
        // A thread of its own: a PostgreSQL connection brings its own small runtime, which must not
        // start inside another one.
        let for_thread = config.clone();
        std::thread::spawn(move || migrate::run(&for_thread))
            .join()
            .map_err(|_| kernel::error::Error::internal("migration panicked"))??;
        Self::open_migrated(config)
    }

    /// Opens without touching the schema; the first use connects.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn open_migrated(config: StoreConfig) -> Result<Self> {
        let jobs_added = Arc::new(tokio::sync::Notify::new());
        let started = |error: std::io::Error| kernel::error::Error::internal(error.to_string());
        let group =
            group::CommitGroup::start(config.clone(), Arc::clone(&jobs_added)).map_err(started)?;
        let readers = reader::Readers::start(&config).map_err(started)?;
        Ok(Self { inner: Arc::new(Inner { config, group, readers, jobs_added }) })
    }

    /// Runs a closure in the next commit group. When this returns `Ok`, its writes are durable; when
    /// it returns `Err`, none of them is there.
    ///
    /// The closure runs on the writer thread: it should compute little and never wait.
    ///
    /// # Errors
    /// The closure's own, or `Unavailable` when the database is away.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.inner.group.write(work).await
    }

    /// Runs a closure on a reader connection. Each of its queries sees the last commit.
    ///
    /// On SQLite it runs where it is asked, so it should take less than a millisecond or so; what takes
    /// longer goes to [`Self::read_at_length`].
    ///
    /// # Errors
    /// The closure's own, or `Unavailable` when the database is away.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.inner.readers.read(work).await
    }

    /// Like [`Self::read`], for closures that read much: whole chains, whole registers, exports.
    ///
    /// # Errors
    /// The closure's own, or `Unavailable` when the database is away.
    pub async fn read_at_length<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.inner.readers.read_at_length(work).await
    }

    /// Completes when a job was added by this process.
    pub async fn job_added(&self) {
        self.inner.jobs_added.notified().await;
    }

    /// Which database this is.
    #[must_use]
    pub fn config(&self) -> &StoreConfig {
        &self.inner.config
    }
}

/// Puts a database in order after much was written at once: PostgreSQL clears away and counts anew, so that
/// it plans for what is there; SQLite empties its log.
///
/// # Errors
/// When the database is away.
pub fn settle(config: &StoreConfig) -> Result<()> {
    let config = config.clone();
    let work = move || -> std::result::Result<(), connection::Failure> {
        let mut connection = connection::Connection::open(&config, connection::Mode::Migrate)?;
        if !connection.is_postgres() {
            return connection.batch("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        connection.batch("SET statement_timeout = 0")?;
        connection.batch("VACUUM ANALYZE")?;
        connection.batch("CHECKPOINT")
    };
    std::thread::spawn(work)
        .join()
        .map_err(|_| kernel::error::Error::internal("settling panicked"))?
        .map_err(Into::into)
}
