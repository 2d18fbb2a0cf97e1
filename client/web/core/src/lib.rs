//! The Entente client in a browser: the replica with JSON in and out.
//!
//! [`Engine`] is the whole of it and runs natively as well; [`Core`] is the same for JavaScript,
//! which owns the store, the socket, the timers, the clock and the random source. A call changes the
//! engine at once and leaves effects, which JavaScript performs in their order: what stands before a
//! `send` is durable before it is sent.

mod answer;
mod binding;
mod change;
mod command;
mod engine;
mod link;
mod look;
mod memory;

pub use answer::{Answer, Failed, Problem};
pub use binding::{Core, Stored};
pub use command::Command;
pub use engine::{Engine, Started};
pub use look::Look;

#[cfg(test)]
mod tests;
