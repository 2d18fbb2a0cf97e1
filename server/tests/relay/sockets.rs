//! What a WebSocket may do, and how the relay ends it.

use std::time::Duration;

use entente_shared::crypto::Key;
use entente_shared::ids::PartnershipId;
use entente_shared::wire::*;
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::process::*;
use crate::world::*;

/// Reads to the end; gives the reason of the last frame and the close code.
async fn ending(socket: &mut Socket) -> (Option<CloseReason>, Option<CloseCode>) {
    let (mut reason, mut code) = (None, None);
    while let Some(message) = next(socket).await {
        match message {
            Message::Binary(bytes) => match RelayFrame::decode(&bytes).unwrap() {
                RelayFrame::Closing { reason: given } => reason = Some(given),
                RelayFrame::Challenge { .. } => {}
                other => panic!("{other:?}"),
            },
            Message::Close(frame) => code = frame.map(|frame| frame.code),
            other => panic!("{other:?}"),
        }
    }
    (reason, code)
}

fn detail(reason: Option<CloseReason>) -> String {
    match reason {
        Some(CloseReason::Protocol { detail }) => detail,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_relay_speaks_first_and_names_its_key() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mut socket = connect(&relay).await;
    let RelayFrame::Challenge { version, relay: key, .. } = next_frame(&mut socket).await else {
        panic!("a challenge was expected");
    };
    assert_eq!(version, PROTOCOL_VERSION);
    assert_eq!(key.0, read_link(relay.founding_link.as_ref().unwrap()).1);
}

#[tokio::test]
async fn a_text_frame_closes_the_connection() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mut socket = connect(&relay).await;
    socket.send(Message::Text("hello".into())).await.unwrap();
    let (reason, code) = ending(&mut socket).await;
    assert!(detail(reason).contains("binary"));
    assert_eq!(code, Some(CloseCode::Unsupported));
}

#[tokio::test]
async fn a_frame_that_is_too_long_closes_the_connection_before_it_is_read() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mut socket = connect(&relay).await;
    // The relay may close while the rest is still being sent.
    let _ = socket.send(Message::Binary(vec![0; FRAME_BYTES_MAX + 1].into())).await;
    let (reason, code) = ending(&mut socket).await;
    assert!(detail(reason).contains("at most"));
    assert_eq!(code, Some(CloseCode::Size));
    assert_eq!(relay.metric("entente_bytes_received_total"), 0);
}

#[tokio::test]
async fn a_frame_that_is_no_hello_closes_the_connection_with_a_reason() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mut socket = connect(&relay).await;
    socket.send(Message::Binary(vec![0xff; 40].into())).await.unwrap();
    let (reason, code) = ending(&mut socket).await;
    assert!(!detail(reason).is_empty());
    assert_eq!(code, Some(CloseCode::Policy));
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--limits-hello-timeout-ms", "200"]);
    let mut socket = connect(&relay).await;
    let (reason, code) = ending(&mut socket).await;
    assert!(detail(reason).contains("no hello within 200 ms"));
    assert_eq!(code, Some(CloseCode::Policy));
}

#[tokio::test]
async fn a_device_that_answers_no_ping_is_given_up() {
    let (_folder, data) = fresh();
    let flags = ["--open-founding", "--limits-ping-interval-ms", "50", "--limits-idle-timeout-ms", "150"];
    let relay = Relay::start(&data, &flags);
    let mut socket = connect(&relay).await;
    let pass = Pass::Founding { token: vec![].into() };
    let welcome = greet(&mut socket, &Key::from_secret([5; 32]), PartnershipId([0; 32]), pass).await;
    assert!(matches!(welcome, RelayFrame::Welcome { .. }), "{welcome:?}");
    // Pings are answered by reading, so whoever does not read is silent.
    let mut beat = tokio::time::interval(Duration::from_millis(20));
    let given_up = async {
        while relay.metric("entente_silent_total") == 0 || relay.metric("entente_connections") > 0 {
            beat.tick().await;
        }
    };
    tokio::time::timeout(SOON, given_up).await.expect("the relay gives up and closes the connection");
}

#[tokio::test]
async fn a_wrong_token_founds_nothing_and_a_right_one_once() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let mut socket = connect(&relay).await;
    let key = Key::from_secret([5; 32]);
    let wrong = Pass::Founding { token: vec![1; 16].into() };
    let answer = greet(&mut socket, &key, PartnershipId([0; 32]), wrong).await;
    assert_eq!(answer, RelayFrame::Closing { reason: CloseReason::Founding });
    let anna = Key::from_secret([1; 32]);
    found_with_link(&relay, &anna).await;
    let (token, _) = read_link(relay.founding_link.as_ref().unwrap());
    let mut socket = connect(&relay).await;
    let used = Pass::Founding { token: token.to_vec().into() };
    let answer = greet(&mut socket, &key, PartnershipId([0; 32]), used).await;
    assert_eq!(answer, RelayFrame::Closing { reason: CloseReason::Founding });
}

#[tokio::test]
async fn a_stopping_relay_says_goodbye_and_ends_well() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--open-founding"]);
    let mut socket = connect(&relay).await;
    let pass = Pass::Founding { token: vec![].into() };
    greet(&mut socket, &Key::from_secret([5; 32]), PartnershipId([0; 32]), pass).await;
    relay.signal(rustix::process::Signal::TERM);
    let (reason, code) = ending(&mut socket).await;
    assert_eq!(reason, Some(CloseReason::Stopping));
    assert_eq!(code, Some(CloseCode::Restart));
    assert!(relay.stop().success());
}
