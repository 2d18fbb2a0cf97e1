//! Versions that ask for approval and signatures, as whoever is concerned sees them.

use entente_shared::judge::Unready;

use super::*;
use crate::replica::Submitted;

/// Dana writes what the goal means in the US.
fn write(world: &mut World, brief: DocumentId, text: &str) {
    let path = Path::from("framing/en");
    let now_ms = world.now_ms;
    let market = SectionId::new("market/us");
    let command = EditCommand::SetText { path, new: text.to_owned() };
    world.dana.at(now_ms, |replica, now| replica.edit(now, brief, &market, command)).expect("her own part");
}

fn ask(world: &mut World, brief: DocumentId, message: &str) -> StatementId {
    let (now_ms, market) = (world.now_ms, SectionId::new("market/us"));
    let asked =
        world.dana.at(now_ms, |replica, now| replica.ask(now, brief, &market, Some(message.to_owned())));
    let Submitted { statement, .. } = asked.expect("her own part");
    world.sync_all();
    statement
}

fn versions(device: &Device, brief: DocumentId, now_ms: u64) -> Versions {
    Versions::of(&device.replica, brief, &SectionId::new("market/us"), now_ms).expect("the brief")
}

#[test]
fn a_version_that_came_back_is_with_its_author_until_the_next_is_sent_and_the_next_shows_what_it_changes() {
    let mut world = World::in_force();
    let brief = world.create("brief", "Winter launch");
    let now_ms = world.now_ms;
    let before = versions(&world.dana, brief, now_ms);
    let [stage] = &before.stages[..] else { panic!("one stage: {}", before.stages.len()) };
    assert_eq!((stage.state, stage.round, stage.rounds), ("to-come", 1, Some(2)));
    assert!(stage.due_ms > Some(now_ms), "what would be asked now is due later");
    assert_eq!(before.stage_text(&Words::new(Lang::En), stage), "Moscow's lead");

    write(&mut world, brief, "An unhurried winter.");
    let first = ask(&mut world, brief, "one reel");
    let market = SectionId::new("market/us");
    let compared = Compared::of(&world.anna.replica, brief, &market, now_ms).expect("the brief");
    assert!(compared.waiting.is_none(), "the first version has none before it");
    let reason = Some("too long".to_owned());
    let sent_back = |replica: &mut crate::replica::Replica, now: &mut crate::replica::Now<'_>| {
        replica.decline(now, first, DeclineOutcome::Returned, reason)
    };
    world.anna.at(now_ms, sent_back).expect("Anna decides");
    world.sync_all();
    let inbox = Inbox::of(&world.dana.replica, now_ms).expect("an inbox");
    let [back] = &inbox.came_back[..] else { panic!("{}", inbox.came_back.len()) };
    assert_eq!((back.version.statement, back.version.reason.as_deref()), (first, Some("too long")));
    assert!(Inbox::of(&world.anna.replica, now_ms).expect("an inbox").came_back.is_empty());

    write(&mut world, brief, "An unhurried winter, short.");
    let second = ask(&mut world, brief, "shorter");
    assert!(Inbox::of(&world.dana.replica, now_ms).expect("an inbox").came_back.is_empty());
    write(&mut world, brief, "An unhurried winter, short and warm.");
    world.sync_all();
    let compared = Compared::of(&world.anna.replica, brief, &market, now_ms).expect("the brief");
    let [change] = &compared.waiting.expect("a version before").changes[..] else { panic!("one field") };
    assert_eq!(change.after.label.en, "An unhurried winter, short.", "what was sent, not what came after");
    let shown = versions(&world.anna, brief, now_ms);
    let told: Vec<_> = shown.versions.iter().map(|one| (one.statement, one.outcome)).collect();
    assert_eq!(told, [(first, "returned"), (second, "waiting")]);
    assert_eq!((shown.stages[0].state, shown.stages[0].round), ("asked", 2));
}

#[test]
fn what_stands_against_a_signature_is_told_before_anybody_signs() {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    let (now_ms, split) = (world.now_ms, SectionId::new("split"));
    let unready = |device: &Device| {
        let compared = Compared::of(&device.replica, matrix, &split, now_ms).expect("the matrix");
        compared.signing.expect("a rule asks for signatures").unready
    };
    let one_sided = |reason: &Unready| matches!(reason, Unready::OneSided { .. });
    assert_eq!(unready(&world.anna).iter().filter(|reason| one_sided(reason)).count(), 2);
    assert!(Inbox::of(&world.anna.replica, now_ms).expect("an inbox").to_sign.is_empty());

    let kind = kinds::newest(&KindId::new("matrix")).expect("the matrix");
    let field = kind.section(&"functions".into()).and_then(|section| section.field("functions"));
    for row in &field.and_then(|field| field.rows()).expect("the functions").template {
        claim(&mut world.anna, now_ms, matrix, "moscow", &row.key, "none");
        claim(&mut world.dana, now_ms, matrix, "newyork", &row.key, "own");
    }
    world.sync_all();
    assert_eq!(unready(&world.anna), []);
    let inbox = Inbox::of(&world.anna.replica, now_ms).expect("an inbox");
    assert!(inbox.to_sign.iter().any(|one| one.is_ready && one.standing.yours_to_sign));
}
