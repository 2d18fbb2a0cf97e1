//! For tests and simulations: people with keys who sign statements, replicas that follow what the
//! relay sends, and a bench on which a relay runs without sockets, disk and clock.
//!
//! The bench says what the relay does in one line for each action, so a test can list them all.

mod bench;
mod lines;
mod mirror;
mod people;

pub use bench::{Bench, Story};
pub use lines::Names;
pub use mirror::{Copy, Mirror};
pub use people::{Person, T0, rules_with_guests};
