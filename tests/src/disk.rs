//! What one device's disk holds: what it has when a program that crashed is opened again.

use std::collections::BTreeMap;

use entente_client::replica::{Kept, Stored};
use entente_shared::ids::DocumentId;
use entente_shared::ledger::SignedCheckpoint;

/// A device's disk. A clone of it is a backup.
#[derive(Clone, Default)]
pub struct Disk {
    ledgers: BTreeMap<DocumentId, Vec<Kept>>,
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The relay's last words, which stand outside the store.
    witnesses: BTreeMap<DocumentId, SignedCheckpoint>,
}

impl Disk {
    /// Appends to a ledger, as a store does: only what follows.
    pub fn keep(&mut self, document: DocumentId, entries: Vec<Kept>) {
        let ledger = self.ledgers.entry(document).or_default();
        for entry in entries {
            assert_eq!(entry.position.seq, ledger.len() as u64, "a kept entry follows the last one");
            ledger.push(entry);
        }
    }

    /// Writes or deletes a record.
    pub fn write(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        match value {
            Some(value) => self.records.insert(key, value),
            None => self.records.remove(&key),
        };
    }

    /// Begins a ledger anew.
    pub fn set_aside(&mut self, document: DocumentId) {
        self.ledgers.remove(&document);
    }

    /// Keeps the relay's word outside the store.
    pub fn witness(&mut self, checkpoint: SignedCheckpoint) {
        self.witnesses.insert(checkpoint.checkpoint.document, checkpoint);
    }

    /// The relay's last words.
    pub fn witnesses(&self) -> &BTreeMap<DocumentId, SignedCheckpoint> {
        &self.witnesses
    }

    /// The entries of one ledger.
    pub fn ledger(&self, document: DocumentId) -> &[Kept] {
        self.ledgers.get(&document).map_or(&[], Vec::as_slice)
    }

    /// The documents that have a ledger.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> {
        self.ledgers.keys().copied()
    }

    /// Tells whether a record is there.
    pub fn has(&self, key: &[u8]) -> bool {
        self.records.contains_key(key)
    }

    /// What a program that is opened finds.
    pub fn stored(&self) -> Stored {
        let records = self.records.iter().map(|(key, value)| (key.clone(), value.clone()));
        let witnessed = self.witnesses.values().cloned().collect();
        Stored { ledgers: self.ledgers.clone(), records: records.collect(), witnessed, ..Stored::default() }
    }

    /// Tells whether `needle` stands in any byte of it.
    pub fn contains(&self, needle: &[u8]) -> bool {
        let ledgers = self.ledgers.values().flatten();
        ledgers.flat_map(|kept| [&kept.entry, &kept.envelope]).any(|bytes| contains(bytes, needle))
            || self.records.values().any(|bytes| contains(bytes, needle))
    }

    /// Tells whether `needle` stands in a record, such as the journal or the outbox.
    pub fn records_contain(&self, needle: &[u8]) -> bool {
        self.records.values().any(|bytes| contains(bytes, needle))
    }
}

/// The bytes with which every chunk of Automerge begins.
const CHUNK: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Where a chunk says what it is.
const KIND_AT: usize = 8;
/// What a compressed change says there.
const COMPRESSED: u8 = 2;

/// Tells whether `needle` stands in `bytes`, or in a compressed change within them.
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    stands_in(bytes, needle) || places(bytes, &CHUNK).any(|at| stands_in(&inflated(&bytes[at..]), needle))
}

fn stands_in(bytes: &[u8], needle: &[u8]) -> bool {
    places(bytes, needle).next().is_some()
}

/// Every place where `needle` stands in `bytes`.
fn places(bytes: &[u8], needle: &[u8]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(next) = bytes[from..].iter().position(|byte| Some(byte) == needle.first()) {
            let at = from + next;
            from = at + 1;
            if bytes[at..].starts_with(needle) {
                return Some(at);
            }
        }
        None
    })
}

/// What a compressed chunk holds; nothing if it is not one.
fn inflated(chunk: &[u8]) -> Vec<u8> {
    if chunk.get(KIND_AT) != Some(&COMPRESSED) {
        return Vec::new();
    }
    // The length is as long as its bytes say that they go on.
    let length = chunk[KIND_AT + 1..].iter().take_while(|byte| **byte & 0x80 != 0).count() + 1;
    let data = chunk.get(KIND_AT + 1 + length..).unwrap_or_default();
    match miniz_oxide::inflate::decompress_to_vec(data) {
        Ok(bytes) => bytes,
        Err(partly) => partly.output,
    }
}

#[cfg(test)]
mod tests {
    use automerge::AutoCommit;
    use automerge::transaction::Transactable;

    use super::*;

    #[test]
    fn words_are_found_in_compressed_changes_too() {
        let mut doc = AutoCommit::new();
        for key in 0..100 {
            doc.put(automerge::ROOT, key.to_string(), "the same words again").unwrap();
        }
        doc.put(automerge::ROOT, "last", "hidden treasure").unwrap();
        let change = doc.get_last_local_change().expect("a change").bytes().to_vec();
        assert_eq!(change[KIND_AT], COMPRESSED);
        let frame = [&[1, 2, 3][..], &change, &[0x85, 0x6f, 9]].concat();
        assert!(contains(&frame, b"hidden treasure") && !stands_in(&frame, b"hidden treasure"));
        assert!(!contains(&frame, b"hidden treasury"));
    }
}
