//! The clock of a negotiation: a week is good, three weeks lose many partners.

use serde::{Deserialize, Serialize};

use super::{DAY_MS, History};
use crate::ids::*;
use crate::statement::Act;

/// From so many whole days on a negotiation is slow.
pub const AMBER_DAYS: u64 = 8;
/// From so many whole days on it is about to be lost.
pub const RED_DAYS: u64 = 21;
/// The kinds of documents that are negotiated with somebody outside.
const NEGOTIATED: [&str; 1] = ["terms"];

/// How a negotiation stands with the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// Up to a week.
    Green,
    /// [`AMBER_DAYS`] or more.
    Amber,
    /// [`RED_DAYS`] or more.
    Red,
}

impl Light {
    /// After so many whole days.
    pub fn after(days: u64) -> Self {
        match days {
            RED_DAYS.. => Self::Red,
            AMBER_DAYS.. => Self::Amber,
            _ => Self::Green,
        }
    }
}

/// How long a document has been negotiated. Times are the relay's, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Negotiation {
    /// The document.
    pub document: DocumentId,
    /// When it was created.
    pub began_ms: u64,
    /// When everything that a rule asks to be signed was; absent until then.
    pub ended_ms: Option<u64>,
    /// Whole days from the one to the other, or until now.
    pub days: u64,
    /// How often a version was asked about, or sent back, or a suggestion answered.
    pub exchanges: u32,
    /// What that means.
    pub light: Light,
}

impl Negotiation {
    /// Reads the clock of a document that is negotiated; `None` of other kinds.
    pub fn of(history: &History<'_>, now_ms: u64) -> Option<Self> {
        let is_negotiated = NEGOTIATED.contains(&history.document.kind().id.as_str());
        is_negotiated.then(|| Self::of_any(history, now_ms))
    }

    /// Reads the clock of any document.
    pub fn of_any(history: &History<'_>, now_ms: u64) -> Self {
        let began_ms = history.document.created_ms();
        let ended_ms = ended_ms(history);
        let days = ended_ms.unwrap_or(now_ms).saturating_sub(began_ms) / DAY_MS;
        let is_exchange =
            |act: &Act| matches!(act, Act::Ask { .. } | Act::Endorse { .. } | Act::Decline { .. });
        let exchanges = history.events().iter().filter(|event| is_exchange(event.act)).count() as u32;
        let document = history.document.id();
        Self { document, began_ms, ended_ms, days, exchanges, light: Light::after(days) }
    }
}

/// When the last signature came that the rules ask for, if all are there.
fn ended_ms(history: &History<'_>) -> Option<u64> {
    let kind = &history.document.kind().id;
    let mut last_ms = None;
    for (name, section) in history.document.sections() {
        if history.charter().rights(kind, name).signing().is_none() {
            continue;
        }
        let known = section.known()?;
        known.agreed.as_ref()?;
        last_ms = last_ms.max(known.signatures.values().map(|signature| signature.at_ms).max());
    }
    last_ms
}
