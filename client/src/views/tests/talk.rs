//! Threads of the talk: what a message is about, whom it asks, what was decided.

use super::*;

fn say(device: &mut Device, now_ms: u64, matrix: DocumentId, what: &Saying) {
    let edits = device.at(now_ms, |replica, now| saying(replica, now, matrix, what, Lang::En));
    let edits = edits.expect("a talk");
    device.at(now_ms, |replica, now| replica.edit_all(now, matrix, edits, None)).expect("everybody may talk");
}

fn blank(text: &str) -> Saying {
    Saying { text: text.to_owned(), place: None, ask: None, reply: None, decides: None }
}

#[test]
fn what_a_message_is_about_is_read_as_it_is_written() {
    let place = || (SectionId::new("party/moscow"), Path::from("cells/1/claim"));
    let person = PersonId([7; 16]);
    for about in [
        About::Place(place().0, place().1),
        About::Ask(person, Some(place())),
        About::Ask(person, None),
        About::Reply("1".into()),
        About::Decided("1".into()),
    ] {
        let text = about.to_text().expect("something");
        assert_eq!(About::parse(&text), about, "{text}");
    }
    for other in ["", "ask nobody", "place here", "an old word"] {
        assert_eq!(About::parse(other), About::Document, "{other}");
    }
}

#[test]
fn a_question_waits_for_the_person_until_it_is_decided_and_the_decision_stands_in_the_split() {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    let now_ms = world.now_ms;
    let anna = world.anna.replica.me().expect("a member").person;
    let cell =
        (SectionId::new("party/moscow"), Path::from(format!("cells/{}", function("creative")).as_str()));
    let question = Saying { place: Some(cell), ask: Some(anna), ..blank("Who briefs the studio?") };
    say(&mut world.dana, now_ms, matrix, &question);
    say(&mut world.dana, now_ms, matrix, &blank("Good morning."));
    world.sync_all();
    let questions = |device: &Device| Questions::of(&device.replica, now_ms).expect("questions");
    assert_eq!((questions(&world.anna).for_you.len(), questions(&world.dana).from_you.len()), (1, 1));
    let talk = Talk::of(&world.anna.replica, matrix, now_ms).expect("a talk");
    let [thread, other] = talk.threads.as_slice() else { panic!("two threads: {:?}", talk.threads) };
    assert_eq!((thread.message.text.as_str(), other.place.is_none()), ("Who briefs the studio?", true));
    assert_eq!(thread.place.as_ref().map(|place| place.label.en.as_str()), Some("Moscow · creative"));

    let id = thread.message.id.clone();
    for (text, saying) in [
        ("We could.", Saying { reply: Some(id.clone()), ..blank("We could.") }),
        ("New York.", Saying { decides: Some(id.clone()), ..blank("New York.") }),
        ("New York, from May.", Saying { decides: Some(id.clone()), ..blank("New York, from May.") }),
    ] {
        assert_eq!(saying.text, text);
        say(&mut world.anna, now_ms, matrix, &saying);
    }
    world.sync_all();
    assert!(questions(&world.anna).for_you.is_empty() && questions(&world.dana).from_you.is_empty());
    let talk = Talk::of(&world.dana.replica, matrix, now_ms).expect("a talk");
    let thread = &talk.threads[0];
    assert_eq!(thread.replies.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["We could."]);
    assert_eq!(thread.decision.as_ref().map(|one| one.text.as_str()), Some("New York, from May."));
    let split = world.dana.replica.working(matrix).expect("the matrix")[&SectionId::new("split")].value();
    let text = split.at(&Path::new(["agreements", &function("creative"), "text", "en"])).cloned();
    assert_eq!(text.as_ref().and_then(|text| text.as_str()), Some("New York.\nNew York, from May."));
}
