//! Entering statements: judged in memory at once, in the order in which they came.

use entente_shared::charter::Charter;
use entente_shared::document::{Document, Outcome};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Facts, Refusal};
use entente_shared::ledger::{Position, Verdict};
use entente_shared::statement::{Act, Statement};
use entente_shared::wire::Answer;
use entente_store::{Record, Store};

use super::founding::FoundingToken;
use super::intake::Submitted;
use super::loading::shape_of;
use super::materialise::Looked;
use super::memory::quarantined;
use super::partnership::{Live, Partnership, Shape, Slot, SlotState};
use super::pipeline::{Founder, Run, Waiting};
use super::recorded::Item;
use super::{Relay, Turn};

/// What became of a statement.
enum Entering {
    /// It was judged now and waits for the disk.
    Entered(Box<Run>, Option<Record>),
    /// It stands, durably.
    Stands(Position, Verdict),
    /// It was judged before and waits for the disk.
    Waits(Position),
    /// It cannot be judged before this is read.
    Rests(Looked),
}

impl From<(Run, Option<Record>)> for Entering {
    fn from((run, record): (Run, Option<Record>)) -> Self {
        Self::Entered(Box::new(run), record)
    }
}

impl<S: Store> Relay<S> {
    /// Judges one statement, after those of its document that wait for content. The answer goes out
    /// when what it says is durable.
    pub(super) fn enter(&mut self, turn: &mut Turn<'_>, submitted: Submitted, is_valid: bool) {
        let Some((submitted, is_valid)) = self.looking.queue(submitted, is_valid) else { return };
        let entering = match submitted.statement.header.act {
            Act::Found { .. } => self.found(turn, &submitted, is_valid),
            _ => self.judge(turn, &submitted, is_valid, None),
        };
        self.follow_up(turn, submitted, is_valid, entering);
    }

    /// Judges a statement whose verdict rests on `facts`.
    pub(super) fn enter_knowing(
        &mut self,
        turn: &mut Turn<'_>,
        submitted: Submitted,
        is_valid: bool,
        facts: Facts,
    ) {
        let entering = self.judge(turn, &submitted, is_valid, Some(facts));
        self.follow_up(turn, submitted, is_valid, entering);
    }

    /// Refuses a statement whose verdict rests on what cannot be read.
    pub(super) fn refuse_unread(&mut self, turn: &mut Turn<'_>, submitted: &Submitted) {
        self.answer(
            turn,
            submitted.connection,
            submitted.statement.id,
            Answer::Refused { refusal: quarantined() },
        );
    }

    fn follow_up(
        &mut self,
        turn: &mut Turn<'_>,
        submitted: Submitted,
        is_valid: bool,
        entering: Result<Entering, Refusal>,
    ) {
        let (connection, statement) = (submitted.connection, submitted.statement.id);
        let document = submitted.statement.header.document;
        let waiting = |answer| Waiting { connection, statement, document, answer };
        match entering {
            Ok(Entering::Entered(run, record)) => {
                let item = &run.items[0];
                let position = item.position;
                let verdict = item.entry().map(|entry| entry.verdict);
                let founder = matches!(submitted.statement.header.act, Act::Found { .. }).then(|| Founder {
                    connection,
                    partnership: run.partnership,
                    token: submitted.token,
                });
                let batch = self.push(*run);
                batch.records.extend(record);
                batch.founders.extend(founder);
                if let Ok(verdict) = verdict {
                    batch.answers.push(waiting(Ok((position, verdict))));
                }
            }
            Ok(Entering::Stands(position, verdict)) => {
                self.answer(turn, connection, statement, Answer::Entered { position, verdict });
            }
            Ok(Entering::Waits(position)) => {
                if let Some((item, answers)) = self.pipeline.find(document, position)
                    && let Ok(entry) = item.entry()
                {
                    answers.push(waiting(Ok((position, entry.verdict))));
                }
            }
            Ok(Entering::Rests(looked)) => {
                self.materialising.look(submitted.statement.partnership(), document, looked);
                self.looking.begin(submitted, is_valid);
            }
            Err(refusal) => self.refuse(turn, &submitted, waiting(Err(refusal))),
        }
    }

    /// Refuses now or, if the refusal may rest on entries that are not durable yet, after those.
    fn refuse(&mut self, turn: &mut Turn<'_>, submitted: &Submitted, waiting: Waiting) {
        let partnership = submitted.partnership.and_then(|id| self.partnerships.get(&id));
        let charter = partnership.map_or(waiting.document, |found| found.charter_id);
        if let Some(batch) = self.pipeline.last_with([waiting.document, charter]) {
            return batch.answers.push(waiting);
        }
        let Err(refusal) = waiting.answer else { return };
        self.answer(turn, waiting.connection, waiting.statement, Answer::Refused { refusal });
    }

    fn judge(
        &mut self,
        turn: &mut Turn<'_>,
        submitted: &Submitted,
        is_valid: bool,
        facts: Option<Facts>,
    ) -> Result<Entering, Refusal> {
        let statement = &submitted.statement;
        let document = statement.header.document;
        let id = statement.partnership();
        let unavailable = || Refusal::ReadOnly { detail: "it cannot read this partnership".to_owned() };
        if submitted.partnership != Some(id) {
            return Err(Refusal::Malformed { detail: "another partnership".to_owned() });
        }
        if !self.load_partnership(turn, id).map_err(|_| unavailable())? {
            return Err(unavailable());
        }
        self.load_document(turn, id, document)?;
        if let Some(known) = self.known(id, document, statement.id)? {
            return Ok(known);
        }
        check_valid(is_valid)?;
        self.check_takes(Some(id), document)?;
        if facts.is_none()
            && let Some(looked) = self.rests_on(id, statement)
        {
            return Ok(Entering::Rests(looked));
        }
        self.check_room(id, statement)?;
        let partnership = self.partnerships.get_mut(&id).ok_or_else(unavailable)?;
        let slot = partnership.slots.get_mut(&document);
        if let Some((live, facts)) = slot.and_then(|slot| slot.live.as_mut()).zip(facts) {
            live.court.learn(facts);
        }
        let time_ms = partnership.next_ms(turn.now_ms);
        let is_new = !partnership.slots.contains_key(&document);
        if is_new && self.owners.contains_key(&document) {
            return Err(Refusal::Malformed { detail: "that document's id is taken".to_owned() });
        }
        let entered = match document == partnership.charter_id {
            true => partnership.enter_charter(statement, time_ms)?,
            false => partnership.enter_document(statement, time_ms)?,
        };
        if let Some(slot) = partnership.slots.get_mut(&document) {
            slot.is_appended = true;
            if is_new {
                self.owners.insert(document, id);
                self.uses.touch(&mut slot.used, id, document);
            }
        }
        Ok(entered)
    }

    /// What is known of a statement that came before.
    fn known(
        &self,
        id: PartnershipId,
        document: DocumentId,
        statement: StatementId,
    ) -> Result<Option<Entering>, Refusal> {
        let Some(partnership) = self.partnerships.get(&id) else { return Ok(None) };
        let Some(slot) = partnership.slots.get(&document) else { return Ok(None) };
        let known = match document == partnership.charter_id {
            true => partnership.charter.document().position_of(&statement),
            false => slot.live.as_ref().and_then(|live| live.document.position_of(&statement)),
        };
        let Some(position) = known else { return Ok(None) };
        if slot.durable.is_none_or(|durable| durable.seq < position.seq) {
            return Ok(Some(Entering::Waits(position)));
        }
        let stored = self.store.entries(document, position.seq, 1, 1).map_err(|_| quarantined())?;
        let stored = stored.into_iter().next().ok_or_else(quarantined)?;
        let entry = Item::from_stored(stored).and_then(|item| item.entry()).map_err(|_| quarantined())?;
        Ok(Some(Entering::Stands(position, entry.verdict)))
    }

    /// Tells whether anything may be entered in this document now.
    fn check_takes(&self, id: Option<PartnershipId>, document: DocumentId) -> Result<(), Refusal> {
        let read_only = |detail: &str| Err(Refusal::ReadOnly { detail: detail.to_owned() });
        if self.is_recovering {
            return read_only("it was restored and recovers what was lost");
        }
        if let Some(reason) = &self.read_only {
            return read_only(reason);
        }
        let Some(partnership) = id.and_then(|id| self.partnerships.get(&id)) else { return Ok(()) };
        let state_of = |document| partnership.slots.get(document).map(|slot| &slot.state);
        // What is judged while entries of the charter are missing would keep them from coming back.
        if let Some(SlotState::Missing(_)) = state_of(&partnership.charter_id) {
            return read_only("it asks clients for entries that it has lost");
        }
        match state_of(&document) {
            Some(SlotState::Quarantined) => Err(quarantined()),
            Some(SlotState::Missing(_)) => read_only("it asks clients for entries that it has lost"),
            Some(SlotState::Ready) | None => Ok(()),
        }
    }

    fn found(
        &mut self,
        turn: &mut Turn<'_>,
        submitted: &Submitted,
        is_valid: bool,
    ) -> Result<Entering, Refusal> {
        let statement = &submitted.statement;
        let (id, document) = (statement.partnership(), statement.header.document);
        if self.load_partnership(turn, id).map_err(|_| quarantined())?
            && let Some(known) = self.known(id, document, statement.id)?
        {
            self.raise(submitted.connection, id);
            return Ok(known);
        }
        check_valid(is_valid)?;
        self.check_takes(None, document)?;
        if self.owners.contains_key(&document) {
            return Err(Refusal::Malformed { detail: "that document's id is taken".to_owned() });
        }
        let Act::Found { relay, .. } = &statement.header.act else { return Err(quarantined()) };
        if *relay != self.seal.key.relay() {
            return Err(Refusal::Malformed { detail: "it names another relay".to_owned() });
        }
        let record = self.use_token(turn.now_ms, submitted.token)?;
        let (charter, outcome) = Charter::found(statement, turn.now_ms)?;
        self.count_token(submitted.token, 1);
        let mut partnership = Partnership::new(charter, &self.options.limits, turn.now_ms);
        partnership.last_ms = outcome.entry.time_ms;
        let mut slot = Slot::new(None, shape_of(partnership.charter.document()));
        slot.is_appended = true;
        partnership.slots.insert(document, slot);
        let run = Run {
            partnership: id,
            document,
            expected_head: None,
            guard: None,
            items: vec![Item::new(&outcome, statement)],
        };
        self.partnerships.insert(id, partnership);
        self.owners.insert(document, id);
        Ok(Entering::Entered(Box::new(run), record))
    }

    fn use_token(&self, now_ms: u64, token: Option<[u8; 32]>) -> Result<Option<Record>, Refusal> {
        if self.options.founding_is_open {
            return Ok(None);
        }
        let pending = |hash: &[u8; 32]| self.tokens_pending.get(hash).copied().unwrap_or(0);
        let used_up = Refusal::NotAllowed { rule: None, who: Vec::new() };
        let hash = token.ok_or(used_up.clone())?;
        let found = FoundingToken::find_hash(&*self.store, &hash, now_ms, pending).ok_or(used_up)?;
        Ok(found.used())
    }

    /// Counts uses of a token on their way to the disk.
    pub(super) fn count_token(&mut self, token: Option<[u8; 32]>, by: i64) {
        let Some(hash) = token.filter(|_| !self.options.founding_is_open) else { return };
        let pending = self.tokens_pending.entry(hash).or_default();
        *pending = pending.saturating_add_signed(by as i32);
        if *pending == 0 {
            self.tokens_pending.remove(&hash);
        }
    }
}

impl Partnership {
    fn enter_charter(&mut self, statement: &Statement, time_ms: u64) -> Result<Entering, Refusal> {
        let expected_head = self.charter.line().head();
        let outcome = self.charter.append(statement, time_ms, None)?;
        Ok(self.entered(self.charter_id, expected_head, None, &outcome, statement).into())
    }

    fn enter_document(&mut self, statement: &Statement, time_ms: u64) -> Result<Entering, Refusal> {
        let document = statement.header.document;
        let line = self.charter.line();
        let charter_head = line.head();
        let append = |live: &mut Live| {
            live.document.append(&mut live.court, line, charter_head, statement, time_ms, None)
        };
        let (expected_head, outcome) = match self.slots.get_mut(&document) {
            Some(Slot { live: Some(live), .. }) => (live.document.head(), append(live)?),
            Some(_) => return Err(quarantined()),
            None if matches!(statement.header.act, Act::Create { .. }) => {
                let document = Document::begin(statement)?;
                let court = DocumentCourt::new(document.kind().id.clone());
                let mut live = Live { document, court };
                let outcome = append(&mut live)?;
                let mut slot =
                    Slot::new(None, Shape { kind: live.document.kind().id.clone(), sections: [].into() });
                slot.live = Some(Box::new(live));
                self.slots.insert(statement.header.document, slot);
                (None, outcome)
            }
            None => {
                let detail = "a document that is not here (yet)".to_owned();
                return Err(Refusal::Dependency { detail });
            }
        };
        let guard = charter_head.map(|head| (self.charter_id, head));
        Ok(self.entered(document, expected_head, guard, &outcome, statement).into())
    }

    /// What goes to the disk for an entry: itself, and what the document is made of if that grew.
    pub(super) fn entered(
        &mut self,
        document: DocumentId,
        expected_head: Option<Position>,
        guard: Option<(DocumentId, Position)>,
        outcome: &Outcome,
        statement: &Statement,
    ) -> (Run, Option<Record>) {
        self.last_ms = self.last_ms.max(outcome.entry.time_ms);
        let slot = self.slots.get(&document);
        let is_new = |section: &SectionId| slot.is_some_and(|slot| !slot.shape.sections.contains(section));
        let live = slot.and_then(|slot| slot.live.as_ref());
        let live = live.filter(|_| outcome.entry.sections.iter().any(is_new));
        let record = live.map(|live| shape_of(&live.document).record(&document));
        let items = vec![Item::new(outcome, statement)];
        (Run { partnership: self.id, document, expected_head, guard, items }, record)
    }
}

fn check_valid(is_valid: bool) -> Result<(), Refusal> {
    let detail = || "the signature is not valid".to_owned();
    if is_valid { Ok(()) } else { Err(Refusal::Malformed { detail: detail() }) }
}
