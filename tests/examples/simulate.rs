//! Plays random histories: `simulate FIRST_SEED RUNS [restores|silent-restores]`.

use anyhow::{Context, ensure};
use entente_tests::history::{Restores, play_many};

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let third = if arguments.len() == 3 { arguments.pop() } else { None };
    let restores = match third.as_deref() {
        Some("silent-restores") => Restores::AlsoSilently,
        Some("restores") => Restores::AsDocumented,
        _ => Restores::Never,
    };
    let numbers = arguments.into_iter().map(|text| text.parse().context("a seed or a number of runs"));
    let numbers: Vec<u64> = numbers.collect::<anyhow::Result<_>>()?;
    ensure!(numbers.len() == 2, "expected a first seed and a number of runs");
    let (first, runs) = (numbers[0], numbers[1]);
    play_many(first, runs, restores);
    println!("{runs} histories from seed {first} on: everybody agreed in the end, and nothing was lost");
    Ok(())
}
