//! Own statements that were refused: kept here, with the reason and what to do.

use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::rules::BoundRole;
use entente_shared::statement::Act;
use serde::Serialize;

use super::ids::Ids;
use super::local::bar_text;
use super::proposal::section_name;
use super::setting::{PersonRef, Setting};
use crate::args;
use crate::replica::{Outgoing, OutgoingState, Replica};
use crate::words::{RefusedAbout, Words};

/// A statement that the relay refused.
#[derive(Clone, Serialize)]
pub struct RefusedLine {
    /// Its short name.
    pub id: String,
    /// The statement.
    pub statement: StatementId,
    /// The document.
    pub document: DocumentId,
    /// The document's kind, if the document is here.
    pub kind: Option<KindId>,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// When it was written (milliseconds since 1970).
    pub written_ms: u64,
    /// Why it was refused.
    pub refusal: Refusal,
    /// Who could do it.
    pub people: Vec<PersonRef>,
    /// What it is: `approval`, `no`, `withdrawal`, `signature`, `document`, `invitation`, or `change`.
    pub act: &'static str,
    #[serde(skip)]
    setting: Setting,
}

impl RefusedLine {
    /// All refused statements of this device, oldest first.
    pub fn all(replica: &Replica, setting: &Setting, ids: &Ids) -> Vec<Self> {
        replica.outgoing().filter_map(|outgoing| Self::of(replica, setting, ids, outgoing)).collect()
    }

    /// One of them; `None` if it was not refused.
    pub fn of(replica: &Replica, setting: &Setting, ids: &Ids, outgoing: &Outgoing) -> Option<Self> {
        let OutgoingState::Refused(refusal) = &outgoing.state else { return None };
        let header = &outgoing.statement.header;
        let mut sections: Vec<_> = header.parts.iter().map(|part| part.section.clone()).collect();
        sections.extend(sections_of(replica, header.document, &header.act));
        sections.dedup();
        Some(Self {
            id: ids.short(&outgoing.statement.id),
            statement: outgoing.statement.id,
            document: header.document,
            kind: replica.document(header.document).ok().map(|document| document.kind().id.clone()),
            sections,
            written_ms: header.clock_ms,
            refusal: refusal.clone(),
            people: setting.holders(who(refusal)),
            act: act_of(&header.act),
            setting: setting.clone(),
        })
    }

    /// What it is about, as people call it.
    pub fn place_text(&self, words: &Words) -> String {
        let kind = self.kind.as_ref().and_then(entente_shared::kinds::newest);
        let sections = self.sections.iter();
        let names = sections.map(|section| section_name(kind, section, &self.setting, words));
        words.list(&names.collect::<Vec<_>>())
    }

    /// Says what of the reader's did not go through, and why.
    pub fn text(&self, words: &Words) -> String {
        let (place, reason) = (self.place_text(words), self.reason_text(words));
        match self.act {
            "approval" => words.say("why-kept-approval", args![place, reason]),
            "no" => words.say("why-kept-no", args![place, reason]),
            "withdrawal" => words.say("why-kept-withdrawal", args![place, reason]),
            "signature" => words.say("why-kept-signature", args![place, reason]),
            "document" => words.say("why-kept-document", args![reason]),
            "invitation" => words.say("why-kept-invitation", args![reason]),
            _ => words.say("why-kept", args![place, reason]),
        }
    }

    /// Why it was refused, and what to do or whom to ask.
    pub fn reason_text(&self, words: &Words) -> String {
        if let Refusal::NotLocal { party, who, bar } = &self.refusal {
            return bar_text(words, &self.setting, party, who, bar);
        }
        let people: Vec<_> = self.people.iter().map(|one| self.setting.name(words, one)).collect();
        let (place, ask) = (self.place_text(words), self.setting.ask(words));
        words.refusal(&self.refusal, RefusedAbout { place: &place, people: &people, ask: &ask })
    }
}

/// The sections that an act speaks of without changing them.
fn sections_of(replica: &Replica, document: DocumentId, act: &Act) -> Vec<SectionId> {
    match act {
        Act::Create { sections, .. } => sections.clone(),
        Act::Endorse { target, .. } | Act::Decline { target, .. } | Act::Withdraw { target } => {
            let origin = replica.replicated(document).ok().and_then(|one| one.origins().get(target));
            origin.map(|origin| origin.sections.clone()).unwrap_or_default()
        }
        Act::Sign { items } => items.iter().map(|item| item.section.clone()).collect(),
        _ => Vec::new(),
    }
}

fn act_of(act: &Act) -> &'static str {
    match act {
        Act::Endorse { .. } => "approval",
        Act::Decline { .. } => "no",
        Act::Withdraw { .. } => "withdrawal",
        Act::Sign { .. } => "signature",
        Act::Create { .. } => "document",
        Act::Invite { .. } => "invitation",
        _ => "change",
    }
}

fn who(refusal: &Refusal) -> &[BoundRole] {
    match refusal {
        Refusal::NotAllowed { who, .. } => who,
        _ => &[],
    }
}
