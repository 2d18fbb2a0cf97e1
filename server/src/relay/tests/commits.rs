use entente_shared::statement::{Act, RevokeTarget};
use entente_shared::wire::Pass;
use entente_store::{Append, MemoryStore, Store};

use super::story;
use crate::relay::Counter;
use crate::testing::{Bench, Mirror, Person};

const FULL: &str = "refused: the relay takes nothing for now: its disk is nearly full";
const FAILED: &str = "refused: the relay takes nothing for now: its store failed";

#[test]
fn while_the_disk_is_full_everything_is_refused_and_nothing_lost() {
    let mut story = story();
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.bench.store.set_disk_full(true);
    assert_eq!(story.bench.submit("anna", &[&note]), [format!("anna < {FULL}")]);
    story.bench.store.set_disk_full(false);
    let lines = story.submit("anna", &note);
    assert_eq!(lines[3], "anna < entered 1 admitted by own-column");
}

#[test]
fn a_commit_that_fails_is_undone_with_all_that_was_judged_on_it() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let note = |n| story.anna.note(&story.annas, story.matrix, "party/moscow", n);
    let notes: Vec<_> = (0..18).map(note).collect();
    story.bench.submit("anna", &[&notes[0]]);
    // Enough to be judged while the first is on its way.
    story.bench.submit("anna", &notes[1..].iter().collect::<Vec<_>>());
    story.bench.store.set_disk_full(true);
    let lines = story.bench.commit();
    assert_eq!(lines[0], "report commit failed");
    assert_eq!(lines[1..19], vec![format!("anna < {FULL}"); 18]);
    // Nothing is left of the next batch.
    assert_eq!(lines.len(), 19);
    story.bench.store.set_disk_full(false);
    story.bench.commits_at_once = true;
    let lines = story.submit("anna", &notes[3]);
    assert_eq!(lines[3], "anna < entered 1 admitted by own-column");
    assert_eq!(story.bench.counts[&Counter::CommitsFailed], 1);
}

#[test]
fn a_charter_entry_that_fails_takes_what_was_judged_under_it_along() {
    let mut story = story();
    let boris = Person::new(3, "moscow");
    story.admit("boris", &boris, "account-manager");
    story.bench.commits_at_once = false;
    let charter = story.annas.charter_id();
    let target = RevokeTarget::Person { person: boris.id };
    let revoke = story.anna.state(&story.annas, charter, Act::Revoke { target });
    let note = |n| story.anna.note(&story.annas, story.matrix, "party/moscow", n);
    let notes: Vec<_> = (0..16).map(note).collect();
    assert_eq!(story.bench.submit("anna", &[&revoke]), ["commit charter 7"]);
    story.bench.submit("anna", &notes.iter().collect::<Vec<_>>());
    story.bench.store.set_disk_full(true);
    let lines = story.bench.commit();
    assert_eq!(lines[1..18], vec![format!("anna < {FULL}"); 17], "the revocation, and the notes after it");
    story.bench.commit();
    story.bench.store.set_disk_full(false);
    story.bench.commits_at_once = true;
    // Boris was never revoked.
    let his = boris.note(&story.annas, story.matrix, "party/moscow", 99);
    let lines = story.submit("boris", &his);
    assert_eq!(lines.last().unwrap(), "boris < entered 1 admitted by own-column");
}

#[test]
fn a_store_that_failed_half_way_is_not_believed_until_it_is_opened_again() {
    let mut story = story();
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.bench.store.fail_next_commit(1);
    let lines = story.bench.submit("anna", &[&note]);
    assert_eq!(lines, ["commit matrix 1", "report commit failed", &format!("anna < {FAILED}")]);
    // It is on disk after all, but nobody may rely on that.
    let lines = story.bench.subscribe("dana", &story.danas);
    assert_eq!(lines, ["dana < heads charter 4, matrix 0"]);
    assert_eq!(story.bench.submit("anna", &[&note]), [format!("anna < {FAILED}")]);

    let (anna, mut annas) = (story.anna, story.annas);
    let mut bench = story.bench.restarted(Default::default(), 2);
    let partnership = annas.partnership();
    bench.join("anna", &anna, partnership, &mut annas);
    assert_eq!(annas.head(story.matrix).unwrap().seq, 1);
    assert_eq!(bench.submit("anna", &[&note]), ["anna < entered 1 admitted by own-column"]);
}

#[test]
fn a_ledger_that_somebody_else_wrote_to_is_read_again() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let first = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.bench.submit("anna", &[&first]);
    // Another process with the same ledger in memory enters something else at the same place.
    let image = story.bench.store.image();
    let other = MemoryStore::open(image);
    let mut elsewhere = Bench::on(other, Default::default(), 9);
    let mut mirror = Mirror::default();
    let partnership = story.annas.partnership();
    elsewhere.hello("dana", &story.dana.key, partnership, Pass::Member);
    elsewhere.subscribe("dana", &mirror);
    elsewhere.follow("dana", &mut mirror).unwrap();
    let theirs = story.dana.note(&mirror, story.matrix, "party/newyork", 1);
    elsewhere.submit("dana", &[&theirs]);
    let entries = elsewhere.store.entries(story.matrix, 1, 1, 1).unwrap();
    let append = Append {
        partnership,
        document: story.matrix,
        expected_head: story.annas.head(story.matrix),
        charter_guard: None,
        entries,
    };
    story.bench.store.commit(vec![append], vec![]).unwrap();
    let lines = story.bench.commit();
    assert_eq!(
        lines,
        ["report commit failed", "anna < refused: the relay takes nothing for now: it could not store this"]
    );
    story.bench.commits_at_once = true;
    let lines = story.bench.submit("anna", &[&first]);
    assert_eq!(lines[0], "commit matrix 2");
}
