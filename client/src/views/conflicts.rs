//! Fields with several values: who wrote which, and when.

use automerge::AutoCommit;
use entente_shared::content::{Competing, EditCommand, Path, Section, conflicts, parted, value_at};
use entente_shared::ids::*;
use entente_shared::kinds;
use serde::Serialize;

use super::documents::document_name;
use super::place::{Naming, PlaceRef, Shown};
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Meeting, Replica, Replicated, TextEdit, actors};
use crate::words::Words;

/// The fields of one document that hold several values.
#[derive(Clone, Serialize)]
pub struct Conflicts {
    /// The document.
    pub document: DocumentId,
    /// The word by which commands take it.
    pub name: String,
    /// The fields, in reading order.
    pub fields: Vec<ConflictField>,
    /// The texts that two people edited without seeing each other's edits.
    pub texts: Vec<TextConflict>,
    #[serde(skip)]
    setting: Setting,
}

/// What is written if one of several values or versions is kept.
pub struct Keeping<'a> {
    /// Where.
    pub place: &'a PlaceRef,
    /// The edit.
    pub command: EditCommand,
    /// What people read there then.
    pub shown: kinds::Words,
}

/// A field with several values.
#[derive(Clone, Debug, Serialize)]
pub struct ConflictField {
    /// Where.
    pub place: PlaceRef,
    /// The values; the last is the one that stands until somebody chooses.
    pub values: Vec<ConflictValue>,
}

/// One of the values.
#[derive(Clone, Debug, Serialize)]
pub struct ConflictValue {
    /// By what to choose it: `1a`.
    pub key: String,
    /// The value.
    pub shown: Shown,
    /// Who wrote it; absent if that is not known here.
    pub person: Option<PersonRef>,
    /// When, by the clock of the writer's device (milliseconds since 1970).
    pub written_ms: Option<u64>,
    /// The statement that carried it; absent while it is not signed.
    pub statement: Option<StatementId>,
}

/// A text that two people edited without seeing each other's edits. It has merged letter by letter.
#[derive(Clone, Debug, Serialize)]
pub struct TextConflict {
    /// Where.
    pub place: PlaceRef,
    /// What both had seen.
    pub base: String,
    /// What stands there now.
    pub stands: String,
    /// Both versions, the one that arrived first before the other.
    pub versions: Vec<TextVersion>,
}

/// What one of them wrote.
#[derive(Clone, Debug, Serialize)]
pub struct TextVersion {
    /// By what to choose it: `1a`.
    pub key: String,
    /// The text as they left it.
    pub text: String,
    /// Who.
    pub person: Option<PersonRef>,
    /// Whether it was the reader.
    pub mine: bool,
    /// When, by the clock of their device (milliseconds since 1970).
    pub written_ms: u64,
    /// The statement that carried it.
    pub statement: StatementId,
}

impl TextConflict {
    fn of(
        setting: &Setting,
        naming: &Naming<'_>,
        (section, path, meeting): (&SectionId, &Path, &Meeting),
        content: &Section,
        number: usize,
    ) -> Option<Self> {
        let stands = value_at(content.doc(), path)?.as_str()?.to_owned();
        let parted = parted(&mut content.doc().clone(), path, meeting.first.change, meeting.second.change)?;
        if parted.first == parted.second {
            return None;
        }
        let version = |letter, edit: &TextEdit, text| {
            let person = setting.person_of(&edit.device);
            TextVersion {
                key: format!("{number}{letter}"),
                text,
                mine: person.as_ref().is_some_and(|person| setting.is_me(&person.id)),
                person,
                written_ms: edit.clock_ms,
                statement: edit.statement,
            }
        };
        let first = version('a', &meeting.first, parted.first);
        let second = version('b', &meeting.second, parted.second);
        let place = naming.place(section, path);
        Some(Self { place, base: parted.base, stands, versions: vec![first, second] })
    }
}

/// The texts of a document that two people edited without seeing each other's edits, and that the
/// reader has not edited since.
///
/// # Errors
///
/// There is no such document here.
pub fn both_edited(replica: &Replica, document: DocumentId) -> Result<Vec<(SectionId, Path)>, CommandError> {
    let replicated = replica.replicated(document)?;
    if replicated.meetings().iter().next().is_none() {
        return Ok(Vec::new());
    }
    let (working, effective) = (replica.working(document)?, replicated.effective());
    let is_open = |section: &SectionId, path: &Path| {
        let (content, shared) = (working.get(section)?, effective.get(section)?);
        // Whoever has edited it since has answered.
        (value_at(content.doc(), path) == value_at(shared.doc(), path)).then_some(())
    };
    let open = replicated.meetings().iter().filter(|(section, path, _)| is_open(section, path).is_some());
    Ok(open.map(|(section, path, _)| (section.clone(), path.clone())).collect())
}

impl Conflicts {
    /// Finds them in one document, own changes included.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        let naming = Naming::new(&setting, replicated);
        let mut fields = Vec::new();
        for (section, content) in replica.working(document)? {
            let found = conflicts(content.doc());
            if found.is_empty() {
                continue;
            }
            // Asking for a change's number needs the document for itself.
            let mut doc = content.doc().clone();
            for conflict in found {
                let number = fields.len() + 1;
                let values = conflict.values.iter().zip('a'..='z').map(|(value, letter)| {
                    let who = Author::of(replica, replicated, &setting, &mut doc, value);
                    ConflictValue {
                        key: format!("{number}{letter}"),
                        shown: naming.shown(&section, &conflict.path, Some(&value.value)),
                        person: who.person,
                        written_ms: who.written_ms,
                        statement: who.statement,
                    }
                });
                let values = values.collect();
                fields.push(ConflictField { place: naming.place(&section, &conflict.path), values });
            }
        }
        let mut texts = Vec::new();
        let (open, effective) = (both_edited(replica, document)?, replicated.effective());
        for found in replicated.meetings().iter() {
            let (section, path, _) = found;
            let is_open = open.iter().any(|(other, at)| other == section && at == path);
            if let Some(shared) = effective.get(section).filter(|_| is_open) {
                let number = fields.len() + texts.len() + 1;
                texts.extend(TextConflict::of(&setting, &naming, found, shared, number));
            }
        }
        Ok(Self { document, name: document_name(replica, document), fields, texts, setting })
    }

    /// What to write if the person keeps the value or version `key`; `None` if there is none.
    pub fn keep(&self, key: &str) -> Option<Keeping<'_>> {
        let mut values =
            self.fields.iter().flat_map(|field| field.values.iter().map(move |value| (field, value)));
        if let Some((field, value)) = values.find(|(_, value)| value.key == key) {
            let path = field.place.path.clone();
            let command = EditCommand::Resolve { path, value: value.shown.value.clone()? };
            return Some(Keeping { place: &field.place, command, shown: value.shown.label.clone() });
        }
        let mut versions =
            self.texts.iter().flat_map(|text| text.versions.iter().map(move |version| (text, version)));
        let (text, version) = versions.find(|(_, version)| version.key == key)?;
        let command = EditCommand::SetText { path: text.place.path.clone(), new: version.text.clone() };
        let shown = kinds::Words { ru: version.text.clone(), en: version.text.clone() };
        Some(Keeping { place: &text.place, command, shown })
    }

    /// The keys of all values and versions.
    pub fn keys(&self) -> Vec<String> {
        let values = self.fields.iter().flat_map(|field| &field.values).map(|value| value.key.clone());
        let versions = self.texts.iter().flat_map(|text| &text.versions).map(|version| version.key.clone());
        values.chain(versions).collect()
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        if self.fields.is_empty() && self.texts.is_empty() {
            return words.say("conflict-none", args![]) + "\n";
        }
        let lang = words.lang();
        let mut text = String::new();
        for field in &self.fields {
            text += &(words.say("conflict-field", args![place = field.place.label.get(lang)]) + "\n");
            let mut table = Table::default();
            for value in &field.values {
                let shown = words.say("quoted", args![text = value.shown.label.get(lang)]);
                table.row([value.key.clone(), shown, self.by(words, value)]);
            }
            text += &table.text("  ");
        }
        for conflict in &self.texts {
            text += &(words.say("conflict-text", args![place = conflict.place.label.get(lang)]) + "\n");
            for version in &conflict.versions {
                let by = self.name_and_time(words, version.person.as_ref(), Some(version.written_ms));
                text += &format!("  {}  {by}\n", version.key);
                text += &indented(&version.text);
            }
            text += &format!("  {}\n", words.say("conflict-text-stands", args![]));
            text += &indented(&conflict.stands);
        }
        let first = self.fields.first().and_then(|field| field.values.first()).map(|value| &value.key);
        let first = first.or(self.texts.first().and_then(|text| text.versions.first()).map(|one| &one.key));
        let (document, key) = (self.name.as_str(), first.map_or("", String::as_str));
        text + &words.say("conflict-keep", args![document, key]) + "\n"
    }

    fn by(&self, words: &Words, value: &ConflictValue) -> String {
        self.name_and_time(words, value.person.as_ref(), value.written_ms)
    }

    fn name_and_time(&self, words: &Words, person: Option<&PersonRef>, written_ms: Option<u64>) -> String {
        let name = match person {
            Some(person) => self.setting.name(words, person),
            None => words.say("someone-unknown", args![]),
        };
        let party = person.and_then(|person| person.party.as_ref());
        match written_ms {
            Some(at_ms) => format!("{name}, {}", self.setting.time_of(words, at_ms, party)),
            None => name,
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("      {line}\n")).collect()
}

/// Who wrote a value.
struct Author {
    person: Option<PersonRef>,
    written_ms: Option<u64>,
    statement: Option<StatementId>,
}

impl Author {
    fn of(
        replica: &Replica,
        replicated: &Replicated,
        setting: &Setting,
        doc: &mut AutoCommit,
        value: &Competing,
    ) -> Self {
        let seq =
            value.change.and_then(|change| doc.get_change_meta_by_hash(&change.into()).map(|meta| meta.seq));
        let (Some(actor), Some(seq)) = (value.actor, seq) else {
            // It is not committed: the reader is writing it.
            let me = setting.me().map(|me| setting.person(me.person));
            return Self { person: me, written_ms: Some(setting.now_ms()), statement: None };
        };
        if let Some(origin) = replicated.origins().of_change(&actor, seq) {
            return Self {
                person: setting.person_of(&origin.device),
                written_ms: Some(origin.clock_ms),
                statement: Some(origin.statement),
            };
        }
        let own = replica.outgoing().map(|outgoing| &outgoing.statement);
        let own = own.filter(|statement| actors(statement).iter().any(|(used, _)| *used == actor)).last();
        Self {
            person: own.and_then(|statement| setting.person_of(&statement.header.device)),
            written_ms: own.map(|statement| statement.header.clock_ms),
            statement: own.map(|statement| statement.id),
        }
    }
}
