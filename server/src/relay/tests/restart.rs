use entente_shared::wire::Pass;
use entente_store::MemoryStore;

use super::story;
use crate::limits::PARTNERSHIP_IDLE_MS;
use crate::relay::{Counter, Input, Options};
use crate::testing::{Bench, Mirror, T0};

#[test]
fn a_relay_that_was_killed_goes_on_where_its_store_ends() {
    let mut story = story();
    let note = story.dana.note(&story.danas, story.matrix, "party/moscow", 1);
    story.submit("dana", &note);
    let (anna, mut annas, matrix) = (story.anna, story.annas, story.matrix);
    let mut bench = story.bench.restarted(Options::default(), 2);
    // The new machine's clock is years behind.
    bench.now_ms = T0 / 2;
    assert_eq!(bench.relay.gauges().partnerships, 0, "nothing is loaded before somebody asks");
    bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    assert_eq!(bench.subscribe("anna", &annas), ["anna < heads charter 4, matrix 1"]);
    let before = annas.time_ms();
    let next = anna.note(&annas, matrix, "party/moscow", 2);
    assert_eq!(
        bench.submit("anna", &[&next]),
        ["commit matrix 2", "anna < entries matrix 2", "anna < entered 2 admitted by own-column"]
    );
    bench.follow("anna", &mut annas).unwrap();
    assert_eq!(annas.time_ms(), before + 1);
    assert_eq!(bench.counts[&Counter::DocumentsLoaded], 1);
    let mut all = Mirror::default();
    bench.hello("tab", &anna.key, annas.partnership(), Pass::Member);
    bench.subscribe("tab", &all);
    bench.follow("tab", &mut all).unwrap();
    assert_eq!(all.head(matrix), annas.head(matrix));
}

#[test]
fn a_damaged_document_is_read_only_and_others_are_served() {
    let mut story = story();
    for n in 0..3 {
        let note = story.anna.note(&story.annas, story.matrix, "party/moscow", n);
        story.submit("anna", &note);
    }
    let charter = story.annas.charter_id();
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let store = MemoryStore::open(story.bench.store.crash());
    store.lose_entry(matrix, 1);
    let mut bench = story.bench.on_image(store, Options::default(), 2);
    bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    let note = anna.note(&annas, matrix, "party/moscow", 9);
    let refused = "anna < refused: the relay takes nothing for now: its copy of this document is damaged";
    assert_eq!(bench.submit("anna", &[&note]), ["report quarantined matrix", refused]);
    assert_eq!(bench.submit("anna", &[&note]), [refused]);
    assert_eq!(bench.relay.gauges().quarantined, 1);
    let act = entente_shared::statement::Act::Withdraw { target: note.id };
    let other = anna.state(&annas, charter, act);
    assert_eq!(bench.submit("anna", &[&other]), ["anna < refused: that suggestion is not open"]);
}

#[test]
fn a_ledger_that_was_tampered_with_is_not_gone_on_with() {
    let mut story = story();
    for n in 0..2 {
        let note = story.anna.note(&story.annas, story.matrix, "party/moscow", n);
        story.submit("anna", &note);
    }
    // The two statements change places: every hash of the store itself is right.
    use entente_store::{Append, Store};
    let store = MemoryStore::new();
    let image = &story.bench.store;
    for document in image.documents(story.annas.partnership()) {
        let mut entries = image.entries(document, 0, 100, 1 << 20).unwrap();
        if document == story.matrix {
            let envelope = entries[1].envelope.clone();
            entries[1].envelope = entries[2].envelope.clone();
            entries[2].envelope = envelope;
        }
        let partnership = story.annas.partnership();
        let append = Append { partnership, document, expected_head: None, charter_guard: None, entries };
        store.commit(vec![append], vec![]).unwrap();
    }
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let mut bench = story.bench.on_image(store, Options::default(), 2);
    bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    let note = anna.note(&annas, matrix, "party/moscow", 9);
    let lines = bench.submit("anna", &[&note]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("damaged"), "{lines:?}");
}

#[test]
fn documents_that_are_not_used_leave_memory_and_come_back() {
    let mut story = Bench::story(
        Options { documents_in_memory: 1, ..Options::default() },
        &entente_shared::rules::Rules::standard(&"moscow".into()).unwrap(),
    );
    let plan = entente_shared::ids::DocumentId::new(T0, [9; 10]);
    story.bench.names.documents.insert(plan, "plan".into());
    let create = story.anna.create_matrix(&story.annas, plan);
    story.submit("anna", &create);
    for (n, document) in [story.matrix, plan, story.matrix].into_iter().enumerate() {
        let note = story.anna.note(&story.annas, document, "party/moscow", n as u64);
        let lines = story.submit("anna", &note);
        assert!(lines[3].starts_with("anna < entered"), "{lines:?}");
    }
    assert_eq!(story.bench.counts[&Counter::DocumentsLoaded], 3);
    assert!(story.bench.relay.gauges().documents <= 2);
}

#[test]
fn a_partnership_without_visitors_leaves_memory_and_comes_back() {
    let mut story = story();
    for name in ["anna", "dana"] {
        let connection = story.bench.connection(name);
        story.bench.input(Input::Disconnected { connection });
    }
    story.bench.tick(PARTNERSHIP_IDLE_MS);
    assert_eq!(story.bench.relay.gauges().partnerships, 0);
    assert_eq!(story.bench.relay.gauges().documents, 0);
    let partnership = story.annas.partnership();
    story.bench.join("anna", &story.anna, partnership, &mut story.annas);
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    assert_eq!(story.bench.submit("anna", &[&note]).len(), 3);
}

#[test]
fn a_relay_that_stops_commits_what_it_took_and_says_goodbye() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let notes: Vec<_> =
        (0..3).map(|n| story.anna.note(&story.annas, story.matrix, "party/moscow", n)).collect();
    story.bench.submit("anna", &[&notes[0]]);
    story.bench.submit("anna", &[&notes[1]]);
    assert!(story.bench.input(Input::Stop).is_empty());
    let lines = story.bench.submit("anna", &[&notes[2]]);
    assert_eq!(lines, ["anna < refused: the relay takes nothing for now: it stops"]);
    assert_eq!(story.bench.commit().last().unwrap(), "commit matrix 2");
    assert_eq!(
        story.bench.commit(),
        [
            "anna < entries matrix 2",
            "dana < entries matrix 2",
            "anna < entered 2 admitted by own-column",
            "anna < closing Stopping",
            "close anna",
            "dana < closing Stopping",
            "close dana",
            "stopped",
        ]
    );
    assert_eq!(story.bench.connect("late"), ["late < closing Stopping", "close late"]);
}
