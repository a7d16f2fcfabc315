//! `cargo xtask sign`: births signed into the register, by the whole program.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use clap::Args;

use crate::client::Connection;
use crate::database::{self, Database};
use crate::process::Tree;
use crate::row::{Results, Row};
use crate::server::Installation;
use crate::work::{Work, expect};
use crate::{Result, birth};

/// Sign births: register entry, verifiable QR, PDF with a PAdES signature, message, one commit.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask sign --count 200 --rows bench/out/rows.jsonl")]
pub(crate) struct SignArguments {
    /// The program to start and measure.
    #[arg(long, default_value = "target/release/tuphap")]
    binary: PathBuf,
    /// Data folder of the run; emptied first.
    #[arg(long, default_value = "bench/out/sign")]
    data: PathBuf,
    /// `sqlite`, or the address of any database of a PostgreSQL server.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Births signed at each number of connections.
    #[arg(long, default_value_t = 200)]
    count: u32,
    /// Chairs that sign at the same time. All write into one book.
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    connections: Vec<usize>,
    /// Print JSON, one row a line, instead of a table.
    #[arg(long)]
    json: bool,
    /// Append the rows to this file too, as JSON.
    #[arg(long)]
    rows: Option<PathBuf>,
}

pub(crate) async fn run(arguments: SignArguments) -> Result<()> {
    if arguments.database == "sqlite" {
        return measure(&arguments, None).await;
    }
    let database = Database::make(&arguments.database, "sign").await?;
    let outcome = measure(&arguments, Some(database.url.clone())).await;
    database.remove().await?;
    outcome
}

async fn measure(arguments: &SignArguments, url: Option<String>) -> Result<()> {
    let results = Results { json: arguments.json, file: arguments.rows.as_deref() };
    let mut installation = Installation::fresh(&arguments.binary, &arguments.data, url, 1)?;
    let server = installation.start().await?;
    let (citizen, desk) = (installation.token(birth::CITIZEN)?, installation.token(birth::DESK)?);
    let (clerk, chair) = (installation.token(birth::CLERK)?, installation.token(birth::CHAIR)?);
    let mut work = Work::new(server.address, citizen, desk);
    let rounds = u32::try_from(arguments.connections.len())?;
    let born = work.bring_to_signature(&clerk, arguments.count * rounds).await?;
    server.stop().await?;
    // Without job runners, so that receipts are not printed meanwhile.
    installation.job_workers = 0;
    let server = installation.start().await?;
    work.address = server.address;
    let database = match &installation.database {
        Some(url) => Some(database::server_tree(url).await?),
        None => None,
    };
    let work = Arc::new(work);
    results.begin();
    for (share, connections) in
        born.chunks(usize::try_from(arguments.count)?).zip(&arguments.connections)
    {
        let requests: Vec<_> =
            share.iter().map(|(_, code)| work.action(&chair, code, "sign")).collect();
        let cpu = |tree: Option<Tree>| tree.map_or(0.0, Tree::cpu_seconds);
        let before = (server.tree().cpu_seconds(), cpu(database));
        let begun = Instant::now();
        let mut times = sign_all(&work, requests, *connections).await?;
        let seconds = begun.elapsed().as_secs_f64();
        times.sort_unstable();
        results.add(&Row {
            target: "tuphap".to_owned(),
            engine: installation.engine().to_owned(),
            operation: "sign".to_owned(),
            connections: *connections,
            seconds,
            times,
            errors: 0,
            server_cpu_seconds: server.tree().cpu_seconds() - before.0,
            database_cpu_seconds: cpu(database) - before.1,
            client_cpu_seconds: 0.0,
            memory_mib: server.tree().memory_mib(),
        })?;
    }
    server.stop().await
}

async fn sign_all(
    work: &Arc<Work>,
    requests: Vec<Vec<u8>>,
    connections: usize,
) -> Result<Vec<u32>> {
    let waiting = Arc::new(Mutex::new(requests));
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (work, waiting) = (Arc::clone(work), Arc::clone(&waiting));
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::new(work.address);
            let mut times = Vec::new();
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let Some(request) = next else {
                    return Ok::<_, crate::Fault>(times);
                };
                let started = Instant::now();
                expect(&mut connection, &request).await?;
                times.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(times)
}
