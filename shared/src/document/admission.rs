//! Deciding on a statement, without touching anything: [`super::enacting`] does what was decided.

mod desk;

use super::section::{KnownSection, Section};
use super::{Candidate, Case, CasePart, Closure, Court, Document, Hold, LocalUse, Preview, Told};
use crate::charter::{CharterLine, CharterState};
use crate::gate::SectionIndex;
use crate::ids::*;
use crate::judge::Refusal;
use crate::kinds::{self, Lookup};
use crate::ledger::{Position, Verdict};
use crate::rules::Member;
use crate::statement::{Act, Statement};
use desk::Desk;

/// A statement that will be entered, and what that does.
pub(super) struct Admission {
    pub(super) verdict: Verdict,
    pub(super) author: Option<Member>,
    pub(super) effect: Effect,
}

/// What entering a statement does.
pub(super) enum Effect {
    /// Comes into effect at once.
    Apply(Vec<CasePart>),
    /// Waits.
    Hold(Box<Hold>),
    /// Endorses `target`, which comes into effect if `completes`, with the parts on top.
    Endorse { target: StatementId, completes: bool, on_top: Vec<CasePart>, local: Option<Box<LocalUse>> },
    /// Ratifies what was approved by local authority, or takes it away.
    AnswerLocal { target: StatementId, ratified: bool },
    /// Closes `target` without effect.
    Close { target: StatementId, closure: Closure },
}

impl Admission {
    pub(super) fn preview(self, document: &Document, court: &impl Court, charter: &CharterState) -> Preview {
        let needs = match &self.effect {
            Effect::Hold(hold) => document.needs(court, charter, hold),
            _ => Vec::new(),
        };
        Preview { verdict: self.verdict, needs }
    }
}

impl Document {
    /// Begins the document that a `Create` or `Found` statement creates, before its first entry.
    ///
    /// # Errors
    ///
    /// The kind, schema or a section is not known to this program.
    pub fn begin(statement: &Statement) -> Result<Self, Refusal> {
        let header = &statement.header;
        let (kind, schema, title, sections) = match &header.act {
            Act::Create { kind, schema, title, sections } => {
                (kind.clone(), *schema, title.clone(), sections.clone())
            }
            Act::Found { .. } => {
                let sections = header.parts.iter().map(|part| part.section.clone()).collect();
                // What the partnership is called stands as words beside its first content.
                let title = statement.parts().find_map(|(_, payload)| payload?.text.clone());
                (KindId::new(kinds::CHARTER), 1, title.unwrap_or_default(), sections)
            }
            _ => return Err(Refusal::Malformed { detail: "a document begins with its creation".into() }),
        };
        let kind = match kinds::find(&kind, schema) {
            Lookup::Known(kind) => kind,
            Lookup::Newer { .. } | Lookup::Unknown => {
                return Err(Refusal::Unknown { detail: format!("kind {kind}, schema {schema}") });
            }
        };
        let mut document = Self {
            partnership: statement.partnership(),
            id: header.document,
            kind,
            title,
            created_ms: 0,
            creator: header.device,
            hashes: Vec::new(),
            time_ms: 0,
            charter: None,
            sections: Default::default(),
            known: Default::default(),
            open: Default::default(),
            closed: Default::default(),
            rounds: Default::default(),
            locals: Default::default(),
            writers: Default::default(),
        };
        for section in sections {
            let state = KnownSection::new(&section, document.genesis_index(&section)?);
            document.sections.insert(section, Section::Known(Box::new(state)));
        }
        Ok(document)
    }

    pub(super) fn genesis_index(&self, section: &SectionId) -> Result<SectionIndex, Refusal> {
        let unknown = || Refusal::Unknown { detail: format!("section {section} of kind {}", self.kind.id) };
        self.kind.genesis_index(section).ok_or_else(unknown)
    }

    pub(super) fn decide(
        &self,
        court: &impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        candidate: Candidate<'_>,
        time_ms: u64,
        told: Option<Told<'_>>,
    ) -> Result<Admission, Refusal> {
        let Candidate { statement, findings } = candidate;
        let header = &statement.header;
        if header.document != self.id || statement.partnership() != self.partnership {
            return Err(Refusal::Malformed { detail: "another document or partnership".into() });
        }
        self.check_seen(line, charter, statement)?;
        let state = line.state_at(charter);
        let desk = Desk { document: self, court, line, state: &state, statement, findings, time_ms, told };
        match &header.act {
            Act::Found { .. } | Act::Enrol { .. } => desk.own_standing(),
            Act::Create { .. } | Act::Sign { .. } => desk.admitted_or_refused(),
            Act::Invite { .. } | Act::Revoke { .. } | Act::Edit { .. } | Act::Ask { .. } => {
                desk.admitted_or_held()
            }
            Act::Endorse { target, capacity, heads } => desk.endorse(*target, *capacity, heads),
            Act::Decline { target, outcome } => desk.decline(*target, *outcome),
            Act::Withdraw { target } => desk.withdraw(*target),
        }
    }

    /// The sections whose content the verdict on `act` rests on, ascending: whoever judges it tells
    /// the court about them beforehand (see [`crate::judge::DocumentCourt::learn`]).
    pub fn rests_on(&self, act: &Act) -> Vec<SectionId> {
        let Act::Sign { items } = act else { return Vec::new() };
        if self.kind.id.as_str() == kinds::CHARTER {
            return Vec::new();
        }
        let signed: Vec<_> = items.iter().map(|item| item.section.clone()).collect();
        crate::judge::rests_on(&self.kind.id, &signed, self.sections.keys())
    }

    fn check_seen(
        &self,
        line: &CharterLine,
        charter: Option<Position>,
        statement: &Statement,
    ) -> Result<(), Refusal> {
        let seen = &statement.header.seen;
        if matches!(statement.header.act, Act::Found { .. }) {
            return Ok(());
        }
        let missing = || Refusal::Malformed { detail: "without what its author had seen".into() };
        let ground = seen.charter.ok_or_else(missing)?;
        line.check(ground)?;
        if charter.is_some_and(|cited| cited.seq < ground.seq) {
            return Err(Refusal::Behind { head: charter });
        }
        if self.is_empty() {
            return Ok(());
        }
        let Some(position) = seen.document else {
            // Who created a document goes on writing before the relay has answered.
            return if statement.header.device == self.creator { Ok(()) } else { Err(missing()) };
        };
        match self.hash_at(position.seq) {
            None => Err(Refusal::Behind { head: self.head() }),
            Some(hash) if hash != position.hash => Err(Refusal::Forked { seq: position.seq }),
            Some(_) => Ok(()),
        }
    }
}

/// The case that a statement makes.
pub(super) fn case<'a>(
    document: &'a Document,
    statement: &'a Statement,
    author: Option<&'a Member>,
    parts: &'a [CasePart],
    time_ms: u64,
) -> Case<'a> {
    let header = &statement.header;
    let (device, act) = (header.device, &header.act);
    let statement = statement.id;
    Case { document, statement, device, author, act, parts, time_ms, now_ms: time_ms, on_top: false }
}
