//! Returned entries: do they continue the chain, and do the rules lead to them again?

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::document::{Document, Told};
use entente_shared::ids::*;
use entente_shared::judge::DocumentCourt;
use entente_shared::ledger::{Entry, Position};
use entente_shared::statement::Statement;
use entente_shared::wire::Delivery;
use entente_store::Record;

use crate::relay::loading::shape_of;
use crate::relay::partnership::{Live, Partnership, Shape};
use crate::relay::pipeline::Run;

impl Partnership {
    /// The last entry in memory, or on disk where the document is not in memory.
    pub(in crate::relay) fn head(&self, document: DocumentId) -> Option<Position> {
        if document == self.charter_id {
            return self.charter.line().head();
        }
        let slot = self.slots.get(&document)?;
        slot.live.as_ref().map_or(slot.durable, |live| live.document.head())
    }

    /// Judges entries again behind what is here; all of them or none. Where a verdict rests on content,
    /// `content` gives that of some sections, once these entries are entered.
    pub(super) fn replay(
        &mut self,
        document: DocumentId,
        collected: &[(Entry, Statement)],
        content: impl Fn(&Document, &[(Entry, Statement)], &[SectionId]) -> BTreeMap<SectionId, Section>,
    ) -> Option<Vec<(Run, Option<Record>)>> {
        if document == self.charter_id {
            return self.replay_charter(collected);
        }
        let mut live = self.slots.get_mut(&document)?.live.take();
        let before = live.as_ref().map(|live| live.document.clone());
        let runs = self.replay_document(document, &mut live, collected, content);
        if runs.is_none() {
            live = live.zip(before).map(|(mut live, before)| {
                live.document = before;
                live
            });
        }
        self.slots.get_mut(&document)?.live = live;
        runs
    }

    fn replay_charter(&mut self, collected: &[(Entry, Statement)]) -> Option<Vec<(Run, Option<Record>)>> {
        let mut charter = self.charter.clone();
        let mut runs = Vec::with_capacity(collected.len());
        for (entry, statement) in collected {
            let expected_head = charter.line().head();
            let outcome = charter.replay(statement, Told { entry, redaction: None }).ok()?;
            runs.push(self.entered(self.charter_id, expected_head, None, &outcome, statement));
        }
        self.charter = charter;
        Some(runs)
    }

    fn replay_document(
        &mut self,
        document: DocumentId,
        live: &mut Option<Box<Live>>,
        collected: &[(Entry, Statement)],
        content: impl Fn(&Document, &[(Entry, Statement)], &[SectionId]) -> BTreeMap<SectionId, Section>,
    ) -> Option<Vec<(Run, Option<Record>)>> {
        let line = self.charter.line().clone();
        let guard = line.head().map(|head| (self.charter_id, head));
        let mut runs = Vec::with_capacity(collected.len());
        for (number, (entry, statement)) in collected.iter().enumerate() {
            line.is_newest_at(entry.charter?, entry.time_ms).then_some(())?;
            if live.is_none() {
                let begun = Document::begin(statement).ok()?;
                let court = DocumentCourt::new(begun.kind().id.clone());
                self.slots.get_mut(&document)?.shape =
                    Shape { kind: begun.kind().id.clone(), sections: BTreeSet::new() }.into();
                *live = Some(Box::new(Live { document: begun, court }));
            }
            let Live { document: state, court } = &mut **live.as_mut()?;
            let expected_head = state.head();
            let wanted = state.rests_on(&statement.header.act);
            if !wanted.is_empty() {
                let mut found = content(state, &collected[..number], &wanted);
                court.look(state, &statement.header.act, |name| found.remove(name));
            }
            let outcome = state.replay(court, &line, statement, Told { entry, redaction: None }).ok()?;
            runs.push(self.entered(document, expected_head, guard, &outcome, statement));
        }
        if let (Some((_, record)), Some(live)) = (runs.last_mut(), live) {
            *record = Some(shape_of(&live.document).record(&document));
        }
        Some(runs)
    }
}

/// The deliveries that continue the chain after `head`, without what is here already, and where
/// they end; `None` if one of them does not follow.
pub(super) fn continue_chain(
    all: Vec<Delivery>,
    head: Option<Position>,
) -> Option<(Vec<Delivery>, Option<Position>)> {
    let (mut kept, mut end) = (Vec::with_capacity(all.len()), head);
    for delivery in all {
        let entry: Entry = codec::decode("entry", &delivery.entry, delivery.entry.len()).ok()?;
        let next = end.map_or(0, |end| end.seq + 1);
        if entry.seq < next {
            continue;
        }
        let follows = entry.seq == next && entry.previous == end.map(|end| end.hash);
        if !follows || delivery.redaction.is_some() {
            return None;
        }
        end = Some(Position { seq: entry.seq, hash: EntryHash(sha256(&[&delivery.entry])) });
        kept.push(delivery);
    }
    Some((kept, end))
}

/// The entry and the whole statement of a delivery.
pub(super) fn read(delivery: Delivery) -> Option<(Entry, Statement)> {
    let entry = codec::decode("entry", &delivery.entry, delivery.entry.len()).ok()?;
    let statement = Statement::open(delivery.envelope).ok()?;
    (!statement.is_redacted()).then_some((entry, statement))
}

pub(super) fn bytes_of(deliveries: &[Delivery]) -> usize {
    let payloads = |delivery: &Delivery| -> usize {
        delivery.envelope.payloads.iter().flatten().map(|bytes| bytes.len()).sum()
    };
    deliveries
        .iter()
        .map(|delivery| delivery.entry.len() + delivery.envelope.header.len() + payloads(delivery))
        .sum()
}
