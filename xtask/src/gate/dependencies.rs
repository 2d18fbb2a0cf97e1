//! The stage `dependencies`: `cargo deny` with the decisions written in `deny.toml`.

use std::path::PathBuf;
use std::time::Duration;

use crate::summary::Passed;
use crate::tool::{Tool, root};

/// The version that is installed when there is none. `deny.toml` is written for it: an older one may not read it.
const VERSION: &str = "0.20.2";

/// How long the advisory database (about 5 MB) may take to arrive.
const FETCH_LIMIT: Duration = Duration::from_secs(120);

/// What is checked without the advisory database.
const WITHOUT_ADVISORIES: [&str; 3] = ["bans", "licenses", "sources"];

/// Checks licences, sources and versions, and the advisories where their database can be had.
pub fn run() -> anyhow::Result<Passed> {
    let deny = find_or_install()?;
    deny(&["--version"]).run()?;
    match deny(&["fetch", "db"]).run_within(FETCH_LIMIT) {
        Ok(()) => {
            deny(&["--locked", "check"]).run()?;
            Ok(Passed::fully())
        }
        Err(error) => {
            println!(
                "The advisory database cannot be fetched here, so known vulnerabilities are NOT checked.\n{error:#}"
            );
            deny(&["--locked", "check"]).args(WITHOUT_ADVISORIES).run()?;
            Ok(Passed::noting("advisories NOT checked: their database could not be fetched"))
        }
    }
}

/// The installed `cargo deny`, or one in `target/tools`, so that nothing outside the repository changes.
fn find_or_install() -> anyhow::Result<impl Fn(&[&str]) -> Tool> {
    let program = if Tool::cargo(["deny", "--version"]).succeeds() { None } else { Some(install()?) };
    Ok(move |arguments: &[&str]| match &program {
        None => Tool::cargo(["deny"]).args(arguments),
        Some(program) => Tool::new(program).args(arguments),
    })
}

fn install() -> anyhow::Result<PathBuf> {
    let tools = root().join("target/tools");
    let program = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if Tool::new(&program).arg("--version").succeeds() {
        return Ok(program);
    }
    println!("cargo-deny is not installed: building version {VERSION} into target/tools (once).");
    // Its own release profile optimises the whole program at once, which takes longer than all else here.
    Tool::cargo(["install", "cargo-deny", "--locked", "--quiet", "--version", VERSION, "--root"])
        .arg(&tools)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .run()?;
    Ok(program)
}
