//! Editing: a command changes the working content at once, is journaled, and is signed later.

use std::collections::BTreeSet;
use std::sync::Arc;

use automerge::Change;
use automerge::transaction::Transactable;
use entente_shared::content::{EditCommand, Section, apply_edit};
use entente_shared::document::{Findings, Preview};
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::ledger::Position;
use entente_shared::statement::{Act, Header, Payload, Seen, Statement};
use minicbor::bytes::ByteVec;

use super::replicated::Base;
use super::{CommandError, Effect, Event, Now, Replica, records};

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

/// A statement that would be made of edits, and what the judge says to it.
struct Trial {
    statement: Statement,
    findings: Arc<Findings>,
    preview: Preview,
    /// On what it builds.
    base: Base,
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
        let Some(trial) = self.attempt(now, document, &edits, message.clone())? else {
            return Ok(EditOutcome::Nothing);
        };
        if trial.preview.verdict.is_held() {
            return self.suggest(now, document, &edits, message, trial);
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
        Ok(match self.attempt(now, document, edits, None)?.map(|trial| trial.preview) {
            None => Foreseen::Nothing,
            Some(preview) if preview.verdict.is_held() => Foreseen::Suggested { needs: preview.needs },
            Some(_) => Foreseen::Saved,
        })
    }

    /// Makes the statement that edits would be and asks the judge; `None` if they change nothing.
    fn attempt(
        &self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: &[(SectionId, Vec<EditCommand>)],
        message: Option<String>,
    ) -> Result<Option<Trial>, CommandError> {
        self.me()?;
        self.check_writable(document)?;
        let replicated = self.replicated(document)?;
        let stands = edits.iter().all(|(section, _)| !replicated.is_ahead_in(section));
        let base = if stands { Base::Effective } else { Base::Signed };
        let parts = self.drafts(now, document, edits, base, message)?;
        if parts.is_empty() {
            return Ok(None);
        }
        let act = Act::Edit { after: self.own_bases(document, &parts), replaces: None };
        let statement = self.sign(now, document, act, parts);
        let findings = Arc::new(Findings::of(&statement));
        let preview = self.preview(document, (&statement, &*findings).into(), now.ms);
        let preview = preview.map_err(CommandError::Refused)?;
        Ok(Some(Trial { statement, findings, preview, base }))
    }

    /// Suggests edits that somebody else decides, built on what everybody has.
    fn suggest(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: &[(SectionId, Vec<EditCommand>)],
        message: Option<String>,
        trial: Trial,
    ) -> Result<EditOutcome, CommandError> {
        let submitted = match trial.base {
            Base::Effective => self.submit_signed(trial.statement, trial.findings, now.ms)?,
            Base::Signed => {
                let parts = self.drafts(now, document, edits, Base::Effective, message)?;
                if parts.is_empty() {
                    return Ok(EditOutcome::Nothing);
                }
                let act = Act::Edit { after: Vec::new(), replaces: None };
                self.submit(now, document, act, parts)?
            }
        };
        Ok(EditOutcome::Suggested { statement: submitted.statement, needs: submitted.needs })
    }

    /// The payloads that edits of several sections would be; sections that they do not change are left
    /// out.
    pub(super) fn drafts(
        &self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: &[(SectionId, Vec<EditCommand>)],
        base: Base,
        message: Option<String>,
    ) -> Result<Vec<(SectionId, Payload)>, CommandError> {
        let mut drafts = Vec::new();
        for (section, commands) in edits {
            let draft = self.draft(now, document, section, commands, base)?;
            drafts
                .extend(draft.map(|payload| (section.clone(), Payload { text: message.clone(), ..payload })));
        }
        Ok(drafts)
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
            self.enqueue(rest, None, now.ms);
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

/// Commits what was written into a copy, as one change.
pub(super) fn commit(content: &mut Section) -> Option<Vec<u8>> {
    let doc = content.doc_mut();
    let hash = doc.commit()?;
    doc.get_change_by_hash(&hash).map(|mut change| change.bytes().into_owned())
}

/// The payload of one change, without words.
pub(super) fn payload(salt: [u8; 16], nonce: ActorNonce, change: Vec<u8>) -> Payload {
    Payload { salt, nonce: Some(nonce), changes: vec![change.into()], text: None }
}
