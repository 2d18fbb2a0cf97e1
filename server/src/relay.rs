//! The relay as a pure state machine: inputs in, actions out.

mod io;

use std::sync::Arc;

use entente_shared::crypto::Key;
use entente_shared::ids::Incarnation;
use entente_store::Store;
use rand::CryptoRng;

pub use io::{Action, BatchId, ConnectionId, Counter, Event, Gauges, Input};

use crate::limits::Limits;

/// What an operator decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who runs the relay and can read what is stored there; clients show it.
    pub operator: String,
    /// Whether anybody may found a partnership, without the operator's token.
    pub founding_is_open: bool,
    /// Begins with reads and refills only, after a restore, until [`Input::Resume`].
    pub recovering: bool,
    /// Documents kept in memory, charters not counted; the least recently used go first.
    pub documents_in_memory: usize,
    /// Bounds.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            operator: String::new(),
            founding_is_open: false,
            recovering: false,
            documents_in_memory: 4_096,
            limits: Limits::default(),
        }
    }
}

/// The relay. It reads from the store itself; what it writes goes out as [`Action::Commit`].
pub struct Relay<S> {
    store: Arc<S>,
    key: Key,
    incarnation: Incarnation,
    options: Options,
}

impl<S: Store> Relay<S> {
    /// A relay on what `store` holds, with its key and a random name for this run.
    pub fn new(store: Arc<S>, key: Key, incarnation: Incarnation, options: Options) -> Self {
        Self { store, key, incarnation, options }
    }

    /// Takes one input at the time `now_ms` (milliseconds since 1970) and appends what is to be done.
    ///
    /// `random` must be unpredictable to whoever signs statements.
    pub fn handle(
        &mut self,
        _now_ms: u64,
        _input: Input,
        _random: &mut impl CryptoRng,
        _actions: &mut Vec<Action>,
    ) {
        let _ = (&self.store, &self.key, &self.incarnation, &self.options);
    }

    /// How much of everything there is now.
    pub fn gauges(&self) -> Gauges {
        Gauges::default()
    }
}
