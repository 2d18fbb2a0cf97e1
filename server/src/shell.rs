//! The shell around the [`Relay`]: one task owns it, hands it what happens and does what it says.
//!
//! It decides nothing. What comes in is drained from the channel before anything is sent, so that
//! bursts become batches by themselves; one thread commits to the store, and its answers go before
//! everything else.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use entente_shared::wire::{CloseReason, FRAME_BYTES_MAX};
use entente_store::{Append, Record, Store};
use rand::rngs::StdRng;
use rand::{Rng as _, make_rng};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::time::MissedTickBehavior;
use tracing::{error, info, warn};

use crate::limits::TICK_MS;
use crate::metrics::Metrics;
use crate::relay::materialise::{self, MaterialiseError, Task};
use crate::relay::{Action, BatchId, ConnectionId, Event, Input, Relay};

/// Inputs that wait for the relay; beyond them sockets are not read.
const INBOX_MAX: usize = 4096;
/// Inputs that are handled before what follows from them is done.
const BATCH_MAX: usize = 256;
/// Bytes of frames that wait for the relay; beyond them sockets are not read.
const INBOX_BYTES_MAX: usize = 64 << 20;
/// Those of one connection: one that sends without end takes no room from the others.
const CONNECTION_INBOX_BYTES_MAX: usize = FRAME_BYTES_MAX;

/// What a connection is told to do.
#[derive(Debug)]
pub enum Outgoing {
    /// Send a frame.
    Frame(Bytes),
    /// Close, once everything before has been sent.
    Close(CloseReason),
}

/// What goes out to one connection. It has no bound of its own: the relay counts what is on the
/// way (`QUEUE_BYTES_HARD_MAX`) and stops sending to who does not read.
pub type Outbox = mpsc::UnboundedReceiver<Outgoing>;

/// Ends when the relay has let go of a connection, also while what was sent before cannot go out.
pub type LetGo = oneshot::Receiver<()>;

/// The relay's end of a connection.
struct Line {
    outgoing: mpsc::UnboundedSender<Outgoing>,
    /// Says by being dropped that the relay has let go.
    _held: oneshot::Sender<()>,
}

enum Message {
    Opened { connection: ConnectionId, address: IpAddr, line: Line },
    Input(Input, Option<Room>),
}

/// The room that a frame takes, given back once it is handled: its connection's, and the inbox's.
type Room = (OwnedSemaphorePermit, OwnedSemaphorePermit);

/// A connection's way in.
pub struct Entrance {
    /// The connection.
    pub connection: ConnectionId,
    room: Arc<Semaphore>,
}

/// The way to the relay, for connections and for the operator.
#[derive(Clone)]
pub struct Hub {
    inbox: mpsc::Sender<Message>,
    room: Arc<Semaphore>,
    next: Arc<AtomicU64>,
    metrics: Arc<Metrics>,
}

/// The relay is stopping and takes nothing more.
#[derive(Debug, thiserror::Error)]
#[error("the relay is stopping")]
pub struct Stopped;

impl Hub {
    /// Announces a connection.
    ///
    /// # Errors
    /// The relay is stopping.
    pub async fn open(&self, address: IpAddr) -> Result<(Entrance, Outbox, LetGo), Stopped> {
        let connection = ConnectionId(self.next.fetch_add(1, Relaxed));
        let (outgoing, outbox) = mpsc::unbounded_channel();
        let (_held, let_go) = oneshot::channel();
        let opened = Message::Opened { connection, address, line: Line { outgoing, _held } };
        self.inbox.send(opened).await.map_err(|_| Stopped)?;
        let room = Arc::new(Semaphore::new(CONNECTION_INBOX_BYTES_MAX));
        Ok((Entrance { connection, room }, outbox, let_go))
    }

    /// Hands over a frame, once there is room for it.
    ///
    /// # Errors
    /// The relay is stopping.
    pub async fn received(&self, entrance: &Entrance, frame: Bytes) -> Result<(), Stopped> {
        self.metrics.frames_received.one();
        self.metrics.bytes_received.add(frame.len() as u64);
        let bytes = frame.len().min(CONNECTION_INBOX_BYTES_MAX) as u32;
        let own = Arc::clone(&entrance.room).acquire_many_owned(bytes).await.map_err(|_| Stopped)?;
        let shared = Arc::clone(&self.room).acquire_many_owned(bytes).await.map_err(|_| Stopped)?;
        let input = Input::Received { connection: entrance.connection, frame };
        self.inbox.send(Message::Input(input, Some((own, shared)))).await.map_err(|_| Stopped)
    }

    /// Tells the relay something else.
    ///
    /// # Errors
    /// The relay is stopping.
    pub async fn tell(&self, input: Input) -> Result<(), Stopped> {
        self.inbox.send(Message::Input(input, None)).await.map_err(|_| Stopped)
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What is counted, for whoever outlives this hub.
    pub fn metrics_handle(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }
}

/// One commit on its way to the store.
struct Commit {
    batch: BatchId,
    appends: Vec<Append>,
    records: Vec<Record>,
}

/// The task that owns the relay.
struct Owner<S> {
    relay: Relay<S>,
    random: StdRng,
    lines: BTreeMap<ConnectionId, Line>,
    commits: std::sync::mpsc::Sender<Commit>,
    tasks: std::sync::mpsc::Sender<Task>,
    metrics: Arc<Metrics>,
    actions: Vec<Action>,
}

/// Starts the task that owns `relay`, the thread that commits and the one that materialises. The task ends, and with it the
/// receiver that is returned says true, when the relay has stopped.
pub fn start<S: Store + 'static>(
    relay: Relay<S>,
    store: Arc<S>,
    metrics: Arc<Metrics>,
) -> (Hub, watch::Receiver<bool>) {
    let (inbox, messages) = mpsc::channel(INBOX_MAX);
    let (commits, work) = std::sync::mpsc::channel();
    let (tasks, content) = std::sync::mpsc::channel();
    let (done, answers) = mpsc::unbounded_channel();
    let for_thread = (Arc::clone(&store), Arc::clone(&metrics), done.clone());
    thread("commit", move || commit_all(&*for_thread.0, &work, &for_thread.2, &for_thread.1));
    thread("materialise", move || materialise_all(&*store, &content, &done));
    let (ended, has_ended) = watch::channel(false);
    let owner = Owner {
        relay,
        random: make_rng(),
        lines: BTreeMap::new(),
        commits,
        tasks,
        metrics: Arc::clone(&metrics),
        actions: Vec::new(),
    };
    tokio::spawn(async move {
        owner.run(messages, answers).await;
        let _ = ended.send(true);
    });
    let room = Arc::new(Semaphore::new(INBOX_BYTES_MAX));
    (Hub { inbox, room, next: Arc::default(), metrics }, has_ended)
}

impl<S: Store> Owner<S> {
    async fn run(
        mut self,
        mut messages: mpsc::Receiver<Message>,
        mut answers: mpsc::UnboundedReceiver<Input>,
    ) {
        let mut tick = tokio::time::interval(Duration::from_millis(TICK_MS));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(BATCH_MAX);
        loop {
            tokio::select! {
                biased;
                Some(committed) = answers.recv() => self.handle(committed),
                _ = tick.tick() => {
                    self.handle(Input::Tick);
                    self.metrics.set_gauges(self.relay.gauges());
                }
                count = messages.recv_many(&mut batch, BATCH_MAX) => {
                    if count == 0 {
                        return;
                    }
                    for message in batch.drain(..) {
                        self.take(message);
                    }
                }
            }
            if self.perform() {
                return;
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Opened { connection, address, line } => {
                self.lines.insert(connection, line);
                let mut random = [0; 16];
                self.random.fill_bytes(&mut random);
                self.handle(Input::Connected { connection, address, random });
            }
            Message::Input(input, _room) => {
                if let Input::Disconnected { connection } = &input {
                    self.lines.remove(connection);
                }
                self.handle(input);
            }
        }
    }

    fn handle(&mut self, input: Input) {
        self.relay.handle(now_ms(), input, &mut self.random, &mut self.actions);
    }

    /// Does what the relay said, in order; tells whether it has stopped.
    fn perform(&mut self) -> bool {
        let mut has_stopped = false;
        for action in self.actions.drain(..) {
            match action {
                Action::Send { connection, frame } => {
                    if let Some(line) = self.lines.get(&connection) {
                        // Whoever is gone is announced with `Disconnected` soon.
                        let _ = line.outgoing.send(Outgoing::Frame(frame));
                    }
                }
                Action::Close { connection, reason } => {
                    if let Some(line) = self.lines.remove(&connection) {
                        let _ = line.outgoing.send(Outgoing::Close(reason));
                    }
                }
                Action::Commit { batch, appends, records } => {
                    let commit = Commit { batch, appends, records };
                    self.commits.send(commit).expect("the commit thread lives as long as this task");
                }
                Action::Materialise(task) => {
                    self.tasks.send(task).expect("the materialising thread lives as long as this task");
                }
                Action::Report(event) => report(&self.metrics, event),
                Action::Stopped => has_stopped = true,
            }
        }
        has_stopped
    }
}

/// The thread that commits, until the relay is gone.
#[expect(clippy::disallowed_methods, reason = "the shell measures how long commits take")]
fn commit_all<S: Store>(
    store: &S,
    work: &std::sync::mpsc::Receiver<Commit>,
    done: &mpsc::UnboundedSender<Input>,
    metrics: &Metrics,
) {
    for Commit { batch, appends, records } in work {
        let began = Instant::now();
        let result = store.commit(appends, records);
        metrics.commit_time.note(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
        if done.send(Input::Committed { batch, result }).is_err() {
            return;
        }
    }
}

/// The thread that materialises content, until the relay is gone.
fn materialise_all<S: Store>(
    store: &S,
    work: &std::sync::mpsc::Receiver<Task>,
    done: &mpsc::UnboundedSender<Input>,
) {
    for task in work {
        // Every change in the store has passed the gate; should Automerge give up on one after all,
        // the document is served from its entries.
        let result =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| materialise::perform(store, &task)))
                .unwrap_or_else(|_| Err(MaterialiseError::Ledger("Automerge gave up on it".to_owned())));
        if done.send(Input::Materialised { task: task.id, result }).is_err() {
            return;
        }
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    started.expect("the system can start a thread");
}

fn report(metrics: &Metrics, event: Event) {
    match event {
        Event::Count { counter, by } => metrics.count(counter, by),
        Event::Quarantined { document, detail } => {
            error!(document = %document.uuid(), detail, "document quarantined: it is read-only");
        }
        Event::NotMaterialised { document, detail } => {
            warn!(document = %document.uuid(), detail, "content could not be read: without snapshots new devices replay, and signatures are refused");
        }
        Event::CommitFailed { detail } => error!(detail, "commit failed; nothing acknowledged is lost"),
        Event::Missing { document, from_seq, to_seq } => {
            warn!(document = %document.uuid(), from_seq, to_seq, "entries are missing; asking clients for them");
        }
        Event::Refilled { document, entries } => {
            info!(document = %document.uuid(), entries, "missing entries came back");
        }
        Event::OtherBranch { document, seq } => {
            warn!(document = %document.uuid(), seq, "a client has another branch; its statements are judged anew");
        }
    }
}

/// By how much the relay's clock is put forward or back, in milliseconds: `ENTENTE_CLOCK_MOVED_MS`, for
/// stories and tests that take days.
static MOVED_MS: LazyLock<i64> = LazyLock::new(|| {
    let moved = std::env::var("ENTENTE_CLOCK_MOVED_MS").ok();
    moved.and_then(|text| text.parse().ok()).unwrap_or_default()
});

/// The time as the relay stamps it, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the shell reads the clock and hands it in")]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add_signed(*MOVED_MS)
}
