//! The relay as a process: started on a folder, killed, measured from `/proc`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::oneshot;

/// Most bytes of a relay's log that are kept.
const LOG_BYTES_MAX: usize = 1 << 20;

/// How a relay is started, and started again.
#[derive(Clone)]
pub struct Setup {
    program: PathBuf,
    data: PathBuf,
    settings: Vec<(String, String)>,
    core: Option<&'static str>,
}

impl Setup {
    /// `program`, with its data in the folder `data` and every setting as the relay has it.
    pub fn new(program: impl Into<PathBuf>, data: impl Into<PathBuf>) -> Self {
        let setup = Self { program: program.into(), data: data.into(), settings: Vec::new(), core: None };
        setup.with("log_filter", "warn")
    }

    /// Changes a setting, by its key in the relay's file, such as `limits.cache_bytes`.
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        let name = format!("ENTENTE_RELAY_{}", key.replace('.', "_").to_uppercase());
        self.settings.push((name, value.to_string()));
        self
    }

    /// Lifts the limits that protect a relay: a load is one device's, or a few devices'.
    pub fn without_limits(self) -> Self {
        ["device_statements", "device_bytes", "partnership_statements", "partnership_bytes"]
            .iter()
            .fold(self, |setup, what| setup.with(&format!("limits.{what}_per_minute"), 4_000_000_000_u64))
            .with("limits.connections_per_device_max", 10_000)
            .with("limits.greetings_per_address_max", 10_000)
    }

    /// Gives the relay one processor core, by its number.
    pub fn on_core(mut self, core: &'static str) -> Self {
        self.core = Some(core);
        self
    }

    /// One of the program's commands, on this folder.
    pub fn command(&self, name: &str) -> Command {
        let taskset = self.core.filter(|_| Command::new("taskset").arg("--version").output().is_ok());
        let mut command = match taskset {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["-c", core]).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        for (key, _) in std::env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("ENTENTE_")) {
            command.env_remove(key);
        }
        command.envs(self.settings.iter().map(|(key, value)| (key, value)));
        command.arg(name).arg("--data").arg(&self.data).stdin(Stdio::null());
        command
    }

    /// Starts the relay; it is not ready yet.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(&self) -> Result<Starting> {
        let mut command = self.command("serve");
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().with_context(|| format!("{} does not start", self.program.display()))?;
        let mut process = Process { child, log: Arc::default() };
        let stdout = process.child.stdout.take().context("the relay has no output")?;
        let mut stderr = process.child.stderr.take().context("the relay has no log")?;
        let log = Arc::clone(&process.log);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut chunk) {
                let mut log = log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let room = LOG_BYTES_MAX.saturating_sub(log.len());
                log.extend(&chunk[..count.min(room)]);
            }
        });
        let (said, ready) = oneshot::channel();
        std::thread::spawn(move || read_output(stdout, said));
        Ok(Starting { process, ready, setup: self.clone() })
    }

    /// Starts the relay and waits until it says where it listens.
    ///
    /// # Errors
    /// It ended before; the error has its log.
    pub async fn serve(&self) -> Result<Relay> {
        self.start()?.ready().await
    }
}

/// What a relay printed when it was ready: its address, and a founding link while it has no partnership.
struct Said {
    address: String,
    founding: Option<String>,
}

fn read_output(stdout: ChildStdout, said: oneshot::Sender<Said>) {
    let mut stdout = BufReader::new(stdout);
    let mut line = || {
        let mut line = String::new();
        stdout.read_line(&mut line).ok().filter(|count| *count > 0)?;
        // Both are printed in one write: what is not there with the address does not come.
        Some((line.trim_end().to_owned(), !stdout.buffer().is_empty()))
    };
    let Some((first, mut has_more)) = line() else { return };
    let Some(host) = first.strip_prefix("listening on http://") else { return };
    let mut founding = None;
    while has_more && let Some((next, more)) = line() {
        has_more = more;
        founding = founding.or(next.contains("/#found-").then_some(next));
    }
    let _ = said.send(Said { address: format!("ws://{}/ws", host.trim_end_matches('/')), founding });
    // The output must be read, or the relay would stop at a full pipe.
    let _ = std::io::copy(&mut stdout, &mut std::io::sink());
}

/// A process that does not outlive its value.
struct Process {
    child: Child,
    log: Arc<Mutex<Vec<u8>>>,
}

impl Process {
    fn log(&self) -> String {
        let log = self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        String::from_utf8_lossy(&log).into_owned()
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A relay that was started and has not said yet where it listens. Dropping it kills it.
pub struct Starting {
    process: Process,
    ready: oneshot::Receiver<Said>,
    setup: Setup,
}

impl Starting {
    /// Waits until the relay listens.
    ///
    /// # Errors
    /// It ended before; the error has its log.
    pub async fn ready(mut self) -> Result<Relay> {
        let Ok(Said { address, founding }) = (&mut self.ready).await else {
            let status = self.process.child.wait()?;
            bail!("the relay did not start ({status}):\n{}", self.process.log());
        };
        Ok(Relay { process: self.process, address, founding, setup: self.setup })
    }
}

/// A running relay. Dropping it kills it with SIGKILL.
pub struct Relay {
    process: Process,
    /// Its WebSocket address.
    pub address: String,
    /// The founding link that it printed, while it has no partnership.
    pub founding: Option<String>,
    setup: Setup,
}

impl Relay {
    /// Stops the relay gracefully.
    ///
    /// # Errors
    /// It ended with a failure; the error has its log.
    pub fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.process.child), Signal::TERM)?;
        let status = self.process.child.wait()?;
        if !status.success() {
            bail!("the relay ended with {status}:\n{}", self.process.log());
        }
        Ok(())
    }

    /// Stops the relay gracefully and starts it again on the same folder.
    ///
    /// # Errors
    /// It ended with a failure, or does not start.
    pub async fn restart(self) -> Result<Self> {
        let setup = self.setup.clone();
        self.stop()?;
        setup.serve().await
    }

    /// What the relay has logged so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// The text that one of the relay's pages has.
    ///
    /// # Errors
    /// It does not answer.
    pub fn page(&self, path: &str) -> Result<String> {
        use std::io::Write as _;
        let host = self.address.trim_start_matches("ws://").trim_end_matches("/ws");
        let mut stream = std::net::TcpStream::connect(host)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text.split_once("\r\n\r\n").context("no page")?.1.to_owned())
    }

    /// CPU time used so far, in seconds: user and system.
    pub fn cpu_s(&self) -> f64 {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Resident memory, in bytes.
    pub fn memory_bytes(&self) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("");
        let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
        kib.unwrap_or(0.0) * 1024.0
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.process.child.id())).unwrap_or_default()
    }
}

/// The relay's program as `cargo test` built it: beside the folder of the running test.
///
/// # Errors
/// It is not there; the error says how to build it.
pub fn program() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).context("a test lies in target/<profile>/deps")?;
    let program = folder.join(format!("entente-relay{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        bail!(
            "{} is missing: `cargo test --workspace` builds it, and so does `cargo build --package entente-server`",
            program.display()
        );
    }
    Ok(program)
}
