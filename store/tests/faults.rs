//! What happens to files, disks and processes, and what the sled store makes of it.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use entente_store::conformance::{append, document, entry, partnership, position};
use entente_store::{
    Against, Append, Appended, Record, SledOptions, SledStore, Store, StoreError, StoredEntry,
};
use tempfile::TempDir;

const ROOM: u64 = 1 << 40;

/// Options with a disk whose free space the test sets.
fn on_disk(free: &Arc<AtomicU64>, ballast_bytes: u64) -> SledOptions {
    let free = Arc::clone(free);
    let free_bytes = Arc::new(move |_: &Path| Ok(free.load(Ordering::SeqCst)));
    SledOptions { ballast_bytes, free_bytes, ..SledOptions::default() }
}

fn options() -> SledOptions {
    on_disk(&Arc::new(AtomicU64::new(ROOM)), 0)
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

fn open(folder: &TempDir) -> SledStore {
    SledStore::open(folder.path(), options()).expect("the store opens")
}

/// Commits entries `seqs` of a document with envelopes of 500 bytes.
fn fill(store: &SledStore, number: u8, seqs: std::ops::RangeInclusive<u64>) {
    for seq in seqs {
        let document = document(number);
        let append = Append { entries: vec![entry(document, seq, 500)], ..append(document, seq..=seq) };
        assert_eq!(store.commit(vec![append], Vec::new()).expect("commits"), [Appended::Done]);
    }
}

fn files(folder: &TempDir, prefix: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder.path()).expect("the folder is there");
    let all = all.map(|found| found.expect("a file").path());
    all.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)))
        .collect()
}

fn assert_complete(store: &SledStore, number: u8, count: u64) {
    let document = document(number);
    let entries = store.entries(document, 0, usize::MAX, usize::MAX).expect("readable");
    assert_eq!(entries, (0..count).map(|seq| entry(document, seq, 500)).collect::<Vec<_>>());
}

#[test]
fn a_damaged_snap_file_is_rebuilt() {
    let folder = folder();
    for round in 0..3 {
        let store = open(&folder);
        fill(&store, 1, round * 50..=round * 50 + 49);
    }
    drop(open(&folder));
    for damage in [&b""[..], b"short", &[0xab; 4000]] {
        let snaps = files(&folder, "snap.");
        assert_eq!(snaps.len(), 1);
        fs::write(&snaps[0], damage).expect("written");
        let store = open(&folder);
        assert!(store.opened().rebuilt_snaps);
        assert_complete(&store, 1, 150);
    }
}

#[test]
fn an_unfinished_snap_file_is_removed() {
    let folder = folder();
    fill(&open(&folder), 1, 0..=9);
    let unfinished = folder.path().join("snap.7FFFFFFFFFFFFFFF.generating");
    fs::write(&unfinished, b"half of it").expect("written");
    let store = open(&folder);
    assert!(store.opened().rebuilt_snaps);
    assert!(!unfinished.exists());
    assert_complete(&store, 1, 10);
}

/// A store of five documents, written in four sessions, closed.
fn five_documents(folder: &TempDir) {
    for round in 0..4 {
        let store = open(folder);
        for number in 1..=5 {
            fill(&store, number, round * 40..=round * 40 + 39);
        }
    }
}

fn copy_of(original: &TempDir, db: &[u8], with_snap: bool) -> TempDir {
    let copy = folder();
    let snap = if with_snap { files(original, "snap.") } else { Vec::new() };
    let names = ["conf", "lock", "watermark"].map(|name| original.path().join(name));
    for path in names.iter().chain(&snap) {
        fs::copy(path, copy.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    fs::write(copy.path().join("db"), db).expect("written");
    copy
}

/// Wherever the file is cut, the store says so, and a checkpoint says which documents are concerned.
#[test]
fn a_truncated_file_is_detected() {
    let original = folder();
    five_documents(&original);
    let db = fs::read(original.path().join("db")).expect("the file is there");
    let content = db.iter().rposition(|byte| *byte != 0).expect("the file is not empty");
    let mut refused = 0;
    for part in 1..=24 {
        let copy = copy_of(&original, &db[..content * part / 25], part % 2 == 0);
        let Ok(store) = SledStore::open(copy.path(), options()) else {
            refused += 1;
            continue;
        };
        assert!(store.opened().commits_lost > 0, "cut at {part}/25");
        let is_behind = |number: u8| {
            let against = store.verify_against(document(number), position(document(number), 159));
            !matches!(against, Ok(Against::Agrees))
        };
        assert!((1..=5).any(is_behind), "cut at {part}/25");
        drop(store);
        assert_eq!(open(&copy).opened().commits_lost, 0, "said once");
    }
    assert!(refused <= 12, "without a newer snap file, every cut opens as an older state: {refused}");
}

const LARGE_DOCUMENTS: u8 = 9;

fn large_entries(number: u8) -> Vec<StoredEntry> {
    (0..60).map(|seq| entry(document(number), seq, 60_000)).collect()
}

/// A store of several of sled's segments, closed, with a snap file that covers them.
fn large_documents(folder: &TempDir) -> PathBuf {
    for number in 1..=LARGE_DOCUMENTS {
        let append = Append { entries: large_entries(number), ..append(document(number), 0..=0) };
        assert_eq!(open(folder).commit(vec![append], Vec::new()).expect("commits"), [Appended::Done]);
    }
    drop(open(folder));
    folder.path().join("db")
}

/// The documents that can be read; asserts that these are right and the others known as damaged.
fn served(store: &SledStore) -> Vec<u8> {
    assert_eq!(store.opened().commits_lost, 0);
    let is_served = |number: &u8| match store.entries(document(*number), 0, usize::MAX, usize::MAX) {
        Ok(read) => {
            assert!(read == large_entries(*number), "document {number} is served as it is not");
            true
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            assert!(store.damaged().contains(&document(*number)));
            false
        }
    };
    (1..=LARGE_DOCUMENTS).filter(is_served).collect()
}

/// Opens a store with damage; `None` if it is where sled refuses the whole file.
fn open_damaged(folder: &TempDir) -> Option<SledStore> {
    match SledStore::open(folder.path(), options()) {
        Ok(store) => Some(store),
        Err(error) => {
            assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
            None
        }
    }
}

/// Where sled puts a page differs from run to run, so every copy of some bytes is damaged.
#[test]
fn a_damaged_entry_quarantines_its_document_and_no_other() {
    let folder = folder();
    let db = large_documents(&folder);
    let bytes = fs::read(&db).expect("the file is there");
    let sound = Sound::of(&folder);
    let mut opened = 0;
    for number in 1..=3 {
        let needle = &large_entries(number)[30].envelope[..64];
        let copies: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(needle)).collect();
        assert!(!copies.is_empty(), "entry 30 of document {number} is in the file");
        copies.iter().for_each(|at| overwrite(&db, *at as u64, &[0x5a; 64]));
        if let Some(store) = open_damaged(&folder) {
            opened += 1;
            let others: Vec<_> = (1..=LARGE_DOCUMENTS).filter(|other| *other != number).collect();
            assert_eq!(served(&store), others);
        }
        sound.restore(&folder);
    }
    assert!(opened > 0, "the first documents are not all in the segment that was written last");
}

/// Wherever a block is damaged: what is served is right, and what is not served is known.
#[test]
fn a_damaged_block_is_never_served() {
    let folder = folder();
    let db = large_documents(&folder);
    let length = fs::metadata(&db).expect("there").len();
    let sound = Sound::of(&folder);
    let mut opened = 0;
    for part in 0..12 {
        overwrite(&db, length * part / 12 + 300, &[0x5a; 512]);
        if let Some(store) = open_damaged(&folder) {
            opened += 1;
            served(&store);
        }
        sound.restore(&folder);
    }
    assert!(opened > 0, "a damaged block outside the last segment does not stop the store");
    assert_eq!(served(&open(&folder)).len(), usize::from(LARGE_DOCUMENTS));
}

/// The files of a closed store, to be put back: sled writes to damaged ones when it opens them.
struct Sound(Vec<(PathBuf, Vec<u8>)>);

impl Sound {
    fn of(folder: &TempDir) -> Self {
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).expect("readable");
            (path, bytes)
        };
        let paths = ["db", "snap.", "watermark"].map(|prefix| files(folder, prefix));
        Self(paths.into_iter().flatten().map(read).collect())
    }

    fn restore(&self, folder: &TempDir) {
        files(folder, "snap.").iter().for_each(|path| fs::remove_file(path).expect("removed"));
        self.0.iter().for_each(|(path, bytes)| fs::write(path, bytes).expect("written"));
    }
}

/// Puts bytes into a file.
fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)).expect("written");
}

#[test]
fn a_store_that_lost_everything_is_not_taken_for_a_new_one() {
    let folder = folder();
    fill(&open(&folder), 1, 0..=9);
    fs::write(folder.path().join("db"), b"").expect("written");
    files(&folder, "snap.").iter().for_each(|path| fs::remove_file(path).expect("removed"));
    let opened = SledStore::open(folder.path(), options());
    let error = opened.err().expect("an empty file is damage");
    assert!(error.to_string().contains("restore it from a backup"), "{error}");
}

#[test]
fn a_second_process_is_told_who_is_in_the_way() {
    let folder = folder();
    let _store = open(&folder);
    let child = child("second_process", &folder).output().expect("the child runs");
    let said = String::from_utf8_lossy(&child.stdout);
    let expected = format!("{} is in use by another Entente process: stop it", folder.path().display());
    assert!(said.contains(&expected), "{said}");
}

/// Runs an ignored test of this file as a process of its own.
fn child(test: &str, folder: &TempDir) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the path of this test"));
    command.args(["--exact", test, "--ignored", "--nocapture"]).env("STORE_FOLDER", folder.path());
    command
}

#[test]
#[ignore = "run as a child by a_second_process_is_told_who_is_in_the_way"]
fn second_process() {
    let folder = std::env::var("STORE_FOLDER").expect("set by the parent");
    match SledStore::open(folder, options()) {
        Ok(_) => println!("it opened"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn a_nearly_full_disk_is_read_only_until_there_is_room() {
    let folder = folder();
    let free = Arc::new(AtomicU64::new(ROOM));
    let store = SledStore::open(folder.path(), on_disk(&free, 1 << 20)).expect("opens");
    fill(&store, 1, 0..=4);
    free.store((64 << 20) - 1, Ordering::SeqCst);
    let record = Record { key: b"key".to_vec(), value: None };
    let refused = store.commit(vec![append(document(1), 5..=5)], vec![record]);
    assert!(matches!(refused, Err(StoreError::DiskFull { free_bytes: 67_108_863, .. })), "{refused:?}");
    assert!(store.set_aside(partnership(1), document(1)).is_err());
    assert!(store.writable().is_err());
    assert_complete(&store, 1, 5);
    free.store(ROOM, Ordering::SeqCst);
    fill(&store, 1, 5..=5);
}

#[test]
fn opening_on_a_full_disk_gives_up_the_ballast_or_says_so() {
    let folder = folder();
    let ballast = folder.path().join("ballast");
    let free = Arc::new(AtomicU64::new(ROOM));
    fill(&SledStore::open(folder.path(), on_disk(&free, 1 << 20)).expect("opens"), 1, 0..=4);
    assert_eq!(fs::metadata(&ballast).expect("written").len(), 1 << 20);

    // The disk is full but for what the ballast takes.
    let path = ballast.clone();
    let free_bytes = Arc::new(move |_: &Path| Ok(if path.exists() { 0 } else { 1 << 20 }));
    let full = SledOptions { free_bytes, ..on_disk(&free, 1 << 20) };
    let store = SledStore::open(folder.path(), full.clone()).expect("the ballast makes room");
    assert!(store.opened().released_ballast);
    assert!(matches!(store.writable(), Err(StoreError::DiskFull { .. })));
    assert_complete(&store, 1, 5);
    drop(store);

    free.store(0, Ordering::SeqCst);
    let refused = SledStore::open(folder.path(), on_disk(&free, 1 << 20)).err().expect("no room at all");
    assert!(matches!(refused, StoreError::DiskFull { .. }), "{refused}");

    free.store(ROOM, Ordering::SeqCst);
    let store = SledStore::open(folder.path(), on_disk(&free, 1 << 20)).expect("opens");
    assert_eq!(fs::metadata(&ballast).expect("written again").len(), 1 << 20);
    fill(&store, 1, 5..=5);
}

#[test]
fn sled_keeps_no_blobs() {
    let folder = folder();
    let store = open(&folder);
    let large = entry(document(1), 0, 2 << 20);
    let append = Append { entries: vec![large.clone()], ..append(document(1), 0..=0) };
    let record = Record { key: b"outbox".to_vec(), value: Some(vec![7; 3 << 20]) };
    store.commit(vec![append], vec![record]).expect("commits");
    assert_eq!(fs::read_dir(folder.path().join("blobs")).expect("there").count(), 0);
    assert_eq!(store.entries(document(1), 0, 1, 1).expect("readable"), [large]);
}

#[test]
fn a_store_of_a_later_format_is_left_alone() {
    let folder = folder();
    let tree = sled::Config::new().path(folder.path()).segment_size(16 << 20).open().expect("opens");
    tree.insert(b"mformat", &2_u32.to_be_bytes()).expect("written");
    drop(tree);
    let refused = SledStore::open(folder.path(), options()).err().expect("refused");
    assert!(matches!(refused, StoreError::NewerFormat { found: 2, known: 1, .. }), "{refused}");
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = folder();
    let path = folder.path().join("file");
    OpenOptions::new().create_new(true).write(true).open(&path).expect("created");
    let refused = SledStore::open(path.join("store"), options()).err().expect("refused");
    assert!(refused.to_string().contains("file/store"), "{refused}");
}
