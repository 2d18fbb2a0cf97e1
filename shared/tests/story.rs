//! The ledger from founding to a decided suggestion, without relay, store or clock.

mod world;

use automerge::ROOT;
use automerge::transaction::Transactable;
use entente_shared::charter::{Charter, Phase};
use entente_shared::crypto::{Key, Purpose};
use entente_shared::document::{Closure, Document, Outcome, Told};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Refusal};
use entente_shared::ledger::Position;
use entente_shared::statement::*;
use world::*;

#[test]
fn a_partnership_is_founded_joined_signed_and_replayed_alike() {
    let mut world = World::found();
    assert_eq!(world.charter.now().phase(), Phase::Founding);
    world.invite_dana();
    assert_eq!(world.charter.now().phase(), Phase::Proposed);
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    assert_eq!(world.charter.now().phase(), Phase::Proposed);
    world.sign(&dana).unwrap();
    assert_eq!(world.charter.now().phase(), Phase::InForce);

    // An amendment waits for the other team's lead, and leaves the rules signed.
    let statement = world.edit(&dana, "rules", |doc| {
        let map = container(doc, "rules");
        doc.delete(&map, "talk").unwrap();
    });
    let target = statement.id;
    let outcome = world.append(statement).unwrap();
    assert!(outcome.entry.verdict.is_held());
    assert!(world.charter.now().rules().get(&"talk".into()).is_some());
    let endorse = Act::Endorse { target, capacity: Capacity::Decider, heads: vec![] };
    let own = world.statement(&dana, endorse.clone(), vec![]);
    assert_eq!(world.append(own).unwrap_err(), Refusal::OwnSuggestion);
    let agreed = world.statement(&anna, endorse, vec![]);
    let outcome = world.append(agreed).unwrap();
    assert_eq!(outcome.effective[0], target);
    assert!(world.charter.now().rules().get(&"talk".into()).is_none());
    assert_eq!(world.charter.now().phase(), Phase::InForce);
    assert_eq!(world.charter.now().signed.len(), 2);

    // Replay gives the same entries.
    let told =
        |outcome: &'_ Outcome| Told { entry: Box::leak(Box::new(outcome.entry.clone())), redaction: None };
    let (first, outcome) = &world.entries[0];
    let (mut replica, _) = Charter::replay_found(first, told(outcome)).unwrap();
    for (statement, outcome) in &world.entries[1..] {
        replica.replay(statement, told(outcome)).unwrap();
    }
    assert_eq!(replica.line().head(), world.charter.line().head());
}

#[test]
fn a_suggestion_in_the_other_column_waits_and_is_decided() {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let line = world.charter.line();
    let id = DocumentId::new(T0, [9; 10]);
    let names = ["escalation", "functions", "party/moscow", "party/newyork", "split", "talk"];
    let sections = names.map(SectionId::new).to_vec();
    let create = Act::Create { kind: "matrix".into(), schema: 1, title: "Who does what".into(), sections };
    let seen = Seen { document: None, charter: line.head() };
    let statement = Statement::sign(&anna, header(Some(world.partnership), id, seen, create), vec![]);
    let mut document = Document::begin(&statement).unwrap();
    let mut court = DocumentCourt::new("matrix".into());
    let mut time = world.now + 1;
    let mut append = |document: &mut Document, statement: &Statement| {
        time += 1;
        document.append(&mut court, line, line.head(), statement, time, None)
    };
    append(&mut document, &statement).unwrap();
    let section = SectionId::new("party/moscow");
    let content = genesis("matrix", &section);
    let edit = |key: &Key, head: Option<Position>, seed, after: Vec<StatementId>| {
        let text = payload(key, id, &section, &content, seed, |doc| {
            doc.put(ROOT, "note", format!("{seed}")).unwrap();
        });
        let seen = Seen { document: head, charter: line.head() };
        let act = Act::Edit { after, replaces: None };
        Statement::sign(key, header(Some(world.partnership), id, seen, act), vec![(section.clone(), text)])
    };
    let own = edit(&anna, document.head(), 50, vec![]);
    let outcome = append(&mut document, &own).unwrap();
    assert_eq!(outcome.entry.verdict.rule().as_str(), "own-column");
    assert!(!outcome.entry.verdict.is_held());
    let suggestion = edit(&dana, document.head(), 51, vec![]);
    let outcome = append(&mut document, &suggestion).unwrap();
    assert!(outcome.entry.verdict.is_held());
    let hold = &document.open_holds()[&suggestion.id];
    let needs = document.needs(&DocumentCourt::new("matrix".into()), line.now(), hold);
    assert_eq!(needs[0].who[0].to_string(), "moscow/lead");
    let seen = Seen { document: document.head(), charter: line.head() };
    let decline = Act::Decline { target: suggestion.id, outcome: DeclineOutcome::Declined };
    let statement = Statement::sign(&anna, header(Some(world.partnership), id, seen, decline), vec![]);
    append(&mut document, &statement).unwrap();
    assert!(matches!(document.closures()[&suggestion.id], Closure::Declined { .. }));
    let late = edit(&dana, document.head(), 52, vec![suggestion.id]);
    assert_eq!(append(&mut document, &late).unwrap_err(), Refusal::Orphaned { after: suggestion.id });
}

#[test]
fn only_what_is_judged_on_its_changes_may_carry_changes() {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let refused = |outcome: Result<Outcome, Refusal>| matches!(outcome, Err(Refusal::Malformed { .. }));

    // Dana alone, with the rules in force: an edit of theirs would wait for Anna.
    let smuggled = |world: &mut World, act: Act| {
        let edit = world.edit(&dana, "rules", |doc| {
            let map = container(doc, "rules");
            doc.delete(&map, "talk").unwrap();
        });
        let payload = edit.payloads[0].clone().unwrap();
        let statement = world.statement(&dana, act, vec![(SectionId::new("rules"), payload)]);
        world.append(statement)
    };
    let rules = SectionId::new("rules");
    let mut content = world.charter.court().sections()[&rules].clone();
    let items = vec![SignedContent { section: rules, heads: content.heads(), digest: content.digest() }];
    assert!(refused(smuggled(&mut world, Act::Sign { items })));
    let target = RevokeTarget::Device { device: dana.device(), lost: false };
    assert!(refused(smuggled(&mut world, Act::Revoke { target })));
    assert!(world.charter.now().rules().get(&"talk".into()).is_some());

    let nothing = world.statement(&dana, Act::Edit { after: vec![], replaces: None }, vec![]);
    assert!(refused(world.append(nothing)));

    // A document's creation brings its template and nothing else.
    let line = world.charter.line();
    let id = DocumentId::new(T0, [9; 10]);
    let section = SectionId::new("party/moscow");
    let column = payload(&dana, id, &section, &genesis("matrix", &section), 60, |doc| {
        doc.put(ROOT, "note", "ours").unwrap();
    });
    let sections = vec![section.clone(), SectionId::new("talk")];
    let create = Act::Create { kind: "matrix".into(), schema: 1, title: "Who does what".into(), sections };
    let seen = Seen { document: None, charter: line.head() };
    let header = header(Some(world.partnership), id, seen, create);
    let statement = Statement::sign(&dana, header, vec![(section, column)]);
    let mut document = Document::begin(&statement).unwrap();
    let mut court = DocumentCourt::new("matrix".into());
    let outcome = document.append(&mut court, line, line.head(), &statement, world.now + 1, None);
    assert!(refused(outcome));
}

#[test]
fn a_recovery_key_invites_and_does_nothing_else() {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let recovery = Key::from_secret([8; 32]);
    let edit = world.edit(&recovery, "rules", |doc| {
        let map = container(doc, "rules");
        doc.delete(&map, "talk").unwrap();
    });
    assert_eq!(world.append(edit).unwrap_err(), Refusal::UnknownDevice);
    let target = RevokeTarget::Device { device: dana.device(), lost: true };
    let revoke = world.statement(&recovery, Act::Revoke { target }, vec![]);
    assert_eq!(world.append(revoke).unwrap_err(), Refusal::UnknownDevice);

    let person = PersonId([1; 16]);
    let expires_ms = world.now + 3_600_000;
    let invite = Key::from_secret([4; 32]).invite();
    let act = Act::Invite { invite, party: "moscow".into(), person, expires_ms };
    let own = world.statement(&recovery, act, vec![]);
    assert_eq!(world.append(own).unwrap().entry.verdict.rule().as_str(), "recovery");
}

#[test]
fn what_a_lost_device_had_invited_is_taken_back() {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    let phone = Key::from_secret([5; 32]);
    let invite = Key::from_secret([6; 32]);
    let expires_ms = world.now + 3_600_000;
    let person = PersonId([1; 16]);
    let act = Act::Invite { invite: invite.invite(), party: "moscow".into(), person, expires_ms };
    let own = world.statement(&anna, act, vec![]);
    assert_eq!(world.append(own).unwrap().entry.verdict.rule().as_str(), "own-device");
    let consent = invite.sign(Purpose::Enrol, &[&world.partnership.0, &phone.device().0]);
    let act = Act::Enrol { invite: invite.invite(), label: "phone".into(), consent, recovery: None };
    let enrol = world.statement(&phone, act, vec![]);
    world.append(enrol).unwrap();

    let thiefs = Key::from_secret([7; 32]);
    let act = Act::Invite { invite: thiefs.invite(), party: "moscow".into(), person, expires_ms };
    let made_by_thief = world.statement(&phone, act, vec![]);
    world.append(made_by_thief).unwrap();
    let target = RevokeTarget::Device { device: phone.device(), lost: true };
    let revoke = world.statement(&anna, Act::Revoke { target }, vec![]);
    world.append(revoke).unwrap();
    let laptop = Key::from_secret([67; 32]);
    let consent = thiefs.sign(Purpose::Enrol, &[&world.partnership.0, &laptop.device().0]);
    let act = Act::Enrol { invite: thiefs.invite(), label: "laptop".into(), consent, recovery: None };
    let late = world.statement(&laptop, act, vec![]);
    assert!(matches!(world.append(late), Err(Refusal::Invitation { .. })));
    assert!(world.charter.now().standing(&dana.device()).is_ok());
}

#[test]
fn what_waits_for_nobodys_agreement_is_settled_by_a_lead() {
    let mut world = World::found();
    world.invite_dana();
    let (anna, dana, chris) = (world.anna.clone(), world.dana.clone(), Key::from_secret([11; 32]));
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let (person, invite) = (PersonId([3; 16]), Key::from_secret([12; 32]));
    let people = SectionId::new("people/newyork");
    let content = world.charter.court().sections()[&people].clone();
    let added = payload(&dana, world.charter_id, &people, &content, 70, |doc| {
        row(doc, "people", &person.to_hex(), &[("name", "Chris Park"), ("roles", "viewer")]);
    });
    let expires_ms = world.now + 3_600_000;
    let act = Act::Invite { invite: invite.invite(), party: "newyork".into(), person, expires_ms };
    let statement = world.statement(&dana, act, vec![(people, added)]);
    world.append(statement).unwrap();
    let consent = invite.sign(Purpose::Enrol, &[&world.partnership.0, &chris.device().0]);
    let act = Act::Enrol { invite: invite.invite(), label: "desk".into(), consent, recovery: None };
    let statement = world.statement(&chris, act, vec![]);
    world.append(statement).unwrap();

    let line = world.charter.line();
    let id = DocumentId::new(T0, [9; 10]);
    let sections = ["party/moscow", "party/newyork"].map(SectionId::new).to_vec();
    let create = Act::Create { kind: "matrix".into(), schema: 1, title: "Who does what".into(), sections };
    let seen = Seen { document: None, charter: line.head() };
    let statement = Statement::sign(&anna, header(Some(world.partnership), id, seen, create), vec![]);
    let mut document = Document::begin(&statement).unwrap();
    let mut court = DocumentCourt::new("matrix".into());
    let mut time = world.now + 1;
    let mut append = |document: &mut Document, key: &Key, act: Act, parts: Vec<(SectionId, Payload)>| {
        time += 1;
        let seen = Seen { document: document.head(), charter: line.head() };
        let statement = Statement::sign(key, header(Some(world.partnership), id, seen, act), parts);
        document
            .append(&mut court, line, line.head(), &statement, time, None)
            .map(|outcome| (statement.id, outcome))
    };
    append(&mut document, &anna, statement.header.act.clone(), vec![]).unwrap();
    let note = |section: &str, seed| {
        let section = SectionId::new(section);
        let text = payload(&anna, id, &section, &genesis("matrix", &section), seed, |doc| {
            doc.put(ROOT, "note", "ours").unwrap();
        });
        (section, text)
    };
    let edit = |after| Act::Edit { after, replaces: None };
    let theirs = vec![note("party/newyork", 71)];
    let (base, _) = append(&mut document, &anna, edit(vec![]), theirs).unwrap();
    let own = vec![note("party/moscow", 72)];
    let (on_top, outcome) = append(&mut document, &anna, edit(vec![base]), own).unwrap();
    assert!(outcome.entry.verdict.is_held());
    assert!(
        document
            .needs(&DocumentCourt::new("matrix".into()), line.now(), &document.open_holds()[&on_top])
            .is_empty()
    );
    let decline = Act::Decline { target: on_top, outcome: DeclineOutcome::Declined };
    let by_viewer = append(&mut document, &chris, decline.clone(), vec![]);
    assert!(matches!(by_viewer, Err(Refusal::NotAllowed { .. })));
    append(&mut document, &dana, decline, vec![]).unwrap();
}

#[test]
fn after_the_first_lead_of_a_party_nobody_joins_it_by_another_partys_invitation() {
    let mut world = World::found();
    let anna = world.anna.clone();
    let statement =
        world.edit(&anna, "parties", |doc| team(doc, "newyork", "Harlow", "us", "America/New_York"));
    world.append(statement).unwrap();
    let section = SectionId::new("people/newyork");
    let mut base = genesis("charter", &section);
    let mut links = Vec::new();
    for seed in [50u8, 51] {
        let (key, person) = (Key::from_secret([seed; 32]), PersonId([seed; 16]));
        let added = payload(&anna, world.charter_id, &section, &base, seed, |doc| {
            row(doc, "people", &person.to_hex(), &[("name", "Lead"), ("roles", "lead")]);
        });
        base.apply(added.changes.iter().map(|change| change.as_slice())).unwrap();
        let expires_ms = world.now + 3_600_000;
        let act = Act::Invite { invite: key.invite(), party: "newyork".into(), person, expires_ms };
        let statement = world.statement(&anna, act, vec![(section.clone(), added)]);
        assert!(!world.append(statement).unwrap().entry.verdict.is_held());
        links.push(key);
    }
    let mut enrol = |link: &Key, seed: u8| {
        let device = Key::from_secret([seed; 32]);
        let consent = link.sign(Purpose::Enrol, &[&world.partnership.0, &device.device().0]);
        let act = Act::Enrol { invite: link.invite(), label: "phone".into(), consent, recovery: None };
        let statement = world.statement(&device, act, vec![]);
        world.append(statement)
    };
    assert!(enrol(&links[0], 60).is_ok());
    let refusal = enrol(&links[1], 61).unwrap_err();
    assert_eq!(refusal, Refusal::Invitation { detail: "another lead joined before".into() });
}
