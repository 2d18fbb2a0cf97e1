//! A rate is negotiated: inside its band nobody is asked, beyond it somebody agrees or answers for
//! it, and a third market brings its own.

use entente_client::replica::EditOutcome;
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::*;
use entente_tests::teams::{BERLIN, MOSCOW, NEWYORK, added};
use entente_tests::world::World;

/// Two teams under the standard rules; Pavel and Mila negotiate in Moscow.
fn two_teams(seed: u64) -> World {
    let mut world = World::new(seed);
    world.found("anna", MOSCOW);
    world.change("anna", vec![added(NEWYORK)]).expect("the founder sets things up");
    world.run();
    joins(&mut world, "anna", "dana", NEWYORK, "lead");
    for lead in ["anna", "dana"] {
        world.sign(lead).expect("a lead signs");
        world.run();
    }
    joins(&mut world, "anna", "pavel", MOSCOW, "account-manager");
    joins(&mut world, "anna", "mila", MOSCOW, "account-manager");
    world
}

fn joins(world: &mut World, by: &str, name: &str, team: &str, role: &str) {
    world.invite(by, name, team, &[role]).expect("a lead invites");
    world.run();
    world.online(name);
    world.run();
}

fn sets(world: &mut World, by: &str, terms: DocumentId, section: &str, amount: &str) -> EditOutcome {
    let command = EditCommand::SetScalar { path: Path::new(["rate"]), value: Value::string(amount) };
    world.edit(by, terms, &section.into(), command).expect("whoever reads it may at least suggest")
}

/// Sets a rate that waits.
fn suggests(world: &mut World, by: &str, terms: DocumentId, section: &str, amount: &str) -> StatementId {
    let outcome = sets(world, by, terms, section, amount);
    world.run();
    match outcome {
        EditOutcome::Suggested { statement, .. } => statement,
        other => panic!("{amount} does not wait: {other:?}"),
    }
}

/// The rate that everybody who reads it sees.
fn rate(world: &World, terms: DocumentId, section: &str) -> String {
    let section = SectionId::new(section);
    let seen: Vec<String> = ["anna", "dana", "mila", "pavel"]
        .into_iter()
        .map(|name| {
            let replicated = world.replica(name).replicated(terms).expect("it is there");
            let value = replicated.effective()[&section].value();
            value.get("rate").and_then(|rate| rate.as_str()).unwrap_or_default().to_owned()
        })
        .collect();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    seen[0].clone()
}

#[test]
fn a_rate_is_negotiated_and_a_third_market_brings_its_own() {
    for seed in 0..3 {
        let mut world = two_teams(seed);
        let terms = world.create("pavel", "terms", "Lena, winter").expect("who negotiates begins");
        world.run();

        // Nothing is agreed yet, so Anna looks at the first value.
        let first = suggests(&mut world, "pavel", terms, "offer/ru", "10000000 RUB");
        world.endorse("anna", first).expect("the market's lead decides");
        world.run();

        // On two trains at once, each offers ten percent more.
        for name in ["pavel", "mila"] {
            world.offline(name);
            assert_eq!(sets(&mut world, name, terms, "offer/ru", "11000000 RUB"), EditOutcome::Saved);
        }
        for name in ["pavel", "mila"] {
            world.online(name);
        }
        world.run();
        assert_eq!(rate(&world, terms, "offer/ru"), "11000000 RUB", "ten percent, not twenty-one");
        let more = suggests(&mut world, "mila", terms, "offer/ru", "12100000 RUB");

        // Anna is away and the creator wants an answer: Pavel answers for it himself.
        world.offline("anna");
        let far = suggests(&mut world, "pavel", terms, "offer/ru", "13000000 RUB");
        let silent = world.act("pavel", |replica, now| replica.override_band(now, far, " ".into()));
        assert!(silent.is_err(), "not without a reason");
        let why = "she signs elsewhere tonight".to_owned();
        world
            .act("pavel", |replica, now| replica.override_band(now, far, why))
            .expect("he is named in the rule");
        world.run();
        world.online("anna");
        world.run();
        assert_eq!(rate(&world, terms, "offer/ru"), "13000000 RUB");
        world
            .decline("anna", more, entente_shared::statement::DeclineOutcome::Declined)
            .expect("she decides");
        world.run();
        suggests(&mut world, "pavel", terms, "offer/ru", "13100000 RUB");

        // A third market, which is data and nothing else.
        let outcome = world.change("anna", vec![added(BERLIN)]).expect("a lead proposes");
        world.run();
        let EditOutcome::Suggested { statement: coming, .. } = outcome else { panic!("both leads agree") };
        world.endorse("dana", coming).expect("the other lead agrees");
        world.run();
        joins(&mut world, "anna", "greta", BERLIN, "lead");
        world.sign("greta").expect("a lead signs");
        world.run();
        joins(&mut world, "greta", "karl", BERLIN, "account-manager");

        // Greta leads alone: she answers for the first rate, and that is agreed.
        let own = suggests(&mut world, "greta", terms, "offer/de", "500000 EUR");
        assert!(world.endorse("greta", own).is_err(), "nobody approves an own suggestion");
        world
            .act("greta", |replica, now| replica.override_band(now, own, "agreed with the brand".into()))
            .expect("who decides answers for it");
        world.run();
        assert_eq!(sets(&mut world, "karl", terms, "offer/de", "575000 EUR"), EditOutcome::Saved);
        world.run();
        let beyond = suggests(&mut world, "karl", terms, "offer/de", "575001 EUR");
        assert!(world.endorse("dana", beyond).is_err(), "another market's lead does not decide");
        world.endorse("greta", beyond).expect("the market's lead decides");
        world.heal();
        assert_eq!(rate(&world, terms, "offer/de"), "575001 EUR");
        world.check();
        world.verify().expect("the ledgers are as the rules say");
    }
}
