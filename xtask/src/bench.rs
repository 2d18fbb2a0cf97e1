//! `cargo xtask bench`: the relay and the client, measured beside the floor of the same run.

use anyhow::Result;
use clap::Args;

use crate::tool::{Tool, root};

/// Measure the relay and the client, for release; a table and target/bench.json.
#[derive(Args)]
pub struct Bench {
    /// Only scenarios whose name contains this: floor, latency, throughput, history, crowd, idle, open documents, offline, new device, start
    #[arg(long)]
    only: Option<String>,
    /// Shorter runs, for trying the harness; the figures mean little.
    #[arg(long)]
    quick: bool,
}

/// Builds the relay and the harness for release and runs them.
pub fn run(bench: &Bench) -> Result<()> {
    Tool::cargo([
        "build",
        "--locked",
        "--release",
        "--package",
        "entente-server",
        "--package",
        "entente-bench",
    ])
    .run()?;
    let release = root().join("target/release");
    let mut tool = Tool::new(release.join("entente-bench"));
    tool = tool.arg("--relay").arg(release.join("entente-relay"));
    if let Some(only) = &bench.only {
        tool = tool.args(["--only", only]);
    }
    if bench.quick {
        tool = tool.arg("--quick");
    }
    tool.run()
}
