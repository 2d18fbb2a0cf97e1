//! Edit commands: what a person does to a section, and how it becomes Automerge operations.
//!
//! A client journals commands before it commits them; the browser will send them. Applying one
//! writes the fewest operations: what stands already is not written again.

mod check;
mod place;
mod put;
mod text;

use std::collections::BTreeMap;

use automerge::{AutoCommit, AutomergeError};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Path, Value};
use crate::ids::SectionId;
use crate::kinds::Kind;
use place::Place;

pub use check::{STRING_BYTES_MAX, TEXT_FIELD_BYTES_MAX, is_date};
pub use text::{Splice, splices};

/// One edit of one section. Positions in texts count Unicode code points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum EditCommand {
    /// Sets a field that holds one value; `null` empties it. Below a map that the kind does not
    /// describe, any value tree can be set; it is merged key by key.
    #[n(0)]
    SetScalar {
        /// The field.
        #[n(0)]
        path: Path,
        /// Its new value.
        #[n(1)]
        value: Value,
    },
    /// Replaces a stretch of a text: one keystroke, or one paste.
    #[n(1)]
    SpliceText {
        /// The text; for a bilingual field with its language.
        #[n(0)]
        path: Path,
        /// Where, in code points from the beginning.
        #[n(1)]
        at: u32,
        /// How many code points go.
        #[n(2)]
        delete: u32,
        /// What comes in their place.
        #[n(3)]
        insert: String,
    },
    /// Gives a text new content, keeping the words that stay. In a bilingual field, a new
    /// translation counts as made from the source text as it then stands.
    #[n(2)]
    SetText {
        /// The text; for a bilingual field with its language.
        #[n(0)]
        path: Path,
        /// The whole new content.
        #[n(1)]
        new: String,
    },
    /// Declares the translation of a bilingual field to match the source text as it stands.
    #[n(3)]
    MarkTranslated {
        /// The bilingual field.
        #[n(0)]
        path: Path,
    },
    /// Inserts an item into a list.
    #[n(4)]
    ListInsert {
        /// The list.
        #[n(0)]
        path: Path,
        /// Before which item, from 0; the length appends.
        #[n(1)]
        at: u32,
        /// The item.
        #[n(2)]
        item: String,
    },
    /// Removes an item of a list.
    #[n(5)]
    ListRemove {
        /// The list.
        #[n(0)]
        path: Path,
        /// Which item, from 0.
        #[n(1)]
        at: u32,
    },
    /// Adds a row with all its containers.
    #[n(6)]
    AddRow {
        /// The field that holds the rows.
        #[n(0)]
        path: Path,
        /// The row's UUID, drawn by the caller.
        #[n(1)]
        id: String,
        /// Its place: a key of [`super::order`].
        #[n(2)]
        order: String,
        /// What its fields begin with: for a bilingual text a map of `ru`, `en` and perhaps
        /// `source`, for a list its items.
        #[n(3)]
        fields: BTreeMap<String, Value>,
    },
    /// Removes a row.
    #[n(7)]
    RemoveRow {
        /// The row.
        #[n(0)]
        path: Path,
    },
    /// Moves a row to another place among the others.
    #[n(8)]
    MoveRow {
        /// The row.
        #[n(0)]
        path: Path,
        /// Its new place: a key of [`super::order`].
        #[n(1)]
        order: String,
    },
    /// Settles a conflict: writes the chosen value, in place of all that compete.
    #[n(9)]
    Resolve {
        /// The field in conflict.
        #[n(0)]
        path: Path,
        /// The value that shall stand.
        #[n(1)]
        value: Value,
    },
}

impl EditCommand {
    /// The place that the command names: a field, a row, or the field that holds rows.
    pub fn path(&self) -> &Path {
        match self {
            Self::SetScalar { path, .. }
            | Self::SpliceText { path, .. }
            | Self::SetText { path, .. }
            | Self::MarkTranslated { path }
            | Self::ListInsert { path, .. }
            | Self::ListRemove { path, .. }
            | Self::AddRow { path, .. }
            | Self::RemoveRow { path }
            | Self::MoveRow { path, .. }
            | Self::Resolve { path, .. } => path,
        }
    }
}

/// Why a command cannot be applied; nothing was written then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The kind has no such section.
    #[error("this kind of document has no section {0:?}")]
    UnknownSection(SectionId),
    /// The section has no such field.
    #[error("there is no field {path:?} here; the fields are: {}", known.join(", "))]
    UnknownField {
        /// The path as given.
        path: String,
        /// The fields that are there, by key.
        known: Vec<String>,
    },
    /// The row is not there: never was, or was removed.
    #[error("there is no row {0:?}; perhaps it was removed")]
    NoRow(String),
    /// A row of this id is there already.
    #[error("there is already a row {0:?}")]
    RowThere(String),
    /// The field holds something else.
    #[error("{path} holds {expected}")]
    WrongType {
        /// The path.
        path: String,
        /// What the field holds, in words.
        expected: &'static str,
    },
    /// The word is none of the field's choices.
    #[error("{path} cannot be {word:?}: choose one of {}", choices.join(", "))]
    NotAChoice {
        /// The path.
        path: String,
        /// The word as given.
        word: String,
        /// The words that are possible.
        choices: Vec<String>,
    },
    /// The value is longer than the field may be.
    #[error("{path} would be {bytes} bytes long; the limit is {bytes_max}")]
    TooLong {
        /// The path.
        path: String,
        /// The length it would have.
        bytes: usize,
        /// The greatest length.
        bytes_max: usize,
    },
    /// The position lies beyond the end.
    #[error("{path} is {length} long; there is no position {at}")]
    OutOfRange {
        /// The path.
        path: String,
        /// The position as given.
        at: u32,
        /// The length, in code points or items.
        length: usize,
    },
    /// The key of a new row or its place has not the right form.
    #[error("{0:?} is not a row's UUID or order key")]
    BadKey(String),
    /// The document does not have the form that its kind describes.
    #[error("the document is not as its kind describes it: {0}")]
    Damaged(String),
}

impl From<AutomergeError> for EditError {
    fn from(error: AutomergeError) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Applies one command to a section's document, without committing.
///
/// # Errors
///
/// Says what does not fit, and what would; then nothing was written.
pub fn apply_edit(
    doc: &mut AutoCommit,
    kind: &Kind,
    section: &SectionId,
    command: &EditCommand,
) -> Result<(), EditError> {
    let place = Place::find(kind, section, command.path())?;
    match command {
        EditCommand::SetScalar { value, .. } => place.set_scalar(doc, value),
        EditCommand::SpliceText { at, delete, insert, .. } => place.splice(doc, *at, *delete, insert),
        EditCommand::SetText { new, .. } => place.set_text(doc, new),
        EditCommand::MarkTranslated { .. } => place.mark_translated(doc),
        EditCommand::ListInsert { at, item, .. } => place.list_insert(doc, *at, item),
        EditCommand::ListRemove { at, .. } => place.list_remove(doc, *at),
        EditCommand::AddRow { id, order, fields, .. } => place.add_row(doc, id, order, fields),
        EditCommand::RemoveRow { .. } => place.remove_row(doc),
        EditCommand::MoveRow { order, .. } => place.move_row(doc, order),
        EditCommand::Resolve { value, .. } => place.resolve(doc, value),
    }
}

#[cfg(test)]
mod tests;
