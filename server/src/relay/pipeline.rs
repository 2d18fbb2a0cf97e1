//! Group commit: entries wait in batches, one batch is on its way to the disk, the next starts when
//! it ends. No timer: under load batches grow by themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::{Position, Verdict};
use entente_store::{Append, Record};

use super::io::{BatchId, ConnectionId};
use super::recorded::Item;
use super::room;
use crate::limits::COMMIT_BYTES_MAX;

/// Entries on their way to the disk, in the order in which they were judged.
#[derive(Default)]
pub(super) struct Pipeline {
    batches: VecDeque<Batch>,
    /// The number of the commit that the first batch is on.
    committing: Option<BatchId>,
    next: u64,
    bytes: usize,
}

/// What one commit makes durable, and who waits for it.
#[derive(Default)]
pub(super) struct Batch {
    pub runs: Vec<Run>,
    pub records: Vec<Record>,
    /// How many bytes each partnership takes when this is on the disk.
    pub sizes: BTreeMap<PartnershipId, u64>,
    pub answers: Vec<Waiting>,
    /// Connections whose founding stands in this batch, and the hash of the token that each used.
    pub founders: Vec<Founder>,
    bytes: usize,
}

/// Entries of one document that follow each other, judged under one charter head.
pub(super) struct Run {
    pub partnership: PartnershipId,
    pub document: DocumentId,
    pub expected_head: Option<Position>,
    pub guard: Option<(DocumentId, Position)>,
    pub items: Vec<Item>,
}

/// An answer that may go out once the entries that it speaks of, or depends on, are durable.
pub(super) struct Waiting {
    pub connection: ConnectionId,
    pub statement: StatementId,
    pub document: DocumentId,
    pub answer: Result<(Position, Verdict), Refusal>,
}

pub(super) struct Founder {
    pub connection: ConnectionId,
    pub partnership: PartnershipId,
    pub token: Option<[u8; 32]>,
}

impl Pipeline {
    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes of one partnership that wait.
    pub(super) fn bytes_of(&self, partnership: PartnershipId) -> u64 {
        let runs = self.batches.iter().flat_map(|batch| &batch.runs);
        let items = runs.filter(|run| run.partnership == partnership).flat_map(|run| &run.items);
        items.map(|item| item.bytes() as u64).sum()
    }

    /// Entries that wait.
    pub(super) fn len(&self) -> usize {
        self.batches.iter().flat_map(|batch| &batch.runs).map(|run| run.items.len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    pub(super) fn is_committing(&self) -> bool {
        self.committing.is_some()
    }

    /// Puts entries at the end and returns the batch in which they stand.
    pub(super) fn push(&mut self, mut run: Run) -> &mut Batch {
        let bytes: usize = run.items.iter().map(Item::bytes).sum();
        self.bytes += bytes;
        let batch = self.open();
        batch.bytes += bytes;
        match batch.last_run_like(&run) {
            Some(last) => last.items.append(&mut run.items),
            None => batch.runs.push(run),
        }
        batch
    }

    /// Writes a record with the next commit.
    pub(super) fn note(&mut self, record: Record) {
        self.open().records.push(record);
    }

    /// The batch that still takes entries.
    fn open(&mut self) -> &mut Batch {
        let taken = self.batches.len() == 1 && self.committing.is_some();
        if taken || self.batches.back().is_none_or(|batch| batch.bytes >= COMMIT_BYTES_MAX) {
            self.batches.push_back(Batch::default());
        }
        self.batches.back_mut().expect("there is one now")
    }

    /// The newest batch with entries of one of `documents`.
    pub(super) fn last_with(&mut self, documents: [DocumentId; 2]) -> Option<&mut Batch> {
        let mut batches = self.batches.iter_mut().rev();
        batches.find(|batch| batch.runs.iter().any(|run| documents.contains(&run.document)))
    }

    /// An entry that is not durable yet, and the batch in which it waits.
    pub(super) fn find(
        &mut self,
        document: DocumentId,
        position: Position,
    ) -> Option<(&Item, &mut Vec<Waiting>)> {
        self.batches.iter_mut().find_map(|batch| {
            let runs = batch.runs.iter().filter(|run| run.document == document);
            let item = runs.flat_map(|run| &run.items).find(|item| item.position == position)?;
            Some((item, &mut batch.answers))
        })
    }

    /// The entries of a document that wait, in order.
    pub(super) fn items(&self, document: DocumentId) -> impl Iterator<Item = &Item> {
        let runs = self.batches.iter().flat_map(|batch| &batch.runs);
        runs.filter(move |run| run.document == document).flat_map(|run| &run.items)
    }

    /// Tells whether entries of `partnership` wait.
    pub(super) fn has(&self, partnership: PartnershipId) -> bool {
        self.batches.iter().flat_map(|batch| &batch.runs).any(|run| run.partnership == partnership)
    }

    /// The next commit, if none is under way and something waits.
    pub(super) fn start(&mut self) -> Option<(BatchId, Vec<Append>, Vec<Record>)> {
        if self.committing.is_some() {
            return None;
        }
        let batch = self.batches.front_mut()?;
        let id = BatchId(self.next);
        self.next += 1;
        self.committing = Some(id);
        let mut records = std::mem::take(&mut batch.records);
        records
            .extend(std::mem::take(&mut batch.sizes).into_iter().map(|(id, bytes)| room::record(id, bytes)));
        Some((id, batch.runs.iter().map(Run::to_append).collect(), records))
    }

    /// The batch whose commit ended.
    pub(super) fn end(&mut self, id: BatchId) -> Option<Batch> {
        if self.committing != Some(id) {
            return None;
        }
        self.committing = None;
        let batch = self.batches.pop_front()?;
        self.bytes -= batch.bytes;
        Some(batch)
    }

    /// Takes out what was judged on entries of `documents` that will not be, between two commits.
    pub(super) fn withdraw(&mut self, documents: &BTreeSet<DocumentId>) -> Batch {
        let mut out = Batch::default();
        for batch in &mut self.batches {
            let (gone, kept) = batch.runs.drain(..).partition(|run| documents.contains(&run.document));
            batch.runs = kept;
            out.runs.extend::<Vec<_>>(gone);
            let (gone, kept) =
                batch.answers.drain(..).partition(|waiting| documents.contains(&waiting.document));
            batch.answers = kept;
            out.answers.extend::<Vec<_>>(gone);
        }
        let waiting = self.batches.drain(..);
        let (kept, empty): (VecDeque<_>, VecDeque<_>) = waiting.partition(|batch| batch.holds_something());
        self.batches = kept;
        for batch in empty {
            self.bytes -= batch.bytes;
            out.founders.extend(batch.founders);
        }
        out
    }
}

impl Batch {
    fn holds_something(&self) -> bool {
        !self.runs.is_empty() || !self.answers.is_empty() || !self.records.is_empty()
    }

    /// The last run of the same document, if the new entry may stand right behind it: nothing that
    /// depends on the order of charter and documents lies between.
    fn last_run_like(&mut self, run: &Run) -> Option<&mut Run> {
        let crossed = |other: &Run| match run.guard {
            // The charter's own entries stay behind what was judged before them.
            None => other.partnership == run.partnership && other.document != run.document,
            Some(guard) => other.document == guard.0,
        };
        for last in self.runs.iter_mut().rev() {
            if last.document == run.document {
                return (last.guard == run.guard).then_some(last);
            }
            if crossed(last) {
                return None;
            }
        }
        None
    }
}

impl Run {
    fn to_append(&self) -> Append {
        Append {
            partnership: self.partnership,
            document: self.document,
            expected_head: self.expected_head,
            charter_guard: self.guard,
            entries: self.items.iter().map(Item::to_stored).collect(),
        }
    }
}
