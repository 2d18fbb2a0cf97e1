//! One partnership in memory: its charter, its clock, and a slot for each of its documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use entente_shared::charter::{Charter, CharterState};
use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::document::Document;
use entente_shared::ids::*;
use entente_shared::judge::DocumentCourt;
use entente_shared::ledger::{Checkpoint, Position, SignedCheckpoint};
use entente_shared::rules::Member;
use entente_shared::wire::Delivery;
use entente_store::Record;
use minicbor::{Decode, Encode};

use super::io::ConnectionId;
use crate::limits::{Bucket, Limits};

/// One partnership.
pub(super) struct Partnership {
    pub id: PartnershipId,
    pub charter_id: DocumentId,
    /// Judged; its last entries may not be durable yet.
    pub charter: Charter,
    /// The charter as far as it is durable: who may connect and read. Absent while it is founded.
    pub durable: Option<Arc<CharterState>>,
    pub slots: BTreeMap<DocumentId, Slot>,
    /// The time of the newest entry of any ledger, in milliseconds since 1970.
    pub last_ms: u64,
    pub sessions: BTreeSet<ConnectionId>,
    /// Since when nobody is connected.
    pub idle_since_ms: u64,
    pub statements: Bucket,
    pub bytes: Bucket,
    /// Bytes of all its entries, those that wait for the disk included.
    pub stored_bytes: u64,
}

/// What the relay keeps of every document of a partnership in memory, loaded or not.
pub(super) struct Slot {
    /// The last durable entry.
    pub durable: Option<Position>,
    pub shape: Arc<Shape>,
    /// The document, once it was needed. The charter's stands in [`Partnership::charter`].
    pub live: Option<Box<Live>>,
    pub state: SlotState,
    /// Whether this run of the relay has appended entries that no client had before.
    pub is_appended: bool,
    /// The run of the relay that wrote another branch, and the greatest seq shown of it: this chain
    /// stands against that. Kept as a record, so that not every run asks for it again.
    pub other_branch: Option<(Incarnation, u64)>,
    pub is_changed_since_heads: bool,
    checkpoint: Option<Box<SignedCheckpoint>>,
    /// When it was used last, by the relay's count of uses.
    pub used: u64,
}

/// A document in memory.
pub(super) struct Live {
    pub document: Document,
    pub court: DocumentCourt,
}

/// What a document is made of, as far as rights to read depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Shape {
    #[n(0)]
    pub kind: KindId,
    #[n(1)]
    pub sections: BTreeSet<SectionId>,
}

/// Whether a document takes statements.
pub(super) enum SlotState {
    Ready,
    /// The ledger does not replay or cannot be read.
    Quarantined,
    /// A checkpoint proves that entries were lost.
    Missing(Box<Missing>),
}

/// Lost entries that are asked for.
pub(super) struct Missing {
    /// The greatest position that is proven.
    pub upto: Position,
    /// The run that wrote it.
    pub run: Incarnation,
    pub since_ms: u64,
    /// Who has shown it, and what each has returned that does not reach a checkpoint yet.
    pub askers: BTreeMap<ConnectionId, Vec<Delivery>>,
    /// Entries behind the head that lead to a checkpoint, some without payloads that their clients
    /// may not read.
    pub proven: Vec<Delivery>,
}

impl Partnership {
    pub(super) fn new(charter: Charter, limits: &Limits, now_ms: u64) -> Self {
        let document = charter.document();
        Self {
            id: document.partnership(),
            charter_id: document.id(),
            charter,
            durable: None,
            slots: BTreeMap::new(),
            last_ms: 0,
            sessions: BTreeSet::new(),
            idle_since_ms: now_ms,
            statements: Bucket::new(limits.partnership_statements_per_minute, now_ms),
            bytes: Bucket::new(limits.partnership_bytes_per_minute, now_ms),
            stored_bytes: 0,
        }
    }

    /// The time of the next entry: strictly later than any before, whatever the clock does.
    pub(super) fn next_ms(&self, now_ms: u64) -> u64 {
        now_ms.max(self.last_ms + 1)
    }

    /// The hash of the entry at `seq`, if the ledger is in memory.
    pub(super) fn hash_at(&self, document: &DocumentId, seq: u64) -> Option<EntryHash> {
        if *document == self.charter_id {
            return self.charter.document().hash_at(seq);
        }
        self.slots.get(document)?.live.as_ref()?.document.hash_at(seq)
    }

    /// Tells whether a document may be sent to `member` at all; the charter goes to everybody.
    pub(super) fn is_readable(&self, document: DocumentId, member: Option<&Member>) -> bool {
        let (Some(slot), Some(charter)) = (self.slots.get(&document), &self.durable) else { return false };
        document == self.charter_id || member.is_some_and(|member| reads_any(charter, &slot.shape, member))
    }

    /// Tells whether the durable chain has this entry, of a document in memory.
    pub(super) fn has(&self, document: &DocumentId, position: Position) -> bool {
        let durable = self.slots.get(document).and_then(|slot| slot.durable);
        durable.is_some_and(|durable| position.seq <= durable.seq)
            && self.hash_at(document, position.seq) == Some(position.hash)
    }
}

/// Tells whether `member` may read any section of a document of this shape.
pub(super) fn reads_any(charter: &CharterState, shape: &Shape, member: &Member) -> bool {
    shape.sections.iter().any(|section| charter.may_read(&shape.kind, section, member))
}

impl Slot {
    pub(super) fn new(durable: Option<Position>, shape: Shape) -> Self {
        Self {
            durable,
            shape: Arc::new(shape),
            live: None,
            state: SlotState::Ready,
            is_appended: false,
            other_branch: None,
            is_changed_since_heads: false,
            checkpoint: None,
            used: 0,
        }
    }

    pub(super) fn missing_mut(&mut self) -> Option<&mut Missing> {
        match &mut self.state {
            SlotState::Missing(missing) => Some(missing),
            _ => None,
        }
    }

    /// Lets this chain stand against another branch; the record that keeps it, if that is news.
    pub(super) fn stand(&mut self, document: &DocumentId, branch: (Incarnation, u64)) -> Option<Record> {
        if self.stands_against(branch) {
            return None;
        }
        self.other_branch = Some(branch);
        Some(Record { key: branch_key(document), value: Some(codec::encode(&branch)) })
    }

    /// Tells whether it was decided that this chain stands against what is shown.
    pub(super) fn stands_against(&self, (run, seq): (Incarnation, u64)) -> bool {
        self.other_branch.is_some_and(|(other, upto)| other == run && seq <= upto)
    }

    /// Takes note of a new durable head.
    pub(super) fn advance(&mut self, position: Position) {
        self.durable = Some(position);
        self.checkpoint = None;
        self.is_changed_since_heads = true;
    }

    /// The relay's word on the durable head; signed once for each head.
    pub(super) fn checkpoint(
        &mut self,
        sign: impl FnOnce(Position) -> SignedCheckpoint,
    ) -> Option<&SignedCheckpoint> {
        let head = self.durable?;
        Some(self.checkpoint.get_or_insert_with(|| Box::new(sign(head))))
    }
}

/// Who signs checkpoints, and in which run.
#[derive(Clone)]
pub(super) struct Seal {
    pub key: Key,
    pub incarnation: Incarnation,
}

impl Seal {
    pub(super) fn checkpoint(
        &self,
        partnership: PartnershipId,
        document: DocumentId,
        head: Position,
        time_ms: u64,
    ) -> SignedCheckpoint {
        let incarnation = self.incarnation;
        SignedCheckpoint::sign(&self.key, Checkpoint { partnership, document, head, time_ms, incarnation })
    }
}

impl Shape {
    /// The record that keeps the shape beside the ledger, so that rights to read are known
    /// without a replay. It may name sections of entries that were not made durable.
    pub(super) fn record(&self, document: &DocumentId) -> Record {
        Record { key: shape_key(document), value: Some(codec::encode(self)) }
    }
}

/// The name of the record that keeps [`Slot::other_branch`].
pub(super) fn branch_key(document: &DocumentId) -> Vec<u8> {
    [b"relay/branch/", &document.0[..]].concat()
}

/// The name of a shape's record.
pub(super) fn shape_key(document: &DocumentId) -> Vec<u8> {
    [b"relay/shape/", &document.0[..]].concat()
}
