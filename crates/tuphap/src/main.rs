#![doc = include_str!("../README.md")]

mod clock;
mod command;
mod configuration;
mod demo;
mod pack_check;
mod server;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    telemetry::start();
    command::run(arguments)
}
