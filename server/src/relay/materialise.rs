//! The content of sections as it was at given heads: from the last snapshot in the store and the
//! changes that came after it; kept as snapshots, or looked at for a verdict.
//!
//! This is work for a thread of its own: the relay asks for it with
//! [`Action::Materialise`](super::Action) and goes on admitting statements. Whoever needs content
//! names the sections and what their leaves cover; the heads alone say which changes belong to
//! them, so nothing here is trusted: a snapshot that does not fit is passed over, and the content is
//! built from the ledger.

use std::collections::BTreeMap;
use std::fmt;

use entente_shared::attested::LeafState;
use entente_shared::charter::CharterLine;
use entente_shared::codec;
use entente_shared::content::{Section, read_change};
use entente_shared::document::Document;
use entente_shared::ids::*;
use entente_shared::judge::Facts;
use entente_shared::kinds::Kind;
use entente_shared::ledger::Position;
use entente_shared::limits::STATEMENT_BYTES_MAX;
use entente_shared::statement::Statement;
use entente_store::{Snapshot, Store, StoreError};
use minicbor::{Decode, Encode};

use super::loading::{self, pages};
use crate::limits::MATERIALISE_BYTES_MAX;

/// One piece of this work, as the relay numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// What is to be materialised.
#[derive(Clone)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// The document.
    pub document: DocumentId,
    /// Which sections, and for what.
    pub wanted: Wanted,
}

/// Which sections of a document are wanted, and for what.
#[derive(Clone)]
pub enum Wanted {
    /// The snapshots of these sections, as these states have them after this entry.
    Snapshots(Position, &'static Kind, BTreeMap<SectionId, LeafState>),
    /// The snapshots of all, as a replay of the ledger up to this entry under these ground rules
    /// finds them.
    Replayed(Position, Box<CharterLine>),
    /// What sections say on which a verdict rests.
    Facts(Looked),
}

/// The sections on which a verdict rests, as they are in memory.
#[derive(Clone)]
pub struct Looked {
    /// The document's kind.
    pub kind: &'static Kind,
    /// The sections with their heads.
    pub heads: BTreeMap<SectionId, Vec<ChangeId>>,
    /// The last entry on the disk, if there is one yet.
    pub durable: Option<Position>,
    /// The statements of the entries after it.
    pub waiting: Vec<Statement>,
}

/// What came of a task.
#[derive(Debug)]
pub enum Made {
    /// The snapshots are as wanted.
    Snapshots,
    /// What the sections say.
    Facts(Facts),
}

/// Tasks are told apart by their numbers.
impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id).field("document", &self.document).finish_non_exhaustive()
    }
}

/// Why there is no content.
#[derive(Debug, thiserror::Error)]
pub enum MaterialiseError {
    /// The store does not give its entries, or takes no snapshot.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger does not replay, or does not hold the changes that the heads name.
    #[error("{0}")]
    Ledger(String),
    /// The changes are more than this work may keep in memory.
    #[error("its changes have more bytes than may be materialised at once")]
    TooLarge,
}

/// What is kept of one section in a [`Snapshot`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Kept {
    /// What the section's leaf covers.
    #[n(0)]
    pub state: LeafState,
    /// The content ([`Section::pack`]); empty if it stands as its kind begins it.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub packed: Vec<u8>,
}

/// Does what a task says.
///
/// # Errors
///
/// The ledger cannot be read or does not hold what is asked for, or snapshots cannot be written.
pub fn perform(store: &impl Store, task: &Task) -> Result<Made, MaterialiseError> {
    match &task.wanted {
        Wanted::Facts(looked) => {
            let Looked { kind, heads, durable, waiting } = looked;
            let source = Source { document: task.document, kind, upto: *durable, waiting };
            Ok(Made::Facts(Facts::read(kind, contents(store, &source, heads)?)))
        }
        Wanted::Snapshots(..) | Wanted::Replayed(..) => snapshots(store, task).map(|_| Made::Snapshots),
    }
}

/// Makes the snapshots that a task asks for; the content of each section.
fn snapshots(store: &impl Store, task: &Task) -> Result<BTreeMap<SectionId, Section>, MaterialiseError> {
    let (upto, kind, states) = match &task.wanted {
        Wanted::Facts(_) => return Ok(BTreeMap::new()),
        Wanted::Snapshots(upto, kind, states) => (*upto, *kind, states.clone()),
        Wanted::Replayed(upto, line) => {
            let live = loading::document(store, line, task.document, *upto);
            let live = live.map_err(MaterialiseError::Ledger)?;
            (*upto, live.document.kind(), states(&live.document))
        }
    };
    let heads = states.iter().map(|(section, state)| (section.clone(), state.heads.clone())).collect();
    let source = Source { document: task.document, kind, upto: Some(upto), waiting: &[] };
    let mut contents = contents(store, &source, &heads)?;
    for (section, state) in states {
        if let Some(content) = contents.get_mut(&section) {
            keep(store, &source, upto, &section, state, content)?;
        }
    }
    Ok(contents)
}

/// Where the changes of a document are found.
pub struct Source<'a> {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: &'a Kind,
    /// The last entry on the disk that is read; none if nothing is there yet.
    pub upto: Option<Position>,
    /// Statements of entries after it.
    pub waiting: &'a [Statement],
}

/// The content of sections at these heads, from what stands in the ledger.
///
/// # Errors
///
/// The ledger cannot be read, or does not hold the changes that the heads name.
pub fn contents(
    store: &impl Store,
    source: &Source<'_>,
    heads: &BTreeMap<SectionId, Vec<ChangeId>>,
) -> Result<BTreeMap<SectionId, Section>, MaterialiseError> {
    let Source { document, kind, .. } = *source;
    let mut done = BTreeMap::new();
    let mut bases: BTreeMap<&SectionId, Vec<(u64, Section)>> = BTreeMap::new();
    for (section, heads) in heads {
        let unknown = || MaterialiseError::Ledger(format!("its kind has no section {section}"));
        let mut begun = kind.genesis_content(section).ok_or_else(unknown)?;
        if begun.heads() == *heads {
            done.insert(section.clone(), begun);
            continue;
        }
        let snapshot = store.snapshot(document, section).and_then(|snapshot| unpacked(&snapshot));
        bases.insert(section, snapshot.into_iter().chain([(0, begun)]).collect());
    }
    // What was held before the snapshot and came into effect after it stands further back: so the
    // second time everything is read.
    let newest = bases.values().filter_map(|bases| bases.first()).map(|(from_seq, _)| *from_seq).min();
    for from_seq in newest.filter(|from_seq| *from_seq > 0).into_iter().chain([0]) {
        if bases.is_empty() {
            break;
        }
        let changes = changes(store, source, from_seq, &bases)?;
        bases.retain(|section, bases| {
            let found = bases.iter().find_map(|(_, base)| grown(base, &heads[*section], &changes));
            let is_missing = found.is_none();
            done.extend(found.map(|content| ((*section).clone(), content)));
            is_missing
        });
    }
    match bases.keys().next() {
        None => Ok(done),
        Some(section) => {
            Err(MaterialiseError::Ledger(format!("the changes of {section} are not all in the ledger")))
        }
    }
}

/// A change as it stands in the ledger, with what it depends on.
struct Found {
    bytes: Vec<u8>,
    deps: Vec<ChangeId>,
}

/// All changes of some sections in the entries from `from_seq` on, held or not.
fn changes(
    store: &impl Store,
    source: &Source<'_>,
    from_seq: u64,
    of: &BTreeMap<&SectionId, Vec<(u64, Section)>>,
) -> Result<BTreeMap<ChangeId, Found>, MaterialiseError> {
    let (mut found, mut bytes) = (BTreeMap::new(), 0);
    let mut take = |statement: &Statement| {
        for (section, payload) in statement.parts() {
            let Some(payload) = payload.filter(|_| of.contains_key(section)) else { continue };
            for change in &payload.changes {
                let (id, change) = read(change)?;
                bytes += change.bytes.len();
                if bytes > MATERIALISE_BYTES_MAX {
                    return Err(MaterialiseError::TooLarge);
                }
                found.insert(id, change);
            }
        }
        Ok(())
    };
    let upto = source.upto.filter(|upto| from_seq <= upto.seq);
    'stored: for page in upto.into_iter().flat_map(|_| pages(store, source.document, from_seq)) {
        for stored in page? {
            let envelope = codec::decode("statement", &stored.envelope, 2 * STATEMENT_BYTES_MAX);
            take(&envelope.map_err(words).and_then(|one| Statement::open(one).map_err(words))?)?;
            if upto.is_some_and(|upto| stored.seq >= upto.seq) {
                break 'stored;
            }
        }
    }
    source.waiting.iter().try_for_each(take)?;
    Ok(found)
}

fn read(bytes: &[u8]) -> Result<(ChangeId, Found), MaterialiseError> {
    // The gate has let it pass before it was stored.
    let (id, deps) = read_change(bytes).map_err(words)?;
    Ok((id, Found { bytes: bytes.to_vec(), deps }))
}

/// `base` with the changes that lead from it to `heads`; `None` if some are not there, or `base`
/// holds others.
fn grown(base: &Section, heads: &[ChangeId], changes: &BTreeMap<ChangeId, Found>) -> Option<Section> {
    let mut section = base.clone();
    let mut ordered: Vec<&[u8]> = Vec::new();
    let mut seen: BTreeMap<ChangeId, bool> = BTreeMap::new();
    let mut open: Vec<ChangeId> = heads.to_vec();
    // Each change stands on the stack twice: to look at what it depends on, then to be taken.
    while let Some(id) = open.last().copied() {
        match seen.get(&id) {
            Some(true) => drop(open.pop()),
            Some(false) => {
                seen.insert(id, true);
                ordered.push(&changes.get(&id)?.bytes);
                open.pop();
            }
            None if section.contains(&id) => drop(seen.insert(id, true)),
            None => {
                seen.insert(id, false);
                open.extend(&changes.get(&id)?.deps);
            }
        }
    }
    section.apply(ordered).ok()?;
    (section.heads() == heads).then_some(section)
}

/// The content in a snapshot, with the first entry that it does not cover.
fn unpacked(snapshot: &Snapshot) -> Option<(u64, Section)> {
    let kept = Kept::read(snapshot)?;
    let content = Section::unpack(&kept.packed, &kept.state.heads).ok()?;
    Some((snapshot.position.seq + 1, content))
}

impl Kept {
    /// Reads a snapshot; `None` if it is not one that this program writes.
    pub(super) fn read(snapshot: &Snapshot) -> Option<Self> {
        codec::decode("snapshot", &snapshot.bytes, snapshot.bytes.len()).ok()
    }
}

/// Keeps the content of a section as its snapshot, unless the same is kept already.
fn keep(
    store: &impl Store,
    source: &Source<'_>,
    upto: Position,
    section: &SectionId,
    state: LeafState,
    content: &mut Section,
) -> Result<(), StoreError> {
    let begun = LeafState::begun(source.kind, section);
    let kept = store.snapshot(source.document, section).as_ref().and_then(Kept::read);
    // What stands as its kind begins it needs no snapshot, unless there is an older one.
    let has_none = store.snapshot(source.document, section).is_none();
    let is_kept = |kept: &Kept| {
        kept.state == state && (kept.packed.is_empty() || Section::unpack(&kept.packed, &state.heads).is_ok())
    };
    if kept.as_ref().map_or(has_none && begun.as_ref() == Some(&state), is_kept) {
        return Ok(());
    }
    let is_begun = begun.is_some_and(|begun| begun.heads == state.heads);
    // A section that is too large for a snapshot has none, and is replayed.
    let Some(packed) = (if is_begun { Some(Vec::new()) } else { content.pack() }) else { return Ok(()) };
    let snapshot = Snapshot { position: upto, bytes: codec::encode(&Kept { state, packed }) };
    store.put_snapshot(source.document, section, snapshot)
}

/// The heads at which sections of a document stand, of those that may be read here.
pub(super) fn heads(document: &Document, wanted: &[SectionId]) -> BTreeMap<SectionId, Vec<ChangeId>> {
    let known = wanted.iter().filter_map(|name| Some((name, document.sections().get(name)?.known()?)));
    known.map(|(name, known)| (name.clone(), known.index.heads().to_vec())).collect()
}

/// What the leaf of each section of a document covers.
pub(super) fn states(document: &Document) -> BTreeMap<SectionId, LeafState> {
    let sections = document.sections().iter();
    sections.filter_map(|(name, section)| Some((name.clone(), LeafState::of(section.known()?)))).collect()
}

fn words(error: impl ToString) -> MaterialiseError {
    MaterialiseError::Ledger(error.to_string())
}

#[cfg(test)]
mod tests;
