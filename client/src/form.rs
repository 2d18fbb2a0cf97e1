//! The readable form of a document: plain text to edit in any editor, and what was changed in it.
//!
//! ```text
//! # party/moscow  Column of Moscow
//! can.ru · What we can do, in Russian:
//! > Производство и блогеры
//! > в двенадцати городах
//!
//! ## cells  Functions
//! ### [creative]  Creative
//! claim · Part: own
//! evidence · Evidence:
//! - https://example.com/case
//! ```
//!
//! Keys are stable; what stands behind `·` or in a `//` note is for people. A line or block that
//! is taken out stays as it is in the document, except a row: taking out its block removes it.

mod edits;
mod parse;
mod phrases;
mod show;

use std::collections::BTreeMap;

use entente_shared::content::{EditCommand, Value};
use entente_shared::ids::{PersonId, SectionId};
use entente_shared::kinds::{Field, FieldType, Kind, Lang, RowType, Rows, Words};
use entente_shared::views::{Docs, Translation};

pub use phrases::{FormError, FormProblem};

/// What a form needs to know beside the document.
#[derive(Debug, Clone, Copy)]
pub struct FormContext<'a> {
    /// The document's kind.
    pub kind: &'a Kind,
    /// The language of labels and notes.
    pub lang: Lang,
    /// What people call subjects, such as the party `moscow`.
    pub names: &'a BTreeMap<String, Words>,
    /// The members, who stand in the form by name.
    pub people: &'a BTreeMap<PersonId, String>,
}

/// The content of some sections, as a form shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Form<'a> {
    context: FormContext<'a>,
    sections: Vec<FormSection<'a>>,
}

impl PartialEq for FormContext<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.kind, other.kind) && self.lang == other.lang
    }
}

#[derive(Debug, Clone, PartialEq)]
struct FormSection<'a> {
    id: SectionId,
    fields: &'a [Field],
    contents: Contents,
    rows: BTreeMap<String, Vec<FormRow>>,
}

/// A row; a row that is new in an edited form has no id yet.
#[derive(Debug, Clone, PartialEq)]
struct FormRow {
    /// The row's UUID.
    id: Option<String>,
    /// What stands in brackets.
    key: String,
    /// The row's place among the others, where it has one.
    order: Option<String>,
    /// What people call it.
    name: String,
    contents: Contents,
}

/// What the lines of a form hold, by their key: `claim`, `note.ru`, `note.translation`.
type Contents = BTreeMap<String, Content>;

#[derive(Debug, Clone, PartialEq)]
enum Content {
    /// One value; `null` if there is none.
    Scalar(Value),
    /// A text, line by line.
    Text(String),
    /// The items of a list.
    Items(Vec<String>),
    /// How a translation stands to its source, and in which language that is.
    Translation(Translation, Option<Lang>),
    /// The translation is to count as made from the source as it stands.
    MarkCurrent,
    /// What a form cannot show; it stays as it is.
    Hidden,
}

impl<'a> Form<'a> {
    /// Takes the content of those sections that can be read, in the kind's order.
    pub fn new(context: FormContext<'a>, docs: &Docs<'_>) -> Self {
        Self { context, sections: show::sections(&context, docs) }
    }

    /// Writes the form.
    pub fn text(&self) -> String {
        show::text(self)
    }

    /// Finds what a person changed in the form's text, as the fewest commands; `new_id` draws the
    /// UUID of each new row.
    ///
    /// # Errors
    ///
    /// Every line that cannot be understood, with what to do about it; then nothing is to be applied.
    pub fn edits(
        &self,
        edited: &str,
        new_id: &mut dyn FnMut() -> String,
    ) -> Result<Vec<(SectionId, EditCommand)>, Vec<FormError>> {
        let edited = parse::form(self, edited)?;
        Ok(edits::between(self, &edited, new_id))
    }
}

/// The key of a line: the field's key, for a bilingual text with the language.
fn line_keys(field: &Field) -> Vec<String> {
    match field.ty {
        FieldType::Bilingual => {
            let mut keys: Vec<String> = Lang::ALL.map(|lang| format!("{}.{}", field.key, lang.key())).into();
            keys.push(translation_key(field));
            keys
        }
        FieldType::Rows(_) | FieldType::Map => Vec::new(),
        _ => vec![field.key.clone()],
    }
}

fn translation_key(field: &Field) -> String {
    format!("{}.translation", field.key)
}

/// A text as a form can hold it: without carriage returns at the ends of lines.
fn shown(text: &str) -> String {
    text.split('\n').map(|line| line.trim_end_matches('\r')).collect::<Vec<_>>().join("\n")
}

fn rows_of(field: &Field) -> Option<(&Rows, &RowType)> {
    field.rows().map(|rows| (rows, &rows.row))
}

#[cfg(test)]
mod tests;
