//! Frames that many readers share: each class of readers is sent the same bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::{Position, SignedCheckpoint};
use entente_shared::rules::{Member, SectionRights};
use entente_shared::wire::RelayFrame;

use super::partnership::{Partnership, Seal};
use super::recorded::{Item, entries_frame};
use crate::limits::{ENTRIES_FRAME_BYTES, ENTRIES_FRAME_COUNT, HEADS_FRAME_COUNT};

/// Which of some sections a reader may read: readers for whom all are alike are sent the same bytes.
pub(super) type Class = Vec<bool>;

/// The frames that carry the same entries to readers of different classes.
pub(super) struct Frames<'a> {
    document: DocumentId,
    items: &'a [Item],
    pub(super) first: Position,
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

/// Encodes `Heads`, in as many frames as it takes.
pub(super) fn heads_frames<'a>(checkpoints: impl Iterator<Item = &'a SignedCheckpoint>) -> Vec<Bytes> {
    let checkpoints: Vec<_> = checkpoints.cloned().collect();
    let frames = checkpoints.chunks(HEADS_FRAME_COUNT);
    frames
        .map(|chunk| Bytes::from(codec::encode(&RelayFrame::Heads { checkpoints: chunk.to_vec() })))
        .collect()
}

/// Encodes the `Heads` that end a catch-up: the last frame has fewer heads than a frame may have, so
/// that the client knows that it is the last.
pub(super) fn all_heads_frames(checkpoints: &[SignedCheckpoint]) -> Vec<Bytes> {
    let mut frames = heads_frames(checkpoints.iter());
    if checkpoints.len().is_multiple_of(HEADS_FRAME_COUNT) {
        frames.push(Bytes::from(codec::encode(&RelayFrame::Heads { checkpoints: Vec::new() })));
    }
    frames
}

/// Cuts entries into frames.
pub(super) fn chunks(items: &[Item]) -> Vec<&[Item]> {
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
