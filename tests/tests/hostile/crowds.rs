//! Many connections.

use std::time::{Duration, Instant};

use entente_shared::crypto::Key;
use entente_shared::wire::*;
use entente_tests::process::socket::*;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::world::*;

const IDLE: usize = 2_000;
/// The design's aim for one idle connection.
const IDLE_BYTES_MAX: f64 = 12.0 * 1024.0;
/// How soon a statement is acknowledged beside them, on a machine that is busy with other tests.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "what is tested is how soon")]
async fn two_thousand_idle_members_take_little_memory_and_nobody_elses_time() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let world = World::new().await;
    let anna = &world.partnership.anna;
    let open = async || {
        let mut socket = world.enter(anna).await;
        // One catch-up and nothing later: whoever reads on is not idle.
        let ask = ClientFrame::Subscribe { known: anna.known(), live: false };
        soon(send(&mut socket, &ask)).await.unwrap();
        while !matches!(soon(next_frame(&mut socket)).await.unwrap(), RelayFrame::Heads { .. }) {}
        socket
    };
    // The first ones pay for what is there once.
    let mut sockets = Vec::new();
    for _ in 0..100 {
        sockets.push(open().await);
    }
    let before = world.relay.memory_bytes();
    for _ in 100..IDLE {
        sockets.push(open().await);
    }
    let each = (world.relay.memory_bytes() - before) / (IDLE - 100) as f64;
    assert!(each <= IDLE_BYTES_MAX, "an idle connection takes {each} bytes");

    let (mut socket, mut writer) = (world.enter(anna).await, world.writer());
    let mut times = Vec::new();
    for _ in 0..50 {
        let statement = writer.sign_next();
        let begun = Instant::now();
        entered(&mut socket, &statement).await;
        times.push(begun.elapsed());
    }
    times.sort();
    println!(
        "an idle connection takes {each} bytes; beside {IDLE}, acknowledged after {:?} at the median",
        times[25]
    );
    assert!(times[49] < ACKNOWLEDGED_WITHIN, "{:?}", times[49]);
    drop(sockets);
    world.ends_well().await;
}

#[tokio::test]
async fn one_device_and_one_address_get_no_more_than_their_share() {
    let limits = [("limits.connections_per_device_max", 4), ("limits.greetings_per_address_max", 6)];
    let world = World::with(&limits).await;
    let (address, id) = (&world.relay.address, world.partnership.id());
    let mut mine = Vec::new();
    for _ in 0..4 {
        mine.push(world.enter(&world.partnership.anna).await);
    }
    let answer = async |key: &Key| {
        let mut socket = soon(connect(address)).await.unwrap();
        soon(greet(&mut socket, key, id, Pass::Member)).await.unwrap()
    };
    let is_limit = |frame| matches!(frame, RelayFrame::Closing { reason: CloseReason::Limit { retry_after_ms } } if retry_after_ms > 0);
    assert!(is_limit(answer(world.partnership.anna.replica.key()).await));
    drop(world.enter(&world.partnership.dana).await);

    let mut silent = Vec::new();
    for _ in 0..6 {
        let mut socket = soon(connect(address)).await.unwrap();
        soon(challenge(&mut socket)).await.unwrap();
        silent.push(socket);
    }
    let mut one_more = soon(connect(address)).await.unwrap();
    assert!(is_limit(soon(next_frame(&mut one_more)).await.unwrap()));
    drop((silent, mine));
    // Places are free again once the relay has noticed: the next that is let in is the proof.
    let dana = world.partnership.dana.replica.key();
    soon(async { while enter(address, id, dana).await.is_err() {} }).await;
    world.ends_well().await;
}
