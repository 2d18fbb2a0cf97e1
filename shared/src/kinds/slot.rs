//! What a kind says about the place that a path names.

use super::{Field, FieldType, Kind, Lang, Rows, SectionKind};
use crate::content::Path;
use crate::ids::SectionId;

/// A place in a section, as its kind describes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slot<'a> {
    /// The section itself.
    Section(&'a SectionKind),
    /// A field of the section or of a row.
    Field(&'a Field),
    /// A row.
    Row(&'a Rows),
    /// The place of a row among the others: a key of [`crate::content::order`].
    Order,
    /// One language of a bilingual field: a text.
    Language(&'a Field, Lang),
    /// Which language of a bilingual field is the source.
    Source(&'a Field),
    /// The mark of the source text that the translation was made from.
    TranslatedFrom(&'a Field),
    /// An item of a list, by its index.
    Item(&'a Field, usize),
    /// A place below a map whose content the kind does not describe.
    Open,
}

impl Kind {
    /// Finds what stands at `path` in `section`; `None` where the kind has nothing.
    pub fn slot(&self, section: &SectionId, path: &Path) -> Option<Slot<'_>> {
        let section = self.section(section)?;
        let Some((key, rest)) = path.0.split_first() else {
            return Some(Slot::Section(section));
        };
        let field = section.field(key)?;
        match (&field.ty, rest) {
            (FieldType::Rows(rows), [_id]) => Some(Slot::Row(rows)),
            (FieldType::Rows(rows), [_id, key]) if key == "order" && rows.of.is_none() => Some(Slot::Order),
            (FieldType::Rows(rows), [_id, key, rest @ ..]) => below(rows.row.field(key)?, rest),
            _ => below(field, rest),
        }
    }
}

fn below<'a>(field: &'a Field, rest: &[String]) -> Option<Slot<'a>> {
    match (&field.ty, rest) {
        (_, []) => Some(Slot::Field(field)),
        (FieldType::Map, _) => Some(Slot::Open),
        (FieldType::Bilingual, [key]) => match key.as_str() {
            "source" => Some(Slot::Source(field)),
            "translated_from" => Some(Slot::TranslatedFrom(field)),
            language => Lang::from_key(language).map(|lang| Slot::Language(field, lang)),
        },
        (FieldType::Links | FieldType::Texts, [index]) => {
            index.parse().ok().map(|index| Slot::Item(field, index))
        }
        _ => None,
    }
}
