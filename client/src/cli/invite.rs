//! `entente invite`: a link that lets one person or device in.

use entente_shared::ids::{PartyId, PersonId, RoleId};
use entente_shared::limits::INVITE_VALID_MS_MAX;

use super::args::InviteArgs;
use super::outcome::{self, OFFLINE, REFUSED, WAITS};
use super::{Done, Failed, Session};
use crate::args;
use crate::joining;
use crate::links::JoinLink;
use crate::native::sync::SyncError;
use crate::replica::{EditOutcome, InviteWish, Invited};
use crate::team::NewTeam;
use crate::views::Deciding;
use crate::words::near;

/// Invites, and hands the invitation to the relay if it can be reached.
pub fn run(session: &mut Session<'_>, args: InviteArgs) -> Result<Done, Failed> {
    let me = session.me()?;
    let party = args.team.as_ref().map_or(me.party.clone(), |team| PartyId::new(team.to_lowercase()));
    let mut text = String::new();
    if !session.state()?.contents.parties.contains_key(&party) {
        match add_team(session, &party, &args)? {
            Added::Now(line) => text.push_str(&line),
            Added::Later(done) => return Ok(done),
        }
    }
    let wish = wish(session, &party, &args, me.person)?;
    let invited = session.act(|replica, now| replica.invite(now, &wish))?;
    session.act(joining::sign_anew)?;
    let is_known = match session.reach() {
        Ok(_) => true,
        Err(SyncError::Shell(error)) => return Err(outcome::shell_failed(session.words, &error)),
        Err(_) => false,
    };
    text.push_str(&invitation(session, &args, &party, &invited)?);
    if invited.submitted.verdict.is_held() {
        let needs = &invited.submitted.needs;
        let Deciding { deciders, agree } = session.setting()?.who_decides(session.words, needs);
        text.push_str(&session.words.say("invite-waits", args![deciders, agree]));
        return Ok(Done::text(text).code(WAITS));
    }
    if !is_known {
        text.push_str(&session.words.say("invite-offline", args![]));
        return Ok(Done::text(text).code(OFFLINE));
    }
    Ok(Done::text(text))
}

fn wish(
    session: &Session<'_>,
    party: &PartyId,
    args: &InviteArgs,
    me: PersonId,
) -> Result<InviteWish, Failed> {
    let words = session.words;
    let valid_ms = INVITE_VALID_MS_MAX;
    if args.device {
        return Ok(InviteWish { party: party.clone(), row: None, person: Some(me), valid_ms });
    }
    let name = args.name.clone().unwrap_or_default();
    let state = session.state()?;
    let known = state.contents.people.iter().find(|(_, row)| row.name == name && row.party == *party);
    match known {
        Some((person, _)) if *person == me => {
            return Err(Failed::usage(words, &words.say("invite-own-person", args![]), &[]));
        }
        // Somebody who is known and needs another link: a lost invitation, or a lost device.
        Some((person, _)) if args.roles.is_empty() => {
            return Ok(InviteWish { party: party.clone(), row: None, person: Some(*person), valid_ms });
        }
        _ => {}
    }
    let roles = if args.roles.is_empty() { vec!["viewer".to_owned()] } else { args.roles.clone() };
    let roles = roles.iter().map(|role| session.role(role)).collect::<Result<Vec<_>, _>>()?;
    let person = known.map(|(person, _)| *person);
    Ok(InviteWish { party: party.clone(), row: Some((name, roles)), person, valid_ms })
}

enum Added {
    Now(String),
    Later(Done),
}

/// Adds a team to the ground rules; it may wait for the others' leads.
fn add_team(session: &mut Session<'_>, party: &PartyId, args: &InviteArgs) -> Result<Added, Failed> {
    let words = session.words;
    let team = NewTeam::read(party.as_str(), &args.about.to_about(), session.shell.now_ms());
    let team = team.map_err(|error| outcome::team_failed(words, &error))?;
    let edits = vec![team.edit()];
    match session.act(|replica, now| replica.change_charter(now, edits, None))? {
        EditOutcome::Suggested { needs, .. } => {
            let deciders = session.setting()?.who_decides(words, &needs).deciders;
            let text = words.say("suggestion-saved-for", args![deciders]);
            Ok(Added::Later(Done::text(format!("{text} {}", session.pending())).code(WAITS)))
        }
        EditOutcome::Saved | EditOutcome::Nothing => {
            let label = session.setting()?.label(party, words.lang());
            let text = words.say("invite-team-new", args![party = label, work = words.work_week(&team.work)]);
            Ok(Added::Now(text + "\n"))
        }
    }
}

fn invitation(
    session: &Session<'_>,
    args: &InviteArgs,
    party: &PartyId,
    invited: &Invited,
) -> Result<String, Failed> {
    let (words, setting) = (session.words, session.setting()?);
    let profile = session.shell.replica().profile();
    let address = profile.addresses.first().cloned().unwrap_or_default();
    let link = JoinLink { address, partnership: profile.partnership, key: invited.key.clone() };
    let person = args.name.clone().unwrap_or_else(|| setting.person_name(words, &invited.person));
    let row = session.state()?.contents.people.get(&invited.person);
    let role = row.map(|row| setting.role_list(words, &row.roles)).unwrap_or_default();
    let until = setting.date(words, invited.expires_ms);
    let name = person.split_whitespace().next().unwrap_or_default().to_owned();
    let first =
        words.say("invite-done", args![person, role, party = setting.label(party, words.lang()), until]);
    let send = words.say("invite-send", args![name]);
    Ok(format!("{first}\n  {link}      {send}\n"))
}

impl Session<'_> {
    /// Finds a role by its id or by its name in either language.
    pub fn role(&self, typed: &str) -> Result<RoleId, Failed> {
        const USUAL: [&str; 7] =
            ["lead", "account-manager", "coordinator", "translator", "legal", "viewer", "creator"];
        let state = self.state()?;
        let own = state.contents.roles.iter();
        let own = own.map(|(id, (ru, en))| (id.to_string(), vec![id.to_string(), ru.clone(), en.clone()]));
        let usual = USUAL.iter().map(|id| {
            let name = self.words.role(id, crate::words::RoleForm::Name);
            ((*id).to_owned(), vec![(*id).to_owned(), name])
        });
        let known: Vec<(String, Vec<String>)> = own.chain(usual).collect();
        let typed_id = typed.trim().to_lowercase().replace(' ', "-");
        let same = |name: &String| name.to_lowercase().replace(' ', "-") == typed_id;
        if let Some((id, _)) = known.iter().find(|(_, names)| names.iter().any(same)) {
            return Ok(RoleId::new(id.clone()));
        }
        let names = known.iter().flat_map(|(_, names)| names.iter().map(String::as_str));
        let near: Vec<String> = near(typed, names).into_iter().map(str::to_owned).collect();
        Err(Failed::usage(self.words, &self.words.say("unknown-role", args![name = typed]), &near))
    }

    /// Refuses with these words.
    pub fn refuse(&self, text: impl Into<String>) -> Failed {
        Failed::new(REFUSED, text)
    }
}
