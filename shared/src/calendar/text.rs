//! The small texts that calendars are written in: clock times, instants, offsets, holidays.

use std::collections::BTreeSet;

use super::{CALENDAR_TEXT_BYTES_MAX, CalendarError, Date, HOLIDAYS_MAX};

/// Passes a text on unless it is too long to parse.
pub(super) fn checked(text: &str) -> Result<&str, String> {
    if text.len() <= CALENDAR_TEXT_BYTES_MAX {
        Ok(text)
    } else {
        Err("the text is longer than 16 KiB".into())
    }
}

/// Reads `00:00` to `24:00` as minutes.
pub(super) fn parse_clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let sum = hours * 60 + minutes;
    (minutes < 60 && sum <= 24 * 60).then_some(sum)
}

fn two_digits(text: &str) -> Option<u16> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Reads `HH:MM` or `HH:MM:SS` as seconds, at most 24 hours.
fn parse_seconds(text: &str) -> Option<i64> {
    let (clock, seconds) = match text.len() {
        8 => (text.get(..5)?, two_digits(text.get(5..)?.strip_prefix(':')?)?),
        _ => (text, 0),
    };
    let sum = i64::from(parse_clock(clock)?) * 60 + i64::from(seconds);
    (seconds < 60 && sum <= 86_400).then_some(sum)
}

fn write_seconds(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{rest:02}"),
    }
}

/// Reads `2026-11-01T06:00Z`, with seconds if need be, as seconds since 1970.
pub(super) fn parse_instant(text: &str) -> Result<i64, String> {
    let parts = text.strip_suffix('Z').and_then(|rest| rest.split_once('T'));
    let parsed = parts.and_then(|(date, clock)| {
        let date: Date = date.parse().ok()?;
        Some(i64::from(date.days()) * 86_400 + parse_seconds(clock).filter(|second| *second < 86_400)?)
    });
    parsed.ok_or_else(|| format!("\"{text}\" is not an instant such as 2026-11-01T06:00Z"))
}

/// Writes seconds since 1970 as [`parse_instant`] reads them.
pub(super) fn write_instant(at_s: i64) -> String {
    let date = Date::from_days(at_s.div_euclid(86_400) as i32);
    format!("{date}T{}Z", write_seconds(at_s.rem_euclid(86_400)))
}

/// Reads `+03:00` or `-04:30` as seconds.
pub(super) fn parse_offset(text: &str) -> Result<i32, String> {
    let signed = match text.split_at_checked(1) {
        Some(("+", rest)) => parse_seconds(rest),
        Some(("-", rest)) => parse_seconds(rest).map(|seconds| -seconds),
        _ => None,
    };
    let offset = signed.and_then(|seconds| i32::try_from(seconds).ok());
    offset.ok_or_else(|| format!("\"{text}\" is not an offset such as +03:00"))
}

/// Writes an offset in seconds as [`parse_offset`] reads it.
pub(super) fn write_offset(offset_s: i32) -> String {
    let sign = if offset_s < 0 { '-' } else { '+' };
    format!("{sign}{}", write_seconds(i64::from(offset_s.unsigned_abs())))
}

/// Reads dates and ranges of dates separated by commas; an empty text is no holiday.
///
/// # Errors
///
/// What is not a date, a range that ends before it begins, or more than [`HOLIDAYS_MAX`] dates.
pub fn parse_holidays(text: &str) -> Result<BTreeSet<Date>, CalendarError> {
    let mut holidays = BTreeSet::new();
    let text = checked(text).map_err(CalendarError::Holidays)?;
    for part in text.split(',').map(str::trim).filter(|_| !text.trim().is_empty()) {
        let (first, last) = part.split_once("..").unwrap_or((part, part));
        let parse = |date: &str| date.parse::<Date>().map_err(|e| CalendarError::Holidays(e.to_string()));
        let (first, last) = (parse(first)?, parse(last)?);
        if last < first {
            return Err(CalendarError::Holidays(format!("\"{part}\" ends before it begins")));
        }
        let days = (last.days() - first.days()) as usize + 1;
        if days > HOLIDAYS_MAX - holidays.len() {
            return Err(CalendarError::Holidays(format!("more than {HOLIDAYS_MAX} dates")));
        }
        holidays.extend((first.days()..=last.days()).map(Date::from_days));
    }
    Ok(holidays)
}

/// Writes holidays as [`parse_holidays`] reads them, consecutive dates as ranges.
pub fn write_holidays(holidays: &BTreeSet<Date>) -> String {
    let mut ranges: Vec<(Date, Date)> = Vec::new();
    for date in holidays {
        match ranges.last_mut() {
            Some((_, last)) if last.plus_days(1) == *date => *last = *date,
            _ => ranges.push((*date, *date)),
        }
    }
    let written = ranges.into_iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}..{last}"),
    });
    written.collect::<Vec<_>>().join(", ")
}
