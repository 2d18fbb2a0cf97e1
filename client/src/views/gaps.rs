//! What the rules count on and too few people are there to do.

use std::collections::BTreeSet;

use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::rules::{Agreeing, BoundRole, Gap, Right, gaps};
use serde::Serialize;

use super::proposal::section_name;
use super::setting::{PersonRef, Setting};
use crate::args;
use crate::words::{About, RoleForm, Words, capitalised};

/// A gap in the ground rules.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "gap", rename_all = "kebab-case")]
pub enum GapRef {
    /// A role that nobody holds.
    Role {
        /// The role.
        role: BoundRole,
        /// The rules that count on it.
        rules: Vec<RuleId>,
    },
    /// A right that only one person holds, or nobody.
    Right {
        /// The rule that gives it.
        rule: RuleId,
        /// `edit` or `endorse`.
        right: &'static str,
        /// The team or market that it is about, if it is about one.
        about: Option<String>,
        /// The one person.
        only: Option<PersonRef>,
    },
    /// Several rules say who approves or who signs the same sections: only the first counts.
    Several {
        /// What they say.
        what: Agreeing,
        /// The rules, the one that counts first.
        rules: Vec<RuleId>,
        /// The sections on which they meet.
        sections: Vec<(KindId, SectionId)>,
    },
    /// Several teams have the last word on a version.
    FinalSay {
        /// The rule.
        rule: RuleId,
        /// Who all decide.
        who: Vec<BoundRole>,
        /// The sections that it is about.
        sections: Vec<(KindId, SectionId)>,
    },
    /// A rule that goes by a team's hours, which the ground rules do not say for now.
    Calendar {
        /// The rule, which is off until they do.
        rule: RuleId,
        /// The team.
        party: PartyId,
    },
}

/// The role that nobody holds in any team.
fn held_nowhere(gap: &Gap) -> Option<&RoleId> {
    match gap {
        Gap::Role { role: BoundRole::AnyParty(role), .. } => Some(role),
        _ => None,
    }
}

impl GapRef {
    /// All gaps among the people who are present.
    pub fn all(setting: &Setting) -> Vec<Self> {
        let state = setting.state();
        let members: Vec<_> = state.present().iter().filter_map(|person| state.member(person)).collect();
        let found = gaps(state.rules(), state.teams(), &members);
        let everywhere: BTreeSet<_> = found.iter().filter_map(held_nowhere).cloned().collect();
        let is_said = |gap: &Gap| match gap {
            Gap::Role { role: BoundRole::Party(_, role), .. } => everywhere.contains(role),
            // A right without any holder is of roles that are listed already.
            Gap::Right { only, .. } => only.is_none(),
            Gap::Role { .. } | Gap::Several { .. } | Gap::FinalSay { .. } => false,
        };
        let told = found.into_iter().filter(|gap| !is_said(gap));
        told.map(|gap| match gap {
            Gap::Role { role, rules } => {
                let mut rules: Vec<_> = rules.into_iter().map(|(rule, _)| rule).collect();
                rules.dedup();
                Self::Role { role, rules }
            }
            Gap::Right { rule, right, about, only } => Self::Right {
                rule,
                right: if right == Right::Edit { "edit" } else { "endorse" },
                about,
                only: only.map(|person| setting.person(person)),
            },
            Gap::Several { what, rules, sections } => Self::Several { what, rules, sections },
            Gap::FinalSay { rule, who, sections } => Self::FinalSay { rule, who, sections },
        })
        .chain(Self::calendars(setting))
        .collect()
    }

    /// Tells whether a topic has no one decider, rather than that somebody is missing.
    pub fn is_of_a_topic(&self) -> bool {
        matches!(self, Self::Several { .. } | Self::FinalSay { .. })
    }

    /// Rules that are off because nobody said when a team works.
    fn calendars(setting: &Setting) -> impl Iterator<Item = Self> {
        let state = setting.state();
        let locals = state.rules().iter().filter_map(|rule| Some((rule.id.clone(), rule.local.as_ref()?)));
        locals.filter_map(move |(rule, local)| {
            let party = local.instead_of.0.clone();
            let calendar = state.contents.parties.get(&party).and_then(|row| row.calendar.as_ref());
            let is_said = calendar.is_some_and(|calendar| calendar.covers(setting.now_ms()));
            (!is_said).then_some(Self::Calendar { rule, party })
        })
    }

    /// Says in a few lines which topics have no one decider, which roles nobody holds and who alone can do something.
    pub fn summary(gaps: &[Self], words: &Words, setting: &Setting) -> String {
        let mut roles = Vec::new();
        let mut people = BTreeSet::new();
        for gap in gaps {
            match gap {
                Self::Role { role: BoundRole::AnyParty(role), .. } => {
                    roles.push(words.role(role.as_str(), RoleForm::Name));
                }
                Self::Role { role: BoundRole::Party(party, role), .. } => {
                    let (role, party) =
                        (words.role(role.as_str(), RoleForm::Name), setting.label(party, words.lang()));
                    roles.push(format!("{role} ({party})"));
                }
                Self::Right { only: Some(person), .. } => {
                    people.insert(setting.name(words, person));
                }
                _ => {}
            }
        }
        let mut text = String::new();
        if gaps.iter().any(Self::is_of_a_topic) {
            text += &(words.say("gap-deciders-short", args![]) + "\n");
        }
        if !roles.is_empty() {
            text += &(words.say("gap-roles-short", args![roles = roles.join(", ")]) + "\n");
        }
        if !people.is_empty() {
            let people: Vec<_> = people.into_iter().collect();
            text += &(words.say("gap-single-short", args![people = people.join(", ")]) + "\n");
        }
        text
    }

    /// Says it, and what to do.
    pub fn text(&self, words: &Words, setting: &Setting) -> String {
        let lang = words.lang();
        match self {
            Self::Role { role, .. } => {
                let (party, role) = match role {
                    BoundRole::Party(party, role) => (setting.label(party, lang), role.to_string()),
                    BoundRole::AnyParty(role) => (setting.teams_title(lang), role.to_string()),
                    BoundRole::Person(person) => {
                        (String::new(), setting.name(words, &setting.person(*person)))
                    }
                };
                let name = words.role(&role, RoleForm::Name);
                words.say("gap-role-nobody", args![party, name, role])
            }
            Self::Right { rule, right, about, only } => {
                let right = self.right_text(words, setting, rule, right, about.as_deref());
                match only {
                    Some(only) => {
                        let person = setting.name(words, only);
                        words.say("gap-single", args![person, right])
                    }
                    None => capitalised(&words.say("right-nobody", args![right])),
                }
            }
            Self::Several { what, rules, sections } => {
                let names: Vec<_> = rules.iter().map(|rule| rule_name(words, setting, rule)).collect();
                let (places, first) = (places(words, setting, sections), names[0].clone());
                let id = match what {
                    Agreeing::Approval => "gap-several-approve",
                    Agreeing::Signature => "gap-several-sign",
                };
                words.say(id, args![places, rules = words.list(&names), first])
            }
            Self::FinalSay { rule, who, sections } => {
                let (places, people) = (places(words, setting, sections), setting.roles(words, who));
                words.say("gap-final-say", args![places, people, rule = rule_name(words, setting, rule)])
            }
            Self::Calendar { rule, party } => {
                let party = setting.label(party, lang);
                let rule = setting.state().rules().get(rule).map(|rule| words.rule_name(rule));
                words.say("gap-hours", args![party, rule = rule.unwrap_or_default()])
            }
        }
    }

    fn right_text(
        &self,
        words: &Words,
        setting: &Setting,
        rule: &RuleId,
        right: &str,
        about: Option<&str>,
    ) -> String {
        let Some(rule) = setting.state().rules().get(rule) else { return rule.to_string() };
        let right = if right == "edit" { Right::Edit } else { Right::Endorse };
        let teams = setting.team_labels(words.lang());
        let target = rule.on.first();
        let named = target.and_then(|target| {
            let (family, _) =
                target.section.to_string().split_once('/').map(|(f, s)| (f.to_owned(), s.to_owned()))?;
            Some((target.kind.clone(), SectionId::new(format!("{family}/{}", about?))))
        });
        match &named {
            Some((kind, section)) => {
                words.rule_sentence(rule, right, &teams, About { kind, section, person: None })
            }
            None => {
                // There is one sentence for each right that the rule gives to anybody.
                let given = Right::ALL.into_iter().filter(|right| !rule.roles(*right).is_empty());
                let sentences = words.rule_sentences(rule, &teams, None);
                let mut said = given.zip(sentences).filter(|(given, _)| *given == right);
                said.next().map_or_else(|| words.rule_name(rule), |(_, sentence)| sentence)
            }
        }
    }
}

fn rule_name(words: &Words, setting: &Setting, rule: &RuleId) -> String {
    let found = setting.state().rules().get(rule);
    found.map_or_else(|| rule.to_string(), |rule| words.rule_name(rule))
}

/// `brief, section "United States"`, and how many more.
fn places(words: &Words, setting: &Setting, sections: &[(KindId, SectionId)]) -> String {
    let place = |(kind, section): &(KindId, SectionId)| {
        let name = section_name(kinds::newest(kind), section, setting, words);
        words.say("place-pair", args![first = words.kind(kind.as_str()), last = name])
    };
    words.list(&sections.iter().map(place).collect::<Vec<_>>())
}
