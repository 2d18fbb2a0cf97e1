//! When two teams are at work together, over the time changes of both.
//!
//! Where one city changes its clocks and the other does not, the hours that they share change
//! with the season: eight hours apart in the winter of New York, seven in its summer. Everything comes
//! from the offsets and hours in the charter; beyond the end of a table nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{Calendar, Date, Span, overlaps};
use crate::ids::PartyId;

/// The hours that two teams share in some time. Instants are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoursTogether {
    /// The one team.
    pub first: PartyId,
    /// The other.
    pub second: PartyId,
    /// From when on the calendars of both say something.
    pub from_ms: u64,
    /// Until when.
    pub until_ms: u64,
    /// The seasons, in order: from one change of clocks to the next.
    pub seasons: Vec<Season>,
    /// All hours together, in milliseconds.
    pub total_ms: u64,
}

/// A time in which the two clocks go alike. Instants are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Season {
    /// Its begin.
    pub from_ms: u64,
    /// The first instant after it.
    pub until_ms: u64,
    /// How far the first team's clock is ahead of the other's, in minutes; negative if it is behind.
    pub ahead_min: i64,
    /// On how many days of the first team both are at work together.
    pub days: u32,
    /// The hours together, in milliseconds.
    pub total_ms: u64,
    /// What they usually are on a day: the first day with the most frequent length, with the first begin
    /// and the last end there; absent if they never meet.
    pub usual: Option<UsualDay>,
}

/// A usual day of a season. Instants are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UsualDay {
    /// When the hours together begin on that day.
    pub from_ms: u64,
    /// When they end.
    pub until_ms: u64,
    /// How long they are, without breaks, in milliseconds.
    pub length_ms: u64,
}

impl HoursTogether {
    /// The hours that two teams share from an instant until another, as far as both tables reach;
    /// `None` if they do not reach into that time.
    pub fn of(
        (first, one): (&PartyId, &Calendar),
        (second, other): (&PartyId, &Calendar),
        from_ms: u64,
        until_ms: u64,
    ) -> Option<Self> {
        let from_ms = from_ms.max(one.offsets().from_ms()).max(other.offsets().from_ms());
        let until_ms = until_ms.min(one.offsets().until_ms()).min(other.offsets().until_ms());
        if from_ms >= until_ms {
            return None;
        }
        let edges = edges(one, other, from_ms, until_ms);
        let seasons: Vec<Season> =
            edges.windows(2).filter_map(|pair| Season::of(one, other, pair[0], pair[1])).collect();
        let total_ms = seasons.iter().map(|season| season.total_ms).sum();
        Some(Self { first: first.clone(), second: second.clone(), from_ms, until_ms, seasons, total_ms })
    }
}

/// Begin and end, and every change of the distance between the two clocks in between.
fn edges(one: &Calendar, other: &Calendar, from_ms: u64, until_ms: u64) -> Vec<u64> {
    let rows = one.offsets().rows().iter().chain(other.offsets().rows());
    let changes = rows.map(|row| row.from_s.unsigned_abs() * 1000);
    let inside: BTreeSet<u64> = changes.filter(|at_ms| (from_ms + 1..until_ms).contains(at_ms)).collect();
    let distance = |at_ms| ahead_min(one, other, at_ms);
    let mut edges = vec![from_ms];
    for at_ms in inside {
        if distance(at_ms) != edges.last().and_then(|last| distance(*last)) {
            edges.push(at_ms);
        }
    }
    edges.push(until_ms);
    edges
}

fn ahead_min(one: &Calendar, other: &Calendar, at_ms: u64) -> Option<i64> {
    Some((one.offsets().at(at_ms)?.offset_ms() - other.offsets().at(at_ms)?.offset_ms()) / 60_000)
}

impl Season {
    fn of(one: &Calendar, other: &Calendar, from_ms: u64, until_ms: u64) -> Option<Self> {
        let spans = overlaps(one, other, from_ms).map_while(|span| {
            (span.from_ms < until_ms).then(|| Span { until_ms: span.until_ms.min(until_ms), ..span })
        });
        let mut days: BTreeMap<Date, UsualDay> = BTreeMap::new();
        for span in spans {
            let date = one.local_at(span.from_ms)?.date;
            let Span { from_ms, until_ms } = span;
            let day = days.entry(date).or_insert(UsualDay { from_ms, until_ms, length_ms: 0 });
            day.length_ms += span.length_ms();
            day.until_ms = until_ms;
        }
        Some(Self {
            from_ms,
            until_ms,
            ahead_min: ahead_min(one, other, from_ms)?,
            days: days.len() as u32,
            total_ms: days.values().map(|day| day.length_ms).sum(),
            usual: usual(days.values().copied()),
        })
    }
}

/// The first day of the most frequent length; of lengths that are as frequent, the longest.
fn usual(days: impl Iterator<Item = UsualDay>) -> Option<UsualDay> {
    let mut by_length: BTreeMap<u64, (u32, UsualDay)> = BTreeMap::new();
    for day in days {
        by_length.entry(day.length_ms).or_insert((0, day)).0 += 1;
    }
    by_length.into_values().max_by_key(|(count, day)| (*count, day.length_ms)).map(|(_, day)| day)
}
