//! Content, where a verdict rests on it: at the heads that stand in memory, from the store and what
//! waits for the disk. Edits need none, so nearly all statements pass by here.

use std::collections::BTreeMap;

use entente_shared::content::Section;
use entente_shared::document::Document;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::Position;
use entente_shared::statement::Statement;
use entente_store::Store;

use super::Relay;
use super::materialise::{self, MaterialiseError, Source};
use super::memory::quarantined;
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
        let Some(live) = slot.live.as_deref_mut() else { return Ok(()) };
        let wanted = live.court.asks_for(&live.document, partnership.charter.now(), statement);
        if wanted.is_empty() {
            return Ok(());
        }
        let waiting = waiting(&self.pipeline, document, slot.durable).map_err(|_| quarantined())?;
        let contents = contents(&*self.store, slot.durable, &waiting, &live.document, &wanted);
        let mut contents = contents.map_err(|_| quarantined())?;
        live.court.look(&live.document, &statement.header.act, |name| contents.remove(name));
        Ok(())
    }
}

/// The statements of a document's entries that are not on the disk yet.
pub(super) fn waiting(
    pipeline: &Pipeline,
    document: DocumentId,
    durable: Option<Position>,
) -> Result<Vec<Statement>, String> {
    let after = durable.map_or(0, |durable| durable.seq + 1);
    let items = pipeline.items(document).filter(|item| item.position.seq >= after);
    items.map(|item| item.statement().map_err(|error| error.to_string())).collect()
}

/// The content of some sections of a document as it is in memory.
pub(super) fn contents(
    store: &impl Store,
    durable: Option<Position>,
    waiting: &[Statement],
    document: &Document,
    wanted: &[SectionId],
) -> Result<BTreeMap<SectionId, Section>, MaterialiseError> {
    let known = wanted.iter().filter_map(|name| Some((name, document.sections().get(name)?.known()?)));
    let heads = known.map(|(name, known)| (name.clone(), known.index.heads().to_vec())).collect();
    let source = Source { document: document.id(), kind: document.kind(), upto: durable, waiting };
    materialise::contents(store, &source, &heads)
}
