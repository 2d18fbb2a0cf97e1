//! What the rules say about a document: edits, signatures, and versions that ask for approval.

use std::collections::BTreeSet;

use super::bands;
use super::facts::{Facts, Unready};
use super::{Need, Refusal, Ruling, keys, rule_on};
use crate::charter::{CharterState, LEAD};
use crate::content::Section;
use crate::document::{Agreed, Agreement, Case, CasePart, Closure, Court, Document, KnownSection, Signature};
use crate::ids::*;
use crate::kinds::{self, Lang};
use crate::limits;
use crate::mutants::Mutant;
use crate::rules::{
    BoundChain, BoundRole, BoundSigning, BoundStage, Member, Right, SectionRights, Touched, is_translation,
};
use crate::statement::{Act, SectionHeads, SignedContent, Statement};

/// The court for every document but the charter: it decides on what is touched, and for a
/// signature on [`Facts`] that it was told.
#[derive(Debug, Clone)]
pub struct DocumentCourt {
    kind: KindId,
    facts: Facts,
}

impl DocumentCourt {
    /// The court for documents of `kind`.
    pub fn new(kind: KindId) -> Self {
        Self { kind, facts: Facts::default() }
    }

    /// Takes note of what the content says on which the next verdict rests; see
    /// [`crate::document::Document::rests_on`]. Facts of other heads than those that stand are of
    /// no use, and of no harm.
    pub fn learn(&mut self, facts: Facts) {
        self.facts = facts;
    }

    /// The sections whose content the verdict on a statement rests on, ascending; none where the
    /// statement is refused whatever the content says, so that nothing is read for it.
    pub fn asks_for(
        &self,
        document: &Document,
        charter: &CharterState,
        statement: &Statement,
    ) -> Vec<SectionId> {
        let Act::Sign { items } = &statement.header.act else { return Vec::new() };
        let Some(author) = charter.member_of(&statement.header.device) else { return Vec::new() };
        let is_asked = items.iter().all(|item| {
            let known = document.sections().get(&item.section).and_then(|section| section.known());
            known.is_some_and(|known| known.index.heads() == item.heads)
                && !self.signers(charter, &item.section, &author).is_empty()
        });
        if is_asked { document.rests_on(&statement.header.act) } else { Vec::new() }
    }

    /// Looks at the content on which the verdict on `act` rests, if it rests on any; `content` gives
    /// a section's effective content.
    pub fn look(
        &mut self,
        document: &Document,
        act: &Act,
        mut content: impl FnMut(&SectionId) -> Option<Section>,
    ) {
        let wanted = document.rests_on(act);
        if !wanted.is_empty() {
            let found = wanted.into_iter().filter_map(|name| content(&name).map(|section| (name, section)));
            self.learn(Facts::read(document.kind(), found.collect()));
        }
    }

    fn judge_create(&self, charter: &CharterState, author: &Member, sections: &[SectionId]) -> Ruling {
        let rights = sections.iter().map(|section| charter.rights(&self.kind, section));
        let mut who = Vec::new();
        for rights in rights {
            let can = rights.who_can(Right::Edit);
            if let Some((rule, _)) = can.iter().find(|(_, role)| role.is_held_by(author)) {
                return Ruling::admitted((*rule).clone());
            }
            who.extend(can.into_iter().map(|(_, role)| role.clone()));
        }
        let section = sections.first().cloned().unwrap_or_else(|| SectionId::new("document"));
        let need = Need::of_roles(section, RuleId::new("create"), who);
        Ruling { may_propose: false, ..Ruling::held(RuleId::new("create"), vec![need]) }
    }

    fn judge_part(&self, charter: &CharterState, case: &Case<'_>, part: &CasePart) -> Ruling {
        let ruling = self.judge_by_rights(charter, case, part);
        let ruling = match agreed(case, &part.section).filter(|agreed| agreed.locks) {
            Some(agreed) if !Mutant::LockIgnored.is_on() => amendment(case, part, agreed, &ruling),
            _ => ruling,
        };
        let beyond = bands::rule_on_bands(&charter.rights(&self.kind, &part.section), case, part);
        if beyond.is_empty() { ruling } else { Ruling::all([ruling].into_iter().chain(beyond)) }
    }

    fn judge_by_rights(&self, charter: &CharterState, case: &Case<'_>, part: &CasePart) -> Ruling {
        let author = case.author;
        let rights = charter.rights(&self.kind, &part.section);
        let index = case.document.sections().get(&part.section).and_then(|section| section.known());
        let index = index.map(|known| &known.index).filter(|_| charter.rules_version >= 3);
        let asked = index.filter(|_| rights.asks_marks());
        let source = |field: &[&str]| asked.and_then(|index| index.source(field)).map(Lang::key);
        let ruling = Ruling::all(part.touches().map(|touch| {
            let path = keys(&touch.path);
            let either = |field: &[&str]| source(field).map(|_| "either");
            let translation = match Mutant::SourceAsTranslation.is_on() {
                true => is_translation(&path, either),
                false => is_translation(&path, source),
            };
            let touched = Touched { path: &path, subtree: touch.subtree, translation, ..Touched::SECTION };
            rule_on(&rights, author, &part.section, &touched)
        }));
        match author {
            Some(author) if !self.is_own(charter, author, &part.section) => {
                let others = charter.present_parties().into_iter().filter(|party| *party != author.party);
                let lead = |party| {
                    let who = vec![BoundRole::Party(party, LEAD.into())];
                    Need::of_roles(part.section.clone(), RuleId::new("not-in-force"), who)
                };
                let may_propose = ruling.may_propose;
                let held = Ruling::held(RuleId::new("not-in-force"), others.map(lead).collect());
                Ruling::all([Ruling { may_propose, ..held }, ruling])
            }
            _ => ruling,
        }
    }

    fn judge_sign(
        &self,
        charter: &CharterState,
        case: &Case<'_>,
        author: &Member,
        items: &[SignedContent],
    ) -> Result<Ruling, Refusal> {
        let mut rule = None;
        for item in items {
            let rights = charter.rights(&self.kind, &item.section);
            let nobody = || Refusal::NotAllowed { rule: None, who: Vec::new() };
            let signing = rights.signing().ok_or_else(nobody)?;
            if !signing.all_of.iter().any(|role| role.is_held_by(author)) {
                let (rule, who) = (Some(signing.rule.clone()), signing.all_of.clone());
                return Err(Refusal::NotAllowed { rule, who });
            }
            self.facts.check(case.document, item)?;
            let mut reasons = self.unready(case.document, item, signing);
            reasons.retain(|reason| charter.rules_version >= 3 || !matches!(reason, Unready::Empty { .. }));
            if !reasons.is_empty() && !Mutant::UnreadySigned.is_on() {
                return Err(Refusal::NotReady { section: item.section.clone(), reasons });
            }
            rule.get_or_insert(signing.rule.clone());
        }
        Ok(Ruling::admitted(rule.unwrap_or_else(|| RuleId::new("signatures"))))
    }

    /// What is to be settled before a section can be signed.
    fn unready(&self, document: &Document, item: &SignedContent, signing: &BoundSigning) -> Vec<Unready> {
        let mut reasons = Vec::new();
        for role in &signing.all_of {
            if let BoundRole::Party(party, _) = role
                && !document.writers().contains(party)
            {
                reasons.push(Unready::OneSided { party: party.clone() });
            }
        }
        let known = document.sections().get(&item.section).and_then(|section| section.known());
        let holds = known.map(|known| known.holds.as_slice()).unwrap_or_default();
        let waits = |id: &&StatementId| document.open_holds().get(id).is_some_and(|hold| !hold.is_ask());
        reasons.extend(holds.iter().filter(waits).map(|hold| Unready::Waiting { hold: *hold }));
        reasons.extend(self.facts.unready(&item.section));
        reasons.dedup();
        reasons.truncate(limits::REASONS_MAX);
        reasons
    }

    fn judge_ask(
        &self,
        charter: &CharterState,
        case: &Case<'_>,
        author: Option<&Member>,
        version: &SectionHeads,
        replaces: Option<StatementId>,
    ) -> Result<Ruling, Refusal> {
        let rights = charter.rights(&self.kind, &version.section);
        let nobody = || Refusal::NotAllowed { rule: None, who: Vec::new() };
        let chain = rights.chain().ok_or_else(nobody)?;
        if !case.document.open_holds().contains_key(&case.statement) {
            self.check_ask(case, &rights, author, version, replaces)?;
        }
        let stages = chain.stages.iter();
        let needs = stages.map(|stage| self.stage(charter, case, chain, stage, &version.section)).collect();
        Ok(Ruling::held(chain.rule.clone(), needs))
    }

    /// What holds when approval is asked for; what waits is not asked again.
    fn check_ask(
        &self,
        case: &Case<'_>,
        rights: &SectionRights,
        author: Option<&Member>,
        version: &SectionHeads,
        replaces: Option<StatementId>,
    ) -> Result<(), Refusal> {
        let document = case.document;
        let writers = rights.who_can(Right::Edit).into_iter().chain(rights.who_can(Right::Endorse));
        let writers: BTreeSet<BoundRole> = writers.map(|(_, role)| role.clone()).collect();
        if !author.is_some_and(|author| writers.iter().any(|role| role.is_held_by(author))) {
            return Err(Refusal::NotAllowed { rule: None, who: writers.into_iter().collect() });
        }
        if let Some(asked) = document.asked(&version.section) {
            return Err(Refusal::AlreadyAsked { target: asked.statement });
        }
        match document.sections().get(&version.section).and_then(|section| section.known()) {
            Some(known) if known.index.heads() == version.heads => {}
            _ => return Err(Refusal::Stale { section: version.section.clone() }),
        }
        let ended = |id: StatementId| {
            let closure = document.closures().get(&id);
            matches!(closure, Some(Closure::Declined { .. } | Closure::Withdrawn { .. }))
                || document.is_objected(id)
        };
        match replaces.filter(|id| !ended(*id)) {
            Some(target) => Err(Refusal::NotOpen { target }),
            None => Ok(()),
        }
    }

    /// Who decides a stage: whom the rule names or, once its rounds are used up, who that goes to.
    fn stage(
        &self,
        charter: &CharterState,
        case: &Case<'_>,
        chain: &BoundChain,
        stage: &BoundStage,
        section: &SectionId,
    ) -> Need {
        let round = case.document.round_of(section, &stage.who);
        let is_over = stage.rounds.is_some_and(|rounds| round > rounds);
        let there = || chain.over_budget.iter().any(|role| !charter.holders(role).is_empty());
        let mut who = if is_over && there() { chain.over_budget.clone() } else { stage.who.clone() };
        if who.is_empty() {
            who.push(BoundRole::AnyParty(LEAD.into()));
        }
        let of_author =
            case.author.is_some_and(|author| stage.who.iter().any(|role| role.is_held_by(author)));
        let need = Need::of_roles(section.clone(), chain.rule.clone(), who);
        Need { of_author, stage: Some(stage.who.clone()), ..need }
    }

    /// Until a party has signed the rules, its people change only what speaks of it.
    fn is_own(&self, charter: &CharterState, author: &Member, section: &SectionId) -> bool {
        if charter.binds(&author.party) {
            return true;
        }
        match section.split() {
            ("party", Some(party)) => party == author.party.as_str(),
            ("market", Some(market)) => {
                let mut teams = charter.teams().iter();
                teams.any(|team| team.party == author.party && team.market.as_str() == market)
            }
            _ => false,
        }
    }
}

impl Court for DocumentCourt {
    fn judge(&self, charter: &CharterState, case: &Case<'_>) -> Result<Ruling, Refusal> {
        match (case.act, case.author) {
            (Act::Create { .. }, _) if self.kind.as_str() == kinds::CHARTER => {
                Err(Refusal::Malformed { detail: "the ground rules begin with the founding".into() })
            }
            (Act::Create { sections, .. }, Some(author)) => {
                sections.iter().try_for_each(|section| charter.check_subject(section))?;
                Ok(self.judge_create(charter, author, sections))
            }
            (Act::Edit { .. }, _) => {
                Ok(Ruling::all(case.parts.iter().map(|part| self.judge_part(charter, case, part))))
            }
            (Act::Sign { .. } | Act::Ask { .. }, _) if charter.rules_version < 2 => {
                let detail = "only the ground rules are signed in rules version 1".to_owned();
                Err(Refusal::Unknown { detail })
            }
            (Act::Ask { due_ms: Some(_), .. }, _) if charter.rules_version < 3 => {
                let detail = "a due time needs a later rules version".to_owned();
                Err(Refusal::Unknown { detail })
            }
            (Act::Sign { items }, Some(author)) => self.judge_sign(charter, case, author, items),
            (Act::Ask { version, replaces, .. }, author) => {
                self.judge_ask(charter, case, author, version, *replaces)
            }
            _ => Err(Refusal::Malformed { detail: "a statement about the ground rules".into() }),
        }
    }

    fn enacted(&mut self, _: &Case<'_>) {}

    fn endorsed(
        &self,
        charter: &CharterState,
        section: &mut KnownSection,
        part: &CasePart,
        by: &[Agreement],
        at: Signature,
    ) {
        let rights = charter.rights(&self.kind, &part.section);
        if rights.bands().is_empty() {
            return;
        }
        let anybody = Mutant::BaseFollowsEdits.is_on() || Mutant::BaseFollowsOverrides.is_on();
        bands::rebase(&rights, section, part, at, |band| {
            by.iter().any(|by| anybody || band.is_decided_by(&by.member))
        });
    }

    fn signed(&self, charter: &CharterState, name: &SectionId, section: &mut KnownSection, at: Signature) {
        for band in charter.rights(&self.kind, name).bands() {
            let amount = self.facts.amount(name, section.index.heads(), &band.field());
            bands::set(section, band.field(), amount, at);
        }
    }

    fn signers(&self, charter: &CharterState, section: &SectionId, author: &Member) -> Vec<SignerId> {
        let rights = charter.rights(&self.kind, section);
        let roles = rights.signing().map(|signing| signing.all_of.as_slice()).unwrap_or_default();
        roles.iter().filter(|role| role.is_held_by(author)).map(Agreed::signer).collect()
    }

    fn agreed(&self, charter: &CharterState, name: &SectionId, section: &KnownSection) -> Option<Agreed> {
        if charter.rules_version < 2 || section.signatures.is_empty() {
            return None;
        }
        let rights = charter.rights(&self.kind, name);
        let signing = rights.signing()?;
        let signed = |role: &BoundRole| section.signatures.contains_key(&Agreed::signer(role));
        (!signing.all_of.is_empty() && signing.all_of.iter().all(signed)).then(|| Agreed {
            rule: signing.rule.clone(),
            required: signing.all_of.clone(),
            locks: signing.locks,
            expires_ms: signing.expires_ms,
        })
    }

    /// Signatures are under one content: a change ends them. An amendment on which all who signed
    /// have agreed is signed by that.
    fn keep_signatures(&self, section: &mut KnownSection, by: &[Agreement], time_ms: u64) {
        let agreed = section.agreed_at(time_ms).filter(|agreed| agreed.locks).cloned();
        section.signatures.clear();
        section.agreed = None;
        let Some(agreed) = agreed else { return };
        for role in &agreed.required {
            let Some(by) = by.iter().find(|by| role.is_held_by(&by.member)) else { continue };
            let signature = Signature { statement: by.statement, at_ms: time_ms };
            section.signatures.insert(Agreed::signer(role), signature);
        }
        section.agreed = (section.signatures.len() == agreed.required.len()).then_some(agreed);
    }
}

/// What all have agreed on in a section, while their signatures last.
fn agreed<'a>(case: &Case<'a>, section: &SectionId) -> Option<&'a Agreed> {
    case.document.sections().get(section)?.known()?.agreed_at(case.now_ms)
}

/// A change of a signed section waits until all who signed have agreed to it, on what stands. Its
/// author has, by writing it, if it builds on all of that.
fn amendment(case: &Case<'_>, part: &CasePart, agreed: &Agreed, ruling: &Ruling) -> Ruling {
    let known = case.document.sections().get(&part.section).and_then(|section| section.known());
    let builds_on_all = known
        .zip(part.checked.as_ref())
        .is_some_and(|(known, checked)| checked.deps() == known.index.heads());
    let need = |role: &BoundRole| {
        let of_author = case.author.is_some_and(|author| role.is_held_by(author));
        let need = Need::of_roles(part.section.clone(), agreed.rule.clone(), vec![role.clone()]);
        (!of_author || !builds_on_all).then_some(Need { signs: true, of_author, ..need })
    };
    let needs = agreed.required.iter().filter_map(need).collect();
    let may_propose = ruling.may_propose || ruling.needs.is_empty();
    Ruling { may_propose, ..Ruling::held(agreed.rule.clone(), needs) }
}
