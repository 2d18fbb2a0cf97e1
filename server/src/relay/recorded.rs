//! One entry as the relay keeps it, and the frames that readers of one class share.
//!
//! Frames are put together from stored bytes: the statement is encoded once, when it comes in, and
//! never again for a reader who may see all of it.

use std::collections::BTreeSet;

use bytes::Bytes;
use entente_shared::codec;
use entente_shared::document::Outcome;
use entente_shared::ids::*;
use entente_shared::ledger::{Entry, Position, SignedCheckpoint};
use entente_shared::limits::STATEMENT_BYTES_MAX;
use entente_shared::statement::{Envelope, Header, Statement};
use entente_shared::wire::Redaction;
use entente_store::StoredEntry;
use minicbor::{Decode, Encode, Encoder};

/// What a [`StoredEntry`] holds as its entry: the entry and what readers who may not see
/// everything must be told, so that an old entry can be sent to them without a replay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Recorded {
    /// The entry's canonical bytes.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The leaf of each section whose state changed, ascending.
    #[n(1)]
    pub leaves: Vec<(SectionId, LeafHash)>,
    /// The statements that came into effect, ascending.
    #[n(2)]
    pub effective: Vec<StatementId>,
    /// The sections with a payload whose state did not change, ascending.
    #[n(3)]
    pub beside: Vec<SectionId>,
}

/// An entry with its statement's bytes, on its way to disk and to readers.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub position: Position,
    pub time_ms: u64,
    pub statement: StatementId,
    pub held: bool,
    pub recorded: Recorded,
    pub envelope: Vec<u8>,
}

/// Why stored bytes are not what this relay wrote there.
#[derive(Debug, thiserror::Error)]
#[error("entry {seq} does not read back: {detail}")]
pub(super) struct Unreadable {
    seq: u64,
    detail: String,
}

impl Recorded {
    fn new(outcome: &Outcome, statement: &Statement) -> Self {
        let changed: BTreeSet<_> = outcome.changed.iter().map(|(section, _)| section).collect();
        let parts = statement.header.parts.iter().map(|part| &part.section);
        let effective: BTreeSet<_> = outcome.effective.iter().copied().collect();
        Self {
            entry: codec::encode(&outcome.entry),
            leaves: outcome.changed.clone(),
            effective: effective.into_iter().collect(),
            beside: parts.filter(|section| !changed.contains(section)).cloned().collect(),
        }
    }

    /// The sections that a reader must be able to read to be sent everything.
    pub fn sections(&self) -> impl Iterator<Item = &SectionId> {
        self.leaves.iter().map(|(section, _)| section).chain(&self.beside)
    }

    /// Reads the entry.
    ///
    /// # Errors
    ///
    /// The bytes are not an entry.
    pub fn entry(&self) -> Result<Entry, codec::CodecError> {
        codec::decode("entry", &self.entry, self.entry.len())
    }

    fn redaction(&self, may_read: impl Fn(&SectionId) -> bool) -> Redaction {
        let leaves = self.leaves.iter().filter(|(section, _)| !may_read(section)).cloned().collect();
        Redaction { leaves, effective: self.effective.clone() }
    }
}

impl Item {
    pub(super) fn new(outcome: &Outcome, statement: &Statement) -> Self {
        Self {
            position: outcome.position,
            time_ms: outcome.entry.time_ms,
            statement: statement.id,
            held: outcome.entry.verdict.is_held(),
            recorded: Recorded::new(outcome, statement),
            envelope: codec::encode(&statement.envelope),
        }
    }

    pub(super) fn from_stored(stored: StoredEntry) -> Result<Self, Unreadable> {
        let seq = stored.seq;
        let fail = |detail: String| Unreadable { seq, detail };
        let recorded: Recorded = codec::decode("stored entry", &stored.entry, stored.entry.len())
            .map_err(|error| fail(error.to_string()))?;
        if EntryHash(sha256(&[&recorded.entry])) != stored.hash {
            return Err(fail("its hash differs".to_owned()));
        }
        Ok(Self {
            position: stored.position(),
            time_ms: stored.time_ms,
            statement: stored.statement,
            held: false,
            recorded,
            envelope: stored.envelope,
        })
    }

    pub(super) fn entry(&self) -> Result<Entry, Unreadable> {
        self.recorded
            .entry()
            .map_err(|error| Unreadable { seq: self.position.seq, detail: error.to_string() })
    }

    pub(super) fn statement(&self) -> Result<Statement, Unreadable> {
        let fail = |detail: String| Unreadable { seq: self.position.seq, detail };
        let envelope = codec::decode("statement", &self.envelope, 2 * STATEMENT_BYTES_MAX)
            .map_err(|error| fail(error.to_string()))?;
        Statement::open(envelope).map_err(|error| fail(error.to_string()))
    }

    pub(super) fn to_stored(&self) -> StoredEntry {
        StoredEntry {
            seq: self.position.seq,
            hash: self.position.hash,
            time_ms: self.time_ms,
            statement: self.statement,
            entry: codec::encode(&self.recorded),
            envelope: self.envelope.clone(),
        }
    }

    /// Bytes that the item takes on disk and on the wire, nearly.
    pub(super) fn bytes(&self) -> usize {
        self.recorded.entry.len() + self.envelope.len() + 64 * self.recorded.leaves.len() + 64
    }
}

/// Encodes an `Entries` frame for readers who may read exactly the sections for which `may_read` is
/// true: the canonical bytes of [`entente_shared::wire::RelayFrame::Entries`].
pub(super) fn entries_frame(
    document: &DocumentId,
    items: &[Item],
    may_read: impl Fn(&SectionId) -> bool,
    checkpoint: &SignedCheckpoint,
) -> Bytes {
    let bytes = items.iter().map(Item::bytes).sum::<usize>() + 512;
    let mut e = Encoder::new(Vec::with_capacity(bytes));
    let written = (|| {
        e.array(2)?.u8(2)?.array(3)?.encode(document)?.array(items.len() as u64)?;
        items.iter().try_for_each(|item| write_delivery(&mut e, item, &may_read))?;
        e.encode(checkpoint)?.ok()
    })();
    written.expect("writing to memory does not fail");
    Bytes::from(e.into_writer())
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn write_delivery(e: &mut Encoder<Vec<u8>>, item: &Item, may_read: impl Fn(&SectionId) -> bool) -> Written {
    if item.recorded.sections().all(&may_read) {
        // An absent last field is left out: the canonical form has no null there.
        e.array(2)?.bytes(&item.recorded.entry)?.writer_mut().extend_from_slice(&item.envelope);
        return Ok(());
    }
    e.array(3)?.bytes(&item.recorded.entry)?;
    e.encode(redacted(&item.envelope, &may_read))?;
    e.encode(item.recorded.redaction(may_read))?.ok()
}

/// The envelope without what the reader may not see. The relay has read these bytes before, so
/// they decode; if they should not, the reader is given nothing of them.
fn redacted(envelope: &[u8], may_read: impl Fn(&SectionId) -> bool) -> Envelope {
    let nothing = Envelope { header: Vec::new(), signature: Signature([0; 64]), payloads: Vec::new() };
    let Ok(envelope) = minicbor::decode::<Envelope>(envelope) else { return nothing };
    match minicbor::decode::<Header>(&envelope.header) {
        Ok(header) => envelope.redacted(&header, may_read),
        Err(_) => nothing,
    }
}
