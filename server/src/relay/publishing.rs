//! Who is sent what: durable entries to every reader, each class of readers one frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::rules::Member;
use entente_store::Store;

use super::connections::Session;
use super::frames::{Frames, chunks, heads_frames};
use super::io::Counter;
use super::partnership::{Partnership, Shape, Slot, SlotState, reads_any};
use super::pipeline::{Founder, Run};
use super::recorded::Item;
use super::{Relay, Turn};

impl<S: Store> Relay<S> {
    /// Sends durable entries to everybody who reads them, the charter's first: others cite them.
    pub(super) fn publish(&mut self, turn: &mut Turn<'_>, runs: Vec<Run>, founders: &[Founder]) {
        let mut fresh: BTreeMap<PartnershipId, BTreeMap<DocumentId, Vec<Item>>> = BTreeMap::new();
        for run in runs {
            count(turn, &run.items);
            let of_partnership = fresh.entry(run.partnership).or_default();
            of_partnership.entry(run.document).or_default().extend(run.items);
        }
        for (id, mut documents) in fresh {
            let Some(partnership) = self.partnerships.get_mut(&id) else { continue };
            let charter_id = partnership.charter_id;
            if let Some(items) = documents.remove(&charter_id) {
                self.publish_run(turn, id, charter_id, &items);
                self.charter_moved(turn, id);
            }
            for founder in founders.iter().filter(|founder| founder.partnership == id) {
                self.raise(founder.connection, id);
            }
            for (document, items) in documents {
                self.publish_run(turn, id, document, &items);
            }
        }
    }

    fn publish_run(&mut self, turn: &mut Turn<'_>, id: PartnershipId, document: DocumentId, items: &[Item]) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let Some(slot) = partnership.slots.get_mut(&document) else { return };
        let Some(last) = items.last() else { return };
        let shape_before = slot.take_sections(items);
        slot.advance(last.position);
        if document != partnership.charter_id {
            self.materialising.note(turn, id, document, items.len());
        }
        let (mut behind, mut anew) = (Vec::new(), Vec::new());
        for chunk in chunks(items) {
            let Some(mut frames) = Frames::new(&self.seal, partnership, document, chunk, turn.now_ms) else {
                continue;
            };
            for reader in partnership.sessions.clone() {
                let Some(connection) = self.connections.get_mut(reader) else { continue };
                let is_full = connection.is_full();
                let Some(session) = connection.session_mut() else { continue };
                let member = session.member.clone();
                let Some(class) = frames.class(partnership, member.as_deref()) else { continue };
                let (first, shape_before) = (frames.first, shape_before.as_deref());
                let news = News { document, first, shape_before, is_full };
                match news.step(partnership, session, member.as_deref()) {
                    Step::Nothing => {}
                    Step::CatchUp => behind.push(reader),
                    Step::Anew => anew.push(reader),
                    Step::Send => self.connections.send(turn, reader, frames.of(class)),
                }
            }
        }
        behind.into_iter().for_each(|reader| self.pump(turn, reader));
        anew.into_iter().for_each(|reader| self.lay_out_anew(turn, reader, id));
    }

    /// Sends the relay's word on heads that moved since the last time, and on every charter's.
    pub(super) fn send_new_heads(&mut self, turn: &mut Turn<'_>) {
        let active = self.partnerships.values().filter(|partnership| !partnership.sessions.is_empty());
        let active: Vec<_> = active.map(|partnership| partnership.id).collect();
        for id in active {
            self.send_new_heads_of(turn, id);
        }
    }

    fn send_new_heads_of(&mut self, turn: &mut Turn<'_>, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let charter_id = partnership.charter_id;
        let mut moved = BTreeMap::new();
        for (document, slot) in &mut partnership.slots {
            let Some(head) = slot.durable else { continue };
            if matches!(slot.state, SlotState::Missing(_)) {
                continue;
            }
            if *document == charter_id || std::mem::take(&mut slot.is_changed_since_heads) {
                moved.insert(*document, self.seal.checkpoint(id, *document, head, turn.now_ms));
            }
        }
        let mut frames: BTreeMap<Vec<DocumentId>, Vec<Bytes>> = BTreeMap::new();
        for reader in partnership.sessions.clone() {
            let Some(connection) = self.connections.get_mut(reader) else { continue };
            let is_full = connection.is_full();
            let Some(session) = connection.session_mut() else { continue };
            let member = session.member.clone();
            let Some(subscription) = session.live() else { continue };
            if is_full || !subscription.lagging.is_empty() {
                subscription.heads_due = true;
                continue;
            }
            let readable = moved
                .keys()
                .copied()
                .filter(|document| subscription.may_send(*document, charter_id))
                .filter(|document| partnership.is_readable(*document, member.as_deref()));
            let readable: Vec<_> = readable.collect();
            let frames = frames
                .entry(readable.clone())
                .or_insert_with(|| heads_frames(readable.iter().filter_map(|document| moved.get(document))));
            frames.iter().for_each(|frame| self.connections.send(turn, reader, frame.clone()));
        }
    }
}

/// Fresh entries of one document, as one reader stands to them.
struct News<'a> {
    document: DocumentId,
    first: Position,
    /// What the document was made of before, if these entries add sections.
    shape_before: Option<&'a Shape>,
    is_full: bool,
}

/// What to do with fresh entries for one reader.
enum Step {
    Nothing,
    CatchUp,
    /// The charter has got back what this reader knew of it: everything may be sent again.
    Anew,
    Send,
}

impl News<'_> {
    fn step(&self, partnership: &Partnership, session: &mut Session, member: Option<&Member>) -> Step {
        let document = self.document;
        let is_first_sight = self.is_first_sight(partnership, member);
        let Some(subscription) = session.live() else { return Step::Nothing };
        if !subscription.may_send(document, partnership.charter_id) {
            return Step::Nothing;
        }
        if let Some(known) = subscription.withheld.get(&document).copied() {
            // A refill may have brought back what the client was ahead.
            if !partnership.has(&document, known) {
                return Step::Nothing;
            }
            if document == partnership.charter_id {
                return Step::Anew;
            }
            subscription.withheld.remove(&document);
            subscription.lagging.insert(document, known.seq + 1);
            return Step::CatchUp;
        }
        if is_first_sight {
            subscription.lagging.insert(document, 0);
            return Step::CatchUp;
        }
        if subscription.lagging.contains_key(&document) {
            return Step::Nothing;
        }
        if self.is_full || subscription.lagging.contains_key(&partnership.charter_id) {
            subscription.lagging.insert(document, self.first.seq);
            return Step::Nothing;
        }
        Step::Send
    }

    /// Tells whether the first section that the reader may see comes with these entries.
    fn is_first_sight(&self, partnership: &Partnership, member: Option<&Member>) -> bool {
        let (Some(shape), Some(member)) = (self.shape_before, member) else { return false };
        let Some(charter) = &partnership.durable else { return false };
        self.first.seq > 0 && !reads_any(charter, shape, member)
    }
}

impl Slot {
    /// Takes the sections of fresh entries into the shape; returns the shape before, if it grew.
    fn take_sections(&mut self, items: &[Item]) -> Option<Arc<Shape>> {
        let sections = items.iter().flat_map(|item| &item.recorded.leaves).map(|(section, _)| section);
        let fresh: Vec<_> = sections.filter(|name| !self.shape.sections.contains(*name)).cloned().collect();
        if fresh.is_empty() {
            return None;
        }
        let before = Arc::clone(&self.shape);
        Arc::make_mut(&mut self.shape).sections.extend(fresh);
        Some(before)
    }
}

fn count(turn: &mut Turn<'_>, items: &[Item]) {
    let held = items.iter().filter(|item| item.held).count() as u64;
    let admitted = items.len() as u64 - held;
    for (counter, by) in [
        (Counter::StatementsAdmitted, admitted),
        (Counter::StatementsHeld, held),
        (Counter::Entries, items.len() as u64),
        (Counter::EntryBytes, items.iter().map(|item| item.bytes() as u64).sum()),
    ] {
        if by > 0 {
            turn.count(counter, by);
        }
    }
}
