use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit};
use proptest::prelude::*;

use super::*;
use crate::content::{Section, conflicts, translation_mark, value_at};
use crate::kinds::{newest, row_id};

const FIRST: &str = "018f0000-0000-7000-8000-000000000001";

fn kind() -> &'static Kind {
    newest(&"matrix".into()).unwrap()
}

fn section(name: &str, actor: u8) -> AutoCommit {
    let genesis = kind().genesis(&name.into()).unwrap();
    Section::from_genesis(&genesis).unwrap().into_doc().with_actor(ActorId::from([actor; 16]))
}

fn cell(rest: &str) -> Path {
    let id = row_id("matrix/1", "functions", "functions", "creative");
    Path::from(format!("cells/{id}/{rest}").as_str())
}

/// Applies a command to Moscow's column and tells how many operations it wrote.
fn edit(doc: &mut AutoCommit, command: EditCommand) -> Result<usize, String> {
    apply_in(doc, "party/moscow", command)
}

fn apply_in(doc: &mut AutoCommit, name: &str, command: EditCommand) -> Result<usize, String> {
    let bytes = minicbor::to_vec(&command).unwrap();
    assert_eq!(minicbor::decode::<EditCommand>(&bytes).unwrap(), command, "the journal keeps it whole");
    let before = doc.pending_ops();
    let result = apply_edit(doc, kind(), &name.into(), &command).map_err(|error| error.to_string());
    let written = doc.pending_ops() - before;
    assert!(result.is_ok() || written == 0, "{command:?} failed after writing");
    result.map(|()| written)
}

fn set(path: Path, value: impl Into<String>) -> EditCommand {
    EditCommand::SetScalar { path, value: Value::String(value.into()) }
}

fn write(path: Path, text: &str) -> EditCommand {
    EditCommand::SetText { path, new: text.to_owned() }
}

fn at(doc: &AutoCommit, path: &Path) -> Value {
    value_at(doc, path).unwrap_or(Value::Null)
}

#[test]
fn what_stands_already_is_not_written_again() {
    let mut doc = section("party/moscow", 1);
    assert_eq!(edit(&mut doc, set(cell("claim"), "discuss")), Ok(0), "the template's value");
    assert_eq!(edit(&mut doc, set(cell("claim"), "own")), Ok(1));
    assert_eq!(edit(&mut doc, set(cell("claim"), "own")), Ok(0));
    assert_eq!(edit(&mut doc, EditCommand::SetScalar { path: cell("person"), value: Value::Null }), Ok(0));
    assert_eq!(edit(&mut doc, write(cell("note/ru"), "")), Ok(0));
    assert_eq!(edit(&mut doc, write(cell("note/ru"), "Да")), Ok(3), "two letters and the source language");
    assert_eq!(edit(&mut doc, write(cell("note/ru"), "Да")), Ok(0));
    assert_eq!(edit(&mut doc, write(cell("note/ru"), "Дам")), Ok(1));
}

#[test]
fn a_command_that_does_not_fit_says_what_would() {
    let mut doc = section("party/moscow", 1);
    let none = cell("claim").join("x");
    let long = "x".repeat(STRING_BYTES_MAX + 1);
    let links = cell("evidence");
    let add = |id: &str, order: &str| EditCommand::AddRow {
        path: Path::from("cells"),
        id: id.into(),
        order: order.into(),
        fields: BTreeMap::new(),
    };
    let cases = [
        (set(cell("claim"), "maybe"), "cannot be \"maybe\": choose one of own, support, none, discuss"),
        (set(cell("colour"), "red"), "the fields are: claim, person, note, evidence"),
        (set(none, "red"), "there is no field"),
        (set(cell("note"), "red"), "holds a text in two languages: name one, ru or en"),
        (set(cell("person"), " "), "holds a person"),
        (set(cell("person"), "a\nb"), "holds a person"),
        (set(cell("person"), long), "would be 2049 bytes long; the limit is 2048"),
        (set(cell(""), "own"), "holds a row that belongs to a row of another section"),
        (EditCommand::SetScalar { path: cell("claim"), value: Value::Int(3) }, "holds one word of a choice"),
        (write(cell("claim"), "own"), "holds one word of a choice"),
        (write(cell("note/ru"), &"x".repeat(TEXT_FIELD_BYTES_MAX + 1)), "the limit is 262144"),
        (
            EditCommand::SpliceText { path: cell("note/ru"), at: 1, delete: 0, insert: "x".into() },
            "is 0 long; there is no position 1",
        ),
        (
            EditCommand::SpliceText {
                path: cell("note/ru"),
                at: u32::MAX,
                delete: u32::MAX,
                insert: "".into(),
            },
            "there is no position 4294967295",
        ),
        (EditCommand::ListInsert { path: links.clone(), at: 0, item: "javascript:1".into() }, "https://"),
        (
            EditCommand::ListInsert { path: links.clone(), at: 1, item: "https://a".into() },
            "is 0 long; there is no position 1",
        ),
        (EditCommand::ListRemove { path: links, at: 0 }, "is 0 long"),
        (add(FIRST, "a0"), "rows that belong to those of another section"),
        (EditCommand::RemoveRow { path: cell("claim") }, "holds one word of a choice"),
        (EditCommand::MarkTranslated { path: cell("claim") }, "holds one word of a choice"),
        (set(Path::from("cells/x/claim"), "own"), "\"x\" is not a row's UUID"),
        (set(Path::from("unique/translated_from"), "00"), "mark it as translated instead"),
        (set(Path::from("unique/source"), "de"), "ru or en"),
    ];
    for (command, expected) in cases {
        let error = edit(&mut doc, command.clone()).expect_err(&format!("{command:?}"));
        assert!(error.contains(expected), "{command:?}\n{error}");
    }
    let error = apply_in(&mut doc, "market/us", set(cell("claim"), "own")).unwrap_err();
    assert!(error.contains("no section SectionId") || error.contains("no section \"market/us\""), "{error}");
}

#[test]
fn rows_are_added_whole_moved_and_removed() {
    let mut doc = section("escalation", 1);
    let run = |doc: &mut AutoCommit, command| apply_in(doc, "escalation", command);
    let row = Path::from("steps").join(FIRST);
    let what = Value::Map(BTreeMap::from([("ru".to_owned(), Value::string("Спор о сроках"))]));
    let fields = BTreeMap::from([("what".to_owned(), what), ("after_hours".to_owned(), Value::Int(8))]);
    let add = EditCommand::AddRow { path: "steps".into(), id: FIRST.into(), order: "a9".into(), fields };
    run(&mut doc, add.clone()).unwrap();
    assert_eq!(at(&doc, &row.join("what").join("ru")), Value::Text("Спор о сроках".into()));
    assert_eq!(at(&doc, &row.join("what").join("en")), Value::Text(String::new()));
    assert_eq!(at(&doc, &row.join("what").join("source")), Value::string("ru"));
    assert_eq!(at(&doc, &row.join("after_hours")), Value::Int(8));
    assert!(run(&mut doc, add).unwrap_err().contains("already a row"));
    assert_eq!(run(&mut doc, EditCommand::MoveRow { path: row.clone(), order: "a9".into() }), Ok(0));
    assert_eq!(run(&mut doc, EditCommand::MoveRow { path: row.clone(), order: "Zz".into() }), Ok(1));
    assert!(run(&mut doc, EditCommand::MoveRow { path: row.clone(), order: "?".into() }).is_err());
    assert_eq!(run(&mut doc, EditCommand::RemoveRow { path: row.clone() }), Ok(1));
    let gone = run(&mut doc, EditCommand::RemoveRow { path: row.clone() }).unwrap_err();
    assert!(gone.contains("perhaps it was removed"), "{gone}");
    let gone = run(&mut doc, write(row.join("what").join("ru"), "x")).unwrap_err();
    assert!(gone.contains("perhaps it was removed"), "{gone}");
}

#[test]
fn a_cell_of_a_function_added_later_is_created_with_its_first_edit() {
    let mut doc = section("party/moscow", 1);
    let path = Path::from("cells").join(FIRST);
    edit(&mut doc, set(path.join("person"), "Anna Orlova")).unwrap();
    assert_eq!(at(&doc, &path.join("claim")), Value::string("discuss"));
    assert_eq!(at(&doc, &path.join("note").join("en")), Value::Text(String::new()));
    assert_eq!(edit(&mut doc, write(path.join("note").join("en"), "ok")), Ok(3));
}

#[test]
fn a_translation_knows_which_text_it_was_made_from() {
    let mut doc = section("party/moscow", 1);
    let field = Path::from("unique");
    let mark = |text| Value::String(translation_mark(text));
    edit(&mut doc, write(field.join("ru"), "Связи")).unwrap();
    assert_eq!(at(&doc, &field.join("source")), Value::string("ru"));
    assert_eq!(at(&doc, &field.join("translated_from")), Value::Null);
    edit(&mut doc, write(field.join("en"), "Contacts")).unwrap();
    assert_eq!(at(&doc, &field.join("translated_from")), mark("Связи"));
    edit(&mut doc, write(field.join("ru"), "Связи и опыт")).unwrap();
    assert_eq!(at(&doc, &field.join("translated_from")), mark("Связи"), "the translation is older now");
    let typed = EditCommand::SpliceText { path: field.join("en"), at: 8, delete: 0, insert: "!".into() };
    edit(&mut doc, typed).unwrap();
    assert_eq!(at(&doc, &field.join("translated_from")), mark("Связи"), "typing alone declares nothing");
    edit(&mut doc, EditCommand::MarkTranslated { path: field.clone() }).unwrap();
    assert_eq!(at(&doc, &field.join("translated_from")), mark("Связи и опыт"));
    edit(&mut doc, write(field.join("ru"), "")).unwrap();
    edit(&mut doc, write(field.join("en"), "Only English")).unwrap();
    assert_eq!(at(&doc, &field.join("source")), Value::string("en"), "the other language is empty");
}

#[test]
fn a_resolved_conflict_is_gone_for_everybody() {
    let mut one = section("party/moscow", 1);
    let mut two = section("party/moscow", 2);
    edit(&mut one, set(cell("claim"), "own")).unwrap();
    edit(&mut two, set(cell("claim"), "support")).unwrap();
    let (mut left, mut right) = (one.clone(), two.clone());
    left.merge(&mut two).unwrap();
    right.merge(&mut one).unwrap();
    assert_eq!(conflicts(&left).len(), 1);
    let standing = at(&left, &cell("claim"));
    assert_eq!(edit(&mut left, EditCommand::Resolve { path: cell("claim"), value: standing.clone() }), Ok(1));
    right.merge(&mut left).unwrap();
    assert_eq!((conflicts(&left), conflicts(&right)), (vec![], vec![]));
    assert_eq!(at(&right, &cell("claim")), standing);
    assert_eq!(edit(&mut right, EditCommand::Resolve { path: cell("claim"), value: standing }), Ok(0));
    let wrong = EditCommand::Resolve { path: cell("claim"), value: Value::string("maybe") };
    assert!(edit(&mut right, wrong).unwrap_err().contains("choose one of"));
}

#[test]
fn a_row_in_conflict_is_settled_with_its_texts() {
    let path = Path::from("cells").join(FIRST);
    let mut one = section("party/moscow", 1);
    let mut two = section("party/moscow", 2);
    edit(&mut one, write(path.join("note").join("ru"), "один")).unwrap();
    edit(&mut two, write(path.join("note").join("ru"), "два")).unwrap();
    one.merge(&mut two).unwrap();
    let conflict = conflicts(&one).into_iter().find(|conflict| conflict.path == path).unwrap();
    let chosen = conflict.values[0].value.clone();
    edit(&mut one, EditCommand::Resolve { path: path.clone(), value: chosen.clone() }).unwrap();
    assert_eq!((conflicts(&one), at(&one, &path)), (vec![], chosen));
}

#[test]
fn open_maps_take_any_tree_and_change_only_what_differs() {
    let charter = newest(&"charter".into()).unwrap();
    let parties = SectionId::new("parties");
    let genesis = charter.genesis(&parties).unwrap();
    let mut doc = Section::from_genesis(&genesis).unwrap().into_doc();
    let party = |name: &str| {
        let names =
            BTreeMap::from([("ru".to_owned(), Value::string(name)), ("en".to_owned(), Value::string("M"))]);
        Value::Map(BTreeMap::from([
            ("name".to_owned(), Value::Map(names)),
            ("days".to_owned(), Value::List(vec![Value::Int(1), Value::Int(2)])),
        ]))
    };
    let path = Path::from("parties/moscow");
    let put = |doc: &mut AutoCommit, path: &Path, value: Value| {
        let before = doc.pending_ops();
        let command = EditCommand::SetScalar { path: path.clone(), value };
        apply_edit(doc, charter, &parties, &command).unwrap();
        doc.pending_ops() - before
    };
    assert_eq!(put(&mut doc, &path, party("Мороша")), 7);
    assert_eq!(put(&mut doc, &path, party("Мороша")), 0);
    assert_eq!(put(&mut doc, &path, party("Москва")), 1);
    assert_eq!(put(&mut doc, &Path::from("parties/newyork/name/en"), Value::string("H")), 3);
    apply_edit(&mut doc, charter, &parties, &EditCommand::RemoveRow { path: path.clone() }).unwrap();
    assert_eq!(value_at(&doc, &path), None);
}

#[test]
fn days_are_days_of_the_calendar() {
    for good in ["2026-11-24", "2028-02-29", "2000-02-29"] {
        assert!(is_date(good), "{good}");
    }
    for bad in
        ["2026-02-29", "1900-02-29", "2026-13-01", "2026-1-01", "24.11.2026", "", "2026-11-2ё", "2026–11–24"]
    {
        assert!(!is_date(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn two_people_who_rewrite_one_text_always_meet(base in "[а-в ]{0,12}", one in "[а-в ]{0,12}", two in "[а-в ]{0,12}") {
        let mut left = section("party/moscow", 1);
        edit(&mut left, write(cell("note/ru"), &base)).unwrap();
        left.commit();
        let mut right = left.clone().with_actor(ActorId::from([2; 16]));
        edit(&mut left, write(cell("note/ru"), &one)).unwrap();
        edit(&mut right, write(cell("note/ru"), &two)).unwrap();
        prop_assert_eq!(at(&left, &cell("note/ru")), Value::Text(one));
        left.merge(&mut right).unwrap();
        right.merge(&mut left).unwrap();
        prop_assert_eq!(crate::content::read(&left, &automerge::ROOT), crate::content::read(&right, &automerge::ROOT));
    }
}
