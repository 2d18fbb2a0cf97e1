//! Subscriptions: what a client does not have yet, in frames that let other documents and other
//! clients have their turn, then the heads, then what comes.

use std::collections::BTreeMap;
use std::ops::Bound;

use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::rules::Member;
use entente_shared::wire::{Access, CloseReason, Known};
use entente_store::Store;

use super::attesting::views_due;
use super::connections::Subscription;
use super::frames::{Frames, all_heads_frames};
use super::greeting::protocol;
use super::io::{ConnectionId, Event};
use super::loading::LoadError;
use super::partnership::{Partnership, Slot, SlotState};
use super::recorded::Item;
use super::{Relay, Turn};
use crate::limits::{DOCUMENTS_NAMED_MAX, ENTRIES_FRAME_BYTES, ENTRIES_FRAME_COUNT};

/// How a ledger lies to what a client knows of it.
enum Lies {
    /// The client has everything.
    Level,
    /// The client needs entries from here on.
    From(u64),
    /// The client knows an entry that this chain does not have.
    Elsewhere,
}

impl<S: Store> Relay<S> {
    /// Takes a subscription, in place of the one before.
    pub(super) fn subscribe(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        known: &[Known],
        live: bool,
    ) -> Result<(), CloseReason> {
        if known.len() > DOCUMENTS_NAMED_MAX {
            return Err(protocol("too many documents are named"));
        }
        let Some(session) = self.connections.session_mut(id) else { return Ok(()) };
        let reads = matches!(session.access, Access::Member | Access::Invited);
        let Some(partnership) = session.partnership.filter(|_| reads) else {
            return Err(protocol("this session reads nothing"));
        };
        let known = known.iter().map(|known| (known.document, known.head)).collect();
        if let Some(partnership) = self.partnerships.get(&partnership) {
            let mut subscription = lay_out(&*self.store, partnership, session.member.as_deref(), known, live);
            if std::mem::take(&mut session.asks_attested) {
                subscription.views = views_due(&subscription.lagging, partnership);
            }
            session.subscription = Some(subscription);
        }
        self.pump(turn, id);
        Ok(())
    }

    /// Takes note that the next subscription is to begin with attested views.
    pub(super) fn ask_attested(&mut self, id: ConnectionId) -> Result<(), CloseReason> {
        if let Some(session) = self.connections.session_mut(id) {
            session.asks_attested = true;
        }
        Ok(())
    }

    /// Lays a subscription out anew, once the chain has the charter's entry that the client knew.
    pub(super) fn lay_out_anew(&mut self, turn: &mut Turn<'_>, id: ConnectionId, of: PartnershipId) {
        let Some(partnership) = self.partnerships.get(&of) else { return };
        let Some(session) = self.connections.session_mut(id) else { return };
        let Some(Subscription { known, live, .. }) = session.subscription.take() else { return };
        let subscription = lay_out(&*self.store, partnership, session.member.as_deref(), known, live);
        session.subscription = Some(subscription);
        self.pump(turn, id);
    }

    /// Sends a client what it lacks, until its queue is full or it lacks nothing.
    pub(super) fn pump(&mut self, turn: &mut Turn<'_>, id: ConnectionId) {
        loop {
            let Some(connection) = self.connections.get_mut(id) else { return };
            if connection.is_full() {
                return;
            }
            let Some(session) = connection.session_mut() else { return };
            let Some(partnership) = session.partnership else { return };
            let Some(charter_id) = self.partnerships.get(&partnership).map(|found| found.charter_id) else {
                return;
            };
            let Some(subscription) = &mut session.subscription else { return };
            if !subscription.views.is_empty() && !subscription.lagging.contains_key(&charter_id) {
                self.send_views(turn, id, partnership);
                continue;
            }
            let Some((document, from_seq)) = subscription.next(charter_id) else {
                if std::mem::take(&mut subscription.heads_due) {
                    self.send_heads(turn, id, partnership);
                }
                return;
            };
            let next = self.send_chunk(turn, id, partnership, document, from_seq);
            let session = self.connections.session_mut(id);
            let Some(subscription) = session.and_then(|session| session.subscription.as_mut()) else {
                return;
            };
            match next {
                Some(seq) => subscription.lagging.insert(document, seq),
                None => subscription.lagging.remove(&document),
            };
        }
    }

    /// Sends entries of one document from `from_seq` on; the next that is needed, if there is one.
    fn send_chunk(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        partnership: PartnershipId,
        document: DocumentId,
        from_seq: u64,
    ) -> Option<u64> {
        let partnership = self.partnerships.get_mut(&partnership)?;
        let slot = partnership.slots.get_mut(&document)?;
        let durable = slot.durable.filter(|durable| from_seq <= durable.seq)?;
        let items = match read(&*self.store, document, from_seq, durable.seq) {
            Ok(items) => items,
            Err(detail) => {
                slot.state = SlotState::Quarantined;
                turn.report(Event::Quarantined { document, detail });
                return None;
            }
        };
        let mut frames = Frames::new(&self.seal, partnership, document, &items, turn.now_ms)?;
        let member = self.connections.session(id)?.member.clone();
        let class = frames.class(partnership, member.as_deref())?;
        self.connections.send(turn, id, frames.of(class));
        let next = items.last()?.position.seq + 1;
        (next <= durable.seq).then_some(next)
    }

    /// Sends the relay's word on every head that the client may know, which ends the catch-up.
    fn send_heads(&mut self, turn: &mut Turn<'_>, id: ConnectionId, of: PartnershipId) {
        let Some(session) = self.connections.session(id) else { return };
        let (member, subscription) = (session.member.clone(), session.subscription.as_ref());
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let charter = partnership.charter_id;
        let may_send =
            |document: &DocumentId| subscription.is_none_or(|one| one.may_send(*document, charter));
        let readable = partnership.slots.keys().copied().filter(may_send);
        let readable: Vec<_> =
            readable.filter(|document| partnership.is_readable(*document, member.as_deref())).collect();
        let mut checkpoints = Vec::with_capacity(readable.len());
        for document in readable {
            let Some(slot) = partnership.slots.get_mut(&document) else { continue };
            // A head that may still go forward to where it was says nothing yet.
            if matches!(slot.state, SlotState::Missing(_)) {
                continue;
            }
            let sign = |head| self.seal.checkpoint(of, document, head, turn.now_ms);
            checkpoints.extend(slot.checkpoint(sign).cloned());
        }
        for frame in all_heads_frames(&checkpoints) {
            self.connections.send(turn, id, frame);
        }
    }
}

impl Subscription {
    /// The document whose turn it is: the charter first, others one after the other.
    fn next(&mut self, charter: DocumentId) -> Option<(DocumentId, u64)> {
        let after =
            |cursor: DocumentId| self.lagging.range((Bound::Excluded(cursor), Bound::Unbounded)).next();
        let found = self
            .lagging
            .get_key_value(&charter)
            .or_else(|| self.cursor.and_then(after))
            .or_else(|| self.lagging.first_key_value());
        let (document, seq) = found.map(|(document, seq)| (*document, *seq))?;
        self.cursor = Some(document);
        Some((document, seq))
    }
}

/// What a client lacks that knows the entries `known`.
fn lay_out(
    store: &impl Store,
    partnership: &Partnership,
    member: Option<&Member>,
    known: BTreeMap<DocumentId, Position>,
    live: bool,
) -> Subscription {
    let mut subscription = Subscription { live, heads_due: true, ..Subscription::default() };
    let compare = |document: DocumentId| {
        let slot = partnership.slots.get(&document).filter(|_| partnership.is_readable(document, member));
        slot.map_or(Lies::Level, |slot| {
            compare(store, partnership, document, slot, known.get(&document).copied())
        })
    };
    let charter = partnership.charter_id;
    let is_elsewhere = matches!(compare(charter), Lies::Elsewhere);
    if let Some(head) = known.get(&charter).filter(|_| is_elsewhere) {
        subscription.withheld.insert(charter, *head);
        subscription.known = known;
        return subscription;
    }
    for document in partnership.slots.keys().copied() {
        match compare(document) {
            Lies::Level => {}
            Lies::From(seq) => drop(subscription.lagging.insert(document, seq)),
            Lies::Elsewhere => {
                subscription.withheld.extend(known.get(&document).map(|head| (document, *head)));
            }
        }
    }
    subscription
}

fn compare(
    store: &impl Store,
    partnership: &Partnership,
    document: DocumentId,
    slot: &Slot,
    known: Option<Position>,
) -> Lies {
    let Some(durable) = slot.durable else {
        return if known.is_some() { Lies::Elsewhere } else { Lies::Level };
    };
    let Some(known) = known else { return Lies::From(0) };
    if known == durable {
        return Lies::Level;
    }
    let here = match known.seq < durable.seq {
        true => partnership.hash_at(&document, known.seq).or_else(|| {
            let found = store.entries(document, known.seq, 1, 1).ok()?;
            found.first().filter(|entry| entry.seq == known.seq).map(|entry| entry.hash)
        }),
        false => None,
    };
    if here == Some(known.hash) { Lies::From(known.seq + 1) } else { Lies::Elsewhere }
}

/// Entries of one frame, none after `last_seq`: what the store has beyond is not published yet.
fn read(
    store: &impl Store,
    document: DocumentId,
    from_seq: u64,
    last_seq: u64,
) -> Result<Vec<Item>, LoadError> {
    let stored = store
        .entries(document, from_seq, ENTRIES_FRAME_COUNT, ENTRIES_FRAME_BYTES)
        .map_err(|error| error.to_string())?;
    let durable = stored.into_iter().take_while(|entry| entry.seq <= last_seq);
    durable.map(|entry| Item::from_stored(entry).map_err(|error| error.to_string())).collect()
}
