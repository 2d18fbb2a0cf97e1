//! Writes change chunks from their parts, right or wrong, the way Automerge's format is laid out.

use automerge::legacy::{ElementId, Key, ObjectId, OpType};
use automerge::{Change, ObjType, ScalarValue};
use entente_shared::ids::{ActorKey, ChangeId, sha256};

pub const MAP: u64 = 0;
pub const SET: u64 = 1;
pub const LIST: u64 = 2;
pub const DELETE: u64 = 3;
pub const TEXT: u64 = 4;
pub const INCREMENT: u64 = 5;
pub const TABLE: u64 = 6;
pub const MARK: u64 = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id {
    pub counter: u64,
    pub actor: ActorKey,
}

#[derive(Clone, Debug, PartialEq)]
pub enum At {
    Key(String),
    Head,
    Element(Id),
}

/// A value as the columns hold it: type code and bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct RawValue(pub u64, pub Vec<u8>);

impl RawValue {
    pub fn null() -> Self {
        Self(0, vec![])
    }

    pub fn text(text: &str) -> Self {
        Self(6, text.as_bytes().to_vec())
    }

    pub fn int(value: i64) -> Self {
        Self(4, signed(value))
    }

    pub fn counter(value: i64) -> Self {
        Self(8, signed(value))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct RawOp {
    pub object: Option<Id>,
    pub at: At,
    pub insert: bool,
    pub action: u64,
    pub value: RawValue,
    pub preds: Vec<Id>,
    pub expand: bool,
    pub mark: Option<String>,
}

impl RawOp {
    pub fn new(object: Option<Id>, at: At, action: u64) -> Self {
        Self {
            object,
            at,
            insert: false,
            action,
            value: RawValue::null(),
            preds: vec![],
            expand: false,
            mark: None,
        }
    }

    pub fn put(object: Option<Id>, key: &str, value: RawValue) -> Self {
        Self { value, ..Self::new(object, At::Key(key.into()), SET) }
    }

    pub fn insert(object: Id, at: At, value: RawValue) -> Self {
        Self { value, insert: true, ..Self::new(Some(object), at, SET) }
    }

    pub fn preds(self, preds: &[Id]) -> Self {
        Self { preds: preds.to_vec(), ..self }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct RawChange {
    pub deps: Vec<ChangeId>,
    pub actor: ActorKey,
    pub seq: u64,
    pub start: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub ops: Vec<RawOp>,
    pub extra: Vec<u8>,
}

impl RawChange {
    pub fn of(change: &Change) -> Self {
        let key = |actor: &automerge::ActorId| ActorKey(actor.to_bytes().try_into().expect("16 bytes"));
        let id = |id: &automerge::legacy::OpId| Id { counter: id.counter(), actor: key(id.actor()) };
        let decoded = change.decode();
        let op = |op: &automerge::legacy::Op| {
            let object = match &op.obj {
                ObjectId::Root => None,
                ObjectId::Id(object) => Some(id(object)),
            };
            let at = match &op.key {
                Key::Map(name) => At::Key(name.to_string()),
                Key::Seq(ElementId::Head) => At::Head,
                Key::Seq(ElementId::Id(element)) => At::Element(id(element)),
            };
            let (action, value, expand, mark) = match &op.action {
                OpType::Make(ObjType::Map) => (MAP, RawValue::null(), false, None),
                OpType::Make(ObjType::List) => (LIST, RawValue::null(), false, None),
                OpType::Make(ObjType::Text) => (TEXT, RawValue::null(), false, None),
                OpType::Make(ObjType::Table) => (TABLE, RawValue::null(), false, None),
                OpType::Delete => (DELETE, RawValue::null(), false, None),
                OpType::Increment(by) => (INCREMENT, RawValue::int(*by), false, None),
                OpType::Put(value) => (SET, raw(value), false, None),
                OpType::MarkBegin(mark) => (MARK, raw(&mark.value), mark.expand, Some(mark.name.to_string())),
                OpType::MarkEnd(expand) => (MARK, RawValue::null(), *expand, None),
            };
            let preds = op.pred.iter().map(id).collect();
            RawOp { object, at, insert: op.insert, action, value, preds, expand, mark }
        };
        Self {
            deps: change.deps().iter().map(|dep| (*dep).into()).collect(),
            actor: key(change.actor_id()),
            seq: change.seq(),
            start: change.start_op().get(),
            time: change.timestamp(),
            message: change.message().unwrap_or_default().into(),
            ops: decoded.operations.iter().map(op).collect(),
            extra: change.extra_bytes().to_vec(),
        }
    }

    /// The actors that the operations name besides the change's own, ascending.
    pub fn others(&self) -> Vec<ActorKey> {
        let ids = self.ops.iter().flat_map(|op| {
            let element = match &op.at {
                At::Element(id) => Some(*id),
                _ => None,
            };
            op.object.into_iter().chain(element).chain(op.preds.iter().copied())
        });
        let mut others: Vec<_> = ids.map(|id| id.actor).filter(|actor| *actor != self.actor).collect();
        others.sort();
        others.dedup();
        others
    }

    pub fn columns(&self) -> Vec<(u64, Vec<u8>)> {
        let actors: Vec<_> = [self.actor].into_iter().chain(self.others()).collect();
        let index = |id: Id| actors.iter().position(|actor| *actor == id.actor).expect("listed") as u64;
        let ops = &self.ops;
        let objects = || ops.iter().map(|op| op.object);
        let elements = || {
            ops.iter().map(|op| match &op.at {
                At::Key(_) => None,
                At::Head => Some(None),
                At::Element(id) => Some(Some(*id)),
            })
        };
        let names = ops.iter().map(|op| match &op.at {
            At::Key(name) => Some(name.clone().into_bytes()),
            _ => None,
        });
        let preds: Vec<_> = ops.iter().flat_map(|op| op.preds.iter().copied()).collect();
        let expand: Vec<_> = ops.iter().map(|op| op.expand).collect();
        let mut columns = vec![
            (0x01, runs(objects().map(|id| id.map(index)), unsigned)),
            (0x02, runs(objects().map(|id| id.map(|id| id.counter)), unsigned)),
            (0x11, runs(elements().map(|id| id.flatten().map(index)), unsigned)),
            (0x13, deltas(elements().map(|id| id.map(|id| id.map_or(0, |id| id.counter))))),
            (0x15, runs(names, text)),
            (0x34, booleans(ops.iter().map(|op| op.insert))),
            (0x42, runs(ops.iter().map(|op| Some(op.action)), unsigned)),
            (0x56, runs(ops.iter().map(|op| Some((op.value.1.len() as u64) << 4 | op.value.0)), unsigned)),
            (0x57, ops.iter().flat_map(|op| op.value.1.clone()).collect()),
            (0x70, runs(ops.iter().map(|op| Some(op.preds.len() as u64)), unsigned)),
            (0x71, runs(preds.iter().map(|id| Some(index(*id))), unsigned)),
            (0x73, deltas(preds.iter().map(|id| Some(id.counter)))),
            (0x94, if expand.contains(&true) { booleans(expand.into_iter()) } else { vec![] }),
            (0xa5, runs(ops.iter().map(|op| op.mark.clone().map(String::into_bytes)), text)),
        ];
        columns.retain(|(_, bytes)| !bytes.is_empty());
        columns
    }

    pub fn body_with(&self, others: &[ActorKey], columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
        let mut body = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| body.extend(dep.0));
        body.extend(text(self.actor.0.to_vec()));
        body.extend(unsigned(self.seq));
        body.extend(unsigned(self.start));
        body.extend(signed(self.time));
        body.extend(text(self.message.clone()));
        body.extend(unsigned(others.len() as u64));
        others.iter().for_each(|actor| body.extend(text(actor.0.to_vec())));
        body.extend(unsigned(columns.len() as u64));
        for (spec, bytes) in columns {
            body.extend(unsigned(*spec));
            body.extend(unsigned(bytes.len() as u64));
        }
        columns.iter().for_each(|(_, bytes)| body.extend(bytes));
        body.extend(&self.extra);
        body
    }

    pub fn bytes(&self) -> Vec<u8> {
        chunk(1, &self.body_with(&self.others(), &self.columns()))
    }

    pub fn id(&self) -> ChangeId {
        hash(1, &self.body_with(&self.others(), &self.columns()))
    }
}

fn raw(value: &ScalarValue) -> RawValue {
    match value {
        ScalarValue::Null => RawValue::null(),
        ScalarValue::Boolean(value) => RawValue(1 + u64::from(*value), vec![]),
        ScalarValue::Uint(value) => RawValue(3, unsigned(*value)),
        ScalarValue::Int(value) => RawValue::int(*value),
        ScalarValue::F64(value) => RawValue(5, value.to_le_bytes().to_vec()),
        ScalarValue::Str(value) => RawValue::text(value),
        ScalarValue::Bytes(value) => RawValue(7, value.clone()),
        ScalarValue::Counter(value) => RawValue::counter(i64::from(value)),
        ScalarValue::Timestamp(value) => RawValue(9, signed(*value)),
        ScalarValue::Unknown { type_code, bytes } => RawValue((*type_code).into(), bytes.clone()),
    }
}

pub fn hash(kind: u8, body: &[u8]) -> ChangeId {
    ChangeId(sha256(&[&[kind], &unsigned(body.len() as u64), body]))
}

/// A chunk with the right checksum.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    chunk_with(kind, &hash(kind, body).0[..4], body)
}

pub fn chunk_with(kind: u8, checksum: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(checksum);
    bytes.push(kind);
    bytes.extend(unsigned(data.len() as u64));
    bytes.extend(data);
    bytes
}

/// The body of an uncompressed change chunk.
pub fn body(bytes: &[u8]) -> &[u8] {
    let mut at = 9;
    while bytes[at] >= 0x80 {
        at += 1;
    }
    &bytes[at + 1..]
}

pub fn compressed(bytes: &[u8]) -> Vec<u8> {
    chunk_with(2, &bytes[4..8], &miniz_oxide::deflate::compress_to_vec(body(bytes), 6))
}

pub fn unsigned(mut value: u64) -> Vec<u8> {
    let mut bytes = vec![];
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

pub fn signed(mut value: i64) -> Vec<u8> {
    let mut bytes = vec![];
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

pub fn text(bytes: Vec<u8>) -> Vec<u8> {
    let mut all = unsigned(bytes.len() as u64);
    all.extend(bytes);
    all
}

pub fn runs<T: Clone + PartialEq>(
    values: impl Iterator<Item = Option<T>>,
    write: impl Fn(T) -> Vec<u8>,
) -> Vec<u8> {
    let mut groups: Vec<(Option<T>, usize)> = vec![];
    for value in values {
        match groups.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => groups.push((value, 1)),
        }
    }
    if groups.iter().all(|(value, _)| value.is_none()) {
        return vec![];
    }
    let mut bytes = vec![];
    let mut rest = &groups[..];
    while let Some(((value, count), after)) = rest.split_first() {
        match value {
            None => {
                bytes.push(0);
                bytes.extend(unsigned(*count as u64));
                rest = after;
            }
            Some(value) if *count > 1 => {
                bytes.extend(signed(*count as i64));
                bytes.extend(write(value.clone()));
                rest = after;
            }
            Some(_) => {
                let single = |(value, count): &&(Option<T>, usize)| value.is_some() && *count == 1;
                let literal: Vec<_> = rest.iter().take_while(single).collect();
                bytes.extend(signed(-(literal.len() as i64)));
                literal
                    .iter()
                    .flat_map(|(value, _)| value.clone())
                    .for_each(|value| bytes.extend(write(value)));
                rest = &rest[literal.len()..];
            }
        }
    }
    bytes
}

pub fn deltas(values: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    let mut last = 0_i64;
    let differences = values.map(|value| {
        value.map(|value| {
            let value = value as i64;
            value.wrapping_sub(std::mem::replace(&mut last, value))
        })
    });
    runs(differences.collect::<Vec<_>>().into_iter(), signed)
}

pub fn booleans(values: impl Iterator<Item = bool>) -> Vec<u8> {
    let (mut bytes, mut last, mut count) = (vec![], false, 0);
    for value in values {
        if value != last {
            bytes.extend(unsigned(count));
            (last, count) = (value, 0);
        }
        count += 1;
    }
    if count > 0 {
        bytes.extend(unsigned(count));
    }
    bytes
}
