//! A team as somebody describes it on the command line, with what can be guessed filled in.

use entente_shared::calendar::{Calendar, WorkWeek};
use entente_shared::ids::PartyId;

use super::Failed;
use super::args::TeamArgs;
use super::outcome::USAGE;
use crate::args;
use crate::words::{Lang, Words, capitalised};
use crate::zones;

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

impl NewTeam {
    /// Reads what was said about a team. A team called after a known city has its time zone.
    ///
    /// # Errors
    ///
    /// Something does not fit, or the time zone is neither said nor known.
    pub fn read(words: &Words, team: &str, about: &TeamArgs, now_ms: u64) -> Result<Self, Failed> {
        let id = PartyId::new(team.to_lowercase());
        if !id.is_valid() || id.as_str().contains('/') {
            return Err(Failed::usage(words, &words.say("team-needed", args![]), &[]));
        }
        let zone = zone(words, team, about.zone.as_deref())?;
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
        let name = |lang: Lang| if is_city { zones::city(&zone, lang) } else { capitalised(team) };
        let row = vec![
            ("name_ru", about.team_name_ru.clone().unwrap_or_else(|| name(Lang::Ru))),
            ("name_en", about.team_name_en.clone().unwrap_or_else(|| name(Lang::En))),
            ("market", market),
            ("zone", zone.clone()),
            ("work", work.clone()),
            ("language", language),
        ];
        let team = Self { id, row, zone, work, holidays };
        team.calendar(words, now_ms)?;
        Ok(team)
    }

    /// The team's calendar, two years ahead.
    ///
    /// # Errors
    ///
    /// The hours, days or zone do not parse.
    pub fn calendar(&self, words: &Words, now_ms: u64) -> Result<Calendar, Failed> {
        calendar(words, &self.zone, &self.work, &self.holidays, now_ms)
    }
}

/// A calendar of a zone, two years ahead.
///
/// # Errors
///
/// The hours, days or zone do not parse.
pub fn calendar(
    words: &Words,
    zone: &str,
    work: &str,
    holidays: &str,
    now_ms: u64,
) -> Result<Calendar, Failed> {
    let invalid = |problem: String| Failed::new(USAGE, words.say("calendar-invalid", args![problem]));
    let offsets = zones::offsets(zone, now_ms, now_ms).map_err(|error| invalid(error.to_string()))?;
    let _: WorkWeek =
        work.parse().map_err(|error: entente_shared::calendar::CalendarError| invalid(error.to_string()))?;
    Calendar::parse(work, &offsets.to_string(), holidays).map_err(|error| invalid(error.to_string()))
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

fn zone(words: &Words, team: &str, given: Option<&str>) -> Result<String, Failed> {
    let unknown = |error: zones::UnknownZone| {
        let problem = words.say("unknown-zone", args![name = error.name.as_str()]);
        Failed::usage(words, &problem, &error.candidates)
    };
    if let Some(given) = given {
        return zones::canonical_name(given).map_err(unknown);
    }
    let candidates = zones::canonical_name(team).err().map(|error| error.candidates).unwrap_or_default();
    let named = |zone: &&String| Lang::ALL.iter().any(|lang| same(&zones::city(zone, *lang), team));
    match candidates.iter().find(named) {
        Some(zone) => Ok(zone.clone()),
        None => Err(Failed::usage(words, &words.say("zone-needed", args![]), &[])),
    }
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
