//! From what changed in a form to the fewest commands.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::content::{EditCommand, Path, Value, order};
use entente_shared::ids::SectionId;
use entente_shared::kinds::{Field, FieldType, Lang};

use super::{Content, Contents, Form, FormRow, rows_of, shown, translation_key};

pub(super) fn between(
    base: &Form<'_>,
    edited: &Form<'_>,
    new_id: &mut dyn FnMut() -> String,
) -> Vec<(SectionId, EditCommand)> {
    let mut found = Vec::new();
    for after in &edited.sections {
        let Some(before) = base.sections.iter().find(|section| section.id == after.id) else { continue };
        let mut edits = Edits { lang: base.context.lang, commands: Vec::new() };
        edits.fields(after.fields, &Path::default(), &before.contents, &after.contents);
        for field in after.fields {
            let (Some((rows, _)), Some(old), Some(new)) =
                (rows_of(field), before.rows.get(&field.key), after.rows.get(&field.key))
            else {
                continue;
            };
            if rows.of.is_none() {
                edits.places(field, old, new, new_id);
            }
            edits.rows(field, old, new);
        }
        found.extend(edits.commands.into_iter().map(|command| (after.id.clone(), command)));
    }
    found
}

struct Edits {
    lang: Lang,
    commands: Vec<EditCommand>,
}

impl Edits {
    /// What changed inside rows that were there before.
    fn rows(&mut self, field: &Field, old: &[FormRow], new: &[FormRow]) {
        let Some((_, row_type)) = rows_of(field) else { return };
        for row in new {
            let before = old.iter().find(|before| before.id.is_some() && before.id == row.id);
            if let (Some(before), Some(id)) = (before, &row.id) {
                let path = Path::new([field.key.as_str(), id.as_str()]);
                self.fields(&row_type.fields, &path, &before.contents, &row.contents);
            }
        }
    }

    /// Rows that went, came or moved. The longest run of rows that kept their order stays.
    fn places(
        &mut self,
        field: &Field,
        old: &[FormRow],
        new: &[FormRow],
        new_id: &mut dyn FnMut() -> String,
    ) {
        let path = Path::new([field.key.as_str()]);
        for row in old.iter().filter(|row| !new.iter().any(|other| other.id == row.id)) {
            self.commands.extend(row.id.as_ref().map(|id| EditCommand::RemoveRow { path: path.join(id) }));
        }
        let before: Vec<Option<usize>> =
            new.iter().map(|row| old.iter().position(|o| o.id.is_some() && o.id == row.id)).collect();
        let stay = longest_rising(&before);
        let mut last: Option<String> = None;
        for (number, row) in new.iter().enumerate() {
            if stay.contains(&number) {
                last.clone_from(&row.order);
                continue;
            }
            let next = (number + 1..new.len()).find(|next| stay.contains(next));
            let next = next.and_then(|next| new[next].order.as_deref());
            let order = order::between(last.as_deref(), next);
            self.commands.push(match &row.id {
                Some(id) => EditCommand::MoveRow { path: path.join(id), order: order.clone() },
                None => EditCommand::AddRow {
                    path: path.clone(),
                    id: new_id(),
                    order: order.clone(),
                    fields: self.values(rows_of(field).map_or(&[], |(_, row)| &row.fields), &row.contents),
                },
            });
            last = Some(order);
        }
    }

    /// What a new row begins with.
    fn values(&self, fields: &[Field], contents: &Contents) -> BTreeMap<String, Value> {
        let mut values = BTreeMap::new();
        for field in fields {
            let value = match (&field.ty, contents.get(&field.key)) {
                (FieldType::Bilingual, _) => self.bilingual(field, contents),
                (_, Some(Content::Scalar(Value::Null))) => None,
                (_, Some(Content::Scalar(value))) => Some(value.clone()),
                (_, Some(Content::Text(text))) if !text.is_empty() => Some(Value::Text(text.clone())),
                (_, Some(Content::Items(items))) if !items.is_empty() => {
                    Some(Value::List(items.iter().map(Value::string).collect()))
                }
                _ => None,
            };
            values.extend(value.map(|value| (field.key.clone(), value)));
        }
        values
    }

    fn bilingual(&self, field: &Field, contents: &Contents) -> Option<Value> {
        let mut texts = BTreeMap::new();
        for lang in Lang::ALL {
            if let Some(Content::Text(text)) = contents.get(&format!("{}.{}", field.key, lang.key()))
                && !text.is_empty()
            {
                texts.insert(lang.key().to_owned(), Value::string(text));
            }
        }
        if texts.len() == 2 {
            texts.insert("source".to_owned(), Value::string(self.lang.key()));
        }
        (!texts.is_empty()).then_some(Value::Map(texts))
    }

    fn fields(&mut self, fields: &[Field], path: &Path, before: &Contents, after: &Contents) {
        for field in fields {
            let path = path.join(&field.key);
            if field.ty == FieldType::Bilingual {
                self.bilingual_field(field, &path, before, after);
                continue;
            }
            match (before.get(&field.key), after.get(&field.key)) {
                (Some(Content::Scalar(old)), Some(Content::Scalar(new))) if old != new => {
                    self.commands.push(EditCommand::SetScalar { path, value: new.clone() });
                }
                (Some(Content::Text(old)), Some(Content::Text(new))) if shown(old) != *new => {
                    self.commands.push(EditCommand::SetText { path, new: new.clone() });
                }
                (Some(Content::Items(old)), Some(Content::Items(new))) => self.items(&path, old, new),
                _ => {}
            }
        }
    }

    /// The source language comes first, so that a new translation counts as made from the new text.
    fn bilingual_field(&mut self, field: &Field, path: &Path, before: &Contents, after: &Contents) {
        let source = match before.get(&translation_key(field)) {
            Some(Content::Translation(_, Some(source))) => *source,
            _ => self.lang,
        };
        let mut translated = false;
        for lang in [source, source.other()] {
            let key = format!("{}.{}", field.key, lang.key());
            if let (Some(Content::Text(old)), Some(Content::Text(new))) = (before.get(&key), after.get(&key))
                && shown(old) != *new
            {
                translated = lang != source;
                self.commands.push(EditCommand::SetText { path: path.join(lang.key()), new: new.clone() });
            }
        }
        if !translated && after.get(&translation_key(field)) == Some(&Content::MarkCurrent) {
            self.commands.push(EditCommand::MarkTranslated { path: path.clone() });
        }
    }

    fn items(&mut self, path: &Path, old: &[String], new: &[String]) {
        let shown_old: Vec<String> = old.iter().map(|item| shown(item)).collect();
        let kept = longest_common(&shown_old, new);
        let (mut from, mut to, mut at) = (0, 0, 0_u32);
        for (next_from, next_to) in kept.into_iter().chain([(old.len(), new.len())]) {
            for _ in from..next_from {
                self.commands.push(EditCommand::ListRemove { path: path.clone(), at });
            }
            for item in &new[to..next_to] {
                self.commands.push(EditCommand::ListInsert { path: path.clone(), at, item: item.clone() });
                at += 1;
            }
            (from, to, at) = (next_from + 1, next_to + 1, at + 1);
        }
    }
}

/// The numbers of the rows that can stay where they are: a longest rising run of old places.
fn longest_rising(before: &[Option<usize>]) -> BTreeSet<usize> {
    let mut best: Vec<Option<(usize, Option<usize>)>> = Vec::with_capacity(before.len());
    for (number, place) in before.iter().enumerate() {
        best.push(place.map(|place| {
            let earlier = (0..number).filter(|e| before[*e].is_some_and(|other| other < place));
            let run = |e: usize| best[e].map_or(0, |(length, _)| length);
            // Of equal runs the earliest, so that the result does not depend on chance.
            let from = earlier.max_by_key(|e| (run(*e), std::cmp::Reverse(*e)));
            (from.map_or(1, |from| run(from) + 1), from)
        }));
    }
    let length = |number: &usize| best[*number].map_or(0, |(length, _)| length);
    let mut at =
        (0..before.len()).max_by_key(|n| (length(n), std::cmp::Reverse(*n))).filter(|n| length(n) > 0);
    let mut stay = BTreeSet::new();
    while let Some(number) = at {
        stay.insert(number);
        at = best[number].and_then(|(_, from)| from);
    }
    stay
}

/// The pairs of positions of a longest common subsequence.
fn longest_common(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = match old[i] == new[j] {
                true => lengths[i + 1][j + 1] + 1,
                false => lengths[i + 1][j].max(lengths[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
