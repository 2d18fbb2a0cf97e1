//! Fields that hold several values, because people set them without seeing each other's.

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use serde::Serialize;

use super::value::read_value;
use super::{Path, Value};
use crate::ids::{ActorKey, ChangeId};
use crate::limits::NESTING_MAX;

/// A map key with several different values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Where.
    pub path: Path,
    /// Every value that nobody has replaced; the last is the one that stands.
    pub values: Vec<Competing>,
}

/// One of the values of a conflict, and the change that wrote it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Competing {
    /// The value.
    pub value: Value,
    /// The actor that wrote it; `None` for an actor that is not 16 bytes long.
    pub actor: Option<ActorKey>,
    /// The change that wrote it; `None` while it is not committed.
    pub change: Option<ChangeId>,
}

/// Finds every map key that has several different values, in the order of paths.
///
/// The same value set twice is no conflict: there is nothing to choose.
pub fn conflicts(doc: &AutoCommit) -> Vec<Conflict> {
    let mut found = Vec::new();
    search(doc, &ROOT, &Path::default(), NESTING_MAX, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn search(doc: &AutoCommit, object: &ObjId, path: &Path, depth: usize, found: &mut Vec<Conflict>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match doc.object_type(object) {
        Ok(ObjType::Map | ObjType::Table) => {
            let keys: Vec<String> = doc.keys(object).collect();
            for key in keys {
                search_key(doc, object, &key, &path.join(&key), depth, found);
            }
        }
        Ok(ObjType::List) => {
            for index in 0..doc.length(object) {
                if let Ok(Some((automerge::Value::Object(_), id))) = doc.get(object, index) {
                    search(doc, &id, &path.join(index.to_string()), depth, found);
                }
            }
        }
        Ok(ObjType::Text) | Err(_) => {}
    }
}

fn search_key(
    doc: &AutoCommit,
    object: &ObjId,
    key: &str,
    path: &Path,
    depth: usize,
    found: &mut Vec<Conflict>,
) {
    let Ok(all) = doc.get_all(object, key) else { return };
    if all.len() > 1 {
        let values: Vec<Competing> = all
            .iter()
            .map(|(value, id)| Competing {
                value: read_value(doc, value, id, depth),
                actor: actor(id),
                change: doc.hash_for_opid(id).map(ChangeId::from),
            })
            .collect();
        if values.iter().any(|competing| competing.value != values[0].value) {
            found.push(Conflict { path: path.clone(), values });
        }
    }
    if let Some((automerge::Value::Object(_), id)) = all.last() {
        search(doc, id, path, depth, found);
    }
}

fn actor(id: &ObjId) -> Option<ActorKey> {
    match id {
        automerge::ObjId::Id(_, actor, _) => <[u8; 16]>::try_from(actor.to_bytes()).ok().map(ActorKey),
        automerge::ObjId::Root => None,
    }
}
