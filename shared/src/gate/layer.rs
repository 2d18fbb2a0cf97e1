//! What the gate remembers of changes: the graph, the objects, and the operations that later
//! changes may name.
//!
//! A layer is either the index of a section, or lies on one: while a list of changes is checked,
//! what they add goes into a layer on top, numbered on from the index below, and is thrown away.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::past::Past;
use super::touch::{FieldPath, ObjectKind, Step};
use crate::ids::{ActorKey, ChangeId};
use crate::kinds::Lang;

/// An operation id: the number of its actor here, and its counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct OpId {
    pub(super) actor: u32,
    pub(super) counter: u32,
}

/// The key of a bilingual field under which stands in which language it was written first.
pub(super) const SOURCE: &str = "source";
/// Number of the root map.
pub(super) const ROOT: u32 = 0;
/// Stands for a name where an object is an element of a list.
const ITEM: u32 = u32::MAX;

/// Stands for a dependency where there is not exactly one: those are kept aside, being rare.
const MANY: u32 = u32::MAX;

/// What an operation that can be replaced, or an element, holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Value,
    /// A language, under [`SOURCE`].
    Language(Lang),
    /// A value under [`SOURCE`] that was deleted.
    Gone,
    Counter,
    Object(ObjectKind),
    Character,
    Mark,
}

/// One change in the graph.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) actor: u32,
    pub(super) seq: u32,
    pub(super) start: u32,
    /// One after the last operation; equal to `start` for an empty change.
    pub(super) end: u32,
    /// All changes numbered below this are in the causal past.
    pub(super) whole: u32,
    /// The only dependency, or [`MANY`].
    dep: u32,
}

impl Node {
    pub(super) fn new(actor: u32, seq: u32, ops: std::ops::Range<u32>, whole: u32) -> Self {
        Self { actor, seq, start: ops.start, end: ops.end, whole, dep: MANY }
    }
}

/// An object: what it is and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) depth: u16,
    parent: u32,
    name: u32,
}

/// The operations that put a value at one place, all that any change may replace.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    ops: SlotOps,
    pub(super) any_object: bool,
}

#[derive(Clone, Debug, Default)]
enum SlotOps {
    #[default]
    None,
    One(OpId, Held),
    Many(BTreeMap<OpId, Held>),
}

impl Slot {
    fn add(&mut self, id: OpId, held: Held) {
        self.any_object |= matches!(held, Held::Object(_));
        match &mut self.ops {
            SlotOps::None => self.ops = SlotOps::One(id, held),
            SlotOps::One(first, what) => {
                self.ops = SlotOps::Many(BTreeMap::from([(*first, *what), (id, held)]))
            }
            SlotOps::Many(ops) => {
                ops.insert(id, held);
            }
        }
    }

    /// The only operation that ever put something here.
    fn only(&self) -> Option<(OpId, Held)> {
        match &self.ops {
            SlotOps::One(id, held) => Some((*id, *held)),
            _ => None,
        }
    }

    fn each(&self) -> Vec<(OpId, Held)> {
        match &self.ops {
            SlotOps::None => Vec::new(),
            SlotOps::One(id, held) => vec![(*id, *held)],
            SlotOps::Many(ops) => ops.iter().map(|(id, held)| (*id, *held)).collect(),
        }
    }

    /// Notes that an operation does not show any more. Counters stay what they are: somebody who has
    /// not seen the deletion may go on to count.
    fn delete(&mut self, id: OpId) {
        let held = match &mut self.ops {
            SlotOps::One(first, held) if *first == id => Some(held),
            SlotOps::Many(ops) => ops.get_mut(&id),
            _ => None,
        };
        if let Some(held @ (Held::Value | Held::Language(_))) = held {
            *held = Held::Gone;
        }
    }

    fn get(&self, id: OpId) -> Option<Held> {
        match &self.ops {
            SlotOps::None => None,
            SlotOps::One(first, held) => (*first == id).then_some(*held),
            SlotOps::Many(ops) => ops.get(&id).copied(),
        }
    }
}

/// Elements with consecutive ids, each inserted after the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) len: u32,
    /// What the first was inserted after; `None` is the head.
    pub(super) after: Option<OpId>,
    pub(super) held: Held,
}

/// An element's place: object, actor, counter.
pub(super) type Place = (u32, u32, u32);

#[derive(Clone, Debug)]
struct Actor {
    key: ActorKey,
    changes: Vec<u32>,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    first: Counts,
    actors: Vec<Actor>,
    actor_numbers: HashMap<ActorKey, u32>,
    /// Changes in this layer of actors in the one below.
    continued: BTreeMap<u32, Vec<u32>>,
    nodes: Vec<Node>,
    many_deps: BTreeMap<u32, Box<[u32]>>,
    node_numbers: HashMap<ChangeId, u32>,
    objects: Vec<Object>,
    object_numbers: HashMap<OpId, u32>,
    names: Vec<Arc<str>>,
    name_numbers: HashMap<Arc<str>, u32>,
    keys: BTreeMap<(u32, u32), Slot>,
    /// Values put in list elements after their insertion.
    updates: BTreeMap<Place, Slot>,
    elements: BTreeMap<Place, Run>,
    /// The causal pasts of the changes in a layer on top, by number.
    pub(super) pasts: Vec<Past>,
}

/// Where a layer's numbers begin.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    actors: u32,
    nodes: u32,
    objects: u32,
    names: u32,
}

impl Layer {
    /// An index that holds the root only.
    pub(super) fn bottom() -> Self {
        let root = Object { kind: ObjectKind::Map, depth: 0, parent: ROOT, name: ITEM };
        Self { objects: vec![root], ..Self::default() }
    }

    /// An empty layer on top of `below`.
    pub(super) fn on(below: &Self) -> Self {
        let first = Counts {
            actors: below.actors.len() as u32,
            nodes: below.nodes.len() as u32,
            objects: below.objects.len() as u32,
            names: below.names.len() as u32,
        };
        Self { first, ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn contains(&self, id: &ChangeId) -> bool {
        self.node_numbers.contains_key(id)
    }
}

/// A layer and the one that it lies on, if any: every question goes to both.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) top: &'a Layer,
    pub(super) below: Option<&'a Layer>,
}

impl<'a> View<'a> {
    fn layers(self) -> impl Iterator<Item = &'a Layer> {
        [Some(self.top), self.below].into_iter().flatten()
    }

    fn find<T>(self, find: impl Fn(&'a Layer) -> Option<T>) -> Option<T> {
        find(self.top).or_else(|| self.below.and_then(find))
    }

    pub(super) fn actor(self, key: &ActorKey) -> Option<u32> {
        self.find(|layer| layer.actor_numbers.get(key).copied())
    }

    pub(super) fn actor_key(self, number: u32) -> ActorKey {
        let actor = |layer: &Layer| layer.actors[(number - layer.first.actors) as usize].key;
        match self.below {
            Some(below) if number < self.top.first.actors => actor(below),
            _ => actor(self.top),
        }
    }

    pub(super) fn change(self, id: &ChangeId) -> Option<u32> {
        self.find(|layer| layer.node_numbers.get(id).copied())
    }

    pub(super) fn changes(self) -> u32 {
        self.top.first.nodes + self.top.nodes.len() as u32
    }

    pub(super) fn node(self, number: u32) -> &'a Node {
        match self.below {
            Some(below) if number < self.top.first.nodes => &below.nodes[number as usize],
            _ => &self.top.nodes[(number - self.top.first.nodes) as usize],
        }
    }

    /// The dependencies of a change.
    pub(super) fn deps(self, number: u32) -> &'a [u32] {
        match self.node(number) {
            Node { dep: MANY, .. } => {
                self.find(|layer| layer.many_deps.get(&number)).map_or(&[], |deps| deps)
            }
            node => std::slice::from_ref(&node.dep),
        }
    }

    /// The past of a change in the top layer.
    pub(super) fn pending_past(self, number: u32) -> Option<&'a Past> {
        self.top.pasts.get(number.checked_sub(self.top.first.nodes)? as usize)
    }

    fn chains(self, actor: u32) -> impl Iterator<Item = &'a [u32]> {
        self.layers().filter_map(move |layer| match actor.checked_sub(layer.first.actors) {
            Some(at) => layer.actors.get(at as usize).map(|actor| &*actor.changes),
            None => layer.continued.get(&actor).map(|changes| &**changes),
        })
    }

    /// The actor's last change.
    pub(super) fn last_of(self, actor: u32) -> Option<u32> {
        self.chains(actor).find_map(|chain| chain.last().copied())
    }

    /// The change that made an operation.
    pub(super) fn maker(self, id: OpId) -> Option<u32> {
        self.chains(id.actor).find_map(|chain| {
            let after = chain.partition_point(|number| self.node(*number).start <= id.counter);
            let number = chain[after.checked_sub(1)?];
            (id.counter < self.node(number).end).then_some(number)
        })
    }

    pub(super) fn object(self, id: OpId) -> Option<u32> {
        self.find(|layer| layer.object_numbers.get(&id).copied())
    }

    pub(super) fn object_info(self, number: u32) -> Object {
        match self.below {
            Some(below) if number < self.top.first.objects => below.objects[number as usize],
            _ => self.top.objects[(number - self.top.first.objects) as usize],
        }
    }

    fn name(self, number: u32) -> &'a str {
        match self.below {
            Some(below) if number < self.top.first.names => &below.names[number as usize],
            _ => &self.top.names[(number - self.top.first.names) as usize],
        }
    }

    fn name_number(self, name: &str) -> Option<u32> {
        self.find(|layer| layer.name_numbers.get(name).copied())
    }

    pub(super) fn path(self, object: u32) -> FieldPath {
        let mut at = object;
        let mut path = Vec::with_capacity(usize::from(self.object_info(object).depth) + 1);
        while at != ROOT {
            let info = self.object_info(at);
            path.push(match info.name {
                ITEM => Step::Item,
                name => Step::Key(self.name(name).to_owned()),
            });
            at = info.parent;
        }
        path.reverse();
        path
    }

    /// In which language the bilingual field at `path` was written first; `None` where that cannot
    /// be told without the content, as where a map on the way was made anew.
    ///
    /// An operation stands until a later one replaces it, so of all that ever put a value the
    /// greatest is the one that shows, unless somebody deleted it.
    pub(super) fn source(self, path: &[&str]) -> Option<Lang> {
        let mut object = ROOT;
        for key in path {
            match self.key_slots(object, key).only()? {
                (id, Held::Object(ObjectKind::Map)) => object = self.object(id)?,
                _ => return None,
            }
        }
        let ops = self.key_slots(object, SOURCE).each();
        let greatest = ops.into_iter().max_by_key(|(id, _)| (id.counter, self.actor_key(id.actor)));
        match greatest?.1 {
            Held::Language(lang) => Some(lang),
            _ => None,
        }
    }

    /// The slots of a map's key, in each layer.
    pub(super) fn key_slots(self, object: u32, name: &str) -> Slots<'a> {
        let Some(number) = self.name_number(name) else {
            return Slots::default();
        };
        let mut slots = self.layers().map(|layer| layer.keys.get(&(object, number)));
        Slots([slots.next().flatten(), slots.next().flatten()])
    }

    /// The slots of values put in a list element after its insertion, in each layer.
    pub(super) fn update_slots(self, object: u32, element: OpId) -> Slots<'a> {
        let place = (object, element.actor, element.counter);
        let mut slots = self.layers().map(|layer| layer.updates.get(&place));
        Slots([slots.next().flatten(), slots.next().flatten()])
    }

    /// What an element was inserted as.
    pub(super) fn element(self, object: u32, id: OpId) -> Option<Held> {
        self.find(|layer| {
            let (place, run) = layer.elements.range(..=(object, id.actor, id.counter)).next_back()?;
            let within = (place.0, place.1) == (object, id.actor) && id.counter - place.2 < run.len;
            within.then_some(run.held)
        })
    }

    /// All runs of elements of a list or text, in no particular order.
    pub(super) fn runs(self, object: u32) -> impl Iterator<Item = (OpId, &'a Run)> {
        self.layers().flat_map(move |layer| {
            let runs = layer.elements.range((object, 0, 0)..(object + 1, 0, 0));
            runs.map(|(place, run)| (OpId { actor: place.1, counter: place.2 }, run))
        })
    }
}

/// The operations at one place, in each layer.
#[derive(Clone, Copy, Default)]
pub(super) struct Slots<'a>([Option<&'a Slot>; 2]);

impl Slots<'_> {
    pub(super) fn get(self, id: OpId) -> Option<Held> {
        self.0.into_iter().flatten().find_map(|slot| slot.get(id))
    }

    /// The only operation that ever put something here.
    fn only(self) -> Option<(OpId, Held)> {
        match self.0 {
            [Some(slot), None] | [None, Some(slot)] => slot.only(),
            _ => None,
        }
    }

    /// Every operation that put something here.
    fn each(self) -> Vec<(OpId, Held)> {
        self.0.into_iter().flatten().flat_map(Slot::each).collect()
    }

    pub(super) fn any_object(self) -> bool {
        self.0.into_iter().flatten().any(|slot| slot.any_object)
    }
}

/// Additions. `below` is the layer that this one lies on, if any.
impl Layer {
    pub(super) fn add_actor(&mut self, key: ActorKey, below: Option<&Layer>) -> u32 {
        if let Some(number) = (View { top: self, below }).actor(&key) {
            return number;
        }
        let number = self.first.actors + self.actors.len() as u32;
        self.actors.push(Actor { key, changes: Vec::new() });
        self.actor_numbers.insert(key, number);
        number
    }

    pub(super) fn add_node(&mut self, id: ChangeId, mut node: Node, deps: &[u32]) {
        let number = self.first.nodes + self.nodes.len() as u32;
        match deps {
            [dep] => node.dep = *dep,
            many => _ = self.many_deps.insert(number, many.into()),
        }
        match node.actor.checked_sub(self.first.actors) {
            Some(at) => self.actors[at as usize].changes.push(number),
            None => self.continued.entry(node.actor).or_default().push(number),
        }
        if self.nodes.len() == self.nodes.capacity() {
            // By a quarter rather than by doubling: most sections are small, and there are many.
            self.nodes.reserve_exact(self.nodes.len() / 4 + 8);
        }
        self.nodes.push(node);
        self.node_numbers.insert(id, number);
    }

    fn add_name(&mut self, name: &str, below: Option<&Layer>) -> u32 {
        if let Some(number) = (View { top: self, below }).name_number(name) {
            return number;
        }
        let number = self.first.names + self.names.len() as u32;
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.name_numbers.insert(name, number);
        number
    }

    fn add_object(&mut self, id: OpId, kind: ObjectKind, parent: u32, name: u32, below: Option<&Layer>) {
        let depth = (View { top: self, below }).object_info(parent).depth + 1;
        let number = self.first.objects + self.objects.len() as u32;
        self.objects.push(Object { kind, depth, parent, name });
        self.object_numbers.insert(id, number);
    }

    pub(super) fn put(&mut self, object: u32, name: &str, id: OpId, held: Held, below: Option<&Layer>) {
        let name = self.add_name(name, below);
        if let Held::Object(kind) = held {
            self.add_object(id, kind, object, name, below);
        }
        self.keys.entry((object, name)).or_default().add(id, held);
    }

    /// Notes that operations at a key were deleted, as far as they are in this layer.
    pub(super) fn delete(&mut self, object: u32, name: &str, ids: impl Iterator<Item = OpId>) {
        let Some(name) = self.name_numbers.get(name) else { return };
        if let Some(slot) = self.keys.get_mut(&(object, *name)) {
            ids.for_each(|id| slot.delete(id));
        }
    }

    pub(super) fn update(&mut self, object: u32, element: OpId, id: OpId, held: Held, below: Option<&Layer>) {
        if let Held::Object(kind) = held {
            self.add_object(id, kind, object, ITEM, below);
        }
        let place = (object, element.actor, element.counter);
        self.updates.entry(place).or_default().add(id, held);
    }

    pub(super) fn insert(&mut self, object: u32, first: OpId, run: Run, below: Option<&Layer>) {
        if let Held::Object(kind) = run.held {
            self.add_object(first, kind, object, ITEM, below);
        }
        let mut before = self.elements.range_mut(..(object, first.actor, first.counter));
        if let Some((place, previous)) = before.next_back()
            && (place.0, place.1) == (object, first.actor)
            && place.2 + previous.len == first.counter
            && run.after == Some(OpId { actor: first.actor, counter: first.counter - 1 })
            && previous.held == run.held
        {
            previous.len += run.len;
            return;
        }
        self.elements.insert((object, first.actor, first.counter), run);
    }
}
