//! The relay as a process: started on a fresh folder, pinned to one core, measured from /proc.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The core that the relay has for itself.
const RELAY_CORE: &str = "0";
/// Where the load runs.
const LOAD_CORES: &str = "1";

/// A running relay.
pub struct Relay {
    child: Child,
    /// Its WebSocket address.
    pub address: String,
    /// The founding link that it printed, if the folder was new.
    pub founding: Option<String>,
    data: PathBuf,
    program: PathBuf,
}

impl Relay {
    /// Starts a relay on `data` and waits until it says that it listens.
    pub fn start(program: &Path, data: &Path) -> Result<Self> {
        let mut command = pinned(program, RELAY_CORE);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        // The load is one device's or a few devices': the limits that protect a relay are lifted.
        for whose in ["DEVICE", "PARTNERSHIP"] {
            for what in ["STATEMENTS", "BYTES"] {
                command.env(format!("ENTENTE_RELAY_LIMITS_{whose}_{what}_PER_MINUTE"), "4000000000");
            }
        }
        command.env("ENTENTE_RELAY_LIMITS_CONNECTIONS_PER_DEVICE_MAX", "10000");
        command.env("ENTENTE_RELAY_LIMITS_GREETINGS_PER_ADDRESS_MAX", "10000");
        command.env("ENTENTE_RELAY_LOG_FILTER", "warn");
        let mut child = command.stdout(Stdio::piped()).spawn().context("the relay does not start")?;
        let stdout = child.stdout.take().context("the relay has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let (mut address, mut founding) = (None, None);
        for line in lines.by_ref() {
            let line = line?;
            if let Some(link) = line.split_whitespace().find(|word| word.contains("#found-")) {
                founding = Some(link.to_owned());
            }
            if let Some(at) = line.split("listening on http://").nth(1) {
                let host = at.split_whitespace().next().unwrap_or(at).trim_end_matches(['/', '.', ',']);
                address = Some(format!("ws://{host}/ws"));
            }
            if address.is_some() && (founding.is_some() || data.join("started").exists()) {
                break;
            }
        }
        let Some(address) = address else { bail!("the relay did not say where it listens") };
        std::fs::write(data.join("started"), b"")?;
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address, founding, data: data.to_owned(), program: program.to_owned() })
    }

    /// Stops the relay and starts it again on the same folder.
    pub fn restart(mut self) -> Result<Self> {
        self.stop()?;
        let (program, data) = (self.program.clone(), self.data.clone());
        Self::start(&program, &data)
    }

    fn stop(&mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        self.child.wait()?;
        Ok(())
    }

    /// CPU time used so far, in seconds: user and system.
    pub fn cpu_s(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Resident memory, in bytes.
    pub fn memory_bytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("");
        let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
        kib.unwrap_or(0.0) * 1024.0
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// Moves this process, and what it starts, to the cores for load.
pub fn pin_load() {
    let id = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-apc", LOAD_CORES, &id]).stdout(Stdio::null()).status();
    if !pinned.is_ok_and(|status| status.success()) {
        eprintln!("bench: taskset is not there; relay and load share the cores");
    }
}

fn pinned(program: &Path, core: &str) -> Command {
    if Command::new("taskset").arg("--version").output().is_ok() {
        let mut command = Command::new("taskset");
        command.args(["-c", core]).arg(program);
        return command;
    }
    Command::new(program)
}
