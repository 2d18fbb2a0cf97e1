//! The replica's effects in a store, and what a store holds for it.

use std::collections::BTreeMap;

use entente_shared::codec;
use entente_shared::ids::{DocumentId, PartnershipId};
use entente_shared::ledger::Position;
use entente_shared::wire::Redaction;
use entente_store::{Append, Appended, Record, SledOptions, SledStore, Store, StoreError, StoredEntry};
use minicbor::{Decode, Encode};

use super::folder::Folder;
use crate::replica::{Kept, Stored};

/// Entries that are read at once.
const PAGE_ENTRIES: usize = 1024;
/// Bytes that are read at once.
const PAGE_BYTES: usize = 8 << 20;
/// Most bytes of a stored entry.
const ENTRY_BYTES_MAX: usize = 1 << 20;
/// sled's page cache for one partnership, in bytes.
const CACHE_BYTES: u64 = 16 << 20;

/// What stands in the store's field for an entry.
#[derive(Encode, Decode)]
struct EntryForm {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    entry: Vec<u8>,
    #[n(1)]
    redaction: Option<Redaction>,
}

/// A device's store, with effects that wait for the next commit.
pub struct Storage {
    store: SledStore,
    appends: Vec<Append>,
    records: Vec<Record>,
    heads: BTreeMap<DocumentId, Option<Position>>,
}

impl Storage {
    /// Opens the store of a folder, waiting up to a second while another process has it.
    ///
    /// # Errors
    ///
    /// It is in use, damaged, from a newer version, or the disk is full.
    pub fn open(folder: &Folder) -> Result<Self, StoreError> {
        let options = SledOptions { cache_bytes: CACHE_BYTES, ..SledOptions::default() };
        let store = SledStore::open(folder.store(), options)?;
        Ok(Self { store, appends: Vec::new(), records: Vec::new(), heads: BTreeMap::new() })
    }

    /// Everything that the store holds. A damaged ledger is put aside: the relay sends it again.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn load(&self) -> Result<Stored, StoreError> {
        let mut stored = Stored { records: self.store.records(b"")?, ..Stored::default() };
        for partnership in self.store.partnerships() {
            for document in self.store.documents(partnership) {
                match self.read(document, 0) {
                    Ok(kept) if kept.is_empty() => {}
                    Ok(kept) => {
                        stored.ledgers.insert(document, kept);
                    }
                    Err(StoreError::Damaged { .. }) => self.store.set_aside(partnership, document)?,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(stored)
    }

    /// The entries of a document from `seq` on.
    ///
    /// # Errors
    ///
    /// They are damaged or cannot be read.
    pub fn read(&self, document: DocumentId, seq: u64) -> Result<Vec<Kept>, StoreError> {
        let (mut kept, mut from_seq) = (Vec::new(), seq);
        loop {
            let page = self.store.entries(document, from_seq, PAGE_ENTRIES, PAGE_BYTES)?;
            let Some(last) = page.last() else { return Ok(kept) };
            from_seq = last.seq + 1;
            for stored in page {
                kept.push(from_stored(document, stored)?);
            }
        }
    }

    /// Takes entries into the next commit.
    ///
    /// # Errors
    ///
    /// The document is damaged.
    pub fn keep(
        &mut self,
        partnership: PartnershipId,
        document: DocumentId,
        entries: Vec<Kept>,
    ) -> Result<(), StoreError> {
        let Some(last) = entries.last().map(|entry| entry.position) else { return Ok(()) };
        let expected_head = match self.heads.get(&document) {
            Some(head) => *head,
            None => self.store.head(document)?,
        };
        self.heads.insert(document, Some(last));
        let entries = entries.into_iter().map(to_stored).collect();
        self.appends.push(Append { partnership, document, expected_head, charter_guard: None, entries });
        Ok(())
    }

    /// Takes a record into the next commit.
    pub fn write(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.records.retain(|record| record.key != key);
        self.records.push(Record { key, value });
    }

    /// Makes durable, in one step, what was taken since the last commit.
    ///
    /// # Errors
    ///
    /// The disk is full or failing, or the ledgers are not as the replica knows them.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.heads.clear();
        if self.appends.is_empty() && self.records.is_empty() {
            return Ok(());
        }
        let (appends, records) = (std::mem::take(&mut self.appends), std::mem::take(&mut self.records));
        let answers = self.store.commit(appends, records)?;
        match answers.iter().find(|answer| **answer != Appended::Done) {
            None => Ok(()),
            Some(_) => Err(StoreError::Misuse("the ledger is not the one that was read")),
        }
    }

    /// Puts a document's ledger aside, after committing what came before.
    ///
    /// # Errors
    ///
    /// As for [`Self::commit`].
    pub fn set_aside(&mut self, partnership: PartnershipId, document: DocumentId) -> Result<(), StoreError> {
        self.commit()?;
        if self.store.documents(partnership).contains(&document) {
            self.store.set_aside(partnership, document)?;
        }
        Ok(())
    }
}

fn to_stored(kept: Kept) -> StoredEntry {
    let Kept { position, time_ms, statement, entry, envelope, redaction } = kept;
    let entry = codec::encode(&EntryForm { entry, redaction });
    StoredEntry { seq: position.seq, hash: position.hash, time_ms, statement, entry, envelope }
}

fn from_stored(document: DocumentId, stored: StoredEntry) -> Result<Kept, StoreError> {
    let form: Result<EntryForm, _> = codec::decode("entry", &stored.entry, ENTRY_BYTES_MAX);
    let EntryForm { entry, redaction } =
        form.map_err(|error| StoreError::Damaged { document, detail: error.to_string() })?;
    Ok(Kept {
        position: stored.position(),
        time_ms: stored.time_ms,
        statement: stored.statement,
        entry,
        envelope: stored.envelope,
        redaction,
    })
}
