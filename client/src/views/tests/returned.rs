//! Suggestions that came back, and that are taken up again.

use entente_shared::statement::Act;

use super::*;
use crate::replica::{CommandError, Replica};

/// Dana suggests a claim for Moscow's column, and Anna sends it back; meanwhile Anna writes there, too.
fn sent_back() -> (World, DocumentId, StatementId) {
    let mut world = World::in_force();
    world.now_ms += 10 * MINUTE;
    let matrix = world.create("matrix", "Who does what");
    let now_ms = world.now_ms;
    claim(&mut world.dana, now_ms, matrix, "moscow", "logistics", "own");
    world.sync_all();
    let held = *world.anna.replica.document(matrix).expect("here").open_holds().keys().next().expect("one");
    claim(&mut world.anna, now_ms, matrix, "moscow", "outreach", "own");
    let reason = Some("From when on?".to_owned());
    let decline = |replica: &mut Replica, now: &mut crate::replica::Now<'_>| {
        replica.decline(now, held, DeclineOutcome::Returned, reason)
    };
    world.anna.at(now_ms, decline).expect("Anna decides");
    world.sync_all();
    (world, matrix, held)
}

fn list(device: &Device, now_ms: u64) -> HeldList {
    HeldList::of(&device.replica, now_ms).expect("a list")
}

#[test]
fn what_was_sent_back_is_listed_for_its_author_with_the_notes_and_what_it_would_change() {
    let (world, matrix, held) = sent_back();
    let dana = list(&world.dana, world.now_ms);
    let [back] = &dana.sent_back[..] else { panic!("{:?}", dana.sent_back.len()) };
    assert_eq!((back.document, back.statement, back.outcome), (matrix, held, "returned"));
    assert_eq!(back.reason.as_deref(), Some("From when on?"));
    assert_eq!(back.by.as_ref().and_then(|by| by.name.as_deref()), Some("Anna Orlova"));
    assert_eq!(back.changes.len(), 1, "only what it would change itself");
    for (lang, said) in [(Lang::En, "Sent back to you"), (Lang::Ru, "Вернулось к вам")] {
        let text = dana.text(&Words::new(lang));
        assert!(text.contains(said) && text.contains("From when on?"), "{text}");
        assert!(text.contains(&format!("entente held revise {}", back.id)), "{text}");
    }
    for other in [&world.anna, &world.chris] {
        assert!(list(other, world.now_ms).sent_back.is_empty(), "it came back to its author alone");
    }
    let untouched = world.anna.replica.revision(&held);
    assert_eq!(untouched.map(|_| ()), Err(CommandError::NotOpen));
}

#[test]
fn what_is_taken_up_again_is_one_new_suggestion_that_names_the_old_one() {
    let (mut world, matrix, held) = sent_back();
    let now_ms = world.now_ms;
    let message = Some("From December on.".to_owned());
    let revised = world.dana.at(now_ms, |replica, now| replica.revise(now, held, message));
    let revised = revised.expect("a suggestion").expect("something to change");
    assert!(revised.verdict.is_held() && !revised.needs.is_empty());
    assert!(list(&world.dana, now_ms).sent_back.is_empty(), "it is taken up again");
    world.sync_all();
    let anna = list(&world.anna, now_ms);
    let [waiting] = &anna.waiting_for_you[..] else { panic!("{} wait", anna.waiting_for_you.len()) };
    assert_eq!(waiting.statement, revised.statement);
    assert_eq!(waiting.message.as_deref(), Some("From December on."));
    let document = world.anna.replica.document(matrix).expect("here");
    let act = &document.open_holds()[&revised.statement].act;
    assert!(matches!(act, Act::Edit { replaces: Some(old), .. } if *old == held), "{act:?}");
    assert!(list(&world.dana, now_ms).sent_back.is_empty(), "also once it stands in the record");
    world.anna.at(now_ms, |replica, now| replica.endorse(now, revised.statement, None)).expect("agreed");
    world.sync_all();
    let path = format!("cells/{}/claim", function("logistics"));
    let working = world.dana.replica.working(matrix).expect("here");
    let value = working[&SectionId::new("party/moscow")].value();
    let claim = Path::from(path.as_str()).0.iter().try_fold(&value, |value, key| value.get(key));
    assert_eq!(claim.and_then(|claim| claim.as_str()), Some("own"));
}

#[test]
fn what_stands_by_now_is_not_suggested_again() {
    let (mut world, matrix, held) = sent_back();
    let now_ms = world.now_ms;
    claim(&mut world.anna, now_ms, matrix, "moscow", "logistics", "own");
    world.sync_all();
    let revised = world.dana.at(now_ms, |replica, now| replica.revise(now, held, None));
    assert_eq!(revised, Ok(None));
}
