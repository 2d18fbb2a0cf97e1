//! Deciding on answers to what waits: endorsing, declining, withdrawing.

use super::{Desk, not_allowed};
use crate::charter::LEAD;
use crate::document::admission::{Admission, Effect};
use crate::document::{Case, CasePart, Closure, Court, Hold, Section};
use crate::ids::*;
use crate::judge::{Need, Refusal, Ruling};
use crate::ledger::Verdict;
use crate::mutants::Mutant;
use crate::rules::{BoundRole, Member};
use crate::statement::{Act, Capacity, DeclineOutcome, Payload, SectionHeads};

impl<C: Court> Desk<'_, C> {
    pub(in crate::document::admission) fn endorse(
        &self,
        target: StatementId,
        capacity: Capacity,
        heads: &[SectionHeads],
    ) -> Result<Admission, Refusal> {
        let later = "this capacity needs a later rules version";
        match capacity {
            Capacity::Decider => {}
            Capacity::Override => self.knows_local(later)?,
            Capacity::Local => {
                return self.knows_local(later).and_then(|()| self.endorse_locally(target, heads));
            }
            Capacity::Ratify => {
                return self.knows_local(later).and_then(|()| self.answer_locally(target, true));
            }
        }
        let overrides = capacity == Capacity::Override;
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        let own = hold.author == author.person && !Mutant::OwnEndorsement.is_on();
        if own && self.state.rules_version < 2 {
            return Err(Refusal::OwnSuggestion);
        }
        match &hold.act {
            Act::Ask { version, .. } if heads != std::slice::from_ref(version) => {
                return Err(Refusal::Stale { section: version.section.clone() });
            }
            _ => self.check_looked_at(heads)?,
        }
        let bases = self.document.bases(hold.author, &[target])?;
        let on_top: Vec<_> = self.gate(&bases)?.into_iter().filter(|part| !part.changes_nothing()).collect();
        let (rule, completes) = if hold.is_redacted() || self.statement.is_redacted() {
            self.told_endorsement(target)?
        } else {
            self.agreement(hold, &author, heads, overrides)?
        };
        if overrides {
            self.check_explained(hold)?;
        }
        if !on_top.is_empty() && hold.is_ask() {
            return Err(Refusal::Malformed { detail: "a version is approved as it is".into() });
        }
        if !on_top.is_empty() {
            self.check_on_top(&author, &on_top, completes)?;
        }
        if completes {
            let parts: Vec<_> = hold.parts.iter().chain(&on_top).cloned().collect();
            let author = self.state.member(&hold.author);
            let case = hold.case(self.document, author.as_ref(), self.time_ms);
            self.court.can_enact(&Case { parts: &parts, ..case })?;
        }
        let effect = Effect::Endorse { target, completes, on_top, local: None };
        Ok(Admission { verdict: Verdict::Admitted { rule }, author: Some(author), effect })
    }

    /// The rule under which `author`, who looked at `heads`, can agree to `hold`, and whether
    /// nobody's agreement is missing then.
    fn agreement(
        &self,
        hold: &Hold,
        author: &Member,
        heads: &[SectionHeads],
        overrides: bool,
    ) -> Result<(RuleId, bool), Refusal> {
        let unmet = self.document.unmet(self.court, self.state, hold, self.time_ms)?;
        let own = hold.author == author.person && !Mutant::OwnEndorsement.is_on();
        let kind = &self.document.kind.id;
        let beyond = |need: &Need| overrides && need.is_overridden_by(author);
        if overrides && !unmet.needs.iter().any(beyond) {
            let who = unmet.needs.iter().flat_map(|need| need.overrides.iter().cloned()).collect();
            return Err(Refusal::NotAllowed { rule: Some(unmet.rule), who });
        }
        let can = |need: &Need| {
            let decides = (need.of_author || !own) && need.is_met_by(self.state, kind, author);
            beyond(need) || (decides && self.sees(need, heads))
        };
        if own
            && !overrides
            && !unmet.needs.iter().any(|need| need.of_author && need.is_met_by(self.state, kind, author))
        {
            return Err(Refusal::OwnSuggestion);
        }
        let mine = unmet.needs.iter().find(|need| can(need));
        let rule = match mine {
            Some(need) => need.rule.clone(),
            None if unmet.needs.is_empty() => nobodys(&unmet, author)?,
            None => return Err(self.why_not(unmet, author)),
        };
        let complete = (unmet.needs.iter().all(can) || Mutant::OneAgreementForAll.is_on())
            && (!hold.is_ask() || self.is_last_stage(hold)? || Mutant::StageSkipped.is_on())
            && self.document.stands_alone(hold);
        Ok((rule, complete))
    }

    /// Who goes beyond a band on their own responsibility says why.
    fn check_explained(&self, hold: &Hold) -> Result<(), Refusal> {
        let about = |section| hold.sections().any(|other| other == section);
        let mut words = self.statement.parts().filter(|(section, _)| about(*section));
        let says = |payload: Option<&Payload>| match payload {
            Some(payload) => payload.text.as_deref().is_some_and(|text| !text.trim().is_empty()),
            // Whoever may not read them takes the relay's verdict.
            None => true,
        };
        match words.any(|(_, payload)| says(payload)) || Mutant::OverrideUnexplained.is_on() {
            true => Ok(()),
            false => Err(Refusal::Malformed { detail: "going beyond a band needs a reason".into() }),
        }
    }

    fn is_last_stage(&self, ask: &Hold) -> Result<bool, Refusal> {
        let left = self.document.left(self.court, self.state, ask, self.time_ms)?;
        Ok(left.needs.len() <= 1)
    }

    /// Where an agreement is to be a signature, it is given on what stands now.
    fn sees(&self, need: &Need, heads: &[SectionHeads]) -> bool {
        let Some(Section::Known(known)) = self.document.sections.get(&need.section) else { return true };
        let seen = heads.iter().find(|item| item.section == need.section);
        !need.signs
            || Mutant::StaleSignature.is_on()
            || seen.is_some_and(|seen| seen.heads == known.index.heads())
    }

    fn why_not(&self, unmet: Ruling, author: &Member) -> Refusal {
        let kind = &self.document.kind.id;
        match unmet.needs.iter().find(|need| need.signs && need.is_met_by(self.state, kind, author)) {
            Some(need) => Refusal::Stale { section: need.section.clone() },
            None => not_allowed(&unmet),
        }
    }

    fn told_endorsement(&self, target: StatementId) -> Result<(RuleId, bool), Refusal> {
        let Some(told) = self.told else {
            return Err(Refusal::Malformed { detail: "a payload is missing".into() });
        };
        let completes = told.redaction.is_some_and(|redaction| redaction.effective.contains(&target));
        Ok((told.entry.verdict.rule().clone(), completes))
    }

    fn check_on_top(&self, author: &Member, on_top: &[CasePart], completes: bool) -> Result<(), Refusal> {
        if !completes {
            let detail = "changes on top come with the last approval".to_owned();
            return Err(Refusal::Malformed { detail });
        }
        let edit = Act::Edit { after: Vec::new(), replaces: None };
        let case = Case { act: &edit, on_top: true, ..self.case(Some(author), on_top) };
        let ruling = self.court.judge(self.state, &case)?;
        if ruling.needs.is_empty() { Ok(()) } else { Err(not_allowed(&ruling)) }
    }

    pub(in crate::document::admission) fn decline(
        &self,
        target: StatementId,
        outcome: DeclineOutcome,
    ) -> Result<Admission, Refusal> {
        if outcome == DeclineOutcome::Objected {
            self.knows_local("objecting needs a later rules version")?;
            return self.answer_locally(target, false);
        }
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        if hold.author == author.person {
            return Err(Refusal::OwnSuggestion);
        }
        self.check_reason()?;
        let rule = if hold.is_redacted() {
            self.told_endorsement(target)?.0
        } else {
            self.objection(hold, &author)?
        };
        let closure = Closure::Declined { by: self.statement.id, outcome };
        Ok(self.closing(rule, author, target, closure))
    }

    /// The rule under which `author` can say no to `hold`: whoever is asked, also where the
    /// agreement of others is still missing. A version is answered by its present stage.
    fn objection(&self, hold: &Hold, author: &Member) -> Result<RuleId, Refusal> {
        let mut asked = hold.clone();
        if !hold.is_ask() {
            asked.endorsements.clear();
        }
        let unmet = self.document.unmet(self.court, self.state, &asked, self.time_ms)?;
        let kind = &self.document.kind.id;
        let mine = unmet.needs.iter().find(|need| need.is_met_by(self.state, kind, author));
        match mine {
            Some(need) => Ok(need.rule.clone()),
            None if unmet.needs.is_empty() => nobodys(&unmet, author),
            None => Err(not_allowed(&unmet)),
        }
    }

    pub(in crate::document::admission) fn withdraw(&self, target: StatementId) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        if hold.author != author.person {
            let who = vec![BoundRole::Person(hold.author)];
            return Err(Refusal::NotAllowed { rule: None, who });
        }
        self.check_reason()?;
        let closure = Closure::Withdrawn { by: self.statement.id };
        Ok(self.closing(RuleId::new("own-suggestion"), author, target, closure))
    }

    fn closing(&self, rule: RuleId, author: Member, target: StatementId, closure: Closure) -> Admission {
        let effect = Effect::Close { target, closure };
        Admission { verdict: Verdict::Admitted { rule }, author: Some(author), effect }
    }

    /// A statement that closes another one carries words, no changes.
    pub(super) fn check_reason(&self) -> Result<(), Refusal> {
        let changes = self.statement.parts().filter_map(|(_, payload)| payload);
        match changes.into_iter().any(|payload| !payload.changes.is_empty()) {
            true => Err(Refusal::Malformed { detail: "a reason comes without changes".into() }),
            false => Ok(()),
        }
    }
}

/// Nobody's agreement is missing: the rules changed since, or it waits for what it builds on. Then a
/// lead settles it.
fn nobodys(unmet: &Ruling, author: &Member) -> Result<RuleId, Refusal> {
    let rule = unmet.rule.clone();
    let who = || vec![BoundRole::AnyParty(LEAD.into())];
    if author.is_lead() { Ok(rule) } else { Err(Refusal::NotAllowed { rule: Some(rule), who: who() }) }
}
