//! Measures Entente: `cargo xtask bench` builds this and the relay for release and runs it.
//!
//! The relay is a process of its own, pinned to one core; the load runs on the others. Beside the
//! figures stand floors measured in the same run: what signature checks, hashing, durable appends
//! and a bare broadcast cost here. Figures are medians of several runs; compare ratios, not
//! machines.

mod cores;
mod floor;
mod measure;
mod report;
mod scenarios;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;

/// Measures the relay and the client.
#[derive(Parser)]
struct Options {
    /// The relay's program.
    #[arg(long)]
    relay: PathBuf,
    /// Only scenarios whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Shorter runs, for trying the harness.
    #[arg(long)]
    quick: bool,
    /// Where to write the results as JSON.
    #[arg(long, default_value = "target/bench.json")]
    json: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = report::Report::default();
    runtime.block_on(async {
        let wanted = |name: &str| options.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
        if wanted("floor") || options.only.is_none() {
            floor::measure(&mut report, options.quick).await.context("the floor")?;
        }
        scenarios::run(&mut report, &options.relay, options.quick, &wanted).await
    })?;
    report.print();
    report.write(&options.json)
}
