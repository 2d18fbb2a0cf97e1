use automerge::transaction::Transactable;
use entente_shared::attested::{Attested, AttestedView};
use entente_shared::ids::*;
use entente_shared::statement::Act;
use entente_shared::wire::{ClientFrame, Pass, RelayFrame};
use entente_store::{MemoryStore, Snapshot, Store};

use super::{none, story, story_with_guests};
use crate::limits::SNAPSHOT_REST_MS;
use crate::relay::{Counter, Options};
use crate::testing::{Bench, Mirror, Person, Story, T0};

/// Connects a device that has nothing and asks for views; what it is sent.
fn ask(bench: &mut Bench, name: &str, person: &Person, partnership: PartnershipId) -> Vec<String> {
    bench.hello(name, &person.key, partnership, Pass::Member);
    assert_eq!(bench.send(name, &ClientFrame::AskAttested), none());
    bench.subscribe(name, &Mirror::default())
}

fn views(bench: &Bench, name: &str) -> Vec<AttestedView> {
    let views = bench.frames(name).iter().filter_map(|frame| match frame {
        RelayFrame::Attested { views } => Some(views.clone()),
        _ => None,
    });
    views.flatten().collect()
}

/// The only view that this connection was sent, checked as a client does.
fn view(bench: &Bench, name: &str, mirror: &Mirror) -> Attested {
    let [view] = &views(bench, name)[..] else { panic!("one view for {name}") };
    view.clone().check(mirror.partnership(), &Bench::relay_id(), mirror.charter().line()).expect("it fits")
}

fn noted(story: &mut Story, section: &str, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let note = story.anna.note(&story.annas, story.matrix, section, number);
        story.submit("anna", &note);
    }
}

#[test]
fn who_has_nothing_and_asks_is_shown_documents_before_their_entries_as_far_as_they_may_read() {
    let mut story = story_with_guests();
    let guest = Person::new(3, "moscow");
    story.admit("guest", &guest, "guest");
    noted(&mut story, "party/moscow", 0..2);
    noted(&mut story, "talk", 2..4);
    let lines = story.bench.tick(SNAPSHOT_REST_MS - 1_000);
    assert!(!lines.iter().any(|line| line.contains("materialise")), "not yet at rest: {lines:?}");
    assert_eq!(story.bench.tick(1_000), ["materialise matrix"]);
    let partnership = story.annas.partnership();
    assert_eq!(
        ask(&mut story.bench, "late", &guest, partnership),
        [
            "late < entries charter 0 1 2 3 4 5 6",
            "late < attested matrix 4(1 shown, 5 hidden)",
            "late < entries matrix 0(-0 payloads +5 leaves) 1(-1 payloads +1 leaves) 2(-1 payloads +1 leaves) 3 4",
            "late < heads charter 6, matrix 4",
        ]
    );
    let shown = view(&story.bench, "late", &story.annas);
    assert_eq!((shown.title.as_str(), shown.document), ("Who does what", story.matrix));
    assert_eq!(Some(shown.position), story.annas.head(story.matrix));
    let talk = SectionId::new("talk");
    let content = shown.content(&talk).expect("a guest reads the talk");
    assert_eq!(content.value(), story.annas.content(story.matrix, &talk).value());
    assert!(shown.content(&SectionId::new("party/moscow")).is_none());

    // A lead reads everything; of what nobody has changed nothing is sent.
    let anna = story.anna.clone();
    let lines = ask(&mut story.bench, "laptop", &anna, partnership);
    assert_eq!(lines[1], "laptop < attested matrix 4(2 shown, 0 hidden)");
    let shown = view(&story.bench, "laptop", &story.annas);
    for section in shown.sections.keys() {
        let content = shown.content(section).expect("a lead reads everything");
        assert_eq!(content.value(), story.annas.content(story.matrix, section).value(), "{section}");
    }

    // Whoever knows the document is sent what they lack, and whoever does not ask no view.
    story.bench.hello("phone", &anna.key, partnership, Pass::Member);
    story.bench.send("phone", &ClientFrame::AskAttested);
    assert_eq!(story.bench.subscribe("phone", &story.annas), ["phone < heads charter 6, matrix 4"]);
    story.bench.hello("tab", &anna.key, partnership, Pass::Member);
    let lines = story.bench.subscribe("tab", &Mirror::default());
    assert!(!lines.iter().any(|line| line.contains("attested")), "{lines:?}");
}

#[test]
fn a_document_that_nobody_has_written_in_is_shown_without_any_snapshot() {
    let mut story = story();
    let anna = story.anna.clone();
    let partnership = story.annas.partnership();
    let lines = ask(&mut story.bench, "laptop", &anna, partnership);
    assert_eq!(lines[1], "laptop < attested matrix 0(0 shown, 0 hidden)");
    assert_eq!(view(&story.bench, "laptop", &story.annas).sections.len(), 6);
}

#[test]
fn without_snapshots_they_are_made_when_first_asked_for() {
    let mut story = story();
    noted(&mut story, "talk", 0..3);
    let (anna, partnership) = (story.anna.clone(), story.annas.partnership());
    let lines = ask(&mut story.bench, "laptop", &anna, partnership);
    assert_eq!(
        lines[1..],
        ["laptop < entries matrix 0 1 2 3", "laptop < heads charter 4, matrix 3", "materialise matrix"],
        "its entries are on their way: a view would come too late"
    );
    let lines = ask(&mut story.bench, "tablet", &anna, partnership);
    assert_eq!(lines[1], "tablet < attested matrix 3(1 shown, 0 hidden)");
}

#[test]
fn who_cannot_take_entries_yet_is_sent_the_view_once_it_is_there() {
    let mut story = story();
    noted(&mut story, "talk", 0..3);
    let (anna, partnership) = (story.anna.clone(), story.annas.partnership());
    // Documents whose turn is before this one's fill the queue.
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'0' + (state >> 26) as u8)
    };
    for number in 0..8 {
        let long = DocumentId::new(T0, [7, 7, 7, 7, 7, 7, 7, 7, 7, 8 + number]);
        story.bench.names.documents.insert(long, "long".into());
        let sections = vec![SectionId::new("talk")];
        let act = Act::Create { kind: "matrix".into(), schema: 1, title: "Long".into(), sections };
        let create = story.anna.state(&story.annas, long, act);
        story.submit("anna", &create);
        let text: String = (0..240_000).map(|_| letter()).collect();
        let edit = story.anna.edit(&story.annas, long, "talk", 100, |doc| {
            doc.put(automerge::ROOT, "long", text.as_str()).unwrap();
        });
        let lines = story.submit("anna", &edit);
        assert!(lines.iter().any(|line| line.contains("entered 1")), "{lines:?}");
    }
    story.bench.hello("laptop", &anna.key, partnership, Pass::Member);
    story.bench.stick("laptop");
    story.bench.send("laptop", &ClientFrame::AskAttested);
    let lines = story.bench.subscribe("laptop", &Mirror::default());
    let of_matrix: Vec<_> = lines.iter().filter(|line| line.contains("matrix")).collect();
    assert_eq!(
        of_matrix,
        ["materialise matrix", "laptop < attested matrix 3(1 shown, 0 hidden)"],
        "{lines:?}"
    );
    let lines = story.bench.unstick("laptop");
    assert!(lines.contains(&"laptop < entries matrix 0 1 2 3".to_owned()), "{lines:?}");
}

#[test]
fn a_relay_that_was_started_anew_shows_old_snapshots_and_sends_the_rest_as_entries() {
    let mut story = story();
    noted(&mut story, "talk", 0..3);
    story.bench.tick(SNAPSHOT_REST_MS);
    let then = story.annas.content(story.matrix, &SectionId::new("talk"));
    // Two more statements; with the first of them the snapshots become durable.
    noted(&mut story, "talk", 3..5);
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let mut bench = story.bench.restarted(Options::default(), 2);
    let lines = ask(&mut bench, "laptop", &anna, annas.partnership());
    assert_eq!(
        lines[1..],
        [
            "laptop < attested matrix 3(1 shown, 0 hidden)",
            "laptop < entries matrix 0 1 2 3 4 5",
            "laptop < heads charter 4, matrix 5",
        ]
    );
    let shown = view(&bench, "laptop", &annas);
    assert_eq!(shown.content(&SectionId::new("talk")).expect("a lead").value(), then.value());
    assert!(!bench.counts.contains_key(&Counter::DocumentsLoaded), "nothing was replayed for it");
    let mut all = Mirror::default();
    bench.follow("laptop", &mut all).unwrap();
    assert_eq!(all.head(matrix), annas.head(matrix));
}

#[test]
fn snapshots_that_do_not_fit_are_not_shown_and_are_made_anew() {
    let mut story = story();
    noted(&mut story, "talk", 0..3);
    story.bench.tick(SNAPSHOT_REST_MS);
    let talk = SectionId::new("talk");
    let good = story.bench.store.snapshot(story.matrix, &talk).expect("it is kept");
    let bad = Snapshot { bytes: vec![7; 100], ..good.clone() };
    story.bench.store.put_snapshot(story.matrix, &talk, bad).unwrap();
    let (anna, annas, matrix) = (story.anna, story.annas, story.matrix);
    let image = story.bench.store.image();
    let mut bench = story.bench.on_image(MemoryStore::open(image), Options::default(), 2);
    let lines = ask(&mut bench, "laptop", &anna, annas.partnership());
    assert!(!lines.iter().any(|line| line.contains("attested")), "{lines:?}");
    assert_eq!(lines.last().map(String::as_str), Some("materialise matrix"));
    assert_eq!(bench.store.snapshot(matrix, &talk), Some(good));
}
