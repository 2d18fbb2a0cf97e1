//! What every view names things with: people, teams, clocks, and the reader.

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_shared::calendar::{Calendar, Date, State};
use entente_shared::charter::{Charter, CharterState, Party};
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
    /// Guessed calendars of teams that have none yet: nobody of them has joined, and people want to
    /// read times in theirs all the same.
    guessed: BTreeMap<PartyId, Calendar>,
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

/// Who decides, as a sentence names them.
pub struct Deciding {
    /// `Anna Orlova or Lee Wong`.
    pub deciders: String,
    /// `singular` or `plural`, for the verb.
    pub agree: &'static str,
}

impl Setting {
    /// The partnership as this device has it at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let charter = replica.charter_ahead().ok_or(CommandError::NoPartnership)?;
        Ok(Self::of_charter(charter, replica.me().ok(), now_ms))
    }

    /// A partnership as its charter says, for somebody who may not belong to it, at `now_ms` (milliseconds
    /// since 1970).
    pub fn of_charter(charter: &Charter, me: Option<Member>, now_ms: u64) -> Self {
        let title = charter.document().title().to_owned();
        let state = Arc::clone(charter.now());
        let guessed = guessed(&state, now_ms);
        Self { title, state, me, now_ms, guessed }
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

    /// Every team's clock, the reader's own first.
    pub fn clocks(&self) -> Vec<Clock<'_>> {
        self.clocks_of(self.parties())
    }

    fn clocks_of<'a>(&'a self, parties: Vec<(&'a PartyId, &'a Party)>) -> Vec<Clock<'a>> {
        let clock = |(id, party): (&PartyId, &'a Party)| {
            let calendar = party.calendar.as_ref().or_else(|| self.guessed.get(id))?;
            Some(Clock { calendar, zone: party.zone.as_str() })
        };
        parties.into_iter().filter_map(clock).collect()
    }

    /// The teams in the order in which tables show them: the founders first.
    pub fn columns(&self) -> Vec<PartyId> {
        let parties = self.parties_from(Some(&self.state.founding_party));
        parties.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// Writes an instant in every team's time, the reader's first.
    pub fn time(&self, words: &Words, at_ms: u64) -> String {
        words.time(at_ms, &self.clocks(), Day::Near(self.now_ms))
    }

    /// Writes an instant in every team's time, with its weekday, that of `first` first.
    pub fn time_of(&self, words: &Words, at_ms: u64, first: Option<&PartyId>) -> String {
        let day =
            if self.now_ms.abs_diff(at_ms) < 6 * 86_400_000 { Day::Weekday } else { Day::Near(self.now_ms) };
        words.time(at_ms, &self.clocks_of(self.parties_from(first)), day)
    }

    /// Writes an instant with its date.
    pub fn date(&self, words: &Words, at_ms: u64) -> String {
        words.time(at_ms, &self.clocks(), Day::Date)
    }

    /// Writes an instant with its year in every team's time, the founders' first: the same for every reader.
    pub fn full_time(&self, words: &Words, at_ms: u64) -> String {
        words.time(at_ms, &self.clocks_of(self.parties_from(Some(&self.state.founding_party))), Day::Year)
    }

    /// Writes the present in one team's time.
    pub fn local_time(&self, words: &Words, party: &PartyId, at_ms: u64) -> String {
        let only = self.parties().into_iter().filter(|(id, _)| *id == party).collect();
        words.time(at_ms, &self.clocks_of(only), Day::None)
    }

    /// The instant that `22:00` or `2026-11-25 06:00` means by the clock of the reader's team: without
    /// a date the next such time.
    pub fn instant(&self, text: &str) -> Option<u64> {
        let clocks = self.clocks();
        let calendar = clocks.first()?.calendar;
        let (date, clock) = match text.trim().split_once(' ') {
            Some((date, clock)) => (Some(date.parse::<Date>().ok()?), clock.trim()),
            None => (None, text.trim()),
        };
        let (hours, minutes) = clock.split_once(':')?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let minute = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
        let Some(date) = date else {
            let today = calendar.local_at(self.now_ms)?.date;
            let days = [today, today.plus_days(1)].into_iter();
            return days
                .filter_map(|date| calendar.instant_of(date, minute))
                .find(|at_ms| *at_ms > self.now_ms);
        };
        calendar.instant_of(date, minute)
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

    /// By which names people may address teams, beside their ids.
    pub fn subjects(&self) -> BTreeMap<String, Vec<String>> {
        let names = |(id, party): (&PartyId, &Party)| {
            let cities = Lang::ALL.map(|lang| zones::city(&party.zone, lang));
            let mut names = vec![party.name_en.clone(), party.name_ru.clone()];
            names.extend(cities);
            (id.to_string(), names)
        };
        self.state.contents.parties.iter().map(names).collect()
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
            let own = Some(*person) == author;
            needs.iter().any(|need| (!own || need.of_author) && need.is_met_by(&self.state, kind, &member))
        };
        let mut found: Vec<_> =
            self.state.present().into_iter().filter(can).map(|person| self.decider(person)).collect();
        // Who can decide at once comes first.
        found.sort_by_key(|one| (one.at_work != Some(true), one.opens_at_ms, one.person.name.clone()));
        found
    }

    /// Tells whether the reader may meet a need on their own responsibility.
    pub fn overrides(&self, need: &Need) -> bool {
        let mine = |person: &PersonId| self.is_me(person);
        let me = self.state.present().into_iter().find(mine).and_then(|person| self.state.member(&person));
        me.is_some_and(|me| need.is_overridden_by(&me))
    }

    /// A person's name, or `you` and the like are left to the sentence.
    pub fn name(&self, words: &Words, person: &PersonRef) -> String {
        person.name.clone().unwrap_or_else(|| words.say("someone-unknown", crate::args![]))
    }

    /// A person's name by id.
    pub fn person_name(&self, words: &Words, id: &PersonId) -> String {
        self.name(words, &self.person(*id))
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

    fn calendar(&self, party: Option<&PartyId>) -> Option<&Calendar> {
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

    /// Names people of whom one is enough: `Anna Orlova or Lee Wong`.
    pub fn one_of(&self, words: &Words, deciders: &[Decider]) -> String {
        let names: Vec<_> = deciders.iter().map(|one| self.name(words, &one.person)).collect();
        words.list_or(&names)
    }

    /// Names, for each group, people of whom one is enough:
    /// `Anna Orlova or Lee Wong, and Dana Reyes`. Equal groups are one.
    pub fn one_of_each(&self, words: &Words, groups: &[Vec<Decider>]) -> String {
        let mut texts: Vec<String> = Vec::new();
        for group in groups.iter().filter(|group| !group.is_empty()) {
            let text = self.one_of(words, group);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let also = |first: String, last: String| words.say("list-also", crate::args![first, last]);
        texts.into_iter().reduce(also).unwrap_or_else(|| words.say("none", crate::args![]))
    }

    /// Everybody present who holds one of `roles`, with whether they are at work.
    pub fn holders_all(&self, roles: &[BoundRole]) -> Vec<Decider> {
        let mut people: Vec<_> = roles.iter().flat_map(|role| self.state.holders(role)).collect();
        people.sort();
        people.dedup();
        people.into_iter().map(|person| self.decider(person)).collect()
    }

    /// Everybody present who holds one of `roles`, the reader apart.
    pub fn holders(&self, roles: &[BoundRole]) -> Vec<PersonRef> {
        let mut people = Vec::new();
        for person in roles.iter().flat_map(|role| self.state.holders(role)) {
            let person = self.person(person);
            if !self.is_me(&person.id) && !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    /// Says who decides on `needs`, the reader apart: people of whom one is enough for each need, or
    /// the roles that nobody holds. `agree` is for the verb that follows.
    pub fn who_decides(&self, words: &Words, needs: &[Need]) -> Deciding {
        let others = |need: &Need| {
            let people = self.holders(&need.who).into_iter();
            people.map(|person| self.decider(person.id)).collect::<Vec<_>>()
        };
        let mut groups: Vec<_> = needs.iter().map(others).collect();
        groups.retain(|group| !group.is_empty());
        groups.sort();
        groups.dedup();
        let agree = if groups.len() > 1 { "plural" } else { "singular" };
        let roles: Vec<_> = needs.iter().flat_map(|need| need.who.iter().cloned()).collect();
        let deciders = match groups.is_empty() {
            true => self.roles(words, &roles),
            false => self.one_of_each(words, &groups),
        };
        Deciding { deciders, agree }
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
                Some(roles) if roles.contains(&name) => {}
                Some(roles) => roles.push(name),
                None => groups.push(Holders::Roles { whose, roles: vec![name] }),
            }
        }
        words.holders(&groups)
    }

    /// A role's name: the partnership's own, else the usual one.
    pub fn role_name(&self, words: &Words, role: &RoleId) -> String {
        match self.state.contents.roles.get(role) {
            Some((ru, _)) if words.lang() == Lang::Ru => ru.clone(),
            Some((_, en)) => en.clone(),
            None => words.role(role.as_str(), RoleForm::Name),
        }
    }

    /// Names roles in one phrase: `lead and viewer`.
    pub fn role_list<'r>(&self, words: &Words, roles: impl IntoIterator<Item = &'r RoleId>) -> String {
        let names: Vec<_> = roles.into_iter().map(|role| self.role_name(words, role)).collect();
        words.list(&names)
    }

    /// Names the roles of one person: `lead, viewer`.
    pub fn role_names<'r>(&self, words: &Words, roles: impl IntoIterator<Item = &'r RoleId>) -> String {
        let names: Vec<_> = roles.into_iter().map(|role| self.role_name(words, role)).collect();
        if names.is_empty() { words.say("none", crate::args![]) } else { names.join(", ") }
    }

    /// Whom the reader asks for help: the leads of the own team.
    pub fn ask(&self, words: &Words) -> String {
        let party = self.me.as_ref().map_or(&self.state.founding_party, |me| &me.party);
        let leads = self.state.leads(party);
        let names: Vec<_> = leads.iter().map(|lead| self.person_name(words, lead)).collect();
        words.list_or(&names)
    }
}

fn guessed(state: &CharterState, now_ms: u64) -> BTreeMap<PartyId, Calendar> {
    let guess = |party: &Party| {
        let offsets = zones::offsets(&party.zone, now_ms, now_ms).ok()?;
        Some(Calendar::new(party.work.parse().ok()?, offsets, Default::default()))
    };
    let without = state.contents.parties.iter().filter(|(_, party)| party.calendar.is_none());
    without.filter_map(|(id, party)| Some((id.clone(), guess(party)?))).collect()
}
