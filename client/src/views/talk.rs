//! The talk beside a document as threads: what a message is about, whom it asks, what was answered and
//! what was decided.
//!
//! A message's `about` says what it belongs to: `place <section> <path>`, `ask <person> [<section>
//! <path>]`, `reply <message>` or `decided <message>`. Anything else is a message of its own.

use std::collections::BTreeMap;

use entente_shared::content::{EditCommand, Path, Value, order};
use entente_shared::ids::*;
use entente_shared::kinds::Lang;
use serde::{Deserialize, Serialize};

use super::place::{Naming, PlaceRef};
use super::setting::{PersonRef, Setting};
use crate::replica::{CommandError, Now, Replica};

const SECTION: &str = "talk";
const FIELD: &str = "messages";

/// What a message belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The whole document.
    Document,
    /// A place of it.
    Place(SectionId, Path),
    /// A question to one person, perhaps about a place.
    Ask(PersonId, Option<(SectionId, Path)>),
    /// An answer to another message.
    Reply(String),
    /// The decision of the thread that begins with a message.
    Decided(String),
}

impl About {
    /// Reads what a message says.
    pub fn parse(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let place = |section: &str, path: &str| (SectionId::new(section), Path::from(path));
        match words.as_slice() {
            ["place", section, path] => {
                let (section, path) = place(section, path);
                Self::Place(section, path)
            }
            ["ask", person, rest @ ..] => match (PersonId::from_hex(person), rest) {
                (Some(person), []) => Self::Ask(person, None),
                (Some(person), [section, path]) => Self::Ask(person, Some(place(section, path))),
                _ => Self::Document,
            },
            ["reply", message] => Self::Reply((*message).to_owned()),
            ["decided", message] => Self::Decided((*message).to_owned()),
            _ => Self::Document,
        }
    }

    /// Writes it; nothing for a message about the whole document.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Document => None,
            Self::Place(section, path) => Some(format!("place {section} {path}")),
            Self::Ask(person, None) => Some(format!("ask {}", person.to_hex())),
            Self::Ask(person, Some((section, path))) => {
                Some(format!("ask {} {section} {path}", person.to_hex()))
            }
            Self::Reply(message) => Some(format!("reply {message}")),
            Self::Decided(message) => Some(format!("decided {message}")),
        }
    }
}

/// What somebody says in the talk.
#[derive(Clone, Debug, Deserialize)]
pub struct Saying {
    /// The text.
    pub text: String,
    /// The place that it is about.
    #[serde(default)]
    pub place: Option<(SectionId, Path)>,
    /// Whom it asks.
    #[serde(default)]
    pub ask: Option<PersonId>,
    /// The message that it answers.
    #[serde(default)]
    pub reply: Option<String>,
    /// The message whose thread it decides.
    #[serde(default)]
    pub decides: Option<String>,
}

impl Saying {
    fn about(&self) -> About {
        match (&self.decides, &self.reply, self.ask, &self.place) {
            (Some(message), ..) => About::Decided(message.clone()),
            (None, Some(message), ..) => About::Reply(message.clone()),
            (None, None, Some(person), place) => About::Ask(person, place.clone()),
            (None, None, None, Some((section, path))) => About::Place(section.clone(), path.clone()),
            (None, None, None, None) => About::Document,
        }
    }
}

/// The talk of one document.
#[derive(Clone, Debug, Serialize)]
pub struct Talk {
    /// The document.
    pub document: DocumentId,
    /// The threads, the oldest first.
    pub threads: Vec<Thread>,
}

/// A message with its answers.
#[derive(Clone, Debug, Serialize)]
pub struct Thread {
    /// The message that began it.
    pub message: Message,
    /// What it is about.
    pub place: Option<PlaceRef>,
    /// Whom it asks.
    pub asks: Option<PersonRef>,
    /// The answers, the oldest first.
    pub replies: Vec<Message>,
    /// What was decided, if anything was: the last word on it.
    pub decision: Option<Message>,
    /// Where a decision would stand, beside the talk.
    pub decides: Option<PlaceRef>,
}

/// One message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Its row.
    pub id: String,
    /// Who wrote it; absent for somebody outside.
    pub author: Option<PersonRef>,
    /// When, by the clock of their device (milliseconds since 1970).
    pub at_ms: Option<i64>,
    /// The text.
    pub text: String,
}

impl Talk {
    /// Reads the talk of a document, own messages included.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        let naming = Naming::new(&setting, replicated);
        let mut threads: Vec<Thread> = Vec::new();
        let mut place_of: BTreeMap<String, usize> = BTreeMap::new();
        let messages = messages(replica, document)?;
        for (id, row) in &messages {
            let message = Message::read(&setting, id, row);
            let about = row.get("about").and_then(Value::as_str).map_or(About::Document, About::parse);
            let thread = match &about {
                About::Reply(to) | About::Decided(to) => place_of.get(to).copied(),
                _ => None,
            };
            match (thread, about) {
                (Some(at), About::Decided(_)) => threads[at].decision = Some(message),
                (Some(at), _) => threads[at].replies.push(message),
                (None, about) => {
                    place_of.insert(id.clone(), threads.len());
                    let (asks, place) = match about {
                        About::Ask(person, place) => (Some(setting.person(person)), place),
                        About::Place(section, path) => (None, Some((section, path))),
                        _ => (None, None),
                    };
                    let decides =
                        place.as_ref().and_then(|(section, path)| decision_place(&naming, section, path));
                    let place = place.map(|(section, path)| naming.place(&section, &path));
                    let (replies, decision) = (Vec::new(), None);
                    threads.push(Thread { message, place, asks, replies, decision, decides });
                }
            }
        }
        Ok(Self { document, threads })
    }
}

impl Message {
    fn read(setting: &Setting, id: &str, row: &Value) -> Self {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        let author = PersonId::from_hex(text("author")).map(|person| setting.person(person));
        let at_ms = row.get("at").and_then(Value::as_i64);
        Self { id: id.to_owned(), author, at_ms, text: text("text").to_owned() }
    }
}

/// The messages in their order.
fn messages(replica: &Replica, document: DocumentId) -> Result<Vec<(String, Value)>, CommandError> {
    let working = replica.working(document)?;
    let talk = SectionId::new(SECTION);
    let content = working.get(&talk).ok_or(CommandError::UnknownSection(talk))?.value();
    let rows = content.get(FIELD).and_then(Value::as_map).cloned().unwrap_or_default();
    let mut rows: Vec<_> = rows.into_iter().collect();
    let key = |row: &Value| row.get("order").and_then(Value::as_str).unwrap_or_default().to_owned();
    rows.sort_by_cached_key(|(id, row)| (key(row), id.clone()));
    Ok(rows)
}

/// Where a decision on a place stands beside the talk: in a matrix, with what was agreed about the
/// function.
fn decision_place(naming: &Naming<'_>, section: &SectionId, path: &Path) -> Option<PlaceRef> {
    let [field, function, ..] = path.0.as_slice() else { return None };
    let is_of_function = matches!(
        (section.split().0, field.as_str()),
        ("functions", "functions") | ("party", "cells") | ("split", "agreements")
    );
    let is_matrix = naming.kind().id.as_str() == "matrix";
    let text = Path::new(["agreements", function.as_str(), "text"]);
    (is_matrix && is_of_function).then(|| naming.place(&SectionId::new("split"), &text))
}

/// The edits that say something: the message, and for a decision what stands elsewhere from then on.
///
/// `lang` is the language in which the decision is written.
///
/// # Errors
///
/// There is no such document here, it has no talk, or this device is nobody's.
pub fn saying(
    replica: &Replica,
    now: &mut Now<'_>,
    document: DocumentId,
    saying: &Saying,
    lang: Lang,
) -> Result<Vec<(SectionId, Vec<EditCommand>)>, CommandError> {
    let me = replica.me()?;
    let before = messages(replica, document)?;
    let last = before.iter().filter_map(|(_, row)| row.get("order").and_then(Value::as_str)).next_back();
    let mut fields = BTreeMap::from([
        ("author".to_owned(), Value::string(me.person.to_hex())),
        ("at".to_owned(), Value::Timestamp(i64::try_from(now.ms).unwrap_or(i64::MAX))),
        ("text".to_owned(), Value::Text(saying.text.trim().to_owned())),
    ]);
    fields.extend(saying.about().to_text().map(|about| ("about".to_owned(), Value::string(about))));
    let id = row_id(now.draw());
    let path = Path::new([FIELD]);
    let add = EditCommand::AddRow { path, id, order: order::between(last, None), fields };
    let mut edits = vec![(SectionId::new(SECTION), vec![add])];
    if let Some(message) = &saying.decides {
        let talk = Talk::of(replica, document, now.ms)?;
        let thread = talk.threads.into_iter().find(|thread| thread.message.id == *message);
        if let Some(place) = thread.and_then(|thread| thread.decides) {
            let path = place.path.join(lang.key());
            let working = replica.working(document)?;
            let stood = working.get(&place.section).map(|content| content.value());
            let stood =
                stood.as_ref().and_then(|value| value.at(&path)).and_then(Value::as_str).unwrap_or_default();
            let new = if stood.trim().is_empty() {
                saying.text.trim().to_owned()
            } else {
                format!("{}\n{}", stood.trim_end(), saying.text.trim())
            };
            edits.push((place.section, vec![EditCommand::SetText { path, new }]));
        }
    }
    Ok(edits)
}

/// A random UUID (version 4).
fn row_id(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Questions that were put to people and have no answer yet.
#[derive(Clone, Debug, Serialize)]
pub struct Questions {
    /// Those to the reader.
    pub for_you: Vec<Question>,
    /// Those of the reader to others.
    pub from_you: Vec<Question>,
}

/// One of them.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// The document beside which it stands.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// The thread.
    pub thread: Thread,
}

impl Questions {
    /// Finds them in all documents.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let mut found = Self { for_you: Vec::new(), from_you: Vec::new() };
        for document in replica.documents().keys() {
            let Ok(talk) = Talk::of(replica, *document, now_ms) else { continue };
            let title = replica.document(*document)?.title().to_owned();
            for thread in talk.threads {
                let Some(asked) = thread.asks.clone().filter(|_| thread.decision.is_none()) else { continue };
                let is_answered = thread
                    .replies
                    .iter()
                    .any(|reply| reply.author.as_ref().is_some_and(|one| one.id == asked.id));
                let by_me = thread.message.author.as_ref().is_some_and(|author| setting.is_me(&author.id));
                let question = Question { document: *document, title: title.clone(), thread };
                match (is_answered, setting.is_me(&asked.id), by_me) {
                    (false, true, _) => found.for_you.push(question),
                    (false, false, true) => found.from_you.push(question),
                    _ => {}
                }
            }
        }
        Ok(found)
    }
}
