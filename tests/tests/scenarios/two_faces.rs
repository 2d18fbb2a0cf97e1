//! A relay that shows two histories.

use entente_client::replica::{CommandError, Event, OutgoingState};
use entente_shared::judge::Refusal;
use entente_shared::mutants::Mutant;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{claim, column};
use entente_tests::teams::{self, MOSCOW, NEWYORK};
use entente_tests::world::World;

fn everybody_online(world: &mut World) {
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
}

#[test]
fn two_charters_shown_to_two_teams_are_found_out_as_soon_as_one_device_meets_both() {
    let Beginning { mut world, matrix, .. } = beginning(0);
    everybody_online(&mut world);
    for name in ["dana", "sam", "ruth"] {
        world.offline(name);
    }
    world.run();
    // One machine, one key, one run of the relay, two disks from here on.
    let mut other = world.twin(77);
    for name in ["dana", "sam", "ruth"] {
        other.online(name);
    }
    let ivan = world.person("ivan").expect("a member");
    let sam = other.person("sam").expect("a member");
    let (moscow, newyork) = (format!("people/{MOSCOW}"), format!("people/{NEWYORK}"));
    world
        .change("anna", vec![(moscow.as_str().into(), vec![teams::roles(&ivan, "viewer")])])
        .expect("a lead");
    other
        .change("dana", vec![(newyork.as_str().into(), vec![teams::roles(&sam, "viewer")])])
        .expect("a lead");
    world.run();
    other.run();
    // Dana's device meets the relay that Moscow knows.
    other.offline("dana");
    let column = column(NEWYORK);
    other.edit("dana", matrix, &column, claim("creative", "own")).expect("own column");
    other.perform_all("dana");
    let dana = other.device("dana").clone();
    world.devices.insert("dana".to_owned(), dana);
    world.online("dana");
    world.run();
    let told = &world.device("dana").told;
    assert!(
        told.iter().any(|event| matches!(event, Event::Forked { .. })),
        "dana is told of the fork: {told:?}"
    );
    let out: Vec<_> = world.replica("dana").outgoing().map(|one| one.state.clone()).collect();
    let joined = |state: &OutgoingState| {
        !matches!(
            state,
            OutgoingState::Waiting | OutgoingState::Refused(Refusal::Forked { .. } | Refusal::Behind { .. })
        )
    };
    assert!(
        !out.is_empty() && !out.iter().any(joined),
        "what was written on one branch does not enter the other: {out:?}"
    );
}

#[test]
fn a_relay_that_judges_otherwise_than_the_rules_say_is_found_out_by_every_replica() {
    for mutant in [Mutant::HoldAdmitted, Mutant::ProposalByAnybody] {
        let Beginning { mut world, matrix, .. } = beginning(1);
        everybody_online(&mut world);
        let before = world.replica("mila").document(matrix).expect("it is there").len();
        world.host.meddle = Some(match mutant {
            Mutant::HoldAdmitted => |act| Mutant::HoldAdmitted.during(act),
            _ => |act| Mutant::ProposalByAnybody.during(act),
        });
        let hand = |world: &mut World, name: &str, section: &str, command| {
            let mut hand = entente_tests::hand::Hand::of(world, name, matrix);
            let statement = hand.edit(&[], &[(section, command)]);
            world.hand_in(name, &statement);
            world.run();
        };
        let moscow = format!("party/{MOSCOW}");
        match mutant {
            Mutant::HoldAdmitted => hand(&mut world, "dana", &moscow, claim("creative", "none")),
            _ => {
                // A coordinator may suggest nothing under the rules of these stories.
                let ivan = world.person("ivan").expect("a member");
                let people = format!("people/{MOSCOW}");
                let edit = vec![(people.as_str().into(), vec![teams::roles(&ivan, "coordinator")])];
                world.change("anna", edit).expect("a lead");
                world.run();
                let id = world.draw_uuid();
                hand(&mut world, "ivan", "functions", entente_tests::places::added_function(&id, "x"));
            }
        }
        for name in ["anna", "mila", "dana", "sam"] {
            let told = &world.device(name).told;
            let diverged = told.iter().any(|event| matches!(event, Event::Diverged { .. }));
            assert!(diverged, "{name} finds out {mutant:?}{}", world.story_so_far());
            let document = world.replica(name).document(matrix).expect("it is there");
            assert_eq!(document.len(), before, "{name} keeps the state before {mutant:?}");
            let refused = world.edit(name, matrix, &column(MOSCOW), claim("creative", "own"));
            assert!(
                matches!(refused, Err(CommandError::Stopped(_))),
                "{name} writes no further: {refused:?}"
            );
        }
    }
}
