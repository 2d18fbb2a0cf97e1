//! What clients return of the entries that were lost.
//!
//! Each returns them as far as it may read them; what one may not read, another may. So entries that
//! lead to a checkpoint of this relay are proven, whoever returned them, and gather there until every
//! payload is back: its hash stands in the statement, and the statement's in the entry.

use entente_shared::codec;
use entente_shared::document::Document;
use entente_shared::ids::*;
use entente_shared::ledger::{Entry, Position, SignedCheckpoint};
use entente_shared::statement::{Envelope, Statement};
use entente_shared::wire::{CloseReason, Delivery, RelayFrame};
use entente_store::Store;
use rand::CryptoRng;

use super::chain::{bytes_of, continue_chain, read};
use crate::limits::REFILL_BYTES_MAX;
use crate::relay::content::waiting;
use crate::relay::greeting::protocol;
use crate::relay::intake::check_signatures;
use crate::relay::io::{ConnectionId, Event};
use crate::relay::materialise::{self, Source};
use crate::relay::partnership::{Missing, Slot, SlotState};
use crate::relay::{Relay, Turn};

impl<S: Store> Relay<S> {
    /// Takes back entries that this relay has lost.
    pub(in crate::relay) fn refill(
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
        let Some(proven) = self.collect(of, (id, document), deliveries, shown.head) else { return Ok(()) };
        let Some(statements) = statements(&proven) else { return Ok(()) };
        if !check_signatures(&statements.iter().collect::<Vec<_>>(), random).into_iter().all(|valid| valid) {
            return Err(protocol("a statement whose signature is not valid"));
        }
        self.gather(of, document, proven);
        self.take_back(turn, of, document);
        Ok(())
    }

    /// Puts returned entries behind what is here. Once they reach the checkpoint, they are handed
    /// out; until then they wait, within bounds, apart for each client: what one returns spoils
    /// nothing for another.
    fn collect(
        &mut self,
        of: PartnershipId,
        (id, document): (ConnectionId, DocumentId),
        deliveries: Vec<Delivery>,
        goal: Position,
    ) -> Option<Vec<Delivery>> {
        let partnership = self.partnerships.get_mut(&of)?;
        let head = partnership.head(document);
        let missing = partnership.slots.get_mut(&document)?.missing_mut()?;
        let mut all = missing.askers.insert(id, Vec::new()).unwrap_or_default();
        self.refill_bytes -= bytes_of(&all);
        all.extend(deliveries);
        let (kept, end) = continue_chain(all, head)?;
        if end == Some(goal) {
            return Some(kept);
        }
        let is_on_the_way = end.is_none_or(|end| end.seq < goal.seq);
        let bytes = bytes_of(&kept);
        if is_on_the_way && self.refill_bytes + bytes <= REFILL_BYTES_MAX {
            self.refill_bytes += bytes;
            missing.askers.insert(id, kept);
        }
        None
    }

    /// Puts proven entries to what others have returned.
    fn gather(&mut self, of: PartnershipId, document: DocumentId, returned: Vec<Delivery>) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let head = partnership.head(document);
        let Some(missing) = partnership.slots.get_mut(&document).and_then(Slot::missing_mut) else { return };
        self.refill_bytes -= bytes_of(&missing.proven);
        // The disk may have failed meanwhile, and the head be where it was.
        if continue_chain(missing.proven.clone(), head).is_none() {
            missing.proven.clear();
        }
        missing.gather(returned);
        let bytes = bytes_of(&missing.proven);
        if self.refill_bytes + bytes > REFILL_BYTES_MAX {
            missing.proven.clear();
            return;
        }
        self.refill_bytes += bytes;
    }

    /// Judges again what is back whole, and hands it to the disk.
    fn take_back(&mut self, turn: &mut Turn<'_>, of: PartnershipId, document: DocumentId) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let (charter_id, last_ms) = (partnership.charter_id, partnership.last_ms);
        let is_charter = document == charter_id;
        let Some(missing) = partnership.slots.get_mut(&document).and_then(Slot::missing_mut) else { return };
        let whole = missing.proven.iter().map_while(|delivery| read(delivery.clone()));
        let whole: Vec<(Entry, Statement)> = whole.collect();
        let Some((first, _)) = whole.first() else { return };
        // Another run has judged under the charter without these entries: they would lie before that.
        let comes_too_late = is_charter && first.time_ms <= last_ms;
        let durable = partnership.slots.get(&document).and_then(|slot| slot.durable);
        let (store, pipeline) = (&*self.store, &self.pipeline);
        let content = |state: &Document, entered: &[(Entry, Statement)], wanted: &[SectionId]| {
            let mut waiting = waiting(pipeline, document, durable);
            waiting.extend(entered.iter().map(|(_, statement)| statement.clone()));
            // Without content nothing that rests on it comes back.
            let source = Source { document, kind: state.kind(), upto: durable, waiting: &waiting };
            materialise::contents(store, &source, &materialise::heads(state, wanted)).unwrap_or_default()
        };
        let runs = if comes_too_late { None } else { partnership.replay(document, &whole, content) };
        let Some(runs) = runs else { return self.cannot_return(of, document, comes_too_late) };
        let head = partnership.head(document);
        for (run, record) in runs {
            self.push(run).records.extend(record);
        }
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let Some(slot) = partnership.slots.get_mut(&document) else { return };
        if !is_charter {
            self.uses.touch(&mut slot.used, of, document);
        }
        if let Some(missing) = slot.missing_mut() {
            self.refill_bytes -= bytes_of(&missing.proven);
            missing.proven.drain(..whole.len());
            self.refill_bytes += bytes_of(&missing.proven);
            if head.is_some_and(|head| head.seq >= missing.upto.seq) {
                self.refill_bytes -= missing.bytes();
                slot.state = SlotState::Ready;
            }
        }
        turn.report(Event::Refilled { document, entries: whole.len() as u64 });
        self.ask_again(turn, of, (!is_charter).then_some(document));
    }

    /// What this relay once wrote does not follow from what is here, because another run went on. So
    /// what is here stands, unless the charter may still come back.
    fn cannot_return(&mut self, of: PartnershipId, document: DocumentId, is_certain: bool) {
        let Some(partnership) = self.partnerships.get_mut(&of) else { return };
        let charter = partnership.slots.get(&partnership.charter_id).map(|slot| &slot.state);
        let may_follow = self.is_recovering || matches!(charter, Some(SlotState::Missing(_)));
        if is_certain || !may_follow {
            self.give_up(|missing_document, _| *missing_document == document);
        }
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
}

impl Missing {
    /// Takes proven entries, which continue the chain. Of two branches the longer one is kept.
    fn gather(&mut self, returned: Vec<Delivery>) {
        let is_one_chain = self.proven.iter().zip(&returned).all(|(a, b)| a.entry == b.entry);
        if !is_one_chain {
            if returned.len() > self.proven.len() {
                self.proven = returned;
            }
            return;
        }
        let mut returned = returned.into_iter();
        for (known, delivery) in self.proven.iter_mut().zip(returned.by_ref()) {
            complete(&mut known.envelope, delivery.envelope);
        }
        self.proven.extend(returned);
    }
}

/// Fills in the payloads that were left out and are here now. Both are envelopes of one statement.
fn complete(known: &mut Envelope, returned: Envelope) {
    for (payload, found) in known.payloads.iter_mut().zip(returned.payloads) {
        if payload.is_none() {
            *payload = found;
        }
    }
}

/// The statements of proven entries, with the payloads that came; `None` if one is not the entry's.
fn statements(proven: &[Delivery]) -> Option<Vec<Statement>> {
    let statement = |delivery: &Delivery| {
        let entry: Entry = codec::decode("entry", &delivery.entry, delivery.entry.len()).ok()?;
        let statement = Statement::open(delivery.envelope.clone()).ok()?;
        (statement.id == entry.statement).then_some(statement)
    };
    proven.iter().map(statement).collect()
}
