//! What comes in from the relay: entries, each verified and replayed, and what follows from them.

use std::collections::BTreeSet;

use entente_shared::codec;
use entente_shared::crypto;
use entente_shared::document::{Candidate, Divergence, NewerDocument, Told};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::{Entry, Position, SignedCheckpoint};
use entente_shared::statement::{Act, Statement};
use entente_shared::wire::{Access, Delivery, Redaction};

use super::branch::Said;
use super::ledger::read_entry;
use super::replicated::Replicated;
use super::{Effect, Event, Kept, LinkState, Now, Replica, records};

impl Replica {
    /// Takes entries of one document, each the next of what is here.
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
        self.works_on(document);
        // What is journaled was written on what was there: sign it before anything moves.
        if self.replicated(document).is_ok_and(|replicated| !replicated.journal.is_empty()) {
            self.commit_document(now, document);
        }
        let (mut kept, mut own) = (Vec::new(), Vec::new());
        for arrived in read_all(deliveries, self.ledger_length(document)) {
            let judged_by = arrived.as_ref().ok().map(|one| (one.entry.seq, one.entry.rules_version));
            match arrived.and_then(|arrived| self.take_entry(document, arrived)) {
                Ok(Some((entry, statement, held))) => {
                    kept.push(entry);
                    own.extend(self.outbox.find(&statement.id).is_some().then_some((statement, held)));
                }
                Ok(None) => {}
                Err(divergence) => {
                    if let (Divergence::TooNew { .. }, Some((seq, rules_version))) = (&divergence, judged_by)
                    {
                        self.remember_newer(document, seq, rules_version);
                    }
                    // The entry may have been taken in before it was found to be another.
                    if matches!(divergence, Divergence::OtherEntry { .. }) {
                        self.rebuilding.insert(document);
                    }
                    self.stop(document, divergence);
                    break;
                }
            }
        }
        self.marker.mark(None);
        let entries = kept.len();
        if entries > 0 {
            self.effects.push(Effect::Keep { document, entries: kept });
            self.effects.push(Effect::Tell(Event::Arrived { document, entries }));
        }
        if self.rebuilding.contains(&document) {
            self.effects.push(Effect::Refill { document, from: None });
        }
        // What leaves the outbox is in the ledger here, durably: a crash between loses nothing.
        for (statement, held) in own {
            self.settle_own(now, document, &statement, held);
        }
        self.settle_attested(document);
        self.look_ahead(document, now.ms);
        self.take_word(now, checkpoint, Said::WithEntries);
        if self.charter.as_ref().is_some_and(|charter| charter.id() == document) {
            self.charter_moved(now);
        }
        self.tell_if_up_to_date();
    }

    fn take_entry(
        &mut self,
        document: DocumentId,
        arrived: Arrived,
    ) -> Result<Option<(Kept, Statement, bool)>, Divergence> {
        let Arrived { entry, bytes, envelope, redaction } = arrived;
        let seq = entry.seq;
        let have = self.ledger_length(document);
        // The copy was put aside to be fetched anew, and this was on its way before.
        let awaited = have == 0 && seq > 0;
        if seq < have || awaited {
            return Ok(None);
        }
        let (envelope, statement) = envelope?;
        let told = Told { entry: &entry, redaction: redaction.as_ref() };
        self.check_left_out(document, &statement, told)?;
        // One's own was looked at by the gate before it was sent; the judge decides on it again.
        let findings = self.outbox.findings(&statement.id);
        let candidate = Candidate { statement: &statement, findings: findings.as_deref() };
        self.replay(document, candidate, told)?;
        let kept = Kept {
            position: Position { seq, hash: entry.hash() },
            time_ms: entry.time_ms,
            statement: statement.id,
            entry: bytes,
            envelope,
            redaction,
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
        candidate: Candidate<'_>,
        told: Told<'_>,
    ) -> Result<(), Divergence> {
        let (seq, statement) = (told.entry.seq, candidate.statement);
        self.marker.mark(Some((document, seq)));
        let is_charter = match &self.charter {
            Some(charter) => charter.id() == document,
            None => matches!(statement.header.act, Act::Found { .. }),
        };
        if is_charter {
            if let Some(charter) = &mut self.charter {
                return charter.replay(None, candidate, told).map(|_| ());
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
            return replicated.replay(line, candidate, told).map(|_| ());
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

    /// One's own statement stands in the ledger: it leaves the outbox.
    pub(super) fn settle_own(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        statement: &Statement,
        held: bool,
    ) {
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
        let lets_in = matches!(statement.header.act, Act::Found { .. } | Act::Enrol { .. });
        // After a restored relay the statements of others are handed over from here, too.
        if lets_in && statement.header.device == self.key.device() && self.profile.entry.is_some() {
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
    pub(super) fn set_outgrown_aside(&mut self, now: &mut Now<'_>) -> bool {
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

/// One entry as it came, read and not judged.
struct Arrived {
    entry: Entry,
    bytes: Vec<u8>,
    /// The envelope's bytes and the statement, whose signature holds.
    envelope: Result<(Vec<u8>, Statement), Divergence>,
    redaction: Option<Redaction>,
}

/// Reads the entries of one frame and checks their signatures together; those before `have` are not
/// taken in, and so not checked either.
fn read_all(deliveries: Vec<Delivery>, have: u64) -> Vec<Result<Arrived, Divergence>> {
    let read = |Delivery { entry: bytes, envelope, redaction }| {
        let entry = read_entry(&bytes).ok_or(Divergence::NotNext { seq: u64::MAX })?;
        let seq = entry.seq;
        let encoded = codec::encode(&envelope);
        let opened = Statement::open(envelope).map_err(|_| Divergence::Signature { seq });
        Ok(Arrived { entry, bytes, envelope: opened.map(|statement| (encoded, statement)), redaction })
    };
    let mut all: Vec<Result<Arrived, Divergence>> = deliveries.into_iter().map(read).collect();
    let is_new = |arrived: &Arrived| arrived.entry.seq >= have;
    let new = all.iter().flatten().filter(|arrived| is_new(arrived));
    let claims = new.filter_map(|arrived| Some(arrived.envelope.as_ref().ok()?.1.claim()));
    let valid = crypto::verify_each(&claims.collect::<Vec<_>>());
    let new = all.iter_mut().flatten().filter(|arrived| is_new(arrived) && arrived.envelope.is_ok());
    for (arrived, is_valid) in new.zip(valid) {
        if !is_valid {
            arrived.envelope = Err(Divergence::Signature { seq: arrived.entry.seq });
        }
    }
    all
}
