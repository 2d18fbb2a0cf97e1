//! Checks changes against what is known, in the order of the design's points 1 to 4; the
//! operations (points 5 and 6) are checked in `operations`.

use std::collections::BTreeSet;

use super::chunk::Chunk;
use super::decode::{Header, LocalId};
use super::fault::{Fault, GateError};
use super::layer::{Held, Layer, Node, OpId, Run, View};
use super::marks::MarkSpan;
use super::operations::Operations;
use super::past::{Past, Recent, past_of};
use super::touch::{FieldPath, Scalar, Touch};
use crate::ids::{ActorKey, ChangeId};
use crate::limits::{CHANGES_MAX, PAYLOAD_INFLATED_BYTES_MAX, PAYLOAD_OPS_MAX};

/// What a checked change adds to an index; independent of the index that checked it, because it
/// speaks only of the change's causal past.
#[derive(Clone, Debug)]
pub(super) struct CheckedChange {
    pub(super) id: ChangeId,
    pub(super) deps: Vec<ChangeId>,
    pub(super) actors: Vec<ActorKey>,
    pub(super) seq: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) effects: Vec<Effect>,
}

/// One addition; `object` is `None` for the root. The counter is that of the change's operation.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Put { object: Option<LocalId>, name: Box<str>, counter: u32, held: Held },
    Delete { object: Option<LocalId>, name: Box<str>, preds: Box<[LocalId]> },
    Update { object: Option<LocalId>, element: LocalId, counter: u32, held: Held },
    Insert { object: Option<LocalId>, after: Option<LocalId>, counter: u32, len: u32, held: Held },
}

impl CheckedChange {
    /// Adds the change to `layer`. Its actors, dependencies and objects must be there.
    pub(super) fn add_to(&self, layer: &mut Layer, below: Option<&Layer>, past: &Past) -> Option<()> {
        let own = layer.add_actor(self.actors[0], below);
        let view = View { top: layer, below };
        let actors: Option<Vec<_>> = self.actors.iter().map(|key| view.actor(key)).collect();
        let deps: Option<Vec<_>> = self.deps.iter().map(|id| view.change(id)).collect();
        let (actors, deps) = (actors?, deps?);
        layer.add_node(self.id, self.node(own, past), &deps);
        for effect in &self.effects {
            effect.add_to(layer, below, &actors)?;
        }
        Some(())
    }

    fn node(&self, actor: u32, past: &Past) -> Node {
        Node::new(actor, self.seq, self.start..self.end, past.whole)
    }
}

impl Effect {
    /// Adds the effect to `layer`; `actors` numbers the change's actors there.
    pub(super) fn add_to(&self, layer: &mut Layer, below: Option<&Layer>, actors: &[u32]) -> Option<()> {
        let id = |local: LocalId| OpId { actor: actors[local.actor as usize], counter: local.counter };
        let own = |counter| OpId { actor: actors[0], counter };
        let object = |layer: &Layer, object: &Option<LocalId>| match object {
            None => Some(super::layer::ROOT),
            Some(local) => View { top: layer, below }.object(id(*local)),
        };
        match self {
            Self::Put { object: at, name, counter, held } => {
                let at = object(layer, at)?;
                layer.put(at, name, own(*counter), *held, below);
            }
            Self::Delete { object: at, name, preds } => {
                let at = object(layer, at)?;
                layer.delete(at, name, preds.iter().map(|local| id(*local)));
            }
            Self::Update { object: at, element, counter, held } => {
                let at = object(layer, at)?;
                layer.update(at, id(*element), own(*counter), *held, below);
            }
            Self::Insert { object: at, after, counter, len, held } => {
                let at = object(layer, at)?;
                let run = Run { len: *len, after: after.map(id), held: *held };
                layer.insert(at, own(*counter), run, below);
            }
        }
        Some(())
    }
}

/// Checks a list of changes on top of an index.
pub(super) struct Checker<'a> {
    pub(super) base: &'a Layer,
    pub(super) heads: &'a [ChangeId],
    pub(super) recent: &'a Recent,
    pub(super) top: Layer,
    pub(super) touches: BTreeSet<Touch>,
    pub(super) puts: Vec<(FieldPath, Scalar)>,
    pub(super) spans: Vec<MarkSpan>,
    bytes: usize,
    ops: u64,
}

impl<'a> Checker<'a> {
    pub(super) fn new(base: &'a Layer, heads: &'a [ChangeId], recent: &'a Recent) -> Self {
        Self {
            base,
            heads,
            recent,
            top: Layer::on(base),
            touches: BTreeSet::new(),
            puts: Vec::new(),
            spans: Vec::new(),
            bytes: 0,
            ops: 0,
        }
    }

    pub(super) fn view(&self) -> View<'_> {
        View { top: &self.top, below: Some(self.base) }
    }

    /// Number of operations checked.
    pub(super) fn ops(&self) -> u64 {
        self.ops
    }

    /// Lays changes that were checked before under those to be checked.
    pub(super) fn lay(&mut self, pending: &[CheckedChange]) -> Result<(), Fault> {
        for change in pending {
            if self.view().change(&change.id).is_some() {
                continue;
            }
            let past = self.past(&self.dependencies(&change.deps)?, &change.deps);
            let missing = || Fault::UnknownDependency(change.deps.first().copied().unwrap_or(change.id));
            change.add_to(&mut self.top, Some(self.base), &past).ok_or_else(missing)?;
            self.top.pasts.push(past);
        }
        Ok(())
    }

    /// Checks the list; `actor` is `None` for the genesis, which may depend on nothing.
    pub(super) fn check(
        &mut self,
        actor: Option<ActorKey>,
        changes: &[Vec<u8>],
    ) -> Result<Vec<CheckedChange>, GateError> {
        if changes.len() > CHANGES_MAX {
            return Err(GateError { change: 0, fault: Fault::TooMany("changes") });
        }
        let mut checked = Vec::with_capacity(changes.len());
        for (at, bytes) in changes.iter().enumerate() {
            let change = self.check_one(at, actor, bytes);
            checked.push(change.map_err(|fault| GateError { change: at, fault })?);
        }
        super::marks::check_order(&self.spans, self.view())?;
        Ok(checked)
    }

    fn check_one(
        &mut self,
        at: usize,
        actor: Option<ActorKey>,
        bytes: &[u8],
    ) -> Result<CheckedChange, Fault> {
        let chunk = Chunk::read(bytes)?;
        self.bytes += chunk.body.len();
        if self.bytes > PAYLOAD_INFLATED_BYTES_MAX {
            return Err(Fault::TooMany("inflated bytes"));
        }
        let header = Header::read(&chunk.body)?;
        self.ops += header.count;
        if self.ops > PAYLOAD_OPS_MAX {
            return Err(Fault::TooMany("operations"));
        }
        if self.view().change(&chunk.id).is_some() {
            return Err(Fault::DuplicateChange(chunk.id));
        }
        let deps = self.check_roots(&header, actor)?;
        let past = self.past(&deps, &header.deps);
        self.check_sequence(&header, &past)?;
        self.check_start(&header, &deps)?;
        let effects = Operations::check(self, at, &header, &past)?;
        let checked = CheckedChange {
            id: chunk.id,
            deps: header.deps,
            actors: header.actors,
            seq: header.seq as u32,
            start: header.start as u32,
            end: (header.start + header.count) as u32,
            effects,
        };
        let own = self.top.add_actor(checked.actors[0], Some(self.base));
        self.top.add_node(checked.id, checked.node(own, &past), &deps);
        self.top.pasts.push(past);
        Ok(checked)
    }

    fn check_roots(&self, header: &Header<'_>, actor: Option<ActorKey>) -> Result<Vec<u32>, Fault> {
        match actor {
            Some(actor) if header.actors[0] != actor => Err(Fault::WrongActor(header.actors[0])),
            Some(_) if header.deps.is_empty() => Err(Fault::Unrooted),
            None if !header.deps.is_empty() => Err(Fault::RootedGenesis),
            _ => self.dependencies(&header.deps),
        }
    }

    fn dependencies(&self, deps: &[ChangeId]) -> Result<Vec<u32>, Fault> {
        let number = |id: &ChangeId| self.view().change(id).ok_or(Fault::UnknownDependency(*id));
        deps.iter().map(number).collect()
    }

    /// The past of a change. Most build on all heads.
    fn past(&self, deps: &[u32], ids: &[ChangeId]) -> Past {
        if self.top.len() == 0 && self.heads.iter().all(|head| ids.contains(head)) {
            return Past { whole: self.base.len() as u32, above: Vec::new() };
        }
        past_of(deps, self.view(), self.recent)
    }

    fn check_sequence(&self, header: &Header<'_>, past: &Past) -> Result<(), Fault> {
        let view = self.view();
        let last = view.actor(&header.actors[0]).and_then(|actor| view.last_of(actor));
        let expected = last.map_or(1, |last| u64::from(view.node(last).seq) + 1);
        if header.seq != expected {
            return Err(Fault::WrongSequence { expected, found: header.seq });
        }
        match last {
            Some(last) if !past.contains(last, view) => Err(Fault::ForkedActor),
            _ => Ok(()),
        }
    }

    fn check_start(&self, header: &Header<'_>, deps: &[u32]) -> Result<(), Fault> {
        let ends = deps.iter().map(|dep| u64::from(self.view().node(*dep).end));
        let expected = ends.max().unwrap_or(1);
        if header.start == expected {
            Ok(())
        } else {
            Err(Fault::WrongStart { expected, found: header.start })
        }
    }
}
