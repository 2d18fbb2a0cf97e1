//! What people call the teams, the people and the times of a partnership.

use std::collections::BTreeMap;

use entente_shared::calendar::Calendar;
use entente_shared::charter::CharterState;
use entente_shared::ids::{PartyId, PersonId};
use entente_shared::judge::Need;
use entente_shared::kinds;
use entente_shared::rules::{BoundRole, Member};

use crate::args;
use crate::replica::Replica;
use crate::words::{Clock, Day, Lang, RoleForm, Words};
use crate::zones;

/// A partnership's names and clocks, in one language.
pub struct Names<'a> {
    /// The sentences.
    pub words: &'a Words,
    /// What the ground rules say.
    pub state: &'a CharterState,
    /// The present, in milliseconds since 1970.
    pub now_ms: u64,
    me: Option<Member>,
    labels: BTreeMap<PartyId, String>,
    clocks: Vec<(PartyId, Calendar, String)>,
}

impl<'a> Names<'a> {
    /// The names of a partnership; `None` before its founding has arrived.
    pub fn new(words: &'a Words, replica: &'a Replica, now_ms: u64) -> Option<Self> {
        let state = replica.state().ok()?;
        let me = replica.me().ok();
        let parties = &state.contents.parties;
        let teams: Vec<(&str, &str)> = parties
            .values()
            .map(|party| {
                let name = if words.lang() == Lang::Ru { &party.name_ru } else { &party.name_en };
                (party.zone.as_str(), name.as_str())
            })
            .collect();
        let labels = parties.keys().cloned().zip(words.team_labels(&teams)).collect();
        let mut clocks: Vec<_> = parties
            .iter()
            .filter_map(|(id, party)| {
                let calendar = party.calendar.clone().or_else(|| guessed(&party.zone, &party.work, now_ms));
                Some((id.clone(), calendar?, party.zone.clone()))
            })
            .collect();
        let own = me.as_ref().map(|me| me.party.clone());
        clocks.sort_by_key(|(party, ..)| Some(party) != own.as_ref());
        Some(Self { words, state, now_ms, me, labels, clocks })
    }

    /// Every team's clock, the reader's own first.
    pub fn clocks(&self) -> Vec<Clock<'_>> {
        self.clocks.iter().map(|(_, calendar, zone)| Clock { calendar, zone }).collect()
    }

    /// An instant in every team's time, with as much of the day as is needed now.
    pub fn time(&self, at_ms: u64) -> String {
        self.words.time(at_ms, &self.clocks(), Day::Near(self.now_ms))
    }

    /// An instant with its date.
    pub fn date(&self, at_ms: u64) -> String {
        self.words.time(at_ms, &self.clocks(), Day::Date)
    }

    /// What people call a team.
    pub fn party(&self, party: &PartyId) -> String {
        self.labels.get(party).cloned().unwrap_or_else(|| party.to_string())
    }

    /// A person's name.
    pub fn person(&self, person: &PersonId) -> String {
        let row = self.state.contents.people.get(person);
        row.map_or_else(|| self.words.say("someone-unknown", args![]), |row| row.name.clone())
    }

    /// A role's name: the partnership's own, else the usual one.
    pub fn role(&self, role: &entente_shared::ids::RoleId) -> String {
        match self.state.contents.roles.get(role) {
            Some((ru, _)) if self.words.lang() == Lang::Ru => ru.clone(),
            Some((_, en)) => en.clone(),
            None => self.words.role(role.as_str(), RoleForm::Name),
        }
    }

    /// Several roles in one phrase.
    pub fn roles<'r>(&self, roles: impl IntoIterator<Item = &'r entente_shared::ids::RoleId>) -> String {
        let names: Vec<_> = roles.into_iter().map(|role| self.role(role)).collect();
        self.words.list(&names)
    }

    /// The reader, if enrolled.
    pub fn me(&self) -> Option<&Member> {
        self.me.as_ref()
    }

    /// The people of whom each need asks for one, by name; the reader never among them.
    pub fn deciders(&self, needs: &[Need]) -> Vec<String> {
        let mut people: Vec<PersonId> = Vec::new();
        for role in needs.iter().flat_map(|need| &need.who) {
            let own = self.me.as_ref().map(|me| me.person);
            for person in self.state.holders(role) {
                if Some(person) != own && !people.contains(&person) {
                    people.push(person);
                }
            }
        }
        if people.is_empty() {
            return needs.iter().flat_map(|need| need.who.iter().map(|role| self.bound_role(role))).collect();
        }
        people.iter().map(|person| self.person(person)).collect()
    }

    /// A role with its team: for where nobody holds it.
    pub fn bound_role(&self, role: &BoundRole) -> String {
        let (party, role) = match role {
            BoundRole::Party(party, role) => (self.party(party), role),
            BoundRole::AnyParty(role) => return self.role(role),
            other => return other.to_string(),
        };
        let roles = self.role(role);
        self.words.say("who-team", args![party, roles])
    }

    /// The leads of the reader's team, to be asked.
    pub fn leads(&self) -> String {
        let own = self.me.as_ref().map(|me| me.party.clone());
        let leads = self.state.leads(own.as_ref().unwrap_or(&self.state.founding_party));
        let names: Vec<_> = leads.iter().map(|lead| self.person(lead)).collect();
        self.words.list(&names)
    }

    /// Names of parties and markets under which people address sections.
    pub fn subjects(&self) -> BTreeMap<String, Vec<String>> {
        let names = |(id, party): (&PartyId, &entente_shared::charter::Party)| {
            let cities = Lang::ALL.map(|lang| zones::city(&party.zone, lang));
            let mut names = vec![party.name_en.clone(), party.name_ru.clone()];
            names.extend(cities);
            (id.to_string(), names)
        };
        self.state.contents.parties.iter().map(names).collect()
    }

    /// What people call subjects, in both languages, for views and forms.
    pub fn subject_words(&self) -> BTreeMap<String, kinds::Words> {
        let words = |party: &entente_shared::charter::Party| kinds::Words {
            ru: zones::city(&party.zone, Lang::Ru),
            en: zones::city(&party.zone, Lang::En),
        };
        let parties = self.state.contents.parties.iter();
        parties.map(|(id, party)| (id.to_string(), words(party))).collect()
    }
}

/// Whether the verb after this many names is a plural.
pub fn agree(names: &[String]) -> &'static str {
    if names.len() == 1 { "singular" } else { "plural" }
}

/// A team that has not joined has no calendar in the ground rules yet; people want times all the same.
fn guessed(zone: &str, work: &str, now_ms: u64) -> Option<Calendar> {
    let offsets = zones::offsets(zone, now_ms, now_ms).ok()?;
    Some(Calendar::new(work.parse().ok()?, offsets, Default::default()))
}
