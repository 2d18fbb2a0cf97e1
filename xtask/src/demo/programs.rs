//! The programs of the demo: built here, run with an end.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::tool::Tool;

/// How long a command may take; all of them speak to a relay on the same machine.
const COMMAND_LIMIT: Duration = Duration::from_secs(120);

/// Where the built programs are.
#[derive(Clone)]
pub struct Programs {
    /// `entente`.
    pub client: PathBuf,
    /// `entente-relay`.
    pub relay: PathBuf,
}

impl Programs {
    /// Builds both.
    pub fn build() -> anyhow::Result<Self> {
        // All of the workspace: the demo's tests find what was built for the other tests.
        Tool::cargo(["build", "--locked", "--workspace", "--bins"]).run()?;
        let metadata =
            Tool::cargo(["metadata", "--locked", "--no-deps", "--format-version", "1"]).output()?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata).context("cargo metadata")?;
        let target = metadata["target_directory"].as_str().context("cargo metadata: no target folder")?;
        let program = |name: &str| Path::new(target).join("debug").join(name);
        Ok(Self { client: program("entente"), relay: program("entente-relay") })
    }
}

/// A program with nothing of Entente's set in its environment.
pub fn program(path: &Path) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ENTENTE_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end, and ends it itself when it takes too long.
pub fn output(mut command: Command) -> anyhow::Result<Output> {
    let child = command.spawn().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let pid = Pid::from_child(&child);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(Child::wait_with_output(child)));
    match receiver.recv_timeout(COMMAND_LIMIT) {
        Ok(output) => Ok(output?),
        Err(_) => {
            kill_process(pid, Signal::KILL)?;
            bail!("no answer within {} s", COMMAND_LIMIT.as_secs())
        }
    }
}
