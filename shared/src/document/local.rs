//! Versions that were approved by local authority, and what became of that.

use std::collections::BTreeMap;

use serde::Serialize;

use super::enacting::Done;
use super::section::Section;
use super::{Closure, Document, Round};
use crate::charter::CharterState;
use crate::ids::*;
use crate::mutants::Mutant;
use crate::rules::{BoundRole, Member};
use crate::statement::{Act, DeclineOutcome, SectionHeads};

/// A version whose approval was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The version.
    pub version: SectionHeads,
    /// When an answer is needed at the latest (milliseconds since 1970), if the author said so.
    pub due_ms: Option<u64>,
    /// Since when that time stands in the record (relay time, milliseconds since 1970): a version
    /// that takes up another one with the same due time goes on where that was.
    pub known_ms: u64,
}

/// One use of local authority. Times are the relay's, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalUse {
    /// The approval.
    pub statement: StatementId,
    /// The version, by the statement that asked for its approval.
    pub ask: StatementId,
    /// The section.
    pub section: SectionId,
    /// The rule that allowed it.
    pub rule: RuleId,
    /// Who approved.
    pub person: PersonId,
    /// The party that was closed.
    pub party: PartyId,
    /// Instead of whom: one holder of any of these.
    pub instead_of: Vec<BoundRole>,
    /// The stage of the chain, by who decides it.
    #[serde(skip)]
    pub stage: Vec<BoundRole>,
    /// Who takes over once nobody has answered in time, if the chain names somebody.
    pub then: Vec<BoundRole>,
    /// Who is told.
    pub tell: Vec<BoundRole>,
    /// When.
    pub at_ms: u64,
    /// When it was due.
    pub due_ms: u64,
    /// Until when it is to be ratified, if the party's calendar reached as far.
    pub ratify_by_ms: Option<u64>,
    /// What the party said to it.
    pub answer: Option<LocalAnswer>,
}

/// What the party that was replaced said to a use of local authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalAnswer {
    /// Whether it was ratified; else it was objected to.
    pub ratified: bool,
    /// The statement.
    pub by: StatementId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at_ms: u64,
}

/// Where a use of local authority stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalState {
    /// It is to be ratified.
    ToRatify,
    /// Nobody answered in time.
    Escalated,
    /// It was ratified.
    Ratified,
    /// It was objected to.
    Objected,
}

impl LocalUse {
    /// Where it stands at `now_ms` (milliseconds since 1970).
    pub fn state(&self, now_ms: u64) -> LocalState {
        match &self.answer {
            Some(LocalAnswer { ratified: true, .. }) => LocalState::Ratified,
            Some(_) => LocalState::Objected,
            None if self.ratify_by_ms.is_none_or(|until_ms| now_ms > until_ms) => LocalState::Escalated,
            None => LocalState::ToRatify,
        }
    }

    /// Who answers it at `now_ms`: whom it replaced and, once it is escalated, whoever takes over.
    pub fn answerers(&self, now_ms: u64) -> Vec<BoundRole> {
        let mut roles = self.instead_of.clone();
        if self.state(now_ms) == LocalState::Escalated {
            roles.extend(self.then.iter().filter(|role| !self.instead_of.contains(role)).cloned());
        }
        roles
    }

    /// Tells whether `member` can answer it at `now_ms`; nobody answers their own approval.
    pub fn is_answered_by(&self, member: &Member, now_ms: u64) -> bool {
        let is_asked =
            self.person != member.person && self.answerers(now_ms).iter().any(|role| role.is_held_by(member));
        self.answer.is_none() && (is_asked || Mutant::RatifiedByAnybody.is_on())
    }
}

/// What the versions of a document have to do with due times and local authority.
#[derive(Debug, Clone, Default)]
pub(super) struct Locals {
    asked: BTreeMap<StatementId, Asked>,
    uses: Vec<LocalUse>,
}

impl Document {
    /// A version whose approval was once asked for.
    pub fn asked_about(&self, ask: &StatementId) -> Option<&Asked> {
        self.locals.asked.get(ask)
    }

    /// Every use of local authority, oldest first.
    pub fn local_uses(&self) -> &[LocalUse] {
        &self.locals.uses
    }

    /// The uses of local authority on one version, oldest first.
    pub fn local_uses_of(&self, ask: StatementId) -> impl Iterator<Item = &LocalUse> {
        self.locals.uses.iter().filter(move |used| used.ask == ask)
    }

    /// Tells whether somebody objected to the local approval of a version.
    pub fn is_objected(&self, ask: StatementId) -> bool {
        self.local_uses_of(ask).any(|used| used.answer.as_ref().is_some_and(|answer| !answer.ratified))
    }

    pub(super) fn note_asked(&mut self, statement: StatementId, act: &Act, time_ms: u64) {
        let Act::Ask { version, replaces, due_ms } = act else { return };
        let before = replaces.and_then(|replaces| self.locals.asked.get(&replaces));
        let same =
            before.filter(|before| before.version.section == version.section && before.due_ms == *due_ms);
        let known_ms = same.map_or(time_ms, |before| before.known_ms);
        let asked = Asked { version: version.clone(), due_ms: *due_ms, known_ms };
        self.locals.asked.insert(statement, asked);
    }

    pub(super) fn note_local(&mut self, used: LocalUse) {
        self.locals.uses.push(used);
    }

    /// Takes the answer of whom local authority replaced. An objection takes the approval away: the
    /// version counts as one that the stage did not take.
    pub(super) fn answer_local(
        &mut self,
        target: StatementId,
        ratified: bool,
        by: StatementId,
        author: &Member,
        at_ms: u64,
        done: &mut Done,
    ) {
        let Some(section) = self.asked_about(&target).map(|asked| asked.version.section.clone()) else {
            return;
        };
        let mut stages = Vec::new();
        for used in self.locals.uses.iter_mut().filter(|used| used.ask == target) {
            if used.is_answered_by(author, at_ms) {
                used.answer = Some(LocalAnswer { ratified, by, person: author.person, at_ms });
                stages.push(used.stage.clone());
            }
        }
        done.changed.insert(section.clone());
        if ratified {
            return;
        }
        if self.open.contains_key(&target) {
            self.close(target, Closure::Declined { by, outcome: DeclineOutcome::Objected }, done);
        } else if let Some(known) = self.sections.get_mut(&section).and_then(Section::known_mut) {
            known.approved = known.approved.take().filter(|approved| approved.ask != target);
        }
        let rounds = stages.into_iter().map(|who| Round { ask: target, who, by });
        self.rounds.entry(section).or_default().extend(rounds);
    }

    /// The answer that `member` can give to local approvals of a version.
    ///
    /// # Errors
    ///
    /// Who can, where there is something to answer; nobody where there is not.
    pub(super) fn local_to_answer(
        &self,
        target: StatementId,
        member: &Member,
        now_ms: u64,
    ) -> Result<&LocalUse, Option<(RuleId, Vec<BoundRole>)>> {
        let open = || self.local_uses_of(target).filter(|used| used.answer.is_none());
        match open().find(|used| used.is_answered_by(member, now_ms)) {
            Some(used) => Ok(used),
            None => Err(open().next().map(|used| (used.rule.clone(), used.answerers(now_ms)))),
        }
    }
}

/// Whoever takes over a stage that was not answered in time.
pub(super) fn takes_over(charter: &CharterState, kind: &KindId, section: &SectionId) -> Vec<BoundRole> {
    charter.rights(kind, section).chain().map(|chain| chain.over_budget.clone()).unwrap_or_default()
}
