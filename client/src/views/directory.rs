//! Teams and people with what people call them, for every label of an interface.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::calendar::{Calendar, State};
use entente_shared::charter::Party;
use entente_shared::ids::*;
use entente_shared::kinds::{self, Lang};
use serde::Serialize;

use super::place::both;
use super::setting::{PersonRef, Setting};
use crate::replica::{CommandError, Replica};
use crate::words::{RoleForm, Words};
use crate::zones;

/// How far ahead working hours are listed, in milliseconds.
const OPEN_AHEAD_MS: u64 = 8 * 86_400_000;
/// A day, in milliseconds.
const DAY_MS: u64 = 86_400_000;
/// How many days back, as far as the calendar goes: versions wait for days.
const DAYS_BEHIND: usize = 4;

/// Teams, people, roles.
#[derive(Clone, Serialize)]
pub struct Directory {
    /// The reader; absent once this device's access has ended.
    pub me: Option<MeLine>,
    /// The teams, the reader's own first.
    pub parties: Vec<PartyLine>,
    /// Everybody, by name.
    pub people: Vec<MemberLine>,
    /// What roles are called.
    pub roles: BTreeMap<RoleId, kinds::Words>,
    /// What people call the subjects of sections.
    pub labels: BTreeMap<String, kinds::Words>,
    /// When this was computed (milliseconds since 1970).
    pub now_ms: u64,
}

/// The reader.
#[derive(Clone, Debug, Serialize)]
pub struct MeLine {
    /// Who.
    pub person: PersonRef,
    /// In which roles.
    pub roles: Vec<RoleId>,
    /// Whether one of them leads the team.
    pub is_lead: bool,
}

/// Somebody in the ground rules.
#[derive(Clone, Debug, Serialize)]
pub struct MemberLine {
    /// Who.
    #[serde(flatten)]
    pub person: PersonRef,
    /// In which roles.
    pub roles: Vec<RoleId>,
    /// Whether they have joined and not left.
    pub present: bool,
}

/// A team.
#[derive(Clone, Debug, Serialize)]
pub struct PartyLine {
    /// The team.
    pub party: PartyId,
    /// Its city, or its name where several teams share a city.
    pub label: kinds::Words,
    /// Its name.
    pub name: kinds::Words,
    /// Its market.
    pub market: String,
    /// Its time zone, by IANA name.
    pub zone: String,
    /// What stands beside a time there.
    pub zone_short: kinds::Words,
    /// The language that it writes in.
    pub language: String,
    /// Its weekly hours.
    pub work: String,
    /// Its days without work.
    pub holidays: String,
    /// Whether it is at work; absent where its calendar does not say.
    pub at_work: Option<bool>,
    /// When that changes (milliseconds since 1970).
    pub changes_at_ms: Option<u64>,
    /// Its working time in the days around now: begin and end of each stretch.
    pub open_ms: Vec<(u64, u64)>,
    /// How far its local time is ahead of UTC.
    pub offsets: Vec<OffsetLine>,
    /// When its calendar ends (milliseconds since 1970).
    pub calendar_until_ms: Option<u64>,
}

/// From an instant on, how far local time is ahead of UTC.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OffsetLine {
    /// Since when (milliseconds since 1970).
    pub from_ms: i64,
    /// In seconds.
    pub offset_s: i32,
}

impl Directory {
    /// Lists them; `words` are those of both languages.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, words: &[Words], now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let state = setting.state();
        let present = state.present();
        let me = setting.me().map(|me| MeLine {
            person: setting.person(me.person),
            roles: me.roles.iter().cloned().collect(),
            is_lead: me.is_lead(),
        });
        let people = state.contents.people.iter().map(|(id, row)| MemberLine {
            person: setting.person(*id),
            roles: row.roles.iter().cloned().collect(),
            present: present.contains(id),
        });
        let mut people: Vec<_> = people.collect();
        people.sort_by(|a, b| a.person.cmp(&b.person));
        let parties = setting.parties().into_iter();
        Ok(Self {
            me,
            parties: parties.map(|(id, row)| PartyLine::of(&setting, id, row)).collect(),
            people,
            roles: role_names(&setting, words),
            labels: setting.labels(),
            now_ms,
        })
    }
}

impl PartyLine {
    fn of(setting: &Setting, party: &PartyId, row: &Party) -> Self {
        let now_ms = setting.now_ms();
        let calendar = row.calendar.as_ref();
        let (at_work, changes_at_ms) = match calendar.map(|calendar| calendar.state(now_ms)) {
            Some(State::Open { closes_at_ms }) => (Some(true), Some(closes_at_ms)),
            Some(State::Closed { opens_at_ms }) => (Some(false), Some(opens_at_ms)),
            Some(State::BeyondTable) | None => (None, None),
        };
        let offsets = calendar.map(|calendar| calendar.offsets().clone());
        // A team that has not joined has no calendar yet; people want its clock all the same.
        let offsets = offsets.or_else(|| zones::offsets(&row.zone, now_ms, now_ms).ok());
        let line = |row: &entente_shared::calendar::OffsetRow| OffsetLine {
            from_ms: row.from_s.saturating_mul(1000),
            offset_s: row.offset_s,
        };
        Self {
            party: party.clone(),
            label: both(|lang| setting.label(party, lang)),
            name: kinds::Words { ru: row.name_ru.clone(), en: row.name_en.clone() },
            market: row.market.clone(),
            zone: row.zone.clone(),
            zone_short: both(|lang| zones::short_name(&row.zone, lang)),
            language: row.language.clone(),
            work: row.work.clone(),
            holidays: calendar.map(|calendar| calendar.to_text().holidays).unwrap_or_default(),
            at_work,
            changes_at_ms,
            open_ms: calendar.map(|calendar| open(calendar, now_ms)).unwrap_or_default(),
            offsets: offsets.map(|table| table.rows().iter().map(line).collect()).unwrap_or_default(),
            calendar_until_ms: calendar.map(|calendar| calendar.offsets().until_ms()),
        }
    }
}

/// The working time around the begin of a team's day.
fn open(calendar: &Calendar, now_ms: u64) -> Vec<(u64, u64)> {
    let into_day = calendar.local_at(now_ms).map_or(0, |local| u64::from(local.minute_of_day) * 60_000);
    let today_ms = now_ms.saturating_sub(into_day);
    let days = std::iter::successors(Some(today_ms), |day_ms| day_ms.checked_sub(DAY_MS));
    let is_known = |day_ms: &u64| !matches!(calendar.state(*day_ms), State::BeyondTable);
    let mut at_ms = days.take(DAYS_BEHIND + 1).take_while(is_known).last().unwrap_or(now_ms);
    let mut found = Vec::new();
    while at_ms < now_ms + OPEN_AHEAD_MS {
        match calendar.state(at_ms) {
            State::Open { closes_at_ms } if closes_at_ms > at_ms => {
                found.push((at_ms, closes_at_ms));
                at_ms = closes_at_ms;
            }
            State::Closed { opens_at_ms } if opens_at_ms > at_ms => at_ms = opens_at_ms,
            _ => break,
        }
    }
    found.retain(|(from_ms, _)| *from_ms < now_ms + OPEN_AHEAD_MS);
    found
}

/// What every role is called that somebody holds, that has a name, or that the rules let people give.
pub fn role_names(setting: &Setting, words: &[Words]) -> BTreeMap<RoleId, kinds::Words> {
    let state = setting.state();
    let mut roles: BTreeSet<&RoleId> = state.contents.roles.keys().collect();
    roles.extend(state.rules().iter().flat_map(|rule| &rule.grants));
    roles.extend(state.contents.people.values().flat_map(|person| &person.roles));
    let name = |role: &RoleId, lang: Lang| match (state.contents.roles.get(role), lang) {
        (Some((ru, _)), Lang::Ru) => ru.clone(),
        (Some((_, en)), Lang::En) => en.clone(),
        (None, lang) => {
            let words = words.iter().find(|words| words.lang() == lang);
            words.map_or_else(|| role.to_string(), |words| words.role(role.as_str(), RoleForm::Name))
        }
    };
    roles.into_iter().map(|role| (role.clone(), both(|lang| name(role, lang)))).collect()
}
