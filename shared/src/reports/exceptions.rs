//! What was decided outside the usual way: named overrides, and local authority while the other side
//! was closed.

use serde::Serialize;

use super::{ClockUsed, History, Period};
use crate::ids::*;
use crate::statement::{Act, Capacity, DeclineOutcome};

/// In which way a decision was an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// Outside the template, with a reason.
    Override,
    /// By local authority.
    Local,
}

/// What the other side said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Followed {
    /// Nothing yet.
    Open,
    /// It ratified.
    Ratified {
        /// By this statement.
        by: StatementId,
    },
    /// It objected.
    Objected {
        /// By this statement.
        by: StatementId,
    },
}

/// A decision outside the usual way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// In which way.
    pub kind: ExceptionKind,
    /// The document.
    pub document: DocumentId,
    /// The decision.
    pub statement: StatementId,
    /// What it decided.
    pub target: StatementId,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// Who decided.
    pub person: Option<PersonId>,
    /// For which team.
    pub party: Option<PartyId>,
    /// When (relay time, milliseconds since 1970).
    pub at_ms: u64,
    /// The reason that was given, if it may be read here.
    pub reason: Option<String>,
    /// What the other side said.
    pub followed: Followed,
}

/// Lists the exceptions of a document in some time, oldest first.
pub fn exceptions(history: &History<'_>, period: Period) -> Vec<Exception> {
    let in_period = history.events().iter().filter(|event| period.contains(event.at_ms(ClockUsed::Relay)));
    let found = in_period.filter_map(|event| {
        let Act::Endorse { target, capacity, heads } = event.act else { return None };
        let kind = match capacity {
            Capacity::Override => ExceptionKind::Override,
            Capacity::Local => ExceptionKind::Local,
            Capacity::Decider | Capacity::Ratify => return None,
        };
        Some(Exception {
            kind,
            document: history.document.id(),
            statement: event.statement,
            target: *target,
            sections: match history.find(target) {
                Some(decided) if heads.is_empty() => decided.sections.clone(),
                _ => heads.iter().map(|one| one.section.clone()).collect(),
            },
            person: event.person,
            party: event.party.clone(),
            at_ms: event.time_ms,
            reason: event.text.map(str::to_owned),
            followed: followed(history, &[event.statement, *target], event.seq),
        })
    });
    found.collect()
}

/// The first word of the other side on any of these statements after an entry.
fn followed(history: &History<'_>, about: &[StatementId], seq: u64) -> Followed {
    let later = history.events().iter().filter(|event| event.seq > seq);
    let word = |event: &super::Event<'_>| match event.act {
        Act::Endorse { target, capacity: Capacity::Ratify, .. } if about.contains(target) => {
            Some(Followed::Ratified { by: event.statement })
        }
        Act::Decline { target, outcome: DeclineOutcome::Objected } if about.contains(target) => {
            Some(Followed::Objected { by: event.statement })
        }
        _ => None,
    };
    later.filter_map(word).next().unwrap_or(Followed::Open)
}
