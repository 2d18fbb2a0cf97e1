//! A replica that follows what the relay sends, and believes none of it without a replay.

use std::collections::BTreeMap;

use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::document::{Divergence, Document, Outcome, Told};
use entente_shared::ids::*;
use entente_shared::judge::DocumentCourt;
use entente_shared::ledger::{Entry, Position};
use entente_shared::statement::{Act, Seen, Statement};
use entente_shared::wire::{Delivery, Known};

use super::people::genesis;

/// What one device has verified.
#[derive(Default)]
pub struct Mirror {
    charter: Option<Charter>,
    documents: BTreeMap<DocumentId, Copy>,
    /// Everything that came, to be handed back to a relay that has lost it.
    pub deliveries: BTreeMap<DocumentId, Vec<Delivery>>,
    time_ms: u64,
}

/// One document as its replica has it.
pub struct Copy {
    /// The replayed state.
    pub document: Document,
    court: DocumentCourt,
    contents: BTreeMap<SectionId, Section>,
    statements: BTreeMap<StatementId, Statement>,
}

impl Mirror {
    /// Replays one delivered entry.
    ///
    /// # Errors
    ///
    /// The relay showed something else than the rules say.
    pub fn take(&mut self, document: DocumentId, delivery: &Delivery) -> Result<Outcome, Divergence> {
        let entry: Entry = codec::decode("entry", &delivery.entry, 1 << 20).expect("an entry");
        let seq = entry.seq;
        let statement = Statement::open_verified(delivery.envelope.clone());
        let statement = statement.map_err(|_| Divergence::Signature { seq })?;
        let told = Told { entry: &entry, redaction: delivery.redaction.as_ref() };
        let outcome = self.replay(document, &statement, told)?;
        self.time_ms = self.time_ms.max(entry.time_ms);
        self.deliveries.entry(document).or_default().push(delivery.clone());
        Ok(outcome)
    }

    fn replay(
        &mut self,
        document: DocumentId,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        let seq = told.entry.seq;
        let Some(charter) = &mut self.charter else {
            let (charter, outcome) = Charter::replay_found(statement, told)?;
            self.charter = Some(charter);
            return Ok(outcome);
        };
        if charter.document().id() == document {
            return charter.replay(statement, told);
        }
        let cited = told.entry.charter.ok_or(Divergence::Time { seq })?;
        if !charter.line().is_newest_at(cited, told.entry.time_ms) {
            return Err(Divergence::Time { seq });
        }
        if let (0, Act::Create { kind, .. }) = (seq, &statement.header.act) {
            let begun = Document::begin(statement)
                .map_err(|refusal| Divergence::Refused { seq, refusal: Box::new(refusal) })?;
            let court = DocumentCourt::new(kind.clone());
            let copy =
                Copy { document: begun, court, contents: BTreeMap::new(), statements: BTreeMap::new() };
            self.documents.insert(document, copy);
        }
        let copy = self.documents.get_mut(&document).ok_or(Divergence::NotNext { seq })?;
        let contents = &copy.contents;
        let kind = copy.document.kind();
        let content = |name: &SectionId| contents.get(name).cloned().or_else(|| kind.genesis_content(name));
        copy.court.look(&copy.document, &statement.header.act, content);
        let outcome = copy.document.replay(&mut copy.court, charter.line(), statement, told)?;
        copy.statements.insert(statement.id, statement.clone());
        copy.apply(&outcome.effective);
        Ok(outcome)
    }

    /// The charter.
    pub fn charter(&self) -> &Charter {
        self.charter.as_ref().expect("founded")
    }

    /// The charter's document.
    pub fn charter_id(&self) -> DocumentId {
        self.charter().document().id()
    }

    /// The partnership.
    pub fn partnership(&self) -> PartnershipId {
        self.charter().document().partnership()
    }

    /// One document but the charter.
    pub fn document(&self, document: DocumentId) -> Option<&Copy> {
        self.documents.get(&document)
    }

    /// The time of the newest entry, in milliseconds since 1970.
    pub fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// The last entry of a document.
    pub fn head(&self, document: DocumentId) -> Option<Position> {
        let charter = self.charter.as_ref()?;
        if charter.document().id() == document {
            return charter.document().head();
        }
        self.documents.get(&document)?.document.head()
    }

    /// What a statement about `document` has seen.
    pub fn seen(&self, document: DocumentId) -> Seen {
        let charter = self.charter.as_ref().and_then(|charter| charter.document().head());
        Seen { document: self.head(document), charter }
    }

    /// What to subscribe with.
    pub fn known(&self) -> Vec<Known> {
        let charter = self.charter.as_ref().map(|charter| charter.document().id());
        let documents = charter.into_iter().chain(self.documents.keys().copied());
        documents.filter_map(|document| Some(Known { document, head: self.head(document)? })).collect()
    }

    /// The effective content of a section; its genesis if nobody has written there.
    pub fn content(&self, document: DocumentId, section: &SectionId) -> Section {
        let charter = self.charter();
        if charter.document().id() == document {
            let found = charter.court().sections().get(section).cloned();
            return found.unwrap_or_else(|| genesis("charter", section));
        }
        let copy = &self.documents[&document];
        let found = copy.contents.get(section).cloned();
        found.unwrap_or_else(|| genesis(copy.document.kind().id.as_str(), section))
    }
}

impl Copy {
    fn apply(&mut self, effective: &[StatementId]) {
        let kind = self.document.kind().id.clone();
        for statement in effective.iter().filter_map(|id| self.statements.get(id)) {
            for (section, payload) in statement.parts() {
                let Some(payload) = payload.filter(|payload| !payload.changes.is_empty()) else { continue };
                let content =
                    self.contents.entry(section.clone()).or_insert_with(|| genesis(kind.as_str(), section));
                content.apply(payload.change_bytes()).expect("the gate let it pass");
            }
        }
    }
}
