//! `entente-relay restore`: a backup into an empty data folder.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context as _;
use entente_shared::ids::{DocumentId, PartnershipId};
use entente_shared::ledger::Position;
use entente_store::{Append, Appended, Record, Store, StoredEntry};

use crate::backup::{self, Contents, Item};
use crate::records;

/// Bytes of entries that are committed together.
const COMMIT_BYTES: usize = 8 << 20;

/// Restores a backup into `store`, which must be empty, and marks it as recovering.
///
/// The whole file is checked before anything is written.
///
/// # Errors
/// The file is damaged, the store not empty, or a write failed: then the store is marked as not
/// wholly restored, and `serve` does not take it.
pub fn restore(path: &Path, store: &impl Store) -> anyhow::Result<Contents> {
    let open = || {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok(BufReader::with_capacity(1 << 20, file))
    };
    backup::read(&mut open()?, |_| Ok(())).with_context(|| path.display().to_string())?;
    anyhow::ensure!(
        store.partnerships().is_empty() && store.records(b"")?.is_empty(),
        "the data folder holds a relay already: restore into an empty one"
    );
    commit(store, Vec::new(), vec![records::restoring(true)])?;
    let mut restoring = Restoring { store, ledger: None, waiting: Vec::new(), bytes: 0, records: Vec::new() };
    let contents = backup::read(&mut open()?, |item| restoring.take(item))?;
    restoring.flush()?;
    restoring.end_ledger()?;
    let mut beside = restoring.records;
    beside.extend([records::recovering(true), records::restoring(false)]);
    commit(store, Vec::new(), beside)?;
    Ok(contents)
}

struct Restoring<'a, S> {
    store: &'a S,
    ledger: Option<Ledger>,
    waiting: Vec<StoredEntry>,
    bytes: usize,
    records: Vec<Record>,
}

struct Ledger {
    partnership: PartnershipId,
    document: DocumentId,
    /// Its last entry, as the backup says.
    head: Position,
    /// The last entry that was committed.
    written: Option<Position>,
    next_seq: u64,
}

impl<S: Store> Restoring<'_, S> {
    fn take(&mut self, item: Item) -> anyhow::Result<()> {
        match item {
            Item::Begin { .. } | Item::End(_) => {}
            Item::Ledger { partnership, document, head } => {
                self.flush()?;
                self.end_ledger()?;
                self.ledger = Some(Ledger { partnership, document, head, written: None, next_seq: 0 });
            }
            Item::Entry { hash, time_ms, statement, entry, envelope } => {
                let ledger = self.ledger.as_mut().context("the backup has an entry without a document")?;
                let stored = StoredEntry { seq: ledger.next_seq, hash, time_ms, statement, entry, envelope };
                ledger.next_seq += 1;
                self.bytes += stored.content_bytes();
                self.waiting.push(stored);
                if self.bytes >= COMMIT_BYTES {
                    self.flush()?;
                }
            }
            Item::Damaged { .. } => {
                self.flush()?;
                // What was read of it before is kept; clients refill the rest.
                self.ledger = None;
            }
            Item::Record { key, value } => self.records.push(Record { key, value: Some(value) }),
        }
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let Some(ledger) = self.ledger.as_mut().filter(|_| !self.waiting.is_empty()) else { return Ok(()) };
        let entries = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let last = entries.last().map(StoredEntry::position);
        let append = Append {
            partnership: ledger.partnership,
            document: ledger.document,
            expected_head: ledger.written,
            charter_guard: None,
            entries,
        };
        ledger.written = last;
        commit(self.store, vec![append], Vec::new())
    }

    fn end_ledger(&mut self) -> anyhow::Result<()> {
        let Some(ledger) = self.ledger.take() else { return Ok(()) };
        let is_whole = ledger.written == Some(ledger.head);
        anyhow::ensure!(is_whole, "the backup of document {} is not whole", ledger.document.uuid());
        Ok(())
    }
}

fn commit(store: &impl Store, appends: Vec<Append>, records: Vec<Record>) -> anyhow::Result<()> {
    match store.commit(appends, records)?.into_iter().find(|done| *done != Appended::Done) {
        None => Ok(()),
        Some(other) => anyhow::bail!("the backup does not fit together: {other:?}"),
    }
}
