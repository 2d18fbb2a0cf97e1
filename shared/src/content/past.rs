//! Content as it stood earlier in the history of its section.

use std::collections::BTreeSet;

use automerge::{AutoCommit, ChangeHash, ROOT, ReadDoc};

use super::value::{Value, read};
use super::{Path, object_at, translation_mark};
use crate::ids::ChangeId;

/// Reads the whole content as it was after the changes `heads`; `None` if one of them is not in the
/// history.
pub fn content_at(doc: &AutoCommit, heads: &[ChangeId]) -> Option<Value> {
    let heads: Vec<ChangeHash> = heads.iter().map(|head| (*head).into()).collect();
    let then = doc.clone().fork_at(&heads).ok()?;
    Some(read(&then, &ROOT))
}

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

/// How many of the newest changes are looked through for a text by its mark.
const SEARCHED_MAX: usize = 512;

/// The source text from which the translation of the bilingual field at `path` was made: the text
/// under `source` whose mark `translated_from` holds. `None` if nothing is marked, or the record has
/// no such text: it may never have stood at the end of a change.
pub fn translated_source(doc: &mut AutoCommit, path: &Path, source: &str) -> Option<String> {
    let field = object_at(doc, path)?;
    let text = object_at(doc, &path.join(source))?;
    let (value, id) = doc.get(&field, "translated_from").ok()??;
    let mark = value.as_str()?.to_owned();
    let found = |doc: &AutoCommit, heads: &[ChangeHash]| {
        doc.text_at(&text, heads).ok().filter(|text| translation_mark(text) == mark)
    };
    if let Some(text) = doc.text(&text).ok().filter(|text| translation_mark(text) == mark) {
        return Some(text);
    }
    // As a rule it stood so when the mark was written.
    let marked = doc.hash_for_opid(&id)?;
    if let Some(text) = found(doc, &[marked]) {
        return Some(text);
    }
    let before = doc.get_change_meta_by_hash(&marked).map(|meta| meta.deps.to_vec()).unwrap_or_default();
    if let Some(text) = found(doc, &before) {
        return Some(text);
    }
    let all: Vec<ChangeHash> = doc.get_changes(&[]).iter().map(automerge::Change::hash).collect();
    all.iter().rev().take(SEARCHED_MAX).find_map(|hash| found(doc, &[*hash]))
}

#[cfg(test)]
mod tests {
    use automerge::ObjType;
    use automerge::transaction::Transactable;

    use super::*;
    use crate::content::ENCODING;

    /// A bilingual field `goal` whose Russian text is the source.
    fn field(ru: &str) -> AutoCommit {
        let mut doc = AutoCommit::new_with_encoding(ENCODING);
        let goal = doc.put_object(ROOT, "goal", ObjType::Map).expect("a map");
        let text = doc.put_object(&goal, "ru", ObjType::Text).expect("a text");
        doc.splice_text(&text, 0, 0, ru).expect("a text");
        doc.put(&goal, "translated_from", translation_mark(ru)).expect("a mark");
        doc.commit();
        doc
    }

    fn write(doc: &mut AutoCommit, at: usize, insert: &str) -> ChangeId {
        let text = object_at(doc, &Path::from("goal/ru")).expect("the text");
        doc.splice_text(&text, at, 0, insert).expect("a text");
        doc.commit().expect("a change").into()
    }

    #[test]
    fn the_source_of_a_translation_is_found_in_the_history() {
        let mut doc = field("Зима");
        let goal = Path::from("goal");
        assert_eq!(translated_source(&mut doc, &goal, "ru").as_deref(), Some("Зима"));
        write(&mut doc, 4, " без спешки");
        assert_eq!(translated_source(&mut doc, &goal, "ru").as_deref(), Some("Зима"));
        // Marked later than it was written, and while somebody wrote on.
        let map = object_at(&doc, &goal).expect("the field");
        doc.put(&map, "translated_from", translation_mark("Зима без спешки")).expect("a mark");
        write(&mut doc, 0, "Тихая. ");
        write(&mut doc, 0, "Очень. ");
        assert_eq!(translated_source(&mut doc, &goal, "ru").as_deref(), Some("Зима без спешки"));
        // What never stood at the end of a change is not there.
        doc.put(&map, "translated_from", translation_mark("Лето")).expect("a mark");
        doc.commit();
        assert_eq!(translated_source(&mut doc, &goal, "ru"), None);
    }

    #[test]
    fn content_is_read_as_it_was_after_earlier_changes() {
        let mut doc = field("Зима");
        let then: Vec<ChangeId> = doc.get_heads().into_iter().map(ChangeId::from).collect();
        let later = write(&mut doc, 4, " без спешки");
        let goal = |value: Option<Value>| {
            let value = value.expect("both are in the history");
            value.at(&Path::from("goal/ru")).and_then(Value::as_str).map(str::to_owned)
        };
        assert_eq!(goal(content_at(&doc, &then)).as_deref(), Some("Зима"));
        assert_eq!(goal(content_at(&doc, &[later])).as_deref(), Some("Зима без спешки"));
        assert_eq!(content_at(&doc, &[ChangeId([9; 32])]), None);
    }

    #[test]
    fn two_versions_and_what_they_have_in_common_are_read_from_the_history() {
        let mut one = field("Budget.");
        let mut other = one.fork();
        write(&mut one, 0, "1 ");
        let first = write(&mut one, 0, "0 ");
        let second = write(&mut other, 6, " above $500");
        one.merge(&mut other).expect("both");
        let path = Path::from("goal/ru");
        let parted = parted(&mut one, &path, first, second).expect("both versions");
        assert_eq!(parted.base, "Budget.");
        assert_eq!(parted.first, "0 1 Budget.");
        assert_eq!(parted.second, "Budget above $500.");
        let unknown = ChangeId([9; 32]);
        assert_eq!(super::parted(&mut one, &path, first, unknown), None);
    }
}
