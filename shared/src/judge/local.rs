//! Local authority: approving a version instead of a party that is closed.
//!
//! It is the one permission that hangs on the time of day, so it fails closed. Two clocks must agree,
//! the relay's at which the approval is received and the one of the device that signed it: neither of
//! them alone can make it night. What the party's calendar does not say is not guessed.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::calendar::{Calendar, State};
use crate::charter::CharterState;
use crate::document::Document;
use crate::ids::*;
use crate::mutants::Mutant;
use crate::rules::BoundLocal;

/// By how much the relay's clock and the one of the signing device may differ, in milliseconds.
pub const CLOCKS_APART_MS_MAX: u64 = 10 * 60_000;
/// The stretch over which uses are counted: seven days of 24 hours, in milliseconds.
pub const WEEK_MS: u64 = 7 * 24 * 3_600_000;

/// Why local authority does not hold now. Times are in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(tag = "bar", rename_all = "kebab-case")]
pub enum LocalBar {
    /// The clocks of relay and device differ too much: the approval is old, or one of them is wrong.
    #[n(0)]
    Clocks {
        /// By how much, in milliseconds.
        #[n(0)]
        apart_ms: u64,
    },
    /// The party is at work.
    #[n(1)]
    Open {
        /// Until then.
        #[n(0)]
        closes_at_ms: u64,
    },
    /// The ground rules do not say when the party works.
    #[n(2)]
    NoCalendar,
    /// The version has no due time.
    #[n(3)]
    NoDue,
    /// It is due later than the rule says.
    #[n(4)]
    NotDueYet {
        /// From when on it is due soon enough.
        #[n(0)]
        from_ms: u64,
    },
    /// It was due before.
    #[n(5)]
    Overdue {
        /// When.
        #[n(0)]
        due_ms: u64,
    },
    /// The party has not known the due time long enough.
    #[n(6)]
    NotKnown {
        /// For how much working time it has, in milliseconds.
        #[n(0)]
        known_ms: u64,
        /// For how much it must have, in milliseconds.
        #[n(1)]
        needed_ms: u64,
    },
    /// It was used as often as the rule allows in seven days.
    #[n(7)]
    UsedUp {
        /// How often that is.
        #[n(0)]
        uses: u32,
        /// When it can be used again.
        #[n(1)]
        again_ms: u64,
    },
}

/// Local authority that holds now. Times are in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Leave {
    /// Until when: the party opens, or it is due.
    pub until_ms: u64,
    /// When the party opens.
    pub opens_at_ms: u64,
    /// When the version is due.
    pub due_ms: u64,
    /// How often it can still be used in these seven days, this time included.
    pub uses_left: u32,
    /// Until when it is to be ratified; `None` if that is beyond the party's calendar.
    pub ratify_by_ms: Option<u64>,
}

/// Says whether `local` lets a version be approved that is received at `received_ms` and was signed
/// at `clock_ms` by the device's clock.
///
/// # Errors
///
/// The first limit that does not hold.
pub fn leave(
    charter: &CharterState,
    document: &Document,
    local: &BoundLocal,
    ask: StatementId,
    (received_ms, clock_ms): (u64, u64),
) -> Result<Leave, LocalBar> {
    let apart_ms = received_ms.abs_diff(clock_ms);
    if apart_ms > CLOCKS_APART_MS_MAX && !Mutant::LocalClockIgnored.is_on() {
        return Err(LocalBar::Clocks { apart_ms });
    }
    let party = charter.contents.parties.get(&local.party);
    let calendar = party.and_then(|party| party.calendar.as_ref()).ok_or(LocalBar::NoCalendar)?;
    let asked = document.asked_about(&ask).ok_or(LocalBar::NoDue)?;
    let due_ms = asked.due_ms.ok_or(LocalBar::NoDue)?;
    let mut opens_at_ms = u64::MAX;
    for at_ms in [received_ms, clock_ms] {
        opens_at_ms = opens_at_ms.min(closed(calendar, at_ms)?);
        is_urgent(local, due_ms, at_ms)?;
        is_known(calendar, local, asked.known_ms, at_ms)?;
    }
    let uses_left = uses_left(document, local, received_ms)?;
    let ratify_by_ms = local.ratify_within.due_ms(Some(calendar), received_ms);
    Ok(Leave { until_ms: opens_at_ms.min(due_ms), opens_at_ms, due_ms, uses_left, ratify_by_ms })
}

/// When the party opens that is closed now.
fn closed(calendar: &Calendar, at_ms: u64) -> Result<u64, LocalBar> {
    match calendar.state(at_ms) {
        State::Closed { opens_at_ms } => Ok(opens_at_ms),
        State::Open { closes_at_ms } if Mutant::LocalAnytime.is_on() => Ok(closes_at_ms),
        State::Open { closes_at_ms } => Err(LocalBar::Open { closes_at_ms }),
        State::BeyondTable => Err(LocalBar::NoCalendar),
    }
}

fn is_urgent(local: &BoundLocal, due_ms: u64, at_ms: u64) -> Result<(), LocalBar> {
    if due_ms <= at_ms {
        return Err(LocalBar::Overdue { due_ms });
    }
    match due_ms - at_ms > local.due_within_ms && !Mutant::LocalDueIgnored.is_on() {
        true => Err(LocalBar::NotDueYet { from_ms: due_ms - local.due_within_ms }),
        false => Ok(()),
    }
}

fn is_known(calendar: &Calendar, local: &BoundLocal, since_ms: u64, at_ms: u64) -> Result<(), LocalBar> {
    let known_ms = calendar.working_ms_between(since_ms, at_ms).ok_or(LocalBar::NoCalendar)?;
    match known_ms < local.due_known_ms && !Mutant::LocalDueIgnored.is_on() {
        true => Err(LocalBar::NotKnown { known_ms, needed_ms: local.due_known_ms }),
        false => Ok(()),
    }
}

/// How often the rule can still be used; each document counts for itself.
fn uses_left(document: &Document, local: &BoundLocal, now_ms: u64) -> Result<u32, LocalBar> {
    let uses = document.local_uses().iter().filter(|used| used.rule == local.rule);
    let mut recent = uses.filter(|used| used.at_ms.saturating_add(WEEK_MS) > now_ms);
    let oldest = recent.next();
    let used = oldest.map_or(0, |_| 1 + recent.count() as u32);
    match (local.uses.checked_sub(used), oldest) {
        (Some(0) | None, Some(oldest)) if !Mutant::LocalUsesIgnored.is_on() => {
            Err(LocalBar::UsedUp { uses: local.uses, again_ms: oldest.at_ms + WEEK_MS })
        }
        (left, _) => Ok(left.unwrap_or_default().max(1)),
    }
}
