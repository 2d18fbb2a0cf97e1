//! The connection to the relay: handshake, catch-up, sending, and what comes in.

use std::collections::BTreeSet;

use entente_shared::codec;
use entente_shared::crypto::{self, Key, Purpose};
use entente_shared::document::{Divergence, NewerDocument, Told};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::kinds;
use entente_shared::ledger::{Position, SignedCheckpoint};
use entente_shared::statement::{Act, Statement};
use entente_shared::wire::*;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::ledger::{Replicated, read_entry};
use super::records::{self, PROFILE};
use super::{Effect, Event, Kept, Now, Replica};

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
    state: LinkState,
    relay: Option<RelayId>,
    message: Vec<u8>,
    access: Option<Access>,
    live: bool,
    told_up_to_date: bool,
}

impl Link {
    pub fn state(&self) -> &LinkState {
        &self.state
    }
}

/// Most bytes of statements in one frame.
pub(super) const SUBMIT_BYTES_MAX: usize = 1024 * 1024;
/// Most checkpoints in one frame, about 250 bytes each.
const SHOWN_MAX: usize = 4096;

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

    /// Tells whether everything has arrived and everything of ours is answered.
    pub fn is_settled(&self) -> bool {
        self.link.state == LinkState::Live && self.outbox.is_all_answered()
    }

    /// Takes a frame of the relay.
    pub fn receive(&mut self, now: &mut Now<'_>, bytes: &[u8]) {
        let frame = match RelayFrame::decode(bytes) {
            Ok(frame) => frame,
            Err(error) => return self.leave(CloseReason::Protocol { detail: error.to_string() }),
        };
        match (self.link.state, frame) {
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
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Answer { statement, answer }) => {
                self.take_answer(now, statement, answer);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Heads { checkpoints }) => {
                self.take_heads(now, checkpoints);
            }
            (LinkState::CatchingUp | LinkState::Live, RelayFrame::Missing { document, from }) => {
                self.effects.push(Effect::Refill { document, from });
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
        self.effects.push(Effect::Send(ClientFrame::Subscribe { known, live }));
    }

    /// Signs what is journaled and sends what waits.
    pub fn flush(&mut self, now: &mut Now<'_>) {
        self.commit(now);
        if self.link.state == LinkState::Live {
            self.send_outbox(now);
        }
    }

    fn send_outbox(&mut self, now: &mut Now<'_>) {
        self.commit(now);
        for frame in self.outbox.take_unsent(SUBMIT_BYTES_MAX) {
            let statements = frame.into_iter().map(|statement| statement.envelope).collect();
            self.effects.push(Effect::Send(ClientFrame::Submit { statements }));
        }
        self.tell_if_up_to_date();
    }

    fn tell_if_up_to_date(&mut self) {
        if self.is_settled() && !self.link.told_up_to_date {
            self.link.told_up_to_date = true;
            self.effects.push(Effect::Tell(Event::UpToDate));
        }
        if !self.is_settled() {
            self.link.told_up_to_date = false;
        }
    }

    pub(super) fn take_entries(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        deliveries: Vec<Delivery>,
        checkpoint: SignedCheckpoint,
    ) {
        if self.stopped.contains_key(&document) {
            return;
        }
        // What is journaled was written on what was there: sign it before anything moves.
        if self.replicated(document).is_ok_and(|replicated| !replicated.journal.is_empty()) {
            self.commit_document(now, document);
        }
        let (mut kept, mut own) = (Vec::new(), Vec::new());
        for delivery in deliveries {
            match self.take_entry(document, delivery) {
                Ok(Some((entry, statement, held))) => {
                    kept.push(entry);
                    own.extend(self.outbox.find(&statement.id).is_some().then_some((statement, held)));
                }
                Ok(None) => {}
                Err(divergence) => {
                    self.effects
                        .push(Effect::Tell(Event::Diverged { document, divergence: divergence.clone() }));
                    self.stopped.insert(document, divergence);
                    break;
                }
            }
        }
        let entries = kept.len();
        if entries > 0 {
            self.effects.push(Effect::Keep { document, entries: kept });
            self.effects.push(Effect::Tell(Event::Arrived { document, entries }));
        }
        // What leaves the outbox is in the ledger here, durably: a crash between loses nothing.
        for (statement, held) in own {
            self.settle_own(now, document, &statement, held);
        }
        self.look_ahead(document, now.ms);
        self.take_checkpoint(checkpoint);
        if self.charter.as_ref().is_some_and(|charter| charter.id() == document) {
            self.charter_moved(now);
        }
        self.tell_if_up_to_date();
    }

    fn take_entry(
        &mut self,
        document: DocumentId,
        delivery: Delivery,
    ) -> Result<Option<(Kept, Statement, bool)>, Divergence> {
        let entry = read_entry(&delivery.entry).ok_or(Divergence::NotNext { seq: u64::MAX })?;
        let seq = entry.seq;
        let have = self.ledger_length(document);
        // The copy was put aside to be fetched anew, and this was on its way before.
        let awaited = have == 0 && seq > 0;
        if seq < have || awaited {
            return Ok(None);
        }
        let envelope = codec::encode(&delivery.envelope);
        let statement =
            Statement::open_verified(delivery.envelope).map_err(|_| Divergence::Signature { seq })?;
        let told = Told { entry: &entry, redaction: delivery.redaction.as_ref() };
        self.check_left_out(document, &statement, told)?;
        self.replay(document, &statement, told)?;
        let kept = Kept {
            position: Position { seq, hash: entry.hash() },
            time_ms: entry.time_ms,
            statement: statement.id,
            entry: delivery.entry,
            envelope,
            redaction: delivery.redaction,
        };
        Ok(Some((kept, statement, entry.verdict.is_held())))
    }

    /// Checks that nothing is left out but what this person may not read: of that the relay's word
    /// would be taken.
    fn check_left_out(
        &self,
        document: DocumentId,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(), Divergence> {
        let kind = match (&statement.header.act, self.replicated(document)) {
            (Act::Create { kind, .. }, _) => kind.clone(),
            (_, Ok(replicated)) => replicated.ledger.document().kind().id.clone(),
            _ if self.newer.contains_key(&document) => self.newer[&document].kind_id().clone(),
            _ => KindId::new(kinds::CHARTER),
        };
        let payloads = statement.parts().filter(|(_, payload)| payload.is_none());
        let leaves = told.redaction.iter().flat_map(|redaction| &redaction.leaves);
        let left_out = payloads.map(|(section, _)| section).chain(leaves.map(|(section, _)| section));
        let left_out: BTreeSet<&SectionId> = left_out.collect();
        let is_due = |section: &SectionId| kind.as_str() == kinds::CHARTER || self.is_sent(&kind, section);
        let fits = left_out.is_empty() == told.redaction.is_none();
        match fits && !left_out.into_iter().any(is_due) {
            true => Ok(()),
            false => Err(Divergence::OtherEntry { seq: told.entry.seq, field: "redaction" }),
        }
    }

    /// Replays one entry into the ledger where it belongs; a first entry begins one.
    pub(super) fn replay(
        &mut self,
        document: DocumentId,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(), Divergence> {
        let seq = told.entry.seq;
        let is_charter = match &self.charter {
            Some(charter) => charter.id() == document,
            None => matches!(statement.header.act, Act::Found { .. }),
        };
        if is_charter {
            if let Some(charter) = &mut self.charter {
                return charter.replay(None, statement, told).map(|_| ());
            }
            if statement.partnership() != self.profile.partnership {
                return Err(Divergence::OtherStatement { seq });
            }
            let (charter, _) = Replicated::begin(None, statement, told)?;
            self.pin_relay(statement, seq)?;
            self.charter = Some(charter);
            return Ok(());
        }
        let line = self.charter.as_ref().and_then(|charter| charter.ledger.charter());
        let line = line.map(|charter| charter.line());
        if let Some(replicated) = self.documents.get_mut(&document) {
            return replicated.replay(line, statement, told).map(|_| ());
        }
        if self.newer.contains_key(&document) {
            return self.replay_newer(document, statement, told);
        }
        if seq != 0 {
            return Err(Divergence::NotNext { seq });
        }
        if NewerDocument::begin(statement).is_some() {
            return self.replay_newer(document, statement, told);
        }
        let (replicated, _) = Replicated::begin(line, statement, told)?;
        self.documents.insert(document, replicated);
        Ok(())
    }

    /// The charter names the relay; one that was reached by an invitation alone is pinned now.
    fn pin_relay(&mut self, statement: &Statement, seq: u64) -> Result<(), Divergence> {
        let Act::Found { relay, .. } = &statement.header.act else { return Ok(()) };
        let shown = self.link.relay.or(self.profile.relay);
        if shown.is_some_and(|shown| shown != *relay) {
            return Err(Divergence::OtherStatement { seq });
        }
        if self.profile.relay != Some(*relay) {
            self.profile.relay = Some(*relay);
            self.write_profile();
        }
        Ok(())
    }

    pub(super) fn write_profile(&mut self) {
        let value = Some(codec::encode(&self.profile));
        self.effects.push(Effect::Write { key: PROFILE.to_vec(), value });
    }

    /// One's own statement stands in the ledger: it leaves the outbox.
    fn settle_own(&mut self, now: &mut Now<'_>, document: DocumentId, statement: &Statement, held: bool) {
        let Some(outgoing) = self.outbox.remove(&statement.id) else { return };
        self.effects.push(Effect::Write { key: records::outbox_key(outgoing.number), value: None });
        if held && let Some(replicated) = self.replicated_mut(document) {
            statement.header.parts.iter().for_each(|part| {
                replicated.sessions.remove(&part.section);
            });
        }
        if held && !outgoing.suggestion {
            let event = Event::NowWaits { document, statement: statement.id };
            self.effects.push(Effect::Tell(event));
        }
        if matches!(statement.header.act, Act::Found { .. } | Act::Enrol { .. }) {
            self.profile.entry = None;
            self.knocks_as_member = false;
            self.write_profile();
            if self.link.state != LinkState::Offline {
                // The relay has made this a member's session.
                self.link.access = Some(Access::Member);
                self.catch_up(now);
            }
        }
    }

    /// Asks for everything that this device does not have.
    fn catch_up(&mut self, now: &mut Now<'_>) {
        self.link.state = LinkState::CatchingUp;
        self.subscribe(now);
    }

    fn take_answer(&mut self, now: &mut Now<'_>, statement: StatementId, answer: Answer) {
        let Some(document) = self.outbox.find(&statement).map(|one| one.statement.header.document) else {
            return self.tell_if_up_to_date();
        };
        match answer {
            // Its entry comes before, where this device may read it; otherwise this is all there is.
            Answer::Entered { verdict, .. } => {
                let own = self.outbox.find(&statement).map(|one| one.statement.clone());
                if let Some(own) = own {
                    self.settle_own(now, document, &own, verdict.is_held());
                }
            }
            Answer::Refused { refusal } if refusal.is_transient() => self.outbox.returned(&statement),
            Answer::Refused { refusal } => self.take_refusal(now, document, statement, refusal),
        }
        self.look_ahead(document, now.ms);
        self.tell_if_up_to_date();
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
    fn refuse_own(&mut self, statement: StatementId, refusal: Refusal, relay_at_fault: bool) {
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
        replicated.ledger.preview(line, &outgoing.statement, time_ms).is_ok()
    }

    fn take_heads(&mut self, now: &mut Now<'_>, checkpoints: Vec<SignedCheckpoint>) {
        checkpoints.into_iter().for_each(|checkpoint| self.take_checkpoint(checkpoint));
        if self.link.state == LinkState::CatchingUp {
            self.link.state = LinkState::Live;
            self.send_outbox(now);
        }
    }

    /// Compares the relay's word on a head with what this device has verified and was told before.
    fn take_checkpoint(&mut self, signed: SignedCheckpoint) {
        let checkpoint = &signed.checkpoint;
        let document = checkpoint.document;
        let relay = self.profile.relay.or(self.link.relay);
        let ours = checkpoint.partnership == self.profile.partnership;
        if !ours || !relay.is_some_and(|relay| signed.is_valid(&relay)) {
            return;
        }
        if !self.is_here(document) {
            return;
        }
        let (shown, had) = (checkpoint.head, self.ledger_head(document));
        let differs = self.ledger_hash(document, shown.seq).is_some_and(|hash| hash != shown.hash);
        let behind = had.is_some_and(|had| shown.seq < had.seq);
        let last = self.checkpoints.get(&document).map(|last| last.checkpoint.clone());
        let same_run = last.is_some_and(|last| last.incarnation == checkpoint.incarnation);
        if differs && same_run {
            return self.effects.push(Effect::Tell(Event::Forked { document, seq: shown.seq }));
        }
        if let (true, Some(had)) = (differs || (behind && !same_run), had) {
            self.effects.push(Effect::Tell(Event::Rewound { document, had, has: Some(shown) }));
            if differs {
                self.follow_other_branch(document);
            }
            return;
        }
        if behind {
            return;
        }
        let value = Some(codec::encode(&signed));
        self.effects.push(Effect::Write { key: records::checkpoint_key(document), value });
        self.effects.push(Effect::Witness(signed.clone()));
        self.checkpoints.insert(document, signed);
    }

    /// The ground rules changed: sections that may be read now are asked for, and everything ahead is
    /// judged anew.
    fn charter_moved(&mut self, now: &mut Now<'_>) {
        if self.set_outgrown_aside(now) && self.link.state != LinkState::Offline {
            self.catch_up(now);
        }
        let documents: Vec<_> = self.documents.keys().copied().collect();
        documents.into_iter().for_each(|document| self.look_ahead(document, now.ms));
    }

    /// Puts documents aside of which this person may read sections that were sent without content;
    /// they are sent anew. Tells whether there is one.
    fn set_outgrown_aside(&mut self, now: &mut Now<'_>) -> bool {
        let judged = self.documents.values().filter(|one| self.is_outgrown(one)).map(Replicated::id);
        let newer = self.newer.values().filter(|one| self.is_newer_outgrown(one)).map(NewerDocument::id);
        let outgrown: Vec<_> = judged.chain(newer).collect();
        for document in &outgrown {
            // What is journaled was written on what is here.
            self.commit_document(now, *document);
            self.documents.remove(document);
            self.newer.remove(document);
            self.effects.push(Effect::SetAside { document: *document });
        }
        !outgrown.is_empty()
    }

    fn is_newer_outgrown(&self, newer: &NewerDocument) -> bool {
        let mut hidden = newer.sections().iter().filter(|(_, section)| section.hidden);
        hidden.any(|(name, _)| self.is_sent(newer.kind_id(), name))
    }

    fn is_outgrown(&self, replicated: &Replicated) -> bool {
        let document = replicated.ledger.document();
        let mut hidden = document.sections().iter().filter(|(_, section)| section.known().is_none());
        hidden.any(|(name, _)| self.is_sent(&document.kind().id, name))
    }
}
