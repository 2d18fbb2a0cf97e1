//! What rules say beyond rights, since rules version 2: who signs a section, and whose approval a
//! version of it asks for.

use serde::{Deserialize, Serialize};

use super::{Bindings, BoundRole, RolePattern, RuleError, Team};
use crate::calendar::Calendar;
use crate::ids::RuleId;

/// Most stages of one chain.
const STAGES_MAX: usize = 8;
/// Most rounds that a stage may be given.
const ROUNDS_MAX: u32 = 99;
/// Longest time that a rule may name, in its own unit.
const TIME_MAX: u32 = 3650;

/// `sign`: who signs a section, and what that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// One signature for each: `moscow/lead`, `{party}/lead`; `*/lead` is one of every team.
    pub all_of: Vec<RolePattern>,
    /// Whether the section is locked once all have signed.
    pub locks: bool,
    /// After how many days of 24 hours the signatures lapse, if they do.
    pub expires_days: Option<u32>,
}

/// `chain`: whose approval a version asks for, one stage after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The stages, in their order.
    pub stages: Vec<Stage>,
    /// Who decides a stage whose rounds are used up, if the rule names somebody.
    pub over_budget: Option<RolePattern>,
}

/// One stage of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Who decides.
    pub role: RolePattern,
    /// How many rounds are planned; any number if absent.
    pub rounds: Option<u32>,
    /// How soon an answer is due.
    pub answer_within: Option<Within>,
}

/// A stretch of time in the hours of whoever answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Until the end of work on that many working days after.
    WorkingDays(u32),
    /// That much working time.
    WorkingHours(u32),
    /// That many hours by the clock.
    Hours(u32),
}

impl Chain {
    /// Every role that the chain names.
    pub fn roles(&self) -> impl Iterator<Item = &RolePattern> {
        self.stages.iter().map(|stage| &stage.role).chain(&self.over_budget)
    }
}

impl Within {
    /// When an answer is due that was asked for at `from_ms` (milliseconds since 1970), in the
    /// hours of `calendar`; `None` if that reaches beyond its table.
    pub fn due_ms(self, calendar: Option<&Calendar>, from_ms: u64) -> Option<u64> {
        const HOUR_MS: u64 = 3_600_000;
        match self {
            Self::WorkingDays(days) => calendar?.add_working_days(from_ms, days),
            Self::WorkingHours(hours) => calendar?.add_working_ms(from_ms, u64::from(hours) * HOUR_MS),
            Self::Hours(hours) => Some(from_ms + u64::from(hours) * HOUR_MS),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        let count = count.parse().ok().filter(|count| (1..=TIME_MAX).contains(count))?;
        let within = match unit.strip_suffix('s').unwrap_or(unit) {
            "working day" => Self::WorkingDays(count),
            "working hour" => Self::WorkingHours(count),
            "hour" => Self::Hours(count),
            _ => return None,
        };
        (within.to_string() == text).then_some(within)
    }
}

impl std::fmt::Display for Within {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (count, unit) = match *self {
            Self::WorkingDays(count) => (count, "working day"),
            Self::WorkingHours(count) => (count, "working hour"),
            Self::Hours(count) => (count, "hour"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// [`Signing`] on one section, with everybody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundSigning {
    /// The rule that says so.
    pub rule: RuleId,
    /// One signature for each, in order and without duplicates.
    pub all_of: Vec<BoundRole>,
    /// Whether the section is locked once all have signed.
    pub locks: bool,
    /// After how many milliseconds the signatures lapse, if they do.
    pub expires_ms: Option<u64>,
}

/// [`Chain`] on one section, with everybody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundChain {
    /// The rule that says so.
    pub rule: RuleId,
    /// The stages, in their order.
    pub stages: Vec<BoundStage>,
    /// Who decides a stage whose rounds are used up; empty if the rule names nobody.
    pub over_budget: Vec<BoundRole>,
}

/// [`Stage`] on one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundStage {
    /// One holder of any of these decides.
    pub who: Vec<BoundRole>,
    /// How many rounds are planned; any number if absent.
    pub rounds: Option<u32>,
    /// How soon an answer is due.
    pub answer_within: Option<Within>,
}

impl Signing {
    pub(super) fn bind(&self, rule: &RuleId, bindings: &Bindings<'_>, teams: &[Team]) -> BoundSigning {
        let mut all_of = Vec::new();
        for pattern in &self.all_of {
            match pattern {
                RolePattern::Bare(role) | RolePattern::AnyParty(role) => {
                    all_of
                        .extend(teams.iter().map(|team| BoundRole::Party(team.party.clone(), role.clone())));
                }
                named => BoundRole::bind(named, bindings, teams, &mut all_of),
            }
        }
        all_of.sort();
        all_of.dedup();
        let expires_ms = self.expires_days.map(|days| u64::from(days) * 24 * 3_600_000);
        BoundSigning { rule: rule.clone(), all_of, locks: self.locks, expires_ms }
    }
}

impl Chain {
    pub(super) fn bind(&self, rule: &RuleId, bindings: &Bindings<'_>, teams: &[Team]) -> BoundChain {
        let bind = |pattern: &RolePattern| {
            let mut who = Vec::new();
            BoundRole::bind(pattern, bindings, teams, &mut who);
            who
        };
        let stage = |stage: &Stage| BoundStage {
            who: bind(&stage.role),
            rounds: stage.rounds,
            answer_within: stage.answer_within,
        };
        BoundChain {
            rule: rule.clone(),
            stages: self.stages.iter().map(stage).collect(),
            over_budget: self.over_budget.as_ref().map(bind).unwrap_or_default(),
        }
    }
}

/// `sign` as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignForm {
    all_of: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    locks: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

/// `chain` as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChainForm {
    of: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over_budget: Option<String>,
    stages: Vec<StageForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageForm {
    role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rounds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer_within: Option<String>,
}

/// How `over_budget` begins: that both teams are told goes without saying elsewhere.
const TELL_BOTH: &str = "tell both, then ";
const VERSION: &str = "version";

impl TryFrom<SignForm> for Signing {
    type Error = RuleError;

    fn try_from(form: SignForm) -> Result<Self, RuleError> {
        if form.all_of.is_empty() {
            return Err(RuleError::Contradiction("`sign` needs `all_of`: who signs"));
        }
        let role = |text: &String| match RolePattern::parse(text)? {
            RolePattern::Bare(_) => {
                Err(RuleError::pattern(text, "say whose signature: moscow/lead, {party}/lead, or */lead"))
            }
            role => Ok(role),
        };
        let all_of = form.all_of.iter().map(role).collect::<Result<Vec<_>, _>>()?;
        super::form::distinct("all_of", form.all_of.iter().cloned())?;
        let expires_days = form.expires.as_deref().map(days).transpose()?;
        Ok(Self { all_of, locks: form.locks, expires_days })
    }
}

impl From<&Signing> for SignForm {
    fn from(sign: &Signing) -> Self {
        let expires = |days: u32| format!("{days} day{}", if days == 1 { "" } else { "s" });
        Self {
            all_of: sign.all_of.iter().map(RolePattern::to_string).collect(),
            locks: sign.locks,
            expires: sign.expires_days.map(expires),
        }
    }
}

fn days(text: &str) -> Result<u32, RuleError> {
    let count = text.strip_suffix(" days").or_else(|| text.strip_suffix(" day"));
    let count =
        count.and_then(|count| count.parse::<u32>().ok()).filter(|count| (1..=TIME_MAX).contains(count));
    count.ok_or_else(|| RuleError::pattern(text, "expected for example \"90 days\""))
}

impl TryFrom<ChainForm> for Chain {
    type Error = RuleError;

    fn try_from(form: ChainForm) -> Result<Self, RuleError> {
        if form.of != VERSION {
            return Err(RuleError::pattern(&form.of, "a chain is of \"version\""));
        }
        if form.stages.is_empty() || form.stages.len() > STAGES_MAX {
            return Err(RuleError::Contradiction("`chain` has 1 to 8 `stages`"));
        }
        let over_budget = form.over_budget.as_deref().map(escalation).transpose()?;
        let stages = form.stages.into_iter().map(Stage::try_from).collect::<Result<_, _>>()?;
        Ok(Self { stages, over_budget })
    }
}

fn escalation(text: &str) -> Result<RolePattern, RuleError> {
    let role = text.strip_prefix(TELL_BOTH);
    let role = role
        .ok_or_else(|| RuleError::pattern(text, "expected for example \"tell both, then moscow/director\""));
    RolePattern::parse(role?)
}

impl TryFrom<StageForm> for Stage {
    type Error = RuleError;

    fn try_from(form: StageForm) -> Result<Self, RuleError> {
        if form.rounds.is_some_and(|rounds| !(1..=ROUNDS_MAX).contains(&rounds)) {
            return Err(RuleError::Contradiction("a stage has 1 to 99 `rounds`"));
        }
        let within = |text: &String| {
            let why = "expected for example \"2 working days\", \"4 working hours\" or \"12 hours\"";
            Within::parse(text).ok_or_else(|| RuleError::pattern(text, why))
        };
        let answer_within = form.answer_within.as_ref().map(within).transpose()?;
        Ok(Self { role: RolePattern::parse(&form.role)?, rounds: form.rounds, answer_within })
    }
}

impl From<&Chain> for ChainForm {
    fn from(chain: &Chain) -> Self {
        let stage = |stage: &Stage| StageForm {
            role: stage.role.to_string(),
            rounds: stage.rounds,
            answer_within: stage.answer_within.map(|within| within.to_string()),
        };
        Self {
            of: VERSION.to_owned(),
            over_budget: chain.over_budget.as_ref().map(|role| format!("{TELL_BOTH}{role}")),
            stages: chain.stages.iter().map(stage).collect(),
        }
    }
}
