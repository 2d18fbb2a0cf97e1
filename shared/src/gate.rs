//! The gate: structural validation of Automerge changes before any byte reaches Automerge.
//!
//! Automerge 0.12 trusts its input. Relay, clients and bundle import therefore run every change
//! through this gate, and the rights are judged on what it found. It answers from an index of the
//! section's effective changes, without the document: a few microseconds a change, where applying
//! one to a long text costs milliseconds. What it accepts is part of the rules version and does
//! not change within it; its numbers stand in [`crate::limits`].
//!
//! # Why each check exists: what Automerge does without it
//!
//! - **Bounds before parsing** (`chunk`, `decode`). Operations are stored as runs: 69 bytes can
//!   claim 100 million and take 20 s to parse, and a deflated chunk can inflate a thousandfold.
//!   So inflation stops at a bound, and operations are counted from the run lengths of one
//!   column before any is decoded. Every kept operation needs its share of bytes, or a hundred
//!   bytes would cost a megabyte of memory for good; a long deletion is free.
//! - **One change per chunk, with its checksum.** `Change::from_bytes` accepts a wrong checksum.
//!   A document or bundle chunk brings in other people's changes unseen.
//! - **Canonical bytes** (`columns`, `decode`). Automerge keeps no change bytes: it re-encodes
//!   them from its own columns when it saves, loads or sends. A change that it would write
//!   otherwise (overlong numbers, split runs, an actor that nothing names, a column that could be
//!   left out, parts that its action does not use) comes back with another hash, and the saved
//!   document cannot be loaded. So only the one encoding that Automerge writes passes. A chunk
//!   may come deflated or not; its id is that of the inflated bytes.
//! - **Dependencies known.** Automerge would queue the change, invisibly, and for ever if it
//!   never comes. This refusal alone is transient.
//! - **Sequence and actor.** A gap panics; a second change with one actor and sequence wedges the
//!   replicas that got the other one first; a change that has not seen its actor's previous one
//!   breaks the clocks by which Automerge decides what was visible when.
//! - **Start operation** exactly one more than the greatest in the dependencies. Lower reuses
//!   operation ids or sorts before what it replaces, and the document cannot be loaded again; so
//!   does an empty change with another start. Near `u32::MAX` Automerge panics.
//! - **Objects, elements and preds in the causal past** (`operations`, `past`), and preds on the
//!   same object and key. An unknown object or element panics. An unknown or foreign pred, or one
//!   that is a deletion or increment, is dropped silently, so the hash is lost when saving. To
//!   stand in the index is not enough: a replica that has only the declared dependencies would
//!   panic where this one does not.
//! - **Operations that fit their object.** A map key on a list, an element in a map or a mark on
//!   a map leave a document that cannot be loaded, and so does a mark that ends before it begins
//!   (`marks`). Tables panic on their first use. A deletion that replaces nothing is not saved.
//!   Texts hold single code points and marks only, as `splice_text` writes them.
//! - **Nesting** at most 64 deep, since readers of the content recurse.
//! - **Values** of known types, with exact lengths, valid UTF-8, and finite: their content digest
//!   must be one.
//! - **No extra bytes.** Automerge writes them only for an author, whom Entente's clients never
//!   set (a statement's signature says who made it); after sequence 1 an author panics.
//! - **One root.** Only the genesis depends on nothing, so containers exist once.
//!
//! `isolate` and `transaction_at` number operations otherwise; their changes do not pass. The
//! text encoding must be Unicode code points (`TextEncoding::UnicodeCodePoint`).
//!
//! # How
//!
//! A check reads each change (`chunk`, `decode`, `columns`), places it in the graph (`check`,
//! `past`) and looks up what its operations name (`operations`), in the index and in a layer on
//! top of it that holds what pending and earlier changes of the list add (`layer`). The result
//! speaks only of the changes' causal past, which their dependencies fix by hash; so it can be
//! applied to any index in which the dependencies are effective. Elements of texts are kept as
//! runs of consecutive ids; the past of a change as "all up to here" and the few beyond.
//! Hash maps are only looked up in, never walked.

mod check;
mod chunk;
mod columns;
#[cfg(feature = "mutants")]
pub mod count;
mod decode;
mod fault;
mod layer;
mod marks;
mod operations;
mod past;
mod touch;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::check::{CheckedChange, Checker};
pub use self::fault::{Fault, GateError};
use self::layer::{Layer, View};
use self::past::{Past, Recent, past_of};
pub use self::touch::{FieldPath, ObjectKind, Scalar, Step, Touch, TouchKind};
use crate::ids::{ActorKey, ChangeId};
use crate::kinds::Lang;

/// What the gate remembers of a section's effective changes. It grows with them, holds no text,
/// and answers without the document.
#[derive(Clone, Debug)]
pub struct SectionIndex {
    /// Shared between copies until one of them grows: most sections of most documents are as their
    /// template begins them, and many copies are made only to look ahead.
    layer: Arc<Layer>,
    /// Ascending.
    heads: Vec<ChangeId>,
    recent: Recent,
}

/// Changes that passed the gate, with what the rules and the index need of them; no raw bytes.
#[derive(Clone, Debug)]
pub struct Checked {
    changes: Vec<CheckedChange>,
    ids: Vec<ChangeId>,
    deps: Vec<ChangeId>,
    touches: BTreeSet<Touch>,
    puts: Vec<(FieldPath, Scalar)>,
    ops: u64,
}

impl Checked {
    /// The changes, in order.
    pub fn ids(&self) -> &[ChangeId] {
        &self.ids
    }

    /// What they depend on outside themselves, ascending.
    pub fn deps(&self) -> &[ChangeId] {
        &self.deps
    }

    /// What they touch.
    pub fn touches(&self) -> &BTreeSet<Touch> {
        &self.touches
    }

    /// Every scalar that they put, visible or not, in order.
    pub fn puts(&self) -> &[(FieldPath, Scalar)] {
        &self.puts
    }

    /// Number of operations.
    pub fn ops(&self) -> u64 {
        self.ops
    }
}

impl SectionIndex {
    /// Begins the index of a section with its genesis: one change that depends on nothing.
    ///
    /// # Errors
    /// The genesis passes every check of other changes, except that its actor is its own.
    pub fn new(genesis: &[u8]) -> Result<Self, GateError> {
        let mut index =
            Self { layer: Arc::new(Layer::bottom()), heads: Vec::new(), recent: Recent::default() };
        let checked = index.run(&[], None, &[genesis.to_vec()])?;
        index.apply(&checked)?;
        Ok(index)
    }

    /// The effective changes that no other builds on, ascending. They fix what is effective, and so
    /// everything that a check against this index finds.
    pub fn heads(&self) -> &[ChangeId] {
        &self.heads
    }

    /// In which language the bilingual field at `path` was written first; `None` where there is no
    /// such field, or where that cannot be told without its content.
    pub fn source(&self, path: &[&str]) -> Option<Lang> {
        self.view().source(path)
    }

    /// Tells whether a change is effective.
    pub fn contains(&self, id: &ChangeId) -> bool {
        self.layer.contains(id)
    }

    /// Number of effective changes, the genesis included.
    pub fn len(&self) -> usize {
        self.layer.len()
    }

    /// Tells whether no change is effective; never, after [`Self::new`].
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Checks changes, each one chunk, all by `actor`, against the effective changes and those
    /// of `pending`, on which they may build. Pending changes stand in causal order; those that
    /// became effective meanwhile are passed over.
    ///
    /// # Errors
    /// The first fault found. [`GateError::missing`] tells whether it is transient.
    pub fn check(
        &self,
        pending: &[&Checked],
        actor: ActorKey,
        changes: &[Vec<u8>],
    ) -> Result<Checked, GateError> {
        #[cfg(feature = "mutants")]
        count::one_more();
        self.run(pending, Some(actor), changes)
    }

    fn run(
        &self,
        pending: &[&Checked],
        actor: Option<ActorKey>,
        changes: &[Vec<u8>],
    ) -> Result<Checked, GateError> {
        let mut checker = Checker::new(&self.layer, &self.heads, &self.recent);
        for checked in pending {
            checker.lay(&checked.changes).map_err(|fault| GateError { change: 0, fault })?;
        }
        let changes = checker.check(actor, changes)?;
        let ids: Vec<_> = changes.iter().map(|change| change.id).collect();
        let own: BTreeSet<_> = ids.iter().copied().collect();
        let deps: BTreeSet<_> = changes.iter().flat_map(|change| &change.deps).copied().collect();
        let deps = deps.difference(&own).copied().collect();
        let ops = checker.ops();
        Ok(Checked { ids, deps, touches: checker.touches, puts: checker.puts, ops, changes })
    }

    /// Makes checked changes effective: all or, on an error, none.
    ///
    /// # Errors
    /// A dependency is not effective yet, a change is already, or another change of the actor
    /// took the sequence number meanwhile. What a check found stays true otherwise, in any index
    /// that holds the dependencies: it concerns only the causal past, which they fix.
    pub fn apply(&mut self, checked: &Checked) -> Result<(), GateError> {
        self.check_ready(checked)?;
        for change in &checked.changes {
            self.add(change);
        }
        Ok(())
    }

    fn check_ready(&self, checked: &Checked) -> Result<(), GateError> {
        let refuse = |change, fault| Err(GateError { change, fault });
        for dep in &checked.deps {
            if !self.contains(dep) {
                return refuse(0, Fault::UnknownDependency(*dep));
            }
        }
        for (at, id) in checked.ids.iter().enumerate() {
            if self.contains(id) {
                return refuse(at, Fault::DuplicateChange(*id));
            }
        }
        let Some(first) = checked.changes.first() else {
            return Ok(());
        };
        let view = self.view();
        let last = view.actor(&first.actors[0]).and_then(|actor| view.last_of(actor));
        let expected = last.map_or(1, |last| u64::from(view.node(last).seq) + 1);
        if u64::from(first.seq) == expected {
            Ok(())
        } else {
            refuse(0, Fault::WrongSequence { expected, found: first.seq.into() })
        }
    }

    fn add(&mut self, change: &CheckedChange) {
        let number = self.len() as u32;
        let view = self.view();
        let deps: Vec<_> = change.deps.iter().filter_map(|id| view.change(id)).collect();
        let past = if self.heads.iter().all(|head| change.deps.contains(head)) {
            Past { whole: number, above: Vec::new() }
        } else {
            past_of(&deps, view, &self.recent)
        };
        let added = change.add_to(Arc::make_mut(&mut self.layer), None, &past);
        debug_assert!(added.is_some(), "dependencies hold the objects");
        if !past.above.is_empty() {
            self.recent.keep(number, past, &deps);
        }
        for dep in &change.deps {
            if let Ok(at) = self.heads.binary_search(dep) {
                self.heads.remove(at);
            }
        }
        let at = self.heads.partition_point(|head| *head < change.id);
        self.heads.insert(at, change.id);
    }

    fn view(&self) -> View<'_> {
        View { top: &self.layer, below: None }
    }
}
