//! Documents that are not followed any further, as far as that outlives the run.
//!
//! An entry that the rules do not lead to is found again at the next sync, and with it the stop. Two
//! stops are remembered: by an entry that this program is too old for, so that it is said before
//! anybody connects; and by one of which the program has died, so that it dies no more. The document
//! stays as it was before that entry, and the others go on.

use std::sync::Arc;

use entente_shared::document::Divergence;
use entente_shared::ids::DocumentId;
use entente_shared::ledger::RULES_VERSION;
use minicbor::{Decode, Encode};

use super::{Effect, Event, Replica, records};

/// This program, as far as another one may not die of the same entry.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// An entry of a document.
pub type Place = (DocumentId, u64);

/// Where the shell is told which entry is about to be taken in, so that it knows of what the program
/// died if it dies; `None` once all are taken in. By default nobody is told.
#[derive(Clone, Default)]
pub struct Marker(Option<Arc<dyn Fn(Option<Place>) + Send + Sync>>);

impl Marker {
    /// Tells `note`. It is called for every entry and must be quick.
    pub fn new(note: impl Fn(Option<Place>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(note)))
    }

    pub(super) fn mark(&self, place: Option<Place>) {
        if let Some(note) = &self.0 {
            note(place);
        }
    }
}

impl std::fmt::Debug for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Marker")
    }
}

/// Why a document was stopped, kept as a record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Stop {
    /// The entry that was not taken in.
    #[n(0)]
    pub seq: u64,
    /// The rules version that it was judged by, if this program was too old for it.
    #[n(1)]
    pub rules_version: Option<u32>,
    /// The version of the program that died of it.
    #[n(2)]
    pub program: Option<String>,
}

impl Stop {
    /// Tells whether it is this program that died of the entry.
    fn is_deadly(&self) -> bool {
        self.program.as_deref() == Some(PROGRAM)
    }

    /// What people are told, as long as it holds for this program.
    fn divergence(&self) -> Option<Divergence> {
        let seq = self.seq;
        if self.is_deadly() {
            return Some(Divergence::Poison);
        }
        let version = self.rules_version.filter(|version| *version > RULES_VERSION)?;
        Some(Divergence::TooNew { seq, detail: format!("rules version {version}") })
    }
}

impl Replica {
    /// Follows a document no further, and says so.
    pub(super) fn stop(&mut self, document: DocumentId, divergence: Divergence) {
        self.effects.push(Effect::Tell(Event::Diverged { document, divergence: divergence.clone() }));
        self.stopped.insert(document, divergence);
    }

    /// Keeps beyond this run that a document needs a program of a newer rules version.
    pub(super) fn remember_newer(&mut self, document: DocumentId, seq: u64, rules_version: u32) {
        if rules_version > RULES_VERSION {
            self.remember(document, &Stop { seq, rules_version: Some(rules_version), program: None });
        }
    }

    /// Takes up what was kept, and the entry of which the last runs died. What this program
    /// understands by now, or has not tried yet, is forgotten.
    pub(super) fn take_up_stops(&mut self, stops: Vec<(DocumentId, Stop)>, poisoned: Option<Place>) {
        for (document, stop) in stops {
            if stop.is_deadly() {
                self.deadly.insert(document, stop.seq);
            }
            match stop.divergence() {
                Some(divergence) => self.stop(document, divergence),
                None => self.effects.push(Effect::Write { key: records::stop_key(document), value: None }),
            }
        }
        if let Some((document, seq)) = poisoned {
            self.remember(document, &Stop { seq, rules_version: None, program: Some(PROGRAM.to_owned()) });
            self.deadly.insert(document, seq);
            self.stop(document, Divergence::Poison);
        }
    }

    /// Tells whether an entry is the one of which the program died, or comes after it.
    pub(super) fn is_deadly(&self, document: DocumentId, seq: u64) -> bool {
        self.deadly.get(&document).is_some_and(|deadly| seq >= *deadly)
    }

    fn remember(&mut self, document: DocumentId, stop: &Stop) {
        let value = Some(records::stop_value(stop));
        self.effects.push(Effect::Write { key: records::stop_key(document), value });
    }
}
