//! The record of a document in sentences: who did what, when, and what became of it.

use entente_shared::document::Closure;
use entente_shared::ids::*;
use entente_shared::kinds::{self, Kind, Slot};
use entente_shared::statement::{Act, Capacity, DeclineOutcome, RevokeTarget};
use serde::Serialize;

use super::documents::document_title;
use super::ids::Ids;
use super::place::{Naming, PlaceRef};
use super::proposal::section_name;
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Origin, Replica, Replicated};
use crate::words::Words;

/// The record of one document, oldest entry first.
#[derive(Clone, Serialize)]
pub struct DocLog {
    /// The document.
    pub document: DocumentId,
    /// Its title; of the ground rules that of the partnership.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// The entries.
    pub entries: Vec<LogLine>,
    #[serde(skip)]
    setting: Setting,
}

/// One entry.
#[derive(Clone, Serialize)]
pub struct LogLine {
    /// Its number.
    pub seq: u64,
    /// The statement's short name.
    pub id: String,
    /// The statement.
    pub statement: StatementId,
    /// When the relay received it (milliseconds since 1970).
    pub time_ms: u64,
    /// When it was written, by the author's clock (milliseconds since 1970).
    pub written_ms: u64,
    /// Who; absent for a key that is no person's.
    pub person: Option<PersonRef>,
    /// What: `found`, `create`, `invite`, `enrol`, `revoke`, `edit`, `endorse`, `override`,
    /// `endorse-locally`, `ratify`, `decline`, `return`, `object`, `withdraw`, `sign`, `ask`.
    pub act: &'static str,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// The places that it would change, if it waited.
    pub places: Vec<PlaceRef>,
    /// The short name of the suggestion that it decides.
    pub target: Option<String>,
    /// The person that it is about.
    pub about: Option<PersonRef>,
    /// Its message or reason.
    pub text: Option<String>,
    /// Whether it waited at first.
    pub held: bool,
    /// The rule that the verdict names.
    pub rule: RuleId,
    /// For what waited: `waiting`, `approved`, `declined`, `returned`, `objected`, `withdrawn`,
    /// `orphaned`.
    pub outcome: Option<&'static str>,
    #[serde(skip)]
    closure: Option<Closure>,
}

impl DocLog {
    /// Reads the record of a document, or of the ground rules.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let ids = Ids::of(replica);
        let replicated = replica.replicated(document)?;
        let naming = Naming::new(&setting, replicated);
        let line = |origin| LogLine::of(&setting, &ids, &naming, replicated, origin);
        let entries = replicated.origins().iter().map(line).collect();
        let title = replicated.ledger().document().title().to_owned();
        let kind = replicated.ledger().document().kind().id.clone();
        Ok(Self { document, title, kind, entries, setting: setting.clone() })
    }

    /// The record for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = document_title(words, Some(&self.kind), &self.title) + "\n";
        if self.entries.is_empty() {
            return text + &words.say("doc-log-empty", args![]) + "\n";
        }
        let kind = kinds::newest(&self.kind);
        let mut table = Table::default();
        for line in &self.entries {
            let person = match &line.person {
                Some(person) => self.setting.name(words, person),
                None => words.say("someone-unknown", args![]),
            };
            let when = self.setting.time(words, line.time_ms);
            table.row([line.seq.to_string(), when, person, line.what(words, &self.setting, kind)]);
        }
        text += &table.text("  ");
        text
    }
}

impl DocLog {
    /// What one of the entries says, without who and when; nothing if there is no such entry.
    pub fn line_text(&self, words: &Words, line: usize) -> String {
        let kind = kinds::newest(&self.kind);
        self.entries.get(line).map(|line| line.what(words, &self.setting, kind)).unwrap_or_default()
    }
}

impl LogLine {
    fn of(
        setting: &Setting,
        ids: &Ids,
        naming: &Naming<'_>,
        replicated: &Replicated,
        origin: &Origin,
    ) -> Self {
        let document = replicated.ledger().document();
        let closure = document.closures().get(&origin.statement).cloned();
        let (act, target, about) = act_of(setting, &origin.act);
        let mut sections = origin.sections.clone();
        if let Act::Sign { items } = &origin.act {
            sections.extend(items.iter().map(|item| item.section.clone()));
        }
        Self {
            seq: origin.seq,
            id: ids.short(&origin.statement),
            statement: origin.statement,
            time_ms: origin.time_ms,
            written_ms: origin.clock_ms,
            person: setting.person_of(&origin.device),
            act,
            sections,
            places: places(naming, origin),
            target: target.map(|target| ids.short(&target)),
            about,
            text: origin.text.clone(),
            held: origin.held,
            rule: origin.rule.clone(),
            outcome: origin.held.then(|| outcome_name(closure.as_ref())),
            closure,
        }
    }

    /// What happened, in words.
    fn what(&self, words: &Words, setting: &Setting, kind: Option<&'static Kind>) -> String {
        let sections = self.sections.iter().map(|section| section_name(kind, section, setting, words));
        let place =
            places_text(words, &self.places).unwrap_or_else(|| words.list(&sections.collect::<Vec<_>>()));
        let id = self.target.clone().unwrap_or_default();
        let about = || self.about.as_ref().map(|about| setting.name(words, about)).unwrap_or_default();
        let what = match self.act {
            "found" => words.say("doc-log-founded", args![]),
            "create" => words.say("doc-log-created", args![]),
            "invite" => words.say("doc-log-invited", args![person = about()]),
            "enrol" => words.say("doc-log-enrolled", args![]),
            "revoke" => words.say("doc-log-revoked", args![person = about()]),
            "endorse" => words.say("doc-log-endorsed", args![id]),
            "override" => {
                let reason = self.text.as_deref().unwrap_or_default();
                words.say("doc-log-overrode", args![id, reason])
            }
            "endorse-locally" => words.say("doc-log-endorsed-locally", args![id]),
            "ratify" => words.say("doc-log-ratified", args![id]),
            "object" => {
                let reason = self.text.as_deref().unwrap_or_default();
                words.say("doc-log-objected", args![id, reason])
            }
            "decline" | "return" => match &self.text {
                Some(reason) => words.say("doc-log-declined", args![id, reason = reason.as_str()]),
                None => words.say("doc-log-declined-silently", args![id]),
            },
            "withdraw" => words.say("doc-log-withdrew", args![id]),
            "sign" => words.say("doc-log-signed", args![place]),
            "ask" => words.say("doc-log-asked", args![place]),
            _ if self.held => words.say("doc-log-held", args![place]),
            _ => words.say("doc-log-admitted", args![place]),
        };
        let outcome = match (&self.closure, self.held) {
            (Some(closure), _) => words.closure(closure),
            (None, true) => words.say("held-outcome-waiting", args![]),
            (None, false) => return what,
        };
        format!("{what} ({}: {outcome})", self.id)
    }
}

/// The places that a statement would have changed when it waited.
pub(super) fn places(naming: &Naming<'_>, origin: &Origin) -> Vec<PlaceRef> {
    let mut places: Vec<PlaceRef> = Vec::new();
    let is_read = |slot| !matches!(slot, Some(Slot::Order | Slot::Source(_) | Slot::TranslatedFrom(_)));
    let touched = origin.touched.iter();
    for (section, path) in touched.filter(|(section, path)| is_read(naming.kind().slot(section, path))) {
        let place = naming.place(section, path);
        if !places.iter().any(|other| other.label == place.label) {
            places.push(place);
        }
    }
    places
}

/// Names the first place and how many more there are; `None` without any.
pub(super) fn places_text(words: &Words, places: &[PlaceRef]) -> Option<String> {
    let (first, others) = places.split_first()?;
    let first = first.label.get(words.lang()).to_owned();
    if others.is_empty() {
        return Some(first);
    }
    Some(format!("{first} {}", words.say("more-of-list", args![count = others.len()])))
}

/// What became of something that waited.
pub(super) fn outcome_name(closure: Option<&Closure>) -> &'static str {
    match closure {
        None => "waiting",
        Some(Closure::Effective { .. }) => "approved",
        Some(Closure::Declined { outcome: DeclineOutcome::Returned, .. }) => "returned",
        Some(Closure::Declined { outcome: DeclineOutcome::Objected, .. }) => "objected",
        Some(Closure::Declined { .. }) => "declined",
        Some(Closure::Withdrawn { .. }) => "withdrawn",
        Some(Closure::Orphaned { .. }) => "orphaned",
    }
}

/// What an act is called, the statement that it decides and the person that it is about.
pub(super) fn act_of(setting: &Setting, act: &Act) -> (&'static str, Option<StatementId>, Option<PersonRef>) {
    match act {
        Act::Found { .. } => ("found", None, None),
        Act::Create { .. } => ("create", None, None),
        Act::Invite { person, .. } => ("invite", None, Some(setting.person(*person))),
        Act::Enrol { .. } => ("enrol", None, None),
        Act::Revoke { target } => {
            let about = match target {
                RevokeTarget::Person { person } => Some(setting.person(*person)),
                RevokeTarget::Device { device, .. } => setting.person_of(device),
                RevokeTarget::Invite { invite } => {
                    let invitation = setting.state().members.invitations.get(invite);
                    invitation.map(|invitation| setting.person(invitation.person))
                }
            };
            ("revoke", None, about)
        }
        Act::Edit { .. } => ("edit", None, None),
        Act::Endorse { target, capacity: Capacity::Override, .. } => ("override", Some(*target), None),
        Act::Endorse { target, capacity: Capacity::Local, .. } => ("endorse-locally", Some(*target), None),
        Act::Endorse { target, capacity: Capacity::Ratify, .. } => ("ratify", Some(*target), None),
        Act::Endorse { target, .. } => ("endorse", Some(*target), None),
        Act::Decline { target, outcome: DeclineOutcome::Returned } => ("return", Some(*target), None),
        Act::Decline { target, outcome: DeclineOutcome::Objected } => ("object", Some(*target), None),
        Act::Decline { target, .. } => ("decline", Some(*target), None),
        Act::Withdraw { target } => ("withdraw", Some(*target), None),
        Act::Sign { .. } => ("sign", None, None),
        Act::Ask { .. } => ("ask", None, None),
    }
}
