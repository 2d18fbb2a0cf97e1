//! `entente join`: enrols this device with the link from an invitation.

use std::path::Path as FilePath;

use entente_shared::charter::{CharterState, Phase};
use entente_shared::crypto::Key;
use entente_shared::wire::CloseReason;

use super::args::JoinArgs;
use super::found::{device_label, keep_ca, new_key, recovery_text, title};
use super::outcome::{self, REFUSED};
use super::{Done, Failed, Session, block_on};
use crate::args;
use crate::joining::{InvitationStanding as Standing, calendar_due, invitation};
use crate::links::JoinLink;
use crate::native::folder::Folder;
use crate::native::shell::{Clock, Shell};
use crate::native::sync::{SyncError, sync};
use crate::replica::{JoinPass, Profile};
use crate::views::Setting;
use crate::words::Words;

/// Joins in a new folder, or goes on with a joining that was interrupted.
pub fn run(
    words: &Words,
    folder: Folder,
    clock: Clock,
    ca: Option<&FilePath>,
    args: JoinArgs,
) -> Result<Done, Failed> {
    let link = JoinLink::parse(&args.link)
        .ok_or_else(|| Failed::usage(words, &words.say("join-malformed", args![]), &[]))?;
    let mut shell = begin(words, &folder, clock, &link)?;
    keep_ca(words, &folder, ca)?;
    let joined = join(words, &mut shell, &link, &args);
    if joined.is_err() && shell.replica().charter().is_none() {
        // Nothing came of it, and nothing was written here yet: the link may be tried again.
        drop(shell);
        folder.remove();
    }
    joined
}

fn begin(words: &Words, folder: &Folder, clock: Clock, link: &JoinLink) -> Result<Shell, Failed> {
    let failed = |error| outcome::shell_failed(words, &error);
    if folder.key().map_err(failed)?.is_none() {
        let pass = JoinPass::Invited { secret: link.key.secret() };
        let profile = Profile::by_link(link.partnership, link.address.clone(), Some(pass));
        return Shell::create(folder.clone(), clock, new_key(), profile, None).map_err(failed);
    }
    let shell = Shell::open(folder.clone(), clock).map_err(failed)?;
    let profile = shell.replica().profile();
    if profile.partnership == link.partnership && profile.entry.is_some() {
        return Ok(shell);
    }
    let title = title(&shell).unwrap_or_default();
    Err(Failed::new(REFUSED, words.say("found-here-already", args![title])))
}

fn join(words: &Words, shell: &mut Shell, link: &JoinLink, args: &JoinArgs) -> Result<Done, Failed> {
    let first = block_on(sync(shell));
    let is_waiting = |shell: &Shell| shell.replica().outgoing().any(|outgoing| outgoing.is_waiting());
    if let Err(error) = first {
        return Err(join_failed(words, shell, &error));
    }
    let mut recovery = None;
    if shell.replica().profile().entry.is_some() && !is_waiting(shell) {
        recovery = enrol(words, shell, link, args)?;
        block_on(sync(shell)).map_err(|error| join_failed(words, shell, &error))?;
    }
    if shell.replica().me().is_err() {
        let inviter = words.say("someone-unknown", args![]);
        return Err(Failed::new(REFUSED, words.say("join-withdrawn", args![inviter])));
    }
    let mut session = Session::new(words, shell);
    write_calendar(&mut session)?;
    let mut text = joined(&session)?;
    if let Some(key) = recovery {
        let setting = session.setting()?;
        let party = setting.me().map(|me| setting.label(&me.party, words.lang())).unwrap_or_default();
        text.push_str(&recovery_text(words, session.shell, &party, &key));
    }
    Ok(Done::text(text))
}

fn join_failed(words: &Words, shell: &Shell, error: &SyncError) -> Failed {
    match error {
        SyncError::Closed { reason: CloseReason::Invitation, .. } if shell.replica().charter().is_some() => {
            let inviter = words.say("someone-unknown", args![]);
            Failed::new(REFUSED, words.say("join-used", args![inviter]))
        }
        error => outcome::sync_failed(words, error),
    }
}

/// Enrols; the first person of a team makes its recovery key.
fn enrol(words: &Words, shell: &mut Shell, link: &JoinLink, args: &JoinArgs) -> Result<Option<Key>, Failed> {
    let (now_ms, invite) = (shell.now_ms(), link.key.invite());
    let unknown = || words.say("someone-unknown", args![]);
    let Ok(setting) = Setting::of(shell.replica(), now_ms) else {
        let inviter = unknown();
        return Err(Failed::new(REFUSED, words.say("join-unknown", args![inviter])));
    };
    let found = invitation(shell.replica(), &invite, now_ms);
    let inviter = found.as_ref().and_then(|found| found.inviter);
    let inviter = inviter.map_or_else(unknown, |person| setting.person_name(words, &person));
    let refused = |id: &str| Failed::new(REFUSED, words.say(id, args![inviter = inviter.as_str()]));
    let found = found.ok_or_else(|| refused("join-unknown"))?;
    match found.standing {
        Standing::Used => return Err(refused("join-used")),
        Standing::Withdrawn => return Err(refused("join-withdrawn")),
        Standing::Expired => {
            let when = setting.time(words, found.expires_ms);
            return Err(Failed::new(REFUSED, words.say("join-expired", args![when, inviter])));
        }
        Standing::Open => {}
    }
    let is_first = found.is_first;
    let recovery = is_first.then(new_key);
    let (label, public) =
        (args.label.clone().unwrap_or_else(device_label), recovery.as_ref().map(Key::device));
    let enrolled = shell.act(|replica, now| replica.enrol(now, &label, public));
    let enrolled = enrolled.map_err(|error| outcome::shell_failed(words, &error))?;
    enrolled.map_err(|error| outcome::command_failed(words, &error))?;
    Ok(recovery)
}

/// Writes the calendar of the reader's team, if it is theirs to write.
fn write_calendar(session: &mut Session<'_>) -> Result<(), Failed> {
    let Some(edit) = calendar_due(session.shell.replica(), session.shell.now_ms()) else { return Ok(()) };
    let edits = vec![edit];
    session.act(|replica, now| replica.change_charter(now, edits, None))?;
    // Written down here: if it does not reach the relay now, it does with the next sync.
    let _ = block_on(sync(session.shell));
    Ok(())
}

fn joined(session: &Session<'_>) -> Result<String, Failed> {
    let (words, setting, replica) = (session.words, session.setting()?, session.shell.replica());
    let title = title(session.shell).unwrap_or_default();
    let founder = founder(setting.state(), replica)
        .map(|person| setting.person_name(words, &person))
        .unwrap_or_default();
    let operator = replica.profile().operator.as_str();
    let person = founder.as_str();
    let mut lines = vec![match operator.is_empty() {
        true => words.say("join-done-operator-unknown", args![title, founder = person]),
        false => words.say("join-done", args![title, founder = person, operator]),
    }];
    if let Some(me) = setting.me() {
        let (role, party) = (setting.role_list(words, &me.roles), setting.label(&me.party, words.lang()));
        lines.push(words.say("join-role", args![role, party]));
    }
    lines.push(match setting.state().phase() {
        Phase::InForce => words.say("join-rules-in-force", args![]),
        _ => {
            let count = setting.state().contents.rules.len();
            words.say("join-rules-proposed", args![person, count])
        }
    });
    Ok(lines.join("\n") + "\n")
}

fn founder(state: &CharterState, replica: &crate::replica::Replica) -> Option<entente_shared::ids::PersonId> {
    let device = replica.charter()?.document().creator();
    state.members.devices.get(&device).map(|device| device.person)
}
