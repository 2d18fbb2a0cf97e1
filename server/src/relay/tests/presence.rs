use entente_shared::ids::*;
use entente_shared::wire::{Attention, ClientFrame};

use super::{none, story, story_with_guests};
use crate::limits::TICK_MS;
use crate::relay::Input;
use crate::testing::{Mirror, Person, Story};

fn attend(document: DocumentId, section: Option<&str>, shown: bool) -> ClientFrame {
    ClientFrame::Attend {
        attention: Some(Attention { document, section: section.map(SectionId::new), shown }),
    }
}

/// Who is told at the next tick that others are there; other things are told then, too.
fn heard(story: &mut Story) -> Vec<String> {
    let lines = story.bench.tick(TICK_MS);
    lines.into_iter().filter(|line| line.contains(" present ")).collect()
}

#[test]
fn those_who_ask_hear_who_else_looks_at_the_document_and_where_at_the_next_tick() {
    let mut story = story();
    let matrix = story.matrix;
    assert_eq!(story.bench.send("anna", &attend(matrix, Some("split"), true)), none());
    assert_eq!(heard(&mut story), ["anna < present matrix []"]);
    // Moving often costs one list a second.
    for section in ["functions", "party/newyork"] {
        assert_eq!(story.bench.send("dana", &attend(matrix, Some(section), true)), none());
    }
    let lines = heard(&mut story);
    assert_eq!(lines, ["anna < present matrix [party/newyork]", "dana < present matrix [split]"]);
    assert_eq!(heard(&mut story), none());
    // A section that is not there is nowhere, and who does not want to be shown is not.
    story.bench.send("dana", &attend(matrix, Some("party/atlantis"), true));
    let lines = heard(&mut story);
    assert_eq!(lines, ["anna < present matrix [somewhere]", "dana < present matrix [split]"]);
    story.bench.send("dana", &attend(matrix, None, false));
    let lines = heard(&mut story);
    assert_eq!(lines, ["anna < present matrix []", "dana < present matrix [split]"]);
    // Who stops or goes is told of no more, and to no more.
    story.bench.send("dana", &ClientFrame::Attend { attention: None });
    assert_eq!(heard(&mut story), ["anna < present matrix []"]);
    story.bench.send("dana", &attend(matrix, Some("split"), true));
    story.bench.tick(TICK_MS);
    let connection = story.bench.connection("dana");
    story.bench.input(Input::Disconnected { connection });
    assert_eq!(heard(&mut story), ["anna < present matrix []"]);
}

#[test]
fn a_client_that_never_asked_is_told_nothing_and_entries_go_first() {
    let mut story = story();
    let matrix = story.matrix;
    story.bench.send("anna", &attend(matrix, None, true));
    let lines = heard(&mut story);
    assert!(!lines.iter().any(|line| line.starts_with("dana")), "{lines:?}");
    story.bench.send("dana", &attend(matrix, None, true));
    story.bench.stick("anna");
    for n in 0..40 {
        let note = story.dana.note(&story.danas, matrix, "party/newyork", n);
        story.submit("dana", &note);
    }
    let lines = heard(&mut story);
    assert!(lines.contains(&"dana < present matrix [somewhere]".to_owned()), "{lines:?}");
}

#[test]
fn people_who_may_not_read_the_same_do_not_hear_of_each_other() {
    let mut story = story_with_guests();
    let guest = Person::new(3, "moscow");
    story.admit("guest", &guest, "guest");
    story.bench.subscribe("guest", &Mirror::default());
    let matrix = story.matrix;
    story.bench.send("anna", &attend(matrix, Some("split"), true));
    story.bench.send("guest", &attend(matrix, Some("split"), true));
    let lines = heard(&mut story);
    assert_eq!(lines, ["guest < present matrix []", "anna < present matrix []"]);
}
