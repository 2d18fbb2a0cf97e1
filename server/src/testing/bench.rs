//! A relay on a bench: the shell's part played without sockets, disk and clock.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bytes::Bytes;
use entente_shared::codec;
use entente_shared::crypto::{self, Key, Purpose};
use entente_shared::document::Divergence;
use entente_shared::ids::*;
use entente_shared::rules::Rules;
use entente_shared::statement::Statement;
use entente_shared::wire::*;
use entente_store::{Append, MemoryStore, Record, Store};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::lines::Names;
use super::mirror::Mirror;
use super::people::{Person, T0};
use crate::limits::DRAIN_REPORT_BYTES;
use crate::relay::materialise::Task;
use crate::relay::{Action, BatchId, ConnectionId, Counter, Event, Input, Options, Relay, materialise};

/// The relay's secret key on every bench.
const RELAY_SECRET: [u8; 32] = [99; 32];

/// A relay, its store, and what its shell would know.
pub struct Bench {
    /// The relay.
    pub relay: Relay<MemoryStore>,
    /// What it keeps.
    pub store: Arc<MemoryStore>,
    /// The clock, in milliseconds since 1970.
    pub now_ms: u64,
    /// What things are called.
    pub names: Names,
    /// What was counted.
    pub counts: BTreeMap<Counter, u64>,
    /// Whether a commit is carried out as soon as it is asked for.
    pub commits_at_once: bool,
    /// Whether content is materialised as soon as it is asked for.
    pub materialises_at_once: bool,
    commits: VecDeque<(BatchId, Vec<Append>, Vec<Record>)>,
    tasks: VecDeque<Task>,
    sockets: BTreeMap<ConnectionId, Socket>,
    random: StdRng,
    next_connection: u64,
}

/// The shell's end of one connection.
#[derive(Default)]
struct Socket {
    frames: Vec<RelayFrame>,
    /// Bytes that went out and were not reported.
    unreported: usize,
    /// Bytes that the other end has not taken.
    stuck: usize,
    is_stuck: bool,
}

impl Bench {
    /// A relay on an empty store.
    pub fn new(options: Options) -> Self {
        Self::on(MemoryStore::new(), options, 1)
    }

    /// A relay on this store, in its run number `run`.
    pub fn on(store: MemoryStore, options: Options, run: u8) -> Self {
        let store = Arc::new(store);
        let key = Key::from_secret(RELAY_SECRET);
        let relay = Relay::new(Arc::clone(&store), key, Incarnation([run; 16]), options);
        Self {
            relay,
            store,
            now_ms: T0,
            names: Names::default(),
            counts: BTreeMap::new(),
            commits_at_once: true,
            materialises_at_once: true,
            tasks: VecDeque::new(),
            commits: VecDeque::new(),
            sockets: BTreeMap::new(),
            random: StdRng::seed_from_u64(1),
            next_connection: u64::from(run) * 1_000,
        }
    }

    /// The relay's public key.
    pub fn relay_id() -> RelayId {
        Key::from_secret(RELAY_SECRET).relay()
    }

    /// Ends this run as kill -9 would and starts another on what was durable.
    pub fn restarted(self, options: Options, run: u8) -> Self {
        let image = self.store.crash();
        self.on_image(MemoryStore::open(image), options, run)
    }

    /// Starts another run on `store`, with the same names and clock.
    pub fn on_image(self, store: MemoryStore, options: Options, run: u8) -> Self {
        let mut bench = Self::on(store, options, run);
        bench.now_ms = self.now_ms;
        bench.names.documents = self.names.documents;
        bench
    }

    /// Gives one input; says what the relay does, and does it, with all that follows.
    pub fn input(&mut self, input: Input) -> Vec<String> {
        let mut lines = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut actions = Vec::new();
            self.relay.handle(self.now_ms, input, &mut self.random, &mut actions);
            lines.extend(actions.iter().filter_map(|action| self.names.line(action)));
            for action in actions {
                inputs.extend(self.perform(action));
            }
            if self.commits_at_once {
                inputs.extend(self.carry_out());
            }
        }
        lines
    }

    fn perform(&mut self, action: Action) -> Option<Input> {
        match action {
            Action::Send { connection, frame } => return self.carry(connection, &frame),
            Action::Commit { batch, appends, records } => self.commits.push_back((batch, appends, records)),
            Action::Materialise(task) => {
                self.tasks.push_back(task);
                return if self.materialises_at_once { self.work_off() } else { None };
            }
            Action::Report(Event::Count { counter, by }) => *self.counts.entry(counter).or_default() += by,
            Action::Close { .. } | Action::Report(_) | Action::Stopped => {}
        }
        None
    }

    fn carry(&mut self, connection: ConnectionId, bytes: &Bytes) -> Option<Input> {
        let frame = RelayFrame::decode(bytes).expect("the relay sends frames");
        check_frame(&frame);
        let socket = self.sockets.entry(connection).or_default();
        socket.frames.push(frame);
        if socket.is_stuck {
            socket.stuck += bytes.len();
            return None;
        }
        socket.unreported += bytes.len();
        if socket.unreported < DRAIN_REPORT_BYTES {
            return None;
        }
        Some(Input::Drained { connection, bytes: std::mem::take(&mut socket.unreported) })
    }

    fn carry_out(&mut self) -> Option<Input> {
        let (batch, appends, records) = self.commits.pop_front()?;
        Some(Input::Committed { batch, result: self.store.commit(appends, records) })
    }

    fn work_off(&mut self) -> Option<Input> {
        let task = self.tasks.pop_front()?;
        let result = materialise::perform(&*self.store, &task);
        Some(Input::Materialised { task: task.id, result })
    }

    /// Carries out the oldest materialising that was asked for.
    pub fn materialise(&mut self) -> Vec<String> {
        self.work_off().map(|input| self.input(input)).unwrap_or_default()
    }

    /// Carries out the oldest commit that was asked for.
    pub fn commit(&mut self) -> Vec<String> {
        self.carry_out().map(|input| self.input(input)).unwrap_or_default()
    }

    /// Opens a connection and says hello; the lines begin with the challenge.
    pub fn hello(&mut self, name: &str, key: &Key, partnership: PartnershipId, pass: Pass) -> Vec<String> {
        self.hello_with(name, key, partnership, |_| pass)
    }

    /// As [`Self::hello`], with an invitation's secret key.
    pub fn hello_invited(
        &mut self,
        name: &str,
        key: &Key,
        partnership: PartnershipId,
        invite: &Key,
    ) -> Vec<String> {
        self.hello_with(name, key, partnership, |message| Pass::Invited {
            invite: invite.invite(),
            signature: invite.sign(Purpose::Connect, &[message]),
        })
    }

    fn hello_with(
        &mut self,
        name: &str,
        key: &Key,
        partnership: PartnershipId,
        pass: impl FnOnce(&[u8]) -> Pass,
    ) -> Vec<String> {
        let mut lines = self.connect(name);
        let connection = self.connection(name);
        let Some(RelayFrame::Challenge { nonce, .. }) = self.frames(name).last().cloned() else {
            return lines;
        };
        let own = [7; 16];
        let message = hello_message(&nonce, &own, &partnership, &Self::relay_id());
        let hello = Hello {
            version: PROTOCOL_VERSION,
            nonce: own,
            partnership,
            device: key.device(),
            pass: pass(&message),
            signature: key.sign(Purpose::Connect, &[&message]),
        };
        lines.extend(self.send(name, &ClientFrame::Hello(hello)));
        if let Some(RelayFrame::Welcome { signature, .. }) = self.sockets[&connection].frames.last() {
            let relay = Self::relay_id();
            assert!(crypto::verify(Purpose::Welcome, &relay.0, &[&message], signature), "it is the relay");
        }
        lines
    }

    /// Opens a connection.
    pub fn connect(&mut self, name: &str) -> Vec<String> {
        self.next_connection += 1;
        let connection = ConnectionId(self.next_connection);
        self.names.connections.insert(connection, name.to_owned());
        self.sockets.insert(connection, Socket::default());
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.next_connection.to_be_bytes());
        self.input(Input::Connected { connection, address, random })
    }

    /// Lets a member in, who subscribes with what they have; says nothing.
    pub fn join(&mut self, name: &str, person: &Person, partnership: PartnershipId, mirror: &mut Mirror) {
        self.hello(name, &person.key, partnership, Pass::Member);
        self.subscribe(name, mirror);
        self.follow(name, mirror).expect("the relay shows what the rules say");
    }

    /// Subscribes with what the replica has.
    pub fn subscribe(&mut self, name: &str, mirror: &Mirror) -> Vec<String> {
        self.send(name, &ClientFrame::Subscribe { known: mirror.known(), live: true })
    }

    /// Sends a frame.
    pub fn send(&mut self, name: &str, frame: &ClientFrame) -> Vec<String> {
        self.send_bytes(name, codec::encode(frame))
    }

    /// Sends bytes that may be no frame.
    pub fn send_bytes(&mut self, name: &str, bytes: Vec<u8>) -> Vec<String> {
        let connection = self.connection(name);
        self.input(Input::Received { connection, frame: Bytes::from(bytes) })
    }

    /// Submits statements.
    pub fn submit(&mut self, name: &str, statements: &[&Statement]) -> Vec<String> {
        let statements = statements.iter().map(|statement| statement.envelope.clone()).collect();
        self.send(name, &ClientFrame::Submit { statements })
    }

    /// Moves the clock and ticks.
    pub fn tick(&mut self, after_ms: u64) -> Vec<String> {
        self.now_ms += after_ms;
        self.input(Input::Tick)
    }

    /// The newest connection of this name.
    pub fn connection(&self, name: &str) -> ConnectionId {
        let mut named = self.names.connections.iter().rev().filter(|(_, other)| *other == name);
        *named.next().expect("a connection of that name").0
    }

    /// Everything that was sent to the newest connection of this name and not taken by
    /// [`Self::follow`].
    pub fn frames(&self, name: &str) -> &[RelayFrame] {
        &self.sockets[&self.connection(name)].frames
    }

    /// Lets a replica take the entries that were sent; other frames are returned.
    ///
    /// # Errors
    ///
    /// The relay showed something else than the rules say.
    pub fn follow(&mut self, name: &str, mirror: &mut Mirror) -> Result<Vec<RelayFrame>, Divergence> {
        let connection = self.connection(name);
        let frames = std::mem::take(&mut self.sockets.entry(connection).or_default().frames);
        let mut others = Vec::new();
        for frame in frames {
            match frame {
                RelayFrame::Entries { document, deliveries, .. } => {
                    deliveries.iter().try_for_each(|delivery| mirror.take(document, delivery).map(drop))?;
                }
                other => others.push(other),
            }
        }
        Ok(others)
    }

    /// Stops the other end of a socket from reading.
    pub fn stick(&mut self, name: &str) {
        let connection = self.connection(name);
        self.sockets.entry(connection).or_default().is_stuck = true;
    }

    /// Lets it read again: everything that waited goes out.
    pub fn unstick(&mut self, name: &str) -> Vec<String> {
        let connection = self.connection(name);
        let socket = self.sockets.entry(connection).or_default();
        socket.is_stuck = false;
        let bytes = std::mem::take(&mut socket.stuck);
        self.input(Input::Drained { connection, bytes })
    }

    /// Founds a partnership of two teams under `rules`, in which Anna of Moscow and Dana of New York
    /// are leads, the rules are in force and a matrix stands. Both are connected and subscribed.
    pub fn story(options: Options, rules: &Rules) -> Story {
        Story::new(options, rules)
    }
}

/// A partnership on a bench.
pub struct Story {
    /// The relay and everything around it.
    pub bench: Bench,
    /// A lead in Moscow, the founder.
    pub anna: Person,
    /// A lead in New York.
    pub dana: Person,
    /// What Anna's device has verified.
    pub annas: Mirror,
    /// What Dana's device has verified.
    pub danas: Mirror,
    /// The matrix.
    pub matrix: DocumentId,
}

impl Story {
    fn new(options: Options, rules: &Rules) -> Self {
        let mut bench = Bench::new(Options { founding_is_open: true, ..options });
        let (anna, dana) = (Person::new(1, "moscow"), Person::new(2, "newyork"));
        let (charter, matrix) = (DocumentId::new(T0, [7; 10]), DocumentId::new(T0, [8; 10]));
        bench.names.documents = [(charter, "charter".to_owned()), (matrix, "matrix".to_owned())].into();
        bench.hello("anna", &anna.key, PartnershipId([0; 32]), Pass::Founding { token: vec![].into() });
        bench.submit("anna", &[&anna.found(Bench::relay_id(), charter, rules)]);
        bench.send("anna", &ClientFrame::Subscribe { known: vec![], live: true });
        let mut story =
            Self { bench, anna, dana, annas: Mirror::default(), danas: Mirror::default(), matrix };
        story.follow();
        let dana = story.dana.clone();
        story.admit("dana", &dana, "lead");
        story.bench.subscribe("dana", &Mirror::default());
        story.follow();
        let statement = story.anna.sign_rules(&story.annas);
        story.submit("anna", &statement);
        let statement = story.dana.sign_rules(&story.danas);
        story.submit("dana", &statement);
        let statement = story.anna.create_matrix(&story.annas, matrix);
        story.submit("anna", &statement);
        story
    }

    /// Submits, and lets Anna and Dana follow.
    pub fn submit(&mut self, name: &str, statement: &Statement) -> Vec<String> {
        self.bench.now_ms += 1_000;
        let lines = self.bench.submit(name, &[statement]);
        self.follow();
        lines
    }

    /// Anna invites somebody who enrols; their connection is called `name`.
    pub fn admit(&mut self, name: &str, person: &Person, roles: &str) {
        let invite = Key::from_secret(sha256(&[&person.key.public()]));
        let statement = self.anna.invite(&self.annas, person, roles, &invite);
        self.submit("anna", &statement);
        self.bench.hello_invited(name, &person.key, self.annas.partnership(), &invite);
        let statement = person.enrol(&self.annas, &invite);
        self.submit(name, &statement);
    }

    /// Lets Anna and Dana take what they were sent.
    pub fn follow(&mut self) {
        for (name, mirror) in [("anna", &mut self.annas), ("dana", &mut self.danas)] {
            if self.bench.names.connections.values().any(|other| other == name) {
                self.bench.follow(name, mirror).expect("the relay shows what the rules say");
            }
        }
    }
}

/// What holds of every frame, whatever the story.
fn check_frame(frame: &RelayFrame) {
    let valid = |signed: &entente_shared::ledger::SignedCheckpoint| {
        assert!(signed.is_valid(&Bench::relay_id()), "the relay signed the checkpoint");
    };
    match frame {
        RelayFrame::Entries { document, deliveries, checkpoint } => {
            valid(checkpoint);
            let last = deliveries.last().expect("no frame without entries");
            assert_eq!(checkpoint.checkpoint.document, *document);
            assert_eq!(checkpoint.checkpoint.head.hash, EntryHash(sha256(&[&last.entry])));
        }
        RelayFrame::Heads { checkpoints } => checkpoints.iter().for_each(valid),
        _ => {}
    }
}
