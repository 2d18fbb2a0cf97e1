use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::*;
use crate::content::{Path, Section, value_at};
use crate::ids::sha256;

fn words_of(kind: &Kind) -> Vec<(String, &Words)> {
    let mut found = vec![(kind.id.to_string(), &kind.label)];
    found.extend(kind.help.iter().map(|help| (kind.id.to_string(), help)));
    for section in &kind.sections {
        let at = format!("{}:{}", kind.id, section.pattern.name());
        found.push((at.clone(), &section.label));
        found.extend(section.help.iter().map(|help| (at.clone(), help)));
        found.extend(section.subject_labels.values().map(|label| (at.clone(), label)));
        section.fields.iter().for_each(|field| words_of_field(&at, field, &mut found));
    }
    found
}

fn words_of_field<'a>(at: &str, field: &'a Field, found: &mut Vec<(String, &'a Words)>) {
    let at = format!("{at}#{}", field.key);
    found.push((at.clone(), &field.label));
    found.extend(field.help.iter().map(|help| (at.clone(), help)));
    for start in field.start.iter().chain(field.start_for.values()) {
        words_of_start(&at, start, found);
    }
    if let FieldType::Choice(choices) = &field.ty {
        for choice in choices {
            found.push((at.clone(), &choice.label));
            found.extend(choice.help.iter().map(|help| (at.clone(), help)));
        }
    }
    if let FieldType::Rows(rows) = &field.ty {
        found.push((at.clone(), &rows.row.label));
        rows.row.fields.iter().for_each(|field| words_of_field(&at, field, found));
        for row in &rows.template {
            row.start.values().for_each(|start| words_of_start(&at, start, found));
        }
    }
}

fn words_of_start<'a>(at: &str, start: &'a Start, found: &mut Vec<(String, &'a Words)>) {
    if let Start::Bilingual(words, _) = start {
        found.push((at.to_owned(), words));
    }
}

#[test]
fn every_word_stands_in_both_languages() {
    for kind in all() {
        for (at, words) in words_of(kind) {
            let cyrillic = |text: &str| text.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
            let latin = |text: &str| text.chars().any(|c| c.is_ascii_alphabetic());
            // An abbreviation such as KPI may be all that a label has in English letters.
            assert!(cyrillic(&words.ru), "{at}: no Russian in {:?}", words.ru);
            assert!(latin(&words.en) && !cyrillic(&words.en), "{at}: no English in {:?}", words.en);
            for side in [&words.ru, &words.en] {
                assert_eq!(side.trim(), side, "{at}: spaces around {side:?}");
            }
            let variables = |text: &str| text.matches('{').count();
            assert_eq!(variables(&words.ru), variables(&words.en), "{at}: the variable is missing");
        }
    }
}

#[test]
fn a_kind_is_known_newer_or_unknown() {
    let matrix = KindId::new("matrix");
    assert!(find(&matrix, 1).known().is_some());
    assert_eq!(find(&matrix, 2), Lookup::Newer { known: 1 });
    assert_eq!(find(&KindId::new("poem"), 1), Lookup::Unknown);
    assert_eq!(newest(&matrix).map(|kind| kind.schema), Some(1));
}

#[test]
fn section_names_belong_to_patterns() {
    let matrix = newest(&"matrix".into()).unwrap();
    for good in ["functions", "party/moscow", "party/third-party", "split"] {
        assert!(matrix.section(&good.into()).is_some(), "{good}");
    }
    for bad in ["party", "party/", "party/a/b", "functions/x", "market/us", "party/Москва"] {
        assert!(matrix.section(&bad.into()).is_none(), "{bad}");
        assert!(matrix.genesis(&bad.into()).is_none(), "{bad}");
    }
    let subjects = BTreeMap::from([("party".to_owned(), vec!["moscow".to_owned(), "newyork".to_owned()])]);
    let names: Vec<String> = matrix.sections_for(&subjects).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["functions", "party/moscow", "party/newyork", "split", "escalation", "talk"]);
}

/// Subjects for which the golden file pins a genesis of each family.
const SUBJECTS: [(&str, &[&str]); 2] = [("party", &["moscow", "newyork"]), ("market", &["ru", "us", "eu"])];

fn pinned_sections(kind: &Kind) -> Vec<SectionId> {
    let subjects = SUBJECTS
        .iter()
        .map(|(variable, names)| {
            ((*variable).to_owned(), names.iter().map(|name| (*name).to_owned()).collect())
        })
        .collect();
    kind.sections_for(&subjects)
}

#[test]
fn every_genesis_has_its_pinned_bytes() {
    let mut lines = String::from("# kind/schema:section  bytes  SHA-256 of the chunk  change id\n");
    for kind in all() {
        for section in pinned_sections(kind) {
            let genesis = kind.genesis(&section).unwrap();
            assert_eq!(Some(&genesis), kind.genesis(&section).as_ref(), "{section}: built twice");
            let hash = crate::ids::hex(&sha256(&[&genesis]));
            let change = Section::from_genesis(&genesis).unwrap().heads()[0];
            let (id, schema, length) = (&kind.id, kind.schema, genesis.len());
            writeln!(lines, "{id}/{schema}:{section} {length} {hash} {change}").unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/genesis.txt");
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("ENTENTE_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &lines).unwrap();
    } else {
        assert_eq!(golden, lines, "a genesis changed: released schemas are frozen, raise `schema` instead");
    }
}

#[test]
fn a_genesis_is_one_change_of_the_reserved_actor() {
    for kind in all() {
        for section in pinned_sections(kind) {
            let genesis = kind.genesis(&section).unwrap();
            let change = automerge::Change::try_from(&genesis[..]).unwrap();
            assert_eq!(change.actor_id().to_bytes(), GENESIS_ACTOR, "{section}");
            assert_eq!((change.seq(), change.start_op().get(), change.timestamp()), (1, 1, 0), "{section}");
            assert!(change.deps().is_empty() && change.message().is_none(), "{section}");
            assert_eq!(change.raw_bytes(), genesis, "{section}: not compressed");
        }
    }
}

#[test]
fn the_matrix_begins_with_a_cell_for_every_function() {
    let matrix = newest(&"matrix".into()).unwrap();
    let functions = Section::from_genesis(&matrix.genesis(&"functions".into()).unwrap()).unwrap().value();
    let functions = functions.get("functions").unwrap().as_map().unwrap().clone();
    assert_eq!(functions.len(), 9);
    for name in ["party/moscow", "party/paris"] {
        let column = Section::from_genesis(&matrix.genesis(&name.into()).unwrap()).unwrap().value();
        let cells = column.get("cells").unwrap().as_map().unwrap();
        assert!(cells.keys().eq(functions.keys()), "{name}");
        assert!(cells.values().all(|cell| cell.get("claim").and_then(Value::as_str) == Some("discuss")));
    }
    let creative = row_id("matrix/1", "functions", "functions", "creative");
    let label = functions[&creative].get("label").unwrap();
    assert_eq!(label.get("ru"), Some(&Value::Text("Креатив".into())));
    assert_eq!(label.get("en"), Some(&Value::Text("Creative".into())));
}

#[test]
fn every_field_of_a_genesis_has_a_slot() {
    for kind in all() {
        for section in pinned_sections(kind) {
            let document = Section::from_genesis(&kind.genesis(&section).unwrap()).unwrap();
            check_slots(kind, &section, &Path::default(), &document.value());
            let path = Path::from("no/such");
            assert_eq!((kind.slot(&section, &path), value_at(document.doc(), &path)), (None, None));
        }
    }
}

fn check_slots(kind: &Kind, section: &SectionId, path: &Path, value: &Value) {
    assert!(kind.slot(section, path).is_some(), "{}:{section}#{path} has no slot", kind.id);
    if let Value::Map(entries) = value {
        for (key, value) in entries {
            check_slots(kind, section, &path.join(key), value);
        }
    }
}

#[test]
fn concurrent_first_edits_of_a_template_row_meet() {
    use automerge::transaction::Transactable as _;
    let matrix = newest(&"matrix".into()).unwrap();
    let genesis = matrix.genesis(&"split".into()).unwrap();
    let id = row_id("matrix/1", "functions", "functions", "creative");
    let path = Path::new(["agreements", id.as_str(), "text", "ru"]);
    let mut copies = [1, 2].map(|actor| {
        let mut section = Section::from_genesis(&genesis).unwrap();
        section.set_actor(crate::ids::ActorKey([actor; 16]));
        let text = crate::content::object_at(section.doc(), &path).unwrap();
        section.doc_mut().splice_text(&text, 0, 0, if actor == 1 { "раз " } else { "два " }).unwrap();
        section.doc_mut().commit();
        section
    });
    let changes: Vec<Vec<Vec<u8>>> = copies
        .iter_mut()
        .map(|copy| {
            copy.doc_mut().get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
        })
        .collect();
    copies[0].apply(&changes[1][1..]).unwrap();
    copies[1].apply(&changes[0][1..]).unwrap();
    let [one, two] = copies;
    assert_eq!(one.value(), two.value());
    let text = value_at(one.doc(), &path).unwrap();
    assert!(text.as_str().is_some_and(|text| text.contains("раз ") && text.contains("два ")), "{text:?}");
    assert_eq!(one.conflicts(), []);
}

const SMALL: &str = r#"
id = "poem"
schema = 1
label = { ru = "Стихи", en = "Poem" }
[[choices.mood]]
word = "calm"
label = { ru = "спокойно", en = "calm" }
[rows.line]
label = { ru = "Строка", en = "Line" }
fields = [{ key = "words", type = "bilingual", label = { ru = "Слова", en = "Words" } }]
[[sections]]
name = "lines"
label = { ru = "Строки", en = "Lines" }
[[sections.fields]]
key = "lines"
type = "rows"
row = "line"
label = { ru = "Строки", en = "Lines" }
template = [{ key = "first", words = { ru = "Раз", en = "One" } }]
"#;

#[test]
fn a_mistake_in_a_kind_is_named() {
    assert!(Kind::parse(SMALL).is_ok());
    let cases = [
        ("schema = 1", "schema = 1\ncolour = 3", "unknown field `colour`"),
        ("{ ru = \"Стихи\", en = \"Poem\" }", "{ ru = \"Стихи\" }", "missing field `en`"),
        ("type = \"bilingual\"", "type = \"blob\"", "rows.line.words: unknown type \"blob\""),
        ("row = \"line\"", "row = \"verse\"", "sections.lines.lines: there is no [rows.verse]"),
        ("words = { ru = \"Раз\"", "wards = { ru = \"Раз\"", "a line has no field \"wards\""),
        ("name = \"lines\"", "name = \"lines/all\"", "write a family of sections as name/{variable}"),
        ("key = \"words\"", "key = \"order\"", "`order` is its own"),
        ("row = \"line\"", "row = \"line\"\nof = \"lines/lines\"", "take their template from them"),
        ("type = \"rows\"\nrow = \"line\"", "type = \"number\"", "at least one field must hold a text"),
        ("template = [{ key = \"first\"", "template = [{ name = \"first\"", "every template row has a `key`"),
    ];
    for (from, to, expected) in cases {
        let file = SMALL.replacen(from, to, 1);
        assert_ne!(file, SMALL, "{from}");
        let error = Kind::parse(&file).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

/// The file that `docs/adding-a-kind.md` tells the reader to write.
fn documented_kind() -> Kind {
    let page = include_str!("../../../docs/adding-a-kind.md");
    let (_, rest) = page.split_once("```toml\n").expect("the page shows a file");
    let (file, _) = rest.split_once("```").expect("the file ends");
    Kind::parse(file).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_kind_in_the_documentation_works_as_the_page_says() {
    use crate::content::{EditCommand, apply_edit};
    use crate::views::{Docs, outline};

    let kind = documented_kind();
    let mut sections: BTreeMap<SectionId, Section> = ["findings", "party/moscow", "party/third-team"]
        .map(|name| (name.into(), Section::from_genesis(&kind.genesis(&name.into()).unwrap()).unwrap()))
        .into();
    let docs: Docs<'_> = sections.iter().map(|(id, section)| (id.clone(), section.doc())).collect();
    let names = BTreeMap::new();
    let around = Around { sections: &docs, names: &names };
    let place = kind.resolve("third-team/failed/comment", around).unwrap().in_language(&kind, Lang::En);
    let (section, command) =
        (place.section, EditCommand::SetText { path: place.path, new: "Too late".into() });
    let cause = kind.resolve("findings/failed/cause", around).unwrap();
    let cause = EditCommand::SetScalar { path: cause.path, value: Value::string("timing") };
    apply_edit(sections.get_mut(&section).unwrap().doc_mut(), &kind, &section, &command).unwrap();
    let findings = SectionId::new("findings");
    apply_edit(sections.get_mut(&findings).unwrap().doc_mut(), &kind, &findings, &cause).unwrap();

    let docs: Docs<'_> = sections.iter().map(|(id, section)| (id.clone(), section.doc())).collect();
    let ids: Vec<SectionId> = sections.keys().cloned().collect();
    let shown = serde_json::to_string(&outline(&kind, &ids, &docs, &BTreeMap::new())).unwrap();
    for expected in ["Too late", "What failed", "timing", "As third-team sees it"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[test]
fn every_type_of_field_is_documented() {
    let page = include_str!("../../../docs/adding-a-kind.md");
    let types = "choice person text bilingual string links texts number flag date time rows map";
    for name in types.split(' ') {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    for (_, words) in words_of(&documented_kind()) {
        assert!(!words.ru.is_empty() && !words.en.is_empty());
    }
}
