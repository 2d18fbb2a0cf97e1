//! Local authority (rules version 3): who may approve a version instead of a party that is closed,
//! within which limits, and who ratifies that.

use serde::{Deserialize, Serialize};

use super::{Bindings, BoundRole, RolePattern, RuleError, Team, Within};
use crate::ids::{PartyId, RuleId};

/// Most uses a week that a rule may give.
const USES_MAX: u32 = 99;
const HOUR_MS: u64 = 3_600_000;

/// `local`: what a local role may approve while the party that decides is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Who may approve.
    pub role: RolePattern,
    /// Instead of whom: a role of one party, whose calendar counts.
    pub instead_of: (PartyId, RolePattern),
    /// How soon it must be due, in hours by the clock.
    pub due_within_hours: u32,
    /// For how many working hours of the replaced party the due time must have stood in the record.
    pub due_known_hours: u32,
    /// How often in seven days.
    pub uses: u32,
    /// Who is told at once.
    pub tell: Vec<RolePattern>,
    /// How soon it is to be ratified, in the hours of the replaced party.
    pub ratify_within: Within,
}

impl Local {
    /// Every role that the rule names.
    pub fn roles(&self) -> impl Iterator<Item = &RolePattern> {
        [&self.role, &self.instead_of.1].into_iter().chain(&self.tell)
    }

    pub(super) fn bind(&self, rule: &RuleId, bindings: &Bindings<'_>, teams: &[Team]) -> BoundLocal {
        let bind = |patterns: &[RolePattern]| {
            let mut roles = Vec::new();
            patterns.iter().for_each(|pattern| BoundRole::bind(pattern, bindings, teams, &mut roles));
            roles
        };
        BoundLocal {
            rule: rule.clone(),
            role: bind(std::slice::from_ref(&self.role)),
            instead_of: bind(std::slice::from_ref(&self.instead_of.1)),
            party: self.instead_of.0.clone(),
            due_within_ms: u64::from(self.due_within_hours) * HOUR_MS,
            due_known_ms: u64::from(self.due_known_hours) * HOUR_MS,
            uses: self.uses,
            tell: bind(&self.tell),
            ratify_within: self.ratify_within,
        }
    }
}

/// [`Local`] on one section, with everybody named. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundLocal {
    /// The rule that says so.
    pub rule: RuleId,
    /// Who may approve: one holder of any of these.
    pub role: Vec<BoundRole>,
    /// Instead of whom.
    pub instead_of: Vec<BoundRole>,
    /// The party that is replaced, and whose working time counts.
    pub party: PartyId,
    /// How soon it must be due.
    pub due_within_ms: u64,
    /// For how much working time of the party the due time must have stood in the record.
    pub due_known_ms: u64,
    /// How often in seven days.
    pub uses: u32,
    /// Who is told at once.
    pub tell: Vec<BoundRole>,
    /// How soon it is to be ratified, in the hours of the party.
    pub ratify_within: Within,
}

/// `local` as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocalForm {
    role: String,
    instead_of: String,
    when: String,
    due_within: String,
    due_known_for: String,
    uses: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tell: Vec<String>,
    ratify_within: String,
}

impl TryFrom<LocalForm> for Local {
    type Error = RuleError;

    fn try_from(form: LocalForm) -> Result<Self, RuleError> {
        let RolePattern::Party(party, role) = RolePattern::parse(&form.instead_of)? else {
            let why = "say a role of one team, such as moscow/lead: its hours count";
            return Err(RuleError::pattern(&form.instead_of, why));
        };
        if form.when != closed(&party) {
            let why = "expected for example \"moscow closed\", the team that `instead_of` names";
            return Err(RuleError::pattern(&form.when, why));
        }
        let due_within_hours = match Within::parse(&form.due_within) {
            Some(Within::Hours(hours)) => hours,
            _ => return Err(RuleError::pattern(&form.due_within, "expected for example \"12 hours\"")),
        };
        let known = form.due_known_for.strip_suffix(&format!(" of {party}")).and_then(Within::parse);
        let Some(Within::WorkingHours(due_known_hours)) = known else {
            let why = "expected for example \"2 working hours of moscow\", the team that `instead_of` names";
            return Err(RuleError::pattern(&form.due_known_for, why));
        };
        let uses = form.uses.strip_suffix(A_WEEK).and_then(|count| count.parse().ok());
        let uses = uses.filter(|uses| (1..=USES_MAX).contains(uses) && uses_text(*uses) == form.uses);
        let ratify = || RuleError::pattern(&form.ratify_within, "expected for example \"1 working day\"");
        super::form::distinct("tell", form.tell.iter().cloned())?;
        Ok(Self {
            role: RolePattern::parse(&form.role)?,
            due_within_hours,
            due_known_hours,
            uses: uses.ok_or_else(|| RuleError::pattern(&form.uses, "expected for example \"3 a week\""))?,
            tell: form.tell.iter().map(|text| RolePattern::parse(text)).collect::<Result<_, _>>()?,
            ratify_within: Within::parse(&form.ratify_within).ok_or_else(ratify)?,
            instead_of: (party.clone(), RolePattern::Party(party, role)),
        })
    }
}

impl From<&Local> for LocalForm {
    fn from(local: &Local) -> Self {
        let party = &local.instead_of.0;
        Self {
            role: local.role.to_string(),
            instead_of: local.instead_of.1.to_string(),
            when: closed(party),
            due_within: Within::Hours(local.due_within_hours).to_string(),
            due_known_for: format!("{} of {party}", Within::WorkingHours(local.due_known_hours)),
            uses: uses_text(local.uses),
            tell: local.tell.iter().map(RolePattern::to_string).collect(),
            ratify_within: local.ratify_within.to_string(),
        }
    }
}

const A_WEEK: &str = " a week";

fn uses_text(uses: u32) -> String {
    format!("{uses}{A_WEEK}")
}

fn closed(party: &PartyId) -> String {
    format!("{party} closed")
}
