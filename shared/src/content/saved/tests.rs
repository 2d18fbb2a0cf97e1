use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};

use super::*;
use crate::content::ENCODING;

fn section() -> Section {
    let mut doc = AutoCommit::new_with_encoding(ENCODING);
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    for number in 0..200 {
        doc.splice_text(&text, number, 0, "a").unwrap();
        doc.put(ROOT, format!("key {}", number % 7), number as i64).unwrap();
        doc.put(ROOT, "flag", number % 2 == 0).unwrap();
        if number % 20 == 0 {
            doc.commit();
        }
    }
    Section::from_doc(doc)
}

/// Packs bytes that claim to be a saved document.
fn packed(saved: &[u8]) -> Vec<u8> {
    compress_to_vec(saved, LEVEL)
}

#[test]
fn what_is_packed_comes_back_by_either_way() {
    let mut section = section();
    let (heads, value) = (section.heads(), section.value());
    let packed = section.pack().expect("a small section");
    assert_eq!(Section::unpack(&packed, &heads).unwrap().value(), value);
    assert_eq!(Section::unpack_foreign(&packed, &heads).unwrap().value(), value);
}

#[test]
fn other_heads_than_those_asked_for_are_refused() {
    let mut section = section();
    let packed = section.pack().expect("a small section");
    for heads in [vec![], vec![ChangeId([7; 32])]] {
        assert!(matches!(Section::unpack(&packed, &heads), Err(ContentError::OtherHeads)));
        assert!(matches!(Section::unpack_foreign(&packed, &heads), Err(ContentError::OtherHeads)));
    }
}

#[test]
fn columns_that_are_compressed_by_themselves_never_reach_automerge() {
    let mut section = section();
    let heads = section.heads();
    let deflated = section.doc_mut().save();
    assert!(Section::load(&deflated, &heads).is_ok(), "Automerge itself reads it");
    assert!(matches!(Section::unpack(&packed(&deflated), &heads), Err(ContentError::Unreadable(_))));
}

#[test]
fn what_inflates_beyond_the_bound_is_refused() {
    let bomb = packed(&vec![0; INFLATED_BYTES_MAX + 1]);
    assert!(bomb.len() < 100_000);
    assert!(matches!(Section::unpack(&bomb, &[]), Err(ContentError::Unreadable(_))));
}

#[test]
fn nothing_may_stand_behind_the_document() {
    let mut section = section();
    let heads = section.heads();
    let mut saved = section.doc_mut().save_nocompress();
    saved.extend(section.doc_mut().get_last_local_change().unwrap().raw_bytes());
    assert!(matches!(Section::unpack(&packed(&saved), &heads), Err(ContentError::Unreadable(_))));
}

#[test]
fn rows_are_counted_before_they_are_believed() {
    // One run of 2^40 rows in seven bytes, of a column of numbers.
    let run = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01];
    assert_eq!(rows_of(2, &run), Some(1 << 40));
    assert_eq!(rows_of(4, &run[..6]), Some(1 << 40));
    // Five rows one by one, then three empty ones.
    assert_eq!(rows_of(2, &[0x7b, 1, 2, 3, 4, 5, 0, 3]), Some(8));
    // Two strings.
    assert_eq!(rows_of(5, &[0x7e, 1, b'a', 2, b'b', b'c']), Some(2));
    assert_eq!(rows_of(0b1010, &run), None, "compressed");
}

#[test]
fn damaged_bytes_are_refused_or_give_what_was_packed() {
    let mut section = section();
    let (heads, value) = (section.heads(), section.value());
    let saved = section.doc_mut().save_nocompress();
    for place in 0..saved.len() {
        for bit in [0, 3, 7] {
            let mut damaged = saved.clone();
            damaged[place] ^= 1 << bit;
            // A wrong checksum would hide what the rest of the bytes do.
            let sum = crate::ids::sha256(&[&damaged[8..]]);
            damaged[4..8].copy_from_slice(&sum[..4]);
            let read = std::panic::catch_unwind(|| Section::unpack_foreign(&packed(&damaged), &heads));
            if let Ok(Ok(read)) = read {
                assert_eq!(read.value(), value, "byte {place} bit {bit}");
            }
        }
    }
}

/// Two people write a letter each at the begin of a text, at once.
fn letters() -> Section {
    let mut doc = AutoCommit::new_with_encoding(ENCODING);
    doc.set_actor(automerge::ActorId::from([1; 16]));
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    let mut other = doc.fork().with_actor(automerge::ActorId::from([2; 16]));
    doc.splice_text(&text, 0, 0, "a").unwrap();
    other.splice_text(&text, 0, 0, "b").unwrap();
    doc.merge(&mut other).unwrap();
    Section::from_doc(doc)
}

fn replaced(bytes: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + with.len()].copy_from_slice(with);
    let sum = crate::ids::sha256(&[&bytes[8..]]);
    bytes[4..8].copy_from_slice(&sum[..4]);
    bytes
}

#[test]
fn the_order_in_which_operations_were_saved_is_not_believed() {
    let mut section = letters();
    let (heads, value) = (section.heads(), section.value());
    let saved = section.doc_mut().save_nocompress();
    let places = |bytes: &[u8], wanted: &[u8]| -> Vec<usize> {
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(wanted)).collect()
    };
    // The authors of the three operations, and the letters; both in the order of the text.
    let (authors, swapped_authors) = ([0x7d, 0, 1, 0], [2, 0, 0x7f, 1]);
    let mut lies = 0;
    for letter in places(&saved, b"ba") {
        for author in places(&saved, &authors) {
            let lie = replaced(&replaced(&saved, letter, b"ab"), author, &swapped_authors);
            // The hashes are compared first. After that only a build with debug assertions looks at
            // the order, and panics.
            match catch_unwind(|| Section::load(&lie, &heads)) {
                Ok(Err(_)) => continue,
                Ok(Ok(believed)) => lies += usize::from(believed.value() != value),
                Err(_) => lies += 1,
            }
            if let Ok(read) = Section::unpack_foreign(&packed(&lie), &heads) {
                assert_eq!(read.value(), value);
            }
        }
    }
    assert!(lies > 0, "Automerge itself believes it: if not, snapshots may be loaded as they are");
}
