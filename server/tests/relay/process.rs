//! One relay process, and the commands beside it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustix::process::{Pid, Signal, kill_process};

/// How long a test waits for something that should happen at once.
pub const SOON: Duration = Duration::from_secs(20);

/// A relay that serves on a free port of loopback, and is killed with its value.
pub struct Relay {
    child: Child,
    /// `host:port`.
    pub address: String,
    /// `http://host:port` or with https.
    pub url: String,
    /// What it printed about founding.
    pub founding_link: Option<String>,
    _stdout: BufReader<ChildStdout>,
}

/// `entente-relay` with nothing set in the environment.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente-relay"));
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ENTENTE_"));
    for (name, _) in ours {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

/// Runs a command that must succeed, and gives its standard output.
pub fn succeed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail, and gives its exit code and standard error.
pub fn fail(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

impl Relay {
    /// Starts a relay on the folder `data`, with further flags.
    pub fn start(data: &Path, flags: &[&str]) -> Self {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--data").arg(data).args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("listening on ").map(str::to_owned) else {
            let mut log = String::new();
            child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
            panic!("the relay did not start: {log}");
        };
        // The log must be read, or the relay would stop at a full pipe.
        let mut log = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let mut relay = Self {
            child,
            address: url.split("://").nth(1).unwrap().to_owned(),
            url,
            founding_link: None,
            _stdout: stdout,
        };
        // The link is printed in one go with the address, if it is printed at all.
        if String::from_utf8_lossy(relay._stdout.buffer()).contains("founding link") {
            let mut lines = [String::new(), String::new()];
            for line in &mut lines {
                relay._stdout.read_line(line).unwrap();
            }
            relay.founding_link = Some(lines[1].trim().to_owned());
        }
        relay
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Stops it gracefully.
    pub fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.child.wait().unwrap()
    }

    /// Asks for a page without TLS; gives the whole response.
    pub fn get(&self, path: &str, headers: &[&str]) -> Page {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let has_connection = headers.contains("Connection:");
        let close = if has_connection { "" } else { "Connection: close\r\n" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n{close}{headers}\r\n", self.address).unwrap();
        let mut text = String::new();
        match has_connection {
            // The connection may stay open: its head is enough.
            true => {
                let mut lines = BufReader::new(stream);
                while !text.ends_with("\r\n\r\n") && lines.read_line(&mut text).unwrap() > 0 {}
            }
            false => drop(stream.read_to_string(&mut text).unwrap()),
        }
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Page { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// The value of a metric.
    pub fn metric(&self, name: &str) -> u64 {
        let body = self.get("/metrics", &[]).body;
        let line = body.lines().find_map(|line| line.strip_prefix(&format!("{name} ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("{name} is missing in\n{body}")).parse().unwrap()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A response.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    /// Status line and headers, in lower case.
    pub head: String,
    pub body: String,
}

/// The token and the relay's key in a founding link.
pub fn read_link(link: &str) -> ([u8; 16], [u8; 32]) {
    let secret = link.split("/#found-").nth(1).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap();
    let (token, key) = bytes.split_at(16);
    (token.try_into().unwrap(), key.try_into().unwrap())
}

/// A path as a flag.
pub fn flag(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A fresh folder, and the data folder in it, which does not exist yet.
pub fn fresh() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}
