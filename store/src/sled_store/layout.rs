//! Keys and values of sled's tree, as the crate's documentation lists them.

use entente_shared::ids::{DocumentId, EntryHash, PartnershipId, SectionId, StatementId};

use super::values;
use crate::contract::{Append, Head, Position, Snapshot, StoredEntry};

/// The key of the format number.
pub(super) const FORMAT_KEY: &[u8] = b"mformat";
/// The format that this version writes.
pub(super) const FORMAT: u32 = 1;

/// Bytes of an entry's long value before the entry: hash, time, statement id, length.
const ENTRY_PREFIX_BYTES: usize = 32 + 8 + 32 + 4;

/// The key of the number of commits so far.
pub(super) const COMMITS_KEY: &[u8] = b"mcommits";

/// What an `e` key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryPlace {
    pub document: DocumentId,
    pub generation: u32,
    pub seq: u64,
}

pub(super) fn read_commits(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

pub(super) fn put_entries(batch: &mut sled::Batch, append: &Append, generation: u32) {
    put_listing(batch, append.partnership, append.document);
    for entry in &append.entries {
        let place = EntryPlace { document: append.document, generation, seq: entry.seq };
        values::put(batch, &entry_key(place), &write_entry(entry));
        batch.insert(statement_key(entry.statement), entry_key(place)[1..].to_vec());
    }
}

pub(super) fn put_listing(batch: &mut sled::Batch, partnership: PartnershipId, document: DocumentId) {
    batch.insert([b"p", &partnership.0[..], &document.0].concat(), &[][..]);
}

pub(super) fn put_head(batch: &mut sled::Batch, document: DocumentId, head: &Head) {
    let last = head.last.unwrap_or(Position { seq: 0, hash: EntryHash([0; 32]) });
    let value = [
        &head.partnership.0[..],
        &head.generation.to_be_bytes(),
        &[u8::from(head.last.is_some())],
        &last.seq.to_be_bytes(),
        &last.hash.0,
    ];
    batch.insert(head_key(document), value.concat());
}

pub(super) fn read_head(bytes: &[u8]) -> Option<Head> {
    let mut reader = Reader(bytes);
    let partnership = PartnershipId(reader.array()?);
    let generation = u32::from_be_bytes(reader.array()?);
    let [has_entries] = reader.array()?;
    let last = Position { seq: reader.u64()?, hash: EntryHash(reader.array()?) };
    let last = match has_entries {
        0 => None,
        1 => Some(last),
        _ => return None,
    };
    reader.0.is_empty().then_some(Head { partnership, generation, last })
}

fn write_entry(entry: &StoredEntry) -> Vec<u8> {
    let entry_bytes = u32::try_from(entry.entry.len()).expect("an entry is shorter than 4 GiB");
    let parts = [
        &entry.hash.0[..],
        &entry.time_ms.to_be_bytes(),
        &entry.statement.0,
        &entry_bytes.to_be_bytes(),
        &entry.entry,
        &entry.envelope,
    ];
    parts.concat()
}

pub(super) fn read_entry(seq: u64, mut bytes: Vec<u8>) -> Option<StoredEntry> {
    let mut reader = Reader(&bytes);
    let hash = EntryHash(reader.array()?);
    let time_ms = reader.u64()?;
    let statement = StatementId(reader.array()?);
    let entry_bytes = u32::from_be_bytes(reader.array()?) as usize;
    let entry = reader.0.get(..entry_bytes)?.to_vec();
    let envelope = bytes.split_off(ENTRY_PREFIX_BYTES + entry_bytes);
    Some(StoredEntry { seq, hash, time_ms, statement, entry, envelope })
}

/// The hash of an entry, from the first chunk of its long value.
pub(super) fn hash_in_first_chunk(first: &[u8]) -> Option<EntryHash> {
    Reader(first.get(4..)?).array().map(EntryHash)
}

pub(super) fn write_snapshot(snapshot: &Snapshot) -> Vec<u8> {
    let Position { seq, hash } = snapshot.position;
    [&seq.to_be_bytes()[..], &hash.0, &snapshot.bytes].concat()
}

pub(super) fn read_snapshot(bytes: &[u8]) -> Option<Snapshot> {
    let mut reader = Reader(bytes);
    let position = Position { seq: reader.u64()?, hash: EntryHash(reader.array()?) };
    Some(Snapshot { position, bytes: reader.0.to_vec() })
}

pub(super) fn head_key(document: DocumentId) -> Vec<u8> {
    [b"h", &document.0[..]].concat()
}

pub(super) fn read_head_key(key: &[u8]) -> Option<DocumentId> {
    let mut reader = Reader(key.strip_prefix(b"h")?);
    let document = DocumentId(reader.array()?);
    reader.0.is_empty().then_some(document)
}

pub(super) fn read_listing_key(key: &[u8]) -> Option<(PartnershipId, DocumentId)> {
    let mut reader = Reader(key.strip_prefix(b"p")?);
    let listed = (PartnershipId(reader.array()?), DocumentId(reader.array()?));
    reader.0.is_empty().then_some(listed)
}

pub(super) fn entry_key(place: EntryPlace) -> Vec<u8> {
    let EntryPlace { document, generation, seq } = place;
    [b"e", &document.0[..], &generation.to_be_bytes(), &seq.to_be_bytes()].concat()
}

pub(super) fn read_entry_key(key: &[u8]) -> Option<EntryPlace> {
    read_place(key.strip_prefix(b"e")?)
}

pub(super) fn statement_key(statement: StatementId) -> Vec<u8> {
    [b"s", &statement.0[..]].concat()
}

/// Reads document, generation and seq: an entry's key without its first byte, or a statement's value.
pub(super) fn read_place(bytes: &[u8]) -> Option<EntryPlace> {
    let mut reader = Reader(bytes);
    let document = DocumentId(reader.array()?);
    let generation = u32::from_be_bytes(reader.array()?);
    let seq = reader.u64()?;
    reader.0.is_empty().then_some(EntryPlace { document, generation, seq })
}

pub(super) fn record_key(name: &[u8]) -> Vec<u8> {
    [b"r", name].concat()
}

pub(super) fn snapshot_key(document: DocumentId, generation: u32, section: &SectionId) -> Vec<u8> {
    [b"n", &document.0[..], &generation.to_be_bytes(), section.as_str().as_bytes()].concat()
}

/// Takes fixed-size fields from the front of some bytes.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}
