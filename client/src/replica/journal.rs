//! The journal: edits that the rules admit, not signed yet. They change the working content at once and
//! are durable; a session of them becomes one change of one actor in each section.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::content::{EditCommand, Section, Value, apply_edit};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::limits;
use entente_shared::statement::{Act, Payload};

use super::edit::{commit, payload};
use super::replicated::{Base, Replicated};
use super::{CommandError, Effect, Now, Replica, records};

/// How long edits of one section gather before they are signed as one change, while offline.
const SESSION_MS: u64 = 10 * 60 * 1000;

/// One journaled edit: not yet signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Journaled {
    /// Its number in the journal, and so in the records.
    pub number: u64,
    /// The section.
    pub section: SectionId,
    /// The edit.
    pub command: EditCommand,
    /// When the person made it (this device's clock, milliseconds since 1970).
    pub time_ms: u64,
}

/// An actor of this device, with the nonce that it is derived from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Writer {
    /// The nonce, for the payload.
    pub nonce: ActorNonce,
    /// The actor.
    pub actor: ActorKey,
}

/// A section's content with the journaled edits on top, as operations that are not committed.
#[derive(Clone)]
pub(super) struct Working {
    /// The content.
    pub content: Section,
    /// Who writes the edits; while nobody does, they have to be made anew before they are signed.
    pub writer: Option<Writer>,
}

impl Replica {
    /// Takes an edit into the journal and the working content.
    pub(super) fn journal(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        command: EditCommand,
    ) -> Result<(), CommandError> {
        let fresh = self.new_writer(now, document, section);
        let replicated = self.replicated_mut(document).ok_or(CommandError::UnknownDocument)?;
        replicated.sessions.entry(section.clone()).or_insert(fresh);
        replicated.edit_working(section, &command)?;
        let number = replicated.journal.last().map_or(0, |last| last.number + 1);
        let entry = Journaled { number, section: section.clone(), command, time_ms: now.ms };
        let value = Some(records::journal_value(&entry));
        replicated.journal.push(entry);
        self.effects.push(Effect::Write { key: records::journal_key(document, number), value });
        Ok(())
    }

    /// An actor of this device that has not written anything yet.
    pub(super) fn new_writer(&self, now: &mut Now<'_>, document: DocumentId, section: &SectionId) -> Writer {
        let nonce = ActorNonce(now.draw());
        Writer { nonce, actor: ActorKey::derive(self.key.device(), document, section, nonce) }
    }

    /// Signs what is journaled in every document.
    pub fn commit(&mut self, now: &mut Now<'_>) {
        let documents: Vec<_> =
            self.all().filter(|one| !one.journal.is_empty()).map(Replicated::id).collect();
        for document in documents {
            self.commit_document(now, document);
        }
    }

    /// Signs what has been journaled for longer than one working session.
    pub fn commit_old(&mut self, now: &mut Now<'_>) {
        let is_old =
            |one: &&Replicated| one.journal.first().is_some_and(|first| first.time_ms + SESSION_MS <= now.ms);
        let documents: Vec<_> = self.all().filter(is_old).map(Replicated::id).collect();
        for document in documents {
            self.commit_document(now, document);
        }
    }

    /// Signs what is journaled in one document: one statement for each section.
    pub(super) fn commit_document(&mut self, now: &mut Now<'_>, document: DocumentId) {
        let Some(replicated) = self.replicated_mut(document) else { return };
        // When each section was last written in. What people wrote without a connection is from when
        // they wrote it, not from when it is sent.
        let sections: BTreeMap<SectionId, u64> =
            replicated.journal.iter().map(|entry| (entry.section.clone(), entry.time_ms)).collect();
        // All of them before the first is enqueued, on which the working content is built anew.
        let written: Vec<_> = sections
            .into_iter()
            .filter_map(|(section, time_ms)| {
                Some((self.commit_section(now, document, &section)?, section, time_ms))
            })
            .collect();
        let Some(replicated) = self.replicated_mut(document) else { return };
        let journal = std::mem::take(&mut replicated.journal);
        replicated.working.clear();
        for ((payload, content), section, written_ms) in written {
            let parts = vec![(section.clone(), payload)];
            let act = Act::Edit { after: self.own_bases(document, &parts), replaces: None };
            let then = &mut Now { ms: written_ms, random: &mut *now.random };
            let statement = self.sign(then, document, act, parts);
            self.enqueue(statement, Some((section, content)), now.ms);
        }
        // In the outbox before it leaves the journal.
        for entry in journal {
            let key = records::journal_key(document, entry.number);
            self.effects.push(Effect::Write { key, value: None });
        }
    }

    /// The journaled edits of one section as one change of the session's actor, and the content that it
    /// makes.
    fn commit_section(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
    ) -> Option<(Payload, Section)> {
        let fresh = self.new_writer(now, document, section);
        let replicated = self.replicated_mut(document)?;
        let writer = *replicated.sessions.entry(section.clone()).or_insert(fresh);
        let mut content = match replicated.working.remove(section) {
            Some(working) if working.writer == Some(writer) => working.content,
            _ => replicated.written_by(section, writer)?,
        };
        let change = commit(&mut content)?;
        Some((payload(now.draw(), writer.nonce, change), content))
    }

    /// Keeps the words of journaled edits whose place is gone, as a statement that cannot be sent.
    pub(super) fn keep_unfit(&mut self, document: DocumentId) {
        let unfit = self.replicated_mut(document).map(Replicated::take_unfit).unwrap_or_default();
        for entry in unfit {
            if let Some(words) = words_of(&entry.command) {
                // It is never sent, so nothing has to be hidden from anybody.
                let mut salt = [0; 16];
                salt[..8].copy_from_slice(&entry.number.to_be_bytes());
                let payload = Payload { salt, nonce: None, changes: Vec::new(), text: Some(words) };
                let then = &mut Now { ms: entry.time_ms, random: &mut |_| {} };
                let act = Act::Edit { after: Vec::new(), replaces: None };
                let statement = self.sign(then, document, act, vec![(entry.section.clone(), payload)]);
                let id = statement.id;
                self.outbox.push(statement, false);
                self.refuse_own(id, Refusal::Stale { section: entry.section }, false);
            }
            let key = records::journal_key(document, entry.number);
            self.effects.push(Effect::Write { key, value: None });
        }
    }
}

impl Replicated {
    /// Applies journaled edits to the working content.
    pub(super) fn apply_journal(&mut self) {
        self.working.clear();
        let journal = std::mem::take(&mut self.journal);
        for entry in journal {
            // An edit may fit no longer: the row that it was written in is gone.
            match self.edit_working(&entry.section, &entry.command) {
                Ok(()) => self.journal.push(entry),
                Err(_) => self.unfit.push(entry),
            }
        }
    }

    /// Takes the journaled edits that do not fit any more.
    pub(super) fn take_unfit(&mut self) -> Vec<Journaled> {
        std::mem::take(&mut self.unfit)
    }

    /// Applies one edit to the working content, without signing anything.
    pub(super) fn edit_working(
        &mut self,
        section: &SectionId,
        command: &EditCommand,
    ) -> Result<(), CommandError> {
        let kind = self.ledger.document().kind();
        if !self.working.contains_key(section) {
            let content = self.copy_of(section, Base::Signed);
            let mut content = content.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
            let writer = self.sessions.get(section).copied();
            if let Some(writer) = writer {
                content.set_actor(writer.actor);
            }
            self.working.insert(section.clone(), Working { content, writer });
        }
        let Some(working) = self.working.get_mut(section) else { return Ok(()) };
        Ok(apply_edit(working.content.doc_mut(), kind, section, command)?)
    }

    /// The section with its journaled edits, not committed, for `writer` to go on writing: as it
    /// stands, or made anew where somebody else began it.
    pub(super) fn written_by(&self, section: &SectionId, writer: Writer) -> Option<Section> {
        match self.working.get(section) {
            Some(working) if working.writer == Some(writer) => Some(working.content.clone()),
            _ => {
                let kind = self.ledger.document().kind();
                let mut content = self.copy_of(section, Base::Signed)?;
                content.set_actor(writer.actor);
                for entry in self.journal.iter().filter(|entry| entry.section == *section) {
                    // What no longer fits was taken out as soon as its place went (`take_unfit`).
                    let _ = apply_edit(content.doc_mut(), kind, section, &entry.command);
                }
                Some(content)
            }
        }
    }

    /// How many sections have edits that are not signed yet.
    pub(super) fn journaled_sections(&self) -> usize {
        self.journal.iter().map(|entry| &entry.section).collect::<BTreeSet<_>>().len()
    }
}

/// What a person wrote in an edit; nothing if it only removes, moves or marks.
fn words_of(command: &EditCommand) -> Option<String> {
    let words = match command {
        EditCommand::SpliceText { insert: words, .. }
        | EditCommand::SetText { new: words, .. }
        | EditCommand::ListInsert { item: words, .. } => words.clone(),
        EditCommand::SetScalar { value, .. } | EditCommand::Resolve { value, .. } => words_in(value),
        EditCommand::AddRow { fields, .. } => {
            fields.values().map(words_in).filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    };
    let end = words.floor_char_boundary(limits::TEXT_BYTES_MAX);
    (!words.is_empty()).then(|| words[..end].to_owned())
}

fn words_in(value: &Value) -> String {
    let join =
        |words: Vec<String>| words.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join("\n");
    match value {
        Value::String(words) | Value::Text(words) => words.clone(),
        Value::Map(map) => join(map.values().map(words_in).collect()),
        Value::List(list) => join(list.iter().map(words_in).collect()),
        _ => String::new(),
    }
}
