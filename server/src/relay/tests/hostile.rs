//! Bytes from outside: whatever comes, the relay answers or closes, and goes on for others.

use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, SignedCheckpoint};
use entente_shared::wire::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::story;
use crate::testing::Story;

/// One honest frame of each kind.
fn honest(story: &Story) -> Vec<Vec<u8>> {
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    let suggestion = story.anna.note(&story.annas, story.matrix, "party/newyork", 2);
    let document = story.matrix;
    let head = story.annas.head(document).unwrap();
    let checkpoint = Checkpoint {
        partnership: story.annas.partnership(),
        document,
        head,
        time_ms: 1,
        incarnation: Incarnation([9; 16]),
    };
    let checkpoint = SignedCheckpoint { checkpoint, signature: Signature([1; 64]) };
    let deliveries = story.annas.deliveries[&document].clone();
    let statements = vec![note.envelope, suggestion.envelope];
    [
        ClientFrame::Submit { statements },
        ClientFrame::Subscribe { known: story.annas.known(), live: true },
        ClientFrame::Show { checkpoints: vec![checkpoint.clone()] },
        ClientFrame::Refill { document, deliveries, checkpoint },
    ]
    .iter()
    .map(codec::encode)
    .collect()
}

fn mutate(bytes: &mut Vec<u8>, random: &mut StdRng) {
    for _ in 0..random.random_range(1..4) {
        let place = random.random_range(0..bytes.len());
        match random.random_range(0..4) {
            0 => bytes[place] ^= 1 << random.random_range(0..8),
            1 => bytes[place] = random.random(),
            2 => bytes.truncate(place.max(1)),
            _ => bytes.insert(place, random.random()),
        }
    }
}

#[test]
fn mutants_of_honest_frames_hurt_nobody() {
    let mut story = story();
    let frames = honest(&story);
    let mut random = StdRng::seed_from_u64(7);
    let partnership = story.annas.partnership();
    for round in 0..4_000 {
        let mut bytes = frames[round % frames.len()].clone();
        mutate(&mut bytes, &mut random);
        if round % 3 == 0 || story.bench.relay.gauges().connections < 3 {
            story.bench.hello("eve", &story.anna.key, partnership, Pass::Member);
        }
        if round % 3 == 2 {
            story.bench.connect("eve");
        }
        story.bench.now_ms += 60_000;
        let lines = story.bench.send_bytes("eve", bytes);
        if lines.iter().any(|line| line.starts_with("eve < closing")) {
            assert!(lines.contains(&"close eve".to_owned()), "{lines:?}");
        }
        let connection = story.bench.connection("eve");
        story.bench.input(crate::relay::Input::Disconnected { connection });
    }
    story.follow();
    assert_eq!(story.danas.head(story.matrix), story.annas.head(story.matrix));
    let note = story.dana.note(&story.danas, story.matrix, "party/newyork", 77);
    let lines = story.submit("dana", &note);
    assert!(lines.last().unwrap().starts_with("dana < entered"), "{lines:?}");
}
