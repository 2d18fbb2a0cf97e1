//! Judging a batch of appends in order, before anything is written: the same for every backend
//! that holds its heads in this process.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::ids::{DocumentId, StatementId};

use crate::contract::{Append, Appended, Head, Position, Record};
use crate::error::StoreError;

/// Longest key of a record, in bytes.
pub(crate) const RECORD_KEY_BYTES_MAX: usize = 1024;

/// What is durable already, as far as the conditions of an append ask.
pub(crate) trait Committed {
    /// The head record of a document.
    fn head(&self, document: DocumentId) -> Option<Head>;
    /// Whether the document is damaged.
    fn is_damaged(&self, document: DocumentId) -> bool;
    /// Whether the statement stands in a ledger.
    fn knows(&self, statement: StatementId) -> Result<bool, StoreError>;
}

/// The outcome of judging a batch.
pub(crate) struct Plan {
    /// One answer for each append.
    pub answers: Vec<Appended>,
    /// The new head of each document that grows.
    pub heads: BTreeMap<DocumentId, Head>,
    statements: BTreeSet<StatementId>,
}

impl Plan {
    /// Judges every append against `committed` and the appends before it.
    ///
    /// # Errors
    /// `Misuse`, and what `committed` answers with.
    pub fn judge(committed: &dyn Committed, batch: &[Append]) -> Result<Self, StoreError> {
        let mut plan = Self {
            answers: Vec::with_capacity(batch.len()),
            heads: BTreeMap::new(),
            statements: BTreeSet::new(),
        };
        for append in batch {
            let answer = plan.answer(committed, append)?;
            if answer == Appended::Done {
                plan.take(committed, append)?;
            }
            plan.answers.push(answer);
        }
        Ok(plan)
    }

    /// The appends that are to be written, each with its document's generation.
    pub fn accepted<'a>(&'a self, batch: &'a [Append]) -> impl Iterator<Item = (&'a Append, u32)> {
        batch.iter().zip(&self.answers).filter(|(_, answer)| **answer == Appended::Done).map(|(append, _)| {
            let head = self.heads.get(&append.document).expect("an accepted append has a new head");
            (append, head.generation)
        })
    }

    fn answer(&self, committed: &dyn Committed, append: &Append) -> Result<Appended, StoreError> {
        let charter = append.charter_guard.map(|(charter, _)| charter);
        let damaged = [Some(append.document), charter].into_iter().flatten();
        if let Some(document) = damaged.into_iter().find(|document| committed.is_damaged(*document)) {
            return Ok(Appended::Damaged(document));
        }
        for entry in &append.entries {
            if self.statements.contains(&entry.statement) || committed.knows(entry.statement)? {
                return Ok(Appended::AlreadyThere(entry.statement));
            }
        }
        let actual = self.last(committed, append.document);
        if actual != append.expected_head {
            return Ok(Appended::HeadMoved { actual });
        }
        let Some((charter, guarded)) = append.charter_guard else { return Ok(Appended::Done) };
        let actual = self.last(committed, charter);
        if actual != Some(guarded) {
            return Ok(Appended::CharterMoved { actual });
        }
        Ok(Appended::Done)
    }

    fn take(&mut self, committed: &dyn Committed, append: &Append) -> Result<(), StoreError> {
        let old = self.head(committed, append.document);
        if old.is_some_and(|old| old.partnership != append.partnership) {
            return Err(StoreError::Misuse("the document belongs to another partnership"));
        }
        let last = append.entries.last().ok_or(StoreError::Misuse("an append without entries"))?;
        let old_last = old.and_then(|old| old.last);
        let mut next_seq = old_last.map_or(Some(0), |last| last.seq.checked_add(1));
        for entry in &append.entries {
            if next_seq != Some(entry.seq) {
                return Err(StoreError::Misuse("the entries' seqs do not follow each other and the head"));
            }
            next_seq = entry.seq.checked_add(1);
            if !self.statements.insert(entry.statement) {
                return Err(StoreError::Misuse("one append holds a statement twice"));
            }
        }
        let head = Head {
            partnership: append.partnership,
            generation: old.map_or(0, |old| old.generation),
            last: Some(last.position()),
        };
        self.heads.insert(append.document, head);
        Ok(())
    }

    fn head(&self, committed: &dyn Committed, document: DocumentId) -> Option<Head> {
        self.heads.get(&document).copied().or_else(|| committed.head(document))
    }

    fn last(&self, committed: &dyn Committed, document: DocumentId) -> Option<Position> {
        self.head(committed, document).and_then(|head| head.last)
    }
}

/// Checks the keys of records.
///
/// # Errors
/// `Misuse` for an empty or too long key.
pub(crate) fn check_records(records: &[Record]) -> Result<(), StoreError> {
    let ok = |record: &Record| (1..=RECORD_KEY_BYTES_MAX).contains(&record.key.len());
    if !records.iter().all(ok) {
        return Err(StoreError::Misuse("a record's key has 1 to 1,024 bytes"));
    }
    Ok(())
}
