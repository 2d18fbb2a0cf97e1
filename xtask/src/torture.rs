//! `cargo xtask torture`: the kill test, for longer.

use anyhow::Result;
use clap::Args;

use crate::tool::Tool;

/// Kill the relay at random moments under load; nothing acknowledged may be lost.
#[derive(Args)]
pub struct Torture {
    /// How often the relay is killed.
    #[arg(long, default_value_t = 1000)]
    kills: u64,
    /// Draws the moments; a failure names the seed with which to look for it again.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Builds the relay and runs the kill test.
pub fn run(torture: &Torture) -> Result<()> {
    Tool::cargo(["build", "--locked", "--package", "entente-server"]).run()?;
    Tool::cargo(["test", "--locked", "--package", "entente-tests", "--test", "kill"])
        .args(["--", "--nocapture"])
        .env("ENTENTE_TORTURE_KILLS", torture.kills.to_string())
        .env("ENTENTE_TORTURE_SEED", torture.seed.to_string())
        .run()
}
