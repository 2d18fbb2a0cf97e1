//! People and devices who come and go, at the same time and in every order.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use entente_client::replica::{InviteWish, JoinPass, Replica};
use entente_shared::ids::*;
use entente_shared::limits::INVITE_VALID_MS_MAX;
use entente_shared::statement::{Act, RevokeTarget};
use entente_tests::hand::Hand;
use entente_tests::history::{Beginning, beginning};
use entente_tests::teams::MOSCOW;
use entente_tests::world::World;

fn begun(seed: u64) -> World {
    let Beginning { mut world, .. } = beginning(seed);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    world
}

fn is_revoked(world: &World, who: &PersonId) -> bool {
    let state = world.replica("dana").state().expect("dana has the charter");
    state.members.revoked_people.contains_key(who)
}

#[test]
fn of_two_leads_who_revoke_each_other_the_first_in_the_record_stands_and_the_other_waits() {
    for seed in 0..4 {
        for first in ["anna", "mila"] {
            let mut world = begun(seed);
            let (anna, mila) = (world.person("anna").unwrap(), world.person("mila").unwrap());
            world.offline("anna");
            world.offline("mila");
            world.revoke("anna", RevokeTarget::Person { person: mila }).expect("a lead may");
            let second = world.revoke("mila", RevokeTarget::Person { person: anna }).expect("a lead may");
            let of_anna = world.replica("anna").outgoing().next().expect("it is not sent").statement.id;
            world.online(first);
            world.run();
            world.heal();
            world.check();
            let first_is_anna = first == "anna";
            assert_eq!(is_revoked(&world, &mila), first_is_anna);
            assert_eq!(is_revoked(&world, &anna), !first_is_anna);
            let charter = world.replica("dana").charter().expect("dana has the charter").document();
            let late = if first_is_anna { second.statement } else { of_anna };
            assert!(charter.open_holds().contains_key(&late), "the late one waits{}", world.story_so_far());
        }
    }
}

#[test]
fn a_revocation_outlives_a_concurrent_replacement_of_the_persons_row() {
    for seed in 0..4 {
        for revoked_first in [true, false] {
            let mut world = begun(seed);
            let ivan = world.person("ivan").unwrap();
            let charter = world.replica("mila").charter_id().unwrap();
            world.offline("anna");
            world.offline("mila");
            world.revoke("anna", RevokeTarget::Person { person: ivan }).expect("a lead may");
            let section = SectionId::new(format!("people/{MOSCOW}"));
            let mut hand = Hand::of(&mut world, "mila", charter);
            let actor = hand.actor(&section);
            let payload = hand.change(&section, actor, |doc| {
                let (_, people) = doc.get(ROOT, "people").unwrap().expect("the container is there");
                let row = doc.put_object(&people, ivan.to_hex(), ObjType::Map).unwrap();
                doc.put(&row, "name", "Ivan").unwrap();
                doc.put(&row, "roles", "account-manager").unwrap();
            });
            let statement = hand.sign(Act::Edit { after: vec![], replaces: None }, vec![(section, payload)]);
            world.hand_in("mila", &statement);
            for name in if revoked_first { ["anna", "mila"] } else { ["mila", "anna"] } {
                world.online(name);
                world.run();
            }
            world.heal();
            world.check();
            assert!(is_revoked(&world, &ivan), "the revocation stands{}", world.story_so_far());
            assert!(world.replica("dana").charter().unwrap().document().is_effective(&statement.id));
        }
    }
}

#[test]
fn of_two_devices_with_one_link_the_first_in_the_record_is_enrolled() {
    for seed in 0..6 {
        let mut world = begun(seed);
        world.invite("anna", "petra", MOSCOW, &["account-manager"]).expect("a lead invites");
        world.run();
        let Some(JoinPass::Invited { secret }) = world.replica("petra").profile().entry.clone() else {
            panic!("petra has a link")
        };
        world.arrive_with("anna", "petra-copy", MOSCOW, secret);
        world.online("petra");
        world.online("petra-copy");
        world.heal();
        world.check();
        let is_in =
            |name: &str| world.device(name).replica.as_ref().map(Replica::me).is_some_and(|me| me.is_ok());
        assert_ne!(is_in("petra"), is_in("petra-copy"), "one of them is in{}", world.story_so_far());
    }
}

#[test]
fn an_invitation_of_the_longest_validity_is_good_whatever_the_clock_of_the_device_says() {
    for hours in [-5, 5] {
        let Beginning { mut world, .. } = beginning(0);
        world.device_mut("anna").clock_off_ms = hours * 3_600_000;
        world.online("anna");
        world.run();
        world.offline("anna");
        let row = Some(("Rosa".to_owned(), vec![RoleId::from("viewer")]));
        let valid_ms = INVITE_VALID_MS_MAX;
        let wish = InviteWish { party: MOSCOW.into(), row, person: None, valid_ms };
        let now_ms = world.now_ms;
        let invited = world.device_mut("anna").act(now_ms, |replica, now| replica.invite(now, &wish));
        assert!(invited.is_some_and(|invited| invited.is_ok()), "a lead invites");
        world.heal();
        world.check();
        assert_eq!(world.replica("anna").outgoing().count(), 0, "it is admitted");
    }
}
