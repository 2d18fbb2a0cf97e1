//! Where every statement came from: what views need to say who, when and by what rule, without
//! reading the ledger again.

use std::collections::BTreeMap;

use entente_shared::content::Path;
use entente_shared::document::Hold;
use entente_shared::gate::Step;
use entente_shared::ids::*;
use entente_shared::ledger::{Entry, Position};
use entente_shared::statement::{Act, Statement};

/// Where one statement of a ledger came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The statement.
    pub statement: StatementId,
    /// Its entry's sequence number.
    pub seq: u64,
    /// When the relay received it, in milliseconds since 1970.
    pub time_ms: u64,
    /// The device that signed it.
    pub device: DeviceId,
    /// That device's clock when it signed, in milliseconds since 1970.
    pub clock_ms: u64,
    /// The charter as its author knew it.
    pub seen_charter: Option<Position>,
    /// The charter under which it was judged.
    pub charter: Option<Position>,
    /// The rule that the verdict names.
    pub rule: RuleId,
    /// Whether it waited at first.
    pub held: bool,
    /// What it states.
    pub act: Act,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// The places that it would change, if it waited and may be read here; the outermost of each.
    pub touched: Vec<(SectionId, Path)>,
    /// Its message or reason, if there is one that may be read here.
    pub text: Option<String>,
    /// Whether it carries changes; absent where they may not be read here.
    pub changes: Option<bool>,
}

/// The origins of all statements of one ledger.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    by_statement: BTreeMap<StatementId, Origin>,
    order: Vec<StatementId>,
    /// For each actor its statements, each with the number of the actor's last change in it.
    by_actor: BTreeMap<ActorKey, Vec<(u64, StatementId)>>,
}

impl Origins {
    /// Takes note of an entry; `hold` is what waits if the statement does.
    pub(super) fn take_in(&mut self, statement: &Statement, entry: &Entry, hold: Option<&Hold>) {
        let header = &statement.header;
        let origin = Origin {
            statement: statement.id,
            seq: entry.seq,
            time_ms: entry.time_ms,
            device: header.device,
            clock_ms: header.clock_ms,
            seen_charter: header.seen.charter,
            charter: entry.charter,
            rule: entry.verdict.rule().clone(),
            held: entry.verdict.is_held(),
            act: header.act.clone(),
            sections: header.parts.iter().map(|part| part.section.clone()).collect(),
            touched: hold.map(touched).unwrap_or_default(),
            text: statement.payloads.iter().flatten().find_map(|payload| payload.text.clone()),
            changes: statement.carries_changes(),
        };
        for (actor, count) in actors(statement) {
            let statements = self.by_actor.entry(actor).or_default();
            let before = statements.last().map_or(0, |(last, _)| *last);
            statements.push((before + count, statement.id));
        }
        self.order.push(statement.id);
        self.by_statement.insert(statement.id, origin);
    }

    /// Where a statement came from.
    pub fn get(&self, statement: &StatementId) -> Option<&Origin> {
        self.by_statement.get(statement)
    }

    /// The statement in the entry `seq`.
    pub fn at(&self, seq: u64) -> Option<&Origin> {
        self.get(self.order.get(usize::try_from(seq).ok()?)?)
    }

    /// All of them, in the order of the ledger.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Origin> {
        self.order.iter().filter_map(|statement| self.by_statement.get(statement))
    }

    /// The device that writes as an actor.
    pub fn device_of(&self, actor: &ActorKey) -> Option<DeviceId> {
        let (_, first) = self.by_actor.get(actor)?.first()?;
        self.get(first).map(|origin| origin.device)
    }

    /// The statement that carried the actor's change number `seq` (from 1).
    pub fn of_change(&self, actor: &ActorKey, seq: u64) -> Option<&Origin> {
        let statements = self.by_actor.get(actor)?;
        self.get(&statements.iter().find(|(last, _)| seq <= *last)?.1)
    }
}

/// The places that a held statement would change, without those below another one.
fn touched(hold: &Hold) -> Vec<(SectionId, Path)> {
    let mut places: Vec<(SectionId, Path)> = Vec::new();
    for part in &hold.parts {
        let keys = |steps: &[Step]| {
            let key = |step: &Step| match step {
                Step::Key(key) => Some(key.clone()),
                Step::Item => None,
            };
            Path(steps.iter().map_while(key).collect())
        };
        let mut paths: Vec<_> = part.touches().map(|touch| keys(&touch.path)).collect();
        paths.sort();
        for path in paths {
            let is_below =
                |(section, above): &(SectionId, Path)| *section == part.section && above.is_prefix_of(&path);
            if !places.iter().any(is_below) {
                places.push((part.section.clone(), path));
            }
        }
    }
    places
}

/// The actors that a statement's changes use, with how many changes each has.
pub fn actors(statement: &Statement) -> Vec<(ActorKey, u64)> {
    let (device, document) = (statement.header.device, statement.header.document);
    let parts = statement.parts().filter_map(|(section, payload)| {
        let payload = payload?;
        let actor = ActorKey::derive(device, document, section, payload.nonce?);
        Some((actor, payload.changes.len() as u64))
    });
    parts.collect()
}
