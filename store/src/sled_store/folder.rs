//! The folder of a store: its lock, its ballast, its free space, and what is fsynced in it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::SledOptions;
use crate::error::StoreError;

/// Tells the free space on the disk that holds a folder, in bytes.
pub type FreeBytes = Arc<dyn Fn(&Path) -> io::Result<u64> + Send + Sync>;

/// How often and how long another process's lock is waited for: a second in all.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// What the lock file says once the store is created.
const LOCK_TEXT: &[u8] = b"An Entente store. Do not delete this file.\n";

/// A commit writes each value, its index keys and, once in ten times, the pages that hold them.
const WRITTEN_PER_BYTE: u64 = 4;

/// A folder that this process alone has open.
pub(super) struct Folder {
    pub path: PathBuf,
    pub options: SledOptions,
    /// Locked as long as it is open.
    lock: File,
}

impl Folder {
    /// Creates the folder if it is missing, and locks it.
    pub fn lock(path: &Path, options: SledOptions) -> Result<Self, StoreError> {
        fs::create_dir_all(path).map_err(|source| io_error(path, source))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(|source| io_error(&lock_path, source))?;
        let is_free = retry(|| match lock.try_lock() {
            Ok(()) => Some(Ok(())),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(source)) => Some(Err(io_error(&lock_path, source))),
        });
        match is_free {
            Some(locked) => locked?,
            None => return Err(StoreError::InUse { folder: path.display().to_string() }),
        }
        Ok(Self { path: path.to_owned(), options, lock })
    }

    /// Tells whether a store was once created here completely.
    pub fn is_complete(&self) -> Result<bool, StoreError> {
        let length = self.lock.metadata().map_err(|source| io_error(&self.path, source))?.len();
        Ok(length > 0)
    }

    /// Notes in the lock file that the store is created, durably.
    pub fn mark_complete(&self) -> Result<(), StoreError> {
        if self.is_complete()? {
            return Ok(());
        }
        let written = (&self.lock).write_all(LOCK_TEXT).and_then(|()| self.lock.sync_all());
        written.map_err(|source| io_error(&self.path.join("lock"), source))
    }

    /// Gives up the ballast if recovery would meet a full disk; tells whether it did.
    ///
    /// # Errors
    /// `DiskFull` if there is not enough room even so.
    pub fn make_room(&self) -> Result<bool, StoreError> {
        let needed_bytes = self.options.ballast_bytes;
        if self.free_bytes()? >= needed_bytes {
            return Ok(false);
        }
        let is_released = match fs::remove_file(self.ballast()) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(source) => return Err(io_error(&self.ballast(), source)),
        };
        let free_bytes = self.free_bytes()?;
        if free_bytes < needed_bytes {
            return Err(self.disk_full(free_bytes, needed_bytes));
        }
        Ok(is_released)
    }

    /// Writes the ballast if it is missing or short and there is room for it beside the reserve.
    pub fn fill_ballast(&self) -> Result<(), StoreError> {
        let path = self.ballast();
        let wanted = self.options.ballast_bytes;
        if fs::metadata(&path).is_ok_and(|found| found.len() == wanted) {
            return Ok(());
        }
        if self.free_bytes()? < self.options.reserve_bytes + wanted {
            return Ok(());
        }
        write_incompressible(&path, wanted).map_err(|source| io_error(&path, source))
    }

    /// Checks that `batch_bytes` can be written and the reserve is still free afterwards.
    ///
    /// # Errors
    /// `DiskFull`.
    pub fn check_space(&self, batch_bytes: u64) -> Result<(), StoreError> {
        let needed_bytes = self.options.reserve_bytes + batch_bytes * WRITTEN_PER_BYTE;
        let free_bytes = self.free_bytes()?;
        if free_bytes < needed_bytes { Err(self.disk_full(free_bytes, needed_bytes)) } else { Ok(()) }
    }

    /// Makes the files that sled created, and their names, durable.
    pub fn sync(&self) -> Result<(), StoreError> {
        let mut paths = vec![self.path.join("conf"), self.path.join("db")];
        if cfg!(unix) {
            paths.extend([self.path.clone(), parent(&self.path)]);
        }
        for path in paths {
            File::open(&path).and_then(|file| file.sync_all()).map_err(|source| io_error(&path, source))?;
        }
        Ok(())
    }

    /// Deletes those of sled's `snap.*` files that are unfinished or damaged; tells how many.
    pub fn delete_damaged_snaps(&self) -> Result<usize, StoreError> {
        let mut deleted = 0;
        for found in fs::read_dir(&self.path).map_err(|source| io_error(&self.path, source))? {
            let path = found.map_err(|source| io_error(&self.path, source))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !name.starts_with("snap.") {
                continue;
            }
            let bytes = fs::read(&path).map_err(|source| io_error(&path, source))?;
            if name.ends_with(".generating") || !is_sound_snap(&bytes) {
                fs::remove_file(&path).map_err(|source| io_error(&path, source))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// The folder's path, for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub fn failed(&self, detail: String) -> StoreError {
        StoreError::Failed { place: self.name(), detail }
    }

    fn disk_full(&self, free_bytes: u64, needed_bytes: u64) -> StoreError {
        StoreError::DiskFull { place: self.name(), free_bytes, needed_bytes }
    }

    fn free_bytes(&self) -> Result<u64, StoreError> {
        (self.options.free_bytes)(&self.path).map_err(|source| io_error(&self.path, source))
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

/// The number of durable commits, in a file of its own.
///
/// It is written after each commit and never synced: it outlives a killed process, may fall behind
/// in a loss of power, and is never ahead of what is durable. So a database with fewer commits has
/// lost some.
pub(super) struct Watermark {
    file: File,
    path: PathBuf,
}

impl Watermark {
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
        Ok(Self { file: file.map_err(|source| io_error(path, source))?, path: path.to_owned() })
    }

    /// The number that was written last; 0 if there is none.
    pub fn commits(&mut self) -> Result<u64, StoreError> {
        let mut bytes = Vec::new();
        let read = self.file.rewind().and_then(|()| (&self.file).take(8).read_to_end(&mut bytes));
        read.map_err(|source| io_error(&self.path, source))?;
        Ok(bytes.try_into().map_or(0, u64::from_be_bytes))
    }

    pub fn raise(&mut self, commits: u64) -> Result<(), StoreError> {
        let written = self.file.rewind().and_then(|()| self.file.write_all(&commits.to_be_bytes()));
        written.map_err(|source| io_error(&self.path, source))
    }
}

/// Tries until there is an answer, for up to a second.
#[allow(clippy::disallowed_methods, reason = "a lock held by another process tells nobody when it is free")]
pub(super) fn retry<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 1..LOCK_TRIES {
        if let Some(answer) = attempt() {
            return Some(answer);
        }
        thread::sleep(LOCK_PAUSE);
    }
    attempt()
}

/// The free space for an ordinary user on the disk that holds `path`, in bytes.
#[cfg(unix)]
pub(super) fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not known here: a full disk is met as a failed write.
#[cfg(not(unix))]
pub(super) fn free_bytes(_: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

pub(super) fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { path: path.display().to_string(), source }
}

/// A `snap.*` file ends in its length (8 bytes, unused without compression) and the CRC-32 of what
/// is before both (4 bytes, little-endian); see sled 0.34.7, `src/pagecache/snapshot.rs`.
fn is_sound_snap(bytes: &[u8]) -> bool {
    let Some((rest, checksum)) = bytes.split_last_chunk::<4>() else { return false };
    let Some((content, _)) = rest.split_last_chunk::<8>() else { return false };
    !content.is_empty() && crc32fast::hash(content) == u32::from_le_bytes(*checksum)
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Fills a file with bytes that take room on disks that compress or leave holes (xorshift64).
fn write_incompressible(path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut left = length as usize;
    while left > 0 {
        let mut block = Vec::with_capacity(1 << 16);
        while block.len() < 1 << 16 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block.extend_from_slice(&state.to_le_bytes());
        }
        block.truncate(left);
        file.write_all(&block)?;
        left -= block.len();
    }
    file.sync_all()
}
