//! People with a folder and a language each, who run the program.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// The folders of everybody in one test.
pub struct People {
    folder: TempDir,
    lang: String,
}

impl People {
    /// Nobody yet, all speaking one language.
    pub fn new(lang: &str) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), lang: lang.to_owned() }
    }

    pub fn anna(&self) -> Person {
        self.person("anna")
    }

    pub fn dana(&self) -> Person {
        self.person("dana")
    }

    /// Somebody by name.
    pub fn person(&self, name: &str) -> Person {
        let folder = self.folder.path().join(name);
        Person { folder, settings: BTreeMap::from([("LC_ALL".to_owned(), self.lang.clone())]) }
    }

    /// A file for everybody.
    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

/// Somebody who runs the program.
pub struct Person {
    folder: PathBuf,
    settings: BTreeMap<String, String>,
}

/// How a command ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Person {
    /// The same with one more setting in the environment.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut settings = self.settings.clone();
        settings.insert(name.to_owned(), value.to_owned());
        Self { folder: self.folder.clone(), settings }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
        command.env_clear().envs(&self.settings).env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("ENTENTE_HOME", &self.folder).args(args).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().expect("the program");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let code = output.status.code().unwrap_or_else(|| panic!("{args:?} was killed"));
        Ran { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts `sync --watch`.
    pub fn watch(&self) -> Watch {
        let mut child =
            self.command(&["sync", "--watch"]).stdout(Stdio::piped()).spawn().expect("the program");
        let lines = BufReader::new(child.stdout.take().expect("its output"));
        Watch { child, lines }
    }
}

/// A running `sync --watch`.
pub struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    /// Reads lines until one begins so.
    pub fn wait_for(&mut self, begin: &str) {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.lines.read_line(&mut line).expect("a line") > 0, "it ended before {begin:?}");
            if line.starts_with(begin) {
                return;
            }
        }
    }

    /// Ends it as a service manager does.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().expect("kill").success());
        assert!(self.child.wait().expect("its end").success());
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
