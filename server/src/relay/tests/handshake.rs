use entente_shared::rules::Rules;
use crate::relay::Options;
use crate::testing::*;

#[test]
fn a_story_begins() {
    let mut story = Bench::story(Options::default(), &Rules::standard(&"moscow".into()).unwrap());
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    assert_eq!(story.submit("anna", &note), [""]);
}
