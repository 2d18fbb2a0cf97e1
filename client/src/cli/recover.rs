//! `entente recover`: the party's key from paper lets one of its people in again, when all devices
//! of the party are lost.

use entente_shared::charter::Standing;
use entente_shared::ids::PartnershipId;
use entente_shared::limits::INVITE_VALID_MS_MAX;

use super::args::RecoverArgs;
use super::outcome::{self, REFUSED, USAGE};
use super::place::plain;
use super::{Done, Failed, block_on};
use crate::args;
use crate::links::{JoinLink, RecoveryLink};
use crate::native::folder::Folder;
use crate::native::shell::{Clock, Shell};
use crate::native::sync::sync;
use crate::paper;
use crate::replica::{InviteWish, Profile};
use crate::views::Setting;
use crate::words::{Words, near};

/// Invites a person with the recovery key and shows the link.
///
/// It works in a folder of its own, which goes again: the key is never kept on a device.
pub fn run(words: &Words, folder: &Folder, clock: Clock, args: &RecoverArgs) -> Result<Done, Failed> {
    let link = RecoveryLink::parse(&args.link)
        .ok_or_else(|| Failed::new(USAGE, words.say("recover-malformed", args![])))?;
    let key = paper::from_paper(&args.key.join(" "))
        .ok_or_else(|| Failed::new(USAGE, words.say("recover-key-mistyped", args![])))?;
    let profile = Profile::by_link(link.partnership, link.address.clone(), None);
    let beside = folder.beside("recovery");
    beside.remove();
    let shell = Shell::create(beside.clone(), clock, key, profile, None);
    let done = shell
        .map_err(|error| outcome::shell_failed(words, &error))
        .and_then(|mut shell| invite(words, &mut shell, &link.address, link.partnership, &args.name));
    beside.remove();
    done
}

fn invite(
    words: &Words,
    shell: &mut Shell,
    address: &str,
    partnership: PartnershipId,
    name: &str,
) -> Result<Done, Failed> {
    block_on(sync(shell)).map_err(|error| outcome::sync_failed(words, &error))?;
    let wish = {
        let setting = Setting::of(shell.replica(), shell.now_ms());
        let setting = setting.map_err(|error| outcome::command_failed(words, &error))?;
        let Ok(Standing::Recovery(party)) = setting.state().standing(&shell.replica().key().device()) else {
            return Err(Failed::new(REFUSED, words.say("recover-key-mistyped", args![])));
        };
        let people = setting.state().contents.people.iter().filter(|(_, row)| row.party == party);
        let people: Vec<_> = people.collect();
        let found = people.iter().find(|(_, row)| plain(&row.name) == plain(name));
        let Some((person, _)) = found else {
            let near = near(name, people.iter().map(|(_, row)| row.name.as_str()));
            let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
            return Err(Failed::usage(words, &words.say("unknown-person", args![name]), &near));
        };
        InviteWish { party, row: None, person: Some(**person), valid_ms: INVITE_VALID_MS_MAX }
    };
    let invited = shell.act(|replica, now| replica.invite(now, &wish));
    let invited = invited.map_err(|error| outcome::shell_failed(words, &error))?;
    let invited = invited.map_err(|error| outcome::command_failed(words, &error))?;
    block_on(sync(shell)).map_err(|error| outcome::sync_failed(words, &error))?;
    if let Some(outgoing) = shell.replica().outgoing().next() {
        let problem = match &outgoing.state {
            crate::replica::OutgoingState::Refused(refusal) => refusal.to_string(),
            crate::replica::OutgoingState::Waiting => words.say("status-never-synced", args![]),
        };
        return Err(Failed::new(REFUSED, problem));
    }
    let link = JoinLink { address: address.to_owned(), partnership, key: invited.key };
    Ok(Done::text(format!("{}\n  {link}", words.say("recover-done", args![person = name]))))
}
