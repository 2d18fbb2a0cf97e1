//! From the content of a place as it is to another one: the edits that lead there.

use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::SectionId;
use entente_shared::kinds::{Field, FieldType, Kind, Lang, Slot};

/// The edits that make `wanted` of `now` at a place of a section: a field, a row or all of it.
///
/// Which texts were translated from which, and content that the kind does not describe, stay as
/// they are.
pub fn toward(
    kind: &'static Kind,
    section: &SectionId,
    path: &Path,
    now: Option<&Value>,
    wanted: Option<&Value>,
) -> Vec<EditCommand> {
    let mut edits = Vec::new();
    match kind.slot(section, path) {
        Some(Slot::Section(found)) => fields(&mut edits, &found.fields, path, now, wanted),
        Some(Slot::Field(found)) => field(&mut edits, found, path, now, wanted),
        Some(Slot::Row(rows)) => {
            row(&mut edits, &rows.row.fields, rows.of.is_none(), path, now, wanted);
        }
        Some(Slot::Language(..) | Slot::Item(..)) => text(&mut edits, path, now, wanted),
        Some(Slot::Order) => order(&mut edits, path, now, wanted),
        _ => {}
    }
    edits
}

fn fields(
    edits: &mut Vec<EditCommand>,
    known: &[Field],
    path: &Path,
    now: Option<&Value>,
    wanted: Option<&Value>,
) {
    let at = |value: Option<&Value>, key: &str| value.and_then(|value| value.get(key)).cloned();
    for one in known {
        let (now, wanted) = (at(now, &one.key), at(wanted, &one.key));
        field(edits, one, &path.join(&one.key), now.as_ref(), wanted.as_ref());
    }
}

fn field(
    edits: &mut Vec<EditCommand>,
    field: &Field,
    path: &Path,
    now: Option<&Value>,
    wanted: Option<&Value>,
) {
    match &field.ty {
        _ if now == wanted => {}
        FieldType::Map => {}
        FieldType::Text => text(edits, path, now, wanted),
        FieldType::Bilingual => {
            for lang in Lang::ALL {
                let at = |value: Option<&Value>| value.and_then(|value| value.get(lang.key())).cloned();
                text(edits, &path.join(lang.key()), at(now).as_ref(), at(wanted).as_ref());
            }
        }
        FieldType::Links | FieldType::Texts => items(edits, path, now, wanted),
        FieldType::Rows(rows) => {
            let of = |value: Option<&Value>| value.and_then(Value::as_map).cloned().unwrap_or_default();
            let (now, wanted) = (of(now), of(wanted));
            let ids = now.keys().chain(wanted.keys().filter(|id| !now.contains_key(*id)));
            for id in ids {
                let own = rows.of.is_none();
                row(edits, &rows.row.fields, own, &path.join(id), now.get(id), wanted.get(id));
            }
        }
        _ => {
            let value = wanted.cloned().unwrap_or(Value::Null);
            if !matches!((&value, now), (Value::Null, None)) {
                edits.push(EditCommand::SetScalar { path: path.clone(), value });
            }
        }
    }
}

/// A row comes, goes or changes. Rows that belong to rows of another section come with them.
fn row(
    edits: &mut Vec<EditCommand>,
    known: &[Field],
    own: bool,
    path: &Path,
    now: Option<&Value>,
    wanted: Option<&Value>,
) {
    match (now, wanted) {
        (None, Some(wanted)) if own => edits.extend(added(known, path, wanted)),
        (Some(_), None) if own => edits.push(EditCommand::RemoveRow { path: path.clone() }),
        _ => {
            if own {
                let at = |value: Option<&Value>| value.and_then(|value| value.get("order")).cloned();
                order(edits, &path.join("order"), at(now).as_ref(), at(wanted).as_ref());
            }
            fields(edits, known, path, now, wanted);
        }
    }
}

fn added(known: &[Field], path: &Path, wanted: &Value) -> Option<EditCommand> {
    let (path, id) = path.split_last()?;
    let order = wanted.get("order")?.as_str()?.to_owned();
    let start = |field: &Field| {
        let value = wanted.get(&field.key)?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(Value::string);
        let start = match &field.ty {
            FieldType::Bilingual => {
                let languages = ["ru", "en", "source"].into_iter();
                Value::Map(languages.filter_map(|key| Some((key.to_owned(), text(key)?))).collect())
            }
            FieldType::Rows(_) | FieldType::Map => return None,
            FieldType::Text => Value::string(value.as_str()?),
            _ => value.clone(),
        };
        Some((field.key.clone(), start))
    };
    let fields = known.iter().filter_map(start).collect();
    Some(EditCommand::AddRow { path, id: id.to_owned(), order, fields })
}

fn text(edits: &mut Vec<EditCommand>, path: &Path, now: Option<&Value>, wanted: Option<&Value>) {
    let read = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (now, new) = (read(now), read(wanted));
    if now != new {
        edits.push(EditCommand::SetText { path: path.clone(), new });
    }
}

fn order(edits: &mut Vec<EditCommand>, path: &Path, now: Option<&Value>, wanted: Option<&Value>) {
    let (Some((row, _)), Some(order)) = (path.split_last(), wanted.and_then(Value::as_str)) else { return };
    if now.and_then(Value::as_str) != Some(order) {
        edits.push(EditCommand::MoveRow { path: row, order: order.to_owned() });
    }
}

/// The items that both begin and end with stay.
fn items(edits: &mut Vec<EditCommand>, path: &Path, now: Option<&Value>, wanted: Option<&Value>) {
    let read = |value: Option<&Value>| -> Vec<String> {
        let items = value.and_then(Value::as_list).unwrap_or_default();
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let (now, wanted) = (read(now), read(wanted));
    let start = now.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    let rest = now.len().min(wanted.len()) - start;
    let end = now.iter().rev().zip(wanted.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    for at in (start..now.len() - end).rev() {
        edits.push(EditCommand::ListRemove { path: path.clone(), at: place(at) });
    }
    for (at, item) in wanted.iter().enumerate().take(wanted.len() - end).skip(start) {
        edits.push(EditCommand::ListInsert { path: path.clone(), at: place(at), item: item.clone() });
    }
}
