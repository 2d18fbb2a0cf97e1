//! What ledgers tell about the work of a partnership: how long answers take, on whom it waits, who
//! wrote what, what has moved since it was signed.
//!
//! Pure functions over documents, their entries, the charter and its calendars. Every figure is
//! counted in whole entries, characters or milliseconds, and a time says by which clock it was
//! taken. What cannot be known here (a section that may not be read, hours beyond a calendar's
//! table) is left out and counted as such, never guessed.

pub mod authorship;
pub mod deciding;
pub mod exceptions;
pub mod figures;
pub mod freshness;
pub mod negotiation;
pub mod seals;
pub mod together;
pub mod turnaround;
pub mod waiting;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::charter::{CharterLine, CharterState};
use crate::document::{Closure, Document};
use crate::ids::*;
use crate::ledger::{Entry, Position};
use crate::statement::{Act, Statement};

/// Milliseconds of a day of 24 hours.
pub const DAY_MS: u64 = 24 * 3_600_000;

/// By which clock times were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockUsed {
    /// The relay's, when it received a statement.
    Relay,
    /// That of the author's device, as the author claims it: it may be wrong, and tells when something
    /// was written without a connection.
    Authors,
}

/// The time that a report is about, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its begin; from the beginning if absent.
    pub from_ms: Option<u64>,
    /// The first instant after it.
    pub until_ms: u64,
}

impl Period {
    /// Tells whether an instant lies in it.
    pub fn contains(&self, at_ms: u64) -> bool {
        self.from_ms.is_none_or(|from_ms| from_ms <= at_ms) && at_ms < self.until_ms
    }

    /// What of it lies before an instant, and what from that instant on.
    pub fn split(self, at_ms: u64) -> [Self; 2] {
        let at_ms = at_ms.clamp(self.from_ms.unwrap_or(0), self.until_ms);
        [Self { until_ms: at_ms, ..self }, Self { from_ms: Some(at_ms), ..self }]
    }
}

/// One statement of a ledger, as reports read it.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The statement.
    pub statement: StatementId,
    /// Its entry's number.
    pub seq: u64,
    /// When the relay received it, in milliseconds since 1970.
    pub time_ms: u64,
    /// The author's clock when it was signed, in milliseconds since 1970.
    pub clock_ms: u64,
    /// Who; absent for a key that is no person's.
    pub person: Option<PersonId>,
    /// Of which team.
    pub party: Option<PartyId>,
    /// What is stated.
    pub act: &'a Act,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// Whether it waited at first.
    pub held: bool,
    /// Whether it carries changes; absent where they may not be read here.
    pub changes: Option<bool>,
    /// The charter under which it was judged.
    pub charter: Option<Position>,
    /// Its message or reason, if there is one that may be read here.
    pub text: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// Reads it from an entry and its statement; `charter` says whose device it was.
    pub fn of(statement: &'a Statement, entry: &Entry, charter: &CharterState) -> Self {
        let header = &statement.header;
        let (person, party) = author(charter, &header.device);
        Self {
            statement: statement.id,
            seq: entry.seq,
            time_ms: entry.time_ms,
            clock_ms: header.clock_ms,
            person,
            party,
            act: &header.act,
            sections: header.parts.iter().map(|part| part.section.clone()).collect(),
            held: entry.verdict.is_held(),
            changes: statement.carries_changes(),
            charter: entry.charter,
            text: statement.payloads.iter().flatten().find_map(|payload| payload.text.as_deref()),
        }
    }

    /// When it was stated, by the clock that is asked for.
    pub fn at_ms(&self, clock: ClockUsed) -> u64 {
        match clock {
            ClockUsed::Relay => self.time_ms,
            ClockUsed::Authors => self.clock_ms,
        }
    }
}

/// The person behind a device and their team, also of somebody who has left.
pub fn author(charter: &CharterState, device: &DeviceId) -> (Option<PersonId>, Option<PartyId>) {
    let person = charter.members.devices.get(device).map(|device| device.person);
    let row = person.and_then(|person| charter.contents.people.get(&person));
    (person, row.map(|row| row.party.clone()))
}

/// A document with all entries of its ledger.
pub struct History<'a> {
    /// The document as it stands.
    pub document: &'a Document,
    /// The charter's states.
    pub line: &'a CharterLine,
    events: Vec<Event<'a>>,
    places: BTreeMap<StatementId, usize>,
}

impl<'a> History<'a> {
    /// Joins a document with its entries, oldest first.
    pub fn new(document: &'a Document, line: &'a CharterLine, events: Vec<Event<'a>>) -> Self {
        let places = events.iter().enumerate().map(|(place, event)| (event.statement, place)).collect();
        Self { document, line, events, places }
    }

    /// Its entries, oldest first.
    pub fn events(&self) -> &[Event<'a>] {
        &self.events
    }

    /// The entry of a statement.
    pub fn find(&self, statement: &StatementId) -> Option<&Event<'a>> {
        self.events.get(*self.places.get(statement)?)
    }

    /// The charter as it is now.
    pub fn charter(&self) -> &CharterState {
        self.line.now()
    }

    /// When a statement came into effect, by a clock; `None` while it waits, or if it never did.
    pub fn effective_ms(&self, event: &Event<'_>, clock: ClockUsed) -> Option<u64> {
        match self.document.closures().get(&event.statement) {
            Some(Closure::Effective { by }) => self.find(by).map(|by| by.at_ms(clock)),
            Some(_) => None,
            None => (!event.held).then(|| event.at_ms(clock)),
        }
    }
}
