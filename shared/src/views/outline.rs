//! A document of any kind, as its kind describes it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Bilingual, Docs, Person, rows};
use crate::content::{Path, Value, conflicts, read};
use crate::ids::{KindId, SectionId};
use crate::kinds::{Field, FieldType, Kind, Lang, SectionKind, Words};

/// A document, section by section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentView {
    /// Its kind.
    pub kind: KindId,
    /// Its sections, in the kind's order.
    pub sections: Vec<SectionView>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionView {
    /// Its name.
    pub id: SectionId,
    /// What people call it.
    pub title: Words,
    /// Its fields, or `None` if it cannot be read here.
    pub fields: Option<Vec<FieldView>>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldView {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What it holds.
    pub value: FieldValue,
    /// Whether several people set it without seeing each other's value.
    pub conflicted: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Nothing yet.
    Empty,
    /// A word of a choice, and what people read.
    Choice {
        /// The word.
        word: String,
        /// The label; `None` for a word that the kind does not know.
        label: Option<Words>,
    },
    /// A person.
    Person(Person),
    /// A text or a line of text.
    Text(String),
    /// A text in both languages.
    Bilingual(Bilingual),
    /// Links or texts.
    Items(Vec<String>),
    /// A number.
    Number(i64),
    /// An amount of money in the smallest unit of its currency, `120000 RUB`.
    Money(String),
    /// A day, `2026-11-24`.
    Date(String),
    /// A moment, in milliseconds since 1970 (UTC).
    Time(i64),
    /// Yes or no.
    Flag(bool),
    /// Rows, in order.
    Rows(Vec<RowView>),
    /// Content that the kind does not describe, or that does not fit it.
    Other(Value),
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowView {
    /// Its UUID.
    pub id: String,
    /// The name of the row that it belongs to, in another section; `None` for rows of their own.
    pub of: Option<Bilingual>,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// Shows the given sections of a document; those missing from `docs` as not readable.
///
/// `names` gives what people call a subject, such as the party `moscow`.
pub fn outline(
    kind: &Kind,
    sections: &[SectionId],
    docs: &Docs<'_>,
    names: &BTreeMap<String, Words>,
) -> DocumentView {
    let outliner = Outliner { kind, docs };
    let mut views: Vec<(usize, SectionView)> = sections
        .iter()
        .filter_map(|id| {
            let place = kind.sections.iter().position(|section| section.pattern.matches(id))?;
            Some((place, outliner.section(&kind.sections[place], id, names)))
        })
        .collect();
    views.sort_by_key(|(place, _)| *place);
    DocumentView { kind: kind.id.clone(), sections: views.into_iter().map(|(_, view)| view).collect() }
}

struct Outliner<'a> {
    kind: &'a Kind,
    docs: &'a Docs<'a>,
}

impl Outliner<'_> {
    fn section(&self, kind: &SectionKind, id: &SectionId, names: &BTreeMap<String, Words>) -> SectionView {
        let (_, subject) = id.split();
        let title = |lang: Lang| {
            let name = subject.map(|subject| names.get(subject).map_or(subject, |words| words.get(lang)));
            kind.title(lang, subject, name.unwrap_or_default())
        };
        let fields = self.docs.get(id).map(|doc| {
            let value = read(doc, &automerge::ROOT);
            let conflicted = conflicts(doc).into_iter().map(|conflict| conflict.path).collect();
            self.fields(&kind.fields, &value, &Path::default(), &conflicted)
        });
        SectionView { id: id.clone(), title: Words { ru: title(Lang::Ru), en: title(Lang::En) }, fields }
    }

    fn fields(
        &self,
        fields: &[Field],
        value: &Value,
        path: &Path,
        conflicted: &BTreeSet<Path>,
    ) -> Vec<FieldView> {
        let view = |field: &Field| {
            let path = path.join(&field.key);
            let is_rows = matches!(field.ty, FieldType::Rows(_));
            FieldView {
                key: field.key.clone(),
                label: field.label.clone(),
                // Rows show their conflicts themselves.
                conflicted: conflicted.iter().any(|at| *at == path || (!is_rows && path.is_prefix_of(at))),
                value: self.value(field, value, &path, conflicted),
            }
        };
        fields.iter().map(view).collect()
    }

    fn value(&self, field: &Field, parent: &Value, path: &Path, conflicted: &BTreeSet<Path>) -> FieldValue {
        let Some(value) = parent.get(&field.key) else { return FieldValue::Empty };
        let text = value.as_str().map(str::to_owned);
        let shown = match &field.ty {
            FieldType::Choice(_) => text.map(|word| {
                let label = field.choice(&word).map(|choice| choice.label.clone());
                FieldValue::Choice { word, label }
            }),
            FieldType::Person => text.map(|name| FieldValue::Person(Person::read(&name))),
            FieldType::Text | FieldType::String => text.map(FieldValue::Text),
            FieldType::Bilingual => Some(FieldValue::Bilingual(Bilingual::read(value))),
            FieldType::Links | FieldType::Texts => {
                value.as_list().map(|_| FieldValue::Items(super::strings(parent, &field.key)))
            }
            FieldType::Number => value.as_i64().map(FieldValue::Number),
            FieldType::Money => text.map(FieldValue::Money),
            FieldType::Date => text.map(FieldValue::Date),
            FieldType::Time => value.as_i64().map(FieldValue::Time),
            FieldType::Flag => match value {
                Value::Bool(flag) => Some(FieldValue::Flag(*flag)),
                _ => None,
            },
            FieldType::Map => None,
            FieldType::Rows(of) => {
                let names = of.of.as_ref().map(|(section, field)| self.names(section, field));
                Some(FieldValue::Rows(self.rows(&of.row.fields, names, parent, field, path, conflicted)))
            }
        };
        shown.unwrap_or_else(|| FieldValue::Other(value.clone()))
    }

    fn rows(
        &self,
        fields: &[Field],
        names: Option<Vec<(String, Bilingual)>>,
        parent: &Value,
        field: &Field,
        path: &Path,
        conflicted: &BTreeSet<Path>,
    ) -> Vec<RowView> {
        let mut views: Vec<RowView> = rows(parent, &field.key)
            .into_iter()
            .map(|(id, row)| RowView {
                id: id.to_owned(),
                of: None,
                fields: self.fields(fields, row, &path.join(id), conflicted),
            })
            .collect();
        // Rows that belong to others stand in their order; those without an owner come last.
        if let Some(names) = names {
            let place = |id: &str| names.iter().position(|(of, _)| of == id).unwrap_or(names.len());
            views.sort_by_key(|row| place(&row.id));
            for row in &mut views {
                row.of = names.get(place(&row.id)).map(|(_, name)| name.clone());
            }
        }
        views
    }

    /// The rows of another section with their names, in order.
    fn names(&self, section: &str, field: &str) -> Vec<(String, Bilingual)> {
        let id = SectionId::new(section);
        let main = self
            .kind
            .section(&id)
            .and_then(|section| section.field(field))
            .and_then(Field::rows)
            .and_then(|rows| rows.row.main.clone());
        let Some(value) = super::section(self.docs, &id) else { return Vec::new() };
        let name = |row: &Value| main.as_ref().map(|main| super::bilingual(row, main)).unwrap_or_default();
        rows(&value, field).into_iter().map(|(id, row)| (id.to_owned(), name(row))).collect()
    }
}
