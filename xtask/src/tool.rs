//! Other programs, run at the root of the repository: what was run is shown, and what is missing is named.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

/// How often a program that may hang is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The folder of the repository's `Cargo.toml`.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().expect("xtask is a folder of the workspace").to_path_buf()
}

/// Variables that Cargo sets for the program that it runs. Passed on, they would reach build scripts
/// that watch them (`ring` does), and crates would be rebuilt for having been built from here.
fn is_set_by_cargo_run(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_BIN_")
}

/// A program with its arguments, to be run at the root of the repository.
pub struct Tool {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
    hint: Option<&'static str>,
}

impl Tool {
    /// A program, looked up in `PATH` unless it is a path.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), environment: Vec::new(), hint: None }
    }

    /// The Cargo that runs this program, with these arguments.
    pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).args(arguments)
    }

    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// Sets a variable of the program's environment.
    pub fn env(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name, value.as_ref().to_owned()));
        self
    }

    /// What to try when the program fails or is missing: a sentence.
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Runs the program, its output shown.
    ///
    /// # Errors
    /// It is missing, or ended with a failure: the error says how to repeat it.
    pub fn run(&self) -> anyhow::Result<()> {
        println!("$ {self}");
        self.outcome(self.start(Stdio::inherit)?.wait()?)
    }

    /// Runs the program, its output shown, and ends it when it takes longer than `limit`.
    ///
    /// # Errors
    /// As `run`, and when the time is over.
    pub fn run_within(&self, limit: Duration) -> anyhow::Result<()> {
        println!("$ {self}");
        let mut child = self.start(Stdio::inherit)?;
        let mut waited = Duration::ZERO;
        while waited < limit {
            if let Some(status) = child.try_wait()? {
                return self.outcome(status);
            }
            #[expect(clippy::disallowed_methods, reason = "std has no wait for a process with a time limit")]
            std::thread::sleep(POLL_INTERVAL);
            waited += POLL_INTERVAL;
        }
        child.kill()?;
        child.wait()?;
        bail!("no answer within {} s", limit.as_secs())
    }

    /// Runs the program silently; whether it is there and succeeded.
    pub fn succeeds(&self) -> bool {
        self.start(Stdio::null).and_then(|mut child| Ok(child.wait()?)).is_ok_and(|status| status.success())
    }

    /// Runs the program and returns what it printed, without the white space around it.
    ///
    /// # Errors
    /// It is missing, failed, or printed something that is not UTF-8.
    pub fn output(&self) -> anyhow::Result<String> {
        let output =
            self.command().stderr(Stdio::inherit()).output().map_err(|error| self.missing(&error))?;
        self.outcome(output.status)?;
        Ok(String::from_utf8(output.stdout).with_context(|| format!("output of `{self}`"))?.trim().to_owned())
    }

    fn start(&self, stream: fn() -> Stdio) -> anyhow::Result<Child> {
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(stream()).stderr(stream());
        command.spawn().map_err(|error| self.missing(&error))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(root());
        env::vars_os().filter(|(name, _)| is_set_by_cargo_run(name)).for_each(|(name, _)| {
            command.env_remove(name);
        });
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn outcome(&self, status: ExitStatus) -> anyhow::Result<()> {
        if status.success() {
            return Ok(());
        }
        bail!("this failed ({status}); repeat it with\n  {self}{}", self.advice())
    }

    fn missing(&self, error: &std::io::Error) -> anyhow::Error {
        anyhow::anyhow!("cannot run `{}`: {error}{}", self.name(), self.advice())
    }

    fn advice(&self) -> String {
        self.hint.map(|hint| format!("\n{hint}")).unwrap_or_default()
    }

    fn name(&self) -> String {
        Path::new(&self.program).file_stem().unwrap_or(&self.program).to_string_lossy().into_owned()
    }
}

/// The command as one would type it at the root of the repository.
impl fmt::Display for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.environment {
            write!(formatter, "{name}={} ", quoted(value))?;
        }
        formatter.write_str(&self.name())?;
        self.arguments.iter().try_for_each(|argument| write!(formatter, " {}", quoted(argument)))
    }
}

/// A word as a shell reads it back.
pub fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./,:@+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let tool = Tool::new("/usr/bin/cargo")
            .args(["doc", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .arg("it's");
        assert_eq!(tool.to_string(), r"RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'it'\''s'");
    }

    #[test]
    fn a_missing_program_is_named_with_what_to_try() {
        let error =
            Tool::new("no-such-program-here").hint("Get it somewhere.").run().unwrap_err().to_string();
        assert!(error.starts_with("cannot run `no-such-program-here`:"), "{error}");
        assert!(error.ends_with("\nGet it somewhere."), "{error}");
    }

    #[test]
    fn a_failure_says_how_to_repeat_it() {
        let error = Tool::cargo(["no-such-subcommand"]).run().unwrap_err().to_string();
        assert!(error.contains("repeat it with\n  cargo no-such-subcommand"), "{error}");
    }

    #[test]
    fn what_is_run_does_not_see_the_variables_of_this_crate() {
        let seen = Tool::new("env").output().unwrap();
        assert!(!seen.contains("CARGO_MANIFEST_DIR="), "{seen}");
        assert!(!seen.contains("CARGO_PKG_NAME="), "{seen}");
    }
}
