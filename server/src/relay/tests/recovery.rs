use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, SignedCheckpoint};
use entente_shared::statement::Statement;
use entente_shared::wire::{ClientFrame, Pass};
use entente_store::MemoryStore;

use super::{none, story};
use crate::limits::REFILL_WAIT_MS;
use crate::relay::{Input, Options};
use crate::testing::{Bench, Mirror, Person};

/// A relay that was restored from a backup, and a client who has seen what came after it.
struct Restored {
    bench: Bench,
    anna: Person,
    annas: Mirror,
    charter: DocumentId,
    matrix: DocumentId,
    lost: Vec<Statement>,
}

const READ_ONLY: &str = "anna < refused: the relay takes nothing for now:";

/// Three notes, two guests and a note are lost with the disk.
fn restored(options: Options) -> Restored {
    let mut story = story();
    let backup = story.bench.store.image();
    let mut lost = Vec::new();
    for n in 0..3 {
        let note = story.anna.note(&story.annas, story.matrix, "party/moscow", n);
        story.submit("anna", &note);
        lost.push(note);
    }
    story.admit("boris", &Person::new(3, "moscow"), "viewer");
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 3);
    story.submit("anna", &note);
    lost.push(note);
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let charter = annas.charter_id();
    let mut bench = story.bench.on_image(MemoryStore::open(backup), options, 2);
    let lines = bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    assert_eq!(lines[1], "anna < welcome member");
    Restored { bench, anna, annas, charter, matrix, lost }
}

impl Restored {
    fn checkpoint(&self, document: DocumentId, key: &Key, run: u8) -> SignedCheckpoint {
        let head = self.annas.head(document).unwrap();
        let partnership = self.annas.partnership();
        let incarnation = Incarnation([run; 16]);
        let time_ms = self.bench.now_ms;
        SignedCheckpoint::sign(key, Checkpoint { partnership, document, head, time_ms, incarnation })
    }

    fn relay_key() -> Key {
        Key::from_secret([99; 32])
    }

    fn show(&mut self, documents: &[DocumentId]) -> Vec<String> {
        let checkpoints = documents.iter().map(|id| self.checkpoint(*id, &Self::relay_key(), 1)).collect();
        self.bench.send("anna", &ClientFrame::Show { checkpoints })
    }

    fn refill(&mut self, document: DocumentId, from: usize, to: usize) -> Vec<String> {
        let deliveries = self.annas.deliveries[&document][from..to].to_vec();
        let checkpoint = self.checkpoint(document, &Self::relay_key(), 1);
        self.bench.send("anna", &ClientFrame::Refill { document, deliveries, checkpoint })
    }
}

#[test]
fn lost_entries_come_back_from_a_client() {
    let mut story = restored(Options::default());
    // The client is ahead in the charter: nothing but that head is sent.
    let lines = story.bench.subscribe("anna", &story.annas);
    assert_eq!(lines, ["anna < heads charter 4"]);
    let (charter, matrix) = (story.charter, story.matrix);
    assert_eq!(
        story.show(&[charter, matrix]),
        [
            "report missing charter 5 to 6",
            "anna < missing charter after 4",
            "report missing matrix 1 to 4",
            "anna < missing matrix after 0",
        ]
    );
    let note = story.anna.note(&story.annas, matrix, "party/moscow", 9);
    assert_eq!(
        story.bench.submit("anna", &[&note]),
        [format!("{READ_ONLY} it asks clients for entries that it has lost")]
    );
    // An entry of the matrix cites the lost charter: that has to come first.
    assert_eq!(story.refill(matrix, 1, 5), none());
    assert_eq!(
        story.refill(charter, 5, 7),
        [
            "report refilled charter with 2",
            "anna < missing matrix after 0",
            "commit charter 5 6",
            "anna < heads charter 6"
        ]
    );
    assert_eq!(story.refill(matrix, 1, 5), ["report refilled matrix with 4", "commit matrix 1 2 3 4"]);
    assert_eq!(
        story.bench.submit("anna", &[&note]),
        ["commit matrix 5", "anna < entries matrix 5", "anna < entered 5 admitted by own-column"]
    );
    story.bench.follow("anna", &mut story.annas).unwrap();
    let mut fresh = Mirror::default();
    story.bench.hello("tab", &story.anna.key, story.annas.partnership(), Pass::Member);
    story.bench.subscribe("tab", &fresh);
    story.bench.follow("tab", &mut fresh).unwrap();
    assert_eq!(fresh.head(matrix), story.annas.head(matrix));
    assert_eq!(story.bench.relay.gauges().missing, 0);
}

#[test]
fn a_long_refill_may_come_in_several_frames() {
    let mut story = restored(Options::default());
    let (charter, matrix) = (story.charter, story.matrix);
    story.show(&[charter, matrix]);
    story.refill(charter, 5, 7);
    assert_eq!(story.refill(matrix, 0, 2), none());
    assert_eq!(story.refill(matrix, 2, 3), none());
    assert_eq!(story.refill(matrix, 3, 5)[0], "report refilled matrix with 4");
}

#[test]
fn what_does_not_lead_to_the_relays_own_word_is_not_taken() {
    let mut story = restored(Options::default());
    let (charter, matrix) = (story.charter, story.matrix);
    story.show(&[charter, matrix]);
    story.refill(charter, 5, 7);
    // A gap, and a checkpoint for other entries.
    assert_eq!(story.refill(matrix, 2, 5), none());
    let mut deliveries = story.annas.deliveries[&matrix][1..5].to_vec();
    deliveries[1].entry[40] ^= 1;
    let checkpoint = story.checkpoint(matrix, &Restored::relay_key(), 1);
    let refill = ClientFrame::Refill { document: matrix, deliveries, checkpoint };
    assert_eq!(story.bench.send("anna", &refill), none());
    // A statement that is not the one signed.
    let mut deliveries = story.annas.deliveries[&matrix][1..5].to_vec();
    deliveries[2].envelope.signature = Signature([3; 64]);
    let checkpoint = story.checkpoint(matrix, &Restored::relay_key(), 1);
    let refill = ClientFrame::Refill { document: matrix, deliveries, checkpoint };
    let lines = story.bench.send("anna", &refill);
    assert!(lines[0].contains("whose signature is not valid"), "{lines:?}");
    assert_eq!(story.bench.relay.gauges().missing, 1);
}

#[test]
fn a_checkpoint_of_another_key_stops_nothing() {
    let mut story = restored(Options::default());
    let forged = story.checkpoint(story.matrix, &Key::from_secret([5; 32]), 1);
    let lines = story.bench.send("anna", &ClientFrame::Show { checkpoints: vec![forged] });
    assert!(lines[0].contains("did not sign"), "{lines:?}");
    assert_eq!(story.bench.relay.gauges().missing, 0);
}

#[test]
fn a_chain_that_has_grown_since_stands_and_the_other_branch_is_submitted_again() {
    let mut story = restored(Options::default());
    let matrix = story.matrix;
    let mut fresh = Mirror::default();
    story.bench.subscribe("anna", &fresh);
    story.bench.follow("anna", &mut fresh).unwrap();
    let new = story.anna.note(&fresh, matrix, "party/moscow", 9);
    assert_eq!(story.bench.submit("anna", &[&new])[0], "commit matrix 1");
    assert_eq!(story.show(&[matrix]), ["report other branch matrix 4", "commit records"]);
    assert_eq!(story.show(&[matrix]), ["report other branch matrix 4"]);
    // The lost statements come back with their ids. What had seen lost entries is told so.
    let lines = story.bench.submit("anna", &[&story.lost[0].clone()]);
    assert_eq!(lines[0], "commit matrix 2");
    let lines = story.bench.submit("anna", &[&story.lost[3].clone()]);
    assert_eq!(lines, ["anna < refused: the ledger ends before what the author had seen"]);
}

#[test]
fn nothing_is_judged_and_no_head_is_told_that_lost_ground_rules_could_still_change() {
    let mut story = restored(Options::default());
    let (charter, matrix) = (story.charter, story.matrix);
    story.show(&[charter]);
    let note = story.anna.note(&story.annas, matrix, "party/moscow", 9);
    assert_eq!(
        story.bench.submit("anna", &[&note]),
        [format!("{READ_ONLY} it asks clients for entries that it has lost")]
    );
    // Anna knows more of the charter: what was judged under it is not hers to replay.
    assert_eq!(story.bench.subscribe("anna", &story.annas), ["anna < heads "]);
    let lines = story.refill(charter, 5, 7);
    assert_eq!(lines.last().map(String::as_str), Some("anna < heads charter 6, matrix 0"), "{lines:?}");
}

#[test]
fn ground_rules_that_an_earlier_run_judged_without_do_not_come_back_between() {
    let mut story = restored(Options::default());
    let (charter, matrix) = (story.charter, story.matrix);
    let mut fresh = Mirror::default();
    story.bench.subscribe("anna", &fresh);
    story.bench.follow("anna", &mut fresh).unwrap();
    story.bench.tick(3_600_000);
    let note = story.anna.note(&fresh, matrix, "party/moscow", 9);
    assert_eq!(story.bench.submit("anna", &[&note])[0], "commit matrix 1");
    story.bench = story.bench.restarted(Options::default(), 3);
    story.bench.hello("anna", &story.anna.key, story.annas.partnership(), Pass::Member);
    assert_eq!(story.show(&[charter])[0], "report missing charter 5 to 6");
    assert_eq!(story.refill(charter, 5, 7), ["commit records"]);
    assert_eq!(story.bench.relay.gauges().missing, 0, "what is here stands");
    assert_eq!(story.show(&[charter]), ["report other branch charter 6"]);
}

#[test]
fn what_one_client_may_not_read_another_returns() {
    let mut story = restored(Options::default());
    let (charter, matrix) = (story.charter, story.matrix);
    story.show(&[charter, matrix]);
    story.refill(charter, 5, 7);
    let checkpoint = story.checkpoint(matrix, &Restored::relay_key(), 1);
    let whole = story.annas.deliveries[&matrix][1..5].to_vec();
    let refill = |story: &mut Restored, left_out: [usize; 2]| {
        let mut deliveries = whole.clone();
        left_out.into_iter().for_each(|place| deliveries[place].envelope.payloads.fill(None));
        let checkpoint = checkpoint.clone();
        story.bench.send("anna", &ClientFrame::Refill { document: matrix, deliveries, checkpoint })
    };
    let lines = refill(&mut story, [1, 2]);
    assert_eq!(lines[0], "report refilled matrix with 1", "{lines:?}");
    assert_eq!(refill(&mut story, [1, 3])[..], none()[..]);
    let lines = refill(&mut story, [2, 3]);
    assert_eq!(lines[0], "report refilled matrix with 3", "{lines:?}");
    assert_eq!(story.bench.relay.gauges().missing, 0);
}

#[test]
fn nobody_is_waited_for_without_end() {
    let mut story = restored(Options::default());
    let matrix = story.matrix;
    story.show(&[matrix]);
    story.bench.tick(REFILL_WAIT_MS - 1);
    assert_eq!(story.bench.relay.gauges().missing, 1);
    story.bench.tick(1);
    assert_eq!(story.bench.relay.gauges().missing, 0);
    let first = story.lost[0].clone();
    assert_eq!(story.bench.submit("anna", &[&first])[0], "commit matrix 1");
    assert_eq!(story.show(&[matrix]), ["report other branch matrix 4"]);
    // The next run does not ask again.
    story.bench = story.bench.restarted(Options::default(), 3);
    story.bench.hello("anna", &story.anna.key, story.annas.partnership(), Pass::Member);
    assert_eq!(story.show(&[matrix]), ["report other branch matrix 4"]);
    assert_eq!(story.bench.relay.gauges().missing, 0);
}

#[test]
fn a_restored_relay_only_reads_and_refills_until_it_is_resumed() {
    let mut story = restored(Options { recovering: true, ..Options::default() });
    let (charter, matrix) = (story.charter, story.matrix);
    assert!(story.bench.relay.is_recovering());
    let first = story.lost[0].clone();
    assert_eq!(
        story.bench.submit("anna", &[&first]),
        [format!("{READ_ONLY} it was restored and recovers what was lost")]
    );
    story.show(&[charter, matrix]);
    assert_eq!(story.refill(charter, 5, 7)[0], "report refilled charter with 2");
    story.bench.tick(REFILL_WAIT_MS * 2);
    assert_eq!(story.bench.relay.gauges().missing, 1, "the operator decides how long it waits");
    story.bench.input(Input::Resume);
    assert!(!story.bench.relay.is_recovering());
    assert_eq!(story.bench.submit("anna", &[&first])[0], "commit matrix 1");
}

#[test]
fn a_document_that_is_wholly_lost_comes_back_too() {
    let mut story = story();
    let plan = DocumentId::new(story.bench.now_ms, [9; 10]);
    story.bench.names.documents.insert(plan, "plan".into());
    let backup = story.bench.store.image();
    let create = story.anna.create_matrix(&story.annas, plan);
    story.submit("anna", &create);
    let note = story.anna.note(&story.annas, plan, "party/moscow", 1);
    story.submit("anna", &note);
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let charter = annas.charter_id();
    let mut bench = story.bench.on_image(MemoryStore::open(backup), Options::default(), 2);
    bench.hello("anna", &anna.key, annas.partnership(), Pass::Member);
    let mut story = Restored { bench, anna, annas, charter, matrix, lost: vec![] };
    assert_eq!(story.show(&[plan]), ["report missing plan 0 to 1", "anna < missing plan after nothing"]);
    assert_eq!(story.refill(plan, 0, 2), ["report refilled plan with 2", "commit plan 0 1"]);
    let mut fresh = Mirror::default();
    story.bench.subscribe("anna", &fresh);
    story.bench.follow("anna", &mut fresh).unwrap();
    assert_eq!(fresh.head(plan), story.annas.head(plan));
    assert_eq!(fresh.head(charter), story.annas.head(charter));
}
