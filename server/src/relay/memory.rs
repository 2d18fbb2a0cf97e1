//! What is kept in memory: partnerships while somebody is connected, documents while they are used.

use std::collections::BTreeMap;

use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_store::Store;

use super::io::{Counter, Event};
use super::loading::{self, LoadError};
use super::partnership::SlotState;
use super::{Relay, Turn};
use crate::limits::PARTNERSHIP_IDLE_MS;

/// Which documents are in memory, by when they were used.
#[derive(Default)]
pub(super) struct Uses {
    last: u64,
    by_use: BTreeMap<u64, (PartnershipId, DocumentId)>,
}

impl Uses {
    pub(super) fn len(&self) -> usize {
        self.by_use.len()
    }

    /// Takes note of a use; `used` is the number of the last one, 0 for none.
    pub(super) fn touch(&mut self, used: &mut u64, partnership: PartnershipId, document: DocumentId) {
        self.by_use.remove(used);
        self.last += 1;
        *used = self.last;
        self.by_use.insert(*used, (partnership, document));
    }

    pub(super) fn remove(&mut self, used: &mut u64) {
        self.by_use.remove(used);
        *used = 0;
    }
}

impl<S: Store> Relay<S> {
    /// Has a partnership in memory; false if there is none of that id.
    pub(super) fn load_partnership(
        &mut self,
        turn: &mut Turn<'_>,
        id: PartnershipId,
    ) -> Result<bool, LoadError> {
        if self.partnerships.contains_key(&id) {
            return Ok(true);
        }
        let charter = self.store.find(StatementId(id.0)).ok().flatten().map(|(document, _)| document);
        let loaded = charter.map_or(Ok(()), |charter| self.check_living(charter)).and_then(|()| {
            self.mark(charter);
            let loaded = loading::partnership(&*self.store, id, &self.options.limits, turn.now_ms);
            self.mark(None);
            loaded
        });
        let loaded = loaded.inspect_err(|detail| {
            let document = charter.unwrap_or(DocumentId([0; 16]));
            turn.report(Event::Quarantined { document, detail: detail.clone() });
        })?;
        let Some(partnership) = loaded else { return Ok(false) };
        self.partnerships.insert(id, partnership);
        Ok(true)
    }

    /// Has a document in memory that the partnership has, and takes note of the use. What does not
    /// replay is quarantined.
    pub(super) fn load_document(
        &mut self,
        turn: &mut Turn<'_>,
        id: PartnershipId,
        document: DocumentId,
    ) -> Result<(), Refusal> {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return Ok(()) };
        if document == partnership.charter_id {
            return Ok(());
        }
        let Some(slot) = partnership.slots.get_mut(&document) else { return Ok(()) };
        let (None, Some(head)) = (&slot.live, slot.durable) else {
            if slot.live.is_some() {
                self.uses.touch(&mut slot.used, id, document);
            }
            return Ok(());
        };
        if matches!(slot.state, SlotState::Quarantined) {
            return Err(quarantined());
        }
        let living = self.check_living(document);
        self.mark(living.is_ok().then_some(document));
        let Some(partnership) = self.partnerships.get_mut(&id) else { return Ok(()) };
        let line = partnership.charter.line();
        let loaded = living.and_then(|()| loading::document(&*self.store, line, document, head));
        self.mark(None);
        let Some(slot) = self.partnerships.get_mut(&id).and_then(|found| found.slots.get_mut(&document))
        else {
            return Ok(());
        };
        match loaded {
            Ok(live) => slot.live = Some(Box::new(live)),
            Err(detail) => {
                slot.state = SlotState::Quarantined;
                turn.report(Event::Quarantined { document, detail });
                return Err(quarantined());
            }
        }
        turn.count(Counter::DocumentsLoaded, 1);
        self.uses.touch(&mut slot.used, id, document);
        Ok(())
    }

    /// Drops the documents that were used longest ago. What waits for the disk stays.
    pub(super) fn evict(&mut self, turn: &mut Turn<'_>) {
        let excess = self.uses.len().saturating_sub(self.options.documents_in_memory);
        if excess == 0 {
            return;
        }
        let oldest: Vec<_> = self.uses.by_use.values().copied().collect();
        let mut evicted = 0;
        for (id, document) in oldest {
            if evicted == excess as u64 {
                break;
            }
            let slot = self.partnerships.get_mut(&id).and_then(|found| found.slots.get_mut(&document));
            let Some(slot) = slot else { continue };
            if slot.live.as_ref().is_some_and(|live| live.document.head() == slot.durable) {
                slot.live = None;
                self.uses.remove(&mut slot.used);
                evicted += 1;
            }
        }
        turn.count(Counter::DocumentsEvicted, evicted);
    }

    /// Drops partnerships where nobody has been connected for a while and nothing waits.
    pub(super) fn forget_idle(&mut self, now_ms: u64) {
        let is_idle = |partnership: &super::Partnership| {
            partnership.sessions.is_empty()
                && now_ms.saturating_sub(partnership.idle_since_ms) >= PARTNERSHIP_IDLE_MS
                && partnership.slots.values().all(|slot| !matches!(slot.state, SlotState::Missing(_)))
                && !self.pipeline.has(partnership.id)
        };
        let idle: Vec<_> = self.partnerships.values().filter(|found| is_idle(found)).map(|p| p.id).collect();
        for id in idle {
            let Some(mut partnership) = self.partnerships.remove(&id) else { continue };
            partnership.slots.values_mut().for_each(|slot| self.uses.remove(&mut slot.used));
        }
        self.devices.retain(|_, buckets| !buckets.are_full(now_ms));
    }
}

/// What a client is told about a ledger that this relay cannot go on with.
pub(super) fn quarantined() -> Refusal {
    Refusal::ReadOnly { detail: "its copy of this document is damaged".to_owned() }
}
