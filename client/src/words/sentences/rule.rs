//! From a rule of the charter to its sentences.

use entente_shared::ids::{KindId, SectionId};
use entente_shared::rules::{Bindings, Local, Right, RolePattern, Rule, Target, Team, Within};

use super::{EVERYBODY, Holders, Place, Whose, is_plural};
use crate::args;
use crate::words::{Lang, RoleForm, Words};

/// A team, and what people call it in the language spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamLabel {
    /// The team as the rules see it.
    pub team: Team,
    /// Its label, from [`Words::team_labels`].
    pub label: String,
}

/// The section that a rule is read for.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The kind of its document, such as `matrix`.
    pub kind: &'a KindId,
    /// Its name, such as `party/newyork`.
    pub section: &'a SectionId,
    /// The name of the person that the section is for, if it is for one.
    pub person: Option<&'a str>,
}

impl<'a> About<'a> {
    /// What a target's pattern binds in this section; `None` if it is not about it.
    fn binds(self, target: &Target) -> Option<Bindings<'a>> {
        if target.kind == *self.kind { target.section.bind(self.section) } else { None }
    }
}

impl Words {
    /// Names a rule: by its own name, else by its id without hyphens.
    pub fn rule_name(&self, rule: &Rule) -> String {
        let id = || rule.id.as_str().replace('-', " ");
        rule.name.as_ref().map_or_else(id, |name| name.get(self.lang()).to_owned())
    }

    /// Says a rule in full, one sentence for each thing that it lets people do: for all teams
    /// (`each team's lead … their own column`), or for one section (`New York's lead …`).
    pub fn rule_sentences(&self, rule: &Rule, teams: &[TeamLabel], about: Option<About<'_>>) -> Vec<String> {
        let mut sentences = Vec::new();
        for right in Right::ALL {
            if right == Right::Endorse && rule.band.is_some() {
                continue;
            }
            let holders = rule_holders(rule.roles(right), teams, about, rule);
            let places = self.rule_places(rule, right, teams, about);
            if holders.is_empty() || places.is_empty() {
                continue;
            }
            sentences.push(match (right, rule.hold) {
                (Right::Endorse, Some(_)) => self.hold_sentence(&holders, &places),
                _ => self.right_sentence(right, &holders, &places),
            });
        }
        sentences.extend(self.agreement_sentences(rule, teams, about));
        sentences.extend(self.band_sentence(rule, teams, about));
        if let Some(last) = sentences.last_mut() {
            for further in self.rule_limits(rule) {
                last.push_str("; ");
                last.push_str(&further);
            }
        }
        sentences
    }

    /// Says who signs and who approves versions, with what goes with it.
    fn agreement_sentences(&self, rule: &Rule, teams: &[TeamLabel], about: Option<About<'_>>) -> Vec<String> {
        let places = rule.on.iter().filter_map(|on| self.target_place(on, teams, about, &Whose::Each));
        let places: Vec<_> = places.collect();
        let mut sentences = Vec::new();
        if let Some(chain) = rule.chain.as_ref().filter(|_| !places.is_empty()) {
            let stages = chain.stages.iter().map(|stage| {
                let who = self.holders(&rule_holders(std::slice::from_ref(&stage.role), teams, about, rule));
                let rounds = stage.rounds.map(|count| self.say("rules-rounds", args![count]));
                let within = stage.answer_within.map(|within| self.within(within));
                let terms: Vec<_> = rounds.into_iter().chain(within).collect();
                if terms.is_empty() { who } else { format!("{who} ({})", terms.join(", ")) }
            });
            let stages = stages.collect::<Vec<_>>().join(" → ");
            sentences.push(self.say("right-approve", args![stages, what = self.places(&places)]));
            if let Some(role) = &chain.over_budget {
                let who = self.holders(&rule_holders(std::slice::from_ref(role), teams, about, rule));
                sentences.push(self.say("rules-over-budget", args![who]));
            }
        }
        if let Some(local) = rule.local.as_ref().filter(|_| !places.is_empty()) {
            sentences.push(self.local_sentence(rule, local, teams, about, &places));
        }
        if let Some(sign) = rule.sign.as_ref().filter(|_| !places.is_empty()) {
            let holders = rule_holders(&sign.all_of, teams, about, rule);
            let mut sentence = self.sign_sentence(&holders, &places);
            let expires = sign.expires_days.map(|count| self.say("rules-expires", args![count]));
            let locks = sign.locks.then(|| self.say("rules-locks", args![]));
            for further in expires.into_iter().chain(locks) {
                sentence = format!("{sentence}; {further}");
            }
            sentences.push(sentence);
        }
        sentences
    }

    /// Says how far a value moves without asking, and who decides beyond that.
    fn band_sentence(&self, rule: &Rule, teams: &[TeamLabel], about: Option<About<'_>>) -> Option<String> {
        let band = rule.band.as_ref()?;
        let places = self.rule_places(rule, Right::Endorse, teams, about);
        if places.is_empty() {
            return None;
        }
        let deciders = rule_holders(&rule.endorse, teams, about, rule);
        let agree = if is_plural(&deciders) { "plural" } else { "singular" };
        let who = self.holders(&deciders);
        let (what, percent) = (self.places(&places), self.percent(band.basis_points));
        let sentence = self.say("right-band", args![what, percent, who, agree]);
        if band.overrides.is_empty() {
            return Some(sentence);
        }
        let who = self.holders(&rule_holders(&band.overrides, teams, about, rule));
        Some(format!("{sentence}; {}", self.say("rules-override", args![who])))
    }

    /// A share as people write it: `7.5`, «7,5».
    pub fn percent(&self, basis_points: u32) -> String {
        let text = entente_shared::rules::percent(basis_points);
        if self.lang() == Lang::Ru { text.replace('.', ",") } else { text }
    }

    /// Says who may approve while a team is closed, within which limits, and who ratifies that.
    fn local_sentence(
        &self,
        rule: &Rule,
        local: &Local,
        teams: &[TeamLabel],
        about: Option<About<'_>>,
        places: &[Place],
    ) -> String {
        let holders = |role| self.holders(&rule_holders(std::slice::from_ref(role), teams, about, rule));
        let (who, instead) = (holders(&local.role), holders(&local.instead_of.1));
        let team = teams.iter().find(|label| label.team.party == local.instead_of.0);
        let party = team.map_or_else(|| local.instead_of.0.to_string(), |team| team.label.clone());
        let within = self.say("rules-local-due", args![count = local.due_within_hours]);
        let ratify = self.within(local.ratify_within);
        let what = self.places(places);
        let sentence =
            self.say("right-local", args![party = party.as_str(), within, who, what, instead, ratify]);
        let uses = self.say("rules-local-uses", args![count = local.uses]);
        let known = self.say("rules-local-known", args![party, count = local.due_known_hours]);
        format!("{sentence}; {uses}; {known}")
    }

    /// `within 2 working days`
    fn within(&self, within: Within) -> String {
        match within {
            Within::WorkingDays(count) => self.say("rules-within-working-days", args![count]),
            Within::WorkingHours(count) => self.say("rules-within-working-hours", args![count]),
            Within::Hours(count) => self.say("rules-within-hours", args![count]),
        }
    }

    /// Says the one right that decided a verdict, for the section that it was about.
    pub fn rule_sentence(&self, rule: &Rule, right: Right, teams: &[TeamLabel], about: About<'_>) -> String {
        let holders = rule_holders(rule.roles(right), teams, Some(about), rule);
        self.right_sentence(right, &holders, &self.rule_places(rule, right, teams, Some(about)))
    }

    fn rule_limits(&self, rule: &Rule) -> Vec<String> {
        let grants: Vec<_> =
            rule.grants.iter().map(|role| self.role(role.as_str(), RoleForm::Name)).collect();
        let grants =
            (!grants.is_empty()).then(|| self.say("rules-grants", args![roles = self.list(&grants)]));
        let not_self = rule.not_self.then(|| self.say("rules-not-self", args![]));
        let internal = rule.internal.then(|| self.say("rules-internal", args![]));
        [grants, not_self, internal].into_iter().flatten().collect()
    }

    fn rule_places(
        &self,
        rule: &Rule,
        right: Right,
        teams: &[TeamLabel],
        about: Option<About<'_>>,
    ) -> Vec<Place> {
        // Bound roles mean the section's own team, so of everybody it is their own section.
        let own = rule.roles(right).iter().all(|role| role.needs().is_some());
        let unnamed = if own { Whose::Own } else { Whose::Each };
        let mut places: Vec<Place> = Vec::new();
        for target in &rule.on {
            let Some(place) = self.target_place(target, teams, about, &unnamed) else { continue };
            if right == Right::Read || rule.fields.is_empty() {
                places.push(place);
                continue;
            }
            let of_field = |field: &String| Place { field: Some(field.clone()), ..place.clone() };
            places.extend(rule.fields.iter().map(of_field));
        }
        places
    }

    /// The place of a target; `None` if it is not about the section asked for.
    fn target_place(
        &self,
        target: &Target,
        teams: &[TeamLabel],
        about: Option<About<'_>>,
        unnamed: &Whose,
    ) -> Option<Place> {
        let pattern = target.section.to_string();
        let (section, whose) = match about {
            None => {
                let (family, subject) = pattern.split_once('/').unwrap_or((&pattern, ""));
                let whose = if subject.is_empty() { Whose::Common } else { unnamed.clone() };
                ((family != "*").then(|| family.to_owned()), whose)
            }
            Some(about) => {
                about.binds(target)?;
                let (family, subject) = about.section.split();
                let whose =
                    subject.map_or(Whose::Common, |subject| self.subject(family, subject, teams, about));
                (Some(family.to_owned()), whose)
            }
        };
        let field = target.field.as_ref().map(ToString::to_string);
        Some(Place { kind: target.kind.as_str().to_owned(), section, whose, field })
    }

    /// What follows the slash of a section's name, as people call it.
    fn subject(&self, family: &str, subject: &str, teams: &[TeamLabel], about: About<'_>) -> Whose {
        let team = teams.iter().find(|label| label.team.party.as_str() == subject);
        let market = format!("market-{subject}");
        Whose::Named(match (team, about.person) {
            (_, Some(person)) => person.to_owned(),
            _ if (family == "market" || team.is_none()) && self.has(&market) => self.say(&market, args![]),
            (Some(team), None) if family != "market" => team.label.clone(),
            _ => subject.to_owned(),
        })
    }
}

/// Gathers roles by the team that they belong to, in the order of the rule.
fn rule_holders(
    roles: &[RolePattern],
    teams: &[TeamLabel],
    about: Option<About<'_>>,
    rule: &Rule,
) -> Vec<Holders> {
    let of_any: Vec<_> = roles
        .iter()
        .filter_map(|role| match role {
            RolePattern::Bare(role) | RolePattern::AnyParty(role) => Some(role.as_str()),
            _ => None,
        })
        .collect();
    if EVERYBODY.iter().all(|role| of_any.contains(role)) {
        return vec![Holders::Everybody];
    }
    let mut groups: Vec<Holders> = Vec::new();
    for pattern in roles {
        let Some(role) = pattern.role() else {
            groups.push(about.and_then(|about| about.person).map_or(Holders::Themselves, |person| {
                Holders::Roles { whose: Whose::Common, roles: vec![person.to_owned()] }
            }));
            continue;
        };
        for whose in whose_role(pattern, teams, about, rule) {
            let same = groups.iter_mut().find_map(|group| match group {
                Holders::Roles { whose: other, roles } if *other == whose => Some(roles),
                _ => None,
            });
            match same {
                Some(roles) => roles.push(role.as_str().to_owned()),
                None => groups.push(Holders::Roles { whose, roles: vec![role.as_str().to_owned()] }),
            }
        }
    }
    groups
}

/// Whose role a pattern means; several teams where they share the market of the section.
fn whose_role(
    pattern: &RolePattern,
    teams: &[TeamLabel],
    about: Option<About<'_>>,
    rule: &Rule,
) -> Vec<Whose> {
    let labels = |fits: &dyn Fn(&Team) -> bool| -> Vec<Whose> {
        let fitting = teams.iter().filter(|label| fits(&label.team));
        fitting.map(|label| Whose::Named(label.label.clone())).collect()
    };
    let bound = about.and_then(|about| rule.on.iter().find_map(|target| about.binds(target)));
    let named = match (pattern, bound) {
        (RolePattern::Bare(_), _) => return vec![Whose::Common],
        (RolePattern::AnyParty(_), _) => return vec![Whose::Each],
        (RolePattern::Party(party, _), _) => {
            let known = labels(&|team| team.party == *party);
            return if known.is_empty() { vec![Whose::Named(party.to_string())] } else { known };
        }
        (RolePattern::BoundParty(_), Some(bound)) => labels(&|team| Some(team.party.as_str()) == bound.party),
        (RolePattern::BoundMarket(_), Some(bound)) => {
            labels(&|team| Some(team.market.as_str()) == bound.market)
        }
        _ => Vec::new(),
    };
    if named.is_empty() { vec![Whose::Each] } else { named }
}
