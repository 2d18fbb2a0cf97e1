//! Disks that go back in time, or come back empty.

use entente_client::replica::{Event, OutgoingState};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::wire::CloseReason;
use entente_store::MemoryStore;
use entente_tests::disk::Disk;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{column, insert, market_part, noted, said};
use entente_tests::teams::{MOSCOW, NEWYORK};
use entente_tests::world::World;

fn begun(seed: u64) -> (World, DocumentId) {
    let Beginning { mut world, matrix, .. } = beginning(seed);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    (world, matrix)
}

fn note(world: &mut World, name: &str, matrix: DocumentId, word: &str) {
    let team = if name == "dana" { NEWYORK } else { MOSCOW };
    let text = format!("[{word}] ");
    world.write(name, matrix, &column(team), &text, noted("creative", &text)).expect("own column");
}

#[test]
fn a_device_that_goes_back_to_a_backup_or_an_old_copy_of_its_files_catches_up() {
    for seed in 0..6 {
        for keeps_witness in [true, false] {
            let (mut world, matrix) = begun(seed);
            note(&mut world, "dana", matrix, "before the backup");
            world.run();
            let old = world.device("dana").disk.clone();
            for word in ["after the backup", "once more"] {
                note(&mut world, "dana", matrix, word);
                note(&mut world, "anna", matrix, word);
                world.run();
            }
            world.offline("dana");
            let mut disk = old;
            if keeps_witness {
                // The relay's words stand outside the store, which alone was put back.
                let words: Vec<_> = world.device("dana").disk.witnesses().values().cloned().collect();
                words.into_iter().for_each(|word| disk.witness(word));
            }
            world.tell("dana's disk goes back");
            world.restore("dana", disk);
            note(&mut world, "dana", matrix, "on the old state");
            world.heal();
            world.check();
        }
    }
}

#[test]
fn a_person_whose_disk_is_empty_joins_again_with_a_new_device() {
    let (mut world, matrix) = begun(2);
    note(&mut world, "dana", matrix, "kept by the relay");
    world.run();
    world.crash("dana");
    world.device_mut("dana").disk = Disk::default();
    world.tell("dana's disk is lost");
    world.forget_what_is_lost();
    world.devices.remove("dana");
    // A colleague who leads nothing cannot let her in; the recovery key or another lead does.
    world.further_device("anna", "anna/phone").expect("anyone adds own devices");
    world.online("anna/phone");
    world.heal();
    world.check();
}

#[test]
fn a_relay_that_goes_back_to_a_backup_gets_back_everything_from_its_clients() {
    for seed in 0..8 {
        for is_recovering in [true, false] {
            let (mut world, matrix) = begun(seed);
            note(&mut world, "anna", matrix, "in the backup");
            world.run();
            let image = world.host.backup();
            note(&mut world, "anna", matrix, "after the backup");
            note(&mut world, "dana", matrix, "after it too");
            world.run();
            let before = world.replica("ivan").document(matrix).expect("it is there").head();
            for name in world.devices.keys().cloned().collect::<Vec<_>>() {
                world.offline(&name);
            }
            world.restore_relay(image, is_recovering);
            world.heal();
            world.check();
            let after = world.replica("ivan").document(matrix).expect("it is there").head();
            assert_eq!(before, after, "nothing is missing and nothing was added{}", world.story_so_far());
            let was_told = |event: &Event| matches!(event, Event::Rewound { .. });
            assert!(
                world.devices.values().any(|device| device.told.iter().any(was_told)),
                "a rewind is shown"
            );
        }
    }
}

#[test]
fn what_a_relay_lost_and_went_on_without_is_handed_in_again_or_kept_with_the_reason() {
    for seed in 0..8 {
        let (mut world, matrix) = begun(seed);
        let image = world.host.backup();
        for name in ["anna", "mila", "ivan", "sam", "ruth"] {
            world.offline(name);
        }
        note(&mut world, "dana", matrix, "only dana has it");
        world.run();
        world.offline("dana");
        world.restore_relay(image, false);
        // Somebody who knows nothing of it writes first: the relay's chain stands.
        note(&mut world, "anna", matrix, "on the other branch");
        world.online("anna");
        world.run();
        world.heal();
        world.check();
        let kept = world.replica("dana").outgoing().any(|one| matches!(one.state, OutgoingState::Refused(_)));
        let text = "[only dana has it] ".as_bytes();
        let entries = entente_tests::oracle::all_entries(&*world.host.store);
        let entered = entries.iter().any(|entry| entente_tests::disk::contains(&entry.envelope, text));
        assert!(kept || entered, "dana's words are kept or entered{}", world.story_so_far());
    }
}

/// Everybody goes offline.
fn all_offline(world: &mut World) {
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.offline(&name);
    }
    world.run();
}

#[test]
fn a_document_that_nobody_may_read_whole_comes_back_from_those_who_read_its_parts() {
    for seed in 0..4 {
        for is_recovering in [true, false] {
            let Beginning { mut world, brief, .. } = beginning(seed);
            world.heal();
            let image = world.host.backup();
            for (round, name) in ["anna", "dana", "anna", "dana"].into_iter().enumerate() {
                let team = if name == "dana" { NEWYORK } else { MOSCOW };
                let word = format!("{} [{round}] ", world.watch.secrets[&team.into()]);
                let edit = insert(&["framing", "en"], &word);
                world.write(name, brief, &market_part(team), &word, edit).expect("own market");
                world.run();
            }
            let before = world.replica("ivan").document(brief).expect("it is there").head();
            all_offline(&mut world);
            world.restore_relay(image, is_recovering);
            world.heal();
            world.check();
            let after = world.replica("ivan").document(brief).expect("it is there").head();
            assert_eq!(before, after, "everything is back as it was{}", world.story_so_far());
        }
    }
}

#[test]
fn a_branch_of_the_relay_that_has_grown_longer_than_ones_own_is_followed() {
    let (mut world, matrix) = begun(3);
    let image = world.host.backup();
    world.offline("anna");
    note(&mut world, "dana", matrix, "only dana has it");
    world.run();
    all_offline(&mut world);
    world.restore_relay(image, false);
    world.online("anna");
    for word in ["one", "two", "three"] {
        note(&mut world, "anna", matrix, word);
        world.run();
    }
    world.heal();
    world.check();
}

#[test]
fn ground_rules_that_others_have_been_judged_without_are_decided_on_anew_with_all_that_followed() {
    for crashes in [false, true] {
        let (mut world, matrix) = begun(1);
        let image = world.host.backup();
        world.offline("anna");
        world.invite("dana", "rosa", NEWYORK, &["viewer"]).expect("a lead invites");
        world.run();
        note(&mut world, "dana", matrix, "under the lost ground rules");
        world.run();
        all_offline(&mut world);
        world.restore_relay(image, false);
        // The lost invitation would come to lie before what is judged now, in whichever run.
        note(&mut world, "anna", matrix, "judged without");
        world.online("anna");
        world.run();
        if crashes {
            world.crash_relay(entente_tests::host::Fate::Lost);
            world.start_relay();
        }
        world.heal();
        world.check();
    }
}

#[test]
fn a_document_that_the_relay_has_lost_whole_and_given_up_is_created_again() {
    let (mut world, _) = begun(0);
    let image = world.host.backup();
    world.offline("anna");
    let brief = world.create("dana", "brief", "Winter").expect("a lead creates");
    world.run();
    all_offline(&mut world);
    world.restore_relay(image, true);
    // Dana comes, and is cut off before she can return what is asked of her.
    world.online("dana");
    while world.host.relay().is_some_and(|relay| relay.gauges().missing == 0) {
        assert!(world.step(), "the relay asks for what it has lost{}", world.story_so_far());
    }
    world.offline("dana");
    world.run();
    world.resume_relay();
    world.run();
    world.heal();
    world.check();
    let title = world.replica("anna").document(brief).expect("everybody has it").title().to_owned();
    assert_eq!(title, "Winter");
}

#[test]
fn a_device_whose_store_went_back_shows_the_furthest_word_of_the_relay_whatever_its_clock_said() {
    let (mut world, matrix) = begun(2);
    let old = world.device("dana").disk.clone();
    // The relay's clock goes back, and its words on later entries bear earlier times.
    world.host.clock_off_ms = -4 * 3_600_000;
    note(&mut world, "dana", matrix, "later");
    world.run();
    let word = world.device("dana").disk.witnesses()[&matrix].clone();
    world.offline("dana");
    let mut disk = old;
    disk.witness(word.clone());
    world.restore("dana", disk);
    assert_eq!(world.replica("dana").checkpoints()[&matrix], word);
}

#[test]
fn what_a_recovering_relay_does_not_take_is_still_here_and_goes_out_when_it_is_done() {
    let (mut world, matrix) = begun(1);
    all_offline(&mut world);
    let image = world.host.backup();
    world.restore_relay(image, true);
    note(&mut world, "anna", matrix, "too early");
    world.device_mut("anna").told.clear();
    world.online("anna");
    world.run();
    let told = &world.device("anna").told;
    assert!(told.iter().any(|event| matches!(event, Event::StillHere { count: 1, .. })), "{told:?}");
    assert!(!told.contains(&Event::UpToDate), "{told:?}");
    assert_eq!(world.replica("anna").not_on_relay(), (1, 0));
    world.resume_relay();
    world.pass(31_000);
    world.run();
    assert_eq!(world.replica("anna").not_on_relay(), (0, 0));
    assert!(world.device("anna").told.contains(&Event::UpToDate));
    world.heal();
    world.check();
}

#[test]
fn an_empty_disk_under_the_relay_costs_the_devices_nothing_until_the_backup_is_back() {
    let (mut world, matrix) = begun(0);
    let image = world.host.backup();
    note(&mut world, "anna", matrix, "after the backup");
    world.run();
    let before = world.replica("ivan").document(matrix).expect("it is there").head();
    all_offline(&mut world);
    world.restore_relay(MemoryStore::new().image(), false);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    let turned_away = |event: &Event| *event == Event::Closed(CloseReason::UnknownPartnership);
    assert!(world.devices.values().all(|device| device.told.iter().any(turned_away)));
    world.restore_relay(image, true);
    world.heal();
    world.check();
    assert_eq!(before, world.replica("ivan").document(matrix).expect("it is there").head());
}

#[test]
fn words_in_a_row_that_is_gone_when_they_are_to_be_signed_stay_with_their_author() {
    let (mut world, matrix) = begun(3);
    let (talk, row) = (SectionId::from("talk"), world.draw_uuid());
    world.offline("dana");
    world.edit("dana", matrix, &talk, said(&row, "begun")).expect("anybody talks");
    let now_ms = world.now_ms;
    world.device_mut("dana").act(now_ms, |replica, now| replica.commit(now));
    world.edit("dana", matrix, &talk, insert(&["messages", &row, "text"], "[on top] ")).expect("her own");
    world.perform_all("dana");
    let mut disk = world.device("dana").disk.clone();
    // The row goes, here with the statement that brought it.
    for outgoing in world.replica("dana").outgoing() {
        disk.write([b"outbox/", &outgoing.number.to_be_bytes()[..]].concat(), None);
    }
    world.restore("dana", disk);
    let kept: Vec<_> = world.replica("dana").outgoing().cloned().collect();
    let [kept] = &kept[..] else { panic!("her words are kept: {kept:?}") };
    assert!(matches!(kept.state, OutgoingState::Refused(Refusal::Stale { .. })), "{:?}", kept.state);
    let words = kept.statement.payloads[0].as_ref().and_then(|payload| payload.text.clone());
    assert_eq!(words.as_deref(), Some("[on top] "));
    world.perform_all("dana");
    world.crash("dana");
    world.reopen("dana");
    assert_eq!(world.replica("dana").outgoing().count(), 1, "once, and after a restart too");
    world.heal();
    world.check();
}
