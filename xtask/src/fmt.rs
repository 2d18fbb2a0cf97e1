//! `cargo xtask fmt`: the one formatting of the sources.

use std::io::{IsTerminal, stdout};

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
    if fmt.check { check() } else { tool().run() }
}

/// Fails, naming the places, when a source is not formatted.
pub fn check() -> anyhow::Result<()> {
    // rustfmt colours its differences even where nobody sees colours.
    let color = if stdout().is_terminal() { "auto" } else { "never" };
    tool().args(["--check", "--", "--color", color]).run()
}

fn tool() -> Tool {
    Tool::cargo(["fmt", "--all"])
        .hint("If rustfmt is missing: rustup component add rustfmt; to format the sources: cargo xtask fmt")
}
