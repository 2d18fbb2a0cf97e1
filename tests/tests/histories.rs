//! Random histories: at least three teams' worth of people, everything that can go wrong, and then
//! everybody agrees. `cargo xtask simulate --seed N --runs M` plays others.

/// How many are played in every test run.
const RUNS: u64 = 2_000;

#[test]
fn whatever_happens_everybody_agrees_in_the_end_and_nothing_is_lost() {
    entente_tests::history::play_many(0, RUNS);
}
