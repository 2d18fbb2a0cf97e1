use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::statement::{Act, Capacity};
use entente_shared::wire::{ClientFrame, Known};

use super::{none, story, story_with_guests};
use crate::limits::{HEADS_EVERY_MS, QUEUE_BYTES_HARD_MAX, QUEUE_BYTES_MAX, SLOW_READER_MS};
use crate::relay::Counter;
use crate::testing::{Mirror, Person, T0};

/// What clients are told; that a document at rest is materialised is another story.
fn told(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().filter(|line| !line.contains("materialise")).collect()
}

#[test]
fn a_guest_is_sent_no_content_of_other_sections_and_verifies_all_the_same() {
    let mut story = story_with_guests();
    let guest = Person::new(3, "moscow");
    story.admit("guest", &guest, "guest");
    let mut theirs = Mirror::default();
    let lines = story.bench.subscribe("guest", &theirs);
    assert_eq!(
        lines,
        [
            "guest < entries charter 0 1 2 3 4 5 6",
            "guest < entries matrix 0(-0 payloads +5 leaves)",
            "guest < heads charter 6, matrix 0",
        ]
    );
    let matrix = story.matrix;
    let own = story.anna.note(&story.annas, matrix, "party/moscow", 1);
    let lines = story.submit("anna", &own);
    assert_eq!(lines[3], "guest < entries matrix 1(-1 payloads +1 leaves)");
    let talk = story.dana.note(&story.danas, matrix, "talk", 2);
    let lines = story.submit("dana", &talk);
    assert_eq!(lines[3], "guest < entries matrix 2");
    let suggestion = story.dana.note(&story.danas, matrix, "party/moscow", 3);
    story.submit("dana", &suggestion);
    let act = Act::Endorse { target: suggestion.id, capacity: Capacity::Decider, heads: vec![] };
    let endorse = story.anna.state(&story.annas, matrix, act);
    story.submit("anna", &endorse);
    story.bench.follow("guest", &mut theirs).unwrap();
    assert_eq!(theirs.head(matrix), story.annas.head(matrix));
    assert!(theirs.document(matrix).unwrap().document.is_effective(&suggestion.id));

    // Whoever comes later replays the same from what the relay has stored.
    let mut late = Mirror::default();
    story.bench.join("late", &guest, story.annas.partnership(), &mut late);
    assert_eq!(late.head(matrix), story.annas.head(matrix));
    assert_eq!(late.deliveries[&matrix], theirs.deliveries[&matrix]);
}

#[test]
fn who_may_read_nothing_of_a_document_does_not_hear_of_it_until_they_may() {
    let mut story = story_with_guests();
    let guest = Person::new(3, "moscow");
    story.admit("guest", &guest, "guest");
    let mut theirs = Mirror::default();
    story.bench.subscribe("guest", &theirs);
    story.bench.follow("guest", &mut theirs).unwrap();
    let plan = DocumentId::new(T0, [9; 10]);
    story.bench.names.documents.insert(plan, "plan".into());
    let sections = vec![SectionId::new("functions"), SectionId::new("party/moscow")];
    let act = Act::Create { kind: "matrix".into(), schema: 1, title: "Plan".into(), sections };
    let create = story.anna.state(&story.annas, plan, act);
    assert_eq!(
        story.submit("anna", &create),
        [
            "commit plan 0",
            "anna < entries plan 0",
            "dana < entries plan 0",
            "anna < entered 0 admitted by common",
        ]
    );
    assert_eq!(told(story.bench.tick(HEADS_EVERY_MS)).len(), 3);
    assert_eq!(story.bench.subscribe("guest", &theirs), ["guest < heads charter 6, matrix 0"]);

    // A section that they may read is added: they get the document from its beginning.
    let talk = story.anna.note(&story.annas, plan, "talk", 1);
    let lines = story.submit("anna", &talk);
    assert_eq!(lines[1..3], ["anna < entries plan 1", "dana < entries plan 1"]);
    assert_eq!(lines[3], "guest < entries plan 0(-0 payloads +2 leaves) 1");
    story.bench.follow("guest", &mut theirs).unwrap();
    assert_eq!(theirs.head(plan), story.annas.head(plan));
}

#[test]
fn who_gains_a_role_is_sent_documents_that_were_hidden() {
    let mut story = story_with_guests();
    let guest = Person::new(3, "moscow");
    story.admit("guest", &guest, "guest");
    let plan = DocumentId::new(T0, [9; 10]);
    story.bench.names.documents.insert(plan, "plan".into());
    let sections = vec![SectionId::new("functions")];
    let act = Act::Create { kind: "matrix".into(), schema: 1, title: "Plan".into(), sections };
    let create = story.anna.state(&story.annas, plan, act);
    story.submit("anna", &create);
    let mut theirs = Mirror::default();
    story.bench.subscribe("guest", &theirs);
    story.bench.follow("guest", &mut theirs).unwrap();
    assert_eq!(theirs.head(plan), None);
    let charter = story.annas.charter_id();
    let person = guest.id.to_hex();
    let promote = story.anna.edit(&story.annas, charter, "people/moscow", 5, |doc| {
        use automerge::ReadDoc;
        use automerge::transaction::Transactable;
        let (_, people) = doc.get(automerge::ROOT, "people").unwrap().unwrap();
        let (_, row) = doc.get(&people, person).unwrap().unwrap();
        doc.put(&row, "roles", "viewer").unwrap();
    });
    assert_eq!(
        story.submit("anna", &promote),
        [
            "commit charter 7",
            "anna < entries charter 7",
            "dana < entries charter 7",
            "guest < entries charter 7",
            "guest < entries plan 0",
            "anna < entered 7 admitted by people",
        ]
    );
    story.bench.follow("guest", &mut theirs).unwrap();
    assert_eq!(theirs.head(plan), story.annas.head(plan));
}

#[test]
fn a_client_is_sent_what_it_lacks_and_then_what_comes() {
    let mut story = story();
    let before = story.danas.known();
    for n in 0..3 {
        let note = story.anna.note(&story.annas, story.matrix, "party/moscow", n);
        story.submit("anna", &note);
    }
    let lines = story.bench.send("dana", &ClientFrame::Subscribe { known: before, live: true });
    assert_eq!(lines, ["dana < entries matrix 1 2 3", "dana < heads charter 4, matrix 3"]);
    let lines = story.bench.send("dana", &ClientFrame::Subscribe { known: vec![], live: false });
    assert_eq!(
        lines,
        [
            "dana < entries charter 0 1 2 3 4",
            "dana < entries matrix 0 1 2 3",
            "dana < heads charter 4, matrix 3",
        ]
    );
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 9);
    let lines = story.bench.submit("anna", &[&note]);
    assert_eq!(lines[1..2], ["anna < entries matrix 4"]);
    assert!(!lines.iter().any(|line| line.starts_with("dana")), "{lines:?}");
}

#[test]
fn a_client_on_another_branch_is_sent_the_head_and_nothing_else() {
    let mut story = story();
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.submit("anna", &note);
    let charter = story.annas.charter_id();
    for seq in [0, 1, 7] {
        let head = Position { seq, hash: EntryHash([6; 32]) };
        let known = vec![
            Known { document: charter, head: story.annas.head(charter).unwrap() },
            Known { document: story.matrix, head },
        ];
        let lines = story.bench.send("dana", &ClientFrame::Subscribe { known, live: true });
        assert_eq!(lines, ["dana < heads charter 4, matrix 1"]);
    }
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 2);
    let lines = story.bench.submit("anna", &[&note]);
    assert!(!lines.iter().any(|line| line.starts_with("dana")), "{lines:?}");
}

#[test]
fn heads_are_told_every_half_minute() {
    let mut story = story();
    assert_eq!(
        told(story.bench.tick(HEADS_EVERY_MS)),
        ["anna < heads charter 4, matrix 0", "dana < heads charter 4, matrix 0"]
    );
    assert_eq!(told(story.bench.tick(HEADS_EVERY_MS - 1)), none());
    assert_eq!(told(story.bench.tick(1)), ["anna < heads charter 4", "dana < heads charter 4"]);
}

/// Writes `count` notes of about 100 KB that do not deflate away.
fn write_much(story: &mut crate::testing::Story, from: u64, count: u64) -> Vec<String> {
    let mut lines = none();
    for n in from..from + count {
        let text: String = (0..1600u64)
            .map(|block| EntryHash(sha256(&[&n.to_be_bytes(), &block.to_be_bytes()])).to_hex())
            .collect();
        let edit = story.anna.edit(&story.annas, story.matrix, "party/moscow", n, |doc| {
            use automerge::transaction::Transactable;
            doc.put(automerge::ROOT, "note", text).unwrap();
        });
        lines.extend(story.submit("anna", &edit));
    }
    lines
}

#[test]
fn a_slow_reader_is_left_behind_and_catches_up_when_it_reads_again() {
    let mut story = story();
    story.bench.stick("dana");
    let lines = write_much(&mut story, 0, 30);
    let to = |name: &str| lines.iter().filter(|line| line.starts_with(&format!("{name} < entries"))).count();
    let sent = to("dana");
    assert_eq!(to("anna"), 30);
    assert!((10..13).contains(&sent), "a queue of {QUEUE_BYTES_MAX} bytes took {sent}");
    assert_eq!(story.bench.counts[&Counter::ReadersLagging], 1);
    let lines = story.bench.unstick("dana");
    assert!(lines[0].starts_with(&format!("dana < entries matrix {}", sent + 1)), "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with("dana < entries")), "{lines:?}");
    story.follow();
    assert_eq!(story.danas.head(story.matrix), story.annas.head(story.matrix));
    let lines = write_much(&mut story, 50, 1);
    assert_eq!(lines[2], "dana < entries matrix 31");
}

#[test]
fn a_reader_that_reads_nothing_for_long_is_closed() {
    let mut story = story();
    story.bench.stick("dana");
    // The eleventh fills the queue.
    write_much(&mut story, 0, 11);
    let lines = told(story.bench.tick(SLOW_READER_MS - 1));
    assert_eq!(lines, ["anna < heads charter 4, matrix 11"]);
    assert_eq!(told(story.bench.tick(1)), ["dana < closing SlowReader", "close dana"]);
}

#[test]
fn a_client_that_sends_for_ever_and_never_reads_is_closed_at_once() {
    let mut story = story();
    story.bench.stick("dana");
    write_much(&mut story, 0, 20);
    // Answers are small: it takes a while until they fill the hard bound.
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 0);
    let many: Vec<_> = std::iter::repeat_n(&note, 1_000).collect();
    let mut closed = false;
    for _ in 0..QUEUE_BYTES_HARD_MAX / (1_000 * 60) {
        story.bench.now_ms += 60_000;
        closed |= story.bench.submit("dana", &many).iter().any(|line| line == "dana < closing SlowReader");
    }
    assert!(closed);
}
