//! What a new device is shown of a document before it has replayed the ledger: the relay's word on
//! it, *attested*.
//!
//! A view holds the document's newest entry under the relay's signed checkpoint, what the state
//! digest of that entry covers, and the content of the sections that the reader may read. Whoever
//! gets it checks that all of this fits together, so that the relay cannot take a word back: the
//! replay that follows must come by the very same entry. Until then it is the relay's word alone,
//! and nothing is signed or endorsed on it.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::charter::CharterLine;
use crate::codec;
use crate::content::{PACKED_BYTES_MAX, Section};
use crate::document::KnownSection;
use crate::ids::*;
use crate::kinds::{self, Kind};
use crate::ledger::{
    Checkpoint, Entry, Leaf, LeafBase, Position, RULES_VERSION, SignedCheckpoint, context_leaf, state_digest,
};
use crate::limits;
use crate::statement::{Act, Envelope, Header, Statement};

/// What a section's leaf of the state digest covers, beside the section's name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LeafState {
    /// How often the section was restarted after an erasure.
    #[n(0)]
    pub generation: u32,
    /// The effective heads, ascending.
    #[n(1)]
    pub heads: Vec<ChangeId>,
    /// The open holds that touch the section, ascending.
    #[n(2)]
    pub holds: Vec<StatementId>,
    /// Who signed the present heads, ascending: for whom, and the statement by which they did.
    #[n(3)]
    pub signatures: Vec<(SignerId, StatementId)>,
    /// Whether only an endorsed amendment can change the section.
    #[n(4)]
    pub locked: bool,
    /// The `Ask` that was approved for the present heads (rules version 2).
    #[n(5)]
    pub approved: Option<StatementId>,
    /// From what the fields with a band are measured; absent where there are none (rules version 3).
    #[n(6)]
    pub bases: Option<Vec<LeafBase>>,
}

impl LeafState {
    /// What the leaf of a section covers as it stands.
    pub fn of(section: &KnownSection) -> Self {
        Self {
            generation: section.generation,
            heads: section.index.heads().to_vec(),
            holds: section.holds.clone(),
            signatures: section.signatures(),
            locked: section.locked,
            approved: section.approved(),
            bases: section.leaf_bases(),
        }
    }

    /// The same of a section as its kind begins it; `None` if the kind has no such section.
    pub fn begun(kind: &Kind, section: &SectionId) -> Option<Self> {
        let heads = kind.genesis_index(section)?.heads().to_vec();
        Some(Self {
            generation: 0,
            heads,
            holds: Vec::new(),
            signatures: Vec::new(),
            locked: false,
            approved: None,
            bases: None,
        })
    }

    /// The leaf's hash.
    pub fn hash(&self, section: &SectionId) -> LeafHash {
        let Self { generation, heads, holds, signatures, locked, approved, bases } = self;
        let (generation, locked, approved, bases) = (*generation, *locked, *approved, bases.as_deref());
        Leaf { section, generation, heads, holds, signatures, locked, approved, bases }.hash()
    }
}

/// The relay's word on one document, for one class of readers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AttestedView {
    /// The canonical bytes of the entry after which the document is shown.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The relay's clock in the checkpoint of that entry, in milliseconds since 1970.
    #[n(1)]
    pub time_ms: u64,
    /// The run of the relay in the checkpoint.
    #[n(2)]
    pub incarnation: Incarnation,
    /// The checkpoint's signature; the rest of the checkpoint follows from the entry.
    #[n(3)]
    pub signature: Signature,
    /// The header's bytes of the `Create` statement: kind, schema, title, first sections.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub create: Vec<u8>,
    /// Its author's signature.
    #[n(5)]
    pub created: Signature,
    /// The sections, ascending. One that `Create` names and that stands as its kind begins it is
    /// left out.
    #[n(6)]
    pub sections: Vec<(SectionId, AttestedPart)>,
}

/// One section of a view.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum AttestedPart {
    /// The reader may not read it.
    #[n(0)]
    Hidden {
        /// Its leaf.
        #[n(0)]
        leaf: LeafHash,
    },
    /// The reader may.
    #[n(1)]
    Shown {
        /// What its leaf covers.
        #[n(0)]
        state: LeafState,
        /// The content ([`Section::pack`]); empty if it stands as its kind begins it.
        #[n(1)]
        packed: ByteVec,
    },
}

/// Why a view is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttestedError {
    /// Something in it cannot be read, or is of another partnership or document.
    #[error("the view of a document is not well formed: {0}")]
    Malformed(&'static str),
    /// The relay did not sign the checkpoint.
    #[error("the relay's signature on a view is not valid")]
    Signature,
    /// The document was not created by a device of the partnership.
    #[error("the statement that creates the document is not signed by a device that is known")]
    Create,
    /// The entry cites other ground rules than it must.
    #[error("the entry of a view cites the wrong ground rules")]
    Charter,
    /// What is shown is not what the entry's state digest covers.
    #[error("what a view shows is not what its entry covers")]
    Digest,
    /// The document's kind or schema is newer than this program.
    #[error("the document needs a newer program")]
    TooNew,
}

/// A document as the relay attests it: a view that fits together.
#[derive(Debug, Clone)]
pub struct Attested {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its title, as its creator signed it.
    pub title: String,
    /// The `Create` statement.
    pub created: StatementId,
    /// The entry after which it is shown.
    pub position: Position,
    /// The time of that entry, in milliseconds since 1970.
    pub time_ms: u64,
    /// Its sections; `None` where the reader may not read.
    pub sections: BTreeMap<SectionId, Option<AttestedSection>>,
}

/// A section as the relay attests it.
#[derive(Debug, Clone)]
pub struct AttestedSection {
    /// What its leaf covers.
    pub state: LeafState,
    packed: Vec<u8>,
}

impl AttestedView {
    /// Puts a view together; `checkpoint` is the relay's word on `entry`, `create` the statement that
    /// created the document.
    pub fn new(
        entry: Vec<u8>,
        checkpoint: &SignedCheckpoint,
        create: Envelope,
        sections: Vec<(SectionId, AttestedPart)>,
    ) -> Self {
        let SignedCheckpoint { checkpoint, signature } = checkpoint;
        Self {
            entry,
            time_ms: checkpoint.time_ms,
            incarnation: checkpoint.incarnation,
            signature: *signature,
            create: create.header,
            created: create.signature,
            sections,
        }
    }

    /// The relay's word on the entry of the view.
    pub fn checkpoint(&self, entry: &Entry) -> SignedCheckpoint {
        let checkpoint = Checkpoint {
            partnership: entry.partnership,
            document: entry.document,
            head: entry.position(),
            time_ms: self.time_ms,
            incarnation: self.incarnation,
        };
        SignedCheckpoint { checkpoint, signature: self.signature }
    }

    /// Checks that everything in the view fits together: signed by `relay` and by a device that the
    /// charter knows, under the ground rules that the entry must cite, and exactly what the entry's
    /// state digest covers. Content is checked when it is read.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit.
    pub fn check(
        self,
        partnership: PartnershipId,
        relay: &RelayId,
        line: &CharterLine,
    ) -> Result<Attested, AttestedError> {
        let entry: Entry = codec::decode("entry", &self.entry, limits::HEADER_BYTES_MAX)
            .map_err(|_| AttestedError::Malformed("its entry"))?;
        if entry.partnership != partnership {
            return Err(AttestedError::Malformed("another partnership"));
        }
        if entry.rules_version > RULES_VERSION {
            return Err(AttestedError::TooNew);
        }
        let charter = entry.charter.ok_or(AttestedError::Charter)?;
        if !line.is_newest_at(charter, entry.time_ms) {
            return Err(AttestedError::Charter);
        }
        if !self.checkpoint(&entry).is_valid(relay) {
            return Err(AttestedError::Signature);
        }
        let create = self.creation(&entry, line)?;
        let Act::Create { kind, schema, title, sections } = &create.header.act else {
            return Err(AttestedError::Create);
        };
        let kind = kinds::find(kind, *schema).known().ok_or(AttestedError::TooNew)?;
        let (leaves, sections) = self.sections(kind, sections)?;
        let context = context_leaf(&codec::encode(&charter));
        if state_digest(std::iter::once(context).chain(leaves.into_values())) != entry.state {
            return Err(AttestedError::Digest);
        }
        Ok(Attested {
            document: entry.document,
            kind,
            title: title.clone(),
            created: create.id,
            position: entry.position(),
            time_ms: entry.time_ms,
            sections,
        })
    }

    /// Reads the statement that created the document.
    fn creation(&self, entry: &Entry, line: &CharterLine) -> Result<Statement, AttestedError> {
        let header: Header = codec::decode("header", &self.create, limits::HEADER_BYTES_MAX)
            .map_err(|_| AttestedError::Malformed("its first statement"))?;
        let payloads = vec![None; header.parts.len()];
        let envelope = Envelope { header: self.create.clone(), signature: self.created, payloads };
        let statement = Statement::open_verified(envelope).map_err(|_| AttestedError::Create)?;
        let is_first = entry.seq > 0 || entry.statement == statement.id;
        let fits = header.document == entry.document && statement.partnership() == entry.partnership;
        let is_known = line.now().members.devices.contains_key(&header.device);
        if is_first && fits && is_known { Ok(statement) } else { Err(AttestedError::Create) }
    }

    /// The leaf of every section, and what is shown of it.
    #[expect(clippy::type_complexity, reason = "the two halves of one answer, used in one place")]
    fn sections(
        self,
        kind: &'static Kind,
        first: &[SectionId],
    ) -> Result<(BTreeMap<SectionId, LeafHash>, BTreeMap<SectionId, Option<AttestedSection>>), AttestedError>
    {
        let malformed = |what| Err(AttestedError::Malformed(what));
        let is_ascending = self.sections.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !is_ascending || self.sections.len() > limits::SECTIONS_MAX {
            return malformed("its sections");
        }
        let mut leaves = BTreeMap::new();
        let mut shown = BTreeMap::new();
        for section in first {
            let state = LeafState::begun(kind, section).ok_or(AttestedError::Malformed("a section"))?;
            leaves.insert(section.clone(), state.hash(section));
            shown.insert(section.clone(), Some(AttestedSection { state, packed: Vec::new() }));
        }
        for (section, part) in self.sections {
            let begun = LeafState::begun(kind, &section).ok_or(AttestedError::Malformed("a section"))?;
            let (leaf, part) = match part {
                AttestedPart::Hidden { leaf } => (leaf, None),
                AttestedPart::Shown { state, packed } => {
                    let packed: Vec<u8> = packed.into();
                    if packed.len() > PACKED_BYTES_MAX || (packed.is_empty() && state.heads != begun.heads) {
                        return malformed("content");
                    }
                    (state.hash(&section), Some(AttestedSection { state, packed }))
                }
            };
            leaves.insert(section.clone(), leaf);
            shown.insert(section, part);
        }
        Ok((leaves, shown))
    }
}

impl Attested {
    /// The content of a section, built from the changes that its heads name; `None` if it may not be
    /// read, or is not what the view says. It can take long: one asks for what is looked at.
    pub fn content(&self, section: &SectionId) -> Option<Section> {
        let shown = self.sections.get(section)?.as_ref()?;
        match shown.packed.is_empty() {
            true => self.kind.genesis_content(section),
            false => Section::unpack_foreign(&shown.packed, &shown.state.heads).ok(),
        }
    }

    /// How many suggestions wait in what may be read.
    pub fn waiting(&self) -> usize {
        let shown = self.sections.values().flatten();
        let holds = shown.flat_map(|section| &section.state.holds);
        holds.collect::<std::collections::BTreeSet<_>>().len()
    }
}
