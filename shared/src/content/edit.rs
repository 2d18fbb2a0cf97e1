//! Edit commands: what a person does to a section, and how it becomes Automerge operations.
//!
//! A client journals commands before it commits them; the browser will send them. Applying one
//! writes the fewest operations: what stands already is not written again.

mod check;
mod text;

use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, AutomergeError, ObjId, ObjType, ReadDoc};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Path, Value, object_at, order, translation_mark, value_at};
use crate::ids::SectionId;
use crate::kinds::{Field, FieldType, Kind, Lang, Rows, Slot, create_fields};

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

/// The place that a command names, and what its kind says about it.
struct Place<'a> {
    kind: &'a Kind,
    section: &'a SectionId,
    path: &'a Path,
    slot: Slot<'a>,
}

impl<'a> Place<'a> {
    fn find(kind: &'a Kind, section: &'a SectionId, path: &'a Path) -> Result<Self, EditError> {
        if kind.section(section).is_none() {
            return Err(EditError::UnknownSection(section.clone()));
        }
        let Some(slot) = kind.slot(section, path) else {
            let known = check::fields_near(kind, section, path);
            return Err(EditError::UnknownField { path: path.to_string(), known });
        };
        Ok(Self { kind, section, path, slot })
    }

    fn wrong_type<T>(&self) -> Result<T, EditError> {
        Err(EditError::WrongType { path: self.path.to_string(), expected: check::in_words(&self.slot) })
    }

    fn set_scalar(&self, doc: &mut AutoCommit, value: &Value) -> Result<(), EditError> {
        self.check_value(value)?;
        let (parent, key) = self.parent(doc)?;
        match value {
            Value::Null if !matches!(self.slot, Slot::Open) => remove_key(doc, &parent, &key),
            _ => put_value(doc, &parent, &key, value),
        }
    }

    fn check_value(&self, value: &Value) -> Result<(), EditError> {
        match &self.slot {
            Slot::Field(field) => check::scalar(field, self.path, value),
            Slot::Source(_) if value.as_str().and_then(Lang::from_key).is_some() => Ok(()),
            Slot::Open => Ok(()),
            _ => self.wrong_type(),
        }
    }

    fn splice(&self, doc: &mut AutoCommit, at: u32, delete: u32, insert: &str) -> Result<(), EditError> {
        let text = self.text(doc)?;
        let length = doc.length(&text);
        let end = u64::from(at) + u64::from(delete);
        if end > length as u64 {
            let at = u32::try_from(end).unwrap_or(u32::MAX);
            return Err(EditError::OutOfRange { path: self.path.to_string(), at, length });
        }
        check::length(self.path, doc.text(&text)?.len() + insert.len(), TEXT_FIELD_BYTES_MAX)?;
        if delete > 0 || !insert.is_empty() {
            doc.splice_text(&text, at as usize, delete as isize, insert)?;
            self.note_language(doc, false)?;
        }
        Ok(())
    }

    fn set_text(&self, doc: &mut AutoCommit, new: &str) -> Result<(), EditError> {
        check::length(self.path, new.len(), TEXT_FIELD_BYTES_MAX)?;
        let text = self.text(doc)?;
        let old = doc.text(&text)?;
        if old == new {
            return Ok(());
        }
        // From the end, so that earlier positions stay true.
        for splice in splices(&old, new).iter().rev() {
            doc.splice_text(&text, splice.at, splice.delete as isize, &splice.insert)?;
        }
        self.note_language(doc, true)
    }

    /// The text object at this place, its row created if need be.
    fn text(&self, doc: &mut AutoCommit) -> Result<ObjId, EditError> {
        let is_text = match &self.slot {
            Slot::Field(field) => field.ty == FieldType::Text,
            Slot::Language(..) => true,
            Slot::Item(field, _) => field.ty == FieldType::Texts,
            _ => false,
        };
        if !is_text {
            return self.wrong_type();
        }
        self.ensure_row(doc)?;
        self.object(doc, self.path)
    }

    fn object(&self, doc: &AutoCommit, path: &Path) -> Result<ObjId, EditError> {
        if let Some(object) = object_at(doc, path) {
            return Ok(object);
        }
        match self.row_path() {
            Some((row, _)) if object_at(doc, &row).is_none() => Err(EditError::NoRow(row.to_string())),
            _ if matches!(self.slot, Slot::Item(..)) => self.out_of_range(doc),
            _ => Err(EditError::Damaged(format!("nothing stands at {path}"))),
        }
    }

    fn out_of_range<T>(&self, doc: &AutoCommit) -> Result<T, EditError> {
        let Slot::Item(_, at) = self.slot else { return self.wrong_type() };
        let list = self.path.split_last().and_then(|(list, _)| object_at(doc, &list));
        let length = list.map_or(0, |list| doc.length(list));
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        Err(EditError::OutOfRange { path: self.path.to_string(), at, length })
    }

    /// Keeps `source` and `translated_from` true after a text of a bilingual field changed.
    fn note_language(&self, doc: &mut AutoCommit, whole: bool) -> Result<(), EditError> {
        let (Slot::Language(_, lang), Some((field, _))) = (&self.slot, self.path.split_last()) else {
            return Ok(());
        };
        let map = self.object(doc, &field)?;
        let text = |doc: &AutoCommit, lang: Lang| {
            value_at(doc, &field.join(lang.key()))
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default()
        };
        let source = value_at(doc, &field.join("source")).and_then(|v| v.as_str().and_then(Lang::from_key));
        match source {
            Some(source) if source == *lang => Ok(()),
            Some(source) if !text(doc, source).is_empty() => {
                if whole {
                    let mark = translation_mark(&text(doc, source));
                    put_value(doc, &map, "translated_from", &Value::String(mark))?;
                }
                Ok(())
            }
            // Nothing was written in the source language: this one is the source now.
            _ => put_value(doc, &map, "source", &Value::string(lang.key())),
        }
    }

    fn mark_translated(&self, doc: &mut AutoCommit) -> Result<(), EditError> {
        if !matches!(self.slot, Slot::Field(field) if field.ty == FieldType::Bilingual) {
            return self.wrong_type();
        }
        self.ensure_row(doc)?;
        let map = self.object(doc, self.path)?;
        let source = value_at(doc, &self.path.join("source"));
        let Some(source) = source.as_ref().and_then(Value::as_str).and_then(Lang::from_key) else {
            return Ok(());
        };
        let text = value_at(doc, &self.path.join(source.key()));
        let mark = translation_mark(text.as_ref().and_then(Value::as_str).unwrap_or_default());
        put_value(doc, &map, "translated_from", &Value::String(mark))
    }

    fn list_insert(&self, doc: &mut AutoCommit, at: u32, item: &str) -> Result<(), EditError> {
        let field = self.list_field()?;
        check::item(field, self.path, item)?;
        self.ensure_row(doc)?;
        let list = self.object(doc, self.path)?;
        let length = doc.length(&list);
        if at as usize > length {
            return Err(EditError::OutOfRange { path: self.path.to_string(), at, length });
        }
        if field.ty == FieldType::Texts {
            let text = doc.insert_object(&list, at as usize, ObjType::Text)?;
            doc.splice_text(&text, 0, 0, item)?;
        } else {
            doc.insert(&list, at as usize, item)?;
        }
        Ok(())
    }

    fn list_remove(&self, doc: &mut AutoCommit, at: u32) -> Result<(), EditError> {
        self.list_field()?;
        let list = self.object(doc, self.path)?;
        let length = doc.length(&list);
        if at as usize >= length {
            return Err(EditError::OutOfRange { path: self.path.to_string(), at, length });
        }
        Ok(doc.delete(&list, at as usize)?)
    }

    fn list_field(&self) -> Result<&'a Field, EditError> {
        match self.slot {
            Slot::Field(field) if matches!(field.ty, FieldType::Links | FieldType::Texts) => Ok(field),
            _ => self.wrong_type(),
        }
    }

    fn add_row(
        &self,
        doc: &mut AutoCommit,
        id: &str,
        order: &str,
        fields: &BTreeMap<String, Value>,
    ) -> Result<(), EditError> {
        let Slot::Field(Field { ty: FieldType::Rows(rows), .. }) = self.slot else {
            return self.wrong_type();
        };
        if rows.of.is_some() {
            return self.wrong_type();
        }
        if !check::is_row_id(id) || !order::is_valid(order) {
            let bad = if check::is_row_id(id) { order } else { id };
            return Err(EditError::BadKey(bad.to_owned()));
        }
        let path = self.path.join(id);
        let starts = check::starts(rows, &path, fields)?;
        let map = self.object(doc, self.path)?;
        if object_at(doc, &path).is_some() {
            return Err(EditError::RowThere(path.to_string()));
        }
        let row = doc.put_object(&map, id, ObjType::Map)?;
        doc.put(&row, "order", order)?;
        Ok(create_fields(doc, &row, &rows.row.fields, self.section.split().1, &starts)?)
    }

    fn remove_row(&self, doc: &mut AutoCommit) -> Result<(), EditError> {
        if !matches!(self.slot, Slot::Row(_) | Slot::Open) {
            return self.wrong_type();
        }
        let Some((parent, key)) = self.path.split_last() else { return self.wrong_type() };
        let Some(map) = object_at(doc, &parent) else {
            return Err(EditError::NoRow(self.path.to_string()));
        };
        if doc.get(&map, key)?.is_none() {
            return Err(EditError::NoRow(self.path.to_string()));
        }
        remove_key(doc, &map, key)
    }

    fn move_row(&self, doc: &mut AutoCommit, order: &str) -> Result<(), EditError> {
        if !matches!(self.slot, Slot::Row(Rows { of: None, .. })) {
            return self.wrong_type();
        }
        if !order::is_valid(order) {
            return Err(EditError::BadKey(order.to_owned()));
        }
        let row = self.object(doc, self.path)?;
        put_value(doc, &row, "order", &Value::string(order))
    }

    fn resolve(&self, doc: &mut AutoCommit, value: &Value) -> Result<(), EditError> {
        let Some((parent, key)) = self.path.split_last() else { return self.wrong_type() };
        let map = self.object(doc, &parent)?;
        let competing: Vec<Value> = super::conflicts(doc)
            .into_iter()
            .filter(|conflict| conflict.path == *self.path)
            .flat_map(|conflict| conflict.values)
            .map(|competing| competing.value)
            .collect();
        // What competes was admitted once; anything else must fit as in a plain edit.
        if !competing.contains(value) {
            match self.slot {
                Slot::Order if value.as_str().is_some_and(order::is_valid) => {}
                _ => self.check_value(value)?,
            }
        }
        if competing.is_empty() { put_value(doc, &map, key, value) } else { replace(doc, &map, key, value) }
    }

    /// The map that holds the place's last key, its row created if need be.
    fn parent(&self, doc: &mut AutoCommit) -> Result<(ObjId, String), EditError> {
        let Some((parent, key)) = self.path.split_last() else { return self.wrong_type() };
        self.ensure_row(doc)?;
        if matches!(self.slot, Slot::Open) {
            ensure_maps(doc, &parent)?;
        }
        Ok((self.object(doc, &parent)?, key.to_owned()))
    }

    /// The path of the row that this place lies in or is, and its rows.
    fn row_path(&self) -> Option<(Path, &'a Rows)> {
        let [field, id, ..] = &self.path.0[..] else { return None };
        let rows = self.kind.section(self.section)?.field(field)?.rows()?;
        Some((Path::new([field, id]), rows))
    }

    /// Creates the row that belongs to a row of another section, when that was added later.
    fn ensure_row(&self, doc: &mut AutoCommit) -> Result<(), EditError> {
        let Some((path, rows)) = self.row_path() else { return Ok(()) };
        if rows.of.is_none() || object_at(doc, &path).is_some() {
            return Ok(());
        }
        let Some((parent, id)) = path.split_last() else { return Ok(()) };
        if !check::is_row_id(id) {
            return Err(EditError::BadKey(id.to_owned()));
        }
        let map = self.object(doc, &parent)?;
        let row = doc.put_object(&map, id, ObjType::Map)?;
        Ok(create_fields(doc, &row, &rows.row.fields, self.section.split().1, &BTreeMap::new())?)
    }
}

/// Creates the maps that lead to a place below an open map.
fn ensure_maps(doc: &mut AutoCommit, path: &Path) -> Result<(), EditError> {
    let mut object = automerge::ROOT;
    for key in &path.0 {
        let found = doc.get(&object, key.as_str())?;
        object = match found {
            Some((automerge::Value::Object(_), id)) => id,
            _ => doc.put_object(&object, key.as_str(), ObjType::Map)?,
        };
    }
    Ok(())
}

fn remove_key(doc: &mut AutoCommit, map: &ObjId, key: &str) -> Result<(), EditError> {
    if doc.get(map, key)?.is_some() {
        doc.delete(map, key)?;
    }
    Ok(())
}

/// Writes a value under a key, unless it stands there already; maps are merged key by key.
fn put_value(doc: &mut AutoCommit, map: &ObjId, key: &str, value: &Value) -> Result<(), EditError> {
    let standing = match doc.get(map, key)? {
        None => return replace(doc, map, key, value),
        Some((automerge::Value::Scalar(scalar), _)) => Value::from(scalar.as_ref()),
        Some((automerge::Value::Object(_), id)) => {
            let standing = super::read(doc, &id);
            if let (Value::Map(old), Value::Map(new)) = (&standing, value) {
                for gone in old.keys().filter(|key| !new.contains_key(*key)) {
                    doc.delete(&id, gone.as_str())?;
                }
                return new.iter().try_for_each(|(key, value)| put_value(doc, &id, key, value));
            }
            standing
        }
    };
    if standing == *value { Ok(()) } else { replace(doc, map, key, value) }
}

/// Writes a value under a key, whatever stands there.
fn replace(doc: &mut AutoCommit, map: &ObjId, key: &str, value: &Value) -> Result<(), EditError> {
    if let Some(scalar) = value.to_scalar() {
        return Ok(doc.put(map, key, scalar)?);
    }
    let object = doc.put_object(map, key, object_type(value))?;
    fill(doc, &object, value)
}

fn fill(doc: &mut AutoCommit, object: &ObjId, value: &Value) -> Result<(), EditError> {
    match value {
        Value::Text(text) => doc.splice_text(object, 0, 0, text)?,
        Value::Map(entries) => {
            entries.iter().try_for_each(|(key, value)| replace(doc, object, key, value))?
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                match item.to_scalar() {
                    Some(scalar) => doc.insert(object, index, scalar)?,
                    None => {
                        let inner = doc.insert_object(object, index, object_type(item))?;
                        fill(doc, &inner, item)?;
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn object_type(value: &Value) -> ObjType {
    match value {
        Value::Text(_) => ObjType::Text,
        Value::List(_) => ObjType::List,
        _ => ObjType::Map,
    }
}

#[cfg(test)]
mod tests;
