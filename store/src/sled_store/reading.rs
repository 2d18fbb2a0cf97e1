//! Reading ledgers and records, where a gap is an error and never a shorter answer.

use entente_shared::ids::{DocumentId, StatementId};

use super::layout::{self, EntryPlace};
use super::{Damage, Known, SledStore, values};
use crate::contract::{Head, NamedValue, StoredEntry};
use crate::error::StoreError;

impl SledStore {
    /// The head record of a document that is not damaged.
    pub(super) fn sound_head(&self, document: DocumentId) -> Result<Option<Head>, StoreError> {
        let known = self.known();
        match known.damaged.get(&document) {
            Some(damage) => Err(StoreError::Damaged { document, detail: damage.detail.clone() }),
            None => Ok(known.heads.get(&document).copied()),
        }
    }

    pub(super) fn read_entries(
        &self,
        document: DocumentId,
        from_seq: u64,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let Some(head) = self.sound_head(document)? else { return Ok(Vec::new()) };
        let Some(last) = head.last else { return Ok(Vec::new()) };
        let start = EntryPlace { document, generation: head.generation, seq: from_seq };
        if start.seq > last.seq {
            return Ok(Vec::new());
        }
        let end = EntryPlace { seq: last.seq, ..start };
        let found = super::opening::no_panic(|| Ok(self.scan_entries(start, end, entries_max, bytes_max)));
        let (entries, gap) = found.unwrap_or_else(|panic| (Vec::new(), Some(panic)));
        match gap {
            None => Ok(entries),
            Some(detail) => Err(self.mark_damaged(document, head, detail)),
        }
    }

    /// Reads what there is, and says what is wrong with the first entry that cannot be read.
    fn scan_entries(
        &self,
        start: EntryPlace,
        end: EntryPlace,
        entries_max: usize,
        bytes_max: usize,
    ) -> (Vec<StoredEntry>, Option<String>) {
        let (mut found, mut bytes) = (Vec::new(), 0);
        let mut stored = self.tree.range(layout::entry_key(start)..=layout::entry_key(end));
        for seq in start.seq..=end.seq {
            if found.len() == entries_max {
                break;
            }
            let place = EntryPlace { seq, ..start };
            let entry = match stored.next() {
                Some(Ok((key, first))) => self.complete_entry(place, &key, &first),
                Some(Err(error)) => Err(error.to_string()),
                None => Err("it is missing".to_owned()),
            };
            match entry {
                Ok(entry) => {
                    bytes += entry.content_bytes();
                    if bytes > bytes_max && !found.is_empty() {
                        break;
                    }
                    found.push(entry);
                }
                Err(detail) => return (found, Some(format!("entry {seq}: {detail}"))),
            }
        }
        (found, None)
    }

    fn complete_entry(&self, expected: EntryPlace, key: &[u8], first: &[u8]) -> Result<StoredEntry, String> {
        if layout::read_entry_key(key) != Some(expected) {
            return Err("it is missing".to_owned());
        }
        let bytes = values::complete(&self.tree, key, first)?;
        layout::read_entry(expected.seq, bytes).ok_or_else(|| "its value is malformed".to_owned())
    }

    /// Notes the damage, unless the ledger that was read has been set aside meanwhile.
    fn mark_damaged(&self, document: DocumentId, read: Head, detail: String) -> StoreError {
        let mut known = self.known_mut();
        if known.heads.get(&document).is_some_and(|head| head.generation == read.generation) {
            let damage = Damage { detail: detail.clone(), generation: read.generation };
            known.damaged.insert(document, damage);
        }
        StoreError::Damaged { document, detail }
    }

    /// Where a statement stands: in a ledger that was not set aside, up to the visible head.
    pub(super) fn place(
        &self,
        known: &Known,
        statement: StatementId,
    ) -> Result<Option<(DocumentId, u64)>, StoreError> {
        let unreadable = |detail| self.unreadable("the index of statements", detail);
        let found = self.tree.get(layout::statement_key(statement));
        let Some(value) = found.map_err(|error| unreadable(error.to_string()))? else { return Ok(None) };
        let place = layout::read_place(&value).ok_or_else(|| unreadable("malformed".to_owned()))?;
        let Some(head) = known.heads.get(&place.document) else { return Ok(None) };
        let is_visible = head.generation == place.generation
            && (known.damaged.contains_key(&place.document)
                || head.last.is_some_and(|last| place.seq <= last.seq));
        Ok(is_visible.then_some((place.document, place.seq)))
    }

    pub(super) fn scan_records(&self, prefix: &[u8]) -> Result<Vec<NamedValue>, String> {
        let mut found = Vec::new();
        for stored in self.tree.scan_prefix(layout::record_key(prefix)) {
            let (key, first) = stored.map_err(|error| error.to_string())?;
            found.push((key[1..].to_vec(), values::complete(&self.tree, &key, &first)?));
        }
        Ok(found)
    }

    pub(super) fn unreadable(&self, what: &str, detail: String) -> StoreError {
        StoreError::Unreadable { what: format!("{what} ({detail})"), place: self.folder.name() }
    }
}
