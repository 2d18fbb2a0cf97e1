//! Bilingual texts, and whether the translation still says what the source says.

use serde::Serialize;

use super::{Docs, rows};
use crate::content::{Path, Value, read, translation_mark};
use crate::ids::SectionId;
use crate::kinds::{Field, FieldType, Kind, Lang};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
    /// The language in which it was written first.
    pub source: Option<Lang>,
    /// How the other language stands to it.
    pub translation: Translation,
}

/// How a translation stands to its source text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Translation {
    /// Nothing is written in either language.
    #[default]
    Empty,
    /// It was made from the source text as it stands.
    Current,
    /// The source text changed since, or nobody said what it was made from.
    Outdated,
    /// Only the source language is written.
    Missing,
}

impl Bilingual {
    /// Reads a bilingual field's value.
    pub fn read(value: &Value) -> Self {
        let text = |lang: Lang| value.get(lang.key()).and_then(Value::as_str).unwrap_or_default().to_owned();
        let source = value.get("source").and_then(Value::as_str).and_then(Lang::from_key);
        let (ru, en) = (text(Lang::Ru), text(Lang::En));
        let mark = value.get("translated_from").and_then(Value::as_str);
        let translation = state(&ru, &en, source, mark);
        Self { ru, en, source, translation }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    /// The text in `lang`, or in the other language if that is all there is.
    pub fn prefer(&self, lang: Lang) -> &str {
        match self.get(lang) {
            "" => self.get(lang.other()),
            text => text,
        }
    }
}

fn state(ru: &str, en: &str, source: Option<Lang>, mark: Option<&str>) -> Translation {
    let (from, to) = match source {
        Some(Lang::Ru) => (ru, en),
        Some(Lang::En) => (en, ru),
        None if ru.is_empty() => (en, ru),
        None => (ru, en),
    };
    match (from.is_empty(), to.is_empty()) {
        (true, true) => Translation::Empty,
        (false, true) => Translation::Missing,
        (true, false) => Translation::Outdated,
        (false, false) if mark == Some(translation_mark(from).as_str()) => Translation::Current,
        (false, false) => Translation::Outdated,
    }
}

/// The state of one bilingual field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TranslationState {
    /// The section.
    pub section: SectionId,
    /// The field.
    pub path: Path,
    /// The language in which it was written first.
    pub source: Option<Lang>,
    /// How the other language stands to it.
    pub translation: Translation,
}

/// The state of every bilingual field in the sections that can be read, in reading order.
pub fn translations(kind: &Kind, docs: &Docs<'_>) -> Vec<TranslationState> {
    let mut found = Vec::new();
    for (section, doc) in docs {
        let Some(section_kind) = kind.section(section) else { continue };
        let value = read(doc, &automerge::ROOT);
        collect(section, &section_kind.fields, &value, &Path::default(), &mut found);
    }
    found
}

fn collect(
    section: &SectionId,
    fields: &[Field],
    value: &Value,
    path: &Path,
    found: &mut Vec<TranslationState>,
) {
    for field in fields {
        let path = path.join(&field.key);
        match &field.ty {
            FieldType::Bilingual => {
                let text = value.get(&field.key).map(Bilingual::read).unwrap_or_default();
                let Bilingual { source, translation, .. } = text;
                found.push(TranslationState { section: section.clone(), path, source, translation });
            }
            FieldType::Rows(of) => {
                for (id, row) in rows(value, &field.key) {
                    collect(section, &of.row.fields, row, &path.join(id), found);
                }
            }
            _ => {}
        }
    }
}
