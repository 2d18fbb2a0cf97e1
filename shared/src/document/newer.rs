//! A document whose kind or schema is newer than this program: its record is checked and kept, and
//! shown as far as it is understood, but nothing of it is judged.
//!
//! The judge looks at what changes touch, and for that the gate must know what each section began
//! with. A newer schema's first changes are not known here, so rights and state digests cannot be
//! replayed. What can be checked is: signatures, the chain, its times, the ground rules that each
//! entry cites, and that its author was in them. A section that begins as this program's newest
//! version of the kind does is followed through the gate, and its content shown; any other is
//! counted. Once the program is updated, the same entries are replayed in full.

use std::collections::{BTreeMap, BTreeSet};

use super::{Told, check_entry};
use crate::charter::CharterLine;
use crate::content::Section;
use crate::document::Divergence;
use crate::gate::SectionIndex;
use crate::ids::*;
use crate::judge::Refusal;
use crate::kinds::{self, Kind, Lookup};
use crate::ledger::Position;
use crate::statement::{Act, Payload, Statement};

/// A document that this program is too old to judge.
#[derive(Clone)]
pub struct NewerDocument {
    partnership: PartnershipId,
    id: DocumentId,
    kind: KindId,
    schema: u32,
    title: String,
    hashes: Vec<EntryHash>,
    time_ms: u64,
    sections: BTreeMap<SectionId, NewerSection>,
    /// Statements that wait, with the sections that they would change.
    waiting: BTreeMap<StatementId, BTreeSet<SectionId>>,
}

/// A section of such a document.
#[derive(Clone, Default)]
pub struct NewerSection {
    /// How many statements in force changed it.
    pub changes: u64,
    /// Who changed it last, and when (relay time, milliseconds since 1970).
    pub last: Option<(DeviceId, u64)>,
    /// Whether the relay leaves its content out for this reader.
    pub hidden: bool,
    content: Option<Content>,
}

/// What passed the gate from a beginning that this program knows.
#[derive(Clone)]
struct Content {
    genesis: Vec<ChangeId>,
    index: SectionIndex,
    section: Section,
}

impl NewerSection {
    /// Its content; `None` where it needs a newer program.
    pub fn content(&self) -> Option<&Section> {
        let content = self.content.as_ref().filter(|content| !self.hidden && content.is_proven())?;
        Some(&content.section)
    }
}

impl NewerDocument {
    /// Begins the document that a `Create` statement creates, before its first entry; `None` if it
    /// creates none, or one that this program can judge.
    pub fn begin(statement: &Statement) -> Option<Self> {
        let Act::Create { kind, schema, title, sections } = &statement.header.act else { return None };
        if kinds::find(kind, *schema).known().is_some() {
            return None;
        }
        let mut document = Self {
            partnership: statement.partnership(),
            id: statement.header.document,
            kind: kind.clone(),
            schema: *schema,
            title: title.clone(),
            hashes: Vec::new(),
            time_ms: 0,
            sections: BTreeMap::new(),
            waiting: BTreeMap::new(),
        };
        sections.iter().for_each(|section| document.ensure(section));
        Some(document)
    }

    /// Its id.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Its kind, which this program may not know.
    pub fn kind_id(&self) -> &KindId {
        &self.kind
    }

    /// The version of its schema.
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// The newest version of its kind that this program knows; `None` if it knows none.
    pub fn known_kind(&self) -> Option<&'static Kind> {
        match kinds::find(&self.kind, self.schema) {
            Lookup::Known(kind) => Some(kind),
            Lookup::Newer { .. } => kinds::newest(&self.kind),
            Lookup::Unknown => None,
        }
    }

    /// Its title, as given at creation.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How many entries its ledger has.
    pub fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Tells whether its first entry is still to come.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The last entry's place.
    pub fn head(&self) -> Option<Position> {
        self.hashes.last().map(|hash| Position { seq: self.len() - 1, hash: *hash })
    }

    /// The hash of the entry at `seq`.
    pub fn hash_at(&self, seq: u64) -> Option<EntryHash> {
        self.hashes.get(usize::try_from(seq).ok()?).copied()
    }

    /// The last entry's time, in milliseconds since 1970.
    pub fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// Its sections, by name.
    pub fn sections(&self) -> &BTreeMap<SectionId, NewerSection> {
        &self.sections
    }

    /// How many statements wait, as far as their end can be told without the judge.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the next entry: checks what can be checked without the judge. The statement's
    /// signature was checked when it was opened.
    ///
    /// # Errors
    ///
    /// A divergence; nothing changed then.
    pub fn replay(
        &mut self,
        line: &CharterLine,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Position, Divergence> {
        let entry = told.entry;
        let seq = entry.seq;
        if seq != self.len() || entry.previous != self.head().map(|head| head.hash) {
            return Err(Divergence::NotNext { seq });
        }
        check_entry(entry, statement, self.partnership, self.id)?;
        if matches!(statement.header.act, Act::Create { .. }) != (seq == 0) {
            return Err(Divergence::OtherStatement { seq });
        }
        let cited = entry.charter.ok_or(Divergence::Time { seq })?;
        if entry.time_ms <= self.time_ms || !line.is_newest_at(cited, entry.time_ms) {
            return Err(Divergence::Time { seq });
        }
        let refused = |refusal| Divergence::Refused { seq, refusal: Box::new(refusal) };
        self.check_seen(line, statement).map_err(refused)?;
        line.state_at(Some(cited)).standing(&statement.header.device).map_err(refused)?;
        self.take_in(statement, told);
        let position = entry.position();
        self.hashes.push(position.hash);
        self.time_ms = entry.time_ms;
        Ok(position)
    }

    /// What the author says to have seen must stand here.
    fn check_seen(&self, line: &CharterLine, statement: &Statement) -> Result<(), Refusal> {
        let seen = &statement.header.seen;
        seen.charter.map_or(Ok(()), |ground| line.check(ground))?;
        let Some(position) = seen.document else { return Ok(()) };
        match self.hash_at(position.seq) {
            None => Err(Refusal::Behind { head: self.head() }),
            Some(hash) if hash != position.hash => Err(Refusal::Forked { seq: position.seq }),
            Some(_) => Ok(()),
        }
    }

    fn take_in(&mut self, statement: &Statement, told: Told<'_>) {
        for (section, _) in told.redaction.iter().flat_map(|redaction| &redaction.leaves) {
            self.ensure(section);
            self.sections.entry(section.clone()).or_default().hidden = true;
        }
        let parts = || statement.header.parts.iter().map(|part| part.section.clone());
        match &statement.header.act {
            Act::Edit { .. } if told.entry.verdict.is_held() => {
                self.waiting.insert(statement.id, parts().collect());
            }
            Act::Edit { .. } => {
                for (section, payload) in statement.parts() {
                    self.change(statement.header.device, told.entry.time_ms, section, payload);
                }
            }
            Act::Endorse { target, .. } => {
                // Whether it came into effect by this, only the judge can tell.
                for section in self.waiting.remove(target).into_iter().flatten().chain(parts()) {
                    self.change(statement.header.device, told.entry.time_ms, &section, None);
                }
            }
            Act::Decline { target, .. } | Act::Withdraw { target } => {
                self.waiting.remove(target);
            }
            _ => {}
        }
    }

    /// Takes a change of a section in; without a payload its content is not known from here on.
    fn change(&mut self, device: DeviceId, time_ms: u64, name: &SectionId, payload: Option<&Payload>) {
        self.ensure(name);
        let id = self.id;
        let section = self.sections.entry(name.clone()).or_default();
        section.changes += 1;
        section.last = Some((device, time_ms));
        let Some(content) = section.content.take() else { return };
        section.content = payload.and_then(|payload| content.with(device, id, name, payload));
    }

    fn ensure(&mut self, name: &SectionId) {
        if self.sections.contains_key(name) {
            return;
        }
        let content = self.known_kind().and_then(|kind| Content::begin(kind, name));
        self.sections.insert(name.clone(), NewerSection { content, ..NewerSection::default() });
    }
}

impl Content {
    fn begin(kind: &Kind, name: &SectionId) -> Option<Self> {
        let index = kind.genesis_index(name)?;
        let section = kind.genesis_content(name)?;
        Some(Self { genesis: index.heads().to_vec(), index, section })
    }

    /// Tells whether somebody built on what the section begins with here: their change names its
    /// hash, so the newer schema begins with the same.
    fn is_proven(&self) -> bool {
        self.index.heads().iter().all(|head| !self.genesis.contains(head))
    }

    /// The content after `payload`; `None` if the gate does not let it pass, because the section
    /// began as something that this program does not know.
    fn with(
        mut self,
        device: DeviceId,
        document: DocumentId,
        name: &SectionId,
        payload: &Payload,
    ) -> Option<Self> {
        let actor = ActorKey::derive(device, document, name, payload.nonce?);
        let changes = payload.change_bytes();
        let checked = self.index.check(&[], actor, &changes).ok()?;
        self.index.apply(&checked).ok()?;
        self.section.apply(&changes).ok()?;
        Some(self)
    }
}
