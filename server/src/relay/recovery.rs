//! When a client knows more than this relay: it was restored from a backup, or lost its disk's end.
//!
//! A checkpoint of this relay's own key, of another run, proves entries that are not here. The
//! document takes nothing until they are back: clients return them, and the chain of hashes up to
//! the checkpoint shows that they are what this relay once wrote. They are judged again all the same.
//!
//! If this run has appended to the document already, its chain stands, and clients submit what the
//! other branch held. The same goes for the charter once anything was judged under it. As long as it
//! is open which it will be, the head is not told: a head that is told stands.

mod chain;
mod refill;

use std::collections::BTreeMap;

use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, SignedCheckpoint};
use entente_shared::wire::{Access, CloseReason, RelayFrame};
use entente_store::{Record, Store};

use super::greeting::protocol;
use super::io::{ConnectionId, Event};
use super::partnership::{Missing, Slot, SlotState};
use super::{Relay, Turn, loading};
use crate::limits::{DOCUMENTS_NAMED_MAX, REFILL_WAIT_MS};
use chain::bytes_of;

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
        let is_new = !partnership.slots.contains_key(&document);
        // A document that was lost whole may have been given up by an earlier run, which left a record.
        let slot =
            partnership.slots.entry(document).or_insert_with(|| loading::slot(&*self.store, document).0);
        let seq = shown.head.seq;
        let is_ahead = slot.durable.is_none_or(|durable| seq > durable.seq);
        let branch = (shown.incarnation, seq);
        let is_settled = slot.is_appended || judged_by_it || slot.stands_against(branch);
        if !is_ahead || is_settled {
            if is_ahead && let Some(record) = slot.stand(&document, branch) {
                self.pipeline.note(record);
            }
            if is_new {
                partnership.slots.remove(&document);
            }
            return turn.report(Event::OtherBranch { document, seq });
        }
        self.owners.insert(document, of);
        if matches!(slot.state, SlotState::Quarantined) {
            // It may not be lost: the client keeps what it has until the operator has looked.
            let from = slot.durable;
            return self.connections.send_frame(turn, id, &RelayFrame::Missing { document, from });
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

    /// Forgets what a client has returned that is gone.
    pub(super) fn forget_asker(&mut self, of: PartnershipId, id: ConnectionId) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        for missing in partnership.slots.values_mut().filter_map(Slot::missing_mut) {
            self.refill_bytes -= missing.askers.remove(&id).as_deref().map_or(0, bytes_of);
        }
    }

    /// Ends the recovering mode: what did not come back stays lost.
    pub(super) fn resume(&mut self) {
        self.is_recovering = false;
        self.give_up(|_, _| true);
    }

    /// Goes on with documents whose lost entries nobody has returned for a long time.
    pub(super) fn forget_missing(&mut self, now_ms: u64) {
        if !self.is_recovering {
            self.give_up(|_, missing| now_ms.saturating_sub(missing.since_ms) >= REFILL_WAIT_MS);
        }
    }

    fn give_up(&mut self, when: impl Fn(&DocumentId, &Missing) -> bool) {
        for partnership in self.partnerships.values_mut() {
            let mut empty = Vec::new();
            for (document, slot) in &mut partnership.slots {
                let Some(missing) = slot.missing_mut().filter(|missing| when(document, missing)) else {
                    continue;
                };
                self.refill_bytes -= missing.bytes();
                if let Some(record) = slot.give_up(document) {
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

impl Slot {
    /// Waits for lost entries no longer: what there is stands from now on, nobody is asked again, and
    /// everybody is told the head. The record that keeps that.
    fn give_up(&mut self, document: &DocumentId) -> Option<Record> {
        let missing = self.missing_mut()?;
        let branch = (missing.run, missing.upto.seq);
        self.state = SlotState::Ready;
        self.is_changed_since_heads = true;
        self.stand(document, branch)
    }
}

impl Missing {
    fn new(shown: &Checkpoint, now_ms: u64) -> Self {
        let (askers, proven) = (BTreeMap::new(), Vec::new());
        Self { upto: shown.head, run: shown.incarnation, since_ms: now_ms, askers, proven }
    }

    /// Bytes of what was returned and waits.
    fn bytes(&self) -> usize {
        self.askers.values().map(|waiting| bytes_of(waiting)).sum::<usize>() + bytes_of(&self.proven)
    }
}
