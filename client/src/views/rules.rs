//! The ground rules as sentences, with who holds each right, and who has signed.

use std::collections::BTreeSet;

use entente_shared::charter::Phase;
use entente_shared::document::Signature;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::Position;
use entente_shared::rules::{Member, Right, RolePattern, Rule};
use serde::Serialize;

use super::gaps::GapRef;
use super::setting::{PersonRef, Setting};
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::{Words, capitalised};

/// The ground rules.
#[derive(Clone, Serialize)]
pub struct RulesShow {
    /// What the partnership is called.
    pub title: kinds::Words,
    /// Whether they are in force for all teams that have signed.
    pub in_force: bool,
    /// Since when (relay time, milliseconds since 1970).
    pub in_force_since_ms: Option<u64>,
    /// Who has signed them as they are now.
    pub signatures: Vec<SignatureLine>,
    /// The teams that still have to sign.
    pub unsigned: Vec<PartyId>,
    /// The rules, by id.
    pub rules: Vec<RuleLine>,
    /// What too few people can do.
    pub gaps: Vec<GapRef>,
    #[serde(skip)]
    setting: Setting,
}

/// A signature.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureLine {
    /// For which team.
    pub party: PartyId,
    /// Who.
    pub person: Option<PersonRef>,
    /// When (relay time, or the device's clock before it is sent; milliseconds since 1970).
    pub time_ms: u64,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: kinds::Words,
    /// What it lets people do, in both languages, with the people who can.
    pub rights: Vec<RightLine>,
}

/// What a rule lets people do.
#[derive(Clone, Debug, Serialize)]
pub struct RightLine {
    /// `read`, `propose`, `edit` or `endorse`; `approve` of versions, `escalate` where their rounds are
    /// used up, `sign`.
    pub right: &'static str,
    /// The people who hold it.
    pub people: Vec<PersonRef>,
}

impl RulesShow {
    /// The rules with one's own unacknowledged changes.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let state = setting.state();
        let people = state.present();
        let members: Vec<_> = people.iter().filter_map(|person| state.member(person)).collect();
        let rules = state.rules().iter().map(|rule| RuleLine {
            id: rule.id.clone(),
            name: super::place::both(|lang| {
                let name = rule.name.as_ref().map(|name| name.get(lang).to_owned());
                name.unwrap_or_else(|| rule.id.as_str().replace('-', " "))
            }),
            rights: right_lines(&setting, &members, rule),
        });
        let unsigned = state.contents.parties.keys().filter(|party| !state.signed.contains(*party));
        Ok(Self {
            title: super::place::both(|lang| setting.title(lang)),
            in_force: state.phase() == Phase::InForce,
            in_force_since_ms: in_force_since(replica),
            signatures: signatures(replica, &setting)?,
            unsigned: unsigned.cloned().collect(),
            rules: rules.collect(),
            gaps: GapRef::all(&setting),
            setting: setting.clone(),
        })
    }

    /// The rules for people.
    pub fn text(&self, words: &Words) -> String {
        let (setting, lang) = (&self.setting, words.lang());
        let title = self.title.get(lang);
        let mut text = match self.in_force_since_ms.filter(|_| self.in_force) {
            Some(since_ms) => {
                words.say("rules-title-in-force", args![title, when = setting.time(words, since_ms)])
            }
            None => words.say("rules-title-proposed", args![title]),
        };
        text += &format!("\n{}", self.signed_text(words));
        let teams = setting.team_labels(lang);
        for line in &self.rules {
            let Some(rule) = setting.state().rules().get(&line.id) else { continue };
            text += &format!("\n{}\n", capitalised(line.name.get(lang)));
            let sentences = words.rule_sentences(rule, &teams, None);
            for (sentence, right) in sentences.iter().zip(&line.rights) {
                text += &format!("  {}\n", capitalised(sentence));
                if !matches!(right.right, "read" | "propose") {
                    text += &format!("    {}\n", self.holders(words, &right.people));
                }
            }
        }
        let gaps = GapRef::summary(&self.gaps, words, setting);
        if gaps.is_empty() { text } else { format!("{text}\n{gaps}") }
    }

    /// What one of a rule's rights says, by its number among them; nothing if there is none.
    pub fn sentence(&self, words: &Words, rule: &RuleId, right: usize) -> String {
        let Some(rule) = self.setting.state().rules().get(rule) else { return String::new() };
        let sentences = words.rule_sentences(rule, &self.setting.team_labels(words.lang()), None);
        sentences.get(right).map(|sentence| capitalised(sentence)).unwrap_or_default()
    }

    /// Who has signed, and who has still to.
    pub fn signed_text(&self, words: &Words) -> String {
        let (setting, mut text) = (&self.setting, String::new());
        if !self.signatures.is_empty() {
            let each = self.signatures.iter().map(|one| {
                let person = match &one.person {
                    Some(person) => setting.name(words, person),
                    None => words.say("someone-unknown", args![]),
                };
                words.say("rules-signature", args![person, time = setting.time(words, one.time_ms)])
            });
            let signatures = each.collect::<Vec<_>>().join(", ");
            text += &(words.say("rules-signed-by", args![signatures]) + "\n");
        }
        if !self.unsigned.is_empty() {
            let labels: Vec<_> =
                self.unsigned.iter().map(|party| setting.label(party, words.lang())).collect();
            let agree = if labels.len() == 1 { "singular" } else { "plural" };
            let signers = words.list(&labels);
            text += &(words.say("rules-not-yet-in-force", args![signers, agree]) + "\n");
        }
        if !self.in_force {
            text += &(words.say("rules-proposed-note", args![]) + "\n");
        }
        text
    }

    fn holders(&self, words: &Words, people: &[PersonRef]) -> String {
        match people.is_empty() {
            true => words.say("rules-nobody", args![]),
            false => {
                people.iter().map(|person| self.setting.name(words, person)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// What a rule lets people do, in the order of its sentences.
fn right_lines(setting: &Setting, members: &[Member], rule: &Rule) -> Vec<RightLine> {
    let line = |right: &'static str, roles: Vec<&RolePattern>| {
        (!roles.is_empty()).then(|| RightLine { right, people: holders(setting, members, &roles) })
    };
    let rights = [
        ("read", Right::Read),
        ("propose", Right::Propose),
        ("edit", Right::Edit),
        ("endorse", Right::Endorse),
    ];
    let rights = rights.map(|(name, right)| line(name, rule.roles(right).iter().collect()));
    let chain = rule.chain.as_ref();
    let stages = chain.map(|chain| chain.stages.iter().map(|stage| &stage.role).collect());
    let agreements = [
        line("approve", stages.unwrap_or_default()),
        line("escalate", chain.and_then(|chain| chain.over_budget.as_ref()).into_iter().collect()),
        line("sign", rule.sign.iter().flat_map(|sign| &sign.all_of).collect()),
    ];
    rights.into_iter().chain(agreements).flatten().collect()
}

/// Everybody present who holds one of `roles`, in whatever section.
fn holders(setting: &Setting, members: &[Member], roles: &[&RolePattern]) -> Vec<PersonRef> {
    let holds = |member: &&Member| {
        roles.iter().any(|pattern| match pattern {
            RolePattern::Party(party, role) => member.party == *party && member.roles.contains(role),
            pattern => pattern.role().is_some_and(|role| member.roles.contains(role)),
        })
    };
    let people: BTreeSet<_> =
        members.iter().filter(holds).map(|member| setting.person(member.person)).collect();
    people.into_iter().collect()
}

/// When the rules came into force.
fn in_force_since(replica: &Replica) -> Option<u64> {
    let charter = replica.charter()?;
    let origins = replica.replicated(replica.charter_id().ok()?).ok()?.origins();
    let first = (0..charter.document().len()).find(|seq| {
        let position = charter.document().hash_at(*seq).map(|hash| Position { seq: *seq, hash });
        charter.line().state_at(position).in_force
    })?;
    origins.at(first).map(|origin| origin.time_ms)
}

/// Who has signed the rules as they are now.
fn signatures(replica: &Replica, setting: &Setting) -> Result<Vec<SignatureLine>, CommandError> {
    let charter = replica.charter_ahead().ok_or(CommandError::NoPartnership)?;
    let charter_id = replica.charter_id()?;
    let section = charter.document().sections().get(&SectionId::new("rules"));
    let signed = section.and_then(|section| section.known()).map(|known| &known.signatures);
    let line = |(signer, signature): (&SignerId, &Signature)| {
        let party = PartyId::new(signer.as_str());
        let (device, time_ms) = replica.origin(charter_id, &signature.statement)?;
        Some(SignatureLine { party, person: setting.person_of(&device), time_ms })
    };
    let mut lines: Vec<_> = signed.into_iter().flatten().filter_map(line).collect();
    lines.sort_by_key(|line| line.time_ms);
    Ok(lines)
}
