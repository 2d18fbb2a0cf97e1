//! Whether a value fits a field, and in which words to say that it does not.

use std::collections::BTreeMap;

use super::EditError;
use crate::content::{Path, Value};
use crate::ids::SectionId;
use crate::kinds::{Field, FieldType, Kind, Lang, Rows, Slot, Start, Words};
use crate::money::Amount;

/// Longest string, choice, name or link, in bytes.
pub const STRING_BYTES_MAX: usize = 2 * 1024;
/// Longest text of one field in one language, in bytes: a quarter of the largest payload.
pub const TEXT_FIELD_BYTES_MAX: usize = 256 * 1024;

/// What a place holds, in words for an error.
pub(super) fn in_words(slot: &Slot<'_>) -> &'static str {
    match slot {
        Slot::Section(_) => "a whole section: name one of its fields",
        Slot::Field(field) => type_in_words(field),
        Slot::Row(Rows { of: Some(_), .. }) => "a row that belongs to a row of another section",
        Slot::Row(_) => "a row: name one of its fields",
        Slot::Order => "the row's place: move the row instead",
        Slot::Language(..) => "a text",
        Slot::Source(_) => "the language it was first written in: ru or en",
        Slot::TranslatedFrom(_) => "the mark of a translation: mark it as translated instead",
        Slot::Item(..) => "an item of a list",
        Slot::Open => "a value",
    }
}

fn type_in_words(field: &Field) -> &'static str {
    match &field.ty {
        FieldType::Choice(_) => "one word of a choice",
        FieldType::Person => "a person",
        FieldType::Text => "a text",
        FieldType::Bilingual => "a text in two languages: name one, ru or en",
        FieldType::String => "a line of text",
        FieldType::Links => "a list of links",
        FieldType::Number => "a whole number",
        FieldType::Money => "an amount in the smallest unit with its currency, such as 120000 RUB",
        FieldType::Date => "a day, such as 2026-11-24",
        FieldType::Time => "a moment, in milliseconds since 1970",
        FieldType::Flag => "yes or no",
        FieldType::Texts => "a list of texts",
        FieldType::Map => "a map",
        FieldType::Rows(Rows { of: Some(_), .. }) => {
            "rows that belong to those of another section: add there"
        }
        FieldType::Rows(_) => "rows: add or name one",
    }
}

/// Checks a value for a field that holds one; `null` empties any such field.
pub(super) fn scalar(field: &Field, path: &Path, value: &Value) -> Result<(), EditError> {
    let fits = match (&field.ty, value) {
        (FieldType::Choice(_), Value::String(word)) if field.choice(word).is_none() => {
            return not_a_choice(field, path, word);
        }
        (
            FieldType::Choice(_)
            | FieldType::Person
            | FieldType::String
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Time
            | FieldType::Flag,
            Value::Null,
        ) => true,
        (FieldType::Choice(_), Value::String(_)) => true,
        (FieldType::Person, Value::String(name)) => !name.trim().is_empty() && one_line(name),
        (FieldType::String, Value::String(text)) => one_line(text),
        (FieldType::Money, Value::String(text)) => Amount::parse(text).is_some(),
        (FieldType::Date, Value::String(day)) => is_date(day),
        (FieldType::Number, Value::Int(_)) | (FieldType::Time, Value::Timestamp(_)) => true,
        (FieldType::Flag, Value::Bool(_)) | (FieldType::Map, Value::Map(_)) => true,
        _ => false,
    };
    if !fits {
        return Err(EditError::WrongType { path: path.to_string(), expected: type_in_words(field) });
    }
    length(path, value.as_str().map_or(0, str::len), STRING_BYTES_MAX)
}

fn not_a_choice(field: &Field, path: &Path, word: &str) -> Result<(), EditError> {
    let FieldType::Choice(choices) = &field.ty else { return Ok(()) };
    let choices = choices.iter().map(|choice| choice.word.clone()).collect();
    Err(EditError::NotAChoice { path: path.to_string(), word: word.to_owned(), choices })
}

fn one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// Tells whether the text is a day of the Gregorian calendar, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let number = |range| text.get(range).filter(|t: &&str| t.bytes().all(|b| b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    if text.len() != 10 || &text[4..5] != "-" || &text[7..8] != "-" {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Checks an item of a list: links lead to the web.
pub(super) fn item(field: &Field, path: &Path, item: &str) -> Result<(), EditError> {
    if field.ty == FieldType::Texts {
        return length(path, item.len(), TEXT_FIELD_BYTES_MAX);
    }
    let web = item.starts_with("https://") || item.starts_with("http://");
    if !web || item.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let expected = "links, each beginning with https:// or http://, without spaces";
        return Err(EditError::WrongType { path: path.to_string(), expected });
    }
    length(path, item.len(), STRING_BYTES_MAX)
}

pub(super) fn length(path: &Path, bytes: usize, bytes_max: usize) -> Result<(), EditError> {
    if bytes > bytes_max {
        return Err(EditError::TooLong { path: path.to_string(), bytes, bytes_max });
    }
    Ok(())
}

/// Tells whether the text is a UUID in its usual lower-case form.
pub(super) fn is_row_id(id: &str) -> bool {
    id.len() == 36 && uuid::Uuid::parse_str(id).is_ok_and(|uuid| uuid.to_string() == id)
}

/// What the fields of a new row begin with.
pub(super) fn starts(
    rows: &Rows,
    path: &Path,
    fields: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Start>, EditError> {
    let mut starts = BTreeMap::new();
    for (key, value) in fields {
        let path = path.join(key);
        let Some(field) = rows.row.field(key) else {
            let known = rows.row.fields.iter().map(|field| field.key.clone()).collect();
            return Err(EditError::UnknownField { path: path.to_string(), known });
        };
        starts.insert(key.clone(), start(field, &path, value)?);
    }
    Ok(starts)
}

fn start(field: &Field, path: &Path, value: &Value) -> Result<Start, EditError> {
    let wrong = || EditError::WrongType { path: path.to_string(), expected: type_in_words(field) };
    match &field.ty {
        FieldType::Text => {
            let text = value.as_str().ok_or_else(wrong)?;
            length(path, text.len(), TEXT_FIELD_BYTES_MAX)?;
            Ok(Start::Text(text.to_owned()))
        }
        FieldType::Bilingual => bilingual(path, value).ok_or_else(wrong)?,
        FieldType::Links | FieldType::Texts => {
            let items = value.as_list().ok_or_else(wrong)?;
            let items = items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong));
            let items = items.collect::<Result<Vec<String>, _>>()?;
            items.iter().try_for_each(|text| item(field, path, text))?;
            Ok(Start::Items(items))
        }
        _ => {
            scalar(field, path, value)?;
            Ok(Start::Scalar(value.clone()))
        }
    }
}

/// Reads `{ru, en, source}`; without `source`, the language that was written, or English.
fn bilingual(path: &Path, value: &Value) -> Option<Result<Start, EditError>> {
    let entries = value.as_map()?;
    if entries.keys().any(|key| !matches!(key.as_str(), "ru" | "en" | "source")) {
        return None;
    }
    let text = |lang: Lang| match entries.get(lang.key()) {
        Some(value) => value.as_str().map(str::to_owned),
        None => Some(String::new()),
    };
    let words = Words { ru: text(Lang::Ru)?, en: text(Lang::En)? };
    let written = if words.en.is_empty() && !words.ru.is_empty() { Lang::Ru } else { Lang::En };
    let source = match entries.get("source") {
        Some(value) => Lang::from_key(value.as_str()?)?,
        None => written,
    };
    let long = words.ru.len().max(words.en.len());
    Some(length(path, long, TEXT_FIELD_BYTES_MAX).map(|()| Start::Bilingual(words, source)))
}

/// The keys of the fields at the deepest place of `path` that the kind knows.
pub(super) fn fields_near(kind: &Kind, section: &SectionId, path: &Path) -> Vec<String> {
    let Some(section) = kind.section(section) else { return Vec::new() };
    let of = |fields: &[Field]| fields.iter().map(|field| field.key.clone()).collect();
    match path.0.first().and_then(|key| section.field(key)) {
        Some(Field { ty: FieldType::Rows(rows), .. }) => of(&rows.row.fields),
        Some(Field { ty: FieldType::Bilingual, .. }) => vec!["ru".to_owned(), "en".to_owned()],
        _ => of(&section.fields),
    }
}
