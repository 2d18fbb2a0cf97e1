//! What differs between two states of a section, field by field, as people would say it.

use std::collections::BTreeSet;

use entente_shared::content::{Path, Value};
use entente_shared::ids::SectionId;
use entente_shared::kinds::{Lang, Slot, Start};
use serde::Serialize;

use super::place::{Naming, PlaceRef, Shown};
use crate::words::Words;

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeLine {
    /// Where.
    pub place: PlaceRef,
    /// What stood there.
    pub before: Shown,
    /// What stands there.
    pub after: Shown,
    /// Whether another value would go on standing there, because it was written without seeing this one.
    pub loses: bool,
}

impl ChangeLine {
    /// The place as people call it.
    pub fn place_text(&self, lang: Lang) -> &str {
        self.place.label.get(lang)
    }

    /// `to discuss → own`.
    pub fn values_text(&self, words: &Words) -> String {
        let (from, to) = (self.before.label.get(words.lang()), self.after.label.get(words.lang()));
        words.say("change-from-to", crate::args![from, to])
    }
}

/// Compares two states of a section, in the order of paths. A row that is new or gone shows its
/// fields; what people do not read (order of rows, marks of translations) is left out.
pub fn changes(
    naming: &Naming<'_>,
    section: &SectionId,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Vec<ChangeLine> {
    let mut found = Vec::new();
    compare(naming, section, &Path::default(), before, after, &mut found);
    found
}

fn compare(
    naming: &Naming<'_>,
    section: &SectionId,
    path: &Path,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<ChangeLine>,
) {
    if before == after {
        return;
    }
    let slot = naming.kind().slot(section, path);
    if matches!(slot, Some(Slot::Order | Slot::Source(_) | Slot::TranslatedFrom(_))) {
        return;
    }
    let maps = [before, after].map(|value| value.and_then(Value::as_map));
    let goes_deeper = maps.iter().any(Option::is_some)
        && [before, after].iter().zip(&maps).all(|(value, map)| value.is_none() || map.is_some());
    if !goes_deeper {
        let unchanged_start = before.is_none() && after.is_some_and(|value| is_start(slot, value));
        if !unchanged_start {
            found.push(ChangeLine {
                place: naming.place(section, path),
                before: naming.shown(section, path, before),
                after: naming.shown(section, path, after),
                loses: false,
            });
        }
        return;
    }
    let count = found.len();
    let keys: BTreeSet<&String> = maps.iter().flatten().flat_map(|map| map.keys()).collect();
    for key in keys {
        let at = |value: Option<&'_ Value>| value.and_then(|value| value.get(key)).cloned();
        compare(naming, section, &path.join(key), at(before).as_ref(), at(after).as_ref(), found);
    }
    // A row that says nothing yet, or whose fields were all empty, is there or gone all the same.
    if found.len() == count && matches!(slot, Some(Slot::Row(rows)) if rows.of.is_none()) {
        found.push(ChangeLine {
            place: naming.place(section, path),
            before: naming.shown(section, path, before),
            after: naming.shown(section, path, after),
            loses: false,
        });
    }
}

/// Tells whether a new field holds only what every new field of its type begins with.
fn is_start(slot: Option<Slot<'_>>, value: &Value) -> bool {
    let empty = match value {
        Value::Text(text) | Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    };
    let start = match slot {
        Some(Slot::Field(field)) => field.start.as_ref(),
        _ => None,
    };
    empty || matches!(start, Some(Start::Scalar(start)) if start == value)
}
