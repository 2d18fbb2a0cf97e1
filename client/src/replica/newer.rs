//! Documents that are newer than this program: followed and kept, never judged or written.

use std::collections::BTreeMap;

use entente_shared::document::{Divergence, NewerDocument, Told};
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::statement::Statement;

use super::{CommandError, Replica};

impl Replica {
    /// Documents whose kind or schema is newer than this program: they can be read as far as it
    /// understands them, and not written.
    pub fn newer(&self) -> &BTreeMap<DocumentId, NewerDocument> {
        &self.newer
    }

    /// Refuses to write where this program does not understand all of what stands there, where what
    /// is shown is still being checked, or where the relay shows something else than the rules say.
    pub(super) fn check_writable(&self, document: DocumentId) -> Result<(), CommandError> {
        let charter = self.charter.as_ref().map(|charter| charter.id());
        let is_too_new = |id: &DocumentId| matches!(self.stopped.get(id), Some(Divergence::TooNew { .. }));
        let all = [Some(document), charter];
        if all.iter().flatten().any(is_too_new) || self.newer.contains_key(&document) {
            return Err(CommandError::TooNew);
        }
        if self.attested.contains_key(&document) {
            return Err(CommandError::BeingChecked);
        }
        match self.stopped.get(&document) {
            Some(divergence) => Err(CommandError::Stopped(divergence.clone())),
            None => Ok(()),
        }
    }

    /// Takes an entry of a document that is newer than this program.
    pub(super) fn replay_newer(
        &mut self,
        document: DocumentId,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(), Divergence> {
        let seq = told.entry.seq;
        let charter = self.charter.as_ref().and_then(|charter| charter.ledger.charter());
        let line = charter.map(|charter| charter.line()).ok_or(Divergence::Time { seq })?;
        if let Some(newer) = self.newer.get_mut(&document) {
            return newer.replay(line, statement, told).map(|_| ());
        }
        let mut newer = NewerDocument::begin(statement).ok_or(Divergence::OtherStatement { seq })?;
        newer.replay(line, statement, told)?;
        self.newer.insert(document, newer);
        Ok(())
    }

    /// How many entries of a document stand here, judged or not.
    pub(super) fn ledger_length(&self, document: DocumentId) -> u64 {
        let newer = self.newer.get(&document).map_or(0, NewerDocument::len);
        self.replicated(document).map_or(newer, |one| one.ledger.document().len())
    }

    /// The last entry of a document that stands here.
    pub(super) fn ledger_head(&self, document: DocumentId) -> Option<Position> {
        match self.newer.get(&document) {
            Some(newer) => newer.head(),
            None => self.replicated(document).ok()?.ledger.document().head(),
        }
    }

    /// The hash of an entry of a document that stands here.
    pub(super) fn ledger_hash(&self, document: DocumentId, seq: u64) -> Option<EntryHash> {
        match self.newer.get(&document) {
            Some(newer) => newer.hash_at(seq),
            None => self.replicated(document).ok()?.ledger.document().hash_at(seq),
        }
    }
}
