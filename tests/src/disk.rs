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
        Stored { ledgers: self.ledgers.clone(), records: records.collect(), witnessed }
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

/// Tells whether `needle` stands in `bytes`.
pub fn contains(mut bytes: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return true };
    while let Some(at) = bytes.iter().position(|byte| byte == first) {
        bytes = &bytes[at..];
        if bytes.starts_with(needle) {
            return true;
        }
        bytes = &bytes[1..];
    }
    false
}
