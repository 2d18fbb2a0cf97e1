//! A store without a disk, for tests and simulations: it can fail, crash and go back in time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entente_shared::ids::{DocumentId, PartnershipId, SectionId, StatementId};

use crate::contract::{Append, Appended, Head, NamedValue, Position, Record, Snapshot, Store, StoredEntry};
use crate::error::StoreError;
use crate::plan::{Committed, Plan, check_records};

const PLACE: &str = "memory";

/// What a disk would hold: copied cheaply, and opened again as a store by [`MemoryStore::open`].
#[derive(Clone, Default)]
pub struct Image {
    heads: BTreeMap<DocumentId, Head>,
    entries: BTreeMap<(DocumentId, u32, u64), Arc<StoredEntry>>,
    statements: BTreeMap<StatementId, (DocumentId, u32, u64)>,
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    snapshots: BTreeMap<(DocumentId, u32, SectionId), Arc<Snapshot>>,
    damaged: BTreeSet<DocumentId>,
}

#[derive(Default)]
struct State {
    image: Image,
    /// Snapshots that no commit has made durable yet.
    unsaved: BTreeMap<(DocumentId, u32, SectionId), Arc<Snapshot>>,
    fail_after: Option<usize>,
    failed: bool,
    is_disk_full: bool,
}

/// A store in memory. Its methods beside [`Store`] make it behave as disks and processes do.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens what a disk held.
    pub fn open(image: Image) -> Self {
        Self { state: Mutex::new(State { image, ..State::default() }) }
    }

    /// Copies what is durable now: a backup, to be opened later as an older state.
    pub fn image(&self) -> Image {
        self.lock().image.clone()
    }

    /// Ends this store as kill -9 would: it takes nothing more, and what was durable comes back.
    pub fn crash(&self) -> Image {
        let mut state = self.lock();
        state.failed = true;
        state.image.clone()
    }

    /// Lets the next commit fail after `appends_kept` of its accepted appends have become durable
    /// (its records only if all of them have): the writer cannot know. 0 leaves nothing.
    pub fn fail_next_commit(&self, appends_kept: usize) {
        self.lock().fail_after = Some(appends_kept);
    }

    /// Makes the disk full, or gives it room again.
    pub fn set_disk_full(&self, is_full: bool) {
        self.lock().is_disk_full = is_full;
    }

    /// Loses one entry, as a damaged file would; reading it finds the damage.
    pub fn lose_entry(&self, document: DocumentId, seq: u64) {
        let mut state = self.lock();
        let generation = state.image.heads.get(&document).map_or(0, |head| head.generation);
        state.image.entries.remove(&(document, generation, seq));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check_writable(&self) -> Result<(), StoreError> {
        if self.failed {
            let detail = "it has crashed".to_owned();
            return Err(StoreError::Failed { place: PLACE.to_owned(), detail });
        }
        if self.is_disk_full {
            return Err(StoreError::DiskFull { place: PLACE.to_owned(), free_bytes: 0, needed_bytes: 1 });
        }
        Ok(())
    }

    fn damage(&mut self, document: DocumentId, seq: u64) -> StoreError {
        self.image.damaged.insert(document);
        damaged(document, format!("entry {seq} is missing"))
    }
}

impl Image {
    fn check(&self, document: DocumentId) -> Result<Option<Head>, StoreError> {
        if self.damaged.contains(&document) {
            return Err(damaged(document, "found earlier".to_owned()));
        }
        Ok(self.heads.get(&document).copied())
    }

    fn write(&mut self, append: &Append, generation: u32) {
        let document = append.document;
        for entry in &append.entries {
            self.entries.insert((document, generation, entry.seq), Arc::new(entry.clone()));
            self.statements.insert(entry.statement, (document, generation, entry.seq));
        }
        let last = append.entries.last().map(StoredEntry::position);
        self.heads.insert(document, Head { partnership: append.partnership, generation, last });
    }

    fn write_record(&mut self, record: Record) {
        match record.value {
            Some(value) => self.records.insert(record.key, value),
            None => self.records.remove(&record.key),
        };
    }
}

impl Committed for Image {
    fn head(&self, document: DocumentId) -> Option<Head> {
        self.heads.get(&document).copied()
    }

    fn is_damaged(&self, document: DocumentId) -> bool {
        self.damaged.contains(&document)
    }

    fn knows(&self, statement: StatementId) -> Result<bool, StoreError> {
        Ok(self.place(statement).is_some())
    }
}

impl Image {
    fn place(&self, statement: StatementId) -> Option<(DocumentId, u64)> {
        let (document, generation, seq) = *self.statements.get(&statement)?;
        let current = self.heads.get(&document)?.generation;
        (generation == current).then_some((document, seq))
    }
}

impl Store for MemoryStore {
    fn commit(&self, batch: Vec<Append>, records: Vec<Record>) -> Result<Vec<Appended>, StoreError> {
        let mut state = self.lock();
        state.check_writable()?;
        check_records(&records)?;
        let plan = Plan::judge(&state.image, &batch)?;
        let fails_after = state.fail_after.take();
        let kept = fails_after.unwrap_or(usize::MAX);
        for (append, generation) in plan.accepted(&batch).take(kept) {
            state.image.write(append, generation);
        }
        if plan.accepted(&batch).count() <= kept && kept > 0 {
            let unsaved = std::mem::take(&mut state.unsaved);
            state.image.snapshots.extend(unsaved);
            records.into_iter().for_each(|record| state.image.write_record(record));
        }
        if fails_after.is_some() {
            state.failed = true;
            let detail = "a failure was asked for".to_owned();
            return Err(StoreError::Failed { place: PLACE.to_owned(), detail });
        }
        Ok(plan.answers)
    }

    fn head(&self, document: DocumentId) -> Result<Option<Position>, StoreError> {
        Ok(self.lock().image.check(document)?.and_then(|head| head.last))
    }

    fn entries(
        &self,
        document: DocumentId,
        from_seq: u64,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let mut state = self.lock();
        let Some(head) = state.image.check(document)? else { return Ok(Vec::new()) };
        let Some(last) = head.last else { return Ok(Vec::new()) };
        let (mut found, mut bytes) = (Vec::new(), 0);
        for seq in from_seq..=last.seq {
            if found.len() == entries_max {
                break;
            }
            let Some(entry) = state.image.entries.get(&(document, head.generation, seq)) else {
                return Err(state.damage(document, seq));
            };
            bytes += entry.content_bytes();
            if bytes > bytes_max && !found.is_empty() {
                break;
            }
            found.push(StoredEntry::clone(entry));
        }
        Ok(found)
    }

    fn find(&self, statement: StatementId) -> Result<Option<(DocumentId, u64)>, StoreError> {
        Ok(self.lock().image.place(statement))
    }

    fn partnerships(&self) -> Vec<PartnershipId> {
        let state = self.lock();
        let all: BTreeSet<_> = state.image.heads.values().map(|head| head.partnership).collect();
        all.into_iter().collect()
    }

    fn documents(&self, partnership: PartnershipId) -> Vec<DocumentId> {
        let state = self.lock();
        let of = state.image.heads.iter().filter(|(_, head)| head.partnership == partnership);
        of.map(|(document, _)| *document).collect()
    }

    fn damaged(&self) -> Vec<DocumentId> {
        self.lock().image.damaged.iter().copied().collect()
    }

    fn record(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().image.records.get(key).cloned())
    }

    fn records(&self, prefix: &[u8]) -> Result<Vec<NamedValue>, StoreError> {
        let state = self.lock();
        let from = state.image.records.range(prefix.to_vec()..);
        let found = from.take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn snapshot(&self, document: DocumentId, section: &SectionId) -> Option<Snapshot> {
        let state = self.lock();
        let generation = state.image.heads.get(&document)?.generation;
        let key = (document, generation, section.clone());
        let found = state.unsaved.get(&key).or_else(|| state.image.snapshots.get(&key))?;
        Some(Snapshot::clone(found))
    }

    fn put_snapshot(
        &self,
        document: DocumentId,
        section: &SectionId,
        snapshot: Snapshot,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.check_writable()?;
        let head = state.image.heads.get(&document);
        let generation = head.ok_or(StoreError::Misuse("a snapshot of an unknown document"))?.generation;
        state.unsaved.insert((document, generation, section.clone()), Arc::new(snapshot));
        Ok(())
    }

    fn set_aside(&self, partnership: PartnershipId, document: DocumentId) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.check_writable()?;
        let head = state.image.heads.get_mut(&document).filter(|head| head.partnership == partnership);
        let head = head.ok_or(StoreError::Misuse("an unknown document cannot be set aside"))?;
        head.generation += 1;
        head.last = None;
        state.image.damaged.remove(&document);
        Ok(())
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.lock().check_writable()
    }
}

fn damaged(document: DocumentId, detail: String) -> StoreError {
    StoreError::Damaged { document, detail }
}
