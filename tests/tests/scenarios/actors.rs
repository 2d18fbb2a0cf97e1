//! One key in two places, and actors that belong to somebody else.

use entente_client::replica::{Event, OutgoingState};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Payload, Statement};
use entente_tests::device::Device;
use entente_tests::hand::Hand;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{added_function, column, insert, noted};
use entente_tests::teams::NEWYORK;
use entente_tests::world::World;

fn begun(seed: u64) -> (World, DocumentId) {
    let Beginning { mut world, matrix, .. } = beginning(seed);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    (world, matrix)
}

/// Puts a copy of a device into the world, running or as its disk has it.
fn copy(world: &mut World, name: &str, copy: &str, is_running: bool) {
    let mut twin: Device = world.device(name).clone();
    twin.name = copy.to_owned();
    twin.link = None;
    twin.reseed(world.draw(1 << 30) as u64);
    if let Some(replica) = &mut twin.replica {
        replica.disconnected();
    }
    if !is_running {
        twin.crash();
    }
    world.devices.insert(copy.to_owned(), twin);
    world.reopen(copy);
    world.tell(format!("{name}'s profile is copied to {copy}"));
}

#[test]
fn a_cloned_profile_and_a_second_tab_write_beside_the_first_without_harm() {
    for seed in 0..6 {
        for is_tab in [true, false] {
            let (mut world, matrix) = begun(seed);
            let section = column(NEWYORK);
            // Something is signed and something only journaled when the copy is made.
            world.offline("dana");
            world.edit("dana", matrix, &section, noted("creative", "before ")).expect("own column");
            world.perform_all("dana");
            copy(&mut world, "dana", "dana/copy", is_tab);
            for round in 0..3 {
                for name in ["dana", "dana/copy"] {
                    let word = format!("[{name} {round}] ");
                    world.write(name, matrix, &section, &word, noted("creative", &word)).expect("own column");
                    if world.draw(2) == 0 {
                        world.online(name);
                        world.run();
                    }
                }
            }
            world.heal();
            world.check();
        }
    }
}

#[test]
fn nobody_writes_with_the_actor_of_somebody_else_and_it_stays_free_for_its_owner() {
    let (mut world, matrix) = begun(1);
    let section: SectionId = "functions".into();
    let mut of_anna = Hand::of(&mut world, "anna", matrix);
    let nonce = of_anna.nonce();
    let actor = of_anna.actor(&section);
    // Dana has seen Anna's nonce and takes her actor.
    let mut of_dana = Hand::of(&mut world, "dana", matrix).with_nonce(nonce);
    let function = entente_tests::places::function("creative");
    let payload = of_dana.change(&section, actor, |doc| {
        let kind = entente_shared::kinds::newest(&"matrix".into()).expect("the matrix is a known kind");
        let edit = insert(&["functions", &function, "label", "en"], "taken ");
        entente_shared::content::apply_edit(doc, kind, &"functions".into(), &edit).expect("it fits");
    });
    let taken = of_dana.sign(Act::Edit { after: vec![], replaces: None }, vec![(section.clone(), payload)]);
    world.hand_in("dana", &taken);
    world.run();
    let id = world.draw_uuid();
    let own = of_anna.edit(&[], &[("functions", added_function(&id, "mine"))]);
    world.hand_in("anna", &own);
    world.heal();
    world.check();
    let refused =
        world.replica("dana").outgoing().find(|one| one.statement.id == taken.id).expect("dana keeps it");
    assert!(
        matches!(refused.state, OutgoingState::Refused(Refusal::Gate { .. })),
        "the gate refuses another device's actor, not {:?}",
        refused.state
    );
    assert!(world.replica("dana").document(matrix).expect("it is there").is_effective(&own.id));
}

#[test]
fn an_edit_whose_changes_stand_in_part_goes_on_with_what_is_new_and_says_where_the_rest_stands() {
    let (mut world, matrix) = begun(2);
    let section = column(NEWYORK);
    let mut hand = Hand::of(&mut world, "dana", matrix);
    let first = hand.edit(&[], &[(section.as_str(), noted("creative", "first "))]);
    let second = hand.edit(&[], &[(section.as_str(), noted("creative", "second "))]);
    let payload = |statement: &Statement| statement.payloads[0].clone().expect("its own payload");
    let signed = |hand: &Hand, payloads: &[Payload]| {
        let changes = payloads.iter().flat_map(|payload| payload.changes.clone()).collect();
        let payload = Payload { changes, salt: [90 + payloads.len() as u8; 16], ..payloads[0].clone() };
        hand.sign(Act::Edit { after: Vec::new(), replaces: None }, vec![(section.clone(), payload)])
    };
    let both = signed(&hand, &[payload(&first), payload(&second)]);
    let again = signed(&hand, &[payload(&first)]);
    world.hand_in("dana", &first);
    world.run();
    let at = world.replica("dana").document(matrix).unwrap().position_of(&first.id).expect("it stands").seq;
    for statement in [&both, &again] {
        world.hand_in("dana", statement);
        world.run();
        let told = &world.device("dana").told;
        let known = |event: &Event| {
            *event == Event::AlreadyThere { document: matrix, statement: statement.id, entries: vec![at] }
        };
        assert!(told.iter().any(known), "{told:?}");
    }
    world.heal();
    world.check();
    assert_eq!(world.replica("anna").document(matrix).unwrap().len(), at + 2, "only what is new was entered");
    assert_eq!(world.replica("dana").outgoing().count(), 0);
}
