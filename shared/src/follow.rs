//! A document with its court, entry by entry, with as much of its content as verdicts rest on.

use std::collections::BTreeMap;

use crate::charter::{CharterLine, CharterState};
use crate::content::Section;
use crate::document::{Divergence, Document, Hold, Outcome, Told};
use crate::ids::*;
use crate::judge::{DocumentCourt, Need, Refusal};
use crate::kinds::Kind;
use crate::statement::Statement;

/// A document that is replayed from its entries alone.
#[derive(Clone)]
pub struct Follower {
    document: Document,
    court: DocumentCourt,
    changes: ChangeLog,
}

impl Follower {
    /// Begins the document that a statement creates, before its first entry.
    ///
    /// # Errors
    ///
    /// As [`Document::begin`].
    pub fn begin(statement: &Statement) -> Result<Self, Refusal> {
        let document = Document::begin(statement)?;
        let court = DocumentCourt::new(document.kind().id.clone());
        Ok(Self { document, court, changes: ChangeLog::default() })
    }

    /// Replays an entry; see [`Document::replay`].
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn replay(
        &mut self,
        line: &CharterLine,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        let kind = self.document.kind();
        self.court.look(&self.document, &statement.header.act, |name| self.changes.content(kind, name));
        let outcome = self.document.replay(&mut self.court, line, statement, told)?;
        self.changes.take(statement, &outcome);
        Ok(outcome)
    }

    /// Enters a statement; see [`Document::append`].
    ///
    /// # Errors
    ///
    /// A refusal; nothing changed then.
    pub fn append(
        &mut self,
        line: &CharterLine,
        statement: &Statement,
        time_ms: u64,
    ) -> Result<Outcome, Refusal> {
        let kind = self.document.kind();
        self.court.look(&self.document, &statement.header.act, |name| self.changes.content(kind, name));
        let outcome = self.document.append(&mut self.court, line, line.head(), statement, time_ms, None)?;
        self.changes.take(statement, &outcome);
        Ok(outcome)
    }

    /// The effective content of a section; `None` if the kind has no such section.
    pub fn content(&mut self, name: &SectionId) -> Option<Section> {
        self.changes.content(self.document.kind(), name)
    }

    /// Who must still agree to an open suggestion or version.
    pub fn needs(&self, charter: &CharterState, hold: &Hold) -> Vec<Need> {
        self.document.needs(&self.court, charter, hold)
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document and its court, without the content.
    pub fn into_parts(self) -> (Document, DocumentCourt) {
        (self.document, self.court)
    }
}

/// The changes that a statement carries, by section.
type Carried = Vec<(SectionId, Vec<Vec<u8>>)>;

fn carried(statement: &Statement) -> Carried {
    let parts = statement.parts().filter_map(|(section, payload)| {
        let changes = payload?.change_bytes();
        (!changes.is_empty()).then(|| (section.clone(), changes))
    });
    parts.collect()
}

/// The changes in effect by section, from which content is built when it is asked for.
#[derive(Debug, Clone, Default)]
struct ChangeLog {
    held: BTreeMap<StatementId, Carried>,
    sections: BTreeMap<SectionId, Grown>,
}

/// A section's content as it was last built, and the changes since.
#[derive(Debug, Clone, Default)]
struct Grown {
    content: Option<Section>,
    since: Vec<Vec<u8>>,
}

impl ChangeLog {
    /// Takes note of an entry: a statement and what it brought into effect.
    fn take(&mut self, statement: &Statement, outcome: &Outcome) {
        if outcome.entry.verdict.is_held() {
            self.held.insert(statement.id, carried(statement));
        }
        for id in &outcome.effective {
            match *id == statement.id {
                true => self.grow(carried(statement)),
                false => {
                    let freed = self.held.remove(id).unwrap_or_default();
                    self.grow(freed);
                }
            }
        }
        for id in &outcome.closed {
            self.held.remove(id);
        }
    }

    fn grow(&mut self, parts: Carried) {
        for (section, changes) in parts {
            self.sections.entry(section).or_default().since.extend(changes);
        }
    }

    /// The effective content of a section; `None` if the kind has no such section, or the changes
    /// do not apply.
    fn content(&mut self, kind: &Kind, name: &SectionId) -> Option<Section> {
        let grown = self.sections.entry(name.clone()).or_default();
        let mut content = match grown.content.take() {
            Some(content) => content,
            None => kind.genesis_content(name)?,
        };
        content.apply(grown.since.drain(..)).ok()?;
        grown.content = Some(content.clone());
        Some(content)
    }
}
