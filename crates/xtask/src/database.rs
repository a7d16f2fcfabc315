//! PostgreSQL databases of a run, and direct looks into either engine.

use std::path::Path;

use tokio_postgres::{Client, NoTls};

use crate::Result;
use crate::process::{self, Tree};

/// A PostgreSQL database made for one run.
pub(crate) struct Database {
    server: String,
    name: String,
    /// Its address.
    pub(crate) url: String,
}

impl Database {
    /// Makes an empty database on a server; `server` is the address of any database there.
    pub(crate) async fn make(server: &str, purpose: &str) -> Result<Self> {
        let name = format!("tuphap_{purpose}_{}", std::process::id());
        let (front, _) = server.rsplit_once('/').ok_or("an address ends in /database")?;
        let url = format!("{front}/{name}");
        let client = connect(server).await?;
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        Ok(Self { server: server.to_owned(), name, url })
    }

    /// Removes it again.
    pub(crate) async fn remove(self) -> Result<()> {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        Ok(connect(&self.server).await?.batch_execute(&drop).await?)
    }
}

/// A connection whose task ends with it.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The processes of a PostgreSQL server on this machine.
pub(crate) async fn server_tree(url: &str) -> Result<Tree> {
    let row = connect(url).await?.query_one("SELECT pg_backend_pid()", &[]).await?;
    let backend = u32::try_from(row.try_get::<_, i32>(0)?)?;
    Ok(Tree(process::parent(backend).ok_or("the PostgreSQL server runs elsewhere")?))
}

/// After filling: what autovacuum and the next checkpoint would do in their own time.
pub(crate) async fn settle(data: &Path, url: Option<&str>) -> Result<()> {
    match url {
        Some(url) => {
            let client = connect(url).await?;
            // One by one: VACUUM refuses to run in a transaction, and so in a batch.
            client.batch_execute("VACUUM ANALYZE").await?;
            Ok(client.batch_execute("CHECKPOINT").await?)
        }
        None => {
            let connection = open_sqlite(data)?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        }
    }
}

pub(crate) fn open_sqlite(data: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(data.join("tuphap.sqlite"))?;
    connection.busy_timeout(std::time::Duration::from_secs(30))?;
    Ok(connection)
}

/// A number or a text of a row.
pub(crate) type Line = (String, i64);

/// Rows of a query of one text and one number, from either engine.
pub(crate) async fn lines(data: &Path, url: Option<&str>, sql: &str) -> Result<Vec<Line>> {
    if let Some(url) = url {
        let rows = connect(url).await?.query(sql, &[]).await?;
        return rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect();
    }
    let connection = open_sqlite(data)?;
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<std::result::Result<Vec<_>, _>>()?)
}
