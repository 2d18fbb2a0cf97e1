//! Writes value trees with the fewest operations.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ReadDoc};

use super::EditError;
use crate::content::{Path, Value, read};

/// Creates the maps that lead to a place below an open map.
pub(super) fn ensure_maps(doc: &mut AutoCommit, path: &Path) -> Result<(), EditError> {
    let mut object = automerge::ROOT;
    for key in &path.0 {
        let found = doc.get(&object, key.as_str())?;
        object = match found {
            Some((automerge::Value::Object(_), id)) => id,
            _ => doc.put_object(&object, key.as_str(), ObjType::Map)?,
        };
    }
    Ok(())
}

pub(super) fn remove_key(doc: &mut AutoCommit, map: &ObjId, key: &str) -> Result<(), EditError> {
    if doc.get(map, key)?.is_some() {
        doc.delete(map, key)?;
    }
    Ok(())
}

/// Writes a value under a key, unless it stands there already; maps are merged key by key.
pub(super) fn put_value(
    doc: &mut AutoCommit,
    map: &ObjId,
    key: &str,
    value: &Value,
) -> Result<(), EditError> {
    let standing = match doc.get(map, key)? {
        None => return replace(doc, map, key, value),
        Some((automerge::Value::Scalar(scalar), _)) => Value::from(scalar.as_ref()),
        Some((automerge::Value::Object(_), id)) => {
            let standing = read(doc, &id);
            if let (Value::Map(old), Value::Map(new)) = (&standing, value) {
                for gone in old.keys().filter(|key| !new.contains_key(*key)) {
                    doc.delete(&id, gone.as_str())?;
                }
                return new.iter().try_for_each(|(key, value)| put_value(doc, &id, key, value));
            }
            standing
        }
    };
    if standing == *value { Ok(()) } else { replace(doc, map, key, value) }
}

/// Writes a value under a key, whatever stands there.
pub(super) fn replace(doc: &mut AutoCommit, map: &ObjId, key: &str, value: &Value) -> Result<(), EditError> {
    if let Some(scalar) = value.to_scalar() {
        return Ok(doc.put(map, key, scalar)?);
    }
    let object = doc.put_object(map, key, object_type(value))?;
    fill(doc, &object, value)
}

fn fill(doc: &mut AutoCommit, object: &ObjId, value: &Value) -> Result<(), EditError> {
    match value {
        Value::Text(text) => doc.splice_text(object, 0, 0, text)?,
        Value::Map(entries) => {
            entries.iter().try_for_each(|(key, value)| replace(doc, object, key, value))?
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                match item.to_scalar() {
                    Some(scalar) => doc.insert(object, index, scalar)?,
                    None => {
                        let inner = doc.insert_object(object, index, object_type(item))?;
                        fill(doc, &inner, item)?;
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn object_type(value: &Value) -> ObjType {
    match value {
        Value::Text(_) => ObjType::Text,
        Value::List(_) => ObjType::List,
        _ => ObjType::Map,
    }
}
