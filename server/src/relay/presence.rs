//! Who looks at which document, as they say themselves: told to those who asked, kept nowhere.
//!
//! It goes out at the next tick, the whole list each time, so that it costs one frame a second at most
//! for each reader, however often people move. A reader whose queue is not empty of entries is left out:
//! the next list says the same.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::wire::{Access, Attention, CloseReason, PRESENT_MAX, Present, RelayFrame};
use entente_store::Store;

use super::connections::Session;
use super::frames::Class;
use super::greeting::protocol;
use super::io::ConnectionId;
use super::partnership::Partnership;
use super::{Relay, Turn};

impl<S: Store> Relay<S> {
    /// Takes note of what somebody looks at.
    pub(super) fn attend(
        &mut self,
        id: ConnectionId,
        attention: Option<Attention>,
    ) -> Result<(), CloseReason> {
        let Some(session) = self.connections.session_mut(id) else { return Ok(()) };
        let (Access::Member, Some(partnership)) = (session.access, session.partnership) else {
            return Err(protocol("`Attend` is for members"));
        };
        let before = std::mem::replace(&mut session.attention, attention.clone());
        let moved = [before, attention].into_iter().flatten().map(|one| (partnership, one.document));
        self.attended.extend(moved);
        Ok(())
    }

    /// Somebody who looked at a document is gone.
    pub(super) fn leave_off(&mut self, session: &Session) {
        if let (Some(partnership), Some(attention)) = (session.partnership, &session.attention) {
            self.attended.insert((partnership, attention.document));
        }
    }

    /// Tells those who look at documents where somebody came, moved or went.
    pub(super) fn send_presence(&mut self, turn: &mut Turn<'_>) {
        for (partnership, document) in std::mem::take(&mut self.attended) {
            self.send_presence_of(turn, partnership, document);
        }
    }

    fn send_presence_of(&mut self, turn: &mut Turn<'_>, id: PartnershipId, document: DocumentId) {
        let Some(partnership) = self.partnerships.get(&id) else { return };
        let mut classes: BTreeMap<Class, Vec<(ConnectionId, Present, bool)>> = BTreeMap::new();
        for reader in &partnership.sessions {
            let Some(session) = self.connections.session(*reader) else { continue };
            let attention = session.attention.as_ref().filter(|one| one.document == document);
            let (Some(attention), Some(class)) = (attention, class_of(partnership, document, session)) else {
                continue;
            };
            // Only what the reader could say themselves: a section that is there and that they may read.
            let section =
                attention.section.clone().filter(|section| reads(partnership, document, section, session));
            let present = Present { device: session.device, section };
            classes.entry(class).or_default().push((*reader, present, attention.shown));
        }
        for readers in classes.values() {
            for (reader, own, _) in readers {
                let others = readers.iter().filter(|(_, one, shown)| *shown && one.device != own.device);
                let others: BTreeSet<_> = others.map(|(_, one, _)| one.clone()).collect();
                let others = others.into_iter().take(PRESENT_MAX).collect();
                let is_full = self.connections.get(*reader).is_none_or(|connection| connection.is_full());
                if !is_full {
                    let frame = Bytes::from(codec::encode(&RelayFrame::Present { document, others }));
                    self.connections.send(turn, *reader, frame);
                }
            }
        }
    }
}

/// Which sections of a document a member may read; nothing if none.
fn class_of(partnership: &Partnership, document: DocumentId, session: &Session) -> Option<Class> {
    let (slot, charter) = (partnership.slots.get(&document)?, partnership.durable.as_ref()?);
    let member = session.member.as_deref()?;
    let sections = slot.shape.sections.iter();
    let class: Class = sections.map(|section| charter.may_read(&slot.shape.kind, section, member)).collect();
    class.contains(&true).then_some(class)
}

fn reads(partnership: &Partnership, document: DocumentId, section: &SectionId, session: &Session) -> bool {
    let (Some(slot), Some(charter)) = (partnership.slots.get(&document), &partnership.durable) else {
        return false;
    };
    let member = session.member.as_deref();
    slot.shape.sections.contains(section)
        && member.is_some_and(|member| charter.may_read(&slot.shape.kind, section, member))
}
