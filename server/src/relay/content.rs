//! Content, where a verdict rests on it: a thread of its own reads it, at the heads that stand in
//! memory. Edits need none, so nearly all statements pass by here.
//!
//! Until it is read, the statement waits, and so does what comes after it for the same document: the
//! heads stay where they are, and statements are judged in the order in which they came. Other
//! documents go on.

use std::collections::{BTreeMap, VecDeque};

use entente_shared::ids::*;
use entente_shared::judge::Facts;
use entente_shared::ledger::Position;
use entente_shared::statement::Statement;
use entente_store::Store;

use super::intake::Submitted;
use super::materialise::{self, Looked};
use super::partnership::Live;
use super::pipeline::Pipeline;
use super::{Relay, Turn};

/// Statements that wait for content.
#[derive(Default)]
pub(super) struct Looking {
    documents: BTreeMap<DocumentId, VecDeque<(Submitted, bool)>>,
    bytes: usize,
}

impl Looking {
    /// Tells whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Bytes of all that waits.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lets a statement wait, with whether its signature is valid, if its document waits already.
    pub(super) fn queue(&mut self, submitted: Submitted, is_valid: bool) -> Option<(Submitted, bool)> {
        let Some(queue) = self.documents.get_mut(&submitted.statement.header.document) else {
            return Some((submitted, is_valid));
        };
        self.bytes += submitted.statement.bytes();
        queue.push_back((submitted, is_valid));
        None
    }

    /// Lets a document wait, beginning with this statement.
    pub(super) fn begin(&mut self, submitted: Submitted, is_valid: bool) {
        self.documents.entry(submitted.statement.header.document).or_default();
        let at_once = self.queue(submitted, is_valid);
        debug_assert!(at_once.is_none(), "its document waits");
    }

    fn end(&mut self, document: DocumentId) -> VecDeque<(Submitted, bool)> {
        let queue = self.documents.remove(&document).unwrap_or_default();
        self.bytes -= queue.iter().map(|(one, _)| one.statement.bytes()).sum::<usize>();
        queue
    }
}

impl<S: Store> Relay<S> {
    /// What is to be read before a statement can be judged; `None` if its verdict rests on nothing
    /// that has to be read.
    pub(super) fn rests_on(&self, id: PartnershipId, statement: &Statement) -> Option<Looked> {
        let partnership = self.partnerships.get(&id)?;
        let slot = partnership.slots.get(&statement.header.document)?;
        let Live { document, court } = slot.live.as_deref()?;
        let wanted = court.asks_for(document, partnership.charter.now(), statement);
        (!wanted.is_empty()).then(|| Looked {
            kind: document.kind(),
            heads: materialise::heads(document, &wanted),
            durable: slot.durable,
            waiting: waiting(&self.pipeline, document.id(), slot.durable),
        })
    }

    /// Judges what has waited for content of a document: the first knowing `facts`, or refused where
    /// its content cannot be read, then what came after it.
    pub(super) fn looked(&mut self, turn: &mut Turn<'_>, document: DocumentId, facts: Option<Facts>) {
        let mut queue = self.looking.end(document);
        if let Some((first, is_valid)) = queue.pop_front() {
            match facts {
                Some(facts) => self.enter_knowing(turn, first, is_valid, facts),
                None => self.refuse_unread(turn, &first),
            }
        }
        for (submitted, is_valid) in queue {
            self.enter(turn, submitted, is_valid);
        }
        self.evict(turn);
    }
}

/// The statements of a document's entries that are not on the disk yet.
pub(super) fn waiting(
    pipeline: &Pipeline,
    document: DocumentId,
    durable: Option<Position>,
) -> Vec<Statement> {
    let after = durable.map_or(0, |durable| durable.seq + 1);
    let items = pipeline.items(document).filter(|item| item.position.seq >= after);
    // What was judged and encoded here can be read; were it not, the heads would not be reached.
    items.filter_map(|item| item.statement().ok()).collect()
}
