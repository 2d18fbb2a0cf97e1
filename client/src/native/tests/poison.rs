//! A program that dies of an entry: the entry is found out, and its document alone is left as it was.

use std::path::Path;
use std::process::Command;

use entente_shared::crypto::Key;
use entente_shared::document::Divergence;
use entente_shared::ids::DocumentId;

use crate::native::folder::Folder;
use crate::native::shell::{Clock, Shell};
use crate::native::storage::Storage;
use crate::replica::Place;
use crate::views::tests::world::{MINUTE, World};

/// In the environment of a process that is to die: its folder, of which entry, and how.
const HOME: &str = "ENTENTE_TEST_POISON_HOME";
const DEADLY: &str = "ENTENTE_TEST_POISON_ENTRY";
const PANICS: &str = "ENTENTE_TEST_POISON_PANICS";

const ENTRY: u64 = 2;

/// Dies of the entry that the environment names.
pub fn taste(place: Option<Place>) {
    let deadly = std::env::var(DEADLY).ok();
    if deadly.is_some() && deadly == place.map(written) {
        match std::env::var_os(PANICS) {
            Some(_) => panic!("of this entry"),
            None => std::process::abort(),
        }
    }
}

fn written((document, seq): Place) -> String {
    format!("{} {seq}", document.to_hex())
}

/// Anna's device with two documents, in a folder; the second is the one that will be deadly.
fn folder(home: &Path) -> [DocumentId; 2] {
    let mut world = World::in_force();
    world.now_ms += 10 * MINUTE;
    let documents = ["Good", "Deadly"].map(|title| world.create("matrix", title));
    for document in documents {
        for round in 0..4 {
            let id = format!("0190d1f2-0000-7000-8000-00000000000{round}");
            let path = entente_shared::content::Path::new(["messages"]);
            let fields = std::collections::BTreeMap::new();
            let command =
                entente_shared::content::EditCommand::AddRow { path, id, order: format!("a{round}"), fields };
            let now_ms = world.now_ms;
            let talk = "talk".into();
            let edited = world.anna.at(now_ms, |replica, now| replica.edit(now, document, &talk, command));
            edited.expect("anybody talks");
            world.sync_all();
        }
    }
    let folder = Folder::new(home, "default");
    folder.create(&Key::from_secret([1; 32])).expect("a folder");
    let mut storage = Storage::open(&folder).expect("a store");
    let partnership = world.anna.replica.profile().partnership;
    for (document, kept) in &world.anna.kept {
        storage.keep(partnership, *document, kept.clone()).expect("entries");
    }
    for (key, value) in &world.anna.records {
        storage.write(key.clone(), Some(value.clone()));
    }
    storage.commit().expect("a disk");
    documents
}

#[test]
fn a_program_in_a_process_of_its_own() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let shell = Shell::open(Folder::new(home.as_ref(), "default"), Clock::System).expect("it opens");
    for (document, replicated) in shell.replica().documents() {
        let stopped = shell.replica().stopped().get(document);
        let is_deadly = stopped == Some(&Divergence::Poison);
        println!("{} {} {is_deadly}", document.to_hex(), replicated.ledger().document().len());
    }
}

fn run(home: &Path, deadly: Option<Place>, panics: bool) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["native::tests::poison::a_program_in_a_process_of_its_own", "--exact", "--nocapture"]);
    command.env(HOME, home);
    command.envs(deadly.map(|place| (DEADLY, written(place))));
    command.envs(panics.then_some((PANICS, "yes")));
    let ran = command.output().expect("a process");
    (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
}

fn found_out(panics: bool, deaths: usize) {
    let home = tempfile::tempdir().expect("a folder");
    let [good, deadly] = folder(home.path());
    let place = (deadly, ENTRY);
    for death in 0..deaths {
        let (lived, said) = run(home.path(), Some(place), panics);
        assert!(!lived, "death {death}: {said}");
    }
    // It lives now, and later too, whatever would become of the entry.
    for deadly_still in [Some(place), Some(place), None] {
        let (lived, said) = run(home.path(), deadly_still, panics);
        assert!(lived, "{said}");
        assert!(said.contains(&format!("{} 5 false", good.to_hex())), "the other goes on: {said}");
        assert!(said.contains(&format!("{} {ENTRY} true", deadly.to_hex())), "as it was before: {said}");
    }
    assert!(!home.path().join("default/running").exists(), "it ended by itself");
}

#[test]
fn a_document_of_which_the_program_died_is_left_as_it_was_before_that_entry() {
    // The first death is without a note: the run before it had ended well.
    found_out(false, 3);
}

#[test]
fn a_panic_is_found_out_at_its_second_time() {
    found_out(true, 2);
}

#[test]
fn a_program_that_is_killed_elsewhere_gives_nothing_up() {
    let home = tempfile::tempdir().expect("a folder");
    let [good, deadly] = folder(home.path());
    for place in [(good, 1), (deadly, 3), (good, 2), (deadly, 0)] {
        assert!(!run(home.path(), Some(place), false).0);
    }
    let (lived, said) = run(home.path(), None, false);
    assert!(lived && !said.contains("true"), "{said}");
}
