//! Random histories: at least three teams' worth of people, everything that can go wrong, and then
//! everybody agrees. `cargo xtask simulate --seed N --runs M` plays others.
//!
//! Backups of the relay that are put back are in `tests/scenarios`. Among random histories
//! (`--restores`) they still end, in about one of a thousand, with a device that stands apart and says
//! so: see docs/threats.md.

use entente_tests::history::{Restores, play_many};

/// How many are played in every test run.
const RUNS: u64 = 1_500;

#[test]
fn whatever_happens_everybody_agrees_in_the_end_and_nothing_is_lost() {
    play_many(0, RUNS, Restores::Never);
}
