//! Too much, and no longer: limits and revocations.

use std::time::{Duration, Instant};

use entente_client::replica::InviteWish;
use entente_shared::judge::Refusal;
use entente_shared::statement::RevokeTarget;
use entente_shared::wire::*;
use entente_tests::process::member::invite;
use entente_tests::process::socket::*;

use crate::world::*;

/// How soon a revoked device must be gone.
const REVOKED_WITHIN: Duration = Duration::from_secs(1);

#[tokio::test]
async fn who_sends_too_much_is_told_when_to_go_on_and_others_are_not() {
    let world = World::with(&[("limits.device_statements_per_minute", 40)]).await;
    let mut socket = world.enter(&world.partnership.anna).await;
    let mut writer = world.writer();
    let statements: Vec<_> = (0..60).map(|_| writer.sign_next()).collect();
    submit(&mut socket, statements.iter().map(|statement| statement.envelope.clone()).collect()).await;
    let (answers, mut limited) = (answers(&mut socket, statements.len()).await, 0);
    for statement in &statements {
        match &answers[&statement.id] {
            // One that was left out in between would be missed by all that follow.
            Answer::Entered { .. } => assert_eq!(limited, 0),
            Answer::Refused { refusal: Refusal::Limit { retry_after_ms } } => {
                assert!((1..=60_000).contains(retry_after_ms), "{retry_after_ms}");
                limited += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((20..60).contains(&limited), "{limited}");
    world.ends_well().await;
}

#[tokio::test]
async fn who_asks_too_often_is_closed_and_told_when_to_come_back() {
    let world = World::with(&[("limits.requests_per_minute", 20)]).await;
    let mut socket = world.enter(&world.partnership.anna).await;
    for _ in 0..40 {
        let ask = ClientFrame::Subscribe { known: vec![], live: false };
        if soon(send(&mut socket, &ask)).await.is_err() {
            break;
        }
    }
    match closing(&mut socket).await {
        CloseReason::Limit { retry_after_ms } => assert!((1..=60_000).contains(&retry_after_ms)),
        other => panic!("{other:?}"),
    }
    world.ends_well().await;
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "what is tested is how soon")]
async fn a_revoked_device_is_gone_within_a_second_and_a_lost_one_for_good() {
    let mut world = World::new().await;
    for lost in [false, true] {
        let dana = &mut world.partnership.dana;
        let person = Some(dana.replica.me().unwrap().person);
        let wish = InviteWish { party: "newyork".into(), row: None, person, valid_ms: 3_600_000 };
        let phone = soon(invite(dana, &wish)).await.unwrap();
        let mut sockets = Vec::new();
        for _ in 0..3 {
            let mut socket = world.enter(&phone).await;
            soon(subscribe(&mut socket, vec![])).await.unwrap();
            sockets.push(socket);
        }
        let device = phone.replica.key().device();
        let target = RevokeTarget::Device { device, lost };
        let dana = &mut world.partnership.dana;
        soon(dana.sync()).await.unwrap();
        dana.command(|replica, now| replica.revoke(now, target)).unwrap();
        let begun = Instant::now();
        soon(dana.sync()).await.unwrap();
        for socket in &mut sockets {
            assert_eq!(closing(socket).await, CloseReason::Revoked);
        }
        assert!(begun.elapsed() < REVOKED_WITHIN, "{:?}", begun.elapsed());

        let mut again = soon(connect(&world.relay.address)).await.unwrap();
        let id = world.partnership.id();
        let answer = soon(greet(&mut again, phone.replica.key(), id, Pass::Member)).await.unwrap();
        if lost {
            assert_eq!(answer, RelayFrame::Closing { reason: CloseReason::Revoked });
            continue;
        }
        assert!(matches!(answer, RelayFrame::Welcome { access: Access::Deposit, .. }), "{answer:?}");
        soon(send(&mut again, &ClientFrame::Subscribe { known: vec![], live: true })).await.unwrap();
        assert!(protocol(closing(&mut again).await).contains("reads nothing"));
    }
    world.ends_well().await;
}
