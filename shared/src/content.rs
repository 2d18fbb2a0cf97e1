//! The content of a section: its Automerge document, read as a value tree.
//!
//! Changes reach this module only after the gate. What is hashed or signed is the value tree,
//! never the bytes of `save()`, which depend on the order of delivery.

mod conflict;
mod diff;
mod digest;
pub mod edit;
pub mod order;
mod past;
mod saved;
mod value;

use std::collections::BTreeSet;
use std::fmt;

use automerge::{AutoCommit, Change, ChangeHash, LoadOptions, ObjId, ROOT, ReadDoc, TextEncoding};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{ActorKey, ChangeId, ContentDigest, sha256};

pub use conflict::{Competing, Conflict, conflicts};
pub use diff::{Difference, diff};
pub use digest::{canonical_cbor, content_digest};
pub use edit::{EditCommand, EditError, Splice, apply_edit, splices};
pub use past::{Parted, content_at, parted, translated_source};
pub use saved::PACKED_BYTES_MAX;
pub use value::{Value, read, value_at};

/// How every section counts positions in text: by Unicode code point.
pub const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// The way from a section's root to a place in it: map keys, and list indices in decimal digits.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Path(#[n(0)] pub Vec<String>);

impl Path {
    /// Makes a path of these keys.
    pub fn new<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().map(Into::into).collect())
    }

    /// The path one key further down.
    pub fn join(&self, key: impl Into<String>) -> Self {
        let mut keys = self.0.clone();
        keys.push(key.into());
        Self(keys)
    }

    /// The path without its last key, and that key; `None` for the root.
    pub fn split_last(&self) -> Option<(Self, &str)> {
        let (last, parent) = self.0.split_last()?;
        Some((Self(parent.to_vec()), last))
    }

    /// Tells whether this path is `other` or leads to it.
    pub fn is_prefix_of(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

impl From<&str> for Path {
    fn from(path: &str) -> Self {
        Self::new(path.split('/').filter(|key| !key.is_empty()))
    }
}

/// Why bytes are not the content of a section.
#[derive(Debug, Error)]
pub enum ContentError {
    /// The bytes are not a change or a saved document.
    #[error("these bytes are not a section's content: {0}")]
    Unreadable(String),
    /// A change depends on others that are not here.
    #[error("a change depends on changes that are not here: {0:?}")]
    Missing(Vec<ChangeId>),
    /// A saved document does not have the heads that it was stored under.
    #[error("the saved section has other heads than it was stored under")]
    OtherHeads,
}

/// One section's Automerge document.
///
/// It reads with any actor; to write, give it the actor that the device derived.
#[derive(Debug, Clone)]
pub struct Section {
    doc: AutoCommit,
}

impl Section {
    /// Begins a section whose kind is not known: empty.
    pub fn empty() -> Self {
        Self { doc: AutoCommit::new_with_encoding(ENCODING) }
    }

    /// Takes a document that was made from a section's.
    pub fn from_doc(doc: AutoCommit) -> Self {
        Self { doc }
    }

    /// Begins a section with the genesis change of its kind ([`crate::kinds::Kind::genesis`]).
    ///
    /// # Errors
    ///
    /// If the bytes are not one change without dependencies.
    pub fn from_genesis(genesis: &[u8]) -> Result<Self, ContentError> {
        let mut section = Self::empty();
        section.apply([genesis])?;
        Ok(section)
    }

    /// Applies changes that the gate accepted, each an Automerge change chunk, in causal order.
    ///
    /// # Errors
    ///
    /// If a chunk cannot be read, or depends on a change that is neither here nor before it; then
    /// nothing is applied.
    pub fn apply<B: AsRef<[u8]>>(
        &mut self,
        changes: impl IntoIterator<Item = B>,
    ) -> Result<(), ContentError> {
        let mut parsed: Vec<Change> = Vec::new();
        let mut before: BTreeSet<ChangeHash> = BTreeSet::new();
        for bytes in changes {
            let change =
                Change::try_from(bytes.as_ref()).map_err(|e| ContentError::Unreadable(e.to_string()))?;
            let missing: Vec<_> = (change.deps().iter())
                .filter(|dep| !before.contains(dep))
                .filter(|dep| self.doc.get_change_meta_by_hash(dep).is_none())
                .map(|dep| ChangeId::from(*dep))
                .collect();
            if !missing.is_empty() {
                return Err(ContentError::Missing(missing));
            }
            before.insert(change.hash());
            parsed.push(change);
        }
        self.doc.apply_changes_batch(parsed).map_err(|e| ContentError::Unreadable(e.to_string()))
    }

    /// Sets the actor of the changes that will be made here.
    pub fn set_actor(&mut self, actor: ActorKey) {
        self.doc.set_actor(automerge::ActorId::from(actor.0));
    }

    /// The heads, sorted. Closes an open transaction.
    pub fn heads(&mut self) -> Vec<ChangeId> {
        let mut heads: Vec<ChangeId> = self.doc.get_heads().into_iter().map(ChangeId::from).collect();
        heads.sort();
        heads
    }

    /// Tells whether the section contains this change.
    pub fn contains(&mut self, change: &ChangeId) -> bool {
        self.doc.get_change_meta_by_hash(&(*change).into()).is_some()
    }

    /// Saves the document, for a cache; the bytes are not canonical.
    pub fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// Loads a saved document, and checks that it has `heads`.
    ///
    /// # Errors
    ///
    /// If the bytes cannot be read, or have other heads.
    pub fn load(bytes: &[u8], heads: &[ChangeId]) -> Result<Self, ContentError> {
        let options = LoadOptions::new().text_encoding(ENCODING);
        let doc = AutoCommit::load_with_options(bytes, options)
            .map_err(|error| ContentError::Unreadable(error.to_string()))?;
        let mut section = Self { doc };
        let mut expected = heads.to_vec();
        expected.sort();
        if section.heads() == expected { Ok(section) } else { Err(ContentError::OtherHeads) }
    }

    /// The whole content as a value tree: where several values compete, the one that stands.
    pub fn value(&self) -> Value {
        read(&self.doc, &ROOT)
    }

    /// The digest that signatures name: see [`content_digest`].
    pub fn digest(&self) -> ContentDigest {
        content_digest(&self.value())
    }

    /// The fields that have several values, set by people who did not see each other's.
    pub fn conflicts(&self) -> Vec<Conflict> {
        conflicts(&self.doc)
    }

    /// The document, for reading.
    pub fn doc(&self) -> &AutoCommit {
        &self.doc
    }

    /// The document, for editing and committing.
    pub fn doc_mut(&mut self) -> &mut AutoCommit {
        &mut self.doc
    }

    /// Takes the document out.
    pub fn into_doc(self) -> AutoCommit {
        self.doc
    }
}

/// Reads the id of a change and what it depends on.
///
/// # Errors
///
/// The bytes are not a change.
pub fn read_change(bytes: &[u8]) -> Result<(ChangeId, Vec<ChangeId>), ContentError> {
    let change = Change::try_from(bytes).map_err(|error| ContentError::Unreadable(error.to_string()))?;
    let deps = change.deps().iter().map(|dep| ChangeId::from(*dep)).collect();
    Ok((ChangeId::from(change.hash()), deps))
}

/// Finds the object at `path`; `None` if nothing or a scalar stands there.
pub fn object_at(doc: &AutoCommit, path: &Path) -> Option<ObjId> {
    path.0.iter().try_fold(ROOT, |object, key| step(doc, &object, key))
}

fn step(doc: &AutoCommit, object: &ObjId, key: &str) -> Option<ObjId> {
    let found = if doc.object_type(object).ok()?.is_sequence() {
        doc.get(object, key.parse::<usize>().ok()?)
    } else {
        doc.get(object, key)
    };
    match found {
        Ok(Some((automerge::Value::Object(_), id))) => Some(id),
        _ => None,
    }
}

/// The mark that says which source text a translation was made from: the first 16 hexadecimal
/// digits of SHA-256 over the text's UTF-8.
pub fn translation_mark(source: &str) -> String {
    crate::ids::hex(&sha256(&[source.as_bytes()])[..8])
}

#[cfg(test)]
mod tests;
