//! How a command ends: what people read, and the exit code.

use std::io::ErrorKind;

use entente_shared::wire::CloseReason;
use entente_store::StoreError;

use crate::args;
use crate::native::ShellError;
use crate::native::net::NetError;
use crate::native::sync::SyncError;
use crate::replica::CommandError;
use crate::team::TeamError;
use crate::words::Words;

/// Done.
pub const OK: u8 = 0;
/// Something went wrong that is nobody's decision: a disk, a damaged file.
pub const TROUBLE: u8 = 1;
/// The command was not understood.
pub const USAGE: u8 = 2;
/// Saved here; the relay could not be reached.
pub const OFFLINE: u8 = 3;
/// Saved as a suggestion, or waiting for somebody.
pub const WAITS: u8 = 4;
/// Refused: somebody else can do it, or nobody.
pub const REFUSED: u8 = 5;
/// A record does not check out.
pub const UNVERIFIED: u8 = 6;

/// A command came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What goes to standard output.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

impl Done {
    /// Done, with these words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: line(text.into()), code: OK }
    }

    /// The same with another exit code.
    pub fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// Done, for programs.
    pub fn json(value: &impl serde::Serialize) -> Self {
        Self::text(serde_json::to_string_pretty(value).unwrap_or_default())
    }
}

/// A command did nothing, or not all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What goes to standard error.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

impl Failed {
    /// These words with an exit code.
    pub fn new(code: u8, text: impl Into<String>) -> Self {
        Self { text: line(text.into()), code }
    }

    /// Not understood; `candidates` may have been meant.
    pub fn usage(words: &Words, problem: &str, candidates: &[String]) -> Self {
        let meant = words.say("did-you-mean", args![candidates = words.list_or(candidates)]);
        let text = if candidates.is_empty() { problem.to_owned() } else { format!("{problem} {meant}") };
        Self::new(USAGE, text)
    }
}

fn line(text: String) -> String {
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

/// Says why this device's data cannot be used.
pub fn shell_failed(words: &Words, error: &ShellError) -> Failed {
    let damaged = |folder: String, problem: String| words.say("store-damaged", args![folder, problem]);
    let text = match error {
        ShellError::Empty(folder) => {
            let text = words.say("not-joined", args![folder = folder.display().to_string()]);
            return Failed::new(USAGE, text);
        }
        ShellError::Store(StoreError::InUse { .. }) => words.say("store-locked", args![]),
        ShellError::Store(StoreError::NewerFormat { .. }) => words.say("store-newer", args![]),
        ShellError::Store(StoreError::DiskFull { .. }) => words.say("disk-full", args![]),
        ShellError::Store(StoreError::Unreadable { what, place }) => damaged(place.clone(), what.clone()),
        ShellError::Store(error) => words.say("internal", args![problem = error.to_string()]),
        ShellError::Open { folder, source } => damaged(folder.display().to_string(), source.to_string()),
        ShellError::Io { path, source } => {
            let file = path.display().to_string();
            words.say("file-unwritable", args![file, problem = words.file_problem(source)])
        }
        ShellError::Damaged(file) => {
            let file = file.display().to_string();
            words.say("file-unreadable", args![file, problem = words.say("file-problem-text", args![])])
        }
    };
    Failed::new(TROUBLE, text)
}

/// Says why a sync did not come to its end.
pub fn sync_failed(words: &Words, error: &SyncError) -> Failed {
    match error {
        SyncError::Unreachable { address, problem: NetError::Certificates(problem) } => {
            let text =
                words.say("file-unreadable", args![file = address.as_str(), problem = problem.as_str()]);
            Failed::new(TROUBLE, text)
        }
        SyncError::Unreachable { address, problem } => {
            let (relay, problem) = (address.as_str(), net_problem(words, problem));
            Failed::new(OFFLINE, words.say("relay-unreachable", args![relay, problem]))
        }
        SyncError::OtherRelay { address } => {
            let person = words.say("someone-unknown", args![]);
            Failed::new(REFUSED, words.say("relay-key-differs", args![relay = address.as_str(), person]))
        }
        SyncError::Closed { address, reason } => closed(words, address, reason),
        SyncError::Shell(error) => shell_failed(words, error),
    }
}

fn closed(words: &Words, relay: &str, reason: &CloseReason) -> Failed {
    use CloseReason as Reason;
    let code = match reason {
        Reason::Protocol { .. } | Reason::SlowReader | Reason::Limit { .. } | Reason::Stopping => OFFLINE,
        _ => REFUSED,
    };
    Failed::new(code, words.closed(relay, reason))
}

/// Says what is wrong with a connection, for sentences that end in a reason.
fn net_problem(words: &Words, problem: &NetError) -> String {
    let plain = |id: &str| words.say(id, args![]);
    match problem {
        NetError::Address => plain("net-problem-address"),
        NetError::Silent => plain("net-problem-silent"),
        NetError::Gone => plain("net-problem-gone"),
        NetError::Certificates(_) => plain("net-problem-certificate"),
        NetError::Socket(_) => plain("net-problem-other-service"),
        NetError::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => plain("net-problem-nobody"),
            ErrorKind::TimedOut => plain("net-problem-silent"),
            ErrorKind::InvalidData => plain("net-problem-certificate"),
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => plain("net-problem-gone"),
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
                plain("net-problem-network")
            }
            // Whoever looks up a name gets no kind and no number of the system.
            _ if error.raw_os_error().is_none() => plain("net-problem-name"),
            _ => words.say("net-problem-other", args![code = error.raw_os_error().unwrap_or(0)]),
        },
    }
}

/// Says why a command could not be carried out, where there is no more to tell about it.
pub fn command_failed(words: &Words, error: &CommandError) -> Failed {
    let problem = error.to_string();
    match error {
        CommandError::NoPartnership => Failed::new(REFUSED, words.say("status-never-synced", args![])),
        CommandError::NotEnrolled => {
            let ask = words.say("someone-unknown", args![]);
            Failed::new(REFUSED, words.say("refused-unknown-device", args![ask]))
        }
        CommandError::Charter(problem) => {
            Failed::new(REFUSED, words.say("refused-charter", args![problem = words.detail(problem)]))
        }
        CommandError::Stopped(divergence) => {
            let problem = words.divergence(divergence);
            Failed::new(REFUSED, words.say("refused-stopped", args![problem]))
        }
        CommandError::BeingChecked => Failed::new(OFFLINE, words.say("refused-being-checked", args![])),
        CommandError::TooNew => Failed::new(REFUSED, words.say("refused-newer", args![])),
        CommandError::NotOpen => Failed::new(REFUSED, words.say("refused-not-open", args![])),
        CommandError::UnknownDocument => Failed::new(USAGE, words.say("document-missing", args![])),
        CommandError::UnknownSection(section) => {
            let text = words.say("edit-problem-section", args![section = section.as_str()]);
            Failed::new(USAGE, text)
        }
        CommandError::Edit(error) => Failed::new(USAGE, words.edit_problem(error)),
        _ => Failed::new(REFUSED, words.say("refused-unknown", args![problem])),
    }
}

/// Says why a team cannot be made of what was said.
pub fn team_failed(words: &Words, error: &TeamError) -> Failed {
    match error {
        TeamError::Id => Failed::usage(words, &words.say("team-needed", args![]), &[]),
        TeamError::ZoneMissing => Failed::usage(words, &words.say("zone-needed", args![]), &[]),
        TeamError::Zone(error) => {
            let problem = words.say("unknown-zone", args![name = error.name.as_str()]);
            Failed::usage(words, &problem, &error.candidates)
        }
        TeamError::Calendar(problem) => {
            Failed::new(USAGE, words.say("calendar-invalid", args![problem = words.detail(problem)]))
        }
    }
}
