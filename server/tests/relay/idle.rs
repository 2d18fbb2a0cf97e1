//! Many connections that do nothing.

use entente_shared::crypto::Key;
use entente_shared::ids::{PartnershipId, sha256};
use entente_shared::wire::{Pass, RelayFrame};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::process::*;
use crate::world::*;

const CONNECTIONS: u64 = 2_000;
/// The design's aim for one idle connection.
const BYTES_EACH_MAX: u64 = 12 << 10;

/// Memory of a process that is in use, in bytes.
fn resident_bytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[tokio::test]
async fn two_thousand_idle_connections_take_little_memory_and_leave_room_for_others() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--open-founding"]);
    let open = async |number: u64| {
        let mut socket = connect(&relay).await;
        let key = Key::from_secret(sha256(&[&number.to_be_bytes()]));
        let pass = Pass::Founding { token: vec![].into() };
        let welcome = greet(&mut socket, &key, PartnershipId([0; 32]), pass).await;
        assert!(matches!(welcome, RelayFrame::Welcome { .. }), "{welcome:?}");
        socket
    };
    // The first ones pay for what is there once.
    let mut sockets = Vec::new();
    for number in 0..100 {
        sockets.push(open(number).await);
    }
    let before = resident_bytes(relay.pid());
    for number in 100..CONNECTIONS {
        sockets.push(open(number).await);
    }
    let each = resident_bytes(relay.pid()).saturating_sub(before) / (CONNECTIONS - 100);
    assert!(each <= BYTES_EACH_MAX, "an idle connection takes {each} bytes");
    drop(open(CONNECTIONS).await);
    assert_eq!(relay.get("/readyz", &[]).status, 200);
    println!("an idle connection takes {each} bytes");
}
