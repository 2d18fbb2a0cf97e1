//! A look at the end of every ledger at opening, so that damage is known before it is served.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use entente_shared::ids::{DocumentId, EntryHash};

use super::layout::{self, EntryPlace};
use super::opening::no_panic;
use super::{Damage, Known};
use crate::contract::Head;

/// Collects the head records, and compares each with what else tells of its document.
///
/// # Errors
/// What sled says, if head records or listings cannot be read: then it is unknown what is there.
pub(super) fn survey(tree: &sled::Tree) -> Result<Known, String> {
    let mut known = Known { heads: heads(tree)?, damaged: BTreeMap::new() };
    list_missing_heads(tree, &mut known)?;
    let (last_entries, unreadable) = last_entries(tree, &known.heads);
    for (document, detail) in unreadable {
        known.note(document, detail, 0);
    }
    for (document, last) in &last_entries {
        if let Err(detail) = check_end(known.heads.get(document), last) {
            known.note(*document, detail, last.generation);
        }
    }
    let without_entries: Vec<_> = known.heads.iter().map(|(document, head)| (*document, head.last)).collect();
    for (document, last) in without_entries {
        if let (Some(last), None) = (last, last_entries.get(&document)) {
            known.note(document, format!("all entries up to {} are missing", last.seq), 0);
        }
    }
    Ok(known)
}

impl Known {
    fn note(&mut self, document: DocumentId, detail: String, generation: u32) {
        let damage = self.damaged.entry(document).or_insert(Damage { detail, generation });
        damage.generation = damage.generation.max(generation);
    }
}

fn heads(tree: &sled::Tree) -> Result<BTreeMap<DocumentId, Head>, String> {
    let mut heads = BTreeMap::new();
    for stored in tree.scan_prefix(b"h") {
        let (key, value) = stored.map_err(|error| error.to_string())?;
        let document = layout::read_head_key(&key).ok_or("a head record has a malformed key")?;
        if let Some(head) = layout::read_head(&value) {
            heads.insert(document, head);
        }
    }
    Ok(heads)
}

/// Lists documents whose head record is lost or malformed, so that none is taken for a new one.
fn list_missing_heads(tree: &sled::Tree, known: &mut Known) -> Result<(), String> {
    for stored in tree.scan_prefix(b"p") {
        let (key, _) = stored.map_err(|error| error.to_string())?;
        let (partnership, document) = layout::read_listing_key(&key).ok_or("a listing is malformed")?;
        let Entry::Vacant(missing) = known.heads.entry(document) else { continue };
        missing.insert(Head { partnership, generation: 0, last: None });
        known.note(document, "its head record is missing".to_owned(), 0);
    }
    Ok(())
}

/// The last entry of a document, as its key and first chunk tell.
struct LastEntry {
    generation: u32,
    seq: u64,
    hash: Option<EntryHash>,
}

type Unreadable = Vec<(DocumentId, String)>;

/// The last entry of each document that has any, by stepping from the end of one to that of the
/// next; and the documents at whose end a page cannot be read.
fn last_entries(
    tree: &sled::Tree,
    heads: &BTreeMap<DocumentId, Head>,
) -> (BTreeMap<DocumentId, LastEntry>, Unreadable) {
    let (mut found, mut unreadable) = (BTreeMap::new(), Vec::new());
    let mut before = b"f".to_vec();
    loop {
        let step = no_panic(|| tree.range(b"e".to_vec()..before.clone()).next_back().transpose());
        let step = step.map(|stored| stored.map(|(key, first)| (layout::read_entry_key(&key), first)));
        let document = match step {
            Ok(None) => return (found, unreadable),
            Ok(Some((Some(place), first))) => {
                let EntryPlace { document, generation, seq } = place;
                found.insert(
                    document,
                    LastEntry { generation, seq, hash: layout::hash_in_first_chunk(&first) },
                );
                document
            }
            failed => {
                // No telling whose page it is: the document next in order is the one that ends there.
                let below = heads.keys().rev().find(|document| start_of(**document) < before);
                let Some(document) = below.copied() else { return (found, unreadable) };
                let detail = failed.err().unwrap_or_else(|| "an entry has a malformed key".to_owned());
                unreadable.push((document, format!("its last entry cannot be read ({detail})")));
                document
            }
        };
        before = start_of(document);
    }
}

/// The key before every entry of a document.
fn start_of(document: DocumentId) -> Vec<u8> {
    [b"e", &document.0[..]].concat()
}

fn check_end(head: Option<&Head>, last: &LastEntry) -> Result<(), String> {
    let Some(head) = head else {
        return Err(format!("entry {} stands without a head record", last.seq));
    };
    if head.generation > last.generation && head.last.is_none() {
        return Ok(());
    }
    let Some(position) = head.last.filter(|_| head.generation == last.generation) else {
        return Err(format!("the head record does not know entry {}", last.seq));
    };
    if (position.seq, Some(position.hash)) != (last.seq, last.hash) {
        return Err(format!("the head record says entry {}, the last entry is {}", position.seq, last.seq));
    }
    Ok(())
}
