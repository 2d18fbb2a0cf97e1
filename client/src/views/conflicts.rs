//! Fields with several values: who wrote which, and when.

use automerge::AutoCommit;
use entente_shared::content::{Competing, Path, Value, conflicts};
use entente_shared::ids::*;
use serde::Serialize;

use super::documents::document_name;
use super::place::{Naming, PlaceRef, Shown};
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica, Replicated, actors};
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
    #[serde(skip)]
    setting: Setting,
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
        Ok(Self { document, name: document_name(replica, document), fields, setting })
    }

    /// What to write where if the person keeps the value `key`; `None` if there is none.
    pub fn keep(&self, key: &str) -> Option<(SectionId, Path, Value)> {
        let values =
            self.fields.iter().flat_map(|field| field.values.iter().map(move |value| (field, value)));
        let (field, value) = values.into_iter().find(|(_, value)| value.key == key)?;
        Some((field.place.section.clone(), field.place.path.clone(), value.shown.value.clone()?))
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        if self.fields.is_empty() {
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
        let first = self.fields.first().and_then(|field| field.values.first());
        let (document, key) = (self.name.as_str(), first.map_or("", |value| value.key.as_str()));
        text + &words.say("conflict-keep", args![document, key]) + "\n"
    }

    fn by(&self, words: &Words, value: &ConflictValue) -> String {
        let name = match &value.person {
            Some(person) => self.setting.name(words, person),
            None => words.say("someone-unknown", args![]),
        };
        let party = value.person.as_ref().and_then(|person| person.party.as_ref());
        match value.written_ms {
            Some(at_ms) => format!("{name}, {}", self.setting.time_of(words, at_ms, party)),
            None => name,
        }
    }
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
