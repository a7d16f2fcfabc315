#![doc = include_str!("../README.md")]

mod account;
mod clock;
mod command;
mod configuration;
mod demo;
mod law;
mod pack_check;
mod server;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

/// Hashing a password takes 19 MiB for a moment, a page of PDF a few; the system's allocator keeps such
/// blocks per thread for ever. This one gives them back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    telemetry::start();
    command::run(arguments)
}
