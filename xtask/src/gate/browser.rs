//! The stage `browser`: the app that the relay embeds, in the distribution's Chromium.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::tool::Tool;
use crate::web;

/// Where distributions put Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Installs what is missing, builds the relay, and drives it from the browser.
pub fn run() -> anyhow::Result<()> {
    web::build_where_needed()?;
    web::install_packages()?;
    let chromium = chromium()?;
    // All of the workspace, so that what the tests built serves here, too.
    Tool::cargo(["build", "--locked", "--workspace", "--bins"]).run()?;
    web::npm(["run", "test"]).env("ENTENTE_CHROMIUM", chromium).run()
}

/// Chromium: the one that is named, the distribution's, or installed from its packages.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("ENTENTE_CHROMIUM") {
        return Ok(named.into());
    }
    let path = Path::new(CHROMIUM);
    if path.exists() {
        return Ok(path.to_owned());
    }
    let is_root = Tool::new("id").arg("-u").output().is_ok_and(|id| id == "0");
    let apt = || if is_root { Tool::new("apt-get") } else { Tool::new("sudo").args(["-n", "apt-get"]) };
    // A new machine may have no lists of packages, or old ones; whether that matters, the next step says.
    let _ = apt().arg("update").run();
    apt()
        .args(["install", "--yes", "chromium"])
        .hint("Install Chromium, or name one: ENTENTE_CHROMIUM=/path/to/chromium cargo xtask test browser")
        .run()
        .context("the browser tests need Chromium, and it could not be installed")?;
    if !path.exists() {
        bail!("Chromium was installed, but not as {CHROMIUM}; name it in ENTENTE_CHROMIUM");
    }
    Ok(path.to_owned())
}
