//! What follows a commit: entries and answers go out, or everything that was not made durable is
//! undone in memory and its authors are told to keep it.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::Position;
use entente_shared::wire::Answer;
use entente_store::{Appended, Store, StoreError, StoredEntry};

use super::io::{BatchId, Counter, Event};
use super::loading::{self, read_only_reason};
use super::partnership::SlotState;
use super::pipeline::{Batch, Run, Waiting};
use super::{Relay, Turn};

impl<S: Store> Relay<S> {
    pub(super) fn committed(
        &mut self,
        turn: &mut Turn<'_>,
        id: BatchId,
        result: Result<Vec<Appended>, StoreError>,
    ) {
        let Some(batch) = self.pipeline.end(id) else { return };
        let Batch { runs, answers, founders, .. } = batch;
        for founder in &founders {
            self.count_token(founder.token, -1);
        }
        let (done, failed, reason) = sort_out(runs, result);
        turn.count(Counter::Commits, 1);
        self.publish(turn, done, &founders);
        if failed.is_empty() {
            return answers.into_iter().for_each(|waiting| self.answer_waiting(turn, waiting, None));
        }
        turn.count(Counter::CommitsFailed, 1);
        turn.report(Event::CommitFailed { detail: reason.detail.clone() });
        let mut lost: BTreeMap<_, _> = failed.iter().map(|run| (run.document, run.partnership)).collect();
        let withdrawn = self.undo(turn, &mut lost, reason.is_other_head);
        for founder in &withdrawn.founders {
            self.count_token(founder.token, -1);
        }
        for waiting in answers.into_iter().chain(withdrawn.answers) {
            self.answer_waiting(turn, waiting, Some((&lost, &reason.told)));
        }
    }

    /// Sends an answer; one that speaks of entries that are not durable becomes a transient refusal.
    fn answer_waiting(
        &mut self,
        turn: &mut Turn<'_>,
        waiting: Waiting,
        lost: Option<(&BTreeMap<DocumentId, PartnershipId>, &str)>,
    ) {
        let Waiting { connection, statement, document, answer } = waiting;
        let lost = lost.filter(|(lost, _)| lost.contains_key(&document));
        let answer = match (answer, lost) {
            (Ok((position, verdict)), None) => Answer::Entered { position, verdict },
            (Ok((position, verdict)), Some(_)) if self.is_durable(document, position) => {
                Answer::Entered { position, verdict }
            }
            (Err(refusal), None) => Answer::Refused { refusal },
            (_, Some((_, detail))) => {
                Answer::Refused { refusal: Refusal::ReadOnly { detail: detail.to_owned() } }
            }
        };
        self.answer(turn, connection, statement, answer);
    }

    /// Tells whether exactly this entry became durable, of a ledger where others did not.
    fn is_durable(&self, document: DocumentId, position: Position) -> bool {
        let owner = self.owners.get(&document).and_then(|id| self.partnerships.get(id));
        let slot = owner.and_then(|partnership| partnership.slots.get(&document));
        let is_before = slot.and_then(|slot| slot.durable).is_some_and(|durable| position.seq <= durable.seq);
        let stored = || self.store.entries(document, position.seq, 1, 1).ok();
        is_before && stored().is_some_and(|found| found.first().map(StoredEntry::position) == Some(position))
    }

    /// Takes back in memory what did not become durable, and everything that was judged on top of it.
    fn undo(
        &mut self,
        turn: &mut Turn<'_>,
        lost: &mut BTreeMap<DocumentId, PartnershipId>,
        is_other_head: bool,
    ) -> Batch {
        // What was judged under a charter entry that will not be has to go too.
        for (document, id) in lost.clone() {
            let Some(partnership) = self.partnerships.get(&id) else { continue };
            if partnership.charter_id == document {
                lost.extend(partnership.slots.keys().map(|document| (*document, id)));
            }
        }
        let documents: BTreeSet<_> = lost.keys().copied().collect();
        let withdrawn = self.pipeline.withdraw(&documents);
        for (document, id) in lost.iter() {
            self.reset(turn, *id, *document, is_other_head);
        }
        let partnerships: BTreeSet<_> = lost.values().copied().collect();
        partnerships.into_iter().for_each(|id| self.count_again(id));
        withdrawn
    }

    /// Brings one ledger in memory back to its durable head.
    fn reset(&mut self, turn: &mut Turn<'_>, id: PartnershipId, document: DocumentId, is_other_head: bool) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let is_charter = document == partnership.charter_id;
        let Some(slot) = partnership.slots.get_mut(&document) else { return };
        if is_other_head && let Ok(Some(head)) = self.store.head(document) {
            slot.advance(head);
        }
        let Some(head) = slot.durable else {
            self.uses.remove(&mut slot.used);
            partnership.slots.remove(&document);
            self.owners.remove(&document);
            // A session is a founder's only once the founding is durable, so nothing else hangs on it.
            if is_charter {
                self.partnerships.remove(&id);
            }
            return;
        };
        if !is_charter {
            if slot.live.as_ref().is_some_and(|live| live.document.head() != Some(head)) {
                slot.live = None;
                self.uses.remove(&mut slot.used);
            }
            return;
        }
        if partnership.charter.line().head() == Some(head) {
            return;
        }
        match loading::charter(&*self.store, document, head) {
            Ok((charter, _)) => partnership.charter = charter,
            Err(detail) => {
                slot.state = SlotState::Quarantined;
                turn.report(Event::Quarantined { document, detail });
            }
        }
    }
}

/// Why a commit did not do everything.
struct Reason {
    /// For the operator.
    detail: String,
    /// For clients.
    told: String,
    /// The store has other entries than this relay thought, and says so.
    is_other_head: bool,
}

/// Tells the runs that became durable from those that did not.
fn sort_out(runs: Vec<Run>, result: Result<Vec<Appended>, StoreError>) -> (Vec<Run>, Vec<Run>, Reason) {
    let told = "it could not store this".to_owned();
    let mut reason = Reason { detail: String::new(), told, is_other_head: false };
    let answers = match result {
        Ok(answers) => answers,
        Err(error) => {
            reason.told = read_only_reason(&error);
            reason.detail = error.to_string();
            return (Vec::new(), runs, reason);
        }
    };
    let mut answers = answers.into_iter();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for run in runs {
        match answers.next() {
            Some(Appended::Done) => done.push(run),
            other => {
                reason.is_other_head = true;
                reason.detail = match other {
                    Some(Appended::HeadMoved { .. }) => "a ledger has another head than expected",
                    Some(Appended::CharterMoved { .. }) => "a charter has another head than expected",
                    Some(Appended::AlreadyThere(_)) => "a statement stands in another ledger already",
                    Some(Appended::Damaged(_)) => "a ledger is damaged",
                    Some(Appended::Done) | None => "the store did not answer for every ledger",
                }
                .to_owned();
                failed.push(run);
            }
        }
    }
    (done, failed, reason)
}
