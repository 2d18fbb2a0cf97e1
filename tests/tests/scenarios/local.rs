//! Moscow sleeps and it is due: New York approves, Moscow ratifies or objects, and a third team that
//! comes meanwhile has the same by the same rule.

use entente_client::replica::CommandError;
use entente_client::views::{HeldList, LocalLine, LocalOffer, Setting};
use entente_client::words::Words;
use entente_shared::content::EditCommand;
use entente_shared::document::LocalState;
use entente_shared::ids::*;
use entente_shared::judge::{LocalBar, Refusal};
use entente_shared::kinds::Lang;
use entente_shared::statement::Capacity;
use entente_tests::places::{insert, market_part};
use entente_tests::teams::{self, BERLIN, MOSCOW, NEWYORK};
use entente_tests::world::World;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Tuesday 24 November 2026, midnight in Moscow.
const TUESDAY_MS: u64 = 1_795_539_900_000 - (20 * 60 + 5) * MINUTE_MS;

/// An instant of that week by Moscow's clock.
fn msk(day: u64, hour: u64, minute: u64) -> u64 {
    TUESDAY_MS + ((day - 24) * 24 * 60 + hour * 60 + minute) * MINUTE_MS
}

/// Two teams under the standard rules, with a brief; everybody is online.
fn two_teams() -> (World, DocumentId) {
    let mut world = World::new(7);
    world.now_ms = msk(24, 12, 0);
    world.found("anna", MOSCOW);
    world.change("anna", vec![teams::added(NEWYORK)]).expect("the founder sets up");
    for (by, name, team, role) in
        [("anna", "dana", NEWYORK, "lead"), ("dana", "chris", NEWYORK, "account-manager")]
    {
        world.invite(by, name, team, &[role]).expect("a lead invites");
        world.run();
        world.online(name);
        world.run();
    }
    for lead in ["anna", "dana"] {
        world.sign(lead).expect("a lead signs");
        world.run();
    }
    let brief = world.create("anna", "brief", "Winter brief").expect("a lead creates");
    world.run();
    (world, brief)
}

fn at(world: &mut World, at_ms: u64) {
    assert!(at_ms >= world.now_ms, "time goes on");
    world.now_ms = at_ms;
    let names: Vec<_> = world.devices.keys().cloned().collect();
    for name in names {
        world.offline(&name);
        world.online(&name);
    }
    world.run();
}

/// The team's account manager writes, and sends a version that is needed by `due_ms`.
fn asks(world: &mut World, by: &str, team: &str, brief: DocumentId, text: &str, due_ms: u64) -> StatementId {
    let section = market_part(team);
    let write: EditCommand = insert(&["framing", "en"], text);
    world.edit(by, brief, &section, write).expect("their own part");
    let asked = world.act(by, |replica, now| replica.ask_by(now, brief, &section, None, Some(due_ms)));
    world.run();
    asked.expect("they ask").statement
}

fn approves_here(world: &mut World, by: &str, ask: StatementId) -> Result<(), CommandError> {
    let done = world.act(by, |replica, now| replica.endorse_version(now, ask, Capacity::Local, None));
    world.run();
    done.map(drop)
}

fn offer(world: &World, name: &str, brief: DocumentId, ask: StatementId) -> Option<LocalOffer> {
    let replica = world.replica(name);
    let setting = Setting::of(replica, world.device(name).clock_ms(world.now_ms)).expect("a partnership");
    let hold = &replica.document(brief).expect("it is here").open_holds()[&ask];
    LocalOffer::of(replica, &setting, brief, hold)
}

fn line(world: &World, name: &str, ask: StatementId) -> LocalLine {
    let replica = world.replica(name);
    let setting = Setting::of(replica, world.now_ms).expect("a partnership");
    let lines = LocalLine::all(replica, &setting).expect("a partnership");
    lines.into_iter().find(|line| line.used.ask == ask).expect("it was approved locally")
}

fn is_approved(world: &World, name: &str, brief: DocumentId, team: &str, ask: StatementId) -> bool {
    let document = world.replica(name).document(brief).expect("it is here");
    let section = document.sections()[&market_part(team)].known().expect("it may be read");
    section.approved.as_ref().is_some_and(|approved| approved.ask == ask)
}

#[test]
fn new_york_approves_in_its_evening_and_moscow_ratifies_in_its_morning() {
    let (mut world, brief) = two_teams();
    at(&mut world, msk(24, 16, 0));
    let ask = asks(&mut world, "chris", NEWYORK, brief, "Two reels. ", msk(25, 6, 0));
    assert!(offer(&world, "dana", brief, ask).is_none(), "Moscow is at work");
    let refused = approves_here(&mut world, "dana", ask);
    let Err(CommandError::Refused(Refusal::NotLocal { bar, .. })) = refused else { panic!("{refused:?}") };
    assert_eq!(bar, LocalBar::Open { closes_at_ms: msk(24, 19, 0) });

    at(&mut world, msk(24, 20, 10));
    let offered = offer(&world, "dana", brief, ask).expect("Moscow sleeps, and it is due");
    assert_eq!((offered.until_ms, offered.opens_at_ms), (msk(25, 6, 0), msk(25, 10, 0)));
    assert_eq!(offered.ratify_by_ms, Some(msk(25, 19, 0)));
    assert!(offer(&world, "chris", brief, ask).is_none(), "the lead stands in");
    approves_here(&mut world, "dana", ask).expect("the rules let her");
    for name in ["anna", "dana", "chris"] {
        assert!(is_approved(&world, name, brief, NEWYORK, ask), "{name}");
    }

    at(&mut world, msk(25, 10, 2));
    let list = HeldList::of(world.replica("anna"), world.now_ms).expect("a partnership");
    let [to_ratify] = &list.to_ratify[..] else { panic!("one to ratify") };
    assert!(to_ratify.yours && to_ratify.told);
    let text = list.text(&Words::new(Lang::En));
    assert!(text.contains("instead of Moscow; to be ratified by"), "{text}");
    world
        .act("anna", |replica, now| replica.endorse_version(now, ask, Capacity::Ratify, None))
        .expect("hers");
    world.run();
    assert_eq!(line(&world, "dana", ask).state, LocalState::Ratified);
    world.heal();
    world.check();
}

#[test]
fn moscow_objects_and_the_version_is_not_approved_any_more() {
    let (mut world, brief) = two_teams();
    at(&mut world, msk(24, 16, 0));
    let ask = asks(&mut world, "chris", NEWYORK, brief, "Two reels. ", msk(25, 6, 0));
    at(&mut world, msk(24, 20, 10));
    approves_here(&mut world, "dana", ask).expect("the rules let her");
    at(&mut world, msk(25, 10, 2));
    let reason = "The brand has no reels this winter.";
    world.act("anna", |replica, now| replica.object(now, ask, reason.to_owned())).expect("hers to answer");
    world.run();
    let answered = line(&world, "dana", ask);
    assert_eq!((answered.state, answered.reason.as_deref()), (LocalState::Objected, Some(reason)));
    assert!(!is_approved(&world, "chris", brief, NEWYORK, ask));
    let again = asks(&mut world, "chris", NEWYORK, brief, "One reel. ", msk(26, 6, 0));
    world.endorse("anna", again).expect("Moscow is at work");
    world.run();
    assert!(is_approved(&world, "chris", brief, NEWYORK, again));
    world.heal();
    world.check();
}

#[test]
fn an_approval_that_was_signed_without_a_connection_comes_too_late() {
    let (mut world, brief) = two_teams();
    at(&mut world, msk(24, 16, 0));
    let ask = asks(&mut world, "chris", NEWYORK, brief, "Two reels. ", msk(25, 6, 0));
    at(&mut world, msk(24, 20, 10));
    world.offline("dana");
    world
        .act("dana", |replica, now| replica.endorse_version(now, ask, Capacity::Local, None))
        .expect("signed");
    world.run();
    world.now_ms += 30 * MINUTE_MS;
    world.online("dana");
    world.run();
    assert!(!is_approved(&world, "anna", brief, NEWYORK, ask));
    let refused = world.replica("dana").outgoing().find_map(|outgoing| match &outgoing.state {
        entente_client::replica::OutgoingState::Refused(refusal) => Some(refusal.clone()),
        _ => None,
    });
    assert!(matches!(refused, Some(Refusal::NotLocal { bar: LocalBar::Clocks { .. }, .. })), "{refused:?}");
    // Now, with a connection, she may.
    approves_here(&mut world, "dana", ask).expect("both clocks agree");
    assert!(is_approved(&world, "anna", brief, NEWYORK, ask));
    world.heal();
    world.check();
}

#[test]
fn wrong_clocks_never_make_it_night() {
    for off_ms in [6 * HOUR_MS as i64, -(6 * HOUR_MS as i64)] {
        // The relay's clock is wrong by hours.
        let (mut world, brief) = two_teams();
        at(&mut world, msk(24, 16, 0));
        let ask = asks(&mut world, "chris", NEWYORK, brief, "Two reels. ", msk(25, 6, 0));
        world.host.clock_off_ms = off_ms;
        at(&mut world, msk(24, 18, 10));
        let _ = approves_here(&mut world, "dana", ask);
        assert!(!is_approved(&world, "anna", brief, NEWYORK, ask), "relay {off_ms}");
        // The device's is.
        let (mut world, brief) = two_teams();
        at(&mut world, msk(24, 16, 0));
        let ask = asks(&mut world, "chris", NEWYORK, brief, "Two reels. ", msk(25, 6, 0));
        world.device_mut("dana").clock_off_ms = off_ms;
        for hour in [18, 20] {
            at(&mut world, msk(24, hour, 10));
            let _ = approves_here(&mut world, "dana", ask);
            assert!(!is_approved(&world, "anna", brief, NEWYORK, ask), "device {off_ms} at {hour}");
        }
    }
}

#[test]
fn a_third_team_has_the_same_by_the_same_rule() {
    let (mut world, brief) = two_teams();
    let coming = world.change("anna", vec![teams::added(BERLIN)]).expect("it is suggested");
    world.run();
    let entente_client::replica::EditOutcome::Suggested { statement, .. } = coming else { panic!() };
    world.endorse("dana", statement).expect("both leads let it in");
    world.run();
    for (by, name, role) in [("anna", "greta", "lead"), ("greta", "karl", "account-manager")] {
        world.invite(by, name, BERLIN, &[role]).expect("a lead invites");
        world.run();
        world.online(name);
        world.run();
    }
    world.sign("greta").expect("she agrees to the rules");
    world.run();
    at(&mut world, msk(24, 16, 0));
    let ask = asks(&mut world, "karl", BERLIN, brief, "Im Winter langsam. ", msk(25, 9, 0));
    at(&mut world, msk(24, 21, 30));
    assert!(offer(&world, "dana", brief, ask).is_none(), "another market's");
    approves_here(&mut world, "greta", ask).expect("the rules let her");
    assert!(is_approved(&world, "anna", brief, BERLIN, ask));
    assert!(line(&world, "anna", ask).yours);
    world.heal();
    world.check();
}
