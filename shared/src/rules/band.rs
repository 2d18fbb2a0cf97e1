//! `band`, since rules version 3: how far a value moves without asking.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Bindings, BoundRole, FieldPattern, RolePattern, RuleError, Team};
use crate::charter::LEAD;
use crate::ids::RuleId;
use crate::rules::Member;

/// Widest band, in hundredths of a percent: the double, and nothing.
const BASIS_POINTS_MAX: u32 = 10_000;
/// What every band is measured from.
const BASE: &str = "last signed or endorsed";

/// `band`: how far an amount of money may move from the one agreed on last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// How far, up and down, in hundredths of a percent.
    pub basis_points: u32,
    /// Who else may go beyond it on their own responsibility, with a reason. Who decides beyond it
    /// always may.
    pub overrides: Vec<RolePattern>,
}

/// [`Band`] on one field of one section, with everybody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundBand {
    /// The rule that says so.
    pub rule: RuleId,
    /// The keys that lead to the field.
    pub path: Vec<String>,
    /// How far, up and down, in hundredths of a percent.
    pub basis_points: u32,
    /// Who decides beyond it: one holder of any of these.
    pub endorse: Vec<BoundRole>,
    /// Who may go beyond it on their own responsibility, with a reason.
    pub overrides: Vec<BoundRole>,
}

impl BoundBand {
    /// The field's name as rules write it.
    pub fn field(&self) -> String {
        self.path.join("/")
    }

    /// Tells whether `member` decides beyond the band.
    pub fn is_decided_by(&self, member: &Member) -> bool {
        self.endorse.iter().any(|role| role.is_held_by(member))
    }
}

impl Band {
    pub(super) fn bind(
        &self,
        rule: &RuleId,
        path: Vec<String>,
        endorse: &[RolePattern],
        bindings: &Bindings<'_>,
        teams: &[Team],
    ) -> BoundBand {
        let bind = |patterns: &mut dyn Iterator<Item = &RolePattern>| {
            let mut bound = Vec::new();
            patterns.for_each(|pattern| BoundRole::bind(pattern, bindings, teams, &mut bound));
            bound.sort();
            bound.dedup();
            if bound.is_empty() {
                // Nothing waits for ever.
                bound.push(BoundRole::AnyParty(LEAD.into()));
            }
            bound
        };
        BoundBand {
            rule: rule.clone(),
            path,
            basis_points: self.basis_points,
            endorse: bind(&mut endorse.iter()),
            overrides: bind(&mut endorse.iter().chain(&self.overrides)),
        }
    }

    /// Checks the fields that a rule with a band is about.
    pub(super) fn check_field(field: Option<&FieldPattern>) -> Result<(), RuleError> {
        let named = field.and_then(FieldPattern::exact);
        let why = "`band` is for one field of money: name it, such as terms:offer/{market}#rate, without *";
        named.map(drop).ok_or(RuleError::Contradiction(why))
    }
}

/// `band` as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandForm {
    percent: Value,
    base: String,
    #[serde(default, rename = "override", skip_serializing_if = "Vec::is_empty")]
    overrides: Vec<String>,
}

impl TryFrom<BandForm> for Band {
    type Error = RuleError;

    fn try_from(form: BandForm) -> Result<Self, RuleError> {
        if form.base != BASE {
            return Err(RuleError::pattern(
                &form.base,
                "a band is measured from \"last signed or endorsed\"",
            ));
        }
        let text = form.percent.as_str().map_or_else(|| form.percent.to_string(), str::to_owned);
        let basis_points = basis_points(&text).ok_or_else(|| {
            RuleError::pattern(&text, "`percent` is 15, or \"7.5\" in quotes: above 0, at most 100")
        })?;
        super::form::distinct("override", form.overrides.iter().cloned())?;
        let overrides =
            form.overrides.iter().map(|text| RolePattern::parse(text)).collect::<Result<_, _>>()?;
        Ok(Self { basis_points, overrides })
    }
}

impl From<&Band> for BandForm {
    fn from(band: &Band) -> Self {
        let text = percent(band.basis_points);
        Self {
            percent: text.parse::<u32>().map_or(Value::String(text), Value::from),
            base: BASE.to_owned(),
            overrides: band.overrides.iter().map(RolePattern::to_string).collect(),
        }
    }
}

/// Hundredths of a percent as a percentage: `15`, `7.5`, `0.25`.
pub fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:02}").trim_end_matches('0').to_owned(),
    }
}

/// Reads a percentage with at most two digits behind the point.
fn basis_points(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 3) || !digits(rest, 2) {
        return None;
    }
    let rest = format!("{rest:0<2}").parse::<u32>().ok()?;
    let basis_points = whole.parse::<u32>().ok()? * 100 + rest;
    (1..=BASIS_POINTS_MAX).contains(&basis_points).then_some(basis_points)
}
