//! The table of offsets from UTC, and its text form
//! `2026-11-01T06:00Z -05:00, 2027-03-14T07:00Z -04:00, until 2027-11-07T06:00Z`.

use std::fmt;
use std::str::FromStr;

use super::text::{checked, parse_instant, parse_offset, write_instant, write_offset};
use super::{CalendarError, to_i64};

/// Most rows of a table; ten years of two clock changes a year, and some to spare.
pub const OFFSET_ROWS_MAX: usize = 64;
/// Longest time that a table may cover, in seconds: ten years. It bounds every walk over a table.
pub const COVERED_S_MAX: i64 = 10 * 366 * 86_400;
/// Largest offset from UTC in seconds, either way; the widest in use is 14 hours.
const OFFSET_S_MAX: i32 = 18 * 3600;

/// From an instant on, local time is this far ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetRow {
    /// The first second of this offset, since 1970.
    pub from_s: i64,
    /// Local time minus UTC, in seconds.
    pub offset_s: i32,
}

impl OffsetRow {
    /// Local time minus UTC, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        i64::from(self.offset_s) * 1000
    }
}

/// Offsets in the order of time, from the first row until `until_s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    rows: Vec<OffsetRow>,
    until_s: i64,
}

impl Offsets {
    /// Takes rows in the order of time, and the first second that they no longer cover.
    ///
    /// # Errors
    ///
    /// No rows or too many, rows out of order, an end before the last row, before 1970 or more
    /// than ten years after the first row, or an offset of more than 18 hours.
    pub fn new(rows: Vec<OffsetRow>, until_s: i64) -> Result<Self, CalendarError> {
        let wrong = |what: &str| Err(CalendarError::Offsets(what.into()));
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return wrong("the table has no row");
        };
        if rows.len() > OFFSET_ROWS_MAX {
            return wrong("the table has more than 64 rows");
        }
        if first.from_s < 0 {
            return wrong("the table begins before 1970");
        }
        if rows.windows(2).any(|pair| pair[0].from_s >= pair[1].from_s) {
            return wrong("the rows are not in the order of time");
        }
        if last.from_s >= until_s {
            return wrong("the table ends before its last row");
        }
        if until_s.saturating_sub(first.from_s) > COVERED_S_MAX {
            return wrong("the table covers more than ten years");
        }
        if rows.iter().any(|row| !(-OFFSET_S_MAX..=OFFSET_S_MAX).contains(&row.offset_s)) {
            return wrong("an offset is more than 18 hours");
        }
        Ok(Self { rows, until_s })
    }

    /// The rows in the order of time.
    pub fn rows(&self) -> &[OffsetRow] {
        &self.rows
    }

    /// The first covered instant, in milliseconds since 1970.
    pub fn from_ms(&self) -> u64 {
        self.rows[0].from_s.unsigned_abs() * 1000
    }

    /// The first instant that is no longer covered, in milliseconds since 1970.
    pub fn until_ms(&self) -> u64 {
        self.until_s.unsigned_abs() * 1000
    }

    /// The row in force at an instant; `None` outside the table.
    pub fn at(&self, at_ms: u64) -> Option<OffsetRow> {
        let at_s = to_i64(at_ms / 1000);
        let later = self.rows.partition_point(|row| row.from_s <= at_s);
        (at_s < self.until_s).then(|| self.rows.get(later.checked_sub(1)?).copied()).flatten()
    }

    /// Each row with the second at which it ends.
    pub(super) fn segments(&self) -> impl Iterator<Item = (OffsetRow, i64)> + '_ {
        let ends = self.rows.iter().skip(1).map(|row| row.from_s).chain([self.until_s]);
        self.rows.iter().copied().zip(ends)
    }
}

impl FromStr for Offsets {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut rows = Vec::new();
        let mut until_s = None;
        for part in checked(text).map_err(CalendarError::Offsets)?.split(',').map(str::trim) {
            if until_s.is_some() {
                return Err(CalendarError::Offsets(format!("\"{part}\" stands after the end of the table")));
            }
            match part.strip_prefix("until ") {
                Some(end) => until_s = Some(parse_instant(end).map_err(CalendarError::Offsets)?),
                None => rows.push(parse_row(part).map_err(CalendarError::Offsets)?),
            }
        }
        let Some(until_s) = until_s else {
            return Err(CalendarError::Offsets("the end (\"until …\") is missing".into()));
        };
        Self::new(rows, until_s)
    }
}

fn parse_row(part: &str) -> Result<OffsetRow, String> {
    let Some((instant, offset)) = part.split_once(' ') else {
        return Err(format!("\"{part}\" is not an instant and an offset"));
    };
    Ok(OffsetRow { from_s: parse_instant(instant)?, offset_s: parse_offset(offset)? })
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            write!(f, "{} {}, ", write_instant(row.from_s), write_offset(row.offset_s))?;
        }
        write!(f, "until {}", write_instant(self.until_s))
    }
}
