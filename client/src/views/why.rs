//! Why a statement is where it is: who wrote it when, in which role, which rule decided, and who
//! can decide now.

use entente_shared::document::Closure;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::statement::{Act, Capacity};
use serde::Serialize;

use super::changes::ChangeLine;
use super::ids::Ids;
use super::local::LocalLine;
use super::log::{outcome_name, places, places_text};
use super::place::{Naming, PlaceRef};
use super::proposal::{OFFLINE_MS, Proposal, section_name, written_text};
use super::refused::RefusedLine;
use super::rule::rule_text;
use super::setting::{Decider, PersonRef, Setting};
use crate::args;
use crate::replica::{CommandError, Origin, OutgoingState, Replica};
use crate::words::{RoleForm, Words};

/// The explanation of one statement.
#[derive(Clone, Serialize)]
pub struct Why {
    /// Its short name.
    pub id: String,
    /// The statement.
    pub statement: StatementId,
    /// The document.
    pub document: DocumentId,
    /// The document's kind.
    pub kind: KindId,
    /// The sections that it is about.
    pub sections: Vec<SectionId>,
    /// `unsent`, `refused`, `in-force`, `waiting`, `approved`, `declined`, `returned`, `withdrawn` or
    /// `orphaned`.
    pub state: &'static str,
    /// The places that it would change, if it waited.
    pub places: Vec<PlaceRef>,
    /// What it would change, while it waits.
    pub changes: Vec<ChangeLine>,
    /// Who wrote it.
    pub author: Option<PersonRef>,
    /// When, by the clock of the author's device (milliseconds since 1970).
    pub written_ms: u64,
    /// When the relay received it (milliseconds since 1970); absent if it did not.
    pub received_ms: Option<u64>,
    /// Whether it was written without a connection.
    pub offline: bool,
    /// The author's roles by the ground rules that the author knew when writing.
    pub roles_then: Vec<RoleId>,
    /// The author's roles now.
    pub roles_now: Vec<RoleId>,
    /// The last change of the author's roles since it was written.
    pub role_change: Option<RoleChange>,
    /// The rule that decided; absent before any verdict.
    pub rule: Option<RuleId>,
    /// Who can decide it now.
    pub deciders: Vec<Decider>,
    /// Whether the reader can.
    pub yours: bool,
    /// Who approved it, and when.
    pub endorsed: Vec<Decision>,
    /// Uses of local authority on it.
    pub local: Vec<LocalLine>,
    /// Who closed it without effect, and when.
    pub closed: Option<Decision>,
    /// Why it was refused, if it was.
    pub refused: Option<RefusedLine>,
    #[serde(skip)]
    groups: Vec<Vec<Decider>>,
    #[serde(skip)]
    closure: Option<Closure>,
    #[serde(skip)]
    setting: Setting,
}

/// A change of somebody's roles.
#[derive(Clone, Debug, Serialize)]
pub struct RoleChange {
    /// The roles since.
    pub roles: Vec<RoleId>,
    /// Whether the person left the partnership.
    pub left: bool,
    /// When (relay time, milliseconds since 1970).
    pub time_ms: u64,
    /// Who changed them.
    pub by: Option<PersonRef>,
}

/// Somebody's decision.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// Who.
    pub person: Option<PersonRef>,
    /// When (relay time, milliseconds since 1970).
    pub time_ms: u64,
    /// The reason or message.
    pub text: Option<String>,
    /// Whether it went beyond a band on that person's own responsibility.
    pub overrides: bool,
}

impl Why {
    /// Explains a statement, which [`Ids::find`] found.
    ///
    /// # Errors
    ///
    /// There is no such statement here.
    pub fn of(replica: &Replica, statement: &StatementId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let ids = Ids::of(replica);
        let (document, _) = ids.find(&statement.to_hex()).map_err(|_| CommandError::NotOpen)?;
        let replicated = replica.replicated(document)?;
        match replicated.origins().get(statement) {
            Some(origin) => Self::entered(replica, setting, &ids, document, origin),
            None => Self::outgoing(replica, setting, &ids, document, statement),
        }
    }

    /// A statement that stands in the ledger.
    fn entered(
        replica: &Replica,
        setting: Setting,
        ids: &Ids,
        document: DocumentId,
        origin: &Origin,
    ) -> Result<Self, CommandError> {
        let replicated = replica.replicated(document)?;
        let ledger = replicated.ledger().document();
        let closure = ledger.closures().get(&origin.statement).cloned();
        let proposal = match ledger.open_holds().get(&origin.statement) {
            Some(hold) => Some(Proposal::of(replica, &setting, ids, document, hold)?),
            None => None,
        };
        let decision = |origin: &Origin| Decision {
            person: setting.person_of(&origin.device),
            time_ms: origin.time_ms,
            text: origin.text.clone(),
            overrides: matches!(origin.act, Act::Endorse { capacity: Capacity::Override, .. }),
        };
        let endorses = |one: &&Origin| match &one.act {
            Act::Endorse { target, capacity, .. } => {
                *target == origin.statement && *capacity == Capacity::Decider
            }
            _ => false,
        };
        let closed_by = match &closure {
            Some(Closure::Declined { by, .. } | Closure::Withdrawn { by }) => replicated.origins().get(by),
            _ => None,
        };
        let author = setting.person_of(&origin.device);
        let since =
            author.as_ref().map(|author| role_history(replica, &setting, author.id, origin.seen_charter));
        let (roles_then, roles_now, role_change) = since.unwrap_or_default();
        Ok(Self {
            id: ids.short(&origin.statement),
            statement: origin.statement,
            document,
            kind: ledger.kind().id.clone(),
            sections: origin.sections.clone(),
            places: places(&Naming::new(&setting, replicated), origin),
            state: if origin.held { outcome_name(closure.as_ref()) } else { "in-force" },
            changes: proposal.as_ref().map(|one| one.changes.clone()).unwrap_or_default(),
            author,
            written_ms: origin.clock_ms,
            received_ms: Some(origin.time_ms),
            offline: origin.clock_ms + OFFLINE_MS < origin.time_ms,
            roles_then,
            roles_now,
            role_change,
            rule: Some(origin.rule.clone()),
            yours: proposal.as_ref().is_some_and(|one| one.yours),
            groups: proposal.as_ref().map(Proposal::groups).unwrap_or_default(),
            deciders: proposal.map(|one| one.deciders).unwrap_or_default(),
            endorsed: replicated.origins().iter().filter(endorses).map(decision).collect(),
            local: local_uses(replica, &setting, ids, document, origin.statement)?,
            closed: closed_by.map(decision),
            refused: None,
            closure,
            setting: setting.clone(),
        })
    }

    /// A statement of this device that is not in a ledger.
    fn outgoing(
        replica: &Replica,
        setting: Setting,
        ids: &Ids,
        document: DocumentId,
        statement: &StatementId,
    ) -> Result<Self, CommandError> {
        let outgoing = replica.outgoing().find(|one| one.statement.id == *statement);
        let outgoing = outgoing.ok_or(CommandError::NotOpen)?;
        let header = &outgoing.statement.header;
        let state = replica.document(document)?;
        let proposal = match state.open_holds().get(statement) {
            Some(hold) => Some(Proposal::of(replica, &setting, ids, document, hold)?),
            None => None,
        };
        let author = setting.person_of(&header.device);
        let since =
            author.as_ref().map(|author| role_history(replica, &setting, author.id, header.seen.charter));
        let (roles_then, roles_now, role_change) = since.unwrap_or_default();
        let refused = RefusedLine::of(replica, &setting, ids, outgoing);
        let parts = header.parts.iter().map(|part| part.section.clone());
        Ok(Self {
            id: ids.short(statement),
            statement: *statement,
            document,
            kind: state.kind().id.clone(),
            sections: refused.as_ref().map_or_else(|| parts.collect(), |refused| refused.sections.clone()),
            places: Vec::new(),
            state: if outgoing.state == OutgoingState::Waiting { "unsent" } else { "refused" },
            changes: proposal.as_ref().map(|one| one.changes.clone()).unwrap_or_default(),
            author,
            written_ms: header.clock_ms,
            received_ms: None,
            offline: false,
            roles_then,
            roles_now,
            role_change,
            rule: proposal.as_ref().map(|one| one.rule.clone()),
            yours: false,
            groups: proposal.as_ref().map(Proposal::groups).unwrap_or_default(),
            deciders: proposal.map(|one| one.deciders).unwrap_or_default(),
            endorsed: Vec::new(),
            local: Vec::new(),
            closed: None,
            refused,
            closure: None,
            setting: setting.clone(),
        })
    }

    /// The explanation for people.
    pub fn text(&self, words: &Words) -> String {
        let setting = &self.setting;
        let mut text = self.headline(words) + "\n";
        let mut line = |line: String| text += &format!("  {line}\n");
        if let Some(reason) = self.closed.as_ref().and_then(|closed| closed.text.as_deref()) {
            line(words.say("held-show-message", args![message = reason]));
        }
        line(match self.state {
            "refused" => words.say("why-written-only", args![written = setting.time(words, self.written_ms)]),
            _ => written_text(words, setting, self.written_ms, self.received_ms),
        });
        line_of_roles(self, words).into_iter().for_each(&mut line);
        if let Some(rule) = &self.rule {
            line(rule_text(words, setting, rule, &self.kind, self.sections.first()));
        }
        for decision in &self.endorsed {
            let person = name(words, setting, decision.person.as_ref());
            let when = setting.time(words, decision.time_ms);
            let reason = decision.text.as_deref().unwrap_or_default();
            line(match decision.overrides {
                true => words.say("why-overridden", args![person, when, reason]),
                false => words.say("why-endorsed", args![person, when]),
            });
        }
        for local in &self.local {
            line(local.text(words));
        }
        if !self.deciders.is_empty() {
            line(words.say("why-can-decide", args![people = setting.list_deciders(words, &self.deciders)]));
        }
        if matches!(self.state, "waiting" | "refused") {
            line(words.say("why-text-kept", args![]));
        }
        text
    }

    fn headline(&self, words: &Words) -> String {
        let person = name(words, &self.setting, self.author.as_ref());
        let place = self.place_text(words);
        match self.state {
            "waiting" => self.waits(words, person, place),
            "in-force" => {
                let when = self.setting.time(words, self.received_ms.unwrap_or(self.written_ms));
                words.say("why-admitted", args![person, place, when])
            }
            "approved" => {
                let at_ms = self.endorsed.last().map_or(self.written_ms, |decision| decision.time_ms);
                let when = self.setting.time(words, at_ms);
                words.say("why-admitted", args![person, place, when])
            }
            "refused" => self.refused.as_ref().map(|refused| refused.text(words)).unwrap_or_default(),
            "unsent" => words.say("why-unsent", args![place]),
            _ => self.settled(words, person, place),
        }
    }

    fn waits(&self, words: &Words, person: String, place: String) -> String {
        let note = self.note_text(words);
        let deciders = match self.deciders.is_empty() {
            true => words.say("none", args![]),
            false => self.setting.one_of_each(words, &self.groups),
        };
        match (note, self.yours) {
            (Some(place), true) => words.say("why-note-waits-you", args![person, place]),
            (Some(place), false) => words.say("why-note-waits", args![person, place, deciders]),
            (None, true) => words.say("why-waits-you", args![person, place]),
            (None, false) => words.say("why-waits", args![person, place, deciders]),
        }
    }

    fn settled(&self, words: &Words, person: String, place: String) -> String {
        let outcome = self.closure.as_ref().map(|closure| words.closure(closure)).unwrap_or_default();
        match &self.closed {
            Some(closed) => {
                let by = name(words, &self.setting, closed.person.as_ref());
                let when = self.setting.time(words, closed.time_ms);
                words.say("why-settled", args![person, place, outcome, by, when])
            }
            None => words.say("why-settled-alone", args![person, place, outcome]),
        }
    }

    /// What it is about: the fields while it waits, else the sections.
    fn place_text(&self, words: &Words) -> String {
        match &self.changes[..] {
            [first] => first.place_text(words.lang()).to_owned(),
            [first, others @ ..] => {
                let more = words.say("more-of-list", args![count = others.len()]);
                format!("{} {more}", first.place_text(words.lang()))
            }
            [] if !self.places.is_empty() => places_text(words, &self.places).unwrap_or_default(),
            [] => {
                let kind = entente_shared::kinds::newest(&self.kind);
                let sections = self.sections.iter();
                let names: Vec<_> =
                    sections.map(|section| section_name(kind, section, &self.setting, words)).collect();
                words.list(&names)
            }
        }
    }

    /// The row that a note is about, if it changes a note alone.
    fn note_text(&self, words: &Words) -> Option<String> {
        let [change] = &self.changes[..] else { return None };
        let is_note = change.place.path.0.get(2).is_some_and(|key| key == "note");
        let (row, _) = change.place_text(words.lang()).rsplit_once(" · ")?;
        is_note.then(|| row.to_owned())
    }
}

fn local_uses(
    replica: &Replica,
    setting: &Setting,
    ids: &Ids,
    document: DocumentId,
    ask: StatementId,
) -> Result<Vec<LocalLine>, CommandError> {
    let uses = replica.document(document)?.local_uses_of(ask);
    uses.map(|used| LocalLine::of(replica, setting, ids, document, used)).collect()
}

fn name(words: &Words, setting: &Setting, person: Option<&PersonRef>) -> String {
    match person {
        Some(person) => setting.name(words, person),
        None => words.say("someone-unknown", args![]),
    }
}

/// In which role the author is since something was written, if that changed.
fn line_of_roles(why: &Why, words: &Words) -> Option<String> {
    let change = why.role_change.as_ref()?;
    let person = name(words, &why.setting, why.author.as_ref());
    let (by, when) = (name(words, &why.setting, change.by.as_ref()), why.setting.time(words, change.time_ms));
    if change.left {
        return Some(words.say("why-person-left", args![person, when, by]));
    }
    let roles = change.roles.iter().map(|role| words.role(role.as_str(), RoleForm::One));
    let role = words.list(&roles.collect::<Vec<_>>());
    Some(words.say("why-role-since", args![person, role, when, by]))
}

/// Somebody's roles when they had seen the charter up to `seen`, now, and their last change between.
fn role_history(
    replica: &Replica,
    setting: &Setting,
    person: PersonId,
    seen: Option<Position>,
) -> (Vec<RoleId>, Vec<RoleId>, Option<RoleChange>) {
    let (Some(charter), Ok(id)) = (replica.charter(), replica.charter_id()) else {
        return Default::default();
    };
    let Ok(replicated) = replica.replicated(id) else { return Default::default() };
    let (line, document) = (charter.line(), charter.document());
    let roles_at = |seq: u64| {
        let position = document.hash_at(seq).map(|hash| Position { seq, hash });
        line.state_at(position).member(&person).map(|member| member.roles.into_iter().collect::<Vec<_>>())
    };
    let first = seen.map_or(0, |seen| seen.seq);
    let last = document.len().saturating_sub(1);
    let mut before = roles_at(first);
    let then = before.clone().unwrap_or_default();
    let mut change = None;
    for seq in first + 1..=last {
        let now = roles_at(seq);
        if now != before {
            let origin = replicated.origins().at(seq);
            change = Some(RoleChange {
                left: now.is_none(),
                roles: now.clone().unwrap_or_default(),
                time_ms: origin.map_or(0, |origin| origin.time_ms),
                by: origin.and_then(|origin| setting.person_of(&origin.device)),
            });
            before = now;
        }
    }
    (then, before.unwrap_or_default(), change)
}
