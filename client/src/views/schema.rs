//! The kinds of documents, for an interface that draws any of them.

use std::collections::BTreeMap;

use entente_shared::ids::KindId;
use entente_shared::kinds::{self, Field, FieldType, Kind, Words};
use serde::Serialize;

/// A kind.
#[derive(Clone, Debug, Serialize)]
pub struct KindSchema {
    /// Its id.
    pub id: KindId,
    /// Its version.
    pub schema: u32,
    /// What people call it.
    pub label: Words,
    /// What it is for.
    pub help: Option<Words>,
    /// Its sections, in reading order.
    pub sections: Vec<SectionSchema>,
}

/// A section of a kind.
#[derive(Clone, Debug, Serialize)]
pub struct SectionSchema {
    /// Its name, as in `functions` or `party/{party}`.
    pub pattern: String,
    /// The name without its variable part.
    pub family: String,
    /// What the variable part is.
    pub variable: Option<String>,
    /// What people call it.
    pub label: Words,
    /// What it is for.
    pub help: Option<Words>,
    /// What it is called for some subjects.
    pub subject_labels: BTreeMap<String, Words>,
    /// The field that goes without saying.
    pub main: Option<String>,
    /// Its fields.
    pub fields: Vec<FieldSchema>,
}

/// A field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldSchema {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: Words,
    /// What goes into it.
    pub help: Option<Words>,
    /// What it holds: `choice`, `text`, `rows` and so on.
    #[serde(rename = "type")]
    pub holds: &'static str,
    /// The choices, if it is one.
    pub choices: Vec<ChoiceSchema>,
    /// The rows, if it holds some.
    pub rows: Option<RowSchema>,
}

/// One choice.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceSchema {
    /// The word that is stored.
    pub word: String,
    /// What people read.
    pub label: Words,
    /// What it means.
    pub help: Option<Words>,
}

/// The rows of a field.
#[derive(Clone, Debug, Serialize)]
pub struct RowSchema {
    /// The name of their type.
    pub name: String,
    /// What people call one.
    pub label: Words,
    /// The field by which people name one.
    pub main: Option<String>,
    /// The section and field to whose rows these belong.
    pub of: Option<(String, String)>,
    /// The fields of each.
    pub fields: Vec<FieldSchema>,
}

impl KindSchema {
    /// The kinds that this program knows, each in its newest version, but for the ground rules.
    pub fn all() -> Vec<Self> {
        let newest =
            |kind: &&Kind| kinds::newest(&kind.id).is_some_and(|newest| newest.schema == kind.schema);
        let kinds = kinds::all().iter().filter(|kind| kind.id.as_str() != kinds::CHARTER);
        kinds.filter(newest).map(Self::of).collect()
    }

    fn of(kind: &Kind) -> Self {
        let section = |section: &kinds::SectionKind| SectionSchema {
            pattern: section.pattern.name(),
            family: section.pattern.family.clone(),
            variable: section.pattern.variable.clone(),
            label: section.label.clone(),
            help: section.help.clone(),
            subject_labels: section.subject_labels.clone(),
            main: section.main.clone(),
            fields: section.fields.iter().map(FieldSchema::of).collect(),
        };
        Self {
            id: kind.id.clone(),
            schema: kind.schema,
            label: kind.label.clone(),
            help: kind.help.clone(),
            sections: kind.sections.iter().map(section).collect(),
        }
    }
}

impl FieldSchema {
    fn of(field: &Field) -> Self {
        let choices = match &field.ty {
            FieldType::Choice(choices) => choices.as_slice(),
            _ => &[],
        };
        let choice = |choice: &kinds::Choice| ChoiceSchema {
            word: choice.word.clone(),
            label: choice.label.clone(),
            help: choice.help.clone(),
        };
        let rows = field.rows().map(|rows| RowSchema {
            name: rows.row.name.clone(),
            label: rows.row.label.clone(),
            main: rows.row.main.clone(),
            of: rows.of.clone(),
            fields: rows.row.fields.iter().map(Self::of).collect(),
        });
        Self {
            key: field.key.clone(),
            label: field.label.clone(),
            help: field.help.clone(),
            holds: holds(&field.ty),
            choices: choices.iter().map(choice).collect(),
            rows,
        }
    }
}

fn holds(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Choice(_) => "choice",
        FieldType::Person => "person",
        FieldType::Text => "text",
        FieldType::Bilingual => "bilingual",
        FieldType::String => "string",
        FieldType::Links => "links",
        FieldType::Number => "number",
        FieldType::Money => "money",
        FieldType::Date => "date",
        FieldType::Time => "time",
        FieldType::Flag => "flag",
        FieldType::Texts => "texts",
        FieldType::Map => "map",
        FieldType::Rows(_) => "rows",
    }
}
