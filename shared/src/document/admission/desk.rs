//! Everything that lies on the table while one statement is decided.

mod answers;
mod local;

use std::sync::Arc;

use super::{Admission, Effect, case};
use crate::charter::{CharterLine, CharterState, Standing};
use crate::document::holds::after_of;
use crate::document::section::Section;
use crate::document::{Case, CasePart, Court, Document, Findings, Hold, Told};
use crate::gate::{Checked, SectionIndex};
use crate::ids::*;
use crate::judge::{Refusal, Ruling};
use crate::kinds;
use crate::ledger::Verdict;
use crate::limits;
use crate::mutants::Mutant;
use crate::rules::Member;
use crate::statement::{Act, Payload, SectionHeads, Statement};

/// Everything that lies on the table while one statement is decided.
pub(super) struct Desk<'a, C: Court> {
    pub(super) document: &'a Document,
    pub(super) court: &'a C,
    pub(super) line: &'a CharterLine,
    pub(super) state: &'a Arc<CharterState>,
    pub(super) statement: &'a Statement,
    pub(super) findings: Option<&'a Findings>,
    pub(super) time_ms: u64,
    pub(super) told: Option<Told<'a>>,
}

impl<C: Court> Desk<'_, C> {
    /// Founding and enrolling bring their own standing; the court checks it.
    pub(super) fn own_standing(&self) -> Result<Admission, Refusal> {
        let parts = self.gate(&[])?;
        let ruling = self.court.judge(self.state, &self.case(None, &parts))?;
        if !ruling.needs.is_empty() {
            return Err(not_allowed(&ruling));
        }
        Ok(admitted(ruling.rule, None, parts))
    }

    /// Acts that are of no use later: a document created or content signed by leave of somebody else.
    pub(super) fn admitted_or_refused(&self) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        if let Act::Sign { items } = &self.statement.header.act {
            let heads = items.iter().map(|item| (&item.section, &item.heads));
            heads.into_iter().try_for_each(|(section, heads)| self.check_heads(section, heads))?;
        }
        let parts = self.gate(&[])?;
        if let (Some(told), true) = (self.told, self.signs_unread()) {
            // Whoever may not read all that a signature rests on takes the relay's verdict.
            return Ok(admitted(told.entry.verdict.rule().clone(), Some(author), parts));
        }
        let ruling = self.court.judge(self.state, &self.case(Some(&author), &parts))?;
        if !ruling.needs.is_empty() {
            return Err(not_allowed(&ruling));
        }
        Ok(admitted(ruling.rule, Some(author), parts))
    }

    /// Tells whether the verdict on a signature rests on sections that this replica may not read.
    fn signs_unread(&self) -> bool {
        let hidden = |section| matches!(self.document.sections.get(section), Some(Section::Hidden(_)));
        self.document.rests_on(&self.statement.header.act).iter().any(hidden)
    }

    /// The case that the statement makes.
    pub(super) fn case<'c>(&'c self, author: Option<&'c Member>, parts: &'c [CasePart]) -> Case<'c> {
        case(self.document, self.statement, author, parts, self.time_ms)
    }

    pub(super) fn admitted_or_held(&self) -> Result<Admission, Refusal> {
        let header = &self.statement.header;
        let standing = self.state.standing(&header.device)?;
        let Standing::Member { person, live } = standing else {
            // A recovery key invites, and nothing else.
            let invites = matches!(header.act, Act::Invite { .. });
            return if invites { self.own_standing() } else { Err(Refusal::UnknownDevice) };
        };
        if !live && !matches!(header.act, Act::Edit { .. } | Act::Revoke { .. }) {
            return Err(Refusal::Revoked);
        }
        let bases = self.document.bases(person, after_of(&header.act))?;
        if bases.iter().any(|base| base.is_ask()) {
            return Err(Refusal::Malformed { detail: "an edit builds on edits".into() });
        }
        let parts = self.gate(&bases)?;
        let author = if live { self.state.member(&person) } else { None };
        if self.statement.is_redacted() {
            return self.as_told(person, author, parts);
        }
        let now = self.court.judge(self.state, &self.case(author.as_ref(), &parts))?;
        if now.needs.is_empty() && bases.is_empty() && live {
            return Ok(admitted(now.rule, author, parts));
        }
        if Mutant::HoldAdmitted.is_on() && live {
            return Ok(admitted(now.rule, author, parts));
        }
        let may_propose = now.may_propose || Mutant::ProposalByAnybody.is_on();
        let may_now = now.needs.is_empty() || (live && may_propose);
        if !may_now {
            self.could_when_written(person, &parts, &now)?;
        }
        self.hold(person, author, parts, now.rule)
    }

    /// What somebody wrote when they had the right is held, whatever they may do now.
    fn could_when_written(&self, person: PersonId, parts: &[CasePart], now: &Ruling) -> Result<(), Refusal> {
        let seen = self.statement.header.seen.charter.ok_or(Refusal::UnknownDevice)?;
        let then = self.line.state_at(Some(seen));
        let member = match then.standing(&self.statement.header.device) {
            Ok(Standing::Member { live: true, .. }) => then.member(&person),
            _ => None,
        };
        let ruling = self.court.judge(&then, &self.case(member.as_ref(), parts))?;
        let could = member.is_some() && (ruling.needs.is_empty() || ruling.may_propose);
        if could { Ok(()) } else { Err(not_allowed(now)) }
    }

    /// A reader who may not see a part takes the relay's verdict; the digest holds it to it.
    fn as_told(
        &self,
        person: PersonId,
        author: Option<Member>,
        parts: Vec<CasePart>,
    ) -> Result<Admission, Refusal> {
        let Some(told) = self.told else {
            return Err(Refusal::Malformed { detail: "a payload is missing".into() });
        };
        match &told.entry.verdict {
            Verdict::Admitted { rule } => Ok(admitted(rule.clone(), author, parts)),
            Verdict::Held { rule } => self.hold(person, author, parts, rule.clone()),
        }
    }

    fn hold(
        &self,
        person: PersonId,
        author: Option<Member>,
        parts: Vec<CasePart>,
        rule: RuleId,
    ) -> Result<Admission, Refusal> {
        let header = &self.statement.header;
        let (open, bytes) = self.document.open_of(&header.device);
        // A reader who may not see all payloads cannot count their bytes, and is not asked to.
        let redacted = self.told.is_some_and(|told| told.redaction.is_some());
        let too_many =
            open >= limits::OPEN_HOLDS_MAX || bytes + self.statement.bytes() > limits::OPEN_HOLD_BYTES_MAX;
        if too_many && !redacted {
            return Err(Refusal::TooManyHolds { open: open as u32 });
        }
        let hold = Hold {
            statement: self.statement.id,
            seq: self.document.len(),
            time_ms: self.time_ms,
            device: header.device,
            author: person,
            act: header.act.clone(),
            after: after_of(&header.act).to_vec(),
            parts,
            rule: rule.clone(),
            seen_charter: header.seen.charter.ok_or(Refusal::UnknownDevice)?,
            bytes: self.statement.bytes(),
            endorsements: Vec::new(),
        };
        Ok(Admission { verdict: Verdict::Held { rule }, author, effect: Effect::Hold(Box::new(hold)) })
    }

    fn live_author(&self) -> Result<Member, Refusal> {
        match self.state.standing(&self.statement.header.device)? {
            Standing::Member { person, live: true } => {
                self.state.member(&person).ok_or(Refusal::UnknownDevice)
            }
            Standing::Member { live: false, .. } => Err(Refusal::Revoked),
            Standing::Recovery(_) => Err(Refusal::UnknownDevice),
        }
    }

    fn open_hold(&self, target: StatementId) -> Result<&Hold, Refusal> {
        self.document.open.get(&target).ok_or(Refusal::NotOpen { target })
    }

    fn check_heads(&self, section: &SectionId, heads: &[ChangeId]) -> Result<(), Refusal> {
        match self.document.sections.get(section) {
            Some(Section::Known(known)) if known.index.heads() == heads => Ok(()),
            Some(Section::Hidden(_)) => Ok(()),
            _ if Mutant::StaleSignature.is_on() => Ok(()),
            _ => Err(Refusal::Stale { section: section.clone() }),
        }
    }

    /// What an endorser says to have looked at must have stood here.
    fn check_looked_at(&self, heads: &[SectionHeads]) -> Result<(), Refusal> {
        for item in heads {
            let Some(Section::Known(known)) = self.document.sections.get(&item.section) else { continue };
            if !item.heads.iter().all(|head| known.index.contains(head)) {
                return Err(Refusal::Stale { section: item.section.clone() });
            }
        }
        Ok(())
    }

    /// Lets every part through the gate, on what stands and on the held `bases`.
    fn gate(&self, bases: &[&Hold]) -> Result<Vec<CasePart>, Refusal> {
        let header = &self.statement.header;
        if header.parts.is_empty() && matches!(header.act, Act::Edit { .. }) {
            return Err(Refusal::Malformed { detail: "an edit that changes nothing".into() });
        }
        let mut parts = Vec::with_capacity(header.parts.len());
        for (section, payload) in self.statement.parts() {
            let Some(payload) = payload else {
                parts.push(CasePart::hidden(section));
                continue;
            };
            parts.push(self.gate_part(bases, section, payload)?);
        }
        Ok(parts)
    }

    fn gate_part(
        &self,
        bases: &[&Hold],
        section: &SectionId,
        payload: &Payload,
    ) -> Result<CasePart, Refusal> {
        let document = self.document;
        let act = &self.statement.header.act;
        let needs_changes = matches!(act, Act::Edit { .. } | Act::Invite { .. });
        let may_change = needs_changes || matches!(act, Act::Found { .. } | Act::Endorse { .. });
        if payload.nonce.is_some() && !may_change {
            // The court decides on these by what they state, and does not look at changes.
            return Err(Refusal::Malformed { detail: format!("this may not change {section}") });
        }
        let Some(nonce) = payload.nonce else {
            if needs_changes {
                return Err(Refusal::Malformed { detail: format!("nothing is changed in {section}") });
            }
            return Ok(CasePart::words(section));
        };
        let fresh;
        let index = match document.sections.get(section) {
            Some(Section::Known(known)) => &known.index,
            Some(Section::Hidden(_)) => {
                return Ok(CasePart::hidden(section));
            }
            None => {
                self.state.check_subject(section)?;
                fresh = document.genesis_index(section)?;
                &fresh
            }
        };
        let actor = ActorKey::derive(self.statement.header.device, document.id, section, nonce);
        if let Some(hold) = document.actor_in_use(section, &actor, bases) {
            return Err(Refusal::ActorInUse { hold });
        }
        let pending = Document::pending(bases, section);
        let checked = self.checked(index, &pending, actor, section, payload)?;
        let keep = document.kind.id.as_str() == kinds::CHARTER;
        let changes = if keep { payload.change_bytes() } else { Vec::new() };
        let section = section.clone();
        Ok(CasePart { section, checked: Some(checked), hidden: false, actor: Some(actor), changes })
    }

    /// What the gate finds, or found before and would find again.
    fn checked(
        &self,
        index: &SectionIndex,
        pending: &[&Checked],
        actor: ActorKey,
        section: &SectionId,
        payload: &Payload,
    ) -> Result<Arc<Checked>, Refusal> {
        // What still waits is not in the heads.
        let findings = self.findings.filter(|_| pending.is_empty());
        let found = findings.and_then(|findings| findings.look_up(self.statement, section, index.heads()));
        if let Some(found) = found {
            return Ok(found);
        }
        let checked = index.check(pending, actor, &payload.change_bytes());
        let checked = Arc::new(checked.map_err(|error| crate::judge::from_gate(section, error))?);
        if let Some(findings) = findings {
            findings.keep(self.statement, section, index.heads(), &checked);
        }
        Ok(checked)
    }
}

fn admitted(rule: RuleId, author: Option<Member>, parts: Vec<CasePart>) -> Admission {
    Admission { verdict: Verdict::Admitted { rule }, author, effect: Effect::Apply(parts) }
}

fn not_allowed(ruling: &Ruling) -> Refusal {
    Refusal::NotAllowed { rule: Some(ruling.rule.clone()), who: ruling.who() }
}
