//! Readers who do not read.

use entente_shared::statement::Envelope;
use entente_shared::wire::*;
use entente_tests::process::author::Writer;
use entente_tests::process::lane::random_text;
use entente_tests::process::member::Member;
use entente_tests::process::socket::*;
use entente_tests::process::witness::Witness;
use tokio::net::TcpSocket;
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::world::*;

/// Bytes that the system keeps for a reader who does not read, so that the rest is the relay's to keep.
const RECEIVE_BYTES: u32 = 16 << 10;
/// Readers who do not read, at once.
const READERS: usize = 4;
/// Bytes of text in one statement.
const TEXT_BYTES: usize = 64 << 10;
/// Statements of this length for 24 MiB: more than readers and system take without reading.
const STATEMENTS: usize = 384;
/// What the readers may cost together: the relay's bound of 1 MiB each, and one frame on top.
const READERS_BYTES_MAX: f64 = 12.0 * 1024.0 * 1024.0;
/// A small cache of the store, so that its pages do not hide what readers cost.
const CACHE: (&str, u64) = ("limits.cache_bytes", 4 << 20);

/// A connection of a member, into a small buffer.
async fn narrow(world: &World, member: &Member) -> Socket {
    let host = world.relay.address.trim_start_matches("ws://").trim_end_matches("/ws");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(RECEIVE_BYTES).unwrap();
    let stream = soon(socket.connect(host.parse().unwrap())).await.unwrap();
    let stream = MaybeTlsStream::Plain(stream);
    let (mut socket, _) = soon(client_async(world.relay.address.as_str(), stream)).await.unwrap();
    let key = member.replica.key();
    let welcome = soon(greet(&mut socket, key, world.partnership.id(), Pass::Member)).await.unwrap();
    assert!(matches!(welcome, RelayFrame::Welcome { .. }), "{welcome:?}");
    socket
}

/// Enters `count` long statements; gives the last.
async fn produce(socket: &mut Socket, writer: &mut Writer, count: usize) -> entente_shared::ids::StatementId {
    let mut last = None;
    for _ in 0..count / 8 {
        let statements: Vec<_> = (0..8).map(|_| writer.write(&random_text(TEXT_BYTES))).collect();
        submit(socket, statements.iter().map(|statement| statement.envelope.clone()).collect()).await;
        let answers = answers(socket, statements.len()).await;
        assert!(answers.values().all(|answer| matches!(answer, Answer::Entered { .. })), "{answers:?}");
        last = statements.last().map(|statement| statement.id);
    }
    last.unwrap()
}

fn metric(world: &World, name: &str) -> u64 {
    let page = world.relay.page("/metrics").unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("{name} is missing in\n{page}")).parse().unwrap()
}

#[tokio::test]
async fn readers_who_stop_reading_cost_little_and_catch_up_when_they_read_again() {
    let world = World::with(&[CACHE]).await;
    let (mut socket, mut writer) = (world.enter(&world.partnership.anna).await, world.writer());
    // The first ones pay for what the relay keeps of documents and pages, with readers or without.
    produce(&mut socket, &mut writer, 2 * STATEMENTS).await;
    let mut slow: Vec<(Witness, Socket)> = Vec::new();
    for _ in 0..READERS {
        let (mut witness, mut socket) = (world.witness(), narrow(&world, &world.partnership.dana).await);
        soon(witness.subscribe(&mut socket)).await.unwrap();
        slow.push((witness, socket));
    }
    let before = world.relay.memory_bytes();
    let last = produce(&mut socket, &mut writer, STATEMENTS).await;
    let grown = world.relay.memory_bytes() - before;
    println!("{READERS} readers who do not read {} bytes: {grown} bytes more", STATEMENTS * TEXT_BYTES);
    assert!(metric(&world, "entente_readers_lagging_total") >= READERS as u64);
    assert!(grown < READERS_BYTES_MAX, "{grown} bytes");
    // Where they stopped they go on: no entry is missing, none comes twice.
    for (mut witness, mut socket) in slow {
        while witness.find(&last).is_none() {
            soon(witness.read(&mut socket)).await.unwrap();
        }
        witness.verify().unwrap();
    }
    world.ends_well().await;
}

#[tokio::test]
async fn a_reader_who_never_reads_is_given_up_and_catches_up_on_another_connection() {
    let waits = [("limits.ping_interval_ms", 500), ("limits.idle_timeout_ms", 1_000)];
    let world = World::with(&waits).await;
    let mut witness = world.witness();
    let mut silent = narrow(&world, &world.partnership.dana).await;
    soon(witness.subscribe(&mut silent)).await.unwrap();
    let (mut socket, mut writer) = (world.enter(&world.partnership.anna).await, world.writer());
    // Until it is given up it is served, and nobody waits for it.
    let mut last = produce(&mut socket, &mut writer, STATEMENTS / 2).await;
    soon(async {
        while metric(&world, "entente_silent_total") == 0 {
            last = produce(&mut socket, &mut writer, 8).await;
        }
    })
    .await;
    while soon(witness.read(&mut silent)).await.is_ok() {}
    assert!(witness.find(&last).is_none(), "what came after the end");
    soon(witness.catch_up(&world.relay.address)).await.unwrap();
    assert!(witness.find(&last).is_some());
    witness.verify().unwrap();
    world.ends_well().await;
}

#[tokio::test]
async fn who_sends_and_never_reads_the_answers_is_closed() {
    let world = World::new().await;
    let before = world.relay.memory_bytes();
    let mut socket = narrow(&world, &world.partnership.anna).await;
    let signature = world.writer().sign_next().envelope.signature;
    let junk = Envelope { header: vec![0x80], signature, payloads: vec![] };
    // Each is answered, until the answers are more than any queue holds.
    let statements = vec![junk; 4096];
    let junk = ClientFrame::Submit { statements };
    soon(async { while send(&mut socket, &junk).await.is_ok() {} }).await;
    assert!(metric(&world, "entente_connections_closed_total{reason=\"slow-reader\"}") == 1);
    let grown = world.relay.memory_bytes() - before;
    assert!(grown < GROWTH_BYTES_MAX, "{grown} bytes");
    world.ends_well().await;
}
