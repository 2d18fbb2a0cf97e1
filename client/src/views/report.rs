//! The coordination report: how long decisions take, on whom it waits, when the teams meet, who wrote
//! what, what has moved since it was signed, who decides, and what was decided as an exception.

mod agreed;
mod pace;
mod people;
mod reading;

use std::collections::BTreeMap;

use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::reports::exceptions::{Exception, exceptions};
use entente_shared::reports::freshness::Freshness;
use entente_shared::reports::negotiation::Negotiation;
use entente_shared::reports::together::HoursTogether;
use entente_shared::reports::turnaround::Turnaround;
use entente_shared::reports::waiting::{Waiting, waiting};
use entente_shared::reports::{ClockUsed, DAY_MS, History, Period, deciding::Deciding};
use serde::Serialize;

use super::gaps::GapRef;
use super::proposal::section_name;
use super::setting::Setting;
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::{Words, capitalised};

pub use people::SectionAuthors;
pub use reading::{Unread, Why as UnreadWhy};

/// For so long ahead hours together are told, in milliseconds: a year.
const AHEAD_MS: u64 = 365 * DAY_MS;

/// What a report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct ReportWish {
    /// The time that it is about; what lies after the present is left out.
    pub period: Period,
    /// An instant before and after which figures are compared (milliseconds since 1970).
    pub split_ms: Option<u64>,
    /// By which clock answers are timed.
    pub clock: ClockUsed,
}

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportPart {
    /// How long decisions take.
    Turnaround,
    /// On whom it waits.
    Waiting,
    /// When the teams are at work together.
    Hours,
    /// Who wrote how much.
    Authors,
    /// How old agreements are, and what moved since.
    Freshness,
    /// Who decides what.
    Deciders,
    /// How long negotiations have lasted.
    Negotiations,
    /// What was decided outside the usual way.
    Exceptions,
}

impl ReportPart {
    /// Every part, in the order in which the whole report has them.
    pub const ALL: [Self; 8] = [
        Self::Turnaround,
        Self::Waiting,
        Self::Hours,
        Self::Authors,
        Self::Freshness,
        Self::Deciders,
        Self::Negotiations,
        Self::Exceptions,
    ];
}

/// The coordination report.
#[derive(Clone, Serialize)]
pub struct Report {
    /// What the partnership is called.
    pub title: kinds::Words,
    /// When it was made (milliseconds since 1970).
    pub now_ms: u64,
    /// By which clock answers were timed; everything else is in the relay's.
    pub clock: ClockUsed,
    /// How long decisions took.
    pub turnaround: Turnaround,
    /// The same before and after the instant that was asked for.
    pub compared: Option<BeforeAfter>,
    /// On whom it waits, oldest first.
    pub waiting: Vec<Waiting>,
    /// When each two teams are at work together in the year to come.
    pub hours: Vec<HoursTogether>,
    /// Who wrote how much of each section.
    pub authors: Vec<SectionAuthors>,
    /// How fresh each agreement is.
    pub freshness: Vec<Freshness>,
    /// Who decides what, by the rules as they are.
    pub deciding: Vec<Deciding>,
    /// What stops with one person or nobody, and topics without one decider.
    pub gaps: Vec<GapRef>,
    /// How long negotiations have lasted.
    pub negotiations: Vec<Negotiation>,
    /// What was decided outside the usual way.
    pub exceptions: Vec<Exception>,
    /// What the figures leave out.
    pub unread: Vec<Unread>,
    #[serde(skip)]
    setting: Setting,
    #[serde(skip)]
    titles: BTreeMap<DocumentId, (KindId, String)>,
}

/// Figures before and after an instant.
#[derive(Clone, Serialize)]
pub struct BeforeAfter {
    /// The instant (milliseconds since 1970).
    pub split_ms: u64,
    /// Before it.
    pub before: Turnaround,
    /// From it on.
    pub after: Turnaround,
    /// How much longer (or, if negative, shorter) the median answer takes since then, in thousandths.
    pub change_permille: Option<i64>,
}

impl Report {
    /// Reads everything that is here at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, wish: &ReportWish, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let line = replica.charter().ok_or(CommandError::NoPartnership)?.line();
        let charter = replica.charter_id()?;
        let ids = [charter].into_iter().chain(replica.documents().keys().copied());
        let replicated: Vec<_> = ids.filter_map(|id| replica.replicated(id).ok()).collect();
        let all: Vec<History<'_>> = replicated.iter().map(|one| reading::history(one, line)).collect();
        let documents = &all[1..];
        let name = |one: &History<'_>| {
            let (kind, title) = (one.document.kind().id.clone(), one.document.title().to_owned());
            (one.document.id(), (kind, title))
        };
        // The relay's clock may be ahead of this device's.
        let last_ms = all.iter().map(|one| one.document.time_ms()).fold(now_ms, u64::max);
        let period = Period { until_ms: wish.period.until_ms.min(last_ms + 1), ..wish.period };
        let turnaround = |period| Turnaround::of(&all, period, wish.clock);
        let wait = |one: &History<'_>| {
            let needs = |hold: &_| replica.needs(one.document.id(), hold);
            waiting(one.document, line.now(), needs, now_ms)
        };
        let mut waits: Vec<Waiting> = all.iter().flat_map(wait).collect();
        waits.sort_by_key(|one| (one.since_ms, one.statement));
        Ok(Self {
            title: super::place::both(|lang| setting.title(lang)),
            now_ms,
            clock: wish.clock,
            turnaround: turnaround(period),
            compared: wish.split_ms.map(|split_ms| {
                let [before, after] = period.split(split_ms).map(turnaround);
                let change_permille = after.change_permille(&before);
                BeforeAfter { split_ms, before, after, change_permille }
            }),
            waiting: waits,
            hours: hours(&setting, now_ms),
            authors: replicated.iter().skip(1).flat_map(|one| people::authors(&setting, one)).collect(),
            freshness: documents.iter().flat_map(|one| Freshness::all(one, now_ms)).collect(),
            deciding: people::deciding(&setting, documents),
            gaps: GapRef::all(&setting),
            negotiations: documents.iter().filter_map(|one| Negotiation::of(one, now_ms)).collect(),
            exceptions: documents.iter().flat_map(|one| exceptions(one, period)).collect(),
            unread: reading::unread(replica, documents),
            titles: all.iter().map(name).collect(),
            setting,
        })
    }

    /// The whole report for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = words.say("report-title", args![title = self.setting.title(words.lang())]) + "\n";
        let when = self.setting.date(words, self.now_ms);
        text += &(words.say("report-made", args![when]) + "\n");
        text += &self.unread_text(words);
        for part in ReportPart::ALL {
            let found = self.part_text(words, part);
            if !found.is_empty() {
                text += &format!("\n{found}");
            }
        }
        text
    }

    /// One part of it for people; nothing where there is nothing of the kind.
    pub fn part_text(&self, words: &Words, part: ReportPart) -> String {
        match part {
            ReportPart::Turnaround => self.turnaround_text(words),
            ReportPart::Waiting => self.waiting_text(words),
            ReportPart::Hours => self.hours_text(words),
            ReportPart::Authors => self.authors_text(words),
            ReportPart::Freshness => self.freshness_text(words),
            ReportPart::Deciders => self.deciders_text(words),
            ReportPart::Negotiations => self.negotiations_text(words),
            ReportPart::Exceptions => self.exceptions_text(words),
        }
    }

    /// `Winter launch · For every market`.
    fn place(&self, words: &Words, document: &DocumentId, section: &SectionId) -> String {
        let (kind, title) = match self.titles.get(document) {
            Some((kind, title)) => (Some(kind), title.as_str()),
            None => (None, ""),
        };
        let first = super::documents::document_title(words, kind, title);
        let last = section_name(kind.and_then(kinds::newest), section, &self.setting, words);
        words.say("place-pair", args![first, last = capitalised(&last)])
    }

    /// What people call a team.
    fn team(&self, words: &Words, party: &PartyId) -> String {
        self.setting.label(party, words.lang())
    }

    fn person(&self, words: &Words, person: Option<PersonId>) -> String {
        match person {
            Some(person) => self.setting.person_name(words, &person),
            None => words.say("someone-unknown", args![]),
        }
    }
}

/// The hours that each two teams share, the reader's own first.
fn hours(setting: &Setting, now_ms: u64) -> Vec<HoursTogether> {
    let parties = setting.parties();
    let known: Vec<_> = parties.iter().filter_map(|(id, row)| Some((*id, row.calendar.as_ref()?))).collect();
    let pairs =
        known.iter().enumerate().flat_map(|(at, one)| known[at + 1..].iter().map(move |two| (one, two)));
    pairs.filter_map(|(one, two)| HoursTogether::of(*one, *two, now_ms, now_ms + AHEAD_MS)).collect()
}
