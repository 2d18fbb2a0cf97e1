//! `entente found`: begins a partnership with the operator's link.

use std::path::Path;

use entente_shared::crypto::Key;
use entente_shared::ids::RoleId;
use entente_shared::judge::Refusal;

use super::args::FoundArgs;
use super::outcome::{self, OFFLINE, REFUSED, TROUBLE};
use super::{Done, Failed, block_on};
use crate::args;
use crate::links::{FoundingLink, RecoveryLink};
use crate::native::folder::Folder;
use crate::native::shell::{Clock, Shell, random};
use crate::native::sync::{SyncError, sync};
use crate::paper;
use crate::replica::{Event, Founding, Now, founding};
use crate::team::{NewTeam, calendar_fields};
use crate::views::Setting;
use crate::words::Words;

/// Founds a partnership in a new folder and hands its founding to the relay.
pub fn run(
    words: &Words,
    folder: Folder,
    clock: Clock,
    ca: Option<&Path>,
    args: FoundArgs,
) -> Result<Done, Failed> {
    let link = FoundingLink::parse(&args.link)
        .ok_or_else(|| Failed::usage(words, &words.say("found-link-malformed", args![]), &[]))?;
    check_empty(words, &folder, clock)?;
    let team = args.team.as_deref();
    let team = team.ok_or_else(|| Failed::usage(words, &words.say("team-needed", args![]), &[]))?;
    let person = args.me.clone();
    let person = person.ok_or_else(|| Failed::usage(words, &words.say("name-needed", args![]), &[]))?;
    let team = NewTeam::read(team, &args.about.to_about(), clock.now_ms());
    let team = team.map_err(|error| outcome::team_failed(words, &error))?;
    let [key, recovery_key] = [new_key(), new_key()];
    let wish = Founding {
        title: args.title.clone(),
        addresses: vec![link.address.clone()],
        relay: link.relay,
        token: link.token.clone(),
        party: (team.id.clone(), team.row.clone()),
        calendar: calendar_fields(
            &team.calendar(clock.now_ms()).map_err(|error| outcome::team_failed(words, &error))?,
        ),
        person,
        device_label: args.label.clone().unwrap_or_else(device_label),
        recovery: recovery_key.device(),
    };
    let mut now = Now { ms: clock.now_ms(), random: &mut random };
    let begun = founding(&mut now, &key, &wish);
    let (statement, profile) = begun.map_err(|error| outcome::command_failed(words, &error))?;
    let created = Shell::create(folder.clone(), clock, key, profile, Some(statement));
    let mut shell = created.map_err(|error| outcome::shell_failed(words, &error))?;
    keep_ca(words, &folder, ca)?;
    let synced = block_on(sync(&mut shell));
    let recovery = recovery_lines(words, &shell, &team, &recovery_key);
    match synced {
        Ok(synced) => match synced.events.iter().find(|event| matches!(event, Event::Refused { .. })) {
            None => Ok(Done::text(founded(words, &shell, &args.title) + &recovery)),
            Some(Event::Refused { refusal, .. }) => {
                let problem = match refusal {
                    Refusal::Charter { detail } => words.detail(detail),
                    other => words.detail(&other.to_string()),
                };
                drop(shell);
                folder.remove();
                Err(Failed::new(REFUSED, words.say("refused-charter", args![problem])))
            }
            Some(_) => Ok(Done::text(recovery)),
        },
        Err(error @ SyncError::Unreachable { .. }) => {
            let failed = outcome::sync_failed(words, &error);
            Ok(Done::text(failed.text + &recovery).code(OFFLINE))
        }
        Err(error) => {
            drop(shell);
            folder.remove();
            Err(outcome::sync_failed(words, &error))
        }
    }
}

fn founded(words: &Words, shell: &Shell, title: &str) -> String {
    let Ok(setting) = Setting::of(shell.replica(), shell.now_ms()) else { return String::new() };
    let party = setting.me().map(|me| setting.label(&me.party, words.lang())).unwrap_or_default();
    let role = setting.role_name(words, &RoleId::new("lead"));
    let done = words.say("found-done", args![title, role, party]);
    format!("{done}\n{}\n", words.say("found-rules-alone", args![]))
}

fn recovery_lines(words: &Words, shell: &Shell, team: &NewTeam, key: &Key) -> String {
    let party = words.team_labels(&[(&team.zone, team.id.as_str())]).remove(0);
    recovery_text(words, shell, &party, key)
}

/// What people read about a recovery key, once.
pub fn recovery_text(words: &Words, shell: &Shell, party: &str, key: &Key) -> String {
    let profile = shell.replica().profile();
    let address = profile.addresses.first().cloned().unwrap_or_default();
    let link = RecoveryLink { address, partnership: profile.partnership };
    let shown = words.say("found-recovery", args![party]);
    let used = words.say("found-recovery-use", args![party]);
    format!("\n{used}\n{shown}\n\n  {}\n  {link}\n", paper::to_paper(key))
}

/// Checks that nothing was founded or joined in a folder.
pub fn check_empty(words: &Words, folder: &Folder, clock: Clock) -> Result<(), Failed> {
    let key = folder.key().map_err(|error| outcome::shell_failed(words, &error))?;
    if key.is_none() {
        return Ok(());
    }
    let shell = Shell::open(folder.clone(), clock);
    let title = shell.as_ref().ok().and_then(title).unwrap_or_default();
    Err(Failed::new(REFUSED, words.say("found-here-already", args![title])))
}

/// What the partnership is called.
pub fn title(shell: &Shell) -> Option<String> {
    let charter = shell.replica().charter()?;
    Some(charter.document().title().to_owned())
}

/// Keeps the certificates that were named on the command line.
pub fn keep_ca(words: &Words, folder: &Folder, ca: Option<&Path>) -> Result<(), Failed> {
    let Some(file) = ca else { return Ok(()) };
    let unreadable = |error: std::io::Error| {
        let (file, problem) = (file.display().to_string(), words.file_problem(&error));
        Failed::new(TROUBLE, words.say("file-unreadable", args![file, problem]))
    };
    let pem = std::fs::read(file).map_err(unreadable)?;
    folder.keep_ca(&pem).map_err(|error| outcome::shell_failed(words, &error))
}

/// A new secret key.
pub fn new_key() -> Key {
    let mut secret = [0; 32];
    random(&mut secret);
    Key::from_secret(secret)
}

/// What this device is called if nobody says it: the machine's name.
pub fn device_label() -> String {
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    match name.trim() {
        "" => "laptop".to_owned(),
        name => name.chars().take(64).collect(),
    }
}
