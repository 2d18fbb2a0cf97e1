//! `cargo xtask test`: the one gate, the same here and in CI.
//!
//! The stages run from the cheapest to the dearest, but for the web app, which the relay embeds; all in
//! the `dev` profile, so that what one of them
//! built serves the next: Clippy, the documentation and the tests share build scripts and macros,
//! Clippy and the documentation share the metadata of every dependency.

pub mod browser;
mod dependencies;
mod tests;
mod wasm;

use anyhow::{anyhow, bail};
use clap::ValueEnum;

use crate::fmt;
use crate::summary::{Passed, Summary};
use crate::tool::Tool;
use crate::web;

/// What of the gate to run.
#[derive(clap::Args)]
pub struct Test {
    /// The stages to run, in the gate's order; all of them when none is named
    stages: Vec<Stage>,
    /// What runs the tests: nextest does when it is installed, else Cargo
    #[arg(long, value_enum, default_value = "auto")]
    runner: tests::Runner,
}

/// One part of the gate.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// Every source is formatted
    Format,
    /// The web app builds and its types fit: the relay embeds it
    Web,
    /// No warning of rustc or Clippy in any target
    Lints,
    /// No warning in the documentation: broken links, missing pages
    Docs,
    /// Every test and every example in the documentation passes
    Tests,
    /// The web app works in a real browser with a real relay
    Browser,
    /// What the browser needs builds for it
    Wasm,
    /// Licences, sources, versions and advisories of what we depend on
    Dependencies,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Web => "web",
            Self::Lints => "lints",
            Self::Docs => "docs",
            Self::Tests => "tests",
            Self::Browser => "browser",
            Self::Wasm => "wasm",
            Self::Dependencies => "dependencies",
        }
    }

    fn headline(self) -> &'static str {
        match self {
            Self::Format => "every source is formatted",
            Self::Web => "the web app builds and its types fit",
            Self::Lints => "no warning of rustc or Clippy in any target",
            Self::Docs => "no warning in the documentation",
            Self::Tests => "every test and every documented example passes",
            Self::Browser => "the web app works in a real browser with a real relay",
            Self::Wasm => "shared and the client library build for the browser",
            Self::Dependencies => "licences, sources, versions and advisories of what we depend on",
        }
    }

    fn run(self, test: &Test) -> anyhow::Result<Passed> {
        match self {
            Self::Format => fmt::check().map(|()| Passed::fully()),
            Self::Web => web::build().and_then(|()| web::check_size()).map(|()| Passed::fully()),
            Self::Lints => lints().map(|()| Passed::fully()),
            Self::Docs => docs().map(|()| Passed::fully()),
            Self::Tests => tests::run(test.runner),
            Self::Browser => browser::run().map(|()| Passed::fully()),
            Self::Wasm => wasm::run().map(|()| Passed::fully()),
            Self::Dependencies => dependencies::run(),
        }
    }
}

/// Runs the stages asked for until one fails, and prints how they ended.
pub fn run(test: &Test) -> anyhow::Result<()> {
    let mut summary = Summary::default();
    let mut failure = None;
    for &stage in Stage::value_variants() {
        if !test.stages.is_empty() && !test.stages.contains(&stage) {
            continue;
        }
        if failure.is_some() {
            summary.not_run(stage.name());
            continue;
        }
        failure = summary
            .stage(stage.name(), stage.headline(), || stage.run(test))
            .err()
            .map(|error| anyhow!("{0}: {error:#}\nThe stage alone:\n  cargo xtask test {0}", stage.name()));
    }
    println!("\n{}", summary.table());
    match failure {
        Some(error) => bail!(error),
        None => Ok(()),
    }
}

fn lints() -> anyhow::Result<()> {
    Tool::cargo(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .hint("If Clippy is missing: rustup component add clippy")
        .run()
}

fn docs() -> anyhow::Result<()> {
    Tool::cargo(["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()
}
