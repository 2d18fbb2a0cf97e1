//! What of the content the judge may look at: a pure function of effective content at given heads.
//!
//! Edits need none of it, so they are admitted without reading any content. A signature rests on
//! the digest of what is signed, and on nothing being open there.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::Serialize;

use super::Refusal;
use crate::content::{Path, Section, Value, content_digest};
use crate::document::Document;
use crate::ids::*;
use crate::kinds::{Field, FieldType, Kind, Lang};
use crate::money::Amount;
use crate::mutants::Mutant;
use crate::statement::SignedContent;
use crate::views::{Docs, MatrixView, Translation, translations};

/// A reason why a section cannot be signed yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[serde(tag = "unready", rename_all = "kebab-case")]
pub enum Unready {
    /// A party that is to sign has written nothing in the document.
    #[n(0)]
    OneSided {
        /// The party.
        #[n(0)]
        party: PartyId,
    },
    /// A field has several values.
    #[n(1)]
    TwoValues {
        /// The field.
        #[n(0)]
        path: Path,
    },
    /// A text is there in one language only.
    #[n(2)]
    Untranslated {
        /// The field.
        #[n(0)]
        path: Path,
    },
    /// A translation is older than its source.
    #[n(3)]
    OldTranslation {
        /// The field.
        #[n(0)]
        path: Path,
    },
    /// Several teams do this, and nothing is agreed about it.
    #[n(4)]
    Overlap {
        /// The row of the function.
        #[n(0)]
        row: String,
    },
    /// Nobody does this.
    #[n(5)]
    Gap {
        /// The row of the function.
        #[n(0)]
        row: String,
    },
    /// A field is empty without which the section is not clear (rules version 3).
    #[n(7)]
    Empty {
        /// The field.
        #[n(0)]
        path: Path,
    },
    /// A suggestion to the section waits.
    #[n(6)]
    Waiting {
        /// The suggestion.
        #[n(0)]
        hold: StatementId,
    },
}

impl Unready {
    /// The id of the party, the path of the field or the row of the function that it is about.
    pub fn about(&self) -> String {
        match self {
            Self::OneSided { party } => party.to_string(),
            Self::TwoValues { path }
            | Self::Untranslated { path }
            | Self::OldTranslation { path }
            | Self::Empty { path } => path.to_string(),
            Self::Overlap { row } | Self::Gap { row } => row.clone(),
            Self::Waiting { hold } => hold.short(),
        }
    }
}

/// What some sections' content says.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    sections: BTreeMap<SectionId, SectionFacts>,
}

#[derive(Debug, Clone)]
struct SectionFacts {
    heads: Vec<ChangeId>,
    digest: ContentDigest,
    unready: Vec<Unready>,
    /// Every amount of money in it, by the keys that lead to it between slashes.
    amounts: Vec<(String, Amount)>,
}

/// The section of a matrix in which overlaps are settled.
const SPLIT: &str = "split";
/// The kind whose functions two teams may both own, or nobody.
const MATRIX: &str = "matrix";

/// The sections whose content it takes to sign `signed` in a document with sections `all`.
pub(crate) fn rests_on<'a>(
    kind: &KindId,
    signed: &[SectionId],
    all: impl Iterator<Item = &'a SectionId>,
) -> Vec<SectionId> {
    let mut wanted = signed.to_vec();
    if kind.as_str() == MATRIX && signed.iter().any(|section| section.as_str() == SPLIT) {
        let settles =
            |section: &&SectionId| matches!(section.split(), ("functions", None) | ("party", Some(_)));
        wanted.extend(all.filter(settles).cloned());
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

impl Facts {
    /// Reads the facts from the content of all sections that [`Document::rests_on`] names.
    pub fn read(kind: &Kind, mut contents: BTreeMap<SectionId, Section>) -> Self {
        let heads: Vec<_> = contents.values_mut().map(Section::heads).collect();
        let docs: Docs<'_> = contents.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
        let mut sections = BTreeMap::new();
        for ((name, section), heads) in contents.iter().zip(heads) {
            let value = section.value();
            let mut unready = two_values(section);
            unready.extend(empty(kind, name, &value));
            unready.extend(texts(kind, name, section));
            if kind.id.as_str() == MATRIX && name.as_str() == SPLIT {
                unready.extend(unsettled(kind, &docs));
            }
            let mut amounts = Vec::new();
            collect_amounts(&value, "", &mut amounts);
            let digest = content_digest(&value);
            sections.insert(name.clone(), SectionFacts { heads, digest, unready, amounts });
        }
        Self { sections }
    }

    /// Checks that `item` names the content that stands, and that these facts are about that.
    pub(super) fn check(&self, document: &Document, item: &SignedContent) -> Result<(), Refusal> {
        let stale = |section: &SectionId| Refusal::Stale { section: section.clone() };
        let all = document.sections().keys();
        for section in rests_on(&document.kind().id, std::slice::from_ref(&item.section), all) {
            let known = document.sections().get(&section).and_then(|section| section.known());
            let Some((known, facts)) = known.zip(self.sections.get(&section)) else {
                return Err(Refusal::Dependency { detail: format!("the content of {section}") });
            };
            if known.index.heads() != facts.heads {
                return Err(stale(&section));
            }
        }
        let facts = self.sections.get(&item.section);
        let same = facts.is_some_and(|facts| facts.heads == item.heads && facts.digest == item.digest);
        if same || Mutant::StaleSignature.is_on() { Ok(()) } else { Err(stale(&item.section)) }
    }

    /// The amount of money in a field of a section with these heads.
    pub(super) fn amount(&self, section: &SectionId, heads: &[ChangeId], field: &str) -> Option<Amount> {
        let facts = self.sections.get(section).filter(|facts| facts.heads == heads)?;
        facts.amounts.iter().find(|(at, _)| at == field).map(|(_, amount)| *amount)
    }

    /// What is to be settled in a section before it can be signed.
    pub(super) fn unready(&self, section: &SectionId) -> Vec<Unready> {
        self.sections.get(section).map(|facts| facts.unready.clone()).unwrap_or_default()
    }
}

/// Fields that are empty without which the section is not clear.
fn empty(kind: &Kind, name: &SectionId, value: &Value) -> Vec<Unready> {
    let fields = kind.section(name).map(|section| section.fields.as_slice()).unwrap_or_default();
    let missing =
        |field: &&Field| field.needed && value.get(&field.key).is_none_or(|value| !says(field, value));
    let reason = |field: &Field| Unready::Empty { path: Path::new([field.key.as_str()]) };
    fields.iter().filter(missing).map(reason).collect()
}

/// Tells whether something is said in a field: of rows, in the main field of one.
fn says(field: &Field, value: &Value) -> bool {
    match (&field.ty, value) {
        (FieldType::Rows(rows), Value::Map(map)) => {
            let main = rows.row.main.as_ref().and_then(|main| rows.row.field(main));
            main.is_some_and(|main| {
                map.values().any(|row| row.get(&main.key).is_some_and(|one| says(main, one)))
            })
        }
        (FieldType::Bilingual, value) => {
            let said = |lang: Lang| value.get(lang.key()).and_then(Value::as_str);
            Lang::ALL.into_iter().filter_map(said).any(|text| !text.trim().is_empty())
        }
        (_, Value::Null) => false,
        (FieldType::Money, value) => value.as_str().is_some_and(|text| Amount::parse(text).is_some()),
        (_, Value::String(text) | Value::Text(text)) => !text.trim().is_empty(),
        (_, Value::List(items)) => !items.is_empty(),
        _ => true,
    }
}

/// Finds the amounts of money in a map and the maps in it.
fn collect_amounts(value: &Value, path: &str, found: &mut Vec<(String, Amount)>) {
    for (key, value) in value.as_map().into_iter().flatten().filter(|(key, _)| !key.contains('/')) {
        let at = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
        match value {
            Value::String(text) => found.extend(Amount::parse(text).map(|amount| (at, amount))),
            Value::Map(_) => collect_amounts(value, &at, found),
            _ => {}
        }
    }
}

fn two_values(section: &Section) -> Vec<Unready> {
    section.conflicts().into_iter().map(|conflict| Unready::TwoValues { path: conflict.path }).collect()
}

/// A text that is there has to be there in both languages.
fn texts(kind: &Kind, name: &SectionId, section: &Section) -> Vec<Unready> {
    let docs: Docs<'_> = [(name.clone(), section.doc())].into();
    let reason = |state: crate::views::translation::TranslationState| match state.translation {
        Translation::Missing => Some(Unready::Untranslated { path: state.path }),
        Translation::Outdated => Some(Unready::OldTranslation { path: state.path }),
        Translation::Empty | Translation::Current => None,
    };
    translations(kind, &docs).into_iter().filter_map(reason).collect()
}

/// Overlaps without agreement, and functions that nobody owns.
fn unsettled(kind: &Kind, docs: &Docs<'_>) -> Vec<Unready> {
    let columns = docs.keys().filter_map(|section| match section.split() {
        ("party", Some(party)) => Some(PartyId::new(party)),
        _ => None,
    });
    let matrix = MatrixView::new(kind, &columns.collect::<Vec<_>>(), docs);
    let overlaps = matrix.overlaps.into_iter().filter(|overlap| !overlap.settled);
    let overlaps = overlaps.map(|overlap| Unready::Overlap { row: overlap.function });
    overlaps.chain(matrix.gaps.into_iter().map(|gap| Unready::Gap { row: gap.function })).collect()
}
