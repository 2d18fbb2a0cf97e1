//! The replica with its store and clock: what it says is done, in the order in which it says it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{SystemTime, UNIX_EPOCH};

use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::ids::DocumentId;
use entente_shared::ledger::SignedCheckpoint;
use entente_shared::statement::Statement;
use entente_store::running::Running;
use rand::Rng as _;

use super::ShellError;
use super::folder::Folder;
use super::storage::Storage;
use crate::replica::{Effect, Event, Marker, Now, OpenError, Place, Profile, Replica};

/// The clock of a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    System,
    /// The machine's, put forward or back by so many milliseconds, for stories that take days.
    Moved(i64),
    /// Stands still, for tests of whole outputs (milliseconds since 1970).
    Fixed(u64),
}

impl Clock {
    /// The present, in milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the shell's clock")]
    pub fn now_ms(self) -> u64 {
        match self {
            Self::Fixed(now_ms) => now_ms,
            Self::Moved(by_ms) => Self::System.now_ms().saturating_add_signed(by_ms),
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
            }
        }
    }
}

/// Fills a buffer with unpredictable bytes.
#[expect(clippy::disallowed_methods, reason = "this is the shell's random source")]
pub fn random(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

/// One device's copy of a partnership with its folder.
pub struct Shell {
    /// The replica; changed through [`Shell::act`].
    replica: Replica,
    folder: Folder,
    storage: Storage,
    clock: Clock,
    heads: BTreeMap<DocumentId, SignedCheckpoint>,
    frames: Vec<Vec<u8>>,
    events: Vec<Event>,
    is_closing: bool,
    marker: Marker,
}

impl Shell {
    /// Opens what was founded or joined in a folder.
    ///
    /// # Errors
    ///
    /// There is nothing, another process has it open, or it is damaged.
    pub fn open(folder: Folder, clock: Clock) -> Result<Self, ShellError> {
        let key = folder.key()?.ok_or_else(|| ShellError::Empty(folder.path().to_owned()))?;
        let storage = Storage::open(&folder)?;
        let running = Running::begin(&folder.running()).map_err(ShellError::io(folder.running()))?;
        let mut stored = storage.load()?;
        stored.witnessed = folder.heads()?;
        stored.poisoned = running.poisoned();
        let marker = marker(running);
        stored.marker = marker.clone();
        let heads = stored.witnessed.iter().map(|head| (head.checkpoint.document, head.clone())).collect();
        let replica = Replica::open(key, stored, clock.now_ms()).map_err(unopened(&folder))?;
        let mut shell = Self::with(replica, folder, storage, clock);
        shell.heads = heads;
        shell.marker = marker;
        shell.perform()?;
        Ok(shell)
    }

    /// Begins a replica in a new folder: one that founds with `first`, or one that joins.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn create(
        folder: Folder,
        clock: Clock,
        key: Key,
        profile: Profile,
        first: Option<Statement>,
    ) -> Result<Self, ShellError> {
        folder.create(&key)?;
        let storage = Storage::open(&folder)?;
        let mut shell = Self::with(Replica::new(key, profile, first), folder, storage, clock);
        shell.perform()?;
        Ok(shell)
    }

    fn with(replica: Replica, folder: Folder, storage: Storage, clock: Clock) -> Self {
        let heads = BTreeMap::new();
        let (frames, events) = (Vec::new(), Vec::new());
        Self {
            replica,
            folder,
            storage,
            clock,
            heads,
            frames,
            events,
            is_closing: false,
            marker: Marker::default(),
        }
    }

    /// The replica, for reading.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The store, for reading whole ledgers.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// The present, in milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Gives the replica a command or frame, and performs what follows.
    ///
    /// # Errors
    ///
    /// What follows could not be made durable; then nothing of it is sent.
    pub fn act<T>(&mut self, act: impl FnOnce(&mut Replica, &mut Now<'_>) -> T) -> Result<T, ShellError> {
        let mut now = Now { ms: self.clock.now_ms(), random: &mut random };
        let answer = act(&mut self.replica, &mut now);
        self.perform()?;
        Ok(answer)
    }

    /// The frames that are to be sent, in order; what they speak of is durable.
    pub fn take_frames(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.frames)
    }

    /// What happened, for people.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Tells once whether the connection is to be closed.
    pub fn take_closing(&mut self) -> bool {
        std::mem::take(&mut self.is_closing)
    }

    fn perform(&mut self) -> Result<(), ShellError> {
        let mut effects: VecDeque<Effect> = self.replica.take_effects().into();
        let partnership = self.replica.profile().partnership;
        let (mut witnessed, mut must_reopen) = (false, false);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Keep { document, entries } => self.storage.keep(partnership, document, entries)?,
                Effect::Write { key, value } => self.storage.write(key, value),
                Effect::SetAside { document } => self.storage.set_aside(partnership, document)?,
                Effect::Witness(checkpoint) => {
                    self.heads.insert(checkpoint.checkpoint.document, checkpoint);
                    witnessed = true;
                }
                Effect::Send(frame) => {
                    self.storage.commit()?;
                    self.frames.push(codec::encode(&frame));
                }
                Effect::Refill { document, from } => {
                    let kept = self.read(document, from.map_or(0, |from| from.seq + 1))?;
                    self.replica.refill(document, from, &kept);
                    self.put_first(&mut effects);
                }
                Effect::Salvage { document } => {
                    let kept = self.read(document, 0)?;
                    self.replica.salvage(&kept);
                    // In the outbox before the ledger is put aside: a crash between loses nothing.
                    self.put_first(&mut effects);
                    must_reopen = true;
                }
                Effect::Close => self.is_closing = true,
                Effect::Tell(event) => self.events.push(event),
            }
        }
        self.storage.commit()?;
        if witnessed {
            self.folder.keep_heads(&self.heads.values().collect::<Vec<_>>())?;
        }
        if must_reopen { self.reopen() } else { Ok(()) }
    }

    fn put_first(&mut self, effects: &mut VecDeque<Effect>) {
        self.replica.take_effects().into_iter().rev().for_each(|effect| effects.push_front(effect));
    }

    fn read(&mut self, document: DocumentId, seq: u64) -> Result<Vec<crate::replica::Kept>, ShellError> {
        self.storage.commit()?;
        Ok(self.storage.read(document, seq)?)
    }

    /// Builds the replica anew from what is stored.
    fn reopen(&mut self) -> Result<(), ShellError> {
        let mut stored = self.storage.load()?;
        stored.marker = self.marker.clone();
        let key = self.replica.key().clone();
        self.replica = Replica::open(key, stored, self.clock.now_ms()).map_err(unopened(&self.folder))?;
        self.perform()
    }
}

/// Notes every entry that is taken in, for the next run if this one should die of it.
fn marker(running: Running) -> Marker {
    Marker::new(move |place: Option<Place>| {
        running.mark(place);
        #[cfg(test)]
        super::tests::poison::taste(place);
    })
}

fn unopened(folder: &Folder) -> impl FnOnce(OpenError) -> ShellError {
    let folder = folder.path().to_owned();
    |error| match error {
        OpenError::Empty => ShellError::Empty(folder),
        source => ShellError::Open { folder, source },
    }
}
