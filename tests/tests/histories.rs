//! Random histories: at least three teams' worth of people, everything that can go wrong, backups of
//! devices and of the relay that are put back, and then everybody agrees.
//! `cargo xtask simulate --seed N --runs M` plays others.

use entente_tests::history::play_many;

/// How many are played in every test run.
const RUNS: u64 = 2_000;

#[test]
fn whatever_happens_everybody_agrees_in_the_end_and_nothing_is_lost() {
    play_many(0, RUNS);
}
