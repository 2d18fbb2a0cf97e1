//! The documents that are here.

use entente_shared::document::{Divergence, NewerDocument};
use entente_shared::ids::*;
use entente_shared::kinds::CHARTER;
use serde::Serialize;

use super::place::slug;
use super::setting::Setting;
use super::table::Table;
use crate::args;
use crate::replica::{AttestedDocument, CommandError, Replica, Replicated};
use crate::words::{Words, capitalised};

/// All documents but the ground rules.
#[derive(Clone, Serialize)]
pub struct DocList {
    /// The documents, in the order of their titles.
    pub documents: Vec<DocLine>,
    #[serde(skip)]
    setting: Setting,
}

/// One document.
#[derive(Clone, Debug, Serialize)]
pub struct DocLine {
    /// The document.
    pub document: DocumentId,
    /// The word by which commands take it: `who-does-what`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// When its last entry was made (relay time, milliseconds since 1970); absent before the first.
    pub changed_ms: Option<u64>,
    /// How many suggestions wait in it.
    pub waiting: usize,
    /// Whether the relay has it.
    pub on_relay: bool,
    /// Whether it is newer than this program, so that it can only be read.
    pub read_only: bool,
    /// Whether it is shown as the relay tells it, and still being checked: until then it can only be
    /// read.
    pub being_checked: bool,
    /// Why it is not followed any further, if it is not.
    pub stopped: Option<String>,
    /// Whether it is set aside because the program stopped at it.
    pub set_aside: bool,
    #[serde(skip)]
    divergence: Option<Divergence>,
}

impl DocList {
    /// Lists the documents.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let line = |(id, replicated): (&DocumentId, &Replicated)| {
            let ledger = replicated.ledger().document();
            let state = replicated.ahead_or_ledger().document();
            let divergence = replica.stopped().get(id).cloned();
            DocLine {
                document: *id,
                name: slug(state.title()),
                title: state.title().to_owned(),
                kind: state.kind().id.clone(),
                changed_ms: (!ledger.is_empty()).then(|| ledger.time_ms()),
                waiting: state.open_holds().len(),
                on_relay: !ledger.is_empty(),
                read_only: matches!(divergence, Some(Divergence::TooNew { .. })),
                being_checked: false,
                stopped: divergence.as_ref().map(ToString::to_string),
                set_aside: false,
                divergence,
            }
        };
        let newer = |(id, newer): (&DocumentId, &NewerDocument)| {
            let divergence = replica.stopped().get(id).cloned();
            DocLine {
                document: *id,
                name: slug(newer.title()),
                title: newer.title().to_owned(),
                kind: newer.kind_id().clone(),
                changed_ms: Some(newer.time_ms()),
                waiting: newer.waiting(),
                on_relay: true,
                read_only: true,
                being_checked: false,
                stopped: divergence.as_ref().map(ToString::to_string),
                set_aside: false,
                divergence,
            }
        };
        let poison = |(id, (kind, title)): (&DocumentId, &(KindId, String))| DocLine {
            document: *id,
            name: slug(title),
            title: title.clone(),
            kind: kind.clone(),
            changed_ms: None,
            waiting: 0,
            on_relay: true,
            read_only: true,
            being_checked: false,
            stopped: Some(Divergence::Poison.to_string()),
            set_aside: true,
            divergence: Some(Divergence::Poison),
        };
        let attested = |(id, shown): (&DocumentId, &AttestedDocument)| {
            let shown = shown.attested();
            DocLine {
                document: *id,
                name: slug(&shown.title),
                title: shown.title.clone(),
                kind: shown.kind.id.clone(),
                changed_ms: Some(shown.time_ms),
                waiting: shown.waiting(),
                on_relay: true,
                read_only: false,
                being_checked: true,
                stopped: None,
                set_aside: false,
                divergence: None,
            }
        };
        let is_replayed = |(id, _): &(&DocumentId, &Replicated)| !replica.attested().contains_key(*id);
        let mut documents: Vec<_> = replica.documents().iter().filter(is_replayed).map(line).collect();
        documents.extend(replica.newer().iter().map(newer));
        documents.extend(replica.attested().iter().map(attested));
        documents.extend(replica.poison().iter().map(poison));
        documents.sort_by(|a, b| (&a.title, a.document).cmp(&(&b.title, b.document)));
        Ok(Self { documents, setting })
    }

    /// The list for people.
    pub fn text(&self, words: &Words) -> String {
        if self.documents.is_empty() {
            return words.say("doc-list-empty", args![]) + "\n";
        }
        let mut table = Table::default();
        let heads = ["doc-list-title", "doc-list-kind", "doc-list-changed", "doc-list-waiting"];
        table.row(heads.map(|id| words.say(id, args![])));
        for line in &self.documents {
            let changed = match line.changed_ms {
                Some(at_ms) => self.setting.time(words, at_ms),
                None => words.say("doc-not-on-relay", args![]),
            };
            let waiting = if line.waiting == 0 { String::new() } else { line.waiting.to_string() };
            table.row([line.title.clone(), capitalised(&words.kind(line.kind.as_str())), changed, waiting]);
        }
        let stopped = self.documents.iter().filter_map(|line| {
            let problem = words.divergence(line.divergence.as_ref()?);
            Some(words.say("doc-stopped", args![title = line.title.as_str(), problem]) + "\n")
        });
        let newer = self.documents.iter().filter(|line| line.read_only && !line.set_aside);
        let newer =
            newer.map(|line| words.say("doc-read-only-newer", args![title = line.title.as_str()]) + "\n");
        let checked = self.documents.iter().filter(|line| line.being_checked).count();
        let checked =
            (checked > 0).then(|| words.say("doc-list-being-checked", args![count = checked]) + "\n");
        table.text("") + &newer.chain(stopped).chain(checked).collect::<String>()
    }
}

/// The word by which commands take a document; the ground rules are `rules`.
pub(super) fn document_name(replica: &Replica, document: DocumentId) -> String {
    match replica.document(document) {
        Ok(state) if state.kind().id.as_str() != CHARTER => slug(state.title()),
        _ => "rules".to_owned(),
    }
}

/// What people call a document.
pub(super) fn document_title(words: &Words, kind: Option<&KindId>, title: &str) -> String {
    match kind {
        Some(kind) if kind.as_str() != CHARTER => title.to_owned(),
        _ => capitalised(&words.kind(CHARTER)),
    }
}
