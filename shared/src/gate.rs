//! The gate: structural validation of Automerge changes before any byte reaches Automerge.

mod check;
mod chunk;
mod columns;
mod decode;
mod fault;
mod layer;
mod marks;
mod operations;
mod past;
mod touch;

use std::collections::BTreeSet;

use self::check::{CheckedChange, Checker};
pub use self::fault::{Fault, GateError};
use self::layer::{Layer, View};
use self::past::{Past, Recent, past_of};
pub use self::touch::{FieldPath, ObjectKind, Scalar, Step, Touch, TouchKind};
use crate::ids::{ActorKey, ChangeId};

/// What the gate remembers of a section's effective changes. It grows with them, holds no text,
/// and answers without the document.
#[derive(Clone, Debug)]
pub struct SectionIndex {
    layer: Layer,
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
        let mut index = Self { layer: Layer::bottom(), heads: Vec::new(), recent: Recent::default() };
        let checked = index.run(&[], None, &[genesis.to_vec()])?;
        index.apply(&checked)?;
        Ok(index)
    }

    /// The effective changes that no other builds on, ascending.
    pub fn heads(&self) -> &[ChangeId] {
        &self.heads
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
        let added = change.add_to(&mut self.layer, None, &past);
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
