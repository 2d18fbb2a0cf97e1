//! The relay as a pure state machine: inputs in, actions out; time and randomness are arguments.
//!
//! A statement's way: [`Input::Received`] → `intake` (bounds, limits, signatures in batches) →
//! `entering` (the judge; in memory at once) → `pipeline` (group commit, [`Action::Commit`]) →
//! [`Input::Committed`] → `settling` → `publishing` (entries to every reader, then the answers).
//! Nothing is forwarded, acknowledged, or refused because of an entry, before that entry is durable.
//!
//! | module | what it decides |
//! |---|---|
//! | `greeting`, `founding`, `connections` | who is let in, and how much may be on the way to them |
//! | `partnership`, `loading` | what is kept in memory, and how it comes back from the store |
//! | `intake`, `entering`, `pipeline`, `settling` | what enters a ledger, and what a failed commit undoes |
//! | `publishing`, `catching_up`, `following`, `frames`, `recorded` | who is sent what, in which frames |
//! | `attesting`, `materialise` | what new devices are shown before entries, and snapshots for it |
//! | `presence` | who is told who else looks at a document |
//! | `recovery` | what happens when a client knows more than this relay |
//! | `room` | how much one partnership may store |
//! | `poison` | what is not read again because the relay died of it |
//!
//! A session is raised to a member's when the device's own founding or enrolment has become
//! durable; the client subscribes again after the answer.

mod attesting;
mod catching_up;
mod connections;
mod content;
mod entering;
mod following;
pub mod founding;
mod frames;
mod greeting;
mod intake;
mod io;
mod loading;
pub mod materialise;
mod memory;
mod partnership;
mod pipeline;
mod poison;
mod presence;
mod publishing;
pub mod recorded;
mod recovery;
pub mod room;
mod settling;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::wire::{ClientFrame, CloseReason, FRAME_BYTES_MAX};
use entente_store::Store;
use entente_store::running::Running;
use rand::CryptoRng;

use attesting::Materialising;
use connections::{Connections, Stage, say_closing};
use content::Looking;
use greeting::protocol;
use intake::{DeviceBuckets, Submitted};
pub use io::{Action, BatchId, ConnectionId, Counter, Event, Gauges, Input};
use memory::Uses;
use partnership::{Partnership, Seal, SlotState};
use pipeline::Pipeline;

use crate::limits::{HEADS_EVERY_MS, INTAKE_STATEMENTS, Limits, SLOW_READER_MS};

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
    /// The note of this run, from which the next one learns of what it died.
    pub running: Option<Arc<Running>>,
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
            running: None,
            limits: Limits::default(),
        }
    }
}

/// The relay. It reads from the store itself; what it writes goes out as [`Action::Commit`].
pub struct Relay<S> {
    store: Arc<S>,
    seal: Seal,
    options: Options,
    connections: Connections,
    partnerships: BTreeMap<PartnershipId, Partnership>,
    /// To whom every document of the store belongs, and every one that is being created.
    owners: HashMap<DocumentId, PartnershipId>,
    intake: Vec<Submitted>,
    intake_bytes: usize,
    looking: Looking,
    pipeline: Pipeline,
    devices: BTreeMap<(DeviceId, bool), DeviceBuckets>,
    /// How many uses of founding tokens are on their way to the disk, by the token's hash.
    tokens_pending: BTreeMap<[u8; 32], u32>,
    /// Documents where somebody who looks at them came, moved or went since the last tick.
    attended: BTreeSet<(PartnershipId, DocumentId)>,
    uses: Uses,
    refill_bytes: usize,
    materialising: Materialising,
    /// Why the store takes nothing, as it said when no commit was under way.
    read_only: Option<String>,
    is_recovering: bool,
    is_stopping: bool,
    is_stopped: bool,
    heads_ms: u64,
}

/// The setting of one call of [`Relay::handle`].
struct Turn<'a> {
    now_ms: u64,
    actions: &'a mut Vec<Action>,
}

impl Turn<'_> {
    fn report(&mut self, event: Event) {
        self.actions.push(Action::Report(event));
    }

    fn count(&mut self, counter: Counter, by: u64) {
        self.report(Event::Count { counter, by });
    }
}

impl<S: Store> Relay<S> {
    /// A relay on what `store` holds, with its key and a random name for this run.
    ///
    /// It reads which documents there are, and their entries only when somebody asks.
    pub fn new(store: Arc<S>, key: Key, incarnation: Incarnation, options: Options) -> Self {
        let mut owners = HashMap::new();
        for partnership in store.partnerships() {
            owners.extend(store.documents(partnership).into_iter().map(|document| (document, partnership)));
        }
        Self {
            store,
            seal: Seal { key, incarnation },
            is_recovering: options.recovering,
            options,
            connections: Connections::default(),
            partnerships: BTreeMap::new(),
            owners,
            intake: Vec::new(),
            intake_bytes: 0,
            looking: Looking::default(),
            pipeline: Pipeline::default(),
            devices: BTreeMap::new(),
            tokens_pending: BTreeMap::new(),
            attended: BTreeSet::new(),
            uses: Uses::default(),
            refill_bytes: 0,
            materialising: Materialising::default(),
            read_only: None,
            is_stopping: false,
            is_stopped: false,
            heads_ms: 0,
        }
    }

    /// Takes one input at the time `now_ms` (milliseconds since 1970) and appends what is to be done.
    ///
    /// `random` must be unpredictable to whoever signs statements.
    pub fn handle(
        &mut self,
        now_ms: u64,
        input: Input,
        random: &mut impl CryptoRng,
        actions: &mut Vec<Action>,
    ) {
        let turn = &mut Turn { now_ms, actions };
        match input {
            Input::Connected { connection, address, random } => {
                self.connected(turn, connection, address, random);
            }
            Input::Received { connection, frame } => self.received(turn, connection, &frame, random),
            Input::Disconnected { connection } => self.forget(turn, connection),
            Input::Drained { connection, bytes } => self.drained(turn, connection, bytes),
            Input::Committed { batch, result } => self.committed(turn, batch, result),
            Input::Materialised { task, result } => self.materialised(turn, task, result),
            Input::Tick => self.tick(turn),
            Input::Resume => self.resume(),
            Input::Stop => self.is_stopping = true,
        }
        self.go_on(turn, random);
    }

    /// How much of everything there is now.
    pub fn gauges(&self) -> Gauges {
        let slots = || self.partnerships.values().flat_map(|partnership| partnership.slots.values());
        Gauges {
            connections: self.connections.len(),
            partnerships: self.partnerships.len(),
            documents: self.uses.len(),
            quarantined: slots().filter(|slot| matches!(slot.state, SlotState::Quarantined)).count(),
            missing: slots().filter(|slot| matches!(slot.state, SlotState::Missing(_))).count(),
            uncommitted: self.pipeline.len() + self.intake.len(),
            partnership_bytes_most: self.partnerships.values().map(|one| one.stored_bytes).max().unwrap_or(0),
        }
    }

    /// Tells whether the relay only reads and refills, after a restore.
    pub fn is_recovering(&self) -> bool {
        self.is_recovering
    }

    /// What follows every input: judging what came in, the next commit, goodbyes.
    fn go_on(&mut self, turn: &mut Turn<'_>, random: &mut impl CryptoRng) {
        if !self.pipeline.is_committing() || self.intake.len() >= INTAKE_STATEMENTS {
            self.take_in(turn, random);
        }
        if let Some((batch, appends, records)) = self.pipeline.start() {
            turn.actions.push(Action::Commit { batch, appends, records });
        }
        self.go_on_materialising(turn);
        for id in self.connections.take_overfull() {
            self.close(turn, id, CloseReason::SlowReader);
        }
        if self.is_stopping && !self.is_stopped && self.pipeline.is_empty() && self.looking.is_empty() {
            self.is_stopped = true;
            let all: Vec<_> = self.connections.iter().map(|(id, _)| id).collect();
            all.into_iter().for_each(|id| self.close(turn, id, CloseReason::Stopping));
            turn.actions.push(Action::Stopped);
        }
    }

    fn received(&mut self, turn: &mut Turn<'_>, id: ConnectionId, frame: &[u8], random: &mut impl CryptoRng) {
        let Some(connection) = self.connections.get_mut(id) else { return };
        if let Stage::Greeting { nonce } = connection.stage {
            return self.greeted(turn, id, nonce, frame);
        }
        let frame = match ClientFrame::decode(frame, FRAME_BYTES_MAX) {
            Ok(frame) => frame,
            Err(error) => return self.close(turn, id, protocol(error)),
        };
        if !matches!(frame, ClientFrame::Submit { .. })
            && let Err(retry_after_ms) = connection.requests.take(1, turn.now_ms)
        {
            return self.close(turn, id, CloseReason::Limit { retry_after_ms });
        }
        let done = match frame {
            ClientFrame::Hello(_) => Err(protocol("a second `Hello`")),
            ClientFrame::Subscribe { known, live } => self.subscribe(turn, id, &known, live),
            ClientFrame::Submit { statements } => self.submit(turn, id, statements),
            ClientFrame::AskAttested => self.ask_attested(id),
            ClientFrame::Show { checkpoints } => self.show(turn, id, &checkpoints),
            ClientFrame::Refill { document, deliveries, checkpoint } => {
                self.refill(turn, id, document, deliveries, &checkpoint, random)
            }
            ClientFrame::Attend { attention } => self.attend(id, attention),
        };
        if let Err(reason) = done {
            self.close(turn, id, reason);
        }
    }

    fn drained(&mut self, turn: &mut Turn<'_>, id: ConnectionId, bytes: usize) {
        let Some(connection) = self.connections.get_mut(id) else { return };
        if connection.drained(bytes, turn.now_ms) {
            self.pump(turn, id);
        }
    }

    fn tick(&mut self, turn: &mut Turn<'_>) {
        self.close_silent(turn);
        self.close_slow(turn);
        self.forget_missing(turn.now_ms);
        self.forget_idle(turn.now_ms);
        self.materialise_rested(turn);
        self.send_presence(turn);
        if turn.now_ms.saturating_sub(self.heads_ms) >= HEADS_EVERY_MS || turn.now_ms < self.heads_ms {
            self.heads_ms = turn.now_ms;
            self.send_new_heads(turn);
        }
    }

    fn close_slow(&mut self, turn: &mut Turn<'_>) {
        let is_slow = |since: u64| turn.now_ms.saturating_sub(since) >= SLOW_READER_MS;
        let slow = self.connections.iter().filter(|(_, c)| c.full_since_ms.is_some_and(is_slow));
        let slow: Vec<_> = slow.map(|(id, _)| id).collect();
        slow.into_iter().for_each(|id| self.close(turn, id, CloseReason::SlowReader));
    }

    /// Closes a connection and says why.
    fn close(&mut self, turn: &mut Turn<'_>, id: ConnectionId, reason: CloseReason) {
        if self.connections.get(id).is_some() {
            self.forget(turn, id);
            say_closing(turn, id, reason);
        }
    }

    /// Forgets a connection that is gone.
    fn forget(&mut self, turn: &mut Turn<'_>, id: ConnectionId) {
        let Some(connection) = self.connections.remove(id) else { return };
        if let Some(session) = connection.session() {
            self.leave_off(session);
        }
        let partnership = connection.session().and_then(|session| session.partnership);
        if let Some(partnership) = partnership {
            self.forget_asker(partnership, id);
        }
        let Some(partnership) = partnership.and_then(|id| self.partnerships.get_mut(&id)) else { return };
        partnership.sessions.remove(&id);
        partnership.idle_since_ms = turn.now_ms;
    }
}
