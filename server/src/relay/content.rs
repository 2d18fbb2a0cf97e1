//! Content, where a verdict rests on it: built from the store and from what waits for the disk.
//! Edits need none, so nearly all statements pass by here.

use entente_shared::charter::CharterState;
use entente_shared::document::{Court as _, Document};
use entente_shared::follow::ChangeLog;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Statement};
use entente_store::Store;

use super::Relay;
use super::loading::each;
use super::memory::quarantined;
use super::partnership::{Live, Slot};
use super::pipeline::Pipeline;

impl<S: Store> Relay<S> {
    /// Lets the court of a document look at the content on which the verdict on a statement rests.
    pub(super) fn look(
        &mut self,
        id: PartnershipId,
        document: DocumentId,
        statement: &Statement,
    ) -> Result<(), Refusal> {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return Ok(()) };
        let Some(slot) = partnership.slots.get_mut(&document) else { return Ok(()) };
        let Some(live) = slot.live.as_deref() else { return Ok(()) };
        let is_asked = may_sign(live, partnership.charter.now(), statement);
        if live.document.rests_on(&statement.header.act).is_empty() || !is_asked {
            return Ok(());
        }
        let mut changes = changes(&*self.store, &self.pipeline, slot, &live.document)?;
        let Some(live) = slot.live.as_deref_mut() else { return Ok(()) };
        let kind = live.document.kind();
        live.court.look(&live.document, &statement.header.act, |name| changes.content(kind, name));
        Ok(())
    }
}

/// Tells whether the author of a `Sign` is asked to sign, and signs what stands: whoever is not gets
/// their answer without anything being read.
fn may_sign(live: &Live, charter: &CharterState, statement: &Statement) -> bool {
    let Act::Sign { items } = &statement.header.act else { return true };
    let Some(author) = charter.member_of(&statement.header.device) else { return false };
    items.iter().all(|item| {
        let known = live.document.sections().get(&item.section).and_then(|section| section.known());
        known.is_some_and(|known| known.index.heads() == item.heads)
            && !live.court.signers(charter, &item.section, &author).is_empty()
    })
}

/// All that stands or waits in a document in memory.
pub(super) fn changes(
    store: &impl Store,
    pipeline: &Pipeline,
    slot: &Slot,
    document: &Document,
) -> Result<ChangeLog, Refusal> {
    let mut changes = ChangeLog::default();
    if let Some(durable) = slot.durable {
        let replayed = each(store, document.id(), durable, |item| {
            changes.recall(document, &item.statement().map_err(|error| error.to_string())?);
            Ok(())
        });
        replayed.map_err(|_| quarantined())?;
    }
    let after = slot.durable.map_or(0, |durable| durable.seq + 1);
    for item in pipeline.items(document.id()).filter(|item| item.position.seq >= after) {
        changes.recall(document, &item.statement().map_err(|_| quarantined())?);
    }
    Ok(changes)
}
