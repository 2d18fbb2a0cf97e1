//! A party's calendar: its local time, its working hours and its holidays, without a time-zone
//! database.
//!
//! The charter carries a table of UTC offsets, written about two years ahead by the client that
//! edits it, so every replica computes the same local time whatever time-zone data it ships with.
//! Beyond the table nothing is guessed: [`State::BeyondTable`], and rules that ask for local time
//! do not apply.
//!
//! All of this belongs to the rules version 1. Instants are milliseconds since 1970 (UTC); a local
//! time exists only as a [`LocalTime`]. Working hours are a set of local wall-clock minutes, so an
//! hour that a clock change repeats is worked twice, and one that it skips is not worked.

mod civil;
mod hours;
mod offsets;
mod text;
mod working;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use civil::{Date, Weekday};
pub use hours::{Minutes, WorkWeek};
pub use offsets::{OffsetRow, Offsets};
pub use text::{parse_holidays, write_holidays};
pub use working::{Span, overlaps, overlaps_ms};

/// Milliseconds of one minute.
pub(crate) const MINUTE_MS: i64 = 60_000;
/// Milliseconds of a day of 24 hours, which every local date counts here.
pub(crate) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Most holidays that one calendar may name; ten years of a generous country.
pub const HOLIDAYS_MAX: usize = 1000;
/// Most bytes in each text form: working hours, offsets, holidays.
pub const CALENDAR_TEXT_BYTES_MAX: usize = 16 * 1024;

/// When a party works: offsets from UTC for a limited time, weekly hours, holidays.
///
/// ```
/// use entente_shared::calendar::{Calendar, State};
///
/// let moscow = Calendar::parse(
///     "Mon-Fri 10:00-19:00",
///     "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z",
///     "2027-01-01..2027-01-08",
/// )?;
/// let tuesday_evening_ms = 1_795_539_900_000; // 24 Nov 2026 20:05 in Moscow
/// let opens_at_ms = tuesday_evening_ms + (13 * 60 + 55) * 60_000;
/// assert_eq!(moscow.state(tuesday_evening_ms), State::Closed { opens_at_ms });
/// # Ok::<(), entente_shared::calendar::CalendarError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarText", into = "CalendarText")]
pub struct Calendar {
    work: WorkWeek,
    offsets: Offsets,
    holidays: BTreeSet<Date>,
}

/// A calendar as the scalars that stand in the charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarText {
    /// Weekly hours, as in `Mon-Fri 10:00-19:00`; in the section `parties`.
    pub work: String,
    /// The table of offsets and its end, one scalar so that they never merge apart; in
    /// `calendar/<party>`.
    pub offsets: String,
    /// Local dates without work, as in `2027-01-01..2027-01-08, 2027-02-23`; in `calendar/<party>`.
    #[serde(default)]
    pub holidays: String,
}

/// What a text form of a calendar says wrongly, and how it should read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The weekly hours do not parse.
    #[error("working hours: {0}; expected for example \"Mon-Fri 10:00-19:00\"")]
    Work(String),
    /// The table of offsets does not parse, or is out of order.
    #[error("offsets: {0}; expected for example \"2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z\"")]
    Offsets(String),
    /// The holidays do not parse.
    #[error("holidays: {0}; expected for example \"2027-01-01..2027-01-08, 2027-02-23\"")]
    Holidays(String),
}

/// A party's wall clock at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The local date.
    pub date: Date,
    /// Minutes since local midnight, 0 to 1439.
    pub minute_of_day: u16,
}

impl LocalTime {
    /// Names the day of the week.
    pub fn weekday(&self) -> Weekday {
        self.date.weekday()
    }
}

/// Whether a party is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At work, without a break until then (or until the table ends).
    Open {
        /// The end of these working hours, in milliseconds since 1970.
        closes_at_ms: u64,
    },
    /// Not at work.
    Closed {
        /// The next begin of working hours, in milliseconds since 1970.
        opens_at_ms: u64,
    },
    /// The table does not cover this instant, or holds no working time after it.
    BeyondTable,
}

impl Calendar {
    /// Joins the parts, which are each valid already.
    pub fn new(work: WorkWeek, offsets: Offsets, holidays: BTreeSet<Date>) -> Self {
        Self { work, offsets, holidays }
    }

    /// Reads a calendar from the scalars of the charter, as [`CalendarText`] names them.
    ///
    /// # Errors
    ///
    /// The first text that does not parse, with what is wrong about it.
    pub fn parse(work: &str, offsets: &str, holidays: &str) -> Result<Self, CalendarError> {
        Ok(Self { work: work.parse()?, offsets: offsets.parse()?, holidays: parse_holidays(holidays)? })
    }

    /// Writes the scalars of the charter; parsing them gives an equal calendar.
    pub fn to_text(&self) -> CalendarText {
        CalendarText {
            work: self.work.to_string(),
            offsets: self.offsets.to_string(),
            holidays: write_holidays(&self.holidays),
        }
    }

    /// The weekly hours.
    pub fn work(&self) -> &WorkWeek {
        &self.work
    }

    /// The table of offsets.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// The local dates without work.
    pub fn holidays(&self) -> &BTreeSet<Date> {
        &self.holidays
    }

    /// Tells whether the table of offsets says the local time at this instant.
    pub fn covers(&self, at_ms: u64) -> bool {
        self.offsets.at(at_ms).is_some()
    }

    /// Reads the party's wall clock; `None` beyond the table.
    pub fn local_at(&self, at_ms: u64) -> Option<LocalTime> {
        let local_ms = to_i64(at_ms) + self.offsets.at(at_ms)?.offset_ms();
        let minute_of_day = local_ms.rem_euclid(DAY_MS) / MINUTE_MS;
        Some(LocalTime {
            date: Date::from_days(local_ms.div_euclid(DAY_MS) as i32),
            minute_of_day: minute_of_day as u16,
        })
    }

    /// The instant at which the party's wall clock shows a minute of a date, the first of two where a
    /// clock change repeats it; `None` beyond the table, or where a change skips it.
    pub fn instant_of(&self, date: Date, minute_of_day: u16) -> Option<u64> {
        let wanted = LocalTime { date, minute_of_day };
        let local_ms = i64::from(date.days()) * DAY_MS + i64::from(minute_of_day) * MINUTE_MS;
        let instants = self.offsets.rows().iter().map(|row| local_ms - row.offset_ms());
        let mut fitting: Vec<u64> = instants.filter_map(|at_ms| u64::try_from(at_ms).ok()).collect();
        fitting.sort_unstable();
        fitting.into_iter().find(|at_ms| self.local_at(*at_ms) == Some(wanted))
    }

    /// Tells whether the party works at some time of this local date.
    pub fn is_working_day(&self, date: Date) -> bool {
        !self.hours_on(date).is_empty()
    }

    /// Tells whether the party is at work, and when that changes.
    pub fn state(&self, at_ms: u64) -> State {
        match self.working_spans(at_ms).next() {
            Some(span) if self.covers(at_ms) && span.from_ms == at_ms => {
                State::Open { closes_at_ms: span.until_ms }
            }
            Some(span) if self.covers(at_ms) => State::Closed { opens_at_ms: span.from_ms },
            _ => State::BeyondTable,
        }
    }

    /// The working hours of one local date, none on a holiday.
    fn hours_on(&self, date: Date) -> &[Minutes] {
        if self.holidays.contains(&date) { &[] } else { self.work.on(date.weekday()) }
    }
}

impl TryFrom<CalendarText> for Calendar {
    type Error = CalendarError;

    fn try_from(text: CalendarText) -> Result<Self, CalendarError> {
        Self::parse(&text.work, &text.offsets, &text.holidays)
    }
}

impl From<Calendar> for CalendarText {
    fn from(calendar: Calendar) -> Self {
        calendar.to_text()
    }
}

/// An instant for signed arithmetic; later than any table if it does not fit.
fn to_i64(at_ms: u64) -> i64 {
    i64::try_from(at_ms).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
