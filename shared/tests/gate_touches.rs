//! What the gate says that a change touches.

mod gate_support;

use std::collections::{BTreeMap, BTreeSet};

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use entente_shared::gate::{FieldPath, ObjectKind, Scalar, SectionIndex, Step, Touch, TouchKind};
use gate_support::history::{History, actor, actor_of, genesis, rng};
use rand::RngExt;

fn path(text: &str) -> FieldPath {
    let step = |step: &str| if step == "*" { Step::Item } else { Step::Key(step.into()) };
    text.split('/').map(step).collect()
}

/// Writes touches as `kind path`, with `/**` where everything below is touched too.
fn lines(touches: &BTreeSet<Touch>) -> Vec<String> {
    let step = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::Item => "*".into(),
    };
    let line = |touch: &Touch| {
        let path: Vec<_> = touch.path.iter().map(step).collect();
        let below = if touch.subtree { "/**" } else { "" };
        format!("{:?} {}{below}", touch.kind, path.join("/"))
    };
    touches.iter().map(line).collect()
}

/// A genesis, and on it a row with an owner, a counter, a nested list, and some text.
struct Desk {
    doc: AutoCommit,
    index: SectionIndex,
    row: ObjId,
    text: ObjId,
    list: ObjId,
}

impl Desk {
    fn new() -> Self {
        let (doc, bytes) = genesis();
        let mut doc = doc.with_actor(automerge::ActorId::from(&actor(1).0[..]));
        let get = |doc: &AutoCommit, key: &str| doc.get(ROOT, key).expect("map").expect("there").1;
        let (rows, text, list) = (get(&doc, "rows"), get(&doc, "text"), get(&doc, "list"));
        let row = doc.put_object(&rows, "1", ObjType::Map).expect("row");
        doc.put(&row, "owner", "moscow").expect("put");
        doc.put(&row, "count", ScalarValue::counter(1)).expect("put");
        doc.insert(&list, 0, "item").expect("insert");
        doc.insert_object(&list, 1, ObjType::Map).expect("insert");
        doc.splice_text(&text, 0, 0, "some words").expect("splice");
        let index = SectionIndex::new(&bytes).expect("genesis");
        let mut desk = Self { doc, index, row, text, list };
        desk.touches(|_| ());
        desk
    }

    /// What the gate says of the edits since the last commit and these.
    fn touches(&mut self, edit: impl FnOnce(&mut Self)) -> (Vec<String>, Vec<(FieldPath, Scalar)>) {
        edit(self);
        self.doc.commit();
        let bytes = self.doc.get_last_local_change().expect("change").raw_bytes().to_vec();
        let checked = self.index.check(&[], actor(1), &[bytes]).expect("honest");
        self.index.apply(&checked).expect("honest");
        (lines(checked.touches()), checked.puts().to_vec())
    }
}

#[test]
fn each_edit_touches_its_path_and_an_object_all_below_it() {
    type Edit = fn(&mut Desk);
    let table: &[(&str, Edit, &[&str])] = &[
        ("put", |d| d.doc.put(&d.row, "owner", "delhi").unwrap(), &["Put rows/1/owner"]),
        ("delete", |d| d.doc.delete(&d.row, "owner").unwrap(), &["Delete rows/1/owner"]),
        ("increment", |d| d.doc.increment(&d.row, "count", 2).unwrap(), &["Increment rows/1/count"]),
        (
            "make",
            |d| drop(d.doc.put_object(&d.row, "note", ObjType::Text).unwrap()),
            &["Make(Text) rows/1/note/**"],
        ),
        ("replace an object", |d| d.doc.put(ROOT, "rows", 1).unwrap(), &["Put rows/**"]),
        ("put again where one stood", |d| d.doc.put(ROOT, "rows", 2).unwrap(), &["Put rows/**"]),
        ("delete an object", |d| d.doc.delete(ROOT, "text").unwrap(), &["Delete text/**"]),
        ("type", |d| d.doc.splice_text(&d.text, 4, 0, "what").unwrap(), &["Text text"]),
        ("erase", |d| d.doc.splice_text(&d.text, 0, 4, "").unwrap(), &["Text text"]),
        (
            "mark",
            |d| d.doc.mark(&d.text, Mark::new("b".into(), true, 0, 4), ExpandMark::After).unwrap(),
            &["Mark text"],
        ),
        ("insert", |d| d.doc.insert(&d.list, 0, 1).unwrap(), &["Item list/*"]),
        ("put in a list", |d| d.doc.put(&d.list, 0, 1).unwrap(), &["Item list/*"]),
        ("put on an object in a list", |d| d.doc.put(&d.list, 1, 1).unwrap(), &["Item list/*/**"]),
        ("delete from a list", |d| d.doc.delete(&d.list, 0).unwrap(), &["Item list/*"]),
        (
            "make in a list",
            |d| drop(d.doc.insert_object(&d.list, 0, ObjType::List).unwrap()),
            &["Make(List) list/*/**"],
        ),
        (
            "edit below a list",
            |d| {
                let (_, map) = d.doc.get(&d.list, 1).unwrap().unwrap();
                d.doc.put(&map, "x", 1).unwrap();
            },
            &["Put list/*/x"],
        ),
        (
            "several",
            |d| {
                d.doc.put(&d.row, "owner", "delhi").unwrap();
                d.doc.put(&d.row, "owner", "nobody").unwrap();
                d.doc.splice_text(&d.text, 4, 2, "what").unwrap();
            },
            &["Put rows/1/owner", "Text text"],
        ),
        ("nothing", |d| _ = d.doc.empty_change(Default::default()), &[]),
    ];
    for (name, edit, expected) in table {
        let mut desk = Desk::new();
        if *name == "put again where one stood" {
            desk.touches(|desk| desk.doc.put(ROOT, "rows", 1).unwrap());
        }
        assert_eq!(desk.touches(edit).0, *expected, "{name}");
    }
}

#[test]
fn every_scalar_put_is_kept_visible_or_not() {
    let (_, puts) = Desk::new().touches(|desk| {
        desk.doc.put(&desk.row, "budget", "120000 RUB").unwrap();
        desk.doc.put(&desk.row, "budget", "1 RUB").unwrap();
        desk.doc.delete(&desk.row, "budget").unwrap();
        desk.doc.put(&desk.row, "done", true).unwrap();
        desk.doc.insert(&desk.list, 0, 7).unwrap();
        desk.doc.put(&desk.list, 0, 8).unwrap();
    });
    let budget = |text: &str| (path("rows/1/budget"), Scalar::Text(text.into()));
    let item = |value| (path("list/*"), Scalar::Int(value));
    let done = (path("rows/1/done"), Scalar::Bool(true));
    assert_eq!(puts, [budget("120000 RUB"), budget("1 RUB"), done, item(7), item(8)]);
}

/// Every value of a document by its path; list elements share one path.
fn values(doc: &AutoCommit) -> BTreeMap<FieldPath, Vec<String>> {
    let mut found: BTreeMap<FieldPath, Vec<String>> = BTreeMap::new();
    let mut left = vec![(vec![], ROOT, ObjType::Map)];
    while let Some((at, object, kind)) = left.pop() {
        let children: Vec<(Step, Value<'_>, ObjId)> = match kind {
            ObjType::Text => {
                let shown = format!("{} {:?}", doc.text(&object).unwrap(), doc.marks(&object).unwrap());
                found.entry(at).or_default().push(shown);
                continue;
            }
            ObjType::List => (0..doc.length(&object))
                .map(|at| doc.get(&object, at).unwrap().unwrap())
                .map(|(value, id)| (Step::Item, value, id))
                .collect(),
            _ => doc
                .keys(&object)
                .filter_map(|key| {
                    doc.get(&object, &key).unwrap().map(|(value, id)| (Step::Key(key), value, id))
                })
                .collect(),
        };
        for (step, value, id) in children {
            let path = [&at[..], &[step]].concat();
            found.entry(path.clone()).or_default().push(match &value {
                Value::Object(kind) => format!("{kind:?} {id}"),
                Value::Scalar(value) => format!("{value:?}"),
            });
            if let Value::Object(kind) = value {
                left.push((path, id, kind));
            }
        }
    }
    found
}

#[test]
fn touches_cover_everything_that_changes() {
    for seed in 300..315 {
        let rng = &mut rng(seed);
        let people = rng.random_range(1..5);
        let history = History::random(rng, people, 50);
        let mut index = history.index();
        let mut doc = AutoCommit::load(&history.genesis).expect("genesis");
        let mut before = values(&doc);
        for change in &history.changes {
            let checked = index.check(&[], actor_of(change), &[change.raw_bytes().to_vec()]).expect("honest");
            index.apply(&checked).expect("honest");
            doc.apply_changes([change.clone()]).expect("honest");
            let after = values(&doc);
            let paths: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            for path in paths.into_iter().filter(|path| before.get(*path) != after.get(*path)) {
                let covers =
                    |touch: &&Touch| *path == touch.path || (touch.subtree && path.starts_with(&touch.path));
                assert!(
                    checked.touches().iter().any(|touch| covers(&touch)),
                    "seed {seed}: {path:?} is not covered by {:?}",
                    lines(checked.touches())
                );
            }
            before = after;
        }
    }
}

#[test]
fn the_kinds_of_objects_are_told_apart() {
    let kinds = [
        (ObjType::Map, ObjectKind::Map),
        (ObjType::List, ObjectKind::List),
        (ObjType::Text, ObjectKind::Text),
    ];
    for (made, kind) in kinds {
        let mut desk = Desk::new();
        let (touches, _) = desk.touches(|desk| drop(desk.doc.put_object(ROOT, "new", made).unwrap()));
        assert_eq!(touches, [format!("{:?} new/**", TouchKind::Make(kind))]);
    }
}
