//! The relay of the demo: a process with a sled store in the demo's folder.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout};

use anyhow::{Context as _, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::programs::{output, program};

/// Lines of the log that are shown when something fails.
const LOG_LINES: usize = 20;

/// A relay that serves, and is killed with its value.
pub struct Relay {
    child: Child,
    program: PathBuf,
    data: PathBuf,
    log: PathBuf,
    founding_link: String,
    /// Held open: the relay may write to it.
    stdout: BufReader<ChildStdout>,
}

impl Relay {
    /// Starts it on a free port of loopback and waits until it serves.
    pub fn start(path: &Path, folder: &Path) -> anyhow::Result<Self> {
        Self::start_at(path, folder, 0)
    }

    /// The same with a clock that is put forward by `moved_ms` milliseconds.
    pub fn start_at(path: &Path, folder: &Path, moved_ms: u64) -> anyhow::Result<Self> {
        let (data, log) = (folder.join("relay"), folder.join("relay.log"));
        let (child, stdout) = spawn(path, &data, &log, "127.0.0.1:0", moved_ms)?;
        let mut relay =
            Self { child, program: path.to_owned(), data, log, founding_link: String::new(), stdout };
        relay.founding_link = relay.read_until("#found-")?;
        Ok(relay)
    }

    /// Stops it, and starts it again where it was with its clock put forward by `moved_ms`.
    pub fn move_clock(&mut self, moved_ms: u64) -> anyhow::Result<()> {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        self.child.wait()?;
        let address = self.founding_link.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        let (address, _) = address.context("the founding link has an address")?;
        (self.child, self.stdout) = spawn(&self.program, &self.data, &self.log, address, moved_ms)?;
        self.read_until("listening on").map(drop)
    }

    /// Reads what it prints up to a line with `mark`, which it gives.
    fn read_until(&mut self, mark: &str) -> anyhow::Result<String> {
        let mut line = String::new();
        while !line.contains(mark) {
            line.clear();
            let read = self.stdout.by_ref().read_line(&mut line)?;
            ensure!(read > 0, "the relay did not print {mark:?}; its log:\n{}", self.log_tail());
        }
        Ok(line.trim().to_owned())
    }

    /// The link that it printed at its start.
    pub fn founding_link(&self) -> &str {
        &self.founding_link
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Checks that it still runs.
    pub fn check_running(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("the relay ended by itself ({status})"),
            None => Ok(()),
        }
    }

    /// What an operator's command, given on the running relay, prints; it must succeed.
    pub fn answers(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = program(&self.program);
        command.args(arguments).arg("--data").arg(&self.data);
        let answer = output(command)?;
        let error = String::from_utf8_lossy(&answer.stderr);
        ensure!(answer.status.success(), "entente-relay {} failed: {error}", arguments.join(" "));
        String::from_utf8(answer.stdout).context("the relay's answer")
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    /// Stops it gracefully.
    pub fn stop(mut self) -> anyhow::Result<()> {
        // After Ctrl-C it may have ended already: the terminal sends it to all of its processes.
        if self.child.try_wait()?.is_none() {
            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        }
        let status = self.child.wait()?;
        ensure!(status.success(), "the relay did not stop well ({status}); its log:\n{}", self.log_tail());
        Ok(())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(
    path: &Path,
    data: &Path,
    log: &Path,
    listen: &str,
    moved_ms: u64,
) -> anyhow::Result<(Child, BufReader<ChildStdout>)> {
    let mut command = program(path);
    command.args(["serve", "--listen", listen, "--operator", "Morosha", "--data"]).arg(data);
    command.env("ENTENTE_CLOCK_MOVED_MS", moved_ms.to_string());
    let log = File::options().create(true).append(true).open(log)?;
    let mut child = command.stderr(log).spawn().context("cannot run the relay")?;
    let stdout = child.stdout.take().context("the relay has no output")?;
    Ok((child, BufReader::new(stdout)))
}
