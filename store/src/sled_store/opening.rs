//! Opening: recovery of sled's files, then a look at the end of every ledger.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, RwLock};

use entente_shared::ids::{DocumentId, EntryHash};

use super::folder::{self, Folder, io_error};
use super::layout::{self, EntryPlace};
use super::{Damage, Known, SledOptions, SledStore, Writer};
use crate::contract::Head;
use crate::error::StoreError;

/// sled's unit of allocation. With it, four pages of 16 values of 4 KiB are far below the quarter
/// of a segment at which sled moves a page into `blobs/`.
const SEGMENT_BYTES: usize = 16 << 20;

/// What had to be done at opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The folder held no store before.
    pub is_new: bool,
    /// Damaged or unfinished `snap.*` files were deleted and rebuilt.
    pub rebuilt_snaps: bool,
    /// The disk is nearly full and the ballast was given up.
    pub released_ballast: bool,
}

pub(super) fn open(path: &Path, options: SledOptions) -> Result<SledStore, StoreError> {
    let folder = Folder::lock(path, options)?;
    let mut opened = Opened { is_new: !folder.is_complete()?, ..Opened::default() };
    opened.released_ballast = folder.make_room()?;
    let tree = recover(&folder, &mut opened)?;
    check_format(&tree, &folder, opened.is_new)?;
    folder.sync()?;
    folder.mark_complete()?;
    folder.fill_ballast()?;
    let known = no_panic(|| Ok(survey(&tree)));
    let known = known.and_then(|known| known).map_err(|detail| unreadable(&folder, detail))?;
    let db_path = path.join("db");
    let db_file =
        OpenOptions::new().write(true).open(&db_path).map_err(|source| io_error(&db_path, source))?;
    let writer = Mutex::new(Writer { db_file, failure: None });
    Ok(SledStore { tree, writer, known: RwLock::new(known), opened, folder })
}

/// Why sled did not open.
enum Refusal {
    /// A store of this process that was just dropped has not let go of the file.
    Locked,
    /// sled found damage, perhaps in a `snap.*` only.
    Damaged(String),
    /// Something else.
    Other(String),
}

/// Opens sled; if it finds damage, deletes its `snap.*` files, which it rebuilds from `db`, and
/// tries again.
fn recover(folder: &Folder, opened: &mut Opened) -> Result<sled::Db, StoreError> {
    opened.rebuilt_snaps = folder.delete_snaps(true)? > 0;
    let mut tried = open_sled(folder);
    if matches!(tried, Err(Refusal::Damaged(_))) && folder.delete_snaps(false)? > 0 {
        opened.rebuilt_snaps = true;
        tried = open_sled(folder);
    }
    tried.map_err(|refusal| match refusal {
        Refusal::Locked => StoreError::InUse { folder: folder.name() },
        Refusal::Damaged(detail) | Refusal::Other(detail) => unreadable(folder, detail),
    })
}

fn open_sled(folder: &Folder) -> Result<sled::Db, Refusal> {
    let config = || {
        sled::Config::new()
            .path(&folder.path)
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(folder.options.cache_bytes)
            .flush_every_ms(None)
    };
    let attempt = || match no_panic(|| Ok(config().open())) {
        Ok(Ok(tree)) => Some(Ok(tree)),
        Ok(Err(sled::Error::Io(error))) if error.to_string().contains("could not acquire lock") => None,
        Ok(Err(error @ sled::Error::Corruption { .. })) => Some(Err(Refusal::Damaged(error.to_string()))),
        Ok(Err(error)) => Some(Err(Refusal::Other(error.to_string()))),
        Err(panic) => Some(Err(Refusal::Damaged(panic))),
    };
    folder::retry(attempt).unwrap_or(Err(Refusal::Locked))
}

/// Checks the format, or writes it into a new store (or one that lost it and has other content).
fn check_format(tree: &sled::Db, folder: &Folder, is_new: bool) -> Result<(), StoreError> {
    let found = tree.get(layout::FORMAT_KEY).map_err(|error| unreadable(folder, error.to_string()))?;
    if let Some(bytes) = found {
        let found = <[u8; 4]>::try_from(&*bytes).map(u32::from_be_bytes);
        return match found {
            Ok(layout::FORMAT) => Ok(()),
            Ok(found) => Err(StoreError::NewerFormat { place: folder.name(), found, known: layout::FORMAT }),
            Err(_) => Err(unreadable(folder, "its format is malformed".to_owned())),
        };
    }
    if !is_new && tree.is_empty() {
        return Err(unreadable(folder, "it is empty and was not before".to_owned()));
    }
    let written = tree.insert(layout::FORMAT_KEY, &layout::FORMAT.to_be_bytes()).and_then(|_| tree.flush());
    written.map(drop).map_err(|error| folder.failed(error.to_string()))
}

/// Collects the head records, and compares each with what else tells of its document.
fn survey(tree: &sled::Db) -> Result<Known, String> {
    let mut known = Known::default();
    let last_entries = last_entries(tree)?;
    for stored in tree.scan_prefix(b"h") {
        let (key, value) = stored.map_err(|error| error.to_string())?;
        let document = layout::read_head_key(&key).ok_or("a head record has a malformed key")?;
        if let Some(head) = layout::read_head(&value) {
            known.heads.insert(document, head);
        }
    }
    for stored in tree.scan_prefix(b"p") {
        let (key, _) = stored.map_err(|error| error.to_string())?;
        let (partnership, document) = layout::read_listing_key(&key).ok_or("a listing is malformed")?;
        let Entry::Vacant(missing) = known.heads.entry(document) else { continue };
        let generation = last_entries.get(&document).map_or(0, |last| last.generation);
        missing.insert(Head { partnership, generation, last: None });
        let detail = "its head record is missing".to_owned();
        known.damaged.insert(document, Damage { detail, generation });
    }
    let documents: BTreeSet<_> = known.heads.keys().chain(last_entries.keys()).copied().collect();
    for document in documents {
        let last = last_entries.get(&document);
        if let Err(detail) = check_end(known.heads.get(&document), last) {
            let generation = last.map_or(0, |last| last.generation);
            known.damaged.entry(document).or_insert(Damage { detail, generation });
        }
    }
    Ok(known)
}

/// The last entry of a document, as its key and first chunk tell.
struct LastEntry {
    generation: u32,
    seq: u64,
    hash: Option<EntryHash>,
}

/// The last entry of each document that has any, by stepping from the end of one to the next.
fn last_entries(tree: &sled::Db) -> Result<BTreeMap<DocumentId, LastEntry>, String> {
    let mut found = BTreeMap::new();
    let mut before = b"f".to_vec();
    loop {
        let Some(stored) = tree.range(b"e".to_vec()..before).next_back() else { return Ok(found) };
        let (key, first) = stored.map_err(|error| error.to_string())?;
        let EntryPlace { document, generation, seq } =
            layout::read_entry_key(&key).ok_or("an entry has a malformed key")?;
        before = [b"e", &document.0[..]].concat();
        found.insert(document, LastEntry { generation, seq, hash: layout::hash_in_first_chunk(&first) });
    }
}

fn check_end(head: Option<&Head>, last: Option<&LastEntry>) -> Result<(), String> {
    let last = last.filter(|last| head.is_none_or(|head| head.generation <= last.generation));
    let expected = head.and_then(|head| head.last.map(|position| (head.generation, position)));
    match (expected, last) {
        (None, None) => Ok(()),
        (None, Some(last)) => Err(format!("entry {} stands without a head record", last.seq)),
        (Some((_, position)), None) => Err(format!("all entries up to {} are missing", position.seq)),
        (Some((generation, position)), Some(last)) => {
            if (generation, position.seq, Some(position.hash)) == (last.generation, last.seq, last.hash) {
                return Ok(());
            }
            Err(format!("the head record says entry {}, the last entry is {}", position.seq, last.seq))
        }
    }
}

/// Runs something of sled's, which asserts where its files are damaged, and turns a panic into text.
pub(super) fn no_panic<T>(run: impl FnOnce() -> sled::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(text.unwrap_or_else(|| "sled stopped".to_owned()))
        }
    }
}

fn unreadable(folder: &Folder, detail: String) -> StoreError {
    StoreError::Unreadable { what: format!("the database ({detail})"), place: folder.name() }
}
