//! Hostile changes made from honest ones are refused, or do Automerge no harm.

mod gate_support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{AutoCommit, Change, LoadOptions, ObjType, ReadDoc, TextEncoding};
use entente_shared::gate::SectionIndex;
use entente_shared::ids::{ActorKey, ChangeId};
use gate_support::history::{History, actor_of, objects, rng};
use gate_support::mutate::{Material, mutate};
use gate_support::writer::{RawChange, body};
use rand::RngExt;

/// Mutants in an ordinary run. More, from other seeds: `GATE_MUTANTS=2000000 GATE_SEED=7`.
const MUTANTS: u64 = 12_000;
const PER_HISTORY: u64 = 300;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn mutants_are_refused_or_harmless() {
    let mutants = setting("GATE_MUTANTS").unwrap_or(MUTANTS);
    let first = setting("GATE_SEED").unwrap_or(1) << 32;
    let mut passed = 0;
    for seed in first..first + mutants / PER_HISTORY {
        passed += run_history(seed);
    }
    println!("{passed} of {mutants} mutants passed");
    assert!(passed * 50 > mutants, "the mutants are too crude to test what lies behind: {passed}");
}

/// Returns how many mutants the gate let pass.
fn run_history(seed: u64) -> u64 {
    let rng = &mut rng(seed);
    let people = rng.random_range(2..5);
    let history = History::random(rng, people, 16);
    let other = History::random(rng, 2, 6);
    let raw: Vec<_> = history.changes.iter().chain(&other.changes).map(RawChange::of).collect();
    let mut passed = 0;
    for _ in 0..3 {
        let at = rng.random_range(0..history.changes.len());
        let scene = Scene::new(&history, at);
        let material = Material { base: &raw[at], others: &raw, known: &scene.known, next: &scene.next };
        for number in 0..PER_HISTORY / 3 {
            let bytes = mutate(rng, &material);
            passed +=
                u64::from(scene.survives(&bytes, &history.changes[at..], &format!("seed {seed}, {number}")));
        }
    }
    passed
}

/// A point in a history, in the gate's index and in Automerge.
struct Scene {
    index: SectionIndex,
    doc: AutoCommit,
    known: Vec<(ChangeId, u64)>,
    next: Vec<(ActorKey, u64)>,
}

impl Scene {
    fn new(history: &History, at: usize) -> Self {
        let mut index = history.index();
        let mut doc = load(&history.genesis).expect("genesis");
        let mut known = vec![(index.heads()[0], 4)];
        let mut next: Vec<(ActorKey, u64)> = vec![];
        for change in &history.changes[..at] {
            let actor = actor_of(change);
            let checked = index.check(&[], actor, &[change.raw_bytes().to_vec()]).expect("honest");
            index.apply(&checked).expect("honest");
            doc.apply_changes([change.clone()]).expect("honest");
            known.push((change.hash().into(), change.max_op() + 1));
            match next.iter_mut().find(|(known, _)| *known == actor) {
                Some((_, seq)) => *seq = change.seq() + 1,
                None => next.push((actor, change.seq() + 1)),
            }
        }
        Self { index, doc, known, next }
    }

    /// Tells whether the gate lets a change pass; if so, Automerge must live on with it.
    fn survives(&self, bytes: &[u8], later: &[Change], what: &str) -> bool {
        let Some(actor) = claimed_actor(bytes) else {
            return false;
        };
        let Ok(checked) = self.index.check(&[], actor, &[bytes.to_vec()]) else {
            return false;
        };
        let mut index = self.index.clone();
        index.apply(&checked).expect("checked against this index");
        let run = || live_on(self.doc.clone(), index, bytes, later);
        let outcome = catch_unwind(AssertUnwindSafe(run));
        let change = || Change::from_bytes(bytes.to_vec()).map(|change| RawChange::of(&change));
        match outcome {
            Ok(Ok(())) => true,
            Ok(Err(harm)) => panic!("{what}: {harm}: {:#?}", change()),
            Err(_) => panic!("{what}: panic: {:#?}", change()),
        }
    }
}

/// The actor that the change names, as a forger would claim it.
fn claimed_actor(bytes: &[u8]) -> Option<ActorKey> {
    let body = body(bytes);
    let at = 1 + usize::from(*body.first()?) * 32;
    Some(ActorKey(body.get(at + 1..at + 17)?.try_into().ok()?))
}

/// Applies a change that passed, then what honest people do later, and looks at everything.
fn live_on(
    mut doc: AutoCommit,
    mut index: SectionIndex,
    bytes: &[u8],
    later: &[Change],
) -> Result<(), String> {
    let before = doc.get_heads();
    let change = Change::from_bytes(bytes.to_vec()).map_err(|error| error.to_string())?;
    // Another replica may have nothing but what the change says it builds on.
    let mut behind = doc.fork_at(change.deps()).map_err(|error| error.to_string())?;
    behind.apply_changes([change.clone()]).map_err(|error| error.to_string())?;
    load(&behind.save())?;
    doc.apply_changes([change.clone()]).map_err(|error| error.to_string())?;
    if doc.get_change_by_hash(&change.hash()).map(|change| change.raw_bytes().to_vec()).as_deref()
        != Some(bytes)
    {
        return Err("changed by Automerge".into());
    }
    let after = doc.get_heads();
    doc.diff(&before, &after);
    doc.diff(&after, &before);
    for change in later.iter().take(3) {
        let checked = index.check(&[], actor_of(change), &[change.raw_bytes().to_vec()]);
        let Ok(checked) = checked else { continue };
        index.apply(&checked).map_err(|error| error.to_string())?;
        doc.apply_changes([change.clone()]).map_err(|error| error.to_string())?;
    }
    look(&mut doc, &index)
}

fn load(saved: &[u8]) -> Result<AutoCommit, String> {
    let options = LoadOptions::new().text_encoding(TextEncoding::UnicodeCodePoint);
    AutoCommit::load_with_options(saved, options).map_err(|error| error.to_string())
}

/// Saves, loads and reads everything.
fn look(doc: &mut AutoCommit, index: &SectionIndex) -> Result<(), String> {
    let heads: Vec<ChangeId> = doc.get_heads().into_iter().map(ChangeId::from).collect();
    if heads != index.heads() {
        return Err("other heads than the index".into());
    }
    let saved = doc.save();
    let mut loaded = load(&saved)?;
    if loaded.get_heads() != doc.get_heads() {
        return Err("other heads after loading".into());
    }
    if read(&loaded) != read(doc) {
        return Err("other content after loading".into());
    }
    Ok(())
}

fn read(doc: &AutoCommit) -> Vec<String> {
    let mut seen = vec![];
    for (object, kind) in objects(doc) {
        seen.push(match kind {
            ObjType::Text => {
                format!("{object:?} {:?} {:?}", doc.text(&object), doc.marks(&object))
            }
            _ => format!(
                "{object:?} {:?}",
                doc.map_range(&object, ..).map(|item| format!("{item:?}")).collect::<Vec<_>>()
            ),
        });
        if kind == ObjType::List {
            seen.push(format!(
                "{:?}",
                doc.list_range(&object, ..).map(|item| format!("{item:?}")).collect::<Vec<_>>()
            ));
        }
    }
    seen
}
