//! The relay's program on a free port of loopback.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A relay with a data folder of its own.
pub struct Relay {
    folder: TempDir,
    listen: String,
    link: String,
    child: Child,
}

impl Relay {
    /// Starts a relay with a new folder.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, listen, link) = spawn(&folder, "127.0.0.1:0");
        Self { folder, listen, link: link.expect("a founding link at the first start"), child }
    }

    /// The link that it printed at its first start.
    pub fn founding_link(&self) -> String {
        self.link.clone()
    }

    /// Stops it.
    pub fn stop(&mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().expect("kill").success());
        assert!(self.child.wait().expect("its end").success());
    }

    /// Starts it again, with the same folder and address.
    pub fn start_again(&mut self) {
        (self.child, ..) = spawn(&self.folder, &self.listen);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &TempDir, listen: &str) -> (Child, String, Option<String>) {
    let mut child = Command::new(program())
        .args(["serve", "--operator", "Morosha", "--listen", listen])
        .arg("--data")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the relay");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut next = || lines.next().expect("it serves").expect("text");
    let is_first = listen.ends_with(":0");
    let mut address = None;
    loop {
        let line = next();
        if let Some((_, found)) = line.split_once("listening on http://") {
            address = Some(found.trim().to_owned());
            if !is_first {
                break;
            }
        }
        if line.contains("/#found-") {
            let link = line.split_whitespace().find(|word| word.contains("/#found-")).map(str::to_owned);
            // What it prints later is nobody's to read; a closed pipe would stop it.
            std::thread::spawn(move || lines.for_each(drop));
            return (child, address.expect("its address comes first"), link);
        }
    }
    std::thread::spawn(move || lines.for_each(drop));
    (child, address.expect("its address"), None)
}

/// The relay's program, which stands beside the client's: whoever tests the whole workspace has
/// it built, and so does `cargo xtask test`.
fn program() -> PathBuf {
    let beside = PathBuf::from(env!("CARGO_BIN_EXE_entente")).with_file_name("entente-relay");
    assert!(beside.exists(), "{} is missing: cargo build --workspace --bin entente-relay", beside.display());
    beside
}
