//! How old an agreement is, and what has moved since: signatures lapse, texts drift.

use serde::Serialize;

use super::{ClockUsed, DAY_MS, History};
use crate::ids::*;
use crate::statement::Act;
use crate::views::Standing;
use crate::views::standing::State;

/// After so many days somebody looks at an agreement again: once a quarter.
pub const REVIEW_DAYS: u64 = 90;

/// When somebody agreed to a section, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// When (relay time, milliseconds since 1970).
    pub at_ms: u64,
    /// The entry's number.
    pub seq: u64,
    /// Who.
    pub by: Option<PersonId>,
}

/// How fresh the agreement on a section is. Times are the relay's, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Freshness {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// How far it has come.
    pub state: State,
    /// The last signature under it.
    pub signed: Option<Mark>,
    /// The last approval of a version of it.
    pub approved: Option<Mark>,
    /// When the signatures lapse, or have lapsed.
    pub lapses_ms: Option<u64>,
    /// When it is to be looked at again: a quarter after the last signature or approval.
    pub review_ms: Option<u64>,
    /// Whether that, or the end of the signatures, has passed.
    pub is_due: bool,
    /// How many changes came into effect since the last signature, or the last approval where nobody
    /// has signed; all of them where there is neither.
    pub changes: u32,
    /// By whom.
    pub changed_by: Vec<PersonId>,
    /// When it changed last.
    pub changed_ms: Option<u64>,
}

impl Freshness {
    /// Looks at every section of a document for which a rule asks for approval or signatures and that
    /// may be read here, at `now_ms` (milliseconds since 1970).
    pub fn all(history: &History<'_>, now_ms: u64) -> Vec<Self> {
        let sections = history.document.sections().keys();
        sections.filter_map(|section| Self::of(history, section, now_ms)).collect()
    }

    fn of(history: &History<'_>, section: &SectionId, now_ms: u64) -> Option<Self> {
        let standing = Standing::of(history.document, history.charter(), section, now_ms)?;
        let signed = last_signature(history, section);
        let approved = standing.approved.as_ref().and_then(|approved| {
            let by = history.events().iter().find(|event| event.time_ms == approved.at_ms)?;
            Some(Mark { at_ms: approved.at_ms, seq: by.seq, by: by.person })
        });
        let agreed = signed.as_ref().or(approved.as_ref());
        let since_seq = agreed.map(|mark| mark.seq);
        let (changes, changed_by, changed_ms) = changes(history, section, since_seq);
        let last_ms = signed.iter().chain(&approved).map(|mark| mark.at_ms).max();
        let review_ms = last_ms.map(|at_ms| at_ms + REVIEW_DAYS * DAY_MS);
        let lapses_ms = standing.signing.as_ref().and_then(|signing| signing.lapses_ms);
        let has_passed = |at_ms: Option<u64>| at_ms.is_some_and(|at_ms| at_ms <= now_ms);
        Some(Self {
            document: history.document.id(),
            section: section.clone(),
            state: standing.state,
            signed,
            approved,
            lapses_ms,
            review_ms,
            is_due: has_passed(review_ms) || has_passed(lapses_ms),
            changes,
            changed_by,
            changed_ms,
        })
    }

    /// Tells whether it was signed once and is another text now.
    pub fn has_drifted(&self) -> bool {
        self.signed.is_some()
            && self.changes > 0
            && !matches!(self.state, State::Signed | State::PartlySigned)
    }
}

/// The last signature: a `Sign`, or what agreed to an amendment of a signed text.
fn last_signature(history: &History<'_>, section: &SectionId) -> Option<Mark> {
    let known = history.document.sections().get(section)?.known()?;
    let standing = known.signatures.values().filter_map(|signature| {
        // An agreement to an amendment counts from when the amendment came into effect.
        let at_ms = signature.at_ms;
        let by = history.find(&signature.statement)?;
        let seq = history.events().iter().filter(|event| event.time_ms <= at_ms).map(|event| event.seq).max();
        Some(Mark { at_ms, seq: seq?, by: by.person })
    });
    let signs = |act: &Act| match act {
        Act::Sign { items } => items.iter().any(|item| item.section == *section),
        _ => false,
    };
    let stated = history.events().iter().rev().find(|event| signs(event.act));
    let stated = stated.map(|event| Mark { at_ms: event.time_ms, seq: event.seq, by: event.person });
    standing.chain(stated).max_by_key(|mark| mark.seq)
}

/// How many changes of a section came into effect after an entry, by whom, and when the last of all did.
fn changes(
    history: &History<'_>,
    section: &SectionId,
    since_seq: Option<u64>,
) -> (u32, Vec<PersonId>, Option<u64>) {
    let since_ms = since_seq.and_then(|seq| history.events().iter().find(|event| event.seq == seq));
    let since_ms = since_ms.map(|event| event.time_ms);
    let (mut count, mut people, mut last_ms) = (0, Vec::new(), None);
    for event in history.events().iter().filter(|event| event.sections.contains(section)) {
        let writes = match event.act {
            Act::Edit { .. } => true,
            Act::Endorse { .. } => event.changes == Some(true),
            _ => false,
        };
        let Some(at_ms) = history.effective_ms(event, ClockUsed::Relay).filter(|_| writes) else { continue };
        last_ms = last_ms.max(Some(at_ms));
        if since_ms.is_none_or(|since_ms| since_ms < at_ms) {
            count += 1;
            people.extend(event.person.filter(|person| !people.contains(person)));
        }
    }
    (count, people, last_ms)
}
