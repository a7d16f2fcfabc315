//! `cargo xtask raw`: what the engine alone can do.
//!
//! The rows are those that one real create left behind, of the same sizes in the same tables with the
//! same indexes. Each create is one durable transaction; there is no application.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use rusqlite::types::Value;
use tokio_postgres::types::{ToSql, Type};

use crate::database::{self, Database};
use crate::process::Tree;
use crate::row::{Results, Row};
use crate::server::Installation;
use crate::work::Work;
use crate::{Result, birth};

/// Write the rows of a create with no application around them.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask raw --seconds 10 --rows bench/out/rows.jsonl")]
pub(crate) struct RawArguments {
    /// The program that makes the sample.
    #[arg(long, default_value = "target/release/tuphap")]
    binary: PathBuf,
    /// Folder of the run; emptied first.
    #[arg(long, default_value = "bench/out/raw")]
    data: PathBuf,
    /// `sqlite`: one thread. Or the address of a PostgreSQL server: eight connections.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Print JSON, one row a line, instead of a table.
    #[arg(long)]
    json: bool,
    /// Append the rows to this file too, as JSON.
    #[arg(long)]
    rows: Option<PathBuf>,
}

/// PostgreSQL connections, as in the reference.
const CONNECTIONS: i64 = 8;

pub(crate) async fn run(arguments: RawArguments) -> Result<()> {
    let results = Results { json: arguments.json, file: arguments.rows.as_deref() };
    let sample = make_sample(&arguments).await?;
    results.begin();
    let audited = ["dossier", "dossier_body", "event"];
    let shapes = [
        ("all-rows", sample.clone()),
        ("audit", sample.into_iter().filter(|row| audited.contains(&row.table)).collect()),
    ];
    for (name, inserts) in shapes {
        let row = if arguments.database == "sqlite" {
            in_sqlite(&arguments, &inserts)?
        } else {
            in_postgres(&arguments, inserts).await?
        };
        results.add(&Row { operation: name.to_owned(), ..row })?;
    }
    Ok(())
}

/// Columns and what they are filled with.
type Differing = &'static [(&'static str, Fill)];

/// The tables that a create writes, which of their rows belong to it, and which columns differ from one
/// create to the next; all others are kept.
const TABLES: [(&str, &str, Differing); 7] = [
    ("dossier", "id = ?1", &[("id", Fill::Id), ("code", Fill::Name)]),
    ("dossier_body", "id = ?1", &[("id", Fill::Id)]),
    (
        "event",
        "stream = 'dossier' AND stream_id = ?1",
        &[("seq", Fill::Id), ("stream_id", Fill::Id)],
    ),
    ("document", "dossier = ?1", &[("id", Fill::Id), ("dossier", Fill::Id)]),
    ("job", "?1 = ?1", &[("id", Fill::Id)]),
    ("idempotency", "?1 = ?1", &[("key", Fill::Name)]),
    ("subject", "record_id = ?1", &[("record_id", Fill::Id)]),
];

#[derive(Clone, Debug)]
enum Fill {
    Kept(Value),
    /// The number of the create.
    Id,
    /// A text with that number.
    Name,
}

#[derive(Clone, Debug)]
struct Insert {
    table: &'static str,
    columns: Vec<String>,
    values: Vec<Fill>,
}

impl Insert {
    fn sql(&self, sign: char) -> String {
        let places: Vec<String> =
            (1..=self.columns.len()).map(|place| format!("{sign}{place}")).collect();
        let (table, columns) = (self.table, self.columns.join(", "));
        format!("INSERT INTO {table} ({columns}) VALUES ({})", places.join(", "))
    }

    fn filled(&self, number: i64) -> impl Iterator<Item = Value> {
        self.values.iter().map(move |value| match value {
            Fill::Kept(value) => value.clone(),
            Fill::Id => Value::Integer(number),
            Fill::Name => Value::Text(format!("H20.15-261122-{number:09}")),
        })
    }
}

/// Files one dossier through the real program and reads the rows that it left.
async fn make_sample(arguments: &RawArguments) -> Result<Vec<Insert>> {
    let installation =
        Installation::fresh(&arguments.binary, &arguments.data.join("sample"), None, 0)?;
    let server = installation.start().await?;
    let citizen = installation.token(birth::CITIZEN)?;
    let code = Work::new(server.address, citizen, String::new()).file_one().await?;
    server.stop().await?;
    let connection = database::open_sqlite(&installation.data)?;
    let id: i64 =
        connection.query_row("SELECT id FROM dossier WHERE code = ?1", [code], |row| row.get(0))?;
    let mut inserts = Vec::new();
    for (table, condition, fills) in TABLES {
        inserts.extend(rows_of(&connection, table, condition, fills, id)?);
    }
    Ok(inserts)
}

fn rows_of(
    connection: &rusqlite::Connection,
    table: &'static str,
    condition: &str,
    fills: Differing,
    id: i64,
) -> Result<Vec<Insert>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {condition}"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([id])?;
    let mut inserts = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            let fill = fills.iter().find(|(name, _)| name == column);
            values.push(match fill {
                Some((_, fill)) => fill.clone(),
                None => Fill::Kept(row.get(place)?),
            });
        }
        inserts.push(Insert { table, columns: columns.clone(), values });
    }
    Ok(inserts)
}

/// An empty database with the schema of the program.
fn migrate(binary: &Path, data: &Path, url: Option<&str>) -> Result<()> {
    if data.try_exists()? {
        std::fs::remove_dir_all(data)?;
    }
    let mut command = std::process::Command::new(binary);
    command.arg("migrate").arg("--data").arg(data);
    if let Some(url) = url {
        command.args(["--database", url]);
    }
    if command.status()?.success() { Ok(()) } else { Err("migrate failed".into()) }
}

fn in_sqlite(arguments: &RawArguments, inserts: &[Insert]) -> Result<Row> {
    let data = arguments.data.join("database");
    migrate(&arguments.binary, &data, None)?;
    let connection = database::open_sqlite(&data)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -24000; \
         PRAGMA wal_autocheckpoint = 2000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    let texts: Vec<String> = inserts.iter().map(|insert| insert.sql('?')).collect();
    let mut times = Vec::new();
    let own = Tree(std::process::id());
    let (before, begun) = (own.own_cpu_seconds(), Instant::now());
    let end = Duration::from_secs_f64(arguments.seconds);
    let mut number = 0;
    while begun.elapsed() < end {
        number += 1;
        let started = Instant::now();
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for (insert, sql) in inserts.iter().zip(&texts) {
            let values = rusqlite::params_from_iter(insert.filled(number));
            connection.prepare_cached(sql)?.execute(values)?;
        }
        count_and_chain(&connection, number)?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        times.push(micros(started));
    }
    let seconds = begun.elapsed().as_secs_f64();
    Ok(row("sqlite", 1, seconds, times, own.own_cpu_seconds() - before, 0.0))
}

/// The serial of the day, and the end of the chain.
fn count_and_chain(connection: &rusqlite::Connection, number: i64) -> Result<()> {
    let counter = "INSERT INTO counter (scope, value) VALUES ('code', 1) \
        ON CONFLICT (scope) DO UPDATE SET value = counter.value + 1 RETURNING value";
    let _serial: i64 = connection.prepare_cached(counter)?.query_row([], |row| row.get(0))?;
    let chain = "UPDATE chain SET seq = ?1, hash = ?2 WHERE name = 'event'";
    connection.prepare_cached(chain)?.execute(rusqlite::params![number, [7_u8; 32].as_slice()])?;
    Ok(())
}

fn micros(started: Instant) -> u32 {
    u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX)
}

fn row(
    engine: &str,
    connections: usize,
    seconds: f64,
    mut times: Vec<u32>,
    own_cpu: f64,
    database_cpu: f64,
) -> Row {
    times.sort_unstable();
    Row {
        target: "raw".to_owned(),
        engine: engine.to_owned(),
        operation: String::new(),
        connections,
        seconds,
        times,
        errors: 0,
        server_cpu_seconds: own_cpu,
        database_cpu_seconds: database_cpu,
        client_cpu_seconds: 0.0,
        memory_mib: Tree(std::process::id()).memory_mib(),
    }
}

/// Counter and chain are left out here: eight clients without commit groups would only wait for one
/// another's lock on them.
async fn in_postgres(arguments: &RawArguments, inserts: Vec<Insert>) -> Result<Row> {
    let database = Database::make(&arguments.database, "raw").await?;
    migrate(&arguments.binary, &arguments.data.join("database"), Some(&database.url))?;
    let server = database::server_tree(&database.url).await?;
    let own = Tree(std::process::id());
    let (before, server_before) = (own.own_cpu_seconds(), server.cpu_seconds());
    let inserts = Arc::new(inserts);
    let next = Arc::new(AtomicI64::new(0));
    let begun = Instant::now();
    let end = begun + Duration::from_secs_f64(arguments.seconds);
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let client = database::connect(&database.url).await?;
        let (inserts, next) = (Arc::clone(&inserts), Arc::clone(&next));
        tasks.push(tokio::spawn(async move { write_until(client, &inserts, &next, end).await }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = (own.own_cpu_seconds() - before, server.cpu_seconds() - server_before);
    database.remove().await?;
    Ok(row("postgres", 8, seconds, times, cpu.0, cpu.1))
}

async fn write_until(
    client: tokio_postgres::Client,
    inserts: &[Insert],
    next: &AtomicI64,
    end: Instant,
) -> Result<Vec<u32>> {
    let mut statements = Vec::new();
    for insert in inserts {
        statements.push(client.prepare(&insert.sql('$')).await?);
    }
    let mut times = Vec::new();
    while Instant::now() < end {
        let number = next.fetch_add(1, Ordering::Relaxed) + 1;
        let started = Instant::now();
        client.batch_execute("BEGIN").await?;
        for (insert, statement) in inserts.iter().zip(&statements) {
            let values = insert.filled(number).zip(statement.params());
            let values: Vec<Box<dyn ToSql + Sync + Send>> =
                values.map(|(value, kind)| for_postgres(value, kind)).collect();
            let values: Vec<&(dyn ToSql + Sync)> =
                values.iter().map(|value| value.as_ref() as &(dyn ToSql + Sync)).collect();
            client.execute(statement, &values).await?;
        }
        client.batch_execute("COMMIT").await?;
        times.push(micros(started));
    }
    Ok(times)
}

fn for_postgres(value: Value, kind: &Type) -> Box<dyn ToSql + Sync + Send> {
    match value {
        Value::Integer(number) => Box::new(number),
        Value::Text(text) => Box::new(text),
        Value::Blob(bytes) => Box::new(bytes),
        Value::Real(number) => Box::new(number),
        Value::Null if *kind == Type::TEXT => Box::new(None::<String>),
        Value::Null if *kind == Type::BYTEA => Box::new(None::<Vec<u8>>),
        Value::Null => Box::new(None::<i64>),
    }
}

/// How long the disk takes to make four kilobytes durable. Every commit waits for it once.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask disk --rows bench/out/rows.jsonl")]
pub(crate) struct DiskArguments {
    /// Folder on the disk in question.
    #[arg(long, default_value = "bench/out")]
    folder: PathBuf,
    /// Append the rows to this file too, as JSON.
    #[arg(long)]
    rows: Option<PathBuf>,
}

/// Writes whose time is taken.
const WRITES: u32 = 1_000;

pub(crate) fn disk(arguments: &DiskArguments) -> Result<()> {
    use std::os::unix::fs::FileExt;

    std::fs::create_dir_all(&arguments.folder)?;
    let path = arguments.folder.join("disk.probe");
    let file = std::fs::File::create(&path)?;
    let block = [7_u8; 4_096];
    for place in 0..u64::from(WRITES) {
        file.write_all_at(&block, place * 4_096)?;
    }
    file.sync_all()?;
    let mut times = Vec::new();
    let begun = Instant::now();
    for place in 0..u64::from(WRITES) {
        let started = Instant::now();
        file.write_all_at(&block, place * 4_096)?;
        file.sync_data()?;
        times.push(micros(started));
    }
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::remove_file(&path)?;
    let results = Results { json: false, file: arguments.rows.as_deref() };
    results.begin();
    results
        .add(&Row { operation: "fdatasync".to_owned(), ..row("disk", 1, seconds, times, 0.0, 0.0) })
}
