//! When a client knows more than this relay: it was restored from a backup, or lost its disk's end.
//!
//! A checkpoint of this relay's own key, of another run, proves entries that are not here. The
//! document takes nothing until they are back: clients return them, and the chain of hashes up to
//! the checkpoint shows that they are what this relay once wrote. They are judged again all the same.
//!
//! If this run has appended to the document already, its chain stands, and clients submit what the
//! other branch held.

mod chain;

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, Entry, Position, SignedCheckpoint};
use entente_shared::statement::Statement;
use entente_shared::wire::{Access, CloseReason, Delivery, RelayFrame};
use entente_store::Store;
use rand::CryptoRng;

use super::greeting::protocol;
use super::intake::check_signatures;
use super::io::{ConnectionId, Event};
use super::partnership::{Missing, Shape, Slot, SlotState};
use super::{Relay, Turn};
use crate::limits::{DOCUMENTS_NAMED_MAX, REFILL_BYTES_MAX, REFILL_WAIT_MS};
use chain::{bytes_of, continue_chain, read};

impl<S: Store> Relay<S> {
    /// Looks at the newest checkpoints that a client holds.
    pub(super) fn show(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        checkpoints: &[SignedCheckpoint],
    ) -> Result<(), CloseReason> {
        if checkpoints.len() > DOCUMENTS_NAMED_MAX {
            return Err(protocol("too many checkpoints"));
        }
        let Some(of) = self.member_partnership(id) else { return Ok(()) };
        for signed in checkpoints.iter().filter(|signed| signed.checkpoint.partnership == of) {
            let shown = &signed.checkpoint;
            if self.agrees(of, shown) || shown.incarnation == self.seal.incarnation {
                continue;
            }
            // Whoever shows what this relay did not sign is not looked at any further.
            if !signed.is_valid(&self.seal.key.relay()) {
                return Err(protocol("a checkpoint that this relay did not sign"));
            }
            self.take_shown(turn, id, shown);
        }
        Ok(())
    }

    fn member_partnership(&self, id: ConnectionId) -> Option<PartnershipId> {
        let session = self.connections.session(id)?;
        session.partnership.filter(|_| session.access == Access::Member)
    }

    /// Tells whether the durable chain has the entry that a client shows.
    fn agrees(&self, of: PartnershipId, shown: &Checkpoint) -> bool {
        let Some(partnership) = self.partnerships.get(&of) else { return true };
        let durable = partnership.slots.get(&shown.document).and_then(|slot| slot.durable);
        match durable {
            Some(durable) if shown.head.seq == durable.seq => shown.head.hash == durable.hash,
            Some(durable) if shown.head.seq < durable.seq => {
                let stored = || {
                    let found = self.store.entries(shown.document, shown.head.seq, 1, 1).ok()?;
                    found.first().map(|entry| entry.hash)
                };
                let here = partnership.hash_at(&shown.document, shown.head.seq).or_else(stored);
                here == Some(shown.head.hash)
            }
            _ => false,
        }
    }

    /// Follows a checkpoint of this relay's key, of another run, for an entry that is not here.
    fn take_shown(&mut self, turn: &mut Turn<'_>, id: ConnectionId, shown: &Checkpoint) {
        let (of, document) = (shown.partnership, shown.document);
        if self.owners.get(&document).is_some_and(|owner| *owner != of) {
            return;
        }
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        // Whatever this run has appended anywhere was judged under the charter that is here: a charter
        // entry from before would come to lie between.
        let judged_by_it =
            document == partnership.charter_id && partnership.slots.values().any(|slot| slot.is_appended);
        let nothing = Shape { kind: KindId::new(""), sections: BTreeSet::new() };
        let slot = partnership.slots.entry(document).or_insert_with(|| Slot::new(None, nothing));
        self.owners.insert(document, of);
        let seq = shown.head.seq;
        let is_ahead = slot.durable.is_none_or(|durable| seq > durable.seq);
        let branch = (shown.incarnation, seq);
        let is_settled = slot.is_appended || judged_by_it || slot.stands_against(branch);
        if !is_ahead || (is_settled && !self.is_recovering) {
            if is_ahead && let Some(record) = slot.stand(&document, branch) {
                self.pipeline.note(record);
            }
            return turn.report(Event::OtherBranch { document, seq });
        }
        if matches!(slot.state, SlotState::Ready) {
            let from_seq = slot.durable.map_or(0, |durable| durable.seq + 1);
            turn.report(Event::Missing { document, from_seq, to_seq: seq });
            slot.state = SlotState::Missing(Box::new(Missing::new(shown, turn.now_ms)));
        }
        if let Some(missing) = slot.missing_mut() {
            missing.askers.entry(id).or_default();
            if missing.upto.seq < seq {
                (missing.upto, missing.run) = (shown.head, shown.incarnation);
            }
            let from = slot.durable;
            self.connections.send_frame(turn, id, &RelayFrame::Missing { document, from });
        }
    }

    /// Takes back entries that this relay has lost.
    pub(super) fn refill(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        document: DocumentId,
        deliveries: Vec<Delivery>,
        signed: &SignedCheckpoint,
        random: &mut impl CryptoRng,
    ) -> Result<(), CloseReason> {
        let Some(of) = self.member_partnership(id) else { return Ok(()) };
        let shown = &signed.checkpoint;
        if shown.partnership != of || shown.document != document {
            return Err(protocol("the checkpoint is about another document"));
        }
        if !signed.is_valid(&self.seal.key.relay()) {
            return Err(protocol("a checkpoint that this relay did not sign"));
        }
        if self.load_document(turn, of, document).is_err() {
            return Ok(());
        }
        let Some(collected) = self.collect(of, (id, document), deliveries, shown.head) else { return Ok(()) };
        let statements: Vec<_> = collected.iter().map(|(_, statement)| statement).collect();
        if !check_signatures(&statements, random).into_iter().all(|valid| valid) {
            return Err(protocol("a statement whose signature is not valid"));
        }
        self.take_back(turn, of, document, collected);
        Ok(())
    }

    /// Puts returned entries behind what is here. Once they reach the checkpoint, they are handed
    /// out with their statements; until then they wait, within bounds, apart for each client: what
    /// one returns spoils nothing for another.
    fn collect(
        &mut self,
        of: PartnershipId,
        (id, document): (ConnectionId, DocumentId),
        deliveries: Vec<Delivery>,
        goal: Position,
    ) -> Option<Vec<(Entry, Statement)>> {
        let partnership = self.partnerships.get_mut(&of)?;
        let head = partnership.head(document);
        let missing = partnership.slots.get_mut(&document)?.missing_mut()?;
        let mut all = missing.askers.insert(id, Vec::new()).unwrap_or_default();
        self.refill_bytes -= bytes_of(&all);
        all.extend(deliveries);
        let (kept, end) = continue_chain(all, head)?;
        if end == Some(goal) {
            return kept.into_iter().map(read).collect();
        }
        let is_on_the_way = end.is_none_or(|end| end.seq < goal.seq);
        let bytes = bytes_of(&kept);
        if is_on_the_way && self.refill_bytes + bytes <= REFILL_BYTES_MAX {
            self.refill_bytes += bytes;
            missing.askers.insert(id, kept);
        }
        None
    }

    /// Forgets what a client has returned that is gone.
    pub(super) fn forget_asker(&mut self, of: PartnershipId, id: ConnectionId) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        for missing in partnership.slots.values_mut().filter_map(Slot::missing_mut) {
            self.refill_bytes -= missing.askers.remove(&id).as_deref().map_or(0, bytes_of);
        }
    }

    /// Judges entries again and hands them to the disk.
    fn take_back(
        &mut self,
        turn: &mut Turn<'_>,
        of: PartnershipId,
        document: DocumentId,
        collected: Vec<(Entry, Statement)>,
    ) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let count = collected.len() as u64;
        let Some(runs) = partnership.replay(document, &collected) else { return };
        for (run, record) in runs {
            self.pipeline.push(run).records.extend(record);
        }
        let head = partnership.head(document);
        let is_charter = document == partnership.charter_id;
        let Some(slot) = partnership.slots.get_mut(&document) else { return };
        if !is_charter {
            self.uses.touch(&mut slot.used, of, document);
        }
        if let Some(missing) = slot.missing_mut()
            && head.is_some_and(|head| head.seq >= missing.upto.seq)
        {
            self.refill_bytes -= missing.bytes();
            slot.state = SlotState::Ready;
        }
        turn.report(Event::Refilled { document, entries: count });
        self.ask_again(turn, of, (!is_charter).then_some(document));
    }

    /// Asks again for what is still missing: of one document, or of all that wait, once the charter
    /// that they cite is back.
    fn ask_again(&mut self, turn: &mut Turn<'_>, of: PartnershipId, only: Option<DocumentId>) {
        let Some(partnership) = self.partnerships.get(&of) else { return };
        for (document, slot) in &partnership.slots {
            let SlotState::Missing(missing) = &slot.state else { continue };
            if only.is_some_and(|only| only != *document) {
                continue;
            }
            let frame = RelayFrame::Missing { document: *document, from: partnership.head(*document) };
            for asker in missing.askers.keys() {
                self.connections.send_frame(turn, *asker, &frame);
            }
        }
    }

    /// Ends the recovering mode: what did not come back stays lost.
    pub(super) fn resume(&mut self) {
        self.is_recovering = false;
        self.give_up(|_| true);
    }

    /// Goes on with documents whose lost entries nobody has returned for a long time.
    pub(super) fn forget_missing(&mut self, now_ms: u64) {
        if !self.is_recovering {
            self.give_up(|missing| now_ms.saturating_sub(missing.since_ms) >= REFILL_WAIT_MS);
        }
    }

    fn give_up(&mut self, when: impl Fn(&Missing) -> bool) {
        for partnership in self.partnerships.values_mut() {
            let mut empty = Vec::new();
            for (document, slot) in &mut partnership.slots {
                let Some(missing) = slot.missing_mut().filter(|missing| when(missing)) else { continue };
                let branch = (missing.run, missing.upto.seq);
                self.refill_bytes -= missing.bytes();
                slot.state = SlotState::Ready;
                // What there is stands from now on, and nobody is asked again.
                if let Some(record) = slot.stand(document, branch) {
                    self.pipeline.note(record);
                }
                if slot.durable.is_none() && slot.live.is_none() {
                    empty.push(*document);
                }
            }
            for document in empty {
                partnership.slots.remove(&document);
                self.owners.remove(&document);
            }
        }
    }
}

impl Missing {
    fn new(shown: &Checkpoint, now_ms: u64) -> Self {
        Self { upto: shown.head, run: shown.incarnation, since_ms: now_ms, askers: BTreeMap::new() }
    }

    /// Bytes of what was returned and waits.
    fn bytes(&self) -> usize {
        self.askers.values().map(|waiting| bytes_of(waiting)).sum()
    }
}
