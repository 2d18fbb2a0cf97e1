//! The stage `wasm`: what the browser runs builds for it.

use crate::tool::Tool;
use crate::web::{TARGET, install_target};

/// Builds `shared` and the client library for the browser, after installing the target when it is missing.
pub fn run() -> anyhow::Result<()> {
    install_target()?;
    build("entente-shared").run()?;
    build("entente-client").args(["--no-default-features", "--lib"]).run()
}

fn build(package: &str) -> Tool {
    Tool::cargo(["build", "--locked", "--target", TARGET, "--package", package])
}
