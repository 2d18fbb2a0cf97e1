//! What the rules count on and nobody is there to do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ids::{KindId, PersonId, RuleId, SectionId};
use crate::kinds::{self, Kind};

use super::{Bindings, BoundRole, Member, Placeholder, Right, Rule, Rules, Team};

/// Something that stops when one person, or nobody, is there to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A role that lets people edit, decide, approve or sign, and that nobody holds.
    Role {
        /// The role.
        role: BoundRole,
        /// The rules that count on it, with what they let it do.
        rules: Vec<(RuleId, Right)>,
    },
    /// A right to edit or decide that fewer than two people hold.
    Right {
        /// The rule that gives it.
        rule: RuleId,
        /// Which right.
        right: Right,
        /// The party or market that the rule is about here, if it names one.
        about: Option<String>,
        /// The one person who holds it, if there is one.
        only: Option<PersonId>,
    },
    /// Several rules say who approves, or who signs, the same sections: only the first by id counts.
    Several {
        /// What they say.
        what: Agreeing,
        /// The rules, the one that counts first.
        rules: Vec<RuleId>,
        /// The sections on which they meet.
        sections: Vec<(KindId, SectionId)>,
    },
    /// The last stage of a chain belongs to several teams: no one team has the final say.
    FinalSay {
        /// The rule.
        rule: RuleId,
        /// Who all decide.
        who: Vec<BoundRole>,
        /// The sections that it is about.
        sections: Vec<(KindId, SectionId)>,
    },
}

/// A section of a kind of document.
type Topic = (KindId, SectionId);

/// A way in which a section is agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreeing {
    /// By approving a version, stage by stage.
    Approval,
    /// By signatures.
    Signature,
}

/// Lists roles that nobody holds and rights that fewer than two people hold, in the order of
/// roles, then of rules, and last topics that have no one decider. Rights to read and to suggest are left
/// out: nothing stops without them.
pub fn gaps(rules: &Rules, teams: &[Team], members: &[Member]) -> Vec<Gap> {
    let mut empty: BTreeMap<BoundRole, Vec<(RuleId, Right)>> = BTreeMap::new();
    let mut thin = Vec::new();
    for (rule, bindings) in rules.iter().flat_map(|rule| cases(rule, teams)) {
        for right in [Right::Edit, Right::Endorse] {
            let roles = bound(rule, right, &bindings, teams);
            for role in roles.iter().filter(|role| !members.iter().any(|member| role.is_held_by(member))) {
                let counting = empty.entry(role.clone()).or_default();
                if !counting.contains(&(rule.id.clone(), right)) {
                    counting.push((rule.id.clone(), right));
                }
            }
            if names_roles(rule, right) {
                thin.extend(thin_right(rule, right, &bindings, &roles, members));
            }
        }
        for role in agreeing_roles(rule, &bindings, teams) {
            let counting = (rule.id.clone(), Right::Endorse);
            if !members.iter().any(|member| role.is_held_by(member)) {
                let rules = empty.entry(role).or_default();
                rules.extend((!rules.contains(&counting)).then_some(counting));
            }
        }
    }
    let empty = empty.into_iter().map(|(role, rules)| Gap::Role { role, rules });
    empty.chain(thin).chain(undecided_topics(rules, teams, members)).collect()
}

/// Everybody who approves versions by a rule, or signs by it.
fn agreeing_roles(rule: &Rule, bindings: &Bindings<'_>, teams: &[Team]) -> Vec<BoundRole> {
    let mut roles = Vec::new();
    if let Some(chain) = &rule.chain {
        let chain = chain.bind(&rule.id, bindings, teams);
        roles.extend(chain.stages.into_iter().flat_map(|stage| stage.who).chain(chain.over_budget));
    }
    if let Some(sign) = &rule.sign {
        roles.extend(sign.bind(&rule.id, bindings, teams).all_of);
    }
    roles
}

/// Topics that have no one decider: sections on which several rules say who approves or who signs, and
/// chains whose last stage is of several teams.
fn undecided_topics(rules: &Rules, teams: &[Team], members: &[Member]) -> Vec<Gap> {
    let mut several: BTreeMap<(Agreeing, Vec<RuleId>), Vec<Topic>> = BTreeMap::new();
    let mut shared: BTreeMap<(RuleId, Vec<BoundRole>), Vec<Topic>> = BTreeMap::new();
    for (kind, section) in sections(teams) {
        for (what, found) in agreeing(rules, &kind, &section) {
            if found.len() > 1 {
                several.entry((what, found)).or_default().push((kind.clone(), section.clone()));
            }
        }
        let rights = rules.resolve(&kind, &section, teams);
        let Some(chain) = rights.chain() else { continue };
        let Some(who) = chain.stages.last().map(|stage| stage.who.clone()) else { continue };
        if !is_of_one_team(&who, members) {
            shared.entry((chain.rule.clone(), who)).or_default().push((kind, section));
        }
    }
    let several = several.into_iter().map(|((what, rules), sections)| Gap::Several { what, rules, sections });
    let shared = shared.into_iter().map(|((rule, who), sections)| Gap::FinalSay { rule, who, sections });
    several.chain(shared).collect()
}

/// Every section that a document of any kind can have for these teams.
fn sections(teams: &[Team]) -> Vec<(KindId, SectionId)> {
    let names = |name: &dyn Fn(&Team) -> String| {
        let names: BTreeSet<String> = teams.iter().map(name).collect();
        names.into_iter().collect::<Vec<_>>()
    };
    let subjects = BTreeMap::from([
        ("party".to_owned(), names(&|team| team.party.to_string())),
        ("market".to_owned(), names(&|team| team.market.to_string())),
    ]);
    let kinds: BTreeSet<&KindId> = kinds::all().iter().map(|kind| &kind.id).collect();
    let newest = kinds.into_iter().filter_map(kinds::newest);
    let of = |kind: &'static Kind| {
        kind.sections_for(&subjects).into_iter().map(|section| (kind.id.clone(), section))
    };
    newest.flat_map(of).collect()
}

/// The rules that say who approves a section, and those that say who signs it, in the order of ids.
fn agreeing(rules: &Rules, kind: &KindId, section: &SectionId) -> [(Agreeing, Vec<RuleId>); 2] {
    let reaches = |rule: &&Rule| {
        rule.on.iter().any(|target| target.kind == *kind && target.section.bind(section).is_some())
    };
    let found = |says: &dyn Fn(&Rule) -> bool| {
        rules.iter().filter(reaches).filter(|rule| says(rule)).map(|rule| rule.id.clone()).collect()
    };
    [
        (Agreeing::Approval, found(&|rule| rule.chain.is_some())),
        (Agreeing::Signature, found(&|rule| rule.sign.is_some())),
    ]
}

fn is_of_one_team(who: &[BoundRole], members: &[Member]) -> bool {
    let holders = members.iter().filter(|member| who.iter().any(|role| role.is_held_by(member)));
    holders.map(|member| &member.party).collect::<BTreeSet<_>>().len() <= 1
}

/// Every party or market that the targets of a rule can be about, or the one case without any.
/// Sections of one person are left out: that they have one owner is no gap.
fn cases<'t>(rule: &'t Rule, teams: &'t [Team]) -> Vec<(&'t Rule, Bindings<'t>)> {
    let mut cases = Vec::new();
    for target in &rule.on {
        let parties = one_or_all(target.section.binds(Placeholder::Party), teams, |team| team.party.as_str());
        let markets =
            one_or_all(target.section.binds(Placeholder::Market), teams, |team| team.market.as_str());
        for party in &parties {
            for market in &markets {
                let bindings = Bindings { party: *party, market: *market, person: None };
                if !cases.contains(&(rule, bindings)) {
                    cases.push((rule, bindings));
                }
            }
        }
    }
    cases
}

fn one_or_all<'t>(all: bool, teams: &'t [Team], name: impl Fn(&'t Team) -> &'t str) -> Vec<Option<&'t str>> {
    if !all {
        return vec![None];
    }
    let names: BTreeSet<&str> = teams.iter().map(name).collect();
    names.into_iter().map(Some).collect()
}

fn bound(rule: &Rule, right: Right, bindings: &Bindings<'_>, teams: &[Team]) -> Vec<BoundRole> {
    let mut roles = Vec::new();
    for pattern in rule.roles(right) {
        BoundRole::bind(pattern, bindings, teams, &mut roles);
    }
    roles
}

fn names_roles(rule: &Rule, right: Right) -> bool {
    rule.roles(right).iter().any(|pattern| pattern.role().is_some())
}

fn thin_right(
    rule: &Rule,
    right: Right,
    bindings: &Bindings<'_>,
    roles: &[BoundRole],
    members: &[Member],
) -> Option<Gap> {
    let holds = |member: &&Member| roles.iter().any(|role| role.is_held_by(member));
    let holders: BTreeSet<PersonId> = members.iter().filter(holds).map(|member| member.person).collect();
    if holders.len() >= 2 {
        return None;
    }
    let about = bindings.party.or(bindings.market).map(str::to_owned);
    Some(Gap::Right { rule: rule.id.clone(), right, about, only: holders.into_iter().next() })
}
