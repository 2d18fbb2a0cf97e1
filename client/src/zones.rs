//! Time zones: the table of offsets that a calendar needs, and what people call a zone.
//!
//! This alone knows a time-zone database: jiff's bundled one, or the one that a browser has. What it
//! writes goes into the charter, and from there on every replica computes with the same table.

#[cfg(any(test, not(feature = "tzdb")))]
mod asked;
#[cfg(feature = "tzdb")]
mod bundled;

#[cfg(not(feature = "tzdb"))]
use asked as database;
#[cfg(feature = "tzdb")]
use bundled as database;

#[cfg(not(feature = "tzdb"))]
pub use asked::ask_for_offsets;
use entente_shared::calendar::{OffsetRow, Offsets};

use crate::words::{Lang, near};

/// How far ahead of the present a table is written: two years, in seconds.
pub const AHEAD_S: i64 = 2 * 366 * 86_400;

/// There is no time zone of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone {name:?}")]
pub struct UnknownZone {
    /// What was asked for.
    pub name: String,
    /// Names of zones that may have been meant, the nearest first.
    pub candidates: Vec<String>,
}

/// Writes a zone's table of offsets, from `since_ms` (in whole days; usually when the partnership
/// was founded, at most eight years back) to two years after `now_ms`, both since 1970.
///
/// # Errors
///
/// An unknown zone, with near candidates.
pub fn offsets(zone: &str, since_ms: u64, now_ms: u64) -> Result<Offsets, UnknownZone> {
    let now_s = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX).min(MAX_NOW_S);
    let since_s = i64::try_from(since_ms / 1000).unwrap_or(i64::MAX).clamp(now_s - BACK_S_MAX, now_s).max(0);
    let from_s = since_s - since_s % 86_400;
    let until_s = now_s - now_s % 86_400 + AHEAD_S;
    let mut rows: Vec<OffsetRow> = Vec::new();
    for (from_s, offset_s) in database::offsets(zone, from_s, until_s).ok_or_else(|| unknown(zone))? {
        // A change of the name alone, or of what counts as summer time, is no row.
        if rows.last().is_none_or(|last| last.offset_s != offset_s) {
            rows.push(OffsetRow { from_s, offset_s });
        }
    }
    Ok(Offsets::new(rows, until_s).expect("the rows are in order and cover ten years at most"))
}

/// How far back a table begins at most: it may cover ten years in all.
const BACK_S_MAX: i64 = 8 * 365 * 86_400;
/// The latest present that a table is written for: the year 9000.
const MAX_NOW_S: i64 = 221_845_392_000;

/// Finds how the time-zone database itself spells a name: `Europe/Moscow` for `europe/moscow`.
///
/// # Errors
///
/// An unknown zone, with near candidates.
pub fn canonical_name(zone: &str) -> Result<String, UnknownZone> {
    database::canonical_name(zone).ok_or_else(|| unknown(zone))
}

fn unknown(zone: &str) -> UnknownZone {
    UnknownZone { name: zone.to_owned(), candidates: candidates(zone) }
}

/// Zones whose name, city or Russian city is spelled alike.
fn candidates(wanted: &str) -> Vec<String> {
    let cities = CITIES.iter().flat_map(|city| [(city.en, city.zone), (city.ru, city.zone)]);
    let known: Vec<(&str, &str)> = cities.collect();
    let database = database::names();
    let database = database.iter().filter(|name| name.contains('/')).map(String::as_str);
    let mut zones: Vec<String> = Vec::new();
    for name in near(wanted, known.iter().map(|(name, _)| *name).chain(database)) {
        let zone = known.iter().find(|(city, _)| *city == name).map_or(name, |(_, zone)| zone).to_owned();
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    zones
}

/// The cities that have names here: time zone, Russian and English name.
pub fn cities() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CITIES.iter().map(|city| (city.zone, city.ru, city.en))
}

/// Names the city of a zone: `New York`, «Нью-Йорк»; the last part of the name where the
/// catalogue has none.
pub fn city(zone: &str, lang: Lang) -> String {
    match (known(zone), lang) {
        (Some(city), Lang::En) => city.en.to_owned(),
        (Some(city), Lang::Ru) => city.ru.to_owned(),
        (None, _) => zone.rsplit('/').next().unwrap_or(zone).replace('_', " "),
    }
}

/// Names a zone beside a time: `MSK` and `NY`, «МСК» and «Нью-Йорк»; else its city.
pub fn short_name(zone: &str, lang: Lang) -> String {
    let short = known(zone).and_then(|city| match lang {
        Lang::En => city.en_short,
        Lang::Ru => city.ru_short,
    });
    short.map_or_else(|| city(zone, lang), str::to_owned)
}

/// Puts a team's label into the Russian genitive: «Москвы»; a label that is no city known here
/// becomes «команды «…»».
pub fn russian_genitive(label: &str) -> String {
    match CITIES.iter().find(|city| city.ru == label) {
        Some(city) => city.ru_genitive.to_owned(),
        None => format!("команды «{label}»"),
    }
}

fn known(zone: &str) -> Option<&'static City> {
    CITIES.iter().find(|city| city.zone == zone)
}

/// A city as people write it.
struct City {
    zone: &'static str,
    en: &'static str,
    en_short: Option<&'static str>,
    ru: &'static str,
    ru_short: Option<&'static str>,
    ru_genitive: &'static str,
}

const fn city_of(zone: &'static str, en: &'static str, ru: &'static str, ru_genitive: &'static str) -> City {
    City { zone, en, en_short: None, ru, ru_short: None, ru_genitive }
}

const CITIES: [City; 33] = [
    City {
        en_short: Some("MSK"),
        ru_short: Some("МСК"),
        ..city_of("Europe/Moscow", "Moscow", "Москва", "Москвы")
    },
    City {
        en_short: Some("NY"), ..city_of("America/New_York", "New York", "Нью-Йорк", "Нью-Йорка")
    },
    City {
        en_short: Some("LA"),
        ..city_of("America/Los_Angeles", "Los Angeles", "Лос-Анджелес", "Лос-Анджелеса")
    },
    city_of("America/Chicago", "Chicago", "Чикаго", "Чикаго"),
    city_of("America/Toronto", "Toronto", "Торонто", "Торонто"),
    city_of("America/Mexico_City", "Mexico City", "Мехико", "Мехико"),
    city_of("America/Sao_Paulo", "São Paulo", "Сан-Паулу", "Сан-Паулу"),
    city_of("Asia/Almaty", "Almaty", "Алматы", "Алматы"),
    city_of("Asia/Baku", "Baku", "Баку", "Баку"),
    city_of("Asia/Dubai", "Dubai", "Дубай", "Дубая"),
    city_of("Asia/Hong_Kong", "Hong Kong", "Гонконг", "Гонконга"),
    city_of("Asia/Jerusalem", "Jerusalem", "Иерусалим", "Иерусалима"),
    city_of("Asia/Kolkata", "Kolkata", "Калькутта", "Калькутты"),
    city_of("Asia/Novosibirsk", "Novosibirsk", "Новосибирск", "Новосибирска"),
    city_of("Asia/Shanghai", "Shanghai", "Шанхай", "Шанхая"),
    city_of("Asia/Singapore", "Singapore", "Сингапур", "Сингапура"),
    city_of("Asia/Tashkent", "Tashkent", "Ташкент", "Ташкента"),
    city_of("Asia/Tbilisi", "Tbilisi", "Тбилиси", "Тбилиси"),
    city_of("Asia/Tokyo", "Tokyo", "Токио", "Токио"),
    city_of("Asia/Vladivostok", "Vladivostok", "Владивосток", "Владивостока"),
    city_of("Asia/Yekaterinburg", "Yekaterinburg", "Екатеринбург", "Екатеринбурга"),
    city_of("Asia/Yerevan", "Yerevan", "Ереван", "Еревана"),
    city_of("Australia/Sydney", "Sydney", "Сидней", "Сиднея"),
    city_of("Europe/Belgrade", "Belgrade", "Белград", "Белграда"),
    city_of("Europe/Berlin", "Berlin", "Берлин", "Берлина"),
    city_of("Europe/Istanbul", "Istanbul", "Стамбул", "Стамбула"),
    city_of("Europe/Kaliningrad", "Kaliningrad", "Калининград", "Калининграда"),
    city_of("Europe/London", "London", "Лондон", "Лондона"),
    city_of("Europe/Madrid", "Madrid", "Мадрид", "Мадрида"),
    city_of("Europe/Minsk", "Minsk", "Минск", "Минска"),
    city_of("Europe/Paris", "Paris", "Париж", "Парижа"),
    city_of("Europe/Samara", "Samara", "Самара", "Самары"),
    city_of("Europe/Warsaw", "Warsaw", "Варшава", "Варшавы"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_795_539_900_000; // 24 Nov 2026 17:05 UTC

    #[test]
    fn every_named_city_is_a_zone_of_the_database() {
        for city in &CITIES {
            assert_eq!(canonical_name(city.zone).as_deref(), Ok(city.zone));
        }
    }

    #[test]
    fn a_table_reaches_two_years_ahead_and_begins_with_the_day_asked_for() {
        let since_ms = NOW_MS - 40 * 86_400_000;
        let new_york = offsets("America/New_York", since_ms, NOW_MS).expect("a zone");
        assert_eq!(
            new_york.to_string(),
            "2026-10-15T00:00Z -04:00, 2026-11-01T06:00Z -05:00, 2027-03-14T07:00Z -04:00, \
             2027-11-07T06:00Z -05:00, 2028-03-12T07:00Z -04:00, 2028-11-05T06:00Z -05:00, \
             until 2028-11-25T00:00Z"
        );
        let moscow = offsets("Europe/Moscow", NOW_MS, NOW_MS).expect("a zone");
        assert_eq!(moscow.to_string(), "2026-11-24T00:00Z +03:00, until 2028-11-25T00:00Z");
    }

    #[test]
    fn every_zone_of_the_database_makes_a_table_at_any_time() {
        for zone in jiff::tz::db().available() {
            for (since_ms, now_ms) in [(0, 0), (0, NOW_MS), (u64::MAX, NOW_MS), (NOW_MS, u64::MAX)] {
                let table = offsets(zone.as_str(), since_ms, now_ms).expect("a zone");
                assert!(table.until_ms() > now_ms.min(MAX_NOW_S as u64 * 1000), "{zone}");
                assert_eq!(table.to_string().parse(), Ok(table), "{zone}");
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_answered_with_near_ones() {
        let candidates = |name: &str| offsets(name, NOW_MS, NOW_MS).expect_err(name).candidates;
        for (typed, meant) in [
            ("Europe/Moskow", "Europe/Moscow"),
            ("moscow", "Europe/Moscow"),
            ("Москва", "Europe/Moscow"),
            ("New York", "America/New_York"),
            ("America/NewYork", "America/New_York"),
            ("нью-йорк", "America/New_York"),
            ("Berlin", "Europe/Berlin"),
        ] {
            assert_eq!(candidates(typed).first().map(String::as_str), Some(meant), "{typed}");
        }
        assert!(candidates("").is_empty() && candidates("???").is_empty());
        assert_eq!(canonical_name("europe/moscow").as_deref(), Ok("Europe/Moscow"));
    }

    #[test]
    fn zones_have_short_names_in_both_languages() {
        for (zone, en, ru) in [
            ("Europe/Moscow", "MSK", "МСК"),
            ("America/New_York", "NY", "Нью-Йорк"),
            ("Europe/Berlin", "Berlin", "Берлин"),
            ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"),
            ("UTC", "UTC", "UTC"),
        ] {
            assert_eq!((short_name(zone, Lang::En).as_str(), short_name(zone, Lang::Ru).as_str()), (en, ru));
        }
        assert_eq!(russian_genitive("Нью-Йорк"), "Нью-Йорка");
        assert_eq!(russian_genitive("Мороша"), "команды «Мороша»");
    }

    #[test]
    fn a_machine_that_is_asked_gives_the_same_tables() {
        asked::ask_for_offsets(|zone, at_s| Some(bundled::offsets(zone, at_s, at_s + 1)?.first()?.1));
        let from_s = i64::try_from(NOW_MS / 1000).expect("a present");
        let both = |zone: &str| {
            let until_s = from_s + AHEAD_S;
            let mut bundled = bundled::offsets(zone, from_s, until_s)?;
            bundled.dedup_by_key(|(_, offset_s)| *offset_s);
            Some((asked::offsets(zone, from_s, until_s)?, bundled))
        };
        for city in &CITIES {
            let (asked, bundled) = both(city.zone).expect("a zone");
            assert_eq!(asked, bundled, "{}", city.zone);
        }
        assert_eq!(both("Europe/Moskow"), None);
        assert_eq!(asked::canonical_name("Europe/Moscow").as_deref(), Some("Europe/Moscow"));
        assert!(asked::names().is_empty());
    }
}
