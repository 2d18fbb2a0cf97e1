//! The rule behind a verdict, as a sentence about the section at hand.

use entente_shared::ids::{KindId, RuleId, SectionId};
use entente_shared::rules::Right;

use super::Setting;
use crate::args;
use crate::words::{About, Words};

/// Says the rule that a verdict names, for one section.
pub(super) fn rule_text(
    words: &Words,
    setting: &Setting,
    rule: &RuleId,
    kind: &KindId,
    section: Option<&SectionId>,
) -> String {
    let teams = setting.team_labels(words.lang());
    let Some(found) = setting.state().rules().get(rule) else {
        return match rule.as_str() {
            "not-in-force" => words.say("rules-proposed-note", args![]),
            "no-rule" => {
                let leads = setting.state().present_parties().into_iter();
                let leads = leads.flat_map(|party| setting.state().leads(&party));
                let names: Vec<_> = leads.map(|lead| setting.name(words, &setting.person(lead))).collect();
                words.say("why-no-rule", args![who = words.list_or(&names)])
            }
            built_in => {
                let id = format!("why-itself-{built_in}");
                let id = if words.has(&id) { id.as_str() } else { "why-rule-itself" };
                words.say(id, args![])
            }
        };
    };
    let about = section.map(|section| About { kind, section, person: None });
    let sentence = match about {
        Some(about) if found.hold.is_none() && found.band.is_none() && !found.edit.is_empty() => {
            words.rule_sentence(found, Right::Edit, &teams, about)
        }
        about => words.rule_sentences(found, &teams, about).pop().unwrap_or_default(),
    };
    words.say("why-rule", args![rule = words.rule_name(found), sentence])
}
