//! One partnership that is open in this browser.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::joining;
use entente_client::links::{FoundingLink, JoinLink, RecoveryLink};
use entente_client::paper;
use entente_client::replica::{
    Effect, Founding, JoinPass, Kept, Now, OpenError, Profile, Replica, Stored as StoredLedgers, founding,
};
use entente_client::team::{NewTeam, TeamError, calendar_fields};
use entente_client::undo::Undo;
use entente_shared::crypto::Key;
use entente_shared::ids::{DocumentId, PartyId};
use entente_shared::ledger::Position;
use serde_json::{Value, json};

use crate::answer::{Answer, Both, Failed, Problem};
use crate::command::{Found, TeamWish};
use crate::memory::{Memory, Plan};

/// The engine: a replica with what only an interface needs.
pub struct Engine {
    pub(crate) words: Both,
    pub(crate) replica: Replica,
    pub(crate) memory: Memory,
    pub(crate) undo: Undo,
    /// Whole ledgers that the shell lent for the next call.
    pub(crate) lent: BTreeMap<DocumentId, Vec<Kept>>,
    /// What happened, for people.
    pub(crate) notices: Vec<(u64, Value)>,
    pub(crate) notices_made: u64,
    /// Why the relay is not asked any more.
    pub(crate) ended: Option<Problem>,
    /// The relay refused the founding or the joining.
    pub(crate) turned_away: Option<Problem>,
    /// Whom the recovery key lets in, once the ground rules are here.
    pub(crate) recovering: Option<String>,
    pub(crate) recovered: Option<Answer>,
    /// Effects of the memory, before those of the replica.
    pub(crate) effects: Vec<Effect>,
    /// The file that the last export made.
    pub(crate) exported: Option<Vec<u8>>,
    /// Who asked for entries: where the relay's copy ends.
    pub(crate) refills: BTreeMap<DocumentId, Option<Position>>,
}

/// An engine that was begun, and what the person is told once.
pub struct Started {
    /// The engine.
    pub engine: Engine,
    /// The recovery key and where it is used.
    pub answer: Value,
}

impl Engine {
    fn with(mut replica: Replica, memory: Memory) -> Self {
        replica.show_attested(true);
        Self {
            words: Both::new(),
            replica,
            memory,
            undo: Undo::default(),
            lent: BTreeMap::new(),
            notices: Vec::new(),
            notices_made: 0,
            ended: None,
            turned_away: None,
            recovering: None,
            recovered: None,
            effects: Vec::new(),
            exported: None,
            refills: BTreeMap::new(),
        }
    }

    /// Opens what is stored.
    ///
    /// # Errors
    ///
    /// There is nothing, or it is damaged.
    pub fn open(key: Key, mut stored: StoredLedgers, now_ms: u64) -> Result<Self, OpenError> {
        let memory = Memory::read(&mut stored.records);
        Ok(Self::with(Replica::open(key, stored, now_ms)?, memory))
    }

    /// Begins a partnership with the operator's link. The founding is signed and waits to be sent.
    ///
    /// # Errors
    ///
    /// The link is none, or something about the teams does not fit.
    pub fn found(now: &mut Now<'_>, wish: &Found) -> Result<Started, Failed> {
        let words = Both::new();
        let link = FoundingLink::parse(&wish.link)
            .ok_or_else(|| words.problem("usage", "found-link-malformed", args![]))?;
        let Some((first, others)) = wish.teams.split_first() else {
            return Err(words.problem("usage", "team-needed", args![]));
        };
        let team = team(&words, first, &[], now.ms)?;
        let mut taken = vec![team.id.clone()];
        for other in others {
            taken.push(self::team(&words, other, &taken, now.ms)?.id);
        }
        if wish.me.trim().is_empty() {
            return Err(words.problem("usage", "name-needed", args![]));
        }
        let calendar = team.calendar(now.ms).map_err(|error| team_failed(&words, &error))?;
        let (key, recovery) = (Key::from_secret(now.draw()), Key::from_secret(now.draw()));
        let founding_wish = Founding {
            title: wish.title.clone().unwrap_or_default(),
            addresses: vec![link.address.clone()],
            relay: link.relay,
            token: link.token.clone(),
            party: (team.id.clone(), team.row.clone()),
            calendar: calendar_fields(&calendar),
            person: wish.me.trim().to_owned(),
            device_label: device_label(wish.device.as_deref()),
            recovery: recovery.device(),
        };
        let (statement, profile) = founding(now, &key, &founding_wish).map_err(|error| {
            words.problem("refused", "refused-charter", args![problem = error.to_string()])
        })?;
        let partnership = profile.partnership;
        let mut engine = Self::with(Replica::new(key, profile, Some(statement)), Memory::default());
        engine.plan(Plan { teams: others.to_vec(), calendar: false });
        let party = team_label(&team);
        let link = RecoveryLink { address: link.address, partnership };
        let answer = json!({
            "profile": partnership.to_hex(),
            "recovery": recovery_key(&recovery, &link, party),
        });
        Ok(Started { engine, answer })
    }

    /// Opens an invitation's link. Nothing is used up: only joining does that.
    ///
    /// # Errors
    ///
    /// The link is none.
    pub fn invited(now: &mut Now<'_>, link: &str) -> Result<Self, Failed> {
        let words = Both::new();
        let link = JoinLink::parse(link).ok_or_else(|| words.problem("usage", "join-malformed", args![]))?;
        let pass = JoinPass::Invited { secret: link.key.secret() };
        let profile = Profile::by_link(link.partnership, link.address, Some(pass));
        let key = Key::from_secret(now.draw());
        Ok(Self::with(Replica::new(key, profile, None), Memory::default()))
    }

    /// Begins to let a person in again with the key from paper. This engine is never stored.
    ///
    /// # Errors
    ///
    /// The link or the key is none, or is mistyped.
    pub fn recovering(link: &str, key: &str, name: &str) -> Result<Self, Failed> {
        let words = Both::new();
        let link =
            RecoveryLink::parse(link).ok_or_else(|| words.problem("usage", "recover-malformed", args![]))?;
        let key =
            paper::from_paper(key).ok_or_else(|| words.problem("usage", "recover-key-mistyped", args![]))?;
        let profile = Profile::by_link(link.partnership, link.address, None);
        let mut engine = Self::with(Replica::new(key, profile, None), Memory::default());
        engine.recovering = Some(name.to_owned());
        Ok(engine)
    }

    /// The replica, for reading.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// Takes the effects that are due, in the order in which they are performed.
    pub fn take_effects(&mut self, now: &mut Now<'_>) -> Vec<Effect> {
        self.carry_on(now);
        let mut effects = std::mem::take(&mut self.effects);
        effects.extend(self.replica.take_effects());
        effects
    }

    fn plan(&mut self, plan: Plan) {
        self.effects.push(self.memory.plan(Some(plan)));
    }

    /// Does what was planned at the founding or joining, once the relay has let this device in.
    fn carry_on(&mut self, now: &mut Now<'_>) {
        if self.replica.profile().entry.is_some() || self.replica.me().is_err() {
            return;
        }
        let Some(plan) = self.memory.planned() else { return };
        // Whatever becomes of it: what cannot be done now cannot be done by itself later either.
        self.effects.push(self.memory.plan(None));
        for wish in &plan.teams {
            let Ok(state) = self.replica.state() else { return };
            let taken: Vec<PartyId> = state.contents.parties.keys().cloned().collect();
            if let Ok(team) = NewTeam::named(&wish.about(), &taken, now.ms) {
                let _ = self.replica.change_charter(now, vec![team.edit()], None);
            }
        }
        if plan.calendar
            && let Some(edit) = joining::calendar_due(&self.replica, now.ms)
        {
            let _ = self.replica.change_charter(now, vec![edit], None);
        }
        self.replica.flush(now);
    }

    /// Plans to write the team's calendar once this device is a member.
    pub(crate) fn plan_calendar(&mut self) {
        self.plan(Plan { teams: Vec::new(), calendar: true });
    }
}

/// Reads a team that somebody described.
pub(crate) fn team(words: &Both, wish: &TeamWish, taken: &[PartyId], now_ms: u64) -> Result<NewTeam, Failed> {
    NewTeam::named(&wish.about(), taken, now_ms).map_err(|error| team_failed(words, &error))
}

pub(crate) fn team_failed(words: &Both, error: &TeamError) -> Failed {
    match error {
        TeamError::Id => words.problem("usage", "team-needed", args![]),
        TeamError::ZoneMissing => words.problem("usage", "zone-needed", args![]),
        TeamError::Zone(error) => words.problem("usage", "unknown-zone", args![name = error.name.as_str()]),
        TeamError::Calendar(problem) => {
            words.problem("usage", "calendar-invalid", args![problem = problem.as_str()])
        }
    }
}

fn team_label(team: &NewTeam) -> Value {
    use entente_client::words::Lang;
    use entente_client::zones::city;
    json!({ "ru": city(&team.zone, Lang::Ru), "en": city(&team.zone, Lang::En) })
}

/// A recovery key as it is printed.
pub(crate) fn recovery_key(key: &Key, link: &RecoveryLink, party: Value) -> Value {
    json!({ "key": paper::to_paper(key), "link": link.to_string(), "party": party })
}

/// What a device is called: at most 64 letters.
pub(crate) fn device_label(given: Option<&str>) -> String {
    match given.map(str::trim).unwrap_or_default() {
        "" => "browser".to_owned(),
        name => name.chars().filter(|letter| !letter.is_control()).take(64).collect(),
    }
}
