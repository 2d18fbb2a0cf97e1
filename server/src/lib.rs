//! The Entente relay: orders, judges, stores and forwards signed statements.
//!
//! [`relay`] is a pure state machine: inputs in, actions out; time and randomness are arguments.
//! What performs its actions (sockets, disk, clock) is a thin shell without decisions: [`shell`]
//! owns it, [`net`] connects it to sockets, [`serve`] starts and stops it all. [`operator`] is what
//! the operator does beside serving, through [`admin`] while the relay runs.

pub mod admin;
pub mod backup;
pub mod config;
pub mod limits;
pub mod logs;
pub mod metrics;
pub mod net;
pub mod operator;
pub mod records;
pub mod relay;
pub mod serve;
pub mod shell;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tls;
