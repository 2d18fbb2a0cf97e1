//! What a document says, computed for people: typed, in both languages, ready for a screen or a terminal.
//!
//! [`mod@outline`] shows a document of any kind as its kind describes it. The others compute what the
//! kind's data cannot say: overlaps and gaps, what a brief still lacks, who decides nothing.

pub mod brief;
pub mod matrix;
pub mod outline;
pub mod playbook;
pub mod standing;
pub mod translation;

use std::collections::BTreeMap;

use automerge::AutoCommit;
use serde::Serialize;

use crate::content::{Value, read};
use crate::ids::{PersonId, SectionId};
use crate::kinds::Lang;

pub use brief::BriefView;
pub use matrix::MatrixView;
pub use outline::{DocumentView, outline};
pub use playbook::PlaybookView;
pub use standing::Standing;
pub use translation::{Bilingual, Translation, translations};

/// The sections of a document that can be read here. One that is expected and not among them is
/// shown as not readable.
pub type Docs<'a> = BTreeMap<SectionId, &'a AutoCommit>;

/// A person as a document names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Person {
    /// A member of the partnership.
    Member(PersonId),
    /// Somebody else, by name.
    Named(String),
}

impl Person {
    /// Reads what a person field holds.
    pub fn read(text: &str) -> Self {
        match PersonId::from_hex(text) {
            Some(id) => Self::Member(id),
            None => Self::Named(text.to_owned()),
        }
    }
}

/// A row with its id, in the order of rows.
pub(crate) fn rows<'a>(section: &'a Value, field: &str) -> Vec<(&'a str, &'a Value)> {
    let mut rows: Vec<(&str, &Value)> = section
        .get(field)
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
        .map(|(id, row)| (id.as_str(), row))
        .collect();
    let place = |row: &Value| row.get("order").and_then(Value::as_str).unwrap_or_default().to_owned();
    rows.sort_by_cached_key(|(id, row)| (place(row), (*id).to_owned()));
    rows
}

/// The section's value tree, if the section can be read.
fn section(docs: &Docs<'_>, id: &SectionId) -> Option<Value> {
    docs.get(id).map(|doc| read(doc, &automerge::ROOT))
}

fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn number(value: &Value, key: &str) -> Option<i64> {
    value.get(key).and_then(Value::as_i64)
}

fn person(value: &Value, key: &str) -> Option<Person> {
    value.get(key).and_then(Value::as_str).map(Person::read)
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn bilingual(value: &Value, key: &str) -> Bilingual {
    value.get(key).map(Bilingual::read).unwrap_or_default()
}

/// The languages that a field lacks; used where both are needed.
fn lacking(text: &Bilingual) -> Vec<Lang> {
    Lang::ALL.into_iter().filter(|lang| text.get(*lang).trim().is_empty()).collect()
}

#[cfg(test)]
mod tests;
