//! What the rules count on and nobody is there to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{PersonId, RuleId};

use super::{Bindings, BoundRole, Member, Placeholder, Right, Rule, Rules, Team};

/// Something that stops when one person, or nobody, is there to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A role that lets people edit or decide, and that nobody holds.
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
}

/// Lists roles that nobody holds and rights that fewer than two people hold, in the order of
/// roles, then of rules. Rights to read and to suggest are left out: nothing stops without them.
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
    }
    empty.into_iter().map(|(role, rules)| Gap::Role { role, rules }).chain(thin).collect()
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
