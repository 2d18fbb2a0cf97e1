use entente_shared::codec;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::wire::*;

use super::{none, story};
use crate::limits::{HELLO_WAIT_MS, Limits};
use crate::relay::{Counter, Options};
use crate::testing::{Bench, Person};

fn hello(device: &Key, partnership: PartnershipId, pass: Pass) -> Hello {
    let message = hello_message(&[0; 16], &[7; 16], &partnership, &Bench::relay_id());
    let signature = device.sign(Purpose::Connect, &[&message]);
    Hello { version: PROTOCOL_VERSION, nonce: [7; 16], partnership, device: device.device(), pass, signature }
}

#[test]
fn a_member_is_challenged_and_let_in() {
    let mut story = story();
    let (key, partnership) = (story.anna.key.clone(), story.annas.partnership());
    let lines = story.bench.hello("tab", &key, partnership, Pass::Member);
    assert_eq!(lines, ["tab < challenge", "tab < welcome member"]);
}

#[test]
fn a_signature_over_another_nonce_or_for_another_relay_lets_nobody_in() {
    let mut story = story();
    story.bench.connect("eve");
    let stale = hello(&story.anna.key, story.annas.partnership(), Pass::Member);
    let lines = story.bench.send("eve", &ClientFrame::Hello(stale));
    assert_eq!(lines, ["eve < closing Signature", "close eve"]);
}

#[test]
fn a_stranger_and_a_strange_partnership_are_turned_away() {
    let mut story = story();
    let stranger = Person::new(77, "moscow").key;
    let partnership = story.annas.partnership();
    let lines = story.bench.hello("eve", &stranger, partnership, Pass::Member);
    assert_eq!(lines[1..], ["eve < closing UnknownDevice", "close eve"]);
    let lines = story.bench.hello("eve", &stranger, PartnershipId([5; 32]), Pass::Member);
    assert_eq!(lines[1..], ["eve < closing UnknownPartnership", "close eve"]);
}

#[test]
fn another_protocol_version_is_told_which_one_is_spoken_here() {
    let mut bench = Bench::new(Options::default());
    bench.connect("old");
    let newer = Hello {
        version: PROTOCOL_VERSION + 1,
        ..hello(&Key::from_secret([1; 32]), PartnershipId([0; 32]), Pass::Member)
    };
    let lines = bench.send("old", &ClientFrame::Hello(newer));
    assert_eq!(lines, ["old < closing Version { relay: 1 }", "close old"]);
}

#[test]
fn whatever_is_no_hello_closes_the_connection() {
    let mut bench = Bench::new(Options::default());
    let submit = codec::encode(&ClientFrame::Submit { statements: vec![] });
    for bytes in [vec![], vec![0xff; 9], submit, vec![0; HELLO_BYTES_MAX + 1]] {
        bench.connect("eve");
        let lines = bench.send_bytes("eve", bytes);
        assert!(lines[0].starts_with("eve < closing Protocol"), "{lines:?}");
        assert_eq!(lines[1..], ["close eve"]);
        assert_eq!(bench.send_bytes("eve", vec![1]), none());
    }
    assert_eq!(bench.counts[&Counter::ConnectionsClosed("protocol")], 4);
    assert_eq!(bench.relay.gauges().connections, 0);
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let mut bench = Bench::new(Options::default());
    bench.connect("eve");
    assert_eq!(bench.tick(HELLO_WAIT_MS - 1), none());
    let lines = bench.tick(1);
    assert_eq!(lines[0], "eve < closing Protocol { detail: \"no `Hello` in time\" }");
    assert_eq!(lines[1..], ["close eve"]);
}

#[test]
fn a_session_that_talks_nonsense_or_says_hello_twice_is_closed() {
    let mut story = story();
    let lines = story.bench.send_bytes("dana", vec![0xff]);
    assert!(lines[0].starts_with("dana < closing Protocol"), "{lines:?}");
    let again = hello(&story.anna.key, story.annas.partnership(), Pass::Member);
    let lines = story.bench.send("anna", &ClientFrame::Hello(again));
    assert_eq!(lines, ["anna < closing Protocol { detail: \"a second `Hello`\" }", "close anna"]);
}

#[test]
fn connections_are_bounded_by_address_by_device_and_in_all() {
    let limits = Limits { greetings_per_address_max: 1, connections_max: 2, ..Limits::default() };
    let mut bench = Bench::new(Options { limits, founding_is_open: true, ..Options::default() });
    let key = Key::from_secret([1; 32]);
    let founding = || Pass::Founding { token: vec![].into() };
    let limit = "closing Limit { retry_after_ms: 5000 }";
    bench.connect("first");
    assert_eq!(bench.connect("second"), [format!("second < {limit}"), "close second".to_owned()]);
    bench.tick(HELLO_WAIT_MS);
    bench.hello("first", &key, PartnershipId([0; 32]), founding());
    bench.hello("second", &key, PartnershipId([0; 32]), founding());
    assert_eq!(bench.connect("third"), [format!("third < {limit}"), "close third".to_owned()]);

    let limits = Limits { connections_per_device_max: 1, ..Limits::default() };
    let mut bench = Bench::new(Options { limits, founding_is_open: true, ..Options::default() });
    bench.hello("first", &key, PartnershipId([0; 32]), founding());
    let lines = bench.hello("second", &key, PartnershipId([0; 32]), founding());
    assert_eq!(lines[1..], [format!("second < {limit}"), "close second".to_owned()]);
}

#[test]
fn requests_are_bounded() {
    let mut story = story();
    let mut lines = none();
    for _ in 0..=Limits::default().requests_per_minute {
        lines = story.bench.subscribe("anna", &story.annas);
    }
    assert_eq!(lines, ["anna < closing Limit { retry_after_ms: 250 }", "close anna"]);
}
