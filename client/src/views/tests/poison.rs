//! A document at which the program stopped: left alone, while the others go on.

use std::collections::BTreeSet;
use std::sync::Mutex;

use entente_shared::document::Divergence;

use super::*;
use crate::replica::{CommandError, OpenError, Replica, Stored};

/// What the replica said that it works on.
static WORKED_ON: Mutex<Vec<DocumentId>> = Mutex::new(Vec::new());

fn reopened(device: &Device, poison: DocumentId) -> Result<Replica, OpenError> {
    let profile = entente_shared::codec::encode(device.replica.profile());
    let stored = Stored {
        ledgers: device.kept.clone(),
        records: vec![(b"profile".to_vec(), profile)],
        poison: BTreeSet::from([poison]),
        at_work: Some(|document| WORKED_ON.lock().expect("one test").push(document)),
        ..Stored::default()
    };
    Replica::open(device.replica.key().clone(), stored, TUESDAY_LATE)
}

const TUESDAY_LATE: u64 = world::TUESDAY + 5 * HOUR;

#[test]
fn a_document_at_which_the_program_stopped_is_listed_and_left_alone() {
    let mut world = World::in_force();
    let (matrix, brief) = (world.create("matrix", "Who does what"), world.create("brief", "Winter"));
    let replica = reopened(&world.anna, matrix).expect("a folder that opens");
    assert_eq!(replica.documents().keys().copied().collect::<Vec<_>>(), [brief]);
    let worked_on = WORKED_ON.lock().expect("one test").clone();
    assert!(worked_on.contains(&brief) && !worked_on.contains(&matrix), "{worked_on:?}");

    let list = DocList::of(&replica, TUESDAY_LATE).expect("a list");
    let line = list.documents.iter().find(|line| line.document == matrix).expect("its line");
    assert_eq!((line.title.as_str(), line.set_aside), ("Who does what", true));
    let shown = DocShow::of(&replica, matrix, TUESDAY_LATE).err();
    assert_eq!(shown, Some(CommandError::Stopped(Divergence::Poison)));
    assert!(DocShow::of(&replica, brief, TUESDAY_LATE).is_ok());
    let words = Words::new(Lang::Ru);
    let said = command_text(&replica, &words, &CommandError::Stopped(Divergence::Poison), TUESDAY_LATE);
    assert!(said.contains("Ничего из написанного в нём не пропало"), "{said}");
}

#[test]
fn ground_rules_at_which_the_program_stopped_are_not_opened() {
    let world = World::in_force();
    let charter = world.anna.replica.charter_id().expect("a charter");
    let opened = reopened(&world.anna, charter).err();
    assert_eq!(opened, Some(OpenError::Charter(Divergence::Poison)));
}
