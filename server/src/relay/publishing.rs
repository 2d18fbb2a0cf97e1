//! Who is sent what: durable entries to every reader, each class of readers one frame.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use entente_shared::charter::{CharterState, Standing};
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::{Position, SignedCheckpoint};
use entente_shared::rules::{Member, SectionRights};
use entente_shared::wire::{Access, CloseReason, RelayFrame};
use entente_store::Store;

use super::connections::{Session, Subscription};
use super::io::{ConnectionId, Counter};
use super::partnership::{Partnership, Seal, Shape, Slot, reads_any};
use super::pipeline::{Founder, Run};
use super::recorded::{Item, entries_frame};
use super::{Relay, Turn};
use crate::limits::{ENTRIES_FRAME_BYTES, ENTRIES_FRAME_COUNT, HEADS_FRAME_COUNT};

/// Which of some sections a reader may read: readers for whom all are alike are sent the same bytes.
pub(super) type Class = Vec<bool>;

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
        let mut behind = Vec::new();
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
                    Step::Send => self.connections.send(turn, reader, frames.of(class)),
                }
            }
        }
        behind.into_iter().for_each(|reader| self.pump(turn, reader));
    }

    /// Makes a session a member's, once its founding is durable.
    pub(super) fn raise(&mut self, connection: ConnectionId, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let Some(charter) = partnership.durable.clone() else { return };
        let Some(session) = self.connections.session_mut(connection) else { return };
        if charter.member_of(&session.device).is_some() {
            session.raise(&charter);
            partnership.sessions.insert(connection);
        }
    }

    /// Follows a charter that has durably changed: closes who was revoked, raises who was enrolled,
    /// and sends whole documents to those who may read something of them for the first time.
    fn charter_moved(&mut self, turn: &mut Turn<'_>, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let head = partnership.slots.get(&partnership.charter_id).and_then(|slot| slot.durable);
        let after = partnership.charter.line().state_at(head);
        let before = partnership.durable.replace(Arc::clone(&after));
        let rules_moved = before
            .as_ref()
            .is_none_or(|before| before.rules() != after.rules() || before.teams() != after.teams());
        let mut gained: BTreeMap<PersonId, BTreeSet<DocumentId>> = BTreeMap::new();
        for reader in partnership.sessions.clone() {
            let Some(session) = self.connections.session_mut(reader) else { continue };
            let was = session.member.clone();
            if let Some(reason) = follow(session, &after) {
                self.close(turn, reader, reason);
                continue;
            }
            let Some(member) = session.member.clone() else { continue };
            if !rules_moved && was.as_ref() == Some(&member) {
                continue;
            }
            let Some(partnership) = self.partnerships.get(&id) else { return };
            let documents = gained.entry(member.person).or_insert_with(|| {
                newly_readable(partnership, before.as_deref(), was.as_deref(), &after, &member)
            });
            if let Some(subscription) = self.connections.session_mut(reader).and_then(Session::live) {
                subscription.lagging.extend(documents.iter().map(|document| (*document, 0)));
            }
            self.pump(turn, reader);
        }
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
    Send,
}

impl News<'_> {
    fn step(&self, partnership: &Partnership, session: &mut Session, member: Option<&Member>) -> Step {
        let document = self.document;
        let is_first_sight = self.is_first_sight(partnership, member);
        let Some(subscription) = session.live() else { return Step::Nothing };
        if let Some(known) = subscription.withheld.get(&document).copied() {
            // A refill may have brought back what the client was ahead.
            if !partnership.has(&document, known) {
                return Step::Nothing;
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

/// The frames that carry the same entries to readers of different classes.
pub(super) struct Frames<'a> {
    document: DocumentId,
    items: &'a [Item],
    first: Position,
    /// The sections that the entries concern, ascending.
    sections: Vec<&'a SectionId>,
    /// The rights on each of them.
    rights: Vec<Arc<SectionRights>>,
    checkpoint: SignedCheckpoint,
    made: Vec<(Class, Bytes)>,
}

impl<'a> Frames<'a> {
    /// Frames for `items`, which follow each other and are durable; `None` if there are none.
    pub(super) fn new(
        seal: &Seal,
        partnership: &mut Partnership,
        document: DocumentId,
        items: &'a [Item],
        now_ms: u64,
    ) -> Option<Self> {
        let (first, head) = (items.first()?.position, items.last()?.position);
        let id = partnership.id;
        let sign = |head| seal.checkpoint(id, document, head, now_ms);
        let slot = partnership.slots.get_mut(&document).filter(|slot| slot.durable == Some(head));
        let checkpoint = slot.and_then(|slot| slot.checkpoint(sign).cloned());
        let checkpoint = checkpoint.unwrap_or_else(|| sign(head));
        let sections: BTreeSet<_> = items.iter().flat_map(|item| item.recorded.sections()).collect();
        let sections: Vec<_> = sections.into_iter().collect();
        let (slot, charter) = (partnership.slots.get(&document)?, partnership.durable.as_ref()?);
        let rights = sections.iter().map(|section| charter.rights(&slot.shape.kind, section)).collect();
        Some(Self { document, items, first, sections, rights, checkpoint, made: Vec::new() })
    }

    /// Which of the sections concerned a reader may read; `None` if nothing of the document.
    pub(super) fn class(&self, partnership: &Partnership, member: Option<&Member>) -> Option<Class> {
        if self.document == partnership.charter_id {
            return Some(vec![true; self.sections.len()]);
        }
        let member = member?;
        let class: Class = self.rights.iter().map(|rights| rights.may_read(member).is_some()).collect();
        let is_readable = class.contains(&true) || partnership.is_readable(self.document, Some(member));
        is_readable.then_some(class)
    }

    /// The frame for all readers of one class.
    pub(super) fn of(&mut self, class: Class) -> Bytes {
        if let Some((_, frame)) = self.made.iter().find(|(made, _)| *made == class) {
            return frame.clone();
        }
        let may_read = |section: &SectionId| match self.sections.binary_search(&section) {
            Ok(place) => class[place],
            Err(_) => false,
        };
        let frame = entries_frame(&self.document, self.items, may_read, &self.checkpoint);
        self.made.push((class, frame.clone()));
        frame
    }
}

impl Partnership {
    /// Tells whether a document may be sent to `member` at all; the charter goes to everybody.
    pub(super) fn is_readable(&self, document: DocumentId, member: Option<&Member>) -> bool {
        let (Some(slot), Some(charter)) = (self.slots.get(&document), &self.durable) else { return false };
        document == self.charter_id || member.is_some_and(|member| reads_any(charter, &slot.shape, member))
    }

    /// Tells whether the durable chain has this entry, of a document in memory.
    fn has(&self, document: &DocumentId, position: Position) -> bool {
        let durable = self.slots.get(document).and_then(|slot| slot.durable);
        durable.is_some_and(|durable| position.seq <= durable.seq)
            && self.hash_at(document, position.seq) == Some(position.hash)
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

impl Session {
    /// The subscription, if later entries are to be sent.
    pub(super) fn live(&mut self) -> Option<&mut Subscription> {
        self.subscription.as_mut().filter(|subscription| subscription.live)
    }
}

/// Lets a session follow the charter; the reason to close it if it has no ground any more.
fn follow(session: &mut Session, charter: &CharterState) -> Option<CloseReason> {
    match (session.access, charter.standing(&session.device)) {
        (Access::Founding, _) => None,
        (Access::Member, Ok(Standing::Member { live: true, .. })) => {
            session.member = charter.member_of(&session.device).map(Arc::new);
            None
        }
        (Access::Invited, Ok(Standing::Member { live: true, .. })) => {
            session.raise(charter);
            None
        }
        (Access::Deposit, Ok(_)) | (Access::Invited, Ok(Standing::Recovery(_))) => None,
        (Access::Invited, Err(_)) => {
            let invite = session.invite.and_then(|invite| charter.members.invitations.get(&invite));
            let is_open = invite.is_some_and(|found| found.used.is_none() && !found.revoked);
            (!is_open).then_some(CloseReason::Invitation)
        }
        _ => Some(CloseReason::Revoked),
    }
}

/// The documents of which `member` may read something now, and could read nothing before.
fn newly_readable(
    partnership: &Partnership,
    before: Option<&CharterState>,
    was: Option<&Member>,
    after: &CharterState,
    member: &Member,
) -> BTreeSet<DocumentId> {
    let could = |slot: &Slot| match (before, was) {
        (Some(before), Some(was)) => reads_any(before, &slot.shape, was),
        _ => false,
    };
    let slots = partnership.slots.iter().filter(|(id, _)| **id != partnership.charter_id);
    slots
        .filter(|(_, slot)| reads_any(after, &slot.shape, member) && !could(slot))
        .map(|(document, _)| *document)
        .collect()
}

/// Encodes `Heads`, in as many frames as it takes.
pub(super) fn heads_frames<'a>(checkpoints: impl Iterator<Item = &'a SignedCheckpoint>) -> Vec<Bytes> {
    let checkpoints: Vec<_> = checkpoints.cloned().collect();
    let frames = checkpoints.chunks(HEADS_FRAME_COUNT);
    frames
        .map(|chunk| Bytes::from(codec::encode(&RelayFrame::Heads { checkpoints: chunk.to_vec() })))
        .collect()
}

/// Cuts entries into frames.
fn chunks(items: &[Item]) -> Vec<&[Item]> {
    let (mut chunks, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (place, item) in items.iter().enumerate() {
        if place > start
            && (bytes + item.bytes() > ENTRIES_FRAME_BYTES || place - start == ENTRIES_FRAME_COUNT)
        {
            chunks.push(&items[start..place]);
            (start, bytes) = (place, 0);
        }
        bytes += item.bytes();
    }
    chunks.push(&items[start..]);
    chunks
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
