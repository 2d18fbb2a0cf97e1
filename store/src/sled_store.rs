//! Ledgers in a folder, kept by sled 0.34.7 as it really behaves: see the crate's documentation for
//! the bytes and [`SledStore::open`] for what is done about each of sled's habits.

mod folder;
mod layout;
mod opening;
mod reading;
mod survey;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use entente_shared::ids::{DocumentId, PartnershipId, SectionId, StatementId};

use crate::contract::{Append, Appended, Head, NamedValue, Position, Record, Snapshot, Store, StoredEntry};
use crate::error::StoreError;
use crate::plan::{Committed, Plan, check_records};
pub use folder::FreeBytes;
use folder::{Folder, Watermark};
pub use opening::Opened;

/// How a [`SledStore`] uses its folder.
#[derive(Clone)]
pub struct SledOptions {
    /// sled's page cache, in bytes. Default: 64 MiB.
    pub cache_bytes: u64,
    /// Free space below which the store is read-only, in bytes. Default: 64 MiB, four of sled's segments.
    pub reserve_bytes: u64,
    /// Size of the ballast file, in bytes. Default: 24 MiB: recovery after a crash rewrites up to
    /// one segment of 16 MiB, and a new `snap.*` file.
    pub ballast_bytes: u64,
    /// Tells the free space on the disk of a folder, in bytes; replaced in tests.
    pub free_bytes: FreeBytes,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 64 << 20,
            reserve_bytes: 64 << 20,
            ballast_bytes: 24 << 20,
            free_bytes: Arc::new(folder::free_bytes),
        }
    }
}

/// A store in a folder, used by one process at a time.
///
/// Locks are taken in this order: `writer`, then `known`.
pub struct SledStore {
    // Fields are dropped in this order: sled lets go of its files before the folder's lock is released.
    tree: sled::Db,
    writer: Mutex<Writer>,
    known: RwLock<Known>,
    opened: Opened,
    folder: Folder,
}

/// What only one commit at a time may use.
struct Writer {
    /// sled's own `db` file, once more: sled's flush is no fsync.
    db_file: File,
    /// The number of durable commits, here and in a file.
    commits: u64,
    watermark: Watermark,
    /// Why a write failed; nothing is written afterwards.
    failure: Option<String>,
}

/// What readers see: it changes only after the disk has confirmed.
#[derive(Default)]
struct Known {
    heads: BTreeMap<DocumentId, Head>,
    damaged: BTreeMap<DocumentId, Damage>,
}

/// What is wrong with a document.
struct Damage {
    detail: String,
    /// The generation of what is left of it, if the head record does not say.
    generation: u32,
}

impl SledStore {
    /// Opens the store in `folder`, and creates it if the folder is new or empty.
    ///
    /// - A lock that another process holds is waited for up to a second.
    /// - A folder on a full disk gives up its ballast, so that recovery has room; the store is
    ///   then read-only until there is space again ([`Store::writable`]).
    /// - A damaged or unfinished `snap.*` is deleted, and sled rebuilds it from `db`.
    /// - Head records are compared with the last entries; what differs is in [`Store::damaged`].
    ///
    /// # Errors
    /// `InUse`, `DiskFull`, `NewerFormat`, `Unreadable`, `Io`.
    pub fn open(folder: impl AsRef<Path>, options: SledOptions) -> Result<Self, StoreError> {
        opening::open(folder.as_ref(), options)
    }

    /// What had to be done at opening, for the log.
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// The folder of this store.
    pub fn path(&self) -> &Path {
        &self.folder.path
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_writable(&self, writer: &Writer, batch_bytes: u64) -> Result<(), StoreError> {
        match &writer.failure {
            Some(detail) => Err(self.folder.failed(detail.clone())),
            None => self.folder.check_space(batch_bytes),
        }
    }

    /// Applies a batch and makes it durable. After a failure the store takes no more.
    fn write_durably(&self, writer: &mut Writer, mut batch: sled::Batch) -> Result<(), StoreError> {
        let commits = writer.commits + 1;
        batch.insert(layout::COMMITS_KEY, &commits.to_be_bytes());
        self.write(writer, batch, true)?;
        writer.commits = commits;
        writer.watermark.raise(commits)
    }

    fn write(&self, writer: &mut Writer, batch: sled::Batch, is_durable: bool) -> Result<(), StoreError> {
        let written = opening::no_panic(|| {
            self.tree.apply_batch(batch)?;
            if is_durable {
                self.tree.flush()?;
            }
            Ok(())
        });
        let synced = match written {
            Ok(()) if is_durable => writer.db_file.sync_data().map_err(|error| error.to_string()),
            other => other,
        };
        synced.map_err(|detail| {
            writer.failure = Some(detail.clone());
            self.folder.failed(detail)
        })
    }

    fn generation(&self, document: DocumentId) -> Option<u32> {
        self.known().heads.get(&document).map(|head| head.generation)
    }
}

impl Known {
    /// The last generation of a document of this partnership, damaged or not.
    fn last_generation(&self, partnership: PartnershipId, document: DocumentId) -> Option<u32> {
        let head = self.heads.get(&document);
        if head.is_some_and(|head| head.partnership != partnership) {
            return None;
        }
        let in_head = head.map(|head| head.generation);
        in_head.max(self.damaged.get(&document).map(|damage| damage.generation))
    }
}

/// The conditions of an append, asked while `writer` is held: so nothing changes meanwhile.
struct Durable<'a> {
    store: &'a SledStore,
    known: RwLockReadGuard<'a, Known>,
}

impl Committed for Durable<'_> {
    fn head(&self, document: DocumentId) -> Option<Head> {
        self.known.heads.get(&document).copied()
    }

    fn is_damaged(&self, document: DocumentId) -> bool {
        self.known.damaged.contains_key(&document)
    }

    fn knows(&self, statement: StatementId) -> Result<bool, StoreError> {
        Ok(self.store.place(&self.known, statement)?.is_some())
    }
}

impl Store for SledStore {
    fn commit(&self, batch: Vec<Append>, records: Vec<Record>) -> Result<Vec<Appended>, StoreError> {
        check_records(&records)?;
        let mut writer = self.writer();
        self.check_writable(&writer, bytes_of(&batch, &records))?;
        let plan = Plan::judge(&Durable { store: self, known: self.known() }, &batch)?;
        if plan.heads.is_empty() && records.is_empty() {
            return Ok(plan.answers);
        }
        let mut writes = sled::Batch::default();
        for (append, generation) in plan.accepted(&batch) {
            layout::put_entries(&mut writes, append, generation);
        }
        for (document, head) in &plan.heads {
            layout::put_head(&mut writes, *document, head);
        }
        for record in &records {
            let key = layout::record_key(&record.key);
            let old_bytes =
                values::length(&self.tree, &key).map_err(|detail| self.unreadable("a record", detail))?;
            values::replace(&mut writes, &key, old_bytes, record.value.as_deref());
        }
        self.write_durably(&mut writer, writes)?;
        self.known_mut().heads.extend(plan.heads);
        Ok(plan.answers)
    }

    fn head(&self, document: DocumentId) -> Result<Option<Position>, StoreError> {
        Ok(self.sound_head(document)?.and_then(|head| head.last))
    }

    fn entries(
        &self,
        document: DocumentId,
        from_seq: u64,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.read_entries(document, from_seq, entries_max, bytes_max)
    }

    fn find(&self, statement: StatementId) -> Result<Option<(DocumentId, u64)>, StoreError> {
        self.place(&self.known(), statement)
    }

    fn partnerships(&self) -> Vec<PartnershipId> {
        let known = self.known();
        let all: BTreeSet<_> = known.heads.values().map(|head| head.partnership).collect();
        all.into_iter().collect()
    }

    fn documents(&self, partnership: PartnershipId) -> Vec<DocumentId> {
        let known = self.known();
        let of = known.heads.iter().filter(|(_, head)| head.partnership == partnership);
        of.map(|(document, _)| *document).collect()
    }

    fn damaged(&self) -> Vec<DocumentId> {
        self.known().damaged.keys().copied().collect()
    }

    fn record(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        // Waits for a commit that is under way: sled shows what is not durable yet.
        let _writer = self.writer();
        let value = values::get(&self.tree, &layout::record_key(key));
        value.map_err(|detail| self.unreadable("a record", detail))
    }

    fn records(&self, prefix: &[u8]) -> Result<Vec<NamedValue>, StoreError> {
        let _writer = self.writer();
        let found = self.scan_records(prefix);
        found.map_err(|detail| self.unreadable("a record", detail))
    }

    fn snapshot(&self, document: DocumentId, section: &SectionId) -> Option<Snapshot> {
        let key = layout::snapshot_key(document, self.generation(document)?, section);
        let bytes = values::get(&self.tree, &key).ok().flatten()?;
        layout::read_snapshot(&bytes)
    }

    fn put_snapshot(
        &self,
        document: DocumentId,
        section: &SectionId,
        snapshot: Snapshot,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer();
        self.check_writable(&writer, snapshot.bytes.len() as u64)?;
        let generation = self.generation(document);
        let generation = generation.ok_or(StoreError::Misuse("a snapshot of an unknown document"))?;
        let key = layout::snapshot_key(document, generation, section);
        let old_bytes = values::length(&self.tree, &key).unwrap_or(None);
        let mut writes = sled::Batch::default();
        values::replace(&mut writes, &key, old_bytes, Some(&layout::write_snapshot(&snapshot)));
        self.write(&mut writer, writes, false)
    }

    fn set_aside(&self, partnership: PartnershipId, document: DocumentId) -> Result<(), StoreError> {
        let mut writer = self.writer();
        self.check_writable(&writer, 0)?;
        let generation = self.known().last_generation(partnership, document);
        let generation = generation.ok_or(StoreError::Misuse("an unknown document cannot be set aside"))?;
        let head = Head { partnership, generation: generation + 1, last: None };
        let mut writes = sled::Batch::default();
        layout::put_listing(&mut writes, partnership, document);
        layout::put_head(&mut writes, document, &head);
        self.write_durably(&mut writer, writes)?;
        let mut known = self.known_mut();
        known.heads.insert(document, head);
        known.damaged.remove(&document);
        Ok(())
    }

    fn writable(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        self.check_writable(&writer, 0)
    }
}

fn bytes_of(batch: &[Append], records: &[Record]) -> u64 {
    let entries = batch.iter().flat_map(|append| &append.entries);
    let in_entries: usize = entries.map(StoredEntry::content_bytes).sum();
    let in_records: usize = records.iter().flat_map(|record| &record.value).map(Vec::len).sum();
    (in_entries + in_records) as u64
}
