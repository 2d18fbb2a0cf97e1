//! From what people type to documents, people and places; and what every command says at its end.

use std::collections::BTreeMap;

use automerge::AutoCommit;
use entente_shared::charter::CharterState;
use entente_shared::ids::{DocumentId, PartyId, PersonId, SectionId};
use entente_shared::judge::{Need, Refusal};
use entente_shared::rules::Member;

use super::outcome;
use super::{Failed, Session};
use crate::args;
use crate::replica::{CommandError, EditOutcome, Now, Replica};
use crate::views::Deciding;
use crate::words::{RefusedAbout, near};

impl<'a> Session<'a> {
    /// What the ground rules say.
    pub fn state(&self) -> Result<&CharterState, Failed> {
        self.shell.replica().state().map_err(|error| outcome::command_failed(self.words, &error))
    }

    /// The person whose device this is.
    pub fn me(&self) -> Result<Member, Failed> {
        self.shell.replica().me().map_err(|error| outcome::command_failed(self.words, &error))
    }

    /// Gives the replica a command.
    pub fn act<T>(
        &mut self,
        act: impl FnOnce(&mut Replica, &mut Now<'_>) -> Result<T, CommandError>,
    ) -> Result<T, Failed> {
        let done = self.shell.act(act).map_err(|error| outcome::shell_failed(self.words, &error))?;
        done.map_err(|error| self.command_failed(&error))
    }

    /// Says why a command could not be carried out.
    pub fn command_failed(&self, error: &CommandError) -> Failed {
        match error {
            CommandError::Refused(refusal) => match self.refusal_text(refusal) {
                Ok(text) => self.refuse(text),
                Err(failed) => failed,
            },
            error => outcome::command_failed(self.words, error),
        }
    }

    /// Says why a statement was not taken.
    pub fn refusal_text(&self, refusal: &Refusal) -> Result<String, Failed> {
        if matches!(refusal, Refusal::NotLocal { .. }) {
            let (replica, now_ms) = (self.shell.replica(), self.shell.now_ms());
            return Ok(crate::views::refusal_text(replica, self.words, refusal, now_ms));
        }
        let (words, setting) = (self.words, self.setting()?);
        let people: Vec<_> = match refusal {
            Refusal::NotAllowed { who, .. } => {
                setting.holders(who).iter().map(|person| setting.name(words, person)).collect()
            }
            _ => Vec::new(),
        };
        let place = match refusal {
            Refusal::Gate { section, .. } | Refusal::Stale { section } => section.to_string(),
            _ => self.words.say("place-charter", args![]),
        };
        let ask = setting.ask(words);
        Ok(self.words.refusal(refusal, RefusedAbout { place: &place, people: &people, ask: &ask }))
    }

    /// What is not on the relay yet; nothing if everything is.
    pub fn pending(&self) -> String {
        let (changes, suggestions) = self.shell.replica().not_on_relay();
        let mut counts = Vec::new();
        if changes > 0 {
            counts.push(self.words.say("count-changes", args![count = changes]));
        }
        if suggestions > 0 {
            counts.push(self.words.say("count-suggestions", args![count = suggestions]));
        }
        match counts.is_empty() {
            true => String::new(),
            false => self.words.say("pending", args![what = counts.join(", ")]),
        }
    }

    /// What people read after an edit of one section, and the exit code.
    pub fn edited(
        &self,
        document: DocumentId,
        section: &SectionId,
        outcome: &EditOutcome,
    ) -> Result<super::Done, Failed> {
        let words = self.words;
        let (text, code) = match outcome {
            EditOutcome::Nothing => return Ok(super::Done::text(words.say("doc-unchanged", args![]))),
            EditOutcome::Saved => (words.say("saved-here", args![]), outcome::OK),
            EditOutcome::Suggested { needs, .. } => {
                (self.suggested(document, section, needs)?, outcome::WAITS)
            }
        };
        Ok(super::Done::text(format!("{text} {}", self.pending()).trim_end()).code(code))
    }

    fn suggested(&self, document: DocumentId, section: &SectionId, needs: &[Need]) -> Result<String, Failed> {
        let (words, setting) = (self.words, self.setting()?);
        let Deciding { deciders, agree } = setting.who_decides(words, needs);
        let kind = self.shell.replica().document(document).map(|document| document.kind().id.to_string());
        let first = self.shell.replica().not_on_relay().1 <= 1;
        Ok(match (kind.as_deref(), section.split()) {
            (Ok("matrix"), ("party", Some(party))) if first => {
                let party = setting.label(&party.into(), words.lang());
                words.say("suggestion-saved-column", args![party, deciders, agree])
            }
            _ => words.say("suggestion-saved-for", args![deciders]),
        })
    }

    /// Finds a document by its title, its kind or the begin of its id.
    pub fn document(&self, typed: &str) -> Result<DocumentId, Failed> {
        let replica = self.shell.replica();
        let wanted = plain(typed);
        let mut known: Vec<(DocumentId, String)> = Vec::new();
        for id in replica.documents().keys() {
            let title = replica.document(*id).map(|document| document.title().to_owned());
            known.push((*id, title.unwrap_or_default()));
        }
        known.extend(replica.newer().iter().map(|(id, newer)| (*id, newer.title().to_owned())));
        let attested = replica.attested().iter().filter(|(id, _)| !replica.documents().contains_key(id));
        known.extend(attested.map(|(id, shown)| (*id, shown.attested().title.clone())));
        if let Ok(charter) = replica.charter_id()
            && (wanted == "rules" || wanted == "charter" || wanted == plain(&self.words.kind("charter")))
        {
            return Ok(charter);
        }
        let by_title: Vec<_> = known.iter().filter(|(_, title)| plain(title) == wanted).collect();
        let by_id = |id: &DocumentId| wanted.len() >= 4 && id.to_hex().starts_with(&wanted);
        let by_kind = |id: &DocumentId| {
            let shown = replica.attested().get(id).map(|shown| &shown.attested().kind.id);
            let kind = shown.or_else(|| replica.document(*id).ok().map(|document| &document.kind().id));
            kind.is_some_and(|kind| plain(kind.as_str()) == wanted)
        };
        let found: Vec<_> = match by_title.is_empty() {
            false => by_title,
            true => known.iter().filter(|(id, _)| by_id(id) || by_kind(id)).collect(),
        };
        match found.as_slice() {
            [(id, _)] => Ok(*id),
            [] => {
                let titles = near(typed, known.iter().map(|(_, title)| title.as_str()));
                let titles: Vec<String> = titles.into_iter().map(str::to_owned).collect();
                let problem = self.words.say("unknown-document", args![name = typed]);
                Err(Failed::usage(self.words, &problem, &titles))
            }
            several => {
                let ids: Vec<_> =
                    several.iter().map(|(id, title)| format!("{} ({title})", &id.to_hex()[..12])).collect();
                let candidates = self.words.list(&ids);
                let problem = self.words.say("ambiguous-name", args![name = typed, candidates]);
                Err(Failed::usage(self.words, &problem, &[]))
            }
        }
    }

    /// Finds a team by its id, name or city.
    pub fn party(&self, typed: &str) -> Result<PartyId, Failed> {
        let subjects = self.setting()?.subjects();
        let fits = |(id, names): &(&String, &Vec<String>)| {
            plain(id) == plain(typed) || names.iter().any(|name| plain(name) == plain(typed))
        };
        if let Some((id, _)) = subjects.iter().find(fits) {
            return Ok(PartyId::new(id.clone()));
        }
        let near = near(typed, subjects.keys().map(String::as_str));
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        Err(Failed::usage(self.words, &self.words.say("unknown-party", args![name = typed]), &near))
    }

    /// Finds a person by name, or by the begin of it if only one fits.
    pub fn person(&self, typed: &str) -> Result<PersonId, Failed> {
        let people = &self.state()?.contents.people;
        let wanted = plain(typed);
        let exact: Vec<_> = people.iter().filter(|(_, row)| plain(&row.name) == wanted).collect();
        let part = |name: &str| name.split_whitespace().any(|part| plain(part) == wanted);
        let found: Vec<_> = match exact.is_empty() {
            false => exact,
            true => people.iter().filter(|(_, row)| part(&row.name)).collect(),
        };
        match found.as_slice() {
            [(person, _)] => Ok(**person),
            [] => {
                let names = near(typed, people.values().map(|row| row.name.as_str()));
                let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
                let problem = self.words.say("unknown-person", args![name = typed]);
                Err(Failed::usage(self.words, &problem, &names))
            }
            several => {
                let names: Vec<_> = several.iter().map(|(_, row)| row.name.clone()).collect();
                let candidates = self.words.list(&names);
                let problem = self.words.say("ambiguous-name", args![name = typed, candidates]);
                Err(Failed::usage(self.words, &problem, &[]))
            }
        }
    }

    /// The working content of a document, as views and the resolver read it.
    pub fn content(&self, document: DocumentId) -> Result<BTreeMap<SectionId, &AutoCommit>, Failed> {
        let working = self.shell.replica().working(document);
        let working = working.map_err(|error| self.command_failed(&error))?;
        Ok(working.into_iter().map(|(name, section)| (name, section.doc())).collect())
    }
}

/// Only letters and digits, in lower case.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
