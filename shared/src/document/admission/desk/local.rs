//! Deciding on local authority: approving instead of a party that is closed, and what that party says
//! to it. None of it rests on content, so readers without the section judge it as everybody does.

use super::Desk;
use crate::document::admission::{Admission, Effect};
use crate::document::local::takes_over;
use crate::document::{Court, LocalUse};
use crate::ids::*;
use crate::judge::{self, Refusal};
use crate::ledger::Verdict;
use crate::mutants::Mutant;
use crate::statement::{Act, SectionHeads};

impl<C: Court> Desk<'_, C> {
    /// Approves the present stage of a version instead of whom it names. Its author may, if the rule
    /// names a role of theirs: it is ratified by others.
    pub(super) fn endorse_locally(
        &self,
        target: StatementId,
        heads: &[SectionHeads],
    ) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        let Act::Ask { version, .. } = &hold.act else {
            return Err(Refusal::Malformed { detail: "local authority is for versions".into() });
        };
        if heads != std::slice::from_ref(version) {
            return Err(Refusal::Stale { section: version.section.clone() });
        }
        self.check_reason()?;
        let kind = &self.document.kind.id;
        let left = self.document.left(self.court, self.state, hold, self.time_ms)?.needs;
        let Some(need) = left.first() else { return Err(Refusal::NotOpen { target }) };
        let rights = self.state.rights(kind, &version.section);
        let stands_in = |local: &&crate::rules::BoundLocal| {
            local.instead_of.iter().any(|role| need.who.contains(role))
                && local.role.iter().any(|role| role.is_held_by(&author))
        };
        let who = || Refusal::NotAllowed { rule: Some(need.rule.clone()), who: need.who.clone() };
        let local = rights.locals().iter().find(stands_in).ok_or_else(who)?;
        let clocks = (self.time_ms, self.statement.header.clock_ms);
        let leave = judge::leave(self.state, self.document, local, target, clocks).map_err(|bar| {
            let (party, who) = (local.party.clone(), need.who.clone());
            Refusal::NotLocal { party, who, bar }
        })?;
        let used = LocalUse {
            statement: self.statement.id,
            ask: target,
            section: version.section.clone(),
            rule: local.rule.clone(),
            person: author.person,
            party: local.party.clone(),
            instead_of: need.who.clone(),
            stage: need.stage.clone().unwrap_or_else(|| need.who.clone()),
            then: takes_over(self.state, kind, &version.section),
            tell: local.tell.clone(),
            at_ms: self.time_ms,
            due_ms: leave.due_ms,
            ratify_by_ms: leave.ratify_by_ms,
            answer: None,
        };
        let completes = left.len() == 1 || Mutant::StageSkipped.is_on();
        let verdict = Verdict::Admitted { rule: local.rule.clone() };
        let effect = Effect::Endorse { target, completes, on_top: Vec::new(), local: Some(Box::new(used)) };
        Ok(Admission { verdict, author: Some(author), effect })
    }

    /// Ratifies what was approved by local authority, or objects to it.
    pub(super) fn answer_locally(&self, target: StatementId, ratified: bool) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        self.check_reason()?;
        let words = self.statement.parts().any(|(_, payload)| {
            payload.is_none_or(|payload| payload.text.as_ref().is_some_and(|text| !text.trim().is_empty()))
        });
        if !ratified && !words {
            return Err(Refusal::Malformed { detail: "an objection says why".into() });
        }
        let used = self.document.local_to_answer(target, &author, self.time_ms);
        let rule = match used {
            Ok(used) => used.rule.clone(),
            Err(Some((rule, who))) => return Err(Refusal::NotAllowed { rule: Some(rule), who }),
            Err(None) => return Err(Refusal::NotOpen { target }),
        };
        let effect = Effect::AnswerLocal { target, ratified };
        Ok(Admission { verdict: Verdict::Admitted { rule }, author: Some(author), effect })
    }

    /// Local authority belongs to rules version 3.
    pub(super) fn knows_local(&self, detail: &str) -> Result<(), Refusal> {
        if self.state.rules_version < 3 {
            Err(Refusal::Unknown { detail: detail.to_owned() })
        } else {
            Ok(())
        }
    }
}
