//! Entering a statement that was decided on: what it brings into effect, and the entry.

use std::collections::BTreeSet;

use super::admission::{Admission, Effect, case};
use super::section::{KnownSection, Section};
use super::{
    Agreement, Approved, Case, CasePart, Closure, Court, Document, Endorsement, Hold, Outcome, Round,
    Signature, Told,
};
use crate::charter::{CharterLine, CharterState};
use crate::codec;
use crate::ids::*;
use crate::ledger::{self, Entry, Position, Verdict};
use crate::mutants::Mutant;
use crate::rules::{BoundRole, Member};
use crate::statement::{Act, Statement};

/// The section of conversations.
const TALK: &str = "talk";

impl Document {
    #[expect(clippy::too_many_arguments, reason = "the whole setting of one entry, used in one place")]
    pub(super) fn enact(
        &mut self,
        court: &mut impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        statement: &Statement,
        time_ms: u64,
        told: Option<Told<'_>>,
        admission: Admission,
    ) -> Outcome {
        let state = line.state_at(charter);
        let seq = self.len();
        let Admission { verdict, author, effect } = admission;
        let mut done = Done::default();
        if seq == 0 {
            self.created_ms = time_ms;
            done.changed.extend(self.sections.keys().cloned());
        }
        match effect {
            Effect::Apply(parts) => {
                self.sign_sections(court, &state, statement, &author, time_ms, &mut done);
                let by: Vec<_> = author.iter().map(|member| agreement(member, statement.id)).collect();
                self.apply_parts(court, &parts, &by, time_ms, &mut done);
                if Mutant::BaseFollowsEdits.is_on() {
                    self.note_endorsed(court, &state, &parts, &by, (statement.id, time_ms));
                }
                self.note_writer(&statement.header.act, &parts, author.as_ref());
                done.effective.push(statement.id);
                court.enacted(&case(self, statement, author.as_ref(), &parts, time_ms));
                self.report_signatures(court, &done);
                done.parts = parts;
            }
            Effect::Hold(hold) => self.take_hold(*hold, &mut done),
            Effect::AnswerLocal { target, ratified } => {
                if let Some(author) = &author {
                    self.answer_local(target, ratified, statement.id, author, time_ms, &mut done);
                }
            }
            Effect::Endorse { target, completes, on_top, local } => {
                let stage = local.as_ref().map(|used| used.stage.clone());
                self.record_endorsement(target, statement, author.as_ref(), time_ms, stage, &mut done);
                local.into_iter().for_each(|used| self.note_local(*used));
                if completes {
                    self.complete(court, &state, target, statement.id, time_ms, &mut done);
                    let by: Vec<_> = author.iter().map(|member| agreement(member, statement.id)).collect();
                    self.apply_parts(court, &on_top, &by, time_ms, &mut done);
                    self.note_endorsed(court, &state, &on_top, &by, (statement.id, time_ms));
                    done.effective.push(statement.id);
                    let edit = Act::Edit { after: Vec::new(), replaces: None };
                    let case = case(self, statement, author.as_ref(), &on_top, time_ms);
                    court.enacted(&Case { act: &edit, ..case });
                    self.report_signatures(court, &done);
                    self.cascade(court, &state, (statement.id, time_ms), told, &mut done);
                }
            }
            Effect::Close { target, closure } => {
                self.note_round(court, &state, target, &closure, time_ms);
                self.close(target, closure, &mut done);
            }
        }
        self.known.insert(statement.id, seq);
        let changed = self.refresh(court, &state, &done, told);
        self.append_entry(court, &state, charter, statement, time_ms, verdict, changed, done)
    }

    fn take_hold(&mut self, hold: Hold, done: &mut Done) {
        for section in hold.sections() {
            self.ensure_section(section);
            if let Some(known) = self.sections.get_mut(section).and_then(Section::known_mut) {
                let place = known.holds.partition_point(|id| *id < hold.statement);
                known.holds.insert(place, hold.statement);
            }
            done.changed.insert(section.clone());
        }
        self.note_asked(hold.statement, &hold.act, hold.time_ms);
        self.open.insert(hold.statement, hold);
    }

    fn record_endorsement(
        &mut self,
        target: StatementId,
        statement: &Statement,
        author: Option<&Member>,
        time_ms: u64,
        stage: Option<Vec<BoundRole>>,
        done: &mut Done,
    ) {
        let Act::Endorse { capacity, heads, .. } = &statement.header.act else { return };
        if let (Some(hold), Some(author)) = (self.open.get_mut(&target), author) {
            let (statement, person, heads) = (statement.id, author.person, heads.clone());
            let capacity = *capacity;
            hold.endorsements.push(Endorsement { statement, person, capacity, heads, time_ms, stage });
            done.changed.extend(hold.sections().cloned());
        }
    }

    /// Brings an open hold into effect.
    fn complete(
        &mut self,
        court: &mut impl Court,
        charter: &CharterState,
        target: StatementId,
        by: StatementId,
        time_ms: u64,
        done: &mut Done,
    ) {
        let Some(hold) = self.open.remove(&target) else { return };
        self.unlist(&hold, done);
        let author = charter.member(&hold.author);
        let endorsed = hold.endorsements.iter();
        let endorsed = endorsed.filter_map(|by| Some(agreement(&charter.member(&by.person)?, by.statement)));
        let endorsed: Vec<_> = endorsed.collect();
        let agreed: Vec<_> =
            author.iter().map(|member| agreement(member, hold.statement)).chain(endorsed.clone()).collect();
        self.apply_parts(court, &hold.parts, &agreed, time_ms, done);
        self.note_endorsed(court, charter, &hold.parts, &endorsed, (hold.statement, time_ms));
        self.note_writer(&hold.act, &hold.parts, author.as_ref());
        self.approve(&hold, time_ms);
        self.closed.insert(target, Closure::Effective { by });
        done.effective.push(target);
        court.enacted(&hold.case(self, author.as_ref(), time_ms));
        self.report_signatures(court, done);
    }

    /// Marks the version that every stage has approved.
    fn approve(&mut self, hold: &Hold, at_ms: u64) {
        let Act::Ask { version, .. } = &hold.act else { return };
        self.rounds.remove(&version.section);
        if let Some(known) = self.sections.get_mut(&version.section).and_then(Section::known_mut) {
            known.approved = Some(Approved { ask: hold.statement, heads: version.heads.clone(), at_ms });
        }
    }

    /// Counts a version that was not approved as a round of the stage that said so.
    fn note_round(
        &mut self,
        court: &impl Court,
        charter: &CharterState,
        target: StatementId,
        closure: &Closure,
        time_ms: u64,
    ) {
        let (Some(hold), Closure::Declined { by, .. }) = (self.open.get(&target), closure) else { return };
        let Act::Ask { version, .. } = &hold.act else { return };
        let left = self.unmet(court, charter, hold, time_ms).map(|ruling| ruling.needs).unwrap_or_default();
        let Some(stage) = left.into_iter().next() else { return };
        let round = Round { ask: target, who: stage.stage.unwrap_or(stage.who), by: *by };
        self.rounds.entry(version.section.clone()).or_default().push(round);
    }

    /// Remembers whose people write in the document; what is said in conversations is no content.
    fn note_writer(&mut self, act: &Act, parts: &[CasePart], author: Option<&Member>) {
        let writes =
            matches!(act, Act::Edit { .. }) && parts.iter().any(|part| part.section.as_str() != TALK);
        if let (true, Some(author)) = (writes, author)
            && !self.writers.contains(&author.party)
        {
            self.writers.insert(author.party.clone());
        }
    }

    fn report_signatures(&self, court: &mut impl Court, done: &Done) {
        for name in &done.changed {
            if let Some(known) = self.sections.get(name).and_then(Section::known) {
                court.signed_by(name, known.signatures.keys().cloned().collect());
            }
        }
    }

    /// Judges again, in order, what built on statements that came into effect.
    fn cascade(
        &mut self,
        court: &mut impl Court,
        charter: &CharterState,
        (by, time_ms): (StatementId, u64),
        told: Option<Told<'_>>,
        done: &mut Done,
    ) {
        loop {
            let mut waiting: Vec<&Hold> = self.open.values().filter(|hold| !hold.after.is_empty()).collect();
            waiting.sort_by_key(|hold| hold.seq);
            let next = waiting.into_iter().find(|hold| {
                let freed = hold.after.iter().any(|id| done.effective.contains(id));
                freed && self.stands_alone(hold) && self.is_agreed(court, charter, hold, time_ms, told)
            });
            let Some(next) = next.map(|hold| hold.statement) else { return };
            self.complete(court, charter, next, by, time_ms, done);
        }
    }

    /// Tells whether nobody's agreement is missing; told, where a part may not be read.
    fn is_agreed(
        &self,
        court: &impl Court,
        charter: &CharterState,
        hold: &Hold,
        now_ms: u64,
        told: Option<Told<'_>>,
    ) -> bool {
        if hold.is_redacted() {
            let redaction = told.and_then(|told| told.redaction);
            return redaction.is_some_and(|redaction| redaction.effective.contains(&hold.statement));
        }
        let author = charter.member(&hold.author);
        self.unmet(court, charter, hold, now_ms).is_ok_and(|ruling| ruling.needs.is_empty())
            && court.can_enact(&hold.case(self, author.as_ref(), now_ms)).is_ok()
    }

    pub(super) fn close(&mut self, target: StatementId, closure: Closure, done: &mut Done) {
        let mut orphans = self.dependents(target);
        orphans.retain(|_| !Mutant::OrphansWait.is_on());
        for (id, closure) in std::iter::once((target, closure))
            .chain(orphans.into_iter().map(|id| (id, Closure::Orphaned { of: target })))
        {
            if let Some(hold) = self.open.remove(&id) {
                self.unlist(&hold, done);
                self.closed.insert(id, closure);
                done.closed.push(id);
            }
        }
    }

    fn unlist(&mut self, hold: &Hold, done: &mut Done) {
        for section in hold.sections() {
            if let Some(known) = self.sections.get_mut(section).and_then(Section::known_mut) {
                known.holds.retain(|id| *id != hold.statement);
            }
            done.changed.insert(section.clone());
        }
    }

    /// Takes changes into the index, on which `by` agreed.
    fn apply_parts(
        &mut self,
        court: &impl Court,
        parts: &[CasePart],
        by: &[Agreement],
        time_ms: u64,
        done: &mut Done,
    ) {
        for part in parts {
            self.ensure_section(&part.section);
            done.changed.insert(part.section.clone());
            let Some(known) = self.sections.get_mut(&part.section).and_then(Section::known_mut) else {
                continue;
            };
            let Some(checked) = &part.checked else { continue };
            let applied = known.index.apply(checked);
            debug_assert!(applied.is_ok(), "the gate let pass what cannot be applied: {applied:?}");
            court.keep_signatures(known, by, time_ms);
        }
    }

    /// Lets the court take note of what came into effect with the agreement of `by`.
    fn note_endorsed(
        &mut self,
        court: &impl Court,
        charter: &CharterState,
        parts: &[CasePart],
        by: &[Agreement],
        (statement, at_ms): (StatementId, u64),
    ) {
        for part in parts {
            if let Some(known) = self.sections.get_mut(&part.section).and_then(Section::known_mut) {
                court.endorsed(charter, known, part, by, Signature { statement, at_ms });
            }
        }
    }

    fn sign_sections(
        &mut self,
        court: &impl Court,
        charter: &CharterState,
        statement: &Statement,
        author: &Option<Member>,
        at_ms: u64,
        done: &mut Done,
    ) {
        let (Act::Sign { items }, Some(author)) = (&statement.header.act, author) else { return };
        for item in items {
            let signers = court.signers(charter, &item.section, author);
            if let Some(known) = self.sections.get_mut(&item.section).and_then(Section::known_mut) {
                let signature = Signature { statement: statement.id, at_ms };
                known.signatures.extend(signers.into_iter().map(|signer| (signer, signature)));
                if known.agreed.is_none() && court.agreed(charter, &item.section, known).is_some() {
                    court.signed(charter, &item.section, known, signature);
                }
                done.changed.insert(item.section.clone());
            }
        }
    }

    fn ensure_section(&mut self, section: &SectionId) {
        if !self.sections.contains_key(section)
            && let Ok(index) = self.genesis_index(section)
        {
            let state = KnownSection::new(section, index);
            self.sections.insert(section.clone(), Section::Known(Box::new(state)));
        }
    }

    /// Computes the leaves of what changed; leaves that the replica is told replace its own.
    fn refresh(
        &mut self,
        court: &impl Court,
        charter: &CharterState,
        done: &Done,
        told: Option<Told<'_>>,
    ) -> Vec<(SectionId, LeafHash)> {
        for (name, leaf) in told.and_then(|told| told.redaction).iter().flat_map(|told| &told.leaves) {
            self.sections.insert(name.clone(), Section::Hidden(*leaf));
        }
        let mut leaves = Vec::with_capacity(done.changed.len());
        for name in &done.changed {
            let Some(section) = self.sections.get_mut(name) else { continue };
            if let Some(known) = section.known_mut() {
                known.agreed = known.agreed.take().or_else(|| court.agreed(charter, name, known));
                known.locked = court.locks(name, known);
                known.refresh(name);
            }
            leaves.push((name.clone(), section.leaf()));
        }
        leaves
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one entry")]
    fn append_entry(
        &mut self,
        court: &impl Court,
        state: &CharterState,
        charter: Option<Position>,
        statement: &Statement,
        time_ms: u64,
        verdict: Verdict,
        changed: Vec<(SectionId, LeafHash)>,
        done: Done,
    ) -> Outcome {
        self.charter = charter;
        self.time_ms = time_ms;
        let context = court.context().unwrap_or_else(|| codec::encode(&charter));
        let leaves = self.sections.values().map(Section::leaf);
        let entry = Entry {
            partnership: self.partnership,
            document: self.id,
            seq: self.len(),
            previous: self.hashes.last().copied(),
            charter,
            time_ms,
            statement: statement.id,
            verdict,
            sections: changed.iter().map(|(section, _)| section.clone()).collect(),
            state: ledger::state_digest(std::iter::once(ledger::context_leaf(&context)).chain(leaves)),
            rules_version: court.rules_version(state),
        };
        let position = entry.position();
        self.hashes.push(position.hash);
        let Done { effective, closed, parts, .. } = done;
        Outcome { entry, position, changed, effective, closed, parts }
    }
}

fn agreement(member: &Member, statement: StatementId) -> Agreement {
    Agreement { member: member.clone(), statement }
}

/// What enacting has done so far.
#[derive(Default)]
pub(super) struct Done {
    pub(super) changed: BTreeSet<SectionId>,
    effective: Vec<StatementId>,
    closed: Vec<StatementId>,
    parts: Vec<CasePart>,
}
