//! Texts that two devices edited without seeing each other's edits. They merge letter by letter, so
//! nothing is lost; but what came out of it nobody wrote, and somebody should read it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use entente_shared::content::Path;
use entente_shared::document::{CasePart, Outcome};
use entente_shared::gate::{Step, TouchKind};
use entente_shared::ids::*;
use entente_shared::statement::Statement;

/// How long an edit must have stood at the relay for another one to count as written blindly, in
/// milliseconds: people who type at the same time while connected see each other's letters sooner.
const BLIND_MS: u64 = 3_000;
/// How many edits of one text are remembered.
const RECENT_MAX: usize = 16;

/// An edit of a text that stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// The statement that carried it.
    pub statement: StatementId,
    /// Its last change in the section.
    pub change: ChangeId,
    /// The device that signed it.
    pub device: DeviceId,
    /// That device's clock when it signed, in milliseconds since 1970.
    pub clock_ms: u64,
    seq: u64,
    time_ms: u64,
}

/// Two edits of one text, neither of which was seen by the other's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The one that reached the relay first, with what its author wrote until then.
    pub first: TextEdit,
    /// The other.
    pub second: TextEdit,
}

/// The meetings of one document that nobody has answered: an edit of the text by somebody who saw
/// both ends one.
#[derive(Debug, Clone, Default)]
pub struct Meetings {
    recent: BTreeMap<(SectionId, Path), Vec<TextEdit>>,
    open: BTreeMap<(SectionId, Path), Meeting>,
}

impl Meetings {
    /// Takes note of an entry.
    pub(super) fn take_in(&mut self, statement: &Statement, outcome: &Outcome) {
        let seen = statement.header.seen.document.map(|position| position.seq);
        for (section, path, change) in outcome.parts.iter().flat_map(texts) {
            let edit = TextEdit {
                statement: statement.id,
                change,
                device: statement.header.device,
                clock_ms: statement.header.clock_ms,
                seq: outcome.entry.seq,
                time_ms: outcome.entry.time_ms,
            };
            self.meet((section, path), edit, seen);
        }
    }

    fn meet(&mut self, place: (SectionId, Path), edit: TextEdit, seen: Option<u64>) {
        let saw = |other: &TextEdit| seen.is_some_and(|seen| seen >= other.seq);
        let recent = self.recent.entry(place.clone()).or_default();
        match self.open.get_mut(&place) {
            Some(open) if saw(&open.first) && saw(&open.second) => {
                self.open.remove(&place);
            }
            Some(open) if open.second.device == edit.device => open.second = edit.clone(),
            Some(open) if open.first.device == edit.device => open.first = edit.clone(),
            _ => {}
        }
        if let Entry::Vacant(free) = self.open.entry(place) {
            let unseen = |other: &&TextEdit| other.device != edit.device && !saw(other);
            let is_blind = |other: &TextEdit| edit.time_ms.saturating_sub(other.time_ms) >= BLIND_MS;
            if recent.iter().filter(unseen).any(is_blind)
                && let Some(first) = recent.iter().rev().find(unseen).cloned()
            {
                free.insert(Meeting { first, second: edit.clone() });
            }
        }
        recent.push(edit);
        let surplus = recent.len().saturating_sub(RECENT_MAX);
        recent.drain(..surplus);
    }

    /// The meetings that are open, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (&SectionId, &Path, &Meeting)> {
        self.open.iter().map(|((section, path), meeting)| (section, path, meeting))
    }
}

/// The texts in which the changes of a section wrote.
fn texts(part: &CasePart) -> Vec<(SectionId, Path, ChangeId)> {
    let last = part.checked.as_ref().and_then(|checked| checked.ids().last().copied());
    let written = part.touches().filter(|touch| touch.kind == TouchKind::Text);
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Item => None,
    };
    let paths = written.filter_map(|touch| touch.path.iter().map(key).collect::<Option<Vec<_>>>());
    paths.filter_map(|keys| Some((part.section.clone(), Path(keys), last?))).collect()
}
