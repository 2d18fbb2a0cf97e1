//! Random honest histories: several people edit their own copies with Automerge, and merge.

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{
    ActorId, AutoCommit, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding, Value,
};
use entente_shared::gate::SectionIndex;
use entente_shared::ids::ActorKey;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub fn actor(number: u64) -> ActorKey {
    let hash = entente_shared::ids::sha256(&[&number.to_le_bytes()]);
    ActorKey(hash[..16].try_into().expect("16 bytes"))
}

pub fn actor_of(change: &Change) -> ActorKey {
    ActorKey(change.actor_id().to_bytes().try_into().expect("16 bytes"))
}

pub fn new_doc(by: ActorKey) -> AutoCommit {
    AutoCommit::new_with_encoding(TextEncoding::UnicodeCodePoint).with_actor(ActorId::from(&by.0[..]))
}

/// The genesis: a map, a list and a text, as a schema would make.
pub fn genesis() -> (AutoCommit, Vec<u8>) {
    let mut doc = new_doc(actor(0));
    doc.put_object(ROOT, "rows", ObjType::Map).expect("map");
    doc.put_object(ROOT, "list", ObjType::List).expect("map");
    doc.put_object(ROOT, "text", ObjType::Text).expect("map");
    doc.commit_with(CommitOptions::default().with_time(0));
    let bytes = doc.get_changes(&[])[0].raw_bytes().to_vec();
    (doc, bytes)
}

/// Everything that people did, in one causal order, genesis excluded.
pub struct History {
    pub genesis: Vec<u8>,
    pub changes: Vec<Change>,
    pub merged: AutoCommit,
}

impl History {
    /// `rounds` times, one of `people` edits or merges from another.
    pub fn random(rng: &mut ChaCha8Rng, people: usize, rounds: usize) -> Self {
        let (doc, genesis) = genesis();
        let copy = |at: usize| doc.clone().with_actor(ActorId::from(&actor(at as u64 + 1).0[..]));
        let mut docs: Vec<_> = (0..people).map(copy).collect();
        for _ in 0..rounds {
            let at = rng.random_range(0..people);
            if rng.random_ratio(1, 4) {
                let mut other = docs[rng.random_range(0..people)].clone();
                docs[at].merge(&mut other).expect("merge");
            } else {
                commit(rng, &mut docs[at]);
            }
        }
        let mut merged = doc.clone();
        for doc in &mut docs {
            merged.merge(doc).expect("merge");
        }
        let changes = merged.get_changes(&[]).into_iter().skip(1).collect();
        Self { genesis, changes, merged }
    }

    pub fn index(&self) -> SectionIndex {
        SectionIndex::new(&self.genesis).expect("genesis")
    }
}

/// One random change, sometimes empty, with a few edits or many.
pub fn commit(rng: &mut ChaCha8Rng, doc: &mut AutoCommit) {
    let options = CommitOptions::default().with_time(rng.random_range(0..2_000_000_000));
    if rng.random_ratio(1, 12) {
        doc.empty_change(options);
        return;
    }
    let edits = if rng.random_ratio(1, 10) { 40 } else { rng.random_range(1..5) };
    for _ in 0..edits {
        edit(rng, doc);
    }
    let options = if rng.random_ratio(1, 5) { options.with_message("why") } else { options };
    doc.commit_with(options);
}

pub fn objects(doc: &AutoCommit) -> Vec<(ObjId, ObjType)> {
    let mut found = vec![(ROOT, ObjType::Map)];
    let mut at = 0;
    while at < found.len() {
        let (object, kind) = found[at].clone();
        let values: Vec<_> = match kind {
            ObjType::Text => vec![],
            ObjType::List => {
                (0..doc.length(&object)).flat_map(|at| doc.get_all(&object, at).expect("list")).collect()
            }
            _ => {
                let keys: Vec<_> = doc.keys(&object).collect();
                keys.into_iter().flat_map(|key| doc.get_all(&object, key).expect("map")).collect()
            }
        };
        for (value, id) in values {
            if let Value::Object(kind) = value {
                found.push((id, kind));
            }
        }
        at += 1;
    }
    found
}

fn edit(rng: &mut ChaCha8Rng, doc: &mut AutoCommit) {
    let objects = objects(doc);
    let (object, kind) = objects[rng.random_range(0..objects.len())].clone();
    match kind {
        ObjType::Map | ObjType::Table => edit_map(rng, doc, &object),
        ObjType::List => edit_list(rng, doc, &object),
        ObjType::Text => edit_text(rng, doc, &object),
    }
}

fn edit_map(rng: &mut ChaCha8Rng, doc: &mut AutoCommit, object: &ObjId) {
    let key = ["a", "b", "c", "owner", "название"][rng.random_range(0..5)];
    match rng.random_range(0..10) {
        0 => drop(doc.delete(object, key)),
        1 | 2 => drop(doc.put_object(object, key, kind(rng)).expect("make")),
        3 | 4 => drop(doc.increment(object, key, rng.random_range(-5..100))),
        5 => doc.put(object, key, ScalarValue::counter(rng.random_range(0..9))).expect("put"),
        _ => doc.put(object, key, scalar(rng)).expect("put"),
    }
}

fn edit_list(rng: &mut ChaCha8Rng, doc: &mut AutoCommit, object: &ObjId) {
    let len = doc.length(object);
    let at = rng.random_range(0..=len);
    match rng.random_range(0..10) {
        0 | 1 if at < len => doc.delete(object, at).expect("delete"),
        2 if at < len => doc.put(object, at, scalar(rng)).expect("put"),
        3 if at < len => drop(doc.put_object(object, at, kind(rng)).expect("make")),
        4 if at < len => drop(doc.increment(object, at, 3)),
        5 => drop(doc.insert_object(object, at, kind(rng)).expect("make")),
        6 => doc.insert(object, at, ScalarValue::counter(1)).expect("insert"),
        7 => doc.splice(object, at, 0, [1, 2, 3].map(ScalarValue::from)).expect("splice"),
        _ => doc.insert(object, at, scalar(rng)).expect("insert"),
    }
}

fn edit_text(rng: &mut ChaCha8Rng, doc: &mut AutoCommit, object: &ObjId) {
    let len = doc.length(object);
    let at = rng.random_range(0..=len);
    let rest = len - at;
    let expand =
        [ExpandMark::None, ExpandMark::Both, ExpandMark::After, ExpandMark::Before][rng.random_range(0..4)];
    match rng.random_range(0..8) {
        0 | 1 if rest > 0 => {
            doc.splice_text(object, at, rng.random_range(1..=rest.min(5)) as isize, "").expect("delete")
        }
        2 if rest > 0 => {
            let mark = Mark::new("bold".into(), true, at, at + rng.random_range(0..=rest));
            doc.mark(object, mark, expand).expect("mark");
        }
        3 if rest > 0 => {
            doc.unmark(object, "bold", at, at + rng.random_range(0..=rest), expand).expect("unmark")
        }
        4 => {
            doc.splice_text(object, at, 0, &"длинный текст, который сжимается. ".repeat(12)).expect("insert")
        }
        _ => doc.splice_text(object, at, 0, "слово").expect("insert"),
    }
}

fn kind(rng: &mut ChaCha8Rng) -> ObjType {
    [ObjType::Map, ObjType::List, ObjType::Text][rng.random_range(0..3)]
}

fn scalar(rng: &mut ChaCha8Rng) -> ScalarValue {
    match rng.random_range(0..9) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(rng.random()),
        2 => ScalarValue::Uint(rng.random()),
        3 => ScalarValue::Int(rng.random()),
        4 => ScalarValue::F64(rng.random()),
        5 => ScalarValue::Bytes(vec![rng.random(); 3]),
        6 => ScalarValue::Timestamp(rng.random_range(0..1 << 40)),
        _ => ScalarValue::from(["", "moscow", "delhi", "Дели"][rng.random_range(0..4)]),
    }
}
