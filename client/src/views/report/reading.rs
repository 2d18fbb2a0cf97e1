//! What the report reads, and what it has to leave out.

use entente_shared::charter::CharterLine;
use entente_shared::ids::*;
use entente_shared::reports::{Event, History, author};
use serde::Serialize;

use super::Report;
use crate::args;
use crate::replica::{Origin, Replica, Replicated};
use crate::views::documents::document_title;
use crate::words::Words;

/// What the figures leave out of a document.
#[derive(Clone, Serialize)]
pub struct Unread {
    /// The document.
    pub document: DocumentId,
    /// Its kind, as far as it is known.
    pub kind: Option<KindId>,
    /// Its title.
    pub title: String,
    /// Why.
    pub why: Why,
}

/// Why something is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// All of it: it is shown as the relay attests it and still being checked.
    BeingChecked,
    /// All of it: it is newer than this program.
    Newer,
    /// Everything after the entry at which it stopped.
    Stopped,
    /// What stands in these sections, and changes that were made there: they may not be read here. When
    /// somebody asked, answered or signed is known all the same.
    Hidden(Vec<SectionId>),
}

/// A document's entries as reports read them.
pub(super) fn history<'a>(replicated: &'a Replicated, line: &'a CharterLine) -> History<'a> {
    let events = replicated.origins().iter().map(|origin| event(origin, line));
    History::new(replicated.ledger().document(), line, events.collect())
}

fn event<'a>(origin: &'a Origin, line: &CharterLine) -> Event<'a> {
    let (person, party) = author(line.now(), &origin.device);
    Event {
        statement: origin.statement,
        seq: origin.seq,
        time_ms: origin.time_ms,
        clock_ms: origin.clock_ms,
        person,
        party,
        act: &origin.act,
        sections: origin.sections.clone(),
        held: origin.held,
        changes: origin.changes,
        charter: origin.charter,
        text: origin.text.as_deref(),
    }
}

/// What is not in the figures, document by document.
pub(super) fn unread(replica: &Replica, documents: &[History<'_>]) -> Vec<Unread> {
    let one = |document: DocumentId, kind: Option<&KindId>, title: &str, why| Unread {
        document,
        kind: kind.cloned(),
        title: title.to_owned(),
        why,
    };
    let mut all: Vec<Unread> = Vec::new();
    for (id, shown) in replica.attested() {
        let shown = shown.attested();
        all.push(one(*id, Some(&shown.kind.id), &shown.title, Why::BeingChecked));
    }
    for (id, newer) in replica.newer() {
        all.push(one(*id, Some(newer.kind_id()), newer.title(), Why::Newer));
    }
    for (id, (kind, title)) in replica.poison() {
        all.push(one(*id, Some(kind), title, Why::Stopped));
    }
    for history in documents {
        let state = history.document;
        let (kind, title) = (Some(&state.kind().id), state.title());
        if replica.stopped().contains_key(&state.id()) {
            all.push(one(state.id(), kind, title, Why::Stopped));
        }
        let hidden = state.sections().iter().filter(|(_, section)| section.known().is_none());
        let hidden: Vec<SectionId> = hidden.map(|(name, _)| name.clone()).collect();
        if !hidden.is_empty() {
            all.push(one(state.id(), kind, title, Why::Hidden(hidden)));
        }
    }
    all
}

impl Report {
    /// What the figures leave out, a line for each document.
    pub(super) fn unread_text(&self, words: &Words) -> String {
        let line = |one: &Unread| {
            let title = document_title(words, one.kind.as_ref(), &one.title);
            match &one.why {
                Why::BeingChecked => words.say("report-unread-checking", args![title]),
                Why::Newer => words.say("report-unread-newer", args![title]),
                Why::Stopped => words.say("report-unread-stopped", args![title]),
                Why::Hidden(sections) => {
                    let places: Vec<_> =
                        sections.iter().map(|section| self.place(words, &one.document, section)).collect();
                    words.say("report-unread-hidden", args![places = words.list(&places)])
                }
            }
        };
        self.unread.iter().map(|one| line(one) + "\n").collect()
    }
}
