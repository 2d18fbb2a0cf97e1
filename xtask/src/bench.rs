//! `cargo xtask bench`: the relay and the client, measured beside the floor of the same run.

use anyhow::Result;
use clap::Args;

use crate::gate::browser;
use crate::tool::{Tool, root};
use crate::web;

/// Measure the relay and the client, for release; a table and target/bench.json.
#[derive(Args)]
pub struct Bench {
    /// Only scenarios whose name contains this: floor, latency, throughput, history, crowd, idle, open documents, offline, new device, start, browser
    #[arg(long)]
    only: Option<String>,
    /// Shorter runs, for trying the harness; the figures mean little.
    #[arg(long)]
    quick: bool,
}

/// Builds the relay and the harness for release and runs them.
pub fn run(bench: &Bench) -> Result<()> {
    let only = bench.only.as_deref();
    let browser_alone = only.is_some_and(|only| !only.is_empty() && "browser".contains(only));
    let with_browser = browser_alone || only.is_none();
    if with_browser {
        web::build_where_needed()?;
        web::install_packages()?;
    }
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
    if !browser_alone {
        tool.run()?;
    }
    if with_browser { in_browser(bench.quick) } else { Ok(()) }
}

/// The app in a real browser, with the relay as it is released; a table and target/bench-browser.json.
fn in_browser(quick: bool) -> Result<()> {
    let tool = web::npm(["run", "bench"])
        .env("ENTENTE_CHROMIUM", browser::chromium()?)
        .env("ENTENTE_RELAY", root().join("target/release/entente-relay"))
        .env("ENTENTE_BENCH", root().join("target/bench-browser.json"));
    let tool = if quick { tool.env("ENTENTE_BENCH_QUICK", "1") } else { tool };
    tool.run()
}
