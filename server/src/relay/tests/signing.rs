use entente_shared::content::Section;
use entente_shared::ids::*;
use entente_shared::rules::Rules;
use entente_shared::statement::{Act, SignedContent, Statement};

use crate::relay::{Input, Options};
use crate::testing::{Bench, Story};

/// Both leads sign what escalates.
const SIGNED: &str = r#"
    [[rule]]
    id = "signed"
    on = "matrix:escalation"
    sign = { all_of = ["*/lead"], locks = true }
"#;

/// Each team has written something, Moscow in what is to be signed.
fn story() -> Story {
    let mut text = Rules::standard(&"moscow".into()).unwrap().to_toml(entente_shared::rules::RULES_VERSION);
    text += SIGNED;
    let mut story = Bench::story(Options::default(), &Rules::from_toml(&text).unwrap());
    let note = story.dana.note(&story.danas, story.matrix, "party/newyork", 1);
    story.submit("dana", &note);
    story
}

fn sign(content: &mut Section) -> Act {
    let (section, heads, digest) = (SectionId::new("escalation"), content.heads(), content.digest());
    Act::Sign { items: vec![SignedContent { section, heads, digest }] }
}

fn noted(story: &Story, seed: u64) -> (Statement, Section) {
    let section = SectionId::new("escalation");
    let note = story.anna.note(&story.annas, story.matrix, "escalation", seed);
    let mut content = story.annas.content(story.matrix, &section);
    let payload = note.parts().find_map(|(_, payload)| payload).expect("an edit");
    content.apply(payload.change_bytes()).unwrap();
    (note, content)
}

#[test]
fn a_signature_rests_on_what_is_still_on_its_way_to_the_disk() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let (note, mut content) = noted(&story, 2);
    let signature = story.anna.state(&story.annas, story.matrix, sign(&mut content));
    story.bench.submit("anna", &[&note]);
    story.bench.submit("anna", &[&signature]);
    let mut lines = story.bench.commit();
    lines.extend(story.bench.commit());
    assert!(lines.contains(&"anna < entered 2 admitted by common".to_owned()), "{lines:?}");
    assert!(lines.contains(&"anna < entered 3 admitted by signed".to_owned()), "{lines:?}");
}

#[test]
fn a_signature_after_a_restart_locks_the_section() {
    let mut story = story();
    let (note, mut content) = noted(&story, 2);
    story.submit("anna", &note);
    let other = story.anna.state(&story.annas, story.matrix, sign(&mut Section::empty()));
    let lines = story.submit("anna", &other);
    assert_eq!(lines, ["anna < refused: escalation changed meanwhile; look again"]);
    let first = story.anna.state(&story.annas, story.matrix, sign(&mut content));
    story.submit("anna", &first);

    story.bench = story.bench.restarted(Options::default(), 2);
    let partnership = story.annas.partnership();
    story.bench.join("anna", &story.anna, partnership, &mut story.annas);
    story.bench.join("dana", &story.dana, partnership, &mut story.danas);
    let second = story.dana.state(&story.danas, story.matrix, sign(&mut content));
    let lines = story.submit("dana", &second);
    assert!(lines.contains(&"dana < entered 4 admitted by signed".to_owned()), "{lines:?}");
    let (amendment, _) = noted(&story, 3);
    let lines = story.submit("anna", &amendment);
    assert!(lines.contains(&"anna < entered 5 held by signed".to_owned()), "{lines:?}");
}

#[test]
fn what_comes_after_a_signature_is_judged_after_it_and_other_documents_go_on() {
    let mut story = story();
    let plan = DocumentId([43; 16]);
    let create = story.anna.create_matrix(&story.annas, plan);
    story.submit("anna", &create);
    let (note, mut content) = noted(&story, 2);
    story.submit("anna", &note);
    let signature = story.anna.state(&story.annas, story.matrix, sign(&mut content));
    let column = story.anna.note(&story.annas, story.matrix, "party/moscow", 3);
    let elsewhere = story.anna.note(&story.annas, plan, "talk", 4);

    story.bench.materialises_at_once = false;
    let lines = story.bench.submit("anna", &[&signature, &column, &elsewhere]);
    let entered = |lines: &[String]| -> Vec<String> {
        lines.iter().filter(|line| line.starts_with("anna < entered")).cloned().collect()
    };
    assert_eq!(entered(&lines), ["anna < entered 1 admitted by talk"], "{lines:?}");
    let lines = story.bench.materialise();
    let both = ["anna < entered 3 admitted by signed", "anna < entered 4 admitted by own-column"];
    assert_eq!(entered(&lines), both, "{lines:?}");
}

#[test]
fn a_relay_that_stops_judges_first_what_waits_for_content() {
    let mut story = story();
    let (note, mut content) = noted(&story, 2);
    story.submit("anna", &note);
    let signature = story.anna.state(&story.annas, story.matrix, sign(&mut content));
    story.bench.materialises_at_once = false;
    story.bench.submit("anna", &[&signature]);
    let lines = story.bench.input(Input::Stop);
    assert!(!lines.contains(&"stopped".to_owned()), "{lines:?}");
    let lines = story.bench.materialise();
    assert!(lines.contains(&"anna < entered 3 admitted by signed".to_owned()), "{lines:?}");
    assert_eq!(lines.last().map(String::as_str), Some("stopped"), "{lines:?}");
}
