//! Who wrote how much, and who decides what.

use std::collections::BTreeSet;

use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::reports::authorship::Authorship;
use entente_shared::reports::deciding::{Deciding, Stage};
use entente_shared::reports::{History, author};
use entente_shared::rules::BoundRole;
use serde::Serialize;

use super::Report;
use crate::args;
use crate::replica::Replicated;
use crate::views::gaps::GapRef;
use crate::views::place::in_order;
use crate::views::proposal::section_name;
use crate::views::setting::Setting;
use crate::views::table::Table;
use crate::words::{Words, capitalised};

/// Who wrote how much of a section.
#[derive(Clone, Debug, Serialize)]
pub struct SectionAuthors {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// Who wrote how much.
    #[serde(flatten)]
    pub authorship: Authorship,
    /// The one team that wrote everything, if one did.
    pub only: Option<PartyId>,
}

/// Counts every section of a document in which somebody wrote, conversations aside.
pub(super) fn authors(setting: &Setting, replicated: &Replicated) -> Vec<SectionAuthors> {
    let state = replicated.ledger().document();
    let mut effective = replicated.effective();
    let sections = in_order(state.kind(), state.sections().keys().cloned()).into_iter().map(|(id, _)| id);
    let counted = sections.filter(|section| section.as_str() != "talk").filter_map(|section| {
        let content = effective.remove(&section)?;
        let party = |actor: &ActorKey| author(setting.state(), &replicated.origins().device_of(actor)?).1;
        let authorship = Authorship::of(content, party);
        let only = authorship.only().cloned();
        (!authorship.parties.is_empty()).then(|| SectionAuthors {
            document: state.id(),
            section,
            authorship,
            only,
        })
    });
    counted.collect()
}

/// Reads the rules on every section of the documents that are here, each kind once.
pub(super) fn deciding(setting: &Setting, documents: &[History<'_>]) -> Vec<Deciding> {
    let all = documents.iter().flat_map(|one| {
        let kind = one.document.kind().id.clone();
        one.document.sections().keys().map(move |section| (kind.clone(), section.clone()))
    });
    let all: BTreeSet<(KindId, SectionId)> = all.filter(|(_, section)| section.as_str() != "talk").collect();
    let mut sections = Vec::new();
    for kind in all.iter().map(|(kind, _)| kind.clone()).collect::<BTreeSet<_>>() {
        let own = all.iter().filter(|(of, _)| *of == kind).map(|(_, section)| section.clone());
        match kinds::newest(&kind) {
            Some(known) => {
                sections.extend(in_order(known, own).into_iter().map(|(id, _)| (kind.clone(), id)))
            }
            None => sections.extend(own.map(|id| (kind.clone(), id))),
        }
    }
    Deciding::all(setting.state(), &sections)
}

impl Report {
    pub(super) fn authors_text(&self, words: &Words) -> String {
        if self.authors.is_empty() {
            return String::new();
        }
        let mut text = words.say("report-authors", args![]) + "\n";
        let columns = self.setting.columns();
        let mut table = Table::default();
        let heads = columns.iter().map(|party| self.team(words, party));
        table.row([String::new()].into_iter().chain(heads));
        for one in &self.authors {
            let share = |party: &PartyId| {
                let permille = one.authorship.permille(party).unwrap_or(0);
                let percent = (permille + 5) / 10;
                words.say("report-percent", args![percent])
            };
            let shares = columns.iter().map(share);
            let only = one.only.as_ref().filter(|_| columns.len() > 1);
            let note =
                only.map(|party| words.say("report-one-sided", args![party = self.team(words, party)]));
            let place = self.place(words, &one.document, &one.section);
            table.row([place].into_iter().chain(shares).chain(note));
        }
        text += &table.text("  ");
        text + &format!("  {}\n", words.say("report-authors-note", args![]))
    }

    pub(super) fn deciders_text(&self, words: &Words) -> String {
        if self.deciding.is_empty() {
            return String::new();
        }
        let mut text = words.say("report-deciders", args![]) + "\n";
        for one in &self.deciding {
            let name = section_name(kinds::newest(&one.kind), &one.section, &self.setting, words);
            let first = capitalised(&words.kind(one.kind.as_str()));
            text += &format!("  {}\n", words.say("place-pair", args![first, last = name]));
            let roles = |roles: &[BoundRole]| self.setting.roles(words, roles);
            let mut line = |id: &str, people: String| {
                if !people.is_empty() {
                    text += &format!("    {}\n", words.say(id, args![people]));
                }
            };
            line("report-writes", roles(&one.writes));
            line("report-decides", roles(&one.decides));
            let stages: Vec<_> = one.approves.iter().map(|stage| self.stage_of(words, stage)).collect();
            line("report-approves", stages.join(" → "));
            line("report-signs", roles(&one.signs));
            line("report-unheld", roles(&one.unheld));
        }
        for gap in self.gaps.iter().filter(|gap| gap.is_of_a_topic()) {
            text += &format!("  {}\n", gap.text(words, &self.setting));
        }
        let others: Vec<GapRef> = self.gaps.iter().filter(|gap| !gap.is_of_a_topic()).cloned().collect();
        let lines = GapRef::summary(&others, words, &self.setting);
        text + &lines.lines().map(|line| format!("  {line}\n")).collect::<String>()
    }

    /// `Moscow's lead (5 rounds)`.
    fn stage_of(&self, words: &Words, stage: &Stage) -> String {
        let people = self.setting.roles(words, &stage.who);
        match stage.rounds {
            Some(count) => {
                let rounds = words.say("report-rounds", args![count]);
                words.say("person-presence", args![person = people, presence = rounds])
            }
            None => people,
        }
    }
}
