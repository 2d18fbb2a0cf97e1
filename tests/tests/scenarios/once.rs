//! What the gate has found of one's own statement is not looked for again.

use entente_client::replica::{Now, Replica};
use entente_shared::gate::count::checks;
use entente_shared::ids::*;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{column, noted};
use entente_tests::teams::{MOSCOW, NEWYORK};
use entente_tests::world::World;

fn entries(world: &World, name: &str, document: DocumentId) -> u64 {
    world.replica(name).replicated(document).expect("it is here").ledger().document().len()
}

fn waiting(world: &World, name: &str) -> u64 {
    world.replica(name).outgoing().filter(|outgoing| outgoing.is_waiting()).count() as u64
}

/// Dana writes offline, in two sections or sessions, while Anna writes in the same document.
fn written_apart(seed: u64) -> (World, DocumentId) {
    let Beginning { mut world, matrix, .. } = beginning(seed);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    world.offline("dana");
    for word in ["one ", "two "] {
        world.edit("dana", matrix, &column(NEWYORK), noted("creative", word)).expect("own column");
        let before = checks();
        let commit = |replica: &mut Replica, now: &mut Now<'_>| {
            replica.commit(now);
            Ok(())
        };
        world.act("dana", commit).expect("running");
        assert_eq!(checks() - before, 1, "once on the way out");
    }
    world.perform_all("dana");
    for word in ["three ", "four "] {
        world.edit("anna", matrix, &column(MOSCOW), noted("creative", word)).expect("own column");
        world.run();
    }
    (world, matrix)
}

#[test]
fn an_author_looks_at_an_own_statement_once_whatever_comes_before_it() {
    for seed in 0..4 {
        let (mut world, matrix) = written_apart(seed);
        assert_eq!(waiting(&world, "dana"), 2);
        world.online("dana");
        let (mut arrived, mut looked) = (0, 0);
        loop {
            let before = (checks(), entries(&world, "dana", matrix), waiting(&world, "dana"));
            if !world.step() {
                break;
            }
            let grown = entries(&world, "dana", matrix) - before.1;
            if grown > 0 {
                arrived += grown - (before.2 - waiting(&world, "dana"));
                looked += checks() - before.0;
            }
        }
        assert_eq!((waiting(&world, "dana"), arrived), (0, 2), "seed {seed}");
        assert_eq!(looked, arrived, "seed {seed}: only what others wrote");
        world.heal();
        world.check();
    }
}

#[test]
fn a_suggestion_is_looked_at_once_before_it_is_signed() {
    let Beginning { mut world, matrix, .. } = beginning(5);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    let before = checks();
    world.edit("dana", matrix, &column(MOSCOW), noted("creative", "perhaps ")).expect("a suggestion");
    assert_eq!(checks() - before, 1);
    assert_eq!(waiting(&world, "dana"), 1);
}
