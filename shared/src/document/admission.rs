//! Entering a statement: first decide without touching anything, then enact.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::holds::after_of;
use super::section::{KnownSection, Section};
use super::{Case, CasePart, Closure, Court, Document, Endorsement, Hold, Outcome, Preview, Told};
use crate::charter::{CharterLine, CharterState, LEAD, Standing};
use crate::codec;
use crate::gate::SectionIndex;
use crate::ids::*;
use crate::judge::{Need, Refusal, Ruling};
use crate::kinds::{self, Lookup};
use crate::ledger::{self, Entry, Position, RULES_VERSION, Verdict};
use crate::limits;
use crate::mutants::Mutant;
use crate::rules::{BoundRole, Member};
use crate::statement::{Act, Capacity, DeclineOutcome, SectionHeads, Statement};

/// A statement that will be entered, and what that does.
pub(super) struct Admission {
    verdict: Verdict,
    author: Option<Member>,
    effect: Effect,
}

enum Effect {
    /// Comes into effect at once.
    Apply(Vec<CasePart>),
    /// Waits.
    Hold(Box<Hold>),
    /// Endorses `target`, which comes into effect if `completes`, with the parts on top.
    Endorse { target: StatementId, completes: bool, on_top: Vec<CasePart> },
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
        };
        for section in sections {
            let state = KnownSection::new(&section, document.genesis_index(&section)?);
            document.sections.insert(section, Section::Known(Box::new(state)));
        }
        Ok(document)
    }

    fn genesis_index(&self, section: &SectionId) -> Result<SectionIndex, Refusal> {
        let unknown = || Refusal::Unknown { detail: format!("section {section} of kind {}", self.kind.id) };
        self.kind.genesis_index(section).ok_or_else(unknown)
    }

    pub(super) fn decide(
        &self,
        court: &impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        statement: &Statement,
        time_ms: u64,
        told: Option<Told<'_>>,
    ) -> Result<Admission, Refusal> {
        let header = &statement.header;
        if header.document != self.id || statement.partnership() != self.partnership {
            return Err(Refusal::Malformed { detail: "another document or partnership".into() });
        }
        self.check_seen(line, charter, statement)?;
        let state = line.state_at(charter);
        let desk = Desk { document: self, court, line, state: &state, statement, time_ms, told };
        match &header.act {
            Act::Found { .. } | Act::Enrol { .. } => desk.own_standing(),
            Act::Create { .. } | Act::Sign { .. } => desk.admitted_or_refused(),
            Act::Invite { .. } | Act::Revoke { .. } | Act::Edit { .. } => desk.admitted_or_held(),
            Act::Endorse { target, capacity, heads } => desk.endorse(*target, *capacity, heads),
            Act::Decline { target, outcome } => desk.decline(*target, *outcome),
            Act::Withdraw { target } => desk.withdraw(*target),
        }
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

    #[expect(clippy::too_many_arguments, reason = "the whole setting of one entry, used in one place")]
    pub(super) fn enact(
        &mut self,
        court: &mut impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        statement: &Statement,
        time_ms: u64,
        told: Option<Told<'_>>,
        admission: Admission,
    ) -> Outcome {
        let state = line.state_at(charter);
        let seq = self.len();
        let Admission { verdict, author, effect } = admission;
        let mut done = Done::default();
        if seq == 0 {
            self.created_ms = time_ms;
            done.changed.extend(self.sections.keys().cloned());
        }
        match effect {
            Effect::Apply(parts) => {
                let endorsers: Vec<_> = author.iter().cloned().collect();
                self.sign_sections(statement, &author, &mut done);
                self.apply_parts(&parts, &endorsers, &mut done);
                done.effective.push(statement.id);
                court.enacted(&case(statement, author.as_ref(), &parts, time_ms));
                self.report_signatures(court, &done);
            }
            Effect::Hold(hold) => self.take_hold(*hold, &mut done),
            Effect::Endorse { target, completes, on_top } => {
                let person = author.as_ref().map(|member| member.person);
                self.record_endorsement(target, statement.id, person, &mut done);
                if completes {
                    self.complete(court, &state, target, statement.id, &mut done);
                    let endorsers: Vec<_> = author.iter().cloned().collect();
                    self.apply_parts(&on_top, &endorsers, &mut done);
                    done.effective.push(statement.id);
                    let edit = Act::Edit { after: Vec::new(), replaces: None };
                    let mut case = case(statement, author.as_ref(), &on_top, time_ms);
                    case.act = &edit;
                    court.enacted(&case);
                    self.report_signatures(court, &done);
                    self.cascade(court, &state, statement.id, told, &mut done);
                }
            }
            Effect::Close { target, closure } => self.close(target, closure, &mut done),
        }
        self.known.insert(statement.id, seq);
        let changed = self.refresh(court, &done, told);
        self.append_entry(court, charter, statement, time_ms, verdict, changed, done)
    }

    fn take_hold(&mut self, hold: Hold, done: &mut Done) {
        for section in hold.sections() {
            self.ensure_section(section);
            if let Some(known) = self.sections.get_mut(section).and_then(Section::known_mut) {
                let place = known.holds.partition_point(|id| *id < hold.statement);
                known.holds.insert(place, hold.statement);
            }
            done.changed.insert(section.clone());
        }
        self.open.insert(hold.statement, hold);
    }

    fn record_endorsement(
        &mut self,
        target: StatementId,
        statement: StatementId,
        person: Option<PersonId>,
        done: &mut Done,
    ) {
        if let (Some(hold), Some(person)) = (self.open.get_mut(&target), person) {
            hold.endorsements.push(Endorsement { statement, person });
            done.changed.extend(hold.sections().cloned());
        }
    }

    /// Brings an open hold into effect.
    fn complete(
        &mut self,
        court: &mut impl Court,
        charter: &CharterState,
        target: StatementId,
        by: StatementId,
        done: &mut Done,
    ) {
        let Some(hold) = self.open.remove(&target) else { return };
        self.unlist(&hold, done);
        let author = charter.member(&hold.author);
        let mut agreed: Vec<Member> = author.iter().cloned().collect();
        agreed.extend(hold.endorsements.iter().filter_map(|endorsement| charter.member(&endorsement.person)));
        self.apply_parts(&hold.parts, &agreed, done);
        self.closed.insert(target, Closure::Effective { by });
        done.effective.push(target);
        court.enacted(&hold.case(author.as_ref()));
        self.report_signatures(court, done);
    }

    fn report_signatures(&self, court: &mut impl Court, done: &Done) {
        for name in &done.changed {
            if let Some(known) = self.sections.get(name).and_then(Section::known) {
                court.signed_by(name, known.signatures.keys().cloned().collect());
            }
        }
    }

    /// Judges again, in order, what built on statements that came into effect.
    fn cascade(
        &mut self,
        court: &mut impl Court,
        charter: &CharterState,
        by: StatementId,
        told: Option<Told<'_>>,
        done: &mut Done,
    ) {
        loop {
            let mut waiting: Vec<&Hold> = self.open.values().filter(|hold| !hold.after.is_empty()).collect();
            waiting.sort_by_key(|hold| hold.seq);
            let next = waiting.into_iter().find(|hold| {
                let freed = hold.after.iter().any(|id| done.effective.contains(id));
                freed && self.stands_alone(hold) && self.is_agreed(court, charter, hold, told)
            });
            let Some(next) = next.map(|hold| hold.statement) else { return };
            self.complete(court, charter, next, by, done);
        }
    }

    /// Tells whether nobody's agreement is missing; told, where a part may not be read.
    fn is_agreed(
        &self,
        court: &impl Court,
        charter: &CharterState,
        hold: &Hold,
        told: Option<Told<'_>>,
    ) -> bool {
        if hold.is_redacted() {
            let redaction = told.and_then(|told| told.redaction);
            return redaction.is_some_and(|redaction| redaction.effective.contains(&hold.statement));
        }
        self.unmet(court, charter, hold).is_ok_and(|ruling| ruling.needs.is_empty())
            && court.can_enact(&hold.case(charter.member(&hold.author).as_ref())).is_ok()
    }

    fn close(&mut self, target: StatementId, closure: Closure, done: &mut Done) {
        let mut orphans = self.dependents(target);
        orphans.retain(|_| !Mutant::OrphansWait.is_on());
        for (id, closure) in std::iter::once((target, closure))
            .chain(orphans.into_iter().map(|id| (id, Closure::Orphaned { of: target })))
        {
            if let Some(hold) = self.open.remove(&id) {
                self.unlist(&hold, done);
                self.closed.insert(id, closure);
                done.closed.push(id);
            }
        }
    }

    fn unlist(&mut self, hold: &Hold, done: &mut Done) {
        for section in hold.sections() {
            if let Some(known) = self.sections.get_mut(section).and_then(Section::known_mut) {
                known.holds.retain(|id| *id != hold.statement);
            }
            done.changed.insert(section.clone());
        }
    }

    /// Takes changes into the index. A party's signature outlives them only if a lead of the party
    /// is among those who `agreed`.
    fn apply_parts(&mut self, parts: &[CasePart], agreed: &[Member], done: &mut Done) {
        for part in parts {
            self.ensure_section(&part.section);
            done.changed.insert(part.section.clone());
            let Some(known) = self.sections.get_mut(&part.section).and_then(Section::known_mut) else {
                continue;
            };
            let Some(checked) = &part.checked else { continue };
            let applied = known.index.apply(checked);
            debug_assert!(applied.is_ok(), "the gate let pass what cannot be applied: {applied:?}");
            known
                .signatures
                .retain(|party, _| agreed.iter().any(|member| member.party == *party && member.is_lead()));
        }
    }

    fn sign_sections(&mut self, statement: &Statement, author: &Option<Member>, done: &mut Done) {
        let (Act::Sign { items }, Some(author)) = (&statement.header.act, author) else { return };
        for item in items {
            if let Some(known) = self.sections.get_mut(&item.section).and_then(Section::known_mut) {
                known.signatures.insert(author.party.clone(), statement.id);
                done.changed.insert(item.section.clone());
            }
        }
    }

    fn ensure_section(&mut self, section: &SectionId) {
        if !self.sections.contains_key(section)
            && let Ok(index) = self.genesis_index(section)
        {
            let state = KnownSection::new(section, index);
            self.sections.insert(section.clone(), Section::Known(Box::new(state)));
        }
    }

    /// Computes the leaves of what changed; leaves that the replica is told replace its own.
    fn refresh(
        &mut self,
        court: &impl Court,
        done: &Done,
        told: Option<Told<'_>>,
    ) -> Vec<(SectionId, LeafHash)> {
        for (name, leaf) in told.and_then(|told| told.redaction).iter().flat_map(|told| &told.leaves) {
            self.sections.insert(name.clone(), Section::Hidden(*leaf));
        }
        let mut leaves = Vec::with_capacity(done.changed.len());
        for name in &done.changed {
            let Some(section) = self.sections.get_mut(name) else { continue };
            if let Some(known) = section.known_mut() {
                known.locked = court.locks(name);
                known.refresh(name);
            }
            leaves.push((name.clone(), section.leaf()));
        }
        leaves
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one entry")]
    fn append_entry(
        &mut self,
        court: &impl Court,
        charter: Option<Position>,
        statement: &Statement,
        time_ms: u64,
        verdict: Verdict,
        changed: Vec<(SectionId, LeafHash)>,
        done: Done,
    ) -> Outcome {
        self.charter = charter;
        self.time_ms = time_ms;
        let context = court.context().unwrap_or_else(|| codec::encode(&charter));
        let leaves = self.sections.values().map(Section::leaf);
        let entry = Entry {
            partnership: self.partnership,
            document: self.id,
            seq: self.len(),
            previous: self.hashes.last().copied(),
            charter,
            time_ms,
            statement: statement.id,
            verdict,
            sections: changed.iter().map(|(section, _)| section.clone()).collect(),
            state: ledger::state_digest(std::iter::once(ledger::context_leaf(&context)).chain(leaves)),
            rules_version: RULES_VERSION,
        };
        let position = entry.position();
        self.hashes.push(position.hash);
        Outcome { entry, position, changed, effective: done.effective, closed: done.closed }
    }
}

/// What enacting has done so far.
#[derive(Default)]
struct Done {
    changed: BTreeSet<SectionId>,
    effective: Vec<StatementId>,
    closed: Vec<StatementId>,
}

fn case<'a>(
    statement: &'a Statement,
    author: Option<&'a Member>,
    parts: &'a [CasePart],
    time_ms: u64,
) -> Case<'a> {
    let header = &statement.header;
    Case { statement: statement.id, device: header.device, author, act: &header.act, parts, time_ms }
}

/// Everything that lies on the table while one statement is decided.
struct Desk<'a, C: Court> {
    document: &'a Document,
    court: &'a C,
    line: &'a CharterLine,
    state: &'a Arc<CharterState>,
    statement: &'a Statement,
    time_ms: u64,
    told: Option<Told<'a>>,
}

impl<C: Court> Desk<'_, C> {
    /// Founding and enrolling bring their own standing; the court checks it.
    fn own_standing(&self) -> Result<Admission, Refusal> {
        let parts = self.gate(&[])?;
        let ruling = self.court.judge(self.state, &case(self.statement, None, &parts, self.time_ms))?;
        if !ruling.needs.is_empty() {
            return Err(not_allowed(&ruling));
        }
        Ok(admitted(ruling.rule, None, parts))
    }

    /// Acts that are of no use later: a document created or content signed by leave of somebody else.
    fn admitted_or_refused(&self) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        if let Act::Sign { items } = &self.statement.header.act {
            let heads = items.iter().map(|item| (&item.section, &item.heads));
            heads.into_iter().try_for_each(|(section, heads)| self.check_heads(section, heads))?;
        }
        let parts = self.gate(&[])?;
        let ruling =
            self.court.judge(self.state, &case(self.statement, Some(&author), &parts, self.time_ms))?;
        if !ruling.needs.is_empty() {
            return Err(not_allowed(&ruling));
        }
        Ok(admitted(ruling.rule, Some(author), parts))
    }

    fn admitted_or_held(&self) -> Result<Admission, Refusal> {
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
        let parts = self.gate(&bases)?;
        let author = if live { self.state.member(&person) } else { None };
        if self.statement.is_redacted() {
            return self.as_told(person, author, parts);
        }
        let now =
            self.court.judge(self.state, &case(self.statement, author.as_ref(), &parts, self.time_ms))?;
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
        let ruling = self.court.judge(&then, &case(self.statement, member.as_ref(), parts, self.time_ms))?;
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

    fn endorse(
        &self,
        target: StatementId,
        capacity: Capacity,
        heads: &[SectionHeads],
    ) -> Result<Admission, Refusal> {
        if capacity != Capacity::Decider {
            return Err(Refusal::Unknown { detail: "this capacity needs a later rules version".into() });
        }
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        if hold.author == author.person && !Mutant::OwnEndorsement.is_on() {
            return Err(Refusal::OwnSuggestion);
        }
        self.check_looked_at(heads)?;
        let bases = self.document.bases(hold.author, &[target])?;
        let on_top: Vec<_> = self.gate(&bases)?.into_iter().filter(|part| !part.changes_nothing()).collect();
        let (rule, completes) = if hold.is_redacted() || self.statement.is_redacted() {
            self.told_endorsement(target)?
        } else {
            self.agreement(hold, &author)?
        };
        if !on_top.is_empty() {
            self.check_on_top(&author, &on_top, completes)?;
        }
        if completes {
            let parts: Vec<_> = hold.parts.iter().chain(&on_top).cloned().collect();
            let author = self.state.member(&hold.author);
            self.court.can_enact(&Case { parts: &parts, ..hold.case(author.as_ref()) })?;
        }
        let effect = Effect::Endorse { target, completes, on_top };
        Ok(Admission { verdict: Verdict::Admitted { rule }, author: Some(author), effect })
    }

    /// The rule under which `author` can agree to `hold`, and whether nobody's agreement is missing then.
    fn agreement(&self, hold: &Hold, author: &Member) -> Result<(RuleId, bool), Refusal> {
        let unmet = self.document.unmet(self.court, self.state, hold)?;
        let kind = &self.document.kind.id;
        let can = |need: &Need| need.is_met_by(self.state, kind, author);
        let mine = unmet.needs.iter().find(|need| can(need));
        let rule = match mine {
            Some(need) => need.rule.clone(),
            // Nobody's agreement is missing: the rules changed since, or it waits for what it builds on.
            None if unmet.needs.is_empty() && author.is_lead() => unmet.rule.clone(),
            None if unmet.needs.is_empty() => {
                let who = vec![BoundRole::AnyParty(LEAD.into())];
                return Err(Refusal::NotAllowed { rule: Some(unmet.rule), who });
            }
            None => return Err(not_allowed(&unmet)),
        };
        let complete = (unmet.needs.iter().all(can) || Mutant::OneAgreementForAll.is_on())
            && self.document.stands_alone(hold);
        Ok((rule, complete))
    }

    fn told_endorsement(&self, target: StatementId) -> Result<(RuleId, bool), Refusal> {
        let Some(told) = self.told else {
            return Err(Refusal::Malformed { detail: "a payload is missing".into() });
        };
        let completes = told.redaction.is_some_and(|redaction| redaction.effective.contains(&target));
        Ok((told.entry.verdict.rule().clone(), completes))
    }

    fn check_on_top(&self, author: &Member, on_top: &[CasePart], completes: bool) -> Result<(), Refusal> {
        if !completes {
            let detail = "changes on top come with the last approval".to_owned();
            return Err(Refusal::Malformed { detail });
        }
        let edit = Act::Edit { after: Vec::new(), replaces: None };
        let mut case = case(self.statement, Some(author), on_top, self.time_ms);
        case.act = &edit;
        let ruling = self.court.judge(self.state, &case)?;
        if ruling.needs.is_empty() { Ok(()) } else { Err(not_allowed(&ruling)) }
    }

    fn decline(&self, target: StatementId, outcome: DeclineOutcome) -> Result<Admission, Refusal> {
        if outcome == DeclineOutcome::Objected {
            return Err(Refusal::Unknown { detail: "objecting needs a later rules version".into() });
        }
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        if hold.author == author.person {
            return Err(Refusal::OwnSuggestion);
        }
        self.check_reason()?;
        let rule = if hold.is_redacted() {
            self.told_endorsement(target)?.0
        } else {
            // Whoever is asked may say no, also where the agreement of others is still missing.
            let mut bare = hold.clone();
            bare.endorsements.clear();
            self.agreement(&bare, &author)?.0
        };
        let closure = Closure::Declined { by: self.statement.id, outcome };
        Ok(self.closing(rule, author, target, closure))
    }

    fn withdraw(&self, target: StatementId) -> Result<Admission, Refusal> {
        let author = self.live_author()?;
        let hold = self.open_hold(target)?;
        if hold.author != author.person {
            let who = vec![BoundRole::Person(hold.author)];
            return Err(Refusal::NotAllowed { rule: None, who });
        }
        self.check_reason()?;
        let closure = Closure::Withdrawn { by: self.statement.id };
        Ok(self.closing(RuleId::new("own-suggestion"), author, target, closure))
    }

    fn closing(&self, rule: RuleId, author: Member, target: StatementId, closure: Closure) -> Admission {
        let effect = Effect::Close { target, closure };
        Admission { verdict: Verdict::Admitted { rule }, author: Some(author), effect }
    }

    /// A statement that closes another one carries words, no changes.
    fn check_reason(&self) -> Result<(), Refusal> {
        let changes = self.statement.parts().filter_map(|(_, payload)| payload);
        match changes.into_iter().any(|payload| !payload.changes.is_empty()) {
            true => Err(Refusal::Malformed { detail: "a reason comes without changes".into() }),
            false => Ok(()),
        }
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
                parts.push(CasePart::bare(section));
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
        payload: &crate::statement::Payload,
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
            return Ok(CasePart::bare(section));
        };
        let fresh;
        let index = match document.sections.get(section) {
            Some(Section::Known(known)) => &known.index,
            Some(Section::Hidden(_)) => {
                return Ok(CasePart::bare(section));
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
        let changes = payload.change_bytes();
        let pending = Document::pending(bases, section);
        let checked = index
            .check(&pending, actor, &changes)
            .map_err(|error| crate::judge::from_gate(section, error))?;
        let keep = document.kind.id.as_str() == kinds::CHARTER;
        let changes = if keep { changes } else { Vec::new() };
        Ok(CasePart { section: section.clone(), checked: Some(checked), actor: Some(actor), changes })
    }
}

fn admitted(rule: RuleId, author: Option<Member>, parts: Vec<CasePart>) -> Admission {
    Admission { verdict: Verdict::Admitted { rule }, author, effect: Effect::Apply(parts) }
}

fn not_allowed(ruling: &Ruling) -> Refusal {
    Refusal::NotAllowed { rule: Some(ruling.rule.clone()), who: ruling.who() }
}
