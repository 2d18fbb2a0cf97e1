use std::process::Command;
use std::sync::Arc;

use entente_shared::ids::DocumentId;
use entente_shared::wire::Pass;
use entente_store::running::Running;

use super::story;
use crate::relay::Options;

/// In the environment of a process that is to die: where its runs are noted, and of which document.
const NOTE: &str = "ENTENTE_TEST_POISON_NOTE";
const DEADLY: &str = "ENTENTE_TEST_POISON_DOCUMENT";

/// Dies of the document that the environment names.
pub fn taste(document: Option<DocumentId>) {
    let deadly = std::env::var(DEADLY).ok();
    if deadly.is_some() && deadly == document.map(|document| document.to_hex()) {
        std::process::abort();
    }
}

/// A relay that is asked for a document that it has to read; what it does.
fn served(note: &std::path::Path) -> Vec<String> {
    let running = Arc::new(Running::begin(note).unwrap());
    let story = story();
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let options = Options { running: Some(running), ..Options::default() };
    let mut bench = story.bench.restarted(options, 2);
    bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    let mut lines = bench.submit("anna", &[&anna.note(&annas, matrix, "party/moscow", 1)]);
    let talk = anna.create_matrix(&annas, DocumentId([42; 16]));
    lines.extend(bench.submit("anna", &[&talk]));
    lines
}

#[test]
fn a_relay_in_a_process_of_its_own() {
    let Some(note) = std::env::var_os(NOTE) else { return };
    println!("{}", served(note.as_ref()).join("\n"));
}

#[test]
fn a_document_of_which_the_relay_died_twice_is_not_read_again_and_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("running");
    let matrix = story().matrix;
    let run = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["relay::tests::poison::a_relay_in_a_process_of_its_own", "--exact", "--nocapture"]);
        let ran = command.env(NOTE, &note).env(DEADLY, matrix.to_hex()).output().unwrap();
        (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    // The first death is without a note: the run before it had ended well.
    for death in 0..3 {
        let (lived, said) = run();
        assert!(!lived, "death {death}: {said}");
    }
    let (lived, said) = run();
    assert!(lived, "{said}");
    assert!(said.contains("report quarantined matrix"), "{said}");
    assert!(said.contains("damaged") && said.contains("entered 0 admitted"), "{said}");
    assert!(!note.exists(), "it ended by itself");
}
