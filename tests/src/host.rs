//! The machine that the relay runs on: its store, its clock, and the commit that is under way.

use std::sync::Arc;

use entente_server::relay::founding::FoundingToken;
use entente_server::relay::materialise::{self, Task};
use entente_server::relay::{Action, BatchId, Event, Input, Options, Relay};
use entente_shared::crypto::Key;
use entente_shared::ids::Incarnation;
use entente_store::memory::Image;
use entente_store::{Append, Appended, MemoryStore, Record, Store, StoreError};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The secret in the founding link that the operator hands out: for one partnership.
pub const TOKEN: &[u8] = b"the operator's founding token";

/// The relay's machine.
pub struct Host {
    /// The relay's key.
    pub key: Key,
    /// The disk.
    pub store: Arc<MemoryStore>,
    /// How wrong its clock is, in milliseconds.
    pub clock_off_ms: i64,
    /// What it reported, counts left out.
    pub reports: Vec<Event>,
    /// How often it was started.
    pub run: u64,
    /// What is done around everything that the relay does: a mistake of its judge.
    pub meddle: Option<Meddle>,
    relay: Option<Relay<MemoryStore>>,
    incarnation: Incarnation,
    commit: Option<Commit>,
    task: Option<Task>,
    ticked_ms: u64,
    random: ChaCha8Rng,
}

/// Something done around something else.
pub type Meddle = fn(&mut dyn FnMut());

/// A commit on its way.
enum Commit {
    /// Not on the disk.
    Waiting(BatchId, Vec<Append>, Vec<Record>),
    /// On the disk; the relay does not know it yet.
    Done(BatchId, Result<Vec<Appended>, StoreError>),
}

/// What a crash makes of the commit that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing of it is on the disk.
    Lost,
    /// All of it is.
    Stored,
    /// Only so many of its ledgers are.
    Torn(usize),
}

impl Host {
    /// A machine with an empty disk and a relay that has just been started.
    pub fn new(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let store = MemoryStore::new();
        let token = FoundingToken::new(TOKEN, Some(1), None).record();
        store.commit(Vec::new(), vec![token]).expect("an empty disk takes a record");
        let mut host = Self {
            key: Key::from_secret(random.random()),
            store: Arc::new(store),
            clock_off_ms: 0,
            reports: Vec::new(),
            run: 0,
            meddle: None,
            incarnation: Incarnation([0; 16]),
            relay: None,
            commit: None,
            task: None,
            ticked_ms: 0,
            random,
        };
        host.start(false);
        host
    }

    /// The same machine with a copy of the disk, and the relay started anew.
    pub fn copy(&self, seed: u64) -> Self {
        let mut host = Self {
            key: self.key.clone(),
            store: Arc::new(MemoryStore::open(self.store.image())),
            clock_off_ms: self.clock_off_ms,
            reports: Vec::new(),
            run: self.run,
            meddle: None,
            incarnation: self.incarnation,
            relay: None,
            commit: None,
            task: None,
            ticked_ms: 0,
            random: ChaCha8Rng::seed_from_u64(seed),
        };
        host.start(false);
        host
    }

    /// A second face of the same relay: from here on it shows what the first does not.
    pub fn twin(&self, seed: u64) -> Self {
        let mut twin = self.copy(seed);
        twin.incarnation = self.incarnation;
        twin.start_as(self.incarnation, false);
        twin
    }

    /// Starts the relay; `is_recovering` after a restore.
    pub fn start(&mut self, is_recovering: bool) {
        let incarnation = Incarnation(self.random.random());
        self.start_as(incarnation, is_recovering);
    }

    fn start_as(&mut self, incarnation: Incarnation, is_recovering: bool) {
        let options = Options {
            operator: "Simulated relay".to_owned(),
            recovering: is_recovering,
            ..Options::default()
        };
        self.incarnation = incarnation;
        self.run += 1;
        self.relay = Some(Relay::new(Arc::clone(&self.store), self.key.clone(), incarnation, options));
    }

    /// Kills the relay; what was under way has the given fate.
    pub fn crash(&mut self, fate: Fate) {
        self.relay = None;
        self.task = None;
        if let Some(Commit::Waiting(_, appends, records)) = self.commit.take() {
            match fate {
                Fate::Lost => {}
                Fate::Stored => drop(self.store.commit(appends, records)),
                Fate::Torn(kept) => {
                    self.store.fail_next_commit(kept);
                    drop(self.store.commit(appends, records));
                }
            }
        }
        self.store = Arc::new(MemoryStore::open(self.store.crash()));
    }

    /// Copies the disk.
    pub fn backup(&self) -> Image {
        self.store.image()
    }

    /// Puts a copy of the disk in place of the disk. The relay must not be running.
    pub fn restore(&mut self, image: Image) {
        self.store = Arc::new(MemoryStore::open(image));
    }

    /// The relay, if it is running.
    pub fn relay(&self) -> Option<&Relay<MemoryStore>> {
        self.relay.as_ref()
    }

    /// The relay's idea of the time, in milliseconds since 1970.
    pub fn clock_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.clock_off_ms)
    }

    /// Random bytes for a challenge.
    pub fn draw(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    /// Tells whether a commit is under way.
    pub fn is_committing(&self) -> bool {
        self.commit.is_some()
    }

    /// Goes one step on with the commit: to the disk, or from there to the relay.
    pub fn go_on_committing(&mut self, now_ms: u64) -> Vec<Action> {
        match self.commit.take() {
            None => Vec::new(),
            Some(Commit::Waiting(batch, appends, records)) => {
                self.commit = Some(Commit::Done(batch, self.store.commit(appends, records)));
                Vec::new()
            }
            Some(Commit::Done(batch, result)) => self.handle(now_ms, Input::Committed { batch, result }),
        }
    }

    /// Tells whether content is being materialised.
    pub fn is_materialising(&self) -> bool {
        self.task.is_some()
    }

    /// Does the piece of that work which is under way.
    pub fn go_on_materialising(&mut self, now_ms: u64) -> Vec<Action> {
        let Some(task) = self.task.take() else { return Vec::new() };
        let result = materialise::perform(&*self.store, &task);
        self.handle(now_ms, Input::Materialised { task: task.id, result })
    }

    /// Ticks if a second has passed.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Action> {
        if now_ms < self.ticked_ms + 1_000 {
            return Vec::new();
        }
        self.ticked_ms = now_ms;
        self.handle(now_ms, Input::Tick)
    }

    /// Gives the relay an input; what concerns connections is returned.
    pub fn handle(&mut self, now_ms: u64, input: Input) -> Vec<Action> {
        let clock_ms = self.clock_ms(now_ms);
        let Some(relay) = &mut self.relay else { return Vec::new() };
        let mut actions = Vec::new();
        let mut input = Some(input);
        let mut handle = || {
            if let Some(input) = input.take() {
                relay.handle(clock_ms, input, &mut self.random, &mut actions);
            }
        };
        match self.meddle {
            Some(meddle) => meddle(&mut handle),
            None => handle(),
        }
        let mut outside = Vec::with_capacity(actions.len());
        for action in actions {
            match action {
                Action::Commit { batch, appends, records } => {
                    assert!(self.commit.is_none(), "at most one commit is under way");
                    self.commit = Some(Commit::Waiting(batch, appends, records));
                }
                Action::Materialise(task) => {
                    assert!(self.task.is_none(), "at most one is under way");
                    self.task = Some(task);
                }
                Action::Report(Event::Count { .. }) | Action::Stopped => {}
                Action::Report(event) => self.reports.push(event),
                action => outside.push(action),
            }
        }
        outside
    }
}
