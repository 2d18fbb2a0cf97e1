//! The stage `tests`: unit and integration tests, and the examples in the documentation.

use clap::ValueEnum;

use crate::summary::Passed;
use crate::tool::Tool;

/// What runs the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Runner {
    /// nextest when it is installed, else Cargo
    Auto,
    /// `cargo nextest`: a process for each test, all of them at once
    Nextest,
    /// `cargo test`, which every Rust installation has
    Cargo,
}

/// Builds and runs every test. All of them are run even when some fail.
pub fn run(runner: Runner) -> anyhow::Result<Passed> {
    // Tests of the client's program start the relay's, which no dependency of theirs has built.
    Tool::cargo(["build", "--locked", "--workspace", "--bin", "entente-relay"]).run()?;
    if !uses_nextest(runner) {
        Tool::cargo(["test", "--locked", "--workspace", "--no-fail-fast"]).run()?;
        return Ok(Passed::noting("by cargo test"));
    }
    Tool::cargo(["nextest", "run", "--locked", "--workspace", "--no-fail-fast"])
        .hint("If nextest is missing: https://nexte.st, or --runner cargo")
        .run()?;
    // nextest does not run the examples in the documentation.
    Tool::cargo(["test", "--locked", "--workspace", "--doc"]).run()?;
    Ok(Passed::noting("by cargo nextest, examples by cargo test"))
}

fn uses_nextest(runner: Runner) -> bool {
    match runner {
        Runner::Auto => Tool::cargo(["nextest", "--version"]).succeeds(),
        Runner::Nextest => true,
        Runner::Cargo => false,
    }
}
