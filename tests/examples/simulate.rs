//! Plays random histories: `simulate FIRST_SEED RUNS`.

use anyhow::{Context, ensure};
use entente_tests::history::play_many;

fn main() -> anyhow::Result<()> {
    let numbers = std::env::args().skip(1).map(|text| text.parse().context("a seed or a number of runs"));
    let numbers: Vec<u64> = numbers.collect::<anyhow::Result<_>>()?;
    ensure!(numbers.len() == 2, "expected a first seed and a number of runs");
    let (first, runs) = (numbers[0], numbers[1]);
    play_many(first, runs);
    println!("{runs} histories from seed {first} on: everybody agreed in the end, and nothing was lost");
    Ok(())
}
