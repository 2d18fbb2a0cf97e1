//! What can be typed. Help texts stand in the catalogue, under `help-` and the command's name.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

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

/// What describes a team.
#[derive(Debug, Clone, Default, Args)]
pub struct TeamArgs {
    /// The team's time zone, such as Europe/Moscow.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Its weekly hours, such as "Mon-Fri 10:00-19:00".
    #[arg(long, value_name = "HOURS")]
    pub work: Option<String>,
    /// Days without work, such as "2027-01-01..2027-01-08, 2027-02-23".
    #[arg(long, value_name = "DAYS")]
    pub holidays: Option<String>,
    /// The market it works in, such as ru.
    #[arg(long, value_name = "MARKET")]
    pub market: Option<String>,
    /// The language its people write in: ru or en.
    #[arg(long, value_name = "ru|en")]
    pub language: Option<String>,
    /// Its name in Russian.
    #[arg(long, value_name = "NAME")]
    pub team_name_ru: Option<String>,
    /// Its name in English.
    #[arg(long, value_name = "NAME")]
    pub team_name_en: Option<String>,
}

/// `entente found`
#[derive(Debug, Args)]
pub struct FoundArgs {
    /// The founding link that the relay printed.
    pub link: String,
    /// What the partnership is called.
    pub title: String,
    /// Your team's id, such as moscow.
    #[arg(long)]
    pub team: Option<String>,
    /// Your name.
    #[arg(long, value_name = "NAME")]
    pub me: Option<String>,
    /// What you call this device.
    #[arg(long)]
    pub label: Option<String>,
    /// The team.
    #[command(flatten)]
    pub about: TeamArgs,
}

/// `entente invite`
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// The person's name.
    #[arg(required_unless_present = "device")]
    pub name: Option<String>,
    /// Their team's id, such as newyork; your own if it is left out.
    #[arg(long)]
    pub team: Option<String>,
    /// Their roles.
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// Invites one more device of your own.
    #[arg(long, conflicts_with_all = ["name", "team", "roles"])]
    pub device: bool,
    /// The team, if it is new.
    #[command(flatten)]
    pub about: TeamArgs,
}

/// `entente join`
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// The link from your invitation.
    pub link: String,
    /// What you call this device.
    #[arg(long)]
    pub label: Option<String>,
}

/// `entente recover`
#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// The link that stands beside the recovery key.
    pub link: String,
    /// The name of the person who is to get in.
    pub name: String,
    /// The recovery key, as it stands on paper.
    #[arg(required = true)]
    pub key: Vec<String>,
}

/// `entente sync`
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Stay connected until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
}

/// `entente doc`
#[derive(Debug, Subcommand)]
pub enum DocCommand {
    /// Creates a document.
    New {
        /// Its kind: matrix, brief or playbook.
        kind: String,
        /// Its title.
        title: String,
    },
    /// Lists them.
    List,
    /// Shows one.
    Show {
        /// The document, by its title or id.
        document: String,
    },
    /// Sets one field.
    Set(SetArgs),
    /// Edits one in an editor.
    Edit(EditArgs),
    /// Shows the record.
    Log {
        /// The document.
        document: String,
    },
    /// Compares two points of the record.
    Diff {
        /// The document.
        document: String,
        /// After which entry to begin; 0 if left out.
        from: Option<u64>,
        /// After which entry to end; now if left out.
        to: Option<u64>,
    },
    /// Writes it to a file.
    Export(ExportArgs),
    /// What both do, and nobody.
    Overlaps {
        /// The document.
        document: String,
    },
    /// Fields with two values.
    Conflicts {
        /// The document.
        document: String,
        /// The value to keep, by its key in the list.
        #[arg(long, value_name = "KEY")]
        keep: Option<String>,
    },
}

/// `entente doc edit`
#[derive(Debug, Args)]
pub struct EditArgs {
    /// The document.
    pub document: String,
    /// One section only, such as moscow.
    pub section: Option<String>,
    /// Takes in an edited file instead of opening an editor.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Writes the file to be edited, and what it was made from beside it.
    #[arg(long, value_name = "FILE", hide = true)]
    pub prepare: Option<PathBuf>,
    /// Says why, to those who decide.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
}

impl EditArgs {
    /// The same command with one more option.
    pub fn to_args(&self, option: &str, value: &str) -> Vec<String> {
        let mut args: Vec<String> = ["entente", "doc", "edit"].map(str::to_owned).into();
        args.push(format!("{option}={value}"));
        args.extend(self.message.iter().map(|message| format!("--message={message}")));
        args.push("--".to_owned());
        args.push(self.document.clone());
        args.extend(self.section.clone());
        args
    }
}

/// `entente doc export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The document.
    pub document: String,
    /// The file; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// In which form.
    #[arg(long, value_enum, default_value_t = ExportFormat::Text)]
    pub format: ExportFormat,
    /// Replaces a file that is there.
    #[arg(long)]
    pub force: bool,
}

/// A form in which a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// As `doc show` does.
    Text,
    /// As `doc edit` does.
    Form,
    /// The value trees of its sections.
    Json,
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
    },
    /// Takes back one's own.
    Withdraw {
        /// Its short name.
        id: String,
    },
}

/// `entente doc set`
#[derive(Debug, Args)]
pub struct SetArgs {
    /// The document, by its title or id.
    pub document: String,
    /// The place, such as moscow/creative.
    pub place: String,
    /// The value.
    pub value: Option<String>,
    /// Names a person beside it.
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// Writes a note beside it, in your language.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Says why, to those who decide.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
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

/// `entente people`
#[derive(Debug, Args)]
pub struct PeopleArgs {
    /// List or remove.
    #[command(subcommand)]
    pub command: Option<PeopleCommand>,
}

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Lists them.
    List,
    /// Ends a person's access.
    Remove {
        /// The person's name.
        name: String,
    },
    /// Renews a team's calendar, two years ahead.
    Calendar {
        /// The team.
        party: String,
        /// Days without work, such as "2027-01-01..2027-01-08, 2027-02-23".
        #[arg(long, value_name = "DAYS")]
        holidays: Option<String>,
    },
}

/// `entente roles`
#[derive(Debug, Args)]
pub struct RolesArgs {
    /// List or set.
    #[command(subcommand)]
    pub command: Option<RolesCommand>,
}

/// What to do with roles.
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    /// Lists them.
    List,
    /// Gives a person these roles, and no others.
    Set {
        /// The person's name.
        person: String,
        /// The roles.
        #[arg(required = true)]
        roles: Vec<String>,
    },
}

/// `entente devices`
#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// List or revoke.
    #[command(subcommand)]
    pub command: Option<DevicesCommand>,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub enum DevicesCommand {
    /// Lists your own.
    List,
    /// Ends the access of one.
    Revoke {
        /// Its label, or the begin of its key.
        device: String,
        /// It is lost or stolen: nothing more is taken from it.
        #[arg(long)]
        lost: bool,
    },
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
