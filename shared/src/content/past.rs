//! A text as it stood after a change of its section.

use std::collections::BTreeSet;

use automerge::{AutoCommit, ChangeHash, ReadDoc};

use super::{Path, object_at};
use crate::ids::ChangeId;

/// A text as two people left it who did not see each other's edits, and as both had found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    /// What both had seen.
    pub base: String,
    /// After the first one's change.
    pub first: String,
    /// After the second one's.
    pub second: String,
}

/// Reads the text at `path` after each of two changes, and where their histories part; `None` if there
/// is no such text or change.
pub fn parted(doc: &mut AutoCommit, path: &Path, first: ChangeId, second: ChangeId) -> Option<Parted> {
    let text = object_at(doc, path)?;
    let (first, second): (ChangeHash, ChangeHash) = (first.into(), second.into());
    doc.get_change_meta_by_hash(&first)?;
    doc.get_change_meta_by_hash(&second)?;
    let base = fork_of(doc, first, second);
    let at = |heads: &[ChangeHash]| doc.text_at(&text, heads).unwrap_or_default();
    Some(Parted { base: at(&base), first: at(&[first]), second: at(&[second]) })
}

/// The heads of what two changes have in common.
fn fork_of(doc: &mut AutoCommit, first: ChangeHash, second: ChangeHash) -> Vec<ChangeHash> {
    let mut beyond = |of: ChangeHash| -> Vec<(ChangeHash, Vec<ChangeHash>)> {
        let changes = doc.get_changes(&[of]);
        changes.iter().map(|change| (change.hash(), change.deps().to_vec())).collect()
    };
    let (not_of_first, not_of_second) = (beyond(first), beyond(second));
    let names =
        |all: &[(ChangeHash, Vec<ChangeHash>)]| all.iter().map(|(hash, _)| *hash).collect::<BTreeSet<_>>();
    let (outside_first, outside_second) = (names(&not_of_first), names(&not_of_second));
    // What one has and the other has not; of what neither has nothing counts.
    let all = not_of_first.iter().chain(&not_of_second);
    let own = all.filter(|(hash, _)| outside_first.contains(hash) != outside_second.contains(hash));
    let own: Vec<_> = own.collect();
    let own_names: BTreeSet<_> = own.iter().map(|(hash, _)| *hash).collect();
    let heads = own.iter().flat_map(|(_, deps)| deps).filter(|dep| !own_names.contains(*dep));
    heads.copied().collect::<BTreeSet<_>>().into_iter().collect()
}
