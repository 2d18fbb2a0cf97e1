//! Entering a statement that was decided on: what it brings into effect, and the entry.

use std::collections::BTreeSet;

use super::admission::{Admission, Effect, case};
use super::section::{KnownSection, Section};
use super::{CasePart, Closure, Court, Document, Endorsement, Hold, Outcome, Told};
use crate::charter::{CharterLine, CharterState};
use crate::codec;
use crate::content::Path;
use crate::gate::{Step, TouchKind};
use crate::ids::*;
use crate::ledger::{self, Entry, Position, RULES_VERSION, Verdict};
use crate::mutants::Mutant;
use crate::rules::Member;
use crate::statement::{Act, Statement};

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
                done.texts = parts.iter().flat_map(texts).collect();
                let endorsers: Vec<_> = author.iter().cloned().collect();
                self.sign_sections(statement, &author, &mut done);
                self.apply_parts(&parts, &endorsers, &mut done);
                done.effective.push(statement.id);
                court.enacted(&case(statement, author.as_ref(), &parts, time_ms));
                self.report_signatures(court, &done);
            }
            Effect::Hold(hold) => self.take_hold(*hold, &mut done),
            Effect::Endorse { target, completes, on_top } => {
                let person = author.as_ref().map(|member| member.person);
                self.record_endorsement(target, statement.id, person, &mut done);
                if completes {
                    self.complete(court, &state, target, statement.id, &mut done);
                    let endorsers: Vec<_> = author.iter().cloned().collect();
                    self.apply_parts(&on_top, &endorsers, &mut done);
                    done.effective.push(statement.id);
                    let edit = Act::Edit { after: Vec::new(), replaces: None };
                    let mut case = case(statement, author.as_ref(), &on_top, time_ms);
                    case.act = &edit;
                    court.enacted(&case);
                    self.report_signatures(court, &done);
                    self.cascade(court, &state, statement.id, told, &mut done);
                }
            }
            Effect::Close { target, closure } => self.close(target, closure, &mut done),
        }
        self.known.insert(statement.id, seq);
        let changed = self.refresh(court, &done, told);
        self.append_entry(court, charter, statement, time_ms, verdict, changed, done)
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
        self.open.insert(hold.statement, hold);
    }

    fn record_endorsement(
        &mut self,
        target: StatementId,
        statement: StatementId,
        person: Option<PersonId>,
        done: &mut Done,
    ) {
        if let (Some(hold), Some(person)) = (self.open.get_mut(&target), person) {
            hold.endorsements.push(Endorsement { statement, person });
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
        done: &mut Done,
    ) {
        let Some(hold) = self.open.remove(&target) else { return };
        self.unlist(&hold, done);
        let author = charter.member(&hold.author);
        let mut agreed: Vec<Member> = author.iter().cloned().collect();
        agreed.extend(hold.endorsements.iter().filter_map(|endorsement| charter.member(&endorsement.person)));
        self.apply_parts(&hold.parts, &agreed, done);
        self.closed.insert(target, Closure::Effective { by });
        done.effective.push(target);
        court.enacted(&hold.case(author.as_ref()));
        self.report_signatures(court, done);
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
        by: StatementId,
        told: Option<Told<'_>>,
        done: &mut Done,
    ) {
        loop {
            let mut waiting: Vec<&Hold> = self.open.values().filter(|hold| !hold.after.is_empty()).collect();
            waiting.sort_by_key(|hold| hold.seq);
            let next = waiting.into_iter().find(|hold| {
                let freed = hold.after.iter().any(|id| done.effective.contains(id));
                freed && self.stands_alone(hold) && self.is_agreed(court, charter, hold, told)
            });
            let Some(next) = next.map(|hold| hold.statement) else { return };
            self.complete(court, charter, next, by, done);
        }
    }

    /// Tells whether nobody's agreement is missing; told, where a part may not be read.
    fn is_agreed(
        &self,
        court: &impl Court,
        charter: &CharterState,
        hold: &Hold,
        told: Option<Told<'_>>,
    ) -> bool {
        if hold.is_redacted() {
            let redaction = told.and_then(|told| told.redaction);
            return redaction.is_some_and(|redaction| redaction.effective.contains(&hold.statement));
        }
        self.unmet(court, charter, hold).is_ok_and(|ruling| ruling.needs.is_empty())
            && court.can_enact(&hold.case(charter.member(&hold.author).as_ref())).is_ok()
    }

    fn close(&mut self, target: StatementId, closure: Closure, done: &mut Done) {
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

    /// Takes changes into the index. A party's signature outlives them only if a lead of the party
    /// is among those who `agreed`.
    fn apply_parts(&mut self, parts: &[CasePart], agreed: &[Member], done: &mut Done) {
        for part in parts {
            self.ensure_section(&part.section);
            done.changed.insert(part.section.clone());
            let Some(known) = self.sections.get_mut(&part.section).and_then(Section::known_mut) else {
                continue;
            };
            let Some(checked) = &part.checked else { continue };
            let applied = known.index.apply(checked);
            debug_assert!(applied.is_ok(), "the gate let pass what cannot be applied: {applied:?}");
            known
                .signatures
                .retain(|party, _| agreed.iter().any(|member| member.party == *party && member.is_lead()));
        }
    }

    fn sign_sections(&mut self, statement: &Statement, author: &Option<Member>, done: &mut Done) {
        let (Act::Sign { items }, Some(author)) = (&statement.header.act, author) else { return };
        for item in items {
            if let Some(known) = self.sections.get_mut(&item.section).and_then(Section::known_mut) {
                known.signatures.insert(author.party.clone(), statement.id);
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
                known.locked = court.locks(name);
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
            rules_version: RULES_VERSION,
        };
        let position = entry.position();
        self.hashes.push(position.hash);
        let Done { effective, closed, texts, .. } = done;
        Outcome { entry, position, changed, effective, closed, texts }
    }
}

/// The texts in which the changes of a section wrote.
fn texts(part: &CasePart) -> Vec<(SectionId, Path, ChangeId)> {
    let last = part.checked.as_ref().and_then(|checked| checked.ids().last().copied());
    let written = part.touches().filter(|touch| touch.kind == TouchKind::Text);
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Item => None,
    };
    let paths = written.filter_map(|touch| touch.path.iter().map(key).collect::<Option<Vec<_>>>());
    paths.filter_map(|keys| Some((part.section.clone(), Path(keys), last?))).collect()
}

/// What enacting has done so far.
#[derive(Default)]
struct Done {
    changed: BTreeSet<SectionId>,
    effective: Vec<StatementId>,
    closed: Vec<StatementId>,
    texts: Vec<(SectionId, Path, ChangeId)>,
}
