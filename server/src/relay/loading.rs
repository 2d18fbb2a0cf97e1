//! Replaying ledgers from the store. Nothing here trusts the disk: each entry is judged again, and
//! what does not come out the same is quarantined.

use std::collections::BTreeSet;

use entente_shared::charter::{Charter, CharterLine};
use entente_shared::codec;
use entente_shared::document::{Document, Told};
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_store::{Store, StoreError, StoredEntry};

use super::partnership::{Live, Partnership, Shape, Slot, SlotState, branch_key, shape_key};
use super::recorded::Item;
use crate::limits::Limits;

const PAGE_ENTRIES: usize = 1024;
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Why a ledger could not be loaded, in words for the operator.
pub(super) type LoadError = String;

/// Loads a partnership: its charter whole, of each document where it ends and what it is made of.
pub(super) fn partnership(
    store: &impl Store,
    id: PartnershipId,
    limits: &Limits,
    now_ms: u64,
) -> Result<Option<Partnership>, LoadError> {
    // A partnership's id is the id of its founding statement, which stands in its charter.
    let Some((charter_id, _)) = store.find(StatementId(id.0)).map_err(words)? else { return Ok(None) };
    let Some(head) = store.head(charter_id).map_err(words)? else { return Ok(None) };
    let (charter, _) = charter(store, charter_id, head)?;
    let mut partnership = Partnership::new(charter, limits, now_ms);
    partnership.stored_bytes = super::room::counted(store, id);
    partnership.durable = Some(partnership.charter.now().clone());
    for document in store.documents(id) {
        let (slot, time_ms) = slot(store, document);
        partnership.last_ms = partnership.last_ms.max(time_ms);
        partnership.slots.insert(document, slot);
    }
    let unshaped = partnership.slots.iter().filter(|(_, slot)| slot.shape.sections.is_empty());
    let unshaped: Vec<_> = unshaped.map(|(document, _)| *document).collect();
    for document in unshaped {
        shape_by_replay(store, &mut partnership, document);
    }
    Ok(Some(partnership))
}

/// Where a document ends, with the time of its last entry.
pub(super) fn slot(store: &impl Store, document: DocumentId) -> (Slot, u64) {
    let nothing = Shape { kind: KindId::new(""), sections: BTreeSet::new() };
    let record = |key: Vec<u8>| store.record(&key).ok().flatten();
    let shape = record(shape_key(&document));
    let shape = shape.and_then(|bytes| codec::decode("shape", &bytes, bytes.len()).ok()).unwrap_or(nothing);
    let other_branch = record(branch_key(&document));
    let last = match store.head(document) {
        Ok(None) => Ok(None),
        Ok(Some(head)) => store.entries(document, head.seq, 1, 1).map(|found| found.into_iter().next()),
        Err(error) => Err(error),
    };
    let mut slot = Slot::new(None, shape);
    slot.other_branch = other_branch.and_then(|bytes| codec::decode("branch", &bytes, bytes.len()).ok());
    match last {
        Ok(None) => (slot, 0),
        Ok(Some(last)) => {
            slot.durable = Some(last.position());
            (slot, last.time_ms)
        }
        Err(_) => {
            slot.state = SlotState::Quarantined;
            (slot, 0)
        }
    }
}

/// Finds out by a replay what a document is made of whose shape was not recorded.
fn shape_by_replay(store: &impl Store, partnership: &mut Partnership, document: DocumentId) {
    let Some(slot) = partnership.slots.get_mut(&document) else { return };
    let Some(head) = slot.durable else { return };
    if document == partnership.charter_id {
        slot.shape = shape_of(partnership.charter.document()).into();
        return;
    }
    match self::document(store, partnership.charter.line(), document, head) {
        Ok(live) => slot.shape = shape_of(&live.document).into(),
        Err(_) => slot.state = SlotState::Quarantined,
    }
}

/// What a document is made of.
pub(super) fn shape_of(document: &Document) -> Shape {
    Shape { kind: document.kind().id.clone(), sections: document.sections().keys().cloned().collect() }
}

/// Replays a charter up to `head`.
pub(super) fn charter(
    store: &impl Store,
    id: DocumentId,
    head: Position,
) -> Result<(Charter, u64), LoadError> {
    let mut charter: Option<Charter> = None;
    let mut count = 0;
    each(store, id, head, |item| {
        let (entry, statement) = (item.entry().map_err(words)?, item.statement().map_err(words)?);
        let told = Told { entry: &entry, redaction: None };
        match &mut charter {
            None => charter = Some(Charter::replay_found(&statement, told).map_err(words)?.0),
            Some(charter) => drop(charter.replay(&statement, told).map_err(words)?),
        }
        count += 1;
        Ok(())
    })?;
    let charter = charter.ok_or("it has no entries")?;
    check_head(charter.document().head(), head)?;
    Ok((charter, count))
}

/// Replays a document up to `head`.
pub(super) fn document(
    store: &impl Store,
    line: &CharterLine,
    id: DocumentId,
    head: Position,
) -> Result<Live, LoadError> {
    let mut follower: Option<Follower> = None;
    each(store, id, head, |item| {
        let (entry, statement) = (item.entry().map_err(words)?, item.statement().map_err(words)?);
        let cited = entry.charter.ok_or("an entry cites no charter")?;
        if !line.is_newest_at(cited, entry.time_ms) {
            return Err(format!("entry {} cites a charter that it cannot", entry.seq));
        }
        let follower = match &mut follower {
            Some(follower) => follower,
            None => follower.insert(Follower::begin(&statement).map_err(words)?),
        };
        let told = Told { entry: &entry, redaction: None };
        follower.replay(line, &statement, told).map_err(words)?;
        Ok(())
    })?;
    let (document, court) = follower.ok_or("it has no entries")?.into_parts();
    check_head(document.head(), head)?;
    Ok(Live { document, court })
}

/// Reads every entry up to `head`, in order.
fn each(
    store: &impl Store,
    document: DocumentId,
    head: Position,
    mut take: impl FnMut(&Item) -> Result<(), LoadError>,
) -> Result<(), LoadError> {
    let mut next_seq = 0;
    for page in pages(store, document, 0) {
        for stored in page.map_err(words)? {
            if stored.seq != next_seq {
                return Err(format!("entry {next_seq} is missing"));
            }
            take(&Item::from_stored(stored).map_err(words)?)?;
            if next_seq == head.seq {
                return Ok(());
            }
            next_seq += 1;
        }
    }
    Err(format!("entry {next_seq} is missing"))
}

/// What is stored of a document from an entry on, page by page, until there is no more or something
/// cannot be read.
pub(super) fn pages(
    store: &impl Store,
    document: DocumentId,
    from_seq: u64,
) -> impl Iterator<Item = Result<Vec<StoredEntry>, StoreError>> {
    let mut next_seq = Some(from_seq);
    std::iter::from_fn(move || {
        let page = store.entries(document, next_seq.take()?, PAGE_ENTRIES, PAGE_BYTES);
        if let Ok(found) = &page {
            next_seq = Some(found.last()?.seq + 1);
        }
        Some(page)
    })
}

fn check_head(replayed: Option<Position>, head: Position) -> Result<(), LoadError> {
    match replayed == Some(head) {
        true => Ok(()),
        false => Err(format!("it ends in another entry {} than the store says", head.seq)),
    }
}

fn words(error: impl ToString) -> LoadError {
    error.to_string()
}

/// What a client is told where the store takes nothing; the operator's log says more.
pub(super) fn read_only_reason(error: &StoreError) -> String {
    match error {
        StoreError::DiskFull { .. } => "its disk is nearly full",
        _ => "its store failed",
    }
    .to_owned()
}
