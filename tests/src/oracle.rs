//! Every ledger on the relay's disk, replayed apart from relay and replicas, with its content.

use std::collections::BTreeMap;

use entente_server::relay::recorded::Recorded;
use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::document::{Document, Outcome, Told};
use entente_shared::ids::*;
use entente_shared::judge::DocumentCourt;
use entente_shared::ledger::Entry;
use entente_shared::statement::{Act, Envelope, Statement};
use entente_shared::verify::Evidence;
use entente_store::{Store, StoredEntry};

/// What the relay's disk says.
pub struct Oracle {
    /// The charter, if anything was founded.
    pub charter: Option<Charter>,
    /// The other documents.
    pub documents: BTreeMap<DocumentId, Replayed>,
    /// Every entry: the charter's first, then document by document.
    pub entries: Vec<Entered>,
}

/// One entry, and what it did.
pub struct Entered {
    /// The entry.
    pub entry: Entry,
    /// Its statement.
    pub statement: Statement,
    /// The statements that came into effect at it.
    pub effective: Vec<StatementId>,
    /// The statements that were closed at it.
    pub closed: Vec<StatementId>,
    /// Whether everything that it signs stood there, word for word, before it.
    pub signs_what_stands: bool,
}

/// One document.
pub struct Replayed {
    /// Its state.
    pub document: Document,
    /// The content in effect.
    pub contents: BTreeMap<SectionId, Section>,
}

/// All entries of all ledgers, in no order that matters.
pub fn all_entries(store: &impl Store) -> Vec<StoredEntry> {
    let partnerships = store.partnerships().into_iter();
    let documents = partnerships.flat_map(|partnership| store.documents(partnership));
    documents.flat_map(|document| entries_of(store, document)).collect()
}

/// All entries of one ledger.
pub fn entries_of(store: &impl Store, document: DocumentId) -> Vec<StoredEntry> {
    store.entries(document, 0, usize::MAX, usize::MAX).expect("the relay's disk is sound")
}

/// An entry and its statement as they were stored.
pub fn open(stored: &StoredEntry) -> (Entry, Statement) {
    let recorded: Recorded =
        codec::decode("stored entry", &stored.entry, stored.entry.len()).expect("the relay wrote it");
    let envelope: Envelope =
        codec::decode("envelope", &stored.envelope, stored.envelope.len()).expect("the relay wrote it");
    let entry = recorded.entry().expect("the relay wrote it");
    (entry, Statement::open(envelope).expect("the relay took it"))
}

/// The same as evidence for a verifier.
pub fn evidence(stored: &StoredEntry) -> Evidence {
    let (entry, statement) = open(stored);
    Evidence { entry: codec::encode(&entry), envelope: statement.envelope, redaction: None }
}

impl Oracle {
    /// Replays what `store` holds.
    ///
    /// # Errors
    ///
    /// The first entry that does not replay, in words.
    pub fn read(store: &impl Store) -> Result<Self, String> {
        let mut oracle = Self { charter: None, documents: BTreeMap::new(), entries: Vec::new() };
        for partnership in store.partnerships() {
            let charter = store.find(StatementId(partnership.0)).map_err(|error| error.to_string())?;
            let (charter, _) = charter.ok_or("the founding is not found")?;
            oracle.read_charter(&entries_of(store, charter))?;
            for document in store.documents(partnership) {
                if document != charter {
                    oracle.read_document(document, &entries_of(store, document))?;
                }
            }
        }
        Ok(oracle)
    }

    fn read_charter(&mut self, entries: &[StoredEntry]) -> Result<(), String> {
        for (entry, statement) in entries.iter().map(open) {
            let told = Told { entry: &entry, redaction: None };
            let signs_what_stands = self.charter.as_ref().is_none_or(|charter| signs(charter, &statement));
            let outcome = match &mut self.charter {
                None => {
                    let (charter, outcome) = Charter::replay_found(&statement, told).map_err(in_words)?;
                    self.charter = Some(charter);
                    outcome
                }
                Some(charter) => charter.replay(&statement, told).map_err(in_words)?,
            };
            self.entries.push(Entered::new(entry, statement, outcome, signs_what_stands));
        }
        Ok(())
    }

    fn read_document(&mut self, id: DocumentId, entries: &[StoredEntry]) -> Result<(), String> {
        let charter = self.charter.as_ref().ok_or("a document without a charter")?;
        let Some(first) = entries.first() else { return Ok(()) };
        let document = Document::begin(&open(first).1).map_err(|refusal| refusal.to_string())?;
        let mut court = DocumentCourt::new(document.kind().id.clone());
        let mut replayed = Replayed { document, contents: BTreeMap::new() };
        let mut statements = BTreeMap::new();
        for (entry, statement) in entries.iter().map(open) {
            let cited = entry.charter.ok_or("an entry cites no charter")?;
            if !charter.line().is_newest_at(cited, entry.time_ms) {
                return Err(format!("entry {} cites a charter that is not the newest", entry.seq));
            }
            let told = Told { entry: &entry, redaction: None };
            court
                .look(&replayed.document, &statement.header.act, |name| replayed.contents.get(name).cloned());
            let outcome =
                replayed.document.replay(&mut court, charter.line(), &statement, told).map_err(in_words)?;
            statements.insert(statement.id, statement.clone());
            replayed.take_in(&outcome, &statements)?;
            self.entries.push(Entered::new(entry, statement, outcome, true));
        }
        self.documents.insert(id, replayed);
        Ok(())
    }
}

impl Entered {
    fn new(entry: Entry, statement: Statement, outcome: Outcome, signs_what_stands: bool) -> Self {
        let Outcome { effective, closed, .. } = outcome;
        Self { entry, statement, effective, closed, signs_what_stands }
    }
}

/// Tells whether what a statement signs in the charter is what stands there.
fn signs(charter: &Charter, statement: &Statement) -> bool {
    let Act::Sign { items } = &statement.header.act else { return true };
    items.iter().all(|item| {
        let content = charter.court().sections().get(&item.section).cloned();
        content.is_some_and(|mut content| content.digest() == item.digest && content.heads() == item.heads)
    })
}

impl Replayed {
    fn take_in(
        &mut self,
        outcome: &Outcome,
        statements: &BTreeMap<StatementId, Statement>,
    ) -> Result<(), String> {
        let kind = self.document.kind();
        for name in self.document.sections().keys() {
            if !self.contents.contains_key(name) {
                let genesis = kind.genesis(name).ok_or("a section that its kind does not know")?;
                let content = Section::from_genesis(&genesis).map_err(|error| error.to_string())?;
                self.contents.insert(name.clone(), content);
            }
        }
        for statement in outcome.effective.iter().filter_map(|id| statements.get(id)) {
            for (section, payload) in statement.parts() {
                let (Some(content), Some(payload)) = (self.contents.get_mut(section), payload) else {
                    continue;
                };
                content.apply(payload.change_bytes()).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

fn in_words(error: impl ToString) -> String {
    error.to_string()
}
