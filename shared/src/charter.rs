//! The charter: who the parties, people and devices are, and by which rules they work.
//!
//! It is a document like others, with two differences. Invitations, enrolments and revocations are
//! statements folded here, never content: a concurrent replacement of a parent map would lose a
//! revocation with no visible conflict. And the judge looks at the merged result of an edit, which
//! must parse, must have no field with two values, and must leave every party able to go on.

mod content;
mod court;
mod members;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

pub use content::{Contents, Party, Person, VERSION};
pub use court::{COMMON, CharterCourt, TO_SIGN};
pub use members::{Device, Invitation, Members, Revocation};

use crate::codec;
use crate::document::{Candidate, Divergence, Document, Outcome, Preview, Told, check_entry};
use crate::ids::*;
use crate::judge::Refusal;
use crate::kinds;
use crate::ledger::{Position, RULES_VERSION};
use crate::mutants::Mutant;
use crate::rules::{Member, Rules, SectionRights, Team};
use crate::statement::{Act, Statement};

/// The role that looks after a party's people and signs for it.
pub const LEAD: &str = "lead";

/// What the charter says after one of its entries; it never changes, the next entry has the next.
#[derive(Debug, Clone)]
pub struct CharterState {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The relay that orders its ledgers.
    pub relay: RelayId,
    /// The rules version under which it works.
    pub rules_version: u32,
    /// The party that founded it.
    pub founding_party: PartyId,
    /// Parties, people, rules, roles and calendars: the effective content.
    pub contents: Contents,
    /// Devices, invitations and revocations.
    pub members: Members,
    /// The parties whose lead has signed both `rules` and `parties` as they are now.
    pub signed: BTreeSet<PartyId>,
    /// Whether a lead of each party has once signed: then rules hold for all that have signed.
    pub in_force: bool,
    teams: Vec<Team>,
    rights: RightsCache,
}

/// What the rules say about sections that were asked about; the same for as long as the state is.
#[derive(Default)]
struct RightsCache(Mutex<BTreeMap<(KindId, SectionId), Arc<SectionRights>>>);

/// Most sections of which a state remembers the rights.
const CACHED_RIGHTS_MAX: usize = 1024;

impl Clone for RightsCache {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for RightsCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RightsCache")
    }
}

/// On what ground a device may state anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// As a person.
    Member {
        /// Whose device it is.
        person: PersonId,
        /// False once the device or the person was revoked.
        live: bool,
    },
    /// As a party's recovery key, which can invite and nothing else.
    Recovery(PartyId),
}

/// How far the partnership has come in agreeing on its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Only the founding party is there; it sets things up.
    Founding,
    /// Others are there, and not every party has signed: each edits its own sections only.
    Proposed,
    /// The rules hold.
    InForce,
}

impl CharterState {
    /// The parties as the rules see them.
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.contents.rules
    }

    /// What `device` may state at all.
    ///
    /// # Errors
    ///
    /// The device is not enrolled, or was revoked as lost.
    pub fn standing(&self, device: &DeviceId) -> Result<Standing, Refusal> {
        if let Some(party) = self.members.recovery.iter().find(|(_, key)| *key == device) {
            return Ok(Standing::Recovery(party.0.clone()));
        }
        let found = self.members.devices.get(device).ok_or(Refusal::UnknownDevice)?;
        if found.revoked.as_ref().is_some_and(|revoked| revoked.lost) {
            return Err(Refusal::LostDevice);
        }
        let live = (found.revoked.is_none() && !self.members.revoked_people.contains_key(&found.person))
            || Mutant::RevokedDevice.is_on();
        Ok(Standing::Member { person: found.person, live })
    }

    /// A person with party and present roles; `None` if unknown or revoked.
    pub fn member(&self, person: &PersonId) -> Option<Member> {
        if self.members.revoked_people.contains_key(person) {
            return None;
        }
        let row = self.contents.people.get(person)?;
        Some(Member { person: *person, party: row.party.clone(), roles: row.roles.clone() })
    }

    /// The live person behind a device.
    pub fn member_of(&self, device: &DeviceId) -> Option<Member> {
        match self.standing(device).ok()? {
            Standing::Member { person, live: true } => self.member(&person),
            _ => None,
        }
    }

    /// Everybody who is there: people with at least one live device.
    pub fn present(&self) -> BTreeSet<PersonId> {
        let live = self.members.devices.values().filter(|device| device.revoked.is_none());
        live.map(|device| device.person)
            .filter(|person| !self.members.revoked_people.contains_key(person))
            .collect()
    }

    /// The parties with at least one person present.
    pub fn present_parties(&self) -> BTreeSet<PartyId> {
        let people = self.present();
        people
            .iter()
            .filter_map(|person| self.contents.people.get(person))
            .map(|row| row.party.clone())
            .collect()
    }

    /// How far the partnership has come.
    pub fn phase(&self) -> Phase {
        match () {
            () if self.in_force => Phase::InForce,
            () if self.present_parties().iter().all(|party| *party == self.founding_party) => Phase::Founding,
            () => Phase::Proposed,
        }
    }

    /// Tells whether the members of `party` work by the rules, rather than in their own sections only.
    pub fn binds(&self, party: &PartyId) -> bool {
        match self.phase() {
            Phase::Founding => true,
            Phase::Proposed => false,
            Phase::InForce => self.signed.contains(party),
        }
    }

    /// The parties whose leads must agree to a change of the rules: those that have signed once the
    /// rules are in force, before that all that are present.
    pub fn amending_parties(&self) -> BTreeSet<PartyId> {
        if self.in_force { self.signed.clone() } else { self.present_parties() }
    }

    /// The leads of `party` who are present.
    pub fn leads(&self, party: &PartyId) -> Vec<PersonId> {
        let present = self.present();
        let people = self.contents.people.iter();
        people
            .filter(|(id, row)| {
                row.party == *party && row.roles.contains(&LEAD.into()) && present.contains(id)
            })
            .map(|(id, _)| *id)
            .collect()
    }

    /// The people present who hold `role`.
    pub fn holders(&self, role: &crate::rules::BoundRole) -> Vec<PersonId> {
        let present = self.present();
        present
            .into_iter()
            .filter(|id| self.member(id).is_some_and(|member| role.is_held_by(&member)))
            .collect()
    }

    /// What the rules say about one section.
    pub fn rights(&self, kind: &KindId, section: &SectionId) -> Arc<SectionRights> {
        let resolve = || Arc::new(self.contents.rules.resolve(kind, section, &self.teams));
        let Ok(mut cache) = self.rights.0.lock() else { return resolve() };
        if cache.len() >= CACHED_RIGHTS_MAX {
            cache.clear();
        }
        Arc::clone(cache.entry((kind.clone(), section.clone())).or_insert_with(resolve))
    }

    /// Tells whether `member` may be sent the content of a section. The charter is read by all.
    pub fn may_read(&self, kind: &KindId, section: &SectionId, member: &Member) -> bool {
        kind.as_str() == kinds::CHARTER
            || self.rights(kind, section).may_read(member).is_some()
            || Mutant::ReadByAnybody.is_on()
    }

    /// Checks that a section's name speaks of a party or market of this partnership.
    ///
    /// # Errors
    ///
    /// It names one that does not exist.
    pub fn check_subject(&self, section: &SectionId) -> Result<(), Refusal> {
        let known = match section.split() {
            ("party" | "people" | "calendar", Some(party)) => {
                self.contents.parties.contains_key(&PartyId::new(party)) || self.contents.parties.is_empty()
            }
            ("market", Some(market)) => self.teams.iter().any(|team| team.market.as_str() == market),
            _ => true,
        };
        let detail = || format!("{section} speaks of a team or market that is not in the ground rules");
        if known { Ok(()) } else { Err(Refusal::Unknown { detail: detail() }) }
    }
}

impl Member {
    /// Tells whether this is a lead of their party.
    pub fn is_lead(&self) -> bool {
        self.roles.contains(&LEAD.into())
    }
}

/// The charter's states by position, for judging at any place of any ledger.
#[derive(Debug, Clone, Default)]
pub struct CharterLine {
    states: Vec<Arc<CharterState>>,
    hashes: Vec<EntryHash>,
    times_ms: Vec<u64>,
}

impl CharterLine {
    /// The newest state.
    ///
    /// # Panics
    ///
    /// If the charter has no entry; a partnership begins with one.
    pub fn now(&self) -> &Arc<CharterState> {
        self.states.last().expect("a charter begins with its founding")
    }

    /// The newest position.
    pub fn head(&self) -> Option<Position> {
        self.hashes.last().map(|hash| Position { seq: self.hashes.len() as u64 - 1, hash: *hash })
    }

    /// The state at a position that [`Self::check`] accepts; the newest if none is given.
    pub fn state_at(&self, position: Option<Position>) -> Arc<CharterState> {
        let at = position.and_then(|position| self.states.get(usize::try_from(position.seq).ok()?));
        Arc::clone(at.unwrap_or_else(|| self.now()))
    }

    /// Checks that a position is on this charter's chain.
    ///
    /// # Errors
    ///
    /// [`Refusal::Behind`] if it lies beyond the head, [`Refusal::Forked`] if another entry stands there.
    pub fn check(&self, position: Position) -> Result<(), Refusal> {
        match usize::try_from(position.seq).ok().and_then(|seq| self.hashes.get(seq)) {
            None => Err(Refusal::Behind { head: self.head() }),
            Some(hash) if *hash != position.hash => Err(Refusal::Forked { seq: position.seq }),
            Some(_) => Ok(()),
        }
    }

    /// Checks that an entry at `time_ms` cites the newest charter entry that is not younger.
    pub fn is_newest_at(&self, position: Position, time_ms: u64) -> bool {
        let Ok(seq) = usize::try_from(position.seq) else { return false };
        self.hashes.get(seq) == Some(&position.hash)
            && self.times_ms.get(seq).is_some_and(|time| *time < time_ms)
            && self.times_ms.get(seq + 1).is_none_or(|next| *next > time_ms)
    }

    fn push(&mut self, state: Arc<CharterState>, position: Position, time_ms: u64) {
        self.states.push(state);
        self.hashes.push(position.hash);
        self.times_ms.push(time_ms);
    }
}

/// The charter's document with its content and all its states.
#[derive(Clone)]
pub struct Charter {
    document: Document,
    court: CharterCourt,
    line: CharterLine,
}

impl Charter {
    /// Founds a partnership: enters its first statement.
    ///
    /// # Errors
    ///
    /// A refusal if the first rules, parties or people are not well formed.
    pub fn found(statement: &Statement, time_ms: u64) -> Result<(Self, Outcome), Refusal> {
        let Act::Found { rules_version, relay, party, person, .. } = &statement.header.act else {
            return Err(Refusal::Malformed { detail: "a partnership begins with its founding".into() });
        };
        if !(1..=RULES_VERSION).contains(rules_version) {
            return Err(Refusal::RulesVersion { version: *rules_version });
        }
        let court =
            CharterCourt::new(statement.partnership(), *relay, party.clone(), *person, *rules_version);
        let document = Document::begin(statement)?;
        // Until its first entry the charter has the state of an empty one.
        let mut line = CharterLine::default();
        line.states.push(Arc::new(court.state()));
        let mut charter = Self { document, court, line };
        let outcome = charter.append(statement, time_ms, None)?;
        charter.line.states.remove(0);
        Ok((charter, outcome))
    }

    /// Replays the first entry.
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn replay_found(statement: &Statement, told: Told<'_>) -> Result<(Self, Outcome), Divergence> {
        let entry = told.entry;
        let seq = entry.seq;
        check_entry(entry, statement, statement.partnership(), statement.header.document)?;
        if seq != 0 || entry.previous.is_some() {
            return Err(Divergence::NotNext { seq });
        }
        let (charter, outcome) = Self::found(statement, entry.time_ms)
            .map_err(|refusal| Divergence::Refused { seq, refusal: Box::new(refusal) })?;
        crate::document::compare(entry, &outcome.entry)?;
        Ok((charter, outcome))
    }

    /// Enters a statement; see [`Document::append`].
    ///
    /// # Errors
    ///
    /// A refusal; the charter is unchanged then.
    pub fn append<'a>(
        &mut self,
        candidate: impl Into<Candidate<'a>>,
        time_ms: u64,
        told: Option<Told<'_>>,
    ) -> Result<Outcome, Refusal> {
        let head = self.line.head();
        let outcome = self.document.append(&mut self.court, &self.line, head, candidate, time_ms, told)?;
        self.line.push(Arc::new(self.court.state()), outcome.position, time_ms);
        Ok(outcome)
    }

    /// Tells what [`Self::append`] would say, and changes nothing.
    ///
    /// # Errors
    ///
    /// A refusal.
    pub fn preview<'a>(&self, candidate: impl Into<Candidate<'a>>, time_ms: u64) -> Result<Preview, Refusal> {
        self.document.preview(&self.court, &self.line, self.line.head(), candidate, time_ms)
    }

    /// Replays an entry; see [`Document::replay`].
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn replay<'a>(
        &mut self,
        candidate: impl Into<Candidate<'a>>,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        if told.entry.charter != self.line.head() {
            return Err(Divergence::Time { seq: told.entry.seq });
        }
        let outcome = self.document.replay(&mut self.court, &self.line, candidate, told)?;
        self.line.push(Arc::new(self.court.state()), outcome.position, outcome.entry.time_ms);
        Ok(outcome)
    }

    /// The document of the charter.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The content of its sections.
    pub fn court(&self) -> &CharterCourt {
        &self.court
    }

    /// All its states.
    pub fn line(&self) -> &CharterLine {
        &self.line
    }

    /// The newest state.
    pub fn now(&self) -> &Arc<CharterState> {
        self.line.now()
    }
}

/// The bytes that the state digest of the charter covers beside its sections.
pub(crate) fn context_bytes(members: &Members, in_force: bool) -> Vec<u8> {
    codec::encode(&(members, in_force))
}
