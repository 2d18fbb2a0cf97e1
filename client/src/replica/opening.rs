//! Opening a replica from its store.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::document::{Divergence, Told};
use entente_shared::ids::*;
use entente_shared::ledger::SignedCheckpoint;
use entente_shared::limits;
use entente_shared::statement::{Act, Envelope, Statement};

use super::ledger::read_entry;
use super::records::{self, Profile, Record, RecordError};
use super::replicated::Replicated;
use super::{Effect, Kept, Marker, Place, Replica, link, outbox};

/// What the store holds of one replica.
#[derive(Debug, Default)]
pub struct Stored {
    /// The ledgers, by document; entries in order.
    pub ledgers: BTreeMap<DocumentId, Vec<Kept>>,
    /// The records.
    pub records: Vec<(Vec<u8>, Vec<u8>)>,
    /// The relay's last words as they were kept outside the store.
    pub witnessed: Vec<SignedCheckpoint>,
    /// Documents at which the program stopped before: they are left alone, and the others go on.
    pub poison: BTreeSet<DocumentId>,
    /// Is told which document the replica works on, before it does: whoever hears it knows at which
    /// document the program stopped.
    pub at_work: Option<fn(DocumentId)>,
    /// Who is told which entry is taken in.
    pub marker: Marker,
    /// The entry of which the program has died, run after run.
    pub poisoned: Option<Place>,
}

/// Why a replica could not be opened.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// There is no profile: nothing was founded or joined here.
    #[error("there is no partnership in this folder")]
    Empty,
    /// A record cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The charter's ledger does not replay: the folder is damaged.
    #[error("the ground rules on this device are damaged: {0}")]
    Charter(Divergence),
}

impl Replica {
    /// A replica that has nothing yet: about to found (`first` is its founding) or to join.
    pub fn new(key: Key, profile: Profile, first: Option<Statement>) -> Self {
        let mut replica = Self::bare(key, profile);
        replica.write_profile();
        if let Some(statement) = first {
            let outgoing = replica.outbox.push(statement, false);
            let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
            replica.effects.push(Effect::Write { key, value: Some(value) });
        }
        replica
    }

    fn bare(key: Key, profile: Profile) -> Self {
        Self {
            key,
            profile,
            charter: None,
            documents: BTreeMap::new(),
            newer: BTreeMap::new(),
            stopped: BTreeMap::new(),
            outbox: outbox::Outbox::default(),
            link: link::Link::default(),
            checkpoints: BTreeMap::new(),
            rebuilding: BTreeSet::new(),
            poison: BTreeMap::new(),
            attention: None,
            at_work: None,
            attested: BTreeMap::new(),
            shows_attested: false,
            attested_tries: 0,
            clock_ahead_ms: 0,
            knocks_as_member: false,
            deadly: BTreeMap::new(),
            marker: Marker::default(),
            effects: Vec::new(),
        }
    }

    /// Opens a replica from what its store holds. The ledgers are replayed; signatures were checked
    /// before the entries were stored, and are checked again by `verify` only.
    ///
    /// A document whose ledger does not replay is stopped, and the others go on.
    ///
    /// # Errors
    ///
    /// There is nothing here, or the charter or a record is damaged.
    pub fn open(key: Key, stored: Stored, now_ms: u64) -> Result<Self, OpenError> {
        let (mut profile, mut clock_ahead_ms, mut attested_tries) = (None, 0, 0);
        let mut journal = Vec::new();
        let (mut outgoing, mut stops) = (Vec::new(), Vec::new());
        let mut checkpoints: BTreeMap<DocumentId, SignedCheckpoint> = BTreeMap::new();
        for (name, value) in &stored.records {
            match records::read(name, value)? {
                Some(Record::Profile(found)) => profile = Some(found),
                Some(Record::Clock(ahead_ms)) => clock_ahead_ms = ahead_ms,
                Some(Record::Attested(tries)) => attested_tries = tries,
                Some(Record::Journal(document, entry)) => journal.push((document, entry)),
                Some(Record::Outgoing(one)) => outgoing.push(*one),
                Some(Record::Stop(document, stop)) => stops.push((document, stop)),
                Some(Record::Checkpoint(one)) => {
                    checkpoints.insert(one.checkpoint.document, one);
                }
                None => {}
            }
        }
        // A store that was put back to an older state has older words than its witness: the relay is
        // shown the furthest, so that it cannot take the older state for the newest either. Its clock
        // may have gone back, so the place in the chain says which that is.
        for one in stored.witnessed {
            let known = checkpoints.get(&one.checkpoint.document);
            if known.is_none_or(|known| known.checkpoint.head.seq < one.checkpoint.head.seq) {
                checkpoints.insert(one.checkpoint.document, one);
            }
        }
        let mut replica = Self::bare(key, profile.ok_or(OpenError::Empty)?);
        replica.at_work = stored.at_work;
        replica.checkpoints = checkpoints;
        replica.clock_ahead_ms = clock_ahead_ms;
        replica.attested_tries = attested_tries;
        outgoing.into_iter().for_each(|one| replica.outbox.load(one));
        replica.marker = stored.marker;
        replica.take_up_stops(stops, stored.poisoned);
        let replayed = replica.replay_stored(stored.ledgers, &stored.poison);
        replica.marker.mark(None);
        replayed?;
        replica.forget_entered();
        replica.begin_own_documents();
        for (document, entry) in journal {
            if let Some(replicated) = replica.replicated_mut(document) {
                replicated.journal.push(entry);
            }
        }
        replica.look_ahead_everywhere(now_ms);
        Ok(replica)
    }

    fn replay_stored(
        &mut self,
        ledgers: BTreeMap<DocumentId, Vec<Kept>>,
        poison: &BTreeSet<DocumentId>,
    ) -> Result<(), OpenError> {
        let partnership = self.profile.partnership;
        let is_charter = |kept: &[Kept]| kept.first().is_some_and(|first| first.statement.0 == partnership.0);
        let (charters, others): (Vec<_>, Vec<_>) =
            ledgers.into_iter().partition(|(_, kept)| is_charter(kept));
        for (document, kept) in charters {
            if poison.contains(&document) {
                return Err(OpenError::Charter(Divergence::Poison));
            }
            self.replay_living(document, &kept).map_err(OpenError::Charter)?;
        }
        for document in poison {
            self.stopped.insert(*document, Divergence::Poison);
        }
        for (document, kept) in others {
            if poison.contains(&document) {
                self.set_poison_aside(document, &kept);
                continue;
            }
            if let Err(divergence) = self.replay_living(document, &kept) {
                self.stopped.insert(document, divergence);
            }
        }
        Ok(())
    }

    /// Takes note of what a document is called that is not opened.
    fn set_poison_aside(&mut self, document: DocumentId, kept: &[Kept]) {
        let first = kept.first().and_then(read_statement).map(|statement| statement.header.act);
        if let Some(Act::Create { kind, title, .. }) = first {
            self.poison.insert(document, (kind, title));
        }
    }

    /// Replays up to the entry of which the program died, if there is one.
    fn replay_living(&mut self, document: DocumentId, kept: &[Kept]) -> Result<(), Divergence> {
        let living = kept.iter().take_while(|one| !self.is_deadly(document, one.position.seq)).count();
        kept[..living].iter().try_for_each(|one| self.replay_kept(document, one))
    }

    /// Takes out of the outbox what a crash left there although it stands in a ledger.
    fn forget_entered(&mut self) {
        let stands = |outgoing: &&outbox::Outgoing| {
            let ledger = self.replicated(outgoing.statement.header.document).ok().map(Replicated::ledger);
            ledger.is_some_and(|ledger| ledger.document().position_of(&outgoing.statement.id).is_some())
        };
        let entered: Vec<_> = self.outbox.iter().filter(stands).map(|one| one.statement.id).collect();
        for outgoing in entered.iter().filter_map(|id| self.outbox.remove(id)).collect::<Vec<_>>() {
            self.effects.push(Effect::Write { key: records::outbox_key(outgoing.number), value: None });
        }
    }

    fn replay_kept(&mut self, document: DocumentId, kept: &Kept) -> Result<(), Divergence> {
        self.works_on(document);
        let seq = kept.position.seq;
        let entry = read_entry(&kept.entry).ok_or(Divergence::NotNext { seq })?;
        let statement = read_statement(kept).ok_or(Divergence::OtherStatement { seq })?;
        self.replay(document, (&statement).into(), Told { entry: &entry, redaction: kept.redaction.as_ref() })
    }

    /// The content of a document after its entry `seq`, rebuilt from its stored entries `kept`, of
    /// the sections that may be read here.
    ///
    /// # Errors
    ///
    /// The entries do not replay: they are damaged.
    pub fn content_at(&self, kept: &[Kept], seq: u64) -> Result<BTreeMap<SectionId, Section>, Divergence> {
        let line = self.charter().map(|charter| charter.line());
        let mut rebuilt: Option<Replicated> = None;
        for one in kept.iter().filter(|one| one.position.seq <= seq) {
            let seq = one.position.seq;
            let entry = read_entry(&one.entry).ok_or(Divergence::NotNext { seq })?;
            let statement = read_statement(one).ok_or(Divergence::OtherStatement { seq })?;
            let told = Told { entry: &entry, redaction: one.redaction.as_ref() };
            match &mut rebuilt {
                Some(replicated) => replicated.replay(line, (&statement).into(), told).map(|_| ())?,
                None => rebuilt = Some(Replicated::begin(line, &statement, told)?.0),
            }
        }
        let content = rebuilt.iter().flat_map(|replicated| replicated.effective());
        Ok(content.map(|(name, section)| (name, section.clone())).collect())
    }

    /// Replays a document anew from its stored entries, and what is not signed yet on top.
    pub(super) fn rebuild(&mut self, document: DocumentId, kept: &[Kept]) {
        let is_charter = self.charter_id() == Ok(document);
        let before = if is_charter { self.charter.take() } else { self.documents.remove(&document) };
        if self.replay_living(document, kept).is_ok() {
            self.begin_own_documents();
        }
        if let (Some(before), Some(replicated)) = (before, self.replicated_mut(document)) {
            replicated.journal = before.journal;
        }
        match is_charter {
            true => self.look_ahead_everywhere(0),
            false => self.look_ahead(document, 0),
        }
    }

    fn look_ahead_everywhere(&mut self, now_ms: u64) {
        let charter = self.charter.as_ref().map(|charter| charter.id());
        let documents = self.documents.keys().copied();
        let all: Vec<_> = charter.into_iter().chain(documents).collect();
        all.into_iter().for_each(|document| self.look_ahead(document, now_ms));
    }

    /// Documents that were created here and that the relay has not acknowledged.
    pub(super) fn begin_own_documents(&mut self) {
        let creates = self.outbox.iter().map(|outgoing| &outgoing.statement);
        let creates = creates.filter(|statement| matches!(statement.header.act, Act::Create { .. }));
        for statement in creates {
            let document = statement.header.document;
            if self.stopped.get(&document) == Some(&Divergence::Poison) {
                continue;
            }
            if !self.documents.contains_key(&document)
                && let Ok(replicated) = Replicated::unacknowledged(statement)
            {
                self.documents.insert(document, replicated);
            }
        }
    }
}

pub(super) fn read_envelope(kept: &Kept) -> Option<Envelope> {
    codec::decode("envelope", &kept.envelope, 2 * limits::STATEMENT_BYTES_MAX).ok()
}

pub(super) fn read_statement(kept: &Kept) -> Option<Statement> {
    Statement::open(read_envelope(kept)?).ok()
}
