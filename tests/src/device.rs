//! A person's device: a replica, a disk, and a shell that performs effects one after the other.

use std::collections::VecDeque;

use entente_client::replica::{Effect, Event, JoinPass, LinkState, Now, OpenError, Outgoing, Replica};
use entente_server::relay::ConnectionId;
use entente_shared::charter::LEAD;
use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::ids::{DeviceId, PartyId};
use entente_shared::statement::Act;
use entente_shared::wire::Access;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::disk::Disk;

/// One device.
#[derive(Clone)]
pub struct Device {
    /// Its name: the person's, or `anna/phone` for a further device.
    pub name: String,
    /// The person's team.
    pub team: PartyId,
    /// Its key.
    pub key: Key,
    /// The program; absent after a crash.
    pub replica: Option<Replica>,
    /// What survives a crash.
    pub disk: Disk,
    /// Effects that the shell has not performed yet.
    pub pending: VecDeque<Effect>,
    /// Its connection.
    pub link: Option<ConnectionId>,
    /// Whether it connects when it can.
    pub wants_online: bool,
    /// When it tries again after the relay closed a connection (true time, milliseconds).
    pub retry_at_ms: u64,
    /// How wrong its clock is, in milliseconds.
    pub clock_off_ms: i64,
    /// Whether the shell has something to sign and send.
    pub is_unsent: bool,
    /// What it told its person.
    pub told: Vec<Event>,
    must_reopen: bool,
    random: ChaCha8Rng,
}

/// What performing effects led to outside the device.
pub enum Performed {
    /// Something was made durable, or said to the person.
    Inside,
    /// A frame goes to the relay.
    Sent(Vec<u8>),
    /// The connection is closed.
    Closed,
}

impl Device {
    /// A device with a program that has just been started for the first time.
    pub fn new(name: &str, team: &PartyId, mut replica: Replica, seed: u64) -> Self {
        replica.show_attested(true);
        let mut device = Self {
            name: name.to_owned(),
            team: team.clone(),
            key: replica.key().clone(),
            replica: Some(replica),
            disk: Disk::default(),
            pending: VecDeque::new(),
            link: None,
            wants_online: false,
            retry_at_ms: 0,
            clock_off_ms: 0,
            is_unsent: false,
            told: Vec::new(),
            must_reopen: false,
            random: ChaCha8Rng::seed_from_u64(seed),
        };
        device.collect();
        device
    }

    /// Its own idea of the time, in milliseconds since 1970.
    pub fn clock_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.clock_off_ms)
    }

    /// Gives it another source of randomness, so that two copies of a device differ.
    pub fn reseed(&mut self, seed: u64) {
        self.random = ChaCha8Rng::seed_from_u64(seed);
    }

    /// Lets the program do something; `None` if it is not running.
    pub fn act<T>(&mut self, now_ms: u64, act: impl FnOnce(&mut Replica, &mut Now<'_>) -> T) -> Option<T> {
        let ms = self.clock_ms(now_ms);
        let random = &mut self.random;
        let answer =
            act(self.replica.as_mut()?, &mut Now { ms, random: &mut |bytes| random.fill_bytes(bytes) });
        self.collect();
        Some(answer)
    }

    fn collect(&mut self) {
        if let Some(replica) = &mut self.replica {
            self.pending.extend(replica.take_effects());
        }
    }

    /// Performs the next effect. Records that are written one after the other are one step.
    pub fn perform(&mut self, now_ms: u64) -> Performed {
        let Some(effect) = self.pending.pop_front() else { return Performed::Inside };
        let is_record = is_record(&effect);
        let performed = self.perform_one(effect);
        while is_record && self.pending.front().is_some_and(self::is_record) {
            let Some(effect) = self.pending.pop_front() else { break };
            self.perform_one(effect);
        }
        if self.pending.is_empty() && self.must_reopen {
            self.must_reopen = false;
            if let Err(error) = self.open(now_ms) {
                panic!("{} cannot open what it has set aside: {error}", self.name);
            }
        }
        performed
    }

    fn perform_one(&mut self, effect: Effect) -> Performed {
        match effect {
            Effect::Keep { document, entries } => self.disk.keep(document, entries),
            Effect::SetAside { document } => self.disk.set_aside(document),
            Effect::Write { key, value } => self.disk.write(key, value),
            Effect::Witness(checkpoint) => self.disk.witness(checkpoint),
            Effect::Send(frame) => return Performed::Sent(codec::encode(&frame)),
            Effect::Refill { document, from } => {
                let kept = self.disk.ledger(document).to_vec();
                self.at_once(|replica| replica.refill(document, from, &kept));
            }
            Effect::Salvage { document } => {
                let kept = self.disk.ledger(document).to_vec();
                self.at_once(|replica| replica.salvage(&kept));
                self.must_reopen = true;
            }
            Effect::Close => return Performed::Closed,
            Effect::Tell(event) => self.told.push(event),
        }
        Performed::Inside
    }

    /// What follows from reading the disk comes before everything else that waits.
    fn at_once(&mut self, act: impl FnOnce(&mut Replica)) {
        let Some(replica) = &mut self.replica else { return };
        act(replica);
        for effect in replica.take_effects().into_iter().rev() {
            self.pending.push_front(effect);
        }
    }

    /// Kills the program between two effects.
    pub fn crash(&mut self) {
        self.replica = None;
        self.pending.clear();
        self.link = None;
        self.is_unsent = false;
        self.must_reopen = false;
    }

    /// Starts the program on what the disk holds.
    ///
    /// # Errors
    ///
    /// The disk holds nothing, or what it holds is damaged.
    pub fn open(&mut self, now_ms: u64) -> Result<(), OpenError> {
        self.pending.clear();
        let mut replica = Replica::open(self.key.clone(), self.disk.stored(), self.clock_ms(now_ms))?;
        replica.show_attested(true);
        self.replica = Some(replica);
        self.is_unsent = true;
        self.collect();
        Ok(())
    }

    /// What the shell does of itself after frames have come in: it enrols by the invitation that it
    /// was given, once.
    pub fn go_on(&mut self, now_ms: u64) {
        let Some(replica) = &self.replica else { return };
        let is_let_in = *replica.link() == LinkState::Live && replica.access() == Some(Access::Invited);
        let enrols = |statement: &Outgoing| matches!(statement.statement.header.act, Act::Enrol { .. });
        if !is_let_in || replica.me().is_ok() || replica.outgoing().any(enrols) {
            return;
        }
        let name = self.name.clone();
        let recovery = self.is_let_in_as_lead().then(|| self.key_of_recovery());
        let is_enrolled = self.act(now_ms, |replica, now| replica.enrol(now, &name, recovery).is_ok());
        self.is_unsent |= is_enrolled == Some(true);
    }

    fn is_let_in_as_lead(&self) -> bool {
        let found = || {
            let replica = self.replica.as_ref()?;
            let Some(JoinPass::Invited { secret }) = &replica.profile().entry else { return None };
            let state = replica.state().ok()?;
            let invitation = state.members.invitations.get(&Key::from_secret(*secret).invite())?;
            state.contents.people.get(&invitation.person).map(|row| row.roles.contains(&LEAD.into()))
        };
        found() == Some(true)
    }

    /// The first lead of a party prints a recovery key; here it follows from the device's.
    fn key_of_recovery(&self) -> DeviceId {
        let mut secret = self.key.secret();
        secret[0] ^= 0x5a;
        Key::from_secret(secret).device()
    }
}

/// Tells whether an effect is a record, or leaves no trace in the store at all.
fn is_record(effect: &Effect) -> bool {
    matches!(effect, Effect::Write { .. } | Effect::Tell(_) | Effect::Witness(_))
}
