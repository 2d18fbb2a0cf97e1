//! Weekly working hours, and their text form `Mon-Thu 09:00-13:00 14:00-18:00, Fri 09:00-16:00`.

use std::fmt;
use std::str::FromStr;

use super::text::{checked, parse_clock};
use super::{CalendarError, Weekday};

/// Minutes of one local day, from `from` until just before `until`; at most 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes {
    from: u16,
    until: u16,
}

impl Minutes {
    /// Makes a span of minutes since local midnight; `None` if it is empty or passes midnight.
    pub fn new(from: u16, until: u16) -> Option<Self> {
        (from < until && until <= 24 * 60).then_some(Self { from, until })
    }

    /// The first minute, since local midnight.
    pub fn from(self) -> u16 {
        self.from
    }

    /// The minute after the last one, since local midnight.
    pub fn until(self) -> u16 {
        self.until
    }
}

/// The hours of each weekday: sorted, apart from each other, and not all empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkWeek {
    days: [Vec<Minutes>; 7],
}

impl WorkWeek {
    /// Takes the hours of each weekday from Monday on, in any order; touching spans become one.
    ///
    /// # Errors
    ///
    /// No hours at all, or two spans of one day that overlap.
    pub fn new(mut days: [Vec<Minutes>; 7]) -> Result<Self, CalendarError> {
        if days.iter().all(Vec::is_empty) {
            return Err(CalendarError::Work("no hours are given".into()));
        }
        for (weekday, spans) in Weekday::ALL.into_iter().zip(&mut days) {
            spans.sort();
            if let Some(pair) = spans.windows(2).find(|pair| pair[0].until > pair[1].from) {
                let (name, minute) = (weekday.abbreviation(), clock(pair[1].from));
                return Err(CalendarError::Work(format!("{name} {minute} is given twice")));
            }
            *spans = spans.drain(..).fold(Vec::new(), |mut merged: Vec<Minutes>, span| {
                match merged.last_mut() {
                    Some(last) if last.until == span.from => last.until = span.until,
                    _ => merged.push(span),
                }
                merged
            });
        }
        Ok(Self { days })
    }

    /// The hours of one weekday, in order.
    pub fn on(&self, weekday: Weekday) -> &[Minutes] {
        &self.days[weekday.index()]
    }
}

impl FromStr for WorkWeek {
    type Err = CalendarError;

    /// Reads groups separated by commas; a group is weekdays or ranges of them, then spans.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut days: [Vec<Minutes>; 7] = Default::default();
        for group in checked(text).map_err(CalendarError::Work)?.split(',') {
            let (weekdays, spans) = parse_group(group.trim()).map_err(CalendarError::Work)?;
            for weekday in weekdays {
                days[weekday.index()].extend(&spans);
            }
        }
        Self::new(days)
    }
}

fn parse_group(group: &str) -> Result<(Vec<Weekday>, Vec<Minutes>), String> {
    let (mut weekdays, mut spans) = (Vec::new(), Vec::new());
    for token in group.split_whitespace() {
        if token.starts_with(|first: char| first.is_ascii_digit()) {
            spans.push(parse_minutes(token)?);
        } else if spans.is_empty() {
            weekdays.extend(parse_weekdays(token)?);
        } else {
            return Err(format!("a comma is missing before \"{token}\""));
        }
    }
    match (weekdays.is_empty(), spans.is_empty()) {
        (false, false) => Ok((weekdays, spans)),
        (true, true) => Err("a group between commas is empty".into()),
        (true, false) => Err(format!("\"{group}\" names no weekday")),
        (false, true) => Err(format!("\"{group}\" gives no hours")),
    }
}

fn parse_weekdays(token: &str) -> Result<Vec<Weekday>, String> {
    let (first, last) = token.split_once('-').unwrap_or((token, token));
    let (first, last) = (parse_weekday(first)?, parse_weekday(last)?);
    let length = (last.index() + 7 - first.index()) % 7;
    Ok(Weekday::ALL.into_iter().cycle().skip(first.index()).take(length + 1).collect())
}

fn parse_weekday(name: &str) -> Result<Weekday, String> {
    let found = Weekday::ALL.into_iter().find(|day| day.abbreviation().eq_ignore_ascii_case(name));
    found.ok_or_else(|| format!("\"{name}\" is not one of Mon Tue Wed Thu Fri Sat Sun"))
}

fn parse_minutes(token: &str) -> Result<Minutes, String> {
    let ends =
        token.split_once('-').and_then(|(from, until)| Some((parse_clock(from)?, parse_clock(until)?)));
    let Some((from, until)) = ends else {
        return Err(format!("\"{token}\" is not a span such as 10:00-19:00"));
    };
    Minutes::new(from, until).ok_or_else(|| {
        format!("\"{token}\" does not end after it begins, or passes midnight (split it at 24:00)")
    })
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl fmt::Display for WorkWeek {
    /// Writes the shortest form that joins neighbouring weekdays with equal hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = 0;
        let mut separator = "";
        while first < 7 {
            let alike = self.days[first..].iter().take_while(|spans| **spans == self.days[first]).count();
            if !self.days[first].is_empty() {
                write!(f, "{separator}{}", Weekday::ALL[first].abbreviation())?;
                if alike > 1 {
                    write!(f, "-{}", Weekday::ALL[first + alike - 1].abbreviation())?;
                }
                for span in &self.days[first] {
                    write!(f, " {}-{}", clock(span.from), clock(span.until))?;
                }
                separator = ", ";
            }
            first += alike;
        }
        Ok(())
    }
}
