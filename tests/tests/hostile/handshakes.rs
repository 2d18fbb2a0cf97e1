//! Who is not let in.

use entente_shared::codec;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::wire::*;
use entente_tests::process::draw;
use entente_tests::process::socket::*;

use crate::world::*;

/// Greets with a hello that `spoil` has changed; gives the relay's answer.
async fn greeted(world: &World, key: &Key, spoil: impl FnOnce(&mut Hello)) -> RelayFrame {
    let mut socket = soon(connect(&world.relay.address)).await.unwrap();
    let (nonce, relay) = soon(challenge(&mut socket)).await.unwrap();
    let mut hello = hello(key, world.partnership.id(), Pass::Member, (&nonce, relay));
    spoil(&mut hello);
    soon(send(&mut socket, &ClientFrame::Hello(hello))).await.unwrap();
    soon(next_frame(&mut socket)).await.unwrap()
}

fn closing_with(reason: CloseReason) -> RelayFrame {
    RelayFrame::Closing { reason }
}

#[tokio::test]
async fn strangers_and_forgers_are_turned_away_with_the_reason() {
    let world = World::new().await;
    let (anna, stranger) = (world.partnership.anna.replica.key().clone(), Key::from_secret(draw()));
    let unknown = greeted(&world, &stranger, |_| {}).await;
    assert_eq!(unknown, closing_with(CloseReason::UnknownDevice));
    let flipped = greeted(&world, &anna, |hello| hello.signature.0[5] ^= 1).await;
    assert_eq!(flipped, closing_with(CloseReason::Signature));
    let foreign = greeted(&world, &stranger, |hello| hello.device = anna.device()).await;
    assert_eq!(foreign, closing_with(CloseReason::Signature), "Anna's device, signed by another key");
    let elsewhere = greeted(&world, &anna, |hello| hello.partnership.0[0] ^= 1).await;
    assert_eq!(elsewhere, closing_with(CloseReason::Signature), "not what was signed");
    let newer = greeted(&world, &anna, |hello| hello.version += 1).await;
    assert_eq!(newer, closing_with(CloseReason::Version { relay: PROTOCOL_VERSION }));
    world.ends_well().await;
}

#[tokio::test]
async fn a_partnership_that_is_not_here_and_an_invitation_that_nobody_made_open_nothing() {
    let world = World::new().await;
    let (anna, invite) = (world.partnership.anna.replica.key().clone(), Key::from_secret(draw()));
    let answer = async |partnership, pass: &dyn Fn(&[u8]) -> Pass| {
        let mut socket = soon(connect(&world.relay.address)).await.unwrap();
        let (nonce, relay) = soon(challenge(&mut socket)).await.unwrap();
        let mut hello = hello(&anna, partnership, Pass::Member, (&nonce, relay));
        hello.pass = pass(&hello_message(&nonce, &hello.nonce, &partnership, &relay));
        soon(send(&mut socket, &ClientFrame::Hello(hello))).await.unwrap();
        soon(next_frame(&mut socket)).await.unwrap()
    };
    let ours = world.partnership.id();
    let elsewhere = answer(PartnershipId(draw()), &|_| Pass::Member).await;
    assert_eq!(elsewhere, closing_with(CloseReason::UnknownPartnership));
    let made_up = |message: &[u8]| Pass::Invited {
        invite: invite.invite(),
        signature: invite.sign(Purpose::Connect, &[message]),
    };
    let forged = |message: &[u8]| Pass::Invited {
        invite: invite.invite(),
        signature: anna.sign(Purpose::Connect, &[message]),
    };
    // Anna is a member and needs no invitation: a stranger's device is what an invitation is for.
    assert_eq!(answer(ours, &forged).await, closing_with(CloseReason::Signature));
    assert!(matches!(answer(ours, &made_up).await, RelayFrame::Welcome { access: Access::Member, .. }));
    let stranger = Key::from_secret(draw());
    let mut socket = soon(connect(&world.relay.address)).await.unwrap();
    let (nonce, relay) = soon(challenge(&mut socket)).await.unwrap();
    let mut hello = hello(&stranger, ours, Pass::Member, (&nonce, relay));
    hello.pass = made_up(&hello_message(&nonce, &hello.nonce, &ours, &relay));
    soon(send(&mut socket, &ClientFrame::Hello(hello))).await.unwrap();
    assert_eq!(closing(&mut socket).await, CloseReason::Invitation);
    world.ends_well().await;
}

#[tokio::test]
async fn a_hello_that_was_overheard_opens_no_second_connection() {
    let world = World::new().await;
    let anna = world.partnership.anna.replica.key().clone();
    let mut first = soon(connect(&world.relay.address)).await.unwrap();
    let (nonce, relay) = soon(challenge(&mut first)).await.unwrap();
    let hello = hello(&anna, world.partnership.id(), Pass::Member, (&nonce, relay));
    let overheard = codec::encode(&ClientFrame::Hello(hello));
    soon(send_bytes(&mut first, overheard.clone())).await.unwrap();
    assert!(matches!(soon(next_frame(&mut first)).await.unwrap(), RelayFrame::Welcome { .. }));
    let mut second = soon(connect(&world.relay.address)).await.unwrap();
    soon(challenge(&mut second)).await.unwrap();
    soon(send_bytes(&mut second, overheard.clone())).await.unwrap();
    assert_eq!(closing(&mut second).await, CloseReason::Signature);
    soon(send_bytes(&mut first, overheard)).await.unwrap();
    assert!(protocol(closing(&mut first).await).contains("second"));
    world.ends_well().await;
}

#[tokio::test]
async fn a_hello_is_short_and_comes_first() {
    let world = World::new().await;
    let anna = world.partnership.anna.replica.key().clone();
    let mut socket = soon(connect(&world.relay.address)).await.unwrap();
    let (nonce, relay) = soon(challenge(&mut socket)).await.unwrap();
    let pass = Pass::Founding { token: vec![0; HELLO_BYTES_MAX].into() };
    let hello = hello(&anna, world.partnership.id(), pass, (&nonce, relay));
    soon(send(&mut socket, &ClientFrame::Hello(hello))).await.unwrap();
    assert!(protocol(closing(&mut socket).await).contains("at most"));
    let mut socket = soon(connect(&world.relay.address)).await.unwrap();
    soon(send(&mut socket, &ClientFrame::Subscribe { known: vec![], live: true })).await.unwrap();
    assert!(protocol(closing(&mut socket).await).contains("Hello"));
    world.ends_well().await;
}
