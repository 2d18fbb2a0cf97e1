//! What of a document needs a newer program: the whole of one with a newer schema but for what is
//! understood, and single fields that this program does not know.

use entente_shared::content::{Path, Value};
use entente_shared::document::NewerDocument;
use entente_shared::ids::*;
use entente_shared::kinds::{Kind, Slot};
use serde::Serialize;

use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::words::{Words, capitalised};

/// Why a document can only be read, and what of it is not shown.
#[derive(Clone, Debug, Serialize)]
pub struct ReadOnly {
    /// The version of the document's schema.
    pub schema: u32,
    /// The newest version that this program knows; absent if it does not know the kind.
    pub known_schema: Option<u32>,
    /// How many entries were checked for signature, order and time, not for rights.
    pub entries: u64,
    /// How many suggestions seem to wait.
    pub waiting: usize,
    /// The sections that need a newer program.
    pub sections: Vec<UnreadSection>,
}

/// A section that needs a newer program.
#[derive(Clone, Debug, Serialize)]
pub struct UnreadSection {
    /// The section.
    pub section: SectionId,
    /// How many changes of it are in force.
    pub changes: u64,
    /// When it was last changed (relay time, milliseconds since 1970).
    pub changed_ms: Option<u64>,
    /// By whom.
    pub person: Option<PersonRef>,
}

/// A field that this program does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownField {
    /// The section in which it stands.
    pub section: SectionId,
    /// Its path there, without the rows' ids: `functions.budget`.
    pub field: String,
    /// In how many places it is filled in.
    pub count: usize,
}

impl ReadOnly {
    pub(super) fn of(newer: &NewerDocument, setting: &Setting) -> Self {
        let unread =
            newer.sections().iter().filter(|(_, section)| !section.hidden && section.content().is_none());
        let line = |(name, section): (&SectionId, &entente_shared::document::NewerSection)| UnreadSection {
            section: name.clone(),
            changes: section.changes,
            changed_ms: section.last.map(|(_, at_ms)| at_ms),
            person: section.last.and_then(|(device, _)| setting.person_of(&device)),
        };
        Self {
            schema: newer.schema(),
            known_schema: newer.known_kind().map(|kind| kind.schema),
            entries: newer.len(),
            waiting: newer.waiting(),
            sections: unread.map(line).collect(),
        }
    }

    /// Says that the document can only be read, and why.
    pub(super) fn head(&self, words: &Words, title: &str) -> String {
        let schema = self.schema;
        let why = match self.known_schema {
            Some(known) => words.say("newer-schema", args![schema, known]),
            None => words.say("newer-kind", args![]),
        };
        let unchecked = words.say("newer-unchecked", args![count = self.entries]);
        format!("{} {why}\n{unchecked}\n", words.say("doc-read-only-newer", args![title]))
    }

    /// Lists what is not shown, with who wrote there last.
    pub(super) fn rest(
        &self,
        words: &Words,
        setting: &Setting,
        name: impl Fn(&SectionId) -> String,
    ) -> String {
        let mut text = String::new();
        if !self.sections.is_empty() {
            let mut table = Table::default();
            for line in &self.sections {
                let count = words.say("count-changes", args![count = line.changes]);
                let last = match (line.changed_ms, &line.person) {
                    (Some(at_ms), Some(person)) => {
                        let (person, when) = (setting.name(words, person), setting.time(words, at_ms));
                        words.say("newer-last", args![person, when])
                    }
                    (Some(at_ms), None) => setting.time(words, at_ms),
                    (None, _) => String::new(),
                };
                table.row([capitalised(&name(&line.section)), count, last]);
            }
            text += &format!("\n{}\n{}", words.say("newer-sections", args![]), table.text("  "));
        }
        if self.waiting > 0 {
            text += &format!("\n{}\n", words.say("newer-waiting", args![count = self.waiting]));
        }
        text
    }
}

/// The fields of a section's content that `kind` does not know.
pub(super) fn unknown_fields(kind: &Kind, section: &SectionId, content: &Value) -> Vec<UnknownField> {
    let mut found: Vec<UnknownField> = Vec::new();
    let mut note = |keys: &[&str]| {
        let field = keys.join(".");
        match found.iter_mut().find(|known| known.field == field) {
            Some(known) => known.count += 1,
            None => found.push(UnknownField { section: section.clone(), field, count: 1 }),
        }
    };
    for (key, value) in entries(content) {
        match kind.slot(section, &Path::new([key])) {
            None => note(&[key]),
            Some(Slot::Field(field)) if field.rows().is_some() => {
                for (id, row) in entries(value) {
                    for (name, _) in entries(row) {
                        if kind.slot(section, &Path::new([key, id, name])).is_none() {
                            note(&[key, name]);
                        }
                    }
                }
            }
            Some(_) => {}
        }
    }
    found
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let map = if let Value::Map(map) = value { Some(map) } else { None };
    map.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Says which fields need a newer program; nothing if there are none.
pub(super) fn unknown_text(
    words: &Words,
    fields: &[UnknownField],
    name: impl Fn(&SectionId) -> String,
) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut table = Table::default();
    for one in fields {
        let places = words.say("newer-places", args![count = one.count]);
        table.row([capitalised(&name(&one.section)), one.field.clone(), places]);
    }
    format!("\n{}\n{}", words.say("newer-fields", args![]), table.text("  "))
}
