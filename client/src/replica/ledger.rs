//! One document as this device has it: verified ledger, effective content, and what is ahead of it.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::charter::{Charter, CharterLine, CharterState};
use entente_shared::codec;
use entente_shared::content::{EditCommand, Section, apply_edit};
use entente_shared::document::{Divergence, Document, Hold, Outcome, Preview, Told};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Need, Refusal};
use entente_shared::ledger::{Entry, Position};
use entente_shared::limits;
use entente_shared::statement::{Act, Statement};
use entente_shared::verify::Evidence;
use entente_shared::wire::Redaction;
use minicbor::{Decode, Encode};

use super::CommandError;
use super::origins::Origins;

/// A verified entry with its statement, as the shell stores it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Kept {
    /// Where it stands.
    #[n(0)]
    pub position: Position,
    /// The relay's time, in milliseconds since 1970.
    #[n(1)]
    pub time_ms: u64,
    /// The statement.
    #[n(2)]
    pub statement: StatementId,
    /// The entry's bytes.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The envelope's bytes, as far as this person may read it.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub envelope: Vec<u8>,
    /// What this device was told about sections that it may not read.
    #[n(5)]
    pub redaction: Option<Redaction>,
}

/// Most bytes of a kept entry: a statement, its entry and what redacts it.
const KEPT_BYTES_MAX: usize = 4 * limits::STATEMENT_BYTES_MAX;

impl Kept {
    /// Writes it for a shell whose store knows no fields.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads it back; `None` if the bytes are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        codec::decode("entry", bytes, KEPT_BYTES_MAX).ok()
    }

    /// The evidence that a check of the whole record replays; `None` if it is damaged.
    pub fn evidence(&self) -> Option<Evidence> {
        let envelope = codec::decode("envelope", &self.envelope, 2 * limits::STATEMENT_BYTES_MAX).ok()?;
        Some(Evidence { entry: self.entry.clone(), envelope, redaction: self.redaction.clone() })
    }
}

/// The charter or another document, replayed.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one charter; documents live in maps")]
pub enum Ledger {
    /// The charter, which judges itself.
    Charter(Charter),
    /// Any other document with its court.
    Document(Document, DocumentCourt),
}

impl Ledger {
    /// The document.
    pub fn document(&self) -> &Document {
        match self {
            Self::Charter(charter) => charter.document(),
            Self::Document(document, _) => document,
        }
    }

    /// The charter, if this is it.
    pub fn charter(&self) -> Option<&Charter> {
        match self {
            Self::Charter(charter) => Some(charter),
            Self::Document(..) => None,
        }
    }

    /// Who must still agree to an open suggestion.
    pub fn needs(&self, state: &CharterState, hold: &Hold) -> Vec<Need> {
        match self {
            Self::Charter(charter) => charter.document().needs(charter.court(), state, hold),
            Self::Document(document, court) => document.needs(court, state, hold),
        }
    }

    /// Enters a statement as the relay would.
    ///
    /// # Errors
    ///
    /// A refusal; nothing changed then.
    pub fn append(
        &mut self,
        line: Option<&CharterLine>,
        statement: &Statement,
        time_ms: u64,
    ) -> Result<Outcome, Refusal> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.append(statement, time_ms, None),
            (Self::Document(document, court), Some(line)) => {
                document.append(court, line, line.head(), statement, time_ms, None)
            }
            (Self::Document(..), None) => Err(Refusal::UnknownDevice),
        }
    }

    /// Tells what the relay would say.
    ///
    /// # Errors
    ///
    /// A refusal.
    pub fn preview(
        &self,
        line: Option<&CharterLine>,
        statement: &Statement,
        time_ms: u64,
    ) -> Result<Preview, Refusal> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.preview(statement, time_ms),
            (Self::Document(document, court), Some(line)) => {
                document.preview(court, line, line.head(), statement, time_ms)
            }
            (Self::Document(..), None) => Err(Refusal::UnknownDevice),
        }
    }

    /// Replays an entry of the relay.
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn replay(
        &mut self,
        line: Option<&CharterLine>,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.replay(statement, told),
            (Self::Document(document, court), Some(line)) => {
                let seq = told.entry.seq;
                let cited = told.entry.charter.ok_or(Divergence::Time { seq })?;
                if !line.is_newest_at(cited, told.entry.time_ms) {
                    return Err(Divergence::Time { seq });
                }
                document.replay(court, line, statement, told)
            }
            (Self::Document(..), None) => Err(Divergence::Time { seq: told.entry.seq }),
        }
    }

    /// Begins a ledger with its first entry.
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn begin(
        line: Option<&CharterLine>,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(Self, Outcome), Divergence> {
        let seq = told.entry.seq;
        if matches!(statement.header.act, Act::Found { .. }) {
            let (charter, outcome) = Charter::replay_found(statement, told)?;
            return Ok((Self::Charter(charter), outcome));
        }
        let document = Document::begin(statement).map_err(|refusal| match refusal {
            Refusal::Unknown { detail } => Divergence::TooNew { seq, detail },
            refusal => Divergence::Refused { seq, refusal: Box::new(refusal) },
        })?;
        let court = DocumentCourt::new(document.kind().id.clone());
        let mut ledger = Self::Document(document, court);
        let outcome = ledger.replay(line, statement, told)?;
        Ok((ledger, outcome))
    }
}

/// One journaled edit: not yet signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Journaled {
    /// Its number in the journal, and so in the records.
    pub number: u64,
    /// The section.
    pub section: SectionId,
    /// The edit.
    pub command: EditCommand,
    /// When the person made it (this device's clock, milliseconds since 1970).
    pub time_ms: u64,
}

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
    unfit: Vec<Journaled>,
    /// Where every statement of the ledger came from.
    pub(super) origins: Origins,
    /// The actor with which this run of the program writes in a section.
    pub(super) sessions: BTreeMap<SectionId, Writer>,
}

/// An actor of this device, with the nonce that it is derived from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Writer {
    /// The nonce, for the payload.
    pub nonce: ActorNonce,
    /// The actor.
    pub actor: ActorKey,
}

/// A section's content with the journaled edits on top, as operations that are not committed.
#[derive(Clone)]
pub(super) struct Working {
    /// The content.
    pub content: Section,
    /// Who writes the edits; while nobody does, they have to be made anew before they are signed.
    pub writer: Option<Writer>,
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
            journal: Vec::new(),
            unfit: Vec::new(),
            origins: Origins::default(),
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
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        let outcome = self.ledger.replay(line, statement, told)?;
        self.take_in(statement, &outcome);
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
        if outcome.entry.verdict.is_held() {
            self.held.insert(statement.id, statement.clone());
        }
        for id in &outcome.effective {
            let held = self.held.remove(id);
            let source = if *id == statement.id { Some(statement) } else { held.as_ref() };
            if let Some(source) = source {
                apply_payloads(&mut self.effective, source);
            }
        }
        for id in &outcome.closed {
            self.held.remove(id);
        }
    }

    /// Builds what is ahead anew: own statements in their order, then the journal.
    ///
    /// Returns the statements that the judge would refuse as things stand.
    pub(super) fn look_ahead<'a>(
        &mut self,
        line: Option<&CharterLine>,
        own: impl Iterator<Item = &'a Statement>,
        now_ms: u64,
    ) -> Vec<(StatementId, Refusal)> {
        let mut refused = Vec::new();
        let mut ahead: Option<Ledger> = None;
        self.signed.clear();
        for statement in own {
            let ledger = ahead.get_or_insert_with(|| self.ledger.clone());
            let time_ms = ledger.document().time_ms().max(now_ms) + 1;
            let appended = ledger.append(line, statement, time_ms);
            if !appended.as_ref().is_ok_and(|outcome| !outcome.entry.verdict.is_held()) {
                // Nothing may build on it here, so its actor must not go on either.
                for (section, _) in statement.parts() {
                    self.sessions.remove(section);
                }
            }
            match appended {
                Ok(outcome) => {
                    for id in &outcome.effective {
                        let source = if *id == statement.id { Some(statement) } else { self.held.get(id) };
                        if let Some(source) = source {
                            let missing = source.parts().map(|(section, _)| section);
                            let missing: Vec<_> =
                                missing.filter(|section| !self.signed.contains_key(*section)).collect();
                            for section in missing {
                                if let Some(content) = self.copy_of(section, Base::Effective) {
                                    self.signed.insert(section.clone(), content);
                                }
                            }
                            apply_payloads(&mut self.signed, source);
                        }
                    }
                }
                Err(refusal) => refused.push((statement.id, refusal)),
            }
        }
        self.ahead = ahead;
        self.apply_journal();
        refused
    }

    /// Applies journaled edits to the working content.
    fn apply_journal(&mut self) {
        self.working.clear();
        let journal = std::mem::take(&mut self.journal);
        for entry in journal {
            // An edit may fit no longer: the row that it was written in is gone.
            match self.edit_working(&entry.section, &entry.command) {
                Ok(()) => self.journal.push(entry),
                Err(_) => self.unfit.push(entry),
            }
        }
    }

    /// Takes the journaled edits that do not fit any more.
    pub(super) fn take_unfit(&mut self) -> Vec<Journaled> {
        std::mem::take(&mut self.unfit)
    }

    /// Applies one edit to the working content, without signing anything.
    pub(super) fn edit_working(
        &mut self,
        section: &SectionId,
        command: &EditCommand,
    ) -> Result<(), CommandError> {
        let kind = self.ledger.document().kind();
        if !self.working.contains_key(section) {
            let content = self.copy_of(section, Base::Signed);
            let mut content = content.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
            let writer = self.sessions.get(section).copied();
            if let Some(writer) = writer {
                content.set_actor(writer.actor);
            }
            self.working.insert(section.clone(), Working { content, writer });
        }
        let Some(working) = self.working.get_mut(section) else { return Ok(()) };
        Ok(apply_edit(working.content.doc_mut(), kind, section, command)?)
    }

    /// The section with its journaled edits, not committed, for `writer` to go on writing: as it
    /// stands, or made anew where somebody else began it.
    pub(super) fn written_by(&self, section: &SectionId, writer: Writer) -> Option<Section> {
        match self.working.get(section) {
            Some(working) if working.writer == Some(writer) => Some(working.content.clone()),
            _ => {
                let kind = self.ledger.document().kind();
                let mut content = self.copy_of(section, Base::Signed)?;
                content.set_actor(writer.actor);
                for entry in self.journal.iter().filter(|entry| entry.section == *section) {
                    // What no longer fits was taken out as soon as its place went (`take_unfit`).
                    let _ = apply_edit(content.doc_mut(), kind, section, &entry.command);
                }
                Some(content)
            }
        }
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

    /// The ledger with own unacknowledged statements.
    pub fn ahead_or_ledger(&self) -> &Ledger {
        self.ahead.as_ref().unwrap_or(&self.ledger)
    }

    /// How many sections have edits that are not signed yet.
    pub(super) fn journaled_sections(&self) -> usize {
        self.journal.iter().map(|entry| &entry.section).collect::<BTreeSet<_>>().len()
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

/// Applies a statement's changes to the contents that are there.
fn apply_payloads(contents: &mut BTreeMap<SectionId, Section>, statement: &Statement) {
    for (section, payload) in statement.parts() {
        let (Some(content), Some(payload)) = (contents.get_mut(section), payload) else { continue };
        if !payload.changes.is_empty() {
            // The gate has let them pass, so they apply; content that did not would show in `verify`.
            let _ = content.apply(payload.changes.iter().map(|change| change.as_slice()));
        }
    }
}

/// Reads an entry's bytes.
pub(super) fn read_entry(bytes: &[u8]) -> Option<Entry> {
    codec::decode("entry", bytes, limits::HEADER_BYTES_MAX).ok()
}
