//! The handshake: the relay speaks first, the device signs, the relay signs back.

use std::net::IpAddr;
use std::sync::Arc;

use entente_shared::charter::{CharterState, Standing};
use entente_shared::crypto::{self, Purpose};
use entente_shared::ids::*;
use entente_shared::wire::*;
use entente_store::Store;

use super::connections::{Connection, Session, Stage, say_closing};
use super::founding::FoundingToken;
use super::io::{ConnectionId, Counter};
use super::{Relay, Turn};
use crate::limits::{HELLO_WAIT_MS, RETRY_AFTER_MS};

impl<S: Store> Relay<S> {
    pub(super) fn connected(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        address: IpAddr,
        nonce: [u8; 16],
    ) {
        turn.count(Counter::ConnectionsOpened, 1);
        if self.is_stopping {
            return say_closing(turn, id, CloseReason::Stopping);
        }
        let limits = &self.options.limits;
        let too_many = self.connections.len() >= limits.connections_max
            || self.connections.greeting_from(&address) >= limits.greetings_per_address_max;
        if too_many {
            return say_closing(turn, id, CloseReason::Limit { retry_after_ms: RETRY_AFTER_MS });
        }
        let connection = Connection::new(address, nonce, limits.requests_per_minute, turn.now_ms);
        self.connections.insert(id, connection);
        let relay = self.seal.key.relay();
        let challenge = RelayFrame::Challenge { version: PROTOCOL_VERSION, nonce, relay };
        self.connections.send_frame(turn, id, &challenge);
    }

    /// Reads the first frame of a client and lets it in, or closes the connection.
    pub(super) fn greeted(&mut self, turn: &mut Turn<'_>, id: ConnectionId, nonce: [u8; 16], frame: &[u8]) {
        let hello = match ClientFrame::decode(frame, HELLO_BYTES_MAX) {
            Ok(ClientFrame::Hello(hello)) => hello,
            Ok(_) => return self.close(turn, id, protocol("the first frame is not `Hello`")),
            Err(error) => return self.close(turn, id, protocol(error)),
        };
        let message = hello_message(&nonce, &hello.nonce, &hello.partnership, &self.seal.key.relay());
        match self.examine(turn, &hello, &message) {
            Ok(session) => self.welcome(turn, id, session, &message),
            Err(reason) => self.close(turn, id, reason),
        }
    }

    fn welcome(&mut self, turn: &mut Turn<'_>, id: ConnectionId, session: Session, message: &[u8]) {
        let welcome = RelayFrame::Welcome {
            signature: self.seal.key.sign(Purpose::Welcome, &[message]),
            incarnation: self.seal.incarnation,
            time_ms: turn.now_ms,
            operator: self.options.operator.clone(),
            access: session.access,
        };
        if let Some(partnership) = session.partnership.and_then(|id| self.partnerships.get_mut(&id)) {
            partnership.sessions.insert(id);
        }
        self.connections.let_in(id, session);
        turn.count(Counter::ConnectionsWelcomed, 1);
        self.connections.send_frame(turn, id, &welcome);
    }

    fn examine(
        &mut self,
        turn: &mut Turn<'_>,
        hello: &Hello,
        message: &[u8],
    ) -> Result<Session, CloseReason> {
        if hello.version != PROTOCOL_VERSION {
            return Err(CloseReason::Version { relay: PROTOCOL_VERSION });
        }
        if !crypto::verify(Purpose::Connect, &hello.device.0, &[message], &hello.signature) {
            return Err(CloseReason::Signature);
        }
        if self.connections.of_device(&hello.device) >= self.options.limits.connections_per_device_max {
            return Err(CloseReason::Limit { retry_after_ms: RETRY_AFTER_MS });
        }
        if let Pass::Founding { token } = &hello.pass {
            return self.examine_founder(turn.now_ms, hello, token);
        }
        let charter = self.durable_charter(turn, hello.partnership)?;
        match &hello.pass {
            Pass::Invited { invite, signature } => {
                if !crypto::verify(Purpose::Connect, &invite.0, &[message], signature) {
                    return Err(CloseReason::Signature);
                }
                examine_invited(&charter, hello, *invite, turn.now_ms)
            }
            _ => examine_member(&charter, hello),
        }
    }

    fn examine_founder(&self, now_ms: u64, hello: &Hello, token: &[u8]) -> Result<Session, CloseReason> {
        if hello.partnership != PartnershipId([0; 32]) {
            return Err(protocol("a partnership that is to be founded has no id yet"));
        }
        let mut session = Session::new(None, hello.device, Access::Founding);
        if !self.options.founding_is_open {
            let pending = |hash: &[u8; 32]| self.tokens_pending.get(hash).copied().unwrap_or(0);
            let found = FoundingToken::find(&*self.store, token, now_ms, pending);
            session.token = Some(found.ok_or(CloseReason::Founding)?.hash);
        }
        Ok(session)
    }

    /// The charter by which a connection is let in.
    fn durable_charter(
        &mut self,
        turn: &mut Turn<'_>,
        id: PartnershipId,
    ) -> Result<Arc<CharterState>, CloseReason> {
        match self.load_partnership(turn, id) {
            Ok(true) => {}
            Ok(false) => return Err(CloseReason::UnknownPartnership),
            Err(_) => return Err(CloseReason::Limit { retry_after_ms: 60 * RETRY_AFTER_MS }),
        }
        let found = self.partnerships.get(&id).and_then(|partnership| partnership.durable.clone());
        found.ok_or(CloseReason::UnknownPartnership)
    }

    /// Closes connections that have not said hello in time.
    pub(super) fn close_silent(&mut self, turn: &mut Turn<'_>) {
        let is_late = |connection: &Connection| {
            matches!(connection.stage, Stage::Greeting { .. })
                && turn.now_ms.saturating_sub(connection.since_ms) >= HELLO_WAIT_MS
        };
        let late = self.connections.iter().filter(|(_, connection)| is_late(connection));
        let late: Vec<_> = late.map(|(id, _)| id).collect();
        for id in late {
            self.close(turn, id, protocol("no `Hello` in time"));
        }
    }
}

impl Session {
    fn new(partnership: Option<PartnershipId>, device: DeviceId, access: Access) -> Self {
        Self {
            partnership,
            device,
            access,
            member: None,
            invite: None,
            token: None,
            subscription: None,
            asks_attested: false,
            attention: None,
        }
    }

    /// Makes this a member's session: at the handshake, or when the device's founding or enrolment
    /// has become durable. What it had subscribed to ends: there is more to read now.
    pub(super) fn raise(&mut self, charter: &CharterState) {
        self.subscription = None;
        self.partnership = Some(charter.partnership);
        self.access = Access::Member;
        self.member = charter.member_of(&self.device).map(Arc::new);
    }
}

fn examine_member(charter: &CharterState, hello: &Hello) -> Result<Session, CloseReason> {
    let session = |access| Session::new(Some(hello.partnership), hello.device, access);
    match charter.standing(&hello.device) {
        Ok(Standing::Member { live: true, .. }) => {
            let mut session = session(Access::Member);
            session.raise(charter);
            Ok(session)
        }
        Ok(Standing::Member { live: false, .. }) => Ok(session(Access::Deposit)),
        // A recovery key invites, and needs the charter for that.
        Ok(Standing::Recovery(_)) => Ok(session(Access::Invited)),
        Err(entente_shared::judge::Refusal::LostDevice) => Err(CloseReason::Revoked),
        Err(_) => Err(CloseReason::UnknownDevice),
    }
}

fn examine_invited(
    charter: &CharterState,
    hello: &Hello,
    invite: InviteId,
    now_ms: u64,
) -> Result<Session, CloseReason> {
    // Whoever used the invitation and missed the answer is a member by now.
    if charter.member_of(&hello.device).is_some() {
        return examine_member(charter, hello);
    }
    charter.members.open_invitation(&invite, now_ms).map_err(|_| CloseReason::Invitation)?;
    let mut session = Session::new(Some(hello.partnership), hello.device, Access::Invited);
    session.invite = Some(invite);
    Ok(session)
}

/// Closes because of what the client sent.
pub(super) fn protocol(detail: impl ToString) -> CloseReason {
    CloseReason::Protocol { detail: detail.to_string() }
}
