//! Changes that harm Automerge, through the wire: the gate refuses them, and the relay goes on.

use automerge::transaction::Transactable as _;
use automerge::{AutoCommit, Change, ROOT};
use entente_shared::content::Section;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::kinds;
use entente_shared::wire::Answer;
use entente_tests::process::draw;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::world::*;
use crate::writer::*;

const SECTION: &str = "party/moscow";
const MUTANTS: usize = 300;

/// An honest change of Anna's in her team's column, and the nonce of its actor.
fn honest_change(world: &World) -> (ActorNonce, RawChange) {
    let (section, nonce) = (SectionId::new(SECTION), ActorNonce(draw()));
    let genesis = kinds::newest(&KindId::new("matrix")).unwrap().genesis(&section).unwrap();
    let mut content = Section::from_genesis(&genesis).unwrap();
    content.set_actor(ActorKey::derive(world.anna().key.device(), world.document, &section, nonce));
    let doc = content.doc_mut();
    doc.put(ROOT, "first", "one").unwrap();
    doc.put(ROOT, "second", 2).unwrap();
    let hash = doc.commit().unwrap();
    (nonce, RawChange::of(&doc.get_change_by_hash(&hash).unwrap()))
}

/// What the gate said to these bytes in an otherwise honest statement.
async fn fault(world: &World, nonce: ActorNonce, bytes: Vec<u8>) -> String {
    let mut socket = world.enter(&world.partnership.anna).await;
    let section = SectionId::new(SECTION);
    let statement = world.anna().edit(&section, nonce, vec![bytes]);
    match refused(&mut socket, &statement).await {
        Refusal::Gate { section: at, detail } if at == section => detail,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn bombs_are_refused_at_no_cost() {
    let world = World::new().await;
    let (nonce, change) = honest_change(&world);
    let before = world.relay.memory_bytes();
    for count in [100_000_000, i64::MAX] {
        let mut columns = change.columns();
        for (spec, bytes) in &mut columns {
            if *spec == 0x42 {
                *bytes = [signed(count), unsigned(SET)].concat();
            }
        }
        let bytes = chunk(1, &change.body_with(&change.others(), &columns));
        assert!(fault(&world, nonce, bytes).await.contains("operations"));
    }
    let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; 100 << 20], 9);
    assert!(fault(&world, nonce, chunk_with(2, &[0; 4], &zeros)).await.contains("inflated"));
    let grown = world.relay.memory_bytes() - before;
    assert!(grown < GROWTH_BYTES_MAX, "{grown} bytes");
    world.ends_well().await;
}

#[tokio::test]
async fn changes_that_would_panic_or_poison_automerge_are_refused() {
    let world = World::new().await;
    let (nonce, honest) = honest_change(&world);
    let unknown = Id { counter: 99_999, actor: honest.actor };
    let spoiled = |spoil: &dyn Fn(&mut RawChange)| {
        let mut change = honest.clone();
        spoil(&mut change);
        change.bytes()
    };
    let mut wrong_checksum = honest.bytes();
    wrong_checksum[5] ^= 1;
    let cases = [
        ("wrong checksum", wrong_checksum),
        ("unknown object", spoiled(&|change| change.ops[0].object = Some(unknown))),
        ("unknown pred", spoiled(&|change| change.ops[0].preds = vec![unknown])),
        ("unknown element", spoiled(&|change| change.ops[0].at = At::Element(unknown))),
        ("sequence gap", spoiled(&|change| change.seq = 2)),
        ("reused operation ids", spoiled(&|change| change.start -= 1)),
        ("operation counter near its end", spoiled(&|change| change.start = u64::from(u32::MAX) - 1)),
        ("no dependencies", spoiled(&|change| change.deps = vec![])),
        ("author footer", spoiled(&|change| change.extra = vec![1, 2, 7, 7])),
        ("actor of somebody else", spoiled(&|change| change.actor = ActorKey(draw()))),
        ("two chunks", [honest.bytes(), honest.bytes()].concat()),
        ("half a chunk", honest.bytes()[..30].to_vec()),
        ("a whole document", AutoCommit::new().save()),
        ("nothing", vec![]),
    ];
    for (what, bytes) in cases {
        let detail = fault(&world, nonce, bytes).await;
        assert!(!detail.is_empty(), "{what}");
    }
    let mut socket = world.enter(&world.partnership.anna).await;
    let statement = world.anna().edit(&SectionId::new(SECTION), nonce, vec![honest.bytes()]);
    entered(&mut socket, &statement).await;
    world.ends_well().await;
}

/// Bytes of an honest change with one byte changed, and the checksum put right again.
fn mutant(honest: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut changed = body(honest).to_vec();
    let place = random.random_range(0..changed.len());
    changed[place] = random.random();
    chunk(1, &changed)
}

#[tokio::test]
async fn no_mutated_change_brings_the_relay_down() {
    let world = World::new().await;
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut socket = world.enter(&world.partnership.anna).await;
    let section = SectionId::new(SECTION);
    let mut refusals = 0;
    for _ in 0..MUTANTS {
        // A fresh actor each time: what enters must not stop the next.
        let (nonce, honest) = honest_change(&world);
        let statement = world.anna().edit(&section, nonce, vec![mutant(&honest.bytes(), &mut random)]);
        refusals += usize::from(matches!(answered(&mut socket, &statement).await, Answer::Refused { .. }));
    }
    assert!(refusals > MUTANTS / 2, "{refusals} of {MUTANTS} were refused");
    world.ends_well().await;
}

#[test]
fn the_writer_of_hostile_changes_writes_honest_ones_as_automerge_does() {
    let mut doc = AutoCommit::new().with_actor(vec![7; 16].into());
    doc.put(ROOT, "key", "value").unwrap();
    let hash = doc.commit().unwrap();
    let change: Change = doc.get_change_by_hash(&hash).unwrap();
    assert_eq!(RawChange::of(&change).bytes(), change.raw_bytes());
}
