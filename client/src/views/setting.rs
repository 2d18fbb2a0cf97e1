//! What every view names things with: people, teams, clocks, and the reader.

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_shared::calendar::State;
use entente_shared::charter::{CharterState, Party};
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::kinds::{self, Lang};
use entente_shared::rules::{BoundRole, Member};
use serde::Serialize;

use crate::replica::{CommandError, Replica};
use crate::words::{Clock, Day, Holders, RoleForm, TeamLabel, Whose, Words};
use crate::zones;

/// The partnership as the reader sees it now.
#[derive(Clone)]
pub struct Setting {
    title: String,
    state: Arc<CharterState>,
    me: Option<Member>,
    now_ms: u64,
}

/// A person, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PersonRef {
    /// The person's name; absent if the ground rules do not know the person.
    pub name: Option<String>,
    /// The person.
    pub id: PersonId,
    /// The person's team.
    pub party: Option<PartyId>,
}

/// Somebody who can decide, and whether they are at work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decider {
    /// Who.
    #[serde(flatten)]
    pub person: PersonRef,
    /// Whether their team is at work now; absent where the calendar does not say.
    pub at_work: Option<bool>,
    /// When their team opens, if it is closed (milliseconds since 1970).
    pub opens_at_ms: Option<u64>,
}

impl Setting {
    /// The partnership as this device has it at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let charter = replica.charter_ahead().ok_or(CommandError::NoPartnership)?;
        let title = charter.document().title().to_owned();
        Ok(Self { title, state: Arc::clone(charter.now()), me: replica.me().ok(), now_ms })
    }

    /// The ground rules now.
    pub fn state(&self) -> &CharterState {
        &self.state
    }

    /// The reader, unless this device's access has ended.
    pub fn me(&self) -> Option<&Member> {
        self.me.as_ref()
    }

    /// The present, in milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Tells whether `person` is the reader.
    pub fn is_me(&self, person: &PersonId) -> bool {
        self.me.as_ref().is_some_and(|me| me.person == *person)
    }

    /// The teams, the reader's own first.
    pub fn parties(&self) -> Vec<(&PartyId, &Party)> {
        self.parties_from(self.me.as_ref().map(|me| &me.party))
    }

    fn parties_from(&self, first: Option<&PartyId>) -> Vec<(&PartyId, &Party)> {
        let mut parties: Vec<_> = self.state.contents.parties.iter().collect();
        parties.sort_by_key(|(id, _)| Some(*id) != first);
        parties
    }

    /// The teams in the order in which tables show them: the founders first.
    pub fn columns(&self) -> Vec<PartyId> {
        let parties = self.parties_from(Some(&self.state.founding_party));
        parties.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// Writes an instant in every team's time, the reader's first.
    pub fn time(&self, words: &Words, at_ms: u64) -> String {
        words.time(at_ms, &clocks(self.parties()), Day::Near(self.now_ms))
    }

    /// Writes an instant in every team's time, with its weekday, that of `first` first.
    pub fn time_of(&self, words: &Words, at_ms: u64, first: Option<&PartyId>) -> String {
        let day =
            if self.now_ms.abs_diff(at_ms) < 6 * 86_400_000 { Day::Weekday } else { Day::Near(self.now_ms) };
        words.time(at_ms, &clocks(self.parties_from(first)), day)
    }

    /// Writes the present in one team's time.
    pub fn local_time(&self, words: &Words, party: &PartyId, at_ms: u64) -> String {
        let only = self.parties().into_iter().filter(|(id, _)| *id == party).collect();
        words.time(at_ms, &clocks(only), Day::None)
    }

    /// What people call a team in one language: its city, or its name where teams share a city.
    pub fn label(&self, party: &PartyId, lang: Lang) -> String {
        let parties = &self.state.contents.parties;
        let Some(row) = parties.get(party) else { return party.to_string() };
        let city = zones::city(&row.zone, lang);
        let alike = parties.values().filter(|other| zones::city(&other.zone, lang) == city).count();
        match (alike, lang) {
            (..=1, _) => city,
            (_, Lang::Ru) => row.name_ru.clone(),
            (_, Lang::En) => row.name_en.clone(),
        }
    }

    /// The label of every team in both languages, by its id.
    pub fn labels(&self) -> BTreeMap<String, kinds::Words> {
        let parties = self.state.contents.parties.keys();
        parties
            .map(|party| {
                let label = |lang| self.label(party, lang);
                (party.to_string(), kinds::Words { ru: label(Lang::Ru), en: label(Lang::En) })
            })
            .collect()
    }

    /// The teams as sentences of the ground rules name them.
    pub fn team_labels(&self, lang: Lang) -> Vec<TeamLabel> {
        let teams = self.state.teams().iter();
        teams.map(|team| TeamLabel { team: team.clone(), label: self.label(&team.party, lang) }).collect()
    }

    /// What the partnership is called: as its founder called it, else by its teams, the founders first.
    pub fn title(&self, lang: Lang) -> String {
        if self.title.is_empty() { self.teams_title(lang) } else { self.title.clone() }
    }

    /// All teams by name, the founders first.
    pub fn teams_title(&self, lang: Lang) -> String {
        let labels: Vec<_> = self.columns().iter().map(|party| self.label(party, lang)).collect();
        labels.join(" · ")
    }

    /// A person by id.
    pub fn person(&self, id: PersonId) -> PersonRef {
        let row = self.state.contents.people.get(&id);
        PersonRef { id, name: row.map(|row| row.name.clone()), party: row.map(|row| row.party.clone()) }
    }

    /// The person behind a device.
    pub fn person_of(&self, device: &DeviceId) -> Option<PersonRef> {
        self.state.members.devices.get(device).map(|found| self.person(found.person))
    }

    /// Somebody who can decide.
    pub fn decider(&self, id: PersonId) -> Decider {
        let person = self.person(id);
        let parties = &self.state.contents.parties;
        let calendar = person.party.as_ref().and_then(|party| parties.get(party)?.calendar.as_ref());
        let (at_work, opens_at_ms) = match calendar.map(|calendar| calendar.state(self.now_ms)) {
            Some(State::Open { .. }) => (Some(true), None),
            Some(State::Closed { opens_at_ms }) => (Some(false), Some(opens_at_ms)),
            Some(State::BeyondTable) | None => (None, None),
        };
        Decider { person, at_work, opens_at_ms }
    }

    /// Everybody present who can meet one of `needs`, but for `author`.
    pub fn deciders(&self, kind: &KindId, needs: &[Need], author: Option<PersonId>) -> Vec<Decider> {
        let can = |person: &PersonId| {
            let Some(member) = self.state.member(person) else { return false };
            Some(*person) != author && needs.iter().any(|need| need.is_met_by(&self.state, kind, &member))
        };
        let mut found: Vec<_> =
            self.state.present().into_iter().filter(can).map(|person| self.decider(person)).collect();
        // Who can decide at once comes first.
        found.sort_by_key(|one| (one.at_work != Some(true), one.opens_at_ms, one.person.name.clone()));
        found
    }

    /// A person's name, or `you` and the like are left to the sentence.
    pub fn name(&self, words: &Words, person: &PersonRef) -> String {
        person.name.clone().unwrap_or_else(|| words.say("someone-unknown", crate::args![]))
    }

    /// The name of the person behind a device.
    pub fn name_of(&self, words: &Words, device: &DeviceId) -> String {
        let person = self.person_of(device).and_then(|person| person.name);
        person.unwrap_or_else(|| words.say("someone-unknown", crate::args![]))
    }

    /// Says whether somebody is at work: `at work now`.
    pub fn presence(&self, words: &Words, one: &Decider) -> String {
        let calendar = self.calendar(one.person.party.as_ref());
        let unknown = || words.say("presence-unknown", crate::args![]);
        calendar.map_or_else(unknown, |calendar| words.presence(calendar, self.now_ms))
    }

    /// Says the same of a team by its label: `Moscow closed, opens in 13 h 55 min`.
    pub fn team_presence(&self, words: &Words, party: &PartyId) -> String {
        let label = self.label(party, words.lang());
        match self.calendar(Some(party)) {
            Some(calendar) => words.team_presence(&label, calendar, self.now_ms),
            None => words.say("presence-party-unknown", crate::args![party = label]),
        }
    }

    fn calendar(&self, party: Option<&PartyId>) -> Option<&entente_shared::calendar::Calendar> {
        self.state.contents.parties.get(party?)?.calendar.as_ref()
    }

    /// Names people with whether they are at work: `Dana Reyes (at work now), Lee Wong (at work now)`.
    pub fn list_deciders(&self, words: &Words, deciders: &[Decider]) -> String {
        let named: Vec<_> = deciders
            .iter()
            .map(|one| {
                let (person, presence) = (self.name(words, &one.person), self.presence(words, one));
                words.say("person-presence", crate::args![person, presence])
            })
            .collect();
        named.join(", ")
    }

    /// Names people: `Anna Orlova and Lee Wong`.
    pub fn list_names(&self, words: &Words, deciders: &[Decider]) -> String {
        let names: Vec<_> = deciders.iter().map(|one| self.name(words, &one.person)).collect();
        words.list(&names)
    }

    /// Names roles as sentences do: `New York's lead`.
    pub fn roles(&self, words: &Words, roles: &[BoundRole]) -> String {
        let mut groups: Vec<Holders> = Vec::new();
        for role in roles {
            let (whose, name) = match role {
                BoundRole::AnyParty(role) => (Whose::Each, role.to_string()),
                BoundRole::Party(party, role) => {
                    (Whose::Named(self.label(party, words.lang())), role.to_string())
                }
                BoundRole::Person(person) => (Whose::Common, self.name(words, &self.person(*person))),
            };
            let same = groups.iter_mut().find_map(|group| match group {
                Holders::Roles { whose: other, roles } if *other == whose => Some(roles),
                _ => None,
            });
            match same {
                Some(roles) => roles.push(name),
                None => groups.push(Holders::Roles { whose, roles: vec![name] }),
            }
        }
        words.holders(&groups)
    }

    /// Names the roles of one person: `lead, viewer`.
    pub fn role_names<'r>(&self, words: &Words, roles: impl IntoIterator<Item = &'r RoleId>) -> String {
        let names: Vec<_> = roles.into_iter().map(|role| words.role(role.as_str(), RoleForm::Name)).collect();
        if names.is_empty() { words.say("none", crate::args![]) } else { names.join(", ") }
    }

    /// Whom the reader asks for help: the leads of the own team.
    pub fn ask(&self, words: &Words) -> String {
        let leads = self.me.as_ref().map(|me| self.state.leads(&me.party)).unwrap_or_default();
        let names: Vec<_> = leads.into_iter().map(|lead| self.name(words, &self.person(lead))).collect();
        words.list(&names)
    }
}

fn clocks<'a>(parties: Vec<(&'a PartyId, &'a Party)>) -> Vec<Clock<'a>> {
    let clock = |(_, party): (_, &'a Party)| {
        Some(Clock { calendar: party.calendar.as_ref()?, zone: party.zone.as_str() })
    };
    parties.into_iter().filter_map(clock).collect()
}
