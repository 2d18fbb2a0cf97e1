//! The rules once more, in the plainest words: who may do what, judged apart from the judge.
//!
//! The judge is one piece of code in relay and replicas alike, so a mistake in it makes no two of
//! them differ. The referee knows nothing of holds, gates, paths or digests. It looks at what each
//! entry did and asks who stands behind it. So it lets pass more than the judge (a right on one
//! field counts for the section), and never less.

mod agreements;

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::calendar::State;
use entente_shared::charter::{COMMON, CharterState};
use entente_shared::ids::*;
use entente_shared::kinds::CHARTER;
use entente_shared::ledger::Position;
use entente_shared::rules::{BoundLocal, Hold, Member, Right, Rule};
use entente_shared::statement::{Act, Capacity, DeclineOutcome, RevokeTarget};

use self::agreements::{Agreements, every_stage};
use crate::oracle::{Entered, Oracle};

/// Checks every entry of every ledger.
///
/// # Errors
///
/// The first entry that the rules do not bear out, in words.
pub fn check(oracle: &Oracle) -> Result<(), String> {
    let Some(charter) = &oracle.charter else { return Ok(()) };
    let mut referee = Referee {
        oracle,
        kinds: BTreeMap::new(),
        behind: BTreeMap::new(),
        open: BTreeSet::new(),
        agreements: Agreements::default(),
        local: BTreeMap::new(),
    };
    referee.kinds.insert(charter.document().id(), KindId::new(CHARTER));
    for entered in &oracle.entries {
        referee.look_at(entered).map_err(|fault| {
            let (seq, act) = (entered.entry.seq, &entered.statement.header.act);
            format!("the referee says of entry {seq} ({act:?}): {fault}")
        })?;
    }
    Ok(())
}

struct Referee<'a> {
    oracle: &'a Oracle,
    kinds: BTreeMap<DocumentId, KindId>,
    /// Each statement that waited, with everybody who stands behind it: author first.
    behind: BTreeMap<StatementId, (&'a Entered, Vec<PersonId>)>,
    /// Those that wait.
    open: BTreeSet<StatementId>,
    agreements: Agreements,
    /// Versions that somebody approved instead of a team that was closed, and who.
    local: BTreeMap<StatementId, (&'a Entered, PersonId)>,
}

/// The person behind a device, and whether they could act then.
struct Author {
    person: PersonId,
    live: Option<Member>,
}

impl<'a> Referee<'a> {
    fn look_at(&mut self, entered: &'a Entered) -> Result<(), String> {
        let header = &entered.statement.header;
        if let Act::Create { kind, .. } = &header.act {
            self.kinds.insert(header.document, kind.clone());
        }
        let Some(cited) = entered.entry.charter else { return Ok(()) };
        let state = self.state_at(cited)?;
        match &header.act {
            Act::Found { .. } | Act::Enrol { .. } => {}
            Act::Endorse { target, capacity: Capacity::Local, .. } => {
                self.endorsed_locally(&state, entered, *target)?;
            }
            Act::Endorse { target, capacity: Capacity::Ratify, .. }
            | Act::Decline { target, outcome: DeclineOutcome::Objected } => {
                self.answered(&state, entered, *target)?;
            }
            Act::Endorse { target, .. } => self.endorsed(&state, entered, *target)?,
            Act::Decline { target, .. } => self.declined(&state, entered, *target)?,
            Act::Withdraw { target } => self.withdrawn(&state, entered, *target)?,
            Act::Sign { .. } => self.signed(&state, entered)?,
            _ => self.stated(&state, entered)?,
        }
        self.settle(&state, entered)
    }

    fn state_at(&self, position: Position) -> Result<CharterState, String> {
        let charter = self.oracle.charter.as_ref().ok_or("there is no charter")?;
        charter.line().check(position).map_err(|refusal| refusal.to_string())?;
        Ok((*charter.line().state_at(Some(position))).clone())
    }

    fn endorsed(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        target: StatementId,
    ) -> Result<(), String> {
        let me = living(state, entered)?;
        let (held, behind) = self.open_one(target)?;
        // A chain may name its author's own role; and whoever has signed agrees to an amendment of
        // theirs where it did not build on everything.
        let document = held.entry.document;
        let mut parts = held.statement.header.parts.iter();
        let may_be_own = matches!(held.statement.header.act, Act::Ask { .. })
            || parts.any(|part| self.agreements.are_locked(document, &part.section));
        let overrides =
            matches!(entered.statement.header.act, Act::Endorse { capacity: Capacity::Override, .. });
        if behind.first() == Some(&me.person) && !may_be_own && !overrides {
            return Err("its author approved it".to_owned());
        }
        if overrides && !self.may_go_beyond(state, held, &me) {
            return Err(format!("{:?} of {} went beyond a band", me.roles, me.party));
        }
        if !overrides && !self.may_decide(state, held, &me) {
            return Err(format!("{:?} of {} does not decide it", me.roles, me.party));
        }
        if let Some((_, behind)) = self.behind.get_mut(&target) {
            behind.push(me.person);
        }
        Ok(())
    }

    /// Both clocks say that the team is closed that somebody replaces by a role of theirs.
    fn endorsed_locally(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        target: StatementId,
    ) -> Result<(), String> {
        let me = living(state, entered)?;
        let (held, _) = self.open_one(target)?;
        let locals = self.locals_on(state, held)?;
        let is_closed = |local: &BoundLocal, at_ms: u64| {
            let calendar = state.contents.parties.get(&local.party).and_then(|row| row.calendar.as_ref());
            calendar.is_some_and(|calendar| matches!(calendar.state(at_ms), State::Closed { .. }))
        };
        let (received_ms, signed_ms) = (entered.entry.time_ms, entered.statement.header.clock_ms);
        let holds = locals.iter().any(|local| {
            local.role.iter().any(|role| role.is_held_by(&me))
                && is_closed(local, received_ms)
                && is_closed(local, signed_ms)
        });
        if !holds || received_ms.abs_diff(signed_ms) > 600_000 {
            return Err(format!(
                "{:?} of {} approves it instead of nobody who is closed",
                me.roles, me.party
            ));
        }
        self.local.insert(target, (held, me.person));
        if let Some((_, behind)) = self.behind.get_mut(&target) {
            behind.push(me.person);
        }
        Ok(())
    }

    /// Whoever was replaced answers, and nobody answers their own approval.
    fn answered(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        target: StatementId,
    ) -> Result<(), String> {
        let me = living(state, entered)?;
        let Some((held, by)) = self.local.remove(&target) else {
            return Err("what it answers was not approved locally".to_owned());
        };
        let locals = self.locals_on(state, held)?;
        let replaced = locals.iter().any(|local| local.instead_of.iter().any(|role| role.is_held_by(&me)));
        match replaced && by != me.person {
            true => Ok(()),
            false => Err(format!("{:?} of {} was not replaced", me.roles, me.party)),
        }
    }

    fn locals_on(&self, state: &CharterState, held: &Entered) -> Result<Vec<BoundLocal>, String> {
        let kind = self.kind(held)?;
        let parts = held.statement.header.parts.iter();
        let rights = parts.map(|part| state.contents.rules.resolve(kind, &part.section, state.teams()));
        Ok(rights.flat_map(|rights| rights.locals().to_vec()).collect())
    }

    fn declined(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        target: StatementId,
    ) -> Result<(), String> {
        let me = living(state, entered)?;
        let (held, behind) = self.open_one(target)?;
        if behind.first() == Some(&me.person) {
            return Err("its author declined it".to_owned());
        }
        match self.may_decide(state, held, &me) {
            true => Ok(()),
            false => Err(format!("{:?} of {} does not decide it", me.roles, me.party)),
        }
    }

    fn withdrawn(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        target: StatementId,
    ) -> Result<(), String> {
        let me = living(state, entered)?;
        let (_, behind) = self.open_one(target)?;
        match behind.first() == Some(&me.person) {
            true => Ok(()),
            false => Err("somebody else took it back".to_owned()),
        }
    }

    fn signed(&mut self, state: &CharterState, entered: &Entered) -> Result<(), String> {
        let me = living(state, entered)?;
        let kind = self.kind(entered)?.clone();
        if kind != KindId::new(CHARTER) {
            return self.agreements.sign(state, &kind, entered, &me);
        }
        if !me.is_lead() {
            return Err("no lead signed".to_owned());
        }
        match entered.signs_what_stands {
            true => Ok(()),
            false => Err("what was signed did not stand there".to_owned()),
        }
    }

    /// An edit, a document, an invitation or a revocation.
    fn stated(&mut self, state: &CharterState, entered: &'a Entered) -> Result<(), String> {
        let author = author(state, entered);
        let waits = entered.entry.verdict.is_held();
        let Some(author) = author else {
            // The recovery key of a team is nobody's; it invites.
            let device = entered.statement.header.device;
            let is_recovery = state.members.recovery.values().any(|key| *key == device);
            return if is_recovery && !waits { Ok(()) } else { Err("nobody's device".to_owned()) };
        };
        if waits {
            self.behind.insert(entered.statement.id, (entered, vec![author.person]));
            self.open.insert(entered.statement.id);
            return self.could_suggest(state, entered, &author);
        }
        let Some(me) = author.live else { return Err("a revoked device".to_owned()) };
        self.may_alone(state, entered, &me)
    }

    /// Whoever suggests something may do so now, or could when they wrote it.
    fn could_suggest(&self, state: &CharterState, entered: &Entered, author: &Author) -> Result<(), String> {
        let seen = entered.statement.header.seen.charter.ok_or("nothing of the charter was seen")?;
        let then = self.state_at(seen)?;
        let device = entered.statement.header.device;
        let could = |state: &CharterState, member: Option<Member>| {
            member.is_some_and(|member| self.may_suggest(state, entered, &member))
        };
        match could(state, author.live.clone()) || could(&then, then.member_of(&device)) {
            true => Ok(()),
            false => Err("its author could never suggest it".to_owned()),
        }
    }

    fn may_suggest(&self, state: &CharterState, entered: &Entered, member: &Member) -> bool {
        let header = &entered.statement.header;
        let mut parts = header.parts.iter();
        !matches!(header.act, Act::Edit { .. })
            || parts.all(|part| {
                let common = COMMON.contains(&part.section.as_str());
                common
                    || self.has(state, entered, &part.section, member, Right::Propose)
                    || self.has(state, entered, &part.section, member, Right::Edit)
                    || self.has(state, entered, &part.section, member, Right::Endorse)
            })
    }

    /// Tells whether a statement needs nobody but its author.
    fn may_alone(&self, state: &CharterState, entered: &Entered, me: &Member) -> Result<(), String> {
        let header = &entered.statement.header;
        match &header.act {
            Act::Edit { .. } => {
                for part in &header.parts {
                    self.may_edit_alone(state, entered, &part.section, me)?;
                }
                Ok(())
            }
            Act::Create { sections, .. } => {
                let can = |section| self.has(state, entered, section, me, Right::Edit);
                if sections.iter().any(can) {
                    Ok(())
                } else {
                    Err("its creator edits nothing of it".to_owned())
                }
            }
            Act::Invite { person, party, .. } => {
                let own = *person == me.person;
                let first = state.leads(party).is_empty();
                let leads = me.is_lead() && (me.party == *party || first);
                if own || leads { Ok(()) } else { Err("no lead of that team invited".to_owned()) }
            }
            Act::Revoke { target } => self.may_revoke_alone(state, target, me),
            act => Err(format!("{act:?} stands alone")),
        }
    }

    fn may_revoke_alone(
        &self,
        state: &CharterState,
        target: &RevokeTarget,
        me: &Member,
    ) -> Result<(), String> {
        let person = match target {
            RevokeTarget::Person { person } => Some(*person),
            RevokeTarget::Device { device, .. } => {
                state.members.devices.get(device).map(|found| found.person)
            }
            RevokeTarget::Invite { invite } => {
                state.members.invitations.get(invite).map(|found| found.person)
            }
        };
        let party = person.and_then(|person| state.contents.people.get(&person)).map(|row| &row.party);
        let own = person == Some(me.person) || matches!(target, RevokeTarget::Invite { .. });
        match own || (me.is_lead() && party == Some(&me.party)) {
            true => Ok(()),
            false => Err("no lead of that team revoked".to_owned()),
        }
    }

    fn may_edit_alone(
        &self,
        state: &CharterState,
        entered: &Entered,
        section: &SectionId,
        me: &Member,
    ) -> Result<(), String> {
        let kind = self.kind(entered)?;
        if kind.as_str() == CHARTER && COMMON.contains(&section.as_str()) {
            let others = state.amending_parties().into_iter().any(|party| party != me.party);
            return match me.is_lead() && !others {
                true => Ok(()),
                false => Err(format!("{section} was changed without the other teams")),
            };
        }
        let held = self.rules_on(state, kind, section).any(|rule| rule.hold == Some(Hold::Edits));
        let right = if held { Right::Endorse } else { Right::Edit };
        if !self.has(state, entered, section, me, right) {
            return Err(format!("{:?} of {} has no right to change {section} alone", me.roles, me.party));
        }
        match kind.as_str() == CHARTER || state.binds(&me.party) || speaks_of(state, section, me) {
            true => Ok(()),
            false => Err(format!("{section} was changed by a team that has not signed the rules")),
        }
    }

    /// Tells whether a member is among those who decide a suggestion.
    /// Tells whether a band in what it changes names `me`.
    fn may_go_beyond(&self, state: &CharterState, held: &Entered, me: &Member) -> bool {
        let Ok(kind) = self.kind(held) else { return false };
        held.statement.header.parts.iter().any(|part| {
            let rights = state.contents.rules.resolve(kind, &part.section, state.teams());
            let mut bands = rights.bands().iter();
            bands.any(|band| band.overrides.iter().any(|role| role.is_held_by(me)))
        })
    }

    fn may_decide(&self, state: &CharterState, held: &Entered, me: &Member) -> bool {
        let mut parts = held.statement.header.parts.iter();
        // A lead decides where no rule names anybody, and on a team's people and members.
        me.is_lead()
            || parts.any(|part| {
                self.has(state, held, &part.section, me, Right::Endorse)
                    || self.has(state, held, &part.section, me, Right::Edit)
            })
    }

    fn has(
        &self,
        state: &CharterState,
        entered: &Entered,
        section: &SectionId,
        me: &Member,
        right: Right,
    ) -> bool {
        let Ok(kind) = self.kind(entered) else { return false };
        let rights = state.contents.rules.resolve(kind, section, state.teams());
        rights.who_can(right).iter().any(|(_, role)| role.is_held_by(me))
    }

    fn rules_on<'s>(
        &self,
        state: &'s CharterState,
        kind: &'s KindId,
        section: &'s SectionId,
    ) -> impl Iterator<Item = &'s Rule> {
        let rights = state.contents.rules.resolve(kind, section, state.teams());
        let named: BTreeSet<RuleId> = Right::ALL
            .iter()
            .flat_map(|right| rights.who_can(*right))
            .map(|(rule, _)| rule.clone())
            .collect();
        state.contents.rules.iter().filter(move |rule| named.contains(&rule.id))
    }

    fn kind(&self, entered: &Entered) -> Result<&KindId, String> {
        self.kinds.get(&entered.entry.document).ok_or_else(|| "a document without a kind".to_owned())
    }

    fn open_one(&self, target: StatementId) -> Result<(&'a Entered, &Vec<PersonId>), String> {
        let found = self.behind.get(&target).filter(|_| self.open.contains(&target));
        found.map(|(held, behind)| (*held, behind)).ok_or_else(|| "what it is about does not wait".to_owned())
    }

    /// Follows what came into effect and what was closed.
    fn settle(&mut self, state: &CharterState, entered: &Entered) -> Result<(), String> {
        let own = entered.statement.id;
        for id in entered.effective.iter().filter(|id| **id != own) {
            if !self.open.remove(id) {
                return Err(format!("{} came into effect and did not wait", id.short()));
            }
            self.agreed(state, *id)?;
        }
        if entered.effective.contains(&own) {
            let author = author(state, entered).map(|author| author.person);
            self.changed(state, entered, &author.into_iter().collect::<Vec<_>>())?;
        }
        let is_closing = matches!(entered.statement.header.act, Act::Decline { .. } | Act::Withdraw { .. });
        for id in &entered.closed {
            if !is_closing || !self.open.remove(id) {
                return Err(format!("{} was closed and did not wait", id.short()));
            }
        }
        // What builds on a suggestion that was closed does not go on waiting.
        if let Some(id) = self.open.iter().find(|id| self.bases(id).iter().any(|base| self.is_closed(base))) {
            return Err(format!("{} waits and builds on what was closed", id.short()));
        }
        match self.bases(&own).iter().any(|base| self.open.contains(base)) && !entered.entry.verdict.is_held()
        {
            true => Err("it is in effect and builds on what waits".to_owned()),
            false => Ok(()),
        }
    }

    /// Follows a change of content behind which these people stand.
    fn changed(
        &mut self,
        state: &CharterState,
        entered: &Entered,
        people: &[PersonId],
    ) -> Result<(), String> {
        let header = &entered.statement.header;
        if !matches!(header.act, Act::Edit { .. }) || *self.kind(entered)? == KindId::new(CHARTER) {
            return Ok(());
        }
        let people: Vec<_> = people.iter().filter_map(|person| state.member(person)).collect();
        let sections = header.parts.iter().map(|part| &part.section);
        self.agreements.change(entered.entry.document, sections, &people)
    }

    /// Somebody else who may decide stands behind what came into effect; of the ground rules all teams.
    fn agreed(&mut self, state: &CharterState, id: StatementId) -> Result<(), String> {
        let Some((held, behind)) = self.behind.get(&id).cloned() else { return Ok(()) };
        if let Some(base) = self.bases(&id).iter().find(|base| self.open.contains(base)) {
            return Err(format!(
                "{} came into effect before {}, on which it builds",
                id.short(),
                base.short()
            ));
        }
        let common = held.statement.header.parts.iter().any(|part| COMMON.contains(&part.section.as_str()));
        if *self.kind(held)? == KindId::new(CHARTER) && common {
            let leads = behind.iter().filter_map(|person| state.member(person)).filter(Member::is_lead);
            let agreed: BTreeSet<PartyId> = leads.map(|member| member.party).collect();
            let missing: Vec<_> =
                state.amending_parties().into_iter().filter(|party| !agreed.contains(party)).collect();
            return if missing.is_empty() { Ok(()) } else { Err(format!("nobody of {missing:?} agreed")) };
        }
        let people: Vec<_> = behind[1..].iter().filter_map(|person| state.member(person)).collect();
        every_stage(
            state,
            self.kind(held)?,
            &held.statement.header.act,
            &people,
            self.local.contains_key(&id),
        )?;
        self.changed(state, held, &behind)
    }

    fn bases(&self, id: &StatementId) -> Vec<StatementId> {
        match self.behind.get(id).map(|(held, _)| &held.statement.header.act) {
            Some(Act::Edit { after, .. }) => after.clone(),
            _ => Vec::new(),
        }
    }

    fn is_closed(&self, id: &StatementId) -> bool {
        let documents = self.oracle.documents.values().map(|replayed| &replayed.document);
        let closed = |document: &entente_shared::document::Document| {
            !document.is_effective(id) && document.closures().contains_key(id)
        };
        // Only what waited and waits no more, at this place of the ledger.
        !self.open.contains(id) && self.behind.contains_key(id) && documents.into_iter().any(closed)
    }
}

/// Who signed, with their roles if they can act.
fn author(state: &CharterState, entered: &Entered) -> Option<Author> {
    let device = state.members.devices.get(&entered.statement.header.device)?;
    let is_revoked = device.revoked.is_some() || state.members.revoked_people.contains_key(&device.person);
    let row = state.contents.people.get(&device.person).filter(|_| !is_revoked);
    let live =
        row.map(|row| Member { person: device.person, party: row.party.clone(), roles: row.roles.clone() });
    Some(Author { person: device.person, live })
}

fn living(state: &CharterState, entered: &Entered) -> Result<Member, String> {
    author(state, entered)
        .and_then(|author| author.live)
        .ok_or_else(|| "nobody who is there did it".to_owned())
}

fn speaks_of(state: &CharterState, section: &SectionId, me: &Member) -> bool {
    match section.split() {
        ("party", Some(party)) => party == me.party.as_str(),
        ("market", Some(market)) => {
            let mut teams = state.teams().iter();
            teams.any(|team| team.party == me.party && team.market.as_str() == market)
        }
        _ => false,
    }
}
