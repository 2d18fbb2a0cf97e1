//! The memory store keeps the contract, and fails as it is told to.

use entente_store::conformance::{Subject, append, document, entry, partnership, position};
use entente_store::{Appended, MemoryStore, Record, Snapshot, Store, StoreError};

struct Memory(MemoryStore);

impl Subject for Memory {
    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn reopen(&mut self) {
        self.0 = MemoryStore::open(self.0.crash());
    }
}

mod conforms {
    entente_store::conformance!(super::Memory(entente_store::MemoryStore::new()));
}

fn filled() -> MemoryStore {
    let store = MemoryStore::new();
    assert_eq!(store.commit(vec![append(document(1), 0..=2)], Vec::new()).unwrap(), [Appended::Done]);
    store
}

#[test]
fn a_crash_drops_unsaved_snapshots_and_ends_the_old_store() {
    let store = filled();
    let section = "functions".into();
    let snapshot = Snapshot { position: position(document(1), 2), bytes: vec![1] };
    store.put_snapshot(document(1), &section, snapshot.clone()).unwrap();
    assert_eq!(store.snapshot(document(1), &section), Some(snapshot));
    let reopened = MemoryStore::open(store.crash());
    assert_eq!(reopened.snapshot(document(1), &section), None);
    assert_eq!(reopened.head(document(1)).unwrap(), Some(position(document(1), 2)));
    let late = store.commit(vec![append(document(1), 3..=3)], Vec::new());
    assert!(matches!(late, Err(StoreError::Failed { .. })), "{late:?}");
}

#[test]
fn a_failed_commit_keeps_whole_appends_and_the_writer_cannot_know_which() {
    for kept in 0..=3 {
        let store = filled();
        store.fail_next_commit(kept);
        let batch = vec![append(document(1), 3..=4), append(document(2), 0..=1)];
        let record = Record { key: b"key".to_vec(), value: Some(vec![1]) };
        let failed = store.commit(batch, vec![record]);
        assert!(matches!(failed, Err(StoreError::Failed { .. })), "{failed:?}");
        assert!(matches!(store.writable(), Err(StoreError::Failed { .. })));
        let reopened = MemoryStore::open(store.crash());
        reopened.writable().unwrap();
        assert_eq!(reopened.count(document(1)).unwrap(), if kept >= 1 { 5 } else { 3 });
        assert_eq!(reopened.count(document(2)).unwrap(), if kept >= 2 { 2 } else { 0 });
        assert_eq!(reopened.record(b"key").unwrap().is_some(), kept >= 2);
    }
}

#[test]
fn a_full_disk_is_read_only_until_there_is_room() {
    let store = filled();
    store.set_disk_full(true);
    let refused = store.commit(vec![append(document(1), 3..=3)], Vec::new());
    assert!(matches!(refused, Err(StoreError::DiskFull { .. })), "{refused:?}");
    assert!(matches!(store.set_aside(partnership(1), document(1)), Err(StoreError::DiskFull { .. })));
    assert_eq!(store.count(document(1)).unwrap(), 3);
    store.set_disk_full(false);
    assert_eq!(store.commit(vec![append(document(1), 3..=3)], Vec::new()).unwrap(), [Appended::Done]);
}

#[test]
fn an_older_image_can_be_opened_again() {
    let store = filled();
    let backup = store.image();
    assert_eq!(store.commit(vec![append(document(1), 3..=8)], Vec::new()).unwrap(), [Appended::Done]);
    let restored = MemoryStore::open(backup);
    assert_eq!(restored.head(document(1)).unwrap(), Some(position(document(1), 2)));
    assert_eq!(store.head(document(1)).unwrap(), Some(position(document(1), 8)));
    assert_eq!(restored.find(entry(document(1), 5, 0).statement).unwrap(), None);
}

#[test]
fn a_lost_entry_damages_its_document_only_until_it_is_set_aside() {
    let store = filled();
    store.commit(vec![append(document(2), 0..=2)], Vec::new()).unwrap();
    store.lose_entry(document(1), 1);
    let read = store.entries(document(1), 0, 10, usize::MAX);
    assert!(matches!(read, Err(StoreError::Damaged { .. })), "{read:?}");
    assert_eq!(store.damaged(), [document(1)]);
    let batch = vec![append(document(1), 3..=3), append(document(2), 3..=3)];
    let answers = store.commit(batch, Vec::new()).unwrap();
    assert_eq!(answers, [Appended::Damaged(document(1)), Appended::Done]);
    store.set_aside(partnership(1), document(1)).unwrap();
    assert_eq!(store.damaged(), []);
    assert_eq!(store.commit(vec![append(document(1), 0..=3)], Vec::new()).unwrap(), [Appended::Done]);
    assert_eq!(store.count(document(1)).unwrap(), 4);
}
