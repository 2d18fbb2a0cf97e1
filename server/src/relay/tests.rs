//! The relay's behaviour as stories: every action in a line.

mod attesting;
mod commits;
mod editing;
mod founding;
mod handshake;
mod histories;
mod hostile;
mod members;
mod pipeline;
pub mod poison;
mod presence;
mod reading;
mod recovery;
mod restart;
mod room;
mod signing;

use entente_shared::rules::Rules;

use super::Options;
use crate::testing::{Bench, Story, rules_with_guests};

/// Anna of Moscow and Dana of New York under the standard rules, with a matrix.
pub(super) fn story() -> Story {
    Bench::story(Options::default(), &Rules::standard(&"moscow".into()).unwrap())
}

/// The same, where guests read the talk and nothing else.
fn story_with_guests() -> Story {
    Bench::story(Options::default(), &rules_with_guests("moscow"))
}

/// Lines as literals.
fn none() -> Vec<String> {
    Vec::new()
}
