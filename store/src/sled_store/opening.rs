//! Opening: recovery of sled's files, then a look at the end of every ledger.

use std::fs::OpenOptions;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, RwLock};

use super::folder::{self, Folder, Watermark, io_error};
use super::layout;
use super::survey::survey;
use super::{SledOptions, SledStore, Writer};
use crate::error::StoreError;

/// sled's unit of allocation. With it, four pages of 16 values of 4 KiB are far below the quarter
/// of a segment at which sled moves a page into `blobs/`.
const SEGMENT_BYTES: usize = 16 << 20;

/// What had to be done at opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The folder held no store before.
    pub is_new: bool,
    /// Damaged or unfinished `snap.*` files were deleted, and sled rebuilt them from `db`.
    pub rebuilt_snaps: bool,
    /// The disk is nearly full and the ballast was given up.
    pub released_ballast: bool,
    /// Commits that were durable once and are not in the database: its file was cut short, or an
    /// older one was put in its place. Any document may be concerned.
    pub commits_lost: u64,
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
    let commits = commits(&tree).map_err(|detail| unreadable(&folder, detail))?;
    let mut watermark = Watermark::open(&path.join("watermark"))?;
    opened.commits_lost = watermark.commits()?.saturating_sub(commits);
    watermark.raise(commits)?;
    let db_path = path.join("db");
    let db_file =
        OpenOptions::new().write(true).open(&db_path).map_err(|source| io_error(&db_path, source))?;
    let writer = Mutex::new(Writer { db_file, commits, watermark, failure: None });
    Ok(SledStore { tree, writer, known: RwLock::new(known), opened, folder })
}

fn commits(tree: &sled::Tree) -> Result<u64, String> {
    let found = tree.get(layout::COMMITS_KEY).map_err(|error| error.to_string())?;
    found.map_or(Ok(0), |bytes| layout::read_commits(&bytes).ok_or("its count is malformed".to_owned()))
}

/// Opens sled, without such `snap.*` files as are damaged or unfinished.
///
/// A sound one is never deleted: without it sled takes a damaged block anywhere in `db` for the end
/// of what was written, and overwrites everything after it. With it, only damage in the segment
/// written last makes sled refuse the file (it then overwrites the rest of that segment).
fn recover(folder: &Folder, opened: &mut Opened) -> Result<sled::Db, StoreError> {
    opened.rebuilt_snaps = folder.delete_damaged_snaps()? > 0;
    open_sled(folder)
}

fn open_sled(folder: &Folder) -> Result<sled::Db, StoreError> {
    let config = || {
        sled::Config::new()
            .path(&folder.path)
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(folder.options.cache_bytes)
            .flush_every_ms(None)
    };
    // A store of this process that was just dropped may hold sled's own lock for a moment still.
    let attempt = || match no_panic(|| config().open()) {
        Err(detail) if detail.contains("could not acquire lock") => None,
        other => Some(other),
    };
    let Some(opened) = folder::retry(attempt) else {
        return Err(StoreError::InUse { folder: folder.name() });
    };
    opened.map_err(|detail| unreadable(folder, detail))
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
