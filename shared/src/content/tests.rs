use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{ActorId, ObjType, ScalarValue};
use proptest::prelude::*;

use super::*;

fn document(actor: u8) -> AutoCommit {
    AutoCommit::new_with_encoding(ENCODING).with_actor(ActorId::from([actor; 16]))
}

fn every_type() -> AutoCommit {
    let mut doc = document(1);
    doc.put(ROOT, "null", ()).unwrap();
    doc.put(ROOT, "yes", true).unwrap();
    doc.put(ROOT, "int", -70_000_i64).unwrap();
    doc.put(ROOT, "uint", 24_u64).unwrap();
    doc.put(ROOT, "half", 1.5).unwrap();
    doc.put(ROOT, "single", 100_000.5).unwrap();
    doc.put(ROOT, "double", 0.1).unwrap();
    doc.put(ROOT, "when", ScalarValue::Timestamp(1_763_600_000_000)).unwrap();
    doc.put(ROOT, "string", "слово").unwrap();
    doc.put(ROOT, "bytes", vec![1_u8, 2, 3]).unwrap();
    doc.put(ROOT, "counter", ScalarValue::counter(40)).unwrap();
    doc.increment(ROOT, "counter", 2).unwrap();
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    doc.splice_text(&text, 0, 0, "Зима без спешки 🎿").unwrap();
    let list = doc.put_object(ROOT, "list", ObjType::List).unwrap();
    doc.insert(&list, 0, "https://example.com").unwrap();
    doc.insert_object(&list, 1, ObjType::Map).unwrap();
    doc.commit();
    doc
}

#[test]
fn the_canonical_bytes_are_frozen() {
    let value = read(&every_type(), &ROOT);
    let bytes = canonical_cbor(&value);
    let expected = concat!(
        "ad", // 13 entries, shorter keys first
        "63696e74",
        "3a0001116f", // int: -70000
        "63796573",
        "f5", // yes: true
        "6468616c66",
        "f93e00", // half: 1.5 in 16 bits
        "646c697374",
        "82",
        "7368747470733a2f2f6578616d706c652e636f6d",
        "a0",
        "646e756c6c",
        "f6",
        "6474657874",
        "d9ea64",
        "7821d097d0b8d0bcd0b020d0b1d0b5d0b720d181d0bfd0b5d188d0bad0b820f09f8ebf",
        "6475696e74",
        "d9ea611818", // uint: tag 60001, 24
        "647768656e",
        "d9ea621b0000019a9ec06400", // when: tag 60002
        "656279746573",
        "43010203",
        "66646f75626c65",
        "fb3fb999999999999a", // double: 0.1 needs 64 bits
        "6673696e676c65",
        "fa47c35040", // single: 100000.5 in 32 bits
        "66737472696e67",
        "6ad181d0bbd0bed0b2d0be",
        "67636f756e746572",
        "d9ea63182a", // counter: tag 60003, 42
    );
    assert_eq!(crate::ids::hex(&bytes), expected);
    assert_eq!(content_digest(&value), ContentDigest(sha256(&[&bytes])));
    assert_eq!(minicbor::decode::<Value>(&bytes).unwrap(), value);
}

#[test]
fn floats_take_the_shortest_width_that_keeps_them() {
    let cases: [(f64, &str); 12] = [
        (0.0, "f90000"),
        (-0.0, "f98000"),
        (1.0, "f93c00"),
        (65504.0, "f97bff"),
        (65536.0, "fa47800000"),
        (5.960464477539063e-8, "f90001"),
        (0.00006103515625, "f90400"),
        (2.9802322387695312e-8, "fa33000000"),
        (1.1, "fb3ff199999999999a"),
        (f64::INFINITY, "f97c00"),
        (f64::NEG_INFINITY, "f9fc00"),
        (f64::NAN, "f97e00"),
    ];
    for (number, expected) in cases {
        assert_eq!(crate::ids::hex(&canonical_cbor(&Value::F64(number))), expected, "{number}");
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(Value::Uint),
        (-1e6..1e6).prop_map(Value::F64),
        any::<f32>()
            .prop_filter("NaN differs from itself", |f| !f.is_nan())
            .prop_map(|f| Value::F64(f.into())),
        any::<i64>().prop_map(Value::Timestamp),
        any::<i64>().prop_map(Value::Counter),
        ".{0,6}".prop_map(Value::String),
        ".{0,6}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(Value::Bytes),
        (10..=15_u8, prop::collection::vec(any::<u8>(), 0..4))
            .prop_map(|(code, bytes)| Value::Unknown(code, bytes)),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map("[a-z]{0,3}", inner, 0..4).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn different_values_have_different_bytes_and_each_reads_back(a in values(), b in values()) {
        prop_assert_eq!(&minicbor::decode::<Value>(&canonical_cbor(&a)).unwrap(), &a);
        prop_assert_eq!(canonical_cbor(&a) == canonical_cbor(&b), a == b);
    }

    #[test]
    fn a_diff_is_empty_only_for_equal_values(a in values(), b in values()) {
        prop_assert_eq!(diff(&a, &b).is_empty(), a == b);
        for difference in diff(&a, &b) {
            prop_assert_eq!(a.at(&difference.path), difference.before.as_ref());
            prop_assert_eq!(b.at(&difference.path), difference.after.as_ref());
        }
    }

    #[test]
    fn any_bytes_decode_to_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = minicbor::decode::<Value>(&bytes);
    }
}

#[test]
fn nesting_beyond_the_limit_is_an_error_and_not_a_crash() {
    let deep = [0x81].repeat(100_000);
    assert!(minicbor::decode::<Value>(&deep).is_err());
}

#[test]
fn the_digest_ignores_the_order_of_delivery() {
    let mut one = every_type();
    let mut two = one.fork().with_actor(ActorId::from([2; 16]));
    one.put(ROOT, "string", "one").unwrap();
    two.put(ROOT, "other", "two").unwrap();
    let mut left = one.clone();
    left.merge(&mut two).unwrap();
    two.merge(&mut one).unwrap();
    assert_eq!(content_digest(&read(&left, &ROOT)), content_digest(&read(&two, &ROOT)));
}

#[test]
fn a_conflict_lists_every_value_with_the_change_that_wrote_it() {
    let mut base = document(1);
    let row = base.put_object(ROOT, "row", ObjType::Map).unwrap();
    base.put(&row, "rule", "one-side").unwrap();
    base.put(&row, "same", "x").unwrap();
    base.commit();
    let mut copies: Vec<AutoCommit> =
        (2..5).map(|actor| base.clone().with_actor(ActorId::from([actor; 16]))).collect();
    let mut written = BTreeMap::new();
    for (copy, word) in copies.iter_mut().zip(["split", "together", "split"]) {
        copy.put(&row, "rule", word).unwrap();
        copy.put(&row, "same", "y").unwrap();
        let change = copy.commit().map(ChangeId::from).unwrap();
        written.insert(copy.get_actor().to_bytes().to_vec(), change);
    }
    for mut copy in copies {
        base.merge(&mut copy).unwrap();
    }
    let conflicts = conflicts(&base);
    assert_eq!(conflicts.len(), 1, "the same value three times is no conflict: {conflicts:?}");
    assert_eq!(conflicts[0].path, Path::from("row/rule"));
    let mut words: Vec<&str> = Vec::new();
    for competing in &conflicts[0].values {
        words.extend(competing.value.as_str());
        let actor = competing.actor.unwrap();
        assert_eq!(competing.change, written.get(actor.0.as_slice()).copied());
    }
    let standing = value_at(&base, &Path::from("row/rule")).unwrap();
    assert_eq!(words.last().copied(), standing.as_str());
    words.sort_unstable();
    assert_eq!(words, ["split", "split", "together"]);
}

#[test]
fn a_saved_section_is_loaded_only_under_its_heads() {
    let mut section = Section { doc: every_type() };
    let heads = section.heads();
    let bytes = section.save();
    let mut loaded = Section::load(&bytes, &heads).unwrap();
    assert_eq!((loaded.value(), loaded.heads()), (section.value(), heads.clone()));
    assert_eq!(loaded.doc().text_encoding(), ENCODING);
    assert!(matches!(Section::load(&bytes, &[]), Err(ContentError::OtherHeads)));
    assert!(matches!(Section::load(b"no", &heads), Err(ContentError::Unreadable(_))));
}

#[test]
fn a_change_whose_dependencies_are_missing_is_not_applied() {
    let mut doc = every_type();
    doc.put(ROOT, "yes", false).unwrap();
    doc.commit();
    let changes: Vec<Vec<u8>> = doc.get_changes(&[]).iter().map(|c| c.raw_bytes().to_vec()).collect();
    let mut section = Section::empty();
    assert!(
        matches!(section.apply(&changes[1..]), Err(ContentError::Missing(missing)) if missing.len() == 1)
    );
    assert!(matches!(section.apply([b"junk"]), Err(ContentError::Unreadable(_))));
    assert_eq!(section.heads(), []);
    section.apply(&changes).unwrap();
    assert_eq!(section.value(), read(&doc, &ROOT));
}
