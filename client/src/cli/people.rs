//! `entente people`, `roles` and `devices`: who is here, in which role, on which devices.

use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::{DeviceId, PersonId, RoleId, SectionId};
use entente_shared::statement::RevokeTarget;

use super::args::{DevicesArgs, DevicesCommand, PeopleArgs, PeopleCommand, RolesArgs, RolesCommand};
use super::outcome::{REFUSED, USAGE, WAITS, team_failed};
use super::place::plain;
use super::{Done, Failed, Session};
use crate::args;
use crate::replica::{EditOutcome, Submitted};
use crate::team::calendar_edit;
use crate::views::{Devices, People, Roles};
use crate::words::near;

/// Lists people, or ends somebody's access.
pub fn run(session: &mut Session<'_>, args: PeopleArgs) -> Result<Done, Failed> {
    match args.command {
        None | Some(PeopleCommand::List) => {
            let people = People::of(session.shell.replica(), session.shell.now_ms());
            let people = people.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&people) } else { Done::text(people.text(session.words)) })
        }
        Some(PeopleCommand::Remove { name }) => remove(session, &name),
        Some(PeopleCommand::Calendar { party, holidays }) => calendar(session, &party, holidays),
    }
}

fn remove(session: &mut Session<'_>, name: &str) -> Result<Done, Failed> {
    let person = session.person(name)?;
    let (called, party) = {
        let (words, setting) = (session.words, session.setting()?);
        let row = setting.state().contents.people.get(&person);
        (
            setting.person_name(words, &person),
            row.map(|row| setting.label(&row.party, words.lang())).unwrap_or_default(),
        )
    };
    let submitted = session.act(|replica, now| replica.revoke(now, RevokeTarget::Person { person }))?;
    if submitted.verdict.is_held() {
        let text = session.words.say("people-removed-last", args![person = called, party]);
        return Ok(Done::text(text).code(WAITS));
    }
    Ok(Done::text(session.words.say("people-removed", args![person = called])))
}

/// Writes a team's calendar anew, two years ahead of now.
fn calendar(session: &mut Session<'_>, party: &str, holidays: Option<String>) -> Result<Done, Failed> {
    let words = session.words;
    let party = session.party(party)?;
    let now_ms = session.shell.now_ms();
    let edit = calendar_edit(session.state()?, &party, holidays.as_deref(), now_ms);
    let (section, commands) = edit.map_err(|error| team_failed(words, &error))?;
    let edits = vec![(section.clone(), commands)];
    let outcome = session.act(|replica, now| replica.change_charter(now, edits, None))?;
    if let EditOutcome::Suggested { .. } = outcome {
        let charter = session.shell.replica().charter_id();
        let charter = charter.map_err(|error| session.command_failed(&error))?;
        return session.edited(charter, &section, &outcome);
    }
    let setting = session.setting()?;
    let row = setting.state().contents.parties.get(&party);
    let written = row.and_then(|row| row.calendar.as_ref());
    let until_ms = written.map_or(now_ms, |calendar| calendar.offsets().until_ms());
    let (party, when) = (setting.label(&party, words.lang()), setting.date(words, until_ms));
    let text = words.say("calendar-renewed", args![party, when]);
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
}

/// Lists roles, or gives a person roles.
pub fn roles(session: &mut Session<'_>, args: RolesArgs) -> Result<Done, Failed> {
    match args.command {
        None | Some(RolesCommand::List) => {
            let roles = Roles::of(session.shell.replica(), session.shell.now_ms());
            let roles = roles.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&roles) } else { Done::text(roles.text(session.words)) })
        }
        Some(RolesCommand::Set { person, roles }) => set_roles(session, &person, &roles),
    }
}

fn set_roles(session: &mut Session<'_>, name: &str, roles: &[String]) -> Result<Done, Failed> {
    let words = session.words;
    let person = session.person(name)?;
    let roles = roles.iter().map(|role| session.role(role)).collect::<Result<Vec<_>, _>>()?;
    let Some(row) = session.state()?.contents.people.get(&person).cloned() else {
        return Err(Failed::usage(words, &words.say("unknown-person", args![name]), &[]));
    };
    let text = roles.iter().map(RoleId::as_str).collect::<Vec<_>>().join(" ");
    let path = Path::new(["people", &person.to_hex(), "roles"]);
    let section = SectionId::new(format!("people/{}", row.party));
    let command = EditCommand::SetScalar { path, value: Value::string(text) };
    let edits = vec![(section.clone(), vec![command])];
    let outcome = session.act(|replica, now| replica.change_charter(now, edits, None));
    let outcome = outcome.map_err(|failed| own_role(session, person, failed))?;
    if let EditOutcome::Suggested { .. } | EditOutcome::Nothing = outcome {
        let charter = session.shell.replica().charter_id();
        let charter = charter.map_err(|error| session.command_failed(&error))?;
        return session.edited(charter, &section, &outcome);
    }
    let setting = session.setting()?;
    let (person, role, party) =
        (row.name.as_str(), setting.role_list(words, &roles), setting.label(&row.party, words.lang()));
    let text = words.say("people-role-given", args![person, role, party]);
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
}

fn own_role(session: &Session<'_>, person: PersonId, failed: Failed) -> Failed {
    let own = session.me().is_ok_and(|me| me.person == person);
    match (own, session.setting()) {
        (true, Ok(setting)) if failed.code == REFUSED => {
            let me = setting.me().cloned();
            let others = me.map(|me| setting.state().leads(&me.party)).unwrap_or_default();
            let others = others.iter().filter(|lead| **lead != person);
            let people: Vec<_> = others.map(|lead| setting.person_name(session.words, lead)).collect();
            Failed::new(
                REFUSED,
                session.words.say("refused-own-role", args![people = session.words.list_or(&people)]),
            )
        }
        _ => failed,
    }
}

/// Lists the reader's devices, or ends the access of one.
pub fn devices(session: &mut Session<'_>, args: DevicesArgs) -> Result<Done, Failed> {
    match args.command {
        None | Some(DevicesCommand::List) => {
            let devices = own_devices(session)?;
            Ok(if session.json { Done::json(&devices) } else { Done::text(devices.text(session.words)) })
        }
        Some(DevicesCommand::Revoke { device, lost }) => revoke_device(session, &device, lost),
    }
}

fn own_devices(session: &Session<'_>) -> Result<Devices, Failed> {
    let devices = Devices::of(session.shell.replica(), session.shell.now_ms());
    devices.map_err(|error| session.command_failed(&error))
}

fn revoke_device(session: &mut Session<'_>, typed: &str, lost: bool) -> Result<Done, Failed> {
    let words = session.words;
    let (device, label) = find_device(session, typed)?;
    let submitted: Submitted =
        session.act(|replica, now| replica.revoke(now, RevokeTarget::Device { device, lost }))?;
    if submitted.verdict.is_held() {
        return Ok(Done::text(words.say("devices-only", args![])).code(WAITS));
    }
    let said = if lost { "devices-ended-lost" } else { "devices-ended" };
    let text = words.say(said, args![device = label]);
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
}

/// One's own devices by label, and everybody's by the begin of their key: a lead ends those too.
fn find_device(session: &Session<'_>, typed: &str) -> Result<(DeviceId, String), Failed> {
    let words = session.words;
    let own = own_devices(session)?;
    let live: Vec<_> = own.devices.iter().filter(|one| one.ended_ms.is_none() || !one.lost).collect();
    let labelled: Vec<_> = live.iter().filter(|one| plain(&one.label) == plain(typed)).collect();
    if let [one] = labelled.as_slice() {
        return Ok((one.device, one.label.clone()));
    }
    let all = &session.state()?.members.devices;
    let digits = typed.to_lowercase();
    let by_key: Vec<_> =
        all.iter().filter(|(id, _)| digits.len() >= 6 && id.to_hex().starts_with(&digits)).collect();
    if let [(id, device)] = by_key.as_slice() {
        return Ok((**id, device.label.clone()));
    }
    if labelled.len() > 1 {
        let candidates: Vec<_> =
            labelled.iter().map(|one| format!("{} ({})", &one.device.to_hex()[..12], one.label)).collect();
        let candidates = words.list(&candidates);
        return Err(Failed::new(USAGE, words.say("ambiguous-name", args![name = typed, candidates])));
    }
    let near = near(typed, live.iter().map(|one| one.label.as_str()));
    let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
    Err(Failed::usage(words, &words.say("unknown-device", args![name = typed]), &near))
}
