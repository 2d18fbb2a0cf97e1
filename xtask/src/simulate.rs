//! `cargo xtask simulate`: random histories of the simulated network, beyond those of the test run.

use crate::tool::Tool;

/// Which histories to play.
#[derive(clap::Args)]
pub struct Simulate {
    /// The first seed; a test that fails names it
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds from there on
    #[arg(long, default_value_t = 10_000)]
    runs: u64,
}

/// Plays them; the first fault ends it with the seed and the story.
pub fn run(simulate: &Simulate) -> anyhow::Result<()> {
    let Simulate { seed, runs } = simulate;
    Tool::cargo(["run", "--quiet", "--locked", "--package", "entente-tests", "--example", "simulate", "--"])
        .args([seed.to_string(), runs.to_string()])
        .run()
}
