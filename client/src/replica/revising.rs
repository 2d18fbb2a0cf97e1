//! Suggestions that came back: sent back by who decides, or closed with what they built on. Their
//! author takes them up again by a new suggestion of what they would change on what stands now.

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::content::{EditCommand, Section, Value, diff};
use entente_shared::document::Closure;
use entente_shared::ids::*;
use entente_shared::kinds::{self, Kind};
use entente_shared::statement::{Act, DeclineOutcome, Statement};

use super::act::Submitted;
use super::replicated::{Base, Replicated, apply_payload, changed_by};
use super::{CommandError, Now, Replica};
use crate::toward::toward;

/// The edits of a section, with the section.
type Edits = Vec<(SectionId, Vec<EditCommand>)>;

/// A suggestion that came back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// It, as far as it may be read here.
    pub statement: Statement,
    /// What it built on and what was not in effect then, oldest first.
    bases: Vec<Statement>,
    /// The devices that have taken it up again.
    revised_by: BTreeSet<DeviceId>,
}

impl Replica {
    /// Own suggestions that came back and were not taken up again, by document.
    pub fn returned(&self) -> Vec<(DocumentId, &Returned)> {
        let all = self.all().flat_map(|one| one.returned.values().map(|returned| (one.id(), returned)));
        all.filter(|(_, returned)| self.is_mine(returned) && !self.is_revised(returned)).collect()
    }

    /// What a suggestion that came back would change on what everybody has now.
    ///
    /// # Errors
    ///
    /// [`CommandError::NotOpen`]: it is none of one's own that came back, or it was taken up again.
    pub fn revision(&self, target: &StatementId) -> Result<(DocumentId, Edits), CommandError> {
        let mut all = self.returned().into_iter();
        let found = all.find(|(_, returned)| returned.statement.id == *target);
        let (document, returned) = found.ok_or(CommandError::NotOpen)?;
        Ok((document, self.replicated(document)?.net_effect(returned)))
    }

    /// Suggests anew what a suggestion that came back would change; `None` if all of it stands.
    ///
    /// # Errors
    ///
    /// As [`Self::revision`]; or the rules let this person no longer suggest it.
    pub fn revise(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        message: Option<String>,
    ) -> Result<Option<Submitted>, CommandError> {
        let (document, edits) = self.revision(&target)?;
        let parts = self.drafts(now, document, &edits, Base::Effective, message)?;
        if parts.is_empty() {
            return Ok(None);
        }
        let act = Act::Edit { after: Vec::new(), replaces: Some(target) };
        self.submit(now, document, act, parts).map(Some)
    }

    fn is_mine(&self, returned: &Returned) -> bool {
        self.me().is_ok_and(|me| self.person_of(&returned.statement.header.device) == Some(me.person))
    }

    /// Tells whether its author took it up again, here or on another device.
    fn is_revised(&self, returned: &Returned) -> bool {
        let author = self.person_of(&returned.statement.header.device);
        let mut by_devices = returned.revised_by.iter();
        let mut waiting = self.outbox.iter().filter(|outgoing| outgoing.is_waiting());
        by_devices.any(|device| self.person_of(device) == author)
            || waiting.any(|outgoing| replaced(&outgoing.statement) == Some(returned.statement.id))
    }

    fn person_of(&self, device: &DeviceId) -> Option<PersonId> {
        Some(self.state().ok()?.members.devices.get(device)?.person)
    }
}

impl Replicated {
    /// Keeps the edits among `closed` that came back, and takes note of one that is taken up again.
    pub(super) fn note_returned(&mut self, statement: &Statement, closed: BTreeMap<StatementId, Statement>) {
        let closures = self.ledger.document().closures();
        let came_back = |id: &StatementId| match closures.get(id) {
            Some(Closure::Declined { outcome, .. }) => *outcome == DeclineOutcome::Returned,
            Some(Closure::Orphaned { .. }) => true,
            _ => false,
        };
        for (id, one) in &closed {
            if came_back(id) && matches!(one.header.act, Act::Edit { .. }) {
                let bases = self.bases_of(one, &closed);
                let returned = Returned { statement: one.clone(), bases, revised_by: BTreeSet::new() };
                self.returned.insert(*id, returned);
            }
        }
        // The judge does not look at what a suggestion says to replace: it says so to people only.
        let replaced = replaced(statement).and_then(|id| self.returned.get_mut(&id));
        if let Some(returned) = replaced {
            returned.revised_by.insert(statement.header.device);
        }
    }

    /// What a suggestion builds on that is not in effect, oldest first.
    fn bases_of(&self, statement: &Statement, closed: &BTreeMap<StatementId, Statement>) -> Vec<Statement> {
        let known = |id: &StatementId| {
            let earlier = || self.returned.get(id).map(|returned| &returned.statement);
            closed.get(id).or_else(|| self.held.get(id)).or_else(earlier)
        };
        let (mut found, mut wanted) = (Vec::new(), after(statement).to_vec());
        while let Some(id) = wanted.pop() {
            if let Some(base) = known(&id).filter(|_| !found.iter().any(|one: &Statement| one.id == id)) {
                wanted.extend(after(base));
                found.push(base.clone());
            }
        }
        found.sort_by_key(|base| self.origins.get(&base.id).map(|origin| origin.seq));
        found
    }

    /// The edits that lead from what everybody has to the same with a suggestion that came back.
    fn net_effect(&self, returned: &Returned) -> Edits {
        let kind = self.ledger.document().kind();
        let edits = |section: SectionId| {
            let now = self.copy_of(&section, Base::Effective)?;
            let mut wanted = now.clone();
            for statement in returned.bases.iter().chain([&returned.statement]) {
                apply_payload(&mut wanted, &section, statement);
            }
            let commands = commands(kind, &section, &now, &wanted);
            (!commands.is_empty()).then_some((section, commands))
        };
        changed_by(&[&returned.statement]).into_iter().filter_map(edits).collect()
    }
}

fn commands(kind: &'static Kind, section: &SectionId, now: &Section, wanted: &Section) -> Vec<EditCommand> {
    let (now, wanted) = (now.value(), wanted.value());
    if kind.id.as_str() != kinds::CHARTER {
        return toward(kind, section, &Default::default(), Some(&now), Some(&wanted));
    }
    let set = diff(&now, &wanted).into_iter();
    set.map(|one| EditCommand::SetScalar { path: one.path, value: one.after.unwrap_or(Value::Null) })
        .collect()
}

fn after(statement: &Statement) -> &[StatementId] {
    match &statement.header.act {
        Act::Edit { after, .. } => after,
        _ => &[],
    }
}

fn replaced(statement: &Statement) -> Option<StatementId> {
    match &statement.header.act {
        Act::Edit { replaces, .. } => *replaces,
        _ => None,
    }
}
