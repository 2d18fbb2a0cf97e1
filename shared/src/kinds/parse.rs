//! Reads a kind's file and checks everything that TOML cannot.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use thiserror::Error;

use super::genesis::row_id;
use super::{
    Choice, Field, FieldType, Kind, Lang, Pattern, RowType, Rows, SectionKind, Start, TemplateRow, Words,
};
use crate::content::Value;
use crate::ids::{KindId, SectionId};
use crate::tables;

/// Why a kind's file cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KindError {
    /// The file is not TOML of the expected form; the message names the line or the key.
    #[error("{0}")]
    Form(String),
    /// The form is right, but a value does not fit; the first part says where.
    #[error("{at}: {problem}")]
    Value {
        /// The path to the value, such as `sections.split.agreements`.
        at: String,
        /// What is wrong, and what is possible.
        problem: String,
    },
}

fn wrong<T>(at: &str, problem: impl Into<String>) -> Result<T, KindError> {
    Err(KindError::Value { at: at.to_owned(), problem: problem.into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    id: String,
    schema: u32,
    label: Words,
    help: Option<Words>,
    #[serde(default)]
    choices: BTreeMap<String, Vec<RawChoice>>,
    #[serde(default)]
    rows: BTreeMap<String, RawRow>,
    sections: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    word: String,
    label: Words,
    help: Option<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    label: Words,
    main: Option<String>,
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    name: String,
    label: Words,
    help: Option<Words>,
    #[serde(default)]
    subject_labels: BTreeMap<String, Words>,
    main: Option<String>,
    /// The family of a section before it that has the same fields.
    like: Option<String>,
    #[serde(default)]
    fields: Vec<RawField>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    key: String,
    #[serde(rename = "type")]
    ty: String,
    label: Words,
    help: Option<Words>,
    choices: Option<String>,
    row: Option<String>,
    of: Option<String>,
    start: Option<Json>,
    #[serde(default)]
    start_for: BTreeMap<String, Json>,
    #[serde(default)]
    template: Vec<Map<String, Json>>,
    #[serde(default)]
    needed: bool,
}

/// What the fields of a kind may refer to.
struct Parts {
    choices: BTreeMap<String, Vec<Choice>>,
    rows: BTreeMap<String, RowType>,
    /// Kind and schema, the beginning of every template row's name.
    name: String,
}

pub(super) fn kind(file: &str) -> Result<Kind, KindError> {
    let table = tables::read(file).map_err(|error| KindError::Form(error.to_string()))?;
    let mut raw: RawKind =
        serde_json::from_value(table).map_err(|error| KindError::Form(error.to_string()))?;
    let id = KindId::new(raw.id);
    if !id.is_valid() {
        return wrong("id", format!("{id:?} is not a name: use a-z, 0-9 and -"));
    }
    let mut parts =
        Parts { choices: BTreeMap::new(), rows: BTreeMap::new(), name: format!("{id}/{}", raw.schema) };
    for (name, words) in raw.choices {
        parts.choices.insert(name.clone(), choices(&name, words)?);
    }
    for (name, row) in raw.rows {
        let row = row_type(&parts, &name, row)?;
        parts.rows.insert(name, row);
    }
    take_like(&mut raw.sections)?;
    let sections = raw.sections.into_iter().map(|raw| section(&parts, raw)).collect::<Result<Vec<_>, _>>()?;
    unique("sections", sections.iter().map(|section| section.pattern.family.as_str()))?;
    let kind = Kind { id, schema: raw.schema, label: raw.label, help: raw.help, sections };
    check_references(&kind)?;
    Ok(kind)
}

fn choices(name: &str, raw: Vec<RawChoice>) -> Result<Vec<Choice>, KindError> {
    let at = format!("choices.{name}");
    unique(&at, raw.iter().map(|choice| choice.word.as_str()))?;
    Ok(raw.into_iter().map(|raw| Choice { word: raw.word, label: raw.label, help: raw.help }).collect())
}

fn row_type(parts: &Parts, name: &str, raw: RawRow) -> Result<RowType, KindError> {
    let at = format!("rows.{name}");
    let fields = fields(parts, &at, "", raw.fields)?;
    if let Some(field) = fields.iter().find(|field| field.rows().is_some() || field.key == "order") {
        return wrong(&format!("{at}.{}", field.key), "a row holds no rows, and `order` is its own");
    }
    check_main(&at, &raw.main, &fields)?;
    Ok(RowType { name: name.to_owned(), label: raw.label, main: raw.main, fields })
}

/// Gives sections that are like another one its fields.
fn take_like(sections: &mut [RawSection]) -> Result<(), KindError> {
    for at in 0..sections.len() {
        let (before, rest) = sections.split_at_mut(at);
        let Some(section) = rest.first_mut() else { continue };
        let Some(family) = section.like.clone() else { continue };
        let of_family = |other: &&RawSection| other.name.split('/').next() == Some(family.as_str());
        match before.iter().find(of_family) {
            Some(other) if section.fields.is_empty() => section.fields = other.fields.clone(),
            _ => {
                let at = format!("sections.{}", section.name);
                return wrong(
                    &at,
                    "`like` names the family of a section before, and stands without `fields`",
                );
            }
        }
    }
    Ok(())
}

fn section(parts: &Parts, raw: RawSection) -> Result<SectionKind, KindError> {
    let at = format!("sections.{}", raw.name);
    if !raw.fields.iter().any(|field| has_container(&field.ty) || field.start.is_some()) {
        return wrong(&at, "at least one field must hold a text, a list, rows or a first value");
    }
    let pattern = pattern(&at, &raw.name)?;
    let fields = fields(parts, &at, &pattern.name(), raw.fields)?;
    check_main(&at, &raw.main, &fields)?;
    Ok(SectionKind {
        pattern,
        label: raw.label,
        help: raw.help,
        subject_labels: raw.subject_labels,
        main: raw.main,
        fields,
        built: Default::default(),
    })
}

/// Tells whether fields of this type stand in a new document even while they are empty.
fn has_container(ty: &str) -> bool {
    matches!(ty, "text" | "bilingual" | "links" | "texts" | "map" | "rows")
}

fn pattern(at: &str, name: &str) -> Result<Pattern, KindError> {
    let (family, variable) = match name.split_once('/') {
        None => (name, None),
        Some((family, rest)) => match rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(variable) => (family, Some(variable.to_owned())),
            None => return wrong(at, "write a family of sections as name/{variable}"),
        },
    };
    let simple = |name: &str| SectionId::new(name).is_valid() && !name.contains('/');
    if !simple(family) || !variable.as_deref().is_none_or(simple) {
        return wrong(at, "a section's name has the characters a-z, 0-9 and -");
    }
    Ok(Pattern { family: family.to_owned(), variable })
}

fn fields(parts: &Parts, at: &str, section: &str, raw: Vec<RawField>) -> Result<Vec<Field>, KindError> {
    unique(at, raw.iter().map(|field| field.key.as_str()))?;
    raw.into_iter().map(|raw| field(parts, &format!("{at}.{}", raw.key), section, raw)).collect()
}

fn field(parts: &Parts, at: &str, section: &str, raw: RawField) -> Result<Field, KindError> {
    let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if raw.key.is_empty() || !raw.key.chars().all(snake) {
        return wrong(at, "a field's key has the characters a-z, 0-9 and _");
    }
    let ty = field_type(parts, at, section, &raw)?;
    let start = raw.start.map(|value| start(at, &ty, value)).transpose()?;
    let start_for = raw
        .start_for
        .into_iter()
        .map(|(subject, value)| Ok((subject, self::start(at, &ty, value)?)))
        .collect::<Result<_, KindError>>()?;
    let needed = raw.needed;
    Ok(Field { key: raw.key, ty, label: raw.label, help: raw.help, start, start_for, needed })
}

fn field_type(parts: &Parts, at: &str, section: &str, raw: &RawField) -> Result<FieldType, KindError> {
    let is_rows = raw.ty == "rows";
    if !is_rows && (raw.row.is_some() || raw.of.is_some() || !raw.template.is_empty()) {
        return wrong(at, "`row`, `of` and `template` belong to fields of type rows");
    }
    if raw.choices.is_some() != (raw.ty == "choice") {
        return wrong(at, "`choices` belongs to a field of type choice, and names its words");
    }
    Ok(match raw.ty.as_str() {
        "choice" => {
            let name = raw.choices.as_deref().unwrap_or_default();
            match parts.choices.get(name) {
                Some(words) => FieldType::Choice(words.clone()),
                None => return wrong(at, format!("there is no [[choices.{name}]]")),
            }
        }
        "person" => FieldType::Person,
        "text" => FieldType::Text,
        "bilingual" => FieldType::Bilingual,
        "string" => FieldType::String,
        "links" => FieldType::Links,
        "number" => FieldType::Number,
        "money" => FieldType::Money,
        "date" => FieldType::Date,
        "time" => FieldType::Time,
        "flag" => FieldType::Flag,
        "texts" => FieldType::Texts,
        "map" => FieldType::Map,
        "rows" => FieldType::Rows(rows(parts, at, section, raw)?),
        other => return wrong(at, format!("unknown type {other:?}")),
    })
}

fn rows(parts: &Parts, at: &str, section: &str, raw: &RawField) -> Result<Rows, KindError> {
    let name = raw.row.as_deref().unwrap_or_default();
    let Some(row) = parts.rows.get(name) else {
        return wrong(at, format!("there is no [rows.{name}]"));
    };
    let of = match raw.of.as_deref().map(|of| of.split_once('/')) {
        None => None,
        Some(Some((section, field))) => Some((section.to_owned(), field.to_owned())),
        Some(None) => return wrong(at, "`of` names a section and its field: section/field"),
    };
    if of.is_some() && !raw.template.is_empty() {
        return wrong(at, "rows `of` other rows take their template from them");
    }
    let template = raw
        .template
        .iter()
        .map(|table| template_row(&parts.name, at, section, &raw.key, row, table))
        .collect::<Result<Vec<_>, _>>()?;
    unique(at, template.iter().map(|row| row.key.as_str()))?;
    Ok(Rows { row: row.clone(), of, template })
}

fn template_row(
    kind: &str,
    at: &str,
    section: &str,
    field: &str,
    row: &RowType,
    table: &Map<String, Json>,
) -> Result<TemplateRow, KindError> {
    let Some(Json::String(key)) = table.get("key") else {
        return wrong(at, "every template row has a `key`");
    };
    let at = format!("{at}.{key}");
    let mut starts = BTreeMap::new();
    for (name, value) in table.iter().filter(|(name, _)| *name != "key") {
        let Some(field) = row.field(name) else {
            return wrong(&at, format!("a {} has no field {name:?}", row.name));
        };
        starts.insert(name.clone(), start(&at, &field.ty, value.clone())?);
    }
    Ok(TemplateRow { key: key.clone(), id: row_id(kind, section, field, key), start: starts })
}

fn start(at: &str, ty: &FieldType, value: Json) -> Result<Start, KindError> {
    Ok(match (ty, value) {
        (FieldType::Choice(choices), Json::String(word)) if choices.iter().any(|c| c.word == word) => {
            Start::Scalar(Value::String(word))
        }
        (FieldType::String | FieldType::Date, Json::String(text)) => Start::Scalar(Value::String(text)),
        (FieldType::Number, Json::Number(number)) if number.is_i64() => {
            Start::Scalar(Value::Int(number.as_i64().unwrap_or_default()))
        }
        (FieldType::Flag, Json::Bool(flag)) => Start::Scalar(Value::Bool(flag)),
        (FieldType::Text, Json::String(text)) => Start::Text(text),
        (FieldType::Bilingual, value) => match serde_json::from_value(value) {
            Ok(words) => Start::Bilingual(words, Lang::En),
            Err(error) => return wrong(at, format!("expected {{ ru, en }}: {error}")),
        },
        (FieldType::Links | FieldType::Texts, value) => match serde_json::from_value(value) {
            Ok(items) => Start::Items(items),
            Err(error) => return wrong(at, format!("expected a list of strings: {error}")),
        },
        (_, value) => return wrong(at, format!("{value} does not fit the field's type")),
    })
}

fn unique<'a>(at: &str, names: impl Iterator<Item = &'a str>) -> Result<(), KindError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return wrong(at, format!("{name:?} stands there twice"));
        }
    }
    Ok(())
}

fn check_main(at: &str, main: &Option<String>, fields: &[Field]) -> Result<(), KindError> {
    match main {
        Some(main) if !fields.iter().any(|field| field.key == *main) => {
            wrong(at, format!("`main` names {main:?}, which is not one of the fields"))
        }
        _ => Ok(()),
    }
}

/// Checks that rows which belong to other rows name rows that exist, in a section without variable.
fn check_references(kind: &Kind) -> Result<(), KindError> {
    for section in &kind.sections {
        for field in &section.fields {
            let Some((of_section, of_field)) = field.rows().and_then(|rows| rows.of.as_ref()) else {
                continue;
            };
            let target = kind
                .section(&SectionId::new(of_section.as_str()))
                .and_then(|section| section.field(of_field))
                .and_then(Field::rows);
            if target.is_none_or(|rows| rows.of.is_some()) {
                let at = format!("sections.{}.{}", section.pattern.name(), field.key);
                return wrong(&at, format!("{of_section}/{of_field} holds no rows of its own"));
            }
        }
    }
    Ok(())
}
