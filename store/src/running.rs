//! Tells a program how its last run ended, and at which entry it died if it died.
//!
//! A file lies in the folder while the program runs, and goes when the run ends by itself. Nothing is
//! written into it as long as every run does; after one that did not, every entry is noted before it
//! is taken in. No write waits for the disk: what a process has written outlives the process, and a
//! machine that loses its power has not died of an entry.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use entente_shared::ids::DocumentId;

/// An entry of a document.
pub type Place = (DocumentId, u64);

/// How often a program may die of one entry before that is not tried again. One death may have been
/// somebody's impatience; twice at the same entry is none.
const DEATHS_MAX: u32 = 2;

/// The note of one run of a program.
#[derive(Debug)]
pub struct Running {
    path: PathBuf,
    /// Where the last run died, and how many runs have died there one after the other.
    died: Option<(Place, u32)>,
    /// Whether the last run did not end by itself: then each place is written down.
    is_careful: bool,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    file: File,
    place: Option<Place>,
}

impl Running {
    /// Begins a run. The caller holds the lock of the store in the same folder.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let before = match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            // What cannot be read was not written by this program to its end.
            Err(error) if error.kind() == ErrorKind::InvalidData => Some(String::new()),
            Err(error) => return Err(error),
        };
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        let died = before.as_deref().and_then(read).map(|(place, deaths)| (place, deaths + 1));
        let now = Mutex::new(Now { file, place: None });
        Ok(Self { path: path.to_owned(), died, is_careful: before.is_some(), now })
    }

    /// The entry of which the program has died too often to try once more.
    pub fn poisoned(&self) -> Option<Place> {
        self.died.filter(|(_, deaths)| *deaths >= DEATHS_MAX).map(|(place, _)| place)
    }

    /// Takes note of the entry that is about to be taken in; none once all are.
    pub fn mark(&self, place: Option<Place>) {
        let mut now = self.now();
        now.place = place;
        if self.is_careful {
            self.write(&now);
        }
    }

    fn write(&self, now: &Now) {
        let died = |place: Place| self.died.filter(|(at, _)| *at == place).map_or(0, |(_, deaths)| deaths);
        let text = now.place.map(|place| format!("{} {} {}\n", place.0.to_hex(), place.1, died(place)));
        let text = text.unwrap_or_default();
        // A note that fails costs one more death, no entry.
        let _ = now.file.set_len(0).and_then(|()| now.file.write_all_at(text.as_bytes(), 0));
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let now = self.now();
        match now.place {
            // It is a panic that ends the run.
            Some(_) if std::thread::panicking() => self.write(&now),
            _ if std::thread::panicking() => {}
            _ => drop(fs::remove_file(&self.path)),
        }
    }
}

/// Reads a place and how often a run had died there before.
fn read(text: &str) -> Option<(Place, u32)> {
    let mut words = text.split_whitespace();
    let document = DocumentId::from_hex(words.next()?)?;
    Some(((document, words.next()?.parse().ok()?), words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = (DocumentId([7; 16]), 3);
    const OTHER: Place = (DocumentId([8; 16]), 0);

    /// A run that dies without another word, at a place if it had come to one.
    fn dies(path: &Path, places: &[Option<Place>]) -> Option<Place> {
        let run = Running::begin(path).expect("a folder");
        places.iter().for_each(|place| run.mark(*place));
        let poisoned = run.poisoned();
        std::mem::forget(run);
        poisoned
    }

    #[test]
    fn an_entry_is_given_up_after_two_deaths_in_a_row_that_were_noted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("running");
        // The first run notes nothing: the one before it had ended well.
        assert_eq!(dies(&path, &[Some(OTHER), Some(PLACE)]), None);
        assert_eq!(fs::read_to_string(&path).expect("the note"), "");
        assert_eq!(dies(&path, &[Some(OTHER), Some(PLACE)]), None);
        assert_eq!(dies(&path, &[Some(OTHER), Some(PLACE)]), None);
        assert_eq!(dies(&path, &[Some(OTHER), None]), Some(PLACE));
        assert_eq!(dies(&path, &[]), None, "the last one died of nothing");
    }

    #[test]
    fn deaths_at_different_entries_are_not_added_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("running");
        for place in [PLACE, OTHER, PLACE, OTHER] {
            assert_eq!(dies(&path, &[Some(place)]), None);
        }
        assert_eq!(Running::begin(&path).expect("a folder").poisoned(), None);
        assert!(!path.exists(), "that run ended by itself");
    }

    #[test]
    fn a_panic_is_noted_by_the_first_run_already() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("running");
        for poisoned in [None, None, Some(PLACE)] {
            let run = Running::begin(&path).expect("a folder");
            assert_eq!(run.poisoned(), poisoned);
            let died = std::thread::spawn(move || {
                run.mark(Some(PLACE));
                panic!("of this entry");
            });
            assert!(died.join().is_err());
        }
    }
}
