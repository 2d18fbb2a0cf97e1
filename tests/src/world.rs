//! The network: devices, one relay, connections that deliver in order or not at all.
//!
//! Connections behave like TCP: frames arrive in order; when a connection is cut, what is on the
//! way is lost from some frame on, and the two ends notice at different times. Which of all things
//! that can happen next does happen is drawn from the seed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr};

use bytes::Bytes;
use entente_client::replica::LinkState;
use entente_server::relay::{Action, ConnectionId, Input};
use entente_shared::attested::AttestedPart;
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::ids::*;
use entente_shared::wire::RelayFrame;
use entente_store::memory::Image;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::device::{Device, Performed};
use crate::disk::{Disk, contains};
use crate::host::{Fate, Host};

/// When every story begins: 20 November 2026, 09:00 UTC, in milliseconds since 1970.
pub const BEGINNING_MS: u64 = 1_795_165_200_000;
/// How long a device waits after the relay closed its connection, in milliseconds.
const BACKOFF_MS: u64 = 5_000;
/// Things that may happen until everything comes to rest; beyond it something goes round for ever.
const STEPS_MAX: usize = 50_000;

/// Everything that there is.
pub struct World {
    /// The true time, in milliseconds since 1970.
    pub now_ms: u64,
    /// The relay's machine.
    pub host: Host,
    /// The devices, by name.
    pub devices: BTreeMap<String, Device>,
    /// What has happened, in words.
    pub story: Vec<String>,
    /// What is watched all the time.
    pub watch: Watch,
    /// From which everything is drawn.
    pub random: ChaCha8Rng,
    /// What a lying relay makes of its frames before it sends them; `None` keeps one back.
    pub tamper: Option<Tamper>,
    links: BTreeMap<ConnectionId, Link>,
    next_connection: u64,
}

/// Changes a frame on its way from the relay.
pub type Tamper = Box<dyn Fn(RelayFrame) -> Option<RelayFrame>>;

/// What is watched all the time.
#[derive(Clone, Default)]
pub struct Watch {
    /// Words that stand in texts of one team alone; nobody else may be sent a byte of them.
    pub secrets: BTreeMap<PartyId, String>,
    /// How often a secret went to somebody of its team: the search does find them.
    pub secrets_seen: usize,
    /// Secrets that went to somebody else.
    pub leaks: Vec<String>,
    /// Words that people wrote and that were durable on their device, by the device's name.
    pub written: BTreeMap<String, String>,
    /// Words that people wrote and that are not known to be durable yet.
    pub writing: Vec<(String, String)>,
    /// Statements that were signed and durable on some device, with the device's name.
    pub signed: BTreeMap<StatementId, String>,
    /// What was refused though the device's own judge allowed it, or shown otherwise than judged.
    pub alarms: Vec<String>,
}

struct Link {
    device: String,
    run: u64,
    to_relay: VecDeque<Bytes>,
    to_device: VecDeque<Bytes>,
    /// The device's end is closed.
    is_left: bool,
    /// The relay's end is closed.
    is_closed: bool,
}

/// Something that can happen next.
enum Move {
    Connect(String),
    Perform(String),
    Flush(String),
    ToRelay(ConnectionId),
    ToDevice(ConnectionId),
    HangUp(ConnectionId),
    Notice(ConnectionId),
    Commit,
    Materialise,
}

impl World {
    /// A world with a relay and nobody else.
    pub fn new(seed: u64) -> Self {
        Self {
            now_ms: BEGINNING_MS,
            host: Host::new(seed ^ 0x7e1a),
            devices: BTreeMap::new(),
            story: Vec::new(),
            watch: Watch::default(),
            random: ChaCha8Rng::seed_from_u64(seed),
            tamper: None,
            links: BTreeMap::new(),
            next_connection: 0,
        }
    }

    /// The same world once more, everybody offline and the relay just started, going on as another
    /// seed has it.
    pub fn fork(&self, seed: u64) -> Self {
        let mut world = Self {
            now_ms: self.now_ms,
            host: self.host.copy(seed ^ 0x7e1a),
            devices: self.devices.clone(),
            story: self.story.clone(),
            watch: self.watch.clone(),
            random: ChaCha8Rng::seed_from_u64(seed),
            tamper: None,
            links: BTreeMap::new(),
            next_connection: self.next_connection,
        };
        for device in world.devices.values_mut() {
            device.link = None;
            device.wants_online = false;
            if let Some(replica) = &mut device.replica {
                replica.disconnected();
            }
            device.reseed(world.random.random());
        }
        world
    }

    /// As [`Self::fork`], with a relay that goes on as the same run: two faces of one relay.
    pub fn twin(&self, seed: u64) -> Self {
        let mut world = self.fork(seed);
        world.host = self.host.twin(seed);
        world
    }

    /// Writes down what happened.
    pub fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    /// A device by name.
    ///
    /// # Panics
    ///
    /// If there is none: the story is wrong.
    pub fn device(&self, name: &str) -> &Device {
        self.devices.get(name).unwrap_or_else(|| panic!("nobody has a device {name}"))
    }

    /// A device by name, to be changed.
    ///
    /// # Panics
    ///
    /// If there is none: the story is wrong.
    pub fn device_mut(&mut self, name: &str) -> &mut Device {
        self.devices.get_mut(name).unwrap_or_else(|| panic!("nobody has a device {name}"))
    }

    /// Draws a number below `below`.
    pub fn draw(&mut self, below: usize) -> usize {
        self.random.random_range(0..below)
    }

    /// Lets time pass.
    pub fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        let actions = self.host.tick(self.now_ms);
        self.follow(actions);
    }

    /// Lets things happen until nothing more would by itself.
    ///
    /// # Panics
    ///
    /// If that does not come to an end.
    pub fn run(&mut self) {
        for _ in 0..STEPS_MAX {
            if !self.step() {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// Lets one thing happen; tells whether one could.
    pub fn step(&mut self) -> bool {
        let mut moves = self.moves();
        if moves.is_empty() {
            return false;
        }
        let drawn = self.random.random_range(0..moves.len());
        let ms = self.random.random_range(1..40);
        self.pass(ms);
        self.make(moves.swap_remove(drawn));
        true
    }

    fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        for (name, device) in &self.devices {
            let Some(replica) = &device.replica else { continue };
            if !device.pending.is_empty() {
                moves.push(Move::Perform(name.clone()));
            } else if device.is_unsent && *replica.link() == LinkState::Live {
                moves.push(Move::Flush(name.clone()));
            } else if device.link.is_none()
                && device.wants_online
                && device.retry_at_ms <= self.now_ms
                && self.host.relay().is_some()
            {
                moves.push(Move::Connect(name.clone()));
            }
        }
        for (id, link) in &self.links {
            let is_idle = self.devices.get(&link.device).is_some_and(|device| device.pending.is_empty());
            match (link.to_device.is_empty(), link.is_closed) {
                _ if link.is_left => {}
                (false, _) if is_idle => moves.push(Move::ToDevice(*id)),
                (true, true) => moves.push(Move::HangUp(*id)),
                _ => {}
            }
            match link.to_relay.is_empty() {
                _ if link.is_closed => {}
                false => moves.push(Move::ToRelay(*id)),
                true if link.is_left => moves.push(Move::Notice(*id)),
                true => {}
            }
        }
        if self.host.is_committing() && self.host.relay().is_some() {
            moves.push(Move::Commit);
        }
        if self.host.is_materialising() && self.host.relay().is_some() {
            moves.push(Move::Materialise);
        }
        moves
    }

    fn make(&mut self, next: Move) {
        match next {
            Move::Connect(name) => self.connect(&name),
            Move::Perform(name) => self.perform(&name),
            Move::Flush(name) => {
                let now_ms = self.now_ms;
                let device = self.device_mut(&name);
                device.is_unsent = false;
                device.act(now_ms, |replica, now| replica.flush(now));
            }
            Move::ToRelay(id) => {
                let frame = self.links.get_mut(&id).and_then(|link| link.to_relay.pop_front());
                if let Some(frame) = frame {
                    self.input(Input::Received { connection: id, frame });
                }
            }
            Move::ToDevice(id) => self.deliver(id),
            Move::HangUp(id) => self.hang_up(id),
            Move::Notice(id) => self.notice(id),
            Move::Commit => {
                let actions = self.host.go_on_committing(self.now_ms);
                self.follow(actions);
            }
            Move::Materialise => {
                let actions = self.host.go_on_materialising(self.now_ms);
                self.follow(actions);
            }
        }
    }

    fn connect(&mut self, name: &str) {
        let id = ConnectionId(self.next_connection);
        self.next_connection += 1;
        let (device, run) = (name.to_owned(), self.host.run);
        let (to_relay, to_device) = (VecDeque::new(), VecDeque::new());
        self.links.insert(id, Link { device, run, to_relay, to_device, is_left: false, is_closed: false });
        let now_ms = self.now_ms;
        let device = self.device_mut(name);
        device.link = Some(id);
        device.act(now_ms, |replica, _| replica.connected(true));
        let random = self.host.draw();
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        self.input(Input::Connected { connection: id, address, random });
    }

    /// Performs one step of what a device has to do.
    pub fn perform(&mut self, name: &str) {
        let now_ms = self.now_ms;
        let Some(device) = self.devices.get_mut(name) else { return };
        let link = device.link;
        match device.perform(now_ms) {
            Performed::Inside => {}
            Performed::Sent(frame) => {
                if let Some(link) = link.and_then(|id| self.links.get_mut(&id)) {
                    link.to_relay.push_back(Bytes::from(frame));
                }
            }
            Performed::Closed => self.leave(name),
        }
        self.watch_disk(name);
    }

    /// Performs everything that a device has to do.
    pub fn perform_all(&mut self, name: &str) {
        while self.devices.get(name).is_some_and(|device| !device.pending.is_empty()) {
            self.perform(name);
        }
    }

    fn deliver(&mut self, id: ConnectionId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let Some(frame) = link.to_device.pop_front() else { return };
        let (name, now_ms) = (link.device.clone(), self.now_ms);
        let bytes = frame.len();
        let device = self.device_mut(&name);
        device.act(now_ms, |replica, now| replica.receive(now, &frame));
        device.go_on(now_ms);
        self.input(Input::Drained { connection: id, bytes });
    }

    /// The device closes its end; what it has sent still arrives.
    fn leave(&mut self, name: &str) {
        let now_ms = self.now_ms;
        let Some(device) = self.devices.get_mut(name) else { return };
        device.retry_at_ms = now_ms + BACKOFF_MS;
        let Some(id) = device.link.take() else { return };
        device.act(now_ms, |replica, _| replica.disconnected());
        if let Some(link) = self.links.get_mut(&id) {
            link.is_left = true;
            link.to_device.clear();
            if link.is_closed {
                self.links.remove(&id);
            }
        }
    }

    /// The device finds that the relay has closed the connection.
    fn hang_up(&mut self, id: ConnectionId) {
        let Some(link) = self.links.remove(&id) else { return };
        let now_ms = self.now_ms;
        let device = self.device_mut(&link.device);
        if device.link == Some(id) {
            device.link = None;
            device.retry_at_ms = now_ms + BACKOFF_MS;
            device.act(now_ms, |replica, _| replica.disconnected());
        }
        if link.run == self.host.run {
            self.input(Input::Disconnected { connection: id });
        }
    }

    /// The relay finds that the device is gone.
    fn notice(&mut self, id: ConnectionId) {
        if let Some(link) = self.links.remove(&id)
            && link.run == self.host.run
        {
            self.input(Input::Disconnected { connection: id });
        }
    }

    fn input(&mut self, input: Input) {
        let actions = self.host.handle(self.now_ms, input);
        self.follow(actions);
    }

    fn follow(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Send { connection, frame } => {
                    let Some(frame) = self.tampered(frame) else { continue };
                    self.watch_frame(connection, &frame);
                    if let Some(link) = self.links.get_mut(&connection).filter(|link| !link.is_left) {
                        link.to_device.push_back(frame);
                    }
                }
                Action::Close { connection, .. } => {
                    let Some(link) = self.links.get_mut(&connection) else { continue };
                    link.is_closed = true;
                    if link.is_left {
                        self.links.remove(&connection);
                    }
                }
                _ => {}
            }
        }
    }

    fn tampered(&self, frame: Bytes) -> Option<Bytes> {
        let Some(tamper) = &self.tamper else { return Some(frame) };
        let decoded = RelayFrame::decode(&frame).expect("the relay sends frames");
        Some(Bytes::from(codec::encode(&tamper(decoded)?)))
    }

    // What goes wrong.

    /// Lets a device connect, as soon as things go on.
    pub fn online(&mut self, name: &str) {
        let device = self.device_mut(name);
        device.wants_online = true;
        device.retry_at_ms = 0;
    }

    /// Takes a device off the network: frames on the way are lost from some frame on.
    pub fn offline(&mut self, name: &str) {
        self.device_mut(name).wants_online = false;
        self.cut(name);
    }

    /// Cuts a device's connection, if it has one.
    pub fn cut(&mut self, name: &str) {
        let now_ms = self.now_ms;
        let device = self.device_mut(name);
        device.pending.retain(|effect| !matches!(effect, entente_client::replica::Effect::Send(_)));
        let Some(id) = device.link.take() else { return };
        device.act(now_ms, |replica, _| replica.disconnected());
        let Some(link) = self.links.get_mut(&id) else { return };
        let arrived = self.random.random_range(0..=link.to_relay.len());
        link.to_relay.truncate(arrived);
        link.to_device.clear();
        link.is_left = true;
        if link.is_closed {
            self.links.remove(&id);
        }
    }

    /// Kills a device's program between two effects.
    pub fn crash(&mut self, name: &str) {
        self.cut(name);
        self.device_mut(name).crash();
        self.watch.writing.retain(|(device, _)| device != name);
    }

    /// Starts a device's program again, if it is not running and there is anything on its disk.
    pub fn reopen(&mut self, name: &str) {
        let now_ms = self.now_ms;
        let device = self.device_mut(name);
        if device.replica.is_some() {
            return;
        }
        if let Err(error) = device.open(now_ms) {
            let what = format!("{name} cannot open the program: {error}");
            self.tell(what);
        }
    }

    /// Puts an older copy of a device's disk in place of its disk, and starts the program on it.
    pub fn restore(&mut self, name: &str, disk: Disk) {
        self.crash(name);
        self.device_mut(name).disk = disk;
        self.reopen(name);
        self.forget_what_is_lost();
    }

    /// Kills the relay. Its ends of all connections are gone.
    pub fn crash_relay(&mut self, fate: Fate) {
        self.host.crash(fate);
        for link in self.links.values_mut() {
            link.is_closed = true;
            link.to_relay.clear();
            let arrived = self.random.random_range(0..=link.to_device.len());
            link.to_device.truncate(arrived);
        }
        self.links.retain(|_, link| !link.is_left);
    }

    /// Starts the relay again.
    pub fn start_relay(&mut self) {
        if self.host.relay().is_none() {
            self.host.start(false);
        }
    }

    /// Kills the relay and starts it on an older copy of its disk.
    pub fn restore_relay(&mut self, image: Image, is_recovering: bool) {
        self.crash_relay(Fate::Lost);
        self.host.restore(image);
        self.host.start(is_recovering);
        self.forget_what_is_lost();
    }

    /// Ends the relay's recovering mode.
    pub fn resume_relay(&mut self) {
        self.input(Input::Resume);
    }

    // What is watched.

    fn watch_frame(&mut self, connection: ConnectionId, frame: &[u8]) {
        let Some(link) = self.links.get(&connection) else { return };
        let Some(device) = self.devices.get(&link.device) else { return };
        let unpacked = unpacked(frame);
        for (team, secret) in &self.watch.secrets {
            let is_in = |bytes: &[u8]| contains(bytes, secret.as_bytes());
            match is_in(frame) || unpacked.iter().any(|bytes| is_in(bytes)) {
                true if *team == device.team => self.watch.secrets_seen += 1,
                true => self.watch.leaks.push(format!("{} was sent what only {team} may read", device.name)),
                false => {}
            }
        }
    }

    fn watch_disk(&mut self, name: &str) {
        let Some(device) = self.devices.get(name) else { return };
        let watch = &mut self.watch;
        watch.writing.retain(|(by, word)| {
            let is_durable = by == name && device.disk.records_contain(word.as_bytes());
            if is_durable {
                watch.written.insert(word.clone(), by.clone());
            }
            !is_durable
        });
        let Some(replica) = &device.replica else { return };
        for outgoing in replica.outgoing() {
            let key = [b"outbox/", &outgoing.number.to_be_bytes()[..]].concat();
            let id = outgoing.statement.id;
            if device.disk.has(&key) && !watch.signed.contains_key(&id) {
                watch.signed.insert(id, name.to_owned());
            }
        }
    }

    /// After a disk was lost or put back in time: what stands nowhere any more is not missed.
    pub fn forget_what_is_lost(&mut self) {
        let places: Vec<&Disk> = self.devices.values().map(|device| &device.disk).collect();
        let entries = crate::oracle::all_entries(&*self.host.store);
        let kept: BTreeSet<StatementId> = entries.iter().map(|entry| entry.statement).collect();
        let is_somewhere = |needle: &[u8]| {
            entries.iter().any(|entry| contains(&entry.envelope, needle))
                || places.iter().any(|disk| disk.contains(needle))
        };
        self.watch.written.retain(|word, _| is_somewhere(word.as_bytes()));
        let held = |id: &StatementId| {
            kept.contains(id)
                || self.devices.values().any(|device| {
                    let outgoing = device.replica.iter().flat_map(|replica| replica.outgoing());
                    let mut outgoing = outgoing.map(|outgoing| outgoing.statement.id);
                    let ledgers = device.disk.documents().flat_map(|document| device.disk.ledger(document));
                    outgoing.any(|found| found == *id)
                        || ledgers.into_iter().any(|kept| kept.statement == *id)
                })
        };
        self.watch.signed.retain(|id, _| held(id));
    }

    /// The story, for a test that fails.
    pub fn story_so_far(&self) -> String {
        let mut text = "\nThe story so far:\n".to_owned();
        for (number, line) in self.story.iter().enumerate() {
            text += &format!("{:4}  {line}\n", number + 1);
        }
        text
    }

    /// Draws 16 random bytes as a UUID in text.
    pub fn draw_uuid(&mut self) -> String {
        let mut bytes = [0; 16];
        self.random.fill_bytes(&mut bytes);
        DocumentId(bytes).uuid().to_string()
    }
}

/// What stands in the packed sections of attested views, where a search in the frame finds nothing.
fn unpacked(frame: &[u8]) -> Vec<Vec<u8>> {
    let Ok(RelayFrame::Attested { views }) = RelayFrame::decode(frame) else { return Vec::new() };
    let parts = views.iter().flat_map(|view| &view.sections).filter_map(|(_, part)| match part {
        AttestedPart::Shown { state, packed } if !packed.is_empty() => Some((state, packed)),
        _ => None,
    });
    // What a lying relay has made of it need not fit.
    let sections = parts.filter_map(|(state, packed)| Section::unpack(packed, &state.heads).ok());
    let changes = sections.flat_map(|mut section| section.doc_mut().get_changes(&[]));
    changes.map(|change| change.raw_bytes().to_vec()).collect()
}

impl Drop for World {
    /// A test that fails says what led there.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.story_so_far());
        }
    }
}
