//! The two catalogues say the same things, completely, in words that fit; the source code uses
//! ids and values that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser::parse;

use super::*;

/// Whether a sentence that no source file names fails the test. Until every command exists, such
/// sentences are only counted.
const UNUSED_IDS_FAIL: bool = false;

/// Sentences whose ids the code composes: `role-` and a role, and the like.
const COMPOSED: [&str; 9] =
    ["detail-", "why-itself-", "role-", "kind-", "place-", "market-", "weekday-", "month-", "help-"];

/// What one sentence (or one of its forms) is made of.
#[derive(Default)]
struct Shape {
    variables: BTreeSet<String>,
    /// Keys of each choice by number.
    plurals: Vec<BTreeSet<String>>,
    text: String,
}

/// Sentences of the web whose ids its code composes.
const COMPOSED_IN_WEB: [&str; 13] = [
    "web-act-",
    "web-begin-",
    "web-function-",
    "web-lacks-",
    "web-redo-",
    "web-tongue-",
    "web-translation-outdated-",
    "web-undo-",
    "web-rule-edit",
    "web-rule-endorse",
    "web-rule-propose",
    "web-rule-read",
    "web-source-changed-",
];

/// What only the web says; the other file of each language is everybody's.
fn web_catalogue(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../../../messages/web.en.ftl"),
        Lang::Ru => include_str!("../../../messages/web.ru.ftl"),
    }
}

/// Every sentence and form by id, of both files; forms as `id.form`.
fn shapes(lang: Lang) -> BTreeMap<String, Shape> {
    let mut all = shapes_of(catalogue(lang));
    for (id, shape) in shapes_of(web_catalogue(lang)) {
        assert!(id.starts_with("web-"), "{id} does not say that it is the web's");
        assert!(all.insert(id.clone(), shape).is_none(), "{id} stands in both files");
    }
    all
}

fn shapes_of(text: &'static str) -> BTreeMap<String, Shape> {
    let resource = parse(text).expect("a catalogue without errors");
    let mut shapes = BTreeMap::new();
    let mut add = |id: String, pattern: &Pattern<&str>| {
        let mut shape = Shape::default();
        shape.read(pattern);
        assert!(shapes.insert(id.clone(), shape).is_none(), "{id} stands twice");
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                add(id.to_owned(), message.value.as_ref().expect("a value"));
                for form in &message.attributes {
                    add(format!("{id}.{}", form.id.name), &form.value);
                }
            }
            Entry::Term(term) => panic!("no terms: {}", term.id.name),
            Entry::Junk { content } => panic!("not Fluent: {content}"),
            _ => {}
        }
    }
    shapes
}

impl Shape {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                self.variants(variants);
            }
        }
    }

    fn variants(&mut self, variants: &[Variant<&str>]) {
        let keys = variants.iter().map(|variant| match &variant.key {
            VariantKey::Identifier { name } => (*name).to_owned(),
            VariantKey::NumberLiteral { value } => (*value).to_owned(),
        });
        let keys: BTreeSet<String> = keys.collect();
        if keys != BTreeSet::from(["singular".to_owned(), "plural".to_owned()]) {
            self.plurals.push(keys);
        }
        for variant in variants {
            self.text.push(' ');
            self.read(&variant.value);
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
                self.text.push('…');
            }
            InlineExpression::FunctionReference { id, arguments } => {
                assert_eq!(id.name, "GENITIVE");
                arguments.positional.iter().for_each(|argument| self.inline(argument));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            // Braces that are said.
            InlineExpression::StringLiteral { value } if matches!(*value, "{" | "}") => {
                self.text.push_str(value)
            }
            other => panic!("only variables and GENITIVE stand in braces: {other:?}"),
        }
    }
}

#[test]
fn both_languages_have_the_same_sentences_with_the_same_values() {
    let (en, ru) = (shapes(Lang::En), shapes(Lang::Ru));
    let names = |shapes: &BTreeMap<String, Shape>| shapes.keys().cloned().collect::<BTreeSet<_>>();
    let different: Vec<_> = names(&en).symmetric_difference(&names(&ru)).cloned().collect();
    assert!(different.is_empty(), "in one language only: {different:?}");
    for (id, shape) in &en {
        assert_eq!(shape.variables, ru[id].variables, "{id}");
    }
}

#[test]
fn choices_by_number_are_complete() {
    for (lang, needed) in [(Lang::En, &["one", "other"][..]), (Lang::Ru, &["one", "few", "many", "other"])] {
        for (id, shape) in shapes(lang) {
            for keys in &shape.plurals {
                let missing: Vec<_> = needed.iter().filter(|key| !keys.contains(**key)).collect();
                assert!(missing.is_empty(), "{id} in {} lacks {missing:?}", lang.key());
            }
        }
    }
}

#[test]
fn the_list_of_ids_is_complete() {
    let listed: BTreeSet<&str> = ids().collect();
    let parsed = shapes_of(catalogue(Lang::En));
    let parsed: BTreeSet<&str> = parsed.keys().map(String::as_str).filter(|id| !id.contains('.')).collect();
    assert_eq!(listed, parsed);
    assert_eq!(ids().count(), listed.len());
}

#[test]
fn words_that_the_interface_never_says_are_not_said() {
    let never = [
        (Lang::En, &["forbid", "violat", "foreign", "unauthori", "reject", "denied", "illegal"][..]),
        (Lang::Ru, &["запрещ", "нарушен", "чужо", "чужи", "чужа", "отказ", "отклон", "печат"]),
    ];
    for (lang, stems) in never {
        for (id, shape) in shapes(lang) {
            let text = shape.text.to_lowercase();
            let found: Vec<_> = stems.iter().filter(|stem| text.contains(**stem)).collect();
            assert!(found.is_empty(), "{id} in {} says {found:?}", lang.key());
        }
    }
}

#[test]
fn no_sentence_has_stray_spaces_or_marks() {
    for lang in Lang::ALL {
        for (id, shape) in shapes(lang) {
            let text = shape.text.trim();
            assert!(!text.contains(" ,") && !text.contains(" ."), "{id} in {}: {text}", lang.key());
            assert!(!text.contains('\u{2068}') && !text.contains('\t'), "{id} in {}", lang.key());
            let quotes = text.matches('«').count() == text.matches('»').count();
            assert!(quotes && text.matches('"').count() % 2 == 0, "{id} in {}: quotes", lang.key());
        }
    }
}

/// A call of `say` in the source code.
struct Call {
    file: PathBuf,
    id: String,
    /// The names of the values, if they stand in the call.
    values: Option<BTreeSet<String>>,
}

#[test]
fn the_source_code_names_sentences_and_values_that_exist() {
    let shapes = shapes(Lang::En);
    let calls = calls();
    assert!(calls.len() > 20, "the scan finds the calls of this crate");
    for Call { file, id, values } in calls {
        let shape =
            shapes.get(&id).unwrap_or_else(|| panic!("{}: there is no sentence {id}", file.display()));
        if let Some(values) = values {
            assert_eq!(values, shape.variables, "{}: the values of {id}", file.display());
        }
    }
}

#[test]
fn the_web_names_sentences_and_values_that_exist() {
    let shapes = shapes(Lang::En);
    let mut said = 0;
    for (file, text) in web_sources() {
        for (id, values) in web_calls(&text) {
            let shape =
                shapes.get(&id).unwrap_or_else(|| panic!("{}: there is no sentence {id}", file.display()));
            if let Some(values) = values {
                assert_eq!(values, shape.variables, "{}: the values of {id}", file.display());
            }
            said += 1;
        }
        for id in quoted_web_ids(&text) {
            assert!(shapes.contains_key(id), "{}: there is no sentence {id}", file.display());
        }
    }
    assert!(said > 200, "the scan finds the calls of the web: {said}");
}

#[test]
fn every_sentence_of_the_web_is_said_somewhere() {
    let sources = web_sources();
    let quoted: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| quoted_web_ids(text)).collect();
    let composed = |id: &str| COMPOSED_IN_WEB.iter().any(|prefix| id.starts_with(prefix));
    let all = shapes_of(web_catalogue(Lang::En));
    let unused: Vec<_> = all.keys().filter(|id| !composed(id) && !quoted.contains(id.as_str())).collect();
    assert!(unused.is_empty(), "not said anywhere: {unused:?}");
}

fn web_sources() -> Vec<(PathBuf, String)> {
    let is_web = |file: &Path| file.extension().is_some_and(|ext| ext == "ts" || ext == "tsx");
    sources().into_iter().filter(|(file, _)| is_web(file)).collect()
}

/// The calls of `t("id", { values })`; values are `None` where they are not written out.
fn web_calls(text: &str) -> Vec<(String, Option<BTreeSet<String>>)> {
    let calls = text.match_indices("t(\"").filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "_.$".contains(letter))
    });
    let calls = calls.filter_map(|(at, found)| {
        let (id, rest) = text[at + found.len()..].split_once('"')?;
        let rest = rest.trim_start();
        let values = match rest.strip_prefix(',').map(str::trim_start) {
            None => Some(BTreeSet::new()),
            Some(rest) => rest.strip_prefix('{').map(keys_of),
        };
        Some((id.to_owned(), values))
    });
    calls.collect()
}

/// The keys of an object in TypeScript, up to its closing brace.
fn keys_of(list: &str) -> BTreeSet<String> {
    let (mut keys, mut item, mut depth) = (BTreeSet::new(), String::new(), 0);
    for letter in list.chars() {
        match letter {
            '}' if depth == 0 => break,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => keys.extend(key_of(&std::mem::take(&mut item))),
            _ if depth == 0 => item.push(letter),
            _ => {}
        }
    }
    keys.extend(key_of(&item));
    keys
}

fn key_of(item: &str) -> Option<String> {
    let key = item.split(':').next().unwrap_or_default().trim();
    (!key.is_empty()).then(|| key.to_owned())
}

/// Everything in quotes that looks like the id of one of the web's sentences.
fn quoted_web_ids(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("\"web-").filter_map(|(at, _)| text[at + 1..].split('"').next())
}

#[test]
fn every_sentence_is_said_somewhere() {
    let sources: String = sources().into_iter().map(|(_, text)| text).collect();
    let composed = |id: &str| COMPOSED.iter().any(|prefix| id.starts_with(prefix));
    let unused: Vec<_> =
        ids().filter(|id| !composed(id) && !sources.contains(&format!("\"{id}\""))).collect();
    if !unused.is_empty() {
        println!("{} sentences are not said yet: {unused:?}", unused.len());
    }
    assert!(!UNUSED_IDS_FAIL || unused.is_empty(), "not said anywhere: {unused:?}");
}

#[test]
fn the_scan_reads_calls_as_they_are_written() {
    let calls = |text| {
        let found = calls_in(Path::new("x"), text).into_iter();
        found
            .map(|call| (call.id, call.values.map(|v| v.into_iter().collect::<Vec<_>>())))
            .collect::<Vec<_>>()
    };
    let some = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(calls("words.say(\"a-b\", args![])"), [("a-b".to_owned(), some(&[]))]);
    let nested = "say(\n  \"x\",\n args![b = f(1, \"2, 3 ]\"), a, c = vec![d, e],\n ],\n)";
    assert_eq!(calls(nested), [("x".to_owned(), some(&["a", "b", "c"]))]);
    assert_eq!(calls("say(\"x\", values)"), [("x".to_owned(), None)]);
    assert_eq!(calls("say(id, args![])"), []);
}

fn calls() -> Vec<Call> {
    sources().iter().flat_map(|(file, text)| calls_in(file, text)).collect()
}

fn calls_in(file: &Path, text: &str) -> Vec<Call> {
    let starts = text.match_indices("say(").map(|(at, found)| text[at + found.len()..].trim_start());
    let calls = starts.filter_map(|rest| {
        let (id, rest) = rest.strip_prefix('"')?.split_once('"')?;
        let rest = rest.trim_start().strip_prefix(',').map(str::trim_start);
        let values = rest.and_then(|rest| rest.strip_prefix("args![")).map(value_names);
        Some(Call { file: file.to_owned(), id: id.to_owned(), values })
    });
    calls.collect()
}

/// The names before `=` of a list of values, up to its closing bracket.
fn value_names(list: &str) -> BTreeSet<String> {
    let (mut names, mut item) = (BTreeSet::new(), String::new());
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for letter in list.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
            continue;
        }
        match letter {
            '"' => quoted = true,
            '(' | '[' | '{' => depth += 1,
            ']' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => names.extend(name_of(&std::mem::take(&mut item))),
            _ if depth == 0 => item.push(letter),
            _ => {}
        }
    }
    names.extend(name_of(&item));
    names
}

fn name_of(item: &str) -> Option<String> {
    let name = item.split('=').next().unwrap_or_default().trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The client's source files, Rust and TypeScript, without the tests of this module.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("src"), root.join("web/src")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ext| ["rs", "ts", "tsx"].iter().any(|known| ext == *known))
            {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    found.retain(|(path, _)| !path.components().any(|part| part.as_os_str() == "tests"));
    found.retain(|(path, _)| !path.ends_with("words/tests.rs"));
    found.sort();
    found
}
