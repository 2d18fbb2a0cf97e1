//! What every replica of Entente agrees on, byte for byte.
//!
//! The relay, the command-line client and the browser link this crate and must reach the same
//! verdicts from the same bytes. So it has no I/O, no clock and no randomness: time and random
//! bytes come in as arguments, results go out as values.

pub mod attested;
pub mod calendar;
pub mod charter;
pub mod codec;
pub mod content;
pub mod crypto;
pub mod document;
pub mod follow;
pub mod gate;
pub mod ids;
pub mod judge;
pub mod kinds;
pub mod ledger;
pub mod limits;
pub mod money;
pub mod mutants;
pub mod reports;
pub mod rules;
pub mod statement;
mod tables;
pub mod verify;
pub mod views;
pub mod wire;
