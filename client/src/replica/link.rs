//! The connection to the relay: handshake, what is asked for, what is sent, and the answers to it.

use std::collections::BTreeSet;

use entente_shared::codec;
use entente_shared::crypto::{self, Key, Purpose};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::wire::*;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::records::{self, PROFILE};
use super::replicated::{Base, Replicated};
use super::{Effect, Event, Now, Replica};

/// How a device that is not enrolled yet gets in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum JoinPass {
    /// With the operator's founding token.
    #[n(0)]
    Founding {
        /// The token.
        #[n(0)]
        token: ByteVec,
    },
    /// With the secret half of an invite key.
    #[n(1)]
    Invited {
        /// The secret.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        secret: [u8; 32],
    },
}

/// How far the connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkState {
    /// There is none.
    #[default]
    Offline,
    /// Connected; the relay speaks first.
    Connected,
    /// The relay was greeted and has to let this device in.
    Greeted,
    /// Let in; what was missed arrives.
    CatchingUp,
    /// Everything that was missed has arrived.
    Live,
}

#[derive(Clone, Default)]
pub(super) struct Link {
    pub(super) state: LinkState,
    pub(super) relay: Option<RelayId>,
    message: Vec<u8>,
    pub(super) access: Option<Access>,
    live: bool,
    /// Whether attested views were asked for.
    pub(super) asks_attested: bool,
    told_up_to_date: bool,
    /// What was said to be still only here.
    told_still_here: Vec<StatementId>,
    /// How often this session has asked for everything.
    pub(super) catch_ups: u32,
    /// The documents whose heads the relay has named in this session.
    pub(super) named: BTreeSet<DocumentId>,
    /// The documents of which the relay has asked for entries in this session.
    pub(super) missing: BTreeSet<DocumentId>,
    /// Who else looks at the document that the person looks at, as the relay said last.
    present: Option<(DocumentId, Vec<Present>)>,
}

impl Link {
    pub fn state(&self) -> &LinkState {
        &self.state
    }
}

/// Most bytes of statements in one frame.
pub(super) const SUBMIT_BYTES_MAX: usize = 1024 * 1024;
/// By how much the relay's clock may have moved before it is remembered anew, in milliseconds.
const CLOCK_MOMENT_MS: u64 = 5_000;
/// Most checkpoints in one frame, about 250 bytes each.
const SHOWN_MAX: usize = 4096;

/// Tells whether trying to connect again would change nothing.
pub fn is_final(reason: &CloseReason) -> bool {
    use CloseReason as Reason;
    matches!(
        reason,
        Reason::Version { .. }
            | Reason::Signature
            | Reason::UnknownPartnership
            | Reason::UnknownDevice
            | Reason::Revoked
            | Reason::Invitation
            | Reason::Founding
    )
}

impl Replica {
    /// Takes note of a new connection. `live` keeps it for what comes later.
    pub fn connected(&mut self, live: bool) {
        self.link = Link { state: LinkState::Connected, live, ..Link::default() };
        self.outbox.disconnected();
    }

    /// Takes note that the connection is gone; what was on the way will be sent again.
    pub fn disconnected(&mut self) {
        self.link = Link::default();
        self.outbox.disconnected();
    }

    /// What the relay lets this device do in this session.
    pub fn access(&self) -> Option<Access> {
        self.link.access
    }

    /// Tells whether everything has arrived and everything of ours is answered, though perhaps with
    /// "not now": [`Self::still_here`].
    pub fn is_settled(&self) -> bool {
        self.link.state == LinkState::Live && self.outbox.is_all_answered()
    }

    /// Own statements that the relay did not take when they were last sent and may take later, with
    /// the reason.
    pub fn still_here(&self) -> impl Iterator<Item = (&StatementId, &Refusal)> {
        self.outbox.returned()
    }

    /// Tells whether this session has done what it was for, and a new one would do more: founding
    /// and recovering sessions end so.
    pub fn is_session_over(&self) -> bool {
        self.is_settled()
            && self.profile.entry.is_none()
            && matches!(self.link.access, Some(Access::Founding | Access::Invited))
    }

    /// Says what the person looks at, and asks who else does; `None` stops both. The relay is told anew
    /// after each connection, and keeps nothing of it.
    pub fn attend(&mut self, attention: Option<Attention>) {
        if self.attention == attention {
            return;
        }
        self.attention = attention;
        if matches!(self.link.state, LinkState::CatchingUp | LinkState::Live) {
            self.send_attention();
        }
    }

    fn send_attention(&mut self) {
        let attention = self.attention.clone();
        if attention.is_none() {
            self.link.present = None;
        }
        if self.link.access == Some(Access::Member) {
            self.effects.push(Effect::Send(ClientFrame::Attend { attention }));
        }
    }

    /// The devices that look at a document at the same time, as the relay said last.
    pub fn present(&self, document: DocumentId) -> &[Present] {
        let known = self.link.present.as_ref().filter(|(known, _)| *known == document);
        known.map_or(&[], |(_, others)| others)
    }

    /// Takes a frame of the relay.
    pub fn receive(&mut self, now: &mut Now<'_>, bytes: &[u8]) {
        let frame = match RelayFrame::decode(bytes) {
            Ok(frame) => frame,
            Err(error) => return self.leave(CloseReason::Protocol { detail: error.to_string() }),
        };
        match (self.link.state, frame) {
            // This device has left, and this was on its way.
            (LinkState::Offline, _) => {}
            (LinkState::Connected, RelayFrame::Challenge { version, nonce, relay }) => {
                self.greet(now, version, nonce, relay);
            }
            (LinkState::Greeted, RelayFrame::Welcome { signature, time_ms, operator, access, .. }) => {
                self.welcomed(now, &signature, time_ms, operator, access);
            }
            (_, RelayFrame::Closing { reason }) => self.leave(reason),
            (
                LinkState::CatchingUp | LinkState::Live,
                RelayFrame::Entries { document, deliveries, checkpoint },
            ) => self.take_entries(now, document, deliveries, checkpoint),
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Attested { views })
                if self.link.asks_attested =>
            {
                self.take_attested(views);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Answer { statement, answer }) => {
                self.take_answer(now, statement, answer);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Heads { checkpoints }) => {
                self.take_heads(now, checkpoints);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Missing { document, from }) => {
                self.take_missing(now, document, from);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Present { document, others }) => {
                self.link.present = Some((document, others));
            }
            _ => self.leave(CloseReason::Protocol { detail: "a frame out of turn".into() }),
        }
    }

    fn leave(&mut self, reason: CloseReason) {
        // The token may be used up because this device's founding went through and the answer was
        // lost: then it is a member by now, and next time it says so.
        self.knocks_as_member = reason == CloseReason::Founding;
        self.effects.push(Effect::Tell(Event::Closed(reason)));
        self.effects.push(Effect::Close);
        self.disconnected();
    }

    fn greet(&mut self, now: &mut Now<'_>, version: u32, relay_nonce: [u8; 16], relay: RelayId) {
        if version != PROTOCOL_VERSION {
            return self.leave(CloseReason::Version { relay: version });
        }
        if self.profile.relay.is_some_and(|pinned| pinned != relay) {
            self.effects.push(Effect::Tell(Event::OtherRelay { shown: relay }));
            self.effects.push(Effect::Close);
            return self.disconnected();
        }
        let founding =
            matches!(self.profile.entry, Some(JoinPass::Founding { .. })) && !self.knocks_as_member;
        let partnership = if founding { PartnershipId([0; 32]) } else { self.profile.partnership };
        let nonce = now.draw();
        let message = hello_message(&relay_nonce, &nonce, &partnership, &relay);
        let pass = match &self.profile.entry {
            None => Pass::Member,
            Some(JoinPass::Founding { .. }) if self.knocks_as_member => Pass::Member,
            Some(JoinPass::Founding { token }) => Pass::Founding { token: token.clone() },
            Some(JoinPass::Invited { secret }) => {
                let key = Key::from_secret(*secret);
                let signature = key.sign(Purpose::Connect, &[&message]);
                Pass::Invited { invite: key.invite(), signature }
            }
        };
        let signature = self.key.sign(Purpose::Connect, &[&message]);
        let device = self.key.device();
        let hello = Hello { version, nonce, partnership, device, pass, signature };
        self.effects.push(Effect::Send(ClientFrame::Hello(hello)));
        self.link.state = LinkState::Greeted;
        self.link.relay = Some(relay);
        self.link.message = message;
    }

    fn welcomed(
        &mut self,
        now: &mut Now<'_>,
        signature: &Signature,
        time_ms: u64,
        operator: String,
        access: Access,
    ) {
        let relay = self.link.relay.unwrap_or(RelayId([0; 32]));
        if !crypto::verify(Purpose::Welcome, &relay.0, &[&self.link.message], signature) {
            return self.leave(CloseReason::Signature);
        }
        if self.profile.operator != operator {
            self.profile.operator.clone_from(&operator);
            self.write_profile();
        }
        let clock_ahead_ms = time_ms as i64 - now.ms as i64;
        self.effects.push(Effect::Tell(Event::Welcomed { operator, clock_ahead_ms }));
        self.keep_clock(clock_ahead_ms);
        self.link.access = Some(access);
        match access {
            Access::Member | Access::Invited => {
                self.catch_up(now);
            }
            Access::Founding | Access::Deposit => {
                self.link.state = LinkState::Live;
                self.send_outbox(now);
            }
        }
    }

    /// Remembers how far the relay's clock is ahead, if that has changed by more than a moment.
    fn keep_clock(&mut self, clock_ahead_ms: i64) {
        if clock_ahead_ms.abs_diff(self.clock_ahead_ms) > CLOCK_MOMENT_MS {
            self.clock_ahead_ms = clock_ahead_ms;
            let value = Some(codec::encode(&clock_ahead_ms));
            self.effects.push(Effect::Write { key: records::CLOCK.to_vec(), value });
        }
    }

    fn subscribe(&mut self, now: &mut Now<'_>) {
        self.set_outgrown_aside(now);
        let here = self.all().map(Replicated::id).chain(self.newer.keys().copied());
        let known = here.filter_map(|document| Some(Known { document, head: self.ledger_head(document)? }));
        let known: Vec<_> = known.collect();
        let checkpoints: Vec<_> = self.checkpoints.values().cloned().collect();
        for checkpoints in checkpoints.chunks(SHOWN_MAX) {
            self.effects.push(Effect::Send(ClientFrame::Show { checkpoints: checkpoints.to_vec() }));
        }
        // What this device hands over comes back as entries, between those of others.
        let hands_over = self.outbox.iter().any(|outgoing| outgoing.is_waiting())
            || self.all().any(|replicated| !replicated.journal.is_empty());
        let live = self.link.live || hands_over;
        self.ask_attested();
        self.effects.push(Effect::Send(ClientFrame::Subscribe { known, live }));
        if self.attention.is_some() {
            self.send_attention();
        }
    }

    pub(super) fn write_profile(&mut self) {
        let value = Some(codec::encode(&self.profile));
        self.effects.push(Effect::Write { key: PROFILE.to_vec(), value });
    }

    /// Signs what is journaled and sends what waits.
    pub fn flush(&mut self, now: &mut Now<'_>) {
        self.commit(now);
        if self.link.state == LinkState::Live {
            self.send_outbox(now);
        }
    }

    pub(super) fn send_outbox(&mut self, now: &mut Now<'_>) {
        self.commit(now);
        self.send_signed();
    }

    /// Sends what is signed and not on its way, without signing anything.
    pub(super) fn send_signed(&mut self) {
        for frame in self.outbox.take_unsent(SUBMIT_BYTES_MAX) {
            let statements = frame.into_iter().map(|statement| statement.envelope).collect();
            self.effects.push(Effect::Send(ClientFrame::Submit { statements }));
        }
        self.tell_if_up_to_date();
    }

    pub(super) fn tell_if_up_to_date(&mut self) {
        if !self.is_settled() {
            self.link.told_up_to_date = false;
            return;
        }
        let returned: Vec<_> = self.outbox.returned().map(|(statement, _)| *statement).collect();
        let refusal = self.outbox.returned().next().map(|(_, refusal)| refusal.clone());
        if let Some(refusal) = refusal {
            if self.link.told_still_here != returned {
                let count = returned.len();
                self.link.told_still_here = returned;
                self.effects.push(Effect::Tell(Event::StillHere { count, refusal }));
            }
        } else if !self.link.told_up_to_date {
            self.link.told_up_to_date = true;
            self.link.told_still_here.clear();
            self.effects.push(Effect::Tell(Event::UpToDate));
        }
    }

    /// Asks for everything that this device does not have.
    pub(super) fn catch_up(&mut self, now: &mut Now<'_>) {
        self.link.state = LinkState::CatchingUp;
        self.link.catch_ups += 1;
        self.subscribe(now);
    }

    fn take_answer(&mut self, now: &mut Now<'_>, statement: StatementId, answer: Answer) {
        let Some(document) = self.outbox.find(&statement).map(|one| one.statement.header.document) else {
            return self.tell_if_up_to_date();
        };
        let elsewhere = self.seen_elsewhere(&statement);
        let refused = matches!(answer, Answer::Refused { .. });
        match answer {
            // Its entry comes before, where this device may read it; otherwise this is all there is.
            Answer::Entered { verdict, .. } => {
                let own = self.outbox.find(&statement).map(|one| one.statement.clone());
                if let Some(own) = own {
                    self.settle_own(now, document, &own, verdict.is_held());
                }
            }
            Answer::Refused { refusal: Refusal::Behind { .. } } if elsewhere.is_some() => {
                let refusal = Refusal::Forked { seq: elsewhere.unwrap_or_default() };
                self.take_refusal(now, document, statement, refusal);
            }
            Answer::Refused { refusal: Refusal::AlreadyStands } if self.take_known(now, statement) => {}
            Answer::Refused { refusal } if refusal.is_transient() => {
                self.outbox.return_with(&statement, refusal);
            }
            Answer::Refused { refusal } => self.take_refusal(now, document, statement, refusal),
        }
        if refused && self.link.state == LinkState::Live {
            let unfit = self.judge_ahead(document, now.ms);
            self.refuse_stranded(statement, unfit);
        }
        self.look_ahead(document, now.ms);
        self.tell_if_up_to_date();
    }

    /// Own statements whose changes build on what will not be: on a suggestion, for one, that one has
    /// approved and that was taken back meanwhile. `unfit` is what the judge says here of each.
    fn refuse_stranded(&mut self, after: StatementId, unfit: Vec<(StatementId, Refusal)>) {
        let device = self.key.device();
        for (statement, refusal) in unfit {
            let outgoing = self.outbox.find(&statement).filter(|outgoing| outgoing.is_waiting());
            let own = outgoing.is_some_and(|outgoing| outgoing.statement.header.device == device);
            if own && matches!(refusal, Refusal::Dependency { .. }) {
                self.refuse_own(statement, Refusal::Orphaned { after }, false);
            }
        }
    }

    fn take_refusal(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        statement: StatementId,
        refusal: Refusal,
    ) {
        let relay_at_fault = matches!(refusal, Refusal::NotAllowed { .. })
            && self.is_allowed_here(document, &statement, now.ms);
        if let Some(replicated) = self.replicated_mut(document) {
            replicated.sessions.clear();
        }
        self.refuse_own(statement, refusal, relay_at_fault);
    }

    /// Keeps a statement with the reason why it was refused, and so everything that builds on it.
    pub(super) fn refuse_own(&mut self, statement: StatementId, refusal: Refusal, relay_at_fault: bool) {
        let Some(outgoing) = self.outbox.refuse(&statement, refusal.clone()) else { return };
        let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
        self.effects.push(Effect::Write { key, value: Some(value) });
        self.effects.push(Effect::Tell(Event::Refused { statement, refusal, relay_at_fault }));
        for dependent in self.outbox.built_on(&statement) {
            self.refuse_own(dependent, Refusal::Orphaned { after: statement }, false);
        }
    }

    /// A client judges its own refusals too.
    fn is_allowed_here(&self, document: DocumentId, statement: &StatementId, now_ms: u64) -> bool {
        let Some(outgoing) = self.outbox.find(statement) else { return false };
        let Ok(replicated) = self.replicated(document) else { return false };
        let line = self.charter().map(|charter| charter.line());
        let time_ms = replicated.ledger.document().time_ms().max(now_ms) + 1;
        let content = |name: &SectionId| replicated.copy_of(name, Base::Effective);
        replicated.ledger.preview(line, (&outgoing.statement).into(), time_ms, content).is_ok()
    }
}
