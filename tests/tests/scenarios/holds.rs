//! Chains of suggestions, and suggestions that are decided late.

use entente_client::replica::OutgoingState;
use entente_shared::document::Closure;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{DeclineOutcome, Statement};
use entente_tests::hand::Hand;
use entente_tests::history::{Beginning, beginning};
use entente_tests::host::Fate;
use entente_tests::places::{added_function, claim, column, insert};
use entente_tests::teams::{MOSCOW, set_rules};
use entente_tests::world::World;

/// What Moscow decides on in the matrix of these stories.
const CENTRAL: &str = r#"
[[rule]]
id      = "common"
on      = ["matrix:functions", "matrix:split", "matrix:escalation"]
hold    = "edits"
endorse = ["moscow/lead"]
"#;

/// S1{A, B} ← S2{B}, S3{C}: three suggestions by hand, the second and third on the first.
struct Chain {
    world: World,
    matrix: DocumentId,
    statements: [StatementId; 3],
}

/// What a decider does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Endorse(usize),
    Decline(usize),
    Withdraw(usize),
    RelayCrashes(Fate),
    DeciderCrashes,
}

use Step::*;

fn online(world: &mut World) {
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
}

fn chain(seed: u64) -> Chain {
    let Beginning { mut world, matrix, .. } = beginning(seed);
    online(&mut world);
    world.change("anna", vec![("rules".into(), set_rules(CENTRAL))]).expect("a lead may suggest rules");
    world.run();
    let amendment =
        *world.replica("dana").charter().expect("a charter").document().open_holds().keys().next().unwrap();
    world.endorse("dana", amendment).expect("the other lead decides");
    world.run();
    let mut hand = Hand::of(&mut world, "dana", matrix);
    let function = world.draw_uuid();
    let split = entente_tests::places::function("creative");
    let first = hand.edit(
        &[],
        &[
            ("functions", added_function(&function, "first")),
            ("split", insert(&["agreements", &split, "text", "en"], "first ")),
        ],
    );
    let second =
        hand.edit(&[first.id], &[("split", insert(&["agreements", &split, "text", "en"], "second "))]);
    let third = hand.edit(&[first.id], &[("escalation", escalation(&mut world))]);
    let all: [&Statement; 3] = [&first, &second, &third];
    for statement in all {
        world.hand_in("dana", statement);
        world.run();
    }
    let statements = [first.id, second.id, third.id];
    let open = world.replica("anna").document(matrix).expect("anna has it").open_holds();
    assert!(statements.iter().all(|id| open.contains_key(id)), "all three wait{}", world.story_so_far());
    Chain { world, matrix, statements }
}

fn escalation(world: &mut World) -> entente_shared::content::EditCommand {
    let id = world.draw_uuid();
    let fields = std::collections::BTreeMap::new();
    let path = entente_shared::content::Path::new(["steps"]);
    entente_shared::content::EditCommand::AddRow { path, id, order: "a0".to_owned(), fields }
}

/// The program says that it is done once the statement is on the device's disk.
fn is_saved(world: &mut World, name: &str, statement: StatementId) {
    while !world.watch.signed.contains_key(&statement) {
        world.perform(name);
    }
}

impl Chain {
    fn take(&mut self, step: Step) {
        let world = &mut self.world;
        match step {
            Endorse(which) => {
                let done = world.endorse("anna", self.statements[which]).expect("Moscow decides");
                is_saved(world, "anna", done.statement);
            }
            Decline(which) => {
                let outcome = DeclineOutcome::Declined;
                let done = world.decline("anna", self.statements[which], outcome).expect("Moscow decides");
                is_saved(world, "anna", done.statement);
            }
            Withdraw(which) => {
                let done = world.withdraw("dana", self.statements[which]).expect("it is hers");
                is_saved(world, "dana", done.statement);
            }
            RelayCrashes(fate) => {
                // What was just decided is anywhere between the device and the disk.
                for _ in 0..world.draw(12) {
                    world.step();
                }
                world.crash_relay(fate);
                world.start_relay();
            }
            DeciderCrashes => {
                for _ in 0..world.draw(6) {
                    world.step();
                }
                world.crash("anna");
                world.reopen("anna");
                world.online("anna");
            }
        }
        if !matches!(step, RelayCrashes(_) | DeciderCrashes) {
            // Sometimes the crash that follows comes at once.
            if world.draw(2) == 0 {
                world.run();
            }
        }
    }

    fn end(&self, which: usize) -> &'static str {
        let document = self.world.replica("ruth").document(self.matrix).expect("ruth reads it");
        let id = self.statements[which];
        match document.closures().get(&id) {
            None if document.open_holds().contains_key(&id) => "waits",
            None => "missing",
            Some(Closure::Effective { .. }) => "in effect",
            Some(Closure::Declined { .. }) => "declined",
            Some(Closure::Withdrawn { .. }) => "withdrawn",
            Some(Closure::Orphaned { .. }) => "orphaned",
        }
    }
}

#[test]
fn a_chain_of_suggestions_ends_as_decided_whoever_crashes_between() {
    let plots: [(&[Step], [&str; 3]); 7] = [
        (&[Endorse(0), Endorse(1), Endorse(2)], ["in effect", "in effect", "in effect"]),
        (&[Endorse(0), Decline(1)], ["in effect", "declined", "waits"]),
        (&[Endorse(1), Endorse(0), Decline(2)], ["in effect", "in effect", "declined"]),
        (&[Endorse(2), Endorse(1), Endorse(0)], ["in effect", "in effect", "in effect"]),
        (&[Endorse(1), Decline(0)], ["declined", "orphaned", "orphaned"]),
        (&[Decline(1), Endorse(0)], ["in effect", "declined", "waits"]),
        (&[Endorse(2), Withdraw(0)], ["withdrawn", "orphaned", "orphaned"]),
    ];
    let crashes =
        [None, Some(RelayCrashes(Fate::Lost)), Some(RelayCrashes(Fate::Stored)), Some(DeciderCrashes)];
    for (seed, (plot, ends)) in plots.into_iter().enumerate() {
        for crash in crashes {
            let mut chain = chain(seed as u64);
            chain.world.tell(format!("{plot:?} with {crash:?}"));
            for step in plot {
                chain.take(*step);
                if let Some(crash) = crash {
                    chain.take(crash);
                }
                // Who decides sees what is there before going on.
                chain.world.heal();
            }
            chain.world.check();
            let found = [0, 1, 2].map(|which| chain.end(which));
            assert_eq!(found, ends, "{plot:?} with {crash:?}");
        }
    }
}

#[test]
fn a_suggestion_that_is_approved_after_three_concurrent_edits_leaves_everybody_with_the_same() {
    for seed in 0..6 {
        let Beginning { mut world, matrix, .. } = beginning(seed);
        online(&mut world);
        let section = column(MOSCOW);
        world.offline("dana");
        world.edit("dana", matrix, &section, claim("logistics", "none")).expect("a suggestion");
        for (name, word) in [("anna", "own"), ("mila", "support"), ("ivan", "discuss")] {
            world.offline(name);
            let command = if word == "discuss" { claim("creative", "own") } else { claim("logistics", word) };
            world.edit(name, matrix, &section, command).expect("their own column");
        }
        for name in ["ivan", "anna", "dana", "mila"] {
            world.online(name);
            if world.draw(2) == 0 {
                world.run();
            }
        }
        world.heal();
        let open: Vec<_> = world
            .replica("anna")
            .document(matrix)
            .expect("it is there")
            .open_holds()
            .keys()
            .copied()
            .collect();
        assert_eq!(open.len(), 1, "dana's suggestion waits{}", world.story_so_far());
        world.endorse("mila", open[0]).expect("a lead of Moscow decides");
        world.heal();
        world.check();
        assert!(world.replica("dana").document(matrix).expect("it is there").is_effective(&open[0]));
    }
}

#[test]
fn an_edit_on_a_suggestion_that_one_approved_stays_with_its_author_if_it_was_taken_back_meanwhile() {
    let Beginning { mut world, matrix, .. } = beginning(0);
    online(&mut world);
    let functions: SectionId = "functions".into();
    let id = world.draw_uuid();
    world.edit("sam", matrix, &functions, added_function(&id, "sam's")).expect("a suggestion");
    world.run();
    let suggestion = *world.replica("anna").document(matrix).unwrap().open_holds().keys().next().unwrap();
    world.offline("anna");
    world.endorse("anna", suggestion).expect("a lead decides");
    let word = "[on top of it] ";
    world
        .write("anna", matrix, &functions, word, added_function(&world_uuid(1), word))
        .expect("a lead edits");
    world.withdraw("sam", suggestion).expect("one's own suggestion");
    world.run();
    world.heal();
    world.check();
    let states: Vec<_> = world.replica("anna").outgoing().map(|one| one.state.clone()).collect();
    let orphaned = |state: &OutgoingState| matches!(state, OutgoingState::Refused(Refusal::Orphaned { .. }));
    assert!(states.iter().any(orphaned), "it is kept with the reason: {states:?}");
}

fn world_uuid(number: u8) -> String {
    DocumentId([number; 16]).uuid().to_string()
}
