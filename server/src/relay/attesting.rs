//! Attested views: what documents look like, for devices that have nothing of them yet, from
//! snapshots; and when snapshots are made.
//!
//! A view is put together from what the store keeps and shown only if the leaves come out as the
//! state digest of a durable entry; that need not be the newest, since the rest follows as entries.
//! Where it does not come out, snapshots are made anew by a thread of their own, and the view
//! follows if the device has not been sent the document's entries by then. The same thread reads
//! what verdicts rest on, which comes first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use entente_shared::attested::{AttestedPart, AttestedView, LeafState};
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::kinds::{self, Kind};
use entente_shared::ledger::{Entry, Position, context_leaf, state_digest};
use entente_shared::limits::{HEADER_BYTES_MAX, STATEMENT_BYTES_MAX};
use entente_shared::statement::{Act, Envelope, Header};
use entente_shared::wire::RelayFrame;
use entente_store::Store;

use super::io::{Action, ConnectionId, Counter, Event};
use super::materialise::{self, Kept, Looked, Made, MaterialiseError, Task, TaskId, Wanted};
use super::partnership::{Partnership, Shape, Slot, SlotState};
use super::recorded::Item;
use super::{Relay, Turn};
use crate::limits::{ENTRIES_FRAME_BYTES, SNAPSHOT_REST_MS, SNAPSHOT_SHARE};

/// Content that is to be materialised, of one document after the other.
#[derive(Default)]
pub(super) struct Materialising {
    under_way: Option<UnderWay>,
    /// What verdicts rest on, of documents whose statements wait for it.
    looks: VecDeque<(PartnershipId, DocumentId, Looked)>,
    /// Documents that are to have new snapshots.
    waiting: VecDeque<(PartnershipId, DocumentId)>,
    /// Documents that wait or are under way, with who is to be sent a view then.
    asked: BTreeMap<DocumentId, BTreeSet<ConnectionId>>,
    /// Documents that have moved since their last snapshots.
    moved: BTreeMap<DocumentId, Moved>,
    next: u64,
}

/// What the thread works on.
struct UnderWay {
    task: TaskId,
    partnership: PartnershipId,
    document: DocumentId,
    /// Whether a statement waits for it.
    is_look: bool,
}

/// What a document has gathered since its last snapshots, as far as this run has seen it.
struct Moved {
    partnership: PartnershipId,
    entries: u64,
    last_ms: u64,
}

impl Materialising {
    /// Takes note of durable entries.
    pub(super) fn note(&mut self, turn: &Turn<'_>, of: PartnershipId, document: DocumentId, entries: usize) {
        let nothing = Moved { partnership: of, entries: 0, last_ms: 0 };
        let moved = self.moved.entry(document).or_insert(nothing);
        moved.entries += entries as u64;
        moved.last_ms = turn.now_ms;
    }

    /// Asks for what a verdict rests on.
    pub(super) fn look(&mut self, of: PartnershipId, document: DocumentId, looked: Looked) {
        self.looks.push_back((of, document, looked));
    }

    fn begin(&mut self, partnership: PartnershipId, document: DocumentId, wanted: Wanted) -> Action {
        let task = TaskId(self.next);
        self.next += 1;
        let is_look = matches!(wanted, Wanted::Facts(_));
        self.under_way = Some(UnderWay { task, partnership, document, is_look });
        Action::Materialise(Task { id: task, document, wanted })
    }

    fn ask(&mut self, of: PartnershipId, document: DocumentId, asker: Option<ConnectionId>) {
        if !self.asked.contains_key(&document) {
            self.waiting.push_back((of, document));
        }
        self.asked.entry(document).or_default().extend(asker);
    }
}

impl<S: Store> Relay<S> {
    /// Makes snapshots of documents that have gathered enough entries and are at rest.
    pub(super) fn materialise_rested(&mut self, turn: &Turn<'_>) {
        let is_due = |document: &DocumentId, moved: &Moved| {
            let partnership = self.partnerships.get(&moved.partnership);
            let slot = partnership.and_then(|partnership| partnership.slots.get(document));
            let length = slot.and_then(|slot| slot.durable).map_or(0, |head| head.seq + 1);
            turn.now_ms.saturating_sub(moved.last_ms) >= SNAPSHOT_REST_MS
                && moved.entries * SNAPSHOT_SHARE >= length
        };
        let moved = self.materialising.moved.iter().filter(|(document, moved)| is_due(document, moved));
        let due: Vec<_> = moved.map(|(document, moved)| (moved.partnership, *document)).collect();
        for (partnership, document) in due {
            self.materialising.moved.remove(&document);
            self.materialising.ask(partnership, document, None);
        }
    }

    /// Begins the next piece of work, if none is under way.
    pub(super) fn go_on_materialising(&mut self, turn: &mut Turn<'_>) {
        while self.materialising.under_way.is_none() {
            if let Some((of, document, looked)) = self.materialising.looks.pop_front() {
                turn.actions.push(self.materialising.begin(of, document, Wanted::Facts(looked)));
                return;
            }
            let Some((of, document)) = self.materialising.waiting.pop_front() else { return };
            match self.wanted(of, document) {
                Some(wanted) => turn.actions.push(self.materialising.begin(of, document, wanted)),
                None => drop(self.materialising.asked.remove(&document)),
            }
        }
    }

    /// Which snapshots are to be made of a document as it is durable.
    fn wanted(&self, of: PartnershipId, document: DocumentId) -> Option<Wanted> {
        let partnership = self.partnerships.get(&of)?;
        let slot = partnership.slots.get(&document).filter(|slot| matches!(slot.state, SlotState::Ready))?;
        let head = slot.durable?;
        let live = slot.live.as_ref().filter(|live| live.document.head() == Some(head));
        Some(match live {
            Some(live) => Wanted::Snapshots(head, live.document.kind(), materialise::states(&live.document)),
            None => Wanted::Replayed(head, Box::new(partnership.charter.line().clone())),
        })
    }

    /// Takes the result of a piece of work: statements that wait for it are judged, whoever waits for a
    /// view is sent it.
    pub(super) fn materialised(
        &mut self,
        turn: &mut Turn<'_>,
        task: TaskId,
        result: Result<Made, MaterialiseError>,
    ) {
        let Some(under_way) = self.materialising.under_way.take_if(|one| one.task == task) else { return };
        let UnderWay { partnership: of, document, is_look, .. } = under_way;
        let askers = match is_look {
            true => BTreeSet::new(),
            false => self.materialising.asked.remove(&document).unwrap_or_default(),
        };
        match result {
            Ok(Made::Facts(facts)) => return self.looked(turn, document, Some(facts)),
            Ok(Made::Snapshots) => turn.count(Counter::DocumentsMaterialised, 1),
            Err(error) => {
                turn.report(Event::NotMaterialised { document, detail: error.to_string() });
                return if is_look {
                    self.looked(turn, document, None)
                };
            }
        }
        for asker in askers {
            let session = self.connections.session(asker);
            let lagging = session.and_then(|session| session.subscription.as_ref()).map(|one| &one.lagging);
            let charter = self.partnerships.get(&of).map(|partnership| partnership.charter_id);
            // Once entries are on their way the view would come too late.
            let is_due = lagging.is_some_and(|lagging| {
                lagging.get(&document) == Some(&0)
                    && charter.is_some_and(|charter| !lagging.contains_key(&charter))
            });
            if is_due && let Some(view) = self.view(turn, asker, of, document) {
                let frame = codec::encode(&RelayFrame::Attested { views: vec![view] });
                self.connections.send(turn, asker, Bytes::from(frame));
            }
        }
    }

    /// Sends the next views that a client has asked for, in one frame.
    pub(super) fn send_views(&mut self, turn: &mut Turn<'_>, id: ConnectionId, of: PartnershipId) {
        let (mut views, mut bytes) = (Vec::new(), 0);
        while bytes < ENTRIES_FRAME_BYTES {
            let session = self.connections.session_mut(id);
            let subscription = session.and_then(|session| session.subscription.as_mut());
            let Some(document) = subscription.and_then(|one| one.views.pop_front()) else { break };
            match self.view(turn, id, of, document) {
                Some(view) => {
                    bytes += size_of(&view);
                    views.push(view);
                }
                None => self.materialising.ask(of, document, Some(id)),
            }
        }
        if !views.is_empty() {
            let frame = Bytes::from(codec::encode(&RelayFrame::Attested { views }));
            self.connections.send(turn, id, frame);
        }
    }

    /// What a document looks like for one reader, from its snapshots; `None` if these do not give it.
    fn view(
        &mut self,
        turn: &Turn<'_>,
        id: ConnectionId,
        of: PartnershipId,
        document: DocumentId,
    ) -> Option<AttestedView> {
        let member = self.connections.session(id)?.member.clone()?;
        let partnership = self.partnerships.get_mut(&of)?;
        let charter = partnership.durable.clone()?;
        let slot =
            partnership.slots.get_mut(&document).filter(|slot| matches!(slot.state, SlotState::Ready))?;
        let found = Found::read(&*self.store, document, slot)?;
        let mut sections = Vec::new();
        for (section, (state, packed)) in found.sections {
            let is_begun = found.first.contains(&section)
                && LeafState::begun(found.kind, &section).as_ref() == Some(&state);
            let part = match charter.may_read(&found.kind.id, &section, &member) {
                true if is_begun => continue,
                true => AttestedPart::Shown { state, packed: packed.into() },
                false => AttestedPart::Hidden { leaf: state.hash(&section) },
            };
            sections.push((section, part));
        }
        let sign = |head| self.seal.checkpoint(of, document, head, turn.now_ms);
        let checkpoint = match slot.durable == Some(found.position) {
            true => slot.checkpoint(sign)?.clone(),
            false => sign(found.position),
        };
        Some(AttestedView::new(found.entry, &checkpoint, found.create, sections))
    }
}

/// Documents of which a client that has nothing of them is to be sent a view.
pub(super) fn views_due(
    lagging: &BTreeMap<DocumentId, u64>,
    partnership: &Partnership,
) -> VecDeque<DocumentId> {
    let begun = lagging.iter().filter(|(_, seq)| **seq == 0).map(|(document, _)| *document);
    begun.filter(|document| *document != partnership.charter_id).collect()
}

/// What the store has of a document as it stood after one entry.
struct Found {
    kind: &'static Kind,
    create: Envelope,
    /// The sections that the `Create` statement names.
    first: BTreeSet<SectionId>,
    position: Position,
    entry: Vec<u8>,
    sections: States,
}

/// What the leaf of each section covers, with its packed content.
type States = BTreeMap<SectionId, (LeafState, Vec<u8>)>;

impl Found {
    /// Puts snapshots together so that the state digest of a durable entry comes out.
    fn read(store: &impl Store, document: DocumentId, slot: &Slot) -> Option<Self> {
        let head = slot.durable?;
        let created = item(store, document, 0)?;
        let create: Envelope = codec::decode("statement", &created.envelope, 2 * STATEMENT_BYTES_MAX).ok()?;
        let header: Header = codec::decode("header", &create.header, HEADER_BYTES_MAX).ok()?;
        let Act::Create { kind, schema, sections, .. } = header.act else { return None };
        let kind = kinds::find(&kind, schema).known()?;
        let first: BTreeSet<SectionId> = sections.into_iter().collect();
        let (snapshots, newest) = snapshots(store, document, &slot.shape);
        let begun = |section: &SectionId| {
            LeafState::begun(kind, section).map(|state| (section.clone(), (state, Vec::new())))
        };
        // Without a snapshot a section stands as its kind begins it, if it stands at all: the shape may
        // name sections of entries that never became durable.
        let with = |sections: &BTreeSet<SectionId>| {
            let mut states: States = sections.iter().filter_map(begun).collect();
            states.extend(snapshots.clone());
            states
        };
        let older = newest.filter(|newest| newest.seq < head.seq);
        let tries = [(Some(head), &slot.shape.sections), (Some(head), &first), (older, &first)];
        let found = tries.into_iter().find_map(|(position, sections)| {
            let item = item(store, document, position?.seq).filter(|item| Some(item.position) == position)?;
            let (entry, states) = (item.entry().ok()?, with(sections));
            (digest(&entry, &states) == Some(entry.state)).then_some((item, states))
        });
        let (item, sections) = found?;
        let (position, entry) = (item.position, item.recorded.entry);
        Some(Self { kind, create, first, position, entry, sections })
    }
}

fn item(store: &impl Store, document: DocumentId, seq: u64) -> Option<Item> {
    let stored = store.entries(document, seq, 1, 1).ok()?.into_iter().next()?;
    Item::from_stored(stored).ok().filter(|item| item.position.seq == seq)
}

/// What snapshots there are, and the newest entry that one of them is of.
fn snapshots(store: &impl Store, document: DocumentId, shape: &Shape) -> (States, Option<Position>) {
    let (mut states, mut newest) = (BTreeMap::new(), None);
    for section in &shape.sections {
        let Some(snapshot) = store.snapshot(document, section) else { continue };
        let Some(Kept { state, packed }) = Kept::read(&snapshot) else { continue };
        newest = newest.max(Some(snapshot.position));
        states.insert(section.clone(), (state, packed));
    }
    (states, newest)
}

fn digest(entry: &Entry, states: &States) -> Option<StateDigest> {
    let context = context_leaf(&codec::encode(&entry.charter?));
    let leaves = states.iter().map(|(section, (state, _))| state.hash(section));
    Some(state_digest(std::iter::once(context).chain(leaves)))
}

/// Bytes of a view on the wire, nearly.
fn size_of(view: &AttestedView) -> usize {
    let part = |part: &AttestedPart| match part {
        AttestedPart::Hidden { .. } => 64,
        AttestedPart::Shown { state, packed } => {
            128 + 40 * (state.heads.len() + state.holds.len()) + packed.len()
        }
    };
    let sections: usize = view.sections.iter().map(|(_, one)| part(one)).sum();
    view.entry.len() + view.create.len() + sections + 256
}
