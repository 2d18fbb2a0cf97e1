//! Stories with a plot, each on several seeds.

use entente_shared::ids::DocumentId;
use entente_tests::places::{claim, column, said};
use entente_tests::teams::{MOSCOW, NEWYORK, added, own_rules};
use entente_tests::world::World;

/// Two teams, their ground rules in force, and a matrix.
fn two_teams(seed: u64) -> (World, DocumentId) {
    let mut world = World::new(seed);
    world.found("anna", MOSCOW);
    world.change("anna", vec![added(NEWYORK), own_rules()]).expect("the founder sets things up");
    world.invite("anna", "dana", NEWYORK, &["lead"]).expect("the first lead is invited");
    world.run();
    world.online("dana");
    world.run();
    world.sign("anna").expect("a lead signs");
    world.run();
    world.sign("dana").expect("a lead signs");
    world.run();
    let matrix = world.create("anna", "matrix", "Who does what").expect("a lead creates documents");
    world.run();
    (world, matrix)
}

#[test]
fn two_teams_edit_offline_and_converge() {
    for seed in 0..4 {
        let (mut world, matrix) = two_teams(seed);
        assert!(world.replica("dana").state().expect("a charter").in_force);
        world.offline("anna");
        world.offline("dana");
        let (moscow, newyork) = (column(MOSCOW), column(NEWYORK));
        world.edit("anna", matrix, &moscow, claim("creative", "own")).expect("own column");
        world.edit("dana", matrix, &newyork, claim("creative", "own")).expect("own column");
        world.edit("dana", matrix, &moscow, claim("logistics", "none")).expect("a suggestion");
        let id = world.draw_uuid();
        world.edit("anna", matrix, &"talk".into(), said(&id, "good morning")).expect("everybody talks");
        world.run();
        world.heal();
        world.check();
        world.verify().expect("the ledgers are as the rules say");
    }
}
