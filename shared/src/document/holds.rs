//! Holds: chains of statements that wait, who must agree, and what follows when one ends.

use std::collections::BTreeSet;

use super::{Case, Closure, Court, Document, Endorsement, Hold, Section};
use crate::charter::CharterState;
use crate::gate::Checked;
use crate::ids::*;
use crate::judge::{Need, Refusal, Ruling};
use crate::rules::Member;
use crate::statement::{Act, Capacity};

impl Document {
    /// The open holds on which a statement with this `after` builds, oldest first, or why it cannot.
    pub(super) fn bases(&self, author: PersonId, after: &[StatementId]) -> Result<Vec<&Hold>, Refusal> {
        let mut found = BTreeSet::new();
        let mut wanted: Vec<StatementId> = after.to_vec();
        while let Some(id) = wanted.pop() {
            let Some(hold) = self.open.get(&id) else {
                match self.closed.get(&id) {
                    Some(Closure::Effective { .. }) => continue,
                    Some(_) => return Err(Refusal::Orphaned { after: id }),
                    None if self.known.contains_key(&id) => continue,
                    None => return Err(Refusal::Dependency { detail: format!("statement {id}") }),
                }
            };
            if hold.author != author {
                return Err(Refusal::Orphaned { after: id });
            }
            if found.insert((hold.seq, id)) {
                wanted.extend(&hold.after);
            }
        }
        Ok(found.iter().map(|(_, id)| &self.open[id]).collect())
    }

    /// What the held `bases` bring to one section, for the gate.
    pub(super) fn pending<'a>(bases: &[&'a Hold], section: &SectionId) -> Vec<&'a Checked> {
        let parts = bases.iter().flat_map(|hold| &hold.parts);
        parts.filter(|part| part.section == *section).filter_map(|part| part.checked.as_deref()).collect()
    }

    /// The ruling on an open hold under `charter`, with the needs that its endorsements leave.
    ///
    /// Rights and locks are those of `now_ms`; the author may have lost theirs since. Of a version
    /// that was asked about only the present stage is left: one comes after the other.
    pub(super) fn unmet(
        &self,
        court: &impl Court,
        charter: &CharterState,
        hold: &Hold,
        now_ms: u64,
    ) -> Result<Ruling, Refusal> {
        let mut ruling = self.left(court, charter, hold, now_ms)?;
        if hold.is_ask() {
            ruling.needs.truncate(1);
        }
        Ok(ruling)
    }

    /// The same with the stages that come after the present one.
    pub(super) fn left(
        &self,
        court: &impl Court,
        charter: &CharterState,
        hold: &Hold,
        now_ms: u64,
    ) -> Result<Ruling, Refusal> {
        let author = charter.member(&hold.author);
        let mut ruling = court.judge(charter, &hold.case(self, author.as_ref(), now_ms))?;
        let mut endorsers: Vec<(Member, &Endorsement)> =
            hold.endorsements.iter().filter_map(|by| Some((charter.member(&by.person)?, by))).collect();
        let kind = &self.kind.id;
        ruling.needs.retain(|need| {
            let meets = |(member, by): &(Member, &Endorsement)| {
                if by.stage.is_some() {
                    return need.stage == by.stage;
                }
                let overrides = by.capacity == Capacity::Override;
                let own = overrides && member.person == hold.author && !need.of_author;
                (need.is_met_by(charter, kind, member) && !own && self.has_seen(need, by))
                    || (overrides && need.is_overridden_by(member))
            };
            let found = endorsers.iter().position(meets);
            // Each stage of a chain is approved by itself, also where one person decides several.
            if let Some(at) = found.filter(|_| hold.is_ask()) {
                endorsers.remove(at);
            }
            found.is_none()
        });
        Ok(ruling)
    }

    /// Tells whether an endorsement was given on what stands now, where it is to be a signature.
    fn has_seen(&self, need: &Need, by: &Endorsement) -> bool {
        let known = self.sections.get(&need.section).and_then(Section::known);
        let seen = by.heads.iter().find(|item| item.section == need.section);
        !need.signs || known.zip(seen).is_some_and(|(known, seen)| known.index.heads() == seen.heads)
    }

    /// Tells whether every statement on which `hold` builds is in effect.
    pub(super) fn stands_alone(&self, hold: &Hold) -> bool {
        hold.after.iter().all(|id| !self.open.contains_key(id))
    }

    /// The open holds that build on `id`, directly or not, oldest first.
    pub(super) fn dependents(&self, id: StatementId) -> Vec<StatementId> {
        let mut gone = BTreeSet::from([id]);
        let mut by_age: Vec<&Hold> = self.open.values().collect();
        by_age.sort_by_key(|hold| hold.seq);
        let mut found = Vec::new();
        for hold in by_age {
            if hold.after.iter().any(|base| gone.contains(base)) {
                gone.insert(hold.statement);
                found.push(hold.statement);
            }
        }
        found
    }

    /// The open hold, other than `bases`, in which a change of `actor` waits in `section`.
    pub(super) fn actor_in_use(
        &self,
        section: &SectionId,
        actor: &ActorKey,
        bases: &[&Hold],
    ) -> Option<StatementId> {
        let known = self.sections.get(section)?.known()?;
        known.holds.iter().copied().find(|id| {
            let Some(hold) = self.open.get(id) else { return false };
            let same = hold.parts.iter().any(|part| part.section == *section && part.actor == Some(*actor));
            same && !bases.iter().any(|base| base.statement == *id)
        })
    }

    /// How many holds of `device` are open, and their bytes.
    pub(super) fn open_of(&self, device: &DeviceId) -> (usize, usize) {
        let own = self.open.values().filter(|hold| hold.device == *device);
        own.fold((0, 0), |(count, bytes), hold| (count + 1, bytes + hold.bytes))
    }
}

impl Hold {
    /// The case that the court judges again.
    pub fn case<'a>(&'a self, document: &'a Document, author: Option<&'a Member>, now_ms: u64) -> Case<'a> {
        Case {
            document,
            statement: self.statement,
            device: self.device,
            author,
            act: &self.act,
            parts: &self.parts,
            time_ms: self.time_ms,
            now_ms,
            on_top: false,
        }
    }

    /// Tells whether it asks for the approval of a version, and changes nothing.
    pub fn is_ask(&self) -> bool {
        matches!(self.act, Act::Ask { .. })
    }

    /// The sections that it touches.
    pub fn sections(&self) -> impl Iterator<Item = &SectionId> {
        self.parts.iter().map(|part| &part.section)
    }

    /// Tells whether a part stands in a section that this replica may not read.
    pub fn is_redacted(&self) -> bool {
        self.parts.iter().any(|part| part.hidden)
    }
}

/// The statements named in an edit's `after`.
pub(super) fn after_of(act: &Act) -> &[StatementId] {
    match act {
        Act::Edit { after, .. } => after,
        _ => &[],
    }
}
