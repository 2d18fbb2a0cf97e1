//! The people of the partnership, their roles, and one's own devices.

use std::collections::BTreeSet;

use entente_shared::ids::*;
use entente_shared::kinds;
use serde::Serialize;

use super::gaps::GapRef;
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::{RoleForm, Words, capitalised};

/// The people, team by team.
#[derive(Clone, Serialize)]
pub struct People {
    /// The teams, the reader's own first.
    pub teams: Vec<TeamPeople>,
    #[serde(skip)]
    setting: Setting,
}

/// The people of one team.
#[derive(Clone, Debug, Serialize)]
pub struct TeamPeople {
    /// The team.
    pub party: PartyId,
    /// What people call it.
    pub label: kinds::Words,
    /// Its working days and hours.
    pub work: String,
    /// Its people, by name.
    pub people: Vec<PersonLine>,
}

/// One person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonLine {
    /// Who.
    #[serde(flatten)]
    pub person: PersonRef,
    /// Their roles.
    pub roles: Vec<RoleId>,
    /// How many devices they sign with.
    pub devices: usize,
    /// When their access ended (relay time, milliseconds since 1970).
    pub left_ms: Option<u64>,
}

/// The roles, and who holds them.
#[derive(Clone, Serialize)]
pub struct Roles {
    /// The roles, by team.
    pub roles: Vec<RoleLine>,
    /// What too few people can do.
    pub gaps: Vec<GapRef>,
    #[serde(skip)]
    setting: Setting,
}

/// One role in one team.
#[derive(Clone, Debug, Serialize)]
pub struct RoleLine {
    /// The team.
    pub party: PartyId,
    /// The role.
    pub role: RoleId,
    /// The people who hold it and are present.
    pub people: Vec<PersonRef>,
}

/// The devices of the reader.
#[derive(Clone, Serialize)]
pub struct Devices {
    /// The devices, oldest first.
    pub devices: Vec<DeviceLine>,
    #[serde(skip)]
    setting: Setting,
}

/// One device.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceLine {
    /// The device.
    pub device: DeviceId,
    /// What its owner calls it.
    pub label: String,
    /// Since when it may sign (relay time, milliseconds since 1970).
    pub enrolled_ms: u64,
    /// Whether it is this one.
    pub this: bool,
    /// When its access ended (relay time, milliseconds since 1970).
    pub ended_ms: Option<u64>,
    /// Whether it was reported lost.
    pub lost: bool,
}

impl People {
    /// Lists everybody.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let parties = setting.parties().into_iter();
        let teams = parties.map(|(party, row)| {
            let members = setting.state().contents.people.iter().filter(|(_, one)| one.party == *party);
            let mut people: Vec<_> = members.map(|(id, _)| PersonLine::of(&setting, *id)).collect();
            people.sort_by(|a, b| a.person.cmp(&b.person));
            let label = super::place::both(|lang| setting.label(party, lang));
            TeamPeople { party: party.clone(), label, work: row.work.clone(), people }
        });
        Ok(Self { teams: teams.collect(), setting: setting.clone() })
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = String::new();
        for team in &self.teams {
            text += &format!("{} ({})\n", team.label.get(words.lang()), words.work_week(&team.work));
            let mut table = Table::default();
            for line in &team.people {
                let state = match (line.left_ms, line.devices) {
                    (Some(left_ms), _) => {
                        words.say("people-left", args![when = self.setting.time(words, left_ms)])
                    }
                    (None, 0) => words.say("people-invited", args![]),
                    (None, count) => words.say("count-devices", args![count]),
                };
                let person = self.setting.name(words, &line.person);
                table.row([person, self.setting.role_names(words, &line.roles), state]);
            }
            text += &table.text("  ");
        }
        text
    }
}

impl PersonLine {
    fn of(setting: &Setting, id: PersonId) -> Self {
        let members = &setting.state().members;
        let row = setting.state().contents.people.get(&id);
        let live =
            |device: &&entente_shared::charter::Device| device.person == id && device.revoked.is_none();
        Self {
            person: setting.person(id),
            roles: row.map(|row| row.roles.iter().cloned().collect()).unwrap_or_default(),
            devices: members.devices.values().filter(live).count(),
            left_ms: members.revoked_people.get(&id).map(|revoked| revoked.time_ms),
        }
    }
}

impl Roles {
    /// Lists every role that somebody holds, that has a name, or that the rules let people give.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let state = setting.state();
        let mut names: BTreeSet<&RoleId> = state.contents.roles.keys().collect();
        names.extend(state.rules().iter().flat_map(|rule| &rule.grants));
        names.extend(state.contents.people.values().flat_map(|person| &person.roles));
        let present = state.present();
        let holders = |party: &PartyId, role: &RoleId| -> Vec<PersonRef> {
            let members = present.iter().filter_map(|person| state.member(person));
            let held = members.filter(|member| member.party == *party && member.roles.contains(role));
            let people: BTreeSet<_> = held.map(|member| setting.person(member.person)).collect();
            people.into_iter().collect()
        };
        let mut roles = Vec::new();
        for (party, _) in setting.parties() {
            roles.extend(names.iter().map(|role| RoleLine {
                party: party.clone(),
                role: (*role).clone(),
                people: holders(party, role),
            }));
        }
        Ok(Self { roles, gaps: GapRef::all(&setting), setting: setting.clone() })
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = String::new();
        let mut last: Option<&PartyId> = None;
        for line in &self.roles {
            if last != Some(&line.party) {
                text += &format!("{}\n", self.setting.label(&line.party, words.lang()));
                last = Some(&line.party);
            }
            let role = capitalised(&words.role(line.role.as_str(), RoleForm::Name));
            let names: Vec<_> = line.people.iter().map(|one| self.setting.name(words, one)).collect();
            let said = match names.is_empty() {
                true => words.say("roles-empty", args![role]),
                false => words.say("roles-line", args![role, people = names.join(", ")]),
            };
            text += &format!("  {said}\n");
        }
        for gap in &self.gaps {
            text += &format!("{}\n", gap.text(words, &self.setting));
        }
        text
    }
}

impl Devices {
    /// Lists the reader's devices.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet, or this device belongs to nobody in it.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let this = replica.key().device();
        let all = &setting.state().members.devices;
        let me = all.get(&this).ok_or(CommandError::NotEnrolled)?.person;
        let own = all.iter().filter(|(_, device)| device.person == me);
        let mut devices: Vec<_> = own
            .map(|(id, device)| DeviceLine {
                device: *id,
                label: device.label.clone(),
                enrolled_ms: device.enrolled_ms,
                this: *id == this,
                ended_ms: device.revoked.as_ref().map(|revoked| revoked.time_ms),
                lost: device.revoked.as_ref().is_some_and(|revoked| revoked.lost),
            })
            .collect();
        devices.sort_by_key(|device| (device.enrolled_ms, device.device));
        Ok(Self { devices, setting })
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = words.say("devices-title", args![]) + "\n";
        let mut table = Table::default();
        for line in &self.devices {
            let when = self.setting.time(words, line.enrolled_ms);
            let state = match (line.ended_ms, line.lost) {
                (None, _) if line.this => words.say("devices-this", args![]),
                (None, _) => String::new(),
                (Some(ended_ms), false) => {
                    words.say("devices-closed", args![when = self.setting.time(words, ended_ms)])
                }
                (Some(ended_ms), true) => {
                    words.say("devices-lost", args![when = self.setting.time(words, ended_ms)])
                }
            };
            table.row([line.device.short(), line.label.clone(), words.say("since", args![when]), state]);
        }
        text += &table.text("  ");
        text
    }
}
