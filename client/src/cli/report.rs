//! `entente report`: how the partnership works together, in sentences and small tables.

use entente_shared::calendar::Date;
use entente_shared::reports::{ClockUsed, DAY_MS, Period};

use super::args::{ReportArgs, ReportClock, ReportSubject};
use super::outcome::USAGE;
use super::{Done, Failed, Session};
use crate::args;
use crate::views::{Report, ReportPart, ReportWish};

/// Prints the report, or one part of it.
pub fn run(session: &Session<'_>, args: &ReportArgs) -> Result<Done, Failed> {
    let now_ms = session.shell.now_ms();
    let day = |typed: &Option<String>| typed.as_deref().map(|typed| begin_of(session, typed)).transpose();
    let wish = ReportWish {
        period: Period { from_ms: day(&args.since)?, until_ms: day(&args.until)?.unwrap_or(u64::MAX) },
        split_ms: day(&args.split)?,
        clock: match args.clock {
            ReportClock::Relay => ClockUsed::Relay,
            ReportClock::Authors => ClockUsed::Authors,
        },
    };
    let report = Report::of(session.shell.replica(), &wish, now_ms);
    let report = report.map_err(|error| session.command_failed(&error))?;
    if session.json {
        return Ok(Done::json(&report));
    }
    let Some(subject) = args.subject else { return Ok(Done::text(report.text(session.words))) };
    let text = report.part_text(session.words, part(subject));
    match text.is_empty() {
        true => Ok(Done::text(session.words.say("report-nothing", args![]))),
        false => Ok(Done::text(text)),
    }
}

fn part(subject: ReportSubject) -> ReportPart {
    match subject {
        ReportSubject::Turnaround => ReportPart::Turnaround,
        ReportSubject::Waiting => ReportPart::Waiting,
        ReportSubject::Hours => ReportPart::Hours,
        ReportSubject::Authors => ReportPart::Authors,
        ReportSubject::Freshness => ReportPart::Freshness,
        ReportSubject::Deciders => ReportPart::Deciders,
        ReportSubject::Negotiations => ReportPart::Negotiations,
        ReportSubject::Exceptions => ReportPart::Exceptions,
    }
}

/// The instant at which a day begins for the reader's own team, in milliseconds since 1970; at noon UTC
/// less half a day where its calendar does not reach.
fn begin_of(session: &Session<'_>, typed: &str) -> Result<u64, Failed> {
    let words = session.words;
    let wrong = || Failed::new(USAGE, words.say("report-date-wrong", args![date = typed]));
    let date: Date = typed.parse().map_err(|_| wrong())?;
    let midnight_ms = u64::try_from(date.days()).map_err(|_| wrong())? * DAY_MS;
    let setting = session.setting()?;
    let calendar = setting.clocks().first().map(|clock| clock.calendar.clone());
    let offset = calendar.and_then(|calendar| calendar.offsets().at(midnight_ms));
    Ok(midnight_ms.saturating_add_signed(-offset.map_or(0, |row| row.offset_ms())))
}
