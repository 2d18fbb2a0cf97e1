//! Connections: who is at the other end, and how much is on the way to them.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::rules::Member;
use entente_shared::wire::{Access, Attention, CloseReason, RelayFrame};

use super::Turn;
use super::io::{Action, ConnectionId, Counter};
use crate::limits::{Bucket, QUEUE_BYTES_HARD_MAX, QUEUE_BYTES_MAX};

/// One connection.
pub(super) struct Connection {
    pub address: IpAddr,
    pub since_ms: u64,
    pub stage: Stage,
    /// Frames other than `Submit`.
    pub requests: Bucket,
    /// Bytes sent that the socket has not taken yet, as far as it has reported.
    in_flight: usize,
    /// Since when the queue is full.
    pub full_since_ms: Option<u64>,
}

pub(super) enum Stage {
    /// The challenge is out.
    Greeting { nonce: [u8; 16] },
    /// The device is let in.
    Session(Box<Session>),
}

/// What an authenticated connection may do and is sent.
pub(super) struct Session {
    /// Absent while founding.
    pub partnership: Option<PartnershipId>,
    pub device: DeviceId,
    pub access: Access,
    /// The person as the durable charter has them.
    pub member: Option<Arc<Member>>,
    pub invite: Option<InviteId>,
    /// The hash of the founding token.
    pub token: Option<[u8; 32]>,
    pub subscription: Option<Subscription>,
    /// Whether the next subscription begins with attested views.
    pub asks_attested: bool,
    /// What the person looks at, as they say.
    pub attention: Option<Attention>,
}

/// What a session reads. A document that is in neither list has been sent up to its durable head.
#[derive(Default)]
pub(super) struct Subscription {
    /// Whether later entries are sent too.
    pub live: bool,
    /// The next entry of each document of which the client has not been sent all.
    pub lagging: BTreeMap<DocumentId, u64>,
    /// Documents of which an attested view is to be sent before any entries.
    pub views: VecDeque<DocumentId>,
    /// Documents of which the client knows an entry that is not on this chain: nothing is sent
    /// but the head, until the chain has that entry. While this is the charter, nothing else is
    /// sent at all: the client could not judge it.
    pub withheld: BTreeMap<DocumentId, Position>,
    /// What the client said that it knows, while the charter is withheld.
    pub known: BTreeMap<DocumentId, Position>,
    /// The document that was sent last, so that each gets its turn.
    pub cursor: Option<DocumentId>,
    /// The heads are still to be sent, after the catch-up.
    pub heads_due: bool,
}

/// All connections, and how many there are of each kind.
#[derive(Default)]
pub(super) struct Connections {
    all: BTreeMap<ConnectionId, Connection>,
    greeting_from: BTreeMap<IpAddr, usize>,
    of_device: BTreeMap<DeviceId, usize>,
    overfull: Vec<ConnectionId>,
}

impl Connection {
    pub(super) fn new(address: IpAddr, nonce: [u8; 16], requests_per_minute: u64, now_ms: u64) -> Self {
        Self {
            address,
            since_ms: now_ms,
            stage: Stage::Greeting { nonce },
            requests: Bucket::new(requests_per_minute, now_ms),
            in_flight: 0,
            full_since_ms: None,
        }
    }

    pub(super) fn session(&self) -> Option<&Session> {
        match &self.stage {
            Stage::Session(session) => Some(session),
            Stage::Greeting { .. } => None,
        }
    }

    pub(super) fn session_mut(&mut self) -> Option<&mut Session> {
        match &mut self.stage {
            Stage::Session(session) => Some(session),
            Stage::Greeting { .. } => None,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.full_since_ms.is_some()
    }

    /// Takes note that the socket took `bytes`; tells whether a full queue has room again.
    pub(super) fn drained(&mut self, bytes: usize, now_ms: u64) -> bool {
        self.in_flight = self.in_flight.saturating_sub(bytes);
        if self.in_flight < QUEUE_BYTES_MAX {
            return self.full_since_ms.take().is_some();
        }
        // It is slow, but it reads.
        self.full_since_ms = self.full_since_ms.map(|_| now_ms);
        false
    }
}

impl Connections {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.all.get_mut(&id)
    }

    pub(super) fn session(&self, id: ConnectionId) -> Option<&Session> {
        self.all.get(&id)?.session()
    }

    pub(super) fn session_mut(&mut self, id: ConnectionId) -> Option<&mut Session> {
        self.all.get_mut(&id)?.session_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (ConnectionId, &Connection)> {
        self.all.iter().map(|(id, connection)| (*id, connection))
    }

    pub(super) fn greeting_from(&self, address: &IpAddr) -> usize {
        self.greeting_from.get(address).copied().unwrap_or(0)
    }

    pub(super) fn of_device(&self, device: &DeviceId) -> usize {
        self.of_device.get(device).copied().unwrap_or(0)
    }

    pub(super) fn insert(&mut self, id: ConnectionId, connection: Connection) {
        *self.greeting_from.entry(connection.address).or_default() += 1;
        self.all.insert(id, connection);
    }

    /// Turns a greeting into a session.
    pub(super) fn let_in(&mut self, id: ConnectionId, session: Session) {
        let Some(connection) = self.all.get_mut(&id) else { return };
        *self.of_device.entry(session.device).or_default() += 1;
        less_one(&mut self.greeting_from, &connection.address);
        connection.stage = Stage::Session(Box::new(session));
    }

    pub(super) fn remove(&mut self, id: ConnectionId) -> Option<Connection> {
        let connection = self.all.remove(&id)?;
        match &connection.stage {
            Stage::Greeting { .. } => less_one(&mut self.greeting_from, &connection.address),
            Stage::Session(session) => less_one(&mut self.of_device, &session.device),
        }
        Some(connection)
    }

    /// Sends a frame. A queue that it fills takes nothing more that can be had later; answers still
    /// go out until the client is plainly not reading.
    pub(super) fn send(&mut self, turn: &mut Turn<'_>, id: ConnectionId, frame: Bytes) {
        let Some(connection) = self.all.get_mut(&id) else { return };
        if connection.in_flight > QUEUE_BYTES_HARD_MAX {
            return self.overfull.push(id);
        }
        connection.in_flight += frame.len();
        if connection.in_flight >= QUEUE_BYTES_MAX && connection.full_since_ms.is_none() {
            connection.full_since_ms = Some(turn.now_ms);
            turn.count(Counter::ReadersLagging, 1);
        }
        turn.actions.push(Action::Send { connection: id, frame });
    }

    pub(super) fn send_frame(&mut self, turn: &mut Turn<'_>, id: ConnectionId, frame: &RelayFrame) {
        self.send(turn, id, Bytes::from(codec::encode(frame)));
    }

    /// Connections that do not read although more is on the way to them than any queue may hold.
    pub(super) fn take_overfull(&mut self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.overfull)
    }
}

impl Subscription {
    /// Tells whether a document may be sent now, as far as that depends on the charter.
    pub(super) fn may_send(&self, document: DocumentId, charter: DocumentId) -> bool {
        document == charter || !self.withheld.contains_key(&charter)
    }
}

impl Session {
    /// The subscription, if later entries are to be sent.
    pub(super) fn live(&mut self) -> Option<&mut Subscription> {
        self.subscription.as_mut().filter(|subscription| subscription.live)
    }
}

/// Says goodbye on a connection that is in no list any more.
pub(super) fn say_closing(turn: &mut Turn<'_>, id: ConnectionId, reason: CloseReason) {
    let frame = RelayFrame::Closing { reason: reason.clone() };
    turn.actions.push(Action::Send { connection: id, frame: Bytes::from(codec::encode(&frame)) });
    turn.count(Counter::ConnectionsClosed(reason_name(&reason)), 1);
    turn.actions.push(Action::Close { connection: id, reason });
}

fn reason_name(reason: &CloseReason) -> &'static str {
    match reason {
        CloseReason::Version { .. } => "version",
        CloseReason::Protocol { .. } => "protocol",
        CloseReason::Signature => "signature",
        CloseReason::UnknownPartnership => "unknown-partnership",
        CloseReason::UnknownDevice => "unknown-device",
        CloseReason::Revoked => "revoked",
        CloseReason::Invitation => "invitation",
        CloseReason::Founding => "founding",
        CloseReason::SlowReader => "slow-reader",
        CloseReason::Limit { .. } => "limit",
        CloseReason::Stopping => "stopping",
    }
}

fn less_one<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
