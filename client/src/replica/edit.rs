//! Editing: a command changes the working content at once, is journaled, and is signed later.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Change;
use automerge::transaction::Transactable;
use entente_shared::content::{EditCommand, Section, Value, apply_edit};
use entente_shared::ids::*;
use entente_shared::judge::{Need, Refusal};
use entente_shared::ledger::Position;
use entente_shared::limits;
use entente_shared::statement::{Act, Header, Payload, Seen, Statement};
use minicbor::bytes::ByteVec;

use super::ledger::{Base, Journaled, Replicated, Writer};
use super::{CommandError, Effect, Event, Now, Replica, records};

/// How long edits of one section gather before they are signed as one change, while offline.
const SESSION_MS: u64 = 10 * 60 * 1000;

/// What became of an edit.
#[derive(Debug, Clone, PartialEq)]
pub enum EditOutcome {
    /// It stands in the working content.
    Saved,
    /// Somebody else decides; the suggestion is signed and waits to be sent.
    Suggested {
        /// The suggestion.
        statement: StatementId,
        /// Who decides.
        needs: Vec<Need>,
    },
    /// What it would write stands already.
    Nothing,
}

/// What would become of an edit.
#[derive(Debug, Clone, PartialEq)]
pub enum Foreseen {
    /// It would stand.
    Saved,
    /// Somebody else would decide.
    Suggested {
        /// Who.
        needs: Vec<Need>,
    },
    /// What it would write stands already.
    Nothing,
}

impl Replica {
    /// Edits a section.
    ///
    /// What the rules admit is journaled and changes the working content. What somebody else
    /// decides becomes a suggestion of its own, built on what everybody has, so that nothing later
    /// depends on it.
    ///
    /// # Errors
    ///
    /// The edit does not fit, or nobody would let this person even suggest it.
    pub fn edit(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        command: EditCommand,
    ) -> Result<EditOutcome, CommandError> {
        self.edit_all(now, document, vec![(section.clone(), vec![command])], None)
    }

    /// Edits several fields with one intention: if anything of it must wait, all of it is one
    /// suggestion with one message.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub fn edit_all(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: Vec<(SectionId, Vec<EditCommand>)>,
        message: Option<String>,
    ) -> Result<EditOutcome, CommandError> {
        match self.foresee(now, document, &edits)? {
            Foreseen::Nothing => return Ok(EditOutcome::Nothing),
            Foreseen::Suggested { .. } => return self.suggest(now, document, &edits, message),
            Foreseen::Saved => {}
        }
        for (section, commands) in edits {
            for command in commands {
                self.journal(now, document, &section, command)?;
            }
        }
        Ok(EditOutcome::Saved)
    }

    /// Tells what would become of edits with one intention; nothing is done.
    ///
    /// # Errors
    ///
    /// As [`Self::edit`].
    pub fn foresee(
        &self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: &[(SectionId, Vec<EditCommand>)],
    ) -> Result<Foreseen, CommandError> {
        self.me()?;
        self.check_writable(document)?;
        let mut drafts = Vec::new();
        for (section, commands) in edits {
            let draft = self.draft(now, document, section, commands, Base::Signed)?;
            drafts.extend(draft.map(|payload| (section.clone(), payload)));
        }
        if drafts.is_empty() {
            return Ok(Foreseen::Nothing);
        }
        let act = Act::Edit { after: self.own_bases(document, &drafts), replaces: None };
        let trial = self.sign(now, document, act, drafts);
        let preview = self.preview(document, &trial, now.ms).map_err(CommandError::Refused)?;
        Ok(match preview.verdict.is_held() {
            true => Foreseen::Suggested { needs: preview.needs },
            false => Foreseen::Saved,
        })
    }

    fn suggest(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: &[(SectionId, Vec<EditCommand>)],
        message: Option<String>,
    ) -> Result<EditOutcome, CommandError> {
        let mut parts = Vec::new();
        for (section, commands) in edits {
            let mut draft = self.draft(now, document, section, commands, Base::Effective)?;
            if let Some(payload) = &mut draft {
                payload.text = message.clone();
            }
            parts.extend(draft.map(|payload| (section.clone(), payload)));
        }
        if parts.is_empty() {
            return Ok(EditOutcome::Nothing);
        }
        let act = Act::Edit { after: Vec::new(), replaces: None };
        let submitted = self.submit(now, document, act, parts)?;
        Ok(EditOutcome::Suggested { statement: submitted.statement, needs: submitted.needs })
    }

    fn journal(
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

    /// Makes the payload that `commands` would be in one section; `None` if they change nothing.
    ///
    /// On signed content the journaled edits of the section come first, because they will be signed
    /// first; the rules admit them already.
    pub(super) fn draft(
        &self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        commands: &[EditCommand],
        base: Base,
    ) -> Result<Option<Payload>, CommandError> {
        let kind = self.kind_of(document)?;
        let fresh = self.new_writer(now, document, section);
        let replicated = self.replicated(document)?;
        let writer = replicated.sessions.get(section).copied().filter(|_| base == Base::Signed);
        let writer = writer.unwrap_or(fresh);
        let content = match base {
            Base::Signed => replicated.written_by(section, writer),
            Base::Effective => replicated.copy_of(section, base).map(|mut content| {
                content.set_actor(writer.actor);
                content
            }),
        };
        let mut content = content.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let before = content.doc_mut().pending_ops();
        for command in commands {
            apply_edit(content.doc_mut(), kind, section, command)?;
        }
        if content.doc_mut().pending_ops() == before {
            return Ok(None);
        }
        Ok(commit(&mut content).map(|change| payload(now.draw(), writer.nonce, change)))
    }

    /// An actor of this device that has not written anything yet.
    fn new_writer(&self, now: &mut Now<'_>, document: DocumentId, section: &SectionId) -> Writer {
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
        // All of them before the first is enqueued, which builds the working content anew.
        let written: Vec<_> = sections
            .into_iter()
            .filter_map(|(section, time_ms)| {
                Some((self.commit_section(now, document, &section)?, section, time_ms))
            })
            .collect();
        let Some(replicated) = self.replicated_mut(document) else { return };
        let journal = std::mem::take(&mut replicated.journal);
        for (payload, section, written_ms) in written {
            let parts = vec![(section, payload)];
            let act = Act::Edit { after: self.own_bases(document, &parts), replaces: None };
            let then = &mut Now { ms: written_ms, random: &mut *now.random };
            let statement = self.sign(then, document, act, parts);
            self.enqueue(statement, now.ms);
        }
        // In the outbox before it leaves the journal.
        for entry in journal {
            let key = records::journal_key(document, entry.number);
            self.effects.push(Effect::Write { key, value: None });
        }
    }

    /// The journaled edits of one section as one change of the session's actor.
    fn commit_section(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
    ) -> Option<Payload> {
        let fresh = self.new_writer(now, document, section);
        let replicated = self.replicated_mut(document)?;
        let writer = *replicated.sessions.entry(section.clone()).or_insert(fresh);
        let mut content = replicated.written_by(section, writer)?;
        commit(&mut content).map(|change| payload(now.draw(), writer.nonce, change))
    }

    /// Signs a statement of this device.
    pub(super) fn sign(
        &self,
        now: &mut Now<'_>,
        document: DocumentId,
        act: Act,
        parts: Vec<(SectionId, Payload)>,
    ) -> Statement {
        let header = Header {
            version: entente_shared::statement::HEADER_VERSION,
            partnership: Some(self.profile.partnership),
            document,
            device: self.key.device(),
            seen: self.seen(document),
            clock_ms: now.ms,
            act,
            parts: Vec::new(),
        };
        Statement::sign(&self.key, header, parts)
    }

    fn seen(&self, document: DocumentId) -> Seen {
        let charter = self.charter.as_ref().and_then(|charter| charter.ledger.document().head());
        let head: Option<Position> =
            self.replicated(document).ok().and_then(|one| one.ledger.document().head());
        Seen { document: head, charter }
    }

    /// What the relay would say to a statement after one's own that wait.
    pub(super) fn preview(
        &self,
        document: DocumentId,
        statement: &Statement,
        now_ms: u64,
    ) -> Result<entente_shared::document::Preview, Refusal> {
        let replicated = self.replicated(document).map_err(|_| Refusal::UnknownDevice)?;
        let ledger = replicated.ahead_or_ledger();
        let time_ms = ledger.document().time_ms().max(now_ms) + 1;
        ledger.preview(self.charter_ahead().map(|charter| charter.line()), statement, time_ms)
    }

    /// Own waiting statements on whose changes an edit of these sections builds.
    fn own_bases(&self, document: DocumentId, parts: &[(SectionId, Payload)]) -> Vec<StatementId> {
        let Ok(replicated) = self.replicated(document) else { return Vec::new() };
        let ahead = replicated.ahead_or_ledger().document();
        let touches = |statement: &Statement| {
            let mut sections = statement.header.parts.iter().map(|part| &part.section);
            sections.any(|section| parts.iter().any(|(own, _)| own == section))
        };
        let own = self.outbox.of(document).filter(|statement| {
            // After a restored relay the statements of others are handed over from here, too.
            let own = statement.header.device == self.key.device();
            own && matches!(statement.header.act, Act::Edit { .. }) && ahead.is_effective(&statement.id)
        });
        let mut ids: Vec<_> = own.filter(|statement| touches(statement)).map(|one| one.id).collect();
        ids.sort();
        ids
    }

    /// Takes a signed statement into the outbox and looks ahead.
    pub(super) fn enqueue(&mut self, statement: Statement, now_ms: u64) {
        let document = statement.header.document;
        let suggestion =
            self.preview(document, &statement, now_ms).is_ok_and(|preview| preview.verdict.is_held());
        if suggestion && let Some(replicated) = self.replicated_mut(document) {
            // A hold ends the session: nothing later may build on the actor's held change.
            for (section, _) in statement.parts() {
                replicated.sessions.remove(section);
            }
        }
        let outgoing = self.outbox.push(statement, suggestion);
        let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
        self.effects.push(Effect::Write { key, value: Some(value) });
        self.look_ahead(document, now_ms);
    }

    /// Builds what is ahead of a document's ledger anew; what was journaled and does not fit any more
    /// is kept with the reason.
    pub(super) fn look_ahead(&mut self, document: DocumentId, now_ms: u64) {
        self.judge_ahead(document, now_ms);
        self.keep_unfit(document);
    }

    /// The same; tells what the judge would refuse as things stand.
    pub(super) fn judge_ahead(&mut self, document: DocumentId, now_ms: u64) -> Vec<(StatementId, Refusal)> {
        let Self { charter, documents, outbox, .. } = self;
        let own = outbox.of(document);
        match charter {
            Some(charter) if charter.id() == document => charter.look_ahead(None, own, now_ms),
            Some(charter) => {
                let line = charter.ahead_or_ledger().charter().map(|charter| charter.line());
                let replicated = documents.get_mut(&document);
                replicated.map(|replicated| replicated.look_ahead(line, own, now_ms)).unwrap_or_default()
            }
            None => Vec::new(),
        }
    }

    /// Keeps the words of journaled edits whose place is gone, as a statement that cannot be sent.
    fn keep_unfit(&mut self, document: DocumentId) {
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

    /// The relay says that changes of one's own edit stand already: what is new in it goes on as a
    /// statement of its own. False if it is not this device's, or nothing is known of it here.
    pub(super) fn take_known(&mut self, now: &mut Now<'_>, statement: StatementId) -> bool {
        let Some(outgoing) = self.outbox.find(&statement) else { return false };
        let known = outgoing.statement.clone();
        let Act::Edit { .. } = &known.header.act else { return false };
        let document = known.header.document;
        let Ok(replicated) = self.replicated(document) else { return false };
        if known.header.device != self.key.device() {
            return false;
        }
        let mut entries = BTreeSet::new();
        let mut rest = Vec::new();
        for (section, payload) in known.parts() {
            let Some(payload) = payload else { return false };
            let state = replicated.ledger.document().sections().get(section).and_then(|state| state.known());
            let Some(state) = state else { return false };
            let is_new = |bytes: &&ByteVec| {
                let Ok(change) = Change::from_bytes(bytes.to_vec()) else { return true };
                let actor = payload
                    .nonce
                    .map(|nonce| ActorKey::derive(known.header.device, document, section, nonce));
                let origin = actor.and_then(|actor| replicated.origins.of_change(&actor, change.seq()));
                let stands = state.index.contains(&ChangeId(change.hash().0));
                entries.extend(origin.filter(|_| stands).map(|origin| origin.seq));
                !stands
            };
            let changes: Vec<ByteVec> = payload.changes.iter().filter(is_new).cloned().collect();
            if !changes.is_empty() {
                rest.push((section.clone(), Payload { salt: now.draw(), changes, ..payload.clone() }));
            }
        }
        if entries.is_empty() {
            return false;
        }
        // The rest is in the outbox before this leaves it.
        if !rest.is_empty() {
            let then = &mut Now { ms: known.header.clock_ms, random: &mut *now.random };
            let rest = self.sign(then, document, known.header.act.clone(), rest);
            self.enqueue(rest, now.ms);
        }
        if let Some(outgoing) = self.outbox.remove(&statement) {
            self.effects.push(Effect::Write { key: records::outbox_key(outgoing.number), value: None });
        }
        let entries = entries.into_iter().collect();
        self.effects.push(Effect::Tell(Event::AlreadyThere { document, statement, entries }));
        self.send_signed();
        true
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

/// Commits what was written into a copy, as one change.
fn commit(content: &mut Section) -> Option<Vec<u8>> {
    let doc = content.doc_mut();
    let hash = doc.commit()?;
    doc.get_change_by_hash(&hash).map(|mut change| change.bytes().into_owned())
}

fn payload(salt: [u8; 16], nonce: ActorNonce, change: Vec<u8>) -> Payload {
    Payload { salt, nonce: Some(nonce), changes: vec![change.into()], text: None }
}
