//! The Entente relay: orders, judges, stores and forwards signed statements.
//!
//! [`relay`] is a pure state machine: inputs in, actions out; time and randomness are arguments.
//! What performs its actions (sockets, disk, clock) is a thin shell without decisions.

pub mod config;
pub mod limits;
pub mod logs;
pub mod metrics;
pub mod relay;
pub mod tls;
