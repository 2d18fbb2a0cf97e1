//! Statements that are not what they say: each is refused with its reason, on a connection that stays.

use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::limits::PAYLOAD_BYTES_MAX;
use entente_shared::statement::*;
use entente_shared::wire::*;
use entente_tests::process::author::Author;
use entente_tests::process::draw;
use entente_tests::process::socket::*;

use crate::world::*;

fn malformed(refusal: Refusal) -> String {
    match refusal {
        Refusal::Malformed { detail } => detail,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_bad_signature_spoils_no_other_statement_of_its_batch() {
    let mut world = World::new().await;
    let mut socket = world.enter(&world.partnership.anna).await;
    let mut writers = [world.writer(), world.writer(), world.writer()];
    let mut statements = writers.each_mut().map(|writer| writer.sign_next());
    statements[1].envelope.signature.0[7] ^= 1;
    submit(&mut socket, statements.iter().map(|statement| statement.envelope.clone()).collect()).await;
    let answers = answers(&mut socket, statements.len()).await;
    for (place, statement) in statements.iter().enumerate() {
        match (place, answers[&statement.id].clone()) {
            (1, Answer::Refused { refusal }) => assert!(malformed(refusal).contains("signature")),
            (0 | 2, Answer::Entered { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    let witness = world.goes_on().await;
    assert_eq!(witness.find(&statements[1].id), None);
    world.ends_well().await;
}

#[tokio::test]
async fn a_statement_that_comes_again_stands_where_it_stood() {
    let mut world = World::new().await;
    let mut socket = world.enter(&world.partnership.anna).await;
    let mut writer = world.writer();
    let statement = writer.sign_next();
    let before = world.goes_on().await.entries();
    let first = entered(&mut socket, &statement).await;
    entered(&mut socket, &writer.sign_next()).await;
    assert_eq!(entered(&mut socket, &statement).await, first);
    let twice = vec![statement.envelope.clone(), statement.envelope.clone()];
    submit(&mut socket, twice).await;
    for _ in 0..2 {
        let Answer::Entered { position, .. } = soon(answer_to(&mut socket, statement.id)).await.unwrap()
        else {
            panic!("it stands")
        };
        assert_eq!(position, first.0);
    }
    // Somebody else may hand it over; it stays its author's, where it is.
    let mut other = world.enter(&world.partnership.dana).await;
    assert_eq!(entered(&mut other, &statement).await, first);
    let witness = world.goes_on().await;
    assert_eq!(witness.entries(), before + 3, "two statements and the honest one");
    assert_eq!(witness.find(&statement.id).unwrap().position, first.0);
    world.ends_well().await;
}

#[tokio::test]
async fn statements_of_others_elsewhere_and_of_another_past_are_refused() {
    let world = World::new().await;
    let mut socket = world.enter(&world.partnership.anna).await;
    let anna = world.anna();
    let section = SectionId::new("party/moscow");
    let edit = |author: Author| author.edit(&section, ActorNonce(draw()), vec![vec![0; 40]]);

    let elsewhere = edit(Author { partnership: PartnershipId(draw()), ..anna.clone() });
    assert!(malformed(refused(&mut socket, &elsewhere).await).contains("another partnership"));
    let stranger = edit(Author { key: Key::from_secret(draw()), ..anna.clone() });
    assert_eq!(refused(&mut socket, &stranger).await, Refusal::UnknownDevice);
    let nowhere = edit(Author { document: DocumentId(draw()), ..anna.clone() });
    assert!(matches!(refused(&mut socket, &nowhere).await, Refusal::Dependency { .. }));

    let mut seen = anna.seen;
    seen.document.as_mut().unwrap().seq += 1000;
    let ahead = edit(Author { seen, ..anna.clone() });
    assert!(matches!(refused(&mut socket, &ahead).await, Refusal::Behind { head: Some(_) }));
    let mut seen = anna.seen;
    seen.document.as_mut().unwrap().hash.0[0] ^= 1;
    let forked = edit(Author { seen, ..anna.clone() });
    assert_eq!(refused(&mut socket, &forked).await, Refusal::Forked { seq: seen.document.unwrap().seq });
    let mut seen = anna.seen;
    seen.charter.as_mut().unwrap().hash.0[0] ^= 1;
    let forked = edit(Author { seen, ..anna.clone() });
    assert_eq!(refused(&mut socket, &forked).await, Refusal::Forked { seq: seen.charter.unwrap().seq });
    world.ends_well().await;
}

#[tokio::test]
async fn payloads_that_were_swapped_left_out_or_too_long_are_refused() {
    let world = World::new().await;
    let mut socket = world.enter(&world.partnership.anna).await;
    let mut writer = world.writer();
    let (mut swapped, other) = (writer.sign_next(), writer.sign_next());
    let whole = swapped.clone();
    swapped.envelope.payloads = other.envelope.payloads.clone();
    assert!(malformed(refused(&mut socket, &swapped).await).contains("not the one that was signed"));
    swapped.envelope.payloads = vec![None];
    assert!(malformed(refused(&mut socket, &swapped).await).contains("missing"));
    swapped.envelope.payloads = vec![];
    assert!(malformed(refused(&mut socket, &swapped).await).contains("one payload for each part"));
    let section = SectionId::new("party/moscow");
    let long = world.anna().edit(&section, ActorNonce(draw()), vec![vec![0; PAYLOAD_BYTES_MAX]]);
    assert!(malformed(refused(&mut socket, &long).await).contains("at most"));
    let text = Some("x".repeat(10_000));
    let wordy = Payload { salt: draw(), text, ..Payload::default() };
    let wordy = world.anna().sign(Act::Edit { after: vec![], replaces: None }, vec![(section, wordy)]);
    assert!(malformed(refused(&mut socket, &wordy).await).contains("too long"));
    entered(&mut socket, &whole).await;
    entered(&mut socket, &other).await;
    world.ends_well().await;
}
