//! Kills a writing process at random moments: what it acknowledged is there afterwards.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use entente_shared::ids::DocumentId;
use entente_store::conformance::{append, document, entry, partnership, position};
use entente_store::{Append, Appended, Record, SledOptions, SledStore, Snapshot, Store};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

const KILLS: u64 = 30;
const DOCUMENTS: u8 = 6;
const SEED: u64 = 0x5eed;

fn open(folder: &Path) -> SledStore {
    let options = SledOptions { ballast_bytes: 0, ..SledOptions::default() };
    SledStore::open(folder, options).expect("the store opens after every kill")
}

/// The size of an entry's envelope: mostly small, some in several chunks, a few of 1 MiB.
fn envelope_bytes(document: DocumentId, seq: u64) -> usize {
    match (seq * 7 + u64::from(document.0[0])) % 97 {
        0 => 1 << 20,
        1..=5 => 20_000,
        other => 40 * other as usize,
    }
}

fn expected_entry(document: DocumentId, seq: u64) -> entente_store::StoredEntry {
    entry(document, seq, envelope_bytes(document, seq))
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut acknowledged = BTreeMap::new();
    for kill in 0..KILLS {
        let acks_until_kill = random.random_range(1..60);
        run_and_kill(folder.path(), kill, acks_until_kill, &mut acknowledged);
        let store = open(folder.path());
        assert_eq!(store.damaged(), [], "after kill {kill}");
        for number in 1..=DOCUMENTS {
            check(&store, document(number), acknowledged.get(&number).copied());
        }
        let turns = store.record(b"turn").expect("readable").map(|value| value.len());
        let ends: u64 = store.record(b"ends").expect("readable").map_or(0, |value| value.len() as u64);
        assert_eq!(turns.is_some(), ends > 0, "records of one commit are there together");
    }
    assert!(acknowledged.values().sum::<u64>() > KILLS, "the children did write: {acknowledged:?}");
}

/// Runs a writer until it has acknowledged `acks_until_kill` commits, then kills it with SIGKILL;
/// also counts what it still acknowledged before it died.
fn run_and_kill(folder: &Path, seed: u64, acks_until_kill: usize, acknowledged: &mut BTreeMap<u8, u64>) {
    let mut child = Command::new(std::env::current_exe().expect("the path of this test"))
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env("STORE_FOLDER", folder)
        .env("STORE_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writer starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut acks = 0;
    while let Some(Ok(line)) = lines.next() {
        let Some((number, seq)) = parse_ack(&line) else { continue };
        acknowledged.insert(number, seq);
        acks += 1;
        if acks == acks_until_kill {
            child.kill().expect("the writer is killed");
        }
    }
    child.wait().expect("the writer ended");
    assert!(acks >= acks_until_kill, "the writer ended by itself after {acks} acknowledgements");
}

fn parse_ack(line: &str) -> Option<(u8, u64)> {
    let (number, seq) = line.strip_prefix("ack ")?.split_once(' ')?;
    Some((number.parse().ok()?, seq.parse().ok()?))
}

fn check(store: &SledStore, document: DocumentId, acknowledged: Option<u64>) {
    let head = store.head(document).expect("not damaged").map(|head| head.seq);
    assert!(head >= acknowledged, "{document}: {head:?} is stored, {acknowledged:?} was acknowledged");
    let entries = store.entries(document, 0, usize::MAX, usize::MAX).expect("complete");
    assert_eq!(entries.len() as u64, head.map_or(0, |seq| seq + 1));
    for (stored, seq) in entries.iter().zip(0..) {
        assert!(*stored == expected_entry(document, seq), "{document}: entry {seq} is another one");
        assert_eq!(store.find(stored.statement).expect("readable"), Some((document, seq)));
    }
    let next = expected_entry(document, head.map_or(0, |seq| seq + 1));
    assert_eq!(store.find(next.statement).expect("readable"), None, "no statement without its entry");
}

#[test]
#[ignore = "run as a child by nothing_acknowledged_is_lost_when_the_process_is_killed"]
fn writer() {
    let folder = std::env::var("STORE_FOLDER").expect("set by the parent");
    let seed = std::env::var("STORE_SEED").expect("set by the parent").parse().expect("a number");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let store = open(Path::new(&folder));
    loop {
        let batch: Vec<_> = (1..=DOCUMENTS).filter(|_| random.random_bool(0.6)).collect();
        let ends = next_appends(&store, &batch, &mut random);
        let turn = vec![1; random.random_range(0..9000)];
        let records = vec![
            Record { key: b"turn".to_vec(), value: Some(turn) },
            Record { key: b"ends".to_vec(), value: Some(vec![1; ends.len() + 1]) },
        ];
        let answers = store.commit(ends.clone(), records).expect("commits");
        assert!(answers.iter().all(|answer| *answer == Appended::Done));
        let mut out = std::io::stdout().lock();
        for append in &ends {
            let last = append.entries.last().expect("not empty");
            writeln!(out, "ack {} {}", append.document.0[0], last.seq).expect("the parent reads");
        }
        out.flush().expect("the parent reads");
        if let Some(append) = ends.first() {
            let bytes = vec![3; random.random_range(0..50_000)];
            let snapshot = Snapshot { position: position(append.document, 0), bytes };
            store.put_snapshot(append.document, &"functions".into(), snapshot).expect("written");
        }
    }
}

fn next_appends(store: &SledStore, numbers: &[u8], random: &mut ChaCha8Rng) -> Vec<Append> {
    let next = |number: &u8| {
        let document = document(*number);
        let head = store.head(document).expect("not damaged");
        let start = head.map_or(0, |head| head.seq + 1);
        let end = start + random.random_range(1..4);
        let entries = (start..end).map(|seq| expected_entry(document, seq)).collect();
        Append { partnership: partnership(1), expected_head: head, entries, ..append(document, 0..=0) }
    };
    numbers.iter().map(next).collect()
}
