//! Bytes that are no frames: the connection is closed with a reason, and nothing else happens.

use entente_shared::codec;
use entente_shared::ledger::Checkpoint;
use entente_shared::ledger::SignedCheckpoint;
use entente_shared::wire::*;
use entente_tests::process::socket::*;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::world::*;

const GARBAGE: usize = 60;

/// What the relay says to these bytes from a member.
async fn told(world: &World, bytes: Vec<u8>) -> String {
    let mut socket = world.enter(&world.partnership.anna).await;
    // The relay may close while the rest is still being sent.
    let _ = soon(send_bytes(&mut socket, bytes)).await;
    protocol(closing(&mut socket).await)
}

#[tokio::test]
async fn garbage_and_pieces_of_frames_close_their_connection_alone() {
    let world = World::new().await;
    let mut bystander = world.enter(&world.partnership.dana).await;
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let statements = vec![world.writer().sign_next().envelope];
    let frame = codec::encode(&ClientFrame::Submit { statements });
    for round in 0..GARBAGE {
        let bytes = match round % 3 {
            0 => frame[..random.random_range(0..frame.len())].to_vec(),
            1 => [&frame[..], &[0]].concat(),
            _ => {
                let mut bytes = vec![0; random.random_range(1..2000)];
                random.fill_bytes(&mut bytes);
                // No frame of a client has this tag.
                bytes[0] = 0xff;
                bytes
            }
        };
        assert!(!told(&world, bytes).await.is_empty());
    }
    soon(subscribe(&mut bystander, vec![])).await.unwrap();
    world.ends_well().await;
}

#[tokio::test]
async fn lengths_and_depths_that_are_only_claimed_cost_nothing() {
    let world = World::new().await;
    let before = world.relay.memory_bytes();
    let endless = [&[0x82, 0x02, 0x81, 0x9b][..], &[0x7f; 8], &[0; 100]].concat();
    told(&world, endless).await;
    let long = [&[0x82, 0x02, 0x81, 0x81, 0x83, 0x5b][..], &[0x7f; 8], &[0; 100]].concat();
    told(&world, long).await;
    told(&world, vec![0x81; FRAME_BYTES_MAX]).await;
    told(&world, vec![0x9f; FRAME_BYTES_MAX]).await;
    // The longest value of a type that is read: millions of empty lists.
    let lists = [&[0x82, 0x02, 0x81, 0x9a, 0x00, 0x3f, 0xff, 0x00][..], &vec![0x80; 0x3f_ff00]].concat();
    told(&world, lists).await;
    let too_long = told(&world, vec![0; FRAME_BYTES_MAX + 1]).await;
    assert!(too_long.contains("at most"), "{too_long}");
    let grown = world.relay.memory_bytes() - before;
    assert!(grown < GROWTH_BYTES_MAX, "{grown} bytes");
    world.ends_well().await;
}

#[tokio::test]
async fn checkpoints_and_refills_of_another_relay_change_nothing() {
    let mut world = World::new().await;
    let before = world.goes_on().await;
    let key = entente_shared::crypto::Key::from_secret([9; 32]);
    let mut head = *before.heads().get(&world.document).unwrap();
    head.seq += 5;
    let checkpoint = Checkpoint {
        partnership: world.partnership.id(),
        document: world.document,
        head,
        time_ms: 1_800_000_000_000,
        incarnation: entente_shared::ids::Incarnation([1; 16]),
    };
    let forged = SignedCheckpoint::sign(&key, checkpoint);
    let document = world.document;
    for frame in [
        ClientFrame::Show { checkpoints: vec![forged.clone()] },
        ClientFrame::Refill { document, deliveries: vec![], checkpoint: forged.clone() },
    ] {
        let mut socket = world.enter(&world.partnership.anna).await;
        soon(send(&mut socket, &frame)).await.unwrap();
        // Whether the relay closes or passes over it: honest statements still enter.
        world.goes_on().await;
    }
    world.ends_well().await;
}
