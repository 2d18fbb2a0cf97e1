//! Documents as the relay attests them, on a device that has not replayed their ledgers yet.
//!
//! They are shown and nothing else: nothing is written, signed or endorsed on them, and nothing of
//! them is stored. The replay goes on behind them, and must come by the very entry that the relay
//! showed; if it does not, people are told.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use entente_shared::attested::{Attested, AttestedError, AttestedView};
use entente_shared::charter::CharterLine;
use entente_shared::content::Section;
use entente_shared::ids::*;
use entente_shared::wire::{Access, ClientFrame};

use super::{Effect, Event, LinkState, Replica, records};

/// How often views are asked for before one catch-up has come to its end. Whatever is wrong with them
/// must not keep a device from the ledgers, even if it ends the program.
const TRIES_MAX: u64 = 2;

/// A document that is being checked.
#[derive(Clone)]
pub struct AttestedDocument {
    attested: Attested,
    /// The content of each section, once somebody has looked at it.
    contents: BTreeMap<SectionId, OnceLock<Option<Section>>>,
}

impl AttestedDocument {
    fn new(attested: Attested) -> Self {
        let shown = attested.sections.iter().filter(|(_, section)| section.is_some());
        let contents = shown.map(|(name, _)| (name.clone(), OnceLock::new())).collect();
        Self { attested, contents }
    }

    /// What the relay attests.
    pub fn attested(&self) -> &Attested {
        &self.attested
    }

    /// The content of the sections that this person may read, built when it is first looked at. A
    /// section that is not what the relay says it is is left out.
    pub fn contents(&self) -> BTreeMap<SectionId, &Section> {
        let read = |(name, content): (&SectionId, &OnceLock<Option<Section>>)| {
            content.get_or_init(|| self.attested.content(name));
            name.clone()
        };
        let names: Vec<SectionId> = self.contents.iter().map(read).collect();
        let shown = names.into_iter().filter_map(|name| {
            let content = self.contents.get(&name)?.get()?.as_ref()?;
            Some((name, content))
        });
        shown.collect()
    }
}

impl AttestedDocument {
    /// Tells whether somebody looked at content that was not what the view says.
    fn has_failed(&self) -> bool {
        self.contents.values().any(|content| matches!(content.get(), Some(None)))
    }
}

impl Replica {
    /// Says whether documents are to be shown as the relay attests them until they are replayed: for
    /// shells that show something meanwhile.
    pub fn show_attested(&mut self, shows: bool) {
        self.shows_attested = shows;
    }

    /// Documents that are shown as the relay attests them; what is replayed of them so far is older.
    pub fn attested(&self) -> &BTreeMap<DocumentId, AttestedDocument> {
        &self.attested
    }

    /// Asks for views before the entries, on a device that has nothing yet or was interrupted when it
    /// had nothing.
    pub(super) fn ask_attested(&mut self) {
        let is_new = self.documents.is_empty() && self.newer.is_empty();
        let asks = self.shows_attested
            && self.link.access == Some(Access::Member)
            && (is_new || self.attested_tries > 0)
            && self.attested_tries < TRIES_MAX;
        if !asks {
            return;
        }
        self.note_tries(self.attested_tries + 1);
        self.link.asks_attested = true;
        self.effects.push(Effect::Send(ClientFrame::AskAttested));
    }

    fn note_tries(&mut self, tries: u64) {
        self.attested_tries = tries;
        let value = (tries > 0).then(|| entente_shared::codec::encode(&tries));
        self.effects.push(Effect::Write { key: records::ATTESTED.to_vec(), value });
    }

    /// Takes views of documents that have not been replayed here.
    pub(super) fn take_attested(&mut self, views: Vec<AttestedView>) {
        for view in views {
            match self.check_attested(view) {
                Ok(attested) => self.show(attested),
                // It is shown as far as it is understood once it is replayed.
                Err(AttestedError::TooNew) => {}
                Err(error) => {
                    let problem = error.to_string();
                    self.effects.push(Effect::Tell(Event::NotAttested { problem }));
                }
            }
        }
    }

    fn check_attested(&self, view: AttestedView) -> Result<Attested, AttestedError> {
        let line: &CharterLine = self.charter().ok_or(AttestedError::Charter)?.line();
        let relay = self.profile.relay.or(self.link.relay).ok_or(AttestedError::Signature)?;
        let attested = view.check(self.profile.partnership, &relay, line)?;
        let mut hidden = attested.sections.iter().filter(|(_, section)| section.is_none());
        match hidden.any(|(name, _)| self.is_sent(&attested.kind.id, name)) {
            true => Err(AttestedError::Malformed("it leaves out what this person may read")),
            false => Ok(attested),
        }
    }

    fn show(&mut self, attested: Attested) {
        let document = attested.document;
        if self.stopped.contains_key(&document) || self.newer.contains_key(&document) {
            return;
        }
        self.attested.insert(document, AttestedDocument::new(attested));
        self.settle_attested(document);
    }

    /// Compares what the relay attested with what is replayed by now: it must be an entry of the
    /// ledger, and the first statement the one that creates the document.
    pub(super) fn settle_attested(&mut self, document: DocumentId) {
        let Some(shown) = self.attested.get(&document).map(AttestedDocument::attested) else { return };
        let replayed = self.ledger_hash(document, shown.position.seq);
        if replayed.is_none() && !self.stopped.contains_key(&document) {
            return;
        }
        let state = self.replicated(document).map(|one| one.ledger.document());
        let begins = state.is_ok_and(|state| state.position_of(&shown.created).is_some_and(|at| at.seq == 0));
        // Of what is stopped people are told already.
        let contradicts = replayed.is_some_and(|hash| hash != shown.position.hash || !begins);
        let title = shown.title.clone();
        let was_misled = self.attested.remove(&document).is_some_and(|shown| shown.has_failed());
        if was_misled {
            let problem = "content that is not what its heads name".to_owned();
            self.effects.push(Effect::Tell(Event::NotAttested { problem }));
        }
        if contradicts {
            self.effects.push(Effect::Tell(Event::Contradicted { document, title }));
        }
    }

    /// Everything has arrived: what the relay attested and then did not give it has taken back.
    pub(super) fn end_attested(&mut self) {
        if self.link.state != LinkState::Live {
            return;
        }
        if self.attested_tries > 0 {
            self.note_tries(0);
        }
        for (document, shown) in std::mem::take(&mut self.attested) {
            let Attested { kind, sections, title, .. } = shown.attested;
            // Who has lost the right to read meanwhile is given no more.
            if sections.keys().any(|section| self.is_sent(&kind.id, section))
                && !self.link.missing.contains(&document)
            {
                self.effects.push(Effect::Tell(Event::Contradicted { document, title }));
            }
        }
    }
}
