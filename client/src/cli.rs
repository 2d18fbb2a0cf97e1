//! The command line: what people type, what it does, and what they read.
//!
//! A command runs on a [`Session`]: an opened [`Shell`] and the words of one language. It answers
//! with text and an exit code and touches no terminal, so it runs as well inside `sync --watch` for
//! another process.

pub mod args;
mod bundle;
mod doc;
mod editor;
mod found;
mod held;
mod invite;
mod join;
mod outcome;
mod people;
mod place;
mod recover;
mod report;
mod rules;
mod status;
mod sync;
mod verify;
mod watch;
mod why;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::args;
use crate::native::folder::Folder;
use crate::native::local::{self, Answer, Request};
use crate::native::shell::{Clock, Shell};
use crate::native::sync::{SyncError, Synced};
use crate::replica::LinkState;
use crate::words::{Lang, Words, lang_of_environment, lang_of_locale};

pub use outcome::{Done, Failed};

use args::{Cli, Command, DocCommand, RulesArgs, RulesCommand};

/// An opened partnership, and the language spoken.
pub struct Session<'a> {
    /// The sentences.
    pub words: &'a Words,
    /// The replica with its store.
    pub shell: &'a mut Shell,
    /// Whether programs read the answer.
    pub json: bool,
    /// Where file names begin.
    folder: PathBuf,
    /// Whether a `sync --watch` runs the command and talks to the relay.
    is_watching: bool,
}

impl<'a> Session<'a> {
    /// A session for people, in the process's own folder.
    pub fn new(words: &'a Words, shell: &'a mut Shell) -> Self {
        Self { words, shell, json: false, folder: PathBuf::new(), is_watching: false }
    }

    /// A file as the person who typed the command named it.
    pub fn path(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }

    /// Talks to the relay: one sync, or through the watch that runs; then there is nothing to say
    /// about it here.
    ///
    /// # Errors
    ///
    /// The relay cannot be reached or did not let this device in, or the store failed.
    pub fn reach(&mut self) -> Result<Option<Synced>, SyncError> {
        if !self.is_watching {
            return block_on(crate::native::sync::sync(self.shell)).map(Some);
        }
        self.shell.act(|replica, now| replica.flush(now))?;
        match self.shell.replica().link() {
            LinkState::Live => Ok(None),
            _ => {
                let address = self.shell.replica().profile().addresses.first().cloned();
                let problem = crate::native::net::NetError::Gone;
                Err(SyncError::Unreachable { address: address.unwrap_or_default(), problem })
            }
        }
    }
}

/// Runs the program with the process's arguments and environment.
pub fn main() -> ExitCode {
    let setting = |name: &str| std::env::var(name).ok();
    let lang = lang_of_arguments(std::env::args_os()).unwrap_or_else(|| lang_of_environment(setting));
    let words = Words::new(lang);
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

/// The machine's clock; `ENTENTE_NOW_MS` (milliseconds since 1970) makes it stand still, for tests
/// of whole outputs, `ENTENTE_CLOCK_MOVED_MS` puts it forward or back, for stories that take days.
fn clock() -> Clock {
    let setting = |name: &str| std::env::var(name).ok();
    let fixed = setting("ENTENTE_NOW_MS").and_then(|text| text.parse().ok()).map(Clock::Fixed);
    let moved = || setting("ENTENTE_CLOCK_MOVED_MS").and_then(|text| text.parse().ok()).map(Clock::Moved);
    fixed.or_else(moved).unwrap_or(Clock::System)
}

fn run(words: &Words, cli: Cli) -> Result<Done, Failed> {
    let Cli { data, profile, ca, command, json, .. } = cli;
    let home = Folder::home(data, |name| std::env::var_os(name));
    let folder = Folder::new(&home, &profile);
    let execute = |args: Vec<String>| execute(words, &folder, args);
    match command {
        Command::Found(args) => found::run(words, folder, clock(), ca.as_deref(), args),
        Command::Join(args) => join::run(words, folder, clock(), ca.as_deref(), args),
        Command::Recover(args) => recover::run(words, &folder, clock(), &args),
        Command::Completions { shell } => Ok(args::completions(shell)),
        // Whoever is given a file need not belong to any partnership to check it.
        Command::Verify { file: Some(file) } if matches!(folder.key(), Ok(None)) => {
            bundle::verify_alone(words, &file, json, clock().now_ms())
        }
        Command::Sync(sync) if sync.watch => {
            if is_watched(&folder) {
                return Err(Failed::new(outcome::REFUSED, words.say("sync-watching-already", args![])));
            }
            watch::run(words, &mut open(words, folder)?)
        }
        Command::Doc(DocCommand::Edit(edit)) if edit.from.is_none() && edit.prepare.is_none() => {
            let (prepare, take_in) =
                (|file: &str| edit.to_args("--prepare", file), |file: &str| edit.to_args("--from", file));
            let name = edit.document.as_str();
            let steps = editor::Steps { name, extension: "txt", prepare: &prepare, take_in: &take_in };
            editor::run(words, &folder, &steps, &execute)
        }
        Command::Rules(RulesArgs {
            command: Some(RulesCommand::Edit { file: None, prepare: None, message }),
        }) => {
            let edit = |more: &[&str]| {
                ["entente", "rules", "edit"]
                    .iter()
                    .chain(more)
                    .map(|arg| (*arg).to_owned())
                    .collect::<Vec<_>>()
            };
            let prepare = |file: &str| edit(&["--prepare", file]);
            let take_in = |file: &str| {
                let mut args = edit(&[file]);
                args.extend(message.iter().map(|message| format!("--message={message}")));
                args
            };
            let steps =
                editor::Steps { name: "rules", extension: "toml", prepare: &prepare, take_in: &take_in };
            editor::run(words, &folder, &steps, &execute)
        }
        _ => {
            let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
            execute(args.collect())
        }
    }
}

fn is_watched(folder: &Folder) -> bool {
    std::os::unix::net::UnixStream::connect(folder.socket()).is_ok()
}

fn open(words: &Words, folder: Folder) -> Result<Shell, Failed> {
    Shell::open(folder, clock()).map_err(|error| outcome::shell_failed(words, &error))
}

/// Runs a command where the partnership is open: in a running `sync --watch`, else here.
fn execute(words: &Words, folder: &Folder, args: Vec<String>) -> Result<Done, Failed> {
    let here = std::env::current_dir().unwrap_or_default();
    let request = Request { args, folder: here, lang: words.lang().key().to_owned() };
    match local::ask(&folder.socket(), &request) {
        Some(Ok(Answer { done: true, text, code })) => Ok(Done { text, code }),
        Some(Ok(Answer { text, code, .. })) => Err(Failed { text, code }),
        Some(Err(_)) => Err(Failed::new(outcome::TROUBLE, words.say("store-locked", args![]))),
        None => {
            let mut shell = open(words, folder.clone())?;
            run_args(words, &mut shell, &request, false)
        }
    }
}

/// Runs another process's command inside a `sync --watch`.
fn run_request(shell: &mut Shell, request: &Request) -> Answer {
    let words = Words::new(lang_of_locale(&request.lang));
    match run_args(&words, shell, request, true) {
        Ok(Done { text, code }) => Answer { done: true, text, code },
        Err(Failed { text, code }) => Answer { done: false, text, code },
    }
}

fn run_args(words: &Words, shell: &mut Shell, request: &Request, is_watching: bool) -> Result<Done, Failed> {
    let cli = args::parse(words, request.args.iter().map(OsString::from));
    let cli = cli.map_err(|error| Failed::new(outcome::USAGE, error.to_string()))?;
    let folder = request.folder.clone();
    run_on(&mut Session { words, shell, json: cli.json, folder, is_watching }, cli.command)
}

/// Runs a command on an opened partnership.
fn run_on(session: &mut Session<'_>, command: Command) -> Result<Done, Failed> {
    match command {
        Command::Invite(args) => invite::run(session, args),
        Command::Status => status::run(session),
        Command::Sync(_) => sync::run(session),
        Command::Doc(command) => doc::run(session, command),
        Command::Held(command) => held::run(session, command),
        Command::Rules(args) => rules::run(session, args),
        Command::People(args) => people::run(session, args),
        Command::Roles(args) => people::roles(session, args),
        Command::Devices(args) => people::devices(session, args),
        Command::Why { id } => why::run(session, &id),
        Command::Report(args) => report::run(session, &args),
        Command::Verify { file } => verify::run(session, file.as_deref()),
        Command::Bundle(command) => bundle::run(session, command),
        Command::Found(_) | Command::Join(_) | Command::Recover(_) | Command::Completions { .. } => {
            Err(Failed::new(outcome::USAGE, session.words.say("sync-watching-already", args![])))
        }
    }
}

/// A runtime for one command that speaks to the relay.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a system that runs programs has timers and sockets").block_on(work)
}
