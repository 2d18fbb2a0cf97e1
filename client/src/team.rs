//! A team as somebody describes it, with what can be guessed filled in; and its calendar.

use entente_shared::calendar::{Calendar, CalendarError, WorkWeek};
use entente_shared::charter::CharterState;
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::{PartyId, SectionId};
use serde::Deserialize;

use crate::words::{Lang, capitalised};
use crate::zones::{self, UnknownZone};

/// What somebody says about a team beside its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AboutTeam {
    /// Its IANA time zone.
    pub zone: Option<String>,
    /// Its weekly hours, such as `Mon-Fri 10:00-19:00`.
    pub work: Option<String>,
    /// Days without work.
    pub holidays: Option<String>,
    /// The market it works in.
    pub market: Option<String>,
    /// The language its people write in: `ru` or `en`.
    pub language: Option<String>,
    /// Its name where it is the same in both languages.
    pub name: Option<String>,
    /// Its name in Russian.
    pub name_ru: Option<String>,
    /// Its name in English.
    pub name_en: Option<String>,
}

/// A team that is new to a partnership.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTeam {
    /// Its id.
    pub id: PartyId,
    /// Its row in `parties`.
    pub row: Vec<(&'static str, String)>,
    /// Its IANA time zone.
    pub zone: String,
    /// Its weekly hours.
    pub work: String,
    /// Days without work.
    pub holidays: String,
}

/// Why a team cannot be made of what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TeamError {
    /// The id is none.
    #[error("a team needs a short name of letters, digits and hyphens")]
    Id,
    /// No time zone was said, and the team is not called after a known city.
    #[error("a team needs a time zone")]
    ZoneMissing,
    /// There is no such time zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The hours or days do not parse.
    #[error("{0}")]
    Calendar(String),
}

impl From<CalendarError> for TeamError {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error.to_string())
    }
}

impl NewTeam {
    /// Reads what was said about a team. A team called after a known city has its time zone.
    ///
    /// # Errors
    ///
    /// Something does not fit, or the time zone is neither said nor known.
    pub fn read(team: &str, about: &AboutTeam, now_ms: u64) -> Result<Self, TeamError> {
        let id = PartyId::new(team.to_lowercase());
        if !id.is_valid() || id.as_str().contains('/') {
            return Err(TeamError::Id);
        }
        let zone = zone(team, about.zone.as_deref())?;
        let in_russia = zones::offsets(&zone, now_ms, now_ms).is_ok() && is_russian(&zone);
        let market = about.market.clone().unwrap_or_else(|| match &zone {
            _ if in_russia => "ru".to_owned(),
            zone if is_american(zone) => "us".to_owned(),
            _ => id.to_string(),
        });
        let language =
            about.language.clone().unwrap_or_else(|| if in_russia { "ru" } else { "en" }.to_owned());
        let usual = if in_russia { "Mon-Fri 10:00-19:00" } else { "Mon-Fri 09:00-18:00" };
        let work = about.work.clone().unwrap_or_else(|| usual.to_owned());
        let holidays = about.holidays.clone().unwrap_or_default();
        let is_city = same(&zones::city(&zone, Lang::En), team) || same(&zones::city(&zone, Lang::Ru), team);
        let guess = |lang: Lang| if is_city { zones::city(&zone, lang) } else { capitalised(team) };
        let name = |own: &Option<String>, lang: Lang| {
            own.clone().or_else(|| about.name.clone()).unwrap_or_else(|| guess(lang))
        };
        let row = vec![
            ("name_ru", name(&about.name_ru, Lang::Ru)),
            ("name_en", name(&about.name_en, Lang::En)),
            ("market", market),
            ("zone", zone.clone()),
            ("work", work.clone()),
            ("language", language),
        ];
        let team = Self { id, row, zone, work, holidays };
        team.calendar(now_ms)?;
        Ok(team)
    }

    /// Reads what was said about a team that has no id yet: it gets that of its city, with a number
    /// where the partnership has such a team already.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn named(about: &AboutTeam, taken: &[PartyId], now_ms: u64) -> Result<Self, TeamError> {
        let zone = zones::canonical_name(about.zone.as_deref().ok_or(TeamError::ZoneMissing)?)?;
        let city = zones::city(&zone, Lang::En).to_lowercase();
        let city: String = city.chars().filter(char::is_ascii_alphanumeric).collect();
        let base = if city.is_empty() { "team".to_owned() } else { city };
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let mut ids = [base.clone()].into_iter().chain(numbered);
        let id = ids.find(|id| !taken.iter().any(|other| other.as_str() == id)).unwrap_or(base);
        Self::read(&id, about, now_ms)
    }

    /// The team's calendar, two years ahead.
    ///
    /// # Errors
    ///
    /// The hours, days or zone do not parse.
    pub fn calendar(&self, now_ms: u64) -> Result<Calendar, TeamError> {
        calendar(&self.zone, &self.work, &self.holidays, now_ms)
    }

    /// The edit of the ground rules that adds the team.
    pub fn edit(&self) -> (SectionId, Vec<EditCommand>) {
        let row = self.row.iter().map(|(key, text)| ((*key).to_owned(), Value::string(text))).collect();
        let path = Path::new(["parties", self.id.as_str()]);
        (SectionId::new("parties"), vec![EditCommand::SetScalar { path, value: Value::Map(row) }])
    }
}

/// A calendar of a zone, two years ahead.
///
/// # Errors
///
/// The hours, days or zone do not parse.
pub fn calendar(zone: &str, work: &str, holidays: &str, now_ms: u64) -> Result<Calendar, TeamError> {
    let offsets =
        zones::offsets(zone, now_ms, now_ms).map_err(|error| TeamError::Calendar(error.to_string()))?;
    let _: WorkWeek = work.parse()?;
    Ok(Calendar::parse(work, &offsets.to_string(), holidays)?)
}

/// The scalars of the section `calendar/<party>`.
pub fn calendar_fields(calendar: &Calendar) -> Vec<(&'static str, String)> {
    let text = calendar.to_text();
    let mut fields = vec![("offsets", text.offsets)];
    if !text.holidays.is_empty() {
        fields.push(("holidays", text.holidays));
    }
    fields
}

/// The edit of the ground rules that writes a team's calendar anew, two years ahead of now.
/// Holidays stay as they are where none are given.
///
/// # Errors
///
/// There is no such team, or its hours or `holidays` do not parse.
pub fn calendar_edit(
    state: &CharterState,
    party: &PartyId,
    holidays: Option<&str>,
    now_ms: u64,
) -> Result<(SectionId, Vec<EditCommand>), TeamError> {
    let row = state.contents.parties.get(party).ok_or(TeamError::Id)?;
    let kept = row.calendar.as_ref().map(|calendar| calendar.to_text().holidays).unwrap_or_default();
    let written = calendar(&row.zone, &row.work, holidays.unwrap_or(&kept), now_ms)?;
    let commands = calendar_fields(&written).into_iter().map(|(key, text)| {
        let path = Path::new(["calendar", key]);
        EditCommand::SetScalar { path, value: Value::string(text) }
    });
    Ok((SectionId::new(format!("calendar/{party}")), commands.collect()))
}

fn zone(team: &str, given: Option<&str>) -> Result<String, TeamError> {
    if let Some(given) = given {
        return Ok(zones::canonical_name(given)?);
    }
    let candidates = zones::canonical_name(team).err().map(|error| error.candidates).unwrap_or_default();
    let named = |zone: &&String| Lang::ALL.iter().any(|lang| same(&zones::city(zone, *lang), team));
    candidates.iter().find(named).cloned().ok_or(TeamError::ZoneMissing)
}

fn same(city: &str, team: &str) -> bool {
    let plain = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    plain(city) == plain(team)
}

fn is_russian(zone: &str) -> bool {
    let city_of_russia = [
        "Europe/Moscow",
        "Europe/Kaliningrad",
        "Europe/Samara",
        "Asia/Yekaterinburg",
        "Asia/Novosibirsk",
        "Asia/Vladivostok",
    ];
    city_of_russia.contains(&zone)
}

fn is_american(zone: &str) -> bool {
    ["America/New_York", "America/Chicago", "America/Los_Angeles"].contains(&zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_795_539_900_000; // 24 Nov 2026 17:05 UTC

    #[test]
    fn a_team_without_an_id_is_called_by_its_city() {
        let about = AboutTeam {
            zone: Some("America/New_York".into()),
            name: Some("Мороша".into()),
            ..AboutTeam::default()
        };
        let team = NewTeam::named(&about, &[], NOW_MS).expect("a team");
        assert_eq!(team.id.as_str(), "newyork");
        assert!(team.row.contains(&("name_en", "Мороша".into())));
        assert!(team.row.contains(&("market", "us".into())));
        let second = NewTeam::named(&about, &[team.id], NOW_MS).expect("a team");
        assert_eq!(second.id.as_str(), "newyork-2");
    }

    #[test]
    fn what_does_not_fit_is_said() {
        assert_eq!(NewTeam::named(&AboutTeam::default(), &[], NOW_MS), Err(TeamError::ZoneMissing));
        let about = AboutTeam {
            zone: Some("Europe/Moscow".into()),
            work: Some("always".into()),
            ..AboutTeam::default()
        };
        assert!(matches!(NewTeam::named(&about, &[], NOW_MS), Err(TeamError::Calendar(_))));
        assert!(matches!(NewTeam::read("a b", &about, NOW_MS), Err(TeamError::Id)));
    }
}
