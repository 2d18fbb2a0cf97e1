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
    /// Put backups of the relay back now and then, as docs/operations.md says
    #[arg(long)]
    restores: bool,
    /// Put them back silently too, as by copying files under the relay
    #[arg(long)]
    silent_restores: bool,
}

/// Plays them; the first fault ends it with the seed and the story.
pub fn run(simulate: &Simulate) -> anyhow::Result<()> {
    let Simulate { seed, runs, restores, silent_restores } = simulate;
    let restores = match (restores, silent_restores) {
        (_, true) => Some("silent-restores"),
        (true, false) => Some("restores"),
        _ => None,
    };
    Tool::cargo(["run", "--quiet", "--locked", "--package", "entente-tests", "--example", "simulate", "--"])
        .args([seed.to_string(), runs.to_string()])
        .args(restores)
        .run()
}
