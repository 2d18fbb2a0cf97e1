//! Instants and durations in writing: each instant in every team's local time.

use entente_shared::calendar::{Calendar, Date, LocalTime, Span, State};

use super::Words;
use crate::{args, zones};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A team's clock on the wall: its local time and the name of its zone. The reader's own first.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    /// The team's calendar.
    pub calendar: &'a Calendar,
    /// The IANA name of the team's time zone, for the label.
    pub zone: &'a str,
}

/// How much of the day is written beside the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// Nothing: `17:30 MSK / 09:30 NY`.
    None,
    /// The weekday: `Tue 20:01 MSK / 12:01 NY`.
    Weekday,
    /// The date: `Tue 24 Nov 17:30 MSK / 09:30 NY`.
    Date,
    /// The date with its year: `Tue 24 Nov 2026 17:30 MSK / 09:30 NY`.
    Year,
    /// What is needed near this instant (milliseconds since 1970): nothing on the same day of the
    /// first clock, the weekday less than a week away, the date within half a year, else the year.
    Near(u64),
}

impl Words {
    /// Writes weekly hours as people do: `Mon–Fri 09:00–18:00`; `work` is as the ground rules keep it.
    pub fn work_week(&self, work: &str) -> String {
        let mut text = String::new();
        let mut letters = String::new();
        for c in work.chars().chain(['\0']) {
            if c.is_alphabetic() {
                letters.push(c);
                continue;
            }
            let day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            match day.into_iter().find(|day| letters.eq_ignore_ascii_case(day)) {
                Some(day) => text += &self.say(&format!("weekday-{day}"), args![]),
                None => text += &letters,
            }
            letters.clear();
            match c {
                '\0' => {}
                '-' => text.push('–'),
                other => text.push(other),
            }
        }
        text
    }

    /// Writes an instant in every team's local time. A day is written once if it is the same for
    /// all, a team whose zone has the label of one before it is left out, and an instant that
    /// no calendar covers is written in UTC.
    pub fn time(&self, at_ms: u64, clocks: &[Clock<'_>], day: Day) -> String {
        let mut written: Vec<(String, LocalTime)> = Vec::new();
        for clock in clocks {
            let label = zones::short_name(clock.zone, self.lang());
            let Some(local) = clock.calendar.local_at(at_ms) else { continue };
            if written.iter().all(|(other, _)| *other != label) {
                written.push((label, local));
            }
        }
        if written.is_empty() {
            written.push(("UTC".into(), utc(at_ms)));
        }
        let day = self.needed_day(day, at_ms, clocks, written[0].1.date);
        let dates_differ = written.iter().any(|(_, local)| local.date != written[0].1.date);
        let times = written.iter().enumerate().map(|(place, (zone, local))| {
            let time = format!("{:02}:{:02}", local.minute_of_day / 60, local.minute_of_day % 60);
            // The other cities' dates differ by a day at most: their weekday says which.
            let day = if place == 0 || !dates_differ { day } else { day_of_others(day) };
            match self.day(local.date, if place == 0 || dates_differ { day } else { Day::None }) {
                Some(day) => self.say("time-at-day", args![day, time, zone = zone.as_str()]),
                None => self.say("time-at", args![time, zone = zone.as_str()]),
            }
        });
        let joined = times.reduce(|first, last| self.say("times-pair", args![first, last]));
        joined.unwrap_or_default()
    }

    /// Writes a length of time, two units at most: `13 h 55 min`, `2 d 14 h`.
    pub fn duration(&self, length_ms: u64) -> String {
        let (days, hours) = (length_ms / DAY_MS, length_ms % DAY_MS / HOUR_MS);
        let minutes = length_ms % HOUR_MS / MINUTE_MS;
        match (length_ms / HOUR_MS, minutes) {
            (0, 0) => self.say("duration-moment", args![]),
            (0, _) => self.say("duration-minutes", args![minutes]),
            (..48, 0) => self.say("duration-hours", args![hours = length_ms / HOUR_MS]),
            (..48, _) => self.say("duration-hours-minutes", args![hours = length_ms / HOUR_MS, minutes]),
            _ if hours == 0 => self.say("duration-days", args![days]),
            _ => self.say("duration-days-hours", args![days, hours]),
        }
    }

    /// Says whether somebody of a team is at work: `at work now`, `closed, opens in 13 h 55 min`.
    pub fn presence(&self, calendar: &Calendar, now_ms: u64) -> String {
        match calendar.state(now_ms) {
            State::Open { .. } => self.say("presence-open", args![]),
            State::Closed { opens_at_ms } => {
                self.say("presence-closed", args![duration = self.duration(opens_at_ms - now_ms)])
            }
            State::BeyondTable => self.say("presence-unknown", args![]),
        }
    }

    /// Says the same of a team by its label: `Moscow closed, opens in 13 h 55 min`.
    pub fn team_presence(&self, team: &str, calendar: &Calendar, now_ms: u64) -> String {
        let party = team;
        match calendar.state(now_ms) {
            State::Open { .. } => self.say("presence-party-open", args![party]),
            State::Closed { opens_at_ms } => {
                let duration = self.duration(opens_at_ms - now_ms);
                self.say("presence-party-closed", args![party, duration])
            }
            State::BeyondTable => self.say("presence-party-unknown", args![party]),
        }
    }

    /// Says until when the teams work at the same time, or when they will; `span` is the next
    /// such time, if the calendars know one.
    pub fn together(&self, span: Option<Span>, now_ms: u64, clocks: &[Clock<'_>]) -> String {
        let Some(span) = span else { return self.say("together-never", args![]) };
        if span.from_ms <= now_ms {
            return self.say("together-now", args![time = self.time(span.until_ms, clocks, Day::None)]);
        }
        let from = self.time(span.from_ms, clocks, Day::Near(now_ms));
        self.say("together-next", args![from, duration = self.duration(span.length_ms())])
    }

    fn needed_day(&self, day: Day, at_ms: u64, clocks: &[Clock<'_>], date: Date) -> Day {
        let Day::Near(now_ms) = day else { return day };
        let today = clocks.iter().find_map(|clock| clock.calendar.local_at(now_ms));
        let today = today.unwrap_or_else(|| utc(now_ms)).date;
        match (date == today, at_ms.abs_diff(now_ms)) {
            (true, _) => Day::None,
            (_, distance_ms) if distance_ms < 6 * DAY_MS => Day::Weekday,
            (_, distance_ms) if distance_ms < 180 * DAY_MS => Day::Date,
            _ => Day::Year,
        }
    }

    fn day(&self, date: Date, day: Day) -> Option<String> {
        let weekday = date.weekday().abbreviation().to_ascii_lowercase();
        let weekday = self.say(&format!("weekday-{weekday}"), args![]);
        let (year, month, number) = date.year_month_day();
        let month = self.say(&format!("month-{month}"), args![]);
        match day {
            Day::None | Day::Near(_) => None,
            Day::Weekday => Some(weekday),
            Day::Date => Some(self.say("date-short", args![weekday, day = number, month])),
            Day::Year => Some(self.say("date-long", args![weekday, day = number, month, year])),
        }
    }
}

fn day_of_others(day: Day) -> Day {
    if day == Day::None { Day::None } else { Day::Weekday }
}

fn utc(at_ms: u64) -> LocalTime {
    let minutes = at_ms / MINUTE_MS;
    LocalTime {
        date: Date::from_days(i32::try_from(minutes / 1440).unwrap_or(i32::MAX)),
        minute_of_day: (minutes % 1440) as u16,
    }
}
