//! New devices, which are shown documents as the relay attests them until they have replayed them.

use entente_client::replica::{CommandError, Event, Replica};
use entente_client::views::{DocList, DocShow};
use entente_client::words::{Lang, Words};
use entente_shared::attested::{AttestedPart, AttestedView};
use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, Entry, SignedCheckpoint};
use entente_shared::statement::{Act, Header};
use entente_shared::wire::RelayFrame;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{claim, column};
use entente_tests::teams::{MOSCOW, NEWYORK};
use entente_tests::world::World;

/// Two teams with a matrix in which both have written, at rest; Petra of Moscow has a link.
fn petra_arrives(seed: u64, roles: &[&str]) -> (World, DocumentId) {
    let Beginning { mut world, matrix, .. } = beginning(seed);
    for name in ["anna", "dana"] {
        world.online(name);
    }
    world.run();
    world.edit("anna", matrix, &column(MOSCOW), claim("creative", "own")).expect("own column");
    world.edit("dana", matrix, &column(NEWYORK), claim("creative", "support")).expect("own column");
    world.run();
    world.pass(10_000);
    world.run();
    world.invite("anna", "petra", MOSCOW, roles).expect("a lead invites");
    world.run();
    world.online("petra");
    (world, matrix)
}

fn told(world: &World, is: impl Fn(&Event) -> bool) -> bool {
    world.device("petra").told.iter().any(is)
}

fn petra(world: &World) -> &Replica {
    world.replica("petra")
}

#[test]
fn a_new_device_shows_what_the_relay_attests_writes_nothing_on_it_and_then_has_it_checked() {
    for seed in 0..4 {
        let (mut world, matrix) = petra_arrives(seed, &["lead"]);
        let mut shown = 0;
        while world.step() {
            let Some(document) = petra(&world).attested().get(&matrix) else { continue };
            shown += 1;
            let now_ms = world.now_ms;
            let annas = world.replica("anna").replicated(matrix).expect("she has it").effective();
            let contents = document.contents();
            assert!(contents.keys().eq(annas.keys()), "a lead reads everything");
            for (name, content) in &contents {
                assert_eq!(content.value(), annas[name].value(), "{name}");
            }
            let list = DocList::of(petra(&world), now_ms).expect("a partnership");
            let line = list.documents.iter().find(|line| line.document == matrix).expect("it is listed");
            assert!(line.being_checked && line.title == "Who does what");
            let show = DocShow::of(petra(&world), matrix, now_ms).expect("it is shown");
            assert!(show.being_checked && show.matrix.is_some());
            let text = show.text(&Words::new(Lang::En));
            assert!(text.contains("Shown as the relay tells it; being checked."), "{text}");
            let refused = world.edit("petra", matrix, &column(MOSCOW), claim("logistics", "own"));
            assert!(matches!(refused, Err(CommandError::BeingChecked)), "{refused:?}");
            assert!(
                world.device("petra").disk.ledger(matrix).len() as u64
                    <= petra(&world).documents().get(&matrix).map_or(0, |one| one.ledger().document().len()),
                "nothing attested is kept"
            );
        }
        assert!(shown > 0, "it was shown before it was checked{}", world.story_so_far());
        assert!(petra(&world).attested().is_empty());
        assert!(petra(&world).document(matrix).is_ok());
        let list = DocList::of(petra(&world), world.now_ms).expect("a partnership");
        assert!(!list.documents.iter().any(|line| line.being_checked));
        world.edit("petra", matrix, &column(MOSCOW), claim("logistics", "own")).expect("a lead may");
        world.heal();
        world.check();
    }
}

#[test]
fn a_device_that_is_interrupted_twice_while_it_is_shown_views_asks_for_no_more() {
    let (mut world, matrix) = petra_arrives(0, &["lead"]);
    for time in 0..2 {
        while !petra(&world).attested().contains_key(&matrix) {
            assert!(world.step(), "it is shown the {time}. time");
        }
        world.crash("petra");
        world.device_mut("petra").disk.set_aside(matrix);
        world.reopen("petra");
        world.online("petra");
    }
    while world.step() {
        assert!(
            !petra(&world).attested().contains_key(&matrix),
            "what ends the program is not asked for again"
        );
    }
    world.heal();
    world.check();
}

/// Changes every view of the matrix.
fn lie(world: &mut World, change: impl Fn(&mut AttestedView) + 'static) {
    world.tamper = Some(Box::new(move |mut frame| {
        if let RelayFrame::Attested { views } = &mut frame {
            views.iter_mut().for_each(&change);
        }
        Some(frame)
    }));
}

fn first_shown(view: &mut AttestedView) -> Option<&mut AttestedPart> {
    view.sections.iter_mut().map(|(_, part)| part).find(|part| matches!(part, AttestedPart::Shown { .. }))
}

#[test]
fn a_view_that_does_not_fit_together_is_not_shown_and_people_are_told() {
    type Lie = fn(&mut AttestedView);
    let lies: [(&str, Lie); 8] = [
        ("a suggestion that does not wait", |view| {
            if let Some(AttestedPart::Shown { state, .. }) = first_shown(view) {
                state.holds.push(StatementId([7; 32]));
            }
        }),
        ("other heads", |view| {
            if let Some(AttestedPart::Shown { state, .. }) = first_shown(view) {
                state.heads = vec![ChangeId([7; 32])];
            }
        }),
        ("what was written is left out", |view| {
            view.sections.retain(|(_, part)| matches!(part, AttestedPart::Hidden { .. }));
        }),
        ("a section more", |view| {
            let part = AttestedPart::Hidden { leaf: LeafHash([7; 32]) };
            view.sections.push((SectionId::new("party/zurich"), part));
        }),
        ("another title", |view| {
            let mut header: Header = codec::decode("header", &view.create, 1 << 16).expect("a header");
            if let Act::Create { title, .. } = &mut header.act {
                *title = "Who decides what".to_owned();
            }
            view.create = codec::encode(&header);
        }),
        ("another entry under the same signature", |view| {
            let mut entry: Entry = codec::decode("entry", &view.entry, 1 << 16).expect("an entry");
            entry.time_ms += 1;
            view.entry = codec::encode(&entry);
        }),
        ("another time of the checkpoint", |view| view.time_ms += 1),
        ("what may be read is called hidden", |view| {
            for (name, part) in &mut view.sections {
                if let AttestedPart::Shown { state, .. } = part {
                    *part = AttestedPart::Hidden { leaf: state.hash(name) };
                }
            }
        }),
    ];
    for (what, change) in lies {
        let (mut world, matrix) = petra_arrives(0, &["lead"]);
        lie(&mut world, change);
        while world.step() {
            assert!(!petra(&world).attested().contains_key(&matrix), "{what} is not shown");
        }
        assert!(told(&world, |event| matches!(event, Event::NotAttested { .. })), "{what}");
        assert!(petra(&world).document(matrix).is_ok(), "it is there once it is checked");
        assert!(petra(&world).stopped().is_empty());
    }
}

#[test]
fn content_that_is_not_what_the_heads_name_is_not_shown() {
    let (mut world, matrix) = petra_arrives(0, &["lead"]);
    lie(&mut world, |view| {
        let packed = view.sections.iter().filter_map(|(_, part)| match part {
            AttestedPart::Shown { packed, .. } if !packed.is_empty() => Some(packed.clone()),
            _ => None,
        });
        let packed: Vec<_> = packed.collect();
        let mut others = packed.into_iter().rev();
        for (_, part) in &mut view.sections {
            if let AttestedPart::Shown { packed, .. } = part
                && !packed.is_empty()
            {
                *packed = others.next().expect("as many");
            }
        }
    });
    let mut shown = 0;
    while world.step() {
        let Some(document) = petra(&world).attested().get(&matrix) else { continue };
        shown += 1;
        let contents = document.contents();
        for party in [MOSCOW, NEWYORK] {
            assert!(
                !contents.contains_key(&column(party)),
                "the other team's column is not shown as {party}'s"
            );
        }
    }
    assert!(shown > 0);
    assert!(told(&world, |event| matches!(event, Event::NotAttested { .. })), "people are told");
    assert!(petra(&world).document(matrix).is_ok(), "the record stands");
}

/// A relay that signs whatever it likes.
fn invented(key: &Key, view: &mut AttestedView) {
    let mut entry: Entry = codec::decode("entry", &view.entry, 1 << 16).expect("an entry");
    entry.time_ms += 1;
    let checkpoint = Checkpoint {
        partnership: entry.partnership,
        document: entry.document,
        head: entry.position(),
        time_ms: view.time_ms,
        incarnation: view.incarnation,
    };
    view.signature = SignedCheckpoint::sign(key, checkpoint).signature;
    view.entry = codec::encode(&entry);
}

#[test]
fn what_the_relay_attests_and_the_record_does_not_hold_is_found_out_by_the_replay() {
    let (mut world, matrix) = petra_arrives(0, &["lead"]);
    let key = world.host.key.clone();
    lie(&mut world, move |view| invented(&key, view));
    let mut shown = 0;
    while world.step() {
        shown += usize::from(petra(&world).attested().contains_key(&matrix));
    }
    assert!(shown > 0, "the lie fits together");
    let contradicted =
        |event: &Event| matches!(event, Event::Contradicted { document, .. } if *document == matrix);
    assert!(told(&world, contradicted), "{:?}", world.device("petra").told);
    assert!(petra(&world).attested().is_empty());
    assert!(petra(&world).document(matrix).is_ok(), "the record stands");
}

#[test]
fn a_document_that_is_attested_and_then_not_given_is_found_out() {
    let (mut world, matrix) = petra_arrives(0, &["lead"]);
    world.tamper = Some(Box::new(move |frame| match frame {
        RelayFrame::Entries { document, .. } if document == matrix => None,
        frame => Some(frame),
    }));
    let mut shown = 0;
    while world.step() {
        shown += usize::from(petra(&world).attested().contains_key(&matrix));
    }
    assert!(shown > 0);
    assert!(told(&world, |event| matches!(event, Event::Contradicted { .. })));
    assert!(petra(&world).attested().is_empty(), "it is shown no more");
}
