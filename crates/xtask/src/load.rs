//! `cargo xtask load`: requests a second, and how long they take.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::client::{Connection, Request};
use crate::database::{self, Database};
use crate::process::Tree;
use crate::row::{Results, Row};
use crate::server::{Installation, Server};
use crate::work::Work;
use crate::{Result, birth, note, seed};

/// Drive a server over HTTP and measure it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask load --seed-dossiers 200000 --seconds 10
  cargo xtask load --database postgres://user@127.0.0.1:5432/postgres --rows bench/out/rows.jsonl
  cargo xtask load --url http://127.0.0.1:8000 --name django --citizen-token T --officer-token T \\
      --codes codes.txt --pid 4711")]
pub(crate) struct LoadArguments {
    /// The program to start and measure.
    #[arg(long, default_value = "target/release/tuphap")]
    binary: PathBuf,
    /// Data folder of the run; emptied first.
    #[arg(long, default_value = "bench/out/load")]
    data: PathBuf,
    /// `sqlite`, or the address of any database of a PostgreSQL server: a database of the run's own
    /// is made there and removed again.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Open connections, each sending one request after the other.
    #[arg(long, value_delimiter = ',', default_value = "16,64")]
    connections: Vec<usize>,
    /// Seconds that are measured of each operation at each number of connections.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Seconds before that, which are not measured.
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// What to measure, in this order.
    #[arg(long, value_delimiter = ',', default_value = "create,read,list,advance")]
    operations: Vec<Operation>,
    /// Fill the store with this many dossiers first.
    #[arg(long, default_value_t = 0)]
    seed_dossiers: u64,
    /// Job runners of the server. With 0, receipts are queued but not printed meanwhile.
    #[arg(long, default_value_t = 0)]
    job_workers: u32,
    /// Print JSON, one row a line, instead of a table.
    #[arg(long)]
    json: bool,
    /// Append the rows to this file too, as JSON.
    #[arg(long)]
    rows: Option<PathBuf>,
    /// Drive the server at this address, started by somebody else, instead of our own.
    #[arg(long, requires_all = ["citizen_token", "officer_token", "codes"])]
    url: Option<String>,
    /// Name of that server in the results.
    #[arg(long, default_value = "other")]
    name: String,
    /// Token that files.
    #[arg(long)]
    citizen_token: Option<String>,
    /// Token that reads, lists and advances.
    #[arg(long)]
    officer_token: Option<String>,
    /// File with the codes of dossiers at the first step, one a line.
    #[arg(long)]
    codes: Option<PathBuf>,
    /// First process of that server, for memory and CPU time.
    #[arg(long)]
    pid: Option<u32>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    /// File a full dossier.
    Create,
    /// Read one as an officer; the read is logged.
    Read,
    /// List 50 by state and time left.
    List,
    /// Take one step of the workflow.
    Advance,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::List => "list",
            Self::Advance => "advance",
        }
    }
}

/// A server to be measured, ours or another.
struct Target {
    name: String,
    engine: String,
    server: Option<Tree>,
    database: Option<Tree>,
}

pub(crate) async fn run(arguments: LoadArguments) -> Result<()> {
    let results = Results { json: arguments.json, file: arguments.rows.as_deref() };
    if arguments.url.is_some() {
        return measure_other(&arguments, &results).await;
    }
    if arguments.database == "sqlite" {
        return measure_own(&arguments, &results, None).await;
    }
    let database = Database::make(&arguments.database, "load").await?;
    let outcome = measure_own(&arguments, &results, Some(database.url.clone())).await;
    database.remove().await?;
    outcome
}

async fn measure_own(
    arguments: &LoadArguments,
    results: &Results<'_>,
    url: Option<String>,
) -> Result<()> {
    let installation =
        Installation::fresh(&arguments.binary, &arguments.data, url, arguments.job_workers)?;
    let mut server = installation.start().await?;
    let mut work = Work::new(
        server.address,
        installation.token(birth::CITIZEN)?,
        installation.token(birth::DESK)?,
    );
    let first = work.file_one().await?;
    work.codes.push(first.clone());
    let target = Target {
        name: "tuphap".to_owned(),
        engine: installation.engine().to_owned(),
        server: Some(server.tree()),
        database: match &installation.database {
            Some(url) => Some(database::server_tree(url).await?),
            None => None,
        },
    };
    let mut target = target;
    if arguments.seed_dossiers > 0 {
        server.stop().await?;
        server = fill(&installation, arguments.seed_dossiers, &first, &mut work).await?;
        work.address = server.address;
        target.server = Some(server.tree());
    }
    tell_rest(&target, &server, arguments, results).await?;
    results.begin();
    measure(arguments, results, &target, Arc::new(work)).await?;
    server.stop().await
}

/// Multiplies the first dossier, and starts the server again upon what came of it.
async fn fill(
    installation: &Installation,
    count: u64,
    first: &str,
    work: &mut Work,
) -> Result<Server> {
    note(&format!("filling with {count} dossiers …"));
    let started = Instant::now();
    let codes = seed::multiply(installation.store_config(), first, count).await?;
    database::settle(&installation.data, installation.database.as_deref()).await?;
    note(&format!("filled in {:.0} s", started.elapsed().as_secs_f64()));
    work.codes.extend(codes);
    installation.start().await
}

async fn tell_rest(
    target: &Target,
    server: &Server,
    arguments: &LoadArguments,
    results: &Results<'_>,
) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    let tell = |fact: &str, value: f64| results.fact(&target.name, &target.engine, fact, value);
    tell("dossiers", arguments.seed_dossiers as f64)?;
    tell("ready_after_seconds", server.ready_after.as_secs_f64())?;
    tell("memory_idle_mib", server.tree().memory_mib())
}

async fn measure_other(arguments: &LoadArguments, results: &Results<'_>) -> Result<()> {
    let url = arguments.url.as_deref().unwrap_or_default();
    let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    let address: SocketAddr = address.parse().map_err(|_| "the address is http://NUMBERS:PORT")?;
    let mut work = Work::new(
        address,
        arguments.citizen_token.clone().unwrap_or_default(),
        arguments.officer_token.clone().unwrap_or_default(),
    );
    let codes = arguments.codes.as_ref().ok_or("no codes")?;
    work.codes = std::fs::read_to_string(codes)?.lines().map(str::to_owned).collect();
    let target = Target {
        name: arguments.name.clone(),
        engine: "postgres".to_owned(),
        server: arguments.pid.map(Tree),
        database: match arguments.database.as_str() {
            "sqlite" => None,
            url => Some(database::server_tree(url).await?),
        },
    };
    work.file_one().await?;
    if let Some(server) = target.server {
        results.fact(&target.name, &target.engine, "memory_idle_mib", server.memory_mib())?;
    }
    results.fact(&target.name, &target.engine, "dossiers", work.codes.len() as f64)?;
    results.begin();
    measure(arguments, results, &target, Arc::new(work)).await
}

async fn measure(
    arguments: &LoadArguments,
    results: &Results<'_>,
    target: &Target,
    work: Arc<Work>,
) -> Result<()> {
    for connections in &arguments.connections {
        for operation in &arguments.operations {
            let row = measure_one(arguments, target, &work, *operation, *connections).await?;
            results.add(&row)?;
        }
    }
    match work.first_fault() {
        Some(fault) => Err(format!("first answer that was not well: {fault}").into()),
        None => Ok(()),
    }
}

/// CPU seconds of server, database and client.
fn cpu(target: &Target) -> (f64, f64, f64) {
    let seconds = |tree: Option<Tree>| tree.map_or(0.0, Tree::cpu_seconds);
    (seconds(target.server), seconds(target.database), Tree(std::process::id()).own_cpu_seconds())
}

async fn measure_one(
    arguments: &LoadArguments,
    target: &Target,
    work: &Arc<Work>,
    operation: Operation,
    connections: usize,
) -> Result<Row> {
    let phase = Arc::new(Phase::default());
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let (work, phase) = (Arc::clone(work), Arc::clone(&phase));
            tokio::spawn(async move { drive(&work, &phase, operation, number).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs_f64(arguments.warm_up)).await;
    let before = cpu(target);
    let started = Instant::now();
    phase.counts.store(true, Ordering::Relaxed);
    let memory_mib = watch_memory(target, arguments.seconds).await;
    phase.ends.store(true, Ordering::Relaxed);
    let seconds = started.elapsed().as_secs_f64();
    let after = cpu(target);
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await?);
    }
    times.sort_unstable();
    Ok(Row {
        target: target.name.clone(),
        engine: target.engine.clone(),
        operation: operation.name().to_owned(),
        connections,
        seconds,
        times,
        errors: phase.errors.load(Ordering::Relaxed),
        server_cpu_seconds: after.0 - before.0,
        database_cpu_seconds: after.1 - before.1,
        client_cpu_seconds: after.2 - before.2,
        memory_mib,
    })
}

/// Waits, looking at the server's memory now and then; the most that was seen.
async fn watch_memory(target: &Target, seconds: f64) -> f64 {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut most = 0.0_f64;
    while Instant::now() < end {
        let rest = end.saturating_duration_since(Instant::now());
        tokio::time::sleep(rest.min(Duration::from_millis(500))).await;
        most = most.max(target.server.map_or(0.0, Tree::memory_mib));
    }
    most
}

#[derive(Default)]
struct Phase {
    /// The warm-up is over.
    counts: AtomicBool,
    ends: AtomicBool,
    errors: AtomicU64,
}

/// One connection: request after request until the phase ends. Times in microseconds.
async fn drive(work: &Work, phase: &Phase, operation: Operation, number: usize) -> Vec<u32> {
    let mut connection = Connection::new(work.address);
    let mut times = Vec::new();
    let mut place = Place { random: number as u64 + 1, after: None };
    while !phase.ends.load(Ordering::Relaxed) {
        let Some(request) = prepare(work, operation, &mut place) else {
            break;
        };
        let started = Instant::now();
        let outcome = connection.call(&request).await;
        let took = started.elapsed();
        let well = work.judge(operation.name(), &outcome);
        if well && operation == Operation::List {
            place.after = outcome.ok().and_then(|(_, body)| crate::work::next_page(body));
        }
        if !phase.counts.load(Ordering::Relaxed) || phase.ends.load(Ordering::Relaxed) {
            continue;
        }
        if well {
            times.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        } else {
            phase.errors.fetch_add(1, Ordering::Relaxed);
            // A server that is away answers fast; so as not to count a storm of refusals.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    times
}

/// Where a connection stands.
struct Place {
    random: u64,
    /// The next page of the list.
    after: Option<String>,
}

impl Place {
    /// Numbers without order (xorshift).
    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

/// Pages that are turned before the list is begun anew.
const PAGES: u64 = 10;

fn prepare(work: &Work, operation: Operation, place: &mut Place) -> Option<Vec<u8>> {
    match operation {
        Operation::Create => Some(work.filing(work.next_number()).0),
        Operation::Read => {
            let random = usize::try_from(place.next_random() >> 1).unwrap_or(0);
            let code = work.codes.get(random % work.codes.len().max(1))?;
            Some(work.officer_request("GET", &format!("/api/v1/dossiers/{code}"), "", ""))
        }
        Operation::List => {
            let mut path = format!("/api/v1/dossiers?unit={}&state=working&limit=50", birth::UNIT);
            let turns = !place.next_random().is_multiple_of(PAGES);
            if let Some(after) = place.after.take().filter(|_| turns) {
                path = format!("{path}&after={after}");
            }
            Some(work.officer_request("GET", &path, "", ""))
        }
        Operation::Advance => {
            let code = work.next_to_advance()?;
            Some(work.action(&work.officer, &code, birth::ACCEPT))
        }
    }
}

impl Work {
    /// A request of the officer.
    fn officer_request(&self, method: &str, path: &str, key: &str, body: &str) -> Vec<u8> {
        Request { method, path, token: &self.officer, key, body }.bytes()
    }
}
