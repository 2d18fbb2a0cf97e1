//! What differs between two states of a section.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Path, Value};

/// One place where two states differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Where.
    pub path: Path,
    /// What stood there; `None` if nothing did.
    pub before: Option<Value>,
    /// What stands there; `None` if nothing does.
    pub after: Option<Value>,
}

/// Compares two value trees; the differences come in the order of paths, as deep as they reach.
///
/// Maps are compared key by key, everything else as a whole.
pub fn diff(before: &Value, after: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    compare(Path::default(), Some(before), Some(after), &mut differences);
    differences
}

fn compare(path: Path, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let (Some(Value::Map(old)), Some(Value::Map(new))) = (before, after) else {
        out.push(Difference { path, before: before.cloned(), after: after.cloned() });
        return;
    };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        compare(path.join(key), old.get(key), new.get(key), out);
    }
}
