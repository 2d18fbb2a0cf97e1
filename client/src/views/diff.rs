//! What changed between two places of a document's record.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::content::{Section, Value};
use entente_shared::document::Divergence;
use entente_shared::ids::*;
use serde::Serialize;

use super::changes::{ChangeLine, changes};
use super::documents::document_title;
use super::place::Naming;
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Kept, Replica};
use crate::words::Words;

/// A place in a document's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// After the entry of this number.
    Entry(u64),
    /// As it stood at this time (relay time, milliseconds since 1970).
    Time(u64),
    /// As it stands now.
    Head,
}

/// What changed between two places.
#[derive(Clone, Serialize)]
pub struct DocDiff {
    /// The document.
    pub document: DocumentId,
    /// Its title; of the ground rules that of the partnership.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// After which entry it begins.
    pub from: PointRef,
    /// After which entry it ends.
    pub to: PointRef,
    /// The fields that differ.
    pub changes: Vec<ChangeLine>,
    /// Who changed which section meanwhile.
    pub authors: BTreeMap<SectionId, Vec<PersonRef>>,
    #[serde(skip)]
    setting: Setting,
}

/// An entry with its time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PointRef {
    /// The entry's number.
    pub seq: u64,
    /// Its time (relay time, milliseconds since 1970).
    pub time_ms: u64,
}

/// Why two places cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The document is not here, or not on the relay yet.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The record has no entry of this number.
    #[error("there is no entry {0}")]
    Point(u64),
    /// The stored entries do not replay.
    #[error(transparent)]
    Divergence(#[from] Divergence),
}

impl DocDiff {
    /// Compares two places; `kept` are the stored entries of the document, in order.
    ///
    /// # Errors
    ///
    /// There is no such document here, it has no entry yet, or the stored entries are damaged.
    pub fn of(
        replica: &Replica,
        document: DocumentId,
        kept: &[Kept],
        from: Point,
        to: Point,
        now_ms: u64,
    ) -> Result<Self, DiffError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        let naming = Naming::new(&setting, replicated);
        let find = |point| {
            point_of(kept, point).ok_or(match point {
                Point::Entry(seq) => DiffError::Point(seq),
                Point::Time(_) | Point::Head => CommandError::UnknownDocument.into(),
            })
        };
        let (from, to) = (find(from)?, find(to)?);
        let before = replica.content_at(kept, from.seq)?;
        let after = replica.content_at(kept, to.seq)?;
        let names: BTreeSet<&SectionId> = before.keys().chain(after.keys()).collect();
        let value = |content: &BTreeMap<SectionId, Section>, name: &SectionId| -> Option<Value> {
            content.get(name).map(Section::value)
        };
        let mut found = Vec::new();
        for name in names {
            let (old, new) = (value(&before, name), value(&after, name));
            found.extend(changes(&naming, name, old.as_ref(), new.as_ref()));
        }
        let mut authors: BTreeMap<SectionId, Vec<PersonRef>> = BTreeMap::new();
        for origin in replicated.origins().iter().filter(|one| one.seq > from.seq && one.seq <= to.seq) {
            let person = setting.person_of(&origin.device);
            let touched = origin.sections.iter().filter(|section| {
                !origin.held && found.iter().any(|change| change.place.section == **section)
            });
            for section in touched {
                let people = authors.entry(section.clone()).or_default();
                people.extend(person.clone().filter(|person| !people.contains(person)));
            }
        }
        let title = replicated.ledger().document().title().to_owned();
        let kind = replicated.ledger().document().kind().id.clone();
        Ok(Self { document, title, kind, from, to, changes: found, authors, setting: setting.clone() })
    }

    /// The differences for people.
    pub fn text(&self, words: &Words) -> String {
        let lang = words.lang();
        let point = |point: PointRef| {
            let when = self.setting.time(words, point.time_ms);
            words.say("doc-diff-point", args![seq = point.seq, when])
        };
        let (from, to) = (point(self.from), point(self.to));
        if self.changes.is_empty() {
            return words.say("doc-diff-none", args![from, to]) + "\n";
        }
        let title = document_title(words, Some(&self.kind), &self.title);
        let mut text = words.say("doc-diff-title", args![title, from, to]) + "\n";
        let mut table = Table::default();
        for change in &self.changes {
            let people = self.authors.get(&change.place.section).into_iter().flatten();
            let names: Vec<_> = people.map(|person| self.setting.name(words, person)).collect();
            table.row([change.place_text(lang).to_owned(), change.values_text(words), names.join(", ")]);
        }
        text += &table.text("  ");
        text
    }
}

/// The entry that a point means: the last one that is not after it.
fn point_of(kept: &[Kept], point: Point) -> Option<PointRef> {
    let not_after = |one: &&Kept| match point {
        Point::Entry(seq) => one.position.seq <= seq,
        Point::Time(at_ms) => one.time_ms <= at_ms,
        Point::Head => true,
    };
    // Before its first entry a document is as it was created.
    let found = kept.iter().rev().find(not_after).or(kept.first())?;
    Some(PointRef { seq: found.position.seq, time_ms: found.time_ms })
}
