//! On whom something waits, since when, until when, and when they are at work.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::calendar::State;
use crate::charter::CharterState;
use crate::document::{Document, Hold};
use crate::ids::*;
use crate::judge::Need;
use crate::rules::BoundRole;
use crate::statement::Act;
use crate::views::Standing;
use crate::views::standing;

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A version that asks for approval.
    Version,
    /// A suggestion.
    Suggestion,
    /// A section that some have signed and some have not.
    Signature,
}

/// Something that waits for somebody. Times are the relay's, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The document.
    pub document: DocumentId,
    /// What waits.
    pub what: What,
    /// The statement that waits; absent for a signature that nobody has given yet.
    pub statement: Option<StatementId>,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// For whom: one holder of any of these roles, of a signature one of each.
    pub who: Vec<BoundRole>,
    /// Since when.
    pub since_ms: u64,
    /// Until when an answer is due.
    pub due_ms: Option<u64>,
    /// Whether that has passed.
    pub is_late: bool,
    /// The teams of whoever it waits for, and when they are at work.
    pub teams: Vec<TeamHours>,
}

/// Whether a team is at work, and when that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamHours {
    /// The team.
    pub party: PartyId,
    /// Whether it is at work; absent where its calendar does not say.
    pub at_work: Option<bool>,
    /// When it closes or opens next, in milliseconds since 1970.
    pub changes_at_ms: Option<u64>,
}

/// Lists what waits in a document at `now_ms` (milliseconds since 1970), oldest first; `needs` says who
/// must still agree to what is open.
pub fn waiting(
    document: &Document,
    charter: &CharterState,
    needs: impl Fn(&Hold) -> Vec<Need>,
    now_ms: u64,
) -> Vec<Waiting> {
    let open = document.open_holds().values();
    let mut all: Vec<Waiting> =
        open.map(|hold| open_hold(document, charter, hold, needs(hold), now_ms)).collect();
    let sections = document.sections().keys();
    all.extend(sections.filter_map(|section| missing_signatures(document, charter, section, now_ms)));
    all.sort_by(|a, b| (a.since_ms, &a.statement, &a.sections).cmp(&(b.since_ms, &b.statement, &b.sections)));
    all
}

fn open_hold(
    document: &Document,
    charter: &CharterState,
    hold: &Hold,
    needs: Vec<Need>,
    now_ms: u64,
) -> Waiting {
    let mut who: Vec<BoundRole> = needs.into_iter().flat_map(|need| need.who).collect();
    let (mut what, mut since_ms, mut due_ms) = (What::Suggestion, hold.time_ms, None);
    if let Act::Ask { version, .. } = &hold.act {
        what = What::Version;
        let review = Standing::of(document, charter, &version.section, now_ms).and_then(|one| one.review);
        if let Some(review) = review {
            (who, since_ms, due_ms) = (review.who, review.since_ms, review.due_ms);
        }
    }
    who.sort();
    who.dedup();
    Waiting {
        document: document.id(),
        what,
        statement: Some(hold.statement),
        author: Some(hold.author),
        sections: hold.sections().cloned().collect(),
        teams: teams(charter, &who, now_ms),
        who,
        since_ms,
        due_ms,
        is_late: due_ms.is_some_and(|due_ms| due_ms < now_ms),
    }
}

fn missing_signatures(
    document: &Document,
    charter: &CharterState,
    section: &SectionId,
    now_ms: u64,
) -> Option<Waiting> {
    let found = Standing::of(document, charter, section, now_ms)?;
    let signing = found.signing.filter(|_| found.state == standing::State::PartlySigned)?;
    let since_ms = signing.signers.iter().filter_map(|signer| signer.at_ms).max()?;
    let missing = signing.signers.into_iter().filter(|signer| signer.statement.is_none());
    let who: Vec<BoundRole> = missing.map(|signer| signer.role).collect();
    Some(Waiting {
        document: document.id(),
        what: What::Signature,
        statement: None,
        author: None,
        sections: vec![section.clone()],
        teams: teams(charter, &who, now_ms),
        who,
        since_ms,
        due_ms: None,
        is_late: false,
    })
}

/// The teams of everybody who holds one of some roles.
fn teams(charter: &CharterState, who: &[BoundRole], now_ms: u64) -> Vec<TeamHours> {
    let holders = who.iter().flat_map(|role| charter.holders(role));
    let parties: BTreeSet<PartyId> =
        holders.filter_map(|person| charter.member(&person)).map(|member| member.party).collect();
    parties.into_iter().map(|party| TeamHours::of(charter, party, now_ms)).collect()
}

impl TeamHours {
    /// Of one team at an instant (milliseconds since 1970).
    pub fn of(charter: &CharterState, party: PartyId, now_ms: u64) -> Self {
        let row = charter.contents.parties.get(&party);
        let state = row.and_then(|row| row.calendar.as_ref()).map(|calendar| calendar.state(now_ms));
        let (at_work, changes_at_ms) = match state {
            Some(State::Open { closes_at_ms }) => (Some(true), Some(closes_at_ms)),
            Some(State::Closed { opens_at_ms }) => (Some(false), Some(opens_at_ms)),
            Some(State::BeyondTable) | None => (None, None),
        };
        Self { party, at_work, changes_at_ms }
    }
}
