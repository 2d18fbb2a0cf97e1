//! What can be typed. Help texts stand in the catalogue, under `help-` and the command's name.

mod doc;
mod joining;
mod people;
mod report;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use doc::{DocCommand, EditArgs, ExportArgs, ExportFormat, RecordArgs, SetArgs};
pub use joining::{FoundArgs, InviteArgs, JoinArgs, RecoverArgs, TeamArgs};
pub use people::{DevicesArgs, DevicesCommand, PeopleArgs, PeopleCommand, RolesArgs, RolesCommand};
pub use report::{ReportArgs, ReportClock, ReportSubject};

use super::Done;
use crate::args as words_args;
use crate::native::folder::DEFAULT_PROFILE;
use crate::words::Words;

/// The program.
#[derive(Debug, Parser)]
#[command(name = "entente", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The folder with your data, instead of the usual one.
    #[arg(long, alias = "home", env = "ENTENTE_HOME", hide_env = true, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Which partnership, if there are several here.
    #[arg(long, env = "ENTENTE_PROFILE", hide_env = true, global = true, value_name = "NAME",
          default_value = DEFAULT_PROFILE, hide_default_value = true, value_parser = profile_name)]
    pub profile: String,
    /// Speak this language.
    #[arg(long, global = true, value_name = "en|ru")]
    pub lang: Option<String>,
    /// Print JSON for programs.
    #[arg(long, global = true)]
    pub json: bool,
    /// Trust these certificates too, when the relay proves itself.
    #[arg(long, env = "ENTENTE_CA", hide_env = true, global = true, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Founds a partnership.
    Found(FoundArgs),
    /// Invites a person or a device.
    Invite(InviteArgs),
    /// Joins by a link.
    Join(JoinArgs),
    /// Gets in again with a recovery key.
    Recover(RecoverArgs),
    /// What waits, and what is not on the relay yet.
    Status,
    /// Sends and fetches.
    Sync(SyncArgs),
    /// Documents.
    #[command(subcommand)]
    Doc(DocCommand),
    /// Suggestions.
    #[command(subcommand)]
    Held(HeldCommand),
    /// Ground rules.
    Rules(RulesArgs),
    /// People.
    People(PeopleArgs),
    /// Roles.
    Roles(RolesArgs),
    /// Devices.
    Devices(DevicesArgs),
    /// Explains a statement.
    Why {
        /// Its short name, such as h-7c1.
        id: String,
    },
    /// How the partnership works together.
    Report(ReportArgs),
    /// Checks the record.
    Verify {
        /// A file for a partner, instead of what is kept here.
        file: Option<PathBuf>,
    },
    /// Files for a partner.
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// Completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}
/// `entente sync`
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Stay connected until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
}

/// What to do with files for a partner.
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Writes one.
    Create {
        /// The file.
        file: PathBuf,
        /// The documents; all of them if none is named.
        documents: Vec<String>,
        /// Replaces a file that is there.
        #[arg(long)]
        force: bool,
    },
    /// Shows what one holds.
    Inspect {
        /// The file.
        file: PathBuf,
    },
    /// Takes one in.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// What to do with suggestions.
#[derive(Debug, Subcommand)]
pub enum HeldCommand {
    /// Lists them.
    List,
    /// Shows one.
    Show {
        /// Its short name, such as h-7c1.
        id: String,
    },
    /// Approves one.
    Endorse {
        /// Its short name.
        id: String,
        /// A word to its author.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        /// Sets its values again, where later changes would win over them.
        #[arg(long)]
        restate: bool,
        /// Goes beyond a band on one's own responsibility; say why with --message.
        #[arg(long = "override", conflicts_with = "restate")]
        beyond: bool,
        /// Approves a version instead of a team that is closed, where the ground rules allow it.
        #[arg(long, conflicts_with_all = ["restate", "ratify"])]
        local: bool,
        /// Ratifies a version that was approved so.
        #[arg(long, conflicts_with = "restate")]
        ratify: bool,
    },
    /// Does not take one.
    Decline {
        /// Its short name.
        id: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Asks its author to revise it.
        #[arg(long = "return")]
        send_back: bool,
        /// Objects to a version that was approved instead of your team.
        #[arg(long, conflicts_with = "send_back")]
        object: bool,
    },
    /// Takes back one's own.
    Withdraw {
        /// Its short name.
        id: String,
    },
    /// Suggests anew what came back.
    Revise {
        /// Its short name.
        id: String,
        /// A word to who decides.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
    },
}

/// `entente rules`
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Read, sign or change.
    #[command(subcommand)]
    pub command: Option<RulesCommand>,
}

/// What to do with the ground rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Reads them as sentences.
    Show {
        /// As the text that `rules edit` changes.
        #[arg(long)]
        toml: bool,
    },
    /// Signs them.
    Sign,
    /// Proposes a change.
    Edit {
        /// An edited file, instead of an editor.
        file: Option<PathBuf>,
        /// Writes the file to be edited, and what it was made from beside it.
        #[arg(long, value_name = "FILE", hide = true)]
        prepare: Option<PathBuf>,
        /// Says why, to those who decide.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
    },
}

fn profile_name(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        true => Ok(name.to_owned()),
        false => Err("1 to 64 letters, digits, hyphens and underscores".to_owned()),
    }
}

/// Reads the arguments of a command line.
///
/// # Errors
///
/// What is not understood, or the help that was asked for, in this language.
pub fn parse(words: &Words, args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let matches = localised(words, Cli::command().about(words.say("help-about", words_args![])), "help");
    Cli::from_arg_matches(&matches.try_get_matches_from(args)?)
}

/// Replaces the help of a command and of those below by the catalogue's.
fn localised(words: &Words, mut command: clap::Command, id: &str) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names {
        let id = format!("{id}-{name}");
        command = command.mut_subcommand(name, |below| {
            let below = if words.has(&id) { below.about(words.say(&id, words_args![])) } else { below };
            localised(words, below, &id)
        });
    }
    command
}

/// Writes the completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Done {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "entente", &mut bytes);
    Done::text(String::from_utf8_lossy(&bytes).into_owned())
}
