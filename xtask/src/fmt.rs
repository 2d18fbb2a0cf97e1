//! `cargo xtask fmt`: the one formatting of the sources.

use crate::tool::Tool;

/// What to do with sources that are not formatted.
#[derive(clap::Args)]
pub struct Fmt {
    /// Change nothing, and fail when a source is not formatted
    #[arg(long)]
    check: bool,
}

/// Formats the sources of every crate, or checks that they are.
pub fn run(fmt: &Fmt) -> anyhow::Result<()> {
    if fmt.check { check() } else { format().run() }
}

/// Fails, naming the places, when a source is not formatted.
pub fn check() -> anyhow::Result<()> {
    format().arg("--check").run()
}

fn format() -> Tool {
    Tool::cargo(["fmt", "--all"]).hint("install it with: rustup component add rustfmt")
}
