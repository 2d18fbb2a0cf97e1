//! Places in documents, and what stands there, as people call them.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use automerge::AutoCommit;
use entente_shared::calendar::Offsets;
use entente_shared::content::{Path, Value, value_at};
use entente_shared::ids::*;
use entente_shared::kinds::{self, Field, FieldType, Kind, Lang, Rows, SectionKind, Slot, Start};
use entente_shared::rules::{RULES_VERSION, Rule};
use entente_shared::views::{Bilingual, Person};
use serde::Serialize;

use super::Setting;
use crate::args;
use crate::replica::Replicated;
use crate::words::{Words, capitalised, stored_money_text};

/// Most letters of a value in one line.
const VALUE_CHARS_MAX: usize = 80;

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceRef {
    /// The section.
    pub section: SectionId,
    /// The way through the section.
    pub path: Path,
    /// The place as commands take it: `moscow/creative`.
    pub address: String,
    /// What people call it: `Moscow · creative`.
    pub label: kinds::Words,
}

/// What stands somewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// The value; absent if nothing stands there.
    pub value: Option<Value>,
    /// What people read.
    pub label: kinds::Words,
}

/// Names the places of one document.
pub struct Naming<'a> {
    kind: &'static Kind,
    sections: BTreeMap<SectionId, &'a AutoCommit>,
    labels: BTreeMap<String, kinds::Words>,
    setting: &'a Setting,
    /// The sentences of both languages; read where a rule is said, and then once.
    words: OnceCell<[Words; 2]>,
}

impl<'a> Naming<'a> {
    /// Names places by what the document says now.
    pub fn new(setting: &'a Setting, replicated: &'a Replicated) -> Self {
        let kind = replicated.ledger().document().kind();
        let content = replicated.working().into_iter();
        let sections = content.map(|(name, section)| (name, section.doc())).collect();
        Self { kind, sections, labels: setting.labels(), setting, words: OnceCell::new() }
    }

    /// The document's kind.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// A place.
    pub fn place(&self, section: &SectionId, path: &Path) -> PlaceRef {
        let label = |lang| self.parts(section, path, lang).join(" · ");
        PlaceRef {
            section: section.clone(),
            path: path.clone(),
            address: self.address(section, path),
            label: both(label),
        }
    }

    /// What stands at a place.
    pub fn shown(&self, section: &SectionId, path: &Path, value: Option<&Value>) -> Shown {
        let slot = self.kind.slot(section, path);
        let rule = value.and_then(|value| self.rule(section, path, value));
        let rule = rule.or_else(|| value.and_then(|value| self.calendar(section, path, value)));
        let label = rule.unwrap_or_else(|| both(|lang| self.value(slot, value, lang)));
        Shown { value: value.cloned(), label }
    }

    /// Working hours and the table of local time as people read them; in the record they are numbers.
    fn calendar(&self, section: &SectionId, path: &Path, value: &Value) -> Option<kinds::Words> {
        let (text, (_, key)) = (value.as_str()?, path.split_last()?);
        if self.kind.id.as_str() != "charter" {
            return None;
        }
        let is_table = section.split().0 == "calendar" && key == "offsets";
        let is_work = section.as_str() == "parties" && key == "work";
        let say = |words: &Words| match is_work {
            true => words.work_week(text),
            false => match text.parse::<Offsets>() {
                Ok(table) => {
                    words.say("calendar-until", args![when = self.setting.date(words, table.until_ms())])
                }
                Err(_) => text.to_owned(),
            },
        };
        let [ru, en] = self.words();
        (is_table || is_work).then(|| kinds::Words { ru: say(ru), en: say(en) })
    }

    fn words(&self) -> &[Words; 2] {
        self.words.get_or_init(|| [Lang::Ru, Lang::En].map(Words::new))
    }

    /// A ground rule in the sentences in which people read the rules; in the record it is JSON.
    fn rule(&self, section: &SectionId, path: &Path, value: &Value) -> Option<kinds::Words> {
        if self.kind.id.as_str() != "charter" || section.as_str() != "rules" {
            return None;
        }
        let (_, id) = path.split_last()?;
        let rule = Rule::parse(&RuleId::new(id), value.as_str()?, RULES_VERSION).ok()?;
        let [ru, en] = self.words();
        let say = |words: &Words| {
            let sentences = words.rule_sentences(&rule, &self.setting.team_labels(words.lang()), None);
            capitalised(&sentences.join("; "))
        };
        Some(kinds::Words { ru: say(ru), en: say(en) })
    }

    /// What people call a section: a team's own by the team.
    pub fn section_title(&self, section: &SectionId, lang: Lang) -> String {
        let (family, subject) = section.split();
        let name = |subject: &str| self.labels.get(subject).map(|words| words.get(lang).to_owned());
        if let (true, "party", Some(subject)) = (self.kind.id.as_str() == "matrix", family, subject) {
            return name(subject).unwrap_or_else(|| subject.to_owned());
        }
        let Some(kind) = self.kind.section(section) else { return section.to_string() };
        let called = subject.map(|subject| name(subject).unwrap_or_else(|| subject.to_owned()));
        kind.title(lang, subject, &called.unwrap_or_default())
    }

    fn parts(&self, section: &SectionId, path: &Path, lang: Lang) -> Vec<String> {
        let title = self.section_title(section, lang);
        let is_common = section.split().1.is_none();
        let mut parts = vec![if is_common && !path.0.is_empty() { lowered(&title) } else { title }];
        let (Some(kind), Some(key)) = (self.kind.section(section), path.0.first()) else { return parts };
        let Some(field) = kind.field(key) else { return parts };
        match &field.ty {
            FieldType::Rows(rows) => {
                let main = kind.main.as_deref() == Some(key);
                // Cells and agreements are named by the function that they are about.
                if !main && rows.of.is_none() {
                    parts.push(lowered(field.label.get(lang)));
                }
                self.row_parts(section, field, rows, &path.0[1..], lang, &mut parts);
            }
            FieldType::Map => parts.extend(path.0[1..].iter().map(|key| self.key_name(key, lang))),
            _ => field_parts(field, &path.0[1..], lang, &mut parts),
        }
        parts
    }

    fn row_parts(
        &self,
        section: &SectionId,
        field: &Field,
        rows: &Rows,
        path: &[String],
        lang: Lang,
        parts: &mut Vec<String>,
    ) {
        let Some((id, rest)) = path.split_first() else { return };
        parts.push(self.row_name(section, &field.key, rows, id, lang));
        let Some((key, rest)) = rest.split_first() else { return };
        let Some(field) = rows.row.field(key) else { return };
        // In a team's own column a cell is its claim.
        let goes_without_saying = rows.row.main.as_deref() == Some(key) && section.split().1.is_some();
        if !goes_without_saying {
            field_parts(field, rest, lang, parts);
        }
    }

    /// What people call a row: by its main field, or by the row that it belongs to.
    fn row_name(&self, section: &SectionId, key: &str, rows: &Rows, id: &str, lang: Lang) -> String {
        let (owner, key, rows) = match self.owner(rows) {
            Some((owner, field, rows)) => (owner, field, rows),
            None => (section.clone(), key.to_owned(), rows),
        };
        let template = rows.template.iter().find(|row| row.id == id);
        let main = rows.row.main.as_deref().unwrap_or_default();
        let start = template.and_then(|row| match row.start.get(main) {
            Some(Start::Bilingual(words, _)) => Some(words),
            _ => None,
        });
        let doc = self.sections.get(&owner);
        let value = doc.and_then(|doc| value_at(doc, &Path::new([key.as_str(), id, main])));
        let written = match &value {
            Some(map @ Value::Map(_)) => Some(Bilingual::read(map).prefer(lang).to_owned()),
            Some(value) => value.as_str().map(str::to_owned),
            None => start.map(|words| words.get(lang).to_owned()),
        };
        match written.filter(|name| !name.trim().is_empty()) {
            Some(name) if start.is_some_and(|words| words.get(lang) == name) => lowered(&name),
            Some(name) => shortened(&name, 40),
            None => format!("{} {}", lowered(rows.row.label.get(lang)), &id[..id.len().min(4)]),
        }
    }

    fn owner(&self, rows: &Rows) -> Option<(SectionId, String, &'static Rows)> {
        let (section, field) = rows.of.as_ref()?;
        let section = SectionId::new(section.as_str());
        let rows = self.kind.section(&section)?.field(field)?.rows()?;
        Some((section, field.clone(), rows))
    }

    /// A key of the ground rules: a person, a team, a rule or a field.
    fn key_name(&self, key: &str, lang: Lang) -> String {
        if let Some(person) = PersonId::from_hex(key) {
            return self.setting.person(person).name.unwrap_or_else(|| key[..6].to_owned());
        }
        if let Some(label) = self.labels.get(key) {
            return label.get(lang).to_owned();
        }
        let rule = self.setting.state().rules().get(&RuleId::new(key));
        let name = rule.and_then(|rule| rule.name.as_ref());
        name.map_or_else(|| key.to_owned(), |name| name.get(lang).to_owned())
    }

    fn address(&self, section: &SectionId, path: &Path) -> String {
        let (family, subject) = section.split();
        let mut parts = vec![subject.unwrap_or(family).to_owned()];
        let kind = self.kind.section(section);
        let field = path.0.first().and_then(|key| kind?.field(key));
        let Some((kind, field)) = kind.zip(field) else {
            parts.extend(path.0.iter().cloned());
            return parts.join("/");
        };
        let mut rest = &path.0[1..];
        match &field.ty {
            FieldType::Rows(rows) => {
                if kind.main.as_deref() != Some(field.key.as_str()) {
                    parts.push(field.key.clone());
                }
                if let Some((id, below)) = rest.split_first() {
                    parts.push(self.row_address(section, field, rows, id));
                    rest = below;
                }
                let own = section.split().1.is_some();
                if own && rest.len() == 1 && rows.row.main == rest.first().cloned() {
                    rest = &[];
                }
            }
            _ => parts.push(field.key.clone()),
        }
        parts.extend(rest.iter().cloned());
        parts.join("/")
    }

    /// A row as commands take it: its template's word, else its name, else its UUID.
    fn row_address(&self, section: &SectionId, field: &Field, rows: &Rows, id: &str) -> String {
        let templates = self.owner(rows).map_or(rows, |(_, _, rows)| rows);
        if let Some(row) = templates.template.iter().find(|row| row.id == id) {
            return row.key.clone();
        }
        let name = self.row_name(section, &field.key, rows, id, Lang::En);
        let plain = name.chars().all(|letter| letter.is_alphanumeric() || " -_".contains(letter));
        if plain && !name.is_empty() { slug(&name) } else { id.to_owned() }
    }

    /// What stands at a place, however long it is.
    pub fn whole(&self, section: &SectionId, path: &Path, value: &Value) -> kinds::Words {
        let is_named = |field: &Field| matches!(field.ty, FieldType::Choice(_) | FieldType::Person);
        match self.kind.slot(section, path) {
            slot @ Some(Slot::Field(field)) if is_named(field) => {
                both(|lang| self.value(slot, Some(value), lang))
            }
            _ => both(|_| value.as_str().unwrap_or_default().to_owned()),
        }
    }

    fn value(&self, slot: Option<Slot<'_>>, value: Option<&Value>, lang: Lang) -> String {
        let field = match slot {
            Some(Slot::Field(field)) => Some(field),
            _ => None,
        };
        let start = field.and_then(|field| match &field.start {
            Some(Start::Scalar(value)) => Some(value),
            _ => None,
        });
        let Some(value) = value.or(start) else { return NOTHING.to_owned() };
        let text = match (field.map(|field| &field.ty), value) {
            (Some(FieldType::Choice(_)), Value::String(word)) => {
                let choice = field.and_then(|field| field.choice(word));
                choice.map_or_else(|| word.clone(), |choice| choice.label.get(lang).to_owned())
            }
            (Some(FieldType::Person), Value::String(text)) => match Person::read(text) {
                Person::Member(id) => self.setting.person(id).name.unwrap_or_else(|| id.short()),
                Person::Named(name) => name,
            },
            (Some(FieldType::Money), Value::String(text)) => stored_money_text(text, lang),
            (_, Value::Map(_)) => self.map(slot, value, lang),
            (_, Value::Timestamp(at_ms)) => {
                let words = self.words().iter().find(|words| words.lang() == lang);
                let at_ms = u64::try_from(*at_ms).unwrap_or_default();
                words.map(|words| self.setting.time(words, at_ms)).unwrap_or_default()
            }
            _ => plain(value, lang),
        };
        if text.trim().is_empty() { NOTHING.to_owned() } else { shortened(&text, VALUE_CHARS_MAX) }
    }

    /// A row by its main field, a bilingual text in the language spoken, any other map by its keys.
    fn map(&self, slot: Option<Slot<'_>>, value: &Value, lang: Lang) -> String {
        match slot {
            Some(Slot::Row(rows)) => {
                let main = rows.row.main.as_ref().and_then(|main| rows.row.field(main));
                let Some(field) = main else { return String::new() };
                self.value(Some(Slot::Field(field)), value.get(&field.key), lang)
            }
            Some(Slot::Field(Field { ty: FieldType::Bilingual, .. })) => {
                Bilingual::read(value).prefer(lang).to_owned()
            }
            _ => {
                let entries = value.as_map().into_iter().flatten();
                entries
                    .map(|(key, value)| format!("{}: {}", self.key_name(key, lang), plain(value, lang)))
                    .collect::<Vec<_>>()
                    .join("; ")
            }
        }
    }
}

/// What is shown where nothing stands.
pub const NOTHING: &str = "—";

fn field_parts(field: &Field, rest: &[String], lang: Lang, parts: &mut Vec<String>) {
    let label = lowered(field.label.get(lang));
    let language = rest.first().and_then(|key| Lang::from_key(key));
    let label = match (&field.ty, language, rest.first()) {
        (FieldType::Bilingual, Some(language), _) => format!("{label} ({})", language_name(language, lang)),
        (FieldType::Links | FieldType::Texts, _, Some(index)) => {
            format!(
                "{label} {}",
                index.parse::<usize>().map_or_else(|_| index.clone(), |n| (n + 1).to_string())
            )
        }
        _ => label,
    };
    parts.push(label);
}

fn language_name(language: Lang, lang: Lang) -> &'static str {
    match (language, lang) {
        (Lang::Ru, Lang::Ru) => "по-русски",
        (Lang::En, Lang::Ru) => "по-английски",
        (Lang::Ru, Lang::En) => "Russian",
        (Lang::En, Lang::En) => "English",
    }
}

fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => match (flag, lang) {
            (true, Lang::En) => "yes",
            (false, Lang::En) => "no",
            (true, Lang::Ru) => "да",
            (false, Lang::Ru) => "нет",
        }
        .to_owned(),
        Value::Int(number) | Value::Counter(number) | Value::Timestamp(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::String(text) | Value::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Bytes(bytes) | Value::Unknown(_, bytes) => entente_shared::ids::hex(bytes),
        Value::List(items) => items.iter().map(|item| plain(item, lang)).collect::<Vec<_>>().join(", "),
        Value::Map(entries) => {
            let entry = |(key, value): (&String, &Value)| format!("{key}: {}", plain(value, lang));
            entries.iter().map(entry).collect::<Vec<_>>().join("; ")
        }
    }
}

/// The same in both languages.
pub fn both(say: impl Fn(Lang) -> String) -> kinds::Words {
    kinds::Words { ru: say(Lang::Ru), en: say(Lang::En) }
}

/// A document or row as commands take it: `who-does-what`.
pub fn slug(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// Adjectives that begin with a capital letter everywhere.
const PROPER: [&str; 2] = ["Russian", "American"];

/// A label for the middle of a line: with a small first letter, unless that belongs to a name.
pub fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    let (Some(first), second) = (letters.next(), label.chars().nth(1)) else { return String::new() };
    let is_name = second.is_some_and(char::is_uppercase) || PROPER.iter().any(|name| label.starts_with(name));
    if is_name { label.to_owned() } else { first.to_lowercase().chain(letters).collect() }
}

/// A text of at most `max` letters.
pub fn shortened(text: &str, max: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= max {
        return text;
    }
    text.chars().take(max - 1).chain(['…']).collect()
}

/// The section kind and name of every section of a document in the order in which people read them.
pub fn in_order(
    kind: &'static Kind,
    sections: impl Iterator<Item = SectionId>,
) -> Vec<(SectionId, &'static SectionKind)> {
    let place = |id: &SectionId| kind.sections.iter().position(|section| section.pattern.matches(id));
    let mut found: Vec<_> = sections.filter_map(|id| Some((place(&id)?, id))).collect();
    found.sort();
    found.into_iter().map(|(place, id)| (id, &kind.sections[place])).collect()
}
