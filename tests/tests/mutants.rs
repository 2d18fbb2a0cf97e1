//! Mistakes of the judge, made by relay and replicas alike: no two of them differ, and the checks of
//! every simulated history find each.

#[path = "../../shared/tests/world/mod.rs"]
mod partnership;

use automerge::transaction::Transactable as _;
use automerge::{ROOT, ReadDoc as _};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::mutants::Mutant;
use entente_shared::statement::{
    Act, Capacity, DeclineOutcome, Header, Payload, RevokeTarget, SignedContent, Statement,
};
use entente_tests::hand::Hand;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::{added_function, claim, insert, market_part, said};
use entente_tests::teams::{self, MOSCOW, NEWYORK};
use entente_tests::world::World;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many walks look for a band that does not hold.
const WALKS: usize = 60;

/// People do by hand everything that the rules do not let them do.
fn temptations() -> World {
    let Beginning { mut world, matrix, brief } = beginning(0);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    let charter = world.replica("anna").charter_id().expect("a charter");
    let person = |world: &World, name: &str| world.person(name).expect("a member");
    let roles = |world: &mut World, by: &str, team: &str, who: PersonId, roles: &str| {
        let section = SectionId::new(format!("people/{team}"));
        let _ = world.change(by, vec![(section, vec![teams::roles(&who, roles)])]);
        world.run();
    };
    let (ivan, sam) = (person(&world, "ivan"), person(&world, "sam"));

    // What others decide on is written into their column.
    let other = format!("party/{MOSCOW}");
    hand_in(&mut world, "dana", matrix, &other, claim("creative", "none"));

    // A suggestion is approved by its author, who leads by then.
    let id = world.draw_uuid();
    let own = hand_in(&mut world, "ivan", matrix, "functions", added_function(&id, "mine"));
    roles(&mut world, "anna", MOSCOW, ivan, "lead");
    act(&mut world, "ivan", matrix, endorse(own));
    roles(&mut world, "anna", MOSCOW, ivan, "coordinator");

    // Who may suggest nothing suggests something.
    let id = world.draw_uuid();
    hand_in(&mut world, "ivan", matrix, "functions", added_function(&id, "not mine"));

    // What one team alone reads.
    let secret = world.watch.secrets[&MOSCOW.into()].clone();
    let command = insert(&["framing", "en"], &format!("{secret} whisper"));
    let _ = world.edit("anna", brief, &market_part(MOSCOW), command);
    world.run();

    // The rules are changed by one team, then by both; one signs what stood before.
    let stale = signed_now(&world);
    let rules = "[[rule]]\nid = \"common\"\non = \"matrix:functions\"\nedit = [\"*/lead\", \"*/viewer\"]";
    let _ = world.change("anna", vec![("rules".into(), teams::set_rules(rules))]);
    world.run();
    approve_everything(&mut world, "dana", charter);
    act(&mut world, "mila", charter, Act::Sign { items: stale });

    // Of two leads who must agree, one does.
    roles(&mut world, "anna", MOSCOW, ivan, "account-manager");
    let rules = "[[rule]]\nid = \"common\"\non = \"matrix:split\"\nedit = [\"*/lead\", \"*/viewer\"]";
    let _ = world.change("ivan", vec![("rules".into(), teams::set_rules(rules))]);
    world.run();
    approve_everything(&mut world, "anna", charter);

    // A suggestion is declined, and another builds on it.
    let mut hand = Hand::of(&mut world, "dana", matrix);
    let first = hand.edit(&[], &[(&other, claim("outreach", "own"))]);
    let second = hand.edit(&[first.id], &[(&other, claim("outreach", "none"))]);
    give(&mut world, "dana", &first);
    give(&mut world, "dana", &second);
    act(&mut world, "anna", matrix, Act::Decline { target: first.id, outcome: DeclineOutcome::Declined });

    // A revoked device goes on.
    let device = world.device("sam").key.device();
    let _ = world.revoke("dana", RevokeTarget::Device { device, lost: false });
    world.run();
    let id = world.draw_uuid();
    hand_in(&mut world, "sam", matrix, "talk", said(&id, "still here"));
    assert!(world.replica("dana").state().expect("a charter").contents.people[&sam].party == NEWYORK.into());
    world.heal();
    world
}

fn give(world: &mut World, name: &str, statement: &Statement) {
    world.hand_in(name, statement);
    world.run();
}

fn hand_in(
    world: &mut World,
    name: &str,
    document: DocumentId,
    section: &str,
    command: entente_shared::content::EditCommand,
) -> StatementId {
    let statement = Hand::of(world, name, document).edit(&[], &[(section, command)]);
    give(world, name, &statement);
    statement.id
}

fn act(world: &mut World, name: &str, document: DocumentId, act: Act) {
    let statement = Hand::of(world, name, document).sign(act, Vec::new());
    give(world, name, &statement);
}

fn endorse(target: StatementId) -> Act {
    Act::Endorse { target, capacity: Capacity::Decider, heads: Vec::new() }
}

fn approve_everything(world: &mut World, name: &str, document: DocumentId) {
    let open: Vec<_> =
        world.replica(name).document(document).expect("it is there").open_holds().keys().copied().collect();
    for target in open {
        act(world, name, document, endorse(target));
    }
}

fn signed_now(world: &World) -> Vec<SignedContent> {
    let charter = world.replica("mila").charter().expect("a charter");
    let items = ["parties", "rules"].map(|name| {
        let section = SectionId::from(name);
        let mut content = charter.court().sections()[&section].clone();
        SignedContent { section, heads: content.heads(), digest: content.digest() }
    });
    items.into()
}

#[test]
fn the_checks_find_nothing_where_the_judge_makes_no_mistake() {
    let world = temptations();
    world.check();
    assert!(world.watch.secrets_seen > 0, "the search does find secrets where they may be");
}

#[test]
fn the_checks_find_every_mistake_of_the_judge() {
    for mutant in Mutant::OF_RIGHTS {
        let faults = mutant.during(|| temptations().faults());
        let fault = faults.expect_err(&format!("{mutant:?} is not found"));
        println!("{mutant:?}: {fault}");
    }
}

/// A version goes through two stages, a section is signed and then changed.
fn agreements() -> Result<(), String> {
    const RULES: &str = r#"
        [[rule]]
        id = "two-stages"
        on = "brief:universal"
        chain = { of = "version", stages = [{ role = "moscow/lead" }, { role = "newyork/lead" }] }
        [[rule]]
        id = "signed"
        on = "brief:universal"
        sign = { all_of = ["*/lead"], locks = true }
    "#;
    let must = |holds: bool, fault: &str| if holds { Ok(()) } else { Err(fault.to_owned()) };
    let mut world = partnership::World::found_with(2, RULES);
    world.invite_dana();
    let (anna, dana, pavel) = (world.anna.clone(), world.dana.clone(), Key::from_secret([4; 32]));
    for lead in [&anna, &dana] {
        world.sign(lead).expect("the rules are signed");
    }
    world.join(&anna, &pavel, ("moscow", "account-manager", 4));
    let sections = ["market/ru", "market/us", "talk", "universal"];
    let mut paper = partnership::Paper::create(&mut world, &anna, "brief", &sections);
    let write = |paper: &mut partnership::Paper,
                 world: &mut partnership::World,
                 by: &Key,
                 section: &str,
                 text: &str| {
        let statement = paper.edit(world, by, section, |doc| doc.put(ROOT, "note", text).expect("a note"));
        paper.append(world, statement).expect("it is taken").entry.verdict.is_held()
    };
    write(&mut paper, &mut world, &pavel, "universal", "first");
    let version = paper.ask(&mut world, &pavel, "universal", None).expect("it is asked");
    let first = paper.endorse(&mut world, &anna, version, "universal").expect("Moscow approves");
    must(!first.effective.contains(&version), "one stage of two approves a version")?;
    must(paper.sign(&mut world, &anna, "universal").is_err(), "a document of one team alone is signed")?;
    write(&mut paper, &mut world, &dana, "market/us", "ours");
    for lead in [&anna, &dana] {
        paper.sign(&mut world, lead, "universal").map_err(|refusal| refusal.to_string())?;
    }
    let waits = write(&mut paper, &mut world, &pavel, "universal", "second");
    must(waits, "signed text is changed by whoever writes there")
}

/// Many walks of people who negotiate, until one meets a band that does not hold.
fn negotiations() -> Result<(), String> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for walk in 0..WALKS {
        let choices: Vec<u8> = (0..240).map(|_| random.random()).collect();
        partnership::banded::walk(&choices, if walk % 2 == 0 { 1_500 } else { 750 })?;
    }
    Ok(())
}

#[test]
fn mistakes_about_bands_are_found() {
    assert_eq!(negotiations(), Ok(()));
    for mutant in Mutant::OF_BANDS {
        let fault = mutant.during(negotiations).expect_err(&format!("{mutant:?} is not found"));
        println!("{mutant:?}: {fault}");
    }
}

/// A translator writes the translation, and tries to write what is translated.
fn translations() -> Result<(), String> {
    let mut world = partnership::World::found();
    world.invite_dana();
    let (anna, dana, sonya) = (world.anna.clone(), world.dana.clone(), Key::from_secret([5; 32]));
    for lead in [&anna, &dana] {
        world.sign(lead).expect("the rules are signed");
    }
    world.join(&anna, &sonya, ("moscow", "translator", 5));
    let mut paper = partnership::Paper::create(&mut world, &anna, "brief", &["universal"]);
    let mut waits = |by: &Key, lang: &str, says: bool| {
        let statement = paper.edit(&world, by, "universal", |doc| {
            let goal = partnership::container(doc, "goal");
            let (_, text) = doc.get(&goal, lang).expect("the goal").expect("a text");
            doc.splice_text(&text, 0, 0, "x").expect("a text");
            if says {
                doc.put(&goal, "source", lang).expect("a language");
            }
        });
        paper.append(&mut world, statement).expect("it is taken").entry.verdict.is_held()
    };
    assert!(!waits(&anna, "ru", true) && !waits(&sonya, "en", false));
    if waits(&sonya, "ru", false) { Ok(()) } else { Err("a translator writes the source".to_owned()) }
}

#[test]
fn a_mistake_about_what_is_a_translation_is_found() {
    assert_eq!(translations(), Ok(()));
    let fault = Mutant::SourceAsTranslation.during(translations).expect_err("it is found");
    println!("{fault}");
}

#[test]
fn mistakes_about_versions_and_signatures_are_found() {
    assert_eq!(agreements(), Ok(()));
    for mutant in Mutant::OF_AGREEMENTS {
        let fault = mutant.during(agreements).expect_err(&format!("{mutant:?} is not found"));
        println!("{mutant:?}: {fault}");
    }
}

/// New York's lead approves four versions, each while something speaks against it, and answers herself.
fn local_authority() -> Result<(), String> {
    const HOUR_MS: u64 = 3_600_000;
    /// Wednesday 25 November 2026, 16:00 in Moscow.
    const ASKED_MS: u64 = partnership::T0 + 20 * HOUR_MS - 5 * 60_000;
    let must = |holds: bool, fault: &str| if holds { Ok(()) } else { Err(fault.to_owned()) };
    let mut world = partnership::World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    let calendar = world.edit(&anna, "calendar/moscow", |doc| {
        let map = partnership::container(doc, "calendar");
        doc.put(&map, "offsets", "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z").expect("a table");
    });
    world.append(calendar).expect("Moscow's hours");
    for lead in [&anna, &dana] {
        world.sign(lead).expect("the rules are signed");
    }
    let sections = ["market/ru", "market/us", "talk", "universal"];
    let mut paper = partnership::Paper::create(&mut world, &anna, "brief", &sections);
    let at = |paper: &mut partnership::Paper,
              world: &mut partnership::World,
              (received_ms, clock_ms): (u64, u64),
              act: Act| {
        let words = Payload { text: Some("please".into()), ..Payload::default() };
        let statement = paper.statement(world, &dana, act, vec![]);
        let header = Header { clock_ms, ..statement.header };
        let statement = Statement::sign(&dana, header, vec![("market/us".into(), words)]);
        world.now = received_ms - 1000;
        paper.append(world, statement.clone()).map(|_| statement.id)
    };
    let ask = |paper: &mut partnership::Paper, world: &mut partnership::World, day: u64, due_ms: u64| {
        let asked_ms = ASKED_MS + day * 24 * HOUR_MS;
        world.now = asked_ms - HOUR_MS;
        let text = format!("on day {day}");
        let statement =
            paper.edit(world, &dana, "market/us", |doc| doc.put(ROOT, "note", text).expect("a note"));
        paper.append(world, statement).expect("it is theirs");
        let version = paper.version("market/us");
        let asks = Act::Ask { version: version.clone(), replaces: None, due_ms: Some(asked_ms + due_ms) };
        let target = at(paper, world, (asked_ms, asked_ms), asks).expect("it is asked");
        (asked_ms, target, Act::Endorse { target, capacity: Capacity::Local, heads: vec![version] })
    };
    let (asked_ms, version, local) = ask(&mut paper, &mut world, 0, 14 * HOUR_MS);
    let office = (asked_ms + 2 * HOUR_MS + 1, asked_ms + 2 * HOUR_MS + 1);
    must(at(&mut paper, &mut world, office, local.clone()).is_err(), "approved while Moscow is at work")?;
    let apart = (asked_ms + 5 * HOUR_MS, asked_ms + 4 * HOUR_MS);
    must(at(&mut paper, &mut world, apart, local.clone()).is_err(), "approved by one clock")?;
    let evening = (asked_ms + 6 * HOUR_MS, asked_ms + 6 * HOUR_MS);
    at(&mut paper, &mut world, evening, local).map_err(|refusal| refusal.to_string())?;
    let ratify = Act::Endorse { target: version, capacity: Capacity::Ratify, heads: vec![] };
    let later = (evening.0 + HOUR_MS, evening.0 + HOUR_MS);
    must(at(&mut paper, &mut world, later, ratify).is_err(), "New York ratifies what it approved")?;

    let (asked_ms, version, local) = ask(&mut paper, &mut world, 1, 48 * HOUR_MS);
    let evening = (asked_ms + 4 * HOUR_MS, asked_ms + 4 * HOUR_MS);
    must(at(&mut paper, &mut world, evening, local).is_err(), "approved although it is not due soon")?;
    let later = (evening.0 + 1, evening.0 + 1);
    at(&mut paper, &mut world, later, Act::Withdraw { target: version }).expect("it is theirs");
    // Friday, then Monday and Tuesday.
    for (day, is_left) in [(2, true), (5, true), (6, false)] {
        let (asked_ms, version, local) = ask(&mut paper, &mut world, day, 14 * HOUR_MS);
        let evening = (asked_ms + 4 * HOUR_MS, asked_ms + 4 * HOUR_MS);
        let done = at(&mut paper, &mut world, evening, local);
        must(done.is_ok() == is_left, "approved a fourth time in a week")?;
        if !is_left {
            let later = (evening.0 + 1, evening.0 + 1);
            at(&mut paper, &mut world, later, Act::Withdraw { target: version }).expect("it is theirs");
        }
    }
    paper.replays(&world);
    Ok(())
}

#[test]
fn mistakes_about_local_authority_are_found() {
    assert_eq!(local_authority(), Ok(()));
    for mutant in Mutant::OF_LOCAL_AUTHORITY {
        let fault = mutant.during(local_authority).expect_err(&format!("{mutant:?} is not found"));
        println!("{mutant:?}: {fault}");
    }
}
