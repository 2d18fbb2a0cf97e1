//! The ledger: one append-only, hash-chained, countersigned list of entries per document.
//!
//! An [`Entry`] says where the relay put a statement, when, under which charter, with what verdict
//! and what the document's state was after it. Every replica replays the statements through the
//! same judge and must produce the same entries, byte for byte.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::codec;
use crate::crypto::{self, Key, Purpose};
use crate::ids::*;

/// The newest rules version that this program knows: the semantics of gate (limits included),
/// judge, facts and digest. A partnership works under the one that its charter names.
pub const RULES_VERSION: u32 = 3;

/// A place in a ledger: an entry's sequence number and hash.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct Position {
    /// 0 for the first entry.
    #[n(0)]
    pub seq: u64,
    /// The hash of the entry there, and so of all before it.
    #[n(1)]
    pub hash: EntryHash,
}

/// What the judge said. A refusal never enters a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Verdict {
    /// In effect from this entry.
    #[n(0)]
    Admitted {
        /// The rule that admits it.
        #[n(0)]
        rule: RuleId,
    },
    /// Waits for somebody with the right.
    #[n(1)]
    Held {
        /// The rule under which it waits.
        #[n(0)]
        rule: RuleId,
    },
}

impl Verdict {
    /// The rule named by the verdict.
    pub fn rule(&self) -> &RuleId {
        match self {
            Self::Admitted { rule } | Self::Held { rule } => rule,
        }
    }

    /// Tells whether the statement waits.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }
}

/// One entry of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The partnership.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The document whose ledger this is.
    #[n(1)]
    pub document: DocumentId,
    /// 0, 1, 2, …
    #[n(2)]
    pub seq: u64,
    /// The hash of the entry before; absent in the first.
    #[n(3)]
    pub previous: Option<EntryHash>,
    /// The newest charter entry whose time is not after this one's; in the charter itself the entry
    /// before; absent in the first entry of the charter.
    #[n(4)]
    pub charter: Option<Position>,
    /// When the relay received the statement, in milliseconds since 1970; strictly increasing over
    /// the ledgers of one partnership.
    #[n(5)]
    pub time_ms: u64,
    /// The statement.
    #[n(6)]
    pub statement: StatementId,
    /// The verdict.
    #[n(7)]
    pub verdict: Verdict,
    /// The sections whose state this entry changed, ascending.
    #[n(8)]
    pub sections: Vec<SectionId>,
    /// The state of the whole document after this entry.
    #[n(9)]
    pub state: StateDigest,
    /// The rules version under which it was judged.
    #[n(10)]
    pub rules_version: u32,
}

impl Entry {
    /// The hash by which the next entry and every `seen` names this one.
    pub fn hash(&self) -> EntryHash {
        EntryHash(sha256(&[&codec::encode(self)]))
    }

    /// This entry's place.
    pub fn position(&self) -> Position {
        Position { seq: self.seq, hash: self.hash() }
    }
}

/// What one section's leaf of the state digest covers.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub struct Leaf<'a> {
    /// The section.
    #[n(0)]
    pub section: &'a SectionId,
    /// How often the section was restarted after an erasure.
    #[n(1)]
    pub generation: u32,
    /// The effective heads, ascending.
    #[n(2)]
    pub heads: &'a [ChangeId],
    /// The open holds that touch this section, ascending.
    #[n(3)]
    pub holds: &'a [StatementId],
    /// Who signed the present heads, ascending: for whom, and the statement by which they did.
    #[n(4)]
    pub signatures: &'a [(SignerId, StatementId)],
    /// Whether only an endorsed amendment can change the section.
    #[n(5)]
    pub locked: bool,
    /// The `Ask` that was approved for the present heads (rules version 2).
    #[n(6)]
    pub approved: Option<StatementId>,
    /// From what the fields with a band are measured, ascending; absent where there are none (rules
    /// version 3).
    #[n(7)]
    pub bases: Option<&'a [LeafBase]>,
}

/// From what a field with a band is measured, as a leaf covers it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LeafBase {
    /// The field, its keys between slashes.
    #[n(0)]
    pub field: String,
    /// The amount, as a document holds it.
    #[n(1)]
    pub amount: String,
    /// The statement that wrote it with agreement, or the signature that completed those under it.
    #[n(2)]
    pub statement: StatementId,
}

impl Leaf<'_> {
    /// The leaf's hash.
    pub fn hash(&self) -> LeafHash {
        LeafHash(sha256(&[&[0], &codec::encode(self)]))
    }
}

/// The leaf for facts beside the sections: the charter head under which the document stands, and
/// in the charter's own ledger the people, devices and invitations.
pub fn context_leaf(bytes: &[u8]) -> LeafHash {
    LeafHash(sha256(&[&[2], bytes]))
}

/// The Merkle root over `leaves` in their order: pairs are hashed until one is left, an odd last one
/// is carried up. A reader who may not see a section is given its leaf instead.
pub fn state_digest(leaves: impl IntoIterator<Item = LeafHash>) -> StateDigest {
    let mut level: Vec<[u8; 32]> = leaves.into_iter().map(|leaf| leaf.0).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => sha256(&[&[1], left, right]),
                rest => rest[0],
            })
            .collect();
    }
    StateDigest(level.first().copied().unwrap_or([0; 32]))
}

/// The relay's signed word that a ledger had this head.
///
/// Two hashes for one sequence number in one incarnation prove a fork; in another incarnation they
/// show a rewind (a restored backup), which leads are told.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Checkpoint {
    /// The partnership.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The document.
    #[n(1)]
    pub document: DocumentId,
    /// The head.
    #[n(2)]
    pub head: Position,
    /// The relay's clock, in milliseconds since 1970.
    #[n(3)]
    pub time_ms: u64,
    /// The run of the relay process that says so.
    #[n(4)]
    pub incarnation: Incarnation,
}

/// A checkpoint with the relay's signature.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedCheckpoint {
    /// What is said.
    #[n(0)]
    pub checkpoint: Checkpoint,
    /// By the relay key that the charter names.
    #[n(1)]
    pub signature: Signature,
}

impl SignedCheckpoint {
    /// Signs a checkpoint with the relay's key.
    pub fn sign(key: &Key, checkpoint: Checkpoint) -> Self {
        let signature = key.sign(Purpose::Checkpoint, &[&codec::encode(&checkpoint)]);
        Self { checkpoint, signature }
    }

    /// Tells whether `relay` signed it.
    pub fn is_valid(&self, relay: &RelayId) -> bool {
        let bytes = codec::encode(&self.checkpoint);
        crypto::verify(Purpose::Checkpoint, &relay.0, &[&bytes], &self.signature)
    }
}
