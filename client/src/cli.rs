//! The command line: what people type, what it does, and what they read.
//!
//! A command runs on a [`Session`]: an opened [`Shell`] and the words of one language. It answers
//! with text and an exit code and touches no terminal, so it runs as well inside `sync --watch` for
//! another process.

pub mod args;
mod doc;
mod found;
mod invite;
mod join;
mod names;
mod outcome;
mod people;
mod place;
mod recovery;
mod rules;
mod status;
mod sync;
mod team;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use crate::native::folder::Folder;
use crate::native::shell::{Clock, Shell};
use crate::words::{Lang, Words, lang_of_environment, lang_of_locale};

pub use names::Names;
pub use outcome::{Done, Failed};

use args::{Cli, Command};

/// An opened partnership, and the language spoken.
pub struct Session<'a> {
    /// The sentences.
    pub words: &'a Words,
    /// The replica with its store.
    pub shell: &'a mut Shell,
    /// Whether programs read the answer.
    pub json: bool,
}

/// Runs the program with the process's arguments and environment.
pub fn main() -> ExitCode {
    let setting = |name: &str| std::env::var(name).ok();
    let words =
        Words::new(lang_of_arguments(std::env::args_os()).unwrap_or_else(|| lang_of_environment(setting)));
    let cli = match args::parse(&words, std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let done = run(&words, cli);
    let (text, code) = match &done {
        Ok(done) => (&done.text, done.code),
        Err(failed) => (&failed.text, failed.code),
    };
    // A closed pipe is no reason to fail: whoever reads has read enough.
    let _ = match done.is_ok() {
        true => std::io::stdout().write_all(text.as_bytes()),
        false => std::io::stderr().write_all(text.as_bytes()),
    };
    ExitCode::from(code)
}

/// The language must be known before the help is written, so before the arguments are parsed.
fn lang_of_arguments(args: impl Iterator<Item = OsString>) -> Option<Lang> {
    let args: Vec<_> = args.filter_map(|arg| arg.into_string().ok()).collect();
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--lang=").map(str::to_owned));
    let apart = || args.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1].clone());
    joined.or_else(apart).map(|lang| lang_of_locale(&lang))
}

fn clock() -> Clock {
    let fixed = std::env::var("ENTENTE_NOW_MS").ok().and_then(|text| text.parse().ok());
    fixed.map_or(Clock::System, Clock::Fixed)
}

fn run(words: &Words, cli: Cli) -> Result<Done, Failed> {
    let Cli { data, profile, json, ca, command, .. } = cli;
    let home = Folder::home(data, |name| std::env::var_os(name));
    let folder = Folder::new(&home, &profile);
    let clock = clock();
    match command {
        Command::Found(args) => found::run(words, folder, clock, ca.as_deref(), args),
        Command::Join(args) => join::run(words, folder, clock, ca.as_deref(), args),
        Command::Completions { shell } => Ok(args::completions(shell)),
        command => {
            let mut shell =
                Shell::open(folder, clock).map_err(|error| outcome::shell_failed(words, &error))?;
            run_on(&mut Session { words, shell: &mut shell, json }, command)
        }
    }
}

/// Runs a command on an opened partnership.
fn run_on(session: &mut Session<'_>, command: Command) -> Result<Done, Failed> {
    match command {
        Command::Invite(args) => invite::run(session, args),
        Command::Status => status::run(session),
        Command::Sync(args) => sync::run(session, &args),
        Command::Doc(args) => doc::run(session, args),
        Command::Rules(args) => rules::run(session, args),
        Command::People(args) => people::run(session, args),
        Command::Found(_) | Command::Join(_) | Command::Completions { .. } => {
            Err(Failed::usage(session.words, "", &[]))
        }
    }
}

/// A runtime for one command that speaks to the relay.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a system that runs programs has timers and sockets").block_on(work)
}
