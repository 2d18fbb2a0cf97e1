//! One command at its place: what fits there, and which operations it takes.

use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ReadDoc};

use super::put::{ensure_maps, put_value, remove_key, replace};
use super::{EditError, TEXT_FIELD_BYTES_MAX, check, splices};
use crate::content::{Path, Value, conflicts, object_at, order, translation_mark, value_at};
use crate::ids::SectionId;
use crate::kinds::{Field, FieldType, Kind, Lang, Rows, Slot, create_fields};

/// The place that a command names, and what its kind says about it.
pub(super) struct Place<'a> {
    kind: &'a Kind,
    section: &'a SectionId,
    path: &'a Path,
    slot: Slot<'a>,
}

impl<'a> Place<'a> {
    pub(super) fn find(kind: &'a Kind, section: &'a SectionId, path: &'a Path) -> Result<Self, EditError> {
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

    pub(super) fn set_scalar(&self, doc: &mut AutoCommit, value: &Value) -> Result<(), EditError> {
        self.check_value(value)?;
        let (parent, key) = self.parent(doc)?;
        match value {
            Value::Null => remove_key(doc, &parent, &key),
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

    pub(super) fn splice(
        &self,
        doc: &mut AutoCommit,
        at: u32,
        delete: u32,
        insert: &str,
    ) -> Result<(), EditError> {
        let text = self.text(doc)?;
        let length = doc.length(&text);
        let end = u64::from(at) + u64::from(delete);
        if end > length as u64 {
            let at = u32::try_from(end).unwrap_or(u32::MAX);
            return Err(EditError::OutOfRange { path: self.path.to_string(), at, length });
        }
        // Reading the whole text for each keystroke would make long texts slow: a code point takes
        // at most four bytes, so most texts are known to fit without.
        if length * 4 + insert.len() > TEXT_FIELD_BYTES_MAX {
            check::length(self.path, doc.text(&text)?.len() + insert.len(), TEXT_FIELD_BYTES_MAX)?;
        }
        if delete > 0 || !insert.is_empty() {
            doc.splice_text(&text, at as usize, delete as isize, insert)?;
            self.note_language(doc, false)?;
        }
        Ok(())
    }

    pub(super) fn set_text(&self, doc: &mut AutoCommit, new: &str) -> Result<(), EditError> {
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
        let is_written = |doc: &AutoCommit, lang: Lang| {
            object_at(doc, &field.join(lang.key())).is_some_and(|text| doc.length(text) > 0)
        };
        let source = value_at(doc, &field.join("source")).and_then(|v| v.as_str().and_then(Lang::from_key));
        match source {
            Some(source) if source == *lang => Ok(()),
            Some(source) if is_written(doc, source) => {
                if whole {
                    let text = value_at(doc, &field.join(source.key()));
                    let mark = translation_mark(text.as_ref().and_then(Value::as_str).unwrap_or_default());
                    put_value(doc, &map, "translated_from", &Value::String(mark))?;
                }
                Ok(())
            }
            // Nothing was written in the source language: this one is the source now.
            _ => put_value(doc, &map, "source", &Value::string(lang.key())),
        }
    }

    pub(super) fn mark_translated(&self, doc: &mut AutoCommit) -> Result<(), EditError> {
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

    pub(super) fn list_insert(&self, doc: &mut AutoCommit, at: u32, item: &str) -> Result<(), EditError> {
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

    pub(super) fn list_remove(&self, doc: &mut AutoCommit, at: u32) -> Result<(), EditError> {
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

    pub(super) fn add_row(
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

    pub(super) fn remove_row(&self, doc: &mut AutoCommit) -> Result<(), EditError> {
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

    pub(super) fn move_row(&self, doc: &mut AutoCommit, order: &str) -> Result<(), EditError> {
        if !matches!(self.slot, Slot::Row(Rows { of: None, .. })) {
            return self.wrong_type();
        }
        if !order::is_valid(order) {
            return Err(EditError::BadKey(order.to_owned()));
        }
        let row = self.object(doc, self.path)?;
        put_value(doc, &row, "order", &Value::string(order))
    }

    pub(super) fn resolve(&self, doc: &mut AutoCommit, value: &Value) -> Result<(), EditError> {
        let Some((parent, key)) = self.path.split_last() else { return self.wrong_type() };
        let map = self.object(doc, &parent)?;
        let competing: Vec<Value> = conflicts(doc)
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
