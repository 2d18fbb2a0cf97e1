//! Every expectation of a [`Store`], to be run on each backend by [`conformance!`](crate::conformance!).
//!
//! An expectation gets a fresh subject and asserts. It may close the store and open it again:
//! what was answered `Done` must still be there.

use entente_shared::ids::{DocumentId, EntryHash, PartnershipId, SectionId, StatementId, sha256};

use crate::contract::{Against, Append, Appended, Position, Record, Snapshot, Store, StoredEntry};
use crate::error::StoreError;

/// A store under test, that can be closed and opened again.
pub trait Subject {
    /// The open store.
    fn store(&self) -> &dyn Store;
    /// Closes the store in an orderly way, and opens it again.
    fn reopen(&mut self);
}

/// Defines one test for each expectation; `$fresh` makes a [`Subject`] with an empty store.
#[macro_export]
macro_rules! conformance {
    ($fresh:expr) => {
        $crate::conformance!(@each $fresh;
            a_new_store_is_empty
            appended_entries_are_read_back_in_order_after_reopening
            a_moved_head_refuses_the_append_and_says_where_it_is
            a_moved_charter_refuses_the_append_and_says_where_it_is
            a_statement_is_admitted_once
            appends_of_one_batch_see_those_before_them
            one_refused_append_does_not_stop_the_others
            misuse_writes_nothing
            ranges_are_bounded_by_count_and_bytes
            payloads_of_every_size_survive
            documents_are_listed_by_partnership
            records_are_replaced_deleted_and_sorted
            records_of_every_size_survive
            snapshots_are_replaced_whole
            a_ledger_set_aside_can_be_filled_again
            recorded_positions_tell_loss_and_forks
            concurrent_writers_append_to_one_head_once
        );
    };
    (@each $fresh:expr; $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::conformance::$name(&mut $fresh);
            }
        )*
    };
}

/// A document id for tests.
pub fn document(number: u8) -> DocumentId {
    DocumentId([number; 16])
}

/// A partnership id for tests.
pub fn partnership(number: u8) -> PartnershipId {
    PartnershipId([number; 32])
}

/// The entry with this seq of a document, with an envelope of `bytes` that only it has.
pub fn entry(document: DocumentId, seq: u64, bytes: usize) -> StoredEntry {
    let seed = sha256(&[&document.0, &seq.to_be_bytes()]);
    let statement = StatementId(sha256(&[b"statement", &seed]));
    let entry = [&seed[..], &seq.to_be_bytes()].concat();
    let envelope = (0..bytes).map(|at| seed[at % 32] ^ (at / 32) as u8).collect();
    StoredEntry { seq, hash: EntryHash(sha256(&[&entry])), time_ms: 1000 + seq, statement, entry, envelope }
}

/// An append of small entries to a document of partnership 1, on the head that fits.
pub fn append(document: DocumentId, seqs: std::ops::RangeInclusive<u64>) -> Append {
    let start = *seqs.start();
    Append {
        partnership: partnership(1),
        document,
        expected_head: (start > 0).then(|| position(document, start - 1)),
        charter_guard: None,
        entries: seqs.map(|seq| entry(document, seq, 100)).collect(),
    }
}

/// The position of an entry made by [`entry`].
pub fn position(document: DocumentId, seq: u64) -> Position {
    entry(document, seq, 0).position()
}

fn done(store: &dyn Store, batch: Vec<Append>) {
    let expected = vec![Appended::Done; batch.len()];
    assert_eq!(store.commit(batch, Vec::new()).expect("the commit succeeds"), expected);
}

fn answers(store: &dyn Store, batch: Vec<Append>) -> Vec<Appended> {
    store.commit(batch, Vec::new()).expect("the commit succeeds")
}

fn all(store: &dyn Store, document: DocumentId) -> Vec<StoredEntry> {
    store.entries(document, 0, usize::MAX, usize::MAX).expect("the ledger is readable")
}

fn seqs(entries: &[StoredEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

fn put(key: &[u8], value: &[u8]) -> Record {
    Record { key: key.to_vec(), value: Some(value.to_vec()) }
}

/// Nothing is in it, and asking is no error.
pub fn a_new_store_is_empty(subject: &mut dyn Subject) {
    let store = subject.store();
    assert_eq!(store.head(document(1)).expect("readable"), None);
    assert_eq!(all(store, document(1)), []);
    assert_eq!(store.find(StatementId([1; 32])).expect("readable"), None);
    assert_eq!(store.partnerships(), []);
    assert_eq!(store.documents(partnership(1)), []);
    assert_eq!(store.damaged(), []);
    assert_eq!(store.record(b"key").expect("readable"), None);
    assert_eq!(store.records(b"").expect("readable"), []);
    assert_eq!(store.snapshot(document(1), &SectionId::new("functions")), None);
    assert_eq!(store.count(document(1)).expect("readable"), 0);
    store.writable().expect("there is room");
}

/// Head, range and index agree, before and after reopening.
pub fn appended_entries_are_read_back_in_order_after_reopening(subject: &mut dyn Subject) {
    done(subject.store(), vec![append(document(1), 0..=2)]);
    done(subject.store(), vec![append(document(1), 3..=39)]);
    let expected: Vec<_> = (0..=39).map(|seq| entry(document(1), seq, 100)).collect();
    for _ in 0..2 {
        let store = subject.store();
        assert_eq!(all(store, document(1)), expected);
        assert_eq!(store.head(document(1)).expect("readable"), Some(position(document(1), 39)));
        assert_eq!(store.find(expected[16].statement).expect("readable"), Some((document(1), 16)));
        assert_eq!(store.count(document(1)).expect("readable"), 40);
        assert_eq!(store.damaged(), []);
        subject.reopen();
    }
}

/// `HeadMoved` names the head; nothing is written.
pub fn a_moved_head_refuses_the_append_and_says_where_it_is(subject: &mut dyn Subject) {
    let store = subject.store();
    done(store, vec![append(document(1), 0..=1)]);
    let actual = Some(position(document(1), 1));
    let behind = Append { expected_head: Some(position(document(1), 0)), ..append(document(1), 2..=2) };
    let other_hash = Append {
        expected_head: Some(Position { seq: 1, hash: EntryHash([9; 32]) }),
        ..append(document(1), 2..=2)
    };
    let as_new = Append { expected_head: None, ..append(document(1), 2..=2) };
    for stale in [behind, other_hash, as_new] {
        assert_eq!(answers(store, vec![stale]), [Appended::HeadMoved { actual }]);
    }
    let too_early = append(document(2), 4..=4);
    assert_eq!(answers(store, vec![too_early]), [Appended::HeadMoved { actual: None }]);
    assert_eq!(store.head(document(1)).expect("readable"), actual);
    assert_eq!(store.head(document(2)).expect("readable"), None);
    assert_eq!(store.find(entry(document(1), 2, 0).statement).expect("readable"), None);
}

/// The guard compares the charter's head, also when there is no charter here.
pub fn a_moved_charter_refuses_the_append_and_says_where_it_is(subject: &mut dyn Subject) {
    let store = subject.store();
    let (charter, matrix) = (document(1), document(2));
    let guarded =
        |seq| Append { charter_guard: Some((charter, position(charter, seq))), ..append(matrix, 0..=0) };
    assert_eq!(answers(store, vec![guarded(0)]), [Appended::CharterMoved { actual: None }]);
    done(store, vec![append(charter, 0..=1)]);
    let actual = Some(position(charter, 1));
    assert_eq!(answers(store, vec![guarded(0)]), [Appended::CharterMoved { actual }]);
    assert_eq!(store.head(matrix).expect("readable"), None);
    done(store, vec![guarded(1)]);
}

/// A statement that stands in any ledger is answered with `AlreadyThere`, whatever the head.
pub fn a_statement_is_admitted_once(subject: &mut dyn Subject) {
    done(subject.store(), vec![append(document(1), 0..=1)]);
    subject.reopen();
    let store = subject.store();
    let statement = entry(document(1), 1, 0).statement;
    let again = append(document(1), 1..=1);
    let mut elsewhere = append(document(2), 0..=1);
    elsewhere.entries[1].statement = statement;
    assert_eq!(answers(store, vec![again]), [Appended::AlreadyThere(statement)]);
    assert_eq!(answers(store, vec![elsewhere]), [Appended::AlreadyThere(statement)]);
    assert_eq!(store.head(document(2)).expect("readable"), None);
    let mut first = append(document(3), 0..=0);
    first.entries[0].statement = StatementId([3; 32]);
    let mut second = append(document(4), 0..=0);
    second.entries[0].statement = StatementId([3; 32]);
    let expected = [Appended::Done, Appended::AlreadyThere(StatementId([3; 32]))];
    assert_eq!(answers(store, vec![first, second]), expected);
}

/// Heads and guards count what the batch itself did before.
pub fn appends_of_one_batch_see_those_before_them(subject: &mut dyn Subject) {
    let (charter, matrix) = (document(1), document(2));
    let guarded =
        |seq, seqs| Append { charter_guard: Some((charter, position(charter, seq))), ..append(matrix, seqs) };
    let batch = vec![
        append(charter, 0..=0),
        guarded(0, 0..=0),
        append(charter, 1..=1),
        guarded(0, 1..=1),
        guarded(1, 1..=1),
        append(matrix, 1..=1),
    ];
    let expected = [
        Appended::Done,
        Appended::Done,
        Appended::Done,
        Appended::CharterMoved { actual: Some(position(charter, 1)) },
        Appended::Done,
        Appended::AlreadyThere(entry(matrix, 1, 0).statement),
    ];
    assert_eq!(answers(subject.store(), batch), expected);
    subject.reopen();
    assert_eq!(seqs(&all(subject.store(), charter)), [0, 1]);
    assert_eq!(seqs(&all(subject.store(), matrix)), [0, 1]);
}

/// Answers are per append; records are written all the same.
pub fn one_refused_append_does_not_stop_the_others(subject: &mut dyn Subject) {
    let batch = vec![append(document(1), 0..=2), append(document(2), 6..=6), append(document(3), 0..=0)];
    let answers = subject.store().commit(batch, vec![put(b"key", b"value")]).expect("commits");
    assert_eq!(answers, [Appended::Done, Appended::HeadMoved { actual: None }, Appended::Done]);
    subject.reopen();
    let store = subject.store();
    assert_eq!(store.documents(partnership(1)), [document(1), document(3)]);
    assert_eq!(store.record(b"key").expect("readable"), Some(b"value".to_vec()));
}

/// A caller's mistake refuses the whole batch before anything is written.
pub fn misuse_writes_nothing(subject: &mut dyn Subject) {
    let store = subject.store();
    done(store, vec![append(document(1), 0..=0)]);
    let empty = Append { entries: Vec::new(), ..append(document(1), 1..=1) };
    let mut with_gap = append(document(1), 1..=3);
    with_gap.entries.remove(1);
    let not_from_0 = Append { expected_head: None, ..append(document(3), 1..=1) };
    let mut not_next = append(document(1), 1..=1);
    not_next.entries[0].seq = 2;
    let mut twice = append(document(1), 1..=2);
    twice.entries[1].statement = twice.entries[0].statement;
    let foreign = Append { partnership: partnership(2), ..append(document(1), 1..=1) };
    for wrong in [empty, with_gap, not_from_0, not_next, twice, foreign] {
        let result = store.commit(vec![append(document(2), 0..=0), wrong], vec![put(b"key", b"value")]);
        assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
    }
    for key in [&b""[..], &[7; 1025]] {
        let result = store.commit(vec![append(document(2), 0..=0)], vec![put(key, b"value")]);
        assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
    }
    let snapshot = Snapshot { position: position(document(9), 0), bytes: Vec::new() };
    let result = store.put_snapshot(document(9), &SectionId::new("functions"), snapshot);
    assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
    for (partnership, document) in [(partnership(1), document(9)), (partnership(2), document(1))] {
        let result = store.set_aside(partnership, document);
        assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
    }
    assert_eq!(store.documents(partnership(1)), [document(1)]);
    assert_eq!(store.records(b"").expect("readable"), []);
    done(store, vec![append(document(1), 1..=1)]);
}

/// Both bounds hold, and the first entry is always there.
pub fn ranges_are_bounded_by_count_and_bytes(subject: &mut dyn Subject) {
    let store = subject.store();
    done(store, vec![append(document(1), 0..=19)]);
    let bytes = entry(document(1), 0, 100).content_bytes();
    let read = |from, count, bytes| seqs(&store.entries(document(1), from, count, bytes).expect("readable"));
    assert_eq!(read(0, 3, usize::MAX), [0, 1, 2]);
    assert_eq!(read(17, 10, usize::MAX), [17, 18, 19]);
    assert_eq!(read(5, 10, 3 * bytes), [5, 6, 7]);
    assert_eq!(read(5, 10, 3 * bytes - 1), [5, 6]);
    assert_eq!(read(5, 10, 0), [5]);
    assert!(read(5, 0, usize::MAX).is_empty());
    assert!(read(20, 10, usize::MAX).is_empty());
    assert!(read(u64::MAX, 10, usize::MAX).is_empty());
}

/// From nothing to 2 MiB, over the borders of what a backend may split at.
pub fn payloads_of_every_size_survive(subject: &mut dyn Subject) {
    let sizes = [0, 1, 3975, 3976, 3977, 4091, 4092, 4093, 4096, 8072, 8073, 100_000, 2 << 20];
    let entries: Vec<_> = sizes.iter().zip(0..).map(|(size, seq)| entry(document(1), seq, *size)).collect();
    done(subject.store(), vec![Append { entries: entries.clone(), ..append(document(1), 0..=0) }]);
    subject.reopen();
    assert_eq!(all(subject.store(), document(1)), entries);
}

/// Partnerships and documents come in order, each under its own.
pub fn documents_are_listed_by_partnership(subject: &mut dyn Subject) {
    let of =
        |partner, number| Append { partnership: partnership(partner), ..append(document(number), 0..=0) };
    done(subject.store(), vec![of(2, 5), of(1, 9), of(2, 3), of(0xff, 0xff), of(2, 4)]);
    subject.reopen();
    let store = subject.store();
    assert_eq!(store.partnerships(), [partnership(1), partnership(2), partnership(0xff)]);
    assert_eq!(store.documents(partnership(2)), [document(3), document(4), document(5)]);
    assert_eq!(store.documents(partnership(0xff)), [document(0xff)]);
    assert_eq!(store.documents(partnership(7)), []);
}

/// A prefix finds exactly its keys, bytewise in order, whatever bytes they hold.
pub fn records_are_replaced_deleted_and_sorted(subject: &mut dyn Subject) {
    let first = vec![put(b"a/2", b"two"), put(b"a/1", b"one"), put(b"b", b""), put(b"a\0", b"nul")];
    subject.store().commit(Vec::new(), first).expect("commits");
    let second =
        vec![put(b"a/2", b"zwei"), put(&[0xff, 0xff], b"end"), Record { key: b"b".to_vec(), value: None }];
    subject.store().commit(Vec::new(), second).expect("commits");
    subject.reopen();
    let store = subject.store();
    let pair = |key: &[u8], value: &[u8]| (key.to_vec(), value.to_vec());
    assert_eq!(store.records(b"a/").expect("readable"), [pair(b"a/1", b"one"), pair(b"a/2", b"zwei")]);
    let all =
        [pair(b"a\0", b"nul"), pair(b"a/1", b"one"), pair(b"a/2", b"zwei"), pair(&[0xff, 0xff], b"end")];
    assert_eq!(store.records(b"").expect("readable"), all);
    assert_eq!(store.records(&[0xff]).expect("readable"), [pair(&[0xff, 0xff], b"end")]);
    assert_eq!(store.record(b"b").expect("readable"), None);
    assert_eq!(store.record(b"a").expect("readable"), None);
}

/// Growing and shrinking leaves nothing of the older value.
pub fn records_of_every_size_survive(subject: &mut dyn Subject) {
    for size in [0, 4092, 4093, 100_000, 8188, 8189, 50, 1 << 20, 4096] {
        let value: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        subject
            .store()
            .commit(Vec::new(), vec![put(b"outbox", &value), put(b"other", b"1")])
            .expect("commits");
        subject.reopen();
        assert_eq!(subject.store().record(b"outbox").expect("readable"), Some(value));
    }
    let delete = Record { key: b"outbox".to_vec(), value: None };
    subject.store().commit(Vec::new(), vec![delete]).expect("commits");
    assert_eq!(subject.store().records(b"o").expect("readable"), [(b"other".to_vec(), b"1".to_vec())]);
}

/// A snapshot is the new one or the old one, of its own section, and survives with a later commit.
pub fn snapshots_are_replaced_whole(subject: &mut dyn Subject) {
    done(subject.store(), vec![append(document(1), 0..=2)]);
    let (functions, party) = (SectionId::new("functions"), SectionId::new("party/moscow"));
    let snapshot =
        |seq, size| Snapshot { position: position(document(1), seq), bytes: vec![seq as u8; size] };
    let store = subject.store();
    for (section, seq, size) in [(&functions, 0, 300_000), (&party, 1, 10), (&functions, 2, 5000)] {
        store.put_snapshot(document(1), section, snapshot(seq, size)).expect("written");
    }
    done(store, vec![append(document(1), 3..=3)]);
    subject.reopen();
    let store = subject.store();
    assert_eq!(store.snapshot(document(1), &functions), Some(snapshot(2, 5000)));
    assert_eq!(store.snapshot(document(1), &party), Some(snapshot(1, 10)));
    assert_eq!(store.snapshot(document(2), &functions), None);
}

/// The document stays listed, without a head, takes the same statements again, and keeps nothing else.
pub fn a_ledger_set_aside_can_be_filled_again(subject: &mut dyn Subject) {
    done(subject.store(), vec![append(document(1), 0..=4), append(document(2), 0..=4)]);
    let section = SectionId::new("functions");
    let snapshot = Snapshot { position: position(document(1), 4), bytes: vec![1; 10] };
    subject.store().put_snapshot(document(1), &section, snapshot).expect("written");
    subject.store().set_aside(partnership(1), document(1)).expect("set aside");
    for _ in 0..2 {
        let store = subject.store();
        assert_eq!(store.head(document(1)).expect("readable"), None);
        assert_eq!(all(store, document(1)), []);
        assert_eq!(store.documents(partnership(1)), [document(1), document(2)]);
        assert_eq!(store.find(entry(document(1), 1, 0).statement).expect("readable"), None);
        assert_eq!(store.snapshot(document(1), &section), None);
        assert_eq!(seqs(&all(store, document(2))), [0, 1, 2, 3, 4]);
        assert_eq!(store.damaged(), []);
        subject.reopen();
    }
    done(subject.store(), vec![append(document(1), 0..=2)]);
    subject.reopen();
    assert_eq!(seqs(&all(subject.store(), document(1))), [0, 1, 2]);
    let found = subject.store().find(entry(document(1), 1, 0).statement);
    assert_eq!(found.expect("readable"), Some((document(1), 1)));
    let beyond = subject.store().find(entry(document(1), 3, 0).statement);
    assert_eq!(beyond.expect("readable"), None);
}

/// A checkpoint from elsewhere agrees, is ahead, or is of another branch.
pub fn recorded_positions_tell_loss_and_forks(subject: &mut dyn Subject) {
    let store = subject.store();
    done(store, vec![append(document(1), 0..=5)]);
    let against = |seq, hash| store.verify_against(document(1), Position { seq, hash }).expect("readable");
    let head = Some(position(document(1), 5));
    assert_eq!(against(5, position(document(1), 5).hash), Against::Agrees);
    assert_eq!(against(3, position(document(1), 3).hash), Against::Agrees);
    assert_eq!(against(6, position(document(1), 6).hash), Against::Behind { head });
    let actual = position(document(1), 4);
    assert_eq!(against(4, EntryHash([0; 32])), Against::Differs { actual });
    let missing = store.verify_against(document(2), position(document(2), 0)).expect("readable");
    assert_eq!(missing, Against::Behind { head: None });
}

/// Of several writers with the same expected head, one gets it, each time; readers see no gap.
pub fn concurrent_writers_append_to_one_head_once(subject: &mut dyn Subject) {
    let store = subject.store();
    let wins: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4).map(|writer| scope.spawn(move || race(store, writer))).collect();
        writers.into_iter().map(|writer| writer.join().expect("no panic")).sum()
    });
    let entries = all(store, document(1));
    assert_eq!(seqs(&entries), (0..wins as u64).collect::<Vec<_>>());
    assert!(wins >= 25, "each writer gives up only after others have won: {wins}");
}

/// Tries 25 times to append at the head that it just read; answers how often it won.
fn race(store: &dyn Store, writer: u8) -> usize {
    let attempt = |turn: u8| {
        let head = store.head(document(1)).expect("readable");
        let seq = head.map_or(0, |head| head.seq + 1);
        let read = store.entries(document(1), 0, usize::MAX, usize::MAX).expect("no gap");
        assert!(read.len() as u64 >= seq, "what was visible stays visible");
        let mut entry = entry(document(1), seq, 10);
        entry.statement = StatementId(sha256(&[&[writer, turn]]));
        let append = Append { expected_head: head, entries: vec![entry], ..append(document(1), 0..=0) };
        answers(store, vec![append]) == [Appended::Done]
    };
    (0..25).filter(|turn| attempt(*turn)).count()
}
