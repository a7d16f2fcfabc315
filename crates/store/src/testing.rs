//! Databases for tests: one each, gone with the test, and able to go away for a while.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::error::{Error, Result};

use crate::StoreConfig;
use crate::connection::{Connection, Mode};

/// Names the address of a PostgreSQL server for tests; `scripts/postgres` starts one.
pub const ADDRESS: &str = "TUPHAP_TEST_POSTGRES";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A database of its own.
pub struct Database {
    config: StoreConfig,
    folder: Option<PathBuf>,
    /// The PostgreSQL database that nobody else uses, and the address of its server.
    own: Option<(String, String)>,
}

/// An SQLite file in a new folder.
///
/// # Errors
/// When the folder cannot be made.
pub fn sqlite() -> Result<Database> {
    let folder = std::env::temp_dir().join(format!("tuphap-{}", unique_name()));
    std::fs::create_dir_all(&folder).map_err(Error::internal)?;
    let config = StoreConfig::in_folder(&folder);
    Ok(Database { config, folder: Some(folder), own: None })
}

/// A schema of its own on the server that [`ADDRESS`] names; `None` when it names none.
///
/// # Errors
/// When the server does not answer.
pub fn postgres() -> Result<Option<Database>> {
    let Some(server) = server() else {
        return Ok(None);
    };
    let schema = unique_name();
    order(&server, format!("CREATE SCHEMA {schema}"))?;
    let url = with_option(&server, &format!("options=-csearch_path%3D{schema}"));
    Ok(Some(Database { config: StoreConfig::Postgres { url }, folder: None, own: None }))
}

/// A whole PostgreSQL database of its own, which can go away; slower to make than a schema.
///
/// # Errors
/// When the server does not answer.
pub fn own_postgres() -> Result<Option<Database>> {
    let Some(server) = server() else {
        return Ok(None);
    };
    let name = unique_name();
    order(&server, format!("CREATE DATABASE {name}"))?;
    let (address, options) = server.split_once('?').unwrap_or((&server, ""));
    let before = address.rsplit_once('/').map_or(address, |(before, _)| before);
    let url = format!("{before}/{name}?{options}");
    let config = StoreConfig::Postgres { url: url.trim_end_matches('?').to_owned() };
    Ok(Some(Database { config, folder: None, own: Some((name, server)) }))
}

fn server() -> Option<String> {
    let address = std::env::var(ADDRESS).ok();
    if address.is_none() {
        skipped();
    }
    address
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests must see what was left out")]
fn skipped() {
    println!("SKIPPED for PostgreSQL: {ADDRESS} is not set (./test sets it)");
}

fn unique_name() -> String {
    format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn with_option(url: &str, option: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{option}")
}

/// Gives the server an order on a connection of its own. A thread of its own too: a PostgreSQL
/// connection brings its own small runtime, which must not start inside another one.
fn order(server: &str, sql: String) -> Result<()> {
    let config = StoreConfig::Postgres { url: server.to_owned() };
    std::thread::spawn(move || -> Result<()> {
        let mut connection = Connection::open(&config, Mode::Write)?;
        Ok(connection.batch(&sql)?)
    })
    .join()
    .map_err(|_| Error::internal("ordering panicked"))?
}

impl Database {
    /// How to open it.
    #[must_use]
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// The folder of an SQLite file.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Takes it away: the file is moved elsewhere, or the server ends all connections and takes no
    /// new ones.
    ///
    /// # Errors
    /// When it cannot be taken away: a schema shares its database with other tests.
    pub fn go_away(&self) -> Result<()> {
        match (&self.config, &self.own) {
            (StoreConfig::Sqlite { path }, _) => rename(path, &elsewhere(path)),
            (_, Some((name, server))) => order(
                server,
                format!(
                    "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false;
                     SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                ),
            ),
            (_, None) => Err(Error::internal("a schema cannot go away: use own_postgres")),
        }
    }

    /// Brings it back.
    ///
    /// # Errors
    /// When it was not away.
    pub fn come_back(&self) -> Result<()> {
        match (&self.config, &self.own) {
            (StoreConfig::Sqlite { path }, _) => rename(&elsewhere(path), path),
            (_, Some((name, server))) => {
                order(server, format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
            }
            (_, None) => Err(Error::internal("a schema cannot go away: use own_postgres")),
        }
    }
}

fn elsewhere(path: &Path) -> PathBuf {
    path.with_extension("away")
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(Error::internal)
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A test that cannot clean up has told what it had to tell.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
