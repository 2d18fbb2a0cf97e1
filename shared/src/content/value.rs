//! The value tree: a section's content without its history.

use std::collections::BTreeMap;

use automerge::{AutoCommit, ObjId, ObjType, ReadDoc, ScalarValue};
use minicbor::data::Tag;
use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};

use super::{Path, digest, object_at};
use crate::limits::NESTING_MAX;

/// A value, as people see it: of several competing values, the one that stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing, written on purpose.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// A floating-point number.
    F64(f64),
    /// Milliseconds since 1970, UTC.
    Timestamp(i64),
    /// A string, replaced as a whole.
    String(String),
    /// A text, edited letter by letter.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The sum of a counter.
    Counter(i64),
    /// A scalar of a type that Automerge does not know: its code and bytes.
    Unknown(u8, Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// A string value.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// The string or text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) | Self::Timestamp(number) => Some(*number),
            Self::Uint(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// What stands under `key` of a map, or at the index `key` of a list.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.get(key),
            Self::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// What stands at `path`.
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.0.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Tells whether it is a list, a map or a text.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_) | Self::Text(_))
    }

    /// The Automerge scalar, unless it is an object.
    pub fn to_scalar(&self) -> Option<ScalarValue> {
        Some(match self {
            Self::Null => ScalarValue::Null,
            Self::Bool(flag) => ScalarValue::Boolean(*flag),
            Self::Int(number) => ScalarValue::Int(*number),
            Self::Uint(number) => ScalarValue::Uint(*number),
            Self::F64(number) => ScalarValue::F64(*number),
            Self::Timestamp(ms) => ScalarValue::Timestamp(*ms),
            Self::String(text) => ScalarValue::Str(text.as_str().into()),
            Self::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
            Self::Counter(sum) => ScalarValue::counter(*sum),
            Self::Unknown(type_code, bytes) => {
                ScalarValue::Unknown { type_code: *type_code, bytes: bytes.clone() }
            }
            Self::Text(_) | Self::List(_) | Self::Map(_) => return None,
        })
    }
}

impl From<&ScalarValue> for Value {
    fn from(scalar: &ScalarValue) -> Self {
        match scalar {
            ScalarValue::Null => Self::Null,
            ScalarValue::Boolean(flag) => Self::Bool(*flag),
            ScalarValue::Int(number) => Self::Int(*number),
            ScalarValue::Uint(number) => Self::Uint(*number),
            ScalarValue::F64(number) => Self::F64(*number),
            ScalarValue::Timestamp(ms) => Self::Timestamp(*ms),
            ScalarValue::Str(text) => Self::String(text.to_string()),
            ScalarValue::Bytes(bytes) => Self::Bytes(bytes.clone()),
            ScalarValue::Counter(counter) => Self::Counter(i64::from(counter)),
            ScalarValue::Unknown { type_code, bytes } => Self::Unknown(*type_code, bytes.clone()),
        }
    }
}

/// Reads an object and everything below it.
pub fn read(doc: &AutoCommit, object: &ObjId) -> Value {
    read_within(doc, object, NESTING_MAX)
}

/// Reads what stands at `path`; `None` if nothing does.
pub fn value_at(doc: &AutoCommit, path: &Path) -> Option<Value> {
    let Some((parent, key)) = path.split_last() else {
        return Some(read(doc, &automerge::ROOT));
    };
    let parent = object_at(doc, &parent)?;
    let found = if doc.object_type(&parent).ok()?.is_sequence() {
        doc.get(&parent, key.parse::<usize>().ok()?)
    } else {
        doc.get(&parent, key)
    };
    let (value, id) = found.ok()??;
    Some(read_value(doc, &value, &id, NESTING_MAX))
}

pub(super) fn read_value(doc: &AutoCommit, value: &automerge::Value<'_>, id: &ObjId, depth: usize) -> Value {
    match value {
        automerge::Value::Object(_) => read_within(doc, id, depth),
        automerge::Value::Scalar(scalar) => Value::from(scalar.as_ref()),
    }
}

/// Below `depth` levels the gate admits nothing, so what would stand there reads as null.
fn read_within(doc: &AutoCommit, object: &ObjId, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    match doc.object_type(object) {
        Ok(ObjType::Text) => Value::Text(doc.text(object).unwrap_or_default()),
        Ok(ObjType::List) => Value::List(
            (0..doc.length(object))
                .filter_map(|index| doc.get(object, index).ok().flatten())
                .map(|(value, id)| read_value(doc, &value, &id, depth))
                .collect(),
        ),
        Ok(ObjType::Map | ObjType::Table) => {
            let keys: Vec<String> = doc.keys(object).collect();
            Value::Map(
                keys.into_iter()
                    .filter_map(|key| {
                        let (value, id) = doc.get(object, key.as_str()).ok().flatten()?;
                        Some((key, read_value(doc, &value, &id, depth)))
                    })
                    .collect(),
            )
        }
        Err(_) => Value::Null,
    }
}

impl<C> Encode<C> for Value {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        digest::write(self, e)
    }
}

impl<'b, C> Decode<'b, C> for Value {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        decode_within(d, NESTING_MAX)
    }
}

fn decode_within(d: &mut Decoder<'_>, depth: usize) -> Result<Value, minicbor::decode::Error> {
    use minicbor::data::Type;
    let Some(depth) = depth.checked_sub(1) else {
        return Err(minicbor::decode::Error::message("value: nested too deeply"));
    };
    Ok(match d.datatype()? {
        Type::Null => {
            d.null()?;
            Value::Null
        }
        Type::Bool => Value::Bool(d.bool()?),
        Type::F16 => Value::F64(digest::read_half(d)?),
        Type::F32 => Value::F64(f64::from(d.f32()?)),
        Type::F64 => Value::F64(d.f64()?),
        Type::String => Value::String(d.str()?.to_owned()),
        Type::Bytes => Value::Bytes(d.bytes()?.to_vec()),
        Type::Array => {
            let count = d.array()?.ok_or_else(indefinite)?;
            Value::List((0..count).map(|_| decode_within(d, depth)).collect::<Result<_, _>>()?)
        }
        Type::Map => {
            let count = d.map()?.ok_or_else(indefinite)?;
            let entries = (0..count).map(|_| Ok((d.str()?.to_owned(), decode_within(d, depth)?)));
            Value::Map(entries.collect::<Result<_, minicbor::decode::Error>>()?)
        }
        Type::Tag => {
            let tag = d.tag()?;
            decode_tagged(d, tag)?
        }
        _ => Value::Int(d.i64()?),
    })
}

fn decode_tagged(d: &mut Decoder<'_>, tag: Tag) -> Result<Value, minicbor::decode::Error> {
    Ok(match tag.as_u64() {
        digest::TAG_UINT => Value::Uint(d.u64()?),
        digest::TAG_TIMESTAMP => Value::Timestamp(d.i64()?),
        digest::TAG_COUNTER => Value::Counter(d.i64()?),
        digest::TAG_TEXT => Value::Text(d.str()?.to_owned()),
        digest::TAG_UNKNOWN => {
            if d.array()? != Some(2) {
                return Err(minicbor::decode::Error::message("value: expected a code and bytes"));
            }
            Value::Unknown(d.u8()?, d.bytes()?.to_vec())
        }
        _ => return Err(minicbor::decode::Error::message("value: unknown tag")),
    })
}

fn indefinite() -> minicbor::decode::Error {
    minicbor::decode::Error::message("value: lengths are definite")
}
