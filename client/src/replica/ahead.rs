//! What is ahead of the verified ledgers: own statements that no ledger has yet, judged here as the
//! relay would judge them after what it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_shared::charter::CharterLine;
use entente_shared::content::Section;
use entente_shared::document::{Candidate, Findings, Outcome, Preview};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Payload, Statement};

use super::act::Submitted;
use super::replicated::{Base, Replicated, apply_payload, changed_by, heads_in};
use super::{CommandError, Effect, Replica, records};

/// Content that was written here, with the change of one statement as its last.
pub(super) type Written = (SectionId, Section);

impl Replica {
    /// What the relay would say to a statement after one's own that wait.
    pub(super) fn preview(
        &self,
        document: DocumentId,
        candidate: Candidate<'_>,
        now_ms: u64,
    ) -> Result<Preview, Refusal> {
        let replicated = self.replicated(document).map_err(|_| Refusal::UnknownDevice)?;
        let ledger = replicated.ahead_or_ledger();
        let time_ms = ledger.document().time_ms().max(now_ms) + 1;
        let line = self.charter_ahead().map(|charter| charter.line());
        ledger.preview(line, candidate, time_ms, |name| replicated.copy_of(name, Base::Signed))
    }

    /// Own waiting statements on whose changes an edit of these sections builds.
    pub(super) fn own_bases(&self, document: DocumentId, parts: &[(SectionId, Payload)]) -> Vec<StatementId> {
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

    /// Takes a signed statement into the outbox, if the judge takes it after one's own that wait.
    ///
    /// # Errors
    ///
    /// The rules would refuse it; nothing changed then.
    pub(super) fn submit_signed(
        &mut self,
        statement: Statement,
        findings: Arc<Findings>,
        now_ms: u64,
    ) -> Result<Submitted, CommandError> {
        let document = statement.header.document;
        let outcome = self.append_ahead((&statement, &*findings).into(), None, now_ms);
        let outcome = outcome.map_err(CommandError::Refused)?;
        let (id, verdict) = (statement.id, outcome.entry.verdict);
        let hold = self.replicated(document)?.ahead_or_ledger().document().open_holds().get(&id);
        let needs = hold.map(|hold| self.needs(document, hold)).unwrap_or_default();
        self.send_later(statement, findings, verdict.is_held());
        Ok(Submitted { statement: id, verdict, needs })
    }

    /// Takes a signed statement into the outbox, whatever becomes of it; `written` is the content of
    /// which it signs the last change.
    pub(super) fn enqueue(&mut self, statement: Statement, written: Option<Written>, now_ms: u64) {
        let findings = Arc::new(Findings::of(&statement));
        let outcome = self.append_ahead((&statement, &*findings).into(), written, now_ms);
        if outcome.is_err() {
            self.end_sessions(&statement);
        }
        self.send_later(statement, findings, outcome.is_ok_and(|outcome| outcome.entry.verdict.is_held()));
    }

    fn send_later(&mut self, statement: Statement, findings: Arc<Findings>, suggestion: bool) {
        let document = statement.header.document;
        if suggestion {
            self.end_sessions(&statement);
        }
        let outgoing = self.outbox.push_judged(statement, findings, suggestion);
        let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
        self.effects.push(Effect::Write { key, value: Some(value) });
        self.keep_unfit(document);
    }

    /// Nothing may build here on what a statement wrote, so its actors must not go on either.
    fn end_sessions(&mut self, statement: &Statement) {
        if let Some(replicated) = self.replicated_mut(statement.header.document) {
            replicated.end_sessions(statement);
        }
    }

    fn append_ahead(
        &mut self,
        candidate: Candidate<'_>,
        written: Option<Written>,
        now_ms: u64,
    ) -> Result<Outcome, Refusal> {
        let document = candidate.statement.header.document;
        let Self { charter, documents, .. } = self;
        match charter {
            Some(charter) if charter.id() == document => {
                charter.append_ahead(None, candidate, written, now_ms)
            }
            Some(charter) => {
                let line = charter.ahead_or_ledger().charter().map(|charter| charter.line());
                let replicated = documents.get_mut(&document).ok_or(Refusal::UnknownDevice)?;
                replicated.append_ahead(line, candidate, written, now_ms)
            }
            None => Err(Refusal::UnknownDevice),
        }
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
        let own = outbox.candidates(document);
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
}

impl Replicated {
    /// Builds what is ahead anew: own statements in their order, then the journal.
    ///
    /// Returns the statements that the judge would refuse as things stand.
    pub(super) fn look_ahead<'a>(
        &mut self,
        line: Option<&CharterLine>,
        own: impl Iterator<Item = Candidate<'a>>,
        now_ms: u64,
    ) -> Vec<(StatementId, Refusal)> {
        let (mut refused, mut outcomes) = (Vec::new(), Vec::new());
        self.ahead = None;
        for candidate in own {
            let sources = self.sources(&outcomes);
            let contents = self.looked_at(candidate.statement, |name| {
                Some(with_payloads(self.copy_of(name, Base::Effective)?, name, &sources))
            });
            match self.judge_next(line, candidate, contents, now_ms) {
                Ok(outcome) => {
                    if outcome.entry.verdict.is_held() {
                        self.end_sessions(candidate.statement);
                    }
                    outcomes.push((candidate.statement, outcome.effective));
                }
                Err(refusal) => {
                    self.end_sessions(candidate.statement);
                    refused.push((candidate.statement.id, refusal));
                }
            }
        }
        self.write_signed(&outcomes);
        self.apply_journal();
        refused
    }

    /// Takes one more own statement into what is ahead. `written` is the content that it signs, if it
    /// was written here on what is signed.
    ///
    /// # Errors
    ///
    /// A refusal; nothing changed then.
    fn append_ahead(
        &mut self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        written: Option<Written>,
        now_ms: u64,
    ) -> Result<Outcome, Refusal> {
        let is_first = self.ahead.is_none();
        let contents = self.looked_at(candidate.statement, |name| self.copy_of(name, Base::Signed));
        let appended = self.judge_next(line, candidate, contents, now_ms);
        if appended.is_err() && is_first {
            self.ahead = None;
        }
        let outcome = appended?;
        let statement = candidate.statement;
        let written = written.filter(|_| outcome.effective.contains(&statement.id));
        let sources = self.sources(&[(statement, outcome.effective.clone())]);
        let sources = sources.into_iter().filter(|source| written.is_none() || source.id != statement.id);
        let sources: Vec<_> = sources.collect();
        let write = |section: SectionId| {
            let content = self.copy_of(&section, Base::Signed);
            content.map(|content| (section.clone(), with_payloads(content, &section, &sources)))
        };
        let fresh: Vec<_> = changed_by(&sources).into_iter().filter_map(write).collect();
        self.signed.extend(fresh.into_iter().chain(written));
        if !outcome.effective.is_empty() {
            self.apply_journal();
        }
        Ok(outcome)
    }

    /// The content on which the verdict on a statement rests, if it rests on any.
    fn looked_at(
        &self,
        statement: &Statement,
        content: impl Fn(&SectionId) -> Option<Section>,
    ) -> BTreeMap<SectionId, Section> {
        let wanted = self.ahead_or_ledger().document().rests_on(&statement.header.act);
        wanted.into_iter().filter_map(|name| content(&name).map(|section| (name, section))).collect()
    }

    fn judge_next(
        &mut self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        contents: BTreeMap<SectionId, Section>,
        now_ms: u64,
    ) -> Result<Outcome, Refusal> {
        let ledger = self.ahead.get_or_insert_with(|| self.ledger.clone());
        let time_ms = ledger.document().time_ms().max(now_ms) + 1;
        ledger.look(&candidate.statement.header.act, |name| contents.get(name).cloned());
        ledger.append(line, candidate, time_ms)
    }

    /// Makes the signed content of the sections that own statements change. What is as it was stays.
    fn write_signed(&mut self, outcomes: &[(&Statement, Vec<StatementId>)]) {
        let mut before = std::mem::take(&mut self.signed);
        let sources = self.sources(outcomes);
        let write = |section: SectionId| {
            let heads = heads_in(self.ahead_or_ledger().document(), &section);
            let kept = before.remove(&section).and_then(|mut content| {
                let is_same = Some(&content.heads()[..]) == heads;
                is_same.then_some(content)
            });
            let content = match kept {
                Some(content) => content,
                None => with_payloads(self.copy_of(&section, Base::Effective)?, &section, &sources),
            };
            Some((section, content))
        };
        self.signed = changed_by(&sources).into_iter().filter_map(write).collect();
    }

    /// The statements that come into effect ahead, in the order in which they do.
    fn sources<'a>(&'a self, outcomes: &[(&'a Statement, Vec<StatementId>)]) -> Vec<&'a Statement> {
        let effective = outcomes.iter().flat_map(|(own, ids)| ids.iter().map(move |id| (*own, id)));
        let source = |(own, id): (&'a Statement, &StatementId)| match *id == own.id {
            true => Some(own),
            false => self.held.get(id),
        };
        effective.filter_map(source).collect()
    }

    fn end_sessions(&mut self, statement: &Statement) {
        for (section, _) in statement.parts() {
            self.sessions.remove(section);
        }
    }
}

fn with_payloads(mut content: Section, section: &SectionId, sources: &[&Statement]) -> Section {
    sources.iter().for_each(|source| apply_payload(&mut content, section, source));
    content
}
