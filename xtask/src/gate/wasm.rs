//! The stage `wasm`: what the browser runs builds for it.

use std::path::PathBuf;

use anyhow::Context;

use crate::tool::Tool;

/// The compiler's name for the browser.
const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `shared` and the client library for the browser, after installing the target when it is missing.
pub fn run() -> anyhow::Result<()> {
    install_target()?;
    build("entente-shared").run()?;
    build("entente-client").args(["--no-default-features", "--lib"]).run()
}

fn build(package: &str) -> Tool {
    Tool::cargo(["build", "--locked", "--target", TARGET, "--package", package])
}

fn install_target() -> anyhow::Result<()> {
    if is_installed()? {
        return Ok(());
    }
    Tool::new("rustup")
        .args(["target", "add", TARGET])
        .hint("Without rustup, install it from where Rust was installed from.")
        .run()
        .with_context(|| {
            format!("Rust's standard library for {TARGET} is not installed and could not be fetched")
        })
}

fn is_installed() -> anyhow::Result<bool> {
    let libraries = Tool::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output()?;
    Ok(PathBuf::from(libraries).is_dir())
}
