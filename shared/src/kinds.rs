//! Kinds of documents, as data: sections, fields, choices, labels and template content.
//!
//! A kind is read from a file in `shared/kinds/`, so a new kind needs no Rust. What a field may
//! hold follows from its [`FieldType`]; where it stands in a document follows from
//! [`Kind::slot`]; what a new document begins with is [`Kind::genesis`].

mod address;
mod genesis;
mod parse;
mod slot;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::content::Value;
use crate::ids::{KindId, SectionId};

pub use address::{Address, AddressError, Around};
pub use genesis::{GENESIS_ACTOR, create_fields, row_id};
pub use parse::KindError;
pub use slot::Slot;

/// A language in which every document can be read and written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Russian.
    #[n(0)]
    Ru,
    /// English.
    #[n(1)]
    En,
}

impl Lang {
    /// Both languages, in the order in which forms show them.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The key of this language inside a bilingual field.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language with this key, if there is one.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.key() == key)
    }

    /// The other language of a bilingual field.
    pub fn other(self) -> Self {
        match self {
            Self::Ru => Self::En,
            Self::En => Self::Ru,
        }
    }
}

/// The same words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    /// The words in one language, with `{variable}` replaced by what stands for it.
    pub fn fill(&self, lang: Lang, variable: &str, name: &str) -> String {
        self.get(lang).replace(&format!("{{{variable}}}"), name)
    }
}

/// A kind of document, in one version of its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// The name by which statements refer to it, such as `matrix`.
    pub id: KindId,
    /// The version of its schema; a document keeps the one that it was created with.
    pub schema: u32,
    /// What people call it.
    pub label: Words,
    /// What it is for.
    pub help: Option<Words>,
    /// Its sections, in the order in which people read them.
    pub sections: Vec<SectionKind>,
}

/// A section of a kind, or a family of sections with one variable (`party/{party}`).
#[derive(Debug, Clone, PartialEq)]
pub struct SectionKind {
    /// Which section names belong to it.
    pub pattern: Pattern,
    /// What people call it; may contain the pattern's variable in braces.
    pub label: Words,
    /// What it is for.
    pub help: Option<Words>,
    /// Labels of its own for some subjects, such as the market `us`.
    pub subject_labels: BTreeMap<String, Words>,
    /// The field whose rows can be addressed without naming the field.
    pub main: Option<String>,
    /// Its fields, in the order in which people read them.
    pub fields: Vec<Field>,
    /// The first changes that were built already.
    built: genesis::Built,
}

/// The name of a section, exact or with one variable after a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The part before the slash, or the whole name.
    pub family: String,
    /// The variable's name, such as `party`.
    pub variable: Option<String>,
}

impl Pattern {
    /// Tells whether a section of this name belongs to the pattern.
    pub fn matches(&self, section: &SectionId) -> bool {
        let (family, subject) = section.split();
        family == self.family
            && subject.is_some() == self.variable.is_some()
            && subject.is_none_or(|subject| !subject.contains('/'))
            && section.is_valid()
    }

    /// The section of this family for one subject; `None` if the family has no variable.
    pub fn section(&self, subject: &str) -> Option<SectionId> {
        self.variable.as_ref()?;
        let section = SectionId::new(format!("{}/{subject}", self.family));
        self.matches(&section).then_some(section)
    }

    /// The pattern as the kind's file writes it.
    pub fn name(&self) -> String {
        match &self.variable {
            Some(variable) => format!("{}/{{{variable}}}", self.family),
            None => self.family.clone(),
        }
    }
}

/// A field of a section or of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key in the section's document.
    pub key: String,
    /// What it may hold.
    pub ty: FieldType,
    /// What people call it.
    pub label: Words,
    /// What to write there.
    pub help: Option<Words>,
    /// What a new document or row begins with.
    pub start: Option<Start>,
    /// What it begins with in the sections of some subjects, instead of `start`.
    pub start_for: BTreeMap<String, Start>,
    /// Whether the section is not clear without it, and so not signed.
    pub needed: bool,
}

/// What a field may hold, and as which Automerge value.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldType {
    /// One of the given words: a string.
    Choice(Vec<Choice>),
    /// A member by hexadecimal person id, or the name of somebody outside: a string.
    Person,
    /// Long text in one language: an Automerge text.
    Text,
    /// `{source, ru: text, en: text, translated_from}`.
    Bilingual,
    /// A short string, replaced as a whole.
    String,
    /// A list of strings.
    Links,
    /// A whole number.
    Number,
    /// An amount of money with its currency ([`crate::money::Amount`]): a string.
    Money,
    /// A day, `2026-11-24`: a string.
    Date,
    /// A moment: a timestamp in milliseconds since 1970 (UTC).
    Time,
    /// Yes or no: a boolean.
    Flag,
    /// A list of Automerge texts.
    Texts,
    /// A map whose content the kind does not describe.
    Map,
    /// A map of rows, keyed by UUID.
    Rows(Rows),
}

/// One word of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The word that is stored.
    pub word: String,
    /// What people read.
    pub label: Words,
    /// What it means.
    pub help: Option<Words>,
}

/// Rows of one type.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The type of each row.
    pub row: RowType,
    /// The section and field whose rows these belong to: then they carry the same UUIDs and no
    /// `order` of their own.
    pub of: Option<(String, String)>,
    /// The rows that a new document begins with.
    pub template: Vec<TemplateRow>,
}

/// The type of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowType {
    /// Its name in the kind's file.
    pub name: String,
    /// What people call such a row.
    pub label: Words,
    /// The field that is meant when only the row is named.
    pub main: Option<String>,
    /// Its fields; rows are never nested.
    pub fields: Vec<Field>,
}

impl RowType {
    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// A row of the template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateRow {
    /// The word from which its UUID is derived, and by which people may address it.
    pub key: String,
    /// Its UUID, in text.
    pub id: String,
    /// What its fields begin with.
    pub start: BTreeMap<String, Start>,
}

/// What a field begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// A scalar value.
    Scalar(Value),
    /// The content of a text.
    Text(String),
    /// The content of a bilingual text, and in which language it was written first.
    Bilingual(Words, Lang),
    /// The items of a list.
    Items(Vec<String>),
}

/// What this program knows of a kind and schema version that a document names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lookup {
    /// It can be read and written.
    Known(&'static Kind),
    /// The kind is known, but only up to the schema version given: read-only.
    Newer {
        /// The newest version that this program knows.
        known: u32,
    },
    /// No kind of this name is known.
    Unknown,
}

impl Lookup {
    /// The kind, where it is known in this very version.
    pub fn known(self) -> Option<&'static Kind> {
        match self {
            Self::Known(kind) => Some(kind),
            Self::Newer { .. } | Self::Unknown => None,
        }
    }
}

/// The kind of the charter.
pub const CHARTER: &str = "charter";

const FILES: [&str; 6] = [
    include_str!("../kinds/charter.toml"),
    include_str!("../kinds/matrix.toml"),
    include_str!("../kinds/brief.toml"),
    include_str!("../kinds/playbook.toml"),
    include_str!("../kinds/playbook-2.toml"),
    include_str!("../kinds/terms.toml"),
];

/// Every kind that this program knows, the charter first.
///
/// # Panics
///
/// Never in a build whose tests pass: the files are compiled in, and a test reads them all.
pub fn all() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        FILES.iter().map(|file| Kind::parse(file).expect("the kinds compiled in are valid")).collect()
    })
}

/// Finds the kind that a document's `Create` statement names.
pub fn find(kind: &KindId, schema: u32) -> Lookup {
    let versions = all().iter().filter(|known| known.id == *kind);
    if let Some(known) = versions.clone().find(|known| known.schema == schema) {
        return Lookup::Known(known);
    }
    match versions.map(|known| known.schema).max() {
        Some(known) => Lookup::Newer { known },
        None => Lookup::Unknown,
    }
}

/// The newest schema version of a kind, for creating a document.
pub fn newest(kind: &KindId) -> Option<&'static Kind> {
    all().iter().filter(|known| known.id == *kind).max_by_key(|known| known.schema)
}

impl Kind {
    /// Reads a kind from its file.
    ///
    /// # Errors
    ///
    /// Says what is wrong: an unknown key, a missing language, an unknown type, choice or row.
    pub fn parse(file: &str) -> Result<Self, KindError> {
        parse::kind(file)
    }

    /// The section kind that a section's name belongs to.
    pub fn section(&self, section: &SectionId) -> Option<&SectionKind> {
        self.sections.iter().find(|candidate| candidate.pattern.matches(section))
    }

    /// The sections that exist for the given subjects, such as the parties under `party`.
    ///
    /// `subjects` maps a variable's name to what it may stand for.
    pub fn sections_for(&self, subjects: &BTreeMap<String, Vec<String>>) -> Vec<SectionId> {
        let expand = |section: &SectionKind| match &section.pattern.variable {
            None => vec![SectionId::new(section.pattern.family.clone())],
            Some(variable) => subjects
                .get(variable)
                .map(|names| names.iter().filter_map(|name| section.pattern.section(name)).collect())
                .unwrap_or_default(),
        };
        self.sections.iter().flat_map(expand).collect()
    }
}

impl SectionKind {
    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What people call the section of this family for `subject`, whose name is `name`.
    pub fn title(&self, lang: Lang, subject: Option<&str>, name: &str) -> String {
        let own = subject.and_then(|subject| self.subject_labels.get(subject));
        match &self.pattern.variable {
            Some(variable) => own.unwrap_or(&self.label).fill(lang, variable, name),
            None => self.label.get(lang).to_owned(),
        }
    }
}

impl Field {
    /// The choice of this word, if the field is a choice and has it.
    pub fn choice(&self, word: &str) -> Option<&Choice> {
        match &self.ty {
            FieldType::Choice(choices) => choices.iter().find(|choice| choice.word == word),
            _ => None,
        }
    }

    /// The rows, if the field holds rows.
    pub fn rows(&self) -> Option<&Rows> {
        match &self.ty {
            FieldType::Rows(rows) => Some(rows),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
