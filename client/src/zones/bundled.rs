//! The time-zone database that comes with the program: jiff's.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How the database spells a zone's name; `None` if it has none of this name.
pub fn canonical_name(zone: &str) -> Option<String> {
    let found = TimeZone::get(zone).ok()?;
    Some(found.iana_name().unwrap_or(zone).to_owned())
}

/// The offset at `from_s` and every later one before `until_s` (seconds since 1970), each with when it
/// begins; `None` if there is no such zone.
pub fn offsets(zone: &str, from_s: i64, until_s: i64) -> Option<Vec<(i64, i32)>> {
    let zone = TimeZone::get(zone).ok()?;
    let start = Timestamp::from_second(from_s).ok()?;
    let changes =
        zone.following(start).map(|change| (change.timestamp().as_second(), change.offset().seconds()));
    let first = (from_s, zone.to_offset(start).seconds());
    Some([first].into_iter().chain(changes.take_while(|(at_s, _)| *at_s < until_s)).collect())
}

/// The names of all zones.
pub fn names() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.to_string()).collect()
}
