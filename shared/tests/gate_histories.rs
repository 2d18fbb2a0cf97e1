//! Everything that Automerge itself makes passes the gate, in any causal order.

mod gate_support;

use std::collections::BTreeSet;

use entente_shared::gate::SectionIndex;
use entente_shared::ids::ChangeId;
use gate_support::history::{History, actor_of, rng};
use gate_support::writer::{RawChange, compressed};
use rand::RngExt;

fn heads(history: &mut History) -> Vec<ChangeId> {
    let mut heads: Vec<ChangeId> = history.merged.get_heads().into_iter().map(ChangeId::from).collect();
    heads.sort();
    heads
}

#[test]
fn honest_histories_pass_in_any_causal_order() {
    for seed in 0..20 {
        let rng = &mut rng(seed);
        let people = rng.random_range(1..6);
        let mut history = History::random(rng, people, 60);
        let expected = heads(&mut history);
        for _ in 0..2 {
            let mut index = history.index();
            let mut left: Vec<_> = history.changes.iter().collect();
            while !left.is_empty() {
                let ready = |change: &automerge::Change| {
                    change.deps().iter().all(|dep| index.contains(&(*dep).into()))
                };
                let ready: Vec<_> = (0..left.len()).filter(|at| ready(left[*at])).collect();
                let change = left.remove(ready[rng.random_range(0..ready.len())]);
                let plain = change.raw_bytes().to_vec();
                let bytes = if rng.random() { compressed(&plain) } else { plain };
                let checked = index.check(&[], actor_of(change), &[bytes]);
                let checked = checked
                    .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{:#?}", RawChange::of(change)));
                assert_eq!(checked.ids(), [ChangeId::from(change.hash())]);
                index.apply(&checked).expect("apply");
            }
            assert_eq!(index.heads(), expected);
            assert_eq!(index.len(), history.changes.len() + 1);
        }
    }
}

#[test]
fn the_writer_writes_what_automerge_writes() {
    for seed in 100..120 {
        let history = History::random(&mut rng(seed), 3, 60);
        for change in &history.changes {
            assert_eq!(RawChange::of(change).bytes(), change.raw_bytes());
        }
    }
}

#[test]
fn whole_branches_pass_as_one_list_on_top_of_pending_ones() {
    for seed in 200..215 {
        let history = History::random(&mut rng(seed), 4, 60);
        let mut index = history.index();
        let (mut done, mut pending) = (BTreeSet::from([*index.heads().first().expect("genesis")]), vec![]);
        let mut left = history.changes.clone();
        while let Some(first) = left.first().cloned() {
            let actor = actor_of(&first);
            let mut batch: Vec<automerge::Change> = vec![];
            left.retain(|change| {
                let known = |dep: &automerge::ChangeHash| {
                    done.contains(&ChangeId::from(*dep)) || batch.iter().any(|change| change.hash() == *dep)
                };
                let take = actor_of(change) == actor && change.deps().iter().all(known);
                if take {
                    batch.push(change.clone());
                }
                !take
            });
            let bytes: Vec<_> = batch.iter().map(|change| change.raw_bytes().to_vec()).collect();
            let refs: Vec<_> = pending.iter().collect();
            let checked =
                index.check(&refs, actor, &bytes).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            done.extend(checked.ids().iter().copied());
            pending.push(checked);
        }
        let last = pending.last().expect("changes");
        if pending.len() > 1 {
            let mut early: SectionIndex = history.index();
            let missing = early.apply(last).err().and_then(|error| error.missing());
            assert!(missing.is_some() || last.deps().iter().all(|dep| early.contains(dep)));
        }
        for checked in &pending {
            index.apply(checked).expect("apply");
        }
        assert_eq!(index.len(), history.changes.len() + 1);
    }
}

#[test]
fn what_is_found_of_changes_follows_from_the_heads_below_them() {
    let mut compared = 0;
    for seed in 300..315 {
        let rng = &mut rng(seed);
        let people = rng.random_range(2..6);
        let mut history = History::random(rng, people, 60);
        // Everything but one of the last changes, in two orders.
        let ends = heads(&mut history);
        for last in ends {
            let others: Vec<_> =
                history.changes.iter().filter(|change| ChangeId::from(change.hash()) != last).collect();
            let (here, there) = (taken_in(rng, &history, &others), taken_in(rng, &history, &others));
            assert_eq!(here.heads(), there.heads());
            let change = history.changes.iter().find(|change| ChangeId::from(change.hash()) == last);
            let Some(change) = change else { continue };
            let bytes = [change.raw_bytes().to_vec()];
            let found = [&here, &there].map(|index| {
                let checked = index.check(&[], actor_of(change), &bytes).expect("an honest change");
                format!("{checked:?}")
            });
            assert_eq!(found[0], found[1], "seed {seed}");
            compared += 1;
        }
    }
    assert!(compared >= 15, "{compared} compared");
}

/// Takes changes in in a random causal order.
fn taken_in(rng: &mut impl RngExt, history: &History, changes: &[&automerge::Change]) -> SectionIndex {
    let mut index = history.index();
    let mut left = changes.to_vec();
    while !left.is_empty() {
        let at = rng.random_range(0..left.len());
        let bytes = [left[at].raw_bytes().to_vec()];
        if let Ok(checked) = index.check(&[], actor_of(left[at]), &bytes) {
            index.apply(&checked).expect("apply");
            left.remove(at);
        }
    }
    index
}
