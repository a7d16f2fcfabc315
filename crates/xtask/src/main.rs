#![doc = include_str!("../README.md")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod birth;
mod client;
mod crash;
mod database;
mod load;
mod process;
mod raw;
mod report;
mod row;
mod seed;
mod server;
mod sign;
mod work;

/// What goes wrong here is told to a developer and ends the task.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// Tasks of developers.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Drive a server over HTTP and measure it.
    Load(load::LoadArguments),
    /// Sign births into the register and measure it.
    Sign(sign::SignArguments),
    /// Kill the server under load again and again; exit code 1 if anything was lost or doubled.
    Crash(crash::CrashArguments),
    /// Write the rows of a create with no application around them.
    Raw(raw::RawArguments),
    /// Measure how long the disk takes to make a block durable.
    Disk(raw::DiskArguments),
    /// Print the request that files a full birth, for servers that are filled by other means.
    Filing,
    /// Make tables from the rows that the other tasks wrote.
    Report(report::ReportArguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Load(arguments) => block_on(load::run(arguments)),
        Task::Sign(arguments) => block_on(sign::run(arguments)),
        Task::Crash(arguments) => block_on(crash::run(arguments)),
        Task::Raw(arguments) => block_on(raw::run(arguments)),
        Task::Disk(arguments) => raw::disk(&arguments),
        Task::Filing => {
            say(&birth::filing(0, birth::today()));
            Ok(())
        }
        Task::Report(arguments) => report::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// One thread for all connections: the server needs the other core.
fn block_on(task: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(task)
}

/// A line of the result.
#[expect(clippy::print_stdout, reason = "a command talks to its caller")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// A line about what is going on.
#[expect(clippy::print_stderr, reason = "a command talks to its caller")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}
