//! Checks each operation of a change: what it names must exist in the change's causal past, and
//! it must be one that Automerge makes on that kind of object.

use super::check::{Checker, Effect};
use super::decode::{Action, Header, Key, LocalId, Op, Value};
use super::fault::Fault;
use super::layer::{Held, OpId, ROOT, SOURCE, View};
use super::marks::MarkSpan;
use super::past::Past;
use super::touch::{ObjectKind, Step, Touch, TouchKind};
use crate::kinds::Lang;
use crate::limits::NESTING_MAX;

/// The operations of one change, in the course of being checked.
pub(super) struct Operations<'c, 'a> {
    checker: &'c mut Checker<'a>,
    past: &'c Past,
    /// Position of the change in the list.
    change: usize,
    /// Position of the operation in the change.
    at: u32,
    start: u32,
    /// Numbers of the change's actors, its own first; `None` if unknown here.
    actors: Vec<Option<u32>>,
    preds: Vec<LocalId>,
    effects: Vec<Effect>,
    /// How many effects are in the checker's layer. The last run of elements is added only when
    /// it can grow no more.
    added: usize,
    /// The text and counter of a mark that the next operation must end.
    open_mark: Option<(u32, u32)>,
    /// The last touch of a list or text, to skip its repetition.
    last_touch: Option<(u32, TouchKind, bool)>,
    /// The last object that was looked up.
    last_object: Option<(LocalId, u32)>,
}

impl<'c, 'a> Operations<'c, 'a> {
    /// Checks all operations and adds their effects to the checker's layer.
    pub(super) fn check(
        checker: &'c mut Checker<'a>,
        change: usize,
        header: &Header<'_>,
        past: &'c Past,
    ) -> Result<Vec<Effect>, Fault> {
        let (ops, preds) = header.operations()?;
        checker.top.add_actor(header.actors[0], Some(checker.base));
        let actors = header.actors.iter().map(|key| checker.view().actor(key)).collect();
        let start = header.start as u32;
        let mut this = Self {
            checker,
            past,
            change,
            at: 0,
            start,
            actors,
            preds,
            effects: Vec::new(),
            added: 0,
            open_mark: None,
            last_touch: None,
            last_object: None,
        };
        for op in &ops {
            this.check_op(op)?;
            this.at += 1;
        }
        this.at = this.at.saturating_sub(1);
        if this.open_mark.is_some() {
            return Err(this.forbidden("a mark must be ended by the next operation"));
        }
        this.add_effects(this.effects.len());
        Ok(this.effects)
    }

    fn check_op(&mut self, op: &Op<'_>) -> Result<(), Fault> {
        self.check_parts(op)?;
        let object = self.object(op.object)?;
        let info = self.view().object_info(object);
        if made(op.action).is_some() && usize::from(info.depth) >= NESTING_MAX {
            return Err(self.forbidden("objects are nested too deep"));
        }
        if self.open_mark.is_some() && (op.action != Action::Mark || op.mark.is_some()) {
            return Err(self.forbidden("a mark must be ended by the next operation"));
        }
        match (info.kind, op.key, op.insert) {
            (ObjectKind::Map, Key::Name(name), false) => self.check_map(op, object, name),
            (ObjectKind::Map, ..) => Err(self.forbidden("a map needs a key")),
            (_, Key::Name(_), _) => Err(self.forbidden("a list or text needs an element")),
            (ObjectKind::List, key, true) => self.check_list_insert(op, object, key),
            (ObjectKind::List, Key::Element(element), false) => self.check_list(op, object, element),
            (ObjectKind::Text, key, true) => self.check_text_insert(op, object, key),
            (ObjectKind::Text, Key::Element(element), false) => self.check_text_delete(op, object, element),
            (_, Key::Head, false) => Err(self.forbidden("nothing stands before the first element")),
        }
    }

    /// Checks that only those parts are there that the action uses; the others would be lost.
    fn check_parts(&self, op: &Op<'_>) -> Result<(), Fault> {
        let value_fits = match op.action {
            Action::Set => true,
            Action::Increment => matches!(op.value, Value::Int(_)),
            Action::Mark => op.mark.is_some() || op.value == Value::Null,
            _ => op.value == Value::Null,
        };
        if !value_fits {
            return Err(self.forbidden("the value does not fit the action"));
        }
        if op.action != Action::Mark && (op.expand || op.mark.is_some()) {
            return Err(self.forbidden("only marks have a name and expand"));
        }
        if op.insert && !op.preds.is_empty() {
            return Err(self.forbidden("an insertion replaces nothing"));
        }
        if !op.insert && matches!(op.action, Action::Delete | Action::Increment) && op.preds.is_empty() {
            return Err(self.forbidden("nothing to delete or increment"));
        }
        Ok(())
    }

    fn check_map(&mut self, op: &Op<'_>, object: u32, name: &str) -> Result<(), Fault> {
        if op.action == Action::Mark {
            return Err(self.forbidden("only texts have marks"));
        }
        if name.is_empty() {
            return Err(self.forbidden("a key is empty"));
        }
        let slots = self.view().key_slots(object, name);
        let replaced_object = slots.any_object();
        self.check_preds(op, |id| slots.get(id))?;
        let kind = match (made(op.action), op.action) {
            (Some(kind), _) => TouchKind::Make(kind),
            (_, Action::Delete) => TouchKind::Delete,
            (_, Action::Increment) => TouchKind::Increment,
            _ => TouchKind::Put,
        };
        let mut path = self.view().path(object);
        path.push(Step::Key(name.to_owned()));
        if op.action == Action::Set {
            self.checker.puts.push((path.clone(), op.value.to_scalar()));
        }
        let subtree = replaced_object || made(op.action).is_some();
        self.checker.touches.insert(Touch { path, subtree, kind });
        if let Some(held) = held(op) {
            let (object, counter) = (op.object, self.counter());
            let held = if name == SOURCE { language(op).unwrap_or(held) } else { held };
            self.effects.push(Effect::Put { object, name: name.into(), counter, held });
            self.add_effects(self.effects.len());
        } else if name == SOURCE && op.action == Action::Delete {
            let preds = self.preds[op.preds.clone()].into();
            self.effects.push(Effect::Delete { object: op.object, name: name.into(), preds });
            self.add_effects(self.effects.len());
        }
        Ok(())
    }

    fn check_list_insert(&mut self, op: &Op<'_>, object: u32, after: Key<'_>) -> Result<(), Fault> {
        let after = self.check_after(object, after)?;
        let Some(held) = held(op) else {
            return Err(self.forbidden("only a value or an object is inserted into a list"));
        };
        self.touch_item(op, object, false);
        self.insert(op, after, held);
        Ok(())
    }

    fn check_list(&mut self, op: &Op<'_>, object: u32, element: LocalId) -> Result<(), Fault> {
        if op.action == Action::Mark {
            return Err(self.forbidden("only texts have marks"));
        }
        if op.preds.is_empty() {
            return Err(self.forbidden("an element that nothing held is not put"));
        }
        let inserted = self.element(object, element)?;
        let id = self.resolve(element)?;
        let slots = self.view().update_slots(object, id);
        let replaced_object = slots.any_object() || matches!(inserted, Held::Object(_));
        self.check_preds(op, |pred| if pred == id { Some(inserted) } else { slots.get(pred) })?;
        self.touch_item(op, object, replaced_object);
        if let Some(held) = held(op) {
            let (object, counter) = (op.object, self.counter());
            self.effects.push(Effect::Update { object, element, counter, held });
            self.add_effects(self.effects.len());
        }
        Ok(())
    }

    fn check_text_insert(&mut self, op: &Op<'_>, object: u32, after: Key<'_>) -> Result<(), Fault> {
        if op.action == Action::Mark {
            return self.check_mark(op, object, after);
        }
        let one_character = matches!(op.value, Value::Text(text) if {
            let mut characters = text.chars();
            characters.next().is_some() && characters.next().is_none()
        });
        if op.action != Action::Set || !one_character {
            return Err(self.forbidden("only single characters and marks are inserted into a text"));
        }
        let after = self.check_after(object, after)?;
        self.touch_sequence(object, TouchKind::Text, false);
        self.insert(op, after, Held::Character);
        Ok(())
    }

    fn check_text_delete(&mut self, op: &Op<'_>, object: u32, element: LocalId) -> Result<(), Fault> {
        if op.action != Action::Delete {
            return Err(self.forbidden("characters are inserted and deleted, not put"));
        }
        if self.element(object, element)? != Held::Character {
            return Err(self.forbidden("only characters are deleted from a text"));
        }
        if self.preds[op.preds.clone()] != [element] {
            return Err(Fault::UnknownPred { op: self.at });
        }
        self.touch_sequence(object, TouchKind::Text, false);
        Ok(())
    }

    /// A mark is two elements with consecutive ids in one text. That the first stands before the
    /// second is checked when all changes are, since it takes the whole order of the text.
    fn check_mark(&mut self, op: &Op<'_>, object: u32, after: Key<'_>) -> Result<(), Fault> {
        let after = self.check_after(object, after)?;
        match (self.open_mark.take(), op.mark) {
            (None, Some(_)) => self.open_mark = Some((object, self.counter())),
            (Some((text, begin)), None) if text == object => {
                let Some(actor) = self.actors[0] else {
                    return Err(Fault::UnknownActor { op: self.at });
                };
                let begin = OpId { actor, counter: begin };
                self.checker.spans.push(MarkSpan { change: self.change, op: self.at, text, begin });
            }
            _ => return Err(self.forbidden("a mark ends where none began")),
        }
        self.touch_sequence(object, TouchKind::Mark, false);
        self.insert(op, after, Held::Mark);
        Ok(())
    }

    /// Checks what an element is inserted after.
    fn check_after(&mut self, object: u32, after: Key<'_>) -> Result<Option<LocalId>, Fault> {
        match after {
            Key::Element(element) => {
                let previous = element.actor == 0 && element.counter + 1 == self.counter();
                if !(previous && self.grows(object)) {
                    self.element(object, element)?;
                }
                Ok(Some(element))
            }
            _ => Ok(None),
        }
    }

    /// Tells whether the last effect is a run of elements of this object, not added yet.
    fn grows(&self, object: u32) -> bool {
        let Some(Effect::Insert { object: of, counter, len, .. }) = self.effects.get(self.added) else {
            return false;
        };
        let same = match of {
            None => object == ROOT,
            Some(of) => self.last_object == Some((*of, object)),
        };
        same && counter + len == self.counter()
    }

    /// Records an inserted element, in the last run if it continues that.
    fn insert(&mut self, op: &Op<'_>, after: Option<LocalId>, held: Held) {
        let counter = self.counter();
        let follows = |id: &LocalId| id.actor == 0 && id.counter + 1 == counter;
        if after.as_ref().is_some_and(follows)
            && let Some(Effect::Insert { object, counter: first, len, held: before, .. }) =
                self.effects.get_mut(self.added)
            && (*object, *before, *first + *len) == (op.object, held, counter)
            && !matches!(held, Held::Object(_))
        {
            *len += 1;
            return;
        }
        self.add_effects(self.effects.len());
        self.effects.push(Effect::Insert { object: op.object, after, counter, len: 1, held });
        if matches!(held, Held::Object(_)) {
            self.add_effects(self.effects.len());
        }
    }

    /// Adds the effects up to `until` to the checker's layer.
    fn add_effects(&mut self, until: usize) {
        if self.added == until {
            return;
        }
        // Every actor that an effect names was resolved when it was checked.
        let actors: Vec<_> = self.actors.iter().map(|actor| actor.unwrap_or(u32::MAX)).collect();
        for effect in &self.effects[self.added..until] {
            let added = effect.add_to(&mut self.checker.top, Some(self.checker.base), &actors);
            debug_assert!(added.is_some(), "the object was checked before");
        }
        self.added = until;
    }

    /// Checks that each pred is one of those that `find` knows of the same place.
    fn check_preds(&self, op: &Op<'_>, find: impl Fn(OpId) -> Option<Held>) -> Result<(), Fault> {
        let mut counter = op.action != Action::Increment;
        let mut previous = None;
        for at in op.preds.clone() {
            let local = self.preds[at];
            let id = self.resolve(local)?;
            let order = (id.counter, self.view().actor_key(id.actor));
            if previous.replace(order).is_some_and(|previous| previous >= order) {
                return Err(Fault::NotCanonical("order of preds"));
            }
            let held = find(id).ok_or(Fault::UnknownPred { op: self.at })?;
            counter |= held == Held::Counter;
            self.check_past(id)?;
        }
        if counter { Ok(()) } else { Err(self.forbidden("only counters are incremented")) }
    }

    fn touch_item(&mut self, op: &Op<'_>, object: u32, replaced_object: bool) {
        let kind = match (made(op.action), op.action) {
            (Some(kind), _) => TouchKind::Make(kind),
            (_, Action::Increment) => TouchKind::Increment,
            _ => TouchKind::Item,
        };
        if op.action == Action::Set {
            let mut path = self.view().path(object);
            path.push(Step::Item);
            self.checker.puts.push((path, op.value.to_scalar()));
        }
        self.touch_sequence(object, kind, replaced_object || made(op.action).is_some());
    }

    /// Touches a text, or the items of a list.
    fn touch_sequence(&mut self, object: u32, kind: TouchKind, subtree: bool) {
        if self.last_touch.replace((object, kind, subtree)) == Some((object, kind, subtree)) {
            return;
        }
        let mut path = self.view().path(object);
        if !matches!(kind, TouchKind::Text | TouchKind::Mark) {
            path.push(Step::Item);
        }
        self.checker.touches.insert(Touch { path, subtree, kind });
    }

    fn object(&mut self, object: Option<LocalId>) -> Result<u32, Fault> {
        let Some(local) = object else {
            return Ok(ROOT);
        };
        if let Some((last, number)) = self.last_object
            && last == local
        {
            return Ok(number);
        }
        let id = self.resolve(local)?;
        let number = self.view().object(id).ok_or(Fault::UnknownObject { op: self.at })?;
        self.check_past(id)?;
        self.last_object = Some((local, number));
        Ok(number)
    }

    fn element(&mut self, object: u32, element: LocalId) -> Result<Held, Fault> {
        self.flush();
        let id = self.resolve(element)?;
        let held = self.view().element(object, id).ok_or(Fault::UnknownElement { op: self.at })?;
        self.check_past(id)?;
        Ok(held)
    }

    fn flush(&mut self) {
        self.add_effects(self.effects.len());
    }

    fn resolve(&self, local: LocalId) -> Result<OpId, Fault> {
        let actor = self.actors[local.actor as usize].ok_or(Fault::UnknownActor { op: self.at })?;
        Ok(OpId { actor, counter: local.counter })
    }

    fn check_past(&self, id: OpId) -> Result<(), Fault> {
        let own = Some(id.actor) == self.actors[0] && id.counter >= self.start;
        if own || self.past.holds(id, self.view()) { Ok(()) } else { Err(Fault::OutsidePast { op: self.at }) }
    }

    fn view(&self) -> View<'_> {
        self.checker.view()
    }

    fn counter(&self) -> u32 {
        self.start + self.at
    }

    fn forbidden(&self, what: &'static str) -> Fault {
        Fault::Forbidden { op: self.at, what }
    }
}

fn made(action: Action) -> Option<ObjectKind> {
    match action {
        Action::MakeMap => Some(ObjectKind::Map),
        Action::MakeList => Some(ObjectKind::List),
        Action::MakeText => Some(ObjectKind::Text),
        _ => None,
    }
}

/// The language that an operation puts under [`SOURCE`].
fn language(op: &Op<'_>) -> Option<Held> {
    match (op.action, op.value) {
        (Action::Set, Value::Text(key)) => Lang::from_key(key).map(Held::Language),
        _ => None,
    }
}

/// What an operation leaves behind that later ones may replace.
fn held(op: &Op<'_>) -> Option<Held> {
    match (made(op.action), op.action, op.value) {
        (Some(kind), ..) => Some(Held::Object(kind)),
        (_, Action::Set, Value::Counter(_)) => Some(Held::Counter),
        (_, Action::Set, _) => Some(Held::Value),
        _ => None,
    }
}
