//! A change's fields and operations, decoded strictly and without trusting any length.

use super::columns::{Booleans, Cursor, Deltas, Runs};
use super::fault::Fault;
use super::touch::Scalar;
use crate::ids::{ActorKey, ChangeId};
use crate::limits::{
    CHANGE_ACTORS_MAX, CHANGE_DEPS_MAX, CHANGE_MESSAGE_BYTES_MAX, CHANGE_OPS_FREE, CHANGE_OPS_MAX,
    CHANGE_TIME_MAX, KEY_BYTES_MAX, OP_COUNTER_MAX,
};

/// An operation id inside one change: position in the change's actors, and counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalId {
    pub(super) actor: u32,
    pub(super) counter: u32,
}

/// Where in its object an operation acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// A key of a map.
    Name(&'a str),
    /// Before the first element of a list or text.
    Head,
    /// An element of a list or text.
    Element(LocalId),
}

/// Automerge's actions. Tables (6) are left out: their objects cannot be reached again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    MakeMap,
    MakeList,
    MakeText,
    Set,
    Delete,
    Increment,
    Mark,
}

/// One operation as the columns give it. Its id is the change's actor and start plus position.
pub(super) struct Op<'a> {
    pub(super) object: Option<LocalId>,
    pub(super) key: Key<'a>,
    pub(super) insert: bool,
    pub(super) action: Action,
    pub(super) value: Value<'a>,
    pub(super) preds: std::ops::Range<usize>,
    pub(super) expand: bool,
    pub(super) mark: Option<&'a str>,
}

/// A value that borrows from the change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Uint(u64),
    Int(i64),
    Float(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Counter(i64),
    Timestamp(i64),
}

impl Value<'_> {
    pub(super) fn to_scalar(self) -> Scalar {
        match self {
            Value::Null => Scalar::Null,
            Value::Bool(value) => Scalar::Bool(value),
            Value::Uint(value) => Scalar::Uint(value),
            Value::Int(value) => Scalar::Int(value),
            Value::Float(value) => Scalar::Float(value),
            Value::Text(value) => Scalar::Text(value.to_owned()),
            Value::Bytes(value) => Scalar::Bytes(value.to_owned()),
            Value::Counter(value) => Scalar::Counter(value),
            Value::Timestamp(value) => Scalar::Timestamp(value),
        }
    }
}

/// The fields of a change before its operations.
pub(super) struct Header<'a> {
    pub(super) deps: Vec<ChangeId>,
    /// The change's own actor first, then the others, ascending.
    pub(super) actors: Vec<ActorKey>,
    pub(super) seq: u64,
    pub(super) start: u64,
    /// Number of operations, from the run lengths of the action column.
    pub(super) count: u64,
    columns: [&'a [u8]; COLUMNS.len()],
    bytes: usize,
}

/// Every column of a change by its specification, ascending, with a name for errors.
const COLUMNS: [(u64, &str); 14] = [
    (0x01, "object actors"),
    (0x02, "object counters"),
    (0x11, "key actors"),
    (0x13, "key counters"),
    (0x15, "keys"),
    (0x34, "insert flags"),
    (0x42, "actions"),
    (0x56, "value types"),
    (0x57, "values"),
    (0x70, "pred counts"),
    (0x71, "pred actors"),
    (0x73, "pred counters"),
    (0x94, "expand flags"),
    (0xa5, "mark names"),
];

impl<'a> Header<'a> {
    /// Reads the fields and bounds the operations, without decoding any.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(body, "dependencies");
        let deps = read_ascending(&mut cursor, CHANGE_DEPS_MAX, |c| Ok(ChangeId(c.array()?)))?;
        let actor = read_actor(cursor.part("actor"))?;
        let seq = cursor.part("sequence").unsigned()?;
        let start = cursor.part("start operation").unsigned()?;
        let time = cursor.part("time").signed()?;
        if !(0..=CHANGE_TIME_MAX).contains(&time) {
            return Err(Fault::OutOfRange("time"));
        }
        if cursor.part("message").text()?.len() > CHANGE_MESSAGE_BYTES_MAX {
            return Err(Fault::TooMany("message bytes"));
        }
        let mut actors = vec![actor];
        actors.extend(read_ascending(cursor.part("other actors"), CHANGE_ACTORS_MAX, read_actor)?);
        if actors[1..].contains(&actor) {
            return Err(Fault::NotCanonical("other actors"));
        }
        let columns = read_columns(cursor.part("columns"))?;
        if !cursor.is_empty() {
            return Err(Fault::ExtraBytes);
        }
        let count = Runs::<u64>::new(columns[6], "actions").count(CHANGE_OPS_MAX)?;
        let last = start.saturating_add(count);
        if start == 0 || last > OP_COUNTER_MAX {
            return Err(Fault::OutOfRange("start operation"));
        }
        Ok(Self { deps, actors, seq, start, count, columns, bytes: body.len() })
    }

    /// Decodes the operations, with all their preds in one list.
    pub(super) fn operations(&self) -> Result<(Vec<Op<'a>>, Vec<LocalId>), Fault> {
        let mut decoder = Decoder::new(self);
        let mut ops = Vec::with_capacity(self.count as usize);
        let mut stored = 0;
        for _ in 0..self.count {
            let op = decoder.op()?;
            stored += usize::from(op.action != Action::Delete);
            ops.push(op);
        }
        if stored > CHANGE_OPS_FREE + self.bytes {
            return Err(Fault::TooMany("operations for the bytes"));
        }
        decoder.finish(self.count == 0)?;
        Ok((ops, decoder.preds))
    }
}

fn read_actor(cursor: &mut Cursor<'_>) -> Result<ActorKey, Fault> {
    if cursor.unsigned()? != 16 {
        return Err(Fault::OutOfRange("actor length"));
    }
    Ok(ActorKey(cursor.array()?))
}

fn read_ascending<'a, T: Ord>(
    cursor: &mut Cursor<'a>,
    most: usize,
    read: impl Fn(&mut Cursor<'a>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let count = cursor.unsigned()?;
    if count > most as u64 {
        return Err(Fault::TooMany("dependencies or actors"));
    }
    let mut items = Vec::with_capacity(count as usize);
    for _ in 0..count {
        items.push(read(cursor)?);
    }
    if items.is_sorted_by(|a, b| a < b) {
        Ok(items)
    } else {
        Err(Fault::NotCanonical("order of dependencies or actors"))
    }
}

fn read_columns<'a>(cursor: &mut Cursor<'a>) -> Result<[&'a [u8]; COLUMNS.len()], Fault> {
    let count = cursor.unsigned()?;
    if count > COLUMNS.len() as u64 {
        return Err(Fault::TooMany("columns"));
    }
    let mut found = [(0, 0); COLUMNS.len()];
    let mut next = 0;
    for slot in &mut found[..count as usize] {
        let (spec, len) = (cursor.unsigned()?, cursor.unsigned()?);
        let at = COLUMNS[next..].iter().position(|(known, _)| *known == spec);
        let at = next + at.ok_or(Fault::NotCanonical("columns"))?;
        if len == 0 {
            return Err(Fault::NotCanonical("empty columns"));
        }
        *slot = (at, len);
        next = at + 1;
    }
    let mut columns = [&[][..]; COLUMNS.len()];
    for (at, len) in &found[..count as usize] {
        columns[*at] = cursor.take(*len)?;
    }
    Ok(columns)
}

struct Decoder<'a> {
    object_actor: Runs<'a, u64>,
    object_counter: Runs<'a, u64>,
    key_actor: Runs<'a, u64>,
    key_counter: Deltas<'a>,
    key_name: Runs<'a, &'a str>,
    insert: Booleans<'a>,
    action: Runs<'a, u64>,
    value_type: Runs<'a, u64>,
    value: Cursor<'a>,
    pred_count: Runs<'a, u64>,
    pred_actor: Runs<'a, u64>,
    pred_counter: Deltas<'a>,
    expand: Booleans<'a>,
    mark: Runs<'a, &'a str>,
    any_expand: bool,
    /// Which of the change's actors an operation has named.
    named: Vec<bool>,
    preds: Vec<LocalId>,
}

impl<'a> Decoder<'a> {
    fn new(header: &Header<'a>) -> Self {
        let c = &header.columns;
        let part = |at: usize| COLUMNS[at].1;
        let mut named = vec![false; header.actors.len()];
        named[0] = true;
        Self {
            object_actor: Runs::new(c[0], part(0)),
            object_counter: Runs::new(c[1], part(1)),
            key_actor: Runs::new(c[2], part(2)),
            key_counter: Deltas::new(c[3], part(3)),
            key_name: Runs::new(c[4], part(4)),
            insert: Booleans::new(c[5], part(5)),
            action: Runs::new(c[6], part(6)),
            value_type: Runs::new(c[7], part(7)),
            value: Cursor::new(c[8], part(8)),
            pred_count: Runs::new(c[9], part(9)),
            pred_actor: Runs::new(c[10], part(10)),
            pred_counter: Deltas::new(c[11], part(11)),
            expand: Booleans::new(c[12], part(12)),
            mark: Runs::new(c[13], part(13)),
            any_expand: c[12].is_empty(),
            named,
            preds: Vec::new(),
        }
    }

    #[inline]
    fn op(&mut self) -> Result<Op<'a>, Fault> {
        let object = match (self.object_actor.next()?, self.object_counter.next()?) {
            (None, None) => None,
            (Some(actor), Some(counter)) => {
                let counter = u32::try_from(counter).map_err(|_| Fault::OutOfRange("object counters"))?;
                Some(self.id(actor, counter)?)
            }
            _ => return Err(Fault::Malformed("object")),
        };
        let key = match (self.key_name.next()?, self.key_actor.next()?, self.key_counter.next()?) {
            (Some(name), None, None) => Key::Name(name),
            (None, None, Some(0)) => Key::Head,
            (None, Some(actor), Some(counter)) => Key::Element(self.id(actor, counter)?),
            _ => return Err(Fault::Malformed("key")),
        };
        if matches!(key, Key::Name(name) if name.len() > KEY_BYTES_MAX) {
            return Err(Fault::TooMany("key bytes"));
        }
        let insert = self.insert.next()?;
        let action = match self.action.value()? {
            0 => Action::MakeMap,
            1 => Action::Set,
            2 => Action::MakeList,
            3 => Action::Delete,
            4 => Action::MakeText,
            5 => Action::Increment,
            7 => Action::Mark,
            _ => return Err(Fault::OutOfRange("action")),
        };
        let value = self.value()?;
        let preds = self.preds()?;
        let expand = self.expand.next()?;
        self.any_expand |= expand;
        let mark = self.mark.next()?;
        if mark.is_some_and(|name| name.is_empty() || name.len() > KEY_BYTES_MAX) {
            return Err(Fault::OutOfRange("mark name"));
        }
        Ok(Op { object, key, insert, action, value, preds, expand, mark })
    }

    #[inline]
    fn id(&mut self, actor: u64, counter: u32) -> Result<LocalId, Fault> {
        let named = usize::try_from(actor).ok().and_then(|at| self.named.get_mut(at));
        *named.ok_or(Fault::OutOfRange("actor index"))? = true;
        if counter == 0 {
            return Err(Fault::OutOfRange("operation counter"));
        }
        Ok(LocalId { actor: actor as u32, counter })
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        let meta = self.value_type.value()?;
        let bytes = self.value.take(meta >> 4)?;
        let mut inner = Cursor::new(bytes, "value");
        let value = match meta & 0xf {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Uint(inner.unsigned()?),
            4 => Value::Int(inner.signed()?),
            5 => read_float(&mut inner)?,
            6 => Value::Text(
                std::str::from_utf8(inner.take(meta >> 4)?).map_err(|_| Fault::Malformed("value"))?,
            ),
            7 => Value::Bytes(inner.take(meta >> 4)?),
            8 => Value::Counter(inner.signed()?),
            9 => Value::Timestamp(inner.signed()?),
            _ => return Err(Fault::OutOfRange("value type")),
        };
        if inner.is_empty() { Ok(value) } else { Err(Fault::Malformed("value")) }
    }

    #[inline]
    fn preds(&mut self) -> Result<std::ops::Range<usize>, Fault> {
        let from = self.preds.len();
        for _ in 0..self.pred_count.value()? {
            if self.preds.len() as u64 > CHANGE_OPS_MAX {
                return Err(Fault::TooMany("preds"));
            }
            let (Some(actor), Some(counter)) = (self.pred_actor.next()?, self.pred_counter.next()?) else {
                return Err(Fault::Malformed("preds"));
            };
            let id = self.id(actor, counter)?;
            self.preds.push(id);
        }
        Ok(from..self.preds.len())
    }

    fn finish(&self, empty: bool) -> Result<(), Fault> {
        for column in [&self.object_actor, &self.object_counter, &self.key_actor, &self.action] {
            column.finish()?;
        }
        for column in [&self.value_type, &self.pred_count, &self.pred_actor] {
            column.finish()?;
        }
        self.key_counter.finish()?;
        self.pred_counter.finish()?;
        self.key_name.finish()?;
        self.mark.finish()?;
        self.insert.finish()?;
        self.expand.finish()?;
        if !self.value.is_empty() {
            return Err(Fault::NotCanonical("values"));
        }
        let present = |absent: bool| absent == empty;
        if !self.any_expand || !present(self.insert.is_absent()) {
            return Err(Fault::NotCanonical("flags"));
        }
        if !self.named.iter().all(|named| *named) {
            return Err(Fault::NotCanonical("other actors"));
        }
        Ok(())
    }
}

/// Only finite numbers: a NaN has many bit patterns, and content is compared and hashed.
fn read_float<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, Fault> {
    let number = f64::from_le_bytes(cursor.array()?);
    if number.is_finite() { Ok(Value::Float(number)) } else { Err(Fault::OutOfRange("value")) }
}
