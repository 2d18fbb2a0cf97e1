//! Ledgers of which the relay has died while it read them.
//!
//! The shell's note says after a death which ledger was being read. One that has cost two runs is not
//! read again by this version of the program; the relay serves the others.

use entente_shared::ids::DocumentId;
use entente_store::{Record, Store};

use super::Relay;
use super::loading::LoadError;

const KEY: &[u8] = b"relay/poison/";
/// This program, as far as another one may not die of the same ledger.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

fn key(document: DocumentId) -> Vec<u8> {
    [KEY, &document.0].concat()
}

impl<S: Store> Relay<S> {
    /// Refuses a ledger of which runs of this program have died; that is kept for the next ones.
    pub(super) fn check_living(&mut self, document: DocumentId) -> Result<(), LoadError> {
        let kept = self.store.record(&key(document)).ok().flatten();
        let is_known = kept.is_some_and(|program| program == PROGRAM.as_bytes());
        let poisoned = self.options.running.as_ref().and_then(|running| running.poisoned());
        if !is_known && poisoned.is_none_or(|(poisoned, _)| poisoned != document) {
            return Ok(());
        }
        if !is_known {
            self.pipeline.note(Record { key: key(document), value: Some(PROGRAM.as_bytes().to_vec()) });
        }
        Err("reading it has ended the relay, more than once; a newer version tries again".to_owned())
    }

    /// Takes note of the ledger that is about to be read; none once it is.
    pub(super) fn mark(&self, document: Option<DocumentId>) {
        if let Some(running) = &self.options.running {
            running.mark(document.map(|document| (document, 0)));
        }
        #[cfg(test)]
        super::tests::poison::taste(document);
    }
}
