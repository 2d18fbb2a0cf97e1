//! The relay's word on its heads, and what follows where it is not what this device has: a relay that
//! was restored from a backup gets its entries back, or went on without them; then its chain stands.

use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::{Checkpoint, Position, SignedCheckpoint};
use entente_shared::wire::{Access, ClientFrame, Delivery, HEADS_FRAME_COUNT};

use super::ledger::read_entry;
use super::opening::{read_envelope, read_statement};
use super::{Effect, Event, Kept, LinkState, Now, Replica, link, records};

/// How the relay gave its word on a head.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// With entries: others may be on their way.
    WithEntries,
    /// In `Heads`: everything before it has arrived, and it stands.
    AsHead,
}

/// How the head that the relay shows lies to what is here.
enum Lies {
    Level,
    /// It is further back on the same chain.
    Back,
    /// It is further on.
    Beyond,
    /// Another entry stands here.
    Elsewhere,
}

impl Replica {
    /// Takes the relay's word on its heads; the first ends the catch-up.
    pub(super) fn take_heads(&mut self, now: &mut Now<'_>, mut checkpoints: Vec<SignedCheckpoint>) {
        let is_last = checkpoints.len() < HEADS_FRAME_COUNT;
        // The charter first: if its branch is put aside, so is everything that was judged under it.
        let charter = self.charter_id().ok();
        checkpoints.sort_by_key(|one| Some(one.checkpoint.document) != charter);
        for checkpoint in checkpoints {
            self.link.named.insert(checkpoint.checkpoint.document);
            self.take_word(now, checkpoint, Said::AsHead);
        }
        match self.link.state {
            LinkState::CatchingUp if is_last => {
                if self.link.catch_ups == 1 {
                    let lost = self.documents_lost();
                    lost.into_iter().for_each(|document| self.follow_other_branch(now, document));
                }
                if self.link.state != LinkState::Offline {
                    self.link.state = LinkState::Live;
                    self.end_attested();
                    self.send_outbox(now);
                }
            }
            // What could not be taken before may be taken now.
            LinkState::Live => self.send_signed(),
            _ => {}
        }
    }

    /// Compares the relay's word on a head with what this device has verified and was told before.
    pub(super) fn take_word(&mut self, now: &mut Now<'_>, signed: SignedCheckpoint, said: Said) {
        let checkpoint = &signed.checkpoint;
        let document = checkpoint.document;
        let relay = self.profile.relay.or(self.link.relay);
        let ours = checkpoint.partnership == self.profile.partnership;
        if !ours
            || self.stopped.contains_key(&document)
            || !relay.is_some_and(|relay| signed.is_valid(&relay))
        {
            return;
        }
        let Some(had) = self.ledger_head(document) else { return };
        let last = self.checkpoints.get(&document).map(|last| last.checkpoint.clone());
        let is_same_run = last.as_ref().is_some_and(|last| last.incarnation == checkpoint.incarnation);
        let shown = checkpoint.head;
        match (self.lies(document, had, shown), said) {
            (Lies::Level, _) => self.keep_word(signed, last, said),
            (Lies::Elsewhere, _) if is_same_run => self.tell_fork(document, shown.seq),
            // It let this device have everything up to here, and now calls it another branch.
            (Lies::Beyond, Said::AsHead) if is_same_run => self.tell_fork(document, had.seq),
            (Lies::Back, _) if is_same_run => {}
            (Lies::Back | Lies::Beyond, Said::WithEntries) => {}
            (Lies::Elsewhere, _) | (Lies::Back | Lies::Beyond, Said::AsHead) => {
                self.effects.push(Effect::Tell(Event::Rewound { document, had, has: Some(shown) }));
                self.follow_other_branch(now, document);
            }
        }
    }

    fn lies(&self, document: DocumentId, had: Position, shown: Position) -> Lies {
        match self.ledger_hash(document, shown.seq) {
            None => Lies::Beyond,
            Some(hash) if hash != shown.hash => Lies::Elsewhere,
            Some(_) if shown.seq == had.seq => Lies::Level,
            Some(_) => Lies::Back,
        }
    }

    /// Keeps the relay's word on the head that is here, unless it had said more before.
    fn keep_word(&mut self, signed: SignedCheckpoint, last: Option<Checkpoint>, said: Said) {
        let checkpoint = &signed.checkpoint;
        let (document, shown) = (checkpoint.document, checkpoint.head);
        if let Some(last) = last {
            let is_same_run = last.incarnation == checkpoint.incarnation;
            let is_less = shown.seq < last.head.seq;
            let contradicts = match shown.seq == last.head.seq {
                true => shown.hash != last.head.hash,
                false => self.ledger_hash(document, last.head.seq).is_some_and(|hash| hash != last.head.hash),
            };
            if contradicts && is_same_run {
                return self.tell_fork(document, last.head.seq);
            }
            if is_less && (is_same_run || said == Said::WithEntries) {
                return;
            }
            if is_less || contradicts {
                let (had, has) = (last.head, Some(shown));
                self.effects.push(Effect::Tell(Event::Rewound { document, had, has }));
            }
        }
        let value = Some(codec::encode(&signed));
        self.effects.push(Effect::Write { key: records::checkpoint_key(document), value });
        self.effects.push(Effect::Witness(signed.clone()));
        self.checkpoints.insert(document, signed);
    }

    fn tell_fork(&mut self, document: DocumentId, seq: u64) {
        self.effects.push(Effect::Tell(Event::Forked { document, seq }));
    }

    /// Documents that the relay does not have any more: it named the head of the charter, which is
    /// here, but not theirs, though this person may read them, and it has not asked for them.
    fn documents_lost(&self) -> Vec<DocumentId> {
        let is_level = self.charter_id().is_ok_and(|charter| self.link.named.contains(&charter));
        if !is_level || self.link.access != Some(Access::Member) {
            return Vec::new();
        }
        let is_lost = |document: &DocumentId| {
            let was_shown = self.checkpoints.contains_key(document);
            let is_told_of = self.link.named.contains(document) || self.link.missing.contains(document);
            was_shown && !is_told_of && !self.stopped.contains_key(document)
        };
        let judged = self.documents.values().filter(|one| one.ledger.document().head().is_some());
        let readable = judged.filter(|one| {
            let document = one.ledger.document();
            document.sections().keys().any(|section| self.is_sent(&document.kind().id, section))
        });
        readable.map(|one| one.id()).filter(is_lost).collect()
    }

    /// The relay was restored and asks for the entries after `from`.
    pub(super) fn take_missing(&mut self, now: &mut Now<'_>, document: DocumentId, from: Option<Position>) {
        self.link.missing.insert(document);
        let Some(had) = self.ledger_head(document) else { return };
        let known = self.checkpoints.get(&document).map_or(had, |last| last.checkpoint.head);
        self.effects.push(Effect::Tell(Event::Rewound { document, had: known, has: from }));
        let elsewhere = from
            .is_some_and(|from| self.ledger_hash(document, from.seq).is_some_and(|hash| hash != from.hash));
        match elsewhere {
            true => self.follow_other_branch(now, document),
            false => self.effects.push(Effect::Refill { document, from }),
        }
    }

    /// Hands over what `kept` holds of the entries that the relay asks for, as far as this person may
    /// read them. What is left out others may hand over.
    ///
    /// Or replays the document anew from `kept`, if this replica has asked for it.
    pub fn refill(&mut self, document: DocumentId, from: Option<Position>, kept: &[Kept]) {
        if from.is_none() && self.rebuilding.remove(&document) {
            return self.rebuild(document, kept);
        }
        let Some(checkpoint) = self.checkpoints.get(&document).cloned() else { return };
        let after = from.map_or(0, |from| from.seq + 1);
        let upto = checkpoint.checkpoint.head.seq;
        let wanted = kept.iter().filter(|one| (after..=upto).contains(&one.position.seq));
        let mut frames: Vec<Vec<Delivery>> = Vec::new();
        let mut room = 0;
        for one in wanted {
            let Some(envelope) = read_envelope(one) else { return };
            let bytes = one.entry.len() + one.envelope.len() + 256;
            let delivery = Delivery { entry: one.entry.clone(), envelope, redaction: None };
            match frames.last_mut() {
                Some(frame) if bytes <= room => frame.push(delivery),
                _ => {
                    room = link::SUBMIT_BYTES_MAX;
                    frames.push(vec![delivery]);
                }
            }
            room = room.saturating_sub(bytes);
        }
        for deliveries in frames {
            let checkpoint = checkpoint.clone();
            self.effects.push(Effect::Send(ClientFrame::Refill { document, deliveries, checkpoint }));
        }
    }

    /// The relay went on from an old backup, so its chain stands: this device's branch is put aside,
    /// and every statement of it is handed over again, anyone's, to be judged anew. Whatever was
    /// judged under another charter goes with it.
    pub(super) fn follow_other_branch(&mut self, now: &mut Now<'_>, document: DocumentId) {
        let is_charter = self.charter_id() == Ok(document);
        let newer = self.newer.keys().copied();
        let others: Vec<_> = self.documents.keys().copied().chain(newer).collect();
        let documents = if is_charter { others } else { vec![document] };
        // What is journaled was written on what is here.
        let all = documents.iter().copied().chain(is_charter.then_some(document));
        all.for_each(|document| self.commit_document(now, document));
        // What an invited device has of the charter it may not hand over.
        let hands_over = self.link.access != Some(Access::Invited);
        let salvage = |document| hands_over.then_some(Effect::Salvage { document });
        // The charter's statements go first, and it is put aside last: as long as it is here, all of
        // this can begin anew.
        if is_charter {
            self.effects.extend(salvage(document));
        }
        for document in documents {
            self.effects.extend(salvage(document));
            self.effects.push(Effect::SetAside { document });
            self.documents.remove(&document);
            self.newer.remove(&document);
            self.attested.remove(&document);
        }
        if is_charter {
            self.attested.clear();
            self.effects.push(Effect::SetAside { document });
            self.charter = None;
        }
        self.effects.push(Effect::Close);
        self.disconnected();
    }

    /// Takes the statements of a branch that was put aside into the outbox, to be judged anew where
    /// they still are missing.
    pub fn salvage(&mut self, kept: &[Kept]) {
        for one in kept {
            let Some(statement) = read_statement(one) else { continue };
            if statement.is_redacted() || self.outbox.find(&statement.id).is_some() {
                continue;
            }
            let waited = read_entry(&one.entry).is_some_and(|entry| entry.verdict.is_held());
            let outgoing = self.outbox.push(statement, waited);
            let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
            self.effects.push(Effect::Write { key, value: Some(value) });
        }
    }

    /// The entry that the author of a waiting statement saw and that is not on the chain here, now
    /// that everything has arrived: it belongs to a branch that was put aside.
    pub(super) fn seen_elsewhere(&self, statement: &StatementId) -> Option<u64> {
        let header = &self.outbox.find(statement)?.statement.header;
        if self.link.state != LinkState::Live {
            return None;
        }
        let charter = self.charter_id().ok()?;
        let seen = [(charter, header.seen.charter), (header.document, header.seen.document)];
        let mut positions = seen.into_iter().filter_map(|(document, seen)| Some((document, seen?)));
        let elsewhere = positions.find(|(id, seen)| self.ledger_hash(*id, seen.seq) != Some(seen.hash));
        elsewhere.map(|(_, seen)| seen.seq)
    }
}
