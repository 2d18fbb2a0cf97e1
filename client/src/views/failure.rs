//! Why a command could not be carried out, and what to do or whom to ask.

use entente_shared::document::Divergence;
use entente_shared::ids::SectionId;
use entente_shared::judge::{Need, Refusal};

use super::local::bar_text;
use super::place::Naming;
use super::setting::Setting;
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::{RefusedAbout, Words};

/// Says why a command could not be carried out.
pub fn command_text(replica: &Replica, words: &Words, error: &CommandError, now_ms: u64) -> String {
    match error {
        CommandError::Refused(refusal) => refusal_text(replica, words, refusal, now_ms),
        CommandError::NoPartnership => words.say("status-never-synced", args![]),
        CommandError::NotEnrolled => {
            let ask = words.say("someone-unknown", args![]);
            words.say("refused-unknown-device", args![ask])
        }
        CommandError::Charter(problem) => {
            words.say("refused-charter", args![problem = words.detail(problem)])
        }
        CommandError::BeingChecked => words.say("refused-being-checked", args![]),
        CommandError::NotOpen => words.say("refused-not-open", args![]),
        CommandError::Stopped(Divergence::Poison) => words.say("doc-set-aside", args![]),
        CommandError::Stopped(divergence) => {
            words.say("doc-not-followed", args![problem = words.divergence(divergence)])
        }
        CommandError::UnknownSection(section) => {
            words.say("edit-problem-section", args![section = section.as_str()])
        }
        CommandError::Edit(error) => words.edit_problem(error),
        CommandError::TooNew => words.say("refused-newer", args![]),
        CommandError::UnknownDocument => words.say("document-missing", args![]),
    }
}

/// Says why a statement was not taken.
pub fn refusal_text(replica: &Replica, words: &Words, refusal: &Refusal, now_ms: u64) -> String {
    let Ok(setting) = Setting::of(replica, now_ms) else { return refusal.to_string() };
    if let Refusal::NotLocal { party, who, bar } = refusal {
        return bar_text(words, &setting, party, who, bar);
    }
    let people = match refusal {
        Refusal::NotAllowed { who, .. } => {
            let people = who.iter().flat_map(|role| setting.state().holders(role));
            let mut names: Vec<String> = Vec::new();
            for person in people.filter(|person| !setting.is_me(person)) {
                let name = setting.name(words, &setting.person(person));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if names.is_empty() {
                let need = Need::of_roles(SectionId::new("section"), "rule".into(), who.clone());
                names.push(setting.roles(words, &need.who));
            }
            names
        }
        _ => Vec::new(),
    };
    let place = match refusal {
        Refusal::Gate { section, .. } | Refusal::Stale { section } => {
            section_title(replica, &setting, words, section)
        }
        _ => words.say("place-charter", args![]),
    };
    let ask = setting.ask(words);
    words.refusal(refusal, RefusedAbout { place: &place, people: &people, ask: &ask })
}

/// A section by its title in the first document that has it.
fn section_title(replica: &Replica, setting: &Setting, words: &Words, section: &SectionId) -> String {
    let found = replica.documents().values().find(|one| one.working().contains_key(section));
    found.map_or_else(
        || section.to_string(),
        |one| Naming::new(setting, one).section_title(section, words.lang()),
    )
}
