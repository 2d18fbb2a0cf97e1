//! The storage trait, its guarantee, and the values that cross it.

use entente_shared::ids::{DocumentId, EntryHash, PartnershipId, SectionId, StatementId};
pub use entente_shared::ledger::Position;

use crate::error::StoreError;

/// One entry of a ledger with the statement that it admits; bytes that the store does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Number in the ledger: 0 for the first entry, else one more than the entry before.
    pub seq: u64,
    /// SHA-256 of `entry`, as its author computed it.
    pub hash: EntryHash,
    /// Relay time, milliseconds since 1970.
    pub time_ms: u64,
    /// The statement that this entry admits.
    pub statement: StatementId,
    /// The encoded entry.
    pub entry: Vec<u8>,
    /// The signed header and the payloads, up to 2 MiB.
    pub envelope: Vec<u8>,
}

impl StoredEntry {
    /// The entry's place in its ledger.
    pub fn position(&self) -> Position {
        Position { seq: self.seq, hash: self.hash }
    }

    /// Bytes of entry and envelope together.
    pub fn content_bytes(&self) -> usize {
        self.entry.len() + self.envelope.len()
    }
}

/// Entries to put at the end of one document's ledger: all of them, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The partnership that the document belongs to.
    pub partnership: PartnershipId,
    /// The document whose ledger grows.
    pub document: DocumentId,
    /// The head on which the entries were judged; `None` for a ledger without entries.
    pub expected_head: Option<Position>,
    /// The charter and the head that it must still have, if the verdicts depend on it.
    pub charter_guard: Option<(DocumentId, Position)>,
    /// At least one entry. The seqs follow each other and the head; a new ledger begins with 0.
    pub entries: Vec<StoredEntry>,
}

/// What became of one [`Append`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The entries are in the ledger, durably.
    Done,
    /// The ledger has another head than expected; nothing was written. Judge again.
    HeadMoved {
        /// The head that it has.
        actual: Option<Position>,
    },
    /// The charter has another head than the guard says; nothing was written. Judge again.
    CharterMoved {
        /// The head that the charter has.
        actual: Option<Position>,
    },
    /// This statement stands in a ledger already; nothing was written. [`Store::find`] says where.
    AlreadyThere(StatementId),
    /// The document, or its charter, is damaged and takes nothing until it is set aside.
    Damaged(DocumentId),
}

/// A small named value beside the ledgers: a key, a token, a journal, an outbox, a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name, 1 to 1,024 bytes.
    pub key: Vec<u8>,
    /// The value, or `None` to delete it.
    pub value: Option<Vec<u8>>,
}

/// A record that is there: its key and value.
pub type NamedValue = (Vec<u8>, Vec<u8>);

/// Materialised content of one section: a cache, to be checked by whoever loads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The entry after which the section had this content.
    pub position: Position,
    /// The content, opaque here.
    pub bytes: Vec<u8>,
}

/// The end of one ledger, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The partnership that the document belongs to.
    pub partnership: PartnershipId,
    /// How often the document's ledger was set aside.
    pub generation: u32,
    /// The last entry; `None` for a ledger that was set aside and not filled again.
    pub last: Option<Position>,
}

/// How a ledger compares to a position that was recorded elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The ledger has exactly this entry.
    Agrees,
    /// The ledger ends before it: entries were lost, or an older state was restored.
    Behind {
        /// The head that the ledger has.
        head: Option<Position>,
    },
    /// The ledger has another entry at this seq: it is another branch.
    Differs {
        /// What stands there.
        actual: Position,
    },
}

/// Ledgers, and what stands beside them, kept durably.
///
/// # Guarantee
///
/// - **Atomic.** Of each [`Append`] either every entry is in the ledger or none, also after a
///   crash at any moment, and so are all the records of a commit together.
/// - **Conditional.** Appends are judged one after the other, in the order given, each against what
///   those before it in the batch did. `Done` means: at that moment the ledger had exactly
///   `expected_head`, the charter had exactly the head of the guard, and none of the statements
///   stood in any ledger of this store. So two writers cannot both append to one head.
/// - **Durable before visible.** When [`Store::commit`] returns, everything that it answers `Done`
///   to, and all its records, survive a loss of power. Before that no reader sees any of it: what
///   was read may be forwarded.
/// - **Unique.** A statement stands in at most one ledger, at most once.
/// - **Append-only.** Entries are never changed or deleted. [`Store::set_aside`] begins a ledger
///   anew and leaves the old one where it is, out of sight.
/// - **Nothing is missing silently.** A read answers with all entries of the range in order, or
///   with [`StoreError::Damaged`]. A damaged document does not stop any other.
/// - **After an error**: with [`StoreError::DiskFull`] and [`StoreError::Misuse`] nothing was
///   written, and the store goes on. With [`StoreError::Failed`] any prefix of the batch may be
///   durable: open the store again and look.
///
/// Snapshots are a cache: replaced atomically, but not durable when the call returns.
///
/// All calls block; an asynchronous shell runs them on a thread for blocking work.
pub trait Store: Send + Sync {
    /// Appends to ledgers and writes records, in one durable step (one fsync) for all of them.
    ///
    /// Answers once for each `Append`, in order. Records are written whatever the appends' answers.
    ///
    /// # Errors
    /// `DiskFull`, `Failed`; `Misuse` if an append has no entries, seqs that do not follow each
    /// other or the head, or another partnership than its document, or if a record's key is
    /// empty or too long.
    fn commit(&self, batch: Vec<Append>, records: Vec<Record>) -> Result<Vec<Appended>, StoreError>;

    /// The last entry of a document; `None` if it has no entries here.
    ///
    /// # Errors
    /// `Damaged`.
    fn head(&self, document: DocumentId) -> Result<Option<Position>, StoreError>;

    /// Entries from `from_seq` on, in order: at most `entries_max`, and at most `bytes_max` bytes
    /// of entries and envelopes, but always the first if there is one.
    ///
    /// # Errors
    /// `Damaged` if one of them is missing or unreadable.
    fn entries(
        &self,
        document: DocumentId,
        from_seq: u64,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<StoredEntry>, StoreError>;

    /// Where a statement stands: document and seq.
    ///
    /// # Errors
    /// `Failed`, `Unreadable`.
    fn find(&self, statement: StatementId) -> Result<Option<(DocumentId, u64)>, StoreError>;

    /// All partnerships that have documents here, in order of their ids.
    fn partnerships(&self) -> Vec<PartnershipId>;

    /// All documents of a partnership, in order of their ids; also damaged ones and ones whose
    /// ledger was set aside.
    fn documents(&self, partnership: PartnershipId) -> Vec<DocumentId>;

    /// The documents found damaged so far, in order of their ids. One whose head record is lost may
    /// be missing in [`Store::documents`].
    fn damaged(&self) -> Vec<DocumentId>;

    /// The value of a record.
    ///
    /// # Errors
    /// `Unreadable`.
    fn record(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// All records whose key begins with `prefix`, in order of their keys (bytewise).
    ///
    /// # Errors
    /// `Unreadable`.
    fn records(&self, prefix: &[u8]) -> Result<Vec<NamedValue>, StoreError>;

    /// The last snapshot of a section, if there is a readable one.
    fn snapshot(&self, document: DocumentId, section: &SectionId) -> Option<Snapshot>;

    /// Replaces the snapshot of a section. It becomes durable with some later commit.
    ///
    /// # Errors
    /// `DiskFull`, `Failed`; `Misuse` if the document is not known here.
    fn put_snapshot(
        &self,
        document: DocumentId,
        section: &SectionId,
        snapshot: Snapshot,
    ) -> Result<(), StoreError>;

    /// Puts a ledger aside, durably, so that it can be filled again from its first entry: the
    /// document is then listed without a head, and its statements are not found any more.
    ///
    /// The partnership is asked for because damage may have taken it from the store.
    ///
    /// # Errors
    /// `DiskFull`, `Failed`; `Misuse` if the document is not known here, or in another partnership.
    fn set_aside(&self, partnership: PartnershipId, document: DocumentId) -> Result<(), StoreError>;

    /// Tells whether a commit would be tried now.
    ///
    /// # Errors
    /// `DiskFull` while the store is read-only, `Failed` after a failed write.
    fn writable(&self) -> Result<(), StoreError>;

    /// Compares a ledger with a position recorded elsewhere, such as a checkpoint outside the store.
    ///
    /// # Errors
    /// As for [`Store::entries`].
    fn verify_against(&self, document: DocumentId, recorded: Position) -> Result<Against, StoreError> {
        let head = self.head(document)?;
        let found = self.entries(document, recorded.seq, 1, 1)?;
        Ok(match found.first().map(StoredEntry::position) {
            None => Against::Behind { head },
            Some(actual) if actual == recorded => Against::Agrees,
            Some(actual) => Against::Differs { actual },
        })
    }

    /// Reads a whole ledger and answers with the number of its entries: for a check in the
    /// background, since opening looks at the ends of ledgers only.
    ///
    /// # Errors
    /// As for [`Store::entries`].
    fn count(&self, document: DocumentId) -> Result<u64, StoreError> {
        let (mut count, mut from_seq) = (0, 0);
        loop {
            let page = self.entries(document, from_seq, 1024, 4 << 20)?;
            let Some(last) = page.last() else { return Ok(count) };
            count += page.len() as u64;
            from_seq = last.seq + 1;
        }
    }
}
