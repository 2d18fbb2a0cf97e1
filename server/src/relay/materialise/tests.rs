use entente_shared::statement::{Act, Capacity};
use entente_store::MemoryStore;

use super::*;
use crate::relay::tests::story;
use crate::testing::{Mirror, Story};

fn task(mirror: &Mirror, document: DocumentId) -> Task {
    let state = &mirror.document(document).expect("it is there").document;
    let wanted = Wanted::Snapshots(upto(mirror, document), state.kind(), states(state));
    Task { id: TaskId(0), document, wanted }
}

fn upto(mirror: &Mirror, document: DocumentId) -> Position {
    mirror.document(document).and_then(|live| live.document.head()).expect("it has entries")
}

/// Everything that is in effect, as a replica that replayed it has it.
fn check(mirror: &Mirror, document: DocumentId, contents: &BTreeMap<SectionId, Section>) {
    let state = &mirror.document(document).expect("it is there").document;
    assert!(contents.keys().eq(state.sections().keys()));
    for (section, content) in contents {
        let expected = mirror.content(document, section);
        assert_eq!(content.value(), expected.value(), "{section}");
        assert_eq!(content.digest(), expected.digest(), "{section}");
    }
}

fn noted(story: &mut Story, section: &str, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let note = story.anna.note(&story.annas, story.matrix, section, number);
        story.submit("anna", &note);
    }
}

fn kept(store: &MemoryStore, document: DocumentId, section: &str) -> Option<Kept> {
    Kept::read(&store.snapshot(document, &SectionId::new(section))?)
}

fn stored(document: DocumentId, kind: &Kind, upto: Position) -> Source<'_> {
    Source { document, kind, upto: Some(upto), waiting: &[] }
}

#[test]
fn content_comes_from_the_ledger_alone_or_from_snapshots_and_what_came_after() {
    let mut story = story();
    noted(&mut story, "party/moscow", 0..3);
    noted(&mut story, "talk", 3..5);
    let store = std::sync::Arc::clone(&story.bench.store);
    let state = &story.annas.document(story.matrix).expect("it is there").document;
    let all: Vec<_> = state.sections().keys().cloned().collect();
    let source = stored(story.matrix, state.kind(), upto(&story.annas, story.matrix));
    check(&story.annas, story.matrix, &contents(&*store, &source, &heads(state, &all)).unwrap());
    assert_eq!(kept(&store, story.matrix, "talk"), None, "nothing is kept unless it is asked for");

    let wanted = task(&story.annas, story.matrix);
    check(&story.annas, story.matrix, &snapshots(&*store, &wanted).unwrap());
    let snapshot = store.snapshot(story.matrix, &SectionId::new("talk")).expect("it is kept");
    assert_eq!(snapshot.position, upto(&story.annas, story.matrix));
    assert_eq!(kept(&store, story.matrix, "split"), None, "what nobody has changed needs no snapshot");

    noted(&mut story, "talk", 5..7);
    noted(&mut story, "split", 7..8);
    let wanted = task(&story.annas, story.matrix);
    check(&story.annas, story.matrix, &snapshots(&*store, &wanted).unwrap());
    let unchanged = store.snapshot(story.matrix, &SectionId::new("party/moscow")).expect("it is kept");
    assert_eq!(unchanged.position, snapshot.position, "what has not moved is not written again");
}

#[test]
fn a_replay_finds_the_same_states_as_are_known_of_an_open_document() {
    let mut story = story();
    noted(&mut story, "party/moscow", 0..2);
    let suggestion = story.dana.note(&story.danas, story.matrix, "party/moscow", 2);
    story.submit("dana", &suggestion);
    let known = task(&story.annas, story.matrix);
    let line = story.annas.charter().line().clone();
    let unknown =
        Task { wanted: Wanted::Replayed(upto(&story.annas, story.matrix), Box::new(line)), ..known.clone() };
    check(&story.annas, story.matrix, &snapshots(&*story.bench.store, &unknown).unwrap());
    let Wanted::Snapshots(_, _, states) = &known.wanted else { panic!("they are known") };
    let kept = kept(&story.bench.store, story.matrix, "party/moscow").expect("it is kept");
    assert_eq!(Some(&kept.state), states.get(&SectionId::new("party/moscow")));
    assert_eq!(kept.state.holds, [suggestion.id]);
}

#[test]
fn what_waited_before_a_snapshot_and_came_into_effect_after_it_is_found() {
    let mut story = story();
    noted(&mut story, "party/moscow", 0..2);
    let suggestion = story.dana.note(&story.danas, story.matrix, "party/moscow", 2);
    story.submit("dana", &suggestion);
    snapshots(&*story.bench.store, &task(&story.annas, story.matrix)).unwrap();
    let act = Act::Endorse { target: suggestion.id, capacity: Capacity::Decider, heads: vec![] };
    let endorse = story.anna.state(&story.annas, story.matrix, act);
    story.submit("anna", &endorse);
    let contents = snapshots(&*story.bench.store, &task(&story.annas, story.matrix)).unwrap();
    check(&story.annas, story.matrix, &contents);
}

#[test]
fn content_at_earlier_heads_holds_nothing_of_what_came_later() {
    let mut story = story();
    noted(&mut story, "talk", 0..2);
    let talk = SectionId::new("talk");
    let earlier = story.annas.content(story.matrix, &talk);
    let heads = BTreeMap::from([(talk.clone(), earlier.clone().heads())]);
    noted(&mut story, "talk", 2..4);
    let newest = task(&story.annas, story.matrix);
    snapshots(&*story.bench.store, &newest).unwrap();
    let kind = story.annas.document(story.matrix).expect("it is there").document.kind();
    let found =
        contents(&*story.bench.store, &stored(story.matrix, kind, upto(&story.annas, story.matrix)), &heads)
            .unwrap();
    assert_eq!(found[&talk].value(), earlier.value());
}

#[test]
fn a_snapshot_that_does_not_fit_is_passed_over_and_replaced() {
    let mut story = story();
    noted(&mut story, "talk", 0..2);
    noted(&mut story, "split", 2..4);
    let store = std::sync::Arc::clone(&story.bench.store);
    snapshots(&*store, &task(&story.annas, story.matrix)).unwrap();
    let (talk, split) = (SectionId::new("talk"), SectionId::new("split"));
    let good = store.snapshot(story.matrix, &talk).expect("it is kept");
    // Another section's content under the right state, damaged bytes, and none of our bytes.
    let foreign = kept(&store, story.matrix, split.as_str()).expect("it is kept").packed;
    let own = kept(&store, story.matrix, talk.as_str()).expect("it is kept");
    let mut damaged = own.packed.clone();
    damaged.truncate(damaged.len() / 2);
    let of = |packed: Vec<u8>| codec::encode(&Kept { packed, ..own.clone() });
    for bytes in [of(foreign), of(damaged), vec![1, 2, 3]] {
        store.put_snapshot(story.matrix, &talk, Snapshot { bytes, ..good.clone() }).unwrap();
        let contents = snapshots(&*store, &task(&story.annas, story.matrix)).unwrap();
        check(&story.annas, story.matrix, &contents);
        assert_eq!(store.snapshot(story.matrix, &talk).as_ref(), Some(&good), "it is made anew");
    }
}

#[test]
fn heads_that_are_not_in_the_ledger_have_no_content() {
    let mut story = story();
    noted(&mut story, "talk", 0..1);
    let kind = story.annas.document(story.matrix).expect("it is there").document.kind();
    let heads = BTreeMap::from([(SectionId::new("talk"), vec![ChangeId([7; 32])])]);
    let found =
        contents(&*story.bench.store, &stored(story.matrix, kind, upto(&story.annas, story.matrix)), &heads);
    assert!(matches!(found, Err(MaterialiseError::Ledger(_))));
}
