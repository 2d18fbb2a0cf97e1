//! One document as this device has it: verified ledger, effective content, and what is ahead of it.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::charter::CharterLine;
use entente_shared::content::{EditCommand, Section, apply_edit};
use entente_shared::document::{Candidate, Divergence, Document, Outcome, Told};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Refusal};
use entente_shared::statement::Statement;

use super::journal::{Journaled, Working, Writer};
use super::ledger::Ledger;
use super::meetings::Meetings;
use super::origins::Origins;
use super::revising::Returned;

/// Which content a change builds on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// What everybody has.
    Effective,
    /// The same with one's own signed changes that are not acknowledged yet.
    Signed,
}

/// A document as this device has it.
#[derive(Clone)]
pub struct Replicated {
    pub(super) ledger: Ledger,
    pub(super) effective: BTreeMap<SectionId, Section>,
    /// The ledger with own unacknowledged statements; absent if there are none.
    pub(super) ahead: Option<Ledger>,
    /// Content of the sections that own unacknowledged statements change.
    pub(super) signed: BTreeMap<SectionId, Section>,
    /// Content of the sections that journaled edits change, not committed.
    pub(super) working: BTreeMap<SectionId, Working>,
    /// Held statements whose changes may come into effect.
    pub(super) held: BTreeMap<StatementId, Statement>,
    /// Edits that are not signed yet, oldest first.
    pub(super) journal: Vec<Journaled>,
    /// Edits that were journaled and whose place is gone.
    pub(super) unfit: Vec<Journaled>,
    /// Suggestions that came back to their authors.
    pub(super) returned: BTreeMap<StatementId, Returned>,
    /// Where every statement of the ledger came from.
    pub(super) origins: Origins,
    /// Texts that two devices edited without seeing each other's edits.
    meetings: Meetings,
    /// The actor with which this run of the program writes in a section.
    pub(super) sessions: BTreeMap<SectionId, Writer>,
}

impl Replicated {
    /// Begins with the first entry.
    pub(super) fn begin(
        line: Option<&CharterLine>,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(Self, Outcome), Divergence> {
        let (ledger, outcome) = Ledger::begin(line, statement, told)?;
        let mut replicated = Self::bare(ledger);
        replicated.take_in(statement, &outcome);
        Ok((replicated, outcome))
    }

    fn bare(ledger: Ledger) -> Self {
        Self {
            ledger,
            effective: BTreeMap::new(),
            ahead: None,
            signed: BTreeMap::new(),
            working: BTreeMap::new(),
            held: BTreeMap::new(),
            returned: BTreeMap::new(),
            journal: Vec::new(),
            unfit: Vec::new(),
            origins: Origins::default(),
            meetings: Meetings::default(),
            sessions: BTreeMap::new(),
        }
    }

    /// A document that this device created and that the relay has not acknowledged.
    pub(super) fn unacknowledged(statement: &Statement) -> Result<Self, Refusal> {
        let document = Document::begin(statement)?;
        let court = DocumentCourt::new(document.kind().id.clone());
        let mut replicated = Self::bare(Ledger::Document(document, court));
        replicated.add_templates();
        Ok(replicated)
    }

    /// Replays an entry and takes its effect into the content.
    pub(super) fn replay(
        &mut self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        let content = |name: &SectionId| self.effective.get(name).cloned();
        self.ledger.look(&candidate.statement.header.act, content);
        let outcome = self.ledger.replay(line, candidate, told)?;
        self.take_in(candidate.statement, &outcome);
        Ok(outcome)
    }

    /// Gives every section that is new the content of its template.
    fn add_templates(&mut self) {
        let document = self.ledger.document();
        for name in document.sections().keys() {
            if self.effective.contains_key(name) {
                continue;
            }
            let content = document.kind().genesis_content(name);
            if let Some(content) = content {
                self.effective.insert(name.clone(), content);
            }
        }
    }

    fn take_in(&mut self, statement: &Statement, outcome: &Outcome) {
        self.add_templates();
        let hold = self.ledger.document().open_holds().get(&statement.id);
        self.origins.take_in(statement, &outcome.entry, hold);
        self.meetings.take_in(statement, outcome);
        if outcome.entry.verdict.is_held() {
            self.held.insert(statement.id, statement.clone());
        }
        let held: Vec<_> = outcome.effective.iter().filter_map(|id| self.held.remove(id)).collect();
        let own = outcome.effective.contains(&statement.id).then_some(statement);
        let mut sources: Vec<&Statement> = held.iter().chain(own).collect();
        sources.sort_by_key(|source| outcome.effective.iter().position(|id| *id == source.id));
        self.take_effect(&sources);
        let closed = outcome.closed.iter().filter_map(|id| Some((*id, self.held.remove(id)?))).collect();
        self.note_returned(statement, closed);
    }

    /// Takes statements into the effective content that came into effect with one entry.
    fn take_effect(&mut self, sources: &[&Statement]) {
        for section in changed_by(sources) {
            // What was ahead has come true: it is here already.
            let heads = heads_in(self.ledger.document(), &section);
            let ahead = self.signed.get_mut(&section).map(|content| content.heads());
            if ahead.is_some()
                && ahead.as_deref() == heads
                && let Some(content) = self.signed.remove(&section)
            {
                self.effective.insert(section, content);
            } else if let Some(content) = self.effective.get_mut(&section) {
                sources.iter().for_each(|source| apply_payload(content, &section, source));
            }
        }
    }

    /// Tells whether something of one's own is ahead of what everybody has in a section.
    pub(super) fn is_ahead_in(&self, section: &SectionId) -> bool {
        let journaled = self.journal.iter().any(|entry| entry.section == *section);
        journaled || self.signed.contains_key(section)
    }

    /// What everybody has of some sections, with edits on top; what does not fit is left out.
    pub fn with_edits(&self, edits: &[(SectionId, Vec<EditCommand>)]) -> BTreeMap<SectionId, Section> {
        let kind = self.ledger.document().kind();
        let edited = edits.iter().filter_map(|(section, commands)| {
            let mut content = self.copy_of(section, Base::Effective)?;
            for command in commands {
                let _ = apply_edit(content.doc_mut(), kind, section, command);
            }
            Some((section.clone(), content))
        });
        edited.collect()
    }

    /// A copy of a section's content to build a change on.
    pub(super) fn copy_of(&self, section: &SectionId, base: Base) -> Option<Section> {
        let signed = self.signed.get(section).filter(|_| base == Base::Signed);
        match signed.or_else(|| self.effective.get(section)) {
            Some(content) => Some(content.clone()),
            None => self.ledger.document().kind().genesis_content(section),
        }
    }

    /// Its id.
    pub fn id(&self) -> DocumentId {
        self.ledger.document().id()
    }

    /// The verified ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Where every statement of the verified ledger came from.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Texts that two devices edited without seeing each other's edits, until somebody edits them who
    /// saw both.
    pub fn meetings(&self) -> &Meetings {
        &self.meetings
    }

    /// The ledger with own unacknowledged statements.
    pub fn ahead_or_ledger(&self) -> &Ledger {
        self.ahead.as_ref().unwrap_or(&self.ledger)
    }

    /// The content that everybody has, of the sections that this person may read.
    pub fn effective(&self) -> BTreeMap<SectionId, &Section> {
        let shown = self.effective.iter().filter(|(name, _)| self.is_shown(name));
        shown.map(|(name, content)| (name.clone(), content)).collect()
    }

    /// The content with own changes on top, of the sections that this person may read.
    pub fn working(&self) -> BTreeMap<SectionId, &Section> {
        let mut content = self.effective();
        content.extend(self.signed.iter().map(|(name, content)| (name.clone(), content)));
        content.extend(self.working.iter().map(|(name, working)| (name.clone(), &working.content)));
        content
    }

    fn is_shown(&self, section: &SectionId) -> bool {
        self.ledger.document().sections().get(section).is_some_and(|state| state.known().is_some())
    }
}

/// The sections that statements change, as far as they may be read.
pub(super) fn changed_by(statements: &[&Statement]) -> BTreeSet<SectionId> {
    let parts = statements.iter().flat_map(|statement| statement.parts());
    let changing = parts.filter(|(_, payload)| payload.is_some_and(|payload| !payload.changes.is_empty()));
    changing.map(|(section, _)| section.clone()).collect()
}

/// The heads of a section's effective changes; `None` if it may not be read.
pub(super) fn heads_in<'a>(document: &'a Document, section: &SectionId) -> Option<&'a [ChangeId]> {
    Some(document.sections().get(section)?.known()?.index.heads())
}

/// Applies a statement's changes to the content of one section.
pub(super) fn apply_payload(content: &mut Section, section: &SectionId, statement: &Statement) {
    let mut payloads = statement.parts().filter(|(name, _)| *name == section);
    let Some((_, Some(payload))) = payloads.next() else { return };
    if !payload.changes.is_empty() {
        // The gate has let them pass, so they apply; content that did not would show in `verify`.
        let _ = content.apply(payload.changes.iter().map(|change| change.as_slice()));
    }
}
