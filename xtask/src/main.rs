//! One command for each thing a contributor does: `cargo xtask <command>`, from any folder of the repository.

mod bench;
mod demo;
mod fmt;
mod gate;
mod simulate;
mod summary;
mod tool;
mod torture;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// One command for each thing a contributor does.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The gate: everything that a change must pass, in stages, each repeatable by itself.
    Test(gate::Test),
    /// Measure the relay and the client, beside the floor of the same run.
    Bench(bench::Bench),
    /// Build the browser app, which the relay embeds.
    Web(web::Web),
    /// Play the whole story on this machine, then serve whoever joins.
    Demo(demo::Demo),
    /// Kill the relay at random moments under load, more often than the tests do.
    Torture(torture::Torture),
    /// Play random histories of the simulated network, more than the test run does.
    Simulate(simulate::Simulate),
    /// Format the sources, or with `--check` say which are not formatted.
    Fmt(fmt::Fmt),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test(test) => gate::run(&test),
        Command::Bench(bench) => bench::run(&bench),
        Command::Web(web) => web::run(&web),
        Command::Demo(demo) => demo::run(&demo),
        Command::Torture(torture) => torture::run(&torture),
        Command::Simulate(simulate) => simulate::run(&simulate),
        Command::Fmt(fmt) => fmt::run(&fmt),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
