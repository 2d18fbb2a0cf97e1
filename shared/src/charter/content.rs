//! What stands in the charter's sections, read strictly: a field with two values, an unknown key or
//! a value of the wrong form makes the whole not well formed, and an edit that leads there is held.
//!
//! | section | content |
//! |---|---|
//! | `parties` | `parties/<party>`: `name_ru`, `name_en`, `market`, `zone`, `work`, `language` |
//! | `calendar/<party>` | `calendar`: `offsets`, `holidays`, as [`crate::calendar`] writes them |
//! | `people/<party>` | `people/<person>`: `name`, `roles` (separated by spaces) |
//! | `roles` | `roles/<role>`: `ru`, `en` |
//! | `rules` | `rules/<rule>`: the rule's stored form; since version 2 `version`: the rules version, if it was raised |

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::Calendar;
use crate::content::{Path, Section, Value};
use crate::ids::*;
use crate::rules::{Rules, Team};

/// Where the section `rules` names the rules version, beside the rules.
pub const VERSION: &str = "version";
/// Most parties in a partnership.
pub const PARTIES_MAX: usize = 64;
/// Most people in a partnership.
pub const PEOPLE_MAX: usize = 10_000;

/// The charter's content.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The parties.
    pub parties: BTreeMap<PartyId, Party>,
    /// The people.
    pub people: BTreeMap<PersonId, Person>,
    /// The rules.
    pub rules: Rules,
    /// What roles are called: in Russian and in English.
    pub roles: BTreeMap<RoleId, (String, String)>,
    /// The rules version to which an edit raised the partnership's, if one did.
    pub rules_version: Option<u32>,
}

/// A party (team).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Party {
    /// Its name in Russian.
    pub name_ru: String,
    /// Its name in English.
    pub name_en: String,
    /// The market it works in.
    pub market: String,
    /// Its time zone, by IANA name; shown to people, never computed with here.
    pub zone: String,
    /// Its working days and hours, as [`Calendar`] reads them.
    pub work: String,
    /// The language its people write in: `ru` or `en`.
    pub language: String,
    /// Its working hours in UTC, if its calendar is there.
    #[serde(skip)]
    pub calendar: Option<Calendar>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The party in whose `people` section the row stands.
    pub party: PartyId,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub roles: BTreeSet<RoleId>,
}

impl Contents {
    /// Reads the sections of a partnership that was founded under `founding_version`.
    ///
    /// # Errors
    ///
    /// The first thing that is not well formed, in words.
    pub fn read(sections: &BTreeMap<SectionId, Section>, founding_version: u32) -> Result<Self, String> {
        let mut contents = Self::default();
        // The calendars need the working hours, which stand in `parties`.
        let (late, early): (Vec<_>, Vec<_>) =
            sections.iter().partition(|(name, _)| name.split().0 == "calendar");
        for (name, section) in early.into_iter().chain(late) {
            if let Some(conflict) = section.conflicts().first() {
                return Err(format!("{name}: two values for {}", conflict.path));
            }
            let value = section.value();
            contents
                .read_section(name, &value, founding_version)
                .map_err(|detail| format!("{name}: {detail}"))?;
        }
        contents.check()?;
        Ok(contents)
    }

    fn read_section(&mut self, name: &SectionId, value: &Value, founding_version: u32) -> Result<(), String> {
        match name.split() {
            ("parties", None) => {
                for (id, row) in rows(value, "parties")? {
                    self.parties.insert(PartyId::new(id.clone()), read_party(&id, &row)?);
                }
            }
            ("people", Some(party)) => self.read_people(party, value)?,
            ("calendar", Some(party)) => self.read_calendar(party, value)?,
            ("roles", None) => {
                for (id, row) in rows(value, "roles")? {
                    let label = (text(&row, "ru")?, text(&row, "en")?);
                    self.roles.insert(RoleId::new(id), label);
                }
            }
            ("rules", None) => {
                self.rules_version = raised(value, founding_version)?;
                let stored = texts(container(value, "rules", &[VERSION])?)?;
                let stored = stored.into_iter().map(|(id, text)| (RuleId::new(id), text)).collect();
                let version = self.rules_version.unwrap_or(founding_version);
                self.rules = Rules::parse(&stored, version).map_err(|error| error.to_string())?;
            }
            _ => return Err("not a section of the ground rules".to_owned()),
        }
        Ok(())
    }

    fn read_people(&mut self, party: &str, value: &Value) -> Result<(), String> {
        for (id, row) in rows(value, "people")? {
            let person = PersonId::from_hex(&id).ok_or("a person's id")?;
            only(&row, &["name", "roles"])?;
            let roles: BTreeSet<RoleId> = text(&row, "roles")?.split_whitespace().map(RoleId::from).collect();
            if !roles.iter().all(RoleId::is_valid) {
                return Err("a role's name".to_owned());
            }
            let row = Person { party: PartyId::new(party), name: text(&row, "name")?, roles };
            if self.people.insert(person, row).is_some() {
                return Err(format!("person {} belongs to two teams", person.short()));
            }
        }
        Ok(())
    }

    fn read_calendar(&mut self, party: &str, value: &Value) -> Result<(), String> {
        let texts = scalars(value, "calendar")?;
        only(&texts, &["offsets", "holidays"])?;
        let Some(offsets) = texts.get("offsets") else { return Ok(()) };
        let holidays = texts.get("holidays").map_or("", String::as_str);
        let party = self.parties.get_mut(&PartyId::new(party)).ok_or("the calendar of no team")?;
        let calendar = Calendar::parse(&party.work, offsets, holidays);
        party.calendar = Some(calendar.map_err(|error| error.to_string())?);
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        if self.parties.len() > PARTIES_MAX || self.people.len() > PEOPLE_MAX {
            return Err("too many teams or people".to_owned());
        }
        for person in self.people.values() {
            if !self.parties.contains_key(&person.party) {
                return Err(format!("people of {}, which is no team", person.party));
            }
        }
        Ok(())
    }

    /// The parties as the rules see them.
    pub fn teams(&self) -> Vec<Team> {
        let team = |(id, party): (&PartyId, &Party)| Team {
            party: id.clone(),
            market: MarketId::new(party.market.clone()),
        };
        self.parties.iter().map(team).collect()
    }
}

fn read_party(id: &str, row: &BTreeMap<String, String>) -> Result<Party, String> {
    const KEYS: [&str; 6] = ["name_ru", "name_en", "market", "zone", "work", "language"];
    only(row, &KEYS)?;
    if !PartyId::new(id).is_valid() || id.contains('/') {
        return Err(format!("{id}: a team's id has letters a–z, digits and hyphens"));
    }
    let [name_ru, name_en, market, zone, work, language] = {
        let mut texts = KEYS.iter().map(|key| text(row, key));
        [(); 6].map(|()| texts.next().expect("one text for each key"))
    };
    let language = language?;
    if language != "ru" && language != "en" {
        return Err(format!("{id}: the language is ru or en"));
    }
    let market = market?;
    if !SectionId::new(market.clone()).is_valid() || market.contains('/') {
        return Err(format!("{id}: a market's id has letters a–z, digits and hyphens"));
    }
    let work = work?;
    work.parse::<crate::calendar::WorkWeek>().map_err(|error| format!("{id}: {error}"))?;
    Ok(Party { name_ru: name_ru?, name_en: name_en?, market, zone: zone?, work, language, calendar: None })
}

/// The rows below a container: each a map of texts.
fn rows(value: &Value, container: &str) -> Result<BTreeMap<String, BTreeMap<String, String>>, String> {
    let mut found = BTreeMap::new();
    for (id, row) in map(value, container)? {
        let row = row.as_map().ok_or_else(|| format!("{id} is not a row"))?;
        found.insert(id.clone(), texts(row)?);
    }
    Ok(found)
}

/// The texts right below a container.
fn scalars(value: &Value, container: &str) -> Result<BTreeMap<String, String>, String> {
    texts(map(value, container)?)
}

fn map<'a>(value: &'a Value, name: &str) -> Result<&'a BTreeMap<String, Value>, String> {
    container(value, name, &[])
}

/// A container at the root, beside which only the keys of `others` may stand.
fn container<'a>(
    value: &'a Value,
    name: &str,
    others: &[&str],
) -> Result<&'a BTreeMap<String, Value>, String> {
    let root = value.as_map().ok_or("not a map")?;
    if let Some(key) = root.keys().find(|key| *key != name && !others.contains(&key.as_str())) {
        return Err(format!("unknown key {key}"));
    }
    let found = value.at(&Path::new([name])).and_then(Value::as_map);
    found.ok_or_else(|| format!("{name} is not a map"))
}

/// The rules version to which an edit raised the one of the founding.
fn raised(value: &Value, founding_version: u32) -> Result<Option<u32>, String> {
    let Some(found) = value.get(VERSION) else { return Ok(None) };
    let version = found.as_i64().and_then(|version| u32::try_from(version).ok());
    let version = version.filter(|version| *version > founding_version);
    let why = || format!("{VERSION} is a number greater than {founding_version}");
    version.map(Some).ok_or_else(why)
}

fn texts(map: &BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, String> {
    let text = |(key, value): (&String, &Value)| match value {
        Value::String(text) => Ok((key.clone(), text.clone())),
        _ => Err(format!("{key} is not a plain text")),
    };
    map.iter().map(text).collect()
}

fn text(row: &BTreeMap<String, String>, key: &str) -> Result<String, String> {
    match row.get(key) {
        Some(text) if !text.trim().is_empty() => Ok(text.clone()),
        _ => Err(format!("{key} is missing")),
    }
}

fn only(row: &BTreeMap<String, String>, keys: &[&str]) -> Result<(), String> {
    match row.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key {key}")),
        None => Ok(()),
    }
}
